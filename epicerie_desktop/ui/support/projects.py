"""The personal projects, the payments really made, and what stayed in the budget beside them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from textwrap import shorten
from typing import Any, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.support import ObjectiveKind, ObjectiveState
from epicerie_desktop.services.queries.support import ObjectiveRow
from epicerie_desktop.services.queries.support_pages import PaymentRow, ProjectsPageRead, projects_page
from epicerie_desktop.services.support import projects
from epicerie_desktop.services.support.projects import ObjectiveForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.layout import SectionTitle, StatTile, column, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.support.forms import (
    CodeBox,
    ConfirmDialog,
    OptionalDayField,
    SupportDialog,
    enabled_by,
    needed,
)
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.parts import AmountField, day_or_dash, money_or_dash, roomy
from epicerie_desktop.ui.support.screen import SupportScreen

_TITLE_SIGNS = 60


class ProjectsPage(SupportPage):
    """Projects above, the payments of the chosen one beneath."""

    tables: ClassVar[frozenset[str]] = frozenset({"objective", "objective_payment", "support_file", "sale"})

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.read: ProjectsPageRead | None = None
        self.stayed = StatTile(_("Resté dans le budget (estimation)"))
        self.paid = StatTile(_("Versé pour les projets"))
        self.table: RowsTable[ObjectiveRow] = RowsTable(
            (
                Column(_("Projet"), lambda o: o.label, stretch=True),
                Column(_("Échéance"), lambda o: o.due_on, day_or_dash),
                Column(_("Visé"), lambda o: o.target_cents, money_or_dash, align="right"),
                Column(_("Versé"), lambda o: o.paid_cents, shown.money, align="right", bold=True),
                Column(_("Avancement"), progress, align="right"),
                Column(_("État"), lambda o: called(o.state)),
            ),
            lambda o: o.id, name=_("Projets"), empty=_("Aucun projet noté : F3 en ajoute un."), sortable=False,
        )  # fmt: skip
        self.payments: RowsTable[PaymentRow] = RowsTable(
            (
                Column(_("Versé le"), lambda p: p.day, shown.day),
                Column(_("Montant"), lambda p: p.cents, shown.money, align="right", bold=True),
                Column(_("Précision"), lambda p: p.note, stretch=True),
                Column(_("Noté par"), lambda p: p.by),
                Column(_("État"), _payment_state, tone=lambda p: "ink_soft" if p.cancelled_on else None),
            ),
            lambda p: p.id, name=_("Versements du projet choisi"), empty=_("Aucun versement noté pour ce projet."),
            sortable=False,
        )  # fmt: skip
        self.new_button = ActionButton(_("Nouveau"), "F3", "plus")
        self.edit_button = ActionButton(_("Modifier"), "F4", "pencil")
        self.end_button = ActionButton(_("État"), "F6", "check")
        self.cancel_button = ActionButton(_("Annuler un versement"), "F7", "undo-2", "quiet")
        self.payments_title = SectionTitle(_("Versements"), (self.cancel_button,))
        self.pay_button = ActionButton(_("Noter un versement"), "F9", "euro", "primary")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        tiles = (row if roomy() else column)(self.stayed, self.paid, spacing=16)
        tiles.setStretch(0, 1)
        tiles.setStretch(1, 1)
        self.lines.addLayout(tiles)
        self.lines.addWidget(self.table, 3)
        self.lines.addWidget(self.payments_title)
        self.lines.addWidget(self.payments, 2)
        self.foot(self.end_button, self.edit_button, self.new_button, self.pay_button)

    def _connect(self) -> None:
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_edit)
        self.new_button.clicked.connect(self.open_new)
        self.edit_button.clicked.connect(self._on_edit)
        self.end_button.clicked.connect(self._on_end)
        self.pay_button.clicked.connect(self.open_payment)
        self.cancel_button.clicked.connect(self._on_cancel)

    def query(self) -> Callable[[], Any]:
        """Return what reads the page."""
        return partial(projects_page, self.desk, self.household)

    def show_read(self, answer: ProjectsPageRead) -> None:
        """Show the projects; the chosen one stays chosen."""
        self.read = answer
        self.fill(self.table, answer.objectives)
        self._on_chosen()
        since = _("aucun accompagnement en cours")
        stayed = since
        if answer.since is not None:
            since = _("depuis le {day}").format(day=shown.day(answer.since))
            stayed = _("valeur en rayon moins prix payé, {since}").format(since=since)
        self.stayed.set_value(shown.money(answer.stayed_cents), stayed)
        self.paid.set_value(shown.money(answer.paid_cents), since)

    def first_field(self) -> QWidget:
        """Return the list of projects, or what adds one."""
        return self.table if self.read is not None and self.read.objectives else self.new_button

    @Slot()
    def _on_chosen(self) -> None:
        chosen = self.table.current
        rows = self.read.payments if self.read is not None and chosen is not None else ()
        mine = tuple(p for p in rows if chosen is not None and p.objective == chosen.id)
        self.fill(self.payments, mine)
        title = _("Versements")
        if chosen is not None:
            title = _("Versements : {project}").format(project=shorten(chosen.label, _TITLE_SIGNS, placeholder="…"))
        self.payments_title.set_text(title)
        enabled_by(chosen is not None, self.edit_button, self.end_button, self.pay_button)
        enabled_by(any(p.cancelled_on is None for p in mine), self.cancel_button)

    @Slot()
    def open_new(self) -> None:
        """Ask for a new project."""
        self.open_dialog(ObjectiveDialog(self, None))

    @Slot()
    def _on_edit(self) -> None:
        if self.table.current is not None:
            self.open_dialog(ObjectiveDialog(self, self.table.current))

    @Slot()
    def _on_end(self) -> None:
        if self.table.current is not None:
            self.open_dialog(StateDialog(self, self.table.current))

    @Slot()
    def open_payment(self) -> None:
        """Ask for a payment made for the chosen project."""
        if self.table.current is not None:
            self.open_dialog(PaymentDialog(self, self.table.current))

    @Slot()
    def _on_cancel(self) -> None:
        row = self.payments.current
        if row is None or row.cancelled_on is not None:
            row = next((p for p in self.payments.rows_model.rows if p.cancelled_on is None), None)
        if row is None:
            return
        told = _("{amount} versés le {day}. La ligne reste au dossier, marquée annulée.").format(
            amount=shown.money(row.cents), day=shown.day(row.day)
        )
        self.open_dialog(
            ConfirmDialog(
                self, _("Annuler ce versement ?"), told, _("Annuler le versement"),
                partial(projects.cancel_payment, self.desk, row.id), _("Le versement est annulé."),
            )
        )  # fmt: skip


def progress(o: ObjectiveRow) -> str:
    """Return how much of the target was paid, in percent, a dash where there is no target."""
    return shown.percent(o.paid_cents * 100 // o.target_cents * 10) if o.target_cents else "–"


def _payment_state(row: PaymentRow) -> str:
    return _("annulé le {day}").format(day=shown.day(row.cancelled_on)) if row.cancelled_on else _("compté")


class ObjectiveDialog(SupportDialog):
    """A project: what it is, to whom, how much, before when."""

    def __init__(self, page: SupportPage, row: ObjectiveRow | None) -> None:
        super().__init__(page, _("Un projet"), _("Enregistrer"))
        self.row = row
        self.done_text = _("Le projet est enregistré.")
        today = page.desk.clock.today()
        self.label = self.add(_("Le projet, comme le dit la personne"), QLineEdit(row.label if row else ""))
        self.kind = CodeBox(list(ObjectiveKind), row.kind if row else None)
        self.creditor = QLineEdit(row.creditor if row else "")
        self.add_side_by_side((_("Genre"), self.kind), (_("À verser à"), self.creditor))
        self.target = AmountField(row.target_cents if row else None)
        self.set_on = DayField(row.set_on if row else today)
        self.due_on = OptionalDayField(row.due_on if row else None, near=today, end=True)
        self.add_side_by_side(
            (_("Montant visé"), self.target), (_("Commencé le"), self.set_on), (_("Échéance"), self.due_on)
        )
        self.ready()

    def gesture(self) -> Callable[[], object]:
        """Return what keeps the project."""
        form = ObjectiveForm(
            self.kind.chosen, self.label.text(), needed(self.set_on), self.creditor.text(), self.target.value,
            self.due_on.value,
        )  # fmt: skip
        return partial(
            projects.save_objective, self.page.desk, self.page.household, form,
            objective=self.row.id if self.row else None, version=self.row.version if self.row else None,
        )  # fmt: skip

    def made(self, answer: object) -> int | None:
        """Return the id just written."""
        return answer if isinstance(answer, int) else None


class StateDialog(SupportDialog):
    """How a project ended, or that it goes on again."""

    def __init__(self, page: SupportPage, row: ObjectiveRow) -> None:
        super().__init__(page, _("Où en est ce projet ?"), _("Enregistrer"), row.label)
        self.row = row
        self.done_text = _("L'état du projet est enregistré.")
        self.state = CodeBox(list(ObjectiveState), row.state)
        self.day = DayField(row.ended_on or page.desk.clock.today())
        self.add_side_by_side((_("État"), self.state), (_("Le"), self.day))
        self.ready()

    def gesture(self) -> Callable[[], object]:
        """Return what keeps the state."""
        return partial(
            projects.end_objective,
            self.page.desk,
            self.row.id,
            self.row.version,
            self.state.chosen,
            needed(self.day),
        )


class PaymentDialog(SupportDialog):
    """A payment really made."""

    def __init__(self, page: SupportPage, row: ObjectiveRow) -> None:
        super().__init__(
            page, _("Un versement"), _("Noter le versement"), _("Pour : {project}").format(project=row.label)
        )
        self.row = row
        self.done_text = _("Le versement est noté.")
        self.amount, self.day = AmountField(required=True), DayField(page.desk.clock.today())
        self.add_side_by_side((_("Montant versé"), self.amount), (_("Le"), self.day))
        self.note = self.add(_("Précision (reçu vu, échéance réglée…)"), QLineEdit())
        self.ready()

    def gesture(self) -> Callable[[], object]:
        """Return what keeps the payment."""
        return partial(
            projects.record_payment,
            self.page.desk,
            self.row.id,
            needed(self.day),
            needed(self.amount),
            self.note.text(),
        )
