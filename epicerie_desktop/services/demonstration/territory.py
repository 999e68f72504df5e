"""An invented territory whose true families and persons are known: movers, separations, births, homonyms, slips of the keyboard.

It measures the rule of `domain/distinct`: what the shops' files say, beside what is true. Pure: no file, no database.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate

from epicerie_desktop.domain.distinct import DistinctCount, Double, Links, Tally, same_household
from epicerie_desktop.domain.household import PartialDate
from epicerie_desktop.domain.linking import Adult, Card, Means, links_of
from epicerie_desktop.services.demonstration.people import material
from epicerie_desktop.services.demonstration.spelling import Typed, retyped

MONTHS = 36
_SYLLABLES = ("ba", "bou", "char", "cha", "dau", "del", "fau", "gar", "gi", "la", "lan", "mal", "mar", "mon", "pey", "ra", "rou",
              "sa", "ser", "ta", "tou", "va", "ver", "vi")  # fmt: skip
_ENDS = ("bert", "cel", "chou", "dier", "ges", "gnac", "lade", "let", "neau", "nier", "quet", "rand", "rier", "sac", "son", "tier",
         "vial", "zac")  # fmt: skip
_MORE_FIRST = ("Marie", "Anne", "Louise", "Emma", "Sofia", "Julie", "Laure", "Claire", "Sarah", "Lina", "Eva", "Alice", "Pierre",
               "Jean", "Louis", "Ali", "Omar", "Marc", "Denis", "Alain", "Yves", "Simon", "Victor", "Samir")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ways:
    """How a territory lives; rates in parts of a thousand families over the three years."""

    shops: int = 20
    families: int = 120
    """Families a shop opens a file for, movers and separations not included."""
    movers: int = 50
    card_shown: int = 500
    """Of a thousand movers, how many show their card at the new shop."""
    separations: int = 30
    elsewhere: int = 400
    """Of a thousand separations, how many people open a file in another shop."""
    told: int = 600
    """Of a thousand people who leave a couple for another shop, how many are taken off the old file at once."""
    births: int = 60
    homonyms: int = 10
    twins: int = 4


@dataclass(slots=True)
class File:
    """A file of a shop: its tokens, who holds it, its cards, and the months it came, each with its persons."""

    site: int
    household: str
    adults: list[Typed]
    cards: list[str]
    months: dict[int, frozenset[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Territory:
    """The files of every shop, and what is true: each family's months, each with its persons."""

    files: list[File]
    truth: dict[int, dict[int, frozenset[int]]]

    def families(self, first: int, last: int) -> int:
        """Return how many families truly came between two months."""
        return sum(any(first <= m <= last for m in months) for months in self.truth.values())

    def persons(self, first: int, last: int) -> int:
        """Return how many persons truly came between two months."""
        return len(
            {p for months in self.truth.values() for m, who in months.items() if first <= m <= last for p in who}
        )


def draw(seed: int, ways: Ways = Ways()) -> Territory:
    """Return a territory: the same seed, the same one."""
    return _Drawing(random.Random(f"territory/{seed}"), ways).whole()


def links(file: File, key: bytes | None) -> Links:
    """Return what a file's shop would send of it."""
    adults = [Adult(a.last, a.first, PartialDate.from_iso(a.born)) for a in file.adults]
    found: dict[Means, set[bytes]] = defaultdict(set)
    for means, value in links_of(file.household, adults, [Card(c) for c in file.cards], key, b"territory"):
        found[means].add(value)
    return {means: frozenset(values) for means, values in found.items()}


def doubles(territory: Territory, key: bytes | None) -> Iterator[Double]:
    """Yield the files that the rule finds to be one household."""
    known = [links(f, key) for f in territory.files]
    holders: dict[tuple[Means, bytes], list[int]] = defaultdict(list)
    for i, told in enumerate(known):
        for means, values in told.items():
            for value in values:
                holders[means, value].append(i)
    seen = {
        (i, j) for where in holders.values() for i in where for j in where
        if i < j and territory.files[i].site != territory.files[j].site
    }  # fmt: skip
    for i, j in sorted(seen):
        found_by = same_household(known[i], known[j])
        if found_by is not None:
            low, high = sorted((territory.files[i].household, territory.files[j].household))
            yield Double(low, high, found_by)


def counted(territory: Territory, first: int, last: int, found: list[Double]) -> DistinctCount:
    """Return what the coordinator counts between two months."""
    tally = Tally(found)
    for file in territory.files:
        for month, persons in file.months.items():
            if first <= month <= last:
                tally.add(file.site, file.household, persons)
    return tally.count()


@dataclass(frozen=True, slots=True)
class Measured:
    """How far the figure is from the truth, in thousandths rounded up: the worst of the seeds, and the best of them without a key."""

    movers_permille: int
    seeds: int
    shops: int
    families: int
    families_permille: int
    persons_permille: int
    unkeyed_permille: int


def measure(seeds: int = 20, ways: Ways = Ways()) -> Measured:
    """Measure the rule over the whole of `seeds` territories."""
    families, persons, unkeyed, truth = [0], [0], [1000], 0
    for seed in range(seeds):
        drawn = draw(seed, ways)
        truth, people = drawn.families(0, MONTHS), drawn.persons(0, MONTHS)
        found = counted(drawn, 0, MONTHS, list(doubles(drawn, _KEY)))
        families.append(-(-1000 * abs(found.families - truth) // truth))
        persons.append(-(-1000 * abs(found.persons - people) // people))
        unkeyed.append(1000 * abs(counted(drawn, 0, MONTHS, []).families - truth) // truth)
    return Measured(ways.movers, seeds, ways.shops, truth, max(families), max(persons), min(unkeyed))


_KEY = bytes(range(32))


@dataclass(slots=True)
class _Family:
    id: int
    adults: list[tuple[int, Typed]]
    children: list[int]
    file: File
    names: dict[int, str]
    """The token of each person in the file now used."""


class _Drawing:
    def __init__(self, rng: random.Random, ways: Ways) -> None:
        self.rng, self.ways = rng, ways
        names = material()
        tail = [s + e for s in _SYLLABLES for e in _ENDS] + [
            a + b + e for a in _SYLLABLES for b in _SYLLABLES[::3] for e in _ENDS[::3]
        ]
        rng.shuffle(tail)
        self.lasts = [*names["last"], *(t.capitalize() for t in tail)]
        self.weights = list(accumulate(1 / (20 + i) for i in range(len(self.lasts))))
        self.firsts = [*names["female"], *names["male"], *_MORE_FIRST]
        self.files: list[File] = []
        self.truth: dict[int, dict[int, frozenset[int]]] = {}
        self.people = 0
        self.everyone: list[Typed] = []

    def whole(self) -> Territory:
        for site in range(self.ways.shops):
            for _n in range(self.ways.families):
                self._family(site)
        return Territory(self.files, self.truth)

    def _now(self, permille: int) -> bool:
        return self.rng.randrange(1000) < permille

    def _token(self) -> str:
        return f"{self.rng.getrandbits(128):032x}"

    def _person(self) -> int:
        self.people += 1
        return self.people

    def _family(self, site: int) -> None:
        rng = self.rng
        size = rng.choices(range(1, 8), weights=(30, 24, 18, 15, 8, 3, 2))[0]
        last = self._last()
        adults = [(self._person(), self._adult(last))]
        if size > 1 and rng.random() < 0.6:
            adults.append((self._person(), self._adult(last if rng.random() < 0.6 else self._last())))
        children = [self._person() for _ in range(size - len(adults))]
        family = _Family(len(self.truth), adults, children, self._file(site, [a for _p, a in adults]), {})
        self.truth[family.id] = {}
        start = rng.randrange(0, MONTHS - 2)
        months = [
            m for m in range(start, min(MONTHS, start + rng.choice((3, 4, 6, 9, 12, 24)))) if rng.random() < 0.85
        ] or [start]
        self._live(family, months)

    def _live(self, family: _Family, months: list[int]) -> None:
        ways, rng = self.ways, self.rng
        turn = rng.choice(months)
        moves = len(months) > 1 and self._now(ways.movers)
        parts = not moves and len(family.adults) > 1 and self._now(ways.separations * 2)
        grows = self._now(ways.births)
        if moves:
            turn = rng.choice(months[1:])
        for month in months:
            if month == turn:
                if grows:
                    family.children.append(self._person())
                if moves:
                    self._move(family, card=self._now(ways.card_shown))
                if parts:
                    self._part(family, [m for m in months if m >= month])
            self._come(family, month)

    def _come(self, family: _Family, month: int) -> None:
        people = [p for p, _a in family.adults] + family.children
        for p in people:
            if p not in family.names:
                family.names[p] = self._token()
        family.file.months[month] = frozenset(family.names[p] for p in people)
        self.truth[family.id][month] = frozenset(people)

    def _move(self, family: _Family, *, card: bool) -> None:
        shown = family.file.cards[:1] if card else []
        family.file = self._file(
            self._another(family.file.site), [retyped(self.rng, a) for _p, a in family.adults], shown
        )
        family.names = {}

    def _part(self, family: _Family, months: list[int]) -> None:
        """One of the couple leaves: with a file of their own here, cut out of the first, or one opened in another shop."""
        leaving = family.adults.pop()
        elsewhere = self._now(self.ways.elsewhere)
        if not elsewhere or self._now(self.ways.told):
            family.file.adults.pop()
        gone = _Family(
            len(self.truth), [leaving], [],
            self._file(self._another(family.file.site), [retyped(self.rng, leaving[1])]) if elsewhere else self._file(family.file.site, [leaving[1]]),
            {} if elsewhere else {leaving[0]: family.names.get(leaving[0], self._token())},
        )  # fmt: skip
        self.truth[gone.id] = {}
        for month in months[1:]:
            self._come(gone, month)

    def _another(self, site: int) -> int:
        return (site + self.rng.randrange(1, self.ways.shops)) % self.ways.shops if self.ways.shops > 1 else site

    def _file(self, site: int, adults: list[Typed], cards: list[str] | None = None) -> File:
        made = File(site, self._token(), list(adults), [*(cards or []), f"K{len(self.files):014d}"])
        self.files.append(made)
        return made

    def _last(self) -> str:
        return str(self.rng.choices(self.lasts, cum_weights=self.weights)[0])

    def _adult(self, last: str) -> Typed:
        rng = self.rng
        if self.everyone and self._now(self.ways.homonyms):
            return replace(rng.choice(self.everyone), born=self._born())
        if self.everyone and self._now(self.ways.twins):
            twin = rng.choice(self.everyone)
            return replace(twin, first=rng.choice([f for f in self.firsts if f != twin.first]))
        first = str(rng.choice(self.firsts))
        if rng.random() < 0.08 and "-" not in first:
            first = f"{first}-{rng.choice(self.firsts)}"
        made = Typed(last, first, self._born(), self._last() if rng.random() < 0.25 else "")
        self.everyone.append(made)
        return made

    def _born(self) -> str | None:
        chance = self.rng.random()
        day = date(1934, 1, 1) + timedelta(days=self.rng.randrange(21_900))
        if chance < 0.03:
            return None
        if chance < 0.07:
            return f"{day.year}"
        return f"{day.year}-{day.month:02d}" if chance < 0.1 else day.isoformat()
