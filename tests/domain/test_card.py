"""Card numbers, and what the single field of a screen received."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.card import CardNumber, CardOrigin, belongs, parse_card
from epicerie_desktop.domain.check_digits import gs1_check_is_right
from epicerie_desktop.domain.codes import unscramble
from epicerie_desktop.domain.layouts import Layout
from epicerie_desktop.domain.scan import ArticleScan, CardScan, Words, classify
from epicerie_desktop.support.errors import BadInput

CARDS = st.builds(CardNumber, st.integers(0, 9999), st.integers(0, 99), st.integers(0, 9), st.integers(0, 99999))
SCRAMBLED = str.maketrans("1234567890", "&é\"'(-è_çà")
OURS = CardNumber(1234, 1, 1, 42)


def seen(text):
    return classify(text, (Layout("21IIIIIWWWWWC"),), 1234, 1)


def test_a_card_is_printed_with_its_letter_and_in_groups():
    assert (OURS.code, OURS.spaced) == ("K12340110004271", "K1234 0110 0042 71")
    assert int(OURS.digits) % 97 == 1


@given(CARDS)
def test_a_card_is_read_back_however_it_was_scanned_or_typed(card):
    for text in (
        card.code,
        card.spaced,
        card.code.lower() + "\r\n",
        f" {card.spaced.replace(' ', chr(0xA0))} ",
        card.spaced.replace(" ", "-"),
        "]C0" + card.code,
        "K" + card.digits.translate(SCRAMBLED),
        "k" + card.digits.translate(SCRAMBLED) + "\n",
    ):
        assert parse_card(text) == card


@given(CARDS)
def test_without_its_letter_a_card_is_read_unless_it_is_also_an_article(card):
    expected = None if gs1_check_is_right(card.digits) else card
    assert card.needs_its_letter is (expected is None)
    assert parse_card(card.digits) == expected
    assert parse_card(card.digits.translate(SCRAMBLED)) == expected


@given(CARDS, st.integers(0, 13), st.integers(1, 9))
def test_any_one_wrong_digit_is_refused(card, place, shift):
    digits = card.digits
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(BadInput, match="réessayez ou tapez les chiffres"):
        parse_card("K" + wrong)
    assert parse_card(wrong) is None


@given(CARDS, st.integers(0, 13), st.integers(0, 13))
def test_any_two_digits_exchanged_are_refused(card, one, other):
    digits = list(card.digits)
    if digits[one] == digits[other]:
        return
    digits[one], digits[other] = digits[other], digits[one]
    with pytest.raises(BadInput):
        parse_card("K" + "".join(digits))


def test_a_card_cut_short_is_told_and_words_are_not_cards():
    with pytest.raises(BadInput, match="13 chiffres"):
        parse_card(OURS.code[:-1])
    for text in ("", "K", "K2", "Kone", "karim 06", "5901234123457", "²" * 14, "K" + "²" * 14, "-", "K---"):
        assert parse_card(text) is None


def test_check_digits_above_98_are_not_taken_for_their_twins():
    for serial in range(2000):
        card = CardNumber(1234, 1, 1, serial)
        if card.digits.endswith("02"):
            with pytest.raises(BadInput):
                parse_card(card.code[:-2] + "99")
            return
    raise AssertionError("one serial in 97 ends with 02")


def test_a_number_outside_its_place_is_refused():
    with pytest.raises(BadInput, match="100000"):
        CardNumber(1234, 1, 1, 100000)


def test_a_card_is_ours_of_another_shop_or_of_an_unknown_contract():
    assert [belongs(OURS, *place) for place in ((1234, 1), (1234, 2), (4321, 1))] == [
        CardOrigin.OWN,
        CardOrigin.OTHER_SHOP,
        CardOrigin.UNKNOWN_CONTRACT,
    ]


def test_the_field_tells_cards_codes_and_words_apart():
    assert seen(OURS.spaced) == CardScan(OURS, CardOrigin.OWN)
    assert seen(CardNumber(1234, 2, 1, 42).code).origin is CardOrigin.OTHER_SHOP
    tin = seen("5901234123457\r\n")
    assert (tin.code, tin.scan.gtin) == ("5901234123457", "5901234123457")
    assert seen("2112345012506").scan.weight_g == 1250
    assert seen("2112345012506").code == "2112345012506"
    assert seen("(01)95012345678903(3102)000400").code == "95012345678903"
    assert seen("]C1010703206980498810A").scan.lot == "A"
    assert seen("010703206980498810A").scan.lot == "A"
    assert seen("à(çà&é\"'&é\"'(è").scan.gtin == "5901234123457"


def test_a_wrong_code_is_still_a_code_so_that_it_can_be_told():
    wrong = seen("5901234123458")
    assert isinstance(wrong, ArticleScan)
    assert (wrong.scan.valid, bool(wrong.scan.problem)) == (False, True)
    with pytest.raises(BadInput):
        seen("K12340110004272")


@pytest.mark.parametrize(
    "text",
    [
        "Martin",
        "carottes",
        "06 12 34 56 78",
        "0612345678",
        "+33 6 12 34 56 78",
        "0033612345678",
        "1050",
        "12",
        "",
        "10 rue",
    ],
)
def test_names_telephones_and_small_numbers_are_words(text):
    assert seen(text) == Words(text)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_one_of_the_three(text):
    if unscramble(text).lstrip().upper().startswith(("K", "]")):
        return  # perhaps a card misread, which is refused
    assert isinstance(seen(text), CardScan | ArticleScan | Words)


def test_the_address_of_a_qr_code_is_an_article_and_a_plain_one_says_so():
    found = seen("https://id.gs1.org/01/09521234543213/10/ABC123?17=261231")
    assert isinstance(found, ArticleScan)
    assert (found.code, found.scan.lot) == ("9521234543213", "ABC123")
    plain = seen("https://www.exemple.fr/recettes")
    assert isinstance(plain, ArticleScan)
    assert "mène à un site" in plain.scan.problem
