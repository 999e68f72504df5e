"""The agenda of a week: appointments and workshops in time, walked with the arrows; reception sees when and who, never why."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QWidget

from epicerie_desktop.domain.agenda import AppointmentState
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.queries import agenda as read
from epicerie_desktop.services.queries.agenda import AgendaRow, WorkerRow
from epicerie_desktop.services.queries.counter import FoundHousehold
from epicerie_desktop.services.queries.workshops import SessionRow, list_sessions
from epicerie_desktop.services.support.agenda import calendar_file
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import papers
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.followup.appointment_forms import (
    AppointmentDialog,
    OutcomeDialog,
    Whom,
    open_slip,
    state_tone,
)
from epicerie_desktop.ui.followup.fields import monday_of, short_day
from epicerie_desktop.ui.followup.page import FollowUpPage
from epicerie_desktop.ui.followup.picker import PickDialog
from epicerie_desktop.ui.stock.parts import fit_columns
from epicerie_desktop.ui.support.forms import enabled_by, needed

if TYPE_CHECKING:
    from epicerie_desktop.ui.followup.screen import FollowUpScreen


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A line of the week: an appointment, or a workshop."""

    at: datetime
    day: date
    minutes: int
    who: str
    number: str
    what: str
    with_whom: str
    place: str
    state: str
    appointment: AgendaRow | None = None
    session: SessionRow | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Return what names the line over a refresh."""
        if self.appointment is not None:
            return "appointment", self.appointment.id
        assert self.session is not None
        return "session", self.session.id


def line_of(r: AgendaRow) -> AgendaLine:
    """Return the line of an appointment."""
    told = called(r.state)
    if r.overlaps:
        told = _("{state}, en même temps qu'un autre").format(state=told)
    return AgendaLine(
        r.at, r.day, r.minutes, r.who, r.number, called(r.kind), r.worker_name, r.place, told, appointment=r
    )


def line_of_session(s: SessionRow) -> AgendaLine:
    """Return the line of a workshop."""
    seats = f"{s.seated}/{s.seats}" if s.seats is not None else str(s.seated)
    told = _("Annulé") if s.cancelled else _("{seats} inscrits").format(seats=seats)
    return AgendaLine(s.at, s.day, s.minutes, s.title, "", _("Atelier"), "", s.place, told, session=s)


Read = tuple[tuple[AgendaRow, ...], tuple[SessionRow, ...], tuple[WorkerRow, ...]]


class AgendaPage(FollowUpPage):
    """A week of appointments, of everyone or of one worker."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"appointment", "workshop", "workshop_session", "attendance", "household", "person", "account"}
    )

    def __init__(self, screen: FollowUpScreen) -> None:
        super().__init__(screen)
        self.anchor = self.desk.clock.today()
        self._begun = False
        self.workers: tuple[WorkerRow, ...] = ()
        self.before = ActionButton(_("Avant"), "PgUp", "arrow-left", "quiet")
        self.after = ActionButton(_("Après"), "PgDown", "arrow-right", "quiet")
        self.week = label("", "section", wrap=False)
        self.view = QComboBox()
        self.view.setAccessibleName(_("Jour ou semaine"))
        self.view.addItems([_("La semaine"), _("Le jour")])
        self.whose = QComboBox()
        self.whose.setAccessibleName(_("Agenda de"))
        self.whose.addItem(_("Tout le monde"), None)
        self.table = self._table()
        self.detail = label("", "soft")
        self.keep = ActionButton(_("Fichier agenda"), "F8", "download")
        self.slip = ActionButton(_("Papier"), "F9", "printer")
        self.outcome = ActionButton(_("Suite"), "F7", "check")
        self.change = ActionButton(_("Déplacer"), "F6", "pencil")
        self.give = ActionButton(_("Donner un rendez-vous"), "F3", "plus", "primary")
        self.lines.addWidget(Wrapped(self.before, self.after, self.week, self.view, self.whose))
        self.lines.addWidget(self.table, 1)
        self.lines.addWidget(self.detail)
        self.foot(self.keep, self.slip, self.outcome, self.change, self.give)
        self._connect()
        self._on_chosen(None)

    def _table(self) -> RowsTable[AgendaLine]:
        today = self.desk.clock.today()
        return RowsTable(
            (
                Column(_("Jour"), lambda n: n.day, short_day, tone=lambda n: "primary" if n.day == today else None),
                Column(_("Heure"), lambda n: n.at, shown.hour, "right", bold=True),
                Column(_("Durée"), lambda n: n.minutes, shown.duration, "right"),
                Column(_("Qui"), lambda n: n.who, stretch=True),
                Column(_("Foyer"), lambda n: n.number),
                Column(_("Rendez-vous"), lambda n: n.what),
                Column(_("Avec"), lambda n: n.with_whom),
                Column(_("État"), lambda n: n.state, tone=_tone),
            ),
            lambda n: n.key, name=_("Agenda"), empty=_("Rien n'est prévu."), sortable=False,
        )  # fmt: skip

    def _connect(self) -> None:
        self.before.clicked.connect(self._on_before)
        self.after.clicked.connect(self._on_after)
        self.view.currentIndexChanged.connect(self._on_view)
        self.whose.currentIndexChanged.connect(self._on_view)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.give.clicked.connect(self._on_give)
        self.change.clicked.connect(self._on_change)
        self.outcome.clicked.connect(self._on_outcome)
        self.slip.clicked.connect(self._on_slip)
        self.keep.clicked.connect(self._on_keep)

    # -- reading -------------------------------------------------------------------------------------------------------

    @property
    def by_day(self) -> bool:
        """Return whether one day is shown, rather than its week."""
        return self.view.currentIndex() == 1

    @property
    def span(self) -> tuple[date, date]:
        """Return the first and the last day shown."""
        monday = monday_of(self.anchor)
        return (self.anchor, self.anchor) if self.by_day else (monday, monday + timedelta(days=6))

    def query(self) -> Callable[[], Read]:
        """Return the reading of the days shown."""
        desk, (first, last), whose = self.desk, self.span, self.whose.currentData()
        return lambda: (read.agenda(desk, first, last, whose), list_sessions(desk, first, last), read.workers(desk))

    def show_read(self, answer: Read) -> None:
        """Show the days, today's first line chosen at first."""
        rows, sessions, self.workers = answer
        first, last = self.span
        self.week.setText(_("Du {first} au {last}").format(first=f"{first:%d/%m}", last=shown.day(last)))
        self._show_workers()
        lines = [*map(line_of, rows), *map(line_of_session, sessions)]
        lines.sort(key=lambda n: n.at)
        self.table.set_rows(lines)
        self.table.size_columns()
        today = next((n for n in lines if n.day >= self.desk.clock.today()), None)
        if not self._begun and today is not None:
            self.table.choose(today.key)
        self._begun = self._begun or bool(lines)
        self.fit()
        self._on_chosen(self.table.current)

    def fit(self) -> None:
        """Keep room for the names: the length, then who receives, go first."""
        fit_columns(self.table, (2, 6), 170)

    def _show_workers(self) -> None:
        known = [self.whose.itemData(i) for i in range(1, self.whose.count())]
        if known == [w.id for w in self.workers]:
            return
        chosen = self.whose.currentData()
        self.whose.blockSignals(True)
        self.whose.clear()
        self.whose.addItem(_("Tout le monde"), None)
        for worker in self.workers:
            self.whose.addItem(worker.name, worker.id)
        self.whose.setCurrentIndex(max(0, self.whose.findData(chosen)))
        self.whose.blockSignals(False)

    def first_field(self) -> QWidget:
        """Return the list."""
        return self.table

    def key_made(self, made: int) -> Hashable:
        """Return the key of an appointment just written."""
        return "appointment", made

    @Slot()
    def _on_before(self) -> None:
        self._go(-1)

    @Slot()
    def _on_after(self) -> None:
        self._go(1)

    def _go(self, by: int) -> None:
        self.anchor += timedelta(days=by if self.by_day else 7 * by)
        self.refresh()

    @Slot()
    def _on_view(self) -> None:
        self.refresh()

    # -- gestures ------------------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> AgendaRow | None:
        """Return the appointment chosen, None for a workshop or nothing."""
        line = self.table.current
        return line.appointment if line is not None else None

    @Slot(object)
    def _on_chosen(self, line: AgendaLine | None) -> None:
        r = line.appointment if line is not None else None
        enabled_by(r is not None and not r.locked and r.state is AppointmentState.PLANNED, self.change, self.slip)
        enabled_by(r is not None and not r.locked, self.outcome)
        parts = [line.place] if line is not None and line.place else []
        if r is not None and r.about:
            parts.append(r.about.replace("\n", " "))
        self.detail.setText("  ·  ".join(parts))
        self.detail.setVisible(bool(parts))

    @Slot(object)
    def _on_opened(self, line: AgendaLine) -> None:
        if line.appointment is None:
            self.owner.show_page("workshops")
        elif not line.appointment.locked:
            self.owner.go("support", household=line.appointment.household, page="appointments", back="followup")

    @Slot()
    def _on_give(self) -> None:
        self.open_dialog(PickDialog(self, _("Donner un rendez-vous à quel foyer ?"), self._give_to))

    def _give_to(self, found: FoundHousehold) -> None:
        today = self.desk.clock.today()
        line = self.table.current
        day = line.day if line is not None and line.day >= today else max(today, self.span[0])
        whom = Whom(found.id, f"{found.holder} · {found.number}")
        self._ask_when(AppointmentDialog(self, whom, self.workers, day=day, usual=self.whose.currentData()))

    def _ask_when(self, dialog: AppointmentDialog) -> None:
        dialog.then = lambda _given: self._go_to(needed(dialog.day))
        self.open_dialog(dialog)

    def _go_to(self, day: date) -> None:
        """Show the days of an appointment just written, so that its paper is one key away."""
        first, last = self.span
        if not first <= day <= last:
            self.anchor = day
            self.refresh()

    @Slot()
    def _on_change(self) -> None:
        r = self.chosen
        if r is not None:
            self._ask_when(AppointmentDialog(self, Whom(r.household, f"{r.who} · {r.number}"), self.workers, r))

    @Slot()
    def _on_outcome(self) -> None:
        if self.chosen is not None:
            self.open_dialog(OutcomeDialog(self, self.chosen))

    @Slot()
    def _on_slip(self) -> None:
        if self.chosen is not None:
            open_slip(self, self.owner, self.chosen)

    @Slot()
    def _on_keep(self) -> None:
        first, last = self.span
        name = _("agenda-{first}").format(first=first.isoformat())
        make = partial(calendar_file, self.desk, first, last, self.whose.currentData())
        papers.offer_calendar(self.owner, make, name, self._on_kept)

    def _on_kept(self) -> None:
        self.tell(_("Le fichier est écrit. Il ne porte ni nom, ni numéro, ni motif : ouvrez-le dans votre agenda."))


def _tone(line: AgendaLine) -> str | None:
    if line.appointment is None:
        return None
    return "ask" if line.appointment.overlaps else state_tone(line.appointment.state)
