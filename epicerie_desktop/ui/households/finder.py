"""The list on the left: every household or those whose right is open, narrowed as one types a name, a number or a card."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QListView,
    QRadioButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from epicerie_desktop.services.queries.counter import FoundHousehold
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.fields import SearchField
from epicerie_desktop.ui.common.keys import is_enter
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.shapes import draw_badge
from epicerie_desktop.ui.households import wording

_ROW = 64
_MARGIN = 12
_MARK = 26
HOUSEHOLD = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


class HouseholdListModel(QAbstractListModel):
    """The households shown, read from a tuple; what a screen reader says is one sentence a row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[FoundHousehold, ...] = ()

    def show(self, rows: tuple[FoundHousehold, ...]) -> None:
        """Replace the rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def households(self) -> tuple[int, ...]:
        """Return the households shown, in order."""
        return tuple(r.id for r in self._rows)

    def row_of(self, household: int | None) -> int | None:
        """Return where a household is, None when it is not shown."""
        return next((i for i, r in enumerate(self._rows) if r.id == household), None)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many households are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row of an index in a given role."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.holder
        if role == HOUSEHOLD:
            return row
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{row.holder}, {wording.in_short(row)}, {wording.state(row.verdict)}"
        return None


class HouseholdDelegate(QStyledItemDelegate):
    """Draws a household on two lines, with the mark of its state on the right: a shape, not only a colour."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        """Return the height of a row."""
        return QSize(option.rect.width(), max(_ROW, option.fontMetrics.height() * 2 + _MARGIN * 2))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw a row."""
        row: FoundHousehold = index.data(HOUSEHOLD)
        widget = option.widget
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, blank, painter, widget)
        area = option.rect.adjusted(_MARGIN, _MARGIN - 2, -_MARGIN, -_MARGIN + 2)
        text = area.adjusted(0, 0, -_MARK - _MARGIN, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape, icon, colour = wording.mark(row.verdict.state)
        mark = QRectF(area.right() - _MARK, area.center().y() - _MARK / 2, _MARK, _MARK)
        draw_badge(painter, mark, shape, icon, colour, painter.device().devicePixelRatio())
        strong = QFont(option.font)
        strong.setBold(True)
        painter.setFont(strong)
        painter.setPen(theme.tokens().colour("ink"))
        half = text.height() // 2
        upper, lower = text.adjusted(0, 0, 0, -half), text.adjusted(0, half, 0, 0)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(upper, flags, painter.fontMetrics().elidedText(row.holder, elide, text.width()))
        painter.setFont(option.font)
        painter.setPen(theme.tokens().colour("ink_soft"))
        painter.drawText(lower, flags, painter.fontMetrics().elidedText(wording.in_short(row), elide, text.width()))
        painter.restore()


class Finder(QWidget):
    """The search field, the switch and the list. `typed` and `switched` ask for rows, `wanted` for a file to be opened."""

    asked = Signal()
    wanted = Signal(int)
    entered = Signal()
    """Enter was pressed on the list: the keyboard goes to the file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField(_("Nom, numéro, carte…"))
        self.search.setAccessibleName(_("Chercher un foyer"))
        self.model = HouseholdListModel(self)
        self.list = QListView()
        self.list.setObjectName("households")
        self.list.setAccessibleName(_("Foyers"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(HouseholdDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.open_only = QRadioButton(_("Droits ouverts"))
        self.everyone = QRadioButton(_("Tous"))
        self.everyone.setChecked(True)
        self.count = label("", "small")
        self.asked_for = label("", "strong")
        self.asked_for.hide()
        self._current: int | None = None
        self._entering = False
        self._lay_out()
        self.search.edited.connect(self._on_edited)
        self.search.submitted.connect(self._on_submitted)
        self.search.down.connect(self.go_to_list)
        self.everyone.clicked.connect(self._on_asked)
        self.open_only.clicked.connect(self._on_asked)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.list.installEventFilter(self)

    def _lay_out(self) -> None:
        group = QButtonGroup(self)
        group.addButton(self.open_only)
        group.addButton(self.everyone)
        switch = QHBoxLayout()
        switch.setSpacing(0)
        switch.addWidget(self.everyone, 1)
        switch.addWidget(self.open_only, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addLayout(switch)
        column.addWidget(self.asked_for)
        column.addWidget(self.count)
        column.addWidget(self.list, 1)

    @property
    def text(self) -> str:
        """Return what is being looked for."""
        return self.search.text

    def show_rows(self, rows: tuple[FoundHousehold, ...], most: int | None = None, trouble: str = "") -> None:
        """Show households, keeping the one in hand selected; `trouble` says why there is none."""
        self.list.selectionModel().blockSignals(True)
        self.model.show(rows)
        self.list.selectionModel().blockSignals(False)
        self.select(self._current)
        told = ngettext("{n} foyer", "{n} foyers", len(rows)).format(n=len(rows))
        if trouble:
            told = trouble
        elif not rows:
            told = _("Aucun foyer ne correspond : vérifiez l'orthographe ou essayez un autre membre.")
            if not self.text:
                told = _("Aucun foyer ici pour le moment.")
        elif most is not None and len(rows) >= most:
            told = _("Les {n} premiers foyers : tapez quelques lettres de plus.").format(n=len(rows))
        self.count.setText(told)
        if self._entering:
            self._entering = False
            self.go_to_list()

    def ask_for(self, sentence: str) -> None:
        """Say above the list what it is wanted for; an empty sentence takes it away."""
        self.asked_for.setText(sentence)
        self.asked_for.setVisible(bool(sentence))

    def select(self, household: int | None) -> None:
        """Select a household without asking for it; None selects nobody."""
        self._current = household
        row = self.model.row_of(household)
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        if row is None:
            selection.clear()
        else:
            self.list.setCurrentIndex(self.model.index(row))
        selection.blockSignals(False)
        self.list.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows and Enter go from the field to the list, and Enter from the list to the file."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if watched is self.list and is_enter(event):
            self.entered.emit()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def go_to_list(self) -> None:
        """Give the keyboard to the list, on the household in hand or on the first."""
        if self.model.rowCount():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            if self.model.row_of(self._current) is None:
                self.list.setCurrentIndex(self.model.index(0))

    @Slot()
    def _on_submitted(self) -> None:
        # What is shown may still answer the letters before: the list is entered when this answer comes.
        self._entering = True
        self.asked.emit()

    @Slot(str)
    def _on_edited(self, _typed: str) -> None:
        self._entering = False
        self.asked.emit()

    @Slot()
    def _on_asked(self) -> None:
        self.asked.emit()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.wanted.emit(current.data(HOUSEHOLD).id)
