"""A PDF on its way to a printer: handed as it is where the system takes it (CUPS), else drawn page by page at 300 dpi at most.

Fifteen pages drawn make a spool of 35 MB; the PDF itself, some tens of kilobytes.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.ui.common.dialogs import accepted

_POINTS_PER_INCH = 72
_PRINTED_DPI = 300
Step = Callable[[int, int], None]
_PATIENCE = 60.0
"""Seconds that the system may take to accept a document."""


def print_support() -> Any:
    """Return Qt's printing. Raises `ImportError` where this machine holds nothing to print with."""
    from PySide6 import QtPrintSupport

    return QtPrintSupport


def can_print() -> bool:
    """Return whether this machine holds what printing from inside the program needs."""
    try:
        return print_support() is not None
    except ImportError:
        return False


def chosen_printer(parent: QWidget, name: str, pages: int) -> Any:
    """Ask for a printer, copies and pages; return Qt's printer, None where the person gives up."""
    support = print_support()
    printer = support.QPrinter(support.QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    dialog = support.QPrintDialog(printer, parent)
    dialog.setMinMax(1, pages)
    dialog.setOption(support.QAbstractPrintDialog.PrintDialogOption.PrintPageRange, pages > 1)
    return printer if accepted(dialog) else None


def print_out(content: bytes, printer: Any, name: str, step: Step = lambda _done, _of: None) -> int:
    """Print the pages chosen and return how many. Raises `EnvironmentTrouble` (IMP-201) where the printer does not answer.

    `step` is told each page drawn, where they must be; what it raises gives the printing up.
    """
    wanted, pages = chosen_pages(content, printer.fromPage(), printer.toPage())
    if printer.outputFileName():
        Path(printer.outputFileName()).write_bytes(wanted)
        return pages
    return pages if handed_over(wanted, printer, name) else draw_on(wanted, printer, step)


def chosen_pages(content: bytes, first: int, last: int) -> tuple[bytes, int]:
    """Return the PDF of the pages from `first` to `last`, both included and counted from 1 (0: all), and how many they are."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        whole = len(document)
    finally:
        document.close()
    if not first or (first <= 1 and last >= whole):
        return content, whole
    numbers = range(first, min(max(first, last), whole) + 1)
    return only_pages(content, numbers), len(numbers)


def only_pages(content: bytes, numbers: Sequence[int]) -> bytes:
    """Return the PDF of these pages alone, counted from 1, in this order."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        if list(numbers) == list(range(1, len(document) + 1)):
            return content
        kept = pypdfium2.PdfDocument.new()
        try:
            kept.import_pages(document, [number - 1 for number in numbers])
            out = io.BytesIO()
            kept.save(out)
            return out.getvalue()
        finally:
            kept.close()
    finally:
        document.close()


def handed_over(content: bytes, printer: Any, name: str) -> bool:
    """Hand the PDF to the system's queue, without a file; return whether there is one. Raises `EnvironmentTrouble` where it refuses.

    `name` is the document's in the queue: a file name, which never holds a person's.
    """
    command = shutil.which("lp")
    if command is None or not printer.printerName():
        return False
    two_sides = printer.duplex() is not type(printer).DuplexMode.DuplexNone
    asked = [
        command, "-d", printer.printerName(), "-n", str(max(1, printer.copyCount())), "-t", name,
        "-o", "sides=two-sided-long-edge" if two_sides else "sides=one-sided", "-",
    ]  # fmt: skip
    try:
        done = subprocess.run(asked, input=content, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _no_answer() from error
    if done.returncode:
        raise _no_answer()
    return True


def _no_answer() -> EnvironmentTrouble:
    return EnvironmentTrouble(
        "IMP-201",
        N_("L'imprimante n'a pas répondu : vérifiez qu'elle est allumée, qu'elle a du papier, puis recommencez."),
    )


def draw_on(content: bytes, printer: Any, step: Step = lambda _done, _of: None) -> int:
    """Draw every page on a printer and return how many. Raises `EnvironmentTrouble`.

    `step` is told each page; what it raises gives the printing up: no page comes out where the printer allows it.
    """
    import pypdfium2

    painter = QPainter()
    if not painter.begin(printer):
        raise _no_answer()
    document = pypdfium2.PdfDocument(content)
    try:
        pages = len(document)
        for number in range(pages):
            step(number, pages)
            scale = min(printer.resolution(), _PRINTED_DPI) / _POINTS_PER_INCH
            drawn = document[number].render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
            picture = QImage(drawn.buffer, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGBX8888)
            if number:
                printer.newPage()
            room = QRectF(painter.viewport())
            ratio = min(room.width() / picture.width(), room.height() / picture.height())
            painter.drawImage(QRectF(0, 0, picture.width() * ratio, picture.height() * ratio), picture)
    except BaseException:
        printer.abort()
        raise
    finally:
        document.close()
        painter.end()
    return pages
