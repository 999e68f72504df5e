"""Copies of an open database, verified before they are called copies. Knows no service."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from epicerie_desktop.persistence.database import check_file, connect
from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class CopyCheck:
    """What a verified copy holds: its schema version, its tickets, and the last entry of its journal."""

    version: int
    sales: int
    journal: tuple[tuple[int, int, bytes], ...]


def copy_to(path: Path, key: bytes, target: Path) -> CopyCheck:
    """Copy the database at `path`, open or not, to a new file `target`, and return what was read back from it.

    Raises `EnvironmentTrouble`: the disk refuses, or the copy does not hold what the original holds (it is removed).
    """
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    live = connect(path, key)
    try:
        live.execute("VACUUM INTO ?", (str(partial),))
        expected = _check(live, path)
    except live.DatabaseError as error:
        partial.unlink(missing_ok=True)
        raise EnvironmentTrouble(
            "SAU-101", N_("La sauvegarde n'a pas pu être écrite : vérifiez la place sur le disque.")
        ) from error
    finally:
        live.close()
    found = verify(partial, key)
    if found != expected:
        partial.unlink(missing_ok=True)
        raise EnvironmentTrouble("SAU-102", N_("La sauvegarde relue ne correspond pas à l'original : recommencez."))
    _sync(partial)
    partial.replace(target)
    return found


def verify(path: Path, key: bytes) -> CopyCheck:
    """Open the copy at `path` and return what it holds. Raises `EnvironmentTrouble` when anything in it is damaged."""
    copy = connect(path, key)
    try:
        found = _check(copy, path)
        damaged = [*copy.execute("PRAGMA cipher_integrity_check").fetchall()]
        told = [row[0] for row in copy.execute("PRAGMA quick_check").fetchall()]
        # A copy is one file: leave no journal beside it.
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()
    except copy.DatabaseError as error:
        raise _damaged(path) from error
    finally:
        copy.close()
    if damaged or told != ["ok"]:
        raise _damaged(path)
    return found


def _damaged(path: Path) -> EnvironmentTrouble:
    return EnvironmentTrouble(
        "SAU-103", N_("La copie « {file} » est abîmée : ne comptez pas sur elle."), file=path.name
    )


def _check(raw: object, path: Path) -> CopyCheck:
    execute = raw.execute  # type: ignore[attr-defined]
    version = check_file(raw, path)
    sales = execute("SELECT count(*) FROM sale").fetchone()[0]
    heads = execute(
        "SELECT post_id, seq, digest FROM journal AS j "
        "WHERE seq = (SELECT max(seq) FROM journal WHERE post_id = j.post_id) ORDER BY post_id"
    ).fetchall()
    return CopyCheck(version, sales, tuple((p, s, bytes(d)) for p, s, d in heads))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
