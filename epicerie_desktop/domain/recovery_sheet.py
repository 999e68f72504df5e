"""What the recovery sheet of a contract bears in its groups: enough to read every parcel of it again, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from epicerie_desktop.domain import paper_groups
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

PREFIX = "EPCR"
_LENGTH = 16 + 2 + 3 + 3 + 32 + 32


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """A contract's identity and dates, and the coordinator's two secrets: the age key's 32 bytes and the Ed25519 seed."""

    contract: UUID
    number: int
    starts_on: date
    ends_on: date
    reading_key: bytes = field(repr=False)
    signing_seed: bytes = field(repr=False)


def written(sheet: RecoverySheet) -> str:
    """Return the sheet as « EPCR- » and 48 groups of four signs, each with its check."""
    data = (
        sheet.contract.bytes + sheet.number.to_bytes(2, "big") + sheet.starts_on.toordinal().to_bytes(3, "big")
        + sheet.ends_on.toordinal().to_bytes(3, "big") + sheet.reading_key + sheet.signing_seed
    )  # fmt: skip
    if len(data) != _LENGTH:
        raise ValueError("a key has 32 bytes")
    return paper_groups.written(data, PREFIX)


def read(text: str) -> RecoverySheet:
    """Return what a sheet typed or scanned bears. Raises `BadInput`; a slip is told as a slip, with its group."""
    data = paper_groups.read(text, PREFIX, _LENGTH)
    try:
        return RecoverySheet(
            UUID(bytes=data[:16]), int.from_bytes(data[16:18], "big"), date.fromordinal(int.from_bytes(data[18:21], "big")),
            date.fromordinal(int.from_bytes(data[21:24], "big")), data[24:56], data[56:],
        )  # fmt: skip
    except (ValueError, OverflowError) as error:
        raise BadInput(
            N_("Ces groupes ne sont pas ceux d'une feuille de secours de contrat : relisez-les tous.")
        ) from error
