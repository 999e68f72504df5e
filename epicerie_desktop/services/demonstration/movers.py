"""Households of the demonstration that go from a shop to the next: some show their card, others are typed again, with slips.

What is true of the contract in course is then known, and written beside the files: the coordinator's count is compared with it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy import select

from epicerie_desktop.domain.card import CardNumber, parse_card
from epicerie_desktop.domain.figures import MonthFigures
from epicerie_desktop.persistence.models import Household
from epicerie_desktop.services.demonstration.life import Stay, ceilings_for, on
from epicerie_desktop.services.demonstration.people import material
from epicerie_desktop.services.demonstration.spelling import Typed, retyped
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries.figures import figures_between
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.rights import decide

PERMILLE = 60
"""Of a thousand households of a shop, how many go to the next one."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A household on its way: who they are, the card they show (None: they have it no more), and their token where they come from."""

    form: HouseholdForm
    card: CardNumber | None
    shop: int
    token: str


@dataclass
class Truth:
    """What is true of the contract in course: each shop's own figures, and the households that two of them know."""

    months: list[tuple[MonthFigures, ...]] = field(default_factory=list)
    moved: list[tuple[int, str, int, str]] = field(default_factory=list)
    """Shop and token where they came from, shop and token where they are now."""

    def families_and_persons(self) -> tuple[int, int]:
        """Return the true distinct families and persons, each household's persons being the same in both shops."""
        seen: list[dict[str, set[str]]] = []
        for months in self.months:
            here: dict[str, set[str]] = {}
            for line in (line for m in months for line in m.households):
                here.setdefault(line.household, set()).update(line.persons)
            seen.append(here)
        families = sum(len(here) for here in seen)
        persons = sum(len(set().union(*here.values())) for here in seen)
        for shop, token, other, again in self.moved:
            before, after = seen[shop].get(token), seen[other].get(again)
            if before and after:
                families, persons = families - 1, persons - min(len(before), len(after))
        return families, persons


def leaving(rng: random.Random, desk: Desk, shop: int, households: list[int]) -> list[Mover]:
    """Return the households that go to the next shop, among those given: every other one shows its card."""
    chosen = rng.sample(sorted(households), max(2, len(households) * PERMILLE // 1000)) if len(households) > 4 else []
    tokens = tokens_of(desk, chosen)
    found = []
    for n, household in enumerate(chosen):
        file = household_file(desk, household)
        card = parse_card(file.cards[0]) if n % 2 and file.cards else None
        found.append(Mover(file.form, card, shop, tokens[household]))
    return found


def tokens_of(desk: Desk, households: list[int]) -> dict[int, str]:
    """Return the random tokens of households."""
    with desk.db.read() as session:
        rows = session.execute(select(Household.id, Household.token).where(Household.id.in_(households)))
        return {household: token.hex for household, token in rows}


def arriving(rng: random.Random, desk: Desk, mover: Mover, day: date) -> int:
    """Enrol a household that comes from another shop, as this counter types it, with the card it shows; return its id."""
    names = material()["last"]

    def again(m: MemberForm) -> MemberForm:
        told = retyped(rng, Typed(m.last_name, m.first_name, m.born, rng.choice(names) if rng.random() < 0.2 else ""))
        return MemberForm(told.last, told.first, m.link, m.sex, told.born)

    members = tuple(again(m) for m in mover.form.members if m.left_on is None)
    form = replace(
        mover.form, members=members, id=None, version=None, number="", referrer_id=None, opened_on=day, note=""
    )
    household = enrol.save_household(desk, form)
    if mover.card is not None:
        enrol.attach_foreign_card(desk, household, mover.card)
    return household


def seen_here(desk: Desk, since: date) -> tuple[MonthFigures, ...]:
    """Return the months of a shop since the contract began."""
    return figures_between(desk, since, desk.clock.today())


def settled(
    rng: random.Random, desk: Desk, movers: list[Mover], first: date, days: int
) -> tuple[list[Stay], list[str]]:
    """Enrol the households that come from the shop before, from `first` on; return their times here and their tokens."""
    stays = []
    for mover in movers:
        start = first + timedelta(days=rng.randrange(1, max(2, days)))
        at = on(desk, start)
        household = arriving(rng, at, mover, start)
        persons, permille = len(mover.form.members), 200
        end = desk.clock.today() + timedelta(days=60)
        decide.open_right(at, household, decide.RightForm(start, end, permille, ceilings_for(persons)))
        if mover.card is None:
            enrol.issue_card(at, household)
        stays.append(Stay(household, persons, start, end, permille))
    tokens = tokens_of(desk, [s.household for s in stays])
    return stays, [tokens[s.household] for s in stays]
