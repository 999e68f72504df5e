"""The application dressed once, as the program does: dressing it again costs more than opening the window."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from epicerie_desktop.ui import theme


def dress() -> None:
    """Dress the application in the light theme at its first size, unless it is so already."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    wanted = theme.load()
    if theme.tokens() != wanted or application.styleSheet() != theme.stylesheet(wanted):
        theme.apply(application)
