"""The editor of parcel types, by the keyboard alone."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.parcel_types import ParcelSize, Wanted
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.stock.catalogue import ArticleForm, save_article
from epicerie_desktop.services.till import parcels
from epicerie_desktop.services.till.parcels import ParcelTypeForm
from epicerie_desktop.ui.settings.parcel_editor import ParcelEditor
from epicerie_desktop.ui.settings.screen import SettingsScreen
from tests.ui.opened import Opened, focus, opened, type_in

KEY = Qt.Key


def articles(desk: Desk) -> tuple[int, int]:
    families = {f.code: f.id for f in stock.families(desk)}
    pasta = save_article(desk, ArticleForm(families["EPI"] or 0, "Pâtes 500 g", SoldBy.PIECE, 500, 90))
    carrots = save_article(desk, ArticleForm(families["FL"] or 0, "Carottes", SoldBy.WEIGHT, None, 160))
    return pasta, carrots


def editor(hands: Opened[SettingsScreen]) -> ParcelEditor:
    hands.until(lambda: isinstance(QApplication.activeModalWidget(), ParcelEditor))
    found = QApplication.activeModalWidget()
    assert isinstance(found, ParcelEditor)
    found.activateWindow()
    hands.until(lambda: QApplication.activeWindow() is found)
    return found


def put(dialog: ParcelEditor, article: str, quantities: str) -> None:
    dialog.article.setFocus()
    type_in(article)
    QTest.keyClick(focus(), KEY.Key_Return)
    assert dialog.quantities.line.hasFocus()
    type_in(quantities)
    QTest.keyClick(focus(), KEY.Key_Return)


def test_a_parcel_type_is_made_changed_by_size_renamed_and_retired(qtbot: QtBot, desk: Desk) -> None:
    pasta, carrots = articles(desk)
    save_feature(desk, "parcel_types", True)
    with opened(qtbot, desk, SettingsScreen) as hands:
        hands.window.resize(1366, 768)
        hands.idle()
        card = hands.screen.parcels
        assert not card.isHidden()
        card.new_button.click()
        hands.idle()
        dialog = editor(hands)
        type_in("Colis sec")
        QTest.keyClick(focus(), KEY.Key_Tab)
        dialog.sizes_field.line.selectAll()
        type_in("1 3")
        put(dialog, "pât", "2 4")
        put(dialog, "carot", "0,5 1,5")
        hands.idle()
        dialog.grab().save("/tmp/E_parcel.png")
        QTest.keyClick(focus(), KEY.Key_F12)
        hands.idle()
        (kind,) = parcels.list_parcel_types(desk)
        assert kind.name == "Colis sec"
        assert kind.sizes == (
            ParcelSize(1, (Wanted(pasta, 2), Wanted(carrots, 500))), ParcelSize(3, (Wanted(pasta, 4), Wanted(carrots, 1500))),
        )  # fmt: skip
        (change,) = card.edit_buttons
        change.click()
        hands.idle()
        dialog = editor(hands)
        QTest.keyClick(focus(), KEY.Key_End)
        type_in(" d'hiver")
        dialog.sizes_field.setFocus()
        dialog.sizes_field.line.selectAll()
        type_in("1 3 5")
        dialog.article.setFocus()
        assert [h.quantities for h in dialog.held.values()] == [(2, 4, 4), (500, 1500, 1500)]
        dialog.table.setFocus()
        dialog.table.choose(carrots)
        QTest.keyClick(dialog.table, KEY.Key_Delete)
        dialog.active.setFocus()
        QTest.keyClick(dialog.active, KEY.Key_Space)
        QTest.keyClick(focus(), KEY.Key_F12)
        hands.idle()
        assert parcels.list_parcel_types(desk) == ()
        (kind,) = parcels.list_parcel_types(desk, all_of_them=True)
        assert (kind.name, kind.active) == ("Colis sec d'hiver", False)
        assert [s.wanted for s in kind.sizes] == [(Wanted(pasta, 2),), (Wanted(pasta, 4),), (Wanted(pasta, 4),)]


def test_an_empty_size_is_refused_in_its_window_and_loses_nothing(qtbot: QtBot, desk: Desk) -> None:
    pasta, _carrots = articles(desk)
    parcels.save_parcel_type(desk, parcels.ParcelTypeForm("Colis", (ParcelSize(1, (Wanted(pasta, 1),)),)))
    save_feature(desk, "parcel_types", True)
    with opened(qtbot, desk, SettingsScreen) as hands:
        hands.idle()
        hands.screen.parcels.edit_buttons[0].click()
        hands.idle()
        dialog = editor(hands)
        put(dialog, "pât", "0")
        QTest.keyClick(focus(), KEY.Key_F12)
        hands.idle()
        assert "au moins un article" in dialog.notice.text
        put(dialog, "pât", "3")
        QTest.keyClick(focus(), KEY.Key_F12)
        hands.idle()
    (kind,) = parcels.list_parcel_types(desk)
    assert replace(kind, version=1).sizes == (ParcelSize(1, (Wanted(pasta, 3),)),)


def test_the_box_of_a_parcel_type_retires_it_and_takes_it_back_by_the_space_bar(qtbot: QtBot, desk: Desk) -> None:
    pasta, _carrots = articles(desk)
    save_feature(desk, "parcel_types", True)
    parcels.save_parcel_type(desk, ParcelTypeForm("Colis sec", (ParcelSize(1, (Wanted(pasta, 2),)),)))
    with opened(qtbot, desk, SettingsScreen) as hands:
        hands.until(lambda: len(hands.screen.parcels.boxes) == 1)
        for active in (False, True):
            hands.screen.parcels.boxes[0].setFocus()
            QTest.keyClick(focus(), KEY.Key_Space)
            hands.idle()
            (kind,) = parcels.list_parcel_types(desk, all_of_them=True)
            assert kind.active is active
