"""One page two people sign, or a short answer: words, what is promised on a line each, boxes to sign in. Knows no rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from epicerie_desktop.domain.duplicates import marked
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, INK, LINE, MM, MUTED, Paper


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: its title or none, paragraphs, then what is listed."""

    title: str = ""
    words: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """What to print, already in words. `addressee` stands at the right, a line each; `signers` (one or two) have a box each."""

    shop: ShopHeader
    title: str
    subtitle: str
    details: tuple[str, ...]
    parts: tuple[Part, ...]
    addressee: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    last_words: tuple[str, ...] = field(default=())
    duplicate: date | None = None


_SIZE = 11.0


def render(page: Agreement) -> bytes:
    """Return the PDF, A4."""
    foot = marked(f"{page.title} – {page.subtitle}" if page.subtitle else page.title, page.duplicate)
    paper = Paper(A4, page.title, margin=20 * MM, foot=foot, running=foot)
    head.draw(paper, page.shop, page.title, page.subtitle, page.details, duplicate=page.duplicate)
    if page.addressee:
        paper.y -= 14
        for line in page.addressee:
            paper.paragraph(line, _SIZE, x=paper.left + paper.width * 0.54)
        paper.y -= 18
    paper.y -= 6
    for part in page.parts:
        _draw_part(paper, part)
    if page.signers:
        _draw_signatures(paper, page.signers)
    if page.last_words:
        paper.need(40)
        paper.y -= 14
        for line in page.last_words:
            paper.paragraph(line, 9, colour=MUTED, after=3)
    return paper.finish()


def _draw_part(paper: Paper, part: Part) -> None:
    if part.title:
        paper.heading(part.title, 12, before=14, after=6)
    elif part.words:
        paper.y -= 6
    for words in part.words:
        paper.need(60)
        paper.paragraph(words, _SIZE, leading=1.45, after=7)
    for line in part.listed:
        paper.need(32)
        top = paper.y
        paper.paragraph(line, _SIZE, x=paper.left + 16, leading=1.4, after=5)
        paper.text(paper.left + 3, top - _SIZE, "–", _SIZE)


def _draw_signatures(paper: Paper, signers: tuple[str, ...]) -> None:
    height, gap = 86.0, 16.0
    paper.need(height + 40)
    paper.y -= 18
    width = (paper.width - gap) / 2
    paper.y -= height
    for place, signer in enumerate(signers, 2 - len(signers)):
        x = paper.left + place * (width + gap)
        paper.box(x, paper.y, width, height, stroke=LINE, radius=4)
        paper.text(x + 8, paper.y + height - 15, signer, 9.5, bold=True, colour=INK)
