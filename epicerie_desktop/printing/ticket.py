"""The ticket, on a roll 80 mm wide and as long as it needs. A household number, never a name."""

from __future__ import annotations

from dataclasses import dataclass

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.ticket import Ticket, TicketCeiling, TicketLine
from epicerie_desktop.printing.style import INK, MM, MUTED, WHITE, Align, Grey, Paper
from epicerie_desktop.support.format import instant, kilos, money, number, plain_money
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

WIDTH = 80 * MM
_MARGIN = 4 * MM
_PAID_WIDTH = 46.0
_VALUE_WIDTH = 46.0
_AMPLE = (WIDTH, 14000.0)
"""A page long enough to measure on: its height is cut afterwards to what was written."""

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


@dataclass(frozen=True, slots=True)
class _Item:
    """A line of the roll: text at the left, and figures at the right, one or two columns of them."""

    left: str = ""
    value: str = ""
    right: str = ""
    size: float = 9
    bold: bool = False
    colour: Grey = INK
    align: Align = "left"
    before: float = 0
    kind: str = "text"


def render(ticket: Ticket) -> bytes:
    """Return the PDF of the ticket, 80 mm wide; its height is that of its content."""
    items = _items(ticket)
    trial = Paper(_AMPLE, "", margin=_MARGIN, bare=True)
    _draw(trial, items)
    height = _AMPLE[1] - trial.y + _MARGIN
    paper = Paper((WIDTH, height), _("Ticket {number}").format(number=ticket.number), margin=_MARGIN, bare=True)
    _draw(paper, items)
    return paper.finish()


def _items(ticket: Ticket) -> list[_Item]:
    items = [_Item(ticket.shop.name, size=11.5, bold=True, align="centre")]
    items += [
        _Item(line, size=8, colour=MUTED, align="centre") for line in (*ticket.shop.address, *ticket.shop.contacts)
    ]
    if ticket.cancelled:
        items.append(_Item(_("ANNULÉ"), kind="stamp", before=6))
    items.append(_Item(kind="rule", before=5))
    items.append(_Item(_("Ticket {number}").format(number=ticket.number), right=_("Foyer {number}").format(number=ticket.household), bold=True))  # fmt: skip
    items.append(_Item(instant(ticket.at), right=_("Duplicata") if ticket.duplicate else "", size=8.5, colour=MUTED))
    items.append(_Item(kind="rule", before=3))
    items.append(_Item(_("Article"), _("valeur"), _("à payer"), size=7.5, colour=MUTED))
    for line in ticket.lines:
        items.append(_Item(line.label, plain_money(line.shelf_cents), plain_money(line.paid_cents), before=1.5))
        items.append(_Item(_quantity(line), size=8, colour=MUTED))
    items.append(_Item(kind="rule", before=4))
    return items + _sums(ticket) + _last_words(ticket)


def _quantity(line: TicketLine) -> str:
    """Return « 1,250 kg × 2,20 €/kg » or « 3 × 1,90 € »."""
    if line.estimated:
        return _("au sac, environ {weight}").format(weight=kilos(line.grams))
    if line.sold_by is SoldBy.WEIGHT:
        return _("{weight} × {price}/kg").format(weight=kilos(line.grams), price=money(line.reference_cents))
    return _("{count} × {price}").format(count=number(line.pieces), price=money(line.reference_cents))


def _sums(ticket: Ticket) -> list[_Item]:
    items = [
        _Item(_("Valeur en rayon"), right=money(ticket.shelf_cents)),
        _Item(_("À payer"), right=money(ticket.due_cents), size=13, bold=True, before=2),
    ]
    items += [_Item(payment.label, right=money(payment.cents), before=2 * (n == 0)) for n, payment in enumerate(ticket.payments)]  # fmt: skip
    if ticket.payments:
        items.append(_Item(_("Rendu"), right=money(ticket.change_cents)))
    items.append(_Item(_("Économie"), right=money(ticket.savings_cents), before=2))
    if ticket.grams:
        items.append(_Item(_("Poids des denrées"), right=kilos(ticket.grams)))
    return items


def _last_words(ticket: Ticket) -> list[_Item]:
    items = [_Item(kind="rule", before=4)]
    items += [_Item(_ceiling(c), size=8.5, align="centre", before=1) for c in ticket.ceilings]
    if ticket.cancelled:
        items.append(_Item(_("Ce ticket est annulé : il ne compte plus."), size=9, bold=True, align="centre", before=3))
    else:
        items.append(_Item(_("Merci de votre visite, à bientôt."), size=9, bold=True, align="centre", before=3))
    items.append(
        _Item(_("À conserver ou à jeter : rien ne vous sera demandé."), size=8, colour=MUTED, align="centre")
    )  # fmt: skip
    return items


def _ceiling(ceiling: TicketCeiling) -> str:
    left = kilos(ceiling.left) if ceiling.measure is CeilingMeasure.GRAMS else money(ceiling.left)
    return _(_MEASURES[ceiling.measure]).format(left=left, period=_(_PERIODS[ceiling.period]))


def _draw(paper: Paper, items: list[_Item]) -> None:
    for item in items:
        paper.y -= item.before
        if item.kind == "rule":
            paper.y -= 3
            paper.rule(paper.y, colour=INK, thick=0.6)
            paper.y -= 2
        elif item.kind == "stamp":
            paper.y -= 22
            paper.box(paper.left, paper.y, paper.width, 22, fill=INK, stroke=None)
            paper.text(WIDTH / 2, paper.y + 6, item.left, 15, bold=True, colour=WHITE, align="centre")
        else:
            _write(paper, item)


def _write(paper: Paper, item: _Item) -> None:
    """Write the words, wrapped in the room their figures leave, and the figures on their last line."""
    if item.value:
        room = paper.width - _PAID_WIDTH - _VALUE_WIDTH
    elif item.right:
        room = paper.width - paper.measure(item.right, item.size, bold=item.bold) - 6
    else:
        room = paper.width
    paper.paragraph(item.left, item.size, width=room, bold=item.bold, colour=item.colour, align=item.align, leading=1.3)
    foot = paper.y + item.size * 0.3
    if item.value:
        paper.text(paper.right - _PAID_WIDTH, foot, item.value, item.size, bold=item.bold, colour=item.colour, align="right")  # fmt: skip
    if item.right:
        paper.text(paper.right, foot, item.right, item.size, bold=item.bold, colour=item.colour, align="right")
