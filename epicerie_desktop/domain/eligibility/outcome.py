"""The answer of an evaluation: outcome, figures, the sum step by step in sentences, and the right that would open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from epicerie_desktop.domain import labels
from epicerie_desktop.domain.access import Ceiling, CeilingMeasure
from epicerie_desktop.domain.eligibility.extras import DecidedAmount, Extras, extras_to_json
from epicerie_desktop.domain.eligibility.rules import Duration, DurationUnit, OutcomeKind
from epicerie_desktop.domain.eligibility.terms import ExceptionRow
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_, NBSP, NN_, NNBSP, gettext, language, ngettext

_SHOWN_DECIMALS = 4
_MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in cents, shown in euros."""

    cents: Fraction


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number without unit, shown with as few decimals as it has."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Phrase:
    """A few words marked for translation, inside a sentence."""

    template: str


@dataclass(frozen=True, slots=True)
class Percent:
    """An exact percentage in hundredths of a percent."""

    hundredths: Fraction


@dataclass(frozen=True, slots=True)
class Told:
    """A few words marked for translation with fields of their own, inside a sentence."""

    template: str
    fields: tuple[tuple[str, Field], ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """Several pieces of a sentence, all of them or `either` one."""

    pieces: tuple[Field, ...]
    either: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """So many things: the words for one and for several, marked together with NN_, and the exact number."""

    words: tuple[str, str]
    n: Fraction | int

    def sentence(self) -> str:
        """Return the number and its words; French counts by the plural from two, English from all but one."""
        whole = self.n == int(self.n) or language() == "fr"
        return ngettext(*self.words, int(self.n) if whole else 2).format(n=_decimals(Fraction(self.n), 0))


Field = Money | Percent | Number | Phrase | Told | Listed | Counted | date | int | str


def _decimals(value: Fraction, least: int) -> str:
    """Return an exact number; one without end is cut after four decimals and followed by « … », never rounded.

    Cutting keeps what is shown on the right side of a threshold, where rounding would show the threshold itself.
    """
    scaled = abs(value) * 10**_MOST_DECIMALS
    ended = scaled.denominator == 1
    kept = _MOST_DECIMALS if ended else _SHOWN_DECIMALS
    whole, rest = divmod(int(abs(value) * 10**kept), 10**kept)
    digits = f"{rest:0{kept}d}"
    digits = digits.rstrip("0").ljust(least, "0") if ended else digits + "…"
    french = language() == "fr"
    grouped = f"{whole:,}".replace(",", NNBSP if french else ",")
    point = ("," if french else ".") if digits else ""
    return f"{'−' if value < 0 else ''}{grouped}{point}{digits}"


def _euros(cents: Fraction) -> str:
    """Return an amount in euros and cents; a part of a cent is cut off, and said.

    Cut and said rather than rounded: beside a threshold, a rounded figure would show the threshold itself.
    """
    cut = Fraction(int(cents))
    amount = f"{'−' if cents < 0 == cut else ''}{_decimals(cut / 100, 2)}{NBSP}€"
    if cut == cents:
        return amount
    return gettext(N_("un peu moins de {amount}") if cents < 0 else N_("un peu plus de {amount}")).format(amount=amount)


def shown(field: Field) -> str:
    """Return a field as people read it, in the language in use."""
    match field:
        case Money(cents):
            return _euros(cents)
        case Number(value):
            return _decimals(value, 0)
        case Percent(hundredths):
            return gettext(N_("{percent} %")).format(percent=_decimals(hundredths / 100, 0))
        case Phrase(template):
            return gettext(template)
        case Told(template, fields):
            return gettext(template).format(**{name: shown(inner) for name, inner in fields})
        case Listed(pieces, either):
            return (gettext(N_(" ou ")) if either else ", ").join(shown(piece) for piece in pieces)
        case Counted():
            return field.sentence()
        case date():
            return f"{field:%d/%m/%Y}"
        case _:
            return str(field)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the sum: a French template marked for translation, its fields, and the figure it arrives at.

    `value` is exact, in cents for an amount, and None where the step tells something else.
    """

    code: str
    template: str
    fields: tuple[tuple[str, Field], ...] = ()
    value: Fraction | None = None

    def sentence(self) -> str:
        """Return the sentence to show or print, in the language in use."""
        told = gettext(self.template).format(**{name: shown(field) for name, field in self.fields})
        return told[:1].upper() + told[1:]


@dataclass(frozen=True, slots=True)
class Missing:
    """A line nobody answered and without which there is no verdict: `kind` tells where, `label` is shown."""

    kind: str
    code: str
    label: Field

    def sentence(self) -> str:
        """Return what to ask, as shown to the worker."""
        return shown(self.label)


@dataclass(frozen=True, slots=True)
class OpenedRight:
    """The right that would open; None where the rule leaves the figure to those who decide.

    `latest` is the last day a cap over the year or over all rights allows, for a right that starts on the day evaluated.
    """

    duration: Duration | None
    share_permille: int | None
    ceilings: tuple[Ceiling, ...]
    latest: date | None = None
    extras: Extras = field(default_factory=Extras)

    def until(self, start: date) -> date | None:
        """Return the last day of a right from `start`, None where it is left to those who decide."""
        if self.duration is None:
            return None
        end = self.duration.end(start)
        return min(end, self.latest) if self.latest else end


@dataclass(frozen=True, slots=True)
class Outcome:
    """The advice given, never the decision. `advice` is where to send the household.

    `indicators` are exact, in cents; those that are `ratios`, in hundredths of a percent.
    """

    kind: OutcomeKind
    on: date
    indicators: Mapping[str, Fraction]
    steps: tuple[Step, ...]
    right: OpenedRight | None = None
    missing: tuple[Missing, ...] = ()
    advice: tuple[str, ...] = ()
    band: str | None = None
    exceptions: tuple[ExceptionRow, ...] = ()
    ratios: frozenset[str] = frozenset()

    def figure(self, indicator: str) -> Money | Percent:
        """Return an indicator as people read it: an amount, or a percentage."""
        value = self.indicators[indicator]
        return Percent(value) if indicator in self.ratios else Money(value)

    def cents(self, indicator: str) -> int:
        """Return an indicator rounded to the cent, halves up, for a column of figures; never to be compared."""
        return round_half_up(self.indicators[indicator])


LABELS: Mapping[OutcomeKind, str] = MappingProxyType(
    {
        OutcomeKind.ELIGIBLE: N_("Remplit les conditions"),
        OutcomeKind.COMMITTEE: N_("À présenter à la commission"),
        OutcomeKind.TOO_HIGH: N_("Au-dessus du seuil"),
        OutcomeKind.TOO_LOW: N_("En dessous du seuil"),
        OutcomeKind.NOT_COVERED: N_("Hors du territoire"),
        OutcomeKind.WAITING_LIST: N_("Sur liste d'attente"),
        OutcomeKind.WAITING_PERIOD: N_("Délai de carence en cours"),
        OutcomeKind.CUMULATION: N_("Aide non cumulable"),
        OutcomeKind.INCOMPLETE: N_("Dossier incomplet"),
    }
)
"""What each outcome is called on screen and paper."""

LENGTHS: Mapping[DurationUnit, tuple[str, str]] = MappingProxyType(
    {
        DurationUnit.DAYS: NN_("{n} jour", "{n} jours"),
        DurationUnit.WEEKS: NN_("{n} semaine", "{n} semaines"),
        DurationUnit.MONTHS: NN_("{n} mois", "{n} mois"),
    }
)
"""The words of a length of time."""
_WHOLE_YEAR = Duration(DurationUnit.MONTHS, 12)
"""The length of a right of which the rule says only the day of the year it ends."""
_MEASURES: dict[StrEnum, str] = {
    CeilingMeasure.PAID: N_("montant payé"),
    CeilingMeasure.SHELF_VALUE: N_("valeur en rayon"),
    CeilingMeasure.GRAMS: N_("poids"),
}


def _length_step(right: OpenedRight, start: date) -> Step:
    """Return the sentence of the length of a right from `start`: the day it ends where that is before its whole length."""
    until, latest = right.until(start), right.latest
    if right.duration is None and latest is None:
        return Step("duration", N_("Durée du droit : fixée par la décision."))
    if right.duration is None:
        return Step("duration", N_("Durée du droit : fixée par la décision, jusqu'au {until} au plus tard."),
                    (("until", latest or start),))  # fmt: skip
    length = ("length", Counted(LENGTHS[right.duration.unit], right.duration.count))
    if until is None or until >= right.duration.end(start):
        return Step("duration", N_("Durée du droit : {length}."), (length,))
    if right.extras.terms.ends_on and right.duration == _WHOLE_YEAR:
        return Step("duration", N_("Durée du droit : jusqu'au {until}."), (("until", until),))
    return Step("duration", N_("Durée du droit : {length}, sans dépasser le {until}."), (length, ("until", until)))


def _share_left(between: tuple[int | None, int | None]) -> Step:
    """Return the sentence of a share left to whoever decides, with its bounds."""
    least, most = (None if p is None else Number(Fraction(p, 10)) for p in between)
    if least is not None and most is not None:
        told = N_("Participation : fixée par la décision, de {least} % à {most} % de la valeur en rayon.")
        return Step("share", told, (("least", least), ("most", most)))
    if least is not None:
        return Step("share", N_("Participation : fixée par la décision, {least} % ou plus."), (("least", least),))
    if most is not None:
        return Step("share", N_("Participation : fixée par la décision, {most} % au plus."), (("most", most),))
    return Step("share", N_("Participation : fixée par la décision."))


def ceiling_left(left: DecidedAmount) -> Step:
    """Return the sentence of a ceiling left to whoever decides, with its bounds."""
    named: tuple[tuple[str, Field], ...] = (
        ("measure", Phrase(_MEASURES[left.measure])), ("period", Phrase(labels.named(left.period))),
    )  # fmt: skip
    least, most = (None if a is None else _amount(left.measure, a) for a in (left.least, left.most))
    if least is not None and most is not None:
        told = N_("Plafond ({measure}) : fixé par la décision, de {least} à {most} {period}.")
        return Step("ceiling", told, (*named, ("least", least), ("most", most)))
    if least is not None:
        told = N_("Plafond ({measure}) : fixé par la décision, {least} ou plus {period}.")
        return Step("ceiling", told, (*named, ("least", least)))
    if most is not None:
        told = N_("Plafond ({measure}) : fixé par la décision, {most} au plus {period}.")
        return Step("ceiling", told, (*named, ("most", most)))
    return Step("ceiling", N_("Plafond ({measure}) : fixé par la décision, {period}."), named)


def _amount(measure: CeilingMeasure, amount: int) -> Field:
    if measure is CeilingMeasure.GRAMS:
        return Told(N_("{kilos} kg"), (("kilos", Number(Fraction(amount, 1000))),))
    return Money(Fraction(amount))


def right_steps(right: OpenedRight, start: date) -> tuple[Step, ...]:
    """Return the sentences that tell a right that would open on `start`: share paid, length, ceilings."""
    steps: list[Step] = []
    if right.extras.price is None and right.share_permille is None:
        steps.append(_share_left(right.extras.share_between))
    elif right.extras.price is None and right.share_permille is not None:
        rate = Fraction(right.share_permille, 10)
        steps.append(
            Step("share", N_("Participation : {percent} % de la valeur en rayon."), (("percent", Number(rate)),))
        )
    steps.append(_length_step(right, start))
    steps.extend(ceiling_left(d) for d in right.extras.decided)
    if not right.ceilings and not right.extras.quotas and not right.extras.decided:
        steps.append(Step("ceiling", N_("Plafond : la règle n'en fixe pas pour ce foyer.")))
    for c in right.ceilings:
        words = (("measure", Phrase(_MEASURES[c.measure])), ("period", Phrase(labels.named(c.period))))
        if c.measure is CeilingMeasure.GRAMS:
            kilos = Number(Fraction(c.amount, 1000))
            steps.append(Step("ceiling", N_("Plafond ({measure}) : {kilos} kg {period}."), (("kilos", kilos), *words)))
        else:
            exact = Fraction(c.amount)
            steps.append(
                Step(
                    "ceiling", N_("Plafond ({measure}) : {amount} {period}."), (("amount", Money(exact)), *words), exact
                )
            )
    return tuple(steps)


def right_dates(right: OpenedRight, start: date) -> tuple[date, date]:
    """Return the first and the last day of the right, both included; see `Duration.end` for months.

    Raises `RuleRefused` where the rule leaves the length to those who decide.
    """
    until = right.until(start)
    if until is None:
        raise RuleRefused(N_("Ce règlement laisse la durée à la décision : indiquez jusqu'à quand."))
    return start, max(start, until)


def _exact(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def _percent(permille: int | None) -> int | float | None:
    if permille is None:
        return None
    return permille // 10 if permille % 10 == 0 else permille / 10


def _right_to_json(right: OpenedRight, start: date) -> dict[str, Any]:
    length = right.duration
    until = right.until(start)
    return {
        "duration": {"count": length.count, "unit": length.unit.value} if length else None,
        "from": start.isoformat(),
        "until": until.isoformat() if until else None,
        "share": _percent(right.share_permille),
        "share_permille": right.share_permille,
        "ceilings": [
            {"measure": c.measure.value, "period": c.period.value, "amount": c.amount,
             "unit": "grams" if c.measure is CeilingMeasure.GRAMS else "cents"}
            for c in right.ceilings
        ],
        "latest": right.latest.isoformat() if right.latest else None,
        **extras_to_json(right.extras, start, until),
    }  # fmt: skip


UNMET = N_("Condition non remplie : {label}.")
"""The step of a condition that is not met: a refusal is then for that reason."""


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as plain values, keys in English (docs/ruleset.md); sentences in the language in use."""
    return {
        "outcome": outcome.kind.value,
        "on": outcome.on.isoformat(),
        "band": outcome.band,
        "indicators": {code: outcome.cents(code) for code in outcome.indicators if code not in outcome.ratios},
        "indicators_exact": {c: _exact(v) for c, v in outcome.indicators.items() if c not in outcome.ratios},
        "ratios": {code: outcome.cents(code) for code in outcome.indicators if code in outcome.ratios},
        "ratios_exact": {c: _exact(v) for c, v in outcome.indicators.items() if c in outcome.ratios},
        "steps": [
            {"code": s.code, "sentence": s.sentence(),
             "value": None if s.value is None else round_half_up(s.value),
             "exact": None if s.value is None else _exact(s.value)}
            | ({"unmet": True} if s.template == UNMET else {})
            for s in outcome.steps
        ],
        "right": _right_to_json(outcome.right, outcome.on) if outcome.right else None,
        "missing": [{"kind": m.kind, "code": m.code, "label": m.sentence()} for m in outcome.missing],
        "advice": list(outcome.advice),
        "exceptions": [{"by": e.by, "label": e.label} for e in outcome.exceptions],
    }  # fmt: skip
