"""The committee's answer to the situation shown: three keys, and only the fields that answer asks for."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from epicerie_desktop.domain.access import CeilingMeasure
from epicerie_desktop.domain.committee import AnonymousSituation
from epicerie_desktop.domain.decisions import HELP_TODAY, Answer, Maker, ReasonCode, differs
from epicerie_desktop.domain.eligibility.extras import DecidedAmount
from epicerie_desktop.domain.eligibility.outcome import ceiling_left
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.units import parse_count
from epicerie_desktop.services.queries.committee import GivenAnswer
from epicerie_desktop.services.rights.meetings import MOST_MONTHS
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import MoneyField, ValueField, WeightField
from epicerie_desktop.ui.common.layout import Card, FormRow, column, row
from epicerie_desktop.ui.households.parts import EnterGoesOn, Labelled, chain
from epicerie_desktop.ui.rights.right_terms import parse_permille
from epicerie_desktop.ui.rights.texts import TextArea

_KEYS = (
    (Answer.GRANTED, N_("Favorable"), "F4"),
    (Answer.REFUSED, N_("Défavorable"), "F5"),
    (Answer.ADJOURNED, N_("Ajourné"), "F6"),
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
        self.ceilings: tuple[ValueField[int], ...] = ()
        """The amounts of the ceilings left to the committee, made again for each situation."""
        self._ceiling_rows = QWidget()
        self._ceiling_rows.setLayout(column(spacing=8))
        self.code = QComboBox()
        self.code.addItem(_("à choisir"), None)
        for code in ReasonCode:
            self.code.addItem(called(code), code)
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
            text.edit.setFixedHeight(text.edit.fontMetrics().lineSpacing() * 2 + 32)
        for combo in (self.code, self.usual_help):
            combo.setMinimumWidth(10)
        self.add(column(*self.keys.values(), spacing=8))
        self.add(
            row(self.share_row, self.months_row),
            self._ceiling_rows,
            self.code_row,
            self.help_row,
            self.help,
            self.conditions,
            self.reason,
        )
        self.body.addStretch(1)
        for answer, button in self.keys.items():
            button.clicked.connect(lambda _checked=False, a=answer: self.pick(a))
        self.usual_help.currentIndexChanged.connect(self._on_usual_help)
        self.help.changed.connect(self._on_help)
        self.code.currentIndexChanged.connect(self._on_code)
        EnterGoesOn(self).watch(self.code, self.usual_help)
        for field in (self.share, self.months):
            field.submitted.connect(self._on_submitted)
        self._chain()
        self._show_fields()

    def _chain(self) -> None:
        amounts = [f.line for f in (self.share, self.months, *self.ceilings)]
        texts = [t.edit for t in (self.help, self.conditions, self.reason)]
        chain([*self.keys.values(), *amounts, self.code, self.usual_help, *texts])

    def _show_ceilings(self, left: tuple[DecidedAmount, ...], kept: tuple[int, ...]) -> None:
        layout = self._ceiling_rows.layout()
        assert layout is not None
        while (item := layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        made: list[ValueField[int]] = []
        for place, decided in enumerate(left):
            field: ValueField[int] = WeightField() if decided.measure is CeilingMeasure.GRAMS else MoneyField()
            bounded = decided.least is not None or decided.most is not None
            told = ceiling_left(decided).sentence() if bounded else ""
            named = _("Plafond : {measure}, {period}").format(
                measure=called(decided.measure).lower(), period=called(decided.period).lower()
            )
            layout.addWidget(FormRow(named, field, told))
            field.set_value(kept[place] if place < len(kept) else None)
            field.submitted.connect(self._on_submitted)
            made.append(field)
        self.ceilings = tuple(made)
        self._chain()

    def fill(self, situation: AnonymousSituation | None, given: GivenAnswer | None, answer: Answer | None) -> None:
        """Show the fields of a situation, with the answer already given if any."""
        self._situation, self.answer = situation, answer
        for text in (self.conditions, self.reason):
            text.clear()
        kept = given or GivenAnswer(Answer.GRANTED)
        self.share.set_value(kept.permille)
        self.months.set_value(kept.months)
        self._show_ceilings(situation.ceilings_left if situation else (), kept.ceilings)
        usual = situation.usual if situation else None
        self.code.setCurrentIndex(max(0, self.code.findData(kept.reason_code or usual)))
        self.code_row.tell("")
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
        asked = (self.share.line, self.months.line, *(f.line for f in self.ceilings), self.code, self.conditions.edit)
        target = next(w for w in asked if w.isVisibleTo(self))
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def given(self) -> GivenAnswer | None:
        """Return what is answered, None while no answer is chosen or a field is wrong, told beneath it."""
        if self.answer is None or self.wrong() is not None:
            return None
        refused, granted = self.answer is Answer.REFUSED, self.answer is Answer.GRANTED
        return GivenAnswer(
            self.answer, "" if refused else self.conditions.text, self.reason.text if self.reason.isVisibleTo(self) else "",
            self.reason_code if refused else None, self.help.text if refused else "",
            self.share.value if granted and self._left("share") else None,
            self.months.value if granted and self._left("length") else None,
            tuple(f.value for f in self.ceilings if f.value is not None) if granted else (),
        )  # fmt: skip

    @property
    def reason_code(self) -> ReasonCode | None:
        """Return the reason of a refusal, None while none is chosen."""
        code = self.code.currentData()
        return ReasonCode(code) if code else None

    def wrong(self) -> QWidget | None:
        """Return the first thing to mend, told beneath it; the three answers where none is chosen."""
        if self.answer is None:
            return next(iter(self.keys.values()))
        for field, missing in (
            (self.share, _("Indiquez la participation : le règlement la laisse à la commission.")),
            (self.months, _("Indiquez la durée : le règlement la laisse à la commission.")),
            *((field, _("Indiquez le plafond : le règlement le laisse à la commission.")) for field in self.ceilings),
        ):
            if not field.isVisibleTo(self):
                continue
            if not field.check():
                return field
            if field.value is None:
                field.show_error(missing)
                return field
        if self.answer is Answer.REFUSED:
            code = self.reason_code
            self.code_row.tell("" if code else _("Choisissez le motif : il est dit au foyer."), wrong=not code)
            if code is None:
                return self.code
        return self._wrong_text()

    def _wrong_text(self) -> QWidget | None:
        other = self.answer is Answer.REFUSED and self.reason_code is ReasonCode.OTHER
        asked: tuple[tuple[TextArea, str], ...] = (
            (self.help, _("Un refus propose toujours une aide pour le jour même : dites laquelle.")),
            (
                self.conditions,
                _("Dites ce qui est attendu pour décider : la lettre le demandera au foyer.")
                if self.answer is Answer.ADJOURNED
                else "",
            ),
            (
                self.reason,
                _("Cette réponse s'écarte de l'avis du règlement : écrivez pourquoi.")
                if self._away
                else _("Écrivez la raison du refus : le motif choisi ne la dit pas.")
                if other
                else "",
            ),
        )
        for area, missing in asked:
            if not area.isVisibleTo(self):
                continue
            if not area.check():
                return area.edit
            if missing and not area.text:
                area.refuse(missing)
                return area.edit
        return None

    @property
    def told(self) -> str:
        """Return what is told beneath the first thing to mend, empty where nothing is; the strip above says it too."""
        rows = (
            (self.code_row, self.code_row.note),
            *((t, t.frame.note) for t in (self.help, self.conditions, self.reason)),
        )
        sentences = [f.error for f in (self.share, self.months, *self.ceilings) if f.isVisibleTo(self)]
        sentences += [note.text() for part, note in rows if part.isVisibleTo(self)]
        return next((words for words in sentences if words), "")

    def take_focus(self) -> None:
        """Give the keyboard to what is wrong or missing, to the three answers where none is chosen."""
        wrong = self.wrong()
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
        self._ceiling_rows.setVisible(granted and bool(self.ceilings))
        self.code_row.setVisible(refused)
        self.help_row.setVisible(refused)
        self.help.setVisible(refused)
        self.conditions.setVisible(self.answer is not None and not refused)
        self.conditions.set_label(_("Conditions, s'il y en a") if granted else _("Ce qui est attendu pour décider"))
        away = self._away
        self.reason.setVisible(refused or away)
        self.reason.set_label(_("Pourquoi s'écarter de l'avis") if away else _("La raison, en une phrase ou deux"))

    @Slot()
    def _on_code(self) -> None:
        if self.code.property("wrong") and self.reason_code is not None:
            self.code_row.tell("")

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
