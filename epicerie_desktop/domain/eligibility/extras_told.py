"""Tells the extras of a right in sentences, for the worker's screen and the printed explanation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from epicerie_desktop.domain import labels
from epicerie_desktop.domain.access import CeilingMeasure
from epicerie_desktop.domain.eligibility.extras import Extras, Outside, Price, Quota, Rate
from epicerie_desktop.domain.eligibility.outcome import LENGTHS, Counted, Field, Listed, Money, Number, Phrase, Step
from epicerie_desktop.domain.eligibility.rules import DurationUnit
from epicerie_desktop.domain.eligibility.terms import (
    Absences,
    AbsenceThen,
    FeeEvery,
    Goods,
    Guards,
    OtherMeasure,
    PriceKind,
    Renewal,
    Terms,
    Visits,
    Weekday,
    Weeks,
    WithoutBag,
)
from epicerie_desktop.support.i18n import N_, NN_

_PRICES = {
    PriceKind.PER_KILO: N_("Prix ({goods}) : {amount} le kilo, quel que soit l'article."),
    PriceKind.PER_PIECE: N_("Prix ({goods}) : {amount} la pièce."),
    PriceKind.PER_VISIT: N_("Prix ({goods}) : forfait de {amount} par passage."),
    PriceKind.PER_MONTH: N_("Prix ({goods}) : forfait de {amount} par mois."),
}
_FEES = {
    FeeEvery.FILE: N_("{label} : {amount} à l'ouverture du dossier."),
    FeeEvery.RIGHT: N_("{label} : {amount} à chaque droit ouvert."),
    FeeEvery.MONTH: N_("{label} : {amount} par mois."),
    FeeEvery.YEAR: N_("{label} : {amount} par an."),
}
_THEN = {
    AbsenceThen.WARN: N_("Au-delà de {most} sans prévenir : rappel au foyer."),
    AbsenceThen.COMMITTEE: N_("Au-delà de {most} sans prévenir : la commission regarde."),
    AbsenceThen.SUSPEND: N_("Au-delà de {most} sans prévenir : suspension, après avoir entendu la personne."),
    AbsenceThen.EXCLUDE: N_("Au-delà de {most} sans prévenir : fin du droit, après avoir entendu la personne."),
}
WEEKDAYS = {
    Weekday.MONDAY: N_("lundi"), Weekday.TUESDAY: N_("mardi"), Weekday.WEDNESDAY: N_("mercredi"), Weekday.THURSDAY: N_("jeudi"),
    Weekday.FRIDAY: N_("vendredi"), Weekday.SATURDAY: N_("samedi"), Weekday.SUNDAY: N_("dimanche"),
}  # fmt: skip
_WITHIN = {
    DurationUnit.DAYS: N_("Absences comptées sur les {count} derniers jours."),
    DurationUnit.WEEKS: N_("Absences comptées sur les {count} dernières semaines."),
    DurationUnit.MONTHS: N_("Absences comptées sur les {count} derniers mois."),
}
_ABSENCES = NN_("{n} absence", "{n} absences")
_ARTICLES = NN_("{n} article", "{n} articles")
_POINTS = NN_("{n} point", "{n} points")
_VISITS = NN_("{n} passage", "{n} passages")
_HOURS = NN_("{n} heure", "{n} heures")


def price_step(price: Price, goods: Goods | None = None) -> Step:
    """Return the sentence of a price that is not a share."""
    fields: tuple[tuple[str, Field], ...] = (("goods", _named(goods or Goods())), ("amount", Money(Fraction(price[1]))))
    return Step("price", _PRICES[price[0]], fields, Fraction(price[1]))


def extra_steps(extras: Extras, start: date, end: date | None = None) -> tuple[Step, ...]:
    """Return a sentence for each extra of a right that would open on `start` and end on `end`, where that is known."""
    return (
        *_money(extras),
        *_guards(extras.terms.guards),
        *_goods_steps(extras),
        *_phases(extras, start, end),
        *_manners(extras.terms),
    )


def _named(goods: Goods) -> Field:
    if goods.every:
        return Phrase(N_("tous les articles"))
    origins = tuple(labels.label(o) for o in sorted(goods.origins))
    return ", ".join((*origins, *goods.families, *goods.articles))


def _money(extras: Extras) -> Iterator[Step]:
    names = {p.code: p.label for p in extras.terms.phases}
    for rate in extras.rates:
        yield _rate(rate, names)
    for fee, cents in extras.fees:
        yield Step("fee", _FEES[fee.every], (("label", fee.label), ("amount", Money(Fraction(cents)))), Fraction(cents))


def _guards(guards: Guards) -> Iterator[Step]:
    """Tell the guards that are not the usual ones."""
    if not guards.fse_free:
        yield Step("guard", N_("Le FSE+ suit la participation ordinaire."))
    if guards.food_bank_most is None:
        yield Step("guard", N_("La Banque Alimentaire suit la participation ordinaire."))
    elif guards != Guards(guards.fse_free):
        yield Step("guard", N_("Banque Alimentaire : {percent} % au plus."),
                   (("percent", Number(Fraction(guards.food_bank_most, 10))),))  # fmt: skip


def _rate(rate: Rate, names: dict[str, str]) -> Step:
    if rate.price:
        return price_step(rate.price, rate.goods)
    fields: tuple[tuple[str, Field], ...] = (("goods", _named(rate.goods)),)
    phases = ", ".join(names[p] for p in rate.phases)
    if phases:
        fields += (("phases", phases),)
    if rate.permille is None:
        if phases:
            return Step("rate", N_("Participation ({goods}, {phases}) : fixée par la décision."), fields)
        return Step("rate", N_("Participation ({goods}) : fixée par la décision."), fields)
    fields += (("percent", Number(Fraction(rate.permille, 10))),)
    if phases:
        return Step("rate", N_("Participation ({goods}, {phases}) : {percent} % de la valeur en rayon."), fields)
    return Step("rate", N_("Participation ({goods}) : {percent} % de la valeur en rayon."), fields)


def _goods_steps(extras: Extras) -> Iterator[Step]:
    names = {p.code: p.label for p in extras.terms.phases}
    for quota in extras.quotas:
        yield _quota(quota, names)
    also = tuple((q.measure, q.period) for q in extras.quotas if q.carried)
    for _measure, period in (*extras.carried, *also):
        yield Step("carried_over", N_("Ce qui n'est pas dépensé {period} est reporté sur la période suivante."),
                   (("period", Phrase(labels.named(period))),))  # fmt: skip
    for points in extras.terms.points:
        template = (
            N_("Points ({goods}) : {points} le kilo.")
            if points.per_kilo
            else N_("Points ({goods}) : {points} la pièce.")
        )
        yield Step("points", template, (("goods", _named(points.goods)), ("points", points.points)))
    for outside in extras.outside:
        if outside.here != 0:
            yield _outside(outside)
        if outside.moves:
            yield Step("outside", N_("{label} : compté selon l'âge des enfants le jour du passage."),
                       (("label", outside.row.label),))  # fmt: skip


def _outside(found: Outside) -> Step:
    row, amount = found.row, found.amount
    if amount is None or row.period is None:
        return Step("outside", N_("Hors plafond : {label}."), (("label", row.label),))
    fields: tuple[tuple[str, Field], ...] = (("label", row.label), ("period", Phrase(labels.named(row.period))))
    match row.measure:
        case OtherMeasure.UNITS:
            return Step(
                "outside", N_("Hors plafond : {label}, {units} au plus {period}."), (*fields, ("units", amount))
            )
        case OtherMeasure.POINTS:
            template = N_("Hors plafond : {label}, {points} au plus {period}.")
            return Step("outside", template, (*fields, ("points", Counted(_POINTS, amount))))
        case CeilingMeasure.GRAMS:
            kilos = Number(Fraction(amount, 1000))
            return Step(
                "outside", N_("Hors plafond : {label}, {kilos} kg au plus {period}."), (*fields, ("kilos", kilos))
            )
        case CeilingMeasure.PAID:
            template = N_("Hors plafond : {label}, {amount} payés au plus {period}.")
        case CeilingMeasure.SHELF_VALUE:
            template = N_("Hors plafond : {label}, {amount} de valeur en rayon au plus {period}.")
    return Step("outside", template, (*fields, ("amount", Money(Fraction(amount)))), Fraction(amount))


def _quota(quota: Quota, names: dict[str, str]) -> Step:
    amount: Field = Money(Fraction(quota.amount))
    template = N_("Limite ({goods}) : {amount} {period}.")
    if quota.measure is CeilingMeasure.GRAMS:
        amount, template = Number(Fraction(quota.amount, 1000)), N_("Limite ({goods}) : {amount} kg {period}.")
    elif quota.measure is OtherMeasure.UNITS:
        amount = Counted(_ARTICLES, quota.amount)
    elif quota.measure is OtherMeasure.POINTS:
        amount = Counted(_POINTS, quota.amount)
    goods = _named(quota.goods)
    if quota.phases:
        goods = Listed((goods, ", ".join(names[p] for p in quota.phases)))
    fields = (("goods", goods), ("amount", amount), ("period", Phrase(labels.named(quota.period))))
    return Step("limit", template, fields)


def _phases(extras: Extras, start: date, end: date | None) -> Iterator[Step]:
    for _code, label, since, until in extras.phases_from(start, end):
        if until:
            yield Step("phase", N_("Phase « {label} » : du {since} au {until}."),
                       (("label", label), ("since", since), ("until", until)))  # fmt: skip
        else:
            yield Step("phase", N_("Phase « {label} » : à partir du {since}."), (("label", label), ("since", since)))


def _manners(terms: Terms) -> Iterator[Step]:
    if terms.visits_in_right is not None:
        yield Step("visits", N_("Le droit compte {count}."), (("count", Counted(_VISITS, terms.visits_in_right)),))
    if terms.visits:
        yield from _visits(terms.visits)
    if terms.absences:
        yield from _absences(terms.absences)
    for row in terms.obligations:
        if row.before_renewal:
            yield Step("obligation", N_("Avant un renouvellement : {label}."), (("label", row.label),))
        elif row.period:
            yield Step("obligation", N_("Engagement : {label}, {count} fois {period}."),
                       (("label", row.label), ("count", row.count), ("period", Phrase(labels.named(row.period)))))  # fmt: skip
        else:
            yield Step("obligation", N_("Engagement : {label}."), (("label", row.label),))
    yield from _renewal(terms.renewal)


def _visits(visits: Visits) -> Iterator[Step]:
    if visits.most:
        yield Step("visits", N_("Passages : {most} au plus {period}."),
                   (("most", visits.most), ("period", Phrase(labels.named(visits.period)))))  # fmt: skip
    if visits.days_between:
        yield Step(
            "visits",
            N_("Au moins {days} entre deux passages."),
            (("days", Counted(LENGTHS[DurationUnit.DAYS], visits.days_between)),),
        )
    if visits.slot_given:
        yield Step("visits", N_("Le jour et l'heure du passage sont donnés au foyer."))
    elif visits.appointment:
        yield Step("visits", N_("Les passages se font sur rendez-vous."))
    if visits.weeks is Weeks.EVEN:
        yield Step("visits", N_("Les passages ont lieu les semaines paires."))
    elif visits.weeks is Weeks.ODD:
        yield Step("visits", N_("Les passages ont lieu les semaines impaires."))
    for day in visits.weekdays:
        yield Step("visits", N_("Jour de passage : {day}."), (("day", Phrase(WEEKDAYS[day])),))
    if visits.accompanied:
        yield Step("visits", N_("Un bénévole accompagne les courses."))
    if visits.bag is WithoutBag.NO_COLD:
        yield Step("bag", N_("Sans sac isotherme : ni produit frais, ni produit surgelé."))
    elif visits.bag is WithoutBag.ADVISED:
        yield Step("bag", N_("Un sac isotherme est conseillé."))


def _absences(absences: Absences) -> Iterator[Step]:
    yield Step("absences", _THEN[absences.then], (("most", Counted(_ABSENCES, absences.most)),))
    if absences.within:
        yield Step("absences", _WITHIN[absences.within.unit], (("count", absences.within.count),))
    if absences.consecutive:
        yield Step("absences", N_("Seules des absences qui se suivent comptent."))
    if absences.lasting:
        length = Counted(LENGTHS[absences.lasting.unit], absences.lasting.count)
        yield Step("absences", N_("La suspension dure {length}."), (("length", length),))
    if absences.notice_hours:
        yield Step("absences", N_("Une absence annoncée {hours} avant ne compte pas."),
                   (("hours", Counted(_HOURS, absences.notice_hours)),))  # fmt: skip


def _renewal(renewal: Renewal) -> Iterator[Step]:
    if renewal.most == 0:
        yield Step("renewal", N_("Le droit n'est pas renouvelable."))
    elif renewal.most is not None:
        yield Step("renewal", N_("Le droit est renouvelable {most} fois."), (("most", renewal.most),))
    if renewal.review:
        yield Step("renewal", N_("Un bilan précède chaque renouvellement."))
