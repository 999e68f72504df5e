"""Distinct families and persons over several shops: which files are one household, and what that takes off the sum.

Two files are one where a card says so; else where the keyed tokens of holders and partners say so (`same_household`). What
neither tells is counted by the sum, and said so. Knows no name, no database.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from epicerie_desktop.domain.linking import BY_NAME, Means
from epicerie_desktop.support.i18n import N_

Links = Mapping[Means, frozenset[bytes]]
"""What is known of a file: its cards and the tokens of its holder and partner, by means."""

DEFINITION = N_(
    "Foyers distincts de plusieurs épiceries : deux dossiers comptent pour un quand une carte du contrat a été montrée dans les "
    "deux, ou quand les empreintes à clé de leurs titulaires et conjoints concordent ; les autres s'additionnent. D'un foyer connu "
    "de plusieurs épiceries, on compte les personnes de celle qui en connaît le plus."
)
"""The rule, as printed under the figure."""


@dataclass(frozen=True, slots=True)
class Double:
    """Two household tokens found to be one household, and by what."""

    first: str
    second: str
    means: Means


@dataclass(frozen=True, slots=True)
class DistinctCount:
    """Families and persons of a period, each counted once, and what was taken off the sum of the shops.

    `by_card` and `by_name` are the families counted twice, by what told so. `not_compared` names the shops whose families could
    not be compared with the others' by name. `error_permille` is the error measured on an invented territory (`None` where one
    shop alone is counted: it tells its families apart exactly, or where nothing could be compared).
    """

    families: int = 0
    persons: int = 0
    by_card: int = 0
    by_name: int = 0
    persons_twice: int = 0
    not_compared: tuple[str, ...] = ()
    error_permille: int | None = None

    @property
    def families_twice(self) -> int:
        """Return how many families the sum of the shops would count once too often."""
        return self.by_card + self.by_name

    @property
    def is_sum(self) -> bool:
        """Return whether the figure is, for some shops at least, only a sum."""
        return bool(self.not_compared)


def same_household(one: Links, other: Links) -> Means | None:
    """Return what tells that two files of different shops are one household, None where nothing does.

    A card is enough. By name, one of the adults must be found again, and both files have as many of them: where a couple is known
    on one side and one of the two alone on the other, they have more likely separated than moved. Measured: docs/decisions/0089.
    """
    if not _of(one, Means.CARD).isdisjoint(_of(other, Means.CARD)):
        return Means.CARD
    shared = {m: len(_of(one, m) & _of(other, m)) for m in BY_NAME}
    best = max(shared.values())
    if not best or _adults(one) != _adults(other):
        return None
    return next(m for m in BY_NAME if shared[m] == best)


def _of(links: Links, means: Means) -> frozenset[bytes]:
    return links.get(means, frozenset())


def _adults(links: Links) -> int:
    """Return how many adults a file has: each gives one C, whatever is known of their birth."""
    return len(_of(links, Means.C))


class Tally:
    """Counts a period month by month: holds a household's persons once, never the months themselves."""

    def __init__(self, doubles: Iterable[Double]) -> None:
        self._doubles = tuple(doubles)
        # A tuple a household: a hundred shops over ten years must fit in memory.
        self._persons: dict[tuple[str, int], tuple[str, ...]] = {}

    def add(self, site: int, household: str, persons: Iterable[str]) -> None:
        """Count a household of a shop, with the persons of one of its months."""
        before = self._persons.get((household, site), ())
        more = [p for p in persons if p not in before]
        if more or not before:
            self._persons[household, site] = (*before, *more)

    def households(self) -> Counter[int]:
        """Return how many households each shop brought."""
        return Counter(site for _household, site in self._persons)

    def of_sites(self) -> dict[int, tuple[int, int]]:
        """Return the families and persons that each shop brought, distinct within it."""
        families = self.households()
        persons: dict[int, set[str]] = defaultdict(set)
        for (_household, site), known in self._persons.items():
            persons[site].update(known)
        return {site: (families[site], len(persons[site])) for site in families}

    def count(self) -> DistinctCount:
        """Return the figures; not what could not be compared, which the tokens alone do not tell."""
        roots = _Roots()
        for d in self._doubles:
            if d.means is Means.CARD:
                roots.unite(d.first, d.second)
        households = {household for household, _site in self._persons}
        by_card = len(households) - len({roots.of(h) for h in households})
        groups = self._groups()
        everyone = {p for persons in self._persons.values() for p in persons}
        kept = {p for by_site in groups.values() for p in _most(by_site)}
        return DistinctCount(
            families=len(groups), persons=len(kept), by_card=by_card, by_name=len(households) - by_card - len(groups),
            persons_twice=len(everyone) - len(kept),
        )  # fmt: skip

    def families(self) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield the tokens of each family, and its persons that no other family before it counted: they add up to `count`."""
        tokens: dict[str, list[str]] = defaultdict(list)
        roots = self._united()
        for household in {household for household, _site in self._persons}:
            tokens[roots.of(household)].append(household)
        seen: set[str] = set()
        for root, by_site in self._groups().items():
            new = _most(by_site) - seen
            seen |= new
            yield tuple(sorted(tokens[root])), len(new)

    def _united(self) -> _Roots:
        roots = _Roots()
        for d in self._doubles:
            roots.unite(d.first, d.second)
        return roots

    def _groups(self) -> dict[str, dict[int, set[str]]]:
        roots = self._united()
        groups: dict[str, dict[int, set[str]]] = defaultdict(dict)
        for (household, site), persons in self._persons.items():
            groups[roots.of(household)].setdefault(site, set()).update(persons)
        return groups


def _most(by_site: Mapping[int, set[str]]) -> set[str]:
    """Return the persons of the shop that knows the most of them."""
    return max(by_site.items(), key=lambda s: (len(s[1]), -s[0]))[1]


class _Roots:
    """A union-find over tokens; the root of a group is its lowest token, so that no order of finding shows."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, token: str) -> str:
        root = token
        while (above := self._above.get(root)) is not None:
            root = above
        while token != root:
            self._above[token], token = root, self._above[token]
        return root

    def unite(self, one: str, other: str) -> None:
        low, high = sorted((self.of(one), self.of(other)))
        if low != high:
            self._above[high] = low
