"""A situation as plain values, such as `parse_situation` reads back: a decision is explained years later on what was said."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from epicerie_desktop.domain.eligibility.situation import Line, Member, Situation, SituationInvalid, parse_situation

_COMMUNE = re.compile(r"(?:\d{2}|2[AB])\d{3}")


def situation_to_json(at: Situation) -> dict[str, Any]:
    """Return a situation as plain values, keys as in docs/ruleset.md; what nobody answered is left out.

    A commune told by its name, outside the list, is left out too: it has no code.
    """
    found: dict[str, Any] = {
        "on": at.on.isoformat(),
        "members": [_member(m, at.on) for m in at.members],
        "household_type": at.household_type.value if at.household_type else None,
        "commune": at.commune if at.commune and _COMMUNE.fullmatch(at.commune) else None,
        "resources": _lines(at.resources),
        "charges": _lines(at.charges),
        "declared": _lines(at.declared) or None,
        "other_aids": None if at.other_aids is None else list(at.other_aids),
        "last_right_until": _day(at.last_right_until),
        "households_served": at.households_served,
        "persons_served": at.persons_served,
        "rights_before": [{"from": a.isoformat(), "until": b.isoformat()} for a, b in at.rights_before] or None,
        "referred": at.referred,
        "answers": {code: "?" if answer is None else answer for code, answer in at.answers} or None,
        "housing": at.housing.value if at.housing else None,
        "living_since": _day(at.living_since),
    }
    return {key: value for key, value in found.items() if value is not None}


def situation_from_json(content: Mapping[str, Any], commune: str | None = None) -> Situation | None:
    """Return a situation kept by `situation_to_json`, None where it can no longer be read; `commune` when told by name."""
    try:
        found = parse_situation(json.dumps(content, ensure_ascii=False))
    except SituationInvalid:
        return None
    return found if commune is None else replace(found, commune=commune)


def named_commune(at: Situation) -> str | None:
    """Return the commune told by its name, None where it has a code or is unknown."""
    return at.commune if at.commune and not _COMMUNE.fullmatch(at.commune) else None


def _member(member: Member, day: date) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if member.child is not None:
        told["role"] = "child" if member.child else "adult"
    if member.birth is not None:
        told["birth"] = member.birth.iso
    elif member.age is not None:
        told["age"] = member.age
    elif not told:
        told["role"] = "child" if member.is_child(day) else "adult"
    told |= {key: True for key in ("shared", "away") if getattr(member, key)}
    return told


def _lines(lines: tuple[Line, ...] | None) -> list[dict[str, Any]] | None:
    return None if lines is None else [{"type": code, "cents": cents} for code, cents in lines]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
