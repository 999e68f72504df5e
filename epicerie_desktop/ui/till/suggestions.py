"""The articles that answer to the letters typed, above the field; the keyboard stays in the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from epicerie_desktop.domain.basket import ArticleOffer
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.till import wording
from epicerie_desktop.ui.till.parts import label, scaled

_ROW = 40
_MOST_SHOWN = 8


class Suggestions(QFrame):
    """A list that floats over `stage`, its foot on the top of `anchor`, as wide as `span`."""

    chosen = Signal(object)

    def __init__(self, stage: QWidget, anchor: QWidget, span: QWidget) -> None:
        super().__init__(stage)
        self.setProperty("role", "card")
        self._anchor, self._span = anchor, span
        self._offers: tuple[ArticleOffer, ...] = ()
        self.notes: Mapping[int, str] = {}
        """What is told beside an article, by its id."""
        self.list = QListWidget()
        self.list.setObjectName("suggestionList")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(_("Articles trouvés"))
        self.foot: QLabel = label("small", _("↑ ↓ pour choisir, Entrée pour prendre"), wrap=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(4)
        column.addWidget(self.list)
        column.addWidget(self.foot)
        self.list.itemClicked.connect(self._on_clicked)
        self.hide()

    @property
    def current(self) -> ArticleOffer | None:
        """Return the article now marked, if the list is shown."""
        row = self.list.currentRow()
        return self._offers[row] if not self.isHidden() and 0 <= row < len(self._offers) else None

    def offer(self, offers: Sequence[ArticleOffer]) -> None:
        """Show these articles, the first one marked; none hides the list."""
        self._offers = tuple(offers)
        self.list.clear()
        for found in self._offers:
            note = self.notes.get(found.id)
            told = (found.name, wording.unit_value(found), note or found.family_name)
            item = QListWidgetItem("  ·  ".join(told))
            item.setSizeHint(item.sizeHint().expandedTo(self.list.sizeHint().__class__(0, scaled(_ROW))))
            self.list.addItem(item)
        self.setVisible(bool(self._offers))
        if self._offers:
            self.list.setCurrentRow(0)
            self._place()

    def move_by(self, rows: int) -> None:
        """Mark another article."""
        if self._offers:
            self.list.setCurrentRow(max(0, min(len(self._offers) - 1, self.list.currentRow() + rows)))

    def _place(self) -> None:
        stage = self.parentWidget()
        if stage is None:
            return
        shown = min(len(self._offers), _MOST_SHOWN)
        self.list.setFixedHeight(shown * scaled(_ROW) + 4)
        height = self.sizeHint().height()
        foot = self._anchor.mapTo(stage, QPoint(0, 0))
        left = self._span.mapTo(stage, QPoint(0, 0)).x()
        self.setGeometry(left, max(0, foot.y() - height - 4), self._span.width(), height)
        self.raise_()

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self._offers[self.list.row(item)])
