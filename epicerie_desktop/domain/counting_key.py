"""The custodian's counting key on paper, and its public number. Draws no key: randomness is the services' affair."""

from __future__ import annotations

import hashlib

from epicerie_desktop.domain import paper_groups

KEY_BYTES = 32
PREFIX = "EPCK"


def written(key: bytes) -> str:
    """Return the key as its sheet bears it: « EPCK- » and 18 groups of four signs, each with its check."""
    return paper_groups.written(_checked(key), PREFIX)


def read(text: str) -> bytes:
    """Return the 32 bytes of a sheet typed or scanned. Raises `BadInput`; a slip is told as a slip, with its group."""
    return paper_groups.read(text, PREFIX, KEY_BYTES)


def key_id(key: bytes) -> str:
    """Return the key's public number, 8 hexadecimal digits: it tells two keys apart and nothing of either."""
    return hashlib.blake2b(_checked(key), person=b"epicerie-ckey-id").hexdigest()[:8]


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError("a counting key has 32 bytes")
    return key
