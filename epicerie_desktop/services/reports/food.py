"""The food part of a report, over any period: the sections made of what `food_facts` reads."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from epicerie_desktop.domain.reports import food, reconciliation
from epicerie_desktop.domain.reports.shape import Section
from epicerie_desktop.services.reports.food_facts import food_facts
from epicerie_desktop.services.reports.parameters import meal_in


def food_sections(session: Session, first: date, last: date) -> tuple[Section, ...]:
    """Return the food part of a report from one day to another, both included, inside a caller's block.

    Kilos handed out, value and takings of closed months are those of the closing; the rest is read as it stands (each
    figure says so, and its standing).
    """
    return tuple(food_parts(session, first, last).values())


def food_parts(session: Session, first: date, last: date) -> dict[str, Section]:
    """Return the same sections by their codes, those that models of report name, in reading order."""
    facts = food_facts(session, first, last)
    return {
        "food": food.kilos_section(facts),
        "food.value": food.money_section(facts),
        "food.meals": food.meals_section(facts, meal_in(session, last)),
        "food.stock": food.stock_section(facts),
        "food.reconciliation": reconciliation.reconciliation_section(facts),
    }
