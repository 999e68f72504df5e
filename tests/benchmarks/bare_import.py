"""A parcel taken in by bare code: the same decryption, the same checks and the same rows, written flat for this one use.

It tells apart none of the outcomes and none of the refusals: any fault is one assertion.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

import pyrage
from nacl.signing import VerifyKey

_TOKEN = re.compile(r"[0-9a-f]{32}", re.ASCII)
_CONTEXT = b"epicerie/export/v1\0"
_MOST = 10**12


def opened(data: bytes, identity: str, verify_key: bytes) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Return the label, the content and the digest of a parcel whose sums and signature hold."""
    assert data[:6] == b"EPICX1"
    end = 10 + int.from_bytes(data[6:10], "big")
    label, sealed = json.loads(data[10:end]), data[end:]
    assert len(sealed) == label["length"]
    assert hashlib.sha256(sealed).hexdigest() == label["sha256"]
    inner = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    signer, signature, content = inner[:32], inner[32:96], gzip.decompress(inner[96:])
    assert signer == verify_key
    signed = {k: v for k, v in label.items() if k not in ("check", "length", "sha256")}
    text = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    message = _CONTEXT + hashlib.sha256(text).digest() + content
    VerifyKey(signer).verify(message, signature)
    return label, json.loads(content), hashlib.sha256(message).hexdigest()


def checked(body: dict[str, Any], first: str, last: str) -> None:
    """Check every value of every month, and that all of them add up to the shop's own control."""
    households: set[str] = set()
    persons: set[str] = set()
    visits = person_visits = grams = shelf = paid = 0
    seen = set()
    for month in body["blocks"]["months"]["rows"]:
        assert first <= month["month"] <= last
        seen.add(month["month"])
        here = _weight(month["origins"])
        tokens = set()
        for h in month["households"]:
            assert _TOKEN.fullmatch(h["token"])
            tokens.add(h["token"])
            for p in h["persons"]:
                assert _TOKEN.fullmatch(p)
            assert len(set(h["persons"])) == len(h["persons"])
            for value in (h["visits"], h["person_visits"], h["shelf_cents"], h["paid_cents"]):
                assert type(value) is int
                assert 0 <= value <= _MOST
            own = _weight(h["grams"])
            assert h.get("estimated", 0) <= own
            assert "bands" not in h or sum(h["bands"]) == len(h["persons"])
            persons.update(h["persons"])
            visits += h["visits"]
            person_visits += h["person_visits"]
            shelf += h["shelf_cents"]
            paid += h["paid_cents"]
            grams += own
            here -= own
        assert not here
        assert len(tokens) == len(month["households"])
        households |= tokens
    assert len(seen) == len(body["blocks"]["months"]["rows"])
    assert body["control"] == {
        "families": len(households), "persons": len(persons), "visits": visits, "person_visits": person_visits, "grams": grams,
        "shelf_cents": shelf, "paid_cents": paid,
    }  # fmt: skip


def _weight(pairs: Iterable[list[Any]]) -> int:
    total, names = 0, set()
    for name, weight in pairs:
        assert type(name) is str
        assert type(weight) is int
        assert 0 <= weight <= _MOST
        names.add(name)
        total += weight
    return total


def take(raw: Any, data: bytes, identity: str, verify_key: bytes, site: int, first: str, last: str) -> None:
    """Check a parcel, and write its rows to a bare connection of the driver, in one transaction."""
    label, content, digest = opened(data, identity, verify_key)
    body = content["body"]
    checked(body, first, last)
    raw.execute("BEGIN IMMEDIATE")
    cursor = raw.execute(
        "INSERT INTO parcel_received (uid, site_id, post, generation, seq, digest, prev, body_version, size, journal_head,"
        " journal_months, warnings, reason, created_at, imported_at, imported_by)"
        " VALUES (randomblob(16), ?, 1, ?, ?, ?, ?, 2, ?, '', '{}', '[]', '', ?, ?, 1)",
        (site, bytes.fromhex(label["generation"].replace("-", "")), label["seq"], bytes.fromhex(digest),
         bytes.fromhex(label["previous"]), len(data), label["created"], label["created"]),
    )  # fmt: skip
    raw.executemany(
        "INSERT INTO site_month (site_id, post, month, revision, closed, parcel_id, figures) VALUES (?, 1, ?, ?, ?, ?, ?)",
        [
            (site, m["month"], m["revision"], m["closed"], cursor.lastrowid,
             json.dumps(m, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
            for m in body["blocks"]["months"]["rows"]
        ],
    )  # fmt: skip
    raw.execute("COMMIT")
