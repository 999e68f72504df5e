"""What is looked at besides the sum: territory, past rights, referral, questions by yes or no, goods outside the ceilings."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from epicerie_desktop.domain import labels
from epicerie_desktop.domain.eligibility.extras import Outside, held, last_day_within
from epicerie_desktop.domain.eligibility.outcome import UNMET, Phrase
from epicerie_desktop.domain.eligibility.rules import Duration, DurationUnit, OutcomeKind
from epicerie_desktop.domain.eligibility.terms import WaitingOrder, YearKind
from epicerie_desktop.domain.eligibility.worksheet import Worksheet
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.support.i18n import N_

ORDERS = {
    WaitingOrder.ARRIVAL: N_("la date de la demande"),
    WaitingOrder.URGENCY: N_("l'urgence dite par le référent"),
    WaitingOrder.LOWEST_FIGURE: N_("le chiffre le plus bas"),
    WaitingOrder.MOST_CHILDREN: N_("le nombre d'enfants"),
    WaitingOrder.NEVER_HELPED: N_("les foyers jamais accueillis"),
}


def in_territory(sheet: Worksheet, commune: str) -> bool:
    """Return whether a commune of the list was in the territory on the day; those without dates always are."""
    rows = [(since, until) for code, since, until in sheet.rule.terms.territory.dates if code == commune]
    if not rows:
        return True
    day = sheet.at.on
    if any((since is None or since <= day) and (until is None or day <= until) for since, until in rows):
        return True
    sheet.tell("residence", N_("La commune {code} n'est pas dans le territoire à cette date."), code=commune)
    return False


def lives_as_asked(sheet: Worksheet) -> bool:
    """Return whether the kind of housing and the time lived there are those admitted; what is unknown is noted missing."""
    asked, at = sheet.rule.terms.territory, sheet.at
    if asked.housing:
        if at.housing is None:
            sheet.lack("housing", "housing", Phrase(N_("Le logement du foyer")))
        elif at.housing not in asked.housing:
            sheet.tell("residence", N_("Ce logement n'est pas admis par la règle : {housing}."),
                       housing=Phrase(labels.named(at.housing)))  # fmt: skip
            return False
    if asked.months is not None:
        if at.living_since is None:
            sheet.lack("living_since", "living_since", Phrase(N_("Depuis quand le foyer habite le territoire")))
        elif (reached := Duration(DurationUnit.MONTHS, asked.months).end(at.living_since) + timedelta(days=1)) > at.on:
            sheet.tell("residence", N_("Il faut habiter le territoire depuis {months} mois : ce sera le {day}."),
                       months=asked.months, day=reached)  # fmt: skip
            return False
    return True


def past_rights(sheet: Worksheet) -> tuple[OutcomeKind | None, date | None]:
    """Return what past rights answer (None: nothing) and the last day that caps on their length still allow."""
    renewal, at = sheet.renewal, sheet.at
    rights = at.rights_before
    if renewal.forgotten_after:
        rights = tuple(r for r in rights if renewal.forgotten_after.end(r[1] + timedelta(days=1)) >= at.on)
    given = len(rights) or int(not at.rights_before and at.last_right_until is not None)
    if renewal.most is not None and given > renewal.most:
        sheet.tell("renewal", N_("Droits déjà ouverts : {given}. La règle en renouvelle {most}."),
                   given=given, most=renewal.most)  # fmt: skip
        return renewal.otherwise or OutcomeKind.COMMITTEE, None
    latest: date | None = None
    if renewal.total:
        latest = last_day_within(renewal.total, held(rights, renewal.total.unit), at.on)
        if latest is None:
            sheet.tell("renewal", N_("La durée totale que la règle permet est atteinte."))
            return renewal.otherwise or OutcomeKind.COMMITTEE, None
    if renewal.a_year:
        opens, closes = _year(renewal.year, at.on)
        inside = tuple((max(since, opens), until) for since, until in at.rights_before if until >= opens)
        within = last_day_within(renewal.a_year, held(inside, renewal.a_year.unit), at.on)
        if within is None:
            sheet.tell("renewal", N_("La durée que la règle permet par an est atteinte."))
            return renewal.otherwise or OutcomeKind.WAITING_PERIOD, None
        if closes is not None and within >= closes:
            within = _over_next_years(renewal.a_year, closes)
        if within is not None:
            latest = min(within, latest) if latest else within
    if latest and sheet.duration and latest < sheet.duration.end(at.on):
        sheet.tell("renewal", N_("Ce qui reste permis mène au {day} au plus tard."), day=latest)
    return None, latest


def _over_next_years(cap: Duration, closes: date) -> date | None:
    """Return the last day allowed by what each next calendar year allows from its first day; None without limit."""
    within = last_day_within(cap, Fraction(0), closes + timedelta(days=1))
    return within if within is not None and within < closes.replace(year=closes.year + 1) else None


def _year(kind: YearKind, day: date) -> tuple[date, date | None]:
    if kind is YearKind.CIVIL:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    eve = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year - 1, day.month, eve), None


def conditions(sheet: Worksheet, verdict: OutcomeKind) -> OutcomeKind:
    """Return the verdict once referral and questions were looked at; one already closed stays as it is."""
    terms, at = sheet.rule.terms, sheet.at
    answers = dict(at.answers)
    for row in terms.conditions:
        answer = answers.get(row.code)
        if row.otherwise is OutcomeKind.ELIGIBLE:
            if answer is not None:
                yes_or_no = N_("{label} : oui.") if answer else N_("{label} : non.")
                sheet.tell("condition", yes_or_no, label=row.label)
            elif row.required:
                sheet.lack("answers", row.code, row.label)
        elif answer is False:
            sheet.tell("condition", UNMET, label=row.label)
            if verdict in (OutcomeKind.ELIGIBLE, OutcomeKind.COMMITTEE, OutcomeKind.WAITING_LIST):
                verdict = row.otherwise
        elif answer:
            sheet.tell("condition", N_("Condition remplie : {label}."), label=row.label)
        elif row.required:
            sheet.lack("answers", row.code, row.label)
        else:
            sheet.tell("condition", N_("Condition à vérifier : {label}."), label=row.label)
    if terms.referral and terms.referral.required:
        if at.referred is False:
            sheet.lack("referral", "referral", Phrase(N_("L'orientation par un travailleur social ou un partenaire")))
        elif at.referred is None:
            sheet.tell("referral", N_("Orientation demandée par la règle : à joindre au dossier."))
        else:
            sheet.tell("referral", N_("Le foyer est orienté, comme la règle le demande."))
    elif terms.referral:
        sheet.tell("referral", N_("Accès direct : aucune orientation n'est demandée."))
    return verdict


def outside_of(sheet: Worksheet) -> tuple[Outside, ...]:
    """Return the goods outside the ceilings for this household; a child's row needs a child who is, or will be, of that age."""
    found: list[Outside] = []
    day = sheet.at.on
    for row in sheet.rule.terms.outside:
        if row.when and not sheet.holds(row.when):
            continue
        if row.months is None:
            most = round_half_up(row.most.value(sheet.adults, sheet.children)) if row.most else None
            found.append(Outside(row, most, day))
            continue
        spans: list[tuple[date, date | None]] = []
        steady, doubt = 0, False
        for member in sheet.at.members:
            if not sheet.is_child(member):
                continue
            if member.birth is not None and member.birth.month:
                spans.append(_of_that_age(member.birth.latest, row.months))
            elif member.birth is None and member.age is not None and member.age >= 3:
                least, most_months = row.months
                steady += least <= member.age * 12 and (most_months is None or member.age * 12 <= most_months)
            else:
                doubt = True
        if doubt:
            sheet.tell("outside", N_("{label} : selon l'âge en mois des enfants, à vérifier."), label=row.label)
        ahead = tuple((since, until) for since, until in spans if until is None or until >= day)
        if ahead or steady:
            each = round_half_up(row.most.value(0, 1)) if row.most else None
            found.append(Outside(row, each, day, ahead, steady))
    return tuple(found)


def _of_that_age(born: date, months: tuple[int, int | None]) -> tuple[date, date | None]:
    """Return the first and the last day on which a child born that day is of an age in months, both bounds included."""
    least, most = months
    return _aged(born, least), None if most is None else _aged(born, most + 1) - timedelta(days=1)


def _aged(born: date, months: int) -> date:
    """Return the day on which a child surely is so many months old."""
    return Duration(DurationUnit.MONTHS, months).end(born) + timedelta(days=1) if months else born
