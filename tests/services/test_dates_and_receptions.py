"""Dates judged on the distribution's day, best-before tolerances with their check, the 48 hours, what an arrival says of itself."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest
from sqlalchemy import select

from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.domain.dates import BestBefore, Precision
from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.persistence.models import BestBeforeCheck, Lot, LotDelivery, Reception, RefusedGoods
from epicerie_desktop.services import sheets
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.stock import (
    best_before,
    lots_drawn,
    receive,
    reception_papers,
    repack,
)
from epicerie_desktop.services.stock.best_before import BestBeforeToCheck
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm, RefusedLine
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.services.conftest import SmallShop


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        return " ".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def on(desk: Desk, days: int) -> Desk:
    return replace(desk, clock=FrozenClock.on(desk.clock.today() + timedelta(days=days)))


def a_pack(shop: SmallShop, article: int, pieces: int = 1) -> Basket:
    offer = counter.price_list(shop.desk).offers[article]
    return Basket(str(uuid.uuid4()), 100).with_pieces(str(uuid.uuid4()), offer, pieces)


def tins(shop: SmallShop, ago: int) -> int:
    """Empty the shelf of tins, then receive ten whose best-before date was some days ago; return their lot."""
    desk = shop.desk
    known = next(n for n in stock.lots_in_stock(desk) if n.article_id == shop.peas)
    receive.correct_lot(desk, known.id)
    line = ReceivedLine(
        pieces=10, article_id=shop.peas, date_kind=DateKind.BEST_BEFORE, limit_on=shop.today - timedelta(days=ago)
    )
    receive.record_reception(desk, ReceptionForm(Origin.FOOD_BANK, (line,)))
    return next(n.id for n in stock.lots_in_stock(desk) if n.article_id == shop.peas)


def sold(shop: SmallShop, desk: Desk, basket: Basket, day: date | None = None) -> int:
    return sell.record_sale(desk, shop.household, basket, sell.PaymentForm(10_000), day=day, override="essai").sale


def test_a_use_by_date_is_judged_on_the_distribution_s_day(small_shop: SmallShop) -> None:
    later = on(small_shop.desk, 7)
    milk, paper_day = a_pack(small_shop, small_shop.milk), small_shop.today + timedelta(days=5)
    with pytest.raises(lots_drawn.DateToRead):
        sold(small_shop, later, milk)
    with pytest.raises(lots_drawn.DateToRead):
        sold(small_shop, later, milk, day=paper_day + timedelta(days=1))
    assert sold(small_shop, later, milk, day=paper_day)
    dated = replace(a_pack(small_shop, small_shop.milk).lines[0], pack_date=paper_day)
    gone = Basket(str(uuid.uuid4()), 100, (dated,))
    with pytest.raises(BadInput, match="DLC de"):
        sold(small_shop, later, gone)
    assert sold(small_shop, later, replace(gone, uid=str(uuid.uuid4())), day=paper_day)


def test_a_best_before_date_passed_asks_one_check_a_day_and_the_ticket_says_it(small_shop: SmallShop) -> None:
    desk, lot = small_shop.desk, tins(small_shop, 30)
    assert counter.price_list(desk).stale[small_shop.peas].state is BestBefore.TO_CHECK
    with pytest.raises(BestBeforeToCheck) as asked:
        sold(small_shop, desk, a_pack(small_shop, small_shop.peas))
    assert (asked.value.article, asked.value.stale.lot) == (small_shop.peas, lot)
    with pytest.raises(BadInput, match="mettez ce produit de côté"):
        best_before.record_check(desk, lot, packaging=False, aspect=True)
    best_before.record_check(desk, lot, packaging=True, aspect=True)
    assert small_shop.peas not in counter.price_list(desk).stale
    sale = sold(small_shop, desk, a_pack(small_shop, small_shop.peas))
    assert sheets.ticket(desk, sale).lines[0].past_best_before
    assert "DDM dépassée" in words_of(sheets.ticket_pdf(desk, sale))
    with desk.db.read() as session:
        (check,) = session.scalars(select(BestBeforeCheck))
        assert (check.made_by, check.packaging, check.aspect) == (desk.actor.id, True, True)
    with pytest.raises(BestBeforeToCheck):
        sold(small_shop, on(desk, 1), a_pack(small_shop, small_shop.peas))


def test_beyond_the_tolerance_only_what_is_in_the_bag_leaves_with_the_team_s_agreement(small_shop: SmallShop) -> None:
    desk, lot = small_shop.desk, tins(small_shop, 366)
    assert counter.price_list(desk).stale[small_shop.peas].state is BestBefore.BEYOND
    with pytest.raises(BadInput, match="accord de"):
        best_before.record_check(desk, lot, packaging=True, aspect=True)
    best_before.record_check(desk, lot, packaging=True, aspect=True, agreed="déjà rangé dans le sac")
    assert sold(small_shop, desk, a_pack(small_shop, small_shop.peas))


def test_a_pack_that_shows_another_date_is_not_of_the_lot_past_its_own(small_shop: SmallShop) -> None:
    desk, lot = small_shop.desk, tins(small_shop, 366)
    basket = a_pack(small_shop, small_shop.peas)
    line = replace(basket.lines[0], pack_date=small_shop.today + timedelta(days=90))
    sold(small_shop, desk, replace(basket, lines=(line,)))
    assert next(n for n in stock.lots_in_stock(desk) if n.id == lot).pieces == 10
    (opened,) = stock.lots_to_mend(desk)
    assert (opened.date_kind, opened.limit_on, opened.pieces) == (DateKind.BEST_BEFORE, line.pack_date, -1)


def test_the_shop_changes_its_tolerances_from_today_but_never_for_babies(small_shop: SmallShop) -> None:
    desk, lot = small_shop.desk, tins(small_shop, 30)
    rows = {r.family: r for r in best_before.tolerances(desk)}
    assert (rows["EPI"].days, rows["PAIN"].days, rows["VPO"].days, rows["BEBE"].days, rows["BEBE"].fixed) == (365, 0, None, None, True)  # fmt: skip
    best_before.save_tolerances(desk, {"EPI": 10})
    with pytest.raises(BadInput, match="accord de"):
        best_before.record_check(desk, lot, packaging=True, aspect=True)
    best_before.record_check(desk, lot, packaging=True, aspect=True, day=small_shop.today - timedelta(days=1))
    for wrong in ({"BEBE": 30}, {"EPI": -1}, {"EPI": 99_999}):
        with pytest.raises(BadInput):
            best_before.save_tolerances(desk, wrong)


def test_a_pick_up_with_less_than_48_hours_left_needs_its_reason(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    line = ReceivedLine(
        pieces=4, article_id=small_shop.milk, date_kind=DateKind.USE_BY, limit_on=small_shop.today + timedelta(days=1)
    )
    with pytest.raises(receive.ShortLife, match="Lait 1 l"):
        receive.record_reception(desk, ReceptionForm(Origin.PICKUP, (line,)))
    assert receive.record_reception(
        desk, ReceptionForm(Origin.PICKUP, (line,), short_reason="distribué cet après-midi")
    )
    assert receive.record_reception(desk, ReceptionForm(Origin.FOOD_BANK, (line,)))
    assert receive.record_reception(
        desk, ReceptionForm(Origin.PICKUP, (replace(line, limit_on=small_shop.today + timedelta(days=2)),))
    )


def test_an_arrival_keeps_what_it_says_and_its_slip_prints_it(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    lines = (
        ReceivedLine(grams=9_500, article_id=small_shop.carrots, ordered=12_000, delivered=10_000, damaged=500, unit_cents=95),
        ReceivedLine(pieces=6, article_id=small_shop.peas, date_kind=DateKind.BEST_BEFORE, limit_on=date(2027, 11, 30),
                     precision=Precision.MONTH, financing="FSE", lot_code="L12", frozen_on=small_shop.today),
    )  # fmt: skip
    form = ReceptionForm(
        Origin.PURCHASE, lines, receive.save_supplier(desk, "Grossiste", Origin.PURCHASE), "A-77", driver="Karim", tenths=62,
        financing="OWN", refused=(RefusedLine(Refusal.TOO_WARM, pieces=8, article_id=small_shop.milk, note="camion à 12 degrés"),),
    )  # fmt: skip
    arrival = receive.record_reception(desk, form)
    with desk.db.read() as session:
        carrots, peas = session.scalars(select(Lot).where(Lot.reception_id == arrival).order_by(Lot.id))
        assert (carrots.financing, carrots.unit_cents, carrots.balance_grams) == ("OWN", 95, 9_500)
        assert (peas.financing, peas.date_precision) == ("FSE", Precision.MONTH)
        told = session.get_one(LotDelivery, carrots.id)
        assert (told.ordered, told.delivered, told.damaged) == (12_000, 10_000, 500)
        assert (session.get_one(Reception, arrival).tenths, session.scalars(select(RefusedGoods.pieces)).one()) == (
            62,
            8,
        )
        lot = carrots.id
    assert sum(n.pieces for n in stock.lots_in_stock(desk) if n.article_id == small_shop.milk) == 12, (
        "refused: not in stock"
    )
    words = words_of(reception_papers.slip_pdf(desk, arrival))
    for told_word in (
        "Karim",
        "6,2",
        "Grossiste",
        "A-77",
        "Trop chaud",
        "camion à 12 degrés",
        "11/2027",
        "FSE+",
        "congelé",
        "12,000",
        "L12",
    ):
        assert told_word in words
    made = repack.Made(small_shop.carrots, 0, 9_500)
    repack.record_repacking(desk, repack.RepackForm((repack.Taken(lot, grams=9_500),), (made,)))
    with desk.db.read() as session:
        assert session.execute(select(Lot.financing, Lot.unit_cents).order_by(Lot.id.desc())).first() == ("OWN", 95)


def test_what_is_made_keeps_who_paid_it_and_its_price_by_the_piece_or_the_kilo(small_shop: SmallShop) -> None:
    desk = small_shop.desk

    def arrive(line: ReceivedLine, financing: str = "OWN") -> int:
        receive.record_reception(desk, ReceptionForm(Origin.PURCHASE, (line,), financing=financing))
        return max(n.id for n in stock.lots_in_stock(desk))

    sack = arrive(ReceivedLine(grams=25_000, article_id=small_shop.carrots, unit_cents=200))
    tins = arrive(ReceivedLine(pieces=10, article_id=small_shop.peas, unit_cents=90))
    paid_by_others = arrive(ReceivedLine(grams=3_000, article_id=small_shop.carrots), "FSE")
    mixed = (repack.Taken(sack, grams=1_000), repack.Taken(paid_by_others, grams=1_000))
    with pytest.raises(BadInput, match="financement"):
        repack.record_repacking(desk, repack.RepackForm(mixed, (repack.Made(small_shop.carrots, 0, 2_000),)))
    taken = (repack.Taken(sack, grams=10_000), repack.Taken(tins, pieces=5))
    made = (repack.Made(small_shop.peas, 20, 8_000), repack.Made(small_shop.carrots, 0, 3_000))
    repack.record_repacking(desk, repack.RepackForm(taken, made, waste_grams=1_000))
    with desk.db.read() as session:
        rows = session.execute(select(Lot.unit_cents, Lot.financing).order_by(Lot.id.desc()).limit(2)).all()
    # 10 kg at 2,00 EUR and 5 tins at 0,90 EUR: 24,50 EUR for 12 kg.
    assert [tuple(r) for r in rows] == [(204, "OWN"), (82, "OWN")]
    repack.record_repacking(
        desk, repack.RepackForm((repack.Taken(paid_by_others, grams=3_000),), (repack.Made(small_shop.peas, 6, 3_000),))
    )
    with desk.db.read() as session:
        assert session.scalars(select(Lot.unit_cents).order_by(Lot.id.desc())).first() is None


def test_only_refused_goods_make_an_arrival_without_stock(small_shop: SmallShop) -> None:
    desk, before = small_shop.desk, stock.lots_in_stock(small_shop.desk)
    refused = RefusedLine(Refusal.PAST_USE_BY, grams=800, article_id=small_shop.carrots)
    assert receive.record_reception(desk, ReceptionForm(Origin.PICKUP, (), refused=(refused,)))
    assert stock.lots_in_stock(desk) == before
    with pytest.raises(RuleRefused):
        receive.record_reception(desk, ReceptionForm(Origin.PICKUP, (), refused=(replace(refused, grams=0),)))
