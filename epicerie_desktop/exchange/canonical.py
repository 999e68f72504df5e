"""One byte form for one JSON value (RFC 8785 for our subset), and a strict, bounded reader of JSON bytes.

The subset: objects, arrays, strings, booleans, null and integers within ±2^53. No floats: amounts travel in cents and
weights in grams, and two machines never print a float alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
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
_ALIKE = bytes.maketrans(b"{}", b"[]")
_BLOCK = 1 << 18
# An integer that may be too big: rare, so that the others need no look one by one.
_LONG_INTEGER = re.compile(rb"\d{16}")
_BLANKS = re.compile(r"[ \t\n\r]*")
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
    bare = _measured(data, max_depth, max_items, max_bytes)
    try:
        value = json.loads(data.decode("utf-8"), cls=_Strict, bare=bare)
    except UnicodeDecodeError:
        raise JsonRefused("utf-8") from None
    except (ValueError, RecursionError):
        raise JsonRefused("syntax") from None
    if _has_surrogates(data):
        _refuse_surrogates(value)
    return value


Path = tuple[str, ...]
"""The keys that lead to a place, from the outermost."""


def parse_each(
    data: bytes,
    at: frozenset[Path],
    each: Callable[[object, str], None],
    *,
    max_items: int,
    max_depth: int = MAX_DEPTH,
    max_bytes: int = MAX_BYTES,
) -> object:
    """Return the value written in `data`, every list found `at` one of those places given item by item to `each` and left empty.

    An item is given with the text that wrote it.

    So that a long list is never held whole. Raises JsonRefused, as `parse` does; what was given before stays given.
    """
    bare = _measured(data, max_depth, max_items, max_bytes)
    odd = _has_surrogates(data)
    try:
        walker = _Walker(data.decode("utf-8"), _Strict(bare=bare), at, each, odd=odd)
        value = walker.whole()
    except UnicodeDecodeError:
        raise JsonRefused("utf-8") from None
    except (json.JSONDecodeError, RecursionError):
        raise JsonRefused("syntax") from None
    if odd:
        _refuse_surrogates(value)
    return value


class _Strict(json.JSONDecoder):
    """The decoder of our subset; integers are looked at one by one only where one of them may be out of bounds."""

    def __init__(self, *, bare: bytes) -> None:
        super().__init__(
            object_pairs_hook=_no_duplicates, parse_float=_refuse_float, parse_constant=_refuse_float,
            parse_int=_integer if b"-0" in bare or _LONG_INTEGER.search(bare) else None,
        )  # fmt: skip


class _Walker:
    """Goes down to the places asked for, and reads all the rest at once."""

    def __init__(
        self, text: str, strict: _Strict, at: frozenset[Path], each: Callable[[object, str], None], *, odd: bool
    ) -> None:
        self._text, self._strict, self._at, self._each, self._odd = text, strict, at, each, odd
        self._above = {path[:n] for path in at for n in range(len(path))}

    def whole(self) -> object:
        value, end = self._value((), self._blanks(0))
        if self._blanks(end) != len(self._text):
            raise JsonRefused("syntax")
        return value

    def _blanks(self, place: int) -> int:
        found = _BLANKS.match(self._text, place)
        return found.end() if found else place

    def _value(self, path: Path, place: int) -> tuple[object, int]:
        sign = self._text[place : place + 1]
        if path in self._above and sign == "{":
            return self._object(path, self._blanks(place + 1))
        if path in self._at and sign == "[":
            return self._list(self._blanks(place + 1))
        return self._strict.raw_decode(self._text, place)

    def _object(self, path: Path, place: int) -> tuple[object, int]:
        found: dict[str, object] = {}
        if self._text[place : place + 1] == "}":
            return found, place + 1
        while True:
            if self._text[place : place + 1] != '"':
                raise JsonRefused("syntax")
            key, end = self._strict.raw_decode(self._text, place)
            end = self._blanks(end)
            if not isinstance(key, str) or self._text[end : end + 1] != ":":
                raise JsonRefused("syntax")
            if key in found:
                raise JsonRefused("duplicate")
            found[key], end = self._value((*path, key), self._blanks(end + 1))
            place, over = self._next(end, "}")
            if over:
                return found, place

    def _list(self, place: int) -> tuple[object, int]:
        if self._text[place : place + 1] == "]":
            return [], place + 1
        while True:
            item, end = self._strict.raw_decode(self._text, place)
            if self._odd:
                _refuse_surrogates(item)
            self._each(item, self._text[place:end])
            del item
            place, over = self._next(end, "]")
            if over:
                return [], place

    def _next(self, end: int, closing: str) -> tuple[int, bool]:
        """Return where the next item begins, or the end of the whole."""
        end = self._blanks(end)
        sign = self._text[end : end + 1]
        if sign == closing:
            return end + 1, True
        if sign != ",":
            raise JsonRefused("syntax")
        return self._blanks(end + 1), False


def _measured(data: bytes, max_depth: int, max_items: int, max_bytes: int) -> bytes:
    """Return the data without its strings, once its size, nesting and number of values are within bounds."""
    if len(data) > max_bytes:
        raise JsonRefused("size")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise JsonRefused("bom")
    return _measure(data, max_depth, max_items)


def _measure(data: bytes, max_depth: int, max_items: int) -> bytes:
    bare = _without_strings(data)
    # An array or object of n values shows n - 1 commas and one bracket.
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > max_items:
        raise JsonRefused("items")
    brackets = bare.translate(_ALIKE, delete=_NOT_BRACKETS)
    _refuse_deep(brackets, max_depth)
    return bare


def _without_strings(data: bytes) -> bytes:
    if b"\\" in data:
        return _STRING.sub(b"", data)
    # Without an escape, every other part between quotes is a string; by blocks, their parts being many small objects.
    kept, inside = [], 0
    for place in range(0, len(data), _BLOCK):
        parts = data[place : place + _BLOCK].split(b'"')
        kept.append(b"".join(parts[inside::2]))
        inside ^= (len(parts) - 1) & 1
    return b"".join(kept)


def _refuse_deep(brackets: bytes, max_depth: int) -> None:
    left = brackets
    # Each turn takes the innermost level off: what is whole is gone after as many turns as it is deep.
    for _level in range(max_depth):
        if not left:
            return
        left = left.replace(b"[]", b"")
    depth = 0
    for bracket in brackets:
        depth += 1 if bracket == ord("[") else -1
        if depth > max_depth:
            raise JsonRefused("depth")


def _has_surrogates(data: bytes) -> bool:
    return b"\\" in data and _SURROGATE_ESCAPE.search(data) is not None


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
