"""A decision told to the household, or a sum explained: answer, reasons, help, right, steps, means of appeal. Knows no rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from epicerie_desktop.domain.duplicates import marked
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, INK, MM, MUTED, SHADE, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.format import day, instant, middle_day
from epicerie_desktop.support.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """What to print: sentences and figures already in words.

    `steps` are (sentence, figure) pairs, the figure empty where there is none; `ceilings` are (what, how much) pairs.
    `household` is a number; `addressee` the lines of a name and an address, only on a letter. `before` and `after` are parts
    in words (a heading, its paragraphs) that come before the right and after the sum.
    """

    shop: ShopHeader
    household: str
    decided_on: date
    printed_at: datetime
    verdict: str
    reason: str
    steps: tuple[tuple[str, str], ...]
    ceilings: tuple[tuple[str, str], ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    ruleset: str = ""
    addressee: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    title: str = ""
    taken: str = ""
    before: tuple[tuple[str, tuple[str, ...]], ...] = ()
    after: tuple[tuple[str, tuple[str, ...]], ...] = ()
    signature: str = ""
    first_words: tuple[str, ...] = ()
    duplicate: date | None = None


def render(page: DecisionPage) -> bytes:
    """Return the PDF of the explanation, A4."""
    title = page.title or _("Explication du droit")
    subtitle = _("Foyer {number}").format(number=page.household)
    foot = marked(f"{title} – {subtitle} – {day(page.decided_on)}", page.duplicate)
    paper = Paper(A4, title, margin=18 * MM, foot=foot, running=foot)
    details = [
        page.taken or _("Calcul du {day}").format(day=day(page.decided_on)),
        _("Imprimé le {instant}").format(instant=instant(page.printed_at)),
    ]
    head.draw(paper, page.shop, title, subtitle, details, duplicate=page.duplicate)
    for line in page.addressee:
        paper.paragraph(line, 11, x=paper.left + paper.width * 0.54, leading=1.3)
    paper.y -= 14 if page.addressee else 0
    for line in page.first_words:
        paper.paragraph(line, 10, leading=1.4, after=4)
    paper.y -= 6 if page.first_words else 0
    _draw_verdict(paper, page)
    _draw_parts(paper, page.before)
    if page.ceilings and page.before:
        _draw_ceilings(paper, page)
    if page.steps:
        paper.heading(_("Le calcul, pas à pas"))
        _draw_steps(paper, page.steps)
    if page.ceilings and not page.before:
        _draw_ceilings(paper, page)
    _draw_last_words(paper, page)
    _draw_parts(paper, page.after)
    if page.signature:
        paper.need(80)
        paper.y -= 20
        paper.paragraph(page.signature, 10, x=paper.left + paper.width * 0.54)
        paper.paragraph(_("Signature :"), 9, x=paper.left + paper.width * 0.54, colour=MUTED)
    return paper.finish()


def _draw_verdict(paper: Paper, page: DecisionPage) -> None:
    period = _period(page)
    lines = len(paper.wrap(page.reason, paper.width - 28, 10)) if page.reason else 0
    height = 34 + 14 * lines + (15 if period else 0)
    paper.y -= height
    paper.box(paper.left, paper.y, paper.width, height, fill=SHADE, stroke=INK, thick=1, radius=5)
    foot, paper.y = paper.y, paper.y + height - 8
    paper.paragraph(page.verdict, 15, x=paper.left + 14, bold=True, leading=1.25)
    for line in (page.reason, period):
        if line:
            paper.paragraph(line, 10, x=paper.left + 14, width=paper.width - 28, leading=1.4)
    paper.y = foot


def _draw_parts(paper: Paper, parts: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    for heading, paragraphs in parts:
        paper.heading(heading)
        for words in paragraphs:
            for line in words.splitlines():
                paper.need(28)
                paper.paragraph(line, 10, leading=1.4, after=3)


def _draw_ceilings(paper: Paper, page: DecisionPage) -> None:
    paper.heading(_("Ce que le droit permet"))
    Table(paper, [Column(_("Mesure")), Column(_("Au plus"), 130, right=True)], size=10).draw(page.ceilings)


def _period(page: DecisionPage) -> str:
    if page.valid_from is None or page.valid_until is None:
        return ""
    return _("Du {first} au {last} inclus.").format(
        first=middle_day(page.valid_from), last=middle_day(page.valid_until)
    )


def _draw_steps(paper: Paper, steps: Sequence[tuple[str, str]]) -> None:
    columns = [Column("", 22, right=True), Column(_("Étape"))]
    rows: list[tuple[str, ...]] = [(str(n), sentence) for n, (sentence, _figure) in enumerate(steps, 1)]
    if any(figure for _sentence, figure in steps):
        columns.append(Column(_("Résultat"), 96, right=True))
        rows = [(*row, figure) for row, (_sentence, figure) in zip(rows, steps, strict=True)]
    Table(paper, columns, size=9.5).draw(rows)


def _draw_last_words(paper: Paper, page: DecisionPage) -> None:
    words = list(page.advice)
    if page.ruleset:
        words.append(_("Règle appliquée : {ruleset}.").format(ruleset=page.ruleset))
    if not page.after:
        words.append(
            _(
                "Ce calcul éclaire la décision ; la décision est prise par une personne, qui peut l'expliquer et la revoir avec vous."
            )
        )
    paper.need(14 * len(words) + 20)
    paper.y -= 12
    for line in words:
        paper.paragraph(line, 9, colour=MUTED, after=3)
