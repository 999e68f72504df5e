"""The stock is counted in the order of the shelves: the list, the sheet to write on, and the book put right by moves alone."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta

import pypdfium2
import pytest
from sqlalchemy import select

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.shelves import Shelf
from epicerie_desktop.domain.stock import MoveKind, Origin
from epicerie_desktop.persistence.models import StockMove
from epicerie_desktop.services import safeguard
from epicerie_desktop.services.queries import moves, stock
from epicerie_desktop.services.safety import recalls
from epicerie_desktop.services.stock import catalogue, receive, shelves, stock_take
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.services.conftest import SmallShop


def counting(shop: SmallShop) -> list[tuple[str, str]]:
    take = stock_take.open_stock_take(shop.desk)
    return [(n.shelf, n.name) for n in stock_take.stock_take(shop.desk, take)]


def sheet_pages(shop: SmallShop) -> list[str]:
    document = pypdfium2.PdfDocument(io.BytesIO(stock_take.count_sheet_pdf(shop.desk)))
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def form_of(shop: SmallShop, article: int) -> ArticleForm:
    return next(r.form for r in stock.catalogue(shop.desk) if r.form.id == article)


def test_without_shelves_the_list_goes_by_family_and_with_them_in_the_order_one_walks(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    assert sorted(name for _shelf, name in counting(small_shop)) == ["Carottes", "Lait 1 l", "Petits pois 400 g"]
    shelves.save_shelf_walk(desk, (Shelf("Frigo", (small_shop.milk,)), Shelf("Entrée", (small_shop.peas,))))
    assert counting(small_shop) == [("Frigo", "Lait 1 l"), ("Entrée", "Petits pois 400 g"), ("", "Carottes")]
    frigo, hall = shelves.shelf_walk(desk)
    shelves.save_shelf_walk(desk, (Shelf("Hall", (small_shop.carrots, *hall.articles), hall.id), frigo))
    assert counting(small_shop) == [("Hall", "Carottes"), ("Hall", "Petits pois 400 g"), ("Frigo", "Lait 1 l")]
    assert [s.id for s in shelves.shelf_walk(desk)] == [hall.id, frigo.id]


def test_the_sheet_of_an_article_says_its_shelf_and_place_and_another_change_leaves_them(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    shelves.save_shelf_walk(desk, (Shelf("Entrée", (small_shop.peas, small_shop.carrots)),))
    shelf = shelves.shelf_walk(desk)[0].id
    sheet = form_of(small_shop, small_shop.milk)
    assert (sheet.shelf, sheet.place) == (0, None)
    catalogue.save_article(desk, replace(sheet, shelf=shelf, place=2))
    assert shelves.shelf_walk(desk)[0].articles == (small_shop.peas, small_shop.milk, small_shop.carrots)
    again = form_of(small_shop, small_shop.milk)
    assert (again.shelf, again.place) == (shelf, 2)
    catalogue.save_article(desk, replace(again, name="Lait entier", shelf=None))
    assert shelves.shelf_walk(desk)[0].articles == (small_shop.peas, small_shop.milk, small_shop.carrots)
    catalogue.save_article(desk, replace(form_of(small_shop, small_shop.milk), shelf=0))
    assert shelves.shelf_walk(desk)[0].articles == (small_shop.peas, small_shop.carrots)
    with pytest.raises(BadInput, match="existe plus"):
        catalogue.save_article(desk, replace(form_of(small_shop, small_shop.milk), shelf=999))


def test_two_shelves_of_one_name_and_an_article_on_two_are_refused(small_shop: SmallShop) -> None:
    with pytest.raises(RuleRefused, match="existe déjà"):
        shelves.save_shelf_walk(small_shop.desk, (Shelf("Frigo"), Shelf("frigo ")))
    with pytest.raises(RuleRefused, match="deux rayons"):
        shelves.save_shelf_walk(small_shop.desk, (Shelf("A", (small_shop.milk,)), Shelf("B", (small_shop.milk,))))
    assert shelves.shelf_walk(small_shop.desk) == ()


def test_the_sheet_to_count_with_follows_the_walk_and_never_says_what_is_expected(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    families = {f.code: f.id for f in stock.families(desk)}
    many = [
        catalogue.save_article(desk, ArticleForm(families["EPI"], f"Conserve {n}", SoldBy.PIECE, 400, short_code=f"C{n}"))
        for n in range(60)
    ]  # fmt: skip
    receive.record_reception(
        desk,
        receive.ReceptionForm(
            next(iter(receive.Origin)), tuple(receive.ReceivedLine(pieces=7913, article_id=a) for a in many)
        ),
    )
    shelves.save_shelf_walk(
        desk, (Shelf("Mur du fond", (*many[::-1], small_shop.peas)), Shelf("Frigo", (small_shop.milk,)))
    )
    pages = sheet_pages(small_shop)
    whole = "\n".join(pages)
    places = [
        whole.index(words)
        for words in (
            "Mur du fond",
            "Conserve 59",
            "Conserve 0",
            "Petits pois",
            "Frigo",
            "Lait 1 l",
            "Sans rayon",
            "Carottes",
        )
    ]
    assert places == sorted(places)
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert (
            f"{number} / {len(pages)}" in page
            or f"{number}/{len(pages)}" in page
            or f"{number} sur {len(pages)}" in page
        )
    assert "7913" not in whole.replace("\u202f", "").replace(" ", "")
    assert "C59" in whole
    assert "3017620422003" in whole
    assert pages[-1].count("nom, signature") == 2
    take = stock_take.open_stock_take(desk)
    grid = [n.name for n in stock_take.stock_take(desk, take)]
    assert grid == [line.name for _shelf, lines in stock_take.count_sheet(desk).shelves for line in lines]


def test_a_count_is_closed_by_moves_that_are_added_and_nothing_is_rewritten(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    with desk.db.read() as session:
        before = [(m.id, m.kind, m.pieces, m.grams) for m in session.scalars(select(StockMove).order_by(StockMove.id))]
    take = stock_take.open_stock_take(desk, blind=True)
    hidden = stock_take.stock_take(desk, take)
    assert {(n.book_pieces, n.book_grams) for n in hidden} == {(None, None)}
    stock_take.count_article(desk, take, small_shop.carrots, grams=18_500)
    stock_take.count_article(desk, take, small_shop.peas, pieces=26)
    assert stock_take.open_stock_take(desk, blind=False) == take
    told = {
        n.name: (n.difference_pieces, n.difference_grams, n.difference_cents) for n in stock_take.stock_take(desk, take)
    }
    assert told == {"Carottes": (0, -1_500, -240), "Petits pois 400 g": (2, 800, 300), "Lait 1 l": (None, None, None)}
    assert stock_take.close_stock_take(desk, take) == 2
    with desk.db.read() as session:
        after = [(m.id, m.kind, m.pieces, m.grams) for m in session.scalars(select(StockMove).order_by(StockMove.id))]
    assert after[: len(before)] == before
    assert [n[1:] for n in after[len(before) :]] == [(MoveKind.CORRECTION, 0, -1_500), (MoveKind.CORRECTION, 2, 800)]
    assert safeguard.verify_file(desk) == ()


def test_a_recalled_lot_is_neither_counted_nor_corrected_whatever_is_found_on_the_shelf(small_shop: SmallShop) -> None:
    desk, peas, milk = small_shop.desk, small_shop.peas, small_shop.milk
    recalled = {n.article_id: n.id for n in stock.lots_in_stock(desk) if n.article_id in (peas, milk)}
    for lot in recalled.values():
        recalls.quarantine_lot(desk, lot, "rappel")
    receive.record_reception(
        desk, receive.ReceptionForm(Origin.GARDEN, (receive.ReceivedLine(pieces=10, article_id=peas),))
    )
    take = stock_take.open_stock_take(desk)
    rows = {n.article: n for n in stock_take.stock_take(desk, take)}
    assert (rows[peas].book_pieces, rows[peas].aside) == (10, True)
    assert milk not in rows
    assert not rows[small_shop.carrots].aside
    assert "sans ce qui est mis de côté" in "".join(sheet_pages(small_shop)).replace("\r\n", " ")
    for article, found in ((peas, 17), (milk, 3)):
        stock_take.count_article(desk, take, article, pieces=found)
    stock_take.close_stock_take(desk, take)
    lots = [(n.article_id, n.origin, n.pieces, n.aside) for n in stock.lots_in_stock(desk) if n.article_id in recalled]
    assert sorted(lots) == sorted([
        (peas, Origin.FOOD_BANK, 24, True), (peas, Origin.GARDEN, 17, False),
        (milk, Origin.FOOD_BANK, 12, True), (milk, Origin.UNKNOWN, 3, False),
    ])  # fmt: skip
    assert safeguard.verify_file(desk) == ()


def test_what_is_set_aside_between_its_count_and_the_end_keeps_its_lot(small_shop: SmallShop) -> None:
    desk, peas = small_shop.desk, small_shop.peas
    take = stock_take.open_stock_take(desk)
    stock_take.count_article(desk, take, peas, pieces=30)
    (lot,) = [n.id for n in stock.lots_in_stock(desk) if n.article_id == peas]
    recalls.quarantine_lot(desk, lot, "rappel")
    stock_take.close_stock_take(desk, take)
    assert [(n.pieces, n.aside) for n in stock.lots_in_stock(desk) if n.article_id == peas] == [(24, True), (6, False)]
    assert safeguard.verify_file(desk) == ()


class TickingClock(FrozenClock):
    """A clock that moves by a second each time it is read."""

    def now(self) -> datetime:
        object.__setattr__(self, "at", self.at + timedelta(seconds=1))
        return super().now()


def test_the_corrections_of_a_count_are_not_undone_one_by_one_however_long_it_takes_to_write(
    small_shop: SmallShop,
) -> None:
    desk = replace(small_shop.desk, clock=TickingClock(small_shop.desk.clock.now()))
    take = stock_take.open_stock_take(desk)
    for article in (small_shop.peas, small_shop.milk):
        stock_take.count_article(desk, take, article, pieces=5)
    stock_take.close_stock_take(desk, take)
    last = moves.last_move(desk)
    assert last is not None
    assert last.kind is MoveKind.RECEPTION, "what came before the count"
