"""Weights and amounts: what is printed can be typed back, what is doubtful is refused, what is shared adds up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from epicerie_desktop.domain.units import (
    MAX_CENTS,
    MAX_GRAMS,
    parse_cents,
    parse_count,
    parse_grams,
    rounded_tonnes,
    share_of,
    split_evenly,
    value_of,
)
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput


@given(st.integers(0, MAX_CENTS))
def test_an_amount_printed_is_an_amount_typed(cents: int) -> None:
    for text in (
        shown.money(cents),
        shown.plain_money(cents),
        f"{cents // 100}.{cents % 100:02d}",
        f" {cents / 100:.2f} € ",
    ):
        assert parse_cents(text) == cents


@given(st.integers(1, MAX_GRAMS))
def test_a_weight_printed_is_a_weight_typed(grams: int) -> None:
    for text in (shown.kilos(grams), shown.plain_kilos(grams), f"{grams / 1000:.3f}", f"{grams} g", f"{grams}G"):
        assert parse_grams(text) == grams
    assert parse_grams(str(grams), default_unit="g") == grams


@pytest.mark.parametrize(
    "typed",
    ["1,2.5", "1.2.5", "", ",", "-", "1,25O", "3 50", "12 34,5", "1 2345", "1'250", "0x10", "1e3", "١٢", "½", "∞", "nan", "--1",
     "1,", "9" * 5000 + ",5", "1/2", "+", "1,250 lb"],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_what_was_typed(typed: str) -> None:
    for parse in (parse_cents, parse_grams):
        if typed == "1,":
            assert parse(typed) in (100, 1000)
            continue
        with pytest.raises(BadInput) as refused:
            parse(typed)
        assert "Tapez" in str(refused.value) or "tapez" in str(refused.value)


@pytest.mark.parametrize("code", ["3017620422003", "12345670", "2112345012504", "0" * 14])
def test_a_barcode_scanned_in_a_field_is_recognised_as_one(code: str) -> None:
    for parse in (parse_cents, parse_grams):
        with pytest.raises(BadInput, match="code-barres"):
            parse(code)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("0,005", "deux décimales"),
        ("1," + "0" * 30 + "1", "deux décimales"),
        ("-1", "négatif"),
        ("10000,01", "trop grand"),
    ],
)
def test_an_amount_out_of_bounds_is_told_why(typed: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        parse_cents(typed)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("0", "zéro"),
        ("0,000", "zéro"),
        ("-1,2", "zéro"),
        ("1,2505", "gramme"),
        ("0,5 g", "gramme"),
        ("5000,001", "trop lourd"),
        ("5000001g", "trop lourd"),
    ],
)
def test_a_weight_out_of_bounds_is_told_why(typed: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        parse_grams(typed)


@given(st.text(max_size=30) | st.from_regex(r"[-+ 0-9.,€kg\u00a0\u202f]{0,20}", fullmatch=True))
def test_no_text_breaks_a_parser(text: str) -> None:
    for parse, most in ((parse_cents, MAX_CENTS), (parse_grams, MAX_GRAMS), (parse_count, 999)):
        try:
            found = parse(text)
        except BadInput:
            continue
        assert 0 <= found <= most


@pytest.mark.parametrize("typed", ["0", "1000", "-1", "1,5", "٣", "1" * 30, "", "3 0"])
def test_a_number_of_pieces_goes_from_one_to_its_most(typed: str) -> None:
    assert parse_count(" 999 ") == 999
    with pytest.raises(BadInput):
        parse_count(typed)


@given(st.integers(0, MAX_GRAMS), st.integers(0, MAX_CENTS), st.integers(0, 1000))
def test_values_and_shares_are_rounded_once_half_up(grams: int, cents: int, permille: int) -> None:
    for found, number in (
        (value_of(grams, cents), Decimal(grams * cents)),
        (share_of(cents, permille), Decimal(cents * permille)),
    ):
        assert found == int((number / 1000).quantize(Decimal(1), ROUND_HALF_UP))
        assert value_of(-grams, cents) == -value_of(grams, cents), "a cancellation gives back what was taken"


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_what_is_shared_adds_up_and_each_part_is_nearest(total: int, weights: list[int]) -> None:
    assume(any(weights))
    parts = split_evenly(total, tuple(weights))
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)
        assert part >= 0
        assert weight or not part, "what has no weight carries nothing"


@given(st.integers(-(10**6), -1), st.lists(st.integers(1, 100), min_size=1, max_size=5))
def test_a_negative_total_is_shared_too(total: int, weights: list[int]) -> None:
    assert sum(split_evenly(total, tuple(weights))) == total


def test_tonnes_of_a_published_balance_are_rounded_half_up() -> None:
    assert [str(rounded_tonnes(g)) for g in (10_000_000, 9_950_000, 9_949_999, 0)] == ["10.0", "10.0", "9.9", "0.0"]
