"""Households entered twice, as it happens at a counter: misspelt, swapped, half known, moved; and which truly are the same."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from epicerie_desktop.services.demonstration.people import household as invented
from epicerie_desktop.services.demonstration.people import sizes
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from tests.benchmarks.volumes import SYLLABLES

HEARD = (("ph", "f"), ("th", "t"), ("eau", "o"), ("au", "o"), ("ai", "é"), ("y", "i"), ("qu", "k"), ("ou", "u"), ("ss", "s"), ("c", "k"), ("z", "s"))  # fmt: skip


def population(rng: random.Random, households: int, persons: int, opened: date) -> list[HouseholdForm]:
    """Return invented households, a fifth of them under the demonstration's sixty names: each is as common as Martin is."""
    found = []
    for size in sizes(rng, households, persons):
        form = invented(rng, size, opened - timedelta(days=rng.randrange(1000)), [])
        if rng.random() < 0.8:
            last = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 3, 3)))).capitalize()
            form = replace(form, members=tuple(replace(m, last_name=last) for m in form.members))
        found.append(form)
    return found


def entered_again(rng: random.Random, form: HouseholdForm) -> HouseholdForm:
    """Return the same household as somebody else would enter it."""
    members = [m for i, m in enumerate(form.members) if i == 0 or rng.random() < 0.8]
    if len(members) > 1 and rng.random() < 0.15:
        members = members[1:]
    change = rng.random
    return replace(
        form,
        members=tuple(_again(rng, m) for m in members),
        phone=form.phone if change() < 0.55 else f"07 {rng.randrange(10**8):08d}",
        address=form.address if change() < 0.5 else replace(form.address, lines=f"{rng.randrange(60, 99)} rue Neuve"),
    )


def _again(rng: random.Random, m: MemberForm) -> MemberForm:
    last, first, born, chance = m.last_name, m.first_name, m.born, rng.random()
    if chance < 0.35:
        last = misspelt(rng, last)
    elif chance < 0.55:
        first = misspelt(rng, first)
    elif chance < 0.65:
        last, first = first, last
    chance = rng.random()
    if born and len(born) == 10 and chance < 0.25:
        year, month, day = born.split("-")
        swapped = f"{year}-{day}-{month}" if int(day) <= 12 else f"{year}-{month}-{(int(day) % 28) + 1:02d}"
        born = swapped if chance < 0.1 else year if chance < 0.18 else None
    return replace(m, last_name=last, first_name=first, born=born)


def misspelt(rng: random.Random, name: str) -> str:
    """Return a name with the mistake of somebody who heard it, or whose finger slipped."""
    heard = [(a, b) for a, b in HEARD if a in name.lower()[1:]]
    if heard and rng.random() < 0.4:
        a, b = rng.choice(heard)
        at = name.lower().rindex(a)
        return name[:at] + b + name[at + len(a) :]
    at = rng.randrange(1, len(name)) if len(name) > 1 else 0
    kind = rng.randrange(4)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    if kind == 2 and at + 1 < len(name):
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + rng.choice("aeiounrst") + name[at + 1 :]
