"""The demonstration's articles without a net weight: one learned from its weighed receptions, one of which nothing is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.stock import catalogue, receive
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.support.clock import FrozenClock


def live(desk: Desk) -> None:
    """Receive jars counted and weighed over a few weeks, and bunches that were only counted."""
    families = {f.code: f.id or 0 for f in stock.families(desk)}
    jars = catalogue.save_article(
        desk, ArticleForm(families["EPI"], "Confiture maison, le bocal", SoldBy.PIECE, None, 150)
    )
    bunches = catalogue.save_article(desk, ArticleForm(families["FL"], "Radis, la botte", SoldBy.PIECE, None, 80))
    for weeks, pieces, grams in ((9, 8, 3_310), (6, 12, 4_920), (4, 6, 2_475), (2, 10, 4_130)):
        day = desk.clock.today() - timedelta(weeks=weeks)
        then = replace(desk, clock=FrozenClock.on(day))
        line = ReceivedLine(pieces=pieces, grams=grams, article_id=jars)
        receive.record_reception(then, ReceptionForm(Origin.DONATION, (line,), day=day))
    receive.record_reception(desk, ReceptionForm(Origin.GARDEN, (ReceivedLine(pieces=15, article_id=bunches),)))
