"""The sum under way: resources, charges and figures of one household, each step told and what is missing noted."""

from __future__ import annotations

from fractions import Fraction

from epicerie_desktop.domain.eligibility.outcome import Field, Missing, Money, Number, Phrase, Step
from epicerie_desktop.domain.eligibility.rules import (
    Indicator,
    IndicatorKind,
    LineType,
    Per,
    Rounding,
    Ruleset,
    RulesetInvalid,
    Span,
    When,
)
from epicerie_desktop.domain.eligibility.situation import Line, Situation
from epicerie_desktop.domain.household import HouseholdType
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.support.i18n import N_


class Worksheet:
    """What was worked out so far for one situation under one rule."""

    def __init__(self, rule: Ruleset, situation: Situation) -> None:
        self.rule = rule
        self.at = situation
        self.steps: list[Step] = []
        self.missing: dict[tuple[str, str], Missing] = {}
        self.advice: list[str] = []
        self.band: str | None = None
        self.persons, self.children = situation.persons, situation.children
        self.adults = self.persons - self.children

    def tell(self, code: str, template: str, value: Fraction | None = None, /, **fields: Field) -> None:
        """Add a step; `template` is marked with N_ by the caller."""
        self.steps.append(Step(code, template, tuple(fields.items()), value))

    def lack(self, kind: str, code: str, label: Field) -> None:
        """Note a line without which there is no verdict, once."""
        self.missing.setdefault((kind, code), Missing(kind, code, label))

    def holds(self, when: When) -> bool:
        """Return whether a row is for this household; what it needs and nobody said is noted as missing."""
        heads = ((when.persons, self.persons), (when.adults, self.adults), (when.children, self.children))
        if any(n < least or (most is not None and n > most) for (least, most), n in heads):
            return False
        if when.bands and self.band not in when.bands:
            return False
        if when.communes:
            if self.at.commune is None:
                self.lack("commune", "commune", Phrase(N_("La commune du foyer")))
                return False
            if self.at.commune not in when.communes:
                return False
        if when.household_types:
            kind = self.at.kind
            if kind is None and when.household_types & _possible(self.adults, self.children):
                self.lack("household_type", "household_type", Phrase(N_("Le type de foyer (couple ou non)")))
            return kind in when.household_types
        return True

    def figures(self) -> dict[str, Fraction]:
        """Return each indicator that can be worked out, in cents, rounded as the rule says."""
        totals: dict[tuple[str, tuple[str, ...] | None], Fraction | None] = {}

        def total(kind: str, codes: tuple[str, ...] | None) -> Fraction | None:
            if (kind, codes) not in totals:
                types = self.rule.resources if kind == "resources" else self.rule.charges
                lines = self.at.resources if kind == "resources" else self.at.charges
                chosen = types if codes is None else tuple(t for t in types if t.code in codes)
                totals[kind, codes] = self._total(kind, chosen, lines)
            return totals[kind, codes]

        figures: dict[str, Fraction] = {}
        for indicator in self.rule.indicators:
            resources = charges = None
            if indicator.kind is not IndicatorKind.DECLARED:
                resources = total("resources", indicator.resources)
            if indicator.kind is IndicatorKind.REMAINING_INCOME:
                charges = total("charges", indicator.charges)
            value = self._figure(indicator, resources, charges)
            if value is not None:
                figures[indicator.code] = value
        return figures

    def _total(self, kind: str, types: tuple[LineType, ...], lines: tuple[Line, ...] | None) -> Fraction | None:
        """Return the cents a month that count, None when a line that counts was not answered."""
        is_resource = kind == "resources"
        if lines is None:
            if any(t.counted for t in types):
                every = N_("Les ressources du foyer") if is_resource else N_("Les charges du foyer")
                self.lack(kind, kind, Phrase(every))
                return None
            lines = ()
        total, complete = Fraction(0), True
        for row in types:
            if row.flat is not None:
                flat = row.flat.value(self.adults, self.children)
                self.tell(
                    "line", N_("{label} : forfait de {amount} par mois."), flat, label=row.label, amount=Money(flat)
                )
                total += flat
                continue
            amounts = [cents for code, cents in lines if code == row.code]
            if not amounts and not (row.required and row.counted):
                continue
            if row.counted and (not amounts or None in amounts):
                self.lack(kind, row.code, row.label)
                complete = False
                continue
            total += self._line(row, Fraction(sum(a or 0 for a in amounts)))
        if not complete:
            return None
        template = N_("Total des ressources comptées : {total} par mois.")
        if not is_resource:
            template = N_("Total des charges comptées : {total} par mois.")
        self.tell(f"{kind}_total", template, total, total=Money(total))
        return total

    def _line(self, row: LineType, amount: Fraction) -> Fraction:
        """Tell a line and return what counts of it."""
        if not row.counted:
            self.tell("line", N_("{label} : non compté."), Fraction(0), label=row.label)
            return Fraction(0)
        if row.permille != 1000:
            part = amount * row.permille / 1000
            self.tell("line", N_("{label} : {amount} par mois, compté à {percent} % : {part}."), part, label=row.label,
                      amount=Money(amount), percent=Number(Fraction(row.permille, 10)), part=Money(part))  # fmt: skip
            amount = part
        cap = row.cap.value(self.adults, self.children) if row.cap else None
        if cap is not None and amount > cap:
            self.tell("line", N_("{label} : {amount} par mois, compté dans la limite de {cap}."), cap,
                      label=row.label, amount=Money(amount), cap=Money(cap))  # fmt: skip
            return cap
        self.tell("line", N_("{label} : {amount} par mois."), amount, label=row.label, amount=Money(amount))
        return amount

    def _figure(self, row: Indicator, resources: Fraction | None, charges: Fraction | None) -> Fraction | None:
        if row.kind is IndicatorKind.DECLARED:
            declared = dict(self.at.declared).get(row.code)
            if declared is None:
                self.lack("declared", row.code, row.label)
                return None
            value = Fraction(declared)
            self.tell(
                "declared", N_("{label} : {value}, lu sur l'attestation."), value, label=row.label, value=Money(value)
            )
            return self._rounded(row, value)
        if resources is None or (row.kind is IndicatorKind.REMAINING_INCOME and charges is None):
            return None
        value = resources
        if row.kind is IndicatorKind.REMAINING_INCOME and charges is not None:
            value = resources - charges
            self.tell("remaining", N_("Reste pour le foyer : {resources} − {charges} = {value} par mois."), value,
                      resources=Money(resources), charges=Money(charges), value=Money(value))  # fmt: skip
        heads = self._heads(row)
        return None if heads is None else self._rounded(row, self._divided(row, value, heads))

    def _divided(self, row: Indicator, value: Fraction, heads: Fraction) -> Fraction:
        result = value / heads
        days = row.divisor if row.span is Span.DAY else None
        fields: dict[str, Field] = {"label": row.label, "value": Money(value), "heads": Number(heads)}
        if days is not None:
            result /= days
            fields["days"] = Number(days)
        fields["result"] = Money(result)
        if row.per is Per.HOUSEHOLD:
            template = N_("{label} : {value} ÷ {days} jours = {result}.") if days else N_("{label} : {result}.")
        elif row.per is Per.PERSON:
            template = (
                N_("{label} : {value} ÷ {heads} personne(s) ÷ {days} jours = {result}.")
                if days
                else N_("{label} : {value} ÷ {heads} personne(s) = {result}.")
            )
        else:
            template = (
                N_("{label} : {value} ÷ {heads} ÷ {days} jours = {result}.")
                if days
                else N_("{label} : {value} ÷ {heads} = {result}.")
            )
        self.tell("indicator", template, result, **fields)
        return result

    def _rounded(self, row: Indicator, value: Fraction) -> Fraction:
        unit = 10 ** (2 - row.decimals)
        if row.rounding is Rounding.EXACT:
            return value
        if row.rounding is Rounding.TRUNCATE:
            rounded = Fraction(int(value / unit) * unit)
            template = N_("Tronqué à {decimals} décimale(s), comme le dit la règle : {value}.")
        else:
            rounded = Fraction(round_half_up(value / unit) * unit)
            template = N_("Arrondi à {decimals} décimale(s), comme le dit la règle : {value}.")
        self.tell("rounding", template, rounded, decimals=row.decimals, value=Money(rounded))
        return rounded

    def _heads(self, row: Indicator) -> Fraction | None:
        """Return by what the sum is divided; None when an age or the household type is missing for it."""
        if row.per is Per.HOUSEHOLD:
            return Fraction(1)
        if row.per is Per.PERSON:
            return Fraction(self.persons)
        if row.per is Per.CONSUMPTION_UNIT:
            return self._consumption_units()
        for parts in self.rule.parts:
            if self.holds(parts.when):
                value = parts.scale.value(self.adults, self.children)
                if value <= 0:
                    raise RulesetInvalid(N_("parts : la règle donne zéro part à ce foyer, le calcul est impossible."))
                self.tell("parts", N_("Nombre de parts : {value}."), value=Number(value))
                return value
        return None

    def _consumption_units(self) -> Fraction | None:
        units, young = self.rule.consumption_units, 0
        for i, member in enumerate(self.at.members, 1):
            age = member.age_on(self.at.on)
            if age is None and member.is_child(self.at.on):
                self.lack("members", str(i), Phrase(N_("L'âge de chaque enfant")))
                return None
            young += age is not None and age < units.child_under
        older = self.persons - young
        # The first person counts 1 whoever it is: a household of children alone keeps one whole unit.
        value = 1 + units.adult * max(0, older - 1) + units.child * (young if older else young - 1)
        self.tell("units", N_("Unités de consommation : {value} (1 pour la première personne, {adult} pour chaque autre, "
                              "{child} pour chaque enfant de moins de {under} ans)."),
                  value=Number(value), adult=Number(units.adult), child=Number(units.child), under=units.child_under)  # fmt: skip
        return value


def _possible(adults: int, children: int) -> frozenset[HouseholdType]:
    """Return the types a household may have when nobody said: with two adults or more, it has to be asked."""
    kinds = {HouseholdType.OTHER}
    if children or adults > 2:
        kinds |= {HouseholdType.COUPLE_WITH_CHILDREN, HouseholdType.LONE_PARENT}
    if adults == 2 and not children:
        kinds |= {HouseholdType.COUPLE, HouseholdType.LONE_PARENT}
    return frozenset(kinds)
