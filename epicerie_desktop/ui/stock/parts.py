"""Fields of the stock: a list to choose in with its message, the date of a pack, a count that may be zero, what matches the letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHeaderView, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from epicerie_desktop.domain.dates import Precision, written
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.domain.units import parse_count, parse_grams
from epicerie_desktop.services.stock.receive import MAX_PIECES
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.keys import is_enter
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.table import RowsTable
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.goods import Good
from epicerie_desktop.ui.stock.limits import parse_limit, precision_of

MAX_PLACE = 9_999
"""More places than a shelf ever has."""
_ZERO = re.compile(r"0+(?:[.,]0*)?\s*(?:kg|g)?", re.IGNORECASE)
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}


def tab_order(*widgets: QWidget) -> None:
    """Let Tab follow the order given."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)


def fit_columns(table: RowsTable[Any], optional: Sequence[int], least: int) -> None:
    """Hide the optional columns, in their order, until the first column that stretches has `least` pixels (at normal text size)."""
    header, room = table.horizontalHeader(), table.width() - round(least * theme.tokens().scale)
    fixed = [i for i in range(header.count()) if header.sectionResizeMode(i) != QHeaderView.ResizeMode.Stretch]
    for place in optional:
        table.setColumnHidden(place, False)
    for place in optional:
        if sum(table.columnWidth(i) for i in fixed if not table.isColumnHidden(i)) > room:
            table.setColumnHidden(place, True)


class EnterMoves(QObject):
    """Makes Enter go from one widget to the next: a scanner's Enter never concludes, and no mouse is needed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._next: dict[QObject, Callable[[], None]] = {}

    def chain(self, widget: QWidget, then: Callable[[], None]) -> None:
        """Call `then` when Enter is pressed in `widget`."""
        self._next[widget] = then
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter for the widgets of the chain."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and is_enter(event)
            and watched in self._next
        ):
            if not event.isAutoRepeat():
                self._next[watched]()
            return True
        return super().eventFilter(watched, event)


class ChoiceBox(QWidget):
    """A list to choose in, with a message beneath when there is one."""

    def __init__(self, *, editable: bool = False) -> None:
        super().__init__()
        self.box = QComboBox(self)
        self.box.setEditable(editable)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.message = QLabel(self)
        self.message.setProperty("role", "error")
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.box)
        column.addWidget(self.message)
        self.message.hide()
        self.setFocusProxy(self.box)
        self.box.currentIndexChanged.connect(self._on_changed)

    def setAccessibleName(self, name: str) -> None:
        """Name the list itself, which is what a screen reader meets."""
        super().setAccessibleName(name)
        self.box.setAccessibleName(name)

    def show_error(self, sentence: str) -> None:
        """Show a sentence beneath, until something else is chosen."""
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))
        self.box.setAccessibleDescription(sentence)

    def _on_changed(self) -> None:
        self.show_error("")


class LimitField(ValueField[tuple[DateKind, date]]):
    """The date of a pack with its nature: « 25/11 », « 25/11/26 », « DDM 11/2027 »; `kind` is the one of the list beside it."""

    def __init__(self, today: Callable[[], date]) -> None:
        self.kind = DateKind.USE_BY

        def parse(text: str) -> tuple[DateKind, date]:
            return parse_limit(text, today(), self.kind)

        super().__init__(
            parse, lambda found: shown.day(found[1]), say=lambda found: wording.limit(*found, self.precision)
        )
        self.line.setPlaceholderText(_("jour/mois"))

    @property
    def precision(self) -> Precision:
        """Return how exactly the date is written."""
        return precision_of(self.text)

    def set_limit(self, kind: DateKind, on: date, precision: Precision) -> None:
        """Write a date as its pack does."""
        self.set_value((kind, on))
        if precision is not Precision.DAY:
            self.line.setText(written(on, precision))
            self.check()


class DayField(FieldFrame):
    """A day past or present: « 18/11 »; emptied, it is today again; a day to come is refused. Its message takes room only when there is one."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__(message=False)
        self._today = today

    @property
    def value(self) -> date | None:
        """Return the day typed, None where it is wrong."""
        try:
            return self._read()
        except BadInput:
            return None

    def set_value(self, day: date) -> None:
        """Write a day."""
        self.line.setText(shown.day(day))

    def check(self) -> bool:
        """Show what is wrong, if anything is; return whether the day is right."""
        if not self.text:
            self.set_value(self._today())
        try:
            self._read()
        except BadInput as refusal:
            self.show_error(str(refusal))
            return False
        self._say("", wrong=False)
        return True

    def _read(self) -> date:
        if not self.text:
            return self._today()
        found = parse_limit(self.text, self._today(), DateKind.USE_BY)[1]
        if found > self._today():
            raise BadInput(N_("Ce jour n'est pas encore venu."))
        return found


class CountedField(ValueField[int]):
    """What was counted on the shelf, in pieces or grams; zero is an answer."""

    def __init__(self, *, by_piece: bool, say: Callable[[int], str]) -> None:
        def parse(text: str) -> int:
            if _ZERO.fullmatch(text):
                return 0
            return parse_count(text, most=MAX_PIECES) if by_piece else parse_grams(text)

        super().__init__(parse, str if by_piece else shown.plain_kilos, say=say, suffix="" if by_piece else "kg")
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def check(self) -> bool:
        """Ask for a count, zero included."""
        if self.text:
            return super().check()
        self.show_error(_("Comptez ce qu'il reste ; s'il ne reste rien, tapez 0."))
        return False


class Suggestions(QFrame):
    """The goods that answer to the letters typed, beneath the field; the keyboard stays in the field."""

    chosen = Signal(object)

    def __init__(self, stage: QWidget, anchor: QWidget) -> None:
        super().__init__(stage)
        self.setProperty("role", "card")
        self._anchor = anchor
        self._goods: tuple[Good, ...] = ()
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("Articles et familles trouvés"))
        self.list.setStyleSheet("border: none;")
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 8)
        column.setSpacing(4)
        column.addWidget(self.list)
        column.addWidget(label(_("↑ ↓ pour choisir, Entrée pour prendre"), "small", wrap=False))
        self.list.itemClicked.connect(self._on_clicked)
        anchor.installEventFilter(self)
        self.hide()

    @property
    def current(self) -> Good | None:
        """Return the good now marked, None while the list is hidden."""
        row = self.list.currentRow()
        return self._goods[row] if not self.isHidden() and 0 <= row < len(self._goods) else None

    def offer(self, goods: Sequence[Good]) -> None:
        """Show these goods, the first one marked; none hides the list."""
        self._goods = tuple(goods)
        self.list.clear()
        for good in self._goods:
            kind = _("famille, en vrac") if good.generic else good.family
            item = QListWidgetItem(f"{good.name}  ·  {kind}")
            item.setSizeHint(QSize(0, theme.tokens().heights["row"]))
            self.list.addItem(item)
        self.setVisible(bool(self._goods))
        if self._goods:
            self.list.setCurrentRow(0)
            self._place()

    def _place(self) -> None:
        stage = self.parentWidget()
        assert stage is not None
        self.list.setFixedHeight(len(self._goods) * theme.tokens().heights["row"] + 8)
        place = self._anchor.mapTo(stage, QPoint(0, self._anchor.height() + 4))
        width = max(self._anchor.width(), 460)
        self.setGeometry(place.x(), place.y(), width, self.sizeHint().height())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk the list with the arrows, from the field; leave with the focus."""
        if watched is self._anchor and not self.isHidden():
            if event.type() == QEvent.Type.FocusOut:
                self.hide()
            elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                step = _MOVES.get(Qt.Key(event.key()))
                if step is not None:
                    row = self.list.currentRow() + step
                    self.list.setCurrentRow(max(0, min(len(self._goods) - 1, row)))
                    return True
        return super().eventFilter(watched, event)

    def _on_clicked(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self._goods[self.list.row(item)])
