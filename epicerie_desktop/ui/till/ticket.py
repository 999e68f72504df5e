"""Showing a ticket's PDF on screen, printing it, keeping it in a file. The paper itself is made by a service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.till import ticket_printing
from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import accepted
from epicerie_desktop.ui.papers import offer_pdf
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.till.parts import button

_SHOWN_DPI, _PRINTED_DPI = 110, 300


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF and its pages drawn for the screen."""

    name: str
    pdf: bytes
    pages: tuple[QImage, ...]


def drawn(pdf: bytes, dpi: int) -> tuple[QImage, ...]:
    """Return the pages of a PDF as pictures; made on the long thread."""
    import pypdfium2

    pages = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            bitmap = page.render(scale=dpi / 72, rev_byteorder=True, force_bitmap_format=4)
            data = bytes(bitmap.buffer)
            picture = QImage(data, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBA8888)
            pages.append(picture.copy())
    return tuple(pages)


def print_or_show(
    screen: Screen, sale: int, told: Callable[[str], None], failed: Callable[[Exception], None] | None = None
) -> None:
    """Print a ticket on the machine's ticket printer, and tell it; without one, show its PDF."""
    machine = screen.context.settings
    if not machine.ticket_printer:
        show_ticket(screen, sale)
        return
    desk = screen.desk

    def printed(copy: bool) -> None:
        screen.act(partial(ticket_printing.note_print, desk, sale))
        told(_("Le ticket est imprimé (duplicata).") if copy else _("Le ticket est imprimé."))

    screen.context.long.submit(
        screen, partial(ticket_printing.print_ticket, desk, sale, machine), printed, failed or screen.on_trouble
    )


def show_ticket(screen: Screen, sale: int) -> None:
    """Make the ticket of a sale on the long thread, then show it with its printing button."""

    def then(paper: Paper) -> None:
        dialog = PaperDialog(paper, screen)
        dialog.open()

    desk = screen.desk
    screen.work(lambda: _ticket(desk, sale), then)


def show_receipt(screen: Screen, cash_move: int) -> None:
    """Make the receipt of money paid ahead or owed on the long thread, then show it with its printing button."""
    desk = screen.desk
    screen.work(lambda: _receipt(desk, cash_move), lambda paper: PaperDialog(paper, screen).open())


def _receipt(desk: Desk, cash_move: int) -> Paper:
    from epicerie_desktop.services import sheets

    pdf = sheets.purse_receipt_pdf(desk, cash_move)
    return Paper(_("recu-{move}").format(move=cash_move), pdf, drawn(pdf, _SHOWN_DPI))


def _ticket(desk: Desk, sale: int) -> Paper:
    from epicerie_desktop.services import sheets

    pdf = sheets.ticket_pdf(desk, sale)
    return Paper(_("ticket-{sale}").format(sale=sale), pdf, drawn(pdf, _SHOWN_DPI))


class PaperDialog(QDialog):
    """A paper on screen; Enter prints it, Escape closes."""

    def __init__(self, paper: Paper, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._paper = paper
        self.setWindowTitle(_("Ticket"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.print_button = button(_("Imprimer"), "Return", primary=True)
        self.save_button = button(_("Enregistrer le PDF"))
        self.close_button = button(_("Fermer"), "Esc")
        self.print_button.clicked.connect(self._on_print)
        self.save_button.clicked.connect(self._on_save)
        self.close_button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.close_button)
        row.addStretch(1)
        row.addWidget(self.save_button)
        row.addWidget(self.print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(16)
        column.addWidget(self._sheet(), 1)
        column.addLayout(row)
        self.resize(640, 680)
        self.print_button.setFocus()

    def _sheet(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        for page in self._paper.pages:
            shown = QLabel()
            shown.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            shown.setPixmap(QPixmap.fromImage(page))
            column.addWidget(shown)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return area

    @Slot()
    def _on_print(self) -> None:
        try:
            from PySide6.QtPrintSupport import QPrintDialog, QPrinter
        except ImportError as error:
            raise EnvironmentTrouble(
                "IMP-101",
                N_("L'impression n'est pas installée sur ce poste : enregistrez le PDF, puis imprimez-le ailleurs."),
            ) from error
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        if not accepted(dialog):
            return
        printer.setResolution(_PRINTED_DPI)
        painter = QPainter(printer)
        for i, page in enumerate(drawn(self._paper.pdf, _PRINTED_DPI)):
            if i:
                printer.newPage()
            painter.drawImage(QPoint(0, 0), page)
        painter.end()
        self.accept()

    @Slot()
    def _on_save(self) -> None:
        offer_pdf(self._screen, lambda: self._paper.pdf, self._paper.name)
        self.accept()
