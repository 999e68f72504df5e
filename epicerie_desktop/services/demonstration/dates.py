"""The demonstration's dates: an arrival told in detail, tins past their best-before date, the anti-waste order of the day."""

from __future__ import annotations

from datetime import timedelta

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import Precision, last_day
from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.stock import DateKind, Origin, Place
from epicerie_desktop.services import features
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.stock import catalogue, forward, moves, receive
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm, RefusedLine


def live(desk: Desk) -> None:
    """Receive an article of its own, whose date has passed, keep a part in the reserve, and put it forward with what is near its date."""
    for code in ("anti_waste", "delivery_files", "places", "transfers"):
        features.save_feature(desk, code, True)
    family = next(f.id for f in stock.families(desk) if f.code == "EPI")
    article = catalogue.save_article(desk, ArticleForm(family or 0, "Soupe de légumes 500 g", SoldBy.PIECE, 500, 160))
    today = desk.clock.today()
    past = today.replace(day=1) - timedelta(days=1)
    line = ReceivedLine(
        pieces=24, article_id=article, date_kind=DateKind.BEST_BEFORE, limit_on=last_day(past.year, past.month), precision=Precision.MONTH,
        lot_code="S0417", ordered=30, delivered=26, damaged=2,
    )  # fmt: skip
    refused = RefusedLine(Refusal.PACKAGING, pieces=2, article_id=article, note="boîtes enfoncées")
    receive.record_reception(
        desk, ReceptionForm(Origin.FSE, (line,), slip="BL-2204", day=today - timedelta(days=7), driver="Karim", tenths=65, financing="FSE", refused=(refused,))
    )  # fmt: skip
    lot = next(n.id for n in stock.lots_in_stock(desk) if n.article_id == article)
    forward.put_forward(desk, lot, double=True, cents=80)
    moves.move_to_place(desk, lot, Place.RESERVE, pieces=8)
    forward.propose_today(desk)
