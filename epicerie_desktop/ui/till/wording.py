"""The sentences of the counter and the till: verdicts, reasons, ceilings, quantities. Gentle, and never an income."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from epicerie_desktop.domain.access import CeilingLeft, CeilingMeasure, Reason, Verdict, VerdictState
from epicerie_desktop.domain.basket import ArticleOffer, Line, SoldBy, WeightSource
from epicerie_desktop.domain.eligibility.terms import OtherMeasure, PriceKind, WithoutBag
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.terms_at_till import Tariff, Terms
from epicerie_desktop.services.queries.counter import TicketRow
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.i18n import N_, ngettext
from epicerie_desktop.support.i18n import gettext as _

_SHORT_STATES = {
    VerdictState.OPEN: N_("Ouvert"),
    VerdictState.ASK_TEAM: N_("À voir"),
    VerdictState.CLOSED: N_("En pause"),
}
_REASONS = {
    Reason.RIGHT_OPEN: N_("Le droit est ouvert jusqu'au {until}."),
    Reason.ENDS_SOON: N_("Le droit se termine le {until} : proposez un rendez-vous pour la suite."),
    Reason.NEVER_OPENED: N_("Le dossier est en cours : l'équipe peut recevoir la famille dès aujourd'hui."),
    Reason.LAPSED: N_("Le droit s'est terminé le {until} : un mot avec l'équipe avant les courses."),
    Reason.NOT_STARTED: N_("Le droit commence le {since} : un mot avec l'équipe avant les courses."),
    Reason.SUSPENDED: N_("Le droit est en pause : l'équipe reçoit la famille, à l'écart."),
    Reason.CEILING_SPENT: N_("Le plafond de la période est atteint : l'équipe dira ce qui est possible."),
    Reason.ALREADY_SERVED_TODAY: N_("La famille a déjà fait ses courses aujourd'hui : un mot avec l'équipe."),
    Reason.VISITS_SPENT: N_("Les passages prévus sur cette période sont faits : un mot avec l'équipe."),
    Reason.TOO_SOON: N_("Le dernier passage est récent : un mot avec l'équipe avant les courses."),
    Reason.NOT_THEIR_DAY: N_("Ce n'est pas le jour prévu pour ce foyer : un mot avec l'équipe."),
    Reason.LAST_VISIT_DONE: N_("Tous les passages de ce droit sont faits : proposez un rendez-vous pour la suite."),
    Reason.NO_MEMBER: N_("Le dossier n'a plus de membre à ce jour : l'équipe le complétera."),
}
_MARKED = (WeightSource.SCALE, WeightSource.LABEL, WeightSource.TYPED, WeightSource.ESTIMATED)


def state(verdict: Verdict) -> str:
    """Return the words of the banner."""
    return label(verdict.state)


def short_state(verdict: Verdict) -> str:
    """Return the one word of a list."""
    return _(_SHORT_STATES[verdict.state])


def reason(verdict: Verdict) -> str:
    """Return why, in a sentence that can be read aloud in front of the family."""
    grant = verdict.grant
    until, since = (shown.middle_day(grant.valid_until), shown.middle_day(grant.valid_from)) if grant else ("–", "–")
    return _(_REASONS[verdict.reason]).format(until=until, since=since)


def ceiling(left: CeilingLeft) -> str:
    """Return what a ceiling limits, and over what: « Poids par mois », « Couches par semaine »."""
    what = left.ceiling
    goods = what.label
    if not goods and what.scope is not None:
        goods = ", ".join(label(o) for o in sorted(what.scope.origins))
    if not goods:
        return f"{label(what.measure)} {label(what.period)}"
    if isinstance(what.measure, OtherMeasure):
        return f"{goods} {label(what.period)}"
    told = _("{goods} ({measure})").format(goods=goods, measure=label(what.measure).lower())
    return f"{told} {label(what.period)}"


def measured(measure: CeilingMeasure | OtherMeasure, amount: int) -> str:
    """Return a figure of a ceiling, in euros, kilos or articles."""
    if measure is OtherMeasure.POINTS:
        return ngettext("{n} point", "{n} points", amount).format(n=amount)
    if measure is OtherMeasure.UNITS:
        return ngettext("{n} article", "{n} articles", amount).format(n=amount)
    return shown.kilos(amount) if measure is CeilingMeasure.GRAMS else shown.money(amount)


def excess(over: Sequence[tuple[CeilingLeft, int]]) -> str:
    """Return what a basket goes over, and by how much: every ceiling, since one agreement holds for all."""
    told = [(measured(left.ceiling.measure, excess), ceiling(left).lower()) for left, excess in over]
    if len(told) == 1:
        return _("Ce panier dépasse le plafond de {excess} ({what}).").format(excess=told[0][0], what=told[0][1])
    parts = ", ".join(_("de {excess} ({what})").format(excess=excess, what=what) for excess, what in told)
    return _("Ce panier dépasse {n} plafonds : {parts}.").format(n=len(told), parts=parts)


_FLATS = {
    PriceKind.PER_KILO: N_("La famille paie {amount} le kilo."),
    PriceKind.PER_PIECE: N_("La famille paie {amount} la pièce."),
    PriceKind.PER_VISIT: N_("La famille paie {amount} par passage."),
    PriceKind.PER_MONTH: N_("La famille paie {amount} par mois."),
}


def share(usual: Tariff, terms: Terms) -> str:
    """Return what a household pays for most goods, and whether some have a price of their own."""
    if usual.kind is not None:
        said = _(_FLATS[usual.kind]).format(amount=shown.money(usual.cents))
    elif usual.permille:
        said = _("La famille paie {share} de la valeur en rayon.").format(share=shown.percent(usual.permille))
    else:
        said = _("La famille ne paie rien.")
    narrow = any(not r.scope.every for r in terms.rates) or any(o.permille is not None for o in terms.outside)
    return " ".join((said, _("Certains articles ont leur propre prix : la caisse le calcule."))) if narrow else said


def manners(terms: Terms) -> str:
    """Return what the règlement says of the way to shop, empty where it says nothing."""
    said = []
    if terms.bag is not None:
        said.append(
            _("Sac isotherme demandé pour le frais et le surgelé.")
            if terms.bag is WithoutBag.NO_COLD
            else _("Un sac isotherme est conseillé.")
        )
    if terms.accompanied:
        said.append(_("Un bénévole accompagne les courses."))
    return " ".join(said)


def people(adults: int, children: int) -> str:
    """Return « 2 adultes, 3 enfants »."""
    grown = ngettext("{n} adulte", "{n} adultes", adults).format(n=adults)
    if not children:
        return grown
    young = ngettext("{n} enfant", "{n} enfants", children).format(n=children)
    return f"{grown}, {young}" if adults else young


def quantity(line: Line) -> str:
    """Return how much of an article a line holds."""
    if line.sold_by is SoldBy.WEIGHT:
        return shown.kilos(line.grams)
    return ngettext("{n} pièce", "{n} pièces", line.pieces).format(n=line.pieces)


def source(line: Line) -> str:
    """Return where the weight of a line comes from, empty where nothing was weighed."""
    return label(line.source) if line.source in _MARKED else ""


def unit_value(offer: ArticleOffer) -> str:
    """Return the reference value of an article: « 2,10 € le kilo »."""
    if offer.reference_cents is None:
        return _("valeur à indiquer")
    amount = shown.money(offer.reference_cents)
    return (_("{amount} le kilo") if offer.sold_by is SoldBy.WEIGHT else _("{amount} la pièce")).format(amount=amount)


def hour(at: datetime) -> str:
    """Return the time of an instant in France: « 14:05 »."""
    return f"{at.astimezone(PARIS):%H:%M}"


def day_and_hour(at: datetime, today: date) -> str:
    """Return « à 14:05 » for an instant of today, « le 22/11/2026 à 14:05 » for another day."""
    if at.astimezone(PARIS).date() == today:
        return _("à {hour}").format(hour=hour(at))
    return _("le {day}").format(day=shown.instant(at))


def lines(count: int) -> str:
    """Return « 3 lignes »."""
    return ngettext("{n} ligne", "{n} lignes", count).format(n=count)


def balance(cents: int) -> str:
    """Return what a household has ahead (+) or owes (−) in words; nothing at 0."""
    if not cents:
        return ""
    told = _("D'avance : {amount}") if cents > 0 else _("Reste dû : {amount}")
    return told.format(amount=shown.money(abs(cents)))


def drawer_over(over: tuple[int, int] | None) -> str:
    """Return that a régie's drawer holds more than it may (what it holds, what it may); nothing otherwise."""
    if over is None:
        return ""
    return _("La caisse contient {held}, au-delà de l'encaisse autorisée ({most}) : prévoyez un versement.").format(
        held=shown.money(over[0]), most=shown.money(over[1])
    )


def given_back(ticket: TicketRow) -> str:
    """Return what a family is given back when its ticket is cancelled: cash, and what was paid otherwise told apart."""
    if not ticket.other_cents:
        return shown.money(ticket.cash_cents)
    other = _("{amount} par chèque, carte ou bon").format(amount=shown.money(ticket.other_cents))
    if not ticket.cash_cents:
        return other
    return _("{cash} en espèces et {other}").format(cash=shown.money(ticket.cash_cents), other=other)


def restored(ticket: TicketRow) -> tuple[str, ...]:
    """Return the words of what a cancelled ticket had taken from money ahead or left to pay; none where it had not."""
    return (_("L'avance ou le reste dû du foyer est rétabli."),) if ticket.purse_cents else ()
