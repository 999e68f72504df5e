"""The keys of an exchange: Ed25519 to sign (PyNaCl), age X25519 to seal (pyrage), and the fingerprint people compare."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from epicerie_desktop.exchange import bech32
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

KEY_BYTES = 32
SIGNATURE_BYTES = 64
FINGERPRINT_GROUPS = 8
_AGE_PREFIX = "age-secret-key-"
# Crockford's alphabet: no I, L, O or U, so that a fingerprint can be read aloud and copied by hand.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None, "\xa0": None, "\u202f": None})


class KeyRefused(BadInput):
    """What was given is not a key of the kind asked for."""

    def __init__(self) -> None:
        super().__init__(N_("Cette clé n'est pas lisible : recopiez-la entière, ou redemandez-la."))


class SealBroken(BadInput):
    """The sealed bytes do not open with this identity: wrong identity or damaged bytes, age cannot tell which."""

    def __init__(self) -> None:
        super().__init__(N_("Ce contenu ne s'ouvre pas avec cette clé : il est abîmé ou destiné à quelqu'un d'autre."))


def fingerprint(public: bytes | str) -> str:
    """Return 8 groups of 4 characters (160 bits of SHA-256) for a public key: raw bytes, or an age recipient."""
    raw = public.encode("ascii", "strict") if isinstance(public, str) else public
    number = int.from_bytes(hashlib.sha256(raw).digest()[:20], "big")
    signs = "".join(ALPHABET[(number >> shift) & 31] for shift in range(155, -1, -5))
    return " ".join(signs[at : at + 4] for at in range(0, 4 * FINGERPRINT_GROUPS, 4))


def same_fingerprint(one: str, other: str) -> bool:
    """Return whether two fingerprints are the same, whatever the blanks, the case and the look-alike letters."""
    return _plain(one) == _plain(other) != ""


def _plain(text: str) -> str:
    return text.upper().translate(_LOOKALIKES)


@dataclass(frozen=True)
class VerifyKey:
    """The public half of a signing key."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise KeyRefused

    @classmethod
    def from_string(cls, text: str) -> VerifyKey:
        """Return the key written as 64 hexadecimal digits. Raises KeyRefused."""
        return cls(_from_hex(text))

    def to_string(self) -> str:
        """Return the key as 64 hexadecimal digits."""
        return self.raw.hex()

    @property
    def fingerprint(self) -> str:
        """What two people compare on paper or by telephone."""
        return fingerprint(self.raw)

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Return whether `signature` is this key's over `message`; never raises for a wrong one."""
        from nacl.exceptions import CryptoError
        from nacl.signing import VerifyKey as Libsodium

        if len(signature) != SIGNATURE_BYTES:
            return False
        try:
            Libsodium(self.raw).verify(message, signature)
        except CryptoError:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """The secret half, as its 32-byte seed; never shown by `repr`."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != KEY_BYTES:
            raise KeyRefused

    @classmethod
    def generate(cls) -> SigningKey:
        """Return a new random key."""
        from nacl.utils import random

        return cls(random(KEY_BYTES))

    @classmethod
    def from_bytes(cls, seed: bytes) -> SigningKey:
        """Return the key kept as its seed. Raises KeyRefused."""
        return cls(bytes(seed))

    def to_bytes(self) -> bytes:
        """Return the 32-byte seed, to be kept wrapped."""
        return self.seed

    @property
    def verify_key(self) -> VerifyKey:
        """The public half."""
        from nacl.signing import SigningKey as Libsodium

        return VerifyKey(bytes(Libsodium(self.seed).verify_key))

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature of `message` (deterministic)."""
        from nacl.signing import SigningKey as Libsodium

        return bytes(Libsodium(self.seed).sign(message).signature)


@dataclass(frozen=True)
class AgeIdentity:
    """The secret that opens what was sealed for its `recipient` (age X25519); never shown by `repr`."""

    secret: str = field(repr=False)
    recipient: str

    @classmethod
    def generate(cls) -> AgeIdentity:
        """Return a new random identity."""
        from pyrage import x25519

        made = x25519.Identity.generate()
        return cls(str(made), str(made.to_public()))

    @classmethod
    def from_string(cls, text: str) -> AgeIdentity:
        """Return the identity written `AGE-SECRET-KEY-1…`. Raises KeyRefused."""
        from pyrage import IdentityError, x25519

        try:
            made = x25519.Identity.from_str(text.strip())
        except (IdentityError, ValueError):
            raise KeyRefused from None
        return cls(str(made), str(made.to_public()))

    @classmethod
    def from_bytes(cls, raw: bytes) -> AgeIdentity:
        """Return the identity of 32 secret bytes. Raises KeyRefused."""
        if len(raw) != KEY_BYTES:
            raise KeyRefused
        return cls.from_string(bech32.encode(_AGE_PREFIX, raw).upper())

    def to_string(self) -> str:
        """Return the secret text, to be kept wrapped."""
        return self.secret

    def to_bytes(self) -> bytes:
        """Return the 32 secret bytes, as a sheet of paper bears them."""
        return bech32.decode(_AGE_PREFIX, self.secret)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the recipient, as parcels name it."""
        return fingerprint(self.recipient)

    def unseal(self, sealed: bytes) -> bytes:
        """Return what `sealed` holds. Raises SealBroken."""
        import pyrage

        try:
            return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(self.secret)]))
        except (pyrage.DecryptError, ValueError):
            raise SealBroken from None


def checked_recipient(text: str) -> str:
    """Return the age recipient `age1…` in its plain form. Raises KeyRefused."""
    from pyrage import RecipientError, x25519

    try:
        return str(x25519.Recipient.from_str(text.strip()))
    except (RecipientError, ValueError):
        raise KeyRefused from None


def seal(data: bytes, recipients: Sequence[str]) -> bytes:
    """Return `data` sealed with age so that any one of `recipients` opens it. Raises KeyRefused."""
    import pyrage

    return bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(checked_recipient(r)) for r in recipients]))


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise KeyRefused from None
