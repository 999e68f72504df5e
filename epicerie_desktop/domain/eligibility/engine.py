"""Applies a ruleset to a situation: every figure exact, every step told. The verdict is advice, a person decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from types import MappingProxyType

from epicerie_desktop.domain.access import Ceiling
from epicerie_desktop.domain.eligibility.checks import check
from epicerie_desktop.domain.eligibility.conditions import (
    ORDERS,
    conditions,
    in_territory,
    lives_as_asked,
    outside_of,
    past_rights,
)
from epicerie_desktop.domain.eligibility.extras import DecidedAmount, Extras, Price, Quota, Rate, next_day_of_year
from epicerie_desktop.domain.eligibility.extras_told import extra_steps, price_step
from epicerie_desktop.domain.eligibility.outcome import (
    LABELS,
    Counted,
    Missing,
    Money,
    Number,
    OpenedRight,
    Outcome,
    Percent,
    Phrase,
    Step,
    outcome_to_json,
    right_dates,
    right_steps,
)
from epicerie_desktop.domain.eligibility.rules import (
    NO_INDICATOR,
    Bounds,
    Combine,
    Limit,
    OutcomeKind,
    Ruleset,
    Scale,
    ScaleFigure,
    ShareRow,
    When,
)
from epicerie_desktop.domain.eligibility.scales import Scales
from epicerie_desktop.domain.eligibility.situation import Member, Situation, SituationInvalid, parse_situation
from epicerie_desktop.domain.eligibility.terms import PriceKind
from epicerie_desktop.domain.eligibility.worksheet import Worksheet
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.support.i18n import N_, NN_

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
_FIGURES = frozenset({"resources", "charges", "declared", "members"})
_CHILDREN = NN_("{n} enfant", "{n} enfants")
_REFUSED = frozenset({OutcomeKind.TOO_HIGH, OutcomeKind.TOO_LOW, OutcomeKind.NOT_COVERED, OutcomeKind.WAITING_PERIOD,
                      OutcomeKind.CUMULATION})  # fmt: skip
_OPENS = frozenset({OutcomeKind.ELIGIBLE, OutcomeKind.COMMITTEE, OutcomeKind.WAITING_LIST})


def evaluate(ruleset: Ruleset, situation: Situation, scales: Iterable[ScaleFigure] = ()) -> Outcome:
    """Return the outcome of the rule for that situation, with every step.

    What closes the door whatever the resources (territory, other aid, waiting period) is looked at first; then what is
    missing; then the thresholds. `scales` are the social scales at hand; those of the rule itself win. Raises `SituationInvalid`: a rule not yet in force on that day, a line the rule does not
    know, a negative amount, nobody in the household.
    """
    return _Evaluation(ruleset, situation, Scales((*ruleset.scales, *scales))).outcome()


class _Evaluation(Worksheet):
    """One evaluation under way."""

    def __init__(self, rule: Ruleset, situation: Situation, scales: Scales) -> None:
        super().__init__(rule, situation)
        self.scales = scales

    def outcome(self) -> Outcome:
        """Return the whole answer."""
        check(self.rule, self.at)
        self._tell_rule()
        closed = self._closed()
        figures = self.figures()
        if closed is not None:
            return self._answer(closed, figures)
        verdict = self._verdict(figures)
        self._find_band(figures)
        self.choose_terms()
        exhausted, latest = past_rights(self)
        verdict = conditions(self, exhausted or verdict)
        if self.missing:
            return self._answer(OutcomeKind.INCOMPLETE, figures)
        if verdict in _OPENS:
            right = self._right(latest)
            if not self.missing:
                if right.extras.price:
                    self.steps.append(price_step(right.extras.price))
                self.steps.extend(right_steps(right, self.at.on))
                self.steps.extend(extra_steps(right.extras, self.at.on, right.until(self.at.on)))
                return self._answer(verdict, figures, right)
            return self._answer(OutcomeKind.INCOMPLETE, figures)
        return self._answer(verdict, figures)

    def _answer(self, kind: OutcomeKind, figures: dict[str, Fraction], right: OpenedRight | None = None) -> Outcome:
        exceptions = tuple(
            e for e in self.rule.terms.exceptions
            if kind in (e.outcomes or _REFUSED)
        )  # fmt: skip
        for row in exceptions:
            self.tell("exception", N_("Une exception peut être accordée par : {by}."), by=row.by)
        return Outcome(
            kind, self.at.on, MappingProxyType(figures), tuple(self.steps), right,
            missing=tuple(self.missing.values()), advice=tuple(self.advice), band=self.band,
            exceptions=exceptions, ratios=frozenset(i.code for i in self.rule.indicators if i.ratio),
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
        self.tell("persons", N_("Personnes comptées le {on} : {persons}, dont {children}."),
                  on=self.at.on, persons=Number(Fraction(self.persons)), children=Counted(_CHILDREN, self.children))  # fmt: skip

    def _closed(self) -> OutcomeKind | None:
        """Return what closes the door whatever the resources, None when nothing does."""
        rule, at = self.rule, self.at
        if rule.communes:
            if at.commune is None:
                self.lack("commune", "commune", Phrase(N_("La commune du foyer")))
            elif at.commune not in rule.communes:
                self.tell("residence", N_("La commune {code} n'est pas dans le territoire."), code=at.commune)
                return OutcomeKind.NOT_COVERED
            elif not in_territory(self, at.commune):
                return OutcomeKind.NOT_COVERED
            else:
                self.tell("residence", N_("La commune {code} est dans le territoire."), code=at.commune)
        if not lives_as_asked(self):
            return OutcomeKind.NOT_COVERED
        if rule.not_with:
            if at.other_aids is None:
                self.lack("other_aids", "other_aids", Phrase(N_("Les autres aides alimentaires reçues")))
            for aid in rule.not_with:
                if aid.code in (at.other_aids or ()):
                    self.tell("cumulation", N_("Cette aide ne se cumule pas avec : {label}."), label=aid.label)
                    return OutcomeKind.CUMULATION
        last = at.last_right
        if rule.waiting and last:
            ends = rule.waiting.end(last + timedelta(days=1))
            if at.on <= ends:
                self.tell("waiting_period", N_("Le droit précédent a pris fin le {last} : carence jusqu'au {until} inclus."),
                          last=last, until=ends)  # fmt: skip
                return OutcomeKind.WAITING_PERIOD
        return None

    def _verdict(self, figures: dict[str, Fraction]) -> OutcomeKind:
        """Return the worst of what each indicator's bounds say; bounds for other households are passed over."""
        codes = [i.code for i in self.rule.indicators] or [NO_INDICATOR]
        rows = [r for r in (self._first(self.rule.bounds, code) for code in codes) if r is not None]
        found = [self._compared(row, figures) for row in rows]
        if all(r.always for r in rows):
            self._spare_figures(figures)
        verdict = self._combined(found, figures)
        persons = self.rule.terms.most_persons
        helped = self.at.persons_served
        if (
            verdict is OutcomeKind.ELIGIBLE
            and persons is not None
            and helped is not None
            and helped + self.persons > persons
        ):
            self.tell("capacity", N_("Les places manquent : {most} personnes au plus, {served} déjà accueillies."),
                      most=persons, served=helped)  # fmt: skip
            return self._waiting()
        most, served = self.rule.most_households, self.at.households_served
        if verdict is OutcomeKind.ELIGIBLE and most is not None and served is not None and served >= most:
            self.tell(
                "capacity", N_("Les {most} places sont prises ({served} foyers accueillis)."), most=most, served=served
            )
            return self._waiting()
        return verdict

    def _waiting(self) -> OutcomeKind:
        for rank, reason in enumerate(self.rule.terms.waiting_order, 1):
            self.tell(
                "waiting_order",
                N_("Liste d'attente, critère {rank} : {reason}."),
                rank=rank,
                reason=Phrase(ORDERS[reason]),
            )
        return OutcomeKind.WAITING_LIST

    def _combined(
        self, found: list[tuple[OutcomeKind | None, str | None]], figures: dict[str, Fraction]
    ) -> OutcomeKind:
        kinds = [k for k, _note in found]
        if self.rule.combine is Combine.ALL:
            self.advice.extend(note for _k, note in found if note)
            return next((k for k in _WORST_FIRST if k in kinds), OutcomeKind.ELIGIBLE)
        verdict = next((k for k in reversed(_WORST_FIRST) if k in kinds), OutcomeKind.ELIGIBLE)
        self.advice.extend(note for k, note in found if note and k is verdict)
        if len(kinds) > 1 and None not in kinds:
            self.tell("combine", N_("Il suffit qu'un des calculs convienne."))
        if verdict is OutcomeKind.ELIGIBLE and None in kinds and kinds.count(None) < len(kinds) and all(
            b.indicator in figures for b in self.rule.bands
        ):  # fmt: skip
            self._drop_figures()
        return verdict

    def _spare_figures(self, figures: dict[str, Fraction]) -> None:
        """Ask for no figure where every answer is given without one, but for the band on which something still depends."""
        banded = {b.indicator for b in self.rule.bands}
        if not banded or not any(self._asks_band(when) for when in self.rule.conditions()):
            self._drop_figures()
        elif not banded <= figures.keys():
            self.tell("band", N_("La réponse ne dépend d'aucun chiffre, mais la tranche du foyer en a besoin : "
                                 "ce que paie ou reçoit le foyer en dépend."))  # fmt: skip

    def _asks_band(self, when: When) -> bool:
        """Return whether a row turns on the band: not where the rest of its condition already leaves this household out."""
        if not when.bands:
            return False
        before, self.missing = self.missing, {}
        held = self.holds(replace(when, bands=frozenset())) or bool(self.missing)
        self.missing = before
        return held

    def _drop_figures(self) -> None:
        """Forget what figures lack: it can no longer change the answer."""
        for key in [k for k in self.missing if k[0] in _FIGURES]:
            del self.missing[key]

    def _first(self, rows: Iterable[Bounds], indicator: str) -> Bounds | None:
        return next((r for r in rows if r.indicator == indicator and self.holds(r.when)), None)

    def _compared(self, row: Bounds, figures: dict[str, Fraction]) -> tuple[OutcomeKind | None, str | None]:
        """Return what a row answers (None: its figure is missing) and where it sends the household."""
        self.tell_for(row.when)
        if row.always is not None:
            return row.always, None
        value = figures.get(row.indicator)
        if value is None and row.indicator in self.no_ratio:
            answer = self.rule.indicator(row.indicator).without_resources
            self.tell("ratio", N_("Sans ressources, la règle répond : {answer}."), answer=Phrase(LABELS[answer]))
            return answer, None
        if value is None:
            return None, None
        upper, lower = self._known(row.upper), self._known(row.lower)
        if not (upper and lower):
            return None, None
        shown = Percent if self.rule.indicator(row.indicator).ratio else Money
        over = row.upper is not None and not self._under(row.upper, value, shown)
        under = row.lower is not None and not self._above(row.lower, value, shown)
        if over or under:
            return (row.over, row.over_note) if over else (row.under, row.under_note)
        return OutcomeKind.ELIGIBLE, None

    def _known(self, limit: Limit | None) -> bool:
        """Return whether a threshold has a figure that day; a social scale is told with its date and source."""
        if limit is None or limit.share is None:
            return True
        found = self.scales.on(limit.share.of, self.at.on)
        if found is None:
            self.lack("scale", limit.share.of, limit.share.of)
            self.tell("scale", N_("Le barème « {code} » n'a pas de chiffre le {on} : ajoutez-le avec sa date et sa source."),
                      code=limit.share.of, on=self.at.on)  # fmt: skip
            return False
        value = Fraction(found.cents * limit.share.permille, 1000)
        self.tell("scale", N_("Barème « {code} » : {whole} depuis le {since} ({source}), pris à {percent} % : {value}."), value,
                  code=found.code, whole=Money(Fraction(found.cents)), since=found.valid_from, source=found.source,
                  percent=Number(Fraction(limit.share.permille, 10)), value=Money(value))  # fmt: skip
        return True

    def _threshold(self, limit: Limit) -> Fraction:
        found = self.scales.on(limit.share.of, self.at.on) if limit.share else None
        if limit.share and found:
            return Fraction(found.cents * limit.share.permille, 1000)
        return limit.value(self.adults, self.children)

    def _under(self, limit: Limit, value: Fraction, shown: type[Money | Percent]) -> bool:
        threshold = self._threshold(limit)
        held = value <= threshold if limit.inclusive else value < threshold
        if limit.inclusive:
            template = N_("{value} ne dépasse pas {limit}.") if held else N_("{value} dépasse le seuil de {limit}.")
        elif held:
            template = N_("{value} est inférieur au seuil de {limit}.")
        else:
            template = N_("{value} n'est pas inférieur au seuil de {limit}, qui n'est pas compris.")
        self.tell("compare", template, value, value=shown(value), limit=shown(threshold))
        return held

    def _above(self, limit: Limit, value: Fraction, shown: type[Money | Percent]) -> bool:
        threshold = self._threshold(limit)
        held = value >= threshold if limit.inclusive else value > threshold
        if limit.inclusive:
            template = N_("{value} atteint {limit}.") if held else N_("{value} n'atteint pas le seuil de {limit}.")
        elif held:
            template = N_("{value} est supérieur au seuil de {limit}.")
        else:
            template = N_("{value} n'est pas supérieur au seuil de {limit}, qui n'est pas compris.")
        self.tell("compare", template, value, value=shown(value), limit=shown(threshold))
        return held

    def _find_band(self, figures: dict[str, Fraction]) -> None:
        for band in self.rule.bands:
            value = figures.get(band.indicator)
            if value is None:
                return
            upper = band.upper
            if not self._known(upper):
                return
            threshold = None if upper is None else self._threshold(upper)
            if upper is None or threshold is None or value < threshold or (upper.inclusive and value == threshold):
                self.band = band.code
                self.tell("band", N_("Tranche : {label}."), label=band.label)
                return

    def _right(self, latest: date | None) -> OpenedRight:
        usual = self._usual_share()
        if usual:
            self.tell_for(usual.when)
        extras = self._extras(usual)
        ceilings: list[Ceiling] = []
        for row in self.rule.ceilings:
            if not self.holds(row.when):
                continue
            self.tell_for(row.when)
            amount = round_half_up(row.scale.value(self.adults, self.children))
            ceilings.append(Ceiling(row.measure, row.period, amount))
            if row.split:
                ceilings.append(Ceiling(row.measure, row.split[0], amount // row.split[1]))
        share = usual.permille if usual else None
        if extras.price and extras.price[0] in (PriceKind.PER_MONTH, PriceKind.PER_VISIT):
            # The flat price is paid on its own: nothing more is asked for each article.
            share = 0
        if self.rule.terms.ends_on:
            ends = next_day_of_year(self.at.on, *self.rule.terms.ends_on)
            latest = min(latest, ends) if latest else ends
        return OpenedRight(self.duration, share, tuple(ceilings), latest, extras)

    def _usual_share(self) -> ShareRow | None:
        """Return the share of most goods on the first day: the first phase's own row, else the usual one."""
        first = {p.code for p in self.rule.terms.phases[:1]}
        plain = [s for s in self.rule.shares if s.goods.every]
        own = [s for s in plain if first & set(s.phases)]
        return next((s for s in (*own, *(s for s in plain if not s.phases)) if self.holds(s.when)), None)

    def _amount(self, scale: Scale) -> int:
        return round_half_up(scale.value(self.adults, self.children))

    def _extras(self, usual: ShareRow | None) -> Extras:
        terms = self.rule.terms

        def price(row: ShareRow | None) -> Price | None:
            return (row.price.kind, self._amount(row.price.scale)) if row and row.price else None

        return Extras(
            price=price(usual),
            rates=tuple(
                Rate(s.permille, price(s), s.goods, s.phases)
                for s in self.rule.shares
                if s.narrow and self.holds(s.when)
            ),
            quotas=tuple(
                Quota(r.measure, r.period, self._amount(r.scale), r.goods, r.carried, r.phases)
                for r in terms.limits if self.holds(r.when)
            ),
            outside=outside_of(self),
            decided=tuple(
                DecidedAmount(c.measure, c.period, *(None if s is None else self._amount(s) for s in c.between))
                for c in terms.decided_ceilings if self.holds(c.when)
            ),
            carried=tuple((c.measure, c.period) for c in self.rule.ceilings if c.carried and self.holds(c.when)),
            fees=tuple((f, self._amount(f.scale)) for f in terms.fees if f.when is None or self.holds(f.when)),
            share_between=usual.between if usual else (None, None),
            terms=replace(
                terms, visits=self.visits, renewal=self.renewal, visits_in_right=self.visits_in_right,
                decided_between=self.decided_between,
                obligations=tuple(o for o in terms.obligations if o.when is None or self.holds(o.when)),
            ),
        )  # fmt: skip
