"""The separator of GS1 messages (1Dh) that scanners type as Ctrl+]: a line of text would drop it without a word."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

_TYPED = "\x1d"
SHOWN = "\u241d"
"""What stands for it in a line: the reader of codes takes it for the separator."""


def take_separator(line: QLineEdit, event: QKeyEvent) -> bool:
    """Put the separator into the line where this key is one, and return whether it was."""
    if event.text() != _TYPED:
        return False
    line.insert(SHOWN)
    return True
