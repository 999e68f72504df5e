"""Reads the tabular figures of an OpenType font, so that columns of figures line up. Knows one table of the format."""

from __future__ import annotations

import struct
from typing import Any

_TABULAR = b"tnum"


def _unpack(table: bytes, at: int, count: int) -> tuple[int, ...]:
    return struct.unpack_from(f">{count}H", table, at)


def _lookups(gsub: bytes) -> set[int]:
    """Return the numbers of the lookups that the feature `tnum` calls."""
    (features,) = _unpack(gsub, 6, 1)
    (count,) = _unpack(gsub, features, 1)
    found: set[int] = set()
    for i in range(count):
        record = features + 2 + 6 * i
        if gsub[record : record + 4] == _TABULAR:
            (offset,) = _unpack(gsub, record + 4, 1)
            _, many = _unpack(gsub, features + offset, 2)
            found.update(_unpack(gsub, features + offset + 4, many))
    return found


def _coverage(gsub: bytes, at: int) -> list[int]:
    """Return the glyphs that a coverage table lists, in order."""
    kind, count = _unpack(gsub, at, 2)
    if kind == 1:
        return list(_unpack(gsub, at + 4, count))
    glyphs: list[int] = []
    for i in range(count):
        first, last, _ = _unpack(gsub, at + 4 + 6 * i, 3)
        glyphs.extend(range(first, last + 1))
    return glyphs


def tabular(gsub: bytes) -> dict[int, int]:
    """Return, from the bytes of a GSUB table, which glyph replaces which when figures must be of one width.

    Source: OpenType 1.9, GSUB, lookup type 1 (single substitution, formats 1 and 2).
    """
    (lookup_list,) = _unpack(gsub, 8, 1)
    found: dict[int, int] = {}
    for number in sorted(_lookups(gsub)):
        (offset,) = _unpack(gsub, lookup_list + 2 + 2 * number, 1)
        lookup = lookup_list + offset
        kind, _, count = _unpack(gsub, lookup, 3)
        if kind != 1:
            continue
        for sub in (lookup + o for o in _unpack(gsub, lookup + 6, count)):
            layout, coverage, value = _unpack(gsub, sub, 3)
            glyphs = _coverage(gsub, sub + coverage)
            if layout == 1:
                found.update((g, (g + value) & 0xFFFF) for g in glyphs)
            else:
                found.update(zip(glyphs, _unpack(gsub, sub + 6, value), strict=False))
    return found


def use_tabular_figures(face: Any) -> None:
    """Make the ten figures of a loaded reportlab face all of one width, where the font draws such figures."""
    if "GSUB" not in face.table:
        return
    replaced = tabular(face.get_table("GSUB"))
    for figure in map(ord, "0123456789"):
        glyph = face.charToGlyph.get(figure)
        if glyph in replaced:
            face.charToGlyph[figure] = replaced[glyph]
            advance = face.hmetrics[replaced[glyph]][0]
            face.charWidths[figure] = advance * 1000.0 / face.unitsPerEm
