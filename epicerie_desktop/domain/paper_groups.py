"""A secret on paper: groups of four signs, each with its own check, so that a slip is told with the group it stands in.

Crockford's base 32 (no I, L, O, U). Three signs of a group carry 15 bits; the fourth sees one wrong sign, two neighbours
exchanged, and most groups out of their place (Damm's scheme over GF(32), begun from the group's rank). The bits left at the end
hold a checksum of the whole. Knows no key: `counting_key` and `recovery_sheet` say what the bytes are.
"""

from __future__ import annotations

import hashlib
import re

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 4
_CARRIED = 15
"""Bits a group carries."""
_LEAST_CHECK = 10
_READ_AS = str.maketrans("ILOU", "110V")
_PERSON = b"epicerie-paper"


class GroupMistyped(BadInput):
    """A slip in one group, named by its rank."""

    def __init__(self, rank: int) -> None:
        super().__init__(
            N_("Le groupe n° {rank} contient une faute de frappe : relisez-le sur la feuille, puis corrigez-le."),
            rank=rank,
        )
        self.rank = rank


def written(data: bytes, prefix: str) -> str:
    """Return `data` after its four-sign `prefix`, in groups of four set apart by hyphens."""
    count, check = _shape(len(data))
    number = (int.from_bytes(data, "big") << check) | _checksum(data, prefix, check)
    groups = [_group(rank, (number >> (_CARRIED * (count - rank))) & 0x7FFF) for rank in range(1, count + 1)]
    return "-".join((prefix, *groups))


def read(text: str, prefix: str, length: int) -> bytes:
    """Return the `length` bytes of a sheet as typed or scanned, whatever the blanks, hyphens, case and look-alike letters.

    Raises `GroupMistyped` for a slip (which group), `BadInput` for groups missing or in excess, or a sheet of another kind.
    """
    count, check = _shape(length)
    groups = _cut(text, prefix, count)
    number = 0
    for rank, group in enumerate(groups, 1):
        value = _value(rank, group)
        if value is None:
            raise GroupMistyped(rank)
        number = (number << _CARRIED) | value
    if len(groups) != count:
        raise BadInput(
            N_("La feuille porte {wanted} groupes de quatre signes ; il y en a {found} ici. Reprenez depuis le premier."),
            wanted=count, found=len(groups),
        )  # fmt: skip
    data = (number >> check).to_bytes(length, "big")
    if number & ((1 << check) - 1) != _checksum(data, prefix, check):
        raise BadInput(N_("Ces groupes ne vont pas ensemble : relisez-les tous sur la feuille, un par un."))
    return data


def _shape(length: int) -> tuple[int, int]:
    """Return how many groups carry `length` bytes, and how many bits are left for the checksum."""
    bits = 8 * length
    count = -(-(bits + _LEAST_CHECK) // _CARRIED)
    return count, _CARRIED * count - bits


def _checksum(data: bytes, prefix: str, bits: int) -> int:
    digest = hashlib.blake2b(prefix.encode() + data, digest_size=8, person=_PERSON).digest()
    return int.from_bytes(digest, "big") >> (64 - bits)


def _group(rank: int, value: int) -> str:
    body = "".join(ALPHABET[(value >> shift) & 31] for shift in (10, 5, 0))
    return body + ALPHABET[_check(rank, body)]


def _check(rank: int, body: str) -> int:
    interim = rank % 32
    for sign in body:
        interim = _twice(interim ^ ALPHABET.index(sign))
    return interim


def _twice(value: int) -> int:
    """Return twice a number of GF(32), modulo x⁵ + x² + 1."""
    return ((value << 1) ^ (0x25 if value & 16 else 0)) & 31


def _value(rank: int, group: str) -> int | None:
    """Return what a group carries, None where its check does not hold."""
    if len(group) != GROUP or any(c not in ALPHABET for c in group):
        return None
    if _check(rank, group[:-1]) != ALPHABET.index(group[-1]):
        return None
    first, second, third = (ALPHABET.index(c) for c in group[:-1])
    return (first << 10) | (second << 5) | third


def _cut(text: str, prefix: str, count: int) -> list[str]:
    """Return the groups typed, the prefix left out; groups typed apart stay apart, so that a short one is told by its rank."""
    plain = text.upper().translate(_READ_AS)
    parts = [p for p in re.split(r"[^0-9A-Z]+", plain) if p]
    if not parts:
        raise BadInput(N_("Tapez les groupes de la feuille, ou lisez son carré avec la douchette."))
    together = "".join(parts)
    kind = prefix.translate(_READ_AS)
    if parts[0] == kind or (together.startswith(kind) and len(together) > GROUP * count):
        together = together[len(kind) :]
        parts = parts[1:] if parts[0] == kind else [parts[0][len(kind) :], *parts[1:]]
    elif _is_another_kind(parts[0], len(together), count):
        raise BadInput(
            N_("Cette feuille n'est pas la bonne : ses groupes commencent par {wanted}, non par {found}."),
            wanted=prefix, found=parts[0][:GROUP],
        )  # fmt: skip
    if len(parts) in (count - 1, count, count + 1):
        return parts
    return [together[at : at + GROUP] for at in range(0, len(together), GROUP)]


def _is_another_kind(first: str, signs: int, count: int) -> bool:
    return first.startswith("EPC") and _value(1, first[:GROUP]) is None and signs != GROUP * count
