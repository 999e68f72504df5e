"""The content of a parcel, version 2: blocks that each have a version, read month by month. Version 1 is read for ever.

    {"kind": "shop", "version": 2, "name", "post_name", "blocks": {name: {"version", "required", …}}, "control": {totals}}

A reader skips, and names, an optional block that it does not know; it refuses a required one, or a later version of one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from epicerie_desktop.domain.figures import ActionLine, MonthFigures
from epicerie_desktop.exchange import plain
from epicerie_desktop.exchange.canonical import JsonRefused, parse_each
from epicerie_desktop.exchange.records import (
    MonthState,
    actions_from_rows,
    control_from_record,
    month_from_record,
    state_from_record,
)
from epicerie_desktop.exchange.refusals import ParcelNewer, ParcelUnreadable

BODY = 2
"""The version of a parcel's content as written here."""
MONTHS, FAMILIES, LINKS, ACTIONS, JOURNAL, TERMS = "months", "families", "links", "actions", "journal", "terms"
_VERSIONS = {MONTHS: 2, FAMILIES: 1, LINKS: 1, ACTIONS: 1, JOURNAL: 1, TERMS: 1}
_MOST_ITEMS = 2_000_000
_MONTHS_AT = frozenset({("body", "months"), ("body", "blocks", MONTHS, "rows")})
_BLOCK = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_HEX = re.compile(r"(?:[0-9a-f]{2}){8,64}", re.ASCII)
_HEAD = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KEY_ID = re.compile(r"(?:[0-9a-f]{8})?", re.ASCII)
_MEANS = re.compile(r"[A-Z]{1,8}", re.ASCII)
_SUM = re.compile(r"(?:[0-9a-f]{64})?", re.ASCII)

LinkRow = tuple[str, str, str]
"""A household's token, the means (CARD, or the kind of the keyed token), and the value in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Links:
    """What tells that two shops know the same household; `key_id` names the counting key, "" for cards alone."""

    key_id: str
    rows: tuple[LinkRow, ...]


@dataclass(frozen=True, slots=True)
class JournalHeads:
    """The head of the shop's journal, and that of every month over: the coordinator is their witness."""

    head: str
    months: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """Which edition of the contract's file the shop follows, and the sum of the definitions it counts by."""

    edition: int
    definitions: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """What stands beside the months in a parcel. `skipped` names the optional parts that this program does not know."""

    version: int
    name: str
    post_name: str
    control: dict[str, int]
    families: tuple[tuple[str, str], ...] = ()
    links: Links | None = None
    actions: Mapping[str, tuple[ActionLine, ...]] = field(default_factory=dict)
    journal: JournalHeads | None = None
    terms: Terms | None = None
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month as it was read: its record, the text that wrote it, its figures, and what stands beside them."""

    record: dict[str, Any]
    written: str
    figures: MonthFigures
    state: MonthState


def write_body(
    name: str, post_name: str, months: Sequence[Mapping[str, Any]], control: Mapping[str, int], *,
    families: Iterable[tuple[str, str]] = (), links: Links | None = None, actions: Sequence[Sequence[Any]] = (),
    journal: JournalHeads | None = None, terms: Terms | None = None,
) -> dict[str, object]:  # fmt: skip
    """Return the content of a parcel; `months` are records with their revision and state, `actions` rows of their block."""
    parts: dict[str, dict[str, object]] = {
        MONTHS: {"rows": list(months)},
        FAMILIES: {"rows": [list(f) for f in families]},
    }
    if links is not None and links.rows:
        parts[LINKS] = {"key_id": links.key_id, "rows": [list(r) for r in links.rows]}
    if actions:
        parts[ACTIONS] = {"rows": [list(a) for a in actions]}
    if journal is not None:
        parts[JOURNAL] = {"head": journal.head, "rows": [list(m) for m in journal.months]}
    if terms is not None:
        parts[TERMS] = {"edition": terms.edition, "definitions": terms.definitions}
    blocks = {
        part: {"version": _VERSIONS[part], "required": part == MONTHS, **content} for part, content in parts.items()
    }
    return {
        "kind": "shop", "version": BODY, "name": name, "post_name": post_name, "blocks": blocks, "control": dict(control),
    }  # fmt: skip


def read_body(content: bytes, each: Callable[[MonthRow], None]) -> tuple[Body, Mapping[str, object]]:
    """Return a parcel's content, and what it repeats of its label; every month is given to `each`, then let go.

    Raises `ParcelNewer`, `ParcelUnreadable`. What was given to `each` counts only once the whole was returned.
    """

    def month(record: object, written: str) -> None:
        figures, state = month_from_record(record), state_from_record(record)
        assert isinstance(record, dict)
        each(MonthRow(record, written, figures, state))

    try:
        whole = parse_each(content, _MONTHS_AT, month, max_items=_MOST_ITEMS)
    except JsonRefused:
        raise ParcelUnreadable from None
    data = plain.mapping(whole)
    body = plain.mapping(data.get("body"))
    version = plain.whole(body.get("version", 1), 1)
    if version > BODY:
        raise ParcelNewer
    if body.get("kind") != "shop":
        raise ParcelUnreadable
    return (_second(body) if version == BODY else _first(body)), plain.mapping(data.get("parcel"))


def _first(body: Mapping[str, object]) -> Body:
    plain.rows(body.get("months"))
    if "blocks" in body:
        raise ParcelUnreadable
    return Body(
        1, plain.text(body.get("name", ""), 200), "", control_from_record(body.get("control")),
        families=_families(body.get("families", [])),
    )  # fmt: skip


def _second(body: Mapping[str, object]) -> Body:
    blocks, skipped = {}, []
    for name, value in plain.mapping(body.get("blocks")).items():
        block = plain.mapping(value)
        version, required = plain.whole(block.get("version"), 1), plain.flag(block.get("required"))
        if version <= _VERSIONS.get(plain.matching(name, _BLOCK), 0):
            blocks[name] = block
        elif required:
            raise ParcelNewer
        else:
            skipped.append(name)
    if MONTHS not in blocks or "months" in body:
        raise ParcelUnreadable
    plain.rows(blocks[MONTHS].get("rows"))
    return Body(
        BODY, plain.text(body.get("name"), 200), plain.text(body.get("post_name"), 200), control_from_record(body.get("control")),
        families=_families(blocks.get(FAMILIES, {}).get("rows", [])),
        links=_links(blocks[LINKS]) if LINKS in blocks else None,
        actions=actions_from_rows(blocks.get(ACTIONS, {}).get("rows", [])),
        journal=_journal(blocks[JOURNAL]) if JOURNAL in blocks else None,
        terms=_terms(blocks[TERMS]) if TERMS in blocks else None,
        skipped=tuple(sorted(skipped)),
    )  # fmt: skip


def _families(value: object) -> tuple[tuple[str, str], ...]:
    found = []
    for pair in plain.rows(value, 500):
        code, name = (plain.text(t, 80) for t in plain.row(pair, 2))
        if not code or not name:
            raise ParcelUnreadable
        found.append((code, name))
    plain.once([code for code, _ in found])
    return tuple(found)


def _links(block: Mapping[str, object]) -> Links:
    found = []
    for item in plain.rows(block.get("rows"), 500_000):
        token, means, value = plain.row(item, 3)
        found.append((plain.token(token), plain.matching(means, _MEANS), plain.matching(value, _HEX)))
    plain.once([(token, value) for token, _means, value in found])
    return Links(plain.matching(block.get("key_id"), _KEY_ID), tuple(found))


def _journal(block: Mapping[str, object]) -> JournalHeads:
    found = []
    for item in plain.rows(block.get("rows"), 5_000):
        month, head = plain.row(item, 2)
        found.append((plain.month(month), plain.matching(head, _HEAD)))
    plain.once([month for month, _ in found])
    return JournalHeads(plain.matching(block.get("head"), _HEAD), tuple(found))


def _terms(block: Mapping[str, object]) -> Terms:
    return Terms(plain.whole(block.get("edition")), plain.matching(block.get("definitions", ""), _SUM))
