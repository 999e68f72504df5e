"""The register of temperatures, unit by unit, as an inspection asks for it. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, MM, MUTED, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.format import day, instant
from epicerie_desktop.support.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Register:
    """What to print; a line is day, hour, temperature, limits, whether within, what was done, who."""

    shop: ShopHeader
    first: date
    last: date
    units: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    printed_at: datetime


def render(register: Register) -> bytes:
    """Return the PDF, A4."""
    title = _("Relevé des températures")
    period = _("du {first} au {last}").format(first=day(register.first), last=day(register.last))
    foot = f"{title} – {period}"
    paper = Paper(A4, title, margin=15 * MM, foot=foot, running=foot)
    head.draw(
        paper, register.shop, title, period, [_("Imprimé le {instant}").format(instant=instant(register.printed_at))]
    )
    columns = [
        Column(_("Jour"), 60), Column(_("Heure"), 44), Column(_("Relevé"), 48, right=True), Column(_("Limite"), 82), Column(_("Conforme"), 48),
        Column(_("Ce qui a été fait")), Column(_("Relevé par"), 74),
    ]  # fmt: skip
    for unit, lines in register.units:
        paper.heading(unit)
        Table(paper, columns, size=9).draw(lines)
    if not register.units:
        paper.paragraph(_("Aucun relevé dans cette période."), 11)
    paper.y -= 10
    paper.need(60)
    paper.paragraph(
        _("Un relevé ne se corrige pas : une seconde lecture s'ajoute. Chaque ligne garde la limite qui valait ce jour-là."), 9, colour=MUTED
    )  # fmt: skip
    return paper.finish()
