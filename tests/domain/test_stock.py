"""Which lot leaves: the first to expire, never an expired one, and always all that the bag holds."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.stock import (
    DateKind,
    LotState,
    Origin,
    date_to_read,
    draw,
    first_expired_first,
    only_expired_known,
    serves_alone,
)

DAY = date(2026, 11, 20)


@st.composite
def lots(draw_: st.DrawFn) -> list[LotState]:
    found = []
    for i in range(draw_(st.integers(0, 8))):
        kind = draw_(st.sampled_from(list(DateKind)))
        limit = None if kind is DateKind.NONE else DAY + timedelta(days=draw_(st.integers(-3, 4)))
        received = DAY - timedelta(days=draw_(st.integers(0, 3)))
        found.append(LotState(i + 1, draw_(st.integers(-5, 12)), kind, limit, received, Origin.FOOD_BANK))
    return found


@given(lots(), st.integers(1, 40))
def test_everything_taken_is_booked_and_never_on_an_expired_lot(held: list[LotState], quantity: int) -> None:
    found = draw(held, quantity, DAY)
    by_id = {lot.id: lot for lot in held}
    assert sum(d.quantity for d in found.draws) + found.missing == quantity
    assert all(d.quantity > 0 for d in found.draws)
    assert len({d.lot for d in found.draws}) == len(found.draws)
    assert not any(by_id[d.lot].expired_on(DAY) for d in found.draws)
    assert (found.missing > 0) == (not any(not lot.expired_on(DAY) for lot in held))
    held_enough = sum(max(0, lot.quantity) for lot in held if not lot.expired_on(DAY)) >= quantity
    assert found.below_zero == (not held_enough)


@given(lots(), st.integers(1, 40))
def test_the_first_to_expire_is_emptied_before_the_next_is_opened(held: list[LotState], quantity: int) -> None:
    found = draw(held, quantity, DAY)
    taken = {d.lot: d.quantity for d in found.draws}
    order = [lot for lot in first_expired_first(held, DAY) if lot.quantity > 0]
    assert [lot.limit or date.max for lot in order] == sorted(lot.limit or date.max for lot in order)
    touched = [lot for lot in order if lot.id in taken]
    assert touched == order[: len(touched)]
    assert all(taken[lot.id] >= lot.quantity for lot in touched[:-1])
    if not found.below_zero:
        assert set(taken) == {lot.id for lot in touched}
        assert all(taken[lot.id] <= lot.quantity for lot in touched)


@given(lots(), st.integers(1, 40))
def test_a_lot_that_serves_alone_is_the_one_that_would_have_been_drawn_from(
    held: list[LotState], quantity: int
) -> None:
    alone, found = serves_alone(held, quantity, DAY), draw(held, quantity, DAY)
    if alone is not None:
        assert (list(found.draws), found.missing, found.below_zero) == ([(alone.id, quantity)], 0, False)
        assert not only_expired_known(held, DAY)
    else:
        usable = first_expired_first(held, DAY)
        assert not usable or usable[0].quantity < quantity


@given(lots(), st.integers(1, 40), st.data())
def test_a_lot_named_is_taken_from_alone(held: list[LotState], quantity: int, data: st.DataObject) -> None:
    if not held:
        return
    named = data.draw(st.sampled_from(held))
    found = draw(held, quantity, DAY, named=named.id)
    assert ([(d.lot, d.quantity) for d in found.draws], found.below_zero) == (
        [(named.id, quantity)],
        named.quantity < quantity,
    )


def test_a_use_by_date_forbids_from_the_next_day_and_a_best_before_date_does_not() -> None:
    use_by = LotState(1, 5, DateKind.USE_BY, DAY, DAY, Origin.FOOD_BANK)
    best_before = LotState(2, 5, DateKind.BEST_BEFORE, DAY, DAY, Origin.FOOD_BANK)
    tomorrow = DAY + timedelta(days=1)
    assert (use_by.expired_on(DAY), use_by.expired_on(tomorrow)) == (False, True)
    assert (best_before.expired_on(tomorrow), best_before.past_best_before(DAY), best_before.past_best_before(tomorrow)) == (
        False, False, True,
    )  # fmt: skip
    assert only_expired_known([use_by], tomorrow)
    assert not only_expired_known([use_by, best_before], tomorrow)
    assert not only_expired_known([], tomorrow)
    assert date_to_read([use_by, best_before], tomorrow)
    assert not date_to_read([use_by._replace(quantity=0), best_before], tomorrow)
    assert not date_to_read([best_before], tomorrow)
