"""What tells that two shops know the same household, without a name leaving a counter: keyed tokens and cards.

A token is HMAC-SHA256, cut to 128 bits, of a person's name and birth under the counting key: the counters hold that key, the
coordinator never does. Of a household only the holder and the partner are told, so that a grown child who leaves for another
shop takes no family along. Four tokens a person at most, each forgiving another slip:

    A   name and first first-name, in either order | birth
    B   how the name and all the first names sound, in any order | birth
    C   name | three letters of the first name | year and month of birth
    D   how the name sounds | initial of the first name | birth

A birth known to the month gives C alone. One known to the year or not at all gives a C that no other file has: it says that there
is somebody, so that a couple is never taken for one of the two. Knows no database and no random.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from epicerie_desktop.domain.household import PartialDate
from epicerie_desktop.domain.resemblance import sound
from epicerie_desktop.support.text import words

LINK_BYTES = 16
"""Bytes of a token: 128 bits, so that two persons of the country never share one by chance."""
MOST_LINKS = 64
"""Most rows a household may have: its cards and eight tokens; more is not a household."""
PARTICLES = frozenset({"de", "du", "des", "d", "le", "la", "les", "l"})
"""What some write and others leave out of a family name: « de la Tour », « D'Almeida », « Le Goff »."""
_GLUED = ("dela", "des", "les", "de", "du", "le", "la")
_ELIDED = {"d": "aeiouyh", "l": "h"}
"""« D'Almeida » glued, « L'Hermite » glued; before another letter an L is the name's own, or the « le » above."""
_LEAST_ROOT = 3
"""Letters that must stay once a particle is taken off the front of a word."""


class Means(StrEnum):
    """By what two files were told to be of one household."""

    CARD = "CARD"
    A = "A"
    B = "B"
    C = "C"
    D = "D"


BY_NAME = (Means.A, Means.B, Means.C, Means.D)
"""The keyed tokens, the surest first."""


@dataclass(frozen=True, slots=True)
class Adult:
    """The holder or the partner of a household, as the shop typed them."""

    last_name: str
    first_name: str
    born: PartialDate | None


@dataclass(frozen=True, slots=True)
class Card:
    """A card the household was given, here or by another shop of the contract: its code as `domain/card` writes it."""

    code: str


@dataclass(frozen=True, slots=True)
class ShopLinks:
    """What a parcel tells of a shop's households: the number of its counting key (empty for cards alone), and rows of a
    household's token, the means, and the value in hexadecimal."""

    key_id: str
    rows: tuple[tuple[str, str, str], ...]


def family_name(typed: str) -> str:
    """Return the root of a family name: accents, case, hyphens, particles and the order of a double name away.

    « Le Goff » and « Legoff » are both `goff`, « de La Tour », « Delatour » and « Latour » `tour`, « Martin-Dupont » and
    « DUPONT MARTIN » `dupontmartin`. A name made of particles alone (« Le ») is kept whole.
    """
    every = words(typed)
    kept = [w for w in every if w not in PARTICLES]
    return "".join(sorted(_root(w) for w in kept)) if kept else "".join(every)


def _root(word: str) -> str:
    for particle in _GLUED:
        if word.startswith(particle) and len(word) - len(particle) >= _LEAST_ROOT:
            return word[len(particle) :]
    if len(word) > _LEAST_ROOT and word[1] in _ELIDED.get(word[0], ""):
        return word[1:]
    return word


def first_names(typed: str) -> tuple[str, ...]:
    """Return the first names folded, in the order written: « Jean-Pierre » and « jean pierre » are `jean`, `pierre`."""
    return words(typed)


def birth(born: PartialDate | None) -> str:
    """Return the day of birth as compared: day and month exchanged by a slip are one; empty unless it is known to the day."""
    if born is None or not born.day:
        return ""
    low, high = (born.month, born.day) if born.day > 12 else sorted((born.month, born.day))
    return f"{born.year:04d}{low:02d}{high:02d}"


def tokens_of(adult: Adult, key: bytes) -> tuple[tuple[Means, bytes], ...]:
    """Return the keyed tokens of a person under the counting key: A to D, C alone, or none, by what is known of the birth."""
    name, given = family_name(adult.last_name), first_names(adult.first_name)
    if not name or not given or adult.born is None or not adult.born.month:
        return ()
    month = f"{adult.born.year:04d}{adult.born.month:02d}"
    told = [(Means.C, f"{name}|{''.join(given)[:3]}|{month}")]
    day = birth(adult.born)
    if day:
        heard = sound(name)
        told += [
            (Means.A, "|".join(sorted((name, family_name(given[0])))) + f"|{day}"),
            (Means.B, "|".join(sorted((heard, sound("".join(sorted(given)))))) + f"|{day}"),
            (Means.D, f"{heard}|{given[0][:1]}|{day}"),
        ]
    return tuple(sorted((means, _token(key, f"{means}|{text}")) for means, text in told))


def card_link(card: Card, key: bytes | None, contract: bytes) -> bytes:
    """Return what a card becomes in a parcel: keyed by the counting key where there is one, else by the contract's own number.

    The latter keeps the printed number out of the files and nothing more: all the cards of a contract can be tried in a minute.
    """
    return hashlib.blake2b(
        card.code.encode(), digest_size=LINK_BYTES, key=key or contract, person=b"epicerie-card"
    ).digest()


def links_of(
    household: str, adults: Sequence[Adult], cards: Iterable[Card], key: bytes | None, contract: bytes
) -> tuple[tuple[Means, bytes], ...]:
    """Return the rows of a household (`household` is its token), in a fixed order; without a counting key, its cards alone."""
    found = {(Means.CARD, card_link(card, key, contract)) for card in cards}
    if key is not None:
        for place, adult in enumerate(adults):
            found.update(tokens_of(adult, key) or ((Means.C, _token(key, f"nobody|{household}|{place}")),))
    return tuple(sorted(found))


def _token(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")[:LINK_BYTES]
