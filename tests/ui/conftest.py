"""A counter and its till on a real shop, with hands that only press keys."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.card import CardNumber
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.hardware.simulated import SimulatedScale
from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.services.rights.suspensions import SuspensionForm, record_suspension
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.services.stock.catalogue import ArticleForm, FamilyForm
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.changes import ChangeBus
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.counter.screen import CounterScreen
from epicerie_desktop.ui.main_window import MainWindow, ScreenSpec
from epicerie_desktop.ui.scale_bridge import ScaleBridge
from epicerie_desktop.ui.till.screen import TillScreen
from tests.furnished import Furnished
from tests.ui.dialogs import none_left
from tests.ui.dressed import dress
from tests.ui.storeroom import furnished_store, store  # noqa: F401 - fixtures

CEILING = Ceiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.MONTH, 20_00)
COUNTER = ScreenSpec("counter", "Accueil", "house", "", CounterScreen)
TILL = ScreenSpec("till", "", "shopping-basket", "", TillScreen)


@pytest.fixture(autouse=True)
def _garbage_is_the_windows_affair() -> Iterator[None]:
    """Collect on this thread alone, as the program does (`ui/collector.py`): between two tests, what the last one left."""
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture(autouse=True)
def _no_question_unanswered(qapp: QApplication) -> Iterator[None]:
    """Fail, rather than wait for ever, where a question stays on the screen."""
    with none_left(seconds=40) as left:
        yield
    assert not left, "nobody answered"


@dataclass
class Goods:
    """What the shop of these tests holds, by name."""

    articles: dict[str, int]
    households: dict[str, int]
    cards: dict[str, CardNumber]


@dataclass
class Hands:
    """A person at the keyboard of the counter."""

    qtbot: QtBot
    window: MainWindow
    context: Context
    scale: SimulatedScale
    goods: Goods
    desk: Desk
    closed: bool = field(default=False)

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    @property
    def counter(self) -> CounterScreen:
        assert isinstance(self.window.current, CounterScreen)
        return self.window.current

    @property
    def till(self) -> TillScreen:
        assert isinstance(self.window.current, TillScreen)
        return self.window.current

    def idle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.context.data.busy and not self.context.long.busy)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)
        self.idle()

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.focus, key)
            self.idle()

    def enter(self, text: str = "") -> None:
        """Type or scan, then Enter, without waiting between the keys, as a scanner does."""
        QTest.keyClicks(self.focus, text)
        QTest.keyClick(self.focus, Qt.Key.Key_Return)
        self.idle()

    def hold_enter(self, times: int = 5) -> None:
        for _time in range(times):
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(
                    self.focus, QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
                )
        self.idle()

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true)

    def at_till_of(self, name: str) -> TillScreen:
        """Go to the till of a household by its name."""
        self.enter(name)
        self.enter()
        return self.till

    def stop(self) -> None:
        """End the threads without closing the window, as a power cut would leave things."""
        if not self.closed:
            self.closed = True
            self.context.data.stop()
            self.context.long.stop()
            self.window.deleteLater()


def _article(desk: Desk, name: str, sold_by: SoldBy, cents: int | None, family: int, **more: object) -> int:
    return catalogue.save_article(desk, replace(ArticleForm(family, name, sold_by, reference_cents=cents), **more))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def furnished_goods(furnishing: Callable[..., Furnished[Goods]]) -> Furnished[Goods]:
    return furnishing(goods_of)


@pytest.fixture
def goods(furnished_goods: Furnished[Goods], desk: Desk) -> Goods:
    return deepcopy(furnished_goods.holds)


def goods_of(desk: Desk) -> Goods:
    """Return what the shop of these tests holds, put there."""
    valued = catalogue.save_family(
        desk, FamilyForm("AA", "Rayon d'essai", "Essai", cents_per_kg=100, cents_per_piece=100)
    )
    bare = catalogue.save_family(desk, FamilyForm("ZZ", "Rayon sans valeur", "Sans valeur"))
    articles = {
        "carottes": _article(desk, "Carottes", SoldBy.WEIGHT, 200, valued),
        "pâtes": _article(
            desk, "Pâtes coquillettes", SoldBy.PIECE, 95, valued, net_grams=500, codes=("3017620422003",)
        ),
        "yaourt": _article(desk, "Yaourt nature", SoldBy.PIECE, 40, valued, net_grams=125),
        "patates": _article(desk, "Patates douces", SoldBy.WEIGHT, None, bare),
    }
    households = {
        last: enrol.save_household(desk, HouseholdForm((MemberForm(last, first, Link.HOLDER),)))
        for last, first in (("Martin", "Sophie"), ("Nguyen", "Anh"), ("Ozdemir", "Elif"), ("Petit", "Louise"))
    }
    today = desk.clock.today()
    span = (today - timedelta(days=30), today + timedelta(days=60))
    decide.open_right(desk, households["Martin"], RightForm(*span, 100, (CEILING,)))
    decide.open_right(
        desk, households["Nguyen"], RightForm(today - timedelta(days=90), today - timedelta(days=2), 100, ())
    )
    decide.open_right(desk, households["Ozdemir"], RightForm(*span, 100, ()))
    urgent = Measure(SuspensionKind.CONSERVATORY, today, today + timedelta(days=7))
    record_suspension(desk, SuspensionForm(households["Ozdemir"], urgent, SuspensionReason.RULES))
    decide.open_right(desk, households["Petit"], RightForm(*span, 0, ()))
    cards = {name: enrol.issue_card(desk, household) for name, household in households.items()}
    return Goods(articles, households, cards)


def _hands(qtbot: QtBot, desk: Desk, goods: Goods) -> Hands:
    dress()
    bus, bridge = ChangeBus(), ScaleBridge()
    desk.db.on_commit(bus.tell)
    scale = SimulatedScale(None, bridge.on_reading, bridge.on_state)
    bridge.scale = scale
    scale.start()
    context = Context(desk, Background("data"), Background("long"), bus, MachineSettings(), bridge)
    window = MainWindow(context, (COUNTER, TILL))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    hands = Hands(qtbot, window, context, scale, goods, desk)
    hands.idle()
    return hands


@pytest.fixture
def hands(qtbot: QtBot, desk: Desk, goods: Goods) -> Iterator[Hands]:
    made = _hands(qtbot, desk, goods)
    yield made
    made.stop()


@pytest.fixture
def another_start(qtbot: QtBot, shop_file: Path, goods: Goods) -> Iterator[Callable[[str, Clock], Hands]]:
    """Open the same file again, in another window, as after a power cut."""
    made: list[Hands] = []

    def start(passphrase: str, clock: Clock) -> Hands:
        made.append(_hands(qtbot, opening.open_desk(shop_file, passphrase, clock), goods))
        return made[-1]

    yield start
    for hands in made:
        hands.stop()
        hands.desk.db.close()
