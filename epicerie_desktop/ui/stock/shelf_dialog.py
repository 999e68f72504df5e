"""« L'ordre des rayons »: shelves and what stands on them, put in order by keys, by the mouse or by a number typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QSize, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from epicerie_desktop.domain import shelves as rules
from epicerie_desktop.domain.shelves import Shelf
from epicerie_desktop.services.stock import shelves
from epicerie_desktop.services.stock.shelves import ShelfOrder
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.text import fold, words
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import CountField, FieldFrame, SearchField
from epicerie_desktop.ui.common.layout import FormRow, column, label, row
from epicerie_desktop.ui.stock.parts import MAX_PLACE, ChoiceBox, EnterMoves
from epicerie_desktop.ui.tabbed import TabbedPage
from epicerie_desktop.ui.writing_dialog import WritingDialog

_SHELF, _ARTICLE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_APART = -1
"""The number of what stands on no shelf, at the foot of the list."""


class ShelfDialog(WritingDialog):
    """One list: each shelf, then what stands on it; below the last one, what has no shelf. F12 keeps the whole."""

    def __init__(self, page: TabbedPage, order: ShelfOrder) -> None:
        super().__init__(page, _("L'ordre des rayons"), "", _("Garder cet ordre"))
        self.order, self.walk = order, order.walk
        self._names = dict(order.articles)
        self.setMaximumWidth(1100)
        self.setMinimumWidth(980)
        self.search = SearchField(_("Article ou rayon"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Rayons et articles, dans l'ordre"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.setMinimumHeight(400)
        self.new = FieldFrame()
        self.shelf, self.place = ChoiceBox(), CountField(most=MAX_PLACE)
        self.up_button = ActionButton(_("Monter"), "Alt+Up", "", "quiet", repeatable=True)
        self.down_button = ActionButton(_("Descendre"), "Alt+Down", "", "quiet", repeatable=True)
        self.remove_button = ActionButton(_("Retirer ce rayon"), icon="x", kind="quiet")
        self._lay_out()
        self._connect()
        self._draw()
        self.list.setCurrentRow(0)
        (self.search if self.walk else self.new).setFocus()

    def _lay_out(self) -> None:
        side = column(
            FormRow(_("Nouveau rayon : son nom, puis Entrée"), self.new),
            label(_("L'article choisi"), "strong", wrap=False),
            row(FormRow(_("Rayon"), self.shelf), FormRow(_("Place"), self.place), spacing=12),
            label(_("Entrée dans « Place » le met là, et passe au suivant. La souris peut aussi le glisser."), "small"),
            row(self.up_button, self.down_button, None),
            label(_("Un rayon emporte ses articles. F2 dans la liste change son nom."), "small"),
            row(self.remove_button, None),
            None,
            spacing=8,
        )
        left = column(self.search, self.list, spacing=8)
        left.setStretch(1, 1)
        whole = row(left, side, spacing=24)
        whole.setStretch(0, 3)
        whole.setStretch(1, 2)
        self.body.addLayout(whole)
        self.body.addWidget(self.notice)

    def _connect(self) -> None:
        moves = EnterMoves(self)
        moves.chain(self.new.line, self.add_shelf)
        moves.chain(self.search.line, self._on_found)
        moves.chain(self.list, self.place.setFocus)
        moves.chain(self.place.line, self.put_there)
        self.search.edited.connect(self._find)
        self.list.currentRowChanged.connect(self._on_current)
        self.list.itemChanged.connect(self._on_renamed)
        self.list.model().rowsMoved.connect(self._on_dropped, Qt.ConnectionType.QueuedConnection)
        self.up_button.clicked.connect(lambda: self.move_current(-1))
        self.down_button.clicked.connect(lambda: self.move_current(1))
        self.remove_button.clicked.connect(self.remove_shelf)

    # -- the list ----------------------------------------------------------------------------------------------------

    def _draw(self, article: int | None = None, shelf: int | None = None) -> None:
        """Write the walk in the list; an article, or a shelf by its number, is the current row."""
        self.list.blockSignals(True)
        self.list.clear()
        placed = {a for s in self.walk for a in s.articles}
        for number, held in enumerate(self.walk):
            self._head(number, held.name)
            for place, a in enumerate(held.articles, start=1):
                self._item(a, f"{place}.  {self._names.get(a, '')}")
        self._head(_APART, _("Sans rayon"))
        for a, name in self.order.articles:
            if a not in placed:
                self._item(a, name)
        self.shelf.box.clear()
        for number, held in enumerate(self.walk):
            self.shelf.box.addItem(held.name, number)
        self.shelf.box.addItem(_("Sans rayon"), _APART)
        at = next((i for i in range(self.list.count()) if self._is(i, article, shelf)), min(1, self.list.count() - 1))
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)
        self.list.scrollToItem(self.list.item(at))
        self._on_current(at)

    def _is(self, row_: int, article: int | None, shelf: int | None) -> bool:
        item = self.list.item(row_)
        found = item.data(_ARTICLE) if article is not None else item.data(_SHELF)
        return found is not None and found == (article if article is not None else shelf)

    def _head(self, number: int, name: str) -> None:
        item = QListWidgetItem(name)
        font = item.font()
        font.setBold(True)
        item.setFont(font)
        item.setData(_SHELF, number)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if number != _APART else flags)
        item.setSizeHint(QSize(0, theme.tokens().heights["row"]))
        self.list.addItem(item)

    def _item(self, article: int, name: str) -> None:
        item = QListWidgetItem(f"      {name}")
        item.setData(_ARTICLE, article)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
        item.setSizeHint(QSize(0, theme.tokens().heights["row"]))
        self.list.addItem(item)

    @property
    def article(self) -> int | None:
        """Return the article of the current row, None on a shelf."""
        item = self.list.currentItem()
        found: int | None = None if item is None else item.data(_ARTICLE)
        return found

    @property
    def shelf_number(self) -> int | None:
        """Return the number of the shelf of the current row, None on an article or on what has no shelf."""
        item = self.list.currentItem()
        number = None if item is None else item.data(_SHELF)
        return None if number in (None, _APART) else number

    @Slot(int)
    def _on_current(self, _row: int) -> None:
        article = self.article
        was = None if article is None else rules.place_of(self.walk, article)
        for part in (self.shelf, self.place):
            part.setEnabled(article is not None and bool(self.walk))
        self.shelf.box.setCurrentIndex(was[0] if was is not None else 0 if self.walk else -1)
        self.place.set_value(was[1] + 1 if was is not None else None)
        self.remove_button.setEnabled(self.shelf_number is not None)

    @Slot(QListWidgetItem)
    def _on_renamed(self, item: QListWidgetItem) -> None:
        number = item.data(_SHELF)
        if number is None or number == _APART:
            return
        name = item.text().strip()
        if name:
            self.walk = (*self.walk[:number], replace(self.walk[number], name=name), *self.walk[number + 1 :])
        self._draw(shelf=number)

    @Slot(QModelIndex)
    def _on_dropped(self, *_where: object) -> None:
        """Read the order back from the list: an article belongs to the shelf above it."""
        held: dict[int, list[int]] = {n: [] for n in range(len(self.walk))}
        current = self.article
        number = 0 if self.walk else _APART
        for i in range(self.list.count()):
            item = self.list.item(i)
            if item.data(_SHELF) is not None:
                number = item.data(_SHELF)
            elif number != _APART:
                held[number].append(item.data(_ARTICLE))
        self.walk = tuple(replace(s, articles=tuple(held[n])) for n, s in enumerate(self.walk))
        self._draw(article=current)

    # -- the gestures ------------------------------------------------------------------------------------------------

    @Slot()
    def add_shelf(self) -> None:
        """Add a shelf at the end of the walk."""
        name = self.new.text
        if not name:
            self.list.setFocus()
            return
        if any(fold(s.name) == fold(name) for s in self.walk):
            self.new.show_error(_("Ce rayon existe déjà."))
            return
        self.walk = (*self.walk, Shelf(name))
        self.new.clear()
        self._draw(shelf=len(self.walk) - 1)

    @Slot()
    def remove_shelf(self) -> None:
        """Take the current shelf out of the walk; its articles have none any more."""
        number = self.shelf_number
        if number is not None:
            self.walk = rules.without(self.walk, number)
            self._draw(shelf=min(number, len(self.walk) - 1))
            self.list.setFocus()

    def move_current(self, step: int) -> None:
        """Move the current article, or the current shelf with all it holds."""
        article, number = self.article, self.shelf_number
        if article is not None:
            self.walk = rules.moved(self.walk, article, step)
            self._draw(article=article)
        elif number is not None:
            self.walk = rules.shelf_moved(self.walk, number, step)
            self._draw(shelf=max(0, min(number + step, len(self.walk) - 1)))

    @Slot()
    def put_there(self) -> None:
        """Put the current article on the shelf chosen, at the place typed (empty: last), and go to the row below."""
        article, number = self.article, self.shelf.box.currentData()
        if article is None or number is None or not self.place.check():
            return
        row_ = self.list.currentRow()
        below = self.list.item(row_ + 1)
        following = None if below is None else below.data(_ARTICLE)
        place = self.place.value
        self.walk = rules.put(
            self.walk, article, None if number == _APART else number, None if place is None else place - 1
        )
        self._draw(article=following if following is not None else article)
        if following is not None and rules.place_of(self.walk, following) is None:
            # Articles are placed one after the other: the shelf just chosen is proposed for the next one.
            self.shelf.box.setCurrentIndex(self.shelf.box.findData(number))
        self.place.line.selectAll()

    @Slot(str)
    def _find(self, typed: str) -> None:
        wanted = words(typed)
        if not wanted:
            return
        for i in range(self.list.count()):
            around = words(self.list.item(i).text())
            if all(any(a.startswith(w) for a in around) for w in wanted):
                self.list.setCurrentRow(i)
                return

    @Slot()
    def _on_found(self) -> None:
        (self.place if self.article is not None else self.list).setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the writing of the whole walk."""
        desk, walk = self.page.desk, self.walk
        return lambda: shelves.save_shelf_walk(desk, walk)
