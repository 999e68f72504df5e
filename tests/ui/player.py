"""Somebody who plays a whole day at the real window with nothing but keys, and how many keys it took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from epicerie_desktop.hardware.simulated import SimulatedScale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.changes import ChangeBus
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.main_window import MainWindow
from epicerie_desktop.ui.registry import screens_of
from epicerie_desktop.ui.scale_bridge import ScaleBridge
from tests.ui.dialogs import meet
from tests.ui.dressed import dress

KEY = Qt.Key
NONE, ALT, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def _focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None, "nothing has the keyboard"
    return found


class Player:
    """Every key goes to what has the keyboard: no method is called, nothing is clicked, no widget is named.

    `counts` gives the keys of each round, by the name of its kind; a scan costs none, a key held with another costs one.
    """

    def __init__(self, qtbot: QtBot, window: MainWindow, context: Context, scale: SimulatedScale) -> None:
        self._qtbot, self._window, self._context = qtbot, window, context
        self.scale = scale
        self._unanswered = 0
        self.keys = 0
        self.counts: dict[str, list[int]] = defaultdict(list)

    def idle(self) -> None:
        data, long = self._context.data, self._context.long
        self._qtbot.waitUntil(lambda: not (data.busy or long.busy or self._unanswered), timeout=15_000)
        if QApplication.activeWindow() is None and QApplication.activeModalWidget() is None:
            # The offscreen platform activates no other window by itself when one closes.
            self._window.activateWindow()
            self._qtbot.waitUntil(lambda: QApplication.activeWindow() is self._window)

    def press(self, *keys: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        for key in keys:
            self.keys += 1
            QTest.keyClick(_focus(), key, held)
            self.idle()

    def write(self, text: str) -> None:
        self.keys += len(text)
        _type(text)
        self.idle()

    def enter(self, *texts: str) -> None:
        """Type each text, then Enter."""
        for text in texts or ("",):
            self.write(text)
            self.press(KEY.Key_Return)

    def scan(self, code: str) -> None:
        """Let a scanner type a code and its Enter: no key of the person."""
        _type(code)
        QTest.keyClick(_focus(), KEY.Key_Return)
        self.idle()

    def then(self, *keys: Qt.Key | str) -> None:
        """Press these keys, or type these texts, in the question that the next key opens."""
        self.keys += sum(len(k) if isinstance(k, str) else 1 for k in keys)

        self._unanswered += 1

        def play(dialog: QDialog) -> None:
            self._unanswered -= 1
            for key in keys:
                if isinstance(key, str):
                    _type(key)
                else:
                    QTest.keyClick(_focus(), key)

        meet(QDialog, play)

    @contextmanager
    def round(self, kind: str) -> Iterator[None]:
        """Count the keys of one crate, one family…"""
        before = self.keys
        yield
        self.counts[kind].append(self.keys - before)

    def told(self) -> str:
        """Return the median and the most keys of each kind, for the report of the measure."""
        rounds = self.counts.items()
        return "; ".join(f"{kind}: {len(n)}, médiane {median(n):g}, au plus {max(n)}" for kind, n in rounds)


def _type(text: str) -> None:
    for sign in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(_focus(), QKeyEvent(kind, 0, NONE, sign))


@contextmanager
def playing(qtbot: QtBot, desk: Desk) -> Iterator[Player]:
    """Open the window of a shop as the program does, with a scale in memory."""
    dress()
    bus, bridge = ChangeBus(), ScaleBridge()
    desk.db.on_commit(bus.tell)
    scale = SimulatedScale(None, bridge.on_reading, bridge.on_state)
    bridge.scale = scale
    context = Context(desk, Background("data"), Background("long"), bus, MachineSettings(), bridge)
    window = MainWindow(context, screens_of(desk))
    scale.start()
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    player = Player(qtbot, window, context, scale)
    player.idle()
    interval = QApplication.keyboardInputInterval()
    # Fifteen crates are played in a quarter of a second: two letters typed in two lists would be taken for one word.
    QApplication.setKeyboardInputInterval(0)
    try:
        yield player
    finally:
        QApplication.setKeyboardInputInterval(interval)
        context.data.stop()
        context.long.stop()
        window.deleteLater()
