"""Steps of support: three gestures of every day in one key, and those tied to an action of the contract."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from epicerie_desktop.domain.steps import DAILY, StepKind
from epicerie_desktop.services.nomenclatures import contract_actions
from epicerie_desktop.services.queries.accompaniment import StepRow, steps
from epicerie_desktop.services.support import steps as writing
from epicerie_desktop.services.support.steps import StepForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.fields import MoneyField
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.support.forms import ConfirmDialog, OfficeDialog, enabled_by, needed, words_field
from epicerie_desktop.ui.support.page import OfficePage, SupportPage
from epicerie_desktop.ui.support.screen import SupportScreen


class StepDialog(OfficeDialog):
    """Note a step: the action, what was done, the amount where one is asked."""

    def __init__(self, page: OfficePage, household: int) -> None:
        text = _("Le compteur du mois suit, sans nom : la coordination saura combien, jamais qui.")
        super().__init__(page, _("Noter une action"), _("Enregistrer"), text)
        self.setMinimumWidth(680)
        self.household = household
        self.done_text = _("L'action est notée.")
        self.known = contract_actions()
        self.action, self.step = QComboBox(), QComboBox()
        for a in (*(a for a in self.known if a.contract), *(a for a in self.known if not a.contract)):
            self.action.addItem(a.label, a.code)
        self.add_side_by_side((_("Action"), self.action), (_("Ce qui a été fait"), self.step))
        self.day = DayField(page.desk.clock.today())
        self.cents = MoneyField()
        self.add_side_by_side((_("Jour"), self.day), (_("Montant"), self.cents))
        self.note = self.add(_("Précision, si besoin"), words_field(lines=2))
        self.ready()
        self.action.currentIndexChanged.connect(self._on_action)
        self.step.currentIndexChanged.connect(self._on_step)
        self._on_action()

    @property
    def kind(self) -> StepKind | None:
        """Return the kind of step chosen."""
        action = next(a for a in self.known if a.code == self.action.currentData())
        return action.step(str(self.step.currentData()))

    @Slot()
    def _on_action(self) -> None:
        action = next(a for a in self.known if a.code == self.action.currentData())
        self.step.blockSignals(True)
        self.step.clear()
        for s in action.steps:
            self.step.addItem(s.label, s.code)
        self.step.blockSignals(False)
        self._on_step()

    @Slot()
    def _on_step(self) -> None:
        asked = self.kind is not None and self.kind.amount
        self.cents.setEnabled(asked)
        self.cents.set_hint("" if asked else _("Aucun montant n'est demandé."))
        if not asked:
            self.cents.clear()

    def gesture(self) -> Callable[[], int]:
        """Return the writing of the step; an amount that is asked and missing takes the keyboard, then is refused."""
        if self.cents.isEnabled() and self.cents.value is None:
            self.cents.setFocus(Qt.FocusReason.OtherFocusReason)
        form = StepForm(
            self.household, needed(self.day), str(self.action.currentData()), str(self.step.currentData()), self.cents.value,
            self.note.text,
        )  # fmt: skip
        return partial(writing.record_step, self.page.desk, form)

    def made(self, answer: object) -> int | None:
        """Return the id just written."""
        return answer if isinstance(answer, int) else None


class StepsPage(SupportPage):
    """What was done with the household, the newest first; a mistake is cancelled and stays readable."""

    tables: ClassVar[frozenset[str]] = frozenset({"support_step"})

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.table: RowsTable[StepRow] = RowsTable(
            (
                Column(_("Jour"), lambda s: s.day, shown.day),
                Column(_("Action"), lambda s: s.action_label),
                Column(_("Ce qui a été fait"), _told, tone=_tone),
                Column(_("Montant"), lambda s: s.cents, lambda c: shown.money(c) if c is not None else "", "right"),
                Column(_("Précision"), lambda s: s.note.replace("\n", " "), stretch=True),
            ),
            lambda s: s.id, name=_("Actions menées"), empty=_("Aucune action notée. F3 en note une."), sortable=False,
        )  # fmt: skip
        self.detail = label("", "soft")
        daily = next(a for a in contract_actions() if a.code == DAILY)
        self.quick = [
            ActionButton(kind.label, f"Ctrl+{n}", "plus")
            for n, kind in enumerate((s for s in daily.steps if s.quick), 1)
        ]
        for button, kind in zip(self.quick, (s for s in daily.steps if s.quick), strict=True):
            button.clicked.connect(partial(self._on_quick, kind.code))
        self.cancel = ActionButton(_("Annuler"), "F7", "undo-2")
        self.new = ActionButton(_("Noter une action"), "F3", "plus", "primary")
        self.lines.addWidget(Wrapped(label(_("En une touche"), "label", wrap=False), *self.quick))
        self.lines.addWidget(self.table, 1)
        self.lines.addWidget(self.detail)
        self.foot(self.cancel, self.new)
        self.table.chosen.connect(self._on_chosen)
        self.cancel.clicked.connect(self._on_cancel)
        self.new.clicked.connect(self._on_new)
        self._on_chosen(None)

    def query(self) -> Callable[[], tuple[StepRow, ...]]:
        """Return the reading of the steps."""
        return partial(steps, self.desk, self.household)

    def show_read(self, answer: tuple[StepRow, ...]) -> None:
        """Show the steps."""
        self.fill(self.table, answer)
        self._on_chosen(self.table.current)

    def first_field(self) -> QWidget:
        """Return the list."""
        return self.table

    @Slot(object)
    def _on_chosen(self, s: StepRow | None) -> None:
        enabled_by(s is not None and not s.cancelled, self.cancel)
        told = [_("Noté par {name}").format(name=s.author), s.note.replace("\n", " ")] if s is not None else []
        self.detail.setText(" · ".join(t for t in told if t))

    def _on_quick(self, code: str, _checked: bool = False) -> None:
        form = StepForm(self.household, self.desk.clock.today(), DAILY, code)
        self.act(partial(writing.record_step, self.desk, form), self._on_quick_done)

    def _on_quick_done(self, _step: int) -> None:
        self.tell(_("C'est noté."))

    @Slot()
    def _on_new(self) -> None:
        self.open_dialog(StepDialog(self, self.household))

    @Slot()
    def _on_cancel(self) -> None:
        s = self.table.current
        if s is not None:
            text = _("Elle reste lisible, marquée comme annulée, et quitte le compteur de son mois.")
            gesture = partial(writing.cancel_step, self.desk, s.id)
            told = _("L'action est annulée.")
            title = _("Annuler « {step} » ?").format(step=s.step_label)
            self.open_dialog(ConfirmDialog(self, title, text, _("Annuler l'action"), gesture, told))


def _told(s: StepRow) -> str:
    return _("annulé : {step}").format(step=s.step_label) if s.cancelled else s.step_label


def _tone(s: StepRow) -> str | None:
    return "ink_soft" if s.cancelled else None
