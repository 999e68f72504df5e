"""Closing the till: whatever is entered, in whatever order of days, every ticket is in one day, one month, one year; and payments split."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.cash import DENOMINATIONS, DrawerState, check_difference, counted_cents
from epicerie_desktop.domain.closings import PeriodKind, Ticket, Totals, days_due, longer_due, total_of
from epicerie_desktop.domain.payments import Part, PaymentKind, split_payment
from epicerie_desktop.support.errors import BadInput

FIRST = date(2025, 11, 20)


@st.composite
def tickets(draw: st.DrawFn) -> list[Ticket]:
    found: list[Ticket] = []
    day = FIRST
    for sale in range(1, draw(st.integers(0, 40)) + 1):
        day += timedelta(days=draw(st.sampled_from((0, 0, 0, 1, 2, 40, -1))))
        cents = draw(st.integers(-500, 2_000))
        kind = draw(st.sampled_from(PaymentKind))
        found.append(Ticket(sale, day, cents, cents * 10, abs(cents), cents < 0, {kind: cents}))
    return found


@given(tickets(), st.integers(0, 400))
def test_every_past_ticket_is_in_one_day_one_month_and_one_year_and_none_is_in_two(
    entered: list[Ticket], later: int
) -> None:
    before = FIRST + timedelta(days=later)
    days = days_due(entered, 0, before)
    assert [d.after_sale for d in days] == [0, *(d.up_to_sale for d in days)][: len(days)], (
        "no ticket between two closings"
    )
    closed = entered[: days[-1].up_to_sale] if days else []
    assert sum((d.totals for d in days), Totals()) == total_of(closed)
    assert all(t.day >= before or max(o.day for o in entered[: t.sale]) >= before for t in entered[len(closed) :])
    for kind in (PeriodKind.MONTH, PeriodKind.YEAR):
        longer = longer_due(kind, days, before)
        held = [d for d in days if longer and d.up_to_sale <= longer[-1].up_to_sale]
        assert sum((p.totals for p in longer), Totals()) == sum((d.totals for d in held), Totals())
        assert all(p.ends_on.replace(day=1) < before.replace(day=1) for p in longer), (
            "a period still running stays open"
        )


@given(
    st.integers(0, 10_000),
    st.lists(st.tuples(st.sampled_from(PaymentKind), st.integers(0, 4_000)), max_size=4),
    st.integers(0, 12_000),
)
def test_a_payment_adds_up_to_what_is_due_or_is_refused(
    to_pay: int, others: list[tuple[PaymentKind, int]], cash: int
) -> None:
    parts = [Part(kind, cents) for kind, cents in others]
    try:
        split = split_payment(to_pay, parts, cash)
    except BadInput:
        said = sum(p.cents for p in parts)
        assert any(p.kind is PaymentKind.CASH or not p.cents for p in parts) or said > to_pay or cash < to_pay - said
        return
    assert sum(p.cents for p in split.due) == to_pay
    assert len({p.kind for p in split.due}) == len(split.due)
    assert split.change_cents == split.tendered_cents - split.cash_cents >= 0


@given(st.dictionaries(st.sampled_from(DENOMINATIONS), st.integers(0, 200)))
def test_coins_and_notes_are_worth_what_they_say(counts: dict[int, int]) -> None:
    assert counted_cents(counts) == sum(value * n for value, n in counts.items())


@pytest.mark.parametrize("counts", [{3: 1}, {100: -1}, {100: 10**9}])
def test_a_coin_that_does_not_exist_is_not_counted(counts: dict[int, int]) -> None:
    with pytest.raises(BadInput):
        counted_cents(counts)


def test_a_difference_is_explained_or_the_count_is_taken_again() -> None:
    drawer = DrawerState(50_00, 12_40, -10_00)
    assert drawer.expected_cents == 52_40
    check_difference(drawer.difference(52_40), "")
    with pytest.raises(BadInput, match="recomptez"):
        check_difference(drawer.difference(52_00), "  ")
    check_difference(drawer.difference(52_00), "Une pièce tombée derrière le meuble")
