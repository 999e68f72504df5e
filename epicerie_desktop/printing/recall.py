"""Two papers of a recall: the notice put up at the door, and the list of the households to call. Knows no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, INK, MM, MUTED, SHADE, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.format import day, instant, number
from epicerie_desktop.support.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class NoticePage:
    """What the door says: the product, how to tell its packs, why, what to do. `packs` are lots and dates, a line each."""

    shop: ShopHeader
    product: str
    number: str
    packs: tuple[str, ...]
    received: tuple[date, ...]
    reason: str
    risks: str
    advice: str
    contact: str
    link: str
    printed_at: datetime


@dataclass(frozen=True, slots=True)
class CallLine:
    """A household to call."""

    number: str
    name: str
    phone: str
    days: str
    quantity: str


@dataclass(frozen=True, slots=True)
class CallPage:
    """Whom to call: those who received the product for sure, then those who may have."""

    shop: ShopHeader
    product: str
    number: str
    certain: tuple[CallLine, ...]
    possible: tuple[CallLine, ...]
    printed_at: datetime


def notice(page: NoticePage) -> bytes:
    """Return the PDF of the notice, A4, to be read from two metres."""
    title = _("Rappel de produit")
    foot = _("{title} – fiche {number}").format(title=title, number=page.number) if page.number else title
    paper = Paper(A4, title, margin=18 * MM, foot=foot, running=foot)
    head.draw(paper, page.shop, title, "", [_("Affiché le {instant}").format(instant=instant(page.printed_at))])
    paper.paragraph(page.product, 26, bold=True, leading=1.2, after=10)
    _boxed(paper, _("Ne consommez pas ce produit."), 20)
    if page.packs:
        paper.heading(_("Sur l'emballage"), 13)
        for pack in page.packs:
            paper.paragraph(pack, 14, bold=True, after=2)
    if page.received:
        days = ", ".join(day(d) for d in page.received)
        paper.paragraph(_("Reçu à l'épicerie : {days}").format(days=days), 11, colour=MUTED, after=2)
    for words, text in (
        (_("Pourquoi"), ". ".join(t for t in (page.reason, page.risks) if t)),
        (_("Que faire"), page.advice),
    ):
        if text:
            paper.heading(words, 13)
            paper.paragraph(text, 12, leading=1.4, after=2)
    paper.heading(_("Une question ?"), 13)
    ours = " ".join(page.shop.contacts) or _("Parlez-en à l'accueil de l'épicerie.")
    paper.paragraph(ours, 12, bold=True, after=2)
    for line in (page.contact and _("Numéro du fabricant : {contact}").format(contact=page.contact), page.link):
        if line:
            paper.paragraph(line, 10, colour=MUTED, after=2)
    return paper.finish()


def _boxed(paper: Paper, text: str, size: float) -> None:
    height = size + 18
    paper.box(paper.left, paper.y - height, paper.width, height, fill=SHADE, stroke=INK, thick=1.5)
    paper.text(
        paper.left + paper.width / 2, paper.y - height / 2 - size * 0.33, text, size, bold=True, colour=INK, align="centre"
    )  # fmt: skip
    paper.y -= height + 4


def call_list(page: CallPage) -> bytes:
    """Return the PDF of the call list, A4, with a box to tick and a line to write on."""
    title = _("Foyers à prévenir")
    foot = _("{title} – {product}").format(title=title, product=page.product)
    paper = Paper(A4, title, margin=15 * MM, foot=foot, running=foot)
    details = [_("Imprimé le {instant}").format(instant=instant(page.printed_at))]
    if page.number:
        details.insert(0, _("Fiche de rappel {number}").format(number=page.number))
    head.draw(paper, page.shop, title, "", details)
    paper.paragraph(page.product, 13, bold=True, after=4)
    _calls(
        paper, _("Ont reçu ce lot ({n})").format(n=number(len(page.certain))), page.certain,
        _("Aucun foyer n'a reçu ce lot de façon certaine."),
    )  # fmt: skip
    _calls(
        paper, _("Ont peut-être reçu ce lot ({n})").format(n=number(len(page.possible))), page.possible,
        _("Aucun autre foyer n'a pris ce produit dans cette période."),
    )  # fmt: skip
    paper.y -= 10
    paper.paragraph(
        _("Papier à détruire une fois les foyers prévenus : il porte des noms et des téléphones."), 9, colour=MUTED
    )
    return paper.finish()


def _calls(paper: Paper, title: str, lines: Sequence[CallLine], empty: str) -> None:
    paper.heading(title)
    columns = [
        Column(_("Foyer"), 48), Column(_("Nom")), Column(_("Téléphone"), 120), Column(_("Jour"), 72), Column(_("Pris"), 62, right=True),
        Column(_("Prévenu le, par"), 110),
    ]  # fmt: skip
    rows = [(n.number, n.name, n.phone or "–", n.days, n.quantity, "") for n in lines]
    Table(paper, columns, size=9.5).draw(rows, empty=empty)
