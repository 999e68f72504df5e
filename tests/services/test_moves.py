"""Goods carried elsewhere, sent, returned, brought back, and gestures undone: nothing lost, nothing counted twice."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pypdf
import pytest

from epicerie_desktop.domain.figures import Kilos
from epicerie_desktop.domain.recalls import Certainty
from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.stock import DateKind, LossReason, MoveKind, Origin, Place, SlipKind
from epicerie_desktop.persistence.models import Lot, Quarantine
from epicerie_desktop.services import safeguard
from epicerie_desktop.services.queries import figures, moves, stock
from epicerie_desktop.services.stock import catalogue, moves_papers, receive, repack
from epicerie_desktop.services.stock import moves as gestures
from epicerie_desktop.services.stock.moves import Leaving
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.services.till import parcels
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.services.conftest import SmallShop, moved_between
from tests.services.test_sell import a_basket, sold


def text_of(pdf: bytes) -> str:
    return " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\u00a0", " ")


def lot_of(shop: SmallShop, article: int, place: Place = Place.SHELF) -> stock.LotRow:
    return next(n for n in stock.lots_in_stock(shop.desk) if n.article_id == article and n.place is place)


def held(shop: SmallShop) -> dict[tuple[int, Place], tuple[int, int]]:
    return {(n.article_id, n.place): (n.pieces, n.grams) for n in stock.lots_in_stock(shop.desk)}


def test_a_part_of_a_lot_goes_to_the_reserve_with_all_that_it_is(small_shop: SmallShop) -> None:
    desk, day = small_shop.desk, small_shop.today + timedelta(days=90)
    line = ReceivedLine(pieces=10, article_id=small_shop.milk, date_kind=DateKind.USE_BY, limit_on=day, lot_code="L7", unit_cents=61, frozen_on=small_shop.today)  # fmt: skip
    receive.record_reception(desk, ReceptionForm(Origin.PURCHASE, (line,), financing="OWN"))
    before = next(n for n in stock.lots_in_stock(desk) if n.code == "L7")
    there = gestures.move_to_place(desk, before.id, Place.FREEZER, pieces=4)
    with desk.db.read() as session:
        a, b = session.get_one(Lot, before.id), session.get_one(Lot, there)
        assert (a.balance_pieces, a.balance_grams, b.balance_pieces, b.balance_grams) == (6, 6_180, 4, 4_120)
        kept = ("article_id", "origin", "financing", "unit_cents", "code", "limit_on", "date_kind", "frozen_on", "received_on", "reception_id")  # fmt: skip
        assert [getattr(a, k) for k in kept] == [getattr(b, k) for k in kept]
    assert [(m.kind, m.place, m.pieces) for m in moves.moves_of(desk, there)] == [(MoveKind.PLACE_IN, Place.SHELF, 4)]
    assert next((m.kind, m.place, m.pieces) for m in moves.moves_of(desk, before.id)) == (
        MoveKind.PLACE_OUT,
        Place.FREEZER,
        -4,
    )
    with pytest.raises(BadInput):
        gestures.move_to_place(desk, before.id, Place.RESERVE, pieces=7)
    with pytest.raises(RuleRefused):
        gestures.move_to_place(desk, there, Place.FREEZER, pieces=1)


def test_the_till_empties_the_shelf_before_the_reserve_and_never_refuses(small_shop: SmallShop) -> None:
    desk, peas = small_shop.desk, small_shop.peas
    gestures.move_to_place(desk, lot_of(small_shop, peas).id, Place.RESERVE, pieces=22)
    first = receive.ReceivedLine(pieces=3, article_id=peas, date_kind=DateKind.BEST_BEFORE, limit_on=small_shop.today + timedelta(days=400))  # fmt: skip
    receive.record_reception(desk, ReceptionForm(Origin.DONATION, (first,)))
    sold(small_shop, a_basket(small_shop, grams=0, pieces=4))
    shelf = [n.pieces for n in stock.lots_in_stock(desk) if n.article_id == peas and n.place is Place.SHELF]
    assert (shelf, held(small_shop)[peas, Place.RESERVE][0]) == ([1], 22)
    sold(small_shop, a_basket(small_shop, grams=0, pieces=30), override="dans le sac")
    assert [(n.pieces, n.place) for n in stock.lots_to_mend(desk)] == [(-7, Place.RESERVE)]


def test_what_leaves_for_another_site_is_neither_given_nor_lost(small_shop: SmallShop) -> None:
    desk, carrots = small_shop.desk, lot_of(small_shop, small_shop.carrots)
    sold(small_shop, a_basket(small_shop))
    before = figures.totals_of(desk, "2026-11", "2026-11")
    slip = gestures.send(desk, Leaving(SlipKind.SENT, carrots.id, "Épicerie de Mauriac", grams=5_000))
    milk = lot_of(small_shop, small_shop.milk)
    again = gestures.send(desk, Leaving(SlipKind.SENT, milk.id, "Épicerie de Mauriac", pieces=5, tenths=34))
    assert again == slip, "one slip a day and a partner"
    assert figures.totals_of(desk, "2026-11", "2026-11") == before
    assert moves.losses_of(desk, "2026-11").rows == ()
    told = text_of(moves_papers.slip_pdf(desk, slip))
    for words in (
        "Bon de transfert",
        "Épicerie de Mauriac",
        "Carottes",
        "5,000",
        "3,4",
        "DLC",
        "10,150",
        "Remis par",
        "Reçu par",
    ):
        assert words in told, words
    gestures.undo_move(desk, moves.moves_of(desk, milk.id)[0].id)
    assert "Lait" not in text_of(moves_papers.slip_pdf(desk, slip))
    assert [(s.partner, s.lines) for s in moves.slips_of(desk)] == [("Épicerie de Mauriac", 1)]


def test_only_a_return_to_whoever_brought_them_takes_goods_nobody_may_be_given(small_shop: SmallShop) -> None:
    desk, carrots = small_shop.desk, lot_of(small_shop, small_shop.carrots).id
    with desk.db.write() as session:
        session.add(
            Quarantine(
                lot_id=carrots,
                certainty=Certainty.TEAM,
                reason="essai",
                made_at=desk.clock.now(),
                made_by=desk.actor.id,
            )
        )
    for kind in (
        Leaving(SlipKind.SENT, carrots, "Ailleurs", grams=1),
        Leaving(SlipKind.RETURNED, carrots, "Banque", grams=1),
    ):
        with pytest.raises(RuleRefused if kind.kind is SlipKind.SENT else BadInput):
            gestures.send(desk, kind)
    with pytest.raises(RuleRefused):
        gestures.move_to_place(desk, carrots, Place.RESERVE, grams=1)
    slip = gestures.send(
        desk, Leaving(SlipKind.RETURNED, carrots, "Banque", grams=20_000, reason=Refusal.SPOILT, note="moisies")
    )
    told = text_of(moves_papers.slip_pdf(desk, slip))
    assert "Bon de retour" in told
    assert "moisies" in told
    with pytest.raises(BadInput):
        gestures.send(desk, Leaving(SlipKind.SENT, lot_of(small_shop, small_shop.peas).id, "  ", pieces=1))


def test_an_unopened_tin_goes_back_on_the_shelf_and_chilled_goods_are_lost(small_shop: SmallShop) -> None:
    desk, peas, milk = small_shop.desk, lot_of(small_shop, small_shop.peas), lot_of(small_shop, small_shop.milk)
    receipt = sold(small_shop, a_basket(small_shop, pieces=3))
    before = figures.totals_of(desk, "2026-11", "2026-11")
    assert gestures.take_back(desk, peas.id, pieces=2)
    assert held(small_shop)[small_shop.peas, Place.SHELF] == (23, 23 * 400)
    with pytest.raises(BadInput):
        gestures.take_back(desk, peas.id, pieces=2)
    carrots = lot_of(small_shop, small_shop.carrots)
    assert not gestures.take_back(desk, carrots.id, grams=250)
    assert lot_of(small_shop, small_shop.carrots).grams == carrots.grams
    with pytest.raises(BadInput):
        gestures.take_back(desk, milk.id, pieces=1)
    found = moves.losses_of(desk, "2026-11")
    assert (found.rows, [(r.reason, r.grams, r.cents) for r in found.brought_back]) == (
        (),
        [(LossReason.BROUGHT_BACK, 250, 40)],
    )
    assert figures.totals_of(desk, "2026-11", "2026-11") == before, f"the ticket {receipt.number} stays as it is"


def test_the_last_gesture_is_undone_by_a_move_that_names_it(small_shop: SmallShop) -> None:
    desk, carrots, start = small_shop.desk, lot_of(small_shop, small_shop.carrots).id, held(small_shop)
    receive.record_loss(desk, carrots, grams=2_000, reason=LossReason.UNFIT)
    receive.correct_lot(desk, carrots, counted_grams=19_000)
    there = gestures.move_to_place(desk, carrots, Place.COLD_ROOM, grams=6_000)
    gestures.send(desk, Leaving(SlipKind.SENT, there, "Ailleurs", grams=1_000))
    repack.record_repacking(
        desk,
        repack.RepackForm((repack.Taken(carrots, grams=1_000),), (repack.Made(small_shop.carrots, grams=900),), 100),
    )
    for _ in range(5):
        last = moves.last_move(desk)
        assert last is not None
        gestures.undo_move(desk, last.id)
        with pytest.raises(RuleRefused):
            gestures.undo_move(desk, last.id)
    assert held(small_shop) == start
    assert moves.losses_of(desk, "2026-11").rows == ()
    arrival = moves.last_move(desk)
    assert arrival is not None
    assert (arrival.kind, arrival.lots) == (MoveKind.RECEPTION, 3)
    told = moves.moves_of(desk, carrots)
    assert sum(m.undone for m in told) == sum(m.undoes for m in told) == 5


def test_an_arrival_is_undone_whole_the_same_day_while_nothing_of_it_was_used(small_shop: SmallShop) -> None:
    desk, today, before = small_shop.desk, small_shop.today, held(small_shop)
    received = moved_between(desk, today, today).received.grams
    lines = (
        ReceivedLine(grams=3_000, article_id=small_shop.carrots),
        ReceivedLine(pieces=4, article_id=small_shop.peas),
    )
    receive.record_reception(desk, ReceptionForm(Origin.DONATION, lines))
    last = moves.last_move(desk)
    assert last is not None
    assert (last.kind, last.lots) == (MoveKind.RECEPTION, 2)
    assert moved_between(desk, today, today).received.grams == received + 3_000 + 4 * 400
    gestures.undo_move(desk, last.id)
    assert held(small_shop) == before
    assert moved_between(desk, today, today).received.grams == received
    assert safeguard.verify_file(desk) == ()
    first = moves.last_move(desk)
    assert first is not None
    receive.record_loss(desk, lot_of(small_shop, small_shop.carrots).id, grams=100, reason=LossReason.UNFIT)
    with pytest.raises(RuleRefused, match="bougé"):
        gestures.undo_move(desk, first.id)
    with pytest.raises(RuleRefused, match="autre jour"):
        gestures.undo_move(replace(desk, clock=FrozenClock.on(today + timedelta(days=1))), first.id)


def test_a_gesture_is_not_undone_once_the_goods_were_used_or_counted(small_shop: SmallShop) -> None:
    desk, carrots = small_shop.desk, lot_of(small_shop, small_shop.carrots).id
    receive.record_loss(desk, carrots, grams=2_000, reason=LossReason.UNFIT)
    lost = moves.moves_of(desk, carrots)[0].id
    receive.correct_lot(desk, carrots, counted_grams=18_500)
    counted = moves.moves_of(desk, carrots)[0].id
    with pytest.raises(RuleRefused):
        gestures.undo_move(desk, lost)
    sold(small_shop, a_basket(small_shop, pieces=0))
    before = held(small_shop)
    with pytest.raises(RuleRefused):
        gestures.undo_move(desk, counted)
    with pytest.raises(RuleRefused):
        gestures.undo_move(desk, moves.moves_of(desk, carrots)[0].id)
    assert held(small_shop) == before


def test_the_losses_of_a_month_keep_the_value_of_their_day(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    receive.record_loss(desk, lot_of(small_shop, small_shop.carrots).id, grams=1_500, reason=LossReason.UNFIT)
    receive.record_loss(desk, lot_of(small_shop, small_shop.peas).id, pieces=2, reason=LossReason.DAMAGED)
    peas = next(r.form for r in stock.catalogue(desk) if r.form.id == small_shop.peas)
    catalogue.save_article(desk, replace(peas, reference_cents=999))
    found = moves.losses_of(desk, "2026-11")
    assert [(r.reason, r.grams, r.pieces, r.cents, r.unvalued) for r in found.rows] == [
        (LossReason.UNFIT, 1_500, 0, 240, 0), (LossReason.DAMAGED, 800, 2, 300, 0),
    ]  # fmt: skip
    assert (found.grams, found.cents) == (2_300, 540)
    assert moves.losses_of(desk, "2026-10").rows == ()
    told = text_of(moves_papers.losses_pdf(desk, "2026-11"))
    assert "2,300" in told
    assert "5,40" in told


def test_a_parcel_whose_goods_came_back_is_not_cancelled_as_well(small_shop: SmallShop) -> None:
    desk, peas = small_shop.desk, lot_of(small_shop, small_shop.peas)
    parcel = parcels.give_emergency_parcel(desk, a_basket(small_shop, grams=0, pieces=3), 2)
    parcels.check_emergency_cancel(desk, parcel)
    gestures.take_back(desk, peas.id, pieces=3)
    for refused in (parcels.check_emergency_cancel, partial(parcels.cancel_emergency_parcel, reason="erreur")):
        with pytest.raises(RuleRefused, match="rapportés"):
            refused(desk, parcel)
    assert held(small_shop)[small_shop.peas, Place.SHELF][0] == 24
    last = moves.last_move(desk)
    assert last is not None
    gestures.undo_move(desk, last.id)
    parcels.check_emergency_cancel(desk, parcel)
    parcels.cancel_emergency_parcel(desk, parcel, "erreur")
    with pytest.raises(RuleRefused, match="déjà annulé"):
        parcels.check_emergency_cancel(desk, parcel)
    assert held(small_shop)[small_shop.peas, Place.SHELF][0] == 24


def estimated(shop: SmallShop) -> int:
    """Receive five pieces of an article that nobody ever weighed, and return it."""
    desk = shop.desk
    form = next(r.form for r in stock.catalogue(desk) if r.form.id == shop.peas)
    families = {f.id: f for f in stock.families(desk)}
    bare = catalogue.save_article(
        desk, replace(form, id=None, version=None, name="Bocal", net_grams=None, codes=(), short_code="")
    )
    catalogue.save_family(desk, replace(families[form.family_id], piece_grams=400))
    receive.record_reception(desk, ReceptionForm(Origin.DONATION, (ReceivedLine(pieces=5, article_id=bare),)))
    return bare


def test_a_loss_undone_takes_its_estimate_back_even_in_another_month(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    bare = estimated(small_shop)
    receive.record_loss(desk, lot_of(small_shop, bare).id, pieces=2, reason=LossReason.DAMAGED)
    day = small_shop.today
    assert moved_between(desk, day, day).lost == Kilos(800, 800)
    last = moves.last_move(desk)
    assert last is not None
    december = replace(desk, clock=FrozenClock.on(day + timedelta(days=20)))
    gestures.undo_move(december, last.id)
    assert moved_between(desk, day + timedelta(days=1), day + timedelta(days=20)).lost == Kilos(-800, -800)
    assert moved_between(desk, day, day + timedelta(days=20)).lost == Kilos()


def test_an_estimate_carried_elsewhere_is_lost_as_an_estimate(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    there = gestures.move_to_place(desk, lot_of(small_shop, estimated(small_shop)).id, Place.RESERVE, pieces=4)
    receive.record_loss(desk, there, pieces=1, reason=LossReason.DAMAGED)
    assert moved_between(desk, small_shop.today, small_shop.today).lost == Kilos(400, 400)


def test_what_was_brought_back_and_thrown_away_stays_handed_out_and_is_no_loss_as_well(small_shop: SmallShop) -> None:
    desk, carrots = small_shop.desk, lot_of(small_shop, small_shop.carrots)
    sold(small_shop, a_basket(small_shop))
    gestures.take_back(desk, carrots.id, grams=250)
    assert figures.totals_of(desk, "2026-11", "2026-11").grams == 2_050
    assert moved_between(desk, small_shop.today, small_shop.today).lost == Kilos()
    assert moves.losses_of(desk, "2026-11").grams == 0
