"""A payment made part after part: whatever is pressed, what the window takes is what the till books."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.payments import PURSE_KINDS, Part, Paying, PaymentKind, split_payment
from epicerie_desktop.support.errors import BadInput

CENTS = st.integers(0, 5_000)
PARTS = st.lists(st.tuples(st.sampled_from(PaymentKind), st.integers(-5, 6_000) | st.none()), max_size=12)


@given(due=CENTS, ahead=CENTS, owing=st.none() | CENTS, parts=PARTS)
def test_what_is_taken_from_what_is_ahead_and_left_to_pay_keeps_to_both_limits(
    due: int, ahead: int, owing: int | None, parts: list[tuple[PaymentKind, int | None]]
) -> None:
    paying = Paying(due, ahead, owing_cents=owing)
    for kind, cents in parts:
        if not paying.left_cents:
            break
        asked = paying.most_cents(kind) if cents is None else cents
        try:
            paying = paying.paid(Part(kind, asked))
        except BadInput:
            assert asked <= 0 or (kind is not PaymentKind.CASH and asked > paying.most_cents(kind))
    taken = {k: sum(p.cents for p in paying.parts if p.kind is k) for k in PURSE_KINDS}
    assert taken[PaymentKind.PURSE] <= ahead
    if taken[PaymentKind.SLATE] and owing is not None:
        assert sum(taken.values()) <= owing
    if not paying.left_cents:
        split = split_payment(due, paying.others, paying.tendered_cents)
        assert sum(p.cents for p in split.due) == due
        assert split.change_cents == paying.change_cents
