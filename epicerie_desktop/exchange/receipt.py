"""The receipt (accusé de réception): what the coordinator has received from a shop, signed, for the shop to read. No name in it.

    "EPICR1" | Ed25519 signature (64) | canonical JSON

The signature covers `CONTEXT` | the JSON. It is not sealed: it says numbers of parcels and months, and sums of figures.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from epicerie_desktop.exchange import plain
from epicerie_desktop.exchange.canonical import JsonRefused, canonical, parse
from epicerie_desktop.exchange.keys import SIGNATURE_BYTES, SigningKey, VerifyKey
from epicerie_desktop.exchange.refusals import ParcelUnreadable
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

MAGIC = b"EPICR1"
CONTEXT = b"epicerie/receipt/v1\0"
SUFFIX = ".epic-recu"
VERSION = 1
MOST_BYTES = 200_000
MOST_MESSAGE = 500

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


class ReceiptRefused(BadInput):
    """A receipt that changes nothing; each cause has its sentence."""

    message = N_("Cet accusé de réception est refusé : rien n'a changé.")

    def __init__(self) -> None:
        super().__init__(self.message)


class ReceiptNotOurs(ReceiptRefused):
    """The bytes are no receipt."""

    message = N_(
        "Ce fichier n'est pas un accusé de réception : choisissez un fichier dont le nom finit par « .epic-recu »."
    )


class ReceiptDamaged(ReceiptRefused):
    """Cut, or written otherwise than a receipt is."""

    message = N_("Cet accusé de réception est coupé ou abîmé : recopiez-le, ou redemandez-le à la coordination.")


class ReceiptForged(ReceiptRefused):
    """Not signed by the contract's coordinator."""

    message = N_(
        "Cet accusé n'est pas signé par la coordination de ce contrat, ou il a été modifié : rien n'a changé. Appelez la coordination."
    )


class ReceiptNewer(ReceiptRefused):
    """Written by a more recent program."""

    message = N_(
        "Cet accusé vient d'une version plus récente du programme : mettez le programme à jour, puis relisez-le."
    )


class ReceivedMonth(NamedTuple):
    """A month as received: its revision, the sum of its figures, and whether it was over."""

    month: str
    revision: int
    digest: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the coordinator received from one post of a shop, up to one parcel. `received_at` is UTC."""

    contract: str
    site: str
    post: str
    generation: str
    seq: int
    parcel: str
    received_at: datetime
    months: tuple[ReceivedMonth, ...]
    edition: int = 0
    message: str = ""

    @property
    def file_name(self) -> str:
        """Return the name of its file: site, post and number, never a person."""
        return f"accuse-{self.site}-{self.post}-{self.seq:05d}{SUFFIX}"


def month_digest(record: Mapping[str, Any]) -> str:
    """Return the sum of a month's figures, the same at the shop and at the coordinator: its record without what stands beside it."""
    beside = {"revision", "closed", "closing"}
    figures = {name: value for name, value in record.items() if name not in beside}
    return hashlib.sha256(canonical({"actions": [], **figures})).hexdigest()


def write_receipt(receipt: Receipt, signing_key: SigningKey) -> bytes:
    """Return the signed file, the same each time for the same receipt."""
    content = canonical(
        {
            "version": VERSION, "contract": receipt.contract, "site": receipt.site, "post": receipt.post,
            "generation": receipt.generation, "seq": receipt.seq, "parcel": receipt.parcel,
            "received_at": receipt.received_at.astimezone(UTC).strftime(_INSTANT),
            "months": [list(m) for m in receipt.months], "edition": receipt.edition, "message": receipt.message,
        }
    )  # fmt: skip
    return MAGIC + signing_key.sign(CONTEXT + content) + content


def read_receipt(data: bytes, verify_key: bytes) -> tuple[Receipt, bytes]:
    """Return a receipt signed by that key, and its digest. Raises a `ReceiptRefused`."""
    if not data.startswith(MAGIC):
        raise ReceiptDamaged if MAGIC.startswith(data[: len(MAGIC)]) else ReceiptNotOurs
    start = len(MAGIC) + SIGNATURE_BYTES
    if len(data) <= start or len(data) > MOST_BYTES:
        raise ReceiptDamaged
    signature, content = data[len(MAGIC) : start], data[start:]
    if not VerifyKey(verify_key).verify(CONTEXT + content, signature):
        # A cut file and a forged one both fail here: what is no whole JSON was cut on the way.
        raise ReceiptForged if _whole(content) else ReceiptDamaged
    try:
        return _receipt(plain.mapping(parse(content))), hashlib.sha256(data).digest()
    except (JsonRefused, ParcelUnreadable):
        raise ReceiptDamaged from None


def _whole(content: bytes) -> bool:
    try:
        return isinstance(parse(content), dict)
    except JsonRefused:
        return False


def _receipt(data: Mapping[str, object]) -> Receipt:
    if plain.whole(data.get("version"), 1) > VERSION:
        raise ReceiptNewer
    months = []
    for item in plain.rows(data.get("months"), 5_000):
        month, revision, digest, closed = plain.row(item, 4)
        months.append(
            ReceivedMonth(
                plain.month(month), plain.whole(revision, 1), plain.matching(digest, _DIGEST), plain.flag(closed)
            )
        )
    plain.once([m.month for m in months])
    try:
        received = datetime.strptime(plain.text(data.get("received_at")), _INSTANT).replace(tzinfo=UTC)
    except ValueError:
        raise ParcelUnreadable from None
    contract, site, post, generation = (
        plain.matching(data.get(name), _CODE) for name in ("contract", "site", "post", "generation")
    )
    return Receipt(
        contract, site, post, generation, plain.whole(data.get("seq"), 1), plain.matching(data.get("parcel"), _DIGEST), received,
        tuple(months), plain.whole(data.get("edition", 0)), plain.text(data.get("message", ""), MOST_MESSAGE),
    )  # fmt: skip
