"""The grid of the fourteen allergens, article by article: present, traces, absent, and unknown told apart. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from epicerie_desktop.domain.safety import Presence
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4_LANDSCAPE, MM, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.format import instant
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_SIGNS = {Presence.PRESENT: N_("OUI"), Presence.TRACES: N_("tr."), Presence.ABSENT: "–", Presence.UNKNOWN: "?"}


@dataclass(frozen=True, slots=True)
class Grid:
    """What to print: the names of the fourteen, and of each article its family, its name and what is known, in their order."""

    shop: ShopHeader
    allergens: tuple[str, ...]
    lines: tuple[tuple[str, str, tuple[Presence, ...]], ...]
    printed_at: datetime


def render(grid: Grid) -> bytes:
    """Return the PDF, A4 in landscape."""
    title = _("Allergènes")
    paper = Paper(A4_LANDSCAPE, title, margin=12 * MM, foot=title, running=title)
    head.draw(paper, grid.shop, title, "", [_("Imprimé le {instant}").format(instant=instant(grid.printed_at))])
    paper.paragraph(
        _("OUI : présent. tr. : traces possibles. – : absent. ? : inconnu, ce n'est pas « absent ». En cas d'allergie, lisez toujours l'emballage."),
        9.5, bold=True, after=4,
    )  # fmt: skip
    columns = [Column(_("Article")), *(Column(name, 38, right=True, turned=True) for name in grid.allergens)]
    for family, lines in groupby(grid.lines, key=lambda line: line[0]):
        paper.heading(family)
        Table(paper, columns, size=8.5).draw([(name, *(_(_SIGNS[p]) for p in known)) for _family, name, known in lines])
    if not grid.lines:
        paper.paragraph(_("Le catalogue n'a encore aucun article."), 11)
    return paper.finish()
