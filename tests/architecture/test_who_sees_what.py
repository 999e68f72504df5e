"""The table that decides who sees what names every column of households, rights and support, and tells the truth of seals."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import LargeBinary

from epicerie_desktop.persistence.models import front_desk, households, rights, support
from epicerie_desktop.persistence.models.base import Base

PAGE = Path(__file__).parents[2] / "docs" / "qui-voit-quoi.md"
WORDS = {"oui", "non", "forme", "somme"}


@dataclass(frozen=True)
class Row:
    table: str
    columns: tuple[str, ...]
    till: str
    reception: str
    worker: str
    manager: str
    committee: str
    export: str
    sealed: str


def rows() -> list[Row]:
    text = PAGE.read_text("utf-8")
    lines = text[text.index("| Table | Colonnes |") :].split("\n\n", 1)[0].splitlines()[2:]
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines]
    return [Row(c[0].strip("`"), tuple(re.findall(r"`(\w+)`", c[1])), *c[2:]) for c in cells]


def models() -> dict[str, dict[str, bool]]:
    """Return each table of these rooms, with its columns and whether each holds sealed bytes."""
    found: dict[str, dict[str, bool]] = {}
    for mapper in Base.registry.mappers:
        if mapper.class_.__module__ in (front_desk.__name__, households.__name__, rights.__name__, support.__name__):
            columns = mapper.local_table.columns
            found[mapper.class_.__tablename__] = {
                c.name: c.name == "sealed" and isinstance(c.type, LargeBinary) for c in columns
            }
    return found


def test_every_column_is_decided_once_and_the_words_are_known() -> None:
    shared = {c for r in rows() if r.table == "*" for c in r.columns}
    told = Counter((r.table, c) for r in rows() if r.table != "*" for c in r.columns)
    assert max(told.values()) == 1
    real = models()
    assert len(real) > 30, "the control"
    missing = {(t, c) for t, columns in real.items() for c in columns if c not in shared and (t, c) not in told}
    assert missing == set()
    unknown = {(t, c) for t, c in told if c not in real.get(t, {})}
    assert unknown == set()
    for row in rows():
        words = {row.till, row.reception, row.worker, row.manager, row.committee, row.export}
        assert words <= WORDS, row
        assert row.sealed in ("oui", "non"), row


def test_what_is_said_sealed_is_and_nothing_else() -> None:
    real = models()
    for row in rows():
        for column in row.columns:
            if row.table != "*":
                assert real[row.table][column] == (row.sealed == "oui"), (row.table, column)


def test_what_is_sealed_is_shown_to_social_workers_only() -> None:
    sealed = [r for r in rows() if r.sealed == "oui"]
    assert len(sealed) > 12
    for row in sealed:
        assert (row.till, row.reception, row.manager, row.export, row.worker) == ("non", "non", "non", "non", "oui"), (
            row
        )
