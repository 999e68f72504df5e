"""The basket on the left: its table, what it says while empty, and the line that tells what was just undone or removed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStackedWidget, QTableView, QVBoxLayout, QWidget

from epicerie_desktop.domain.basket import Basket, Line
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.states import EmptyState, Notice
from epicerie_desktop.ui.till.basket_model import ARTICLE, PAID, QUANTITY, SOURCE, VALUE, BasketModel
from epicerie_desktop.ui.till.parts import scaled

_WIDTHS = {QUANTITY: 116, SOURCE: 92, VALUE: 106, PAID: 106}
_ROW, _HEADER = 44, 36
_NARROW, _LEAST = 600, 96


class BasketPane(QFrame):
    """Shows a basket; the selected row is the one that Delete removes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = BasketModel(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setObjectName("basketTable")
        self.table.setAccessibleName(_("Lignes du panier"))
        self._set_up_table()
        self.empty = EmptyState(
            "shopping-basket", _("Le panier est vide"), _("Tapez le nom d'un article ou scannez-le.")
        )
        blank = QFrame()
        blank.setProperty("role", "card")
        QVBoxLayout(blank).addWidget(self.empty)
        self._pages = QStackedWidget()
        self._pages.addWidget(blank)
        self._pages.addWidget(self.table)
        self.news = Notice("info")
        # The question at the foot has the first claim on the room: the table scrolls.
        self._pages.setMinimumHeight(_LEAST)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._pages, 1)
        column.addWidget(self.news)
        self.news.hide()

    def _set_up_table(self) -> None:
        table = self.table
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(scaled(_ROW))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setFixedHeight(scaled(_HEADER))
        header.setSectionsClickable(False)
        for column, width in _WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, scaled(width))
        header.setSectionResizeMode(ARTICLE, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is short, leave out the value of a line: the name of the article matters more."""
        super().resizeEvent(event)
        self.table.setColumnHidden(VALUE, self.width() < scaled(_NARROW))

    def show_basket(self, basket: Basket | None, row: int | None = None) -> None:
        """Show a basket with `row` selected, or the row selected before."""
        before = self.table.currentIndex().row()
        self.model.show(basket)
        count = self.model.rowCount()
        self._pages.setCurrentIndex(1 if count else 0)
        if count:
            self._select(row if row is not None else min(max(before, 0), count - 1))

    def move_by(self, rows: int) -> None:
        """Select another line."""
        count = self.model.rowCount()
        if count:
            self._select(max(0, min(count - 1, self.table.currentIndex().row() + rows)))

    @property
    def selected(self) -> Line | None:
        """Return the selected line."""
        return self.model.line(self.table.currentIndex().row())

    def tell(self, sentence: str) -> None:
        """Say what was just done below the table; an empty sentence takes it away."""
        self.news.tell("info", sentence)

    def _select(self, row: int) -> None:
        self.table.selectRow(row)
        self.table.scrollTo(self.model.index(row, 0))
