"""Reads what a ruleset works with: lines of resources and charges, caps, indicators, how heads and units are counted."""

from __future__ import annotations

from fractions import Fraction

from epicerie_desktop.domain.eligibility.document import Section
from epicerie_desktop.domain.eligibility.rules import (
    AwayCounts,
    CapRow,
    ConsumptionUnits,
    HouseholdRule,
    Indicator,
    IndicatorKind,
    LineType,
    OutcomeKind,
    Per,
    Rounding,
    SharedCounts,
    Span,
)
from epicerie_desktop.domain.eligibility.ruleset_rows import as_cents, read_amount, read_scale
from epicerie_desktop.domain.eligibility.ruleset_terms import read_permille
from epicerie_desktop.support.i18n import N_

_SHARED = {SharedCounts.HALF: Fraction(1, 2), SharedCounts.WHOLE: Fraction(1), SharedCounts.NONE: Fraction(0)}


WITHOUT_RESOURCES = (
    OutcomeKind.COMMITTEE, OutcomeKind.ELIGIBLE, OutcomeKind.WAITING_LIST, OutcomeKind.TOO_HIGH, OutcomeKind.TOO_LOW,
)  # fmt: skip
"""What a ratio may answer where there is nothing to divide by."""


def read_line(at: Section) -> LineType:
    """Return a kind of resource or charge."""
    code = at.code("code")
    if code.endswith("_cents"):
        raise at.wrong("code", N_("{place} : un code ne finit pas par « _cents »."))
    counted = at.yes("counted", True)
    cap = read_amount(at, "cap", as_cents) if at.has("cap") else None
    if cap is not None and not counted:
        raise at.wrong("cap", N_("{place} : un plafond n'a pas de sens pour une ligne qui n'est pas comptée."))
    permille = read_permille(at) if at.has("percent") else 1000
    flat = read_amount(at, "flat", as_cents) if at.has("flat") else None
    usual = at.cents("usual") if at.has("usual") else None
    if usual == 0:
        raise at.wrong("usual", N_("{place} : un montant habituel est plus grand que zéro."))
    if not counted and (permille != 1000 or flat):
        raise at.wrong("counted", N_("{place} : une ligne qui n'est pas comptée n'a ni « percent » ni « flat »."))
    if flat and (cap or permille != 1000):
        raise at.wrong(
            "flat", N_("{place} : un forfait remplace la réponse, il ne se mêle pas à « cap » ou « percent ».")
        )
    row = LineType(code, at.label("label"), counted, cap, at.yes("required"), permille, flat, usual)
    at.done()
    return row


def read_indicator(at: Section) -> Indicator:
    """Return a figure to work out, or read on a certificate."""
    kind = at.choice("kind", IndicatorKind)
    declared, ratio = kind is IndicatorKind.DECLARED, kind is IndicatorKind.CHARGE_RATIO
    if (declared or ratio) and (at.has("per") or at.has("period") or at.has("divisor")):
        undivided = N_("{place} : un chiffre lu sur une attestation ne se divise pas (per, period, divisor).")
        if ratio:
            undivided = N_("{place} : un taux d'effort ne se partage pas (per, period, divisor).")
        raise at.wrong("kind", undivided)
    per = Per.HOUSEHOLD if declared or ratio else at.choice("per", Per)
    span = Span.MONTH if declared or ratio else at.choice("period", Span)
    divisor = Fraction(30)
    if at.has("divisor"):
        divisor = at.number("divisor")
        if span is Span.MONTH:
            raise at.wrong("divisor", N_("{place} : un diviseur n'a de sens que pour un calcul par jour."))
        if not 28 <= divisor <= 31:
            raise at.wrong("divisor", N_("{place} : un mois se divise par 28 à 31 jours, pas par {value}."),
                           value=str(float(divisor)))  # fmt: skip
    rounding = at.choice("rounding", Rounding, Rounding.EXACT)
    if rounding is Rounding.EXACT and at.has("decimals"):
        raise at.wrong(
            "decimals", N_("{place} : un résultat exact n'a pas de nombre de décimales ; dites « rounding ».")
        )
    decimals = at.whole("decimals", 2, most=2)
    if declared and (at.has("resources") or at.has("charges")):
        raise at.wrong("kind", N_("{place} : un chiffre lu sur une attestation ne prend aucune ligne."))
    if kind not in (IndicatorKind.REMAINING_INCOME, IndicatorKind.CHARGE_RATIO) and at.has("charges"):
        raise at.wrong(
            "charges", N_("{place} : seul un reste (remaining_income) ou un taux (charge_ratio) prend des charges.")
        )
    without = OutcomeKind.COMMITTEE
    if at.has("without_resources"):
        if not ratio:
            raise at.wrong(
                "without_resources", N_("{place} : seul un taux d'effort (charge_ratio) peut manquer de ressources.")
            )
        without = at.choice("without_resources", OutcomeKind)
        if without not in WITHOUT_RESOURCES:
            raise at.wrong("without_resources", N_("{place} : « {value} » n'est pas possible. Choix : {known}."),
                           value=without, known=", ".join(WITHOUT_RESOURCES))  # fmt: skip
    resources = at.texts("resources") if at.has("resources") else None
    charges = at.texts("charges", empty=True) if at.has("charges") else None
    row = Indicator(
        at.code("code"), at.label("label"), kind, per, span, divisor, rounding, decimals, resources, charges, without
    )  # fmt: skip
    at.done()
    return row


def read_units(at: Section) -> ConsumptionUnits:
    """Return what each person counts for as a consumption unit."""
    usual = ConsumptionUnits()
    units = ConsumptionUnits(
        at.whole("child_under", usual.child_under, least=1, most=25),
        at.number("adult", places=2) if at.has("adult") else usual.adult,
        at.number("child", places=2) if at.has("child") else usual.child,
    )
    at.done()
    return units


def read_cap(at: Section) -> CapRow:
    """Return a cap on several lines together."""
    given = [k for k in ("resources", "charges") if at.has(k)]
    if len(given) != 1:
        raise at.wrong("charges", N_("{place} : dites les lignes que ce plafond réunit, en resources ou en charges."))
    codes = at.texts(given[0])
    row = CapRow(at.label("label"), given[0] == "resources", codes, read_scale(at, as_cents))
    if len(set(codes)) < 2:
        raise at.wrong(
            given[0], N_("{place} : ce plafond réunit au moins deux lignes ; pour une seule, écrivez son « cap ».")
        )
    at.done()
    return row


def read_household(at: Section) -> HouseholdRule:
    """Return how heads are counted."""
    usual = HouseholdRule()
    rule = HouseholdRule(
        at.whole("child_under", usual.child_under, least=1, most=30),
        _SHARED[at.choice("shared", SharedCounts, SharedCounts.HALF)],
        at.choice("away", AwayCounts, AwayCounts.COUNTED) is AwayCounts.COUNTED,
    )
    at.done()
    return rule
