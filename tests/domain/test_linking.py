"""Keyed tokens: what is forgiven, what is not, and what stays apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.household import PartialDate
from epicerie_desktop.domain.linking import Adult, Card, Means, birth, card_link, family_name, links_of, tokens_of

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
FULL = PartialDate(1985, 3, 12)


def adult(last: str = "Lefèvre", first: str = "Marie-Claire", born: PartialDate | None = FULL) -> Adult:
    return Adult(last, first, born)


def shared(one: Adult, other: Adult) -> str:
    """Return the letters of the tokens two spellings have in common."""
    return "".join(sorted({m.value for m, _v in set(tokens_of(one, KEY)) & set(tokens_of(other, KEY))}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Crèvecœur", "CREVECOEUR"), ("Martin-Dupont", "Martin Dupont"), ("Martin-Dupont", "dupont martin"), ("de La Tour", "Delatour"),
        ("de La Tour", "La Tour"), ("Le Goff", "Legoff"), ("Le Goff", "Goff"), ("D'Almeida", "d’ALMEIDA"), ("D'Almeida", "Dalmeida"),
        ("des Prés", "Desprès"), ("Du Bois", "Dubois"), ("L'Hermite", "Lhermite"), ("  Lefèvre ", "LEFEVRE"),
    ],
)  # fmt: skip
def test_the_same_family_name_is_one_however_it_is_written(one: str, other: str) -> None:
    assert family_name(one) == family_name(other)


def test_a_name_made_of_particles_alone_is_kept_and_short_names_are_not_cut_to_nothing() -> None:
    assert (family_name("Le"), family_name("Du"), family_name("Le Du"), family_name("Ledu")) == (
        "le",
        "du",
        "ledu",
        "ledu",
    )
    assert family_name("Leroy") == family_name("Le Roy")
    assert family_name("Roux") != family_name("Leroy")


@pytest.mark.parametrize(
    ("other", "letters"),
    [
        (adult("LEFEVRE", "marie claire"), "ABCD"),
        (adult("Lefebvre", "Marie-Claire"), ""),
        (adult("Lefaivre"), "BD"),
        (adult(first="Marie"), "ACD"),
        (adult(first="Claire-Marie"), "B"),
        (adult(first="Maria"), "CD"),
        (adult("Marie", "Lefèvre"), "A"),
        (adult(born=PartialDate(1985, 12, 3)), "ABD"),
        (adult(born=PartialDate(1985, 3, 13)), "C"),
        (adult(born=PartialDate(1985, 3)), "C"),
        (adult(born=PartialDate(1985)), ""),
        (adult(born=None), ""),
        (adult(born=PartialDate(1986, 3, 12)), ""),
        (adult("Vidal"), ""),
    ],
)
def test_each_token_forgives_its_own_slip(other: Adult, letters: str) -> None:
    assert shared(adult(), other) == letters


def test_nothing_is_shared_under_two_counting_keys_nor_between_two_kinds_of_token() -> None:
    ours, theirs = tokens_of(adult(), KEY), tokens_of(adult(), OTHER_KEY)
    assert {v for _m, v in ours}.isdisjoint({v for _m, v in theirs})
    assert len({v for _m, v in ours}) == len(ours) == 4


def test_whoever_has_no_birth_date_counts_as_somebody_and_matches_nobody() -> None:
    nobody = adult(born=None)
    one, other = (links_of(token, [nobody], [], KEY, b"contract") for token in ("aa", "bb"))
    assert [m for m, _v in one] == [Means.C]
    assert one != other


def test_a_card_is_told_under_the_counting_key_and_by_the_contract_alone_where_there_is_none() -> None:
    card = Card("K12340110004271")
    keyed, plain = card_link(card, KEY, b"contract"), card_link(card, None, b"contract")
    assert keyed != plain
    assert card_link(card, None, b"another") != plain
    assert links_of("aa", [adult()], [card], None, b"contract") == ((Means.CARD, plain),)


@given(st.text(max_size=30), st.text(max_size=30), st.dates().map(lambda d: PartialDate(d.year, d.month, d.day)))
def test_any_text_gives_the_tokens_of_its_folded_form(last: str, first: str, born: PartialDate) -> None:
    told = tokens_of(adult(last, first, born), KEY)
    assert told == tokens_of(adult(f" {last} ", f"{first} ", born), KEY)
    assert len(told) in (0, 4)
    assert all(len(value) == 16 for _m, value in told)
    assert len(birth(born)) == 8
