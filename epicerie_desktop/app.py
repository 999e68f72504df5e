"""Builds every long-lived object of the windows once, in this order: application, language and theme, single instance,
database (unlocked, made, or the demonstration's), workers, changes, scale, context, window."""

from __future__ import annotations

import argparse
import gc
import json
import shutil
import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLibraryInfo, QLocale, QLockFile, QObject, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support import i18n, paths, settings
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.errors import Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui import registry, theme, trouble
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.changes import ChangeBus
from epicerie_desktop.ui.collector import Collector
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.main_window import MainWindow
from epicerie_desktop.ui.scale_bridge import ScaleBridge

_DRAWN_BY_MS = 1500
"""A window that is never drawn reads all the same."""
_LATER_MS = 3000
"""Once the window is there and what it shows is read: a closing never makes anyone wait."""
_HOUR_MS = 3_600_000


def run(args: argparse.Namespace) -> int:
    """Open the windows as the arguments ask, and return the exit code of the program."""
    machine = settings.load()
    machine = replace(machine, language=args.language or machine.language, theme=args.theme or machine.theme)
    i18n.use_language(machine.language)
    application = QApplication([sys.argv[0]])
    _translate_qt(application, machine.language)
    application.setApplicationName("epicerie")
    application.setApplicationDisplayName(_("Épicerie sociale"))
    theme.apply(application, machine.theme, machine.text_size / 100)
    sys.excepthook = _on_bug
    if args.check:
        return _check(application)
    if args.screenshots:
        from epicerie_desktop.ui.screenshots import take

        return take(args, machine, build_window)
    lock = _single_instance()
    if lock is None:
        return 3
    try:
        desk = _desk(args, machine)
    except Trouble as error:
        trouble.show(None, error)
        return 3
    if desk is None:
        return 0
    opened: dict[str, Any] = {"database": str(desk.db.path), "account": desk.actor.name}
    if not args.demo and (machine.database, machine.account) != tuple(opened.values()):
        machine = replace(machine, **opened)
        # A settings folder closed to this account must not keep the shop shut: the file is asked for again next time.
        with suppress(OSError):
            settings.save(machine)
    window = build_window(desk, machine)
    window.show_fitted()
    QTimer.singleShot(0, window, partial(resume_collection, window))
    code = application.exec()
    desk.db.close()
    lock.unlock()
    return int(code)


def _translate_qt(application: QApplication, language: str) -> None:
    """Have Qt's own windows (printing, choosing a file) speak the language of ours."""
    words = QTranslator(application)
    if words.load(QLocale(language), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(words)


def build_window(desk: Desk, machine: MachineSettings) -> MainWindow:
    """Return the window on an open desk, with its workers; its scale is started once the loop runs."""
    changes = ChangeBus()
    desk.db.on_commit(changes.tell)
    scale = ScaleBridge()
    context = Context(desk, Background("data", held=True), Background("long"), changes, machine, scale)
    context.save_settings = settings.save
    window = MainWindow(context, registry.screens_of(desk), lambda: registry.screens_of(context.desk))
    # What the first reading imports would keep the interpreter from drawing the window: it is drawn, then the day is read.
    window.drawn.connect(context.data.begin)
    QTimer.singleShot(_DRAWN_BY_MS, window, context.data.begin)
    QTimer.singleShot(0, window, partial(start_scale, scale, machine, desk))
    if not desk.shop.is_coordinator:
        QTimer.singleShot(_LATER_MS, window, partial(close_till, window))
    return window


def close_till(window: MainWindow) -> None:
    """Close the past days, months and years of the till off the window's thread, now and at each hour the program stays open."""
    from epicerie_desktop.services.till.closings import close_due

    context = window.context
    context.data.submit(window, partial(close_due, context.desk), None, partial(trouble.show, window))
    QTimer.singleShot(_HOUR_MS, window, partial(close_till, window))


def start_scale(bridge: ScaleBridge, machine: MachineSettings, desk: Desk) -> None:
    """Start this machine's scale behind the bridge; the demonstration has a simulated one, a coordinator none."""
    if desk.shop.is_coordinator or (machine.scale == "serial" and not machine.scale_port):
        return
    if desk.shop.demo and machine.scale == "none":
        machine = replace(machine, scale="simulated")
    bridge.start(machine)


def resume_collection(window: QObject) -> Collector:
    """Have garbage collected again, what the start made being set apart as lasting (see `__main__`)."""
    gc.freeze()
    return Collector(window)


def _desk(args: argparse.Namespace, machine: MachineSettings) -> Desk | None:
    """Return the desk to work on, None where the person gave up."""
    if args.demo:
        return _demonstration(args.demo, args.account)
    from epicerie_desktop.ui.start.first_start import FILE_NAMES, FirstStartDialog
    from epicerie_desktop.ui.start.unlock import UnlockDialog

    path = Path(args.database or machine.database) if args.database or machine.database else None
    if path is None:
        # Made, then cut off before it was noted in the settings: it opens as any other, none is made over it.
        made = (paths.data_dir() / name for name in FILE_NAMES.values())
        path = next((file for file in made if file.exists()), None)
    if path is None:
        first = FirstStartDialog(paths.data_dir())
        first.exec()
        if first.created is None:
            return None
        return opening.open_desk(*first.created)
    unlock = UnlockDialog(path, account=args.account or machine.account)
    unlock.exec()
    return unlock.desk


def _demonstration(which: str, account: str | None) -> Desk:
    """Return the desk of the demonstration, made again on its first opening of the day; no passphrase is asked."""
    from epicerie_desktop.services.demonstration import ACCOUNTS, PASSPHRASE

    clock = Clock()
    folder = paths.data_dir() / "demonstration" / clock.today().isoformat()
    if not (folder / "passphrases.json").exists():
        # Yesterday's shop is no longer « today »: invented data, made again.
        shutil.rmtree(folder.parent, ignore_errors=True)
        from epicerie_desktop.ui.start.preparing import prepare_demonstration

        prepare_demonstration(folder, clock)
    path = folder / "coordinator" / "coordinator.db" if which == "coordinator" else folder / "shop-1" / "shop.db"
    return opening.open_desk(path, ACCOUNTS.get(account or "", PASSPHRASE), clock, account=account)


def _single_instance() -> QLockFile | None:
    folder = paths.data_dir()
    folder.mkdir(parents=True, exist_ok=True)
    lock = QLockFile(str(folder / "ouvert.lock"))
    lock.setStaleLockTime(0)
    if lock.tryLock(100):
        return lock
    QMessageBox.information(
        None, _("Déjà ouvert"), _("Le programme est déjà ouvert sur cet ordinateur : cherchez sa fenêtre.")
    )
    return None


def _check(application: QApplication) -> int:
    """Build the widgets and open a blank shop in memory of the disk, as a packaged program must; return 0."""
    import tempfile

    from epicerie_desktop.persistence.vault import Cost

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "check.db"
        opening.create_shop(
            path, opening.NewShop("Vérification", "VERIF", "V"), "phrase de vérification", Clock(), cost=Cost(1, 8192)
        )
        desk = opening.open_desk(path, "phrase de vérification")
        window = build_window(desk, MachineSettings())
        window.show()
        QTimer.singleShot(300, application.quit)
        application.exec()
        window.close()
        desk.db.close()
    sys.stdout.write(json.dumps({"ok": True, "platform": QGuiApplication.platformName()}) + "\n")
    return 0


def _on_bug(kind: type[BaseException], error: BaseException, _trace: object) -> None:
    if isinstance(error, Exception) and QApplication.instance() is not None:
        trouble.show(QApplication.activeWindow(), error)
    elif not issubclass(kind, KeyboardInterrupt):
        trouble.report(error)
