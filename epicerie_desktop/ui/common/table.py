"""Lists of frozen rows: read-only, keyboard first, the chosen row kept over a refresh. Knows no service."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.keys import BurstGuard, is_enter

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_MEASURED_ROWS = 200
_PADDING = 34
_TYPING = (
    Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
)


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A column: its title, what it takes from a row, how that is written, and how it is sorted.

    `tone` names a token's colour for a row (`ask`, `ink_soft` …) or None; `bold` rows stand out; `stretch` takes the
    room left. `sort_key` defaults to what `getter` returns.
    """

    title: str
    getter: Callable[[T], Any]
    formatter: Callable[[Any], str] = str
    align: Literal["left", "right", "centre"] = "left"
    sort_key: Callable[[T], Any] | None = None
    tone: Callable[[T], str | None] | None = None
    bold: bool = False
    stretch: bool = False


_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "centre": Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter,
}


class RowsModel(QAbstractTableModel, Generic[T]):
    """A model over frozen rows; the texts of a row are made once, when it is first shown: most of a long list never is."""

    def __init__(self, columns: Sequence[Column[T]], key: Callable[[T], Hashable]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._key = key
        self._rows: list[T] = []
        self._texts: dict[int, tuple[str, ...]] = {}
        self._order: tuple[int, Qt.SortOrder] | None = None

    def set_rows(self, rows: Sequence[T]) -> None:
        """Show other rows, in their order or in the one the person asked for."""
        self.beginResetModel()
        self._fill(list(rows))
        self.endResetModel()

    def _fill(self, rows: list[T]) -> None:
        if self._order is not None:
            column, order = self._order
            spec = self.columns[column]
            sort_key = spec.sort_key or spec.getter
            rows.sort(key=sort_key, reverse=order == Qt.SortOrder.DescendingOrder)
        self._rows = rows
        self._texts = {}

    @property
    def rows(self) -> tuple[T, ...]:
        """Return the rows as they are shown."""
        return tuple(self._rows)

    def row_at(self, line: int) -> T | None:
        """Return the row of a line, None outside."""
        return self._rows[line] if 0 <= line < len(self._rows) else None

    def key_at(self, line: int) -> Hashable | None:
        """Return the key of a line, None outside."""
        row = self.row_at(line)
        return None if row is None else self._key(row)

    def line_of(self, key: Hashable) -> int:
        """Return the line of a key, -1 if it is not there."""
        return next((i for i, row in enumerate(self._rows) if self._key(row) == key), -1)

    def text_at(self, line: int, column: int) -> str:
        """Return what a cell shows."""
        found = self._texts.get(line)
        if found is None:
            row = self._rows[line]
            found = self._texts[line] = tuple(c.formatter(c.getter(row)) for c in self.columns)
        return found[column]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text, alignment, colour or weight of a cell."""
        spec = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text_at(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN[spec.align]
        if role == Qt.ItemDataRole.ForegroundRole and spec.tone is not None:
            tone = spec.tone(self._rows[index.row()])
            return theme.tokens().colour(tone) if tone else None
        if role == Qt.ItemDataRole.FontRole and spec.bold:
            return theme.tokens().font("base", bold=True)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title of a column, aligned as its cells are."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.columns[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _ALIGN[self.columns[section].align]
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, and keep that order for the rows to come; -1 keeps the order rows are given in."""
        self.beginResetModel()
        self._order = (column, order) if column >= 0 else None
        self._fill(list(self._rows))
        self.endResetModel()


class _Tones(QStyledItemDelegate):
    """Keeps the colour of a cell on the chosen row, where Qt writes everything in one ink."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        tone = index.data(Qt.ItemDataRole.ForegroundRole)
        if isinstance(tone, QColor):
            option.palette.setColor(QPalette.ColorRole.HighlightedText, tone)


class RowsTable(QTableView, Generic[T]):
    """A list a person walks with the arrows: Enter opens a row, Tab leaves, letters do not search.

    `opened` gives the row of Enter or of a double click, `chosen` the row now selected (None: none).
    """

    opened = Signal(object)
    chosen = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column[T]],
        key: Callable[[T], Hashable],
        *,
        name: str,
        empty: str = "",
        sortable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._empty = empty
        self._burst = BurstGuard()
        self._sized = False
        self._kept: tuple[Hashable | None, int] = (None, 0)
        self._restoring = False
        self._search: QLineEdit | None = None
        self._rows_model: RowsModel[T] = RowsModel(columns, key)
        self.setModel(self._rows_model)
        self.setItemDelegate(_Tones(self))
        self._rows_model.modelAboutToBeReset.connect(self._on_before_reset)
        self._rows_model.modelReset.connect(self._on_after_reset)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.doubleClicked.connect(self._on_double_clicked)
        self._prepare(sortable)

    def _prepare(self, sortable: bool) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(sortable)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for i, spec in enumerate(self._rows_model.columns):
            if spec.stretch:  # at once: an empty list would show its titles cut
                header.setSectionResizeMode(i, QHeaderView.ResizeMode.Stretch)
        if sortable:
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.setSortingEnabled(True)
        self._set_heights()

    def _set_heights(self) -> None:
        heights = theme.tokens().heights
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(heights["row"])
        self.verticalHeader().setDefaultSectionSize(heights["row"])
        self.horizontalHeader().setFixedHeight(heights["header"])

    @property
    def rows_model(self) -> RowsModel[T]:
        """Return the model, to read the rows shown."""
        return self._rows_model

    def set_rows(self, rows: Sequence[T]) -> None:
        """Show other rows; the one that was chosen stays chosen if it is still there, else its neighbour is."""
        self._rows_model.set_rows(rows)
        if rows and not self._sized:
            self.size_columns()
        if self.hasFocus():
            self.choose_first()

    @property
    def current(self) -> T | None:
        """Return the chosen row, None if there is none."""
        index = self.currentIndex()
        return self._rows_model.row_at(index.row()) if index.isValid() else None

    def choose(self, key: Hashable) -> bool:
        """Choose the row of a key; return whether it is there."""
        line = self._rows_model.line_of(key)
        if line < 0:
            return False
        self.setCurrentIndex(self._rows_model.index(line, 0))
        return True

    def choose_first(self) -> None:
        """Choose the first row, if any, when nothing is chosen yet."""
        if not self.currentIndex().isValid() and self._rows_model.rowCount():
            self.setCurrentIndex(self._rows_model.index(0, 0))

    def search_in(self, line: QLineEdit) -> None:
        """Send the letters typed on the list to the field that narrows it, and Escape back there."""
        self._search = line

    def showEvent(self, event: QShowEvent) -> None:
        """Give the titles their room, even where the list is still empty."""
        super().showEvent(event)
        if not self._sized:
            self.size_columns()
            self._sized = False

    def size_columns(self) -> None:
        """Give each column the room of its title and of its first rows; one that stretches takes what is left.

        A column of amounts has the room of its longest, wherever it stands: a name may be cut, a quantity may not.
        """
        self._sized = True
        t = theme.tokens()
        header_metrics = QFontMetrics(t.font("small", bold=True))
        plain, bold = QFontMetrics(t.font()), QFontMetrics(t.font("base", bold=True))
        header = self.horizontalHeader()
        for i, spec in enumerate(self._rows_model.columns):
            metrics = bold if spec.bold else plain
            count = self._rows_model.rowCount()
            lines = [*range(min(count, _MEASURED_ROWS)), *(self._extremes(spec) if spec.align == "right" else ())]
            texts = max((metrics.horizontalAdvance(self._rows_model.text_at(n, i)) for n in lines), default=0)
            arrow = 14 if self.isSortingEnabled() else 0
            self.setColumnWidth(i, max(texts, header_metrics.horizontalAdvance(spec.title) + arrow) + _PADDING)
            if spec.stretch:
                header.setSectionResizeMode(i, QHeaderView.ResizeMode.Stretch)

    def _extremes(self, spec: Column[T]) -> set[int]:
        """Return where the greatest and least amounts of a column stand beyond the first rows: one of them is the longest.

        An amount sorted by several things (pieces, then grams) has the extremes of each: making the text of every row of a
        long list would cost more than showing it.
        """
        rows, key = self._rows_model.rows, spec.sort_key or spec.getter
        if len(rows) <= _MEASURED_ROWS:
            return set()
        keys = [key(row) for row in rows]
        parts = zip(*keys, strict=True) if isinstance(keys[0], tuple) else (keys,)
        found = set()
        for part in parts:
            numbers = [n if isinstance(n, int | float) else 0 for n in part]
            found |= {numbers.index(max(numbers)), numbers.index(min(numbers))}
        return found

    def _on_before_reset(self) -> None:
        index = self.currentIndex()
        self._kept = (self._rows_model.key_at(index.row()), index.row()) if index.isValid() else (None, -1)
        self._restoring = True

    def _on_after_reset(self) -> None:
        key, line = self._kept
        found = self._rows_model.line_of(key) if key is not None else -1
        if found < 0 and line >= 0:
            found = min(line, self._rows_model.rowCount() - 1)
        if found >= 0:
            self.setCurrentIndex(self._rows_model.index(found, 0))
        self._restoring = False
        if self._rows_model.key_at(found) != key:
            self.chosen.emit(self._rows_model.row_at(found))
        self.viewport().update()

    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:  # noqa: ARG002
        if not self._restoring:
            self.chosen.emit(self._rows_model.row_at(current.row()) if current.isValid() else None)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self._rows_model.row_at(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the row on Enter, once a press and never for a scanner's Enter."""
        scanned = self._burst.saw(event)
        if is_enter(event):
            event.accept()
            row = self.current
            if row is not None and not scanned and not event.isAutoRepeat():
                self.opened.emit(row)
            return
        if self._search is not None and self._goes_to(self._search, event):
            event.accept()
            return
        super().keyPressEvent(event)

    @staticmethod
    def _goes_to(line: QLineEdit, event: QKeyEvent) -> bool:
        text, plain = event.text(), event.modifiers() & ~_TYPING == Qt.KeyboardModifier.NoModifier
        typed = plain and bool(text) and text.isprintable() and not text.isspace()
        if not typed and event.key() != Qt.Key.Key_Escape:
            return False
        line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        line.selectAll()
        if typed:
            line.insert(text)
        return True

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: searching is the search field's work, and a scanner would wander through the rows."""

    def focusInEvent(self, event: Any) -> None:
        """Choose the first row when coming in by the keyboard, or by the program, with none chosen."""
        # Before Qt's own turn: it would make the first row current without showing it as chosen.
        if event.reason() is not Qt.FocusReason.MouseFocusReason:
            self.choose_first()
        super().focusInEvent(event)
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self.selectionModel().clearCurrentIndex()

    def changeEvent(self, event: QEvent) -> None:
        """Take the heights of a new text size, and measure the columns again."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_rows_model"):
            self._set_heights()
            if self._sized:
                self.size_columns()

    def say_when_empty(self, text: str) -> None:
        """Have another sentence stand where there are no rows."""
        self._empty = text
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, or the sentence of an empty list."""
        super().paintEvent(event)
        if self._rows_model.rowCount() or not self._empty:
            return
        t = theme.tokens()
        painter = QPainter(self.viewport())
        painter.setFont(QFont(t.font()))
        painter.setPen(QColor(t.colours["ink_soft"]))
        place: QRect = self.viewport().rect().adjusted(24, 16, -24, -16)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)
        painter.end()
