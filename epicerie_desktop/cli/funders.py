"""`epicerie meal` and `epicerie families`: what the reports of funders rest on in a shop, read and set from a script."""

from __future__ import annotations

import argparse
from typing import Any

from epicerie_desktop.cli.output import WrongArguments, answer, desk
from epicerie_desktop.domain.reports.funder_data import Meal
from epicerie_desktop.services.reports import funders, parameters
from epicerie_desktop.services.reports.funders import SortedFamily
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this module."""
    meal = commands.add_parser("meal", parents=[common], help=_("le poids d'un repas dans les rapports, ou un nouveau"))
    meal.add_argument("--grams", type=int, help=_("un nouveau poids, en grammes, à partir d'aujourd'hui"))
    meal.add_argument("--source", default="", help=_("qui le dit"))
    meal.set_defaults(run=_meal)
    families = commands.add_parser(
        "families",
        parents=[common],
        help=_("les familles de produits dans les groupes d'un financeur, ou un autre groupe"),
    )
    families.add_argument("list", nargs="?", help=_("le code d'une liste"))
    families.add_argument("--family", help=_("le code d'une famille"))
    families.add_argument("--group", help=_("le code de son groupe ; vide pour aucun"))
    families.set_defaults(run=_families)


def _meal(args: argparse.Namespace) -> int:
    if args.source and args.grams is None:
        raise WrongArguments(N_("Qui le dit se donne avec --grams."))
    at = desk(args)
    try:
        if args.grams is not None:
            parameters.set_meal_grams(at, args.grams, args.source)
        found = parameters.meals(at)
    finally:
        at.db.close()
    return answer(args, {"meals": [_meal_told(m) for m in found]}, *(_meal_line(m) for m in found))


def _meal_told(meal: Meal) -> dict[str, Any]:
    return {"from": meal.valid_from.isoformat(), "grams": meal.grams, "source": meal.source}


def _meal_line(meal: Meal) -> str:
    return _("{grams} g depuis le {day} : {source}").format(
        grams=shown.number(meal.grams), day=shown.day(meal.valid_from), source=meal.source
    )


def _families(args: argparse.Namespace) -> int:
    lists = funders.funder_lists()
    if args.list is not None and args.list not in lists:
        raise WrongArguments(N_("Cette liste n'est pas connue. Les listes : {codes}."), codes=", ".join(lists))
    if (args.family is None) is not (args.group is None) or (args.family is not None and args.list is None):
        raise WrongArguments(N_("Une famille se range avec sa liste, --family et --group."))
    at = desk(args)
    try:
        if args.family is not None:
            funders.sort_family(at, args.list, args.family, args.group or None)
        found = {code: funders.sorted_families(at, code) for code in lists if args.list in (None, code)}
    finally:
        at.db.close()
    data = [
        {
            "list": code,
            "groups": [{"group": c.code, "name": c.name} for c in lists[code].categories],
            "families": [{"family": f.code, "name": f.name, "group": f.category.code if f.category else None} for f in rows],
        }
        for code, rows in found.items()
    ]  # fmt: skip
    lines = (line for code, rows in found.items() for line in (f"{code}", *(_family_line(f) for f in rows)))
    return answer(args, {"lists": data}, *lines)


def _family_line(family: SortedFamily) -> str:
    group = family.category.name if family.category is not None else _("Non classé")
    return _("  {code} · {name} : {group}").format(code=family.code, name=family.name, group=group)
