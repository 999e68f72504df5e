"""The words and marks of the households' screen: states, ages, ceilings, rights in a line."""

from __future__ import annotations

from datetime import date

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, Grant, Verdict, VerdictState
from epicerie_desktop.domain.card import CardOrigin, belongs, parse_card
from epicerie_desktop.domain.household import Composition, Link, PartialDate
from epicerie_desktop.domain.labels import label
from epicerie_desktop.services.desk import ShopCard
from epicerie_desktop.services.households.enrol import MemberForm
from epicerie_desktop.services.queries.counter import FoundHousehold
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_, ngettext
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.shapes import Shape

_MARKS: dict[VerdictState, tuple[Shape, str, str]] = {
    VerdictState.OPEN: ("disc", "check", "ok"),
    VerdictState.ASK_TEAM: ("diamond", "message-circle-question-mark", "ask"),
    VerdictState.CLOSED: ("octagon", "minus", "no"),
}
"""The silhouette, the icon in it and the colour of each state: those of the banner."""
_GRANTS = {
    "coming": N_("à venir"),
    "running": N_("en cours"),
    "over": N_("terminé"),
    "suspended": N_("suspendu"),
}


def state(verdict: Verdict) -> str:
    """Return the state of a household in a few words."""
    return label(verdict.state)


def mark(found: VerdictState) -> tuple[Shape, str, str]:
    """Return the silhouette, the icon and the colour of a state."""
    return _MARKS[found]


def age(iso: str, today: date) -> str:
    """Return « 41 ans », « 7 mois »: the age surely reached."""
    born = PartialDate.from_iso(iso)
    assert born is not None
    years = born.age_on(today)
    if years or not born.month:
        return ngettext("{n} an", "{n} ans", years).format(n=years)
    months = (today.year - born.year) * 12 + today.month - born.month - (born.day > today.day)
    return _("{n} mois").format(n=max(0, months))


def birth(iso: str, today: date) -> str:
    """Return what was understood of a birth date: « 41 ans », « 41 ans, jour inconnu »."""
    known = iso.count("-")
    if known == 2:
        return age(iso, today)
    template = _("{age}, jour inconnu") if known else _("{age}, mois inconnu")
    return template.format(age=age(iso, today))


def persons(n: int) -> str:
    """Return « 3 personnes »."""
    return ngettext("{n} personne", "{n} personnes", n).format(n=n)


def in_short(found: FoundHousehold) -> str:
    """Return the second line of a household in a list: number, persons, commune."""
    count = _("{n} pers.").format(n=found.persons)
    parts = [found.number, count]
    return " · ".join([*parts, found.commune] if found.commune else parts)


def holder(members: tuple[MemberForm, ...], today: date) -> str:
    """Return the name of the holder of the file."""
    found = next((m for m in members if m.link is Link.HOLDER and (m.left_on is None or m.left_on > today)), None)
    return f"{found.last_name} {found.first_name}" if found else "–"


def composition(found: Composition) -> str:
    """Return « 4 personnes : 2 adultes, 2 enfants. Couple avec enfants »."""
    if not found.persons:
        return _("Plus aucun membre à ce jour")
    adults = ngettext("{n} adulte", "{n} adultes", found.adults).format(n=found.adults)
    children = ngettext("{n} enfant", "{n} enfants", found.children).format(n=found.children)
    people = ", ".join(p for p, n in ((adults, found.adults), (children, found.children)) if n)
    return f"{persons(found.persons)} ({people}) · {label(found.kind)}"


def in_numbers(found: Composition) -> str:
    """Return « 2 adultes, 1 enfant », « personne »: how many are counted."""
    adults = ngettext("{n} adulte", "{n} adultes", found.adults).format(n=found.adults)
    children = ngettext("{n} enfant", "{n} enfants", found.children).format(n=found.children)
    return ", ".join(p for p, n in ((adults, found.adults), (children, found.children)) if n) or _("personne")


def grant_state(grant: Grant, today: date) -> str:
    """Return where a right stands: to come, running, over, suspended."""
    if grant.suspended and today <= grant.valid_until:
        state = "suspended"
    elif today < grant.valid_from:
        state = "coming"
    else:
        state = "running" if grant.covers(today) else "over"
    told = _GRANTS[state]
    return _(told)


def grant_look(grant: Grant, today: date) -> tuple[Shape, str, str]:
    """Return the silhouette, the icon and the colour that go with where a right stands."""
    if grant.suspended and today <= grant.valid_until:
        return _MARKS[VerdictState.CLOSED]
    if grant.covers(today):
        return _MARKS[VerdictState.OPEN]
    return ("square", "calendar-days" if today < grant.valid_from else "history", "neutral")


def period(grant: Grant) -> str:
    """Return « du 01/11/2026 au 31/01/2027 »."""
    return _("du {start} au {end}").format(start=shown.day(grant.valid_from), end=shown.day(grant.valid_until))


def ceiling(found: Ceiling) -> str:
    """Return « 115,00 € par mois (valeur en rayon) »."""
    amount = shown.kilos(found.amount) if found.measure is CeilingMeasure.GRAMS else shown.money(found.amount)
    return _("{amount} {period} ({measure})").format(
        amount=amount, period=label(found.period), measure=label(found.measure).lower()
    )


def terms(grant: Grant) -> str:
    """Return the share paid and the ceilings of a right."""
    return right_terms(grant.participation_permille, grant.ceilings)


def right_terms(permille: int, ceilings: tuple[Ceiling, ...]) -> str:
    """Return a share paid and ceilings."""
    share = _("Participation {percent}").format(percent=shown.percent(permille))
    limits = ", ".join(ceiling(c) for c in ceilings) or _("sans plafond")
    return f"{share} · {limits}"


def card(code: str, shop: ShopCard) -> str:
    """Return a card's number in groups, and whether another shop of the contract gave it."""
    number = parse_card(code)
    if number is None:
        return code
    if belongs(number, shop.contract_number, shop.number) is CardOrigin.OWN:
        return number.spaced
    return _("{number} (donnée par une autre épicerie)").format(number=number.spaced)
