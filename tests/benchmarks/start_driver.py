"""A process of its own that opens a window and tells when it is usable. Run by `test_start.py`, never imported by it.

    start_driver.py program SHOP.db PASSPHRASE  the program's own window, on a shop
    start_driver.py empty MODULES.txt           the same libraries imported, and an empty window with one field

Each line written is a stage and the instant of the system's monotonic clock, in seconds.
"""

from __future__ import annotations

import gc
import importlib
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any


def stage(name: str) -> None:
    sys.stdout.write(f"{name} {time.monotonic():.6f}\n")
    sys.stdout.flush()


def watch(
    application: Any, field_of: Callable[[Any], Any], reading: Callable[[Any], bool] = lambda window: False
) -> None:
    """Type a letter into the first field of the main window until it shows there: only then may someone work.

    Told last: « read », once nothing is being read any more, what answers that letter included.
    """
    from PySide6.QtCore import QEvent, Qt, QTimer
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QMainWindow

    seen: list[Any] = []
    usable: list[bool] = []

    def look() -> None:
        if not seen:
            shown = (w for w in application.topLevelWidgets() if isinstance(w, QMainWindow) and w.isVisible())
            window = next((w for w in shown if w.windowHandle().isExposed()), None)
            if window is None:
                return
            stage("shown")
            seen.extend((window, field_of(window)))
        window, field = seen
        if field.text():
            if not usable:
                usable.append(True)
                stage("usable")
                loaded = sorted(name for name in sys.modules if not name.startswith(("epicerie_desktop", "_")))
                sys.stdout.write("modules " + " ".join(loaded) + "\n")
            if reading(window):
                return
            timer.stop()
            stage("read")
            window.close()
            application.quit()
        elif field.hasFocus():
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                application.postEvent(field, QKeyEvent(kind, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a"))

    timer = QTimer(application)
    timer.timeout.connect(look)
    timer.start(1)


def program(path: Path, passphrase: str) -> int:
    """Do what `app.run` does once the shop is chosen and its passphrase typed."""
    gc.disable()
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from epicerie_desktop import app
    from epicerie_desktop.services import opening
    from epicerie_desktop.support import i18n, log, settings
    from epicerie_desktop.ui import theme

    stage("imported")
    log.start()
    machine = settings.load()
    i18n.use_language(machine.language)
    application = QApplication([sys.argv[0]])
    watch(application, lambda window: window.current.first_field(), lambda window: window.context.data.busy)
    theme.apply(application, machine.theme, machine.text_size / 100)
    stage("themed")
    desk = opening.open_desk(path, passphrase)
    stage("opened")
    window = app.build_window(desk, machine)
    stage("built")
    window.show()
    QTimer.singleShot(0, lambda: app.resume_collection(window))
    code = application.exec()
    desk.db.close()
    return code


def empty(modules: Path) -> int:
    """Import what the program had imported by then, and show a window that holds one field."""
    for name in modules.read_text("utf-8").split():
        with suppress(ImportError):
            importlib.import_module(name)
    from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow

    stage("imported")
    application = QApplication([sys.argv[0]])
    watch(application, lambda window: window.centralWidget())
    window = QMainWindow()
    field = QLineEdit()
    window.setCentralWidget(field)
    window.resize(1366, 768)
    window.show()
    field.setFocus()
    return application.exec()


if __name__ == "__main__":
    stage("begun")
    sys.exit(program(Path(sys.argv[2]), sys.argv[3]) if sys.argv[1] == "program" else empty(Path(sys.argv[2])))
