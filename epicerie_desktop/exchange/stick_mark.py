"""The mark of a stick: a small file that numbers it and says what it is for. Sticks have no name that systems agree on."""

from __future__ import annotations

import re
import secrets
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MARK_NAME = "cle-epicerie.txt"
_MOST_BYTES = 2000
_USE = re.compile(rb"^usage: ([a-z]{1,20})\r?$", re.MULTILINE)
_NUMBER = re.compile(rb"^numero: ([0-9a-f]{16})\r?$", re.MULTILINE)


class StickUse(StrEnum):
    """What a stick is for: parcels and receipts that go from hand to hand, or copies of a shop's file that stay put."""

    TRANSPORT = "envois"
    BACKUP = "sauvegardes"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the file of a stick says: its number, 16 hexadecimal digits, and its use."""

    number: str
    use: StickUse


_WORDS = {
    StickUse.TRANSPORT: "Cette clé porte les envois entre une épicerie sociale et sa coordination. Aucune sauvegarde n'y va.",
    StickUse.BACKUP: "Cette clé garde les sauvegardes d'une épicerie sociale. Rangez-la en lieu sûr : elle ne porte aucun envoi.",
}


def new_mark(use: StickUse) -> Mark:
    """Return a mark with a number drawn at random."""
    return Mark(secrets.token_hex(8), use)


def mark_text(mark: Mark) -> bytes:
    """Return the content of the file: two lines for a person, two for the program."""
    lines = (_WORDS[mark.use], "Le programme reconnaît la clé à ce fichier : ne l'effacez pas.")
    return "\r\n".join((*lines, f"usage: {mark.use}", f"numero: {mark.number}", "")).encode()


def read_mark(folder: Path) -> Mark | None:
    """Return the mark that lies in a folder, None where there is none or nothing can be made of it.

    Raises OSError where the disk does not answer.
    """
    path = folder / MARK_NAME
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb") as handle:
            text = handle.read(_MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    use, number = _USE.search(text), _NUMBER.search(text)
    if use is None or number is None or use[1].decode() not in set(StickUse):
        return None
    return Mark(number[1].decode(), StickUse(use[1].decode()))


def uses_of_names(names: Iterable[str]) -> frozenset[StickUse]:
    """Return what the files of these names are: parcels, contract files and receipts, or copies of a shop's file."""
    found = set()
    for name in (n.lower() for n in names):
        if re.search(r"\.epic(-[a-z]+)?$", name):
            found.add(StickUse.TRANSPORT)
        elif name.endswith(".keys.json"):
            found.add(StickUse.BACKUP)
    return frozenset(found)
