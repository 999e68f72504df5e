"""How much there should be of an article or a family, and what to ask for: on an order sheet or in a file."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import select

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.reorder import MOST_WEEKS
from epicerie_desktop.domain.units import MAX_GRAMS
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import Article, Family, StockMinimum
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.reorder import MinimumForm, OrderLine, order_lines
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_, ngettext
from epicerie_desktop.support.i18n import gettext as _

MOST_PIECES = 100_000


def save_minimum(desk: Desk, form: MinimumForm) -> int:
    """Keep a minimum and return its id. Raises `BadInput`, `RuleRefused` for a volunteer or goods that have one already, `Stale`."""
    require_team(desk)
    if not 0 <= form.weeks <= MOST_WEEKS:
        raise BadInput(N_("Le stock se prévoit pour 0 à {most} semaines."), most=MOST_WEEKS)
    most = MOST_PIECES if form.counted_by is SoldBy.PIECE else MAX_GRAMS
    if not 0 <= form.least <= most or not 1 <= form.pack <= most:
        raise BadInput(N_("Cette quantité est trop grande : vérifiez la saisie."))
    if not form.weeks and not form.least:
        raise BadInput(N_("Dites pour combien de semaines, ou la quantité à toujours avoir."))
    if (form.article_id is None) is (form.family_id is None):
        raise BadInput(N_("Choisissez un article, ou une famille."))
    with desk.db.write() as session:
        if form.article_id is not None and session.get_one(Article, form.article_id).sold_by is not form.counted_by:
            raise BadInput(N_("Cet article ne se compte pas ainsi : pièces ou kilos ?"))
        same = select(StockMinimum.id).where(
            StockMinimum.article_id == form.article_id
            if form.article_id is not None
            else StockMinimum.family_id == form.family_id
        )
        if session.scalar(same) not in (None, form.id):
            raise RuleRefused(N_("Un minimum existe déjà pour ces produits : changez-le dans la liste."))
        if form.family_id is not None:
            session.get_one(Family, form.family_id)
        row = session.get_one(StockMinimum, form.id) if form.id is not None else StockMinimum(version=0)
        row.article_id, row.family_id, row.counted_by = form.article_id, form.family_id, form.counted_by
        row.weeks, row.least, row.pack = form.weeks, form.least, form.pack
        row.origin, row.supplier_id = form.origin, form.supplier_id
        touch(row, desk, form.version)
        session.add(row)
        session.flush()
        body = {"minimum": row.id, "article": row.article_id, "family": row.family_id}
        seal_in_journal(session, desk, "minimum", body | {"weeks": row.weeks, "least": row.least, "pack": row.pack})
        return row.id


def drop_minimum(desk: Desk, minimum: int) -> None:
    """Watch these goods no more. Raises `RuleRefused` for a volunteer."""
    require_team(desk)
    with desk.db.write() as session:
        session.delete(session.get_one(StockMinimum, minimum))
        session.flush()
        seal_in_journal(session, desk, "minimum.dropped", {"minimum": minimum})


def amount(counted_by: SoldBy, quantity: int) -> str:
    """Return « 12 pièces » or « 12,000 kg »."""
    if counted_by is SoldBy.PIECE:
        return ngettext("{n} pièce", "{n} pièces", quantity).format(n=shown.number(quantity))
    return shown.kilos(quantity)


def whom(line: OrderLine) -> str:
    """Return whom to ask, in words."""
    return line.supplier or (label(line.origin) if line.origin is not None else _("À voir avec l'équipe"))


def packs(line: OrderLine) -> str:
    """Return « 3 × 12 pièces », empty where goods are asked for as they come."""
    form, wanted = line.form, line.proposal
    if form.pack <= 1 or not wanted.packs:
        return ""
    return f"{shown.number(wanted.packs)} × {amount(form.counted_by, form.pack)}"


def explained(line: OrderLine) -> str:
    """Return where the number comes from, in a sentence."""
    kind, found = line.form.counted_by, line.proposal
    told = [
        _("{held} en stock, {a_week} par semaine").format(
            held=amount(kind, found.held), a_week=amount(kind, found.a_week)
        )
    ]
    if line.form.weeks:
        told.append(
            ngettext("il faut {n} semaine : {wanted}", "il faut {n} semaines : {wanted}", line.form.weeks).format(
                n=line.form.weeks, wanted=amount(kind, line.form.weeks * found.a_week)
            )
        )
    if line.form.least and line.form.least >= found.wanted:
        told.append(_("jamais moins de {least}").format(least=amount(kind, line.form.least)))
    told.append(
        _("il manque {missing}").format(missing=amount(kind, found.missing)) if found.missing else _("il y en a assez")
    )
    return ", ".join(told) + "."


def order_pdf(desk: Desk) -> bytes:
    """Return the order sheet as PDF: what to ask for, by whom it is asked."""
    from epicerie_desktop.printing import order_sheet
    from epicerie_desktop.services.sheets import header

    asked = [n for n in order_lines(desk) if n.proposal.asked]
    parts = tuple(
        (name, tuple((n.name, amount(n.form.counted_by, n.proposal.asked), packs(n), explained(n)) for n in lines))
        for name, lines in groupby(asked, key=whom)
    )
    return order_sheet.render(
        order_sheet.OrderSheet(header(desk, WordingKind.ORDER), parts, desk.clock.today(), desk.clock.now())
    )


def order_csv(desk: Desk) -> bytes:
    """Return what to ask for as a CSV file that a spreadsheet opens: numbers bare, in pieces or kilos."""
    from epicerie_desktop.exchange.order_file import write_order

    def bare(kind: SoldBy, quantity: int) -> str:
        return str(quantity) if kind is SoldBy.PIECE else f"{quantity / 1000:.3f}".replace(".", ",")

    rows = []
    for n in order_lines(desk):
        kind, found = n.form.counted_by, n.proposal
        if found.asked:
            unit = _("pièces") if kind is SoldBy.PIECE else _("kg")
            told = [bare(kind, q) for q in (found.asked, found.held, found.a_week, found.wanted)]
            rows.append((whom(n), n.name, n.family, told[0], unit, packs(n), *told[1:]))
    titles = (
        _("À qui"), _("Article"), _("Famille"), _("À demander"), _("Unité"), _("Cartons"), _("En stock"), _("Par semaine"), _("Il faut"),
    )  # fmt: skip
    return write_order(titles, rows)
