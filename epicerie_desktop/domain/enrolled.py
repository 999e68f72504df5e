"""Households that have a right to shop: who had one, who came in, who renewed, who left, over a month or several. Knows no right itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A household with a right open around or in a stretch of days; `persons` are tokens of its members on a day it is open.

    `before`: open on the eve. `inside`: open on one of the days at least. `after`: open on the last one. `first`: its first right
    ever begins there. `renewed`: a right begins there after another.
    """

    household: str
    persons: tuple[str, ...] = ()
    before: bool = False
    inside: bool = False
    after: bool = False
    first: bool = False
    renewed: bool = False

    def to_record(self) -> list[Any]:
        """Return it as plain values, its marks as letters."""
        return [self.household, list(self.persons), "".join(k for k, field in _LETTERS if getattr(self, field))]

    @classmethod
    def from_record(cls, record: Sequence[Any]) -> Enrolled:
        """Return it from its plain values."""
        household, persons, marks = record[:3]
        return cls(household, tuple(persons), **{field: k in marks for k, field in _LETTERS})


_LETTERS = (("b", "before"), ("i", "inside"), ("a", "after"), ("f", "first"), ("r", "renewed"))


@dataclass(frozen=True, slots=True)
class Enrolments:
    """Households and persons with a right over a period, and how the first became the last.

    `before` + `new` + `came_back` − `left` is always `after`.
    """

    households: int
    persons: int
    before: int
    new: int
    came_back: int
    renewed: int
    left: int
    after: int


def enrolments(parts: Sequence[Sequence[Enrolled]]) -> Enrolments:
    """Return the counts over stretches of days that follow each other, each household and person once over the whole."""
    if not parts:
        return Enrolments(0, 0, 0, 0, 0, 0, 0, 0)
    rows = [row for part in parts for row in part]
    inside = {r.household for r in rows if r.inside}
    before = {r.household for r in parts[0] if r.before}
    after = {r.household for r in parts[-1] if r.after}
    came = inside - before
    new = came & {r.household for r in rows if r.first}
    return Enrolments(
        households=len(inside), persons=len({p for r in rows if r.inside for p in r.persons}), before=len(before), new=len(new),
        came_back=len(came - new), renewed=len({r.household for r in rows if r.renewed}), left=len((before | inside) - after),
        after=len(after),
    )  # fmt: skip
