"""Makes the demonstration behind a small window that says how far it is; it never freezes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEventLoop, QThread, Signal, Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from epicerie_desktop.services.demonstration.build import make_demonstration
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.i18n import gettext as _


class _Maker(QThread):
    advanced = Signal(int, int)

    def __init__(self, folder: Path, clock: Clock) -> None:
        super().__init__()
        self._folder, self._clock = folder, clock
        self.error: Exception | None = None

    def run(self) -> None:
        """Make the demonstration; an error is kept for the window's thread."""
        try:
            make_demonstration(self._folder, self._clock, progress=self.advanced.emit)
        except Exception as error:
            self.error = error


class PreparingWindow(QWidget):
    """Says that the demonstration is being made."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(_("Démonstration"))
        self.setFixedSize(480, 150)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        text = QLabel(
            _(
                "La démonstration se prépare : des foyers inventés, trois ans de passages. Une demi-minute, une seule fois par jour."
            )
        )
        text.setWordWrap(True)
        column.addWidget(text)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        column.addWidget(self._bar)

    @Slot(int, int)
    def on_advanced(self, done: int, of: int) -> None:
        """Show how far it is."""
        self._bar.setRange(0, of)
        self._bar.setValue(done)


def prepare_demonstration(folder: Path, clock: Clock) -> None:
    """Make the demonstration in `folder`, showing how far it is. Raises what making it raises."""
    window = PreparingWindow()
    window.show()
    maker = _Maker(folder, clock)
    maker.advanced.connect(window.on_advanced)
    loop = QEventLoop()
    maker.finished.connect(loop.quit)
    maker.start()
    loop.exec()
    maker.wait()
    window.close()
    if maker.error is not None:
        raise maker.error
