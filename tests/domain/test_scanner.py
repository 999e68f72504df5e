"""A scanner told by what it types of two known codes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.check_digits import gs1_check_is_right
from epicerie_desktop.domain.codes import decode
from epicerie_desktop.domain.scanner import TEST_EAN, Finding, diagnose_article, diagnose_gs1, gs1_raw

GS = "\x1d"


def test_the_codes_of_the_sheet_are_right_and_understood():
    assert gs1_check_is_right(TEST_EAN)
    scan = decode("]C1" + gs1_raw())
    assert (scan.gtin, scan.lot, scan.use_by is not None) == (TEST_EAN, "LOT-A1", True)


@pytest.mark.parametrize(
    ("typed", "entered", "finding", "right"),
    [
        (TEST_EAN, True, Finding.RIGHT, True),
        (f"]E0{TEST_EAN}\r", True, Finding.RIGHT, True),
        (TEST_EAN, False, Finding.NO_ENTER, False),
        ('"èà&é"\'(àà&-', True, Finding.OTHER, False),
        (TEST_EAN.translate(str.maketrans("1234567890", "&é\"'(-è_çà")), True, Finding.KEYBOARD, False),
        (f"A{TEST_EAN}", True, Finding.PREFIX, False),
        (TEST_EAN[2:], True, Finding.CUT, False),
        (TEST_EAN[:12], True, Finding.CUT, False),
        ("bonjour", True, Finding.OTHER, False),
        ("", True, Finding.OTHER, False),
    ],
)
def test_an_article_number_shows_the_keyboard_the_enter_and_what_is_put_before(typed, entered, finding, right):
    told = diagnose_article(typed, entered=entered)
    assert finding in told.findings
    assert told.right == right


@pytest.mark.parametrize(
    ("typed", "finding", "right"),
    [
        ("]C1" + gs1_raw(), Finding.RIGHT, True),
        (GS + gs1_raw(), Finding.RIGHT, True),
        (gs1_raw(), Finding.NO_IDENTIFIER, True),
        ("]d2" + gs1_raw().replace(GS, "^]"), Finding.TYPED_SEPARATOR, True),
        ("]C1" + gs1_raw().replace(GS, ""), Finding.NO_SEPARATOR, False),
        (gs1_raw()[:18], Finding.CUT, False),
        ('à&à"è-à&é"\'(àà&-', Finding.OTHER, False),
    ],
)
def test_a_gs1_message_shows_whether_a_separator_parts_the_lot_from_the_date(typed, finding, right):
    told = diagnose_gs1(typed)
    assert finding in told.findings
    assert told.right == right


def test_a_message_typed_on_the_other_keyboard_is_told_as_such():
    typed = gs1_raw().replace(GS, "").translate(str.maketrans("1234567890-A", "&é\"'(-è_çà)Q"))
    told = diagnose_gs1(typed)
    assert {Finding.KEYBOARD, Finding.NO_SEPARATOR} <= set(told.findings)


@given(st.text(max_size=60))
def test_whatever_is_typed_gets_a_diagnosis(typed):
    json.dumps([diagnose_article(typed).findings, diagnose_gs1(typed).findings])
