"""One byte form for one JSON value (RFC 8785 for our subset), and a strict, bounded reader of JSON bytes.

The subset: objects, arrays, strings, booleans, null and integers within ±2^53. No floats: amounts travel in cents and
weights in grams, and two machines never print a float alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NoReturn

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

LARGEST_INTEGER = 2**53
MAX_DEPTH = 32
MAX_ITEMS = 900_000
MAX_BYTES = 20_000_000

_LONGEST_INTEGER = len(str(-LARGEST_INTEGER))
# An unterminated string runs to the end of the text, so that the scan stays linear whatever comes.
_STRING = re.compile(rb'"[^"\\]*+(?:\\(?:.|\Z)[^"\\]*+)*+(?:"|\Z)', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


class JsonRefused(BadInput):
    """The value or the bytes are outside our subset of JSON; `reason` is a short technical word, never a content."""

    def __init__(self, reason: str) -> None:
        super().__init__(N_("Ces données ne sont pas écrites comme le programme les attend ({reason})."), reason=reason)
        self.reason = reason


def canonical(value: object, *, max_depth: int = MAX_DEPTH) -> bytes:
    """Return the one UTF-8 form of `value`: keys in UTF-16 order, no blanks (RFC 8785 §3.2).

    Raises JsonRefused for a float, an integer beyond ±2^53, a lone surrogate, a key that is not text, too deep a
    nesting or any other type.
    """
    ordered = _ordered(value, max_depth)
    return json.dumps(ordered, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")


def _ordered(value: object, depth_left: int) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _bounded(int(value))
    if isinstance(value, str):
        return _whole_text(value)
    if depth_left == 0:
        raise JsonRefused("depth")
    if isinstance(value, Mapping):
        keys = sorted((_key(k) for k in value), key=lambda k: k.encode("utf-16-be"))
        return {key: _ordered(value[key], depth_left - 1) for key in keys}
    if isinstance(value, list | tuple):
        return [_ordered(item, depth_left - 1) for item in value]
    raise JsonRefused("float" if isinstance(value, float) else "type")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise JsonRefused("key")
    return _whole_text(key)


def _whole_text(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise JsonRefused("surrogate") from None
    return str(text)


def _bounded(number: int) -> int:
    if not -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
        raise JsonRefused("integer")
    return number


def parse(data: bytes, *, max_depth: int = MAX_DEPTH, max_items: int = MAX_ITEMS, max_bytes: int = MAX_BYTES) -> object:
    """Return the value written in `data`: dict, list, str, int, bool or None.

    Size, nesting and number of values are counted before anything is built. Raises JsonRefused, and nothing else, for
    bytes outside the subset: floats, NaN, duplicate keys, lone surrogates, a byte order mark, huge integers.
    """
    if len(data) > max_bytes:
        raise JsonRefused("size")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise JsonRefused("bom")
    _measure(data, max_depth, max_items)
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_int=_integer,
            parse_float=_refuse_float,
            parse_constant=_refuse_float,
        )
    except UnicodeDecodeError:
        raise JsonRefused("utf-8") from None
    except (ValueError, RecursionError):
        raise JsonRefused("syntax") from None
    if _SURROGATE_ESCAPE.search(data):
        _refuse_surrogates(value)
    return value


def _measure(data: bytes, max_depth: int, max_items: int) -> None:
    bare = _STRING.sub(b"", data)
    # An array or object of n values shows n - 1 commas and one bracket.
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > max_items:
        raise JsonRefused("items")
    depth = 0
    for bracket in bare.translate(None, delete=_NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > max_depth:
            raise JsonRefused("depth")


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonRefused("duplicate")
    return found


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER or digits == "-0":
        raise JsonRefused("integer")
    return _bounded(int(digits))


def _refuse_float(_text: str) -> NoReturn:
    raise JsonRefused("float")


def _refuse_surrogates(value: object) -> None:
    if isinstance(value, str):
        _whole_text(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            _whole_text(key)
            _refuse_surrogates(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_surrogates(item)
