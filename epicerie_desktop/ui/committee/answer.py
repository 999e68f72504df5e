"""The committee's answer to the situation shown: three keys, and only the fields that answer asks for."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from epicerie_desktop.domain.committee import AnonymousSituation
from epicerie_desktop.domain.decisions import HELP_TODAY, Answer, Maker, ReasonCode, differs, usual_reason
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.units import parse_count
from epicerie_desktop.services.queries.committee import GivenAnswer
from epicerie_desktop.services.rights.meetings import MOST_MONTHS
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import ValueField
from epicerie_desktop.ui.common.layout import Card, FormRow, column, row
from epicerie_desktop.ui.households.parts import EnterGoesOn, Labelled, chain
from epicerie_desktop.ui.rights.right_terms import parse_permille
from epicerie_desktop.ui.rights.texts import TextArea

_KEYS = (
    (Answer.GRANTED, N_("Favorable"), "F3"),
    (Answer.REFUSED, N_("Défavorable"), "F4"),
    (Answer.ADJOURNED, N_("Ajourné"), "F5"),
)
_HELPS = (
    N_("Colis d'urgence"),
    N_("Bon alimentaire"),
    N_("Rendez-vous avec le service social"),
    N_("Autre aide alimentaire"),
)
"""What `HELP_TODAY` is called, in its order: the letter's own sentences are too long for a list."""


def answer_word(answer: Answer) -> str:
    """Return what the committee calls an answer."""
    return _(next(word for found, word, _key in _KEYS if found is answer))


def _months(text: str) -> int:
    return parse_count(text.removesuffix("mois"), most=MOST_MONTHS)


class AnswerCard(Card):
    """Filled again for each situation; `chosen` when the person picks an answer, `changed` at each key typed."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("La réponse de la commission"), parent)
        self.answer: Answer | None = None
        self._situation: AnonymousSituation | None = None
        self.keys = {answer: ActionButton(_(word), key) for answer, word, key in _KEYS}
        self.share: ValueField[int] = ValueField(
            parse_permille, lambda p: f"{p / 10:g}".replace(".", ","), suffix="%", message=False
        )
        self.months: ValueField[int] = ValueField(_months, str, suffix=_("mois"), message=False)
        self.code = QComboBox()
        self.code.addItems([called(code) for code in ReasonCode])
        self.usual_help = QComboBox()
        self.usual_help.addItems([_(name) for name in (*_HELPS, N_("Autre aide, à écrire"))])
        self.help = TextArea(_("Ce que dira la lettre"))
        self.conditions, self.reason = TextArea(""), TextArea("")
        self.share_row, self.months_row = FormRow(_("Participation"), self.share), FormRow(_("Durée"), self.months)
        self.code_row, self.help_row = (
            Labelled(_("Motif du refus"), self.code),
            Labelled(_("Aide proposée le jour même"), self.usual_help),
        )
        for text in (self.help, self.reason):
            text.edit.setFixedHeight(text.edit.fontMetrics().lineSpacing() * 2 + 24)
        for combo in (self.code, self.usual_help):
            combo.setMinimumWidth(10)
        self.add(column(*self.keys.values(), spacing=8))
        self.add(
            row(self.share_row, self.months_row), self.code_row, self.help_row, self.help, self.conditions, self.reason
        )
        self.body.addStretch(1)
        for answer, button in self.keys.items():
            button.clicked.connect(lambda _checked=False, a=answer: self.pick(a))
        self.usual_help.currentIndexChanged.connect(self._on_usual_help)
        self.help.changed.connect(self._on_help)
        EnterGoesOn(self).watch(self.code, self.usual_help)
        for field in (self.share, self.months):
            field.submitted.connect(self._on_submitted)
        chain(
            [
                *self.keys.values(),
                self.share.line,
                self.months.line,
                self.code,
                self.usual_help,
                self.help.edit,
                self.conditions.edit,
                self.reason.edit,
            ]
        )
        self._show_fields()

    def fill(self, situation: AnonymousSituation | None, given: GivenAnswer | None, answer: Answer | None) -> None:
        """Show the fields of a situation, with the answer already given if any."""
        self._situation, self.answer = situation, answer
        for text in (self.conditions, self.reason):
            text.clear()
        kept = given or GivenAnswer(Answer.GRANTED)
        usual = usual_reason(situation.advice) if situation else None
        self.share.set_value(kept.permille)
        self.months.set_value(kept.months)
        self.code.setCurrentIndex(list(ReasonCode).index(kept.reason_code or usual or ReasonCode.OTHER))
        self.help.edit.setPlainText(kept.same_day_help or _(HELP_TODAY[0]))
        self.conditions.edit.setPlainText(kept.conditions)
        self.reason.edit.setPlainText(kept.reason)
        self._show_fields()

    def pick(self, answer: Answer) -> None:
        """Choose an answer, and go to the first thing it asks."""
        if self._situation is None or not self.isEnabled():
            return
        self.answer = answer
        self._show_fields()
        asked = (self.share_row, self.months_row, self.code_row, self.conditions)
        first = next(w for w in asked if w.isVisibleTo(self))
        target = {self.share_row: self.share.line, self.months_row: self.months.line, self.code_row: self.code}.get(
            first, self.conditions.edit
        )
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def given(self) -> GivenAnswer | None:
        """Return what is answered, None while no answer is chosen or a field is wrong, told beneath it."""
        checks = [
            self.help.check(),
            self.conditions.check(),
            self.reason.check(),
            self.share.check(),
            self.months.check(),
        ]
        if self.answer is None or not all(checks):
            return None
        refused, granted = self.answer is Answer.REFUSED, self.answer is Answer.GRANTED
        return GivenAnswer(
            self.answer, "" if refused else self.conditions.text, self.reason.text if self.reason.isVisibleTo(self) else "",
            list(ReasonCode)[self.code.currentIndex()] if refused else None, self.help.text if refused else "",
            self.share.value if granted and self._left("share") else None,
            self.months.value if granted and self._left("length") else None,
        )  # fmt: skip

    def take_focus(self) -> None:
        """Give the keyboard to the first field that is wrong or missing, or to the three answers where none is chosen."""
        other = self.answer is Answer.REFUSED and list(ReasonCode)[self.code.currentIndex()] is ReasonCode.OTHER
        asked: tuple[tuple[QWidget, bool], ...] = (
            (next(iter(self.keys.values())), self.answer is None),
            (self.share, not self.share.check() or self.share.value is None),
            (self.months, not self.months.check() or self.months.value is None),
            (self.help.edit, not self.help.check() or not self.help.text),
            (self.conditions.edit, not self.conditions.check() or (not self.conditions.text and self.answer is Answer.ADJOURNED)),
            (self.reason.edit, not self.reason.check() or (not self.reason.text and (other or self._away))),
        )  # fmt: skip
        wrong = next((field for field, is_wrong in asked if is_wrong and field.isVisibleTo(self)), None)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)

    def _left(self, what: str) -> bool:
        return self._situation is not None and bool(getattr(self._situation, f"{what}_left"))

    @property
    def _away(self) -> bool:
        """Return whether the answer is not the one the règlement advises: it then says why."""
        return (
            self._situation is not None
            and self.answer is not None
            and differs(self.answer, Maker.COMMITTEE, self._situation.advice)
        )

    def _show_fields(self) -> None:
        for answer, button in self.keys.items():
            button.set_kind("primary" if answer is self.answer else "secondary")
        granted, refused = self.answer is Answer.GRANTED, self.answer is Answer.REFUSED
        self.share_row.setVisible(granted and self._left("share"))
        self.months_row.setVisible(granted and self._left("length"))
        self.code_row.setVisible(refused)
        self.help_row.setVisible(refused)
        self.help.setVisible(refused)
        self.conditions.setVisible(self.answer is not None and not refused)
        self.conditions.set_label(_("Conditions, s'il y en a") if granted else _("Ce qui est attendu pour décider"))
        away = self._away
        self.reason.setVisible(refused or away)
        self.reason.set_label(_("Pourquoi s'écarter de l'avis") if away else _("La raison, en une phrase ou deux"))

    @Slot(int)
    def _on_usual_help(self, place: int) -> None:
        if place < len(HELP_TODAY):
            self.help.edit.setPlainText(_(HELP_TODAY[place]))
        elif self._usual() < len(HELP_TODAY):
            self.help.clear()

    @Slot()
    def _on_help(self) -> None:
        with QSignalBlocker(self.usual_help):
            self.usual_help.setCurrentIndex(self._usual())

    def _usual(self) -> int:
        """Return the place of the usual help that is written, else that of « another »."""
        usual = [_(words) for words in HELP_TODAY]
        return usual.index(self.help.text) if self.help.text in usual else len(usual)

    @Slot()
    def _on_submitted(self) -> None:
        self.focusNextChild()
