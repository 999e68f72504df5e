"""The questions about an appointment: when and with whom, what became of it, the slip to hand over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial

from epicerie_desktop.domain.agenda import AppointmentKind, AppointmentState
from epicerie_desktop.services.queries.agenda import AgendaRow, WorkerRow
from epicerie_desktop.services.support import agenda, slips
from epicerie_desktop.services.support.agenda import AppointmentForm, Given
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.followup.fields import HourField, MinutesField, WorkerBox
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.support.forms import CodeBox, OfficeDialog, needed, words_field
from epicerie_desktop.ui.support.page import OfficePage

_MINUTES = 45


@dataclass(frozen=True, slots=True)
class Whom:
    """The household an appointment is for, as the question names it."""

    household: int
    name: str


class AppointmentDialog(OfficeDialog):
    """Give an appointment, or move and change one; two at the same time are told while typing, never refused."""

    def __init__(
        self, page: OfficePage, whom: Whom, workers: Sequence[WorkerRow], row: AgendaRow | None = None, day: date | None = None,
        usual: int | None = None,
    ) -> None:  # fmt: skip
        title = _("Donner un rendez-vous") if row is None else _("Changer ce rendez-vous")
        super().__init__(page, title, _("Enregistrer"), whom.name)
        self.setMinimumWidth(720)
        self.whom, self.row, self._workers = whom, row, workers
        self.done_text = _("Le rendez-vous est noté.")
        self.day = DayField(row.day if row else day or page.desk.clock.today())
        self.hour = HourField(row.hour if row else None)
        self.minutes = MinutesField(row.minutes if row else _MINUTES)
        self.kind = CodeBox(list(AppointmentKind), row.kind if row else AppointmentKind.FOLLOW_UP)
        # A reception account gives appointments for others: itself is the last one to be proposed, and to be printed.
        receives = row.worker if row else usual or (page.desk.actor.id if page.worker else None)
        self.with_whom = WorkerBox(workers, receives, _("Personne en particulier"))
        self.place = FieldFrame(message=False)
        self.place.line.setText(row.place if row else "")
        self.overlap = Notice("warn", parent=self)
        self.add_side_by_side((_("Jour"), self.day), (_("Heure"), self.hour), (_("Durée"), self.minutes))
        self.body.addWidget(self.overlap)
        self.add_side_by_side((_("Rendez-vous"), self.kind), (_("Avec"), self.with_whom))
        self.add(_("Lieu"), self.place)
        self.about = (
            self.add(
                _("Objet (lu par les travailleurs sociaux seulement)"), words_field(row.about if row else "", lines=2)
            )
            if page.worker
            else None
        )
        self.ready()
        for field in (self.day, self.hour, self.minutes):
            field.changed.connect(self._look)
        self.with_whom.currentIndexChanged.connect(self._look)
        (self.day if row is None or row.state is AppointmentState.PLANNED else self.place).setFocus()

    def _form(self, day: date, hour: time, minutes: int) -> AppointmentForm:
        row, about = self.row, self.about
        return AppointmentForm(
            self.whom.household, day, hour, self.kind.chosen, minutes, self.place.text, self.with_whom.worker,
            None if about is None else about.text, row.id if row else None, row.version if row else None,
        )  # fmt: skip

    def _look(self) -> None:
        day, hour, minutes = self.day.value, self.hour.value, self.minutes.value
        if day is None or hour is None or minutes is None or self.with_whom.worker is None:
            self.overlap.tell("warn", "")
            return
        form = self._form(day, hour, minutes)
        self.page.ask(partial(agenda.overlaps, self.page.desk, form), self._show_overlaps, key="overlaps")

    def _show_overlaps(self, found: tuple[datetime, ...]) -> None:
        if self.page.dialog is self:
            self.overlap.tell("warn", overlap_told(found, self.with_whom.currentText()))

    def gesture(self) -> Callable[[], Given]:
        """Return the writing of the appointment."""
        form = self._form(needed(self.day), needed(self.hour), needed(self.minutes))
        return partial(agenda.save_appointment, self.page.desk, form)

    def made(self, answer: object) -> int | None:
        """Return the id of the appointment."""
        return answer.id if isinstance(answer, Given) else None


def overlap_told(found: Sequence[datetime], worker: str) -> str:
    """Return what is said where a worker is already taken, nothing where they are free."""
    if not found:
        return ""
    hours = ", ".join(shown.hour(at) for at in found)
    return _("{worker} reçoit déjà à {hours}. Vous pouvez garder les deux.").format(worker=worker, hours=hours)


class OutcomeDialog(OfficeDialog):
    """What became of an appointment; kept is proposed first."""

    def __init__(self, page: OfficePage, row: AgendaRow) -> None:
        when = _("{day} à {hour}").format(day=shown.long_day(row.day), hour=shown.hour(row.hour))
        super().__init__(page, _("Qu'est devenu ce rendez-vous ?"), _("Noter"), f"{row.who} · {when}")
        self.row = row
        others = [s for s in AppointmentState if s is not AppointmentState.PLANNED]
        if row.day > page.desk.clock.today():  # still to come: it was called off, by one or by the other
            others.sort(key=lambda s: s in (AppointmentState.KEPT, AppointmentState.MISSED))
        self.state = CodeBox([*others, AppointmentState.PLANNED], row.state if row.state in others else None)
        self.done_text = _("La suite du rendez-vous est notée.")
        self.add(_("Ce rendez-vous"), self.state)
        self.ready()

    def gesture(self) -> Callable[[], None]:
        """Return the writing of the outcome."""
        return partial(agenda.note_outcome, self.page.desk, self.row.id, self.state.chosen, self.row.version)


class SlipDialog(OfficeDialog):
    """The slip to hand over: what to bring, a line a paper, as the household will read it."""

    keeps_words = False

    def __init__(self, page: OfficePage, screen: Screen, row: AgendaRow, bring: Sequence[str]) -> None:
        text = _("Le papier ne porte ni nom, ni motif. Changez la liste si besoin : une ligne par papier.")
        super().__init__(page, _("Papier du rendez-vous"), _("Voir le papier"), text)
        self.row = row
        self.bring = self.add(_("À apporter"), words_field("\n".join(bring), lines=7))
        self.ready()
        self.then = lambda lines: _look_at_slip(screen, row, lines)

    def gesture(self) -> Callable[[], object]:
        """Return the lines to print: nothing is written."""
        lines = tuple(line.strip() for line in self.bring.text.splitlines() if line.strip())
        return lambda: lines


def _look_at_slip(screen: Screen, row: AgendaRow, lines: object) -> None:
    assert isinstance(lines, tuple)
    name = _("rendez-vous-foyer-{number}").format(number=row.number)
    look_at(screen, partial(slips.appointment_slip_pdf, screen.desk, row.id, lines), _("Papier du rendez-vous"), name)


def open_slip(page: OfficePage, screen: Screen, row: AgendaRow) -> None:
    """Read what to bring to an appointment, then ask before the slip is shown."""
    page.ask(
        partial(slips.papers_for, page.desk, row.id),
        lambda bring: page.open_dialog(SlipDialog(page, screen, row, bring)),
        key="slip",
    )


def state_tone(state: AppointmentState) -> str | None:
    """Return the colour of a state in a list, always beside its word."""
    return {
        AppointmentState.KEPT: "ok", AppointmentState.MISSED: "no", AppointmentState.EXCUSED: "ask",
        AppointmentState.CANCELLED: "ink_soft",
    }.get(state)  # fmt: skip
