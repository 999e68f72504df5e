"""The words of a ticket, line by line, whatever prints it: a roll drawn as PDF, or a ticket printer. Knows no page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.ticket import PurseReceipt, Ticket, TicketCeiling, TicketLine
from epicerie_desktop.support.format import instant, kilos, money, number, plain_money
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_PERIODS = {
    CeilingPeriod.VISIT: N_("pour ce passage"),
    CeilingPeriod.WEEK: N_("cette semaine"),
    CeilingPeriod.FORTNIGHT: N_("cette quinzaine"),
    CeilingPeriod.MONTH: N_("ce mois-ci"),
    CeilingPeriod.SEMESTER: N_("ce semestre"),
    CeilingPeriod.GRANT: N_("jusqu'à la fin du droit"),
}
_MEASURES = {
    CeilingMeasure.PAID: N_("Reste {period} : {left} de participation."),
    CeilingMeasure.SHELF_VALUE: N_("Reste {period} : {left} de valeur en rayon."),
    CeilingMeasure.GRAMS: N_("Reste {period} : {left}."),
}


class RowKind(Enum):
    """What a row is; how it looks is the printer's affair."""

    SHOP = auto()
    CONTACT = auto()
    STAMP = auto()
    RULE = auto()
    NUMBER = auto()
    WHEN = auto()
    HEADINGS = auto()
    LINE = auto()
    QUANTITY = auto()
    SUM = auto()
    FIRST_PAYMENT = auto()
    DUE = auto()
    SAVINGS = auto()
    CEILING = auto()
    LAST_WORD = auto()
    SMALL_PRINT = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the roll: words at the left, and figures at the right, in one or two columns."""

    kind: RowKind
    left: str = ""
    value: str = ""
    right: str = ""


def rows_of(ticket: Ticket) -> tuple[Row, ...]:
    """Return the rows of a ticket, in order. A household is its number, never a name."""
    rows = [
        *_head(ticket, title_of(ticket), _("Duplicata") if ticket.duplicate else "", _regie(ticket)),
        Row(RowKind.HEADINGS, _("Article"), _("valeur"), _("à payer")),
    ]
    for line in ticket.lines:
        rows.append(Row(RowKind.LINE, line.label, plain_money(line.shelf_cents), plain_money(line.paid_cents)))
        rows.append(Row(RowKind.QUANTITY, _quantity(line)))
        if line.past_best_before:
            rows.append(Row(RowKind.QUANTITY, _("DDM dépassée")))
    rows.append(Row(RowKind.RULE))
    return (*rows, *_sums(ticket), *_last_words(ticket))


def _head(ticket: Ticket | PurseReceipt, number_of: str, mark: str, issuer: Sequence[str] = ()) -> list[Row]:
    rows = [Row(RowKind.SHOP, ticket.shop.name)]
    rows += [Row(RowKind.CONTACT, line) for line in (*ticket.shop.address, *ticket.shop.contacts, *issuer)]
    if ticket.cancelled:
        rows.append(Row(RowKind.STAMP, _("ANNULÉ")))
    return [
        *rows,
        Row(RowKind.RULE),
        Row(RowKind.NUMBER, number_of, right=_("Foyer {number}").format(number=ticket.household)),
        Row(RowKind.WHEN, instant(ticket.at), right=mark),
        Row(RowKind.RULE),
    ]


def rows_of_receipt(receipt: PurseReceipt) -> tuple[Row, ...]:
    """Return the rows of the receipt for money paid ahead or owed, in order."""
    rows = _head(receipt, title_of(receipt), "", _regie(receipt))
    if receipt.settled_cents:
        rows.append(Row(RowKind.SUM, _("Reste dû, réglé"), right=money(receipt.settled_cents)))
    if receipt.ahead_cents:
        rows.append(Row(RowKind.SUM, _("Versé d'avance"), right=money(receipt.ahead_cents)))
    rows += [
        Row(RowKind.DUE, _("Reçu en espèces"), right=money(receipt.settled_cents + receipt.ahead_cents)),
        _balance(receipt.balance_cents),
        Row(RowKind.RULE),
        Row(RowKind.LAST_WORD, _cancelled(receipt) if receipt.cancelled else _("Merci, à bientôt.")),
    ]  # fmt: skip
    return tuple(rows)


def _balance(cents: int) -> Row:
    return Row(RowKind.SUM, _("Reste dû") if cents < 0 else _("Reste d'avance"), right=money(abs(cents)))


def title_of(ticket: Ticket | PurseReceipt) -> str:
    """Return what the paper is called, with its number: a régie gives a quittance (CGCT, R.1617-1 and following)."""
    if ticket.regie:
        called = _("Quittance {number}")
    else:
        called = _("Ticket {number}") if isinstance(ticket, Ticket) else _("Reçu {number}")
    return called.format(number=ticket.number)


def _regie(ticket: Ticket | PurseReceipt) -> list[str]:
    if ticket.regie is None:
        return []
    agent = ticket.regie.regisseur
    return [
        words for words in (ticket.regie.name, _("Régisseur : {name}").format(name=agent) if agent else "") if words
    ]


def _quantity(line: TicketLine) -> str:
    """Return « 1,250 kg × 2,20 €/kg » or « 3 × 1,90 € »."""
    if line.estimated:
        return _("au sac, environ {weight}").format(weight=kilos(line.grams))
    if line.sold_by is SoldBy.WEIGHT:
        return _("{weight} × {price}/kg").format(weight=kilos(line.grams), price=money(line.reference_cents))
    return _("{count} × {price}").format(count=number(line.pieces), price=money(line.reference_cents))


def _sums(ticket: Ticket) -> list[Row]:
    rows = [
        Row(RowKind.SUM, _("Valeur en rayon"), right=money(ticket.shelf_cents)),
        Row(RowKind.DUE, _("À payer"), right=money(ticket.due_cents)),
    ]
    rows += [
        Row(RowKind.SUM if n else RowKind.FIRST_PAYMENT, payment.label, right=money(payment.cents))
        for n, payment in enumerate(ticket.payments)
    ]
    if ticket.payments:
        rows.append(Row(RowKind.SUM, _("Rendu"), right=money(ticket.change_cents)))
    if ticket.balance_cents is not None:
        rows.append(_balance(ticket.balance_cents))
    rows.append(Row(RowKind.SAVINGS, _("Économie"), right=money(ticket.savings_cents)))
    if ticket.grams:
        rows.append(Row(RowKind.SUM, _("Poids des denrées"), right=kilos(ticket.grams)))
    return rows


def _last_words(ticket: Ticket) -> list[Row]:
    rows = [Row(RowKind.RULE), *(Row(RowKind.CEILING, _ceiling(c)) for c in ticket.ceilings)]
    rows += [
        Row(RowKind.LAST_WORD, said) for said in ((_cancelled(ticket),) if ticket.cancelled else ticket.last_words)
    ]
    if ticket.regie is None:
        rows.append(Row(RowKind.SMALL_PRINT, _("À conserver ou à jeter : rien ne vous sera demandé.")))
    return rows


def _cancelled(ticket: Ticket | PurseReceipt) -> str:
    if ticket.regie is not None:
        return _("Cette quittance est annulée : elle ne compte plus.")
    if isinstance(ticket, Ticket):
        return _("Ce ticket est annulé : il ne compte plus.")
    return _("Ce reçu est annulé : il ne compte plus.")


def _ceiling(ceiling: TicketCeiling) -> str:
    left = kilos(ceiling.left) if ceiling.measure is CeilingMeasure.GRAMS else money(ceiling.left)
    return _(_MEASURES[ceiling.measure]).format(left=left, period=_(_PERIODS[ceiling.period]))
