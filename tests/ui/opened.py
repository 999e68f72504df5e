"""One screen in its window on a real file, with its workers, ended without a trace; and a coordinator's file."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.basket import Basket, WeightSource
from epicerie_desktop.services import opening
from epicerie_desktop.services.contract import consolidate, share
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.changes import ChangeBus
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.main_window import MainWindow, ScreenSpec
from epicerie_desktop.ui.scale_bridge import ScaleBridge
from epicerie_desktop.ui.screen import Screen
from tests.conftest import FAST, PASSPHRASE, TODAY
from tests.ui.dressed import dress

S = TypeVar("S", bound=Screen)


@dataclass
class Opened(Generic[S]):
    """A screen shown in its window."""

    qtbot: QtBot
    window: MainWindow
    screen: S

    @property
    def context(self) -> Context:
        return self.screen.context

    def idle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.context.data.busy and not self.context.long.busy, timeout=15_000)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=15_000)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(focus(), key)
            self.idle()

    def click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.idle()

    def show(self, dialog: QDialog) -> None:
        dialog.show()
        dialog.activateWindow()
        self.until(lambda: QApplication.activeWindow() is dialog)


def type_in(text: str) -> None:
    """Type into what has the keyboard; accents too, which Qt's own hands cannot type."""
    for sign in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(focus(), QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, sign))


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


@contextmanager
def opened(
    qtbot: QtBot,
    desk: Desk,
    screen: Callable[[Context], S],
    *,
    settings: MachineSettings | None = None,
    scale: ScaleBridge | None = None,
) -> Iterator[Opened[S]]:
    dress()
    bus = ChangeBus()
    desk.db.on_commit(bus.tell)
    context = Context(
        desk, Background("data"), Background("long"), bus, settings or MachineSettings(), scale or ScaleBridge()
    )
    window = MainWindow(context, (ScreenSpec("screen", "Écran", "house", "", screen),))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    made = Opened(qtbot, window, window.current)
    made.idle()
    try:
        yield made  # type: ignore[misc]
    finally:
        window.close()
        window.deleteLater()


@contextmanager
def a_hub(folder: Path) -> Iterator[Desk]:
    shop = opening.NewShop("Coordination du territoire", "COORD", "Dominique", kind=opening.COORDINATOR)
    opening.create_shop(folder / "hub.db", shop, PASSPHRASE, FrozenClock.on(TODAY), cost=FAST)
    desk = opening.open_desk(folder / "hub.db", PASSPHRASE, FrozenClock.on(TODAY))
    try:
        yield desk
    finally:
        desk.db.close()


def a_contract(hub: Desk, folder: Path) -> tuple[int, Path]:
    """Make a contract with one shop, and return it with the shop's file."""
    contract = consolidate.create_contract(hub, "Contrat social 2026–2028", date(2026, 9, 1), date(2028, 12, 31))
    consolidate.add_site(hub, contract, "SF01", "Épicerie des Quatre-Vents")
    return contract, consolidate.write_enrolment_file(hub, consolidate.list_sites(hub, contract)[0].id, folder)


def join(desk: Desk, path: Path) -> None:
    share.join_contract(desk, share.read_contract_file(path))


def sold(desk: Desk, household: int, article: int, grams: int, day: date | None = None) -> sell.Receipt:
    offer = counter.price_list(desk).offers[article]
    visit = counter.open_visit(desk, household, day)
    rate = visit.participation_permille if visit.grant else 100
    basket = Basket(str(uuid.uuid4()), rate).with_weighed(str(uuid.uuid4()), offer, grams, WeightSource.SCALE)
    return sell.record_sale(
        desk, household, basket, sell.PaymentForm(basket.paid_cents), day=day, override="accord de Camille"
    )
