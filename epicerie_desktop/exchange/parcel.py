"""The sealed parcel: a clear label for people, and a signed content that only its recipients open.

    "EPICX1" | length of the label (4 bytes, big-endian) | label (canonical JSON) | age(
        public key of the signer (32) | Ed25519 signature (64) | gzip(canonical JSON) )

The signature covers `CONTEXT` | SHA-256(label without `UNSIGNED`) | canonical JSON. In the label, `check` (first half
of the SHA-256 of the rest of it), `length` and `sha256` (of the age part) exist for people: they tell a cut file from
a damaged one and from a forged one. Newer writers keep this frame and raise `min_reader`.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from epicerie_desktop.exchange.canonical import JsonRefused, canonical, parse
from epicerie_desktop.exchange.keys import (
    KEY_BYTES,
    SIGNATURE_BYTES,
    AgeIdentity,
    SealBroken,
    SigningKey,
    VerifyKey,
    checked_recipient,
    fingerprint,
    seal,
)
from epicerie_desktop.exchange.refusals import (
    ParcelCut,
    ParcelDamaged,
    ParcelForged,
    ParcelMismatch,
    ParcelNewer,
    ParcelNotOurs,
    ParcelOtherContract,
    ParcelOtherRecipient,
    ParcelTooBig,
    ParcelUnknownSigner,
    ParcelUnreadable,
)

MAGIC = b"EPICX1"
FORMAT = 1
READER = 1
CONTEXT = b"epicerie/export/v1\0"
SUFFIX = ".epic"
UNSIGNED = frozenset({"check", "length", "sha256"})
MAX_SEALED = 20_000_000
MAX_CLEAR = 20_000_000
MAX_LABEL = 16_384
MAX_RECIPIENTS = 8

_LABEL_AT = len(MAGIC) + 4
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_DIGEST = re.compile(r"(?:[0-9a-f]{64})?", re.ASCII)
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class ParcelHeader:
    """The clear label. `previous` is the digest of the parcel before, empty for the first; `created` is UTC.

    `recipients` (fingerprints), `length` (bytes) and `sha256` of the age part are filled by `write_parcel`.
    """

    contract: str
    site: str
    post: str
    generation: str
    seq: int
    created: datetime
    previous: str = ""
    recipients: tuple[str, ...] = ()
    format: int = FORMAT
    min_reader: int = READER
    length: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class OpenedParcel:
    """What a parcel held. `digest` names the signed content; `confirmed` tells that the signer was already known."""

    header: ParcelHeader
    body: dict[str, object]
    signer: bytes
    digest: str
    confirmed: bool


@dataclass(frozen=True)
class SignedContent:
    """What a parcel holds, as the bytes that were signed, not yet read; `repeated` is what they must say again of the label."""

    header: ParcelHeader
    content: bytes
    repeated: Mapping[str, object]
    signer: bytes
    digest: str
    confirmed: bool


def file_name(header: ParcelHeader) -> str:
    """Return the name of the file of this parcel: site, post, number and day, never a person."""
    return f"export-{header.site}-{header.post}-{header.seq:05d}-{header.created:%Y%m%d}{SUFFIX}"


def write_parcel(
    header: ParcelHeader, body: Mapping[str, object], signing_key: SigningKey, recipients: Sequence[str]
) -> bytes:
    """Return the sealed parcel of `body` for the age `recipients`; only the age part differs from one call to the next.

    Raises JsonRefused for a body outside our JSON, KeyRefused for a bad recipient, ParcelTooBig beyond 20 MB and
    ValueError for a header out of its bounds.
    """
    label, content = _signed_parts(header, body, recipients)
    if len(content) > MAX_CLEAR:
        raise ParcelTooBig
    signature = signing_key.sign(_message(label, content))
    inner = signing_key.verify_key.raw + signature + gzip.compress(content, 9, mtime=0)
    sealed = seal(inner, recipients)
    label |= {"length": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()}
    label["check"] = _check(label)
    written = canonical(label)
    whole = MAGIC + len(written).to_bytes(4, "big") + written + sealed
    if len(whole) > MAX_SEALED:
        raise ParcelTooBig
    return whole


def parcel_digest(header: ParcelHeader, body: Mapping[str, object], recipients: Sequence[str]) -> str:
    """Return the digest that `open_parcel` will tell for this parcel, the same however often it is sealed again."""
    return _digest(*_signed_parts(header, body, recipients))


def read_header(data: bytes) -> ParcelHeader:
    """Return the clear label of a parcel, not yet proven by any signature. Raises a ParcelRefused."""
    return _header(_label(data)[0])


def open_parcel(
    data: bytes, identity: AgeIdentity, *, expected_contract: str, verify_key: bytes | None
) -> OpenedParcel:
    """Return the content of a parcel sealed for `identity` and rightly signed. Raises a ParcelRefused.

    `verify_key` is the public key known for the site and post of the label; None accepts any signer whose signature
    holds, and says so by `confirmed`.
    """
    signed = open_content(data, identity, expected_contract=expected_contract, verify_key=verify_key)
    body = _body(signed)
    return OpenedParcel(signed.header, body, signed.signer, signed.digest, signed.confirmed)


def open_content(
    data: bytes, identity: AgeIdentity, *, expected_contract: str, verify_key: bytes | None
) -> SignedContent:
    """Return the signed bytes of a parcel, to be read with `read_body`, as `open_parcel` does. Raises a ParcelRefused."""
    label, sealed = _label(data)
    header = _header(label)
    _refuse_incomplete(header, sealed)
    if header.contract != expected_contract:
        raise ParcelOtherContract
    if identity.fingerprint not in header.recipients:
        raise ParcelOtherRecipient
    try:
        inner = identity.unseal(sealed)
    except SealBroken:
        raise ParcelDamaged from None
    signer, content = _verified(label, inner, verify_key)
    return SignedContent(
        header, content, _repeated(label), signer, _digest(label, content), confirmed=verify_key is not None
    )


def check_repeated(signed: SignedContent, told: object) -> None:
    """Refuse a content that was made for another label. Raises ParcelMismatch."""
    if not isinstance(told, Mapping) or _repeated(told) != signed.repeated:
        raise ParcelMismatch


def _signed_parts(
    header: ParcelHeader, body: Mapping[str, object], recipients: Sequence[str]
) -> tuple[dict[str, object], bytes]:
    names = tuple(fingerprint(checked_recipient(r)) for r in recipients)
    label = _as_label(replace(header, recipients=names))
    if _fields(label) is None:
        raise ValueError("header out of bounds")
    return label, canonical({"body": body, "parcel": _repeated(label)})


def _as_label(header: ParcelHeader) -> dict[str, object]:
    if header.created.tzinfo is None:
        raise ValueError("created must be aware")
    return {
        "format": header.format,
        "min_reader": header.min_reader,
        "recipients": list(header.recipients),
        "contract": header.contract,
        "site": header.site,
        "post": header.post,
        "generation": header.generation,
        "seq": header.seq,
        "previous": header.previous,
        "created": header.created.astimezone(UTC).strftime(_INSTANT),
    }


def _repeated(label: Mapping[str, object]) -> dict[str, object]:
    """What the signed content says again, so that it can never serve under another label."""
    names = ("contract", "site", "post", "generation", "seq", "previous", "recipients")
    return {name: label.get(name) for name in names}


def _signed_label(label: Mapping[str, object]) -> bytes:
    return hashlib.sha256(canonical({k: v for k, v in label.items() if k not in UNSIGNED})).digest()


def _message(label: Mapping[str, object], content: bytes) -> bytes:
    return CONTEXT + _signed_label(label) + content


def _digest(label: Mapping[str, object], content: bytes) -> str:
    return hashlib.sha256(_message(label, content)).hexdigest()


def _check(label: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical({k: v for k, v in label.items() if k != "check"})).hexdigest()[:32]


def _label(data: bytes) -> tuple[dict[str, object], bytes]:
    """Return the label as written, unknown fields kept (they are signed too), and the bytes that follow it."""
    if len(data) > MAX_SEALED:
        raise ParcelTooBig
    if not data.startswith(MAGIC):
        raise ParcelCut if MAGIC.startswith(data) else ParcelNotOurs
    if len(data) < _LABEL_AT:
        raise ParcelCut
    size = int.from_bytes(data[len(MAGIC) : _LABEL_AT], "big")
    if size > MAX_LABEL:
        raise ParcelDamaged
    written, sealed = data[_LABEL_AT : _LABEL_AT + size], data[_LABEL_AT + size :]
    if len(written) < size:
        raise ParcelCut
    try:
        label = parse(written, max_depth=4, max_items=256)
        if not isinstance(label, dict) or canonical(label) != written or label.get("check") != _check(label):
            raise ParcelDamaged
    except JsonRefused:
        raise ParcelDamaged from None
    return label, sealed


def _header(label: Mapping[str, object]) -> ParcelHeader:
    wanted = label.get("min_reader")
    if type(wanted) is int and wanted > READER:
        raise ParcelNewer
    header = _fields(label)
    if header is None:
        raise ParcelDamaged
    return header


def _fields(label: Mapping[str, object]) -> ParcelHeader | None:
    """Return the label's fields, each within its bounds, or None."""
    codes = [_matching(label.get(name), _CODE) for name in ("contract", "site", "post", "generation")]
    previous, sha256 = (_matching(label.get(name, ""), _DIGEST) for name in ("previous", "sha256"))
    numbers = [_natural(label.get(name, 0)) for name in ("seq", "format", "min_reader", "length")]
    created, recipients = _instant(label.get("created")), _recipients(label.get("recipients"))
    contract, site, post, generation = codes
    seq, version, reader, length = numbers
    if contract is None or site is None or post is None or generation is None:
        return None
    if seq is None or version is None or reader is None or length is None:
        return None
    if previous is None or sha256 is None or created is None or recipients is None or not (seq and version and reader):
        return None
    return ParcelHeader(
        contract, site, post, generation, seq, created, previous, recipients, version, reader, length, sha256
    )


def _matching(value: object, pattern: re.Pattern[str]) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None


def _natural(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _instant(value: object) -> datetime | None:
    if not isinstance(value, str) or len(value) != len("2012-06-30T17:04:00Z"):
        return None
    try:
        return datetime.strptime(value, _INSTANT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _recipients(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_RECIPIENTS:
        return None
    names = tuple(name for name in value if isinstance(name, str) and len(name) <= 64)
    return names if len(names) == len(value) else None


def _refuse_incomplete(header: ParcelHeader, sealed: bytes) -> None:
    if len(sealed) < header.length:
        raise ParcelCut
    if len(sealed) > header.length or hashlib.sha256(sealed).hexdigest() != header.sha256:
        raise ParcelDamaged


def _verified(label: Mapping[str, object], inner: bytes, verify_key: bytes | None) -> tuple[bytes, bytes]:
    """Return the signer and the JSON bytes, not yet read, once the signature holds."""
    if len(inner) <= KEY_BYTES + SIGNATURE_BYTES:
        raise ParcelDamaged
    signer, signature = inner[:KEY_BYTES], inner[KEY_BYTES : KEY_BYTES + SIGNATURE_BYTES]
    if verify_key is not None and signer != verify_key:
        raise ParcelUnknownSigner
    content = _gunzip(inner[KEY_BYTES + SIGNATURE_BYTES :])
    if not VerifyKey(signer).verify(_message(label, content), signature):
        raise ParcelForged
    return signer, content


def _gunzip(packed: bytes) -> bytes:
    """Return the content of one gzip member, never unpacking more than MAX_CLEAR bytes."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(packed, MAX_CLEAR + 1)
    except zlib.error:
        raise ParcelDamaged from None
    if len(content) > MAX_CLEAR:
        raise ParcelTooBig
    if not unpacker.eof or unpacker.unused_data:
        raise ParcelDamaged
    return content


def _body(signed: SignedContent) -> dict[str, object]:
    try:
        payload = parse(signed.content)
    except JsonRefused:
        raise ParcelUnreadable from None
    if not isinstance(payload, dict) or not isinstance(body := payload.get("body"), dict):
        raise ParcelUnreadable
    check_repeated(signed, payload.get("parcel"))
    return body
