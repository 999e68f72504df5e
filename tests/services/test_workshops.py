"""Workshops: seats, the waiting list, the sheet of those who came, and what was undertaken of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from epicerie_desktop.domain.workshops import AttendanceState
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import accompaniment
from epicerie_desktop.services.queries import workshops as read
from epicerie_desktop.services.support import workshops
from epicerie_desktop.services.support.workshops import SessionForm
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop

NEXT = TODAY + timedelta(days=5)


@pytest.fixture
def cooking(small_shop: SmallShop) -> int:
    """A session of two seats, tied to the action of social cohesion."""
    subject = workshops.save_workshop(small_shop.desk, "Cuisine de saison", "COHESION")
    return workshops.save_session(small_shop.desk, SessionForm(subject, NEXT, time(14), seats=2))


def then(desk: Desk) -> Desk:
    return replace(desk, clock=FrozenClock.on(NEXT, 17))


def persons(shop: SmallShop) -> list[int]:
    return [m.person for m in read.members_to_seat(shop.desk, shop.household, NEXT)]


def test_beyond_the_seats_one_waits_and_takes_the_seat_that_is_freed(small_shop: SmallShop, cooking: int) -> None:
    desk, home = small_shop.desk, small_shop.household
    first, second, third = persons(small_shop)
    workshops.put_down(desk, cooking, home, first)
    workshops.put_down(desk, cooking, home, second)
    with pytest.raises(RuleRefused, match="plus de place"):
        workshops.put_down(desk, cooking, home, third)
    workshops.put_down(desk, cooking, home, third, waiting=True)
    (row,) = read.list_sessions(desk, NEXT, NEXT)
    assert (row.seated, row.waiting, row.full) == (2, 1, True)
    workshops.take_off(desk, cooking, first)
    workshops.put_down(desk, cooking, home, third)
    with pytest.raises(RuleRefused, match="déjà inscrite"):
        workshops.put_down(desk, cooking, home, third)
    assert {s.person for s in read.seats_of(desk, cooking)} == {second, third}
    with pytest.raises(RuleRefused, match="Plus de personnes"):
        workshops.save_session(desk, SessionForm(row.workshop, NEXT, time(14), seats=1, id=cooking, version=1))


def test_attendance_is_noted_on_the_day_all_or_none_and_the_counter_follows(
    small_shop: SmallShop, cooking: int
) -> None:
    desk, home = small_shop.desk, small_shop.household
    first, second, third = persons(small_shop)
    for person in (first, second):
        workshops.put_down(desk, cooking, home, person)
    came = dict.fromkeys((first, second), AttendanceState.CAME)
    with pytest.raises(RuleRefused, match="pas encore eu lieu"):
        workshops.note_attendance(desk, cooking, came)
    with pytest.raises(RuleRefused):
        workshops.note_attendance(then(desk), cooking, {first: AttendanceState.CAME, third: AttendanceState.CAME})
    assert accompaniment.action_counts(desk, "2026-11", "2026-11") == ()
    workshops.note_attendance(then(desk), cooking, came)
    workshops.note_attendance(then(desk), cooking, {second: AttendanceState.MISSED})
    (counted,) = accompaniment.action_counts(desk, "2026-11", "2026-11")
    assert (counted.action, counted.step_label, counted.steps) == ("COHESION", "Participation à un atelier", 1)
    with pytest.raises(RuleRefused, match="a eu lieu"):
        workshops.call_off(then(desk), cooking, 1)
    with pytest.raises(RuleRefused, match="présente"):
        workshops.take_off(then(desk), cooking, first)
    workshops.note_attendance(then(desk), cooking, {first: AttendanceState.EXCUSED})
    assert accompaniment.action_counts(desk, "2026-11", "2026-11") == ()


def test_only_a_member_of_the_day_is_put_down(small_shop: SmallShop, cooking: int) -> None:
    with pytest.raises(RuleRefused, match="ne fait pas partie"):
        workshops.put_down(small_shop.desk, cooking, small_shop.household, 99)


@pytest.mark.parametrize("wrong", [{"seats": 0}, {"seats": 999}, {"hour": time(2)}, {"day": TODAY - timedelta(days=1)}])
def test_a_date_that_cannot_be_is_refused(small_shop: SmallShop, cooking: int, wrong: dict[str, object]) -> None:
    (row,) = read.list_sessions(small_shop.desk, NEXT, NEXT)
    with pytest.raises(BadInput):
        workshops.save_session(small_shop.desk, replace(SessionForm(row.workshop, NEXT, time(9)), **wrong))  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        workshops.save_workshop(small_shop.desk, "  ")


def test_a_date_called_off_takes_no_one_more(small_shop: SmallShop, cooking: int) -> None:
    workshops.call_off(small_shop.desk, cooking, 1)
    with pytest.raises(RuleRefused, match="annulée"):
        workshops.put_down(small_shop.desk, cooking, small_shop.household, persons(small_shop)[0])
