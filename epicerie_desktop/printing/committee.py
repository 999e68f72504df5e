"""The committee's list: a situation a block, known by its number alone, with room for the answer and the signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, ACCENT, INK, LINE, MM, MUTED, SHADE, Paper
from epicerie_desktop.support.format import instant, long_day
from epicerie_desktop.support.i18n import gettext as _

_ROOM = 84
"""Height, in points, of the room for an answer: boxes to tick and two lines to write on."""


@dataclass(frozen=True, slots=True)
class ListedSituation:
    """A situation in words already: its number, what is known of it, its sum; `answer` once the committee gave one."""

    rank: int
    rows: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    answer: str = ""


@dataclass(frozen=True, slots=True)
class CommitteeList:
    """What to print. It holds no name, address, commune, birth date nor exact sum."""

    shop: ShopHeader
    day: date
    place: str
    printed_at: datetime
    situations: tuple[ListedSituation, ...]


def render(found: CommitteeList) -> bytes:
    """Return the PDF of the list, A4."""
    title = _("Commission")
    foot = f"{title} – {long_day(found.day)}"
    paper = Paper(A4, title, margin=16 * MM, foot=foot, running=foot)
    details = [found.place] if found.place else []
    details.append(_("Imprimé le {instant}").format(instant=instant(found.printed_at)))
    head.draw(paper, found.shop, title, long_day(found.day), details)
    words = _(
        "Situations présentées sans nom. Les sommes sont arrondies ; l'avis est celui du règlement, la commission décide."
    )
    paper.paragraph(words, 9, colour=MUTED, after=8)
    for situation in found.situations:
        _draw(paper, situation)
    _draw_signatures(paper)
    return paper.finish()


def _draw(paper: Paper, situation: ListedSituation) -> None:
    half = paper.width / 2 - 8
    left = [(what, paper.wrap(how, half - 92, 9.5)) for what, how in situation.rows]
    right = [paper.wrap(step, half, 9.5) for step in situation.steps]
    high = max(_height([lines for _what, lines in left]), _height(right) + _ROOM)
    paper.need(34 + high)
    paper.y -= 22
    paper.box(paper.left, paper.y - 2, paper.width, 20, fill=SHADE, stroke=None, radius=3)
    number = _("Situation n° {rank}").format(rank=situation.rank)
    paper.text(paper.left + 8, paper.y + 4, number, 12, bold=True, colour=ACCENT)
    paper.y -= 8
    top = paper.y
    for what, lines in left:
        paper.text(paper.left, paper.y - 10, what, 9, colour=MUTED)
        _lines(paper, paper.left + 92, lines)
    paper.y = top
    x = paper.left + half + 16
    for lines in right:
        _lines(paper, x, lines)
    _draw_answer(paper, situation, x)
    paper.y = top - high - 8


def _height(blocks: Sequence[Sequence[str]]) -> float:
    return sum(13 * len(lines) + 2 for lines in blocks)


def _lines(paper: Paper, x: float, lines: Sequence[str]) -> None:
    for line in lines:
        paper.y -= 13
        paper.text(x, paper.y + 3, line, 9.5)
    paper.y -= 2


def _draw_answer(paper: Paper, situation: ListedSituation, x: float) -> None:
    paper.y -= 8
    if situation.answer:
        paper.text(x, paper.y - 11, situation.answer, 11, bold=True)
        return
    for n, word in enumerate((_("Favorable"), _("Défavorable"), _("Ajourné"))):
        at = x + n * 86
        paper.box(at, paper.y - 12, 10, 10, stroke=INK)
        paper.text(at + 15, paper.y - 11, word, 9.5)
    paper.text(x, paper.y - 30, _("Conditions, participation, durée :"), 9, colour=MUTED)
    for n in (1, 2):
        paper.rule(paper.y - 30 - 21 * n, x1=x, colour=LINE)


def _draw_signatures(paper: Paper) -> None:
    paper.need(120)
    paper.heading(_("Signatures des membres de la commission"))
    for _row in range(2):
        paper.y -= 40
        for column in range(3):
            x = paper.left + column * (paper.width / 3)
            paper.rule(paper.y, x1=x, x2=x + paper.width / 3 - 16, colour=LINE)
