"""Hours as typed, outcomes in the order of time, workers who cannot be in two places, undertakings met or not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.access import CeilingPeriod, Grant
from epicerie_desktop.domain.agenda import AppointmentState, Slot, check_outcome, overlapping, parse_hour
from epicerie_desktop.domain.eligibility.terms import Obligation
from epicerie_desktop.domain.workshops import AttendanceState, Duty, duties_on, duty_of, seats_left
from epicerie_desktop.support.errors import BadInput, RuleRefused

DAY = date(2026, 11, 20)
TEN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GRANT = Grant(1, date(2026, 9, 16), date(2026, 12, 15), 100, ())


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("9", time(9)), ("14h30", time(14, 30)), ("14 h", time(14)), ("08:05", time(8, 5)), ("9.15", time(9, 15))],
)
def test_an_hour_is_read_as_people_write_it(typed: str, hour: time) -> None:
    assert parse_hour(typed) == hour


@pytest.mark.parametrize("typed", ["", "25h", "9h75", "midi", "3h", "22h30", "9h3", "-9"])
def test_what_is_no_hour_or_one_at_night_is_asked_again(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_hour(typed)


@pytest.mark.parametrize(
    ("state", "day", "said"),
    [
        (AppointmentState.KEPT, 1, False), (AppointmentState.KEPT, 0, True), (AppointmentState.MISSED, 0, False),
        (AppointmentState.MISSED, -1, True), (AppointmentState.CANCELLED, -1, False), (AppointmentState.CANCELLED, 0, True),
        (AppointmentState.EXCUSED, -1, True), (AppointmentState.EXCUSED, 1, True), (AppointmentState.PLANNED, -1, True),
    ],
)  # fmt: skip
def test_an_outcome_is_said_in_its_time(state: AppointmentState, day: int, said: bool) -> None:
    """It is nine in the morning, and the appointment is at ten."""
    start = TEN + timedelta(days=day)
    if said:
        check_outcome(state, start, DAY + timedelta(days=day), TEN - timedelta(hours=1), DAY)
    else:
        with pytest.raises(RuleRefused):
            check_outcome(state, start, DAY + timedelta(days=day), TEN - timedelta(hours=1), DAY)


slots = st.builds(
    Slot,
    st.integers(),
    st.sampled_from([None, 1, 2]),
    st.integers(0, 600).map(lambda m: TEN + timedelta(minutes=m)),
    st.integers(5, 120),
)


@given(st.lists(slots, max_size=12, unique_by=lambda s: s.key))
def test_overlaps_are_those_found_by_looking_at_every_pair(found: list[Slot]) -> None:
    pairs = {
        a.key for a in found for b in found
        if a is not b and a.worker is not None and a.worker == b.worker and a.start < b.end and b.start < a.end
    }  # fmt: skip
    assert overlapping(found) == pairs


def test_whoever_gave_notice_frees_a_seat_and_whoever_waits_takes_none() -> None:
    came = [AttendanceState.CAME, AttendanceState.PLANNED, AttendanceState.EXCUSED, AttendanceState.WAITING]
    assert seats_left(3, came) == 1
    assert seats_left(1, came) == 0
    assert seats_left(None, came) is None


def _done(obligation: Obligation, day: date, *came: date) -> tuple[date, date, int, bool | None]:
    found = duties_on(day, GRANT, [obligation], came, [])[0]
    return found.first, found.last, found.done, found.met


def test_a_workshop_a_month_is_met_by_a_workshop_of_that_month_within_the_right() -> None:
    monthly = Obligation("atelier", "Un atelier par mois", 1, CeilingPeriod.MONTH)
    assert _done(monthly, DAY, date(2026, 10, 31)) == (date(2026, 11, 1), date(2026, 11, 30), 0, False)
    assert _done(monthly, DAY, date(2026, 11, 30)) == (date(2026, 11, 1), date(2026, 11, 30), 1, True)
    assert _done(monthly, date(2026, 9, 20), date(2026, 9, 15)) == (date(2026, 9, 16), date(2026, 9, 30), 0, False)
    assert _done(monthly, date(2026, 12, 3))[1] == date(2026, 12, 15), "the month ends with the right"


def test_two_workshops_before_renewal_count_over_the_whole_right() -> None:
    twice = Obligation("ateliers", "Deux ateliers", 2, None, before_renewal=True)
    assert _done(twice, DAY, date(2026, 9, 16), date(2026, 12, 15)) == (GRANT.valid_from, GRANT.valid_until, 2, True)


@pytest.mark.parametrize("period", list(CeilingPeriod))
def test_the_day_asked_lies_in_the_period_of_its_obligation(period: CeilingPeriod) -> None:
    for n in range(90):
        day = GRANT.valid_from + timedelta(days=n)
        first, last, _n, _met = _done(Obligation("workshops", "Ateliers", 1, period), day)
        assert GRANT.valid_from <= first <= day <= last <= GRANT.valid_until


def test_what_no_figure_tells_is_neither_met_nor_missed() -> None:
    garden = Obligation("jardin", "Aider au jardin", 1, CeilingPeriod.MONTH)
    assert duty_of(garden) is Duty.OTHER
    assert _done(garden, DAY)[3] is None
