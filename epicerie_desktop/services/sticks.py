"""What a stick may receive: parcels and receipts go from hand to hand, a copy of the shop's data never does."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from epicerie_desktop.exchange import eject, stick, stick_use
from epicerie_desktop.exchange.disk_trouble import GONE, SWAPPED, refusal, write_trouble
from epicerie_desktop.exchange.filesystem import StickIdentity
from epicerie_desktop.exchange.stick_mark import StickUse
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import N_

Use: TypeAlias = StickUse
"""What a stick is for."""

# A copy cut short by a pulled-out stick bears the hour of its making: nothing else would ever remove it.
_HALF_COPY = re.compile(r".+-\d{8}-\d{6}\.(?:db\.partial(?:-journal|-wal)?|keys\.partial)", re.ASCII)


def uses(folder: Path) -> frozenset[Use]:
    """Return what the disk of a folder is for; empty for a blank stick or a plain folder. Raises `EnvironmentTrouble`."""
    return stick_use.uses_of(folder)


def stick_of(folder: Path) -> StickIdentity | None:
    """Return the stick that a folder lies on, None for a folder of the computer. Raises `EnvironmentTrouble`."""
    return stick_use.stick_of(folder)


def make_ready(folder: Path) -> None:
    """Create the folder where it is missing. Raises OSError, and `EnvironmentTrouble` for a place of sticks without a stick."""
    stick_use.refuse_absent_stick(folder)
    folder.mkdir(parents=True, exist_ok=True)


def refuse_copy(folder: Path) -> None:
    """Refuse a copy of the shop's data on a stick that carries parcels. Raises `RuleRefused`, `EnvironmentTrouble`."""
    if Use.TRANSPORT in uses(folder):
        raise RuleRefused(
            N_(
                "Cette clé porte des envois : elle passe de main en main, et aucune copie des données n'y va. Prenez une clé réservée "
                "aux sauvegardes ; pour vous servir de celle-ci, videz-la d'abord entièrement."
            )
        )  # fmt: skip


def refuse_parcel(folder: Path) -> None:
    """Refuse a parcel on a stick that carries copies of the shop's data. Raises `RuleRefused`, `EnvironmentTrouble`."""
    if Use.BACKUP in uses(folder):
        raise RuleRefused(
            N_(
                "Cette clé porte une sauvegarde de l'épicerie : elle ne doit pas voyager, et aucun envoi n'y va. Prenez une autre clé, "
                "ou écrivez l'envoi dans un dossier."
            )
        )  # fmt: skip


def keep_for_parcels(folder: Path) -> None:
    """Mark the stick that has just received a parcel, so that no copy of the data ever goes there."""
    stick_use.mark_stick(folder, Use.TRANSPORT)


def can_eject() -> bool:
    """Return whether this machine lets the program eject a stick."""
    return eject.possible()


def eject_stick(root: Path) -> bool:
    """Eject the stick mounted at `root` and return whether it is gone; False while another program holds it."""
    return eject.eject(root)


@contextlib.contextmanager
def copying_to(folder: Path, size: int) -> Iterator[None]:
    """Surround the writing of a copy of `size` bytes: the place is fit for it, and still the same one at the end.

    A stick that received a copy is marked for copies. Raises `RuleRefused` on a stick that carries parcels, and
    `EnvironmentTrouble` with the sentence of what the disk answers.
    """
    before = _fit(folder, size)
    try:
        yield
        if before is not None and not stick.identify(folder).is_still(before):
            raise refusal(SWAPPED, on_stick=True)
    except OSError as error:
        raise write_trouble(error, on_stick=before is not None) from error
    except EnvironmentTrouble as error:
        raise _said_better(error, folder, size, before) from error
    stick_use.mark_stick(folder, Use.BACKUP)


def _fit(folder: Path, size: int) -> StickIdentity | None:
    """Return the stick that the folder lies on, None for a folder of the computer, once a copy may be written there."""
    refuse_copy(folder)
    try:
        make_ready(folder)
    except OSError as error:
        raise EnvironmentTrouble(
            "SAU-104", N_("La sauvegarde n'a pas pu être écrite à cet endroit : choisissez un autre dossier ou une autre clé.")
        ) from error  # fmt: skip
    before = stick_of(folder)
    if before is not None:
        try:
            stick.sweep(folder, _HALF_COPY)
        except OSError as error:
            raise write_trouble(error, on_stick=True) from error
    stick.refuse_full(folder, size, on_stick=before is not None)
    return before


def _said_better(
    error: EnvironmentTrouble, folder: Path, size: int, before: StickIdentity | None
) -> EnvironmentTrouble:
    """Return the trouble with the sentence of the disk, where the database or the vault only knew that it refused."""
    if isinstance(error.__cause__, OSError) and error.code == "CLE-106":
        return write_trouble(error.__cause__, on_stick=before is not None)
    if error.code in ("SAU-101", "SAU-103"):
        try:
            if before is not None and not stick.identify(folder).same_place(before):
                return refusal(GONE, on_stick=True)
            stick.refuse_full(folder, size, on_stick=before is not None)
        except EnvironmentTrouble as found:
            return found
    return error
