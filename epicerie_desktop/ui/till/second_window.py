"""What the household sees: its products, their prices and the total, in large letters. No name, no ceiling, no key to press."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from epicerie_desktop.domain.basket import Basket, Line, SoldBy
from epicerie_desktop.domain.payments import Paying
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _

_LINE_POINTS, _TOTAL_POINTS, _TITLE_POINTS = 24, 56, 28


class SecondWindow(QWidget):
    """A window of the till's own: it goes with it. Shown on the second screen, whole, where there is one."""

    def __init__(self, parent: QWidget, shop: str) -> None:
        super().__init__(parent, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(shop)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.title = _large(shop, _TITLE_POINTS)
        self.lines = QTableWidget(0, 3)
        self.lines.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.lines.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.lines.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.lines.setShowGrid(False)
        self.lines.verticalHeader().hide()
        self.lines.horizontalHeader().hide()
        self.lines.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            self.lines.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        # The theme's own sheet sets the size of every text: only a sheet of its own says otherwise.
        self.lines.setStyleSheet(f"font-size: {_LINE_POINTS}pt;")
        self.lines.verticalHeader().setDefaultSectionSize(_LINE_POINTS * 2 + 12)
        self.total = _large("", _TOTAL_POINTS)
        self.total.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.welcome = _large(_("Bienvenue"), _TOTAL_POINTS)
        self.welcome.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(32, 24, 32, 24)
        inside.addWidget(self.title)
        inside.addWidget(self.lines, 1)
        inside.addWidget(self.welcome, 1)
        inside.addWidget(self.total)
        self.show_basket(None)

    def show_on_its_screen(self) -> None:
        """Show it: whole on the second screen, else as a window that the volunteer places."""
        screens = QGuiApplication.screens()
        parent = self.parentWidget()
        here = parent.screen() if parent is not None else None
        other = next((s for s in screens if s is not here), None)
        if other is None:
            self.resize(900, 640)
            self.show()
            return
        self.setGeometry(other.availableGeometry())
        self.showFullScreen()

    def show_basket(self, basket: Basket | None) -> None:
        """Show a basket as it is now; a word of welcome between two."""
        lines = basket.lines if basket is not None else ()
        self.lines.setVisible(bool(lines))
        self.welcome.setVisible(not lines)
        self.total.setVisible(bool(lines))
        self.lines.setRowCount(len(lines))
        for i, line in enumerate(lines):
            for column, words in enumerate((line.name, _quantity(line), shown.money(line.paid_cents))):
                item = QTableWidgetItem(words)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.lines.setItem(i, column, item)
        if lines:
            self.lines.scrollToBottom()
        if basket is not None:
            self.total.setText(_("Total : {paid}").format(paid=shown.money(basket.paid_cents)))

    def show_paying(self, paying: Paying) -> None:
        """Show what is left to pay, and the change, beside the total."""
        told = [_("Total : {paid}").format(paid=shown.money(paying.due_cents))]
        if paying.parts and paying.left_cents:
            told.append(_("Reste : {left}").format(left=shown.money(paying.left_cents)))
        if paying.change_cents:
            told.append(_("Rendu : {change}").format(change=shown.money(paying.change_cents)))
        self.total.setText("\n".join(told))


def _quantity(line: Line) -> str:
    return shown.number(line.pieces) if line.sold_by is SoldBy.PIECE else shown.kilos(line.grams)


def _large(words: str, points: int) -> QLabel:
    made = QLabel(words)
    made.setWordWrap(True)
    made.setStyleSheet(f"font-size: {points}pt; font-weight: 700;")
    return made
