from __future__ import annotations

import random
import tracemalloc
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.exchange.canonical import LARGEST_INTEGER, JsonRefused, canonical, parse, parse_each
from tests.exchange.bombs import BOMBS

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LEAVES = st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | TEXT
TREES = st.recursive(LEAVES, lambda t: st.lists(t, max_size=5) | st.dictionaries(TEXT, t, max_size=5), max_leaves=25)


@given(TREES)
def test_what_is_written_is_read_back_and_written_alike(tree):
    written = canonical(tree)
    assert parse(written) == tree
    assert canonical(parse(written)) == written


BARE = st.binary(max_size=60).map(lambda b: bytes(b'[]{}",:1a\\'[n % 10] for n in b))


@given(BARE, st.integers(1, 6))
def test_bytes_are_measured_as_when_looked_at_one_by_one(data, most):
    depth = deepest = 0
    text = escaped = False
    for byte in data.decode():
        if text:
            text = escaped or byte != '"'
            escaped = byte == "\\" and not escaped
        elif byte == '"':
            text = True
        elif byte in "[]{}":
            depth += 1 if byte in "[{" else -1
            deepest = max(deepest, depth)
    with pytest.raises(JsonRefused) if deepest > most else nullcontext() as told:
        try:
            parse(data, max_depth=most)
        except JsonRefused as refused:
            if refused.reason == "depth":
                raise
    assert deepest <= most or told.value.reason == "depth"


def test_a_list_is_given_item_by_item_with_the_words_that_wrote_each():
    given_ = []
    words = b'{"a": {"rows": [ {"m":"\\u00e9", "n":[1, 2]} , 3,"x"], "z": 1}, "rows": [4]}'
    found = parse_each(words, frozenset({("a", "rows")}), lambda *item: given_.append(item), max_items=50)
    assert found == {"a": {"rows": [], "z": 1}, "rows": [4]}
    assert given_ == [({"m": "é", "n": [1, 2]}, '{"m":"\\u00e9", "n":[1, 2]}'), (3, "3"), ("x", '"x"')]


def test_keys_follow_utf16_order_as_in_the_standard():
    keys = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\u00f6": 7}
    expected = '{"\\r":2,"1":4,"\x80":6,"ö":7,"€":1,"\U0001f600":5,"\ufb33":3}'
    assert canonical(keys) == expected.encode()


def test_signs_are_escaped_as_in_the_standard():
    assert canonical('€$\x0f\nA\'B"\\\\"/\x7f\b\f\t') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f\\b\\f\\t"'.encode()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1.0, "float"), ({"a": [float("nan")]}, "float"), (LARGEST_INTEGER + 1, "integer"), ("\ud800", "surrogate"),
        ({"\udc00": 1}, "surrogate"), ({1: 2}, "key"), (b"x", "type"), ({1, 2}, "type"),
    ],
)  # fmt: skip
def test_what_has_no_canonical_form_is_not_written(value, reason):
    with pytest.raises(JsonRefused) as refusal:
        canonical(value)
    assert refusal.value.reason == reason


def test_a_value_that_holds_itself_is_not_written():
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(JsonRefused):
        canonical(loop)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"NaN", "float"), (b"[-Infinity]", "float"), (b"1.0", "float"), (b"1e3", "float"), (b'{"a":1,"a":2}', "duplicate"),
        (b'{"a":1,"\\u0061":2}', "duplicate"), (b'"\\ud800"', "surrogate"), (b'{"\\uDC00x":1}', "surrogate"),
        (b'"\xed\xa0\x80"', "utf-8"), (b'"\xff"', "utf-8"), (b"\xef\xbb\xbf{}", "bom"), ("{}".encode("utf-16"), "bom"),
        (b"9007199254740993", "integer"), (b"-9007199254740993", "integer"), (b"-0", "integer"), (b"9" * 5000, "integer"),
        (b"", "syntax"), (b"{", "syntax"), (b"[1,]", "syntax"), (b"{} {}", "syntax"), (b'"a\nb"', "syntax"), (b"01", "syntax"),
        (b'"\\', "syntax"), (b"'a'", "syntax"), (b"]" * 40, "syntax"),
    ],
)  # fmt: skip
def test_what_is_outside_our_json_is_refused_by_name(data, reason):
    with pytest.raises(JsonRefused) as refusal:
        parse(data)
    assert refusal.value.reason == reason


def test_brackets_and_commas_inside_texts_are_not_counted():
    value = {'[[[[\\"{{{{,,,,': ["]" * 50, '"' * 9, "\\" * 7]}
    assert parse(canonical(value), max_depth=2, max_items=6) == value


def test_a_pair_of_escaped_surrogates_is_one_sign():
    assert parse(b'"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize("bomb", BOMBS, ids=str)
def test_a_bomb_is_refused_within_its_memory(bomb):
    data = BOMBS[bomb]()
    tracemalloc.start()
    with pytest.raises(JsonRefused):
        parse(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300_000_000


@pytest.mark.parametrize(
    ("bomb", "reason"),
    [
        ("depth", "depth"),
        ("depth of objects", "depth"),
        ("million keys", "items"),
        ("empty lists", "items"),
        ("huge", "size"),
    ],
)
def test_what_can_be_counted_is_refused_before_anything_is_built(bomb, reason):
    """Only the scan that comes before the reading gives these reasons."""
    with pytest.raises(JsonRefused) as refused:
        parse(BOMBS[bomb]())
    assert refused.value.reason == reason


@given(st.binary(max_size=60) | st.text('{}[]",:0123456789-.eE\\utrufalsn \ud800\ufeff', max_size=40).map(
    lambda t: t.encode("utf-8", "surrogatepass")))  # fmt: skip
def test_any_bytes_give_a_value_that_can_be_written_or_our_refusal(data):
    try:
        value = parse(data)
    except JsonRefused:
        return
    assert parse(canonical(value)) == value


@given(TREES, st.data())
def test_a_disturbed_text_gives_a_value_or_our_refusal(tree, data):
    written = bytearray(canonical(tree))
    for _ in range(data.draw(st.integers(1, 3))):
        written[data.draw(st.integers(0, len(written) - 1))] = data.draw(st.integers(0, 255))
    try:
        value = parse(bytes(written))
    except JsonRefused:
        return
    assert parse(canonical(value)) == value


def test_5000_disturbed_texts_give_a_value_or_our_refusal():
    chance = random.Random(5000)
    written = canonical(
        {"months": [{"m": f"2012-{m:02}", "é\n": [m, -m, None, True, {"x": '\\"'}]} for m in range(12)]}
    )
    refused = 0
    for _ in range(5000):
        spoilt = bytearray(written)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(spoilt))
            spoilt[at : at + chance.randrange(3)] = chance.choice(
                (b"", b"[", b'"', b"}", b",", b"\\u", chance.randbytes(2))
            )
        try:
            canonical(parse(bytes(spoilt)))
        except JsonRefused:
            refused += 1
    assert 3000 < refused < 5000
