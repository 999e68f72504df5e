"""The appointments of a household, its workshops, and what its right asks in return; for reception too, without the subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.agenda import AppointmentState
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.workshops import DutyDone
from epicerie_desktop.services.queries import agenda as read
from epicerie_desktop.services.queries.agenda import AgendaRow, WorkerRow
from epicerie_desktop.services.queries.workshops import HouseholdSeat, household_duties, household_seats
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.followup.appointment_forms import (
    AppointmentDialog,
    OutcomeDialog,
    Whom,
    open_slip,
    state_tone,
)
from epicerie_desktop.ui.support.forms import enabled_by
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.screen import SupportScreen

Read = tuple[tuple[AgendaRow, ...], tuple[HouseholdSeat, ...], tuple[DutyDone, ...], tuple[WorkerRow, ...]]


class AppointmentsPage(SupportPage):
    """Given, moved, kept; the workshops its members are put down for; undertakings met or not."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"appointment", "attendance", "workshop_session", "workshop", "access_grant", "review", "account"}
    )

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.workers: tuple[WorkerRow, ...] = ()
        self.duties = label("", "strong")
        self.table = self._table()
        self.seats_title = label(_("Ateliers"), "section")
        self.seats = self._seats()
        self.slip = ActionButton(_("Papier"), "F9", "printer")
        self.outcome = ActionButton(_("Suite"), "F7", "check")
        self.change = ActionButton(_("Déplacer"), "F6", "pencil")
        self.give = ActionButton(_("Donner un rendez-vous"), "F3", "plus", "primary")
        self.lines.addWidget(self.duties)
        self.lines.addWidget(self.table, 3)
        self.lines.addWidget(self.seats_title)
        self.lines.addWidget(self.seats, 2)
        self.foot(self.slip, self.outcome, self.change, self.give)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.give.clicked.connect(self._on_give)
        self.change.clicked.connect(self._on_change)
        self.outcome.clicked.connect(self._on_outcome)
        self.slip.clicked.connect(self._on_slip)
        self._on_chosen(None)

    def _table(self) -> RowsTable[AgendaRow]:
        told = _("Objet") if self.worker else _("Lieu")
        return RowsTable(
            (
                Column(_("Jour"), lambda r: r.day, shown.day),
                Column(_("Heure"), lambda r: r.at, shown.hour, "right"),
                Column(_("Rendez-vous"), lambda r: called(r.kind)),
                Column(_("Avec"), lambda r: r.worker_name),
                Column(told, lambda r: r.about.replace("\n", " ") if self.worker else r.place, stretch=True),
                Column(_("État"), lambda r: called(r.state), tone=lambda r: state_tone(r.state)),
            ),
            lambda r: r.id, name=_("Rendez-vous du foyer"), empty=_("Aucun rendez-vous. F3 en donne un."), sortable=False,
        )  # fmt: skip

    def _seats(self) -> RowsTable[HouseholdSeat]:
        return RowsTable(
            (
                Column(_("Jour"), lambda s: s.at, lambda at: shown.instant(at)[:10]),
                Column(_("Atelier"), lambda s: s.title, stretch=True),
                Column(_("Qui"), lambda s: s.name),
                Column(_("Présence"), lambda s: _("Date annulée") if s.cancelled else called(s.state)),
            ),
            lambda s: (s.session, s.name), name=_("Ateliers du foyer"), sortable=False,
            empty=_("Aucun atelier. On y inscrit depuis l'écran Suivi."),
        )  # fmt: skip

    def query(self) -> Callable[[], Read]:
        """Return the reading of the page."""
        desk, household = self.desk, self.household
        return lambda: (
            read.household_agenda(desk, household), household_seats(desk, household), household_duties(desk, household),
            read.workers(desk),
        )  # fmt: skip

    def show_read(self, answer: Read) -> None:
        """Show the appointments, the workshops and the undertakings."""
        rows, seats, duties, self.workers = answer
        self.fill(self.table, rows)
        self.fill(self.seats, seats)
        self.duties.setText("\n".join(map(duty_told, duties)))
        self.duties.setVisible(bool(duties))
        self._on_chosen(self.table.current)

    def first_field(self) -> QWidget:
        """Return the list."""
        return self.table

    @Slot(object)
    def _on_chosen(self, r: AgendaRow | None) -> None:
        enabled_by(r is not None and r.state is AppointmentState.PLANNED, self.change, self.slip)
        enabled_by(r is not None, self.outcome)

    def _whom(self) -> Whom:
        return Whom(self.household, f"{self.head.holder} · {self.head.number}" if self.head is not None else "")

    @Slot()
    def _on_give(self) -> None:
        # The person who received last, for an account that does not receive.
        seen = (r for r in self.table.rows_model.rows if r.worker is not None)
        usual = None if self.worker else next((r.worker for r in seen), None)
        self.open_dialog(AppointmentDialog(self, self._whom(), self.workers, usual=usual))

    @Slot()
    def _on_change(self) -> None:
        if self.table.current is not None:
            self.open_dialog(AppointmentDialog(self, self._whom(), self.workers, self.table.current))

    @Slot(object)
    def _on_opened(self, row: AgendaRow) -> None:
        if row.state is AppointmentState.PLANNED:
            self._on_change()
        else:
            self._on_outcome()

    @Slot()
    def _on_outcome(self) -> None:
        if self.table.current is not None:
            self.open_dialog(OutcomeDialog(self, self.table.current))

    @Slot()
    def _on_slip(self) -> None:
        if self.table.current is not None:
            open_slip(self, self.owner, self.table.current)


def duty_told(duty: DutyDone) -> str:
    """Return what is said of an undertaking: « Un atelier par mois : 0 sur 1, du 01/11/2026 au 30/11/2026 – pas encore »."""
    if duty.met is None:
        return _("Engagement : {label}").format(label=duty.obligation.label)
    words = _("fait") if duty.met else _("pas encore")
    return _("Engagement : {label} – {done} sur {wanted}, du {first} au {last} : {words}").format(
        label=duty.obligation.label, done=duty.done, wanted=duty.wanted, first=shown.day(duty.first), last=shown.day(duty.last),
        words=words,
    )  # fmt: skip
