"""The open catalogue: a SQLite file of its own beside the database, not encrypted, replaced whole. It holds nothing of the shop.

It is a database derived from Open Food Facts, under the ODbL: its licence and its source are inside it, and it may be copied as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import N_

FILE_NAME = "catalogue.sqlite"
_APPLICATION_ID = 0x45504F46
_BATCH = 2000
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE product (code TEXT PRIMARY KEY, name TEXT NOT NULL, brand TEXT NOT NULL, quantity TEXT NOT NULL, grams INTEGER,
                      present TEXT NOT NULL, traces TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class StoredProduct:
    """A product as the file keeps it; allergens are codes joined by commas."""

    code: str
    name: str
    brand: str
    quantity: str
    grams: int | None
    present: str
    traces: str


def write_catalogue(path: Path, products: Iterable[StoredProduct], meta: Mapping[str, str]) -> int:
    """Write a catalogue in the place of the one there, wholly or not at all, and return how many products it holds.

    Whatever stops the reading of `products` leaves the old file as it was. Raises `EnvironmentTrouble` for a full disk.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(partial, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = OFF")
            db.execute("PRAGMA synchronous = OFF")
            db.execute("PRAGMA cache_size = -16000")
            db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            db.executescript(_SCHEMA)
            for rows in _batches(products):
                db.execute("BEGIN")
                db.executemany("INSERT OR REPLACE INTO product VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
                db.execute("COMMIT")
            count = int(db.execute("SELECT count(*) FROM product").fetchone()[0])
            db.executemany("INSERT INTO meta VALUES (?, ?)", {**meta, "products": str(count)}.items())
        partial.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise EnvironmentTrouble(
            "FIC-105", N_("Le catalogue n'a pas pu être écrit : libérez de la place sur ce disque, puis recommencez.")
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return count


def _batches(products: Iterable[StoredProduct]) -> Iterable[list[tuple[object, ...]]]:
    rows = ((p.code, p.name, p.brand, p.quantity, p.grams, p.present, p.traces) for p in products)
    held: list[tuple[object, ...]] = []
    for row in rows:
        held.append(row)
        if len(held) == _BATCH:
            yield held
            held = []
    if held:
        yield held


def find_product(path: Path, code: str) -> StoredProduct | None:
    """Return a product by its trade number; None where it is not there, or where there is no catalogue or it is damaged."""
    rows = _read(
        path, "SELECT code, name, brand, quantity, grams, present, traces FROM product WHERE code = ?", (code,)
    )
    return StoredProduct(*rows[0]) if rows else None


def read_meta(path: Path) -> dict[str, str]:
    """Return what the file says of itself: source, licence, day, number of products; empty where there is none."""
    return {str(k): str(v) for k, v in _read(path, "SELECT key, value FROM meta", ())}


def _read(path: Path, query: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
    if not path.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            if db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
                return []
            return db.execute(query, values).fetchall()
    except sqlite3.Error:
        # A help that is damaged is no help: what is scanned is still asked by its name.
        return []
