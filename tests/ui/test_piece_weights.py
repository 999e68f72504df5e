"""« Articles sans poids » and the second field of a reception: by the keyboard alone, nothing asked more."""

from __future__ import annotations

from dataclasses import replace

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.queries.piece_weights import articles_without_weight
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.stock.receive import ReceivedLine
from epicerie_desktop.ui.stock.catalogue_dialogs import ArticleDialog
from epicerie_desktop.ui.stock.catalogue_page import CataloguePage
from epicerie_desktop.ui.stock.receive_page import ReceivePage
from epicerie_desktop.ui.stock.weights_dialog import WeightsDialog
from tests.ui.storeroom import KEY, Storeroom


def bare(store: Storeroom, name: str) -> int:
    return catalogue.save_article(store.desk, ArticleForm(store.families["EPI"], name, SoldBy.PIECE, None, 150))


def test_weights_are_typed_one_after_the_other_and_the_button_goes_when_all_are_known(store: Storeroom) -> None:
    page = store.show("catalogue", CataloguePage)
    assert page.weights_button.isHidden()
    jars, tins = bare(store, "Bocaux"), bare(store, "Conserves")
    store.arrive(ReceivedLine(pieces=10, grams=4_120, article_id=jars), origin=Origin.DONATION)
    store.idle()
    assert "2" in page.weights_button.text()
    store.press(KEY.Key_F9)
    dialog = page.dialog
    assert isinstance(dialog, WeightsDialog)
    store.opened(dialog)
    store.idle()
    assert [r.name for r in dialog.table.rows_model.rows] == ["Conserves", "Bocaux"]
    assert "inconnu" in dialog.detail.text()
    store.press(KEY.Key_Down)
    assert "412\xa0g par pièce, d’après 1 réception pesée" in dialog.detail.text()
    store.press(KEY.Key_Up)
    store.enter("quatre")
    assert dialog.net.error
    dialog.net.line.selectAll()
    store.enter("800")
    store.idle()
    assert [r.article for r in articles_without_weight(store.desk)] == [jars]
    store.write("400")
    store.press(KEY.Key_F12)
    store.idle()
    assert dialog.isVisible(), "what was typed is written first"
    assert articles_without_weight(store.desk) == ()
    store.press(KEY.Key_F12)
    store.back()
    assert page.weights_button.isHidden()
    nets = {r.form.id: r.form.net_grams for r in stock.catalogue(store.desk)}
    assert (nets[jars], nets[tins]) == (400, 800)


def test_pieces_may_be_weighed_besides_and_are_never_asked_to_be(store: Storeroom) -> None:
    jars = bare(store, "Bocaux")
    page = store.show("receive", ReceivePage)
    store.enter("ba", "", "", "")
    store.enter("bocaux", "12")
    assert [(n.pieces, n.grams) for n in page.lines] == [(12, 0)]
    store.enter("bocaux")
    store.write("10")
    store.press(KEY.Key_Tab)
    store.enter("4,12")
    assert [(n.pieces, n.grams) for n in page.lines] == [(12, 0), (10, 4_120)]
    store.enter("petits pois", "24")
    assert page.lines[-1].grams == 0
    store.press(KEY.Key_F12)
    store.idle()
    (row,) = articles_without_weight(store.desk)
    assert row.weight.grams == 412
    assert [n.grams for n in stock.lots_in_stock(store.desk) if n.article_id == jars] == [0, 4_120]


def test_the_sheet_of_an_article_says_what_a_piece_counts_for(store: Storeroom) -> None:
    jars = bare(store, "Bocaux")
    page = store.show("catalogue", CataloguePage)
    families = stock.families(store.desk)

    def told() -> str:
        store.idle()
        page.open_article(next(r for r in page.known.articles if r.form.id == jars))
        dialog = page.dialog
        assert isinstance(dialog, ArticleDialog)
        store.opened(dialog)
        text = dialog.learned.text()
        dialog.reject()
        store.idle()
        return text

    assert "zéro kilo" in told()
    catalogue.save_family(store.desk, replace(next(f for f in families if f.code == "EPI"), piece_grams=350))
    assert "350\xa0g" in told()
    store.arrive(ReceivedLine(pieces=10, grams=4_120, article_id=jars))
    assert "412\xa0g" in told()
