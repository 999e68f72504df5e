"""A delivery note in CSV: the same lines however it was saved; a wrong line is told, and nothing but `BadInput` is ever raised."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.delivery_note import Field
from epicerie_desktop.exchange.delivery_file import (
    guessed,
    parse_date,
    parse_decimal,
    plain_code,
    read_lines,
    read_sheet,
)
from epicerie_desktop.support.errors import BadInput

HEADINGS = ("Code EAN", "Désignation", "Quantité", "Poids net (kg)", "DLC", "Lot", "Prix unitaire", "BL")
COLUMNS = {
    Field.CODE: "Code EAN", Field.ARTICLE: "Désignation", Field.PIECES: "Quantité", Field.KILOS: "Poids net (kg)", Field.DATE: "DLC",
    Field.LOT: "Lot", Field.PRICE: "Prix unitaire", Field.SLIP: "BL",
}  # fmt: skip
# What both encodings write, without what a CSV quotes away or a cell loses at its ends.
WORDS = st.text("abcÉéèœç€ ;,\"'/0129", max_size=20).map(lambda t: " ".join(t.split()))


def written(lines: list[tuple[str, ...]], separator: str, encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(lines)
    return out.getvalue().encode(encoding)


@given(
    st.lists(
        st.tuples(WORDS, st.integers(0, 9_999), st.integers(0, 999_999), st.dates(date(2020, 1, 1), date(2039, 12, 31)), st.integers(0, 99_999)),
        min_size=1, max_size=8,
    ),
    st.sampled_from(";,"), st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]), st.sampled_from(",."),
)  # fmt: skip
def test_what_is_written_is_read_whatever_separates_and_however_it_is_encoded(
    rows: list[tuple[str, int, int, date, int]], separator: str, encoding: str, comma: str
) -> None:
    lines = [
        ("0301762042200" + "3", name, str(pieces), f"{grams // 1000}{comma}{grams % 1000:03}", f"{on:%d/%m/%Y}", "L1", f"{cents // 100}{comma}{cents % 100:02}", "A7")
        for name, pieces, grams, on, cents in rows
    ]  # fmt: skip
    sheet = read_sheet(written([HEADINGS, *lines], separator, encoding))
    assert sheet.headings == HEADINGS
    assert guessed(sheet.headings) == COLUMNS
    read = read_lines(sheet, COLUMNS)
    assert [(n.article, n.pieces, n.grams, n.limit_on, n.unit_cents) for n in read] == rows
    assert {(n.code, n.lot, n.slip, n.errors) for n in read} == {("3017620422003", "L1", "A7", ())}


@settings(max_examples=200)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode()), st.permutations(list(Field)))
def test_any_bytes_are_read_or_refused_by_a_sentence(data: bytes, order: list[Field]) -> None:
    try:
        sheet = read_sheet(data)
    except BadInput:
        return
    lines = read_lines(sheet, dict(zip(order, sheet.headings, strict=False)))
    assert [n.number for n in lines] == [number for number, _ in sheet.lines]
    for n in lines:
        assert all(v is None or v >= 0 for v in (n.pieces, n.grams, n.unit_cents, n.ordered))


@given(st.text(max_size=20))
def test_a_date_or_a_number_is_read_or_is_none(typed: str) -> None:
    found = parse_date(typed)
    assert found is None or 2000 <= found[0].year < 2100
    number = parse_decimal(typed)
    assert number is None or number.is_finite()
    assert plain_code(typed).isdecimal() or not plain_code(typed)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("25/11/2026", (date(2026, 11, 25), Precision.DAY)), ("25.11.26", (date(2026, 11, 25), Precision.DAY)),
        ("2026-11-25 00:00:00", (date(2026, 11, 25), Precision.DAY)), ("11/2027", (date(2027, 11, 30), Precision.MONTH)),
        ("02/2028", (date(2028, 2, 29), Precision.MONTH)), ("2027", (date(2027, 12, 31), Precision.YEAR)),
        ("31/02/2026", None), ("13/2027", None), ("demain", None),
    ],
)  # fmt: skip
def test_a_month_lasts_to_its_end(typed: str, found: object) -> None:
    assert parse_date(typed) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [("1\u202f234,5", Decimal("1234.5")), ("12 kg", Decimal(12)), ("2,40 €", Decimal("2.40")), ("1,2,3", None), ("1e3", None)],
)  # fmt: skip
def test_numbers_are_read_as_suppliers_write_them(typed: str, found: object) -> None:
    assert parse_decimal(typed) == found


def test_a_code_that_a_spreadsheet_spoilt_is_no_code() -> None:
    assert plain_code("3,01762E+12") == ""


@pytest.mark.parametrize("data", [b"", b"Article;Poids\r\n", b"a;a\n1;2\n", b"\x00\x01", b"x" * 2_000_001])
def test_what_is_no_note_is_refused_by_a_sentence(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_sheet(data)
