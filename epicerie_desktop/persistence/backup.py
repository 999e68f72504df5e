"""Copies of an open database, verified before they are called copies. Knows no service."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    try:
        # The driver writes into this empty file, private to this account whatever its umask.
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        found = _copied(path, key, partial)
        _sync(partial)
        partial.replace(target)
    except BaseException:
        _remove(partial)
        raise
    _sync(target.parent)
    return found


def _copied(path: Path, key: bytes, partial: Path) -> CopyCheck:
    live = connect(path, key)
    try:
        before = _check(live, path)
        live.execute("VACUUM INTO ?", (str(partial),))
        found = verify(partial, key)
        if not _is_copy(found, before, live):
            raise EnvironmentTrouble("SAU-102", N_("La sauvegarde relue ne correspond pas à l'original : recommencez."))
    except live.DatabaseError as error:
        raise EnvironmentTrouble(
            "SAU-101", N_("La sauvegarde n'a pas pu être écrite : vérifiez la place sur le disque.")
        ) from error
    finally:
        live.close()
    return found


def _is_copy(found: CopyCheck, before: CopyCheck, live: Any) -> bool:
    """Return whether the copy holds at least what was there before it, and nothing that the original does not hold.

    The till may sell while a copy is made: the two need not be equal.
    """
    heads = {post: seq for post, seq, _ in found.journal}
    return (
        found.version == before.version
        and found.sales >= before.sales
        and all(heads.get(post, 0) >= seq for post, seq, _ in before.journal)
        and all(
            live.execute("SELECT digest FROM journal WHERE post_id = ? AND seq = ?", (post, seq)).fetchone()
            == (digest,)
            for post, seq, digest in found.journal
        )
    )


def verify(path: Path, key: bytes) -> CopyCheck:
    """Read the whole copy at `path`, which is not changed, and return what it holds.

    Raises `EnvironmentTrouble` when anything in it is damaged.
    """
    copy = connect(path, key, mode="ro")
    try:
        found = _check(copy, path)
        damaged = [*copy.execute("PRAGMA cipher_integrity_check").fetchall()]
        told = [row[0] for row in copy.execute("PRAGMA quick_check").fetchall()]
    except copy.DatabaseError as error:
        raise _damaged(path) from error
    finally:
        copy.close()
    if damaged or told != ["ok"]:
        raise _damaged(path)
    return found


def refuse_if_open(path: Path, key: bytes) -> None:
    """Return nothing where nobody works on the file at `path`, or where it cannot be opened at all.

    Raises `EnvironmentTrouble` when another program has it open: SQLite leaves the WAL mode only for one who is alone.
    """
    if not path.is_file():
        return
    try:
        raw = connect(path, key)
    except EnvironmentTrouble:
        return
    try:
        raw.execute("PRAGMA busy_timeout = 300")
        alone = raw.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
    except raw.OperationalError:
        alone = False
    finally:
        raw.close()
    if not alone:
        raise EnvironmentTrouble(
            "SAU-106", N_("Le programme est ouvert sur ces données : fermez-le, puis recommencez. Rien n'a été changé.")
        )


def bring_back(copy: Path, key: bytes, target: Path, aside: str) -> Path:
    """Put a verified copy of the copy beside `target` and return its path, ready for `put_in_place`.

    Raises `EnvironmentTrouble` where the copy is damaged or the disk refuses; nothing is left behind then.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.stem}.{aside}.partial")
    try:
        for suffix in ("", "-wal"):
            source = copy.with_name(copy.name + suffix)
            if source.exists():
                _copy_file(source, partial.with_name(partial.name + suffix))
        verify(partial, key)
    except OSError as error:
        _remove(partial)
        raise EnvironmentTrouble(
            "SAU-105", N_("La copie n'a pas pu être remise en place : vérifiez la place sur le disque et les droits du dossier.")
        ) from error  # fmt: skip
    except BaseException:
        _remove(partial)
        raise
    return partial


def put_in_place(partial: Path, target: Path, aside: str) -> None:
    """Set aside the file now at `target`, with all that lies beside it, and put `partial` in its place."""
    for suffix in ("", "-wal", "-shm"):
        old = target.with_name(target.name + suffix)
        if old.exists():
            old.replace(old.with_name(f"{old.name}.{aside}"))
    partial.replace(target)
    _sync(target.parent)


def _copy_file(source: Path, target: Path) -> None:
    with source.open("rb") as come, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as go:
        shutil.copyfileobj(come, go, 1 << 20)
        go.flush()
        os.fsync(go.fileno())


def _remove(partial: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        partial.with_name(partial.name + suffix).unlink(missing_ok=True)


def _damaged(path: Path) -> EnvironmentTrouble:
    return EnvironmentTrouble(
        "SAU-103", N_("La copie « {file} » est abîmée : ne comptez pas sur elle."), file=path.name
    )


def _check(raw: Any, path: Path) -> CopyCheck:
    execute = raw.execute
    version = check_file(raw, path)
    sales = execute("SELECT count(*) FROM sale").fetchone()[0]
    heads = execute(
        "SELECT post_id, seq, digest FROM journal AS j "
        "WHERE seq = (SELECT max(seq) FROM journal WHERE post_id = j.post_id) ORDER BY post_id"
    ).fetchall()
    return CopyCheck(version, sales, tuple((p, s, bytes(d)) for p, s, d in heads))


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows syncs no folder; the name is journalled there.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
