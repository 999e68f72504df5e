"""Applies a ruleset to a situation: every figure exact, every step told. The verdict is advice, a person decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from types import MappingProxyType

from epicerie_desktop.domain.access import Ceiling
from epicerie_desktop.domain.outcome import (
    Missing,
    Money,
    OpenedRight,
    Outcome,
    Phrase,
    Step,
    outcome_to_json,
    right_dates,
    right_steps,
)
from epicerie_desktop.domain.rules import (
    Bounds,
    Indicator,
    IndicatorKind,
    Limit,
    OutcomeKind,
    Ruleset,
)
from epicerie_desktop.domain.situation import Member, Situation, SituationInvalid, parse_situation
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.domain.worksheet import Worksheet
from epicerie_desktop.support.i18n import N_

__all__ = [
    "Member",
    "Missing",
    "OpenedRight",
    "Outcome",
    "OutcomeKind",
    "Situation",
    "SituationInvalid",
    "Step",
    "evaluate",
    "outcome_to_json",
    "parse_situation",
    "right_dates",
]

_WORST_FIRST = (
    OutcomeKind.TOO_HIGH,
    OutcomeKind.TOO_LOW,
    OutcomeKind.COMMITTEE,
    OutcomeKind.WAITING_LIST,
    OutcomeKind.ELIGIBLE,
)
_OPENS = frozenset({OutcomeKind.ELIGIBLE, OutcomeKind.COMMITTEE, OutcomeKind.WAITING_LIST})


def evaluate(ruleset: Ruleset, situation: Situation) -> Outcome:
    """Return the outcome of the rule for that situation, with every step.

    What closes the door whatever the resources (territory, other aid, waiting period) is looked at first; then what is
    missing; then the thresholds. Raises `SituationInvalid`: a rule not yet in force on that day, a line the rule does not
    know, a negative amount, nobody in the household.
    """
    return _Evaluation(ruleset, situation).outcome()


class _Evaluation(Worksheet):
    """One evaluation under way."""

    def outcome(self) -> Outcome:
        """Return the whole answer."""
        _check(self.rule, self.at)
        self._tell_rule()
        closed = self._closed()
        figures = self.figures()
        if closed is not None:
            return self._answer(closed, figures)
        verdict = self._verdict(figures)
        self._find_band(figures)
        if self.missing:
            return self._answer(OutcomeKind.INCOMPLETE, figures)
        if verdict in _OPENS:
            right = self._right()
            if not self.missing:
                self.steps.extend(right_steps(right))
                return self._answer(verdict, figures, right)
            return self._answer(OutcomeKind.INCOMPLETE, figures)
        return self._answer(verdict, figures)

    def _answer(self, kind: OutcomeKind, figures: dict[str, Fraction], right: OpenedRight | None = None) -> Outcome:
        return Outcome(
            kind, self.at.on, MappingProxyType(figures), tuple(self.steps), right,
            missing=tuple(self.missing.values()), advice=tuple(self.advice), band=self.band,
        )  # fmt: skip

    def _tell_rule(self) -> None:
        rule = self.rule
        self.tell("rule", N_("Règle appliquée : « {name} », version {version}, en vigueur depuis le {since}."),
                  name=rule.name, version=rule.version, since=rule.valid_from)  # fmt: skip
        act = rule.deliberation
        if act and act.number and act.on:
            self.tell(
                "deliberation", N_("Adoptée par la délibération n° {number} du {on}."), number=act.number, on=act.on
            )
        elif act and act.number:
            self.tell("deliberation", N_("Adoptée par la délibération n° {number}."), number=act.number)
        elif act and act.on:
            self.tell("deliberation", N_("Adoptée le {on}."), on=act.on)
        if rule.example:
            self.tell("example", N_("Règle d'exemple : les valeurs du règlement adopté doivent la remplacer."))
        self.tell("persons", N_("Personnes comptées le {on} : {persons}, dont {children} enfant(s)."),
                  on=self.at.on, persons=self.persons, children=self.children)  # fmt: skip

    def _closed(self) -> OutcomeKind | None:
        """Return what closes the door whatever the resources, None when nothing does."""
        rule, at = self.rule, self.at
        if rule.communes:
            if at.commune is None:
                self.lack("commune", "commune", Phrase(N_("La commune du foyer")))
            elif at.commune not in rule.communes:
                self.tell("residence", N_("La commune {code} n'est pas dans le territoire."), code=at.commune)
                return OutcomeKind.NOT_COVERED
            else:
                self.tell("residence", N_("La commune {code} est dans le territoire."), code=at.commune)
        if rule.not_with:
            if at.other_aids is None:
                self.lack("other_aids", "other_aids", Phrase(N_("Les autres aides alimentaires reçues")))
            for aid in rule.not_with:
                if aid.code in (at.other_aids or ()):
                    self.tell("cumulation", N_("Cette aide ne se cumule pas avec : {label}."), label=aid.label)
                    return OutcomeKind.CUMULATION
        if rule.waiting and at.last_right_until:
            ends = rule.waiting.end(at.last_right_until + timedelta(days=1))
            if at.on <= ends:
                self.tell("waiting_period", N_("Le droit précédent a pris fin le {last} : carence jusqu'au {until} inclus."),
                          last=at.last_right_until, until=ends)  # fmt: skip
                return OutcomeKind.WAITING_PERIOD
        return None

    def _verdict(self, figures: dict[str, Fraction]) -> OutcomeKind:
        """Return the worst of what each indicator's bounds say; bounds for other households are passed over."""
        found = [
            self._compared(row, figures)
            for row in (self._first(self.rule.bounds, i) for i in self.rule.indicators)
            if row is not None
        ]
        verdict = next((k for k in _WORST_FIRST if k in found), OutcomeKind.ELIGIBLE)
        most, served = self.rule.most_households, self.at.households_served
        if verdict is OutcomeKind.ELIGIBLE and most is not None and served is not None and served >= most:
            self.tell(
                "capacity", N_("Les {most} places sont prises ({served} foyers accueillis)."), most=most, served=served
            )
            return OutcomeKind.WAITING_LIST
        return verdict

    def _first(self, rows: Iterable[Bounds], indicator: Indicator) -> Bounds | None:
        return next((r for r in rows if r.indicator == indicator.code and self.holds(r.when)), None)

    def _compared(self, row: Bounds, figures: dict[str, Fraction]) -> OutcomeKind | None:
        if row.always is not None:
            return row.always
        value = figures.get(row.indicator)
        if value is None:
            return None
        over = row.upper is not None and not self._under(row.upper, value)
        under = row.lower is not None and not self._above(row.lower, value)
        if over or under:
            note = row.over_note if over else row.under_note
            if note:
                self.advice.append(note)
            return row.over if over else row.under
        return OutcomeKind.ELIGIBLE

    def _under(self, limit: Limit, value: Fraction) -> bool:
        held = value <= limit.cents if limit.inclusive else value < limit.cents
        if limit.inclusive:
            template = N_("{value} ne dépasse pas {limit}.") if held else N_("{value} dépasse le seuil de {limit}.")
        elif held:
            template = N_("{value} est inférieur au seuil de {limit}.")
        else:
            template = N_("{value} n'est pas inférieur au seuil de {limit}, qui n'est pas compris.")
        self.tell("compare", template, value, value=Money(value), limit=Money(Fraction(limit.cents)))
        return held

    def _above(self, limit: Limit, value: Fraction) -> bool:
        held = value >= limit.cents if limit.inclusive else value > limit.cents
        if limit.inclusive:
            template = N_("{value} atteint {limit}.") if held else N_("{value} n'atteint pas le seuil de {limit}.")
        elif held:
            template = N_("{value} est supérieur au seuil de {limit}.")
        else:
            template = N_("{value} n'est pas supérieur au seuil de {limit}, qui n'est pas compris.")
        self.tell("compare", template, value, value=Money(value), limit=Money(Fraction(limit.cents)))
        return held

    def _find_band(self, figures: dict[str, Fraction]) -> None:
        for band in self.rule.bands:
            value = figures.get(band.indicator)
            if value is None:
                return
            upper = band.upper
            if upper is None or value < upper.cents or (upper.inclusive and value == upper.cents):
                self.band = band.code
                self.tell("band", N_("Tranche : {label}."), label=band.label)
                return

    def _right(self) -> OpenedRight:
        share = next((s.permille for s in self.rule.shares if self.holds(s.when)), None)
        ceilings = tuple(
            Ceiling(c.measure, c.period, round_half_up(c.scale.value(self.adults, self.children)))
            for c in self.rule.ceilings
            if self.holds(c.when)
        )
        return OpenedRight(self.rule.duration, share, ceilings)


def _check(rule: Ruleset, at: Situation) -> None:
    """Raise `SituationInvalid` where the rule cannot be applied at all."""
    if at.on < rule.valid_from:
        raise SituationInvalid(N_("La règle « {name} » n'est en vigueur qu'à partir du {since}."),
                               name=rule.name, since=f"{rule.valid_from:%d/%m/%Y}")  # fmt: skip
    if not at.members:
        raise SituationInvalid(N_("Ce foyer ne compte personne à cette date."))
    for place, types, lines in (
        ("resources", rule.resources, at.resources),
        ("charges", rule.charges, at.charges),
    ):
        known = {t.code for t in types}
        for code, cents in lines or ():
            if code not in known:
                raise SituationInvalid(N_("{place}.{code} : la règle ne connaît pas cette ligne. Lignes possibles : {known}."),
                                       place=place, code=code, known=", ".join(sorted(known)) or "–")  # fmt: skip
            if cents is not None and cents < 0:
                raise SituationInvalid(
                    N_("{place}.{code} : un montant ne peut pas être négatif."), place=place, code=code
                )
    declared = {i.code for i in rule.indicators if i.kind is IndicatorKind.DECLARED}
    for code, _cents in at.declared:
        if code not in declared:
            raise SituationInvalid(N_("declared.{code} : la règle ne lit pas ce chiffre. Chiffres possibles : {known}."),
                                   code=code, known=", ".join(sorted(declared)) or "–")  # fmt: skip
