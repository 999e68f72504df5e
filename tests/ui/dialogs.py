"""Answering the questions that open a window of their own, and never waiting for ever on one that nobody answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

D = TypeVar("D", bound=QWidget)

_LOOK_MS = 20
_waiting: list[QTimer] = []


def _look(tick: Callable[[QTimer], object]) -> None:
    timer = QTimer(QApplication.instance(), interval=_LOOK_MS)
    timer.timeout.connect(lambda: tick(timer))
    _waiting.append(timer)
    timer.start()


def listens(dialog: QWidget) -> bool:
    """Return whether a dialog takes keys: it is the active window, has the keyboard, and its first moment is over."""
    focus = QApplication.focusWidget()
    return (
        QApplication.activeWindow() is dialog
        and focus is not None
        and (focus is dialog or dialog.isAncestorOf(focus))
        and getattr(dialog, "_armed", True)
    )


def meet(kind: type[D], then: Callable[[D], object]) -> None:
    """Do this with the next dialog of that kind, once it listens; what fails there closes it."""

    def tick(timer: QTimer) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, kind):
            return
        if not listens(dialog):
            dialog.activateWindow()
            return
        timer.stop()
        try:
            then(dialog)
        except BaseException:
            _put_away(dialog)
            raise

    _look(tick)


def press_in(*keys: Qt.Key) -> None:
    """Press keys in the next question, once it listens."""
    meet(QDialog, lambda dialog: [QTest.keyClick(QApplication.focusWidget(), key) for key in keys])


def answer(button: str, before: Callable[[QWidget], object] = lambda dialog: None) -> None:
    """Press this button of the next question until it is taken: a question does not answer during its first moment."""
    seen: list[QWidget] = []

    def tick(timer: QTimer) -> None:
        dialog = QApplication.activeModalWidget()
        if seen and dialog is not seen[0]:
            timer.stop()
        elif dialog is not None:
            if not seen:
                seen.append(dialog)
                before(dialog)
            getattr(dialog, button).click()

    _look(tick)


def _put_away(dialog: QWidget) -> None:
    dialog.close()
    # A dialog may refuse to close; hidden, it gives the program its hand back all the same.
    dialog.hide()


@contextmanager
def none_left(seconds: float) -> Iterator[list[str]]:
    """Put away any question that stays on the screen for that long, and give the list of what they said."""
    left: list[str] = []
    since: list[tuple[QWidget, int]] = []
    patience = max(1, round(seconds * 1000 / _LOOK_MS))
    timer = QTimer(QApplication.instance(), interval=_LOOK_MS)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            since.clear()
        elif not since or since[0][0] is not dialog:
            since[:] = [(dialog, 0)]
        elif since[0][1] < patience:
            since[:] = [(dialog, since[0][1] + 1)]
        else:
            since.clear()
            said = [label.text() for label in dialog.findChildren(QLabel)]
            left.append(" / ".join([dialog.windowTitle(), *said]))
            _put_away(dialog)

    timer.timeout.connect(look)
    timer.start()
    try:
        yield left
    finally:
        timer.stop()
        for waiting in _waiting:
            waiting.stop()
            waiting.deleteLater()
        _waiting.clear()
        timer.deleteLater()
