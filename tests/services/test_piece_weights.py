"""Kilos everywhere: learned without asking, kept with what says them, shown apart, and never changed afterwards."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from epicerie_desktop.domain.basket import ESTIMATES, Basket, SoldBy, WeightSource
from epicerie_desktop.domain.figures import Kilos
from epicerie_desktop.domain.stock import DateKind, LossReason, Origin
from epicerie_desktop.exchange.records import month_from_record, month_to_record
from epicerie_desktop.persistence.models import SaleLine, StockMove
from epicerie_desktop.services import month_sheets, safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import counter, figures, moves, stock
from epicerie_desktop.services.queries.piece_weights import articles_without_weight
from epicerie_desktop.services.stock import catalogue, piece_weights, receive
from epicerie_desktop.services.stock import moves as gestures
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, Stale
from tests.conftest import TODAY
from tests.services.conftest import SmallShop, moved_between


def arrive(desk: Desk, *lines: ReceivedLine) -> int:
    return receive.record_reception(desk, ReceptionForm(Origin.DONATION, lines))


def bare(desk: Desk, name: str = "Bocaux", code: str = "EPI") -> int:
    family = next(f.id for f in stock.families(desk) if f.code == code)
    return catalogue.save_article(desk, catalogue.ArticleForm(family or 0, name, SoldBy.PIECE, None, 150))


def sold(desk: Desk, household: int, article: int, pieces: int) -> int:
    offer = counter.price_list(desk).offers[article]
    basket = Basket(str(uuid.uuid4()), 100).with_pieces("p", offer, pieces)
    return sell.record_sale(desk, household, basket, sell.PaymentForm(basket.paid_cents), override="essai").sale


def lines(desk: Desk) -> list[tuple[int, WeightSource]]:
    with desk.db.read() as session:
        return [tuple(r) for r in session.execute(select(SaleLine.grams, SaleLine.source).order_by(SaleLine.sale_id))]  # type: ignore[misc]


def test_pieces_counted_and_weighed_teach_and_each_sale_keeps_the_weight_of_its_day(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, small_shop.household
    jars = bare(desk)
    sold(desk, home, jars, 2)
    arrive(desk, ReceivedLine(pieces=10, grams=4_120, article_id=jars))
    sold(desk, home, jars, 2)
    (row,) = articles_without_weight(desk)
    assert row.learned is not None
    assert (row.learned.grams, row.learned.over, row.learned.since) == (412, 1, TODAY)
    arrive(desk, ReceivedLine(pieces=10, article_id=jars))
    (row,) = articles_without_weight(desk)
    assert row.learned is not None
    assert row.learned.over == 1, "an arrival that was not weighed teaches nothing, least of all its own estimate"
    piece_weights.set_net_weight(desk, jars, 500, row.version)
    sold(desk, home, jars, 2)
    assert lines(desk) == [(0, WeightSource.UNKNOWN), (824, WeightSource.LEARNED), (1_000, WeightSource.NET)]
    assert articles_without_weight(desk) == ()
    with desk.db.read() as session:
        said = session.scalars(
            select(StockMove.weight_source).where(StockMove.sale_id.is_not(None)).order_by(StockMove.id)
        ).all()
    assert said == [WeightSource.UNKNOWN, WeightSource.LEARNED, WeightSource.NET]
    assert safeguard.verify_file(desk) == ()


def test_an_arrival_undone_teaches_no_longer(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    jars = bare(desk)

    def taught() -> tuple[int, int] | None:
        (row,) = articles_without_weight(desk)
        return (row.learned.grams, row.learned.over) if row.learned is not None else None

    arrive(desk, ReceivedLine(pieces=10, grams=4_000, article_id=jars))
    arrive(
        desk,
        ReceivedLine(grams=3_000, article_id=small_shop.carrots),
        ReceivedLine(pieces=10, grams=9_000, article_id=jars),
    )
    assert taught() == (650, 2)
    for left in ((400, 1), None):
        last = moves.last_move(desk)
        assert last is not None
        gestures.undo_move(desk, last.id)
        assert taught() == left


def test_the_usual_weight_of_a_family_serves_what_nothing_else_tells(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    family = next(f for f in stock.families(desk) if f.code == "EPI")
    jars = bare(desk)
    assert [(r.weight.grams, r.weight.known) for r in articles_without_weight(desk)] == [(0, False)]
    catalogue.save_family(desk, replace(family, piece_grams=350))
    assert next(f for f in stock.families(desk) if f.code == "EPI").piece_grams == 350
    sold(desk, small_shop.household, jars, 3)
    assert lines(desk) == [(1_050, WeightSource.FAMILY)]
    with pytest.raises(BadInput, match="supérieur à zéro"):
        catalogue.save_family(desk, replace(family, piece_grams=0, version=None))


def test_a_month_computed_before_is_the_same_after_a_better_weight(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, small_shop.household
    jars = bare(desk)
    arrive(desk, ReceivedLine(pieces=10, grams=4_000, article_id=jars))
    sold(desk, home, jars, 3)
    sold(desk, home, small_shop.peas, 2)
    before = figures.figures_of(desk, "2026-11", "2026-11")
    paper, moved = month_sheets.month_sheet(desk, "2026-11"), moved_between(desk, TODAY.replace(day=1), TODAY)
    later = replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=20)))
    for grams in (9_000, 9_100, 9_200):
        arrive(later, ReceivedLine(pieces=10, grams=grams, article_id=jars))
    family = next(f for f in stock.families(later) if f.code == "EPI")
    catalogue.save_family(later, replace(family, piece_grams=77))
    assert counter.price_list(later).offers[jars].guess_grams == 905
    (row,) = articles_without_weight(later)
    piece_weights.set_net_weight(later, jars, 1_234, row.version)
    assert figures.figures_of(later, "2026-11", "2026-11") == before
    assert month_sheets.month_sheet(later, "2026-11").figures == paper.figures
    assert moved_between(later, TODAY.replace(day=1), TODAY) == moved
    assert before[0].totals.estimated_grams == 1_200
    assert before[0].totals.weighed_grams == 800


def test_what_came_in_and_what_was_lost_tell_their_estimates_apart(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    jars = bare(desk)
    before = moved_between(desk, TODAY, TODAY)
    arrive(desk, ReceivedLine(pieces=10, grams=4_000, article_id=jars))
    arrive(desk, ReceivedLine(pieces=5, article_id=jars))
    lots = [n for n in stock.lots_in_stock(desk) if n.article_id == jars]
    guessed = next(n for n in lots if n.pieces == 5)
    receive.record_loss(desk, guessed.id, pieces=2, reason=LossReason.DAMAGED)
    carrots = next(n for n in stock.lots_in_stock(desk) if n.article_id == small_shop.carrots)
    receive.record_loss(desk, carrots.id, grams=700, reason=LossReason.UNFIT)
    found = moved_between(desk, TODAY, TODAY)
    assert (found.received.grams, found.received.estimated_grams) == (before.received.grams + 6_000, 2_000)
    assert found.lost == Kilos(1_500, 800)
    assert found.lost.weighed_grams == 700


def test_pieces_of_what_is_weighed_and_kilos_of_what_is_counted_come_in_and_go_out_alike(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, small_shop.household
    arrive(desk, ReceivedLine(grams=4_000, article_id=small_shop.peas))
    lots = [n for n in stock.lots_in_stock(desk) if n.article_id == small_shop.peas]
    assert [(n.pieces, n.grams) for n in lots] == [(24, 9_600), (10, 4_000)]
    jars = bare(desk)
    with pytest.raises(BadInput, match="combien de pièces"):
        arrive(desk, ReceivedLine(grams=4_000, article_id=jars))
    family = next(f for f in stock.families(desk) if f.code == "FL")
    with pytest.raises(BadInput, match="quel poids"):
        arrive(desk, ReceivedLine(pieces=8, article_id=small_shop.carrots))
    catalogue.save_family(desk, replace(family, piece_grams=900))
    arrive(desk, ReceivedLine(pieces=8, article_id=small_shop.carrots))
    assert [n.grams for n in stock.lots_in_stock(desk) if n.article_id == small_shop.carrots] == [20_000, 7_200]
    sold(desk, home, small_shop.peas, 34)
    assert all(n.article_id != small_shop.peas for n in stock.lots_in_stock(desk))
    with desk.db.read() as session:
        left = session.execute(select(StockMove.grams, StockMove.pieces).join_from(StockMove, SaleLine, SaleLine.lot_id == StockMove.lot_id)
                               .where(SaleLine.article_id == small_shop.peas)).all()  # fmt: skip
    assert (sum(r.grams for r in left), sum(r.pieces for r in left)) == (0, 0)


def test_a_lot_that_ends_tells_what_its_arrival_and_its_outings_did_not_weigh_alike(small_shop: SmallShop) -> None:
    desk, jars = small_shop.desk, bare(small_shop.desk)
    arrive(desk, ReceivedLine(pieces=10, grams=4_124, article_id=jars))
    sold(desk, small_shop.household, jars, 9)
    assert moved_between(desk, TODAY, TODAY).ended_lots == 0
    sold(desk, small_shop.household, jars, 1)
    found = moved_between(desk, TODAY, TODAY)
    assert (found.ended_lots, found.ended_grams) == (1, 4)
    assert all(n.article_id != jars for n in (*stock.lots_in_stock(desk), *stock.lots_to_mend(desk)))
    later = TODAY + timedelta(days=1)
    assert moved_between(desk, later, later).ended_lots == 0


def test_a_net_weight_is_refused_where_it_cannot_be_and_two_persons_do_not_overwrite_each_other(
    small_shop: SmallShop,
) -> None:
    desk = small_shop.desk
    jars = bare(desk)
    (row,) = articles_without_weight(desk)
    with pytest.raises(BadInput, match="supérieur à zéro"):
        piece_weights.set_net_weight(desk, jars, 0, row.version)
    with pytest.raises(Exception, match="se pèse"):
        piece_weights.set_net_weight(desk, small_shop.carrots, 400, 1)
    piece_weights.set_net_weight(desk, jars, 400, row.version)
    with pytest.raises(Stale):
        piece_weights.set_net_weight(desk, jars, 410, row.version)


def test_a_month_without_estimates_is_written_as_it_always_was(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    sold(desk, small_shop.household, small_shop.peas, 2)
    plain = month_to_record(figures.figures_of(desk, "2026-11", "2026-11")[0], lambda t: t)
    assert all("estimated" not in h for h in plain["households"])
    jars = bare(desk)
    arrive(desk, ReceivedLine(pieces=10, grams=4_000, article_id=jars))
    sold(desk, small_shop.household, jars, 3)
    told = month_to_record(figures.figures_of(desk, "2026-11", "2026-11")[0], lambda t: t)
    assert [h["estimated"] for h in told["households"]] == [1_200]
    assert month_from_record(told).totals.estimated_grams == 1_200
    assert month_from_record(plain).totals.estimated_grams == 0


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(("jars", "tins", "peas", "carrots")), st.integers(1, 20), st.integers(0, 9_000)),
        max_size=8,
    )
)
def test_weighed_and_estimated_kilos_always_add_up_to_the_total(
    small_shop: SmallShop, moves: list[tuple[str, int, int]]
) -> None:
    desk, home = small_shop.desk, small_shop.household
    # The same shop serves every example: what earlier ones sold stays in the sums.
    known = {r.name: r.article for r in articles_without_weight(desk)}
    jars, tins = (known.get(n) or bare(desk, n) for n in ("Bocaux", "Boîtes"))
    for what, pieces, grams in moves:
        if what == "carrots":
            offer = counter.price_list(desk).offers[small_shop.carrots]
            basket = Basket(str(uuid.uuid4()), 100).with_weighed("w", offer, pieces * 10, WeightSource.SCALE)
            sell.record_sale(desk, home, basket, sell.PaymentForm(basket.paid_cents), override="essai")
            continue
        article = {"jars": jars, "tins": tins, "peas": small_shop.peas}[what]
        arrive(desk, ReceivedLine(pieces=pieces, grams=grams, article_id=article))
        sold(desk, home, article, pieces)
    month = figures.figures_of(desk, "2026-11", "2026-11")[0]
    whole = month.totals
    with desk.db.read() as session:
        told = session.execute(select(SaleLine.grams, SaleLine.source).where(SaleLine.food)).all()
    assert whole.weighed_grams + whole.estimated_grams == whole.grams == sum(r.grams for r in told)
    assert whole.estimated_grams == sum(r.grams for r in told if r.source in ESTIMATES)
    assert whole.estimated_grams == sum(h.estimated_grams for h in month.households)
    assert all(0 <= h.estimated_grams <= h.grams for h in month.households)
    assert safeguard.verify_file(desk) == ()


def test_a_use_by_date_is_asked_as_before_whatever_is_weighed(small_shop: SmallShop) -> None:
    milk = ReceivedLine(pieces=3, grams=3_090, article_id=small_shop.milk)
    with pytest.raises(BadInput, match="produit frais"):
        arrive(small_shop.desk, milk)
    arrive(small_shop.desk, replace(milk, date_kind=DateKind.USE_BY, limit_on=TODAY + timedelta(days=4)))
