"""The pictures of twelve months; Enter on one shows its bars, Enter on a bar the lines behind it."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from epicerie_desktop.domain.data_table import DataTable
from epicerie_desktop.domain.reports.dashboard import Bar, Dashboard, Picture, bar_words, said
from epicerie_desktop.services import sheets
from epicerie_desktop.services.reports import dashboard as boards
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import pdf_view
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import FormRow, column, label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.pdf_view import Page, draw_page
from epicerie_desktop.ui.questions.answer_view import AnswerView
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.sheets.months import MonthChooser
from epicerie_desktop.ui.tabbed import NoticePage

_ACROSS = 3


class PictureView(QLabel):
    """One picture: it takes the keyboard, and Enter or a click opens it."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.told: Picture | None = None
        self._whole: QPixmap | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setObjectName("picture")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(QSize(260, 170))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_picture(self, picture: Picture, drawn: Page) -> None:
        """Show a picture as drawn; what it says is told to who hears the screen."""
        self.told = picture
        self._whole = QPixmap.fromImage(drawn.picture)
        told = ", ".join(bar_words(b, picture.holds) for b in picture.bars if b.value)
        self.setAccessibleName(picture.title)
        self.setAccessibleDescription(f"{picture.definition} {told}")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture whole."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._whole is not None:
            room = self.contentsRect().size() - QSize(12, 12)
            self.setPixmap(
                self._whole.scaled(
                    room * self.devicePixelRatio(),
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter or Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self.told)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open on a click."""
        super().mouseReleaseEvent(event)
        self.opened.emit(self.told)


class DashboardPage(NoticePage):
    """Six pictures that end with the month chosen; F7 prints them."""

    tables: ClassVar[frozenset[str]] = frozenset({"sale", "sale_line", "stock_move", "lot", "month_closing"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.board: Dashboard | None = None
        self.dialog: QDialog | None = None
        self.months = MonthChooser(_("Douze mois qui finissent en"))
        self.print_button = ActionButton(_("Imprimer"), "F7", "printer", "quiet")
        self.views = [PictureView(self) for _n in range(6)]
        grid = QGridLayout()
        grid.setSpacing(10)
        for place, view in enumerate(self.views):
            grid.addWidget(view, place // _ACROSS, place % _ACROSS)
            view.opened.connect(self.open_picture)
        self.ask_button = ActionButton(_("Questions (Alt+Y)"), icon="message-circle-question-mark", kind="quiet")
        hint = label(_("Entrée sur un dessin montre ses chiffres, puis les lignes de chacun."), "small")
        foot = row(hint, self.ask_button, self.print_button)
        foot.setStretch(0, 1)
        whole = column(
            row(FormRow(_("Douze mois qui finissent en"), self.months), None), grid, self.notice, foot, spacing=10
        )
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.months.month_changed.connect(self._read)
        self.print_button.clicked.connect(self._on_print)
        self.ask_button.clicked.connect(self._on_ask)

    def first_field(self) -> QWidget:
        """Return the first picture."""
        return self.views[0]

    def refresh(self) -> None:
        """Read the months, then the pictures."""
        desk = self.desk
        self.ask(lambda: sheets.months_to_choose(desk), self._on_months, key="months")

    def _on_months(self, months: tuple[str, ...]) -> None:
        before = self.months.month
        self.months.set_months(tuple(sorted(months, reverse=True)), max(months))
        if self.months.month == before:
            self._read()

    @Slot()
    def _read(self) -> None:
        desk, month = self.desk, self.months.month
        if month:
            self.owner.context.long.submit(
                self, lambda: _drawn(boards.dashboard(desk, month)), self._show, self.owner.on_trouble, key="dashboard"
            )

    def _show(self, drawn: tuple[Dashboard, tuple[Page, ...]]) -> None:
        self.board, pages = drawn
        for view, picture, page in zip(self.views, self.board.pictures, pages, strict=True):
            view.show_picture(picture, page)

    @Slot()
    def _on_ask(self) -> None:
        self.owner.go("questions")

    @Slot()
    def _on_print(self) -> None:
        board, desk = self.board, self.desk
        if board is not None:
            pdf_view.look_at(
                self.owner, lambda: boards.dashboard_pdf(desk, board), _("Tableau de bord"), _("tableau-de-bord")
            )

    @Slot(object)
    def open_picture(self, picture: Picture | None) -> None:
        """Show the figures of a picture."""
        if picture is not None:
            self.dialog = BarsDialog(self.owner, picture)
            self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.dialog.open()


def _drawn(board: Dashboard) -> tuple[Dashboard, tuple[Page, ...]]:
    return board, tuple(draw_page(boards.picture_pdf(p), 0, 2.6) for p in board.pictures)


class BarsDialog(QDialog):
    """The figures of a picture at the left; the lines behind the one chosen at the right."""

    def __init__(self, screen: Screen, picture: Picture) -> None:
        super().__init__(screen)
        self._screen, self.picture = screen, picture
        self.setWindowTitle(picture.title)
        self.setAccessibleName(picture.title)
        self.setModal(True)
        self.resize(1280, 690)
        columns = [
            Column(_("Mois") if picture.by_month else _("Part"), self._name, stretch=True),
            Column(
                _("Valeur"), lambda b: b.value, lambda n: said(int(str(n)), picture.holds), align="right", bold=True
            ),
        ]
        if picture.by_month:
            columns.append(
                Column(
                    _("Un an plus tôt"),
                    lambda b: b.before or 0,
                    lambda n: said(int(str(n)), picture.holds),
                    align="right",
                )
            )
        self.bars: RowsTable[Bar] = RowsTable(
            columns, lambda b: b.key, name=picture.title, empty=_("Rien à montrer sur ces douze mois."), sortable=False
        )  # fmt: skip
        self.bars.setFixedWidth(440)
        self.lines = AnswerView()
        self.close_button = ActionButton(_("Fermer"), "Esc")
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(10)
        whole.addWidget(label(picture.title, "title"))
        whole.addWidget(label(picture.definition, "soft"))
        sides = row(self.bars, self.lines, spacing=16)
        sides.setStretch(1, 1)
        whole.addLayout(sides, 1)
        foot = row(
            label(_("Entrée montre les lignes du chiffre choisi."), "small", wrap=False), None, self.close_button
        )
        whole.addLayout(foot)
        self.bars.opened.connect(self.open_bar)
        self.bars.set_rows(picture.bars[::-1] if picture.by_month else picture.bars)
        self.bars.setFocus()

    def _name(self, bar: Bar) -> str:
        return shown.month(bar.key) if self.picture.by_month else bar.name

    @Slot(object)
    def open_bar(self, bar: Bar) -> None:
        """Show the lines behind a figure."""
        query = partial(boards.lines_behind, self._screen.desk, self.picture, bar)
        self._screen.context.long.submit(self, query, self._show, self._screen.on_trouble, key="lines")

    def _show(self, data: DataTable) -> None:
        self.lines.show_table(data, len(data.rows))
