"""How a key is named to people, and how a scanner's burst is told from a hand. Knows no widget.

F12 does and Escape goes back, everywhere. F10 keeps the basket for later wherever a household is served (counter, till, drawer);
in a list it adds a row.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
BURST_GAP_MS = 80
"""A scanner sends its Enter within some 30 ms of its last digit; a hand takes more than 100 ms."""

_NAMES = {
    "Esc": N_("Échap"),
    "Return": N_("Entrée"),
    "Enter": N_("Entrée"),
    "Space": N_("Espace"),
    "Del": N_("Suppr"),
    "Ins": N_("Inser"),
    "Backspace": N_("Retour arrière"),
    "Shift": N_("Maj"),
    "PgUp": N_("Page préc."),
    "PgDown": N_("Page suiv."),
    "Home": N_("Début"),
    "End": N_("Fin"),
    "Up": "↑",
    "Down": "↓",
}


def key_label(shortcut: str) -> str:
    """Return what is engraved on the key: « Échap » for `Esc`, « Maj+F4 » for `Shift+F4`; empty for none."""
    if not shortcut:
        return ""
    written = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.PortableText)
    if written.endswith("+"):
        return written
    return "+".join(_(_NAMES[part]) if part in _NAMES else part for part in written.split("+"))


def is_gesture(event: QKeyEvent) -> bool:
    """Return whether the event is a key that a line of text takes for itself on Linux only, and that names gestures here.

    There Ctrl+U empties the line and Ctrl+E goes to its end: the gesture written on a button would never come.
    """
    return event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in (Qt.Key.Key_U, Qt.Key.Key_E)


def is_enter(event: QKeyEvent) -> bool:
    """Return whether the event is one of the two Enter keys."""
    return event.key() in ENTER_KEYS


class BurstGuard:
    """Tells an Enter that ends a scanner's burst from one pressed by a hand, from the keys one widget received."""

    def __init__(self) -> None:
        self._last: int | None = None

    def saw(self, event: QKeyEvent) -> bool:
        """Note a key; return whether it is an Enter that follows a printed sign too closely to be a hand's."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        if is_enter(event):
            last, self._last = self._last, None
            return last is not None and event.timestamp() - last < BURST_GAP_MS
        self._last = event.timestamp() if event.text() and event.text().isprintable() else None
        return False
