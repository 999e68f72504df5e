"""The pictures of twelve months, and the lines behind each of their bars: the same rows, so that they add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.data_table import DataTable, Heading, Holds, Value, data_table
from epicerie_desktop.domain.dates import written
from epicerie_desktop.domain.figures import DayVisit
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.reports.dashboard import (
    MONTHS,
    Bar,
    Dashboard,
    Picture,
    Subject,
    month_bars,
    near_names,
    near_range,
    origin_grams,
    part_bars,
    twelve_months,
)
from epicerie_desktop.domain.stock import LossReason, MoveKind, Origin
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import Article, Family, Lot, StockMove
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.queries.figures import month_bounds, visits_between
from epicerie_desktop.services.queries.stock import LotRow
from epicerie_desktop.services.team import require_team
from epicerie_desktop.support.i18n import gettext as _


def dashboard(desk: Desk, month: str) -> Dashboard:
    """Return the pictures of the twelve months that end with `month`. Raises `BadInput` for no month, `RuleRefused`."""
    require_team(desk)
    last = month_bounds(month)[1]
    both = twelve_months(month, 2 * MONTHS)
    months = both[MONTHS:]
    start, first = month_bounds(both[0])[0], month_bounds(months[0])[0]
    with desk.db.read() as session:
        visits = visits_between(session, start, last)
        losses = _lost_in(session, first, last)
    monthly = tuple(
        Picture(s, first, last, month_bars(s, months, visits))
        for s in (Subject.FAMILIES, Subject.KILOS, Subject.SAVINGS)
    )
    origins = origin_grams(v for v in visits if v.day >= first)
    today = desk.clock.today()
    near = dict.fromkeys(near_names(), 0)
    for lot in stock.lots_expiring(desk, 15):
        key = near_range(lot.limit_on, today) if lot.limit_on is not None else None
        if key is not None:
            near[key] += 1
    parts = (
        Picture(Subject.ORIGIN, first, last, part_bars(origins, {o.value: label(o) for o in Origin})),
        Picture(Subject.LOSSES, first, last, part_bars(losses, {r.value: label(r) for r in LossReason})),
        Picture(Subject.EXPIRING, today, today, tuple(Bar(k, name, near[k]) for k, name in near_names().items())),
    )
    return Dashboard(month, (*monthly, *parts))


def _lost_in(session: Session, first: date, last: date) -> dict[str, int]:
    rows = session.execute(
        select(StockMove.loss_reason, func.sum(-StockMove.grams))
        .join(Lot, Lot.id == StockMove.lot_id).join(Article, Article.id == Lot.article_id).join(Family, Family.id == Article.family_id)
        .where(StockMove.kind == MoveKind.LOSS, StockMove.day >= first, StockMove.day <= last, Family.food)
        .group_by(StockMove.loss_reason)
    )  # fmt: skip
    return {reason.value if reason is not None else "": int(grams) for reason, grams in rows if grams}


def lines_behind(desk: Desk, picture: Picture, bar: Bar) -> DataTable:
    """Return the lines that make up a bar: visits, losses or lots. Their last column adds up to it, but for families and lots,
    which are counted. Raises `RuleRefused` for a volunteer.
    """
    require_team(desk)
    title = f"{picture.title} – {bar.name}"
    if picture.subject is Subject.EXPIRING:
        return _near_lots(desk, title, bar.key)
    with desk.db.read() as session:
        if picture.subject is Subject.LOSSES:
            return data_table(title, _headings((_("Jour"), Holds.DAY), _("Article"), _("Lot"), _("Précision"), (_("Kilos"), Holds.GRAMS)),
                              _losses(session, picture.first, picture.last, bar.key))  # fmt: skip
        first, last = month_bounds(bar.key) if picture.by_month else (picture.first, picture.last)
        visits = visits_between(session, first, last)
    if picture.subject is Subject.ORIGIN:
        rows: Iterable[tuple[Value, ...]] = (
            (v.day, v.number, v.grams_by_origin[bar.key]) for v in _in_order(visits) if v.grams_by_origin.get(bar.key)
        )
        return data_table(title, _headings((_("Jour"), Holds.DAY), _("Foyer"), (_("Kilos"), Holds.GRAMS)), rows)
    return data_table(
        title,
        _headings(
            (_("Jour"), Holds.DAY), _("Foyer"), (_("Personnes"), Holds.COUNT), (_("Kilos"), Holds.GRAMS), (_("Valeur"), Holds.CENTS),
            (_("Payé"), Holds.CENTS), (_("Économie"), Holds.CENTS),
        ),
        (
            (v.day, v.number, len(v.persons), sum(v.grams_by_family.values()), v.shelf_cents, v.paid_cents, v.shelf_cents - v.paid_cents)
            for v in _in_order(visits)
        ),
    )  # fmt: skip


def _in_order(visits: Sequence[DayVisit]) -> list[DayVisit]:
    return sorted(visits, key=lambda v: (v.day, v.number))


def _headings(*named: str | tuple[str, Holds]) -> tuple[Heading, ...]:
    return tuple(Heading(n) if isinstance(n, str) else Heading(*n) for n in named)


def _losses(session: Session, first: date, last: date, reason: str) -> list[tuple[Value, ...]]:
    rows = session.execute(
        select(StockMove.day, Article.name, Lot.id, Lot.code, StockMove.note, (-StockMove.grams).label("grams"))
        .join(Lot, Lot.id == StockMove.lot_id).join(Article, Article.id == Lot.article_id).join(Family, Family.id == Article.family_id)
        .where(StockMove.kind == MoveKind.LOSS, StockMove.day >= first, StockMove.day <= last, Family.food)
        .where(StockMove.loss_reason == LossReason(reason) if reason else StockMove.loss_reason.is_(None))
        .order_by(StockMove.day, StockMove.id)
    )  # fmt: skip
    return [(r.day, r.name, _lot(r.id, r.code), r.note, int(r.grams)) for r in rows]


def _near_lots(desk: Desk, title: str, key: str) -> DataTable:
    today = desk.clock.today()
    lots = [n for n in stock.lots_expiring(desk, 15) if n.limit_on is not None and near_range(n.limit_on, today) == key]
    return data_table(
        title,
        _headings(_("Article"), _("Lot"), _("Date"), (_("Pièces"), Holds.COUNT), (_("Kilos"), Holds.GRAMS)),
        ((n.article, _lot(n.id, n.code), _dated(n), n.pieces, n.grams) for n in lots),
    )


def _dated(lot: LotRow) -> str:
    assert lot.limit_on is not None
    return f"{label(lot.date_kind)} {written(lot.limit_on, lot.precision)}"


def _lot(number: int, code: str) -> str:
    return f"{number} · {code}" if code else str(number)


def picture_pdf(picture: Picture) -> bytes:
    """Return the drawing of a picture, as a PDF of its own size: the screen shows this one."""
    from epicerie_desktop.printing import charts

    return charts.picture_pdf(picture)


def dashboard_pdf(desk: Desk, board: Dashboard) -> bytes:
    """Return the pictures on one A4 in landscape, drawn the same way."""
    from epicerie_desktop.printing import charts
    from epicerie_desktop.services.sheets import header

    return charts.dashboard_pdf(header(desk, WordingKind.DASHBOARD), board, desk.clock.now())
