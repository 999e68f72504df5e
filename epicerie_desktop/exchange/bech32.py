"""Bech32 (BIP 173), the text form of age keys: so that a secret key on paper is groups of ours, and a key for age again."""

from __future__ import annotations

_SIGNS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(prefix: str, data: bytes) -> str:
    """Return `data` under a lower-case prefix, its six-sign checksum last."""
    number, length = int.from_bytes(data, "big"), -(-8 * len(data) // 5)
    number <<= 5 * length - 8 * len(data)
    values = [(number >> (5 * (length - 1 - at))) & 31 for at in range(length)]
    check = _polymod(_expanded(prefix) + values + [0] * 6) ^ 1
    return prefix + "1" + "".join(_SIGNS[v] for v in values + [(check >> (5 * (5 - at))) & 31 for at in range(6)])


def decode(prefix: str, text: str) -> bytes:
    """Return the bytes of a text under this prefix. Raises `ValueError`."""
    plain = text.lower()
    if text not in (plain, text.upper()) or not plain.startswith(prefix + "1"):
        raise ValueError("not a bech32 text of this kind")
    values = [_SIGNS.index(sign) for sign in plain[len(prefix) + 1 :]]
    if len(values) < 6 or _polymod(_expanded(prefix) + values) != 1:
        raise ValueError("bech32 checksum")
    number = 0
    for value in values[:-6]:
        number = (number << 5) | value
    spare = 5 * (len(values) - 6) % 8
    if spare >= 5 or number & ((1 << spare) - 1):
        raise ValueError("bech32 padding")
    return (number >> spare).to_bytes(5 * (len(values) - 6) // 8, "big")


def _expanded(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = ((check & 0x1FFFFFF) << 5) ^ value
        for bit, factor in enumerate(_GENERATOR):
            check ^= factor if (top >> bit) & 1 else 0
    return check
