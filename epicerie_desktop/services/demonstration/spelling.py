"""How the same person is typed at another counter: accents left out, letters exchanged, maiden names, dates known in part."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from epicerie_desktop.support.text import fold

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Typed:
    """A person as a counter typed them; `birth_name` is what the papers of a married woman may say instead. `born` is ISO, or None."""

    last: str
    first: str
    born: str | None
    birth_name: str = ""


@dataclass(frozen=True, slots=True)
class Slips:
    """How often each slip is made, in parts of a thousand."""

    no_accents: int = 300
    hyphens: int = 200
    no_particle: int = 300
    letter: int = 30
    birth_name: int = 250
    dropped_first: int = 150
    swapped_firsts: int = 40
    swapped_names: int = 10
    swapped_date: int = 15
    digit: int = 20
    month_only: int = 25
    year_only: int = 15
    unknown: int = 20


COUNTER = Slips()
"""A guess, to be replaced by what the counters will find in their own files; see docs/decisions/0089."""


def retyped(rng: random.Random, person: Typed, slips: Slips = COUNTER) -> Typed:
    """Return the person as another counter types them."""
    last, first = person.last, person.first
    if person.birth_name and _now(rng, slips.birth_name):
        last = person.birth_name
    if " " in last and last[0].islower() and _now(rng, slips.no_particle):
        last = last.rsplit(" ", 1)[1]
    if _now(rng, slips.hyphens):
        last, first = (t.replace("-", " ") if "-" in t else t.replace(" ", "-") for t in (last, first))
    if "-" in first and _now(rng, slips.swapped_firsts):
        one, other = first.split("-", 1)
        first = f"{other}-{one}"
    elif "-" in first and _now(rng, slips.dropped_first):
        first = first.split("-", 1)[0]
    if _now(rng, slips.letter):
        last = _slip(rng, last)
    if _now(rng, slips.letter):
        first = _slip(rng, first)
    if _now(rng, slips.no_accents):
        last, first = fold(last).upper(), fold(first).capitalize()
    if _now(rng, slips.swapped_names):
        last, first = first, last
    return replace(person, last=last, first=first, born=_date(rng, person.born, slips))


def _now(rng: random.Random, permille: int) -> bool:
    return rng.randrange(1000) < permille


def _slip(rng: random.Random, word: str) -> str:
    """Return a word with a letter too many, one missing, one wrong, or two exchanged."""
    if len(word) < 3:
        return word
    at = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + rng.choice(_LETTERS) + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _date(rng: random.Random, born: str | None, slips: Slips) -> str | None:
    if born is None or _now(rng, slips.unknown):
        return None
    if len(born) < 10:
        return born
    year, month, day = born.split("-")
    if int(day) <= 12 and _now(rng, slips.swapped_date):
        month, day = day, month
    if _now(rng, slips.digit):
        day = f"{rng.randrange(1, 29):02d}"
    if _now(rng, slips.month_only):
        return f"{year}-{month}"
    return year if _now(rng, slips.year_only) else f"{year}-{month}-{day}"
