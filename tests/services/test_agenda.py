"""Appointments from the day they are given to what became of them, and the file a diary opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import text

from epicerie_desktop.domain.agenda import AppointmentKind, AppointmentState
from epicerie_desktop.persistence.models import Household, ReservedTo
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import agenda as read
from epicerie_desktop.services.support import agenda
from epicerie_desktop.services.support.agenda import AppointmentForm
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused, Stale
from tests.conftest import TODAY
from tests.services.conftest import SmallShop

PARIS = ZoneInfo("Europe/Paris")
TOMORROW = TODAY + timedelta(days=1)


def form(shop: SmallShop, **more: object) -> AppointmentForm:
    given = AppointmentForm(shop.household, TOMORROW, time(14, 30), worker=shop.desk.actor.id, about="dette de loyer")
    return replace(given, **more)  # type: ignore[arg-type]


def only(desk: Desk, household: int) -> read.AgendaRow:
    (row,) = read.household_agenda(desk, household)
    return row


def without_key(desk: Desk) -> Desk:
    return replace(desk, social_key=None)


def at(desk: Desk, day: date, hour: int) -> Desk:
    return replace(desk, clock=FrozenClock.on(day, hour))


def test_an_appointment_is_given_moved_then_kept(small_shop: SmallShop) -> None:
    desk, shop = small_shop.desk, small_shop
    made = agenda.save_appointment(desk, form(shop))
    assert made.overlaps == ()
    agenda.save_appointment(desk, form(shop, id=made.id, version=1, hour=time(9), place="Salle du bas"))
    row = only(desk, shop.household)
    assert (row.day, row.hour, row.place, row.about) == (TOMORROW, time(9), "Salle du bas", "dette de loyer")
    with pytest.raises(RuleRefused, match="à venir"):
        agenda.note_outcome(desk, made.id, AppointmentState.KEPT, 2)
    agenda.note_outcome(at(desk, TOMORROW, 9), made.id, AppointmentState.KEPT, 2)
    assert only(desk, shop.household).state is AppointmentState.KEPT
    with pytest.raises(RuleRefused, match="déjà sa suite"):
        agenda.save_appointment(desk, form(shop, id=made.id, version=3))


def test_reception_sees_when_and_who_by_initial_and_never_why(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    made = agenda.save_appointment(desk, form(small_shop))
    seen = only(without_key(desk), small_shop.household)
    assert (seen.who, seen.about, seen.number) == ("Fátima D.", "", "1-0001")
    assert "Almeida" not in repr(read.agenda(without_key(desk), TOMORROW, TOMORROW))
    moved = replace(form(small_shop), id=made.id, version=1, hour=time(10), about=None)
    agenda.save_appointment(without_key(desk), moved)
    assert only(desk, small_shop.household).about == "dette de loyer", "moved by reception, the subject stays sealed"
    with pytest.raises(RuleRefused, match="réservée"):
        agenda.save_appointment(without_key(desk), form(small_shop))
    with desk.db.read() as session:
        told = session.execute(text("SELECT group_concat(body) FROM journal")).scalar_one()
    assert "loyer" not in told


def test_a_reserved_file_is_only_a_taken_hour_for_the_others(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    agenda.save_appointment(desk, form(small_shop, place="chez Fátima"))
    with desk.db.write() as session:
        session.get_one(Household, small_shop.household).reserved = True
    (seen,) = read.agenda(desk, TOMORROW, TOMORROW)
    assert (seen.locked, seen.number, seen.place, seen.about) == (True, "", "", "")
    with pytest.raises(RuleRefused):
        agenda.save_appointment(desk, form(small_shop))
    with desk.db.write() as session:
        session.add(ReservedTo(household_id=small_shop.household, account_id=desk.actor.id))
    assert read.agenda(desk, TOMORROW, TOMORROW)[0].about == "dette de loyer"


def test_two_at_the_same_time_are_told_not_refused(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    first = agenda.save_appointment(desk, form(small_shop))
    assert agenda.overlaps(desk, form(small_shop, hour=time(15))) != ()
    assert agenda.overlaps(desk, form(small_shop, hour=time(15, 15))) == (), "end to end"
    second = agenda.save_appointment(desk, form(small_shop, hour=time(15)))
    assert [o.astimezone(PARIS).time() for o in second.overlaps] == [time(14, 30)]
    assert {r.id for r in read.agenda(desk, TOMORROW, TOMORROW) if r.overlaps} == {first.id, second.id}
    agenda.note_outcome(desk, first.id, AppointmentState.CANCELLED, 1)
    assert not any(r.overlaps for r in read.agenda(desk, TOMORROW, TOMORROW))


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": TODAY - timedelta(days=1)}, {"day": TODAY + timedelta(days=800)}, {"hour": time(3)}, {"minutes": 0},
        {"place": "x" * 81}, {"about": "2 85 03 15 187 001 23"}, {"worker": 99},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_kept(small_shop: SmallShop, wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        agenda.save_appointment(small_shop.desk, form(small_shop, **wrong))
    assert read.household_agenda(small_shop.desk, small_shop.household) == ()


def test_the_second_to_save_is_told(small_shop: SmallShop) -> None:
    made = agenda.save_appointment(small_shop.desk, form(small_shop))
    agenda.save_appointment(small_shop.desk, form(small_shop, id=made.id, version=1, hour=time(9)))
    with pytest.raises(Stale):
        agenda.note_outcome(small_shop.desk, made.id, AppointmentState.EXCUSED, 1)


def test_the_calendar_file_opens_elsewhere_at_the_right_hour_and_tells_no_one(small_shop: SmallShop) -> None:
    """Clocks go back on 25 October 2026: ten o'clock stays ten o'clock on both sides."""
    desk = at(small_shop.desk, date(2026, 10, 20), 9)
    before, after = date(2026, 10, 24), date(2026, 10, 26)
    agenda.save_appointment(desk, form(small_shop, day=before, hour=time(10), place="12 rue du Breuil"))
    agenda.save_appointment(desk, form(small_shop, day=after, hour=time(10), place="chez M. Crèvecoeur"))
    home = form(small_shop, day=after, hour=time(16), kind=AppointmentKind.HOME_VISIT, place="3 place d'Armes")
    gone = agenda.save_appointment(desk, home)
    agenda.note_outcome(desk, gone.id, AppointmentState.CANCELLED, 1)
    data = agenda.calendar_file(desk, before, after)
    events = list(Calendar.from_ical(data).walk("VEVENT"))
    assert [e["DTSTART"].dt.astimezone(PARIS).replace(tzinfo=None) for e in events] == [
        datetime(2026, 10, 24, 10), datetime(2026, 10, 26, 10), datetime(2026, 10, 26, 16),
    ]  # fmt: skip
    assert [e["DTSTART"].dt.utcoffset() for e in events] == [timedelta(hours=h) for h in (2, 1, 1)]
    assert [e.get("LOCATION", "") for e in events] == ["12 rue du Breuil", "", ""]
    assert [str(e["STATUS"]) for e in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert str(events[0]["SUMMARY"]) == "Rendez-vous épicerie\xa0: suivi"
    written = data.decode().lower()
    for word in ("almeida", "crèvec", "fátima", "fatima", "1-0001", "loyer", "armes"):
        assert word not in written
