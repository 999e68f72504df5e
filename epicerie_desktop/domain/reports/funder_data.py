"""The lists of funders, read from data: categories that families fall in, the weight of a meal, indicators, models of report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from epicerie_desktop.domain.data_table import Holds
from epicerie_desktop.support.i18n import french_typography as _set


class Meal(NamedTuple):
    """What a meal is taken to weigh from a day on, in grams, and who says it."""

    valid_from: date
    grams: int
    source: str


class KiloValue(NamedTuple):
    """What a network counts a kilo for from a day on, in cents, and who says it."""

    valid_from: date
    cents: int
    source: str


_Dated = TypeVar("_Dated", Meal, KiloValue)


class Category(NamedTuple):
    """A category of a funder's list."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FunderList:
    """A funder's list of categories, and which of them each family of products falls in, from a day on."""

    code: str
    name: str
    valid_from: date
    source: str
    official: bool
    categories: tuple[Category, ...]
    families: Mapping[str, str]

    def category_of(self, family: str) -> Category | None:
        """Return the category of a family, None where the list does not tell: it is shown as such, and never left out."""
        code = self.families.get(family)
        return next((c for c in self.categories if c.code == code), None)


class Way(StrEnum):
    """How an indicator is known: computed by the program, an estimate typed by the manager, or what is left of others."""

    COMPUTED = "COMPUTED"
    ESTIMATE = "ESTIMATE"
    REST = "REST"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A common indicator of the European fund: its code, its point in the annex, its name, what it holds, how it is known."""

    code: str
    point: str
    name: str
    holds: Holds
    way: Way
    definition: str
    confirmed: bool = False
    """Whether its code was read in an official source; else it follows from its rank."""
    less: tuple[str, ...] = ()
    """For what is left: the whole, then what is taken off it."""


@dataclass(frozen=True, slots=True)
class ReportModel:
    """Which parts a report has, by their codes in order; `official` where its form is the funder's own, `key` its name in a command."""

    code: str
    name: str
    parts: tuple[str, ...]
    official: bool = False
    mapping: str = ""
    key: str = ""


def parse_meals(data: Mapping[str, Any]) -> tuple[Meal, ...]:
    """Return the weights of a meal, oldest first."""
    return tuple(sorted(Meal(m["valid_from"], m["grams"], _set(m["source"])) for m in data["meal"]))


def parse_kilo_values(data: Mapping[str, Any]) -> tuple[KiloValue, ...]:
    """Return what networks count a kilo for, oldest first."""
    return tuple(sorted(KiloValue(v["valid_from"], v["cents"], _set(v["source"])) for v in data["kilo"]))


def in_force(found: Iterable[_Dated], day: date) -> _Dated:
    """Return the one in force on a day: the last that began; before them all, the first."""
    ordered = sorted(found)
    return next((f for f in reversed(ordered) if f.valid_from <= day), ordered[0])


def parse_mapping(data: Mapping[str, Any]) -> FunderList:
    """Return a funder's list. Raises `ValueError` where a family falls in a category that is not in it."""
    categories = tuple(Category(c["code"], _set(c["name"])) for c in data["category"])
    known = {c.code for c in categories}
    strange = sorted(f for f, c in data["families"].items() if c not in known)
    if strange:
        raise ValueError(f"families in no category of {data['code']}: {', '.join(strange)}")
    return FunderList(
        data["code"], _set(data["name"]), data["valid_from"], _set(data["source"]), data.get("official", False), categories,
        dict(data["families"]),
    )  # fmt: skip


def parse_indicators(data: Mapping[str, Any]) -> tuple[Indicator, ...]:
    """Return the indicators in their order."""
    return tuple(
        Indicator(
            i["code"], i["point"], _set(i["name"]), Holds(i["holds"]), Way(i["way"]), _set(i["definition"]), i.get("confirmed", False),
            tuple(i.get("less", ())),
        )
        for i in data["indicator"]
    )  # fmt: skip


def parse_models(data: Mapping[str, Any]) -> tuple[ReportModel, ...]:
    """Return the models of report in their order."""
    return tuple(
        ReportModel(
            m["code"], _set(m["name"]), tuple(m["parts"]), m.get("official", False), m.get("mapping", ""), m["key"]
        )
        for m in data["model"]
    )
