"""The balance of a contract: headline figures, by year, by shop, by family of products, and what they count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from epicerie_desktop.domain.figures import DEFINITIONS, Totals
from epicerie_desktop.domain.sheets import Balance, Labelled, Part, ShopHeader, require_sum, with_unknown
from epicerie_desktop.domain.units import rounded_tonnes
from epicerie_desktop.printing import head
from epicerie_desktop.printing.figures import one_decimal, part_of
from epicerie_desktop.printing.style import A4, ACCENT, MM, MUTED, SHADE, Paper
from epicerie_desktop.printing.table import PAD, Column, Table
from epicerie_desktop.support.format import day, instant, kilos, money, month, number, plain_kilos, plain_money
from epicerie_desktop.support.i18n import gettext as _

_SUMMED = (
    ("visits", "Passages"),
    ("grams", "Kilos"),
    ("estimated_grams", "Kilos estimés"),
    ("shelf_cents", "Valeur"),
    ("paid_cents", "Payé"),
)


def render(balance: Balance) -> bytes:
    """Return the PDF of the balance, A4. Raises `SumsDiffer` if years, shops or families do not add up to the whole."""
    _check(balance)
    title = _("Bilan – {title}").format(title=balance.title)
    mark = _("{title} – arrêté au {day}").format(title=title, day=day(balance.closed_on))
    paper = Paper(A4, title, margin=16 * MM, foot=mark, running=mark)
    details = [
        _("Arrêté au {day}").format(day=day(balance.closed_on)),
        _("Imprimé le {instant}").format(instant=instant(balance.printed_at)),
    ]
    period = _("{first} – {last}").format(first=month(balance.first), last=month(balance.last))
    head.draw(paper, _named(balance), _("Bilan"), period, details)
    _draw_headline(paper, balance.whole)
    _draw_parts(paper, _("Par année"), _("Année"), balance.by_year, balance.whole)
    _draw_parts(paper, _("Par épicerie"), _("Épicerie"), balance.by_shop, balance.whole)
    _draw_kilos(paper, _("Kilos par famille de produits"), _("Famille de produits"), balance.families, balance.whole.grams_by_family)  # fmt: skip
    _draw_kilos(paper, _("Kilos par provenance"), _("Provenance"), balance.origins, balance.whole.grams_by_origin)
    weights = (Labelled("WEIGHED", _("Pesés, ou lus sur l'emballage")), Labelled("ESTIMATED", _("Estimés")))
    told = (("WEIGHED", balance.whole.weighed_grams), ("ESTIMATED", balance.whole.estimated_grams))
    _draw_kilos(paper, _("Kilos pesés et estimés"), _("D'où vient le poids"), weights, [k for k in told if k[1]])
    _draw_words(paper, balance)
    return paper.finish()


def _named(balance: Balance) -> ShopHeader:
    """Return who makes the balance, under what it is the balance of."""
    return replace(balance.shop, name=balance.title, address=(balance.scope, *balance.shop.address))


def _check(balance: Balance) -> None:
    whole = balance.whole
    for parts in (balance.by_year, balance.by_shop):
        for name, label in _SUMMED if parts else ():
            read = attrgetter(name)
            require_sum(label, sum(read(part.totals) for part in parts), read(whole))
    for grams in (whole.grams_by_family, whole.grams_by_origin):
        require_sum(_("Kilos"), sum(g for _code, g in grams), whole.grams)


def _draw_headline(paper: Paper, whole: Totals) -> None:
    """Draw the three figures that a contract publishes, large, and the others under them."""
    large = [
        (number(whole.families), _("familles")),
        (number(whole.persons), _("personnes")),
        (one_decimal(int(rounded_tonnes(whole.grams) * 10)), _("tonnes distribuées")),
    ]
    gap, height = 6 * MM, 21 * MM
    width = (paper.width - 2 * gap) / 3
    paper.y -= height
    for i, (figure, name) in enumerate(large):
        x = paper.left + i * (width + gap)
        paper.box(x, paper.y, width, height, fill=SHADE, stroke=None, radius=4)
        paper.text(x + width / 2, paper.y + height - 32, figure, 27, bold=True, colour=ACCENT, align="centre")
        paper.text(x + width / 2, paper.y + 10, name, 10, align="centre")
    small = [
        (number(whole.visits), _("passages")), (kilos(whole.grams), _("au gramme près")),
        (money(whole.shelf_cents), _("valeur de référence")), (money(whole.paid_cents), _("payé par les familles")),
        (money(whole.savings_cents), _("économies")),
    ]  # fmt: skip
    room = paper.width / len(small)
    paper.y -= 24
    for i, (figure, name) in enumerate(small):
        paper.text(paper.left + (i + 0.5) * room, paper.y, figure, 10.5, bold=True, align="centre")
        paper.text(paper.left + (i + 0.5) * room, paper.y - 11, name, 8, colour=MUTED, align="centre")
    paper.y -= 14


def _draw_parts(paper: Paper, title: str, first: str, parts: Sequence[Part], whole: Totals) -> None:
    if not parts:
        return
    columns = [
        Column(first), Column(_("Familles"), 52, right=True), Column(_("Personnes"), 56, right=True),
        Column(_("Passages"), 54, right=True), Column(_("Kilos"), 72, right=True), Column(_("Valeur €"), 70, right=True),
        Column(_("Payé €"), 66, right=True),
    ]  # fmt: skip
    paper.heading(title)
    Table(paper, columns).draw([_part(p.label, p.totals) for p in parts], _part(_("Ensemble"), whole))
    if len(parts) > 1 and (
        sum(p.totals.families for p in parts) != whole.families or sum(p.totals.persons for p in parts) != whole.persons
    ):
        paper.y -= 3
        paper.paragraph(
            _("Une famille ou une personne présente sur plusieurs lignes compte pour une dans l'ensemble."), 8, colour=MUTED
        )  # fmt: skip


def _part(label: str, t: Totals) -> list[str]:
    return [
        label, number(t.families), number(t.persons), number(t.visits), plain_kilos(t.grams), plain_money(t.shelf_cents),
        plain_money(t.paid_cents),
    ]  # fmt: skip


def _draw_kilos(
    paper: Paper, title: str, first: str, known: tuple[Labelled, ...], found: Sequence[tuple[str, int]]
) -> None:
    """Draw kilos by code with their part, and a bar whose length tells the same."""
    grams = dict(found)
    if not grams:
        return
    whole = sum(grams.values())
    shown = [k for k in with_unknown(known, grams) if grams.get(k.code)]
    paper.heading(title)
    bar = 150.0
    columns = [
        Column(first),
        Column(_("Kilos"), 76, right=True),
        Column(_("Part"), 52, right=True),
        Column("", bar + 2 * PAD),
    ]
    rows = [[k.label, plain_kilos(grams[k.code]), part_of(grams[k.code], whole), ""] for k in shown]
    table = Table(paper, columns)
    most = max(grams.values())

    def draw_bar(row: int, y: float, height: float) -> None:
        length = bar * grams[shown[row].code] / most
        paper.box(table.edges[3] + PAD, y + height * 0.28, length, height * 0.44, fill=ACCENT, stroke=None)

    table.draw(rows, [_("Ensemble"), plain_kilos(whole), part_of(whole, whole), ""], beside=draw_bar)


def _draw_words(paper: Paper, balance: Balance) -> None:
    """Draw what the figures count, and the remarks of the one who closed the balance."""
    paper.heading(_("Ce que comptent ces chiffres"))
    paper.paragraph(_("Périmètre – {scope}").format(scope=balance.scope), 8.5, after=2)
    for _key, name, meaning in DEFINITIONS:
        paper.need(26)
        paper.paragraph(_("{name} – {meaning}").format(name=_(name), meaning=_(meaning)), 8.5, after=2)
    for remark in balance.remarks:
        paper.need(26)
        paper.paragraph(remark, 8.5, colour=MUTED, after=2)
