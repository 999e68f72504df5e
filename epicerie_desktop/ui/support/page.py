"""The base of every page of the support file: reads by its own query, acts on the data thread, shows refusals calmly."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.support import SupportHead
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import scrolled
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import RowsTable
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.fitting import Wrapped

if TYPE_CHECKING:
    from epicerie_desktop.ui.support.screen import SupportScreen

T = TypeVar("T")
_LEAST_ROWS = 2


class Office(Protocol):
    """What a page needs of the screen it stands in."""

    @property
    def context(self) -> Context:
        """Return what every screen is given."""
        ...

    @property
    def notice(self) -> Notice:
        """Return where news are told, above the page."""
        ...

    def on_trouble(self, error: Exception) -> None:
        """Show an error."""
        ...


class OfficePage(QWidget):
    """A page of a screen of several: reads by its own query, acts on the data thread.

    `tables` names the tables whose commit makes it stale. A subclass builds its widgets in `__init__`, gives what to read
    in `query`, and shows it in `show_read`. Its buttons go to `foot`.
    """

    tables: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.stale = True
        self.dialog: QDialog | None = None
        """The question now open over the page."""
        self._made: Hashable | None = None
        inside = QWidget()
        self.lines = QVBoxLayout(inside)
        self.lines.setContentsMargins(0, 0, 0, 0)
        self.lines.setSpacing(12)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(12)
        self._whole.addWidget(scrolled(inside), 1)

    @property
    def desk(self) -> Desk:
        """Return the desk, given to every service."""
        return self.office.context.desk

    @property
    def worker(self) -> bool:
        """Return whether this account reads what is sealed."""
        return self.desk.social_key is not None

    def query(self) -> Callable[[], Any] | None:
        """Return what reads the page, run on the data thread, where it may touch no widget."""
        return None

    def show_read(self, answer: Any) -> None:
        """Show what `query` read."""

    def refresh(self) -> None:
        """Read the page again."""
        query = self.query()
        if query is not None:
            self.ask(query, self._show, key="page")

    def _show(self, answer: Any) -> None:
        self.show_read(answer)
        self._choose_made()
        self._made = None

    def choose_made(self, made: int) -> None:
        """Choose the line just written in the page's first list, now or once it is read: what comes next is about it."""
        self._made = self.key_made(made)
        self._choose_made()

    def key_made(self, made: int) -> Hashable:
        """Return the key, in the page's first list, of the line of an id."""
        return made

    def _choose_made(self) -> None:
        field = self.first_field()
        if self._made is not None and isinstance(field, RowsTable) and field.choose(self._made):
            self._made = None
            if self.dialog is None and self.isVisible():
                field.setFocus(Qt.FocusReason.OtherFocusReason)

    def first_field(self) -> QWidget | None:
        """Return the widget that takes the keyboard when the page is entered."""
        return None

    def may_leave(self) -> bool:
        """Return whether the page may be left now."""
        return True

    def foot(self, *buttons: ActionButton) -> None:
        """Put the buttons of the page at its foot, in order, the main one last."""
        self._whole.addWidget(Wrapped(*buttons, right=True))

    def showEvent(self, event: QShowEvent) -> None:
        """Keep room for a few rows in each list, whatever the size of the text: the page then scrolls."""
        super().showEvent(event)
        heights = theme.tokens().heights
        for table in self.findChildren(RowsTable):
            table.setMinimumHeight(heights["header"] + _LEAST_ROWS * heights["row"] + 8)

    @staticmethod
    def fill(table: RowsTable[T], rows: Sequence[T]) -> None:
        """Show rows, each column with the room of its title and of what it holds; the first row is chosen where none is."""
        table.set_rows(rows)
        table.size_columns()
        table.choose_first()

    def ask(self, query: Callable[[], T], then: Callable[[T], None], *, key: str) -> None:
        """Run a query on the data thread; only the latest answer of a `key` counts."""
        self.office.context.data.submit(self, query, then, self.office.on_trouble, key=key)

    def act(
        self,
        service: Callable[[], T],
        then: Callable[[T], None] | None = None,
        refused: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a service on the data thread; a refusal goes to `refused`, or above the page."""
        self.office.context.data.submit(self, service, then, refused or self.office.on_trouble)

    def tell(self, text: str) -> None:
        """Show a good news above the page."""
        self.office.notice.tell("success", text)

    def open_dialog(self, dialog: QDialog) -> None:
        """Show a question over the page; it is forgotten once closed."""
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    def _on_dialog_finished(self, _result: int) -> None:
        self.dialog = None
        field = self.first_field()
        # A button takes no arrow: the keyboard stays where it was before the question, most often in the list of pages.
        if field is not None and not isinstance(field, ActionButton) and self.isVisible():
            field.setFocus(Qt.FocusReason.OtherFocusReason)


class SupportPage(OfficePage):
    """A page of the file of one household; the screen makes another for another household."""

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen)
        self.owner = screen
        self.household = household

    @property
    def head(self) -> SupportHead | None:
        """Return whose file it is, None until it is read."""
        return self.owner.head

    def head_read(self, head: SupportHead) -> None:
        """Take whose file it is, read again by the screen."""
