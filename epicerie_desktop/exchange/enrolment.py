"""The file by which a coordinator brings a shop its identity in the contract and the keys to seal for. Signed by the coordinator.

The signature proves that the file is whole, not who made it: that is what the fingerprint printed on paper is for. A later
edition signed by the key already known needs no paper; nor does one whose new keys the former key vouches for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from epicerie_desktop.domain import contract_terms
from epicerie_desktop.domain.card import MOST_CONTRACT, MOST_SHOP
from epicerie_desktop.domain.contract_terms import Terms
from epicerie_desktop.domain.household import MOST_NAME
from epicerie_desktop.domain.shop_code import is_shop_code
from epicerie_desktop.exchange import canonical
from epicerie_desktop.exchange.canonical import JsonRefused
from epicerie_desktop.exchange.keys import KeyRefused, SigningKey, VerifyKey, checked_recipient, fingerprint
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

MAGIC = b"EPICC1"
CONTEXT = b"epicerie/enrolment/v1\0"
ROTATION = b"epicerie/enrolment-rotation/v1\0"
"""What a former key signs to vouch for the keys that replace it: never taken for the signature of a file."""
SUFFIX = ".epic-contrat"
MOST_BYTES = 2_000_000
MOST_EDITIONS = 1_000_000
MOST_VOUCHERS = 20


class EnrolmentRefused(BadInput):
    """The file is not a contract's, or was damaged on the way."""

    def __init__(self) -> None:
        super().__init__(
            N_("Ce fichier n'est pas un contrat, ou il est abîmé : demandez-en une nouvelle copie à la coordination.")
        )


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a shop needs to belong to a contract; `recipient` is the coordinator's age key, `verify_key` its Ed25519 key."""

    contract: str
    number: int
    name: str
    starts_on: date
    ends_on: date
    recipient: str
    verify_key: bytes
    site_code: str
    site_number: int
    site_name: str
    edition: int = 1
    spare_recipient: str = ""
    """A second age key for which parcels are sealed too, empty for none."""
    terms: Terms = field(default_factory=Terms)
    vouchers: tuple[bytes, ...] = ()
    """Signatures of this edition by the keys the coordinator used before."""
    told: bytes = field(default=b"", repr=False, compare=False)
    """What those signatures cover, as it was read: a newer file may hold more than we know of."""

    @property
    def fingerprint(self) -> str:
        """Return the groups to compare with the sheet on paper: they name the keys and the shop."""
        return fingerprint(self.verify_key + self.recipient.encode() + self.contract.encode() + self.site_code.encode())

    @property
    def file_name(self) -> str:
        """Return the name of the file, without the name of anyone."""
        return f"contrat-{self.number:04d}-{self.site_code}{SUFFIX}"


def vouched(enrolment: Enrolment, former: SigningKey) -> bytes:
    """Return the signature by which a former key of the coordinator vouches for this edition and its keys."""
    return former.sign(ROTATION + canonical.canonical(_record(enrolment)))


def is_vouched_by(enrolment: Enrolment, known: bytes) -> bool:
    """Return whether the edition comes from the key already known: its own key, or one that this one vouches for."""
    if enrolment.verify_key == known:
        return True
    content, key = ROTATION + (enrolment.told or canonical.canonical(_record(enrolment))), VerifyKey(known)
    return any(key.verify(content, signature) for signature in enrolment.vouchers)


def write_enrolment(enrolment: Enrolment, signing_key: SigningKey) -> bytes:
    """Return the signed file; a first edition without terms is written as the first version of the program wrote it."""
    record = _record(enrolment)
    if enrolment.vouchers:
        record["sealed_by_previous"] = [signature.hex() for signature in enrolment.vouchers]
    content = canonical.canonical(record)
    return MAGIC + signing_key.sign(CONTEXT + content) + content


def _record(enrolment: Enrolment) -> dict[str, object]:
    """Return what the file says, but the former keys' signatures."""
    record: dict[str, object] = {
        "contract": enrolment.contract, "number": enrolment.number, "name": enrolment.name,
        "starts_on": enrolment.starts_on.isoformat(), "ends_on": enrolment.ends_on.isoformat(),
        "recipient": enrolment.recipient, "verify_key": enrolment.verify_key.hex(), "site_code": enrolment.site_code,
        "site_number": enrolment.site_number, "site_name": enrolment.site_name,
    }  # fmt: skip
    if enrolment.edition != 1:
        record["edition"] = enrolment.edition
    if enrolment.spare_recipient:
        record["spare_recipient"] = enrolment.spare_recipient
    if enrolment.terms != Terms():
        record["terms"] = contract_terms.to_record(enrolment.terms)
    return record


def read_enrolment(data: bytes) -> Enrolment:
    """Return the enrolment of a file whose signature holds. Raises `EnrolmentRefused`."""
    if len(data) > MOST_BYTES or not data.startswith(MAGIC) or len(data) < len(MAGIC) + 65:
        raise EnrolmentRefused
    signature, content = data[len(MAGIC) : len(MAGIC) + 64], data[len(MAGIC) + 64 :]
    try:
        found = canonical.parse(content)
        if not isinstance(found, dict):
            raise EnrolmentRefused
        enrolment = Enrolment(
            contract=str(UUID(found["contract"])), number=int(found["number"]), name=str(found["name"]),
            starts_on=date.fromisoformat(found["starts_on"]), ends_on=date.fromisoformat(found["ends_on"]),
            recipient=checked_recipient(found["recipient"]), verify_key=bytes.fromhex(found["verify_key"]),
            site_code=str(found["site_code"]), site_number=int(found["site_number"]), site_name=str(found["site_name"]),
            **_later_fields(found),
        )  # fmt: skip
        if not _within_bounds(enrolment) or not VerifyKey(enrolment.verify_key).verify(CONTEXT + content, signature):
            raise EnrolmentRefused
    except (JsonRefused, KeyRefused, KeyError, ValueError, TypeError, AttributeError) as error:
        raise EnrolmentRefused from error
    return enrolment


def _later_fields(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what files have held since their first version, or what stands for it in an older one."""
    spare, vouchers, edition = (
        found.get("spare_recipient", ""),
        found.get("sealed_by_previous", []),
        found.get("edition", 1),
    )
    if type(edition) is not int or not isinstance(vouchers, list) or len(vouchers) > MOST_VOUCHERS:
        raise ValueError("edition")
    return {
        "edition": edition, "spare_recipient": checked_recipient(spare) if spare else "",
        "terms": contract_terms.from_record(found.get("terms", {})), "vouchers": tuple(bytes.fromhex(v) for v in vouchers),
        "told": canonical.canonical({name: value for name, value in found.items() if name != "sealed_by_previous"}),
    }  # fmt: skip


def _within_bounds(enrolment: Enrolment) -> bool:
    """Return whether cards and parcels can be made of it: anyone may sign such a file, whatever it says."""
    texts = (enrolment.name, enrolment.site_name)
    return (
        0 <= enrolment.number <= MOST_CONTRACT
        and 0 <= enrolment.site_number <= MOST_SHOP
        and 1 <= enrolment.edition <= MOST_EDITIONS
        and is_shop_code(enrolment.site_code)
        and enrolment.starts_on < enrolment.ends_on
        and all(0 < len(text) <= MOST_NAME for text in texts)
    )
