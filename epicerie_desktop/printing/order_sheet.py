"""The order sheet: what to ask for, by whom it is asked, each line with where its number comes from. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.format import day, instant
from epicerie_desktop.support.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """What to print: by whom it is asked, lines of goods, how much, in which packs, and why, all in words."""

    shop: ShopHeader
    parts: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...]
    day: date
    printed_at: datetime


def render(sheet: OrderSheet) -> bytes:
    """Return the PDF, A4."""
    title = _("À commander")
    foot = f"{title} – {day(sheet.day)}"
    paper = Paper(A4, title, foot=foot, running=foot)
    told = [_("Imprimé le {instant}").format(instant=instant(sheet.printed_at))]
    head.draw(paper, sheet.shop, title, _("le {day}").format(day=day(sheet.day)), told)
    columns = [
        Column(_("Article")), Column(_("À demander"), 74, right=True), Column(_("Cartons"), 92, right=True), Column(_("Pourquoi"), 190),
        Column(_("Obtenu"), 58),
    ]  # fmt: skip
    for name, lines in sheet.parts:
        paper.heading(name)
        Table(paper, columns, size=9).draw([(*line, "") for line in lines])
    if not sheet.parts:
        paper.paragraph(_("Rien à commander : il y a assez de tout ce qui est suivi."), 11)
    return paper.finish()
