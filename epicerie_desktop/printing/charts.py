"""Bars by month beside the year before, and bars by part: read in black and white. The screen shows these same drawings."""

from __future__ import annotations

from datetime import date, datetime

from epicerie_desktop.domain.data_table import Holds
from epicerie_desktop.domain.reports.dashboard import Dashboard, Picture, said
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4_LANDSCAPE, ACCENT, INK, LINE, MM, MUTED, SHADE, Paper
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _

PICTURE = (270.0, 190.0)
"""Points of a picture alone; on the sheet each has as much."""
_GAP = 12.0
_LAST_YEAR = (0.80, 0.82, 0.84)
_TITLE, _SMALL = 10.5, 6.6


def picture_pdf(picture: Picture) -> bytes:
    """Return a picture alone, as a PDF of its own size."""
    paper = Paper(PICTURE, picture.title, margin=0, bare=True)
    draw(paper, picture, 0, 0, *PICTURE)
    return paper.finish()


def dashboard_pdf(shop: ShopHeader, board: Dashboard, printed_at: datetime) -> bytes:
    """Return every picture on one A4 in landscape."""
    title = _("Tableau de bord")
    paper = Paper(A4_LANDSCAPE, title, margin=12 * MM, foot=title)
    first = board.pictures[0].first
    told = _("{first} à {last}").format(first=_month(first), last=_month(board.pictures[0].last))
    head.draw(paper, shop, title, told, [_("Imprimé le {instant}").format(instant=shown.instant(printed_at))])
    width = (paper.width - 2 * _GAP) / 3
    height = (paper.y - paper.bottom - _GAP - paper.end_with(shop.last_words)) / 2
    for place, picture in enumerate(board.pictures):
        x = paper.left + (place % 3) * (width + _GAP)
        y = paper.y - (place // 3 + 1) * height - (place // 3) * _GAP
        draw(paper, picture, x, y, width, height)
    paper.y -= 2 * height + _GAP
    return paper.finish()


def draw(paper: Paper, picture: Picture, x: float, y: float, width: float, height: float) -> None:
    """Draw a picture whose lower left corner is (`x`, `y`): its name, its bars with their values, what it counts."""
    top = y + height
    paper.text(x, top - _TITLE, picture.title, _TITLE, bold=True)
    foot = y
    for line in reversed(paper.wrap(picture.definition, width, _SMALL)):
        paper.text(x, foot + 2, line, _SMALL, colour=MUTED)
        foot += _SMALL * 1.3
    low, high = foot + 6, top - _TITLE - 8
    if not any(b.value or b.before for b in picture.bars):
        paper.text(
            x + width / 2, (low + high) / 2, _("Rien à montrer sur ces douze mois."), 8, colour=MUTED, align="centre"
        )
    elif picture.by_month:
        _months(paper, picture, x, low, width, high - low)
    else:
        _parts(paper, picture, x, low, width, high - low)


def _months(paper: Paper, picture: Picture, x: float, y: float, width: float, height: float) -> None:
    _legend(paper, x, y + height - 8, width)
    base, tall = y + 20, height - 44
    most = max(max(abs(b.value), abs(b.before or 0)) for b in picture.bars)
    step = width / len(picture.bars)
    bar = step * 0.36
    for place, b in enumerate(picture.bars):
        left = x + place * step
        for offset, value, fill in ((step * 0.12, b.before or 0, _LAST_YEAR), (step * 0.12 + bar, b.value, ACCENT)):
            if value > 0:
                paper.box(left + offset, base, bar, max(0.8, tall * value / most), fill=fill, stroke=INK, thick=0.3)
        if b.value > 0:
            paper.text(left + step * 0.12 + bar * 1.5, base + tall * b.value / most + 2, _short(b.value, picture.holds), 5.6, align="centre", bold=True)  # fmt: skip
        paper.text(left + step / 2, base - 8, _initial(b.key), 6.6, align="centre")
    paper.rule(base, x1=x, x2=x + width, colour=INK, thick=0.7)
    total = sum(b.value for b in picture.bars)
    if picture.holds is not Holds.COUNT:
        told = _("Douze mois : {total} ; les douze d'avant : {before}").format(
            total=said(total, picture.holds), before=said(sum(b.before or 0 for b in picture.bars), picture.holds)
        )
        paper.text(x, y, told, 7)


def _legend(paper: Paper, x: float, y: float, width: float) -> None:
    right = x + width
    for words, fill in ((_("douze derniers mois"), ACCENT), (_("un an plus tôt"), _LAST_YEAR)):
        right -= paper.measure(words, 6.6)
        paper.text(right, y, words, 6.6, colour=MUTED)
        right -= 9
        paper.box(right, y - 0.8, 6.5, 6.5, fill=fill, stroke=INK, thick=0.3)
        right -= 10


def _parts(paper: Paper, picture: Picture, x: float, y: float, width: float, height: float) -> None:
    bars = picture.bars
    step = min(20.0, height / len(bars))
    size = min(8.0, step * 0.62)
    whole = sum(b.value for b in bars)
    share = picture.holds is Holds.GRAMS and whole > 0
    values = [
        said(b.value, picture.holds) + (f" · {shown.percent(round(1000 * b.value / whole))}" if share else "")
        for b in bars
    ]
    names = max(paper.measure(b.name, size) for b in bars)
    names = min(names, width * 0.42)
    room = width - names - 10 - max(paper.measure(v, size, bold=True) for v in values)
    most = max(b.value for b in bars)
    for place, (b, value) in enumerate(zip(bars, values, strict=True)):
        foot = y + height - (place + 1) * step
        paper.text(x + names, foot + step * 0.3, paper.wrap(b.name, names + 1, size)[0], size, align="right")
        long = room * b.value / most if most else 0
        paper.box(
            x + names + 5,
            foot + step * 0.16,
            max(0.6, long),
            step * 0.62,
            fill=ACCENT if b.value else SHADE,
            stroke=LINE,
            thick=0.3,
        )
        paper.text(x + names + 9 + long, foot + step * 0.3, value, size, bold=True)


def _short(value: int, holds: Holds) -> str:
    return shown.number(
        round(value / 1000) if holds is Holds.GRAMS else round(value / 100) if holds is Holds.CENTS else value
    )


def _month(day: date) -> str:
    return shown.month(f"{day:%Y-%m}")


def _initial(month: str) -> str:
    """Return the letter of a month, its year under January."""
    letter = shown.month(month)[:1].upper()
    return f"{letter} {month[2:4]}" if month.endswith("-01") else letter
