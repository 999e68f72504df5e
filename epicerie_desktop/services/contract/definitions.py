"""The sum of what families, persons, visits and kilos mean: two programs that count alike tell the same."""

from __future__ import annotations

import hashlib
from functools import cache

from epicerie_desktop.domain.figures import AGE_BANDS, DEFINITIONS
from epicerie_desktop.exchange.canonical import canonical


@cache
def definitions_digest() -> str:
    """Return the SHA-256, in hexadecimal, of the definitions and age bands of this program."""
    return hashlib.sha256(canonical([DEFINITIONS, AGE_BANDS])).hexdigest()
