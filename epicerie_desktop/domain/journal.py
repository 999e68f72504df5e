"""The hash chain of the journal: each entry seals the one before. Knows no database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

DOMAIN = b"epicerie/journal/v1\0"
GENESIS = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `seq` from 1 without a gap per post, `at` in UTC ISO text, `body` as canonical text, never re-serialised."""

    post: int
    seq: int
    at: str
    actor: int
    kind: str
    body: str
    prev: bytes
    digest: bytes


def digest(post: int, seq: int, at: str, actor: int, kind: str, body: str, prev: bytes) -> bytes:
    """Return the SHA-256 of an entry; every field is length-prefixed, so that no two entries spell the same bytes."""
    h = hashlib.sha256(DOMAIN)
    for field in (str(post), str(seq), at, str(actor), kind, body):
        raw = field.encode()
        h.update(len(raw).to_bytes(8, "big"))
        h.update(raw)
    h.update(prev)
    return h.digest()


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not hold, and why: `gap`, `prev` or `digest`."""

    post: int
    seq: int
    why: str


def first_broken(entries: Iterable[Entry], since: tuple[int, bytes] = (1, GENESIS)) -> Broken | None:
    """Return the first entry of one post's chain (in order of seq) that does not hold, or None.

    `since` is the number and the link expected of the first entry: those of a chain's beginning, unless only a part of it is given.
    """
    expected, prev = since
    for e in entries:
        if e.seq != expected:
            return Broken(e.post, expected, "gap")
        if e.prev != prev:
            return Broken(e.post, e.seq, "prev")
        if e.digest != digest(e.post, e.seq, e.at, e.actor, e.kind, e.body, e.prev):
            return Broken(e.post, e.seq, "digest")
        prev, expected = e.digest, expected + 1
    return None
