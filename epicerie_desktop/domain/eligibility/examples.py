"""Invented households on which a règlement in hand is tried while it is written. Nobody's file; a calculation, no decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from epicerie_desktop.domain.eligibility.engine import evaluate
from epicerie_desktop.domain.eligibility.outcome import Outcome, right_steps, shown
from epicerie_desktop.domain.eligibility.rules import IndicatorKind, LineType, OutcomeKind, Ruleset, ScaleFigure
from epicerie_desktop.domain.eligibility.situation import Line, Member, Situation
from epicerie_desktop.domain.household import HouseholdType, HousingKind
from epicerie_desktop.support.i18n import N_, gettext


@dataclass(frozen=True, slots=True)
class Example:
    """An invented household: ages, cents a month by kind of line, and the quotient familial of its certificate."""

    name: str
    adults: tuple[int, ...]
    children: tuple[int, ...] = ()
    resources: tuple[tuple[str, int], ...] = ()
    charges: tuple[tuple[str, int], ...] = ()
    quotient_cents: int = 0

    @property
    def kind(self) -> HouseholdType:
        """Return the type of such a household; two adults or more are taken for a couple."""
        if len(self.adults) == 1:
            return HouseholdType.LONE_PARENT if self.children else HouseholdType.SINGLE
        return HouseholdType.COUPLE_WITH_CHILDREN if self.children else HouseholdType.COUPLE


EXAMPLES: tuple[Example, ...] = (
    Example(
        N_("Personne seule au RSA"), (45,),
        resources=(("rsa", 568_00), ("housing_aid", 280_00)), charges=(("rent", 520_00), ("energy", 110_00)), quotient_cents=340_00,
    ),
    Example(
        N_("Parent seul, deux enfants"), (34,), (9, 4),
        resources=(("wages", 790_00), ("family_benefits", 420_00), ("housing_aid", 330_00)),
        charges=(("rent", 640_00), ("energy", 150_00)), quotient_cents=490_00,
    ),
    Example(
        N_("Couple, trois enfants, un salaire et demi"), (41, 39), (15, 11, 6),
        resources=(("wages", 2350_00), ("family_benefits", 520_00)),
        charges=(("rent", 780_00), ("energy", 180_00)), quotient_cents=690_00,
    ),
)  # fmt: skip
"""The three that stand beside the form; the fourth is typed by whoever writes."""

_WORDS = {
    "rsa": ("rsa",),
    "housing_aid": ("housing", "logement", "apl"),
    "wages": ("wage", "salaire", "activit"),
    "family_benefits": ("family", "famil"),
    "rent": ("rent", "loyer"),
    "energy": ("energy", "electric", "énergie", "électric", "edf", "gaz"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a règlement answers an example: the kind (None: it cannot say), the figures, then what the right would be."""

    kind: OutcomeKind | None
    figures: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    until: date | None = None
    advice: tuple[str, ...] = ()


def situation_of(ruleset: Ruleset, example: Example, on: date) -> Situation:
    """Return the example as the règlement asks it: every line answered, in the territory, referred, questions answered yes."""
    return Situation(
        on=max(on, ruleset.valid_from),
        members=tuple(Member(age=a) for a in (*example.adults, *example.children)),
        household_type=example.kind,
        commune=min(ruleset.communes, default="15187"),
        resources=_lines(ruleset.resources, example.resources),
        charges=_lines(ruleset.charges, example.charges),
        declared=tuple(
            (i.code, example.quotient_cents) for i in ruleset.indicators if i.kind is IndicatorKind.DECLARED
        ),
        other_aids=(),
        households_served=0,
        persons_served=0,
        referred=True,
        answers=tuple((c.code, True) for c in ruleset.terms.conditions),
        housing=min(ruleset.terms.territory.housing, default=HousingKind.HOME),
        living_since=date(2000, 1, 1),
    )


def answer(ruleset: Ruleset, example: Example, on: date, scales: Iterable[ScaleFigure] = ()) -> Answer:
    """Return what the règlement answers the example on `on`, or on its first day where that is later."""
    outcome = evaluate(ruleset, situation_of(ruleset, example, on), scales)
    right = outcome.right
    return Answer(
        outcome.kind,
        _figures(ruleset, outcome),
        _right(outcome),
        right.until(outcome.on) if right else None,
        outcome.advice,
    )


def _figures(ruleset: Ruleset, outcome: Outcome) -> tuple[str, ...]:
    return tuple(
        gettext(N_("{label} : {amount}")).format(label=i.label, amount=shown(outcome.figure(i.code)))
        for i in ruleset.indicators
        if i.code in outcome.indicators
    )


def _right(outcome: Outcome) -> tuple[str, ...]:
    if outcome.right is None:
        return ()
    prices = tuple(s.sentence() for s in outcome.steps if s.code == "price")
    return (*prices, *(s.sentence() for s in right_steps(outcome.right, outcome.on) if s.code != "duration"))


def _lines(types: Sequence[LineType], amounts: Sequence[tuple[str, int]]) -> tuple[Line, ...]:
    """Return every line of the règlement, zero but for those an amount belongs to; one that fits none goes to the first counted."""
    found = {t.code: 0 for t in types}
    counted = [t for t in types if t.counted and not t.flat] or list(types)
    for kind, cents in amounts:
        words = _WORDS.get(kind, (kind,))
        fits = next((t for w in words for t in types if w in t.code or w in t.label.casefold()), None)
        taker = fits or (counted[0] if counted else None)
        if taker is not None:
            found[taker.code] += cents
    return tuple(found.items())
