from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from epicerie_desktop.exchange import parcel
from epicerie_desktop.exchange.canonical import canonical, parse
from epicerie_desktop.exchange.keys import AgeIdentity, SigningKey, fingerprint, seal

CONTRACT = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
CREATED = datetime(2012, 6, 30, 17, 4, tzinfo=UTC)


@dataclass
class Post:
    """One counter that writes, one coordinator who reads, and a spare key."""

    signing: SigningKey = field(default_factory=SigningKey.generate)
    coordinator: AgeIdentity = field(default_factory=AgeIdentity.generate)
    spare: AgeIdentity = field(default_factory=AgeIdentity.generate)
    stranger: AgeIdentity = field(default_factory=AgeIdentity.generate)

    @property
    def recipients(self) -> list[str]:
        return [self.coordinator.recipient, self.spare.recipient]

    def header(self, **changes: Any) -> parcel.ParcelHeader:
        known: dict[str, Any] = {
            "contract": CONTRACT, "site": "SFL", "post": "A", "generation": "g1", "seq": 12, "created": CREATED,
            "previous": hashlib.sha256(b"eleven").hexdigest(),
        }  # fmt: skip
        return parcel.ParcelHeader(**(known | changes))

    def write(self, body: Mapping[str, object] | None = None, **changes: Any) -> bytes:
        return parcel.write_parcel(self.header(**changes), body or {"months": []}, self.signing, self.recipients)

    def open(self, data: bytes, **changes: Any) -> parcel.OpenedParcel:
        known: dict[str, Any] = {"expected_contract": CONTRACT, "verify_key": self.signing.verify_key.raw}
        return parcel.open_parcel(data, changes.pop("identity", self.coordinator), **(known | changes))


@pytest.fixture(scope="session")
def post() -> Post:
    return Post()


def split(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The label and the age part of a parcel, read without any of the program's checks."""
    size = int.from_bytes(data[6:10], "big")
    label = parse(data[10 : 10 + size])
    assert isinstance(label, dict)
    return label, data[10 + size :]


def relabel(label: Mapping[str, Any], sealed: bytes) -> bytes:
    """A parcel whose clear sums are made right again, as somebody who knows the format would do."""
    mended: dict[str, Any] = {**label, "length": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()}
    mended.pop("check", None)
    mended["check"] = hashlib.sha256(canonical(mended)).hexdigest()[:32]
    written = canonical(mended)
    return b"EPICX1" + len(written).to_bytes(4, "big") + written + sealed


def signed(post: Post, label: Mapping[str, Any], content: bytes, key: SigningKey, packed: bytes) -> bytes:
    """A parcel with any content at all under a right signature: what a dishonest or broken writer could make."""
    unsigned = {k: v for k, v in label.items() if k not in ("check", "length", "sha256")}
    message = b"epicerie/export/v1\0" + hashlib.sha256(canonical(unsigned)).digest() + content
    return relabel(label, seal(key.verify_key.raw + key.sign(message) + packed, post.recipients))


@pytest.fixture(name="split")
def _split() -> Callable[..., tuple[dict[str, Any], bytes]]:
    return split


@pytest.fixture(name="relabel")
def _relabel() -> Callable[..., bytes]:
    return relabel


@pytest.fixture(name="signed")
def _signed() -> Callable[..., bytes]:
    return signed


@pytest.fixture
def stranger_label(post: Post) -> dict[str, Any]:
    return {"recipients": [fingerprint(post.stranger.recipient)]}
