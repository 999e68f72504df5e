"""A donor's labels, guessed from what is printed on them, and two donors told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.check_digits import gs1_check_digit, measure_check_digit
from epicerie_desktop.domain.layout_guess import Seen, candidates, label_digits
from epicerie_desktop.domain.layouts import Layout, conflicting
from epicerie_desktop.support.errors import BadInput


def label(payload: str) -> str:
    return payload + gs1_check_digit(payload)


@pytest.mark.parametrize(
    ("payload", "seen", "pattern", "step"),
    [
        ("211234500750", {"weight_g": 750}, "21IIIIIWWWWWC", 1),
        ("021234500265", {"price_cents": 265}, "02IIIIIPPPPPC", 1),
        ("240000120075", {"weight_g": 750}, "24IIIIIIIWWWC", 10),
        ("250001200006", {"count": 6}, "25IIIIINNNNNC", 1),
    ],
)
def test_one_label_proposes_its_own_layout_among_the_first(payload, seen, pattern, step):
    found = candidates([Seen(label(payload), **seen)])
    assert Layout(pattern, step=step) in found[:8]


def test_a_second_label_leaves_the_layouts_that_read_both():
    one = candidates([Seen(label("211234500750"), weight_g=750)])
    both = candidates([Seen(label("211234500750"), weight_g=750), Seen(label("215432112345"), weight_g=12_345)])
    assert set(both) < set(one)
    assert both[0] == Layout("21IIIIIWWWWWC")
    assert candidates([Seen(label("211234500750"), weight_g=751)]) == ()


def test_an_inner_check_digit_is_seen_when_it_is_right():
    labels = [
        Seen(label(f"28{item}{measure_check_digit(grams)}{grams}"), weight_g=int(grams))
        for item, grams in (("1234", "00750"), ("9876", "12345"))
    ]
    assert Layout("28IIIIVWWWWWC") in candidates(labels)


@given(st.integers(1, 99_999), st.integers(0, 99_999))
def test_whatever_was_seen_each_candidate_reads_the_label_as_it_was_seen(grams, item):
    seen = Seen(label(f"21{item:05d}{grams:05d}"), weight_g=grams)
    found = candidates([seen])
    assert Layout("21IIIIIWWWWWC") in found
    for layout in found:
        measure = layout.read(seen.digits)
        assert (measure.weight_g, measure.inner_check_right) == (grams, True)


def test_only_a_shop_label_rightly_read_is_taken():
    right = label("211234500750")
    assert label_digits(f" {right}\r") == right
    assert label_digits(f"]E0{right}") == right
    for wrong, words in (
        (right[:-1] + str((int(right[-1]) + 1) % 10), "contrôle"),
        ("3017620422003", "commerce"),
        ("bonjour", "13 chiffres"),
    ):
        with pytest.raises(BadInput) as refused:
            label_digits(wrong)
        assert words in str(refused.value)


def test_two_donors_that_read_a_label_otherwise_are_told_apart_and_the_same_reading_is_no_conflict():
    digits = label("211234500750")
    weight, price = Layout("21IIIIIWWWWWC", source="Halle"), Layout("21IIIIIPPPPPC", source="Marché")
    assert conflicting((weight, price), digits) == (weight, price)
    assert conflicting((weight, Layout("21IIIIIWWWWWC", source="Autre")), digits) == ()
    assert conflicting((weight, Layout("2112345PPPPPC", source="Précis")), digits) == ()
    assert conflicting((weight, Layout("22IIIIIPPPPPC")), digits) == ()
    assert conflicting((weight, Layout("21IIIIVPPPPPC", source="Contrôlé")), digits) == ()
