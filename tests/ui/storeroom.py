"""The storeroom at the keyboard: what the tests of the stock's screen share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.stock import DateKind, MoveKind, Origin
from epicerie_desktop.hardware.simulated import SimulatedScale
from epicerie_desktop.persistence.models import StockMove
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.stock import catalogue, receive
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.changes import ChangeBus
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.main_window import MainWindow, ScreenSpec
from epicerie_desktop.ui.scale_bridge import ScaleBridge
from epicerie_desktop.ui.stock.receive_page import ReceivePage
from epicerie_desktop.ui.stock.screen import StockScreen
from epicerie_desktop.ui.tabbed import GesturePage
from tests.furnished import Furnished
from tests.ui.dressed import dress

KEY, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier
DLC, DDM = DateKind.USE_BY, DateKind.BEST_BEFORE
PEAS, COLA = "3017620422003", "5449000000996"
P = TypeVar("P", bound=GesturePage)
Stock = tuple[dict[str, int], dict[str, int]]


@dataclass
class Storeroom:
    """A person at the keyboard of the stock's screen."""

    qtbot: QtBot
    window: MainWindow
    context: Context
    scale: SimulatedScale
    desk: Desk
    articles: dict[str, int]
    families: dict[str, int]
    troubles: list[Exception] = field(default_factory=list)

    @property
    def screen(self) -> StockScreen:
        assert isinstance(self.window.current, StockScreen)
        return self.window.current

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    @property
    def receiving(self) -> ReceivePage:
        page = self.screen.page("receive")
        assert isinstance(page, ReceivePage)
        return page

    def idle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.context.data.busy)
        assert not self.troubles

    def show(self, key: str, kind: type[P]) -> P:
        self.window.go("stock", page=key)
        self.idle()
        page = self.screen.current
        assert isinstance(page, kind)
        return page

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(self.focus, key, modifier)
            self.idle()

    def write(self, text: str) -> None:
        """Type a text, accents too."""
        for sign in text:
            QApplication.sendEvent(self.focus, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign))

    def enter(self, *texts: str) -> None:
        """Type or scan each text, then Enter."""
        for text in texts:
            self.write(text)
            QTest.keyClick(self.focus, KEY.Key_Return)
            self.idle()

    def opened(self, dialog: QDialog) -> None:
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)

    def back(self) -> None:
        """Wait until the window of a question is gone; the offscreen platform activates no other by itself."""
        self.qtbot.waitUntil(lambda: getattr(self.screen.current, "dialog", None) is None)
        self.window.activateWindow()
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)
        self.idle()

    def arrive(self, *lines: ReceivedLine, origin: Origin = Origin.FOOD_BANK) -> None:
        receive.record_reception(self.desk, ReceptionForm(origin, lines))
        self.idle()

    def moves(self) -> list[tuple[MoveKind, int, int]]:
        with self.desk.db.read() as session:
            rows = session.execute(select(StockMove.kind, StockMove.pieces, StockMove.grams).order_by(StockMove.id))
            return [tuple(r) for r in rows]  # type: ignore[misc]


def _goods(desk: Desk) -> Stock:
    """Return the articles and the families of these tests, by name and by code, put in the shop."""
    families = {f.code: f.id for f in stock.families(desk) if f.id is not None}

    def made(code: str, name: str, by: SoldBy, net: int | None = None, *codes: str) -> int:
        return catalogue.save_article(desk, ArticleForm(families[code], name, by, net, codes=codes))

    articles = {
        "carrots": made("FL", "Carottes", SoldBy.WEIGHT),
        "peas": made("EPI", "Petits pois 400 g", SoldBy.PIECE, 400, PEAS),
        "milk": made("LAIT", "Lait demi-écrémé 1 l", SoldBy.PIECE, 1030),
        "cola": made("BOI", "Cola 33 cl", SoldBy.PIECE, 330),
    }
    return articles, families


@pytest.fixture(scope="session")
def furnished_store(furnishing: Callable[..., Furnished[Stock]]) -> Furnished[Stock]:
    return furnishing(_goods)


@pytest.fixture
def store(qtbot: QtBot, furnished_store: Furnished[Stock], desk: Desk) -> Iterator[Storeroom]:
    dress()
    articles, families = deepcopy(furnished_store.holds)
    bus, bridge = ChangeBus(), ScaleBridge()
    desk.db.on_commit(bus.tell)
    scale = SimulatedScale(None, bridge.on_reading, bridge.on_state)
    bridge.scale = scale
    context = Context(desk, Background("data"), Background("long"), bus, MachineSettings(), bridge)
    window = MainWindow(context, (ScreenSpec("stock", "Stock", "boxes", "", StockScreen),))
    scale.start()
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    found = Storeroom(qtbot, window, context, scale, desk, articles, families)
    found.screen.on_trouble = found.troubles.append  # type: ignore[method-assign]
    found.idle()
    yield found
    context.data.stop()
    context.long.stop()
    window.deleteLater()
