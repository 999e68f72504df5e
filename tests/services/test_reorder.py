"""Minimum stock on a real file: what a week takes is learned, what is missing is asked for, and the papers say why."""

from __future__ import annotations

import csv
import io
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader

from epicerie_desktop.domain.basket import Basket, SoldBy
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.shelves import Shelf
from epicerie_desktop.domain.stock import DateKind, LossReason, Origin
from epicerie_desktop.persistence.models import Supplier
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.queries.reorder import MinimumForm, order_lines
from epicerie_desktop.services.stock import catalogue, piece_weights, receive, reorder, shelves
from epicerie_desktop.services.team import in_team
from epicerie_desktop.services.till import parcels, sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.services.conftest import SmallShop
from tests.services.test_sell import sold


def sell_peas(shop: SmallShop, days_ago: int, pieces: int) -> int:
    desk = replace(shop.desk, clock=FrozenClock.on(shop.today - timedelta(days=days_ago)))
    offer = counter.price_list(desk).offers[shop.peas]
    basket = Basket(str(uuid.uuid4()), 100).with_pieces("l", offer, pieces)
    return sold(replace(shop, desk=desk), basket).sale


def peas(weeks: int, shop: SmallShop, **more: object) -> MinimumForm:
    return replace(MinimumForm(SoldBy.PIECE, weeks, article_id=shop.peas), **more)  # type: ignore[arg-type]


def test_what_a_week_takes_is_learned_from_sales_and_emergency_parcels_less_what_was_cancelled(
    small_shop: SmallShop,
) -> None:
    desk = small_shop.desk
    for days_ago, pieces in ((22, 4), (15, 5), (8, 3), (1, 2)):
        sell_peas(small_shop, days_ago, pieces)
    past = replace(desk, clock=FrozenClock.on(small_shop.today - timedelta(days=2)))
    offer = counter.price_list(past).offers[small_shop.peas]
    parcels.give_emergency_parcel(past, Basket(str(uuid.uuid4()), 0).with_pieces("l", offer, 2), 1)
    sell.cancel_sale(past, sell_peas(small_shop, 2, 9), "erreur")
    sell_peas(small_shop, 0, 1)
    reorder.save_minimum(desk, peas(3, small_shop))
    (line,) = order_lines(desk)
    found = line.proposal
    assert (found.a_week, found.wanted, found.held) == (4, 12, 24 - 17)
    assert found.asked == 5
    assert line.origin is Origin.FOOD_BANK


def test_what_is_expired_or_lost_is_not_counted_as_there(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    reorder.save_minimum(desk, MinimumForm(SoldBy.PIECE, 0, 10, 6, article_id=small_shop.milk))
    assert order_lines(desk)[0].proposal.asked == 0
    (milk,) = [n for n in stock.lots_in_stock(desk) if n.article_id == small_shop.milk]
    receive.record_loss(desk, milk.id, pieces=4, reason=LossReason.DAMAGED)
    (line,) = order_lines(desk)
    assert (line.proposal.held, line.proposal.asked, line.proposal.packs) == (8, 6, 1)
    later = replace(desk, clock=FrozenClock.on(small_shop.today + timedelta(days=6)))
    assert order_lines(later)[0].proposal.held == 0
    assert milk.date_kind is DateKind.USE_BY


def test_a_family_is_watched_in_kilos_and_asked_of_its_supplier(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    with desk.db.write() as session:
        supplier = Supplier(name="=Maraîcher", origin=Origin.PURCHASE, active=True, version=1, changed_at=desk.clock.now(), changed_by=desk.actor.id)  # fmt: skip
        session.add(supplier)
        session.flush()
        whom = supplier.id
    family = next(f.id for f in stock.families(desk) if f.code == "FL")
    reorder.save_minimum(desk, MinimumForm(SoldBy.WEIGHT, 0, 32_000, 5_000, family_id=family, supplier_id=whom))
    (line,) = order_lines(desk)
    assert (line.proposal.held, line.proposal.asked, line.proposal.packs) == (20_000, 15_000, 3)
    assert reorder.whom(line) == "=Maraîcher"
    told = reorder.explained(line).replace("\xa0", " ").replace("\u202f", " ")
    assert told == "20,000 kg en stock, 0,000 kg par semaine, jamais moins de 32,000 kg, il manque 12,000 kg."
    rows = list(csv.reader(io.StringIO(reorder.order_csv(desk).decode("utf-8-sig")), delimiter=";"))
    assert rows[1][0] == "'=Maraîcher"
    assert rows[1][3:5] == ["15,000", "kg"]
    text = PdfReader(io.BytesIO(reorder.order_pdf(desk))).pages[0].extract_text()
    assert "Maraîcher" in text
    assert "12,000" in text


def test_goods_have_one_minimum_and_a_goal_that_asks_for_nothing_is_refused(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    kept = reorder.save_minimum(desk, peas(2, small_shop))
    with pytest.raises(RuleRefused):
        reorder.save_minimum(desk, peas(3, small_shop))
    for wrong in (
        peas(0, small_shop), peas(27, small_shop), peas(1, small_shop, pack=0), peas(1, small_shop, counted_by=SoldBy.WEIGHT),
        peas(1, small_shop, family_id=1), MinimumForm(SoldBy.PIECE, 1),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            reorder.save_minimum(desk, wrong)
    (line,) = order_lines(desk)
    reorder.save_minimum(desk, replace(line.form, weeks=4))
    reorder.drop_minimum(desk, kept)
    assert order_lines(desk) == ()
    text = PdfReader(io.BytesIO(reorder.order_pdf(desk))).pages[0].extract_text()
    assert "Rien à commander" in text


def test_minimums_and_net_weights_are_the_teams_and_the_order_of_the_shelves_is_everyones(
    small_shop: SmallShop,
) -> None:
    desk = small_shop.desk
    kept = reorder.save_minimum(desk, peas(2, small_shop))
    volunteer = replace(desk, actor=replace(desk.actor, role=Role.VOLUNTEER.value))
    assert not in_team(volunteer)
    form = next(r.form for r in stock.catalogue(desk) if r.form.id == small_shop.peas)
    for gesture in (
        lambda: reorder.save_minimum(volunteer, peas(3, small_shop, id=kept)),
        lambda: reorder.drop_minimum(volunteer, kept),
        lambda: piece_weights.set_net_weight(volunteer, small_shop.peas, 410, form.version or 0),
        lambda: catalogue.save_article(volunteer, replace(form, net_grams=410)),
    ):
        with pytest.raises(RuleRefused, match="équipe"):
            gesture()
    catalogue.save_article(volunteer, replace(form, name="Petits pois extra"))
    new = catalogue.ArticleForm(form.family_id, "Maïs", SoldBy.PIECE, 285)
    assert catalogue.save_article(volunteer, new), "who receives an unknown article reads its weight on the pack"
    shelves.save_shelf_walk(volunteer, (Shelf("Conserves", (small_shop.peas,)),))
    assert [s.name for s in shelves.shelf_walk(volunteer)] == ["Conserves"]
