"""A page that bears one secret in groups of four, its QR code, what to do with it, and lines to sign. Knows no key.

The file itself says nothing of the secret but by its drawing: neither its title nor its properties repeat it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.codes import draw_qr
from epicerie_desktop.printing.recovery import blank_line, numbered
from epicerie_desktop.printing.style import A4, INK, MM, MUTED, Paper
from epicerie_desktop.support.format import day
from epicerie_desktop.support.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class SecretSheet:
    """What the page says; `code` is a prefix and groups of four set apart by hyphens, `facts` what is written above it."""

    title: str
    subtitle: str
    code: str
    uses: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    kept_by: tuple[str, ...] = ()
    warning: str = ""


def render(issuer: ShopHeader, sheet: SecretSheet, made_on: date) -> bytes:
    """Return the PDF of the page, A4."""
    paper = Paper(
        A4, sheet.title, margin=18 * MM, foot=_("{title} – à garder sous enveloppe fermée").format(title=sheet.title)
    )
    head.draw(paper, issuer, sheet.title, sheet.subtitle, [_("Fait le {day}").format(day=day(made_on))])
    for name, told in sheet.facts:
        paper.paragraph(f"{name} : {told}", 10.5, after=2)
    paper.y -= 6
    _draw_groups(paper, sheet.code)
    if sheet.warning:
        paper.paragraph(sheet.warning, 9.5, colour=MUTED, after=4)
    for n, use in enumerate(sheet.uses, 1):
        numbered(paper, n, use)
    paper.y -= 8
    for line in sheet.kept_by:
        blank_line(paper, line)
    return paper.finish()


def _draw_groups(paper: Paper, code: str) -> None:
    """Draw the groups numbered, in rows, and the square at their right: a slip is told by the number of its group."""
    prefix, *groups = code.split("-")
    columns = 4 if len(groups) <= 24 else 6
    rows: Sequence[Sequence[str]] = [groups[at : at + columns] for at in range(0, len(groups), columns)]
    side = 46 * MM
    step = 30 if len(groups) <= 24 else 27
    height = max(side + 4 * MM, len(rows) * step + 26)
    paper.y -= height
    paper.box(paper.left, paper.y, paper.width, height, stroke=INK, thick=1.2, radius=5)
    draw_qr(paper, code, paper.right - side - 2 * MM, paper.y + (height - side) / 2, side)
    room = (paper.width - side - 8 * MM) / columns
    paper.text(paper.left + 4 * MM, paper.y + height - 15, f"{prefix} –", 10, bold=True)
    top = paper.y + height - 40
    size = 17 if columns == 4 else 13
    for r, row in enumerate(rows):
        for i, group in enumerate(row):
            left = paper.left + 4 * MM + i * room
            paper.text(left, top - r * step + size * 0.75, str(r * columns + i + 1), 6.5, colour=MUTED)
            paper.text(left + 9, top - r * step, group, size, bold=True)
    paper.y -= 12
