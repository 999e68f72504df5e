"""Folding of names for searching: accents, ligatures, hyphens, particles, case. Knows no database."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans(
    {
        "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d",
        "ł": "l", "Ł": "l", "ı": "i", "İ": "i", "þ": "th", "Þ": "th", "ħ": "h", "Ħ": "h", "ŋ": "n",
        "ʼ": "'", "’": "'", "‘": "'", "`": "'", "´": "'",
    }
)  # fmt: skip
_FROM_ABROAD = re.compile(r"^(?:00)?330?(?=[1-9][0-9]{8}$)")
_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Return `text` in lower case without accents or ligatures (« Crèvecœur » → « crevecoeur »), other signs kept."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().translate(_LETTERS)


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a name, split at blanks, hyphens and apostrophes, in order."""
    return tuple(w for w in _NOT_WORD.split(fold(text)) if w)


def search_words(text: str) -> frozenset[str]:
    """Return every word under which a name must be found: its words, and the words glued together.

    « Jean-Pierre D'Almeida » is found by jean, pierre, almeida, dalmeida and jeanpierre.
    """
    found: set[str] = set()
    for part in fold(text).split():
        pieces = tuple(w for w in _NOT_WORD.split(part) if w)
        found.update(pieces)
        if len(pieces) > 1:
            found.add("".join(pieces))
    together = words(text)
    if len(together) > 1:
        found.add("".join(together))
    return frozenset(found)


def digits(text: str) -> str:
    """Return only the digits of `text` (a telephone typed with blanks or dots)."""
    return "".join(c for c in text if c.isdecimal() and c.isascii())


def phone_digits(text: str) -> str:
    """Return the digits of a telephone as dialled in France: « +33 4 71… » and « 04 71… » are one number."""
    return _FROM_ABROAD.sub("0", digits(text))
