"""How the random tokens of a shop are told to one contract: another name for each contract, so that two cannot be joined."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable


def pseudonyms(contract: uuid.UUID) -> Callable[[str], str]:
    """Return how a token is told to one contract: random at birth, and another one for each contract."""

    def pseudonym(token: str) -> str:
        return hashlib.blake2b(
            bytes.fromhex(token), digest_size=16, key=contract.bytes, person=b"epicerie-token"
        ).hexdigest()

    return pseudonym
