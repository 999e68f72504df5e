"""Invented households, drawn from a seeded generator; sizes may be made to add up to a given number of persons."""

from __future__ import annotations

import random
import tomllib
from datetime import date, timedelta
from functools import cache
from typing import Any

from epicerie_desktop.domain.household import HousingKind, Link, Sex
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.nomenclatures import all_communes
from epicerie_desktop.support import paths


@cache
def material() -> dict[str, Any]:
    """Return the names, shops and goods of the demonstration."""
    return tomllib.loads(paths.resource("demonstration", "names.toml").read_text("utf-8"))


def sizes(rng: random.Random, households: int, persons: int) -> list[int]:
    """Return the sizes (1 to 7) of `households` adding up to `persons`."""
    found = [rng.choices(range(1, 8), weights=(30, 24, 18, 15, 8, 3, 2))[0] for _ in range(households)]
    while (gap := persons - sum(found)) != 0:
        i = rng.randrange(households)
        if gap > 0 and found[i] < 7:
            found[i] += 1
        elif gap < 0 and found[i] > 1:
            found[i] -= 1
    return found


def household(rng: random.Random, size: int, opened: date, referrers: list[int]) -> HouseholdForm:
    """Return an invented household of `size` persons whose file opens on `opened`."""
    names = material()
    last = rng.choice(names["last"])
    alone = size > 1 and rng.random() < 0.4
    members = [_adult(rng, last, Link.HOLDER, opened)]
    if size > 1 and not alone:
        other = last if rng.random() < 0.6 else rng.choice(names["last"])
        members.append(_adult(rng, other, Link.PARTNER, opened))
    members += [_child(rng, last, opened) for _ in range(size - len(members))]
    return HouseholdForm(
        tuple(members), _address(rng, opened), phone=f"06 {rng.randrange(100):02d} {rng.randrange(100):02d} 00 {rng.randrange(100):02d}",
        referrer_id=rng.choice(referrers) if referrers else None, opened_on=opened,
    )  # fmt: skip


def _adult(rng: random.Random, last: str, link: Link, day: date) -> MemberForm:
    sex = (
        rng.choice((Sex.FEMALE, Sex.FEMALE, Sex.MALE))
        if link is Link.HOLDER
        else rng.choice((Sex.MALE, Sex.MALE, Sex.FEMALE))
    )
    return MemberForm(last, _first(rng, sex), link, sex, _born(rng, day, 19, 78))


def _child(rng: random.Random, last: str, day: date) -> MemberForm:
    sex = rng.choice((Sex.FEMALE, Sex.MALE))
    return MemberForm(last, _first(rng, sex), Link.CHILD, sex, _born(rng, day, 0, 17))


def _first(rng: random.Random, sex: Sex) -> str:
    return str(rng.choice(material()["female" if sex is Sex.FEMALE else "male"]))


def _born(rng: random.Random, day: date, youngest: int, oldest: int) -> str | None:
    born = day - timedelta(days=rng.randrange(youngest * 366 + 1, oldest * 365 + 300))
    chance = rng.random()
    if chance < 0.03:
        return None
    if chance < 0.08:
        return f"{born.year:04d}"
    return f"{born.year:04d}-{born.month:02d}" if chance < 0.12 else born.isoformat()


def _address(rng: random.Random, day: date) -> AddressForm:
    if rng.random() < 0.03:
        return AddressForm(HousingKind.NO_FIXED_ADDRESS)
    known = [c for c in all_communes() if c.valid_on(day)]
    commune = rng.choices(known, weights=[(c.population or 50) for c in known])[0]
    kind = rng.choices((HousingKind.HOME, HousingKind.HOSTED, HousingKind.DOMICILED), weights=(90, 7, 3))[0]
    street = f"{rng.randrange(1, 60)} rue {rng.choice(('des Lacs', 'de la Collégiale', 'du Pré', 'des Planchettes', 'du Bel-Air'))}"
    return AddressForm(kind, street, commune.postcodes[0] if commune.postcodes else "", commune.code, commune.name)
