"""Absences without notice: how many a règlement allows, and what it proposes once there are more. A person decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from epicerie_desktop.domain.eligibility.terms import Absences, AbsenceThen
from epicerie_desktop.support.i18n import N_

PROPOSALS: Mapping[AbsenceThen, str] = MappingProxyType(
    {
        AbsenceThen.WARN: N_("Rappeler le règlement au foyer"),
        AbsenceThen.COMMITTEE: N_("Présenter à la commission"),
        AbsenceThen.SUSPEND: N_("Suspendre, après avoir entendu le foyer"),
        AbsenceThen.EXCLUDE: N_("Mettre fin au droit, après avoir entendu le foyer"),
    }
)


@dataclass(frozen=True, slots=True)
class AbsenceCount:
    """The absences of a household; `proposed` where the règlement says something follows, `days` those without notice."""

    unexcused: int
    excused: int
    last_on: date | None
    proposed: AbsenceThen | None = None
    days: tuple[date, ...] = ()


def count_absences(days: Iterable[tuple[date, bool]], since: date, rule: Absences | None) -> AbsenceCount:
    """Return the count of (day, excused) pairs from `since` on; an excused one is told and never held against anyone."""
    held = [(day, excused) for day, excused in days if day >= since]
    without = tuple(sorted(day for day, excused in held if not excused))
    unexcused = len(without)
    last = max((day for day, _excused in held), default=None)
    reached = rule is not None and unexcused > rule.most
    return AbsenceCount(unexcused, len(held) - unexcused, last, rule.then if rule and reached else None, without)
