"""The drawer and the closings by the keyboard alone: opened, counted coin by coin, a difference explained, a word to the next team."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from epicerie_desktop import app
from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services import papers_made
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.queries.drawer import closings_now, drawer_now
from epicerie_desktop.services.till import closings, drawer, papers, purse, sell
from epicerie_desktop.services.till.drawer import CountForm
from epicerie_desktop.services.till.regie import regie_view
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui import registry
from epicerie_desktop.ui.cash.closings_page import ClosingsPage
from epicerie_desktop.ui.cash.dialogs import CountDialog, MoveDialog
from epicerie_desktop.ui.cash.drawer_page import DrawerPage
from epicerie_desktop.ui.cash.regie_page import PayDialog, RegieDialog, RegiePage
from epicerie_desktop.ui.cash.screen import CashScreen
from epicerie_desktop.ui.counter.screen import CounterScreen
from epicerie_desktop.ui.pdf_view import PdfView
from tests.ui.conftest import Goods
from tests.ui.dialogs import meet
from tests.ui.opened import Opened, focus, opened, sold, type_in

KEY = Qt.Key


@pytest.fixture
def cash(qtbot: QtBot, desk: Desk) -> Iterator[Opened[CashScreen]]:
    with opened(qtbot, desk, CashScreen) as found:
        yield found


def drawer_page(cash: Opened[CashScreen]) -> DrawerPage:
    page = cash.screen.current
    assert isinstance(page, DrawerPage)
    return page


def closed(cash: Opened[CashScreen]) -> None:
    """Give the window its keyboard back after a dialog, as a desktop does by itself."""
    cash.idle()
    cash.window.activateWindow()
    cash.until(cash.window.isActiveWindow)


def test_a_day_of_the_drawer_by_the_keyboard(cash: Opened[CashScreen], desk: Desk, goods: Goods) -> None:
    page = drawer_page(cash)
    assert focus() is page.float.line
    page.float.line.selectAll()
    type_in("20")
    cash.press(KEY.Key_F12)
    cash.until(lambda: page.table.hasFocus())
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)

    def spend(dialog: MoveDialog) -> None:
        QTest.keyClick(focus(), KEY.Key_Down)
        QTest.keyClick(focus(), KEY.Key_Tab)
        type_in("3,50")
        QTest.keyClick(focus(), KEY.Key_F12)
        cash.until(lambda: "ce qui a été acheté" in dialog.notice.text)
        dialog.note.setFocus()
        type_in("Sacs")
        QTest.keyClick(focus(), KEY.Key_F12)

    meet(MoveDialog, spend)
    cash.press(KEY.Key_F5)
    closed(cash)
    assert drawer_now(desk).expected_cents == 20_00 + 25 - 3_50

    def count(dialog: CountDialog) -> None:
        type_in("16,50")
        assert "Il manque 0,25" in dialog.told.text().replace("\xa0", " ")
        QTest.keyClick(focus(), KEY.Key_F12)
        assert focus() is dialog.reason.line
        type_in("Une pièce tombée")
        dialog.note.setFocus()
        type_in("Finir les poires.")
        QTest.keyClick(focus(), KEY.Key_F12)

    meet(CountDialog, count)
    cash.press(KEY.Key_F9)
    closed(cash)
    cash.until(lambda: page.float.isVisible())
    assert "Finir les poires." in page.word.text
    assert page.float.value == 16_50


def test_a_regie_is_not_offered_a_small_purchase(qtbot: QtBot, desk: Desk) -> None:
    for code in ("sessions", "regie"):
        save_feature(desk, code, True)
    drawer.open_session(desk, 20_00)
    with opened(qtbot, desk, CashScreen) as cash:
        seen: list[str] = []

        def look(dialog: MoveDialog) -> None:
            seen.extend(dialog.kind.itemText(i) for i in range(dialog.kind.count()))
            dialog.reject()

        meet(MoveDialog, look)
        cash.press(KEY.Key_F5)
        closed(cash)
        assert seen == [called(CashMoveKind.FLOAT), called(CashMoveKind.DEPOSIT)]


def test_coins_and_notes_are_counted_where_the_shop_wishes_it(qtbot: QtBot, desk: Desk) -> None:
    save_feature(desk, "denominations", True)
    with opened(qtbot, desk, CashScreen) as cash:
        page = drawer_page(cash)
        page.float.line.selectAll()
        type_in("52")
        cash.press(KEY.Key_F12)
        cash.until(lambda: page.table.hasFocus())

        def count(dialog: CountDialog) -> None:
            for value, many in ((50_00, "1"), (2_00, "1")):
                dialog.coins[value].setFocus()
                type_in(many)
            assert "Compté : 52,00" in dialog.told.text().replace("\xa0", " ").replace("\u202f", " ")
            assert not dialog.reason_row.isVisibleTo(dialog)
            QTest.keyClick(focus(), KEY.Key_F12)

        meet(CountDialog, count)
        cash.press(KEY.Key_F9)
        cash.until(lambda: drawer_now(desk).number is None)


def test_the_till_is_closed_archived_and_verified(
    cash: Opened[CashScreen], desk: Desk, goods: Goods, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    cash.screen.show_page("closings")
    cash.idle()
    page = cash.screen.current
    assert isinstance(page, ClosingsPage)
    cash.press(KEY.Key_F12)
    cash.until(lambda: bool(page.table.rows_model.rows))
    assert closings_now(desk).rows[0].paid_cents == closings_now(desk).rows[0].perpetual_cents > 0
    cash.press(KEY.Key_F12)
    assert "Rien n'a été encaissé" in page.notice.text.replace("’", "'")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a: str(tmp_path))
    cash.press(KEY.Key_F7)
    cash.until(lambda: "Archive écrite" in page.notice.text)
    (made,) = tmp_path.glob("*.zip")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(made), ""))
    cash.press(KEY.Key_F8)
    cash.until(lambda: "Tout tombe juste" in page.notice.text)


def test_a_shop_that_keeps_no_drawer_sees_none(desk: Desk) -> None:
    assert "cash" not in {s.key for s in registry.screens_of(desk)}
    save_feature(desk, "sessions", True)
    assert "cash" in {s.key for s in registry.screens_of(desk)}


def test_past_days_are_closed_while_the_window_is_open(cash: Opened[CashScreen], desk: Desk, goods: Goods) -> None:
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    app.close_till(cash.window)
    cash.idle()
    assert closings_now(desk).rows == (), "the day is not over"
    assert closings.reading(desk).tickets == 1


def shown_paper(cash: Opened[CashScreen], key: Qt.Key) -> str:
    """Return the title of the paper a key shows, and shut it."""
    cash.press(key)
    cash.until(lambda: any(v.isVisible() and v.page is not None for v in cash.screen.findChildren(PdfView)))
    view = next(v for v in cash.screen.findChildren(PdfView) if v.isVisible())
    title = view.windowTitle()
    view.accept()
    closed(cash)
    return title


def test_each_paper_is_one_key_from_its_page(cash: Opened[CashScreen], desk: Desk, goods: Goods) -> None:
    drawer.open_session(desk, 20_00)
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    drawer.close_session(desk, CountForm(20_25, deposit_cents=5_00))
    closings.close_day(desk)
    cash.screen.show_page("sessions")
    cash.until(lambda: cash.screen.current.table.current is not None)
    assert shown_paper(cash, KEY.Key_F6) == "Feuille de comptage"
    assert shown_paper(cash, KEY.Key_F7) == "Bordereau de remise"
    cash.screen.show_page("closings")
    cash.until(lambda: cash.screen.current.table.current is not None)
    assert shown_paper(cash, KEY.Key_F5) == "Lecture de la caisse (X)"
    assert shown_paper(cash, KEY.Key_F6) == "Clôture"
    assert not cash.screen.tabs.isTabVisible(3), "a shop without a régie does not see its page"


def test_a_closing_kept_from_the_preview_is_a_duplicate_the_next_time(
    cash: Opened[CashScreen], desk: Desk, goods: Goods, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    closing = closings.close_day(desk)
    target = tmp_path / "cloture.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(target), ""))
    cash.screen.show_page("closings")
    cash.until(lambda: cash.screen.current.table.current is not None)
    assert shown_paper(cash, KEY.Key_F6) == "Clôture"
    fresh = papers.reading_pdf(desk, closing).papers
    assert papers_made.made_before(desk, fresh) == {}, "it was only looked at"
    kept = []
    cash.press(KEY.Key_F6)
    cash.until(lambda: any(v.isVisible() and v.page is not None for v in cash.screen.findChildren(PdfView)))
    view = next(v for v in cash.screen.findChildren(PdfView) if v.isVisible())
    for times in (1, 2):
        QTest.keyClick(view, KEY.Key_S, Qt.KeyboardModifier.ControlModifier)
        cash.until(lambda n=times: [m.times for m in papers_made.made_before(desk, fresh).values()] == [n])
        cash.idle()
        kept.append("Duplicata du" in PdfReader(target).pages[0].extract_text())
    assert kept == [False, True]
    view.accept()


def test_a_regie_is_named_pays_and_shows_its_papers(qtbot: QtBot, desk: Desk, goods: Goods) -> None:
    save_feature(desk, "regie", True)
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    with opened(qtbot, desk, CashScreen) as cash:
        cash.until(lambda: isinstance(cash.screen.current, RegiePage))
        page = cash.screen.current
        assert not cash.screen.tabs.isTabVisible(0), "the drawer is not used"
        cash.until(lambda: "régisseur" in page.warning.text)

        def name(dialog: RegieDialog) -> None:
            type_in("Régie épicerie")
            QTest.keyClick(focus(), KEY.Key_Return)
            type_in("Mme Rolland")
            QTest.keyClick(focus(), KEY.Key_F12)

        meet(RegieDialog, name)
        cash.press(KEY.Key_F8)
        closed(cash)
        cash.until(lambda: not page.warning.text)

        def pay(dialog: PayDialog) -> None:
            dialog.grid.fields[20].setFocus()
            type_in("1")
            QTest.keyClick(focus(), KEY.Key_F12)
            cash.until(lambda: "recomptez" in dialog.notice.text)
            dialog.grid.fields[5].setFocus()
            type_in("1")
            QTest.keyClick(focus(), KEY.Key_F12)

        meet(PayDialog, pay)
        cash.press(KEY.Key_F12)
        closed(cash)
        cash.until(lambda: page.table.current is not None)
        assert regie_view(desk).regie.regisseur == "Mme Rolland"
        assert shown_paper(cash, KEY.Key_F6) == "Bordereau de versement"
        assert shown_paper(cash, KEY.Key_F7) == "Journal des recettes"
        cash.press(KEY.Key_F12)
        cash.until(lambda: "rien à verser" in page.notice.text)


def test_the_rail_follows_the_settings_at_once(qtbot: QtBot, desk: Desk) -> None:
    window = app.build_window(desk, MachineSettings())
    qtbot.addWidget(window)
    window.show()
    button = window.findChildren(QToolButton)
    assert "cash" not in {b.property("screen") for b in button}
    for on in (True, False, True):
        save_feature(desk, "sessions", on)

        def shown(on: bool = on) -> bool:
            found = [b for b in window.findChildren(QToolButton) if b.property("screen") == "cash"]
            return bool(found) and found[0].isVisible() is on

        qtbot.waitUntil(shown)
    window.go("cash")
    assert isinstance(window.current, CashScreen)
    window.close()


def test_every_place_of_the_rail_is_seen_on_a_small_screen(qtbot: QtBot, desk: Desk) -> None:
    save_feature(desk, "sessions", True)
    window = app.build_window(desk, MachineSettings())
    qtbot.addWidget(window)
    window.resize(1366, 768 - 40)
    window.show()
    places = [b for b in window.findChildren(QToolButton) if b.objectName() == "railButton"]
    assert len(places) > 12
    qtbot.waitUntil(lambda: all(b.visibleRegion().boundingRect().height() == b.height() for b in places))
    window.close()


def test_a_regie_says_quittance_on_every_screen_as_soon_as_it_is_one(qtbot: QtBot, desk: Desk, goods: Goods) -> None:
    sale = sold(desk, goods.households["Martin"], goods.articles["carottes"], 500).sale
    window = app.build_window(desk, MachineSettings())
    qtbot.addWidget(window)
    window.show()

    def says(words: str) -> None:
        window.go("counter", fresh=True)
        counter = window.current
        assert isinstance(counter, CounterScreen)
        qtbot.waitUntil(lambda: counter.today.summary.text() == words)

    says("1 ticket aujourd’hui")
    window.go("settings")
    before = window._screens["counter"]
    save_feature(desk, "regie", True)
    qtbot.waitUntil(lambda: window._screens.get("counter") is not before)
    says("1 quittance aujourd’hui")
    with pytest.raises(RuleRefused, match="cette quittance"):
        sell.cancel_sale(desk, sale, " ")
    window.close()


def test_what_a_household_gave_is_not_undone_from_the_drawer_and_no_reason_is_asked(
    cash: Opened[CashScreen], desk: Desk, goods: Goods
) -> None:
    save_feature(desk, "purse", True)
    drawer.open_session(desk, 0)
    purse.pay_in(desk, goods.households["Martin"], 5_00)
    cash.idle()
    page = drawer_page(cash)
    page.table.choose_first()
    page.undo.click()
    assert "celui d’un foyer" in page.notice.text
