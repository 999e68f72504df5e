"""Food safety in codes and figures: cold units, temperatures in tenths of a degree, the fourteen allergens. Knows no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

COLDEST, HOTTEST = -600, 1200
"""Beyond these, in tenths of a degree, no thermometer of a shop was read."""
_TYPED = re.compile(r"([+\-−–]?)\s*(\d{1,3})(?:[.,](\d))?\s*(?:°\s*C?|C)?", re.IGNORECASE)


class UnitKind(StrEnum):
    """What keeps goods cold, or hot."""

    FRIDGE = "FRIDGE"
    FREEZER = "FREEZER"
    COLD_ROOM = "COLD_ROOM"
    DISPLAY = "DISPLAY"
    VEHICLE = "VEHICLE"
    HOT = "HOT"


class ColdAction(StrEnum):
    """What was done about a temperature out of its limits."""

    DOOR = "DOOR"
    SETTING = "SETTING"
    DEFROSTED = "DEFROSTED"
    MOVED = "MOVED"
    DISCARDED = "DISCARDED"
    REPAIR = "REPAIR"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class ColdLimit:
    """What the texts ask of a kind of food from a day on: at most, or at least, so many tenths of a degree."""

    code: str
    name: str
    valid_from: date
    most: int | None
    least: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Range:
    """The tenths of a degree between which a unit must stay; None where nothing bounds that side."""

    least: int | None = None
    most: int | None = None

    def holds(self, tenths: int) -> bool:
        """Return whether a temperature is within."""
        return (self.least is None or tenths >= self.least) and (self.most is None or tenths <= self.most)


def limits_on(limits: Iterable[ColdLimit], day: date) -> Mapping[str, ColdLimit]:
    """Return the limit in force on `day` for each kind of food."""
    found: dict[str, ColdLimit] = {}
    for limit in sorted(limits, key=lambda n: n.valid_from):
        if limit.valid_from <= day:
            found[limit.code] = limit
    return found


def range_of(contents: Sequence[str], limits: Mapping[str, ColdLimit]) -> Range:
    """Return the strictest limits of what a unit holds; codes unknown that day bound nothing."""
    known = [limits[c] for c in contents if c in limits]
    least = [n.least for n in known if n.least is not None]
    most = [n.most for n in known if n.most is not None]
    return Range(max(least, default=None), min(most, default=None))


def parse_tenths(typed: str) -> int:
    """Return the tenths of a degree of « 3 », « 3,5 », « -18 », « −18,5 °C ». Raises `BadInput` with what to type."""
    found = _TYPED.fullmatch(typed.strip())
    if found is None:
        raise BadInput(N_("« {typed} » n'est pas une température. Tapez par exemple 3,5 ou -18."), typed=typed.strip())
    tenths = int(found[2]) * 10 + int(found[3] or 0)
    tenths = -tenths if found[1] in ("-", "−", "–") else tenths
    if not COLDEST <= tenths <= HOTTEST:
        raise BadInput(N_("« {typed} » : relisez le thermomètre, cette température n'est pas possible."), typed=typed.strip())  # fmt: skip
    return tenths


class Allergen(StrEnum):
    """The fourteen of annex II of regulation (EU) 1169/2011, in its order; their text is that of open catalogues."""

    GLUTEN = "gluten"
    CRUSTACEANS = "crustaceans"
    EGGS = "eggs"
    FISH = "fish"
    PEANUTS = "peanuts"
    SOY = "soybeans"
    MILK = "milk"
    NUTS = "nuts"
    CELERY = "celery"
    MUSTARD = "mustard"
    SESAME = "sesame-seeds"
    SULPHITES = "sulphur-dioxide-and-sulphites"
    LUPIN = "lupin"
    MOLLUSCS = "molluscs"


class Presence(StrEnum):
    """What is known of an allergen in an article; no answer at all is `UNKNOWN`, which is never « absent »."""

    PRESENT = "PRESENT"
    TRACES = "TRACES"
    ABSENT = "ABSENT"
    UNKNOWN = "UNKNOWN"


_OTHER_TAGS = {"nuts-allergen": Allergen.NUTS, "soy": Allergen.SOY, "soya": Allergen.SOY, "egg": Allergen.EGGS,
               "sesame": Allergen.SESAME, "peanut": Allergen.PEANUTS, "crustacean": Allergen.CRUSTACEANS,
               "mollusks": Allergen.MOLLUSCS, "lupine": Allergen.LUPIN, "sulfites": Allergen.SULPHITES}  # fmt: skip


def allergens_of_tags(tags: str) -> frozenset[Allergen]:
    """Return the allergens named by tags of an open catalogue (« en:milk,en:nuts »); what is not understood is left out."""
    found = set()
    for tag in tags.split(","):
        name = tag.strip().lower().rpartition(":")[2]
        if name in _OTHER_TAGS:
            found.add(_OTHER_TAGS[name])
        elif name in Allergen._value2member_map_:
            found.add(Allergen(name))
    return frozenset(found)
