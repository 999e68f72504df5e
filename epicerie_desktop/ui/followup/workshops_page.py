"""Workshops: dates on the left, those put down on the right; who came is said by a letter a line, then kept by F12."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.workshops import AttendanceState
from epicerie_desktop.services.queries.counter import FoundHousehold
from epicerie_desktop.services.queries.workshops import (
    MemberRow,
    SeatRow,
    SessionRow,
    WorkshopRow,
    list_sessions,
    list_workshops,
    members_to_seat,
    seats_of,
)
from epicerie_desktop.services.support import slips, workshops
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.layout import column, label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.followup.fields import short_day
from epicerie_desktop.ui.followup.page import FollowUpPage
from epicerie_desktop.ui.followup.picker import PickDialog
from epicerie_desktop.ui.followup.workshop_forms import SeatDialog, SessionDialog, WorkshopDialog
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.stock.parts import fit_columns
from epicerie_desktop.ui.support.forms import ConfirmDialog, enabled_by

if TYPE_CHECKING:
    from epicerie_desktop.ui.followup.screen import FollowUpScreen

_BACK, _AHEAD = timedelta(days=45), timedelta(days=180)
_KEYS = {
    Qt.Key.Key_P: AttendanceState.CAME,
    Qt.Key.Key_A: AttendanceState.MISSED,
    Qt.Key.Key_E: AttendanceState.EXCUSED,
    Qt.Key.Key_I: AttendanceState.PLANNED,
}
"""Présent, Absent, Excusé, Inscrit: the letter typed on a line; the next line follows."""

_HINT = N_("Sur la liste : P présent, A absent, E excusé, I inscrit.")
_LOCKED = N_("Dossier réservé à d'autres : eux seuls notent cette présence. Passez à la ligne suivante.")
Read = tuple[tuple[SessionRow, ...], tuple[WorkshopRow, ...]]


class WorkshopsPage(FollowUpPage):
    """Nothing said of who came is lost on the way: leaving with a sheet not kept is asked about."""

    tables: ClassVar[frozenset[str]] = frozenset({"workshop", "workshop_session", "attendance", "household", "person"})

    def __init__(self, screen: FollowUpScreen) -> None:
        super().__init__(screen)
        self.subjects: tuple[WorkshopRow, ...] = ()
        self.said: dict[int, AttendanceState] = {}
        """What was said of the persons of the date shown, not yet kept."""
        self.shown: SessionRow | None = None
        self.sessions = self._sessions()
        self.seats = self._seats()
        self.headline = label("", "section")
        self.detail = label("", "soft")
        self._begun = False
        self.hint = label(_(_HINT), "small")
        self.subject_button = ActionButton(_("Nouvel atelier"), "F4", "plus")
        self.date_button = ActionButton(_("Nouvelle date"), "F3", "calendar-days")
        self.change_button = ActionButton(_("Modifier"), "F6", "pencil")
        self.off_button = ActionButton(_("Annuler la date"), "F8", "ban")
        self.put_button = ActionButton(_("Inscrire"), "F7", "user-plus")
        self.take_button = ActionButton(_("Retirer"), "Del", "minus")
        self.sheet_button = ActionButton(_("Feuille à signer"), "F9", "printer")
        self.keep_button = ActionButton(_("Enregistrer les présences"), "F12", "save", "primary")
        self._lay_out()
        self._connect()
        self._on_session(None)

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        dates = Wrapped(self.subject_button, self.date_button, self.change_button, self.off_button)
        left.setLayout(column(self.sessions, dates))
        words = column(self.headline, self.detail, spacing=0)
        right.setLayout(column(words, self.seats, self.hint, Wrapped(self.put_button, self.take_button)))
        sides = row(left, right, spacing=20)
        sides.setStretch(0, 6)
        sides.setStretch(1, 5)
        self.lines.addLayout(sides, 1)
        self.foot(self.sheet_button, self.keep_button)

    def _sessions(self) -> RowsTable[SessionRow]:
        return RowsTable(
            (
                Column(_("Jour"), lambda s: s.day, short_day),
                Column(_("Heure"), lambda s: s.at, shown.hour, "right"),
                Column(_("Atelier"), lambda s: s.title, stretch=True),
                Column(_("Inscrits"), _seated, align="right", tone=_session_tone),
            ),
            lambda s: s.id, name=_("Dates d'ateliers"), sortable=False,
            empty=_("Aucune date d'atelier. F4 ajoute un atelier, F3 lui donne une date."),
        )  # fmt: skip

    def _seats(self) -> RowsTable[SeatRow]:
        return RowsTable(
            (
                Column(_("Nom"), lambda s: s.name, stretch=True),
                Column(_("Foyer"), lambda s: s.number),
                Column(_("Présence"), self._told, tone=self._seat_tone),
            ),
            lambda s: s.person, name=_("Personnes inscrites"), sortable=False,
            empty=_("Personne n'est encore inscrit. F7 inscrit quelqu'un."),
        )  # fmt: skip

    def _connect(self) -> None:
        self.sessions.chosen.connect(self._on_session)
        self.sessions.opened.connect(self._on_session_opened)
        self.seats.installEventFilter(self)
        self.seats.chosen.connect(self._on_seat)
        self.subject_button.clicked.connect(self._on_subject)
        self.date_button.clicked.connect(self._on_date)
        self.change_button.clicked.connect(self._on_change)
        self.off_button.clicked.connect(self._on_off)
        self.put_button.clicked.connect(self._on_put)
        self.take_button.clicked.connect(self._on_take)
        self.sheet_button.clicked.connect(self._on_sheet)
        self.keep_button.clicked.connect(self._on_keep)

    # -- what is said of a person, kept or not -------------------------------------------------------------------------

    def _state(self, seat: SeatRow) -> AttendanceState:
        return self.said.get(seat.person, seat.state)

    def _told(self, seat: SeatRow) -> str:
        told = called(self._state(seat))
        return _("{state} (à enregistrer)").format(state=told) if seat.person in self.said else told

    def _seat_tone(self, seat: SeatRow) -> str | None:
        tones = {AttendanceState.CAME: "ok", AttendanceState.MISSED: "no", AttendanceState.EXCUSED: "ask"}
        return tones.get(self._state(seat))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say what became of the person of a line by one letter, and go to the next line."""
        if watched is self.seats and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            state = _KEYS.get(Qt.Key(event.key()))
            plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            if state is not None and plain and self.seats.current is not None:
                self._say(self.seats.current, state)
                return True
        return super().eventFilter(watched, event)

    def _say(self, seat: SeatRow, state: AttendanceState) -> None:
        self.said.pop(seat.person, None)
        if seat.reserved:
            # Told beneath the list (`_on_seat`): the line stays, and the letter is not taken for the next one.
            return
        if state is not seat.state:
            self.said[seat.person] = state
        model = self.seats.rows_model
        line = model.line_of(seat.person)
        self.seats.set_rows(model.rows)
        self.seats.size_columns()
        if line + 1 < model.rowCount():
            self.seats.setCurrentIndex(model.index(line + 1, 0))
        enabled_by(bool(self.said), self.keep_button)

    def may_leave(self) -> bool:
        """Ask before a sheet said and not kept is dropped."""
        if not self.said:
            return True
        dropped = ask_confirm(
            self.window(), _("Quitter sans enregistrer les présences ?"),
            _("Ce qui vient d'être noté sur cette feuille serait perdu."), _("Quitter sans enregistrer"), _("Rester ici"),
        )  # fmt: skip
        if dropped:
            self._forget()
        return dropped

    def _forget(self) -> None:
        self.said = {}
        self.seats.set_rows(self.seats.rows_model.rows)
        enabled_by(False, self.keep_button)

    # -- reading -------------------------------------------------------------------------------------------------------

    def query(self) -> Callable[[], Read]:
        """Return the reading of the dates and the subjects."""
        desk, today = self.desk, self.desk.clock.today()
        return lambda: (list_sessions(desk, today - _BACK, today + _AHEAD), list_workshops(desk))

    def show_read(self, answer: Read) -> None:
        """Show the dates, today's or the next one chosen at first, and read again who is put down."""
        rows, self.subjects = answer
        self.sessions.set_rows(rows)
        self.sessions.size_columns()
        self.fit()
        if not self._begun and rows:
            self._begun = True
            today = self.desk.clock.today()
            coming = next((s for s in rows if s.day >= today and not s.cancelled), rows[-1])
            self.sessions.choose(coming.id)
        self._on_session(self.sessions.current)

    def choose_made(self, made: int) -> None:
        """Choose a date just written, unless a sheet is being filled: it stays where it is."""
        if not self.said:
            super().choose_made(made)

    def first_field(self) -> QWidget:
        """Return the dates."""
        return self.sessions

    @Slot(object)
    def _on_session(self, s: SessionRow | None) -> None:
        before = self.shown
        if before is not None and self.said and (s is None or s.id != before.id) and not self.may_leave():
            self.sessions.choose(before.id)
            return
        self.shown = s
        live = s is not None and not s.cancelled
        enabled_by(live, self.change_button, self.off_button, self.put_button)
        enabled_by(s is not None, self.sheet_button)
        enabled_by(bool(self.said), self.keep_button)
        self.headline.setText(s.title if s is not None else _("Choisissez une date à gauche."))
        self.detail.setText(_told_when(s) if s is not None else "")
        if s is None or before is None or before.id != s.id:
            self.said = {}
            self.seats.set_rows(())
        if s is not None:
            self.ask(partial(seats_of, self.desk, s.id), self._show_seats, key="seats")
        self._on_seat(self.seats.current)

    def _show_seats(self, rows: tuple[SeatRow, ...]) -> None:
        persons = {r.person for r in rows}
        self.said = {p: s for p, s in self.said.items() if p in persons}
        self.fill(self.seats, rows)
        self._on_seat(self.seats.current)

    def fit(self) -> None:
        """Keep room for the title: the hour goes first, it is told on the right."""
        fit_columns(self.sessions, (1,), 130)

    @Slot(object)
    def _on_seat(self, seat: SeatRow | None) -> None:
        reserved = seat is not None and seat.reserved
        self.hint.setText(_(_LOCKED) if reserved else _(_HINT))
        live = self.shown is not None and not self.shown.cancelled
        enabled_by(seat is not None and live and not reserved, self.take_button)

    @Slot(object)
    def _on_session_opened(self, _session: SessionRow) -> None:
        if self.seats.rows_model.rows:
            self.seats.choose_first()
            self.seats.setFocus()

    # -- gestures ------------------------------------------------------------------------------------------------------

    @Slot()
    def _on_subject(self) -> None:
        self.open_dialog(WorkshopDialog(self))

    @Slot()
    def _on_date(self) -> None:
        self.open_dialog(SessionDialog(self, self.subjects))

    @Slot()
    def _on_change(self) -> None:
        if self.shown is not None:
            self.open_dialog(SessionDialog(self, self.subjects, self.shown))

    @Slot()
    def _on_off(self) -> None:
        s = self.shown
        if s is not None:
            gesture = partial(workshops.call_off, self.desk, s.id, s.version)
            text = _("Les personnes inscrites restent dans la liste, pour pouvoir les prévenir.")
            told = _("La date est annulée.")
            self.open_dialog(ConfirmDialog(self, _("Annuler cette date ?"), text, _("Annuler la date"), gesture, told))

    @Slot()
    def _on_put(self) -> None:
        self.open_dialog(PickDialog(self, _("Inscrire quelqu'un de quel foyer ?"), self._members_of))

    def _members_of(self, found: FoundHousehold) -> None:
        s = self.shown
        if s is None:
            return
        session = s

        def show(members: tuple[MemberRow, ...]) -> None:
            self.open_dialog(SeatDialog(self, session, found, members))

        self.ask(partial(members_to_seat, self.desk, found.id, s.day), show, key="members")

    @Slot()
    def _on_take(self) -> None:
        s, seat = self.shown, self.seats.current
        if s is not None and seat is not None:
            self.said.pop(seat.person, None)
            self.act(partial(workshops.take_off, self.desk, s.id, seat.person))

    @Slot()
    def _on_sheet(self) -> None:
        s = self.shown
        if s is not None:
            name = _("presence-{day}").format(day=s.day.isoformat())
            look_at(self.owner, partial(slips.attendance_sheet_pdf, self.desk, s.id), _("Feuille de présence"), name)

    @Slot()
    def _on_keep(self) -> None:
        s = self.shown
        if s is not None and self.said:
            self.act(partial(workshops.note_attendance, self.desk, s.id, dict(self.said)), self._on_kept)

    def _on_kept(self, _done: None) -> None:
        self.said = {}
        enabled_by(False, self.keep_button)
        self.tell(_("Les présences sont enregistrées."))
        self.refresh()


def _seated(s: SessionRow) -> str:
    if s.cancelled:
        return _("annulé")
    seats = f"{s.seated}/{s.seats}" if s.seats is not None else str(s.seated)
    return f"{seats} (+{s.waiting})" if s.waiting else seats


def _session_tone(s: SessionRow) -> str | None:
    return "ink_soft" if s.cancelled else "ask" if s.full else None


def _told_when(s: SessionRow) -> str:
    return " · ".join(p for p in (shown.long_day(s.day), shown.hour(s.hour), shown.duration(s.minutes), s.place) if p)
