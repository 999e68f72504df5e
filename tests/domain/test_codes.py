"""Barcodes: the shared vectors by their own words, then the properties no vector can show."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from epicerie_desktop.domain.check_digits import gs1_check_digit, measure_check_digit
from epicerie_desktop.domain.codes import base_code, decode, scan_to_json, unscramble
from epicerie_desktop.domain.gs1 import read_date
from epicerie_desktop.domain.layouts import Layout
from epicerie_desktop.domain.recalls import trade_code
from epicerie_desktop.support.errors import BadInput

DATA = Path(__file__).parents[1] / "data"
VECTORS = json.loads((DATA / "vectors/barcodes.json").read_text(encoding="utf-8"))
# Worked out by hand from the specifications named in each row; none of them is in the file above.
UNSEEN = json.loads((DATA / "unseen_codes.json").read_text(encoding="utf-8"))

# Where the file's word for a row is not ours. The values agree everywhere but for the gtin of the first.
OTHER_KIND = {
    # Four rows have eight digits beginning with 0; three hold them for a GTIN-8, this one for a company's own. Nothing in the
    # digits tells them apart: all are read as GTIN-8, and `trade_code` keeps them out of catalogues and recalls.
    "00011112": "gtin8",
    # The wrong check digit comes without its layout: with it the kind is the file's, as another test shows.
    "2112345015003": "rcn13",
    # Padded numbers, which this source names by their length as written.
    "0083012245843": "gtin12_padded13",
    "0000010061282": "gtin8_padded13",
    # These two rows are about the key of a catalogue, not about a scan; the key is checked beside.
    "123456789": "gs1_element_string",
    "1234567890123": "gtin13",
}
OTHER_GTIN = {"00011112": "00011112"}
GS = "\x1d"


def with_check(payload):
    return payload + gs1_check_digit(payload)


def padded(number):
    return number and number.zfill(14)


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: f"{row['kind']}-{row['code']}")
def test_a_known_code_is_read_as_its_source_says(row):
    layouts = ()
    if "pattern" in row:
        layouts = (Layout.parse(row["pattern"], unit_price_cents_per_kg=row.get("unit_price_cents_per_kg")),)
    scan = decode(row["code"], layouts=layouts, region=row.get("region"))
    said, expected = scan_to_json(scan), dict(row["expected"])
    assert padded(said["gtin"]) == padded(OTHER_GTIN.get(row["code"], expected.pop("gtin")))
    assert {name: said[name] for name in said.keys() & expected.keys() - {"gtin"}} == {
        name: value for name, value in expected.items() if name in said and name != "gtin"
    }
    assert scan.kind == OTHER_KIND.get(row["code"], row["kind"])
    assert scan.valid or scan.problem
    if "normalized" in expected:
        assert trade_code(row["code"]) in (None, expected["normalized"].lstrip("0"))
    if "base_code" in expected:
        assert base_code(row["code"], region=row["region"]) == expected["base_code"]


@pytest.mark.parametrize("row", UNSEEN, ids=lambda row: ascii(f"{row['expected']['kind']}-{row['code']}"))
def test_a_code_nobody_had_shown_is_read_as_its_specification_says(row):
    layouts = (Layout.parse(row["pattern"]),) if "pattern" in row else ()
    scan = decode(row["code"], layouts=layouts, region=row.get("region"))
    expected = row["expected"]
    if expected["item"] is not None:
        expected = expected | {"item": int(expected["item"])}
    assert scan_to_json(scan) == expected, row["source"]
    assert scan.valid or scan.problem


def test_a_price_in_another_money_is_shown_with_a_caution():
    assert "euros" in decode("(01)09521234543213(3932)8260489").problem


@pytest.mark.parametrize(
    "address",
    ["https://", "http:///01/09521234543213", "https://a/01", "https://a/01/x", "https://[/01/09521234543213", "https://a/?01=2", "https://a/01/09521234543213/21/5/10/01"],
)  # fmt: skip
def test_no_address_makes_the_reader_fall_and_only_a_whole_key_names_an_article(address):
    scan = decode(address)
    assert scan.valid == address.endswith("/21/5/10/01")
    assert scan.valid or scan.problem
    assert scan.gtin in (None, "9521234543213")


@given(st.text(max_size=60) | st.text(alphabet="0123456789()]CedQK\x1d \n²٣", max_size=40))
@example("]")
@example("]C1")
@example("]e0" + GS)
@example("²²²²²²²²")
@example("(10)" * 200)
@example("https://id.gs1.org/01/09521234543213/10/" + GS)
@example("https://a/01/09521234543213?10=%FF%00")
def test_no_string_makes_the_reader_fall_and_what_is_refused_books_nothing(text):
    scan = decode(text, layouts=(Layout("21IIIIIWWWWWC"),), region="DE")
    json.dumps(scan_to_json(scan))
    if not scan.valid:
        assert scan.problem
        values = scan_to_json(scan)
        assert all(values[name] is None for name in values if name not in ("valid", "kind"))


@given(st.text(alphabet="0123456789", min_size=7, max_size=13), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_never_gives_an_article_nor_a_weight(payload, place, shift):
    if len(payload) not in (7, 11, 12, 13):
        payload = payload[:7]
    right = with_check(payload)
    place %= len(right)
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    scan = decode(wrong, layouts=(Layout("21IIIIIWWWWWC"), Layout("02IIIIIPPPPPC")), region="SE")
    assert scan.gtin is None
    assert scan.weight_g is None


@given(st.integers(0, 9999), st.integers(0, 99999))
def test_the_inner_check_digits_are_those_of_an_independent_library(four, five):
    from biip.checksums import gs1_price_weight_check_digit

    for value in (f"{four:04d}", f"{five:05d}"):
        assert measure_check_digit(value) == str(gs1_price_weight_check_digit(value))
    assert (measure_check_digit("2875"), measure_check_digit("14685")) == ("9", "6")


@given(st.integers(0, 99999), st.integers(0, 9999), st.integers(1, 9))
def test_a_layout_gives_back_its_weight_and_a_wrong_inner_digit_gives_none(grams, item, shift):
    layout = Layout("28IIIIVWWWWWC")
    inner = measure_check_digit(f"{grams:05d}")
    right = decode(with_check(f"28{item:04d}{inner}{grams:05d}"), layouts=(layout,))
    assert (right.valid, right.weight_g, right.item) == (True, grams, f"{item:04d}")
    wrong = decode(with_check(f"28{item:04d}{(int(inner) + shift) % 10}{grams:05d}"), layouts=(layout,))
    assert (wrong.valid, wrong.weight_g, wrong.kind) == (False, None, "rcn13_weight")
    zero = base_code(with_check(f"28{item:04d}{inner}{grams:05d}"), layouts=(layout,))
    assert decode(zero, layouts=(layout,)).weight_g == 0


def test_a_wrong_check_digit_is_seen_before_the_layout_is_applied():
    scan = decode("2112345015003", layouts=(Layout("21IIIIIWWWWWC"),))
    assert (scan.valid, scan.kind, scan.weight_g, scan.item) == (False, "rcn13_weight", None, None)
    assert "scannez de nouveau" in scan.problem


def test_no_meaning_is_supposed_for_a_shop_label_without_layout_nor_region():
    for region in (None, "FR", "XX"):
        scan = decode("2112345012506", region=region)
        assert (scan.valid, scan.kind, scan.gtin, scan.weight_g, scan.price_cents) == (True, "rcn13", None, None, None)
        assert "modèle" in scan.problem


def test_the_layout_with_the_longest_prefix_wins_and_a_shop_layout_goes_before_a_region():
    code = with_check("281234500750")
    general, special = Layout("28IIIIIWWWWWC"), Layout("2812345PPPPPC", unit_price_cents_per_kg=300)
    assert decode(code, layouts=(general,)).weight_g == 750
    both = decode(code, layouts=(general, special), region="DE")
    assert (both.kind, both.price_cents, both.weight_g) == ("rcn13_price", 750, 2500)


@pytest.mark.parametrize(
    ("price", "per_kg", "grams"), [(1, 2000, 1), (1, 2001, 0), (3, 2000, 2), (265, 150, 1767), (0, 150, 0)]
)
def test_a_price_gives_its_weight_rounded_once_half_up(price, per_kg, grams):
    layout = Layout("02IIIIIPPPPPC", unit_price_cents_per_kg=per_kg)
    assert decode(with_check(f"0212345{price:05d}"), layouts=(layout,)).weight_g == grams


def test_short_labels_pieces_and_coarser_units_have_their_layouts():
    short = decode(with_check("2120750"), layouts=(Layout("2IIWWWWC"),))
    assert (short.kind, short.item, short.weight_g) == ("rcn8_weight", "12", 750)
    tens = decode(with_check("240000120075"), layouts=(Layout("24IIIIIIWWWWC", step=10),))
    assert (tens.item, tens.weight_g) == ("000012", 750)
    eggs = decode(with_check("250001200006"), layouts=(Layout("25IIIIINNNNNC"),))
    assert (eggs.kind, eggs.count, eggs.weight_g) == ("rcn13_count", 6, None)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("21IIIIIWWWWW", "12 signes"),
        ("", "0 signes"),
        ("IIIIIIIWWWWWC", "préfixe"),
        ("2IIIIIIWWWWWC", "deux chiffres"),
        ("30IIIIIWWWWWC", "commence par 30"),
        ("21IIIIIWWWWWW", "finir par C"),
        ("21IIIIICWWWWC", "à la place 8"),
        ("21IIIZIWWWWWC", "« Z », à la place 6"),
        ("21II3IIWWWWWC", "« 3 », à la place 5"),
        ("21IIIWWIIWWWC", "I revient à la place 8"),
        ("21IIIIIIIIIIC", "soit un poids"),
        ("21IIIIWWWPPPC", "soit un poids"),
        ("21IIIIVVWWWWC", "place 7"),
        ("21IIVWWWWWWWC", "4 ou 5 chiffres"),
    ],
)
def test_a_wrong_layout_is_refused_with_the_place_of_the_mistake(pattern, words):
    with pytest.raises(BadInput) as refused:
        Layout.parse(pattern)
    assert words in str(refused.value).replace("\xa0", " ").replace("\u202f", " ")


def test_a_layout_is_typed_with_blanks_and_in_lower_case():
    assert Layout.parse("21 iiiii wwwww c") == Layout("21IIIIIWWWWWC")


@given(st.text(max_size=14) | st.text(alphabet="0124IWPNVXC", min_size=13, max_size=13))
def test_any_text_is_a_layout_or_refused_and_a_layout_reads_its_labels(text):
    try:
        layout = Layout.parse(text)
    except BadInput:
        return
    digits = layout.prefix + "1" * (len(layout.pattern) - len(layout.prefix) - 1)
    assert decode(with_check(digits), layouts=(layout,)).kind.endswith(layout.kind)


@pytest.mark.parametrize("symbol", ["", "]C1", "]e0", "]d2", "]Q3", GS])
@pytest.mark.parametrize("separator", [GS, GS * 2, "^]", "{GS}", "\u241d"])
def test_a_label_is_the_same_whatever_the_scanner_puts_around_it(symbol, separator):
    gtin = with_check("0376012345678")
    text = symbol + f"01{gtin}{separator}15271231{separator}103A-7{separator}3103001750{separator}\r\n"
    scan = decode(text)
    assert (scan.valid, scan.kind, scan.gtin) == (True, "gs1_message", gtin.lstrip("0"))
    assert (scan.best_before, scan.lot, scan.weight_g, scan.problem) == (date(2027, 12, 31), "3A-7", 1750, None)


def test_without_a_separator_the_lot_takes_the_rest_and_a_date_hidden_in_it_is_pointed_out():
    scan = decode(f"01{with_check('0376012345678')}10ABC17271231")
    assert (scan.valid, scan.lot, scan.use_by) == (True, "ABC17271231", None)
    assert "lot" in scan.problem


def test_a_scanner_identifier_settles_what_the_digits_leave_open():
    assert decode("15200600").kind == "gs1_element_string"
    assert decode("]E415200600").kind == "gtin8"
    assert decode("]E05901234123457").gtin == "5901234123457"
    assert decode("]E3590123412345712345").gtin == "5901234123457"
    assert decode("]C15901234123457").valid is False


def test_the_same_thing_said_twice_is_accepted_and_said_differently_refused():
    assert decode(f"10A{GS}10A").lot == "A"
    assert decode(f"10A{GS}10B").valid is False


def test_prices_in_another_money_and_weights_in_pounds_are_read_with_a_warning():
    assert decode("(3932)978399").price_cents == 399
    assert decode("(3932)978399").problem is None
    assert "euros" in decode("(3932)756399").problem
    assert "euros" in decode("2335040039757", region="DK").problem
    pounds = decode("(01)90614141000015(3202)000150")
    assert (pounds.weight_g, "livres" in pounds.problem) == (None, True)


def test_what_is_finer_than_a_gram_is_kept_exact_and_booked_half_up():
    scan = decode("(3105)000150")
    assert (scan.weight_g, scan.grams) == (Decimal("1.50"), 2)
    assert scan_to_json(scan)["weight_g"] == 1.5


def test_a_year_of_two_digits_falls_from_49_years_before_to_50_after():
    assert [read_date(f"{yy}0100").year for yy in ("76", "77", "99", "00", "26")] == [2076, 1977, 1999, 2000, 2026]
    assert read_date("000229") == date(2000, 2, 29)
    assert read_date("990100", year=2060) == date(2099, 1, 31)
    assert read_date("270229") is None


def test_a_company_number_is_never_looked_up_outside_the_shop():
    assert decode(with_check("2001234")).gtin is None
    assert trade_code("00011112") is None
    assert decode(with_check("040012345678")).kind == "rcn13_company"
    assert trade_code(with_check("401234567890")) == with_check("401234567890")  # 400 to 440 are Germany's
    assert decode("0" * 13).valid is False


def test_digits_typed_in_groups_are_read_as_one_number():
    assert decode(" 5 901234\u00a0123457 ").gtin == "5901234123457"
    assert decode("978-0-471-11709-4").gtin == "9780471117094"


def test_a_scanner_set_to_another_keyboard_is_understood():
    assert unscramble("&é\"'(-è_çà\r\n") == "1234567890"
    assert decode("(çà&é\"'&é\"'(è\r").gtin == "5901234123457"
    assert unscramble(" crème ") == "crème"
    assert unscramble(f"10A{GS}") == f"10A{GS}"
    assert unscramble("à1") == "à1"
