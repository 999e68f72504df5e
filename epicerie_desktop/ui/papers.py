"""Offers a PDF to the person: makes it on the long thread, keeps it where they choose, then opens it for printing."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QDir, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import tell
from epicerie_desktop.ui.screen import Screen


def offer_pdf(parent: Screen, make: Callable[[], bytes], suggested_name: str) -> None:
    """Ask where to keep a PDF, make it, write it there and open it with the machine's reader, from which it is printed.

    `suggested_name` is a file name without its ending, and never holds a person's name. Nothing happens where the person gives up.
    """
    path = ask_where(parent, suggested_name)
    if path is not None:
        keep_pdf(parent, make, path)


def offer_calendar(parent: Screen, make: Callable[[], bytes], suggested_name: str, then: Callable[[], None]) -> None:
    """Ask where to keep a calendar file, make it and write it there, then call `then`; nothing where the person gives up."""
    path = ask_where(parent, suggested_name, ".ics", _("Fichiers d'agenda (*.ics)"))
    if path is not None:
        parent.work(lambda: written(make(), path), lambda _path: then())


def ask_where(parent: QWidget, suggested_name: str, ending: str = ".pdf", kinds: str = "") -> Path | None:
    """Ask where to keep a document and return it with its ending, None where the person gives up."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    # A system may name a folder that nobody made: the window would then open where the program was started.
    folder = documents if documents and Path(documents).is_dir() else str(Path.home())
    proposed = QDir(folder).filePath(f"{suggested_name}{ending}")
    chosen, _filter = QFileDialog.getSaveFileName(
        parent, _("Où garder ce document ?"), proposed, kinds or _("Documents PDF (*.pdf)")
    )
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.name.lower().endswith(ending) else path.with_name(f"{path.name}{ending}")


def keep_pdf(parent: Screen, make: Callable[[], bytes], path: Path) -> None:
    """Make a PDF on the long thread, write it whole to `path`, then open it. A trouble is shown by the screen."""
    parent.work(lambda: written(make(), path), lambda kept: _opened(parent, kept))


def _opened(parent: Screen, path: Path) -> None:
    """Open a document; where the machine says it cannot, tell where it lies."""
    if not open_paper(path):
        tell(parent, _("Le document est enregistré"), where_kept(path))


def written(content: bytes, path: Path) -> Path:
    """Write a document whole to `path` and return it; what was there is replaced only then. Raises `EnvironmentTrouble`."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise EnvironmentTrouble(
            "FIC-104",
            N_("Le document n'a pas pu être enregistré à cet endroit : choisissez un autre dossier, puis recommencez."),
        ) from error
    return path


def open_paper(path: Path) -> bool:
    """Open a document with the machine's reader; return whether the machine says it could."""
    return bool(QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))


def where_kept(path: Path) -> str:
    """Return the sentence that says where a document lies, whether a reader opens or not."""
    return _("« {name} » est enregistré dans {folder}. S'il ne s'ouvre pas tout seul, ouvrez-le là.").format(
        name=path.name, folder=QDir.toNativeSeparators(str(path.parent))
    )
