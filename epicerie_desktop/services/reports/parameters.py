"""The dated parameters of reports: those kept with the program, and the shop's own, which win from their day on."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from epicerie_desktop.domain.reports.funder_data import KiloValue, Meal, in_force, parse_kilo_values, parse_meals
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.settings import keep_setting_in, setting_in
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
    """Return what a meal weighs on a day: the shop's own figure where it set one, else that of the list."""
    own = setting_in(session, _MEAL, day)
    if own is not None:
        return Meal(day, int(own), _("réglage de l'épicerie"))
    return in_force(parse_meals(_parameters()), day)


def kilo_value(day: date) -> KiloValue:
    """Return what a network counts a kilo for on a day, in cents."""
    return in_force(parse_kilo_values(_parameters()), day)


def set_meal_grams(desk: Desk, grams: int) -> None:
    """Set what a meal weighs, from today. Raises `BadInput` beyond reason, `RuleRefused` for a volunteer."""
    require_team(desk)
    if not LEAST_MEAL <= grams <= MOST_MEAL:
        raise BadInput(N_("Un repas pèse de {least} à {most} grammes."), least=LEAST_MEAL, most=MOST_MEAL)
    with desk.db.write() as session:
        keep_setting_in(session, desk, _MEAL, grams, grams=grams)
