"""What a disk carries, parcels or copies of a shop's file, told by its mark and its files; and giving it its mark."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from epicerie_desktop.exchange import drives
from epicerie_desktop.exchange.disk_trouble import MISSING, refusal, write_trouble
from epicerie_desktop.exchange.filesystem import FileSystem, StickIdentity
from epicerie_desktop.exchange.stick import is_on_computer, write_safely
from epicerie_desktop.exchange.stick_mark import MARK_NAME, StickUse, mark_text, new_mark, read_mark, uses_of_names
from epicerie_desktop.support.errors import EnvironmentTrouble

_MOST_FOLDERS = 200


def stick_of(folder: Path, *, sticks: Sequence[Path] | None = None) -> StickIdentity | None:
    """Return the stick that a folder lies on, whether the folder exists yet or not; None on any other disk.

    Raises EnvironmentTrouble where the disk does not answer.
    """
    found = _disk_of(folder)
    known = drives.list_sticks() if sticks is None else sticks
    return found if found.root in known else None


def refuse_absent_stick(folder: Path) -> None:
    """Refuse a folder that lies where sticks are mounted while none is there: the file would stay in the computer.

    Raises EnvironmentTrouble.
    """
    if drives.where_sticks_are(folder) and is_on_computer(_disk_of(folder)):
        raise refusal(MISSING, on_stick=True)


def uses_of(folder: Path, *, sticks: Sequence[Path] | None = None) -> frozenset[StickUse]:
    """Return what the disk of a folder is for: by a mark above the folder, and, on a stick, by the files it carries.

    `sticks` are the roots of the sticks plugged in, asked of the system when not given. Raises EnvironmentTrouble where
    the disk does not answer.
    """
    found: set[StickUse] = set()
    identity = _disk_of(folder)
    try:
        here = _nearest(folder)
        for place in _up_to(here, identity.root):
            mark = read_mark(place)
            if mark is not None:
                found.add(mark.use)
        if _is_stick(here, identity, sticks):
            for place in _two_levels(identity.root):
                found |= uses_of_names(FileSystem().entries(place))
            found |= uses_of_names(FileSystem().entries(here))
    except OSError as error:
        raise write_trouble(error, on_stick=True) from error
    return frozenset(found)


def mark_stick(folder: Path, use: StickUse, *, sticks: Sequence[Path] | None = None) -> None:
    """Give its mark to the stick a folder lies on, unless it has one; a stick that refuses it goes without."""
    with contextlib.suppress(EnvironmentTrouble, OSError):
        identity = _disk_of(folder)
        if _is_stick(_nearest(folder), identity, sticks) and not FileSystem().taken(identity.root / MARK_NAME):
            write_safely(identity.root, MARK_NAME, mark_text(new_mark(use)), expected=None)


def _is_stick(here: Path, identity: StickIdentity, sticks: Sequence[Path] | None) -> bool:
    """Return whether a disk is a stick: the system says so, or another disk than the computer's was chosen by its root.

    Windows calls a USB hard disk fixed: it is known only by having been chosen whole.
    """
    known = drives.list_sticks() if sticks is None else sticks
    return identity.root in known or (here == identity.root and not is_on_computer(identity))


def _disk_of(folder: Path) -> StickIdentity:
    try:
        return FileSystem().identify(_nearest(folder))
    except OSError as error:
        raise write_trouble(error, on_stick=True) from error


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    whole = folder.resolve()
    return next((place for place in (whole, *whole.parents) if place.is_dir()), whole)


def _up_to(here: Path, root: Path) -> Iterator[Path]:
    for place in (here, *here.parents):
        yield place
        if place == root:
            return


def _two_levels(root: Path) -> Iterator[Path]:
    yield root
    yield from islice((p for p in sorted(root.iterdir()) if p.is_dir() and not p.is_symlink()), _MOST_FOLDERS)
