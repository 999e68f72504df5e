"""Reads a ruleset from its TOML document and checks that it holds together. The format is told in docs/ruleset.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from epicerie_desktop.domain.eligibility.document import Section, read_toml
from epicerie_desktop.domain.eligibility.rules import (
    NO_INDICATOR,
    Aid,
    Band,
    Bounds,
    Combine,
    ConsumptionUnits,
    Deliberation,
    HouseholdRule,
    Indicator,
    IndicatorKind,
    Limit,
    LineType,
    OutcomeKind,
    PartsRow,
    Per,
    Ruleset,
    RulesetInvalid,
    ShareRow,
    When,
)  # fmt: skip
from epicerie_desktop.domain.eligibility.ruleset_lines import (
    read_cap,
    read_household,
    read_indicator,
    read_line,
    read_units,
)
from epicerie_desktop.domain.eligibility.ruleset_right import (
    Lengths,
    read_capacity,
    read_ceilings,
    read_length,
    read_share,
)
from epicerie_desktop.domain.eligibility.ruleset_rows import (
    as_parts,
    read_duration,
    read_limit,
    read_scale,
    read_when,
)
from epicerie_desktop.domain.eligibility.ruleset_terms import (
    read_absences,
    read_condition,
    read_exception,
    read_fee,
    read_guards,
    read_instead,
    read_obligation,
    read_outside,
    read_phases,
    read_points,
    read_referral,
    read_renewal,
    read_territory,
    read_visits,
)
from epicerie_desktop.domain.eligibility.scales import read_scales
from epicerie_desktop.domain.eligibility.terms import (
    Condition,
    DecidedCeiling,
    Fee,
    Guards,
    LimitRow,
    Obligation,
    OutsideRow,
    Phase,
    Renewal,
    Terms,
    Territory,
    WaitingOrder,
)
from epicerie_desktop.support.i18n import N_

__all__ = ["Ruleset", "RulesetInvalid", "parse_ruleset"]

FORMAT = 1
"""The version of the format written in docs/ruleset.md; a new key does not change it, a new meaning does."""

_OUTSIDE = frozenset({OutcomeKind.COMMITTEE, OutcomeKind.TOO_HIGH, OutcomeKind.TOO_LOW, OutcomeKind.WAITING_LIST})
_ALWAYS = frozenset({OutcomeKind.ELIGIBLE, OutcomeKind.COMMITTEE, OutcomeKind.WAITING_LIST, OutcomeKind.NOT_COVERED})

_Coded = TypeVar("_Coded", Indicator, LineType, Aid, Band, Condition, Fee, Obligation, OutsideRow)
_Row = TypeVar("_Row", ShareRow, PartsRow, Bounds)


def parse_ruleset(text: str) -> Ruleset:
    """Return the ruleset written in a TOML text.

    Raises `RulesetInvalid` with the place: unreadable, unknown key, wrong type or date, missing threshold, inverted bounds.
    """
    document = read_toml(text, RulesetInvalid)
    top = Section(document, "", RulesetInvalid)
    written = top.whole("format", least=1)
    if written > FORMAT:
        raise top.wrong("format", N_("{place} : ce règlement est écrit pour un programme plus récent (format {value})."),
                        value=written)  # fmt: skip
    indicators = _distinct(top, "indicators", (read_indicator(s) for s in top.sections("indicators")))
    codes = tuple(i.code for i in indicators) or (NO_INDICATOR,)
    if not indicators and top.has("bands"):
        raise top.wrong("indicators", N_("{place} : des tranches demandent un calcul, dans un tableau [[indicators]]."))
    bands = _bands(top, codes)
    band_codes = frozenset(b.code for b in bands)
    communes, territory = (
        read_territory(top.section("residence")) if top.has("residence") else (frozenset(), Territory())
    )
    most_households, most_persons, order = (
        read_capacity(top.section("capacity")) if top.has("capacity") else (None, None, ())
    )
    phases = read_phases(top)
    ceilings, limits, decided = read_ceilings(top, band_codes, tuple(p.code for p in phases))
    length, visits, between, ends_on = read_length(top.section("duration"))
    terms = _terms(top, limits=limits, phases=phases, territory=territory, most_persons=most_persons,
                   waiting_order=order, visits_in_right=visits, decided_between=between, ends_on=ends_on, bands=band_codes, decided=decided)  # fmt: skip
    ruleset = Ruleset(
        name=top.text("name", most=120),
        version=top.text("version", most=40),
        valid_from=top.day("valid_from"),
        source=top.text("source"),
        reading=top.text("reading", most=2000) if top.has("reading") else None,
        example=top.yes("example"),
        deliberation=_deliberation(top.section("deliberation")) if top.has("deliberation") else None,
        resources=_distinct(top, "resources", (read_line(s) for s in top.sections("resources"))),
        charges=_distinct(top, "charges", (read_line(s) for s in top.sections("charges"))),
        indicators=indicators,
        consumption_units=read_units(top.section("consumption_units"))
        if top.has("consumption_units")
        else ConsumptionUnits(),
        parts=_reached(top, "parts", enumerate((_parts(s) for s in top.sections("parts")), 1)),
        bounds=_all_bounds(top, codes),
        bands=bands,
        shares=_shares(top, band_codes, tuple(p.code for p in phases)),
        ceilings=ceilings,
        duration=length,
        communes=communes,
        not_with=_distinct(top, "not_with", (_aid(s) for s in top.sections("not_with"))),
        most_households=most_households,
        waiting=read_duration(top.section("waiting_period")) if top.has("waiting_period") else None,
        combine=top.choice("combine", Combine, Combine.ALL),
        terms=terms,
        scales=read_scales(top.sections("scales")),
        caps=tuple(read_cap(s) for s in top.sections("caps")),
        household=read_household(top.section("household")) if top.has("household") else HouseholdRule(),
    )
    top.done()
    _check_whole(top, ruleset)
    _check_answers(top, document, ruleset)
    return ruleset


def _terms(
    top: Section,
    *,
    limits: tuple[LimitRow, ...],
    phases: tuple[Phase, ...],
    territory: Territory,
    most_persons: int | None,
    waiting_order: tuple[WaitingOrder, ...],
    visits_in_right: int | None,
    decided_between: Lengths,
    ends_on: tuple[int, int] | None,
    bands: frozenset[str],
    decided: tuple[DecidedCeiling, ...],
) -> Terms:
    return Terms(
        limits=limits,
        outside=_distinct(top, "outside", (read_outside(s, bands) for s in top.sections("outside"))),
        phases=phases,
        fees=_distinct(top, "fees", (read_fee(s, bands) for s in top.sections("fees"))),
        guards=read_guards(top.section("guards")) if top.has("guards") else Guards(),
        exceptions=tuple(read_exception(s) for s in top.sections("exceptions")),
        conditions=_distinct(top, "conditions", (read_condition(s) for s in top.sections("conditions"))),
        referral=read_referral(top.section("referral")) if top.has("referral") else None,
        territory=territory,
        renewal=read_renewal(top.section("renewal")) if top.has("renewal") else Renewal(),
        visits_in_right=visits_in_right,
        decided_between=decided_between,
        visits=read_visits(top.section("visits")) if top.has("visits") else None,
        absences=read_absences(top.section("absences")) if top.has("absences") else None,
        obligations=_distinct(top, "obligations", (read_obligation(s, bands) for s in top.sections("obligations"))),
        waiting_order=waiting_order,
        most_persons=most_persons,
        instead=tuple(read_instead(s, bands) for s in top.sections("instead")),
        points=tuple(read_points(s) for s in top.sections("points")),
        ends_on=ends_on,
        decided_ceilings=decided,
    )


def _check_whole(top: Section, rule: Ruleset) -> None:
    if any(i.kind is not IndicatorKind.DECLARED for i in rule.indicators) and not any(
        t.counted for t in rule.resources
    ):
        raise top.wrong("resources", N_("{place} : aucune ressource n'est comptée, le calcul n'aurait pas de sens."))
    if any(i.per is Per.PART for i in rule.indicators) and not rule.parts:
        raise top.wrong("parts", N_("{place} : un calcul se fait par part, mais le tableau des parts manque."))
    for number, row in enumerate(rule.indicators, 1):
        for key, codes, types in (("resources", row.resources, rule.resources), ("charges", row.charges, rule.charges)):
            known = tuple(t.code for t in types)
            for code in codes or ():
                if code not in known:
                    raise top.wrong(f"indicators[{number}].{key}",
                                    N_("{place} : la ligne « {value} » n'existe pas. Choix : {known}."),
                                    value=code[:60], known=", ".join(known))  # fmt: skip
    _check_ratios(top, rule)
    _check_caps(top, rule)


def _check_ratios(top: Section, rule: Ruleset) -> None:
    """Raise where a percentage would be compared with a part of a social scale, which is an amount."""
    ratios = {i.code for i in rule.indicators if i.ratio}
    rows: list[tuple[str, str, tuple[Limit | None, ...]]] = [
        (f"bounds[{n}]", b.indicator, (b.lower, b.upper)) for n, b in enumerate(rule.bounds, 1)
    ]
    rows += [(f"bands[{n}]", b.indicator, (b.upper,)) for n, b in enumerate(rule.bands, 1)]
    for place, code, limits in rows:
        if code in ratios and any(limit and limit.share for limit in limits):
            raise top.wrong(place, N_("{place} : un taux d'effort se compare à un pourcentage, pas à un barème."))


def _check_caps(top: Section, rule: Ruleset) -> None:
    """Raise where a cap names a line that does not exist, or one that another cap already takes."""
    taken: set[tuple[bool, str]] = set()
    for number, cap in enumerate(rule.caps, 1):
        key, types = ("resources", rule.resources) if cap.resource else ("charges", rule.charges)
        known = tuple(t.code for t in types if t.counted)
        for code in cap.codes:
            if code not in known:
                raise top.wrong(f"caps[{number}].{key}", N_("{place} : la ligne « {value} » n'existe pas. Choix : {known}."),
                                value=code[:60], known=", ".join(known))  # fmt: skip
            if (cap.resource, code) in taken:
                raise top.wrong(f"caps[{number}].{key}", N_("{place} : la ligne « {value} » est déjà dans un autre plafond."),
                                value=code)  # fmt: skip
            taken.add((cap.resource, code))


def _check_answers(top: Section, document: dict[str, Any], rule: Ruleset) -> None:
    """Raise where a row is for the answer to a question nobody asks; looked for in the document, where rows have their place."""
    asked = {c.code for c in rule.terms.conditions}
    for key, rows in document.items():
        for number, row in enumerate(rows if isinstance(rows, list) else (), 1):
            when = row.get("when", {})
            cases = [(f"{key}[{number}].when", when)]
            cases += [(f"{key}[{number}].when.any[{n}]", case) for n, case in enumerate(when.get("any", ()), 1)]
            for place, case in cases:
                for answer, code in ((a, c) for a in ("yes", "no") for c in case.get(a, ())):
                    if code not in asked:
                        raise top.wrong(f"{place}.{answer}",
                                        N_("{place} : la question « {value} » n'est pas posée. Choix : {known}."),
                                        value=code[:60], known=", ".join(sorted(asked)) or "–")  # fmt: skip


def _distinct(top: Section, key: str, rows: Iterable[_Coded]) -> tuple[_Coded, ...]:
    """Return the rows. Raises if a code stands twice: the second would never be read."""
    found: dict[str, _Coded] = {}
    for i, row in enumerate(rows, 1):
        if row.code in found:
            raise top.wrong(f"{key}[{i}].code", N_("{place} : le code « {value} » est déjà pris."), value=row.code)
        found[row.code] = row
    return tuple(found.values())


def _reached(top: Section, key: str, rows: Iterable[tuple[int, _Row]]) -> tuple[_Row, ...]:
    """Return numbered rows of which the first that holds is used.

    Raises if a row is never reached, or if a household could be left without one.
    """
    found = tuple(rows)
    seen: list[When] = []
    for number, row in found:
        if When() in seen:
            raise top.wrong(
                f"{key}[{number}]", N_("{place} : une ligne sans condition « when », plus haut, cache celle-ci.")
            )
        if row.when in seen:
            raise top.wrong(f"{key}[{number}].when", N_("{place} : la même condition est déjà écrite plus haut."))
        seen.append(row.when)
    if seen and not seen[-1].always:
        raise top.wrong(f"{key}[{found[-1][0]}]",
                        N_("{place} : la dernière ligne doit valoir pour tous les autres foyers, sans « when »."))  # fmt: skip
    return tuple(row for _number, row in found)


def _deliberation(at: Section) -> Deliberation:
    number = at.text("number", most=60) if at.has("number") else None
    on = at.day("date") if at.has("date") else None
    at.done()
    return Deliberation(number, on)


def _which(at: Section, codes: tuple[str, ...]) -> str:
    if not at.has("indicator") and len(codes) == 1:
        return codes[0]
    if codes == (NO_INDICATOR,):
        raise at.wrong("indicator", N_("{place} : ce règlement n'a pas de calcul ; enlevez cette clé."))
    code = at.text("indicator")
    if code not in codes:
        raise at.wrong("indicator", N_("{place} : le calcul « {value} » n'existe pas. Choix : {known}."),
                       value=code, known=", ".join(codes))  # fmt: skip
    return code


def _among(at: Section, key: str, allowed: frozenset[OutcomeKind], default: OutcomeKind | None) -> OutcomeKind:
    outcome = at.choice(key, OutcomeKind, default)
    if outcome not in allowed:
        raise at.wrong(key, N_("{place} : « {value} » n'est pas possible. Choix : {known}."),
                       value=outcome, known=", ".join(o for o in OutcomeKind if o in allowed))  # fmt: skip
    return outcome


def _check_order(at: Section, lower: Limit, upper: Limit) -> None:
    """Raise where no household of an ordinary size could be between the two thresholds."""
    for adults in range(1, 5):
        for children in range(9):
            low, high = lower.value(adults, children), upper.value(adults, children)
            if low > high or (low == high and not (lower.inclusive and upper.inclusive)):
                raise at.wrong("", N_("{place} : les seuils sont inversés, aucun foyer ne peut être entre {low} et {high} €."),
                               low=f"{float(low) / 100:g}", high=f"{float(high) / 100:g}")  # fmt: skip


def _one_bounds(at: Section, codes: tuple[str, ...]) -> Bounds:
    code, when = _which(at, codes), read_when(at)
    if at.has("always"):
        row = Bounds(code, when, always=_among(at, "always", _ALWAYS, None))
        at.done()
        return row
    lower, upper = read_limit(at, "above", "at_least"), read_limit(at, "below", "at_most")
    if lower is None and upper is None:
        raise at.wrong("", N_("{place} : il manque un seuil (below, at_most, above ou at_least), ou « always »."))
    if code == NO_INDICATOR:
        raise at.wrong("", N_("{place} : un seuil demande un calcul, dans un tableau [[indicators]]."))
    if lower and upper and not (lower.share or upper.share):
        _check_order(at, lower, upper)
    for key, limit in (("under", lower), ("over", upper)):
        if limit is None and (at.has(key) or at.has(f"{key}_note")):
            raise at.wrong(key, N_("{place} : cette clé ne sert à rien sans le seuil de ce côté."))
    row = Bounds(
        code, when, lower, upper,
        under=_among(at, "under", _OUTSIDE, OutcomeKind.TOO_LOW),
        over=_among(at, "over", _OUTSIDE, OutcomeKind.TOO_HIGH),
        under_note=at.text("under_note") if at.has("under_note") else None,
        over_note=at.text("over_note") if at.has("over_note") else None,
    )  # fmt: skip
    at.done()
    return row


def _all_bounds(top: Section, codes: tuple[str, ...]) -> tuple[Bounds, ...]:
    rows = tuple(_one_bounds(s, codes) for s in top.sections("bounds"))
    if not rows:
        raise top.wrong(
            "bounds",
            N_("{place} : il manque un seuil, ou une réponse sans chiffre (always), dans un tableau [[bounds]]."),
        )
    for code in codes:
        _reached(top, "bounds", ((i, r) for i, r in enumerate(rows, 1) if r.indicator == code))
    return rows


def _rises(before: Limit, upper: Limit) -> bool:
    """Return whether a band ends above the one before for every household of an ordinary size."""
    if before.share or upper.share:
        known = before.share and upper.share and before.share.of == upper.share.of
        return not known or before.share.permille < upper.share.permille  # type: ignore[union-attr]
    return all(
        (before.value(a, c), before.inclusive) < (upper.value(a, c), upper.inclusive)
        for a in range(1, 5)
        for c in range(9)
    )


def _bands(top: Section, codes: tuple[str, ...]) -> tuple[Band, ...]:
    found: list[Band] = []
    sections = tuple(top.sections("bands"))
    for at in sections:
        upper = read_limit(at, "below", "at_most")
        band = Band(at.code("code"), at.label("label"), _which(at, codes), upper)
        before = found[-1] if found else None
        if before and before.indicator != band.indicator:
            raise at.wrong("indicator", N_("{place} : toutes les tranches portent sur le même calcul."))
        if (upper is None) != (at is sections[-1]):
            raise at.wrong("", N_("{place} : chaque tranche a un seuil (below ou at_most), sauf la dernière."))
        if before and before.upper and upper and not _rises(before.upper, upper):
            raise at.wrong("", N_("{place} : les tranches doivent monter, celle-ci finit sous la précédente."))
        at.done()
        found.append(band)
    return _distinct(top, "bands", found)


def _shares(top: Section, bands: frozenset[str], phases: tuple[str, ...]) -> tuple[ShareRow, ...]:
    if not top.has("share"):
        raise top.wrong("share", N_("{place} : il manque la participation, dans un tableau [[share]]."))
    rows = tuple(enumerate((read_share(s, bands, phases) for s in top.sections("share")), 1))
    for i, (number, row) in enumerate(rows):
        if row.narrow and any((r.when, r.goods, r.phases) == (row.when, row.goods, row.phases) for _n, r in rows[:i]):
            raise top.wrong(f"share[{number}]", N_("{place} : la même condition est déjà écrite plus haut."))
    usual = [(n, r) for n, r in rows if not r.narrow]
    if not usual:
        raise top.wrong(
            "share", N_("{place} : il manque la participation des autres articles, sur une ligne sans condition.")
        )
    _reached(top, "share", usual)
    return tuple(r for _n, r in rows)


def _parts(at: Section) -> PartsRow:
    when = read_when(at)
    row = PartsRow(when, read_scale(at, as_parts))
    at.done()
    return row


def _aid(at: Section) -> Aid:
    aid = Aid(at.code("code"), at.label("label"))
    at.done()
    return aid
