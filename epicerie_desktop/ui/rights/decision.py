"""What is decided: granted, refused or adjourned; why, on what conditions, and what help is given the same day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from epicerie_desktop.domain.decisions import HELP_TODAY, Answer, Maker, ReasonCode, differs, reason_given
from epicerie_desktop.domain.eligibility.outcome import Outcome
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, SectionTitle, column, label, row
from epicerie_desktop.ui.households.parts import EnterGoesOn, Labelled
from epicerie_desktop.ui.rights.right_terms import RightTerms
from epicerie_desktop.ui.rights.texts import TextArea

_KEYS = {Answer.GRANTED: "F4", Answer.REFUSED: "F5", Answer.ADJOURNED: "F6"}


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision as filled in, before it is tied to a household and a statement."""

    answer: Answer
    right: RightForm | None
    reason_code: ReasonCode | None
    reason: str
    conditions: str
    same_day_help: str
    exception_by: str


class SameDayHelp(QWidget):
    """The help given the same day: usual ones to tick, and a few words."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = [QCheckBox(_(text)) for text in HELP_TODAY]
        self.words = TextArea(_("Autre aide, ou précisions (lieu, heure, personne)"))
        title = _("Aide proposée pour le jour même")
        self.setAccessibleName(title)
        self.setLayout(column(label(title, "label"), *self.boxes, self.words, spacing=6))
        for box in self.boxes:
            box.toggled.connect(self._on_changed)
        self.words.changed.connect(self._on_changed)

    @property
    def text(self) -> str:
        """Return the helps ticked and the words, as sentences that follow each other."""
        return " ".join(
            [*(_(t) for t, b in zip(HELP_TODAY, self.boxes, strict=True) if b.isChecked()), self.words.text]
        ).strip()

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        return (*self.boxes, self.words.edit)

    def refuse(self, sentence: str) -> QWidget:
        """Tell beneath that none is given, and return where to begin; it goes once there is one."""
        self.words.refuse(sentence)
        theme.set_role(self.boxes[0], "wrong", True)
        return self.boxes[0]

    @Slot()
    def _on_changed(self) -> None:
        if self.text and self.boxes[0].property("wrong"):
            theme.set_role(self.boxes[0], "wrong", False)
            self.words.check()
        self.changed.emit()

    def clear(self) -> None:
        """Empty everything."""
        theme.set_role(self.boxes[0], "wrong", False)
        for box in self.boxes:
            box.setChecked(False)
        self.words.clear()


class DecisionCard(Card):
    """The decision under way; `answered` when another answer is chosen, `rows_changed` when Tab stops elsewhere."""

    rows_changed = Signal()
    answered = Signal()
    start_changed = Signal()
    changed = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.answer = Answer.GRANTED
        self._advice: OutcomeKind | None = None
        self._given: ReasonCode | None = None
        self._reason_chosen = self._filling = False
        self.terms = RightTerms(today)
        self.buttons = {a: ActionButton(called(a), key, kind="quiet") for a, key in _KEYS.items()}
        self.reason_code = QComboBox()
        self.reason_code.addItem(_("à choisir"), None)
        for code in ReasonCode:
            self.reason_code.addItem(called(code), code)
        self.reason_code.setMinimumWidth(10)
        self._code_row = Labelled(_("Motif du refus, dit au foyer"), self.reason_code)
        self.help = SameDayHelp()
        self.exception = QComboBox()
        self.exception.setMinimumWidth(10)
        self._exception_row = Labelled(_("Exception du règlement accordée par"), self.exception)
        self.goes_on = label("", "strong")
        self.reason = TextArea(_("Raison, si elle est à expliquer"))
        self.conditions = TextArea(_("Conditions, s'il y en a"))
        self.add(
            SectionTitle(_("La décision")), row(*self.buttons.values(), None, spacing=8), self.terms, self.goes_on,
            self._code_row, self.help,
            self._exception_row, self.conditions, self.reason,
        )  # fmt: skip
        for button in self.buttons.values():
            button.clicked.connect(self._on_answer)
        self.terms.rows_changed.connect(self.rows_changed)
        self.terms.start_changed.connect(self.start_changed)
        self.terms.changed.connect(self.changed)
        self.reason_code.currentIndexChanged.connect(self._on_reason)
        for part in (self.help, self.reason, self.conditions):
            part.changed.connect(self.changed)
        EnterGoesOn(self).watch(self.reason_code, self.exception)
        self.choose(Answer.GRANTED)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        granted, refused = self.answer is Answer.GRANTED, self.answer is Answer.REFUSED
        return (
            *self.buttons.values(), *(self.terms.stops if granted else ()),
            *((self.reason_code, *self.help.stops) if refused else ()),
            *((self.exception,) if self._exception_row.isVisibleTo(self) else ()),
            *(() if refused else (self.conditions.edit,)), self.reason.edit,
        )  # fmt: skip

    def begin(self, start: date) -> None:
        """Begin a decision anew, from its first possible day."""
        self._advice = self._given = None
        self._reason_chosen = False
        self.terms.begin(start)
        self._offer_reason()
        self._show_exceptions(())
        for part in (self.help, self.reason, self.conditions):
            part.clear()
        self.choose(Answer.GRANTED)

    def propose(self, outcome: Outcome | None) -> None:
        """Fill what the règlement says, except what the person already changed."""
        self._advice = outcome.kind if outcome else None
        self.terms.propose(outcome.right if outcome else None)
        self._given = reason_given(outcome) if outcome else None
        self._offer_reason()
        self._show_exceptions(tuple(dict.fromkeys(e.by for e in outcome.exceptions)) if outcome else ())
        self._tell_reason()

    def tell_goes_on(self, words: str) -> None:
        """Tell what becomes of the right under way where none is opened."""
        self.goes_on.setText(words)

    def choose(self, answer: Answer) -> None:
        """Choose an answer and show what it asks."""
        self.answer = answer
        for one, button in self.buttons.items():
            button.set_kind("secondary" if one is answer else "quiet")
            button.set_icon("check" if one is answer else "")
            button.setAccessibleDescription(_("choisi") if one is answer else "")
        self.terms.setVisible(answer is Answer.GRANTED)
        self._code_row.setVisible(answer is Answer.REFUSED)
        self.goes_on.setVisible(answer is not Answer.GRANTED)
        self.help.setVisible(answer is Answer.REFUSED)
        self.conditions.setVisible(answer is not Answer.REFUSED)
        self.conditions.set_label(
            _("Ce qui est attendu pour décider") if answer is Answer.ADJOURNED else _("Conditions, s'il y en a")
        )
        self._exception_row.setVisible(answer is Answer.GRANTED and self.exception.count() > 1)
        self._tell_reason()
        self.rows_changed.emit()
        self.answered.emit()

    def settled(self) -> Settled | None:
        """Return the decision as filled in, None where something is wrong, told beneath it."""
        right = self.terms.form() if self.answer is Answer.GRANTED else None
        if self.wrong() is not None:
            return None
        refused = self.answer is Answer.REFUSED
        exception = self.exception.currentData() if self.answer is Answer.GRANTED else None
        return Settled(
            self.answer, right, ReasonCode(self.reason_code.currentData()) if refused else None, self.reason.text,
            "" if refused else self.conditions.text, self.help.text if refused else "", exception or "",
        )  # fmt: skip

    def wrong(self) -> QWidget | None:
        """Return the first thing to mend, told beneath it."""
        if self.answer is Answer.GRANTED and (field := self.terms.wrong()) is not None:
            return field
        if self.answer is Answer.REFUSED and (found := self._wrong_refusal()) is not None:
            return found
        if not self.conditions.check():
            return self.conditions.edit
        if not self.reason.check():
            return self.reason.edit
        if self._to_explain and not self.reason.text:
            self.reason.refuse(_("Cette décision s'écarte de l'avis du règlement : écrivez pourquoi."))
            return self.reason.edit
        return None

    def _wrong_refusal(self) -> QWidget | None:
        code = self.reason_code.currentData()
        self._code_row.tell("" if code else _("Choisissez le motif : il est dit au foyer."), wrong=not code)
        if not code:
            return self.reason_code
        if self.help.text and not self.help.words.check():
            return self.help.words.edit
        if not self.help.text:
            return self.help.refuse(_("Un refus propose toujours une aide pour le jour même : dites laquelle."))
        if code == ReasonCode.OTHER and not self.reason.text:
            self.reason.refuse(_("Écrivez la raison du refus : le motif choisi ne la dit pas."))
            return self.reason.edit
        return None

    @property
    def _to_explain(self) -> bool:
        return differs(self.answer, Maker.WORKER, self._advice)

    def _tell_reason(self) -> None:
        asked = _("Raison : cette décision s'écarte de l'avis du règlement") if self._to_explain else ""
        self.reason.set_label(asked or _("Raison, si elle est à expliquer"))

    def _offer_reason(self) -> None:
        """Offer the reason that the verdict gives, none where it gives none; one the person chose stays."""
        if not self._reason_chosen:
            self._filling = True
            self.reason_code.setCurrentIndex(max(0, self.reason_code.findData(self._given)))
            self._filling = False

    @Slot()
    def _on_reason(self) -> None:
        self._reason_chosen = self._reason_chosen or not self._filling
        if self.reason_code.property("wrong") and self.reason_code.currentData():
            self._code_row.tell("")
        self.changed.emit()

    def _show_exceptions(self, roles: tuple[str, ...]) -> None:
        now = [self.exception.itemData(i) for i in range(1, self.exception.count())]
        if now == list(roles) and self.exception.count():
            return
        chosen = self.exception.currentData()
        self.exception.clear()
        self.exception.addItem(_("aucune exception"), None)
        for role in roles:
            self.exception.addItem(role, role)
        self.exception.setCurrentIndex(max(0, self.exception.findData(chosen)))
        self._exception_row.setVisible(self.answer is Answer.GRANTED and bool(roles))
        self.rows_changed.emit()

    @Slot()
    def _on_answer(self) -> None:
        pressed = self.sender()
        self.choose(next(a for a, b in self.buttons.items() if b is pressed))
        self.first_field().setFocus(Qt.FocusReason.OtherFocusReason)

    def first_field(self) -> QWidget:
        """Return the first thing that the answer chosen asks."""
        if self.answer is Answer.GRANTED:
            return self.terms.start
        return self.reason_code if self.answer is Answer.REFUSED else self.conditions.edit
