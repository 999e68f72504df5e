"""Writing a file to a stick or a folder so that it is either wholly there or not there at all, and reading it.

Order of the gestures: the disk is the one chosen; what a former pulled-out stick left is swept; there is room; a temporary
name; the whole content; fsync; close; read back and compare; rename to a free name; fsync of the folder; the disk is still
the one chosen.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import re
import secrets
from pathlib import Path

from epicerie_desktop.exchange.disk_trouble import (
    FULL,
    GONE,
    MISREAD,
    MISSING,
    NOT_A_FOLDER,
    SWAPPED,
    crowded,
    read_trouble,
    refusal,
    write_trouble,
)
from epicerie_desktop.exchange.drives import list_sticks
from epicerie_desktop.exchange.filesystem import FileSystem, RealFileSystem, StickIdentity
from epicerie_desktop.support.errors import EnvironmentTrouble

__all__ = [
    "FileSystem",
    "RealFileSystem",
    "StickIdentity",
    "identify",
    "is_on_computer",
    "list_sticks",
    "read_bounded",
    "refuse_full",
    "sweep",
    "write_safely",
]

PARTIAL = ".partial"
_LEFT_BEHIND = re.compile(r"[A-Za-z0-9_.-]+\.[0-9a-f]{8}\.partial", re.ASCII)
_BIG = 100_000_000
_MARGIN = 1 << 20
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*", re.ASCII)
_LONGEST_NAME = 100
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def identify(path: Path, *, fs: FileSystem | None = None, on_stick: bool = True) -> StickIdentity:
    """Return the identity of the disk that holds the folder `path`. Raises EnvironmentTrouble."""
    disk = fs or RealFileSystem()
    try:
        if not disk.is_folder(path):
            raise refusal(NOT_A_FOLDER if disk.taken(path) else GONE, on_stick=on_stick)
        return disk.identify(path)
    except OSError as error:
        raise write_trouble(error, on_stick=on_stick) from error


def is_on_computer(identity: StickIdentity, *, fs: FileSystem | None = None) -> bool:
    """Return whether this disk is the computer's own, where only a plain folder may be written."""
    try:
        return identity.device in (fs or RealFileSystem()).system_devices()
    except OSError as error:
        raise write_trouble(error, on_stick=True) from error


def write_safely(
    folder: Path, name: str, data: bytes, *, expected: StickIdentity | None, fs: FileSystem | None = None
) -> Path:
    """Return the path of the new file once it has been written, read back, named and found on the same disk.

    `expected` is the stick chosen on screen, or None for a plain folder of the computer. A name already borne gets a
    number (`name-2.epic`); nothing is ever overwritten. Raises EnvironmentTrouble, the temporary file then removed if
    the disk still answers, and ValueError for a name that some stick could not bear.
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME or _RESERVED.fullmatch(name):
        raise ValueError("file name")
    disk, on_stick = fs or RealFileSystem(), expected is not None
    start = _checked(disk, folder, expected)
    temporary = folder / f"{name}.{secrets.token_hex(4)}{PARTIAL}"
    needed = _needed(len(data))
    try:
        if on_stick:
            sweep(folder, _LEFT_BEHIND, fs=disk)
        if disk.free(folder) < needed:
            raise _full(disk, folder, needed, on_stick=on_stick)
        _write(disk, temporary, data)
        if disk.read_back(temporary) != hashlib.sha256(data).hexdigest():
            raise refusal(MISREAD, on_stick=on_stick)
        _refuse_swap(disk, folder, start, on_stick=on_stick)
        final = _named(disk, temporary, folder, name)
        disk.sync_folder(folder)
    except OSError as error:
        _tidy(disk, temporary)
        if error.errno == errno.ENOSPC:
            raise _full(disk, folder, needed, on_stick=on_stick) from error
        raise write_trouble(error, on_stick=on_stick) from error
    except BaseException:
        _tidy(disk, temporary)
        raise
    try:
        _refuse_swap(disk, folder, start, on_stick=on_stick)
        if disk.size(final) != len(data):
            raise refusal(MISREAD, on_stick=on_stick)
    except OSError as error:
        raise write_trouble(error, on_stick=on_stick) from error
    return final


def sweep(folder: Path, names: re.Pattern[str], *, fs: FileSystem | None = None) -> None:
    """Remove the files of these names, which a writing cut short by a pulled-out stick left: they only take room.

    Raises OSError where the folder cannot be looked into; a file that will not go is left.
    """
    disk = fs or RealFileSystem()
    for name in disk.entries(folder):
        if names.fullmatch(name):
            with contextlib.suppress(OSError):
                disk.remove(folder / name)


def refuse_full(folder: Path, size: int, *, on_stick: bool, fs: FileSystem | None = None) -> None:
    """Refuse a folder without room for a file of `size` bytes and a margin. Raises EnvironmentTrouble."""
    disk = fs or RealFileSystem()
    try:
        if disk.free(folder) < _needed(size):
            raise _full(disk, folder, _needed(size), on_stick=on_stick)
    except OSError as error:
        raise write_trouble(error, on_stick=on_stick) from error


def read_bounded(path: Path, limit: int, *, fs: FileSystem | None = None) -> bytes:
    """Return the bytes of the file, and one byte more than `limit` for a bigger one, so that its reader refuses it.

    Raises EnvironmentTrouble.
    """
    try:
        return (fs or RealFileSystem()).read(path, limit + 1)
    except OSError as error:
        raise read_trouble(error) from error


def _needed(size: int) -> int:
    """Return the room asked for a file: a tenth more than its size, and a margin."""
    return size + size // 10 + _MARGIN


def _checked(disk: FileSystem, folder: Path, expected: StickIdentity | None) -> StickIdentity:
    """Return the identity of the folder's disk, once it is the disk expected."""
    found = identify(folder, fs=disk, on_stick=expected is not None)
    if expected is not None:
        if is_on_computer(found, fs=disk):
            raise refusal(MISSING, on_stick=True)
        if not found.is_still(expected):
            raise refusal(SWAPPED, on_stick=True)
    return found


def _full(disk: FileSystem, folder: Path, needed: int, *, on_stick: bool) -> EnvironmentTrouble:
    """Return the trouble of a full disk, naming the file to move away where one alone is in the way."""
    with contextlib.suppress(OSError):
        name, size = disk.biggest(folder)
        if size >= max(needed, _BIG):
            return crowded(name, size)
    return refusal(FULL, on_stick=on_stick)


def _write(disk: FileSystem, path: Path, data: bytes) -> None:
    descriptor = disk.create(path)
    try:
        rest = memoryview(data)
        while rest:
            taken = disk.write(descriptor, rest)
            if taken <= 0:
                raise OSError(errno.ENOSPC, "nothing taken")
            rest = rest[taken:]
        disk.sync(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            disk.close(descriptor)
        raise
    disk.close(descriptor)


def _named(disk: FileSystem, temporary: Path, folder: Path, name: str) -> Path:
    """Return the free name that the temporary file received."""
    stem, dot, suffix = name.partition(".")
    final, number = folder / name, 1
    while disk.taken(final):
        number += 1
        final = folder / f"{stem}-{number}{dot}{suffix}"
    for pause in disk.patience():
        try:
            disk.replace(temporary, final)
        except PermissionError:
            disk.pause(pause)
        else:
            return final
    disk.replace(temporary, final)
    return final


def _refuse_swap(disk: FileSystem, folder: Path, start: StickIdentity, *, on_stick: bool) -> None:
    now = disk.identify(folder)
    if not (now == start if on_stick else now.same_place(start)):
        raise refusal(SWAPPED, on_stick=on_stick)


def _tidy(disk: FileSystem, temporary: Path) -> None:
    """Remove the temporary file, wherever it fell: a stick that left just before lets it fall on the computer."""
    with contextlib.suppress(OSError):
        disk.remove(temporary)
