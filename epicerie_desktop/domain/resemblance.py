"""Do two files look like one household? Names however spelt or swapped, birth dates, telephone, address; scored, with reasons.

A score is advice for somebody who compares: nothing is ever merged by it. Knows no database.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from rapidfuzz.distance import OSA

from epicerie_desktop.domain.household import PartialDate
from epicerie_desktop.support.text import words

TO_SHOW = 70
"""From this score two files of the base are worth comparing."""
TO_ASK = 36
"""From this one, a file being entered is shown beside the one it looks like: a look costs nothing yet."""
_ALIKE, _NEARLY = 0.84, 0.7
_A_PERSON = 30
"""From this, two persons may be one."""
_MOST_IN_BLOCK = 80
"""A key shared by more people than this (a common name) tells nothing by itself: other keys find them."""


class LikeReason(StrEnum):
    """Why two files look alike; the words belong to `labels`."""

    SAME_NAMES = "SAME_NAMES"
    ALIKE_NAMES = "ALIKE_NAMES"
    SWAPPED_NAMES = "SWAPPED_NAMES"
    SAME_FIRST_NAME = "SAME_FIRST_NAME"
    SAME_BIRTH = "SAME_BIRTH"
    ALIKE_BIRTH = "ALIKE_BIRTH"
    OTHER_BIRTH = "OTHER_BIRTH"
    SAME_PHONE = "SAME_PHONE"
    SAME_ADDRESS = "SAME_ADDRESS"
    MORE_MEMBERS = "MORE_MEMBERS"


@dataclass(frozen=True, slots=True)
class PersonTrace:
    """A person as compared: names folded and glued, the birth date as far as it is known."""

    person: int
    last: str
    first: str
    born: PartialDate | None
    iso: str = ""


@dataclass(frozen=True, slots=True)
class FileTrace:
    """A file as compared; `address` is folded, empty where it says nothing precise; `phones` hold digits only."""

    household: int
    persons: tuple[PersonTrace, ...]
    phones: frozenset[str] = field(default=frozenset())
    address: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two files look alike, 0 to 100, why, and which persons would be the same (first file, second file)."""

    score: int
    reasons: tuple[LikeReason, ...]
    pairs: tuple[tuple[int, int], ...] = ()


def trace(person: int, last: str, first: str, born: PartialDate | None) -> PersonTrace:
    """Return a person ready to be compared."""
    return PersonTrace(person, _glued(last), _glued(first), born, born.iso if born else "")


@lru_cache(maxsize=100_000)
def _glued(name: str) -> str:
    return "".join(words(name))


_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"), (r"sch|sh|ch", "x"), (r"th", "t"), (r"gn", "n"), (r"eau|aul(?=[tdx])|au", "o"), (r"ou|oo", "u"), (r"ai|ei|ay|ey|ae|oe", "e"),
        (r"qu|ck|q|k|c(?![eiy])", "k"), (r"c|ss|z", "s"), (r"g(?=[eiy])", "j"), (r"y", "i"), (r"h", ""), (r"w", "u"),
        (r"[ae][nm](?![aeiou])", "an"), (r"[iu][nm](?![aeiou])", "in"), (r"(.)\1+", r"\1"), (r"[stdxpe]+$", ""),
    )
)  # fmt: skip


@lru_cache(maxsize=100_000)
def sound(name: str) -> str:
    """Return roughly how a folded name sounds in French: « thibault », « tibaud » and « thibaut » are one."""
    heard = name
    for pattern, becomes in _SOUNDS:
        heard = pattern.sub(becomes, heard)
    return heard or name


@lru_cache(maxsize=200_000)
def _name_alike(one: str, other: str) -> float:
    """Return 1 for the same name, near 1 for one misspelt or that sounds the same, 0 for an unknown one."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    # One of a double name is left out: « Jean » for « Jean-Pierre », « Martin » for « Martin-Dupont ».
    part = 0.88 if len(shorter) >= 4 and longer.startswith(shorter) else 0.0
    heard = 0.92 if sound(one) == sound(other) else 0.0
    return max(float(OSA.normalized_similarity(one, other)), heard, part)


def _names(a: PersonTrace, b: PersonTrace) -> tuple[int, LikeReason | None]:
    if a.last != b.last and a.first != b.first and not {a.last[:1], a.first[:1]} & {b.last[:1], b.first[:1]}:
        return 0, None
    for swapped in (False, True):
        last, first = (b.first, b.last) if swapped else (b.last, b.first)
        one, two = _name_alike(a.last, last), _name_alike(a.first, first)
        if one == two == 1.0:
            return (45, LikeReason.SWAPPED_NAMES) if swapped else (50, LikeReason.SAME_NAMES)
        if one + two >= 2 * _ALIKE and min(one, two) >= _NEARLY:
            return (34, LikeReason.SWAPPED_NAMES) if swapped else (38, LikeReason.ALIKE_NAMES)
    if a.first and _name_alike(a.first, b.first) >= 0.92:
        # A married name, or one written quite otherwise: only a birth date, a telephone or an address can say.
        return 18, LikeReason.SAME_FIRST_NAME
    return 0, None


def _births(one: PersonTrace, other: PersonTrace) -> tuple[int, LikeReason | None]:
    a, b = one.born, other.born
    if a is None or b is None:
        return 0, None
    if a.day and one.iso == other.iso:
        return 42, LikeReason.SAME_BIRTH
    if not (a.day and b.day):
        if a.year != b.year:
            return (-25, LikeReason.OTHER_BIRTH) if abs(a.year - b.year) > 1 else (0, None)
        if a.month and b.month:
            return (28, LikeReason.ALIKE_BIRTH) if a.month == b.month else (-10, LikeReason.OTHER_BIRTH)
        return 16, LikeReason.ALIKE_BIRTH
    if (a.day, a.month, a.year) == (b.month, b.day, b.year):
        return 26, LikeReason.ALIKE_BIRTH
    if OSA.distance(one.iso, other.iso, score_cutoff=1) <= 1:
        return 24, LikeReason.ALIKE_BIRTH
    return -35, LikeReason.OTHER_BIRTH


def people_alike(a: PersonTrace, b: PersonTrace) -> tuple[int, tuple[LikeReason, ...]]:
    """Return how much two persons look alike, and why; 0 where their names do not."""
    points, named = _names(a, b)
    if named is None:
        return 0, ()
    more, told = _births(a, b)
    if named is LikeReason.SAME_FIRST_NAME and told is not LikeReason.SAME_BIRTH:
        more = min(more, 0)
    return points + more, (named, told) if told else (named,)


def files_alike(a: FileTrace, b: FileTrace) -> Likeness:
    """Return how much two files look alike; 0 for two that share a person already, as after a separation."""
    if {p.person for p in a.persons if p.person} & {p.person for p in b.persons if p.person}:
        return Likeness(0, ())
    scored = sorted(
        ((*people_alike(p, q), p.person, q.person) for p in a.persons for q in b.persons), key=lambda s: (-s[0], s[2], s[3])
    )  # fmt: skip
    pairs: list[tuple[int, int]] = []
    best = 0
    reasons: tuple[LikeReason, ...] = ()
    for points, why, one, other in scored:
        if points < _A_PERSON or any(one == x or other == y for x, y in pairs):
            continue
        if not pairs:
            best, reasons = points, why
        pairs.append((one, other))
    if not pairs:
        if not scored or scored[0][0] <= 0:
            return Likeness(0, ())
        best, reasons = scored[0][0], scored[0][1]
    told = list(reasons)
    best += 14 * min(2, len(pairs) - 1) if pairs else 0
    told += [LikeReason.MORE_MEMBERS] if len(pairs) > 1 else []
    if a.phones & b.phones:
        best, told = best + 30, [*told, LikeReason.SAME_PHONE]
    if a.address and a.address == b.address:
        best, told = best + 16, [*told, LikeReason.SAME_ADDRESS]
    return Likeness(max(0, min(100, best)), tuple(told), tuple(pairs))


def _person_keys(p: PersonTrace) -> Iterator[str]:
    last, first = sound(p.last), sound(p.first)
    yield "n" + "|".join(sorted((last, first)))
    yield f"i{last}|{first[:2]}"
    yield f"s{last[:4]}|{first}"
    if p.born is not None:
        yield f"f{first}|{p.born.year}|{last[-1:]}"
        if p.born.day:
            yield f"b{p.iso}"


def _file_keys(file: FileTrace) -> Iterator[str]:
    for phone in file.phones:
        yield f"t{phone}"
    if file.address:
        yield f"a{file.address}"


def keys_of(file: FileTrace) -> frozenset[str]:
    """Return under which keys a file is looked up: two files that share none are never compared."""
    return frozenset((*_file_keys(file), *(key for p in file.persons for key in _person_keys(p))))


def alike(file: FileTrace, others: Iterable[FileTrace], least: int = TO_ASK) -> list[tuple[FileTrace, Likeness]]:
    """Return the files that look like `file`, the likeliest first."""
    wanted = keys_of(file)
    found = [(o, files_alike(file, o)) for o in others if not wanted.isdisjoint(keys_of(o))]
    return sorted((f for f in found if f[1].score >= least), key=lambda f: (-f[1].score, f[0].household))


def duplicates(files: Sequence[FileTrace], least: int = TO_SHOW) -> list[tuple[FileTrace, FileTrace, Likeness]]:
    """Return the pairs of files that look alike, the likeliest first; compared only where they share a key."""
    pairs = _sharing(files, _file_keys)
    people = [(i, p) for i, file in enumerate(files) for p in file.persons]
    blocks: dict[str, list[int]] = defaultdict(list)
    for n, (_file, p) in enumerate(people):
        for key in _person_keys(p):
            blocks[key].append(n)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        if 1 < len(block) <= _MOST_IN_BLOCK:
            seen.update(combinations(block, 2))
    for one, other in seen:
        (i, p), (j, q) = people[one], people[other]
        if i != j and (i, j) not in pairs and people_alike(p, q)[0] >= _A_PERSON:
            pairs.add((i, j))
    scored = ((files[i], files[j], files_alike(files[i], files[j])) for i, j in pairs)
    kept = (f for f in scored if f[2].score >= least)
    return sorted(kept, key=lambda f: (-f[2].score, f[0].household, f[1].household))


def _sharing(files: Sequence[FileTrace], keys: Callable[[FileTrace], Iterable[str]]) -> set[tuple[int, int]]:
    blocks: dict[str, list[int]] = defaultdict(list)
    for i, file in enumerate(files):
        for key in keys(file):
            blocks[key].append(i)
    return {pair for b in blocks.values() if 1 < len(b) <= _MOST_IN_BLOCK for pair in combinations(b, 2)}
