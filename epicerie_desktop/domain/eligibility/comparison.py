"""Who gains and who loses when a règlement changes: both rules on the same household and day, before one is adopted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from epicerie_desktop.domain.access import Ceiling
from epicerie_desktop.domain.eligibility.engine import evaluate
from epicerie_desktop.domain.eligibility.extras import Extras, Price
from epicerie_desktop.domain.eligibility.outcome import Missing, Outcome
from epicerie_desktop.domain.eligibility.rules import (
    Duration,
    IndicatorKind,
    LineType,
    OutcomeKind,
    Ruleset,
    ScaleFigure,
)
from epicerie_desktop.domain.eligibility.situation import Line, Situation, SituationInvalid
from epicerie_desktop.support.i18n import N_


class Change(StrEnum):
    """What the new rule changes for a household."""

    GAINS = "GAINS"
    LOSES = "LOSES"
    SAME = "SAME"
    CHANGES = "CHANGES"
    CANNOT_TELL = "CANNOT_TELL"


CHANGES: Mapping[Change, str] = {
    Change.GAINS: N_("y gagne"),
    Change.LOSES: N_("y perd"),
    Change.SAME: N_("rien ne change"),
    Change.CHANGES: N_("autre réponse, ni meilleure ni moins bonne"),
    Change.CANNOT_TELL: N_("la déclaration ne suffit pas"),
}
"""What each change is called on screen and paper."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A household's situation, and the codes of the lines it was asked about: a line never asked is not « none »."""

    household: int
    situation: Situation
    resources: frozenset[str] = frozenset()
    charges: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule answers a household, as a table shows it.

    `share_permille` is in thousandths of the shelf value, `price` a (kind, cents) in its place; both None where whoever
    decides sets it. `ceilings` are empty, and `duration` None, where there is no right or the rule sets none. `until` is
    the last day of a right from the day compared, `cut` whether it comes before the whole `duration`. `missing` is what
    nobody answered and the rule asks, of an incomplete file.
    """

    kind: OutcomeKind
    band: str | None = None
    share_permille: int | None = None
    price: Price | None = None
    ceilings: tuple[Ceiling, ...] = ()
    duration: Duration | None = None
    until: date | None = None
    cut: bool = False
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """A household under both rules on the same day; an answer is None where there is no statement to apply a rule to."""

    household: int
    before: Answer | None
    after: Answer | None
    change: Change


def compare(
    old: Ruleset, new: Ruleset, stated: Iterable[Stated], scales: Iterable[ScaleFigure] = ()
) -> Iterator[Compared]:
    """Give, one household at a time, what both rules answer on the day of its situation and what that changes.

    A rule not yet in force that day is applied as if it were. What a rule asks and the household was never asked makes
    `CANNOT_TELL`, unless the answer does not depend on it.
    """
    known = tuple(scales)
    for row in stated:
        before, first = _answer(old, row, known)
        after, second = _answer(new, row, known)
        yield Compared(row.household, before, after, _change(before, after, first, second))


def totals(rows: Iterable[Compared]) -> dict[Change, int]:
    """Return how many households there are of each change, zero included, in the order of `Change`."""
    found = Counter(row.change for row in rows)
    return {change: found[change] for change in Change}


def _answer(rule: Ruleset, row: Stated, scales: tuple[ScaleFigure, ...]) -> tuple[Answer | None, Outcome | None]:
    at = _fitted(rule, row)
    applied = rule if rule.valid_from <= at.on else replace(rule, valid_from=at.on)
    try:
        outcome = evaluate(applied, at, scales)
    except SituationInvalid:
        return None, None
    right = outcome.right
    if right is None:
        return Answer(outcome.kind, outcome.band, missing=outcome.missing), outcome
    until = right.until(at.on)
    cut = until is not None and right.duration is not None and until < right.duration.end(at.on)
    return Answer(
        outcome.kind, outcome.band, right.share_permille, right.extras.price, right.ceilings, right.duration, until, cut
    ), outcome  # fmt: skip


def _fitted(rule: Ruleset, row: Stated) -> Situation:
    """Return the situation as this rule can read it: lines it does not know left out, those never asked unanswered."""
    at = row.situation
    declared = {i.code for i in rule.indicators if i.kind is IndicatorKind.DECLARED}
    questions = {c.code for c in rule.terms.conditions}
    aids = {a.code for a in rule.not_with}
    return replace(
        at,
        other_aids=None if at.other_aids is None else tuple(a for a in at.other_aids if a in aids),
        resources=_lines(rule.resources, at.resources, row.resources),
        charges=_lines(rule.charges, at.charges, row.charges),
        declared=tuple(d for d in at.declared if d[0] in declared),
        answers=tuple(a for a in at.answers if a[0] in questions),
    )


def _lines(
    types: tuple[LineType, ...], lines: tuple[Line, ...] | None, asked: frozenset[str]
) -> tuple[Line, ...] | None:
    if lines is None:
        return None
    known = {t.code for t in types}
    told = {code for code, _cents in lines}
    kept = tuple(line for line in lines if line[0] in known)
    never = tuple((t.code, None) for t in types if t.code not in told | asked and t.counted and t.flat is None)
    return (*kept, *never)


_ORDER = {OutcomeKind.ELIGIBLE: 3, OutcomeKind.COMMITTEE: 2, OutcomeKind.WAITING_LIST: 1}
"""The nearer to a right, the higher; a refusal is 0 whatever its reason."""


def _change(before: Answer | None, after: Answer | None, old: Outcome | None, new: Outcome | None) -> Change:
    if before is None or after is None or OutcomeKind.INCOMPLETE in (before.kind, after.kind):
        return Change.CANNOT_TELL
    signs = {_sign(_ORDER.get(before.kind, 0), _ORDER.get(after.kind, 0))} - {0}
    if signs:
        return Change.GAINS if signs == {1} else Change.LOSES
    if old is None or new is None or old.right is None or new.right is None:
        return Change.SAME if before.kind is after.kind else Change.CHANGES
    points = (_paid(before, after), *_ceilings(before, after), _length(before, after))
    if None in points or _rest(old.right.extras) != _rest(new.right.extras):
        return Change.CHANGES
    found = set(points) - {0}
    if not found:
        return Change.SAME
    return Change.CHANGES if len(found) > 1 else Change.GAINS if found == {1} else Change.LOSES


def _sign(before: int, after: int) -> int:
    return (after > before) - (after < before)


def _paid(before: Answer, after: Answer) -> int | None:
    """Return 1 where less is paid, -1 where more is, None where the two cannot be compared."""
    if (before.price, before.share_permille) == (after.price, after.share_permille):
        return 0
    if before.price and after.price and before.price[0] is after.price[0]:
        return _sign(after.price[1], before.price[1])
    if before.price or after.price or before.share_permille is None or after.share_permille is None:
        return None
    return _sign(after.share_permille, before.share_permille)


def _ceilings(before: Answer, after: Answer) -> tuple[int, ...]:
    """Return, for each measure and period, 1 where more may be taken; no ceiling is more than any."""
    old, new = _lowest(before.ceilings), _lowest(after.ceilings)
    points = []
    for key in dict.fromkeys((*old, *new)):
        a, b = old.get(key), new.get(key)
        points.append(1 if b is None else -1 if a is None else _sign(a, b))
    return tuple(points)


def _lowest(ceilings: tuple[Ceiling, ...]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for c in ceilings:
        key = (c.measure.value, c.period.value)
        found[key] = min(c.amount, found.get(key, c.amount))
    return found


def _length(before: Answer, after: Answer) -> int | None:
    """Return 1 where the right lasts longer, to its very last day; None where only one rule sets its length."""
    if before.until is None or after.until is None:
        return 0 if before.until is after.until else None
    return _sign(before.until.toordinal(), after.until.toordinal())


def _rest(extras: Extras) -> tuple[object, ...]:
    """Return what else the household lives by, compared only as the same or not."""
    terms = extras.terms
    return (
        extras.rates, extras.quotas, extras.outside, extras.carried, extras.decided, extras.share_between, extras.fees, terms.phases, terms.guards, terms.visits,
        terms.visits_in_right, terms.obligations, terms.absences, terms.points,
        terms.decided_between, terms.renewal,
    )  # fmt: skip
