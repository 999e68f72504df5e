"""Shows a PDF inside the program: its pages, larger or smaller, to be kept or printed. Knows no document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QKeySequence, QPixmap, QResizeEvent, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from epicerie_desktop.domain.page_choice import pages_asked
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import papers, trouble
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.long_work import LongWork
from epicerie_desktop.ui.print_out import can_print, chosen_printer, only_pages, print_out
from epicerie_desktop.ui.screen import Screen

SMALLEST, LARGEST, STEP = 50, 300, 25
_POINTS_PER_INCH = 72
_MARGIN = 24


@dataclass(frozen=True, slots=True)
class Page:
    """A page as drawn: its number from 0, how many there are, its width in points and its picture."""

    number: int
    pages: int
    points: float
    picture: QImage


def draw_page(content: bytes, number: int, scale: float, *, width: int = 0) -> Page:
    """Return a page `scale` pixels a point large, or `width` pixels wide. To be called on one thread only."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        page = document[number]
        points = float(page.get_width())
        drawn = page.render(scale=width / points if width else scale, rev_byteorder=True, prefer_bgrx=True)
        picture = QImage(drawn.buffer, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGBX8888).copy()
        return Page(number, len(document), points, picture)
    finally:
        document.close()


def pages_of(content: bytes) -> int:
    """Return how many pages a PDF has. To be called on the thread that draws them."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        return len(document)
    finally:
        document.close()


class Draw(Protocol):
    """How a page is drawn, as `draw_page` does it."""

    def __call__(self, content: bytes, number: int, scale: float, *, width: int = 0) -> Page:
        """Return the page."""
        ...


class PdfView(QDialog):
    """A PDF with its pages, its size on screen, « Enregistrer » and, where the machine can, « Imprimer ».

    `suggested_name` is a file name without its ending, and never holds a person's name. `view_only` shows what is not to
    leave the encrypted file: it is neither kept elsewhere nor printed. `draw` draws a page, for what is not a PDF. `taken` is
    told once the paper was kept or printed, all of it or the pages chosen.
    """

    taken = Signal()

    def __init__(
        self,
        parent: QWidget,
        long: Background,
        content: bytes,
        title: str,
        suggested_name: str = "",
        *,
        view_only: bool = False,
        draw: Draw = draw_page,
    ) -> None:
        super().__init__(parent)
        self._long, self._content, self._name = long, content, suggested_name
        self._draw = draw
        self.page: Page | None = None
        self._wanted = 0
        self._zoom = 0
        """In percent; 0 fills the width."""
        self.setWindowTitle(title)
        self.resize(1000, 720)
        self.previous = ActionButton(_("Précédente"), icon="arrow-left", kind="quiet", repeatable=True)
        self.next = ActionButton(_("Suivante"), icon="arrow-right", kind="quiet", repeatable=True)
        self.smaller = ActionButton(_("Réduire"), icon="minus", kind="quiet", repeatable=True)
        self.larger = ActionButton(_("Agrandir"), icon="plus", kind="quiet", repeatable=True)
        self.fit = ActionButton(_("Toute la largeur"), kind="quiet")
        self.leave = ActionButton(_("Fermer"), "Esc")
        self.keep = ActionButton(_("Enregistrer"), "Ctrl+S", "save")
        self.print = ActionButton(_("Imprimer"), "F12", "printer", "primary")
        self.pages = QLineEdit()
        self.pages.setAccessibleName(_("Pages à enregistrer ou à imprimer"))
        self.pages.setPlaceholderText(_("toutes"))
        self.pages.setToolTip(_("Par exemple 1-3, 5. Rien : toutes les pages."))
        self.pages.setMaximumWidth(140)
        self.wrong = label("", "error")
        self.wrong.hide()
        self.count = QLabel()
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sheet = QLabel()
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sheet.setAccessibleName(title)
        self.area = QScrollArea()
        self.keep.setVisible(not view_only)
        self.print.setVisible(not view_only and can_print())
        self._view_only = view_only
        self._work = LongWork(self, long)
        self._settle = QTimer(self, singleShot=True, interval=120)
        self._settle.timeout.connect(self._ask)
        self._lay_out()
        self._connect()
        self._ask()

    def _lay_out(self) -> None:
        self.area.setWidget(self.sheet)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        bar = row(self.previous, self.count, self.next, None, self.smaller, self.larger, self.fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(8)
        column.addLayout(bar)
        column.addWidget(self.area, 1)
        self._which = label(_("Pages"), "label", wrap=False)
        self._which.setBuddy(self.pages)
        for part in (self._which, self.pages):
            part.hide()
        column.addWidget(self.wrong)
        column.addLayout(row(self._which, self.pages, None, self.leave, self.keep, self.print))

    def _connect(self) -> None:
        self.previous.clicked.connect(self._on_previous_clicked)
        self.next.clicked.connect(self._on_next_clicked)
        self.smaller.clicked.connect(self._on_smaller_clicked)
        self.larger.clicked.connect(self._on_larger_clicked)
        self.fit.clicked.connect(self._on_fit_clicked)
        self.keep.clicked.connect(self._on_keep_clicked)
        self.print.clicked.connect(self._on_print_clicked)
        self.leave.clicked.connect(self.accept)
        self.pages.textEdited.connect(self._on_pages_edited)
        for keys, gesture in (
            ("PgUp", self._on_previous_clicked), ("PgDown", self._on_next_clicked), ("Ctrl+-", self._on_smaller_clicked),
            ("Ctrl++", self._on_larger_clicked), ("Ctrl+=", self._on_larger_clicked), ("Ctrl+0", self._on_fit_clicked),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(gesture)

    def _ask(self) -> None:
        """Have the page drawn on the long thread: a page takes longer than the window may wait."""
        content, number, ratio = self._content, self._wanted, self.devicePixelRatioF()
        dots = self.logicalDpiX() / _POINTS_PER_INCH * self._zoom / 100 * ratio
        width = 0 if self._zoom else round(max(200, self.area.viewport().width() - 2 * _MARGIN) * ratio)
        self._long.submit(
            self, lambda: self._draw(content, number, dots, width=width), self._show, self._on_trouble, key="page"
        )

    def _show(self, page: Page) -> None:
        self.page = page
        pixmap = QPixmap.fromImage(page.picture)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self.sheet.setPixmap(pixmap)
        self.count.setText(_("Page {page} sur {pages}").format(page=page.number + 1, pages=page.pages))
        self.previous.setEnabled(page.number > 0)
        self.next.setEnabled(page.number < page.pages - 1)
        for part in (self._which, self.pages):
            part.setVisible(page.pages > 1 and not self._view_only)

    def replace(self, content: bytes) -> None:
        """Show another making of the same paper, at the same page."""
        self._content = content
        self._ask()

    def _chosen(self) -> Callable[[], bytes] | None:
        """Return what makes the paper of the pages typed, None where they cannot be read, which is then said."""
        content, count = self._content, self.page.pages if self.page is not None else 1
        try:
            numbers = pages_asked(self.pages.text(), count)
        except BadInput as error:
            self.wrong.setText(str(error))
            self.wrong.show()
            self.pages.setFocus()
            self.pages.selectAll()
            return None
        return lambda: only_pages(content, numbers) if len(numbers) < count else content

    def _on_trouble(self, error: Exception) -> None:
        trouble.show(self, error)

    def _turn(self, by: int) -> None:
        if self.page is not None and 0 <= self._wanted + by < self.page.pages:
            self._wanted += by
            self.area.verticalScrollBar().setValue(0)
            self._ask()

    @property
    def zoom(self) -> int:
        """Return the size on screen, in percent of the paper's."""
        if self._zoom or self.page is None:
            return self._zoom or 100
        dots = self.page.picture.width() / self.devicePixelRatioF() / self.page.points
        return round(dots * _POINTS_PER_INCH / self.logicalDpiX() * 100)

    def _resize_by(self, by: int) -> None:
        near = round(self.zoom / STEP) * STEP + by
        self._zoom = min(max(near, SMALLEST), LARGEST)
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new width, once the window has stopped growing."""
        super().resizeEvent(event)
        if not self._zoom:
            self._settle.start()

    @Slot()
    def _on_previous_clicked(self) -> None:
        self._turn(-1)

    @Slot()
    def _on_next_clicked(self) -> None:
        self._turn(1)

    @Slot()
    def _on_smaller_clicked(self) -> None:
        self._resize_by(-STEP)

    @Slot()
    def _on_larger_clicked(self) -> None:
        self._resize_by(STEP)

    @Slot()
    def _on_fit_clicked(self) -> None:
        self._zoom = 0
        self._ask()

    @Slot()
    def _on_keep_clicked(self) -> None:
        chosen = self._chosen()
        path = papers.ask_where(self, self._name) if chosen is not None else None
        if chosen is not None and path is not None:
            self._long.submit(self, lambda: papers.written(chosen(), path), self._on_taken, self._on_trouble)

    @Slot()
    def _on_print_clicked(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        count = self.page.pages if self.page is not None else 1
        printer = chosen_printer(self, self._name, len(pages_asked(self.pages.text(), count)))
        if printer is not None:
            name = self._name
            self._work.run(
                _("Impression en cours…"),
                lambda step: print_out(chosen(), printer, name, step),
                self._on_taken,
                self._on_trouble,
            )

    def _on_taken(self, _done: object) -> None:
        self.taken.emit()

    @Slot()
    def _on_pages_edited(self) -> None:
        self.wrong.hide()

    def done(self, result: int) -> None:
        """Stop what is being printed before the window goes."""
        self._work.stop()
        super().done(result)


def look_at(screen: Screen, make: Callable[[], bytes], title: str, suggested_name: str) -> None:
    """Make a PDF on the long thread and show it over a screen."""
    screen.work(make, lambda content: show_pdf(screen, content, title, suggested_name))


def show_pdf(screen: Screen, content: bytes, title: str, suggested_name: str) -> None:
    """Show a PDF over a screen."""
    opened_pdf(screen, content, title, suggested_name)


def opened_pdf(screen: Screen, content: bytes, title: str, suggested_name: str) -> PdfView:
    """Show a PDF over a screen, and return the window that shows it."""
    view = PdfView(screen, screen.context.long, content, title, suggested_name)
    view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    view.open()
    view.area.setFocus(Qt.FocusReason.OtherFocusReason)
    return view
