"""What the committee sees of a situation: nothing that tells who. Ages by bands, sums rounded, codes and no free text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from epicerie_desktop.domain.decisions import ReasonCode, reason_kept
from epicerie_desktop.domain.eligibility.extras import DecidedAmount, decided_from_json
from epicerie_desktop.domain.eligibility.outcome import LABELS
from epicerie_desktop.domain.eligibility.rules import DurationUnit, OutcomeKind
from epicerie_desktop.domain.household import HouseholdType
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.support import ReferralReason
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_, NBSP, gettext, ngettext

SUM_STEP = 10_00
"""Sums are rounded to ten euros: an exact one would be recognised by whoever saw the pay slip."""
FIGURE_STEP = 1_00
"""A figure by day and person is rounded to the euro."""
FIGURE_BY_DAY_BELOW = 100_00


class AgeBand(StrEnum):
    """Ages as the committee sees them; those of the funders' reports, with the babies apart."""

    BABY = "0-2"
    CHILD = "3-17"
    YOUNG = "18-29"
    ADULT = "30-64"
    SENIOR = "65+"
    UNKNOWN = "?"


AGES: Mapping[AgeBand, str] = MappingProxyType(
    {
        AgeBand.BABY: N_("{count} de 0 à 2 ans"),
        AgeBand.CHILD: N_("{count} de 3 à 17 ans"),
        AgeBand.YOUNG: N_("{count} de 18 à 29 ans"),
        AgeBand.ADULT: N_("{count} de 30 à 64 ans"),
        AgeBand.SENIOR: N_("{count} de 65 ans ou plus"),
        AgeBand.UNKNOWN: N_("{count} d'âge inconnu"),
    }
)
_BOUNDS = ((2, AgeBand.BABY), (17, AgeBand.CHILD), (29, AgeBand.YOUNG), (64, AgeBand.ADULT))


class Territory(StrEnum):
    """Where the household lives, without its commune."""

    IN = "IN"
    OUT = "OUT"
    UNASKED = "UNASKED"


_TERRITORY: Mapping[Territory, str] = MappingProxyType(
    {
        Territory.IN: N_("Sur le territoire"),
        Territory.OUT: N_("Hors territoire"),
        Territory.UNASKED: N_("Non demandé"),
    }
)
_STEPS: Mapping[str, str] = MappingProxyType(
    {
        "resources_total": N_("Ressources comptées : environ {amount} par mois."),
        "charges_total": N_("Charges comptées : environ {amount} par mois."),
        "remaining": N_("Reste pour le foyer : environ {amount} par mois."),
        "indicator": N_("Chiffre comparé au seuil : environ {amount}."),
    }
)
_CHECKS: Mapping[str, str] = MappingProxyType(
    {
        "cumulation": N_("Une autre aide ne se cumule pas avec celle-ci."),
        "waiting_period": N_("Le délai de carence n'est pas terminé."),
        "capacity": N_("Les places du règlement sont prises."),
        "exception": N_("Le règlement permet une exception."),
        "renewal": N_("Un droit a déjà été donné : le règlement limite les renouvellements."),
    }
)
_LENGTHS: Mapping[DurationUnit, str] = MappingProxyType(
    {
        DurationUnit.DAYS: N_("{count} jours"),
        DurationUnit.WEEKS: N_("{count} semaines"),
        DurationUnit.MONTHS: N_("{count} mois"),
    }
)


@dataclass(frozen=True, slots=True)
class AnonymousSituation:
    """A situation as the committee sees it: `rank` is its only name. Sums are in cents, rounded; None where not worked out.

    `share_permille` and `length` are what the règlement gives, None where it leaves them to the committee; `missing` counts
    the lines nobody answered, `ceilings_left` are the ceilings of which the committee sets the amount.
    """

    rank: int
    kind: HouseholdType
    ages: tuple[tuple[AgeBand, int], ...]
    territory: Territory | None
    advice: OutcomeKind
    reason: ReferralReason | None = None
    urgent: bool = False
    band: str | None = None
    share_permille: int | None = None
    priced: bool = False
    length: tuple[int, DurationUnit] | None = None
    steps: tuple[tuple[str, int | None], ...] = field(default=())
    missing: int = 0
    whole: bool = True
    usual: ReasonCode | None = None
    """The reason that the verdict gives for a refusal, if any."""
    ceilings_left: tuple[DecidedAmount, ...] = ()

    @property
    def persons(self) -> int:
        """Return how many persons are counted."""
        return sum(count for _band, count in self.ages)

    @property
    def share_left(self) -> bool:
        """Return whether the share is for the committee to give."""
        return self.share_permille is None and not self.priced

    @property
    def length_left(self) -> bool:
        """Return whether the length is for the committee to give."""
        return self.length is None


def band_of(age: int | None) -> AgeBand:
    """Return the band of an age."""
    if age is None:
        return AgeBand.UNKNOWN
    return next((band for most, band in _BOUNDS if age <= most), AgeBand.SENIOR)


def rounded(cents: Fraction | int, step: int) -> int:
    """Return an amount to the nearest `step` cents, halves up."""
    return round_half_up(Fraction(cents) / step) * step


def anonymous(
    rank: int,
    ages: Iterable[int | None],
    kind: HouseholdType,
    outcome: Mapping[str, Any],
    reason: ReferralReason | None = None,
    *,
    urgent: bool = False,
    whole: bool = True,
) -> AnonymousSituation:
    """Return what the committee sees of an answer kept as `outcome_to_json` told it; its sentences are never copied.

    They hold exact sums, communes and the règlement's own words: only codes and rounded figures are taken. With `whole` false
    the answer is known by its code alone, for an account that may not read sums.
    """
    counted = Counter(band_of(age) for age in ages)
    right = outcome["right"] or {}
    length = right.get("duration")
    return AnonymousSituation(
        rank, kind, tuple((band, counted[band]) for band in AgeBand if counted[band]), _territory(outcome) if whole else None,
        OutcomeKind(outcome["outcome"]), reason, urgent, outcome["band"], right.get("share_permille"),
        bool(right.get("price")), (length["count"], DurationUnit(length["unit"])) if length else None,
        tuple(_steps(outcome)), len(outcome["missing"]), whole, reason_kept(outcome),
        decided_from_json(right.get("ceilings_decided", ())),
    )  # fmt: skip


def _territory(outcome: Mapping[str, Any]) -> Territory:
    if not any(step["code"] == "residence" for step in outcome["steps"]):
        return Territory.UNASKED
    return Territory.OUT if outcome["outcome"] == OutcomeKind.NOT_COVERED.value else Territory.IN


def _steps(outcome: Mapping[str, Any]) -> Iterable[tuple[str, int | None]]:
    told = set()
    for step in outcome["steps"]:
        code, exact = step["code"], step["exact"]
        if code in _STEPS and exact is not None:
            cents = Fraction(exact)
            by_day = code == "indicator" and abs(cents) < FIGURE_BY_DAY_BELOW
            yield code, rounded(cents, FIGURE_STEP if by_day else SUM_STEP)
        elif code in _CHECKS and code not in told:
            told.add(code)
            yield code, None


def sheet_rows(found: AnonymousSituation) -> tuple[tuple[str, str], ...]:
    """Return the sheet of a situation, as (what, how) pairs in the language in use: the screen and the paper share it."""
    ages = ", ".join(gettext(AGES[band]).format(count=count) for band, count in found.ages)
    rows = [
        (N_("Foyer"), label(found.kind)),
        (N_("Personnes"), f"{found.persons} ({ages})"),
        (N_("Territoire"), gettext(_TERRITORY[found.territory]) if found.territory else ""),
        (N_("Orientation"), label(found.reason) if found.reason else gettext(N_("Sans orientation"))),
        (N_("Urgence"), gettext(N_("Situation urgente")) if found.urgent else ""),
        (N_("Avis du règlement"), gettext(LABELS[found.advice])),
        (N_("Tranche"), found.band.upper() if found.band else ""),
        (N_("Participation"), _share(found) if found.whole else ""),
        (N_("Durée"), _length(found) if found.whole else ""),
        (
            N_("Sans réponse"),
            ngettext("{n} ligne", "{n} lignes", found.missing).format(n=found.missing) if found.missing else "",
        ),
    ]
    return tuple((gettext(what), how) for what, how in rows if how)


def step_sentences(found: AnonymousSituation) -> tuple[str, ...]:
    """Return the sum in sentences, rounded, in the language in use."""
    return tuple(
        gettext(_CHECKS[code]) if cents is None else gettext(_STEPS[code]).format(amount=_euros(cents))
        for code, cents in found.steps
    )


def _euros(cents: int) -> str:
    return f"{shown.number(cents // 100) if cents >= 0 else shown.number(-(-cents // 100))}{NBSP}€"


def _share(found: AnonymousSituation) -> str:
    if found.priced:
        return gettext(N_("Prix fixés par le règlement"))
    return gettext(N_("À fixer")) if found.share_permille is None else shown.percent(found.share_permille)


def _length(found: AnonymousSituation) -> str:
    if found.length is None:
        return gettext(N_("À fixer"))
    count, unit = found.length
    return gettext(_LENGTHS[unit]).format(count=count)
