"""What is decided: granted, refused or adjourned; why, on what conditions, and what help is given the same day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from epicerie_desktop.domain.decisions import HELP_TODAY, Answer, Maker, ReasonCode, differs, usual_reason
from epicerie_desktop.domain.eligibility.outcome import Outcome
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.support.i18n import gettext as _
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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = [QCheckBox(_(text)) for text in HELP_TODAY]
        self.words = TextArea(_("Autre aide, ou précisions (lieu, heure, personne)"))
        self.setLayout(column(label(_("Aide proposée pour le jour même"), "label"), *self.boxes, self.words, spacing=6))

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

    def clear(self) -> None:
        """Empty everything."""
        for box in self.boxes:
            box.setChecked(False)
        self.words.clear()


class DecisionCard(Card):
    """The decision under way; `answered` when another answer is chosen, `rows_changed` when Tab stops elsewhere."""

    rows_changed = Signal()
    answered = Signal()
    start_changed = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.answer = Answer.GRANTED
        self._advice: OutcomeKind | None = None
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
        self.reason = TextArea(_("Raison, si elle est à expliquer"))
        self.conditions = TextArea(_("Conditions, s'il y en a"))
        self.add(
            SectionTitle(_("La décision")), row(*self.buttons.values(), None, spacing=8), self.terms, self._code_row, self.help,
            self._exception_row, self.conditions, self.reason,
        )  # fmt: skip
        for button in self.buttons.values():
            button.clicked.connect(self._on_answer)
        self.terms.rows_changed.connect(self.rows_changed)
        self.terms.start_changed.connect(self.start_changed)
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
        self._advice = None
        self.terms.begin(start)
        self.reason_code.setCurrentIndex(0)
        self._show_exceptions(())
        for part in (self.help, self.reason, self.conditions):
            part.clear()
        self.choose(Answer.GRANTED)

    def propose(self, outcome: Outcome | None) -> None:
        """Fill what the règlement says, except what the person already changed."""
        self._advice = outcome.kind if outcome else None
        self.terms.propose(outcome.right if outcome else None)
        usual = usual_reason(self._advice)
        if self.reason_code.currentData() is None and usual is not None and self.answer is Answer.REFUSED:
            self.reason_code.setCurrentIndex(self.reason_code.findData(usual))
        self._show_exceptions(tuple(dict.fromkeys(e.by for e in outcome.exceptions)) if outcome else ())
        self._tell_reason()

    def choose(self, answer: Answer) -> None:
        """Choose an answer and show what it asks."""
        self.answer = answer
        for one, button in self.buttons.items():
            button.set_kind("secondary" if one is answer else "quiet")
            button.set_icon("check" if one is answer else "")
            button.setAccessibleDescription(_("choisi") if one is answer else "")
        self.terms.setVisible(answer is Answer.GRANTED)
        self._code_row.setVisible(answer is Answer.REFUSED)
        self.help.setVisible(answer is Answer.REFUSED)
        self.conditions.setVisible(answer is not Answer.REFUSED)
        self.conditions.set_label(
            _("Ce qui est attendu pour décider") if answer is Answer.ADJOURNED else _("Conditions, s'il y en a")
        )
        self._exception_row.setVisible(answer is Answer.GRANTED and self.exception.count() > 1)
        usual = usual_reason(self._advice)
        if answer is Answer.REFUSED and self.reason_code.currentData() is None and usual is not None:
            self.reason_code.setCurrentIndex(self.reason_code.findData(usual))
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
        if not self.help.words.check():
            return self.help.words.edit
        if not self.help.text:
            self.help.words.refuse(_("Un refus propose toujours une aide pour le jour même : dites laquelle."))
            return self.help.boxes[0]
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
