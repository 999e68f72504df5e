"""The questions about workshops: a subject, a date, who is put down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtWidgets import QCheckBox, QComboBox

from epicerie_desktop.domain.units import parse_count
from epicerie_desktop.services.nomenclatures import contract_actions
from epicerie_desktop.services.queries.counter import FoundHousehold
from epicerie_desktop.services.queries.workshops import MemberRow, SessionRow, WorkshopRow
from epicerie_desktop.services.support import workshops
from epicerie_desktop.services.support.workshops import MOST_SEATS, SessionForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.followup.fields import HourField, MinutesField
from epicerie_desktop.ui.support.forms import OfficeDialog, needed
from epicerie_desktop.ui.support.page import OfficePage

_MINUTES = 120


class WorkshopDialog(OfficeDialog):
    """Name a subject of workshops, and the action of the contract it counts for, if any."""

    def __init__(self, page: OfficePage) -> None:
        super().__init__(page, _("Nouvel atelier"), _("Enregistrer"))
        self.done_text = _("L'atelier est ajouté : donnez-lui une date.")
        self.title = self.add(_("Titre"), FieldFrame())
        self.action = QComboBox()
        self.action.addItem(_("Aucune"), None)
        for action in contract_actions():
            if action.contract:
                self.action.addItem(action.label, action.code)
        self.add(_("Compte pour l'action du contrat"), self.action)
        self.ready()

    def gesture(self) -> Callable[[], int]:
        """Return the writing of the subject."""
        return partial(workshops.save_workshop, self.page.desk, self.title.text, self.action.currentData())


class SeatsField(ValueField[int]):
    """A number of seats; empty without a limit."""

    def __init__(self, seats: int | None) -> None:
        super().__init__(partial(parse_count, most=MOST_SEATS), str)
        self.line.setPlaceholderText(_("sans limite"))
        self.set_value(seats)


class SessionDialog(OfficeDialog):
    """Give a date to a workshop, or change one."""

    def __init__(
        self, page: OfficePage, subjects: Sequence[WorkshopRow], row: SessionRow | None = None, day: date | None = None
    ) -> None:
        title = _("Nouvelle date d'atelier") if row is None else _("Changer cette date")
        super().__init__(page, title, _("Enregistrer"))
        self.setMinimumWidth(740)
        self.row = row
        self.done_text = _("La date est notée.")
        self.subject = QComboBox()
        for s in subjects:
            self.subject.addItem(s.title, s.id)
        if row is not None:
            self.subject.setCurrentIndex(max(0, self.subject.findData(row.workshop)))
            self.subject.setEnabled(False)
        self.add(_("Atelier"), self.subject)
        self.day = DayField(row.day if row else day or page.desk.clock.today())
        self.hour = HourField(row.hour if row else None)
        self.minutes = MinutesField(row.minutes if row else _MINUTES)
        self.add_side_by_side((_("Jour"), self.day), (_("Heure"), self.hour), (_("Durée"), self.minutes))
        self.place = FieldFrame()
        self.place.line.setText(row.place if row else "")
        self.seats = SeatsField(row.seats if row else None)
        self.add_side_by_side((_("Lieu"), self.place), (_("Places"), self.seats))
        self.ready()
        if row is not None:
            self.day.setFocus()

    def gesture(self) -> Callable[[], int]:
        """Return the writing of the date. Raises `BadInput` where there is no workshop yet."""
        subject = self.subject.currentData()
        if subject is None:
            raise BadInput(N_("Ajoutez d'abord un atelier, puis donnez-lui une date."))
        r = self.row
        form = SessionForm(
            subject, needed(self.day), needed(self.hour), needed(self.minutes), self.place.text, self.seats.value,
            r.id if r else None, r.version if r else None,
        )  # fmt: skip
        return partial(workshops.save_session, self.page.desk, form)

    def made(self, answer: object) -> int | None:
        """Return the id just written."""
        return answer if isinstance(answer, int) else None


class SeatDialog(OfficeDialog):
    """Put a member of a household down for a date."""

    def __init__(self, page: OfficePage, row: SessionRow, found: FoundHousehold, members: Sequence[MemberRow]) -> None:
        text = f"{row.title} · {shown.long_day(row.day)} · {shown.hour(row.hour)}"
        super().__init__(page, _("Inscrire à cette date"), _("Inscrire"), text)
        self.row, self.household = row, found.id
        self.done_text = _("La personne est inscrite.")
        self.person = QComboBox()
        for m in members:
            self.person.addItem(m.name, m.person)
        self.add(_("Qui vient ?"), self.person)
        self.waiting = QCheckBox(_("En attente d'une place"))
        self.waiting.setChecked(row.full)
        self.body.addWidget(self.waiting)
        self.ready()

    def gesture(self) -> Callable[[], None]:
        """Return the writing of the seat. Raises `BadInput` where the household has nobody that day."""
        person = self.person.currentData()
        if person is None:
            raise BadInput(N_("Ce foyer ne compte personne ce jour-là."))
        return partial(
            workshops.put_down,
            self.page.desk,
            self.row.id,
            self.household,
            int(person),
            waiting=self.waiting.isChecked(),
        )
