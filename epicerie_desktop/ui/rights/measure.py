"""Asks for a suspension, an exclusion or an urgent measure: why, from when to when, and whether the household was heard."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QButtonGroup, QComboBox, QRadioButton, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.suspensions import (
    CONSERVATORY_DAYS,
    Measure,
    MeasureRefused,
    Part,
    SuspensionKind,
    SuspensionReason,
)
from epicerie_desktop.services.rights.suspensions import SuspensionForm, record_suspension
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.days import parse_day
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import FormRow, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.households.parts import chain
from epicerie_desktop.ui.screen import Screen


class OptionalDay(ValueField[date]):
    """A day of the calendar that may be left empty; what that means is written beneath. Without a year, as `parse_day`."""

    def __init__(self, empty: str, near: date, parent: QWidget | None = None, *, end: bool = False) -> None:
        super().__init__(lambda typed: parse_day(typed, near, end=end), shown.day, say=shown.long_day, parent=parent)
        self.line.setPlaceholderText(_("jour/mois/année"))
        self.set_hint(empty)


class MeasureDialog(QuestionDialog):
    """F12 writes the measure off the window's thread and closes only once it is written; `measure_id` tells which."""

    def __init__(self, screen: Screen, household: int, who: str) -> None:
        text = _("{household}. Le comptoir dira « Pas aujourd'hui », sans dire pourquoi.").format(household=who)
        super().__init__(screen, _("Suspendre ou exclure"), text, _("Enregistrer"), _("Ne rien changer"), danger=True)
        self.owner, self.household = screen, household
        self.measure_id: int | None = None
        self._writing = False
        self.setMinimumWidth(700)
        today = screen.desk.clock.today()
        self.kinds = QButtonGroup(self)
        for n, kind in enumerate(SuspensionKind):
            choice = QRadioButton(called(kind), self)
            choice.setAccessibleName(called(kind))
            self.kinds.addButton(choice, n)
        self.reason = QComboBox()
        self.reason.addItems([called(reason) for reason in SuspensionReason])
        self.since, self.until = OptionalDay("", today), OptionalDay("", today, end=True)
        self.asked = OptionalDay(_("Vide : pas encore invité"), today)
        self.heard = OptionalDay(_("Vide : n'est pas venu"), today)
        self.words = FieldFrame()
        self.notice = Notice("error", parent=self)
        self.since.set_value(today)
        self.until.set_value(today + timedelta(days=30))
        self._lay_out()
        self.kinds.idToggled.connect(self._on_kind)
        self.kinds.button(0).setChecked(True)
        self.kinds.button(0).setFocus()

    def _lay_out(self) -> None:
        self.body.addLayout(row(*self.kinds.buttons(), None))
        self.body.addWidget(FormRow(_("Motif"), self.reason))
        self.body.addLayout(row(FormRow(_("Du"), self.since), FormRow(_("Au (compris)"), self.until)))
        self.body.addLayout(
            row(FormRow(_("Invité à s'expliquer le"), self.asked), FormRow(_("Entendu le"), self.heard))
        )
        words = _("Ce que dira la lettre, en une phrase ou deux")
        self.body.addWidget(
            FormRow(words, self.words, _("Gardé sous clé : seuls les travailleurs sociaux le relisent."))
        )
        self.body.addWidget(self.notice)
        fields = (self.since, self.until, self.asked, self.heard, self.words)
        chain([*self.kinds.buttons(), self.reason, *(f.line for f in fields), self.no_button, self.yes_button])

    @property
    def kind(self) -> SuspensionKind:
        """Return the kind ticked."""
        return list(SuspensionKind)[self.kinds.checkedId()]

    @Slot()
    def _on_kind(self) -> None:
        if self.kinds.checkedId() < 0:
            return
        since = self.since.value or self.owner.desk.clock.today()
        urgent = self.kind is SuspensionKind.CONSERVATORY
        if urgent:
            self.until.set_value(since + timedelta(days=CONSERVATORY_DAYS - 1))
        elif self.kind is SuspensionKind.EXCLUDED:
            self.until.set_value(None)
        self.until.set_hint(_("Vide : sans fin") if self.kind is SuspensionKind.EXCLUDED else "")

    def may_accept(self) -> bool:
        """Write, and stay open until it is done."""
        fields = (self.since, self.until, self.asked, self.heard)
        self.notice.tell("error", "")
        wrong = next((f for f in [f for f in fields if not f.check()]), None)
        if wrong is not None:
            wrong.setFocus()
        elif self.since.value is None:
            self.since.show_error(_("À partir de quel jour ?"))
            self.since.setFocus()
        elif not self._writing:
            self._writing = True
            form = self._form(self.since.value)
            desk, data = self.owner.desk, self.owner.context.data
            data.submit(self, lambda: record_suspension(desk, form), self._on_written, self._on_error)
        return False

    def _form(self, since: date) -> SuspensionForm:
        measure = Measure(self.kind, since, self.until.value, self.asked.value, self.heard.value)
        reason = list(SuspensionReason)[self.reason.currentIndex()]
        return SuspensionForm(self.household, measure, reason, self.words.text)

    def _on_written(self, written: int) -> None:
        self.measure_id = written
        self.accept()

    def _on_error(self, error: Exception) -> None:
        self._writing = False
        if isinstance(error, MeasureRefused):
            self._point_at(error)
        elif isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
        else:
            self.owner.on_trouble(error)

    def _point_at(self, refusal: MeasureRefused) -> None:
        """Tell a refusal beneath the field it is about, which takes the keyboard."""
        fields = {
            Part.SINCE: self.since, Part.UNTIL: self.until, Part.ASKED: self.asked, Part.HEARD: self.heard,
            Part.REASON: self.words,
        }  # fmt: skip
        field = fields.get(refusal.part)
        if field is None:
            self.notice.tell("error", str(refusal))
            self.kinds.button(self.kinds.checkedId()).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        field.show_error(str(refusal))
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.line.selectAll()


def ask_measure(screen: Screen, household: int, who: str) -> int | None:
    """Ask for a measure about a household and write it; return its id, None where the person gives up."""
    dialog = MeasureDialog(screen, household, who)
    try:
        dialog.exec()
        return dialog.measure_id
    finally:
        dialog.deleteLater()
