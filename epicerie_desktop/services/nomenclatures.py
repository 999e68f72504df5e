"""Reads the lists kept as data in resources/: communes and sectors, age brackets, families, rulesets, actions. Read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from epicerie_desktop.domain import communes, steps
from epicerie_desktop.domain.communes import Commune
from epicerie_desktop.domain.receptions import Financing
from epicerie_desktop.domain.reports.people_lists import (
    BracketSet,
    Territory,
    parse_brackets,
    parse_territories,
    territory_on,
)
from epicerie_desktop.domain.steps import Action
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.support import paths


@cache
def all_communes() -> tuple[Commune, ...]:
    """Return the communes of the territory, dated."""
    return communes.parse(paths.resource("nomenclatures", "communes.csv").read_text("utf-8"))


@cache
def commune_names() -> dict[str, str]:
    """Return the names of the communes by INSEE code."""
    return {c.code: c.name for c in all_communes()}


@cache
def default_families() -> tuple[dict[str, Any], ...]:
    """Return the families of products proposed to a new shop: code, name, short name, values in cents."""
    data = tomllib.loads(paths.resource("nomenclatures", "families.toml").read_text("utf-8"))
    return tuple(data["family"])


@cache
def financing_sources() -> tuple[Financing, ...]:
    """Return who may have paid goods, in their order."""
    data = tomllib.loads(paths.resource("nomenclatures", "financing.toml").read_text("utf-8"))
    return tuple(
        Financing(s["code"], s["name"], tuple(Origin(o) for o in s.get("origins", ()))) for s in data["source"]
    )


@cache
def age_brackets() -> tuple[BracketSet, ...]:
    """Return the age brackets of every funder, dated."""
    return parse_brackets(paths.resource("nomenclatures", "age_brackets.toml").read_text("utf-8"))


@cache
def territories() -> tuple[Territory, ...]:
    """Return the territory and its sectors, as they were over the years."""
    return parse_territories(paths.resource("nomenclatures", "territory.toml").read_text("utf-8"))


@cache
def sector_on(day: date, commune: str | None) -> str:
    """Return the code of the sector a commune lies in on a day, "" outside the territory."""
    territory = territory_on(territories(), day)
    sector = territory.sector_of(commune) if territory else None
    return sector.code if sector else ""


CONTRACT_LISTS = ("contract_actions", "territory", "families", "age_brackets")
"""The lists that a contract's file brings its shops: the same codes everywhere."""


@cache
def contract_texts() -> tuple[tuple[str, str], ...]:
    """Return the name and TOML text of the lists that a contract's file brings its shops."""
    return tuple(
        (name, paths.resource("nomenclatures", f"{name}.toml").read_text("utf-8")) for name in sorted(CONTRACT_LISTS)
    )


@cache
def sector_names() -> dict[str, str]:
    """Return the name of every sector by its code, the latest where a code has had several."""
    return {s.code: s.name for t in territories() for s in t.sectors}


def ruleset_text(name: str) -> str:
    """Return the TOML text of a ruleset kept in resources/rulesets."""
    return paths.resource("rulesets", f"{name}.toml").read_text("utf-8")


@cache
def contract_actions() -> tuple[Action, ...]:
    """Return the actions of a territory's contract and their kinds of step, in their order."""
    return steps.parse_actions(paths.resource("nomenclatures", "contract_actions.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class RulesetSource:
    """A règlement to start from, kept in resources/: its key there, its name, where it comes from, its text."""

    key: str
    name: str
    source: str
    text: str


@cache
def ruleset_types() -> tuple[RulesetSource, ...]:
    """Return the types a shop may start from, without date nor source: these are the shop's own."""
    return _sources("ruleset-types")


@cache
def published_rulesets() -> tuple[RulesetSource, ...]:
    """Return the published règlements kept with the program, by name, each with its source."""
    return tuple(sorted(_sources("rulesets"), key=lambda s: s.name.casefold()))


def _sources(folder: str) -> tuple[RulesetSource, ...]:
    found = []
    for path in sorted(paths.resource(folder).glob("*.toml")):
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
        found.append(RulesetSource(path.stem, data["name"], data.get("source", ""), text))
    return tuple(found)
