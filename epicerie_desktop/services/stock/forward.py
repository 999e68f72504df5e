"""The anti-waste order of the day: lots put forward, double portions, a lower value for the day, shelf labels, the team's sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import BestBefore, best_before_on
from epicerie_desktop.domain.forward import Forward, ForwardRow
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import Article, Family, ForwardItem, Lot
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.values import values_in
from epicerie_desktop.services.stock.best_before import tolerances_in
from epicerie_desktop.services.stock.lots_drawn import ASIDE
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

PROPOSED_DAYS = 3
"""How many days before its date a lot is proposed."""


def forward_in(session: Session, day: date) -> Mapping[int, Forward]:
    """Return what is put forward on `day`, by article, inside a caller's block; of two values the lower one holds."""
    found: dict[int, Forward] = {}
    for r in session.execute(
        select(ForwardItem.article_id, ForwardItem.double, ForwardItem.cents).where(ForwardItem.day == day)
    ):
        known = found.get(r.article_id, Forward(False, None))
        values = [c for c in (known.cents, r.cents) if c is not None]
        found[r.article_id] = Forward(known.double or r.double, min(values, default=None))
    return found


def put_forward(desk: Desk, lot: int, *, double: bool = False, cents: int | None = None) -> None:
    """Put a lot forward today, or change what was said of it. `cents`: the day's value of its article, below the usual one.

    Raises `BadInput` for a value that is not lower, `RuleRefused` for a lot that may not be handed out.
    """
    today = desk.clock.today()
    with desk.db.write() as session:
        row = session.get_one(Lot, lot)
        article = session.get_one(Article, row.article_id)
        family = session.get_one(Family, article.family_id)
        aside = session.scalars(select(Lot.id).where(Lot.id == lot, Lot.id.in_(ASIDE))).first() is not None
        expired = row.date_kind is DateKind.USE_BY and row.limit_on is not None and row.limit_on < today
        state = best_before_on(row.date_kind, row.limit_on, today, tolerances_in(session, today).of(family.code))
        if aside or expired or state is BestBefore.BEYOND:
            raise RuleRefused(
                N_("« {article} » : ce lot ne doit pas être remis, il ne peut pas être mis en avant."), article=article.name
            )  # fmt: skip
        usual = values_in(session, today).of(article.id, article.family_id, article.sold_by)
        if cents is not None and (usual is None or not 0 <= cents < usual):
            raise BadInput(N_("« {article} » : la valeur du jour doit être plus basse que l'habituelle."), article=article.name)  # fmt: skip
        session.merge(
            ForwardItem(day=today, lot_id=lot, article_id=article.id, double=double, cents=cents, made_at=desk.clock.now(), made_by=desk.actor.id)
        )  # fmt: skip
        session.flush()
        seal_in_journal(session, desk, "forward", {"lot": lot, "double": double, "cents": cents})


def take_back(desk: Desk, lot: int) -> None:
    """Put a lot forward no more today; nothing happens where it was not."""
    today = desk.clock.today()
    with desk.db.write() as session:
        done = session.execute(delete(ForwardItem).where(ForwardItem.day == today, ForwardItem.lot_id == lot))
        if done.rowcount:  # type: ignore[attr-defined]
            seal_in_journal(session, desk, "forward-ended", {"lot": lot})


def forward_today(desk: Desk) -> tuple[ForwardRow, ...]:
    """Return what is put forward today and still in stock, the first to expire first."""
    today = desk.clock.today()
    with desk.db.read() as session:
        values = values_in(session, today)
        rows = session.execute(
            select(ForwardItem, Lot, Article, Family.name)
            .join(Lot, Lot.id == ForwardItem.lot_id)
            .join(Article, Article.id == Lot.article_id)
            .join(Family, Family.id == Article.family_id)
            .where(ForwardItem.day == today, Lot.id.not_in(ASIDE))
            .order_by(Lot.limit_on, Article.folded, Lot.id)
        ).all()
        return tuple(
            ForwardRow(
                lot.id, article.name, family, article.sold_by, lot.balance_pieces, lot.balance_grams, lot.date_kind, lot.limit_on,
                lot.date_precision, item.double, item.cents, values.of(article.id, article.family_id, article.sold_by),
                lot.date_kind is DateKind.BEST_BEFORE and lot.limit_on is not None and lot.limit_on < today,
            )
            for item, lot, article, family in rows
            if (lot.balance_pieces if article.sold_by is SoldBy.PIECE else lot.balance_grams) > 0
        )  # fmt: skip


def propose_today(desk: Desk) -> int:
    """Put forward every lot whose date comes within `PROPOSED_DAYS` and that is not yet, and return how many were added."""
    today = desk.clock.today()
    with desk.db.read() as session:
        near = session.scalars(
            select(Lot.id)
            .where(Lot.limit_on >= today, Lot.limit_on <= today + timedelta(days=PROPOSED_DAYS), Lot.id.not_in(ASIDE))
            .where((Lot.balance_pieces > 0) | (Lot.balance_grams > 0))
            .where(Lot.id.not_in(select(ForwardItem.lot_id).where(ForwardItem.day == today)))
        ).all()
    for lot in near:
        put_forward(desk, lot)
    return len(near)


def labels_pdf(desk: Desk) -> bytes:
    """Return the shelf labels of what is put forward today, 24 to an A4 page. Raises `RuleRefused` where nothing is."""
    from epicerie_desktop.printing import forward

    return forward.labels(_rows(desk))


def sheet_pdf(desk: Desk) -> bytes:
    """Return the team's sheet of the day: what to put forward. Raises `RuleRefused` where nothing is."""
    from epicerie_desktop.printing import forward
    from epicerie_desktop.services.sheets import header

    return forward.sheet(header(desk, WordingKind.FORWARD), desk.clock.today(), _rows(desk), desk.clock.now())


def _rows(desk: Desk) -> tuple[ForwardRow, ...]:
    rows = forward_today(desk)
    if not rows:
        raise RuleRefused(N_("Rien n'est mis en avant aujourd'hui : choisissez d'abord un lot, puis F9."))
    return rows
