"""The food and funders' parts of a report, over any period: the sections made of what `food_facts` reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from epicerie_desktop.domain.reports import food, fse, funders, reconciliation
from epicerie_desktop.domain.reports.food_rows import FoodFacts
from epicerie_desktop.domain.reports.funder_data import ReportModel
from epicerie_desktop.domain.reports.shape import Section
from epicerie_desktop.services.reports.estimates import estimates_in, indicators
from epicerie_desktop.services.reports.food_facts import food_facts
from epicerie_desktop.services.reports.funders import funder_list_in
from epicerie_desktop.services.reports.parameters import kilo_value, meal_in
from epicerie_desktop.services.reports.served import served_in

USUAL = ("food", "food.value", "food.meals", "food.stock", "food.reconciliation", "fse", "food_bank", "andes")
"""The parts of the whole food report, in reading order."""


class _About(NamedTuple):
    """What a part is made for: the funder's list that sorts the families, and the last day asked for."""

    mapping: str
    asked_last: date


_Make = Callable[[Session, FoodFacts, _About], Section]


def food_sections(session: Session, first: date, last: date) -> tuple[Section, ...]:
    """Return the food part of a report from one day to another, both included, inside a caller's block.

    Kilos handed out, value and takings of closed months are those of the closing; the rest is read as it stands (each
    figure says so, and its standing).
    """
    return tuple(food_parts(session, first, last).values())


def food_parts(
    session: Session,
    first: date,
    last: date,
    parts: Iterable[str] = USUAL,
    mapping: str = "FEAD",
    asked_last: date | None = None,
) -> dict[str, Section]:
    """Return the sections asked for, by their codes, in that order; a code of another part of a report is left to it.

    `mapping` names the funder's list that « groups » sorts the families by. `asked_last` is the last day asked for, where
    `last` comes before it because it is still to come: an estimate is made for a period, whatever of it is over.
    """
    wanted = [p for p in parts if p in _PARTS]
    if not wanted:
        return {}
    facts = food_facts(session, first, last)
    about = _About(mapping, asked_last or last)
    return {p: _PARTS[p](session, facts, about) for p in wanted}


def model_parts(session: Session, first: date, last: date, model: ReportModel, asked_last: date) -> dict[str, Section]:
    """Return the food and funders' sections of a model of report, by their codes."""
    return food_parts(session, first, last, model.parts, model.mapping or "FEAD", asked_last)


def _fse(session: Session, facts: FoodFacts, about: _About) -> Section:
    persons, others = served_in(session, facts.first, facts.last)
    made = estimates_in(session, facts.first, about.asked_last)
    return fse.fse_section(facts, indicators(), persons, others, made, about.asked_last)


def _food_bank(session: Session, facts: FoodFacts, _about: _About) -> Section:
    listed = funder_list_in(session, "FOOD_BANK", facts.last)
    return funders.food_bank_section(facts, listed, meal_in(session, facts.last), kilo_value(facts.last))


_PARTS: Mapping[str, _Make] = {
    "food": lambda _s, facts, _m: food.kilos_section(facts),
    "food.value": lambda _s, facts, _m: food.money_section(facts),
    "food.meals": lambda s, facts, _m: food.meals_section(facts, meal_in(s, facts.last)),
    "food.stock": lambda _s, facts, _m: food.stock_section(facts),
    "food.reconciliation": lambda _s, facts, _m: reconciliation.reconciliation_section(facts),
    "lots": lambda _s, facts, _m: reconciliation.lots_section(facts),
    "fse": _fse,
    "groups": lambda s, facts, m: funders.groups_section(facts, funder_list_in(s, m.mapping, facts.last)),
    "food_bank": _food_bank,
    "andes": lambda s, facts, _m: funders.andes_section(facts, funder_list_in(s, "ANDES", facts.last)),
}
"""How each part is made, by the code that models of report name it by."""
