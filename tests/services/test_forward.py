"""The anti-waste order of the day: a lower value for one day only, labels and sheet that say it, nothing forbidden put forward."""

from __future__ import annotations

from datetime import timedelta

import pytest

from epicerie_desktop.domain.dates import BestBefore
from epicerie_desktop.domain.stock import DateKind, LossReason, Origin
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.safety import recalls
from epicerie_desktop.services.stock import best_before, forward, receive
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.services.conftest import SmallShop
from tests.services.test_dates_and_receptions import on, tins, words_of


def lot_of(shop: SmallShop, article: int) -> int:
    return next(n.id for n in stock.lots_in_stock(shop.desk) if n.article_id == article)


def test_the_value_of_the_day_holds_that_day_and_leaves_the_catalogue_alone(small_shop: SmallShop) -> None:
    desk, milk = small_shop.desk, lot_of(small_shop, small_shop.milk)
    with pytest.raises(BadInput, match="plus basse"):
        forward.put_forward(desk, milk, cents=110)
    forward.put_forward(desk, milk)
    forward.put_forward(desk, milk, double=True, cents=55)
    prices = counter.price_list(desk)
    assert (prices.offers[small_shop.milk].reference_cents, prices.forward[small_shop.milk].double) == (55, True)
    assert counter.price_list(on(desk, 1)).offers[small_shop.milk].reference_cents == 110
    assert next(r.reference_cents for r in stock.catalogue(desk) if r.form.id == small_shop.milk) == 110
    forward.take_back(desk, milk)
    assert counter.price_list(desk).offers[small_shop.milk].reference_cents == 110


def test_labels_and_the_sheet_tell_the_day(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    with pytest.raises(RuleRefused, match="mis en avant"):
        forward.labels_pdf(desk)
    stale = tins(small_shop, 30)
    forward.put_forward(desk, stale)
    forward.put_forward(desk, lot_of(small_shop, small_shop.milk), double=True, cents=55)
    labels, sheet = words_of(forward.labels_pdf(desk)), words_of(forward.sheet_pdf(desk))
    for words in (labels, sheet):
        assert all(told in words for told in ("DDM dépassée", "Lait 1 l", "Petits pois", "0,55"))
    assert "Double portion" in labels


def test_what_may_not_be_handed_out_is_not_put_forward(small_shop: SmallShop) -> None:
    desk, milk = small_shop.desk, lot_of(small_shop, small_shop.milk)
    with pytest.raises(RuleRefused):
        forward.put_forward(on(desk, 6), milk)
    with pytest.raises(RuleRefused):
        forward.put_forward(desk, tins(small_shop, 400))
    recalls.quarantine_lot(desk, milk, "emballage gonflé")
    with pytest.raises(RuleRefused):
        forward.put_forward(desk, milk)


def test_what_comes_within_three_days_is_proposed_once(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    near = ReceivedLine(
        pieces=2, article_id=small_shop.milk, date_kind=DateKind.USE_BY, limit_on=small_shop.today + timedelta(days=3)
    )
    receive.record_reception(desk, ReceptionForm(Origin.FOOD_BANK, (near,)))
    assert (forward.propose_today(desk), forward.propose_today(desk)) == (1, 0)
    assert [r.article for r in forward.forward_today(desk)] == ["Lait 1 l"]


def arrived(shop: SmallShop, kind: DateKind, *days: int) -> list[int]:
    """Receive tins whose dates are so many days from today, and return their lots."""
    lots = []
    for n in days:
        limit = None if kind is DateKind.NONE else shop.today + timedelta(days=n)
        line = ReceivedLine(pieces=5, article_id=shop.peas, date_kind=kind, limit_on=limit)
        receive.record_reception(shop.desk, ReceptionForm(Origin.FOOD_BANK, (line,)))
        lots.append(max(n.id for n in stock.lots_in_stock(shop.desk)))
    return lots


def test_what_waits_for_a_check_is_listed_until_it_is_done(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    fine, check, beyond = arrived(small_shop, DateKind.BEST_BEFORE, 30, -30, -400)
    found = best_before.stale_lots(desk)
    assert {lot: s.state for lot, s in found.items()} == {check: BestBefore.TO_CHECK, beyond: BestBefore.BEYOND}
    assert fine not in found
    best_before.record_check(desk, check, packaging=True, aspect=True)
    recalls.quarantine_lot(desk, beyond, "trop vieux")
    assert best_before.stale_lots(desk) == {}
    assert set(best_before.stale_lots(on(desk, 1))) == {check}


def test_one_key_makes_the_order_of_the_day_once(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    near, today, *_others = arrived(small_shop, DateKind.USE_BY, 2, 0, 9)
    assert forward.propose_today(desk) == 2
    assert forward.propose_today(desk) == 0
    assert [r.lot for r in forward.forward_today(desk)] == [today, near]


def test_a_date_is_read_on_the_pack_only_where_a_lot_past_its_use_by_date_is_still_in_stock(
    small_shop: SmallShop,
) -> None:
    desk = on(small_shop.desk, 1)
    good, past = arrived(small_shop, DateKind.USE_BY, 9, 0)
    assert small_shop.peas not in counter.price_list(small_shop.desk).expired_only
    assert small_shop.peas in counter.price_list(desk).expired_only
    receive.record_loss(desk, past, pieces=5, reason=LossReason.EXPIRED)
    assert small_shop.peas not in counter.price_list(desk).expired_only
    arrived(small_shop, DateKind.NONE, 0)
    arrived(small_shop, DateKind.BEST_BEFORE, -30)
    assert small_shop.peas not in counter.price_list(desk).expired_only
    assert good in {n.id for n in stock.lots_in_stock(desk)}
