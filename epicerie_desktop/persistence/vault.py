"""The vault beside a database: its keys, wrapped once per passphrase and once by a recovery code. Knows no table.

Argon2id (RFC 9106) turns a passphrase into a key that opens a slot (XChaCha20-Poly1305). A slot holds the key of the
file, and for those who may read it, the key of the social columns.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import secrets
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import N_

FORMAT = 1
KEY_BYTES = 32
SHORTEST_PASSPHRASE = 10
RECOVERY = "recovery"

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a code written by hand reads one way."""
_LIKE_A_CODE = re.compile(r"[0-9A-Za-z]{3,5}(?:[\s-]+[0-9A-Za-z]{3,5}){6}|[0-9A-Za-z]{27,29}")
"""Seven groups, or all in one: a sign too few or too many is still a slip in a code."""
_READ_AS = str.maketrans("ILOU", "110V")


@dataclass(frozen=True, slots=True)
class Cost:
    """What Argon2id costs: passes and bytes of memory. The default is RFC 9106's for small machines."""

    passes: int = 3
    memory: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Keys:
    """The opened keys: of the file, and of the social columns where this slot holds it. Never shown in a log."""

    main: bytes = field(repr=False)
    social: bytes | None = field(default=None, repr=False)


def new_keys() -> Keys:
    """Return two fresh random keys."""
    return Keys(os.urandom(KEY_BYTES), os.urandom(KEY_BYTES))


def vault_path(database: Path) -> Path:
    """Return where the vault of a database lies: beside it."""
    return database.with_suffix(".keys.json")


def new_recovery_code() -> str:
    """Return a random code of 128 bits and its check, as 7 groups of 4 letters and figures."""
    value = int.from_bytes(secrets.token_bytes(16), "big")
    body = "".join(_ALPHABET[(value >> (5 * i)) & 31] for i in reversed(range(26)))
    code = body + _check(body)
    return "-".join(code[i : i + 4] for i in range(0, 28, 4))


def _check(body: str) -> str:
    total = 0
    for c in body:
        total = (total * 32 + _ALPHABET.index(c)) % 1021
    return _ALPHABET[total // 32] + _ALPHABET[total % 32]


def read_recovery_code(typed: str) -> str:
    """Return a recovery code as it was made, from what a person typed. Raises `BadInput` telling a slip from a wrong code."""
    code = "".join(c for c in typed.upper().translate(_READ_AS) if c.isalnum())
    if len(code) != 28 or any(c not in _ALPHABET for c in code) or _check(code[:26]) != code[26:]:
        raise BadInput(N_("Ce code de secours contient une faute de frappe : relisez la feuille groupe par groupe."))
    return "-".join(code[i : i + 4] for i in range(0, 28, 4))


def check_passphrase(typed: str) -> str:
    """Return a passphrase good enough to keep. Raises `BadInput` below ten characters or where it is too plain."""
    if len(typed) < SHORTEST_PASSPHRASE or len(set(typed)) < 5:
        raise BadInput(N_("Choisissez une phrase de passe d'au moins dix caractères, par exemple quatre mots."))
    return typed


def as_recovery_code(secret: str) -> str | None:
    """Return the recovery code that `secret` is, None where it does not look like one. Raises `BadInput` for a slip in a code.

    A passphrase may look like one: whoever asks tries it as such too.
    """
    return read_recovery_code(secret) if _LIKE_A_CODE.fullmatch(secret.strip()) else None


class WrongPassphrase(RuleRefused):
    """No slot opens with it; the file itself is not in doubt."""


class Vault:
    """The vault file: read whole, written by temporary file and rename."""

    def __init__(self, path: Path, slots: list[dict[str, Any]]) -> None:
        self._path = path
        self._slots = slots

    @classmethod
    def create(cls, path: Path) -> Vault:
        """Return an empty vault; it is written with its first slot. Raises `RuleRefused` where one exists."""
        if path.exists():
            raise RuleRefused(N_("Des clés existent déjà pour ces données : rien n'a été remplacé."))
        return cls(path, [])

    @classmethod
    def load(cls, path: Path) -> Vault:
        """Return the vault of a file. Raises `EnvironmentTrouble` when it is missing or cannot be read."""
        try:
            data = json.loads(path.read_text("utf-8"))
            slots = data["slots"]
            if data["format"] > FORMAT or not isinstance(slots, list) or data["check"] != _sum(slots):
                raise ValueError("format")
        except FileNotFoundError as error:
            raise EnvironmentTrouble(
                "CLE-101", N_("Le fichier de clés « {file} » est introuvable : sans lui les données ne s'ouvrent pas. Restaurez une sauvegarde."),
                file=path.name,
            ) from error  # fmt: skip
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise EnvironmentTrouble(
                "CLE-102",
                N_("Le fichier de clés « {file} » ne peut pas être lu. Restaurez une sauvegarde."),
                file=path.name,
            ) from error
        return cls(path, slots)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names that own a slot, the recovery code left out."""
        return tuple(s["name"] for s in self._slots if s["name"] != RECOVERY)

    def put(self, name: str, secret: str, keys: Keys, cost: Cost = Cost()) -> None:
        """Wrap `keys` for `name` under `secret`, replacing the slot of that name, and save the vault."""
        from nacl.secret import Aead

        salt = os.urandom(16)
        slot: dict[str, Any] = {
            "name": name,
            "kdf": "argon2id",
            "passes": cost.passes,
            "memory": cost.memory,
            "salt": _text(salt),
        }
        payload = json.dumps({"main": keys.main.hex(), "social": keys.social.hex() if keys.social else None}).encode()
        slot["sealed"] = _text(bytes(Aead(_derive(secret, slot)).encrypt(payload, _bound(slot))))
        self._slots = [*(s for s in self._slots if s["name"] != name), slot]
        self._save()

    def open(self, secret: str, name: str | None = None) -> Keys:
        """Return the keys of the slot of `name`, or of the first slot that opens. Raises `WrongPassphrase`."""
        return self.open_slot(secret, name)[1]

    def open_slot(self, secret: str, name: str | None = None) -> tuple[str, Keys]:
        """Return whose slot opened, and its keys. Raises `WrongPassphrase`."""
        from nacl.exceptions import CryptoError
        from nacl.secret import Aead

        for slot in self._slots:
            if name is not None and slot["name"] != name:
                continue
            try:
                payload = json.loads(Aead(_derive(secret, slot)).decrypt(_bytes(slot["sealed"]), _bound(slot)))
            except CryptoError:
                continue
            social = payload["social"]
            return slot["name"], Keys(bytes.fromhex(payload["main"]), bytes.fromhex(social) if social else None)
        raise WrongPassphrase(
            N_("Cette phrase de passe n'ouvre pas les données. Vérifiez les majuscules et recommencez.")
        )

    def drop(self, name: str) -> None:
        """Remove the slot of `name`, and save the vault; copies made before keep it. Nothing happens where there is none."""
        if any(s["name"] == name for s in self._slots):
            self._slots = [s for s in self._slots if s["name"] != name]
            self._save()

    def _save(self) -> None:
        data = {"format": FORMAT, "slots": self._slots, "check": _sum(self._slots)}
        _write(self._path, json.dumps(data, indent=1).encode())


def copy_keys(source: Path, target: Path) -> None:
    """Copy the vault beside the database `source` to the side of the database `target`. Raises `EnvironmentTrouble`."""
    Vault.load(vault_path(source))
    _write(vault_path(target), vault_path(source).read_bytes())


def _write(path: Path, data: bytes) -> None:
    """Write a vault to a temporary file private to this account, then put it in place. Raises `EnvironmentTrouble`."""
    temporary = path.with_suffix(".partial")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise EnvironmentTrouble(
            "CLE-106",
            N_("Le fichier de clés « {file} » ne peut pas être écrit : vérifiez la place sur le disque."),
            file=path.name,
        ) from error


def _sum(slots: list[dict[str, Any]]) -> str:
    """Return a sum that tells a damaged vault from a wrong passphrase; it proves nothing against a person."""
    return hashlib.sha256(json.dumps(slots, sort_keys=True).encode()).hexdigest()


def _derive(secret: str, slot: dict[str, Any]) -> bytes:
    from nacl.pwhash import argon2id

    # The same é may be one sign or two, as keyboards go; a stray byte of a terminal is a wrong passphrase, not a fault.
    typed = unicodedata.normalize("NFC", secret).encode("utf-8", "surrogatepass")
    return argon2id.kdf(KEY_BYTES, typed, _bytes(slot["salt"]), opslimit=slot["passes"], memlimit=slot["memory"])


def _bound(slot: dict[str, Any]) -> bytes:
    """Return what a slot is bound to, so that it cannot be moved under another name or cheaper cost."""
    return f"epicerie/vault/v{FORMAT}|{slot['name']}|{slot['passes']}|{slot['memory']}".encode()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """Return `plain` sealed under `key` and bound to `place` (table, row and column): a cell cannot be moved."""
    from nacl.secret import Aead

    return bytes(Aead(key).encrypt(plain, place.encode()))


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """Return what was sealed. Raises `EnvironmentTrouble` when the key or the place is not the right one."""
    from nacl.exceptions import CryptoError
    from nacl.secret import Aead

    try:
        return bytes(Aead(key).decrypt(sealed, place.encode()))
    except CryptoError as error:
        raise EnvironmentTrouble(
            "CLE-103", N_("Une donnée protégée ne peut pas être lue avec cette clé. Restaurez une sauvegarde.")
        ) from error
