"""Goods coming in, lost and counted again: append-only moves, balances that are their sum, refusals that write nothing."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from epicerie_desktop.domain.basket import Basket, SoldBy
from epicerie_desktop.domain.stock import DateKind, LossReason, MoveKind, Origin
from epicerie_desktop.persistence.models import Lot, Reception, StockMove
from epicerie_desktop.services import safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.stock import catalogue, receive
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.errors import BadInput
from tests.services.conftest import SmallShop


def family(desk: Desk, code: str) -> int:
    return next(f.id for f in stock.families(desk) if f.code == code)  # type: ignore[return-value]


def arrive(desk: Desk, *lines: ReceivedLine, origin: Origin = Origin.PICKUP, **more: object) -> int:
    return receive.record_reception(desk, ReceptionForm(origin, lines, **more))  # type: ignore[arg-type]


def moves_of(desk: Desk, lot: int) -> list[tuple[MoveKind, int, int]]:
    with desk.db.read() as session:
        rows = session.execute(select(StockMove.kind, StockMove.pieces, StockMove.grams).where(StockMove.lot_id == lot))
        return [tuple(r) for r in rows]  # type: ignore[misc]


def counted(desk: Desk, table: type) -> int:
    with desk.db.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def the_lot(desk: Desk, article: int) -> stock.LotRow:
    return next(lot for lot in (*stock.lots_in_stock(desk), *stock.lots_to_mend(desk)) if lot.article_id == article)


def test_a_mixed_crate_needs_only_an_origin_a_family_and_a_weight(desk: Desk) -> None:
    arrive(desk, ReceivedLine(grams=12_400, family_id=family(desk, "FL")))
    (lot,) = stock.lots_in_stock(desk)
    assert (lot.article, lot.origin, lot.grams, lot.pieces) == ("Fruits et légumes", Origin.PICKUP, 12_400, 0)
    assert (lot.date_kind, lot.limit_on, lot.received_on) == (DateKind.NONE, None, desk.clock.today())
    assert moves_of(desk, lot.id) == [(MoveKind.RECEPTION, 0, 12_400)]


def test_an_arrival_saved_twice_is_written_once(desk: Desk) -> None:
    line, uid = ReceivedLine(grams=5_000, family_id=family(desk, "FL")), uuid.uuid4()
    assert arrive(desk, line, uid=uid) == arrive(desk, line, uid=uid)
    assert (counted(desk, Reception), counted(desk, Lot)) == (1, 1)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (ReceivedLine(grams=0), "pèse"),
        (ReceivedLine(grams=-1), "pèse"),
        (ReceivedLine(grams=5_000_001), "pèse"),
        (ReceivedLine(grams=900, date_kind=DateKind.USE_BY), "nature"),
        (ReceivedLine(grams=900, limit_on=date(2026, 11, 30)), "nature"),
        (ReceivedLine(grams=900, date_kind=DateKind.USE_BY, limit_on=date(2026, 11, 19)), "dépassée"),
        (ReceivedLine(grams=900, date_kind=DateKind.BEST_BEFORE, limit_on=date(2062, 11, 19)), "dix ans"),
        (ReceivedLine(grams=900, date_kind=DateKind.BEST_BEFORE, limit_on=date(1926, 11, 19)), "dix ans"),
    ],
)
def test_a_line_that_cannot_be_is_refused_and_the_whole_arrival_with_it(
    desk: Desk, line: ReceivedLine, told: str
) -> None:
    dry = family(desk, "FEC")
    good = ReceivedLine(grams=1_000, family_id=dry)
    with pytest.raises(BadInput, match=told):
        arrive(desk, good, ReceivedLine(line.pieces, line.grams, None, dry, line.date_kind, line.limit_on))
    assert (counted(desk, Reception), counted(desk, Lot), counted(desk, StockMove)) == (0, 0, 0)


def test_an_empty_arrival_and_one_of_tomorrow_are_refused(desk: Desk) -> None:
    with pytest.raises(BadInput, match="vide"):
        arrive(desk)
    with pytest.raises(BadInput, match="futur"):
        arrive(desk, ReceivedLine(grams=1, family_id=family(desk, "FL")), day=desk.clock.today() + timedelta(days=1))


def test_chilled_goods_need_the_date_of_their_pack(desk: Desk) -> None:
    with pytest.raises(BadInput, match="lisez sa date"):
        arrive(desk, ReceivedLine(grams=3_000, family_id=family(desk, "VPO")))
    last_day = ReceivedLine(0, 3_000, None, family(desk, "VPO"), DateKind.USE_BY, desk.clock.today())
    arrive(desk, last_day, origin=Origin.FOOD_BANK)
    (lot,) = stock.lots_expiring(desk, 0)
    assert lot.limit_on == desk.clock.today()


def test_a_best_before_date_already_past_may_be_received(desk: Desk) -> None:
    past = desk.clock.today() - timedelta(days=20)
    arrive(desk, ReceivedLine(0, 900, None, family(desk, "FEC"), DateKind.BEST_BEFORE, past))
    assert [lot.limit_on for lot in stock.lots_expiring(desk, 3)] == [past]


def test_pieces_are_counted_and_their_kilos_follow_the_net_weight(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    with pytest.raises(BadInput, match="combien de pièces"):
        arrive(desk, ReceivedLine(article_id=small_shop.peas))
    lot = the_lot(desk, small_shop.peas)
    assert (lot.pieces, lot.grams) == (24, 9_600)


def test_a_loss_cannot_exceed_what_the_lot_holds(small_shop: SmallShop) -> None:
    desk, lot = small_shop.desk, the_lot(small_shop.desk, small_shop.carrots)
    for grams in (20_001, 0, -5):
        with pytest.raises(BadInput, match="ne pas dépasser"):
            receive.record_loss(desk, lot.id, grams=grams, reason=LossReason.UNFIT)
    receive.record_loss(desk, lot.id, grams=20_000, reason=LossReason.UNFIT, note=" pourries ")
    assert small_shop.carrots not in {n.article_id for n in stock.lots_in_stock(desk)}
    assert moves_of(desk, lot.id) == [(MoveKind.RECEPTION, 0, 20_000), (MoveKind.LOSS, 0, -20_000)]


def test_pieces_lost_take_their_kilos_with_them(small_shop: SmallShop) -> None:
    lot = the_lot(small_shop.desk, small_shop.peas)
    receive.record_loss(small_shop.desk, lot.id, pieces=5, reason=LossReason.DAMAGED)
    left = the_lot(small_shop.desk, small_shop.peas)
    assert (left.pieces, left.grams) == (19, 19 * 400)


def test_a_count_mends_a_lot_below_zero_and_its_story_stays(small_shop: SmallShop) -> None:
    desk, shop = small_shop.desk, small_shop
    offer = counter.price_list(desk).offers[shop.peas]
    basket = Basket(str(uuid.uuid4()), 100).with_pieces(str(uuid.uuid4()), offer, 30)
    sell.record_sale(desk, shop.household, basket, sell.PaymentForm(basket.paid_cents), override="accord")
    (below,) = stock.lots_to_mend(desk)
    assert (below.pieces, below.grams) == (-6, -2_400)
    with pytest.raises(BadInput, match="négative"):
        receive.correct_lot(desk, below.id, counted_pieces=-1)
    receive.correct_lot(desk, below.id, counted_pieces=4, note="compté à deux")
    assert stock.lots_to_mend(desk) == ()
    assert (the_lot(desk, shop.peas).pieces, the_lot(desk, shop.peas).grams) == (4, 1_600)
    assert [kind for kind, *_ in moves_of(desk, below.id)] == [MoveKind.RECEPTION, MoveKind.SALE, MoveKind.CORRECTION]
    assert safeguard.verify_file(desk) == ()


def test_a_count_that_changes_nothing_writes_nothing(small_shop: SmallShop) -> None:
    lot = the_lot(small_shop.desk, small_shop.peas)
    receive.correct_lot(small_shop.desk, lot.id, counted_pieces=24)
    assert len(moves_of(small_shop.desk, lot.id)) == 1


def test_a_count_keeps_the_weight_of_packs_whose_net_weight_is_unknown(desk: Desk) -> None:
    jars = catalogue.save_article(desk, catalogue.ArticleForm(family(desk, "EPI"), "Bocaux divers", SoldBy.PIECE))
    arrive(desk, ReceivedLine(pieces=10, grams=5_000, article_id=jars))
    receive.correct_lot(desk, the_lot(desk, jars).id, counted_pieces=8)
    assert (the_lot(desk, jars).pieces, the_lot(desk, jars).grams) == (8, 4_000)


def test_packs_all_gone_leave_the_lists_whatever_their_kilos_say(small_shop: SmallShop) -> None:
    desk, shop = small_shop.desk, small_shop
    form = next(r.form for r in stock.catalogue(desk) if r.form.id == shop.peas)
    catalogue.save_article(
        desk,
        catalogue.ArticleForm(
            form.family_id, form.name, form.sold_by, 500, 150, form.codes, id=form.id, version=form.version
        ),
    )
    offer = counter.price_list(desk).offers[shop.peas]
    basket = Basket(str(uuid.uuid4()), 100).with_pieces(str(uuid.uuid4()), offer, 24)
    sell.record_sale(desk, shop.household, basket, sell.PaymentForm(basket.paid_cents))
    assert shop.peas not in {n.article_id for n in (*stock.lots_in_stock(desk), *stock.lots_to_mend(desk))}


def test_a_supplier_named_again_is_the_same_one(desk: Desk) -> None:
    first = receive.save_supplier(desk, "Intermarché  Saint-Flour", Origin.PICKUP)
    assert receive.save_supplier(desk, "intermarche saint-flour", Origin.PICKUP) == first
    assert receive.save_supplier(desk, "Intermarché Saint-Flour", Origin.PURCHASE) != first
    with pytest.raises(BadInput, match="fournisseur"):
        receive.save_supplier(desk, "  ", Origin.PICKUP)


@pytest.mark.parametrize("typed", ["3000000000106", "40,5", " - "])
def test_a_code_or_a_weight_is_nobodys_supplier(desk: Desk, typed: str) -> None:
    with pytest.raises(BadInput):
        receive.save_supplier(desk, typed, Origin.DONATION)
    assert stock.suppliers(desk) == ()
