"""The sum under way: resources, charges and figures of one household, each step told and what is missing noted."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil

from epicerie_desktop.domain.eligibility.outcome import Counted, Field, Missing, Money, Number, Percent, Phrase, Step
from epicerie_desktop.domain.eligibility.rules import (
    Heads,
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
from epicerie_desktop.domain.eligibility.situation import Line, Member, Situation, looks_yearly
from epicerie_desktop.domain.eligibility.when_told import when_words
from epicerie_desktop.domain.household import HouseholdType
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.support.i18n import N_, NN_

_PERSONS = NN_("{n} personne", "{n} personnes")
_DECIMALS = NN_("{n} décimale", "{n} décimales")


class Worksheet:
    """What was worked out so far for one situation under one rule."""

    def __init__(self, rule: Ruleset, situation: Situation) -> None:
        self.rule = rule
        self.at = situation
        self.steps: list[Step] = []
        self.missing: dict[tuple[str, str], Missing] = {}
        self.advice: list[str] = []
        self._told_for: set[When] = set()
        self.no_ratio: set[str] = set()
        self.band: str | None = None
        self.persons: Heads = len(situation.members)
        self.children: Heads = sum(1 for m in situation.members if self.is_child(m))
        if any(m.shared or m.away for m in situation.members):
            self._count_parts()
        self.adults = self.persons - self.children
        self.duration, self.visits, self.renewal = rule.duration, rule.terms.visits, rule.terms.renewal
        self.visits_in_right, self.decided_between = rule.terms.visits_in_right, rule.terms.decided_between

    def _count_parts(self) -> None:
        """Count again where someone is there half of the time, or away; who counts for nothing is left out."""
        counts = [(m, self._weight(m)) for m in self.at.members]
        here = tuple(m for m, weight in counts if weight)
        if len(here) < len(counts):
            # With one adult left, a couple said is no longer one under this rule: the type follows from who is counted.
            alone = sum(1 for m in here if not self.is_child(m)) < 2
            self.at = replace(self.at, members=here, household_type=None if alone else self.at.household_type)
        self.persons = sum((weight for _m, weight in counts), Fraction(0))
        self.children = sum((weight for m, weight in counts if self.is_child(m)), Fraction(0))

    def _weight(self, member: Member) -> Fraction:
        """Return what a person counts for under this rule: a whole head, a part of one, or nothing."""
        heads = self.rule.household
        if member.away and not heads.away_counts:
            return Fraction(0)
        return heads.shared if member.shared else Fraction(1)

    def is_child(self, member: Member) -> bool:
        """Return whether a person counts as a child under this rule."""
        return member.is_child(self.at.on, self.rule.household.child_under)

    def choose_terms(self) -> None:
        """Take the length, visits and renewals that hold for this household in place of the general ones."""
        rows = [row for row in self.rule.terms.instead if self.holds(row.when)]
        for row in rows:
            self.tell_for(row.when)
        for row in rows:
            if row.duration or row.visits_in_right:
                self.duration, self.visits_in_right, self.decided_between = (
                    row.duration,
                    row.visits_in_right,
                    (None, None),
                )
                break
        self.visits = next((row.visits for row in rows if row.visits), self.visits)
        self.renewal = next((row.renewal for row in rows if row.renewal), self.renewal)

    def tell(self, code: str, template: str, value: Fraction | None = None, /, **fields: Field) -> None:
        """Add a step; `template` is marked with N_ by the caller."""
        self.steps.append(Step(code, template, tuple(fields.items()), value))

    def lack(self, kind: str, code: str, label: Field) -> None:
        """Note a line without which there is no verdict, once."""
        self.missing.setdefault((kind, code), Missing(kind, code, label))

    def holds(self, when: When) -> bool:
        """Return whether a row is for this household; what it needs and nobody said is noted as missing."""
        before = len(self.at.rights_before) or int(self.at.last_right_until is not None)
        heads = (
            (when.persons, self.persons), (when.adults, self.adults), (when.children, self.children), (when.rights, before),
        )  # fmt: skip
        if any(ceil(n) < least or (most is not None and ceil(n) > most) for (least, most), n in heads):
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
            if kind not in when.household_types:
                return False
        return self._aged(when) and self._answered(when) and (not when.any or self._any(when))

    def _any(self, when: When) -> bool:
        """Return whether one of the cases holds; what the others lack is then forgotten, for it changes nothing."""
        before = dict(self.missing)
        for case in when.any:
            if self.holds(case):
                self.missing = before
                return True
        return False

    def tell_for(self, when: When) -> None:
        """Tell for which households the row just chosen is, once for each condition."""
        if when.always or when in self._told_for:
            return
        self._told_for.add(when)
        questions = {c.code: c.label for c in self.rule.terms.conditions}
        bands = {b.code: b.label for b in self.rule.bands}
        self.tell("when", N_("Le foyer remplit une condition de la règle : {condition}."),
                  condition=when_words(when, questions.__getitem__, bands.__getitem__))  # fmt: skip

    def _aged(self, when: When) -> bool:
        """Return whether the oldest and the youngest person are of the ages a row is for."""
        ages = [m.age_on(self.at.on) for m in self.at.members]
        known = [a for a in ages if a is not None]
        for (least, most), pick in ((when.oldest, max), (when.youngest, min)):
            if (least, most) == (0, None):
                continue
            reached = pick(known, default=None)
            sure = None not in ages
            if reached is not None:
                # A further age can only raise the oldest and lower the youngest: what it cannot change is known.
                low, high = reached >= least, most is None or reached <= most
                held, lost = (low and most is None, not high) if pick is max else (high and least == 0, not low)
                if lost or (sure and not (low and high)):
                    return False
                if held or sure:
                    continue
            self.lack("members", "ages", Phrase(N_("L'âge de chaque personne")))
            return False
        return True

    def _answered(self, when: When) -> bool:
        """Return whether the questions a row is for were answered as it says."""
        answers = dict(self.at.answers)
        for code, wanted in when.answers:
            answer = answers.get(code)
            if answer is None:
                self.lack("answers", code, next(c.label for c in self.rule.terms.conditions if c.code == code))
            if answer is not wanted:
                return False
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
            if indicator.kind in (IndicatorKind.REMAINING_INCOME, IndicatorKind.CHARGE_RATIO):
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
        parts: dict[str, Fraction] = {}
        for row in types:
            if row.flat is not None:
                flat = row.flat.value(self.adults, self.children)
                self.tell(
                    "line", N_("{label} : forfait de {amount} par mois."), flat, label=row.label, amount=Money(flat)
                )
                total += flat
                parts[row.code] = flat
                continue
            amounts = [cents for code, cents in lines if code == row.code]
            if not amounts and not (row.required and row.counted):
                continue
            if row.counted and (not amounts or None in amounts):
                self.lack(kind, row.code, row.label)
                complete = False
                continue
            amount = sum(a or 0 for a in amounts)
            parts[row.code] = self._line(row, Fraction(amount))
            total += parts[row.code]
            self._doubt(row, amount, is_resource=is_resource)
        if not complete:
            return None
        total -= self._over_caps(parts, is_resource=is_resource)
        template = N_("Total des ressources comptées : {total} par mois.")
        if not is_resource:
            template = N_("Total des charges comptées : {total} par mois.")
        self.tell(f"{kind}_total", template, total, total=Money(total))
        return total

    def _over_caps(self, parts: dict[str, Fraction], *, is_resource: bool) -> Fraction:
        """Return what caps on several lines together take off, and tell it."""
        off = Fraction(0)
        for cap in self.rule.caps:
            if cap.resource is not is_resource:
                continue
            together = sum((parts.get(code, Fraction(0)) for code in cap.codes), Fraction(0))
            most = cap.scale.value(self.adults, self.children)
            if together > most:
                self.tell("cap", N_("{label} : {amount} par mois ensemble, compté dans la limite de {cap}."), most,
                          label=cap.label, amount=Money(together), cap=Money(most))  # fmt: skip
                off += together - most
        return off

    def _doubt(self, row: LineType, amount: int, *, is_resource: bool) -> None:
        """Tell an amount that is far from a month's: it is asked, never converted."""
        yearly = amount > 10 * row.usual if row.usual else looks_yearly(amount, resource=is_resource)
        if yearly:
            self.tell("doubt", N_("À vérifier : {label}, {amount} par mois. Est-ce un montant annuel ?"),
                      label=row.label, amount=Money(Fraction(amount)))  # fmt: skip
        elif row.usual and 0 < amount * 10 < row.usual:
            self.tell("doubt", N_("À vérifier : {label}, {amount} par mois. Est-ce bien le montant d'un mois entier ?"),
                      label=row.label, amount=Money(Fraction(amount)))  # fmt: skip

    def _line(self, row: LineType, amount: Fraction) -> Fraction:
        """Tell a line and return what counts of it."""
        if not row.counted:
            self.tell("line", N_("{label} : non compté."), Fraction(0), label=row.label)
            return Fraction(0)
        cap = row.cap.value(self.adults, self.children) if row.cap else None
        if row.permille != 1000:
            part = amount * row.permille / 1000
            fields: dict[str, Field] = {
                "label": row.label, "amount": Money(amount), "percent": Number(Fraction(row.permille, 10)), "part": Money(part),
            }  # fmt: skip
            if cap is None or part <= cap:
                self.tell("line", N_("{label} : {amount} par mois, compté à {percent} % : {part}."), part, **fields)
                return part
            self.tell("line", N_("{label} : {amount} par mois, compté à {percent} % ({part}) dans la limite de {cap}."), cap,
                      **fields, cap=Money(cap))  # fmt: skip
            return cap
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
        if resources is None or (row.kind is not IndicatorKind.NET_INCOME and charges is None):
            return None
        if row.ratio and charges is not None:
            return self._ratio(row, resources, charges)
        value = resources
        if row.kind is IndicatorKind.REMAINING_INCOME and charges is not None:
            value = resources - charges
            self.tell("remaining", N_("Reste pour le foyer : {resources} − {charges} = {value} par mois."), value,
                      resources=Money(resources), charges=Money(charges), value=Money(value))  # fmt: skip
        heads = self._heads(row)
        return None if heads is None else self._rounded(row, self._divided(row, value, heads))

    def _ratio(self, row: Indicator, resources: Fraction, charges: Fraction) -> Fraction | None:
        """Return charges in hundredths of a percent of resources; None, and told, where there are none to divide by."""
        if not resources:
            self.no_ratio.add(row.code)
            self.tell("ratio", N_("{label} : le foyer n'a aucune ressource comptée, ce taux ne se calcule pas ({charges} de charges)."),
                      label=row.label, charges=Money(charges))  # fmt: skip
            return None
        value = charges / resources * 10000
        self.tell("ratio", N_("{label} : {charges} ÷ {resources} = {value}."), value,
                  label=row.label, charges=Money(charges), resources=Money(resources), value=Percent(value))  # fmt: skip
        return self._rounded(row, value)

    def _divided(self, row: Indicator, value: Fraction, heads: Fraction) -> Fraction:
        result = value / heads
        days = row.divisor if row.span is Span.DAY else None
        fields: dict[str, Field] = {"label": row.label, "value": Money(value), "heads": Number(heads)}
        if days is not None:
            result /= days
            fields["days"] = Number(days)
        if row.per is Per.PERSON:
            fields["heads"] = Counted(_PERSONS, heads)
        fields["result"] = Money(result)
        if row.per is Per.HOUSEHOLD:
            template = N_("{label} : {value} ÷ {days} jours = {result}.") if days else N_("{label} : {result}.")
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
            template = N_("Tronqué à {decimals}, comme le dit la règle : {value}.")
        else:
            rounded = Fraction(round_half_up(value / unit) * unit)
            template = N_("Arrondi à {decimals}, comme le dit la règle : {value}.")
        self.tell("rounding", template, rounded, decimals=Counted(_DECIMALS, row.decimals),
                  value=Percent(rounded) if row.ratio else Money(rounded))  # fmt: skip
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
                self.tell_for(parts.when)
                value = parts.scale.value(self.adults, self.children)
                if value <= 0:
                    raise RulesetInvalid(N_("parts : la règle donne zéro part à ce foyer, le calcul est impossible."))
                self.tell("parts", N_("Nombre de parts : {value}."), value=Number(value))
                return value
        return None

    def _consumption_units(self) -> Fraction | None:
        units, young = self.rule.consumption_units, Fraction(0)
        for i, member in enumerate(self.at.members, 1):
            age = member.age_on(self.at.on)
            if age is None and self.is_child(member):
                self.lack("members", str(i), Phrase(N_("L'âge de chaque enfant")))
                return None
            if age is not None and age < units.child_under:
                young += self._weight(member)
        older = self.persons - young
        # The first person counts 1 whoever it is: a household of children alone keeps one whole unit.
        rest = units.child * young if older else units.child * max(Fraction(0), young - 1)
        value = 1 + units.adult * max(Fraction(0), older - Fraction(1)) + rest
        self.tell("units", N_("Unités de consommation : {value} (1 pour la première personne, {adult} pour chaque autre, "
                              "{child} pour chaque enfant de moins de {under} ans)."),
                  value=Number(value), adult=Number(units.adult), child=Number(units.child), under=units.child_under)  # fmt: skip
        return value


def _possible(adults: Heads, children: Heads) -> frozenset[HouseholdType]:
    """Return the types a household may have when nobody said: with two adults or more, it has to be asked."""
    kinds = {HouseholdType.OTHER}
    if children or adults > 2:
        kinds |= {HouseholdType.COUPLE_WITH_CHILDREN, HouseholdType.LONE_PARENT}
    if adults == 2 and not children:
        kinds |= {HouseholdType.COUPLE, HouseholdType.LONE_PARENT}
    return frozenset(kinds)
