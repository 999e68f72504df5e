"""The dated parameters of reports: those kept with the program, and the shop's own, which win from their day on."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.reports.funder_data import KiloValue, Meal, in_force, parse_kilo_values, parse_meals
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.settings import keep_setting_in, settings_in
from epicerie_desktop.services.team import require_team
from epicerie_desktop.support import paths
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_MEAL = "meal_grams"
LEAST_MEAL, MOST_MEAL = 100, 2000


@cache
def _parameters() -> dict[str, Any]:
    return tomllib.loads(paths.resource("nomenclatures", "report_parameters.toml").read_text("utf-8"))


def meal_in(session: Session, day: date) -> Meal:
    """Return what a meal weighs on a day: the shop's own figure where it set one by then, else that of the list."""
    own = [m for m in _own_meals(session) if m.valid_from <= day]
    return own[-1] if own else in_force(parse_meals(_parameters()), day)


def _own_meals(session: Session) -> tuple[Meal, ...]:
    return tuple(
        Meal(since, int(kept["grams"]), kept["source"] or _("réglage de l'épicerie"))
        for since, kept in settings_in(session, _MEAL)
    )


def meals(desk: Desk) -> tuple[Meal, ...]:
    """Return every weight of a meal, the latest first: those the shop set, then those of the list, which held before."""
    with desk.db.read() as session:
        own = _own_meals(session)
    kept = tuple(m for m in parse_meals(_parameters()) if not own or m.valid_from < own[0].valid_from)
    return tuple(reversed((*kept, *own)))


def kilo_value(day: date) -> KiloValue:
    """Return what a network counts a kilo for on a day, in cents."""
    return in_force(parse_kilo_values(_parameters()), day)


def set_meal_grams(desk: Desk, grams: int, source: str = "") -> None:
    """Set what a meal weighs, from today, and who says so. Raises `BadInput` beyond reason, `RuleRefused` for a volunteer."""
    require_team(desk)
    if not LEAST_MEAL <= grams <= MOST_MEAL:
        raise BadInput(N_("Un repas pèse de {least} à {most} grammes."), least=LEAST_MEAL, most=MOST_MEAL)
    said = checked_text(source).strip()
    with desk.db.write() as session:
        keep_setting_in(session, desk, _MEAL, {"grams": grams, "source": said}, grams=grams)
