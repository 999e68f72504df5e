"""The support file's screen: whose file it is, the list of its pages on the left, the page shown on the right."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QStackedWidget, QWidget

from epicerie_desktop.services.queries.support import SupportHead, support_head
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import PageHeader, column, label, page, row
from epicerie_desktop.ui.common.states import EmptyState, Notice
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.households import wording
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.parts import roomy
from epicerie_desktop.ui.support.registry import PAGES, PageSpec

_LIST_WIDTH = 212
_FILE = "households"
"""The screen of the file, where Escape goes back unless one came from elsewhere."""


def _list_width() -> int:
    return round(_LIST_WIDTH * theme.tokens().scale)


class SupportScreen(Screen):
    """The file of one household; its pages live as long as it is the one shown."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"household", "household_member", "person", "support_file", "reserved_to"}
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.head: SupportHead | None = None
        self.household: int | None = None
        self._back = _FILE
        self.pages: dict[str, SupportPage] = {}
        self.specs: tuple[PageSpec, ...] = ()
        self.header = PageHeader(_("Accompagnement"))
        self.notice = Notice(closable=True)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Pages du dossier d'accompagnement"))
        self.list.setFixedWidth(_list_width())
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.stack = QStackedWidget()
        self.leave_button = ActionButton(_("Retour au dossier"), "Esc", "arrow-left")
        self.body = QStackedWidget()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        choose = ActionButton(_("Choisir un foyer"), icon="users", kind="primary")
        choose.clicked.connect(self._on_choose)
        nobody = EmptyState(
            "users", _("Aucun foyer choisi"), _("L'accompagnement s'ouvre à partir du dossier d'un foyer."), choose
        )
        hint = label(_("↑ ↓ pour choisir, Ctrl+Page depuis une page"), "small")
        hint.setFixedWidth(_list_width())
        if not roomy():
            hint.hide()
        sides = row(column(self.list, hint, spacing=8), self.stack, spacing=20)
        sides.setStretch(1, 1)
        file = QWidget()
        file.setLayout(sides)
        self.body.addWidget(nobody)
        self.body.addWidget(file)
        whole = page(self)
        whole.setSpacing(12)
        whole.addLayout(row(self.header, self.leave_button))
        whole.addWidget(self.notice)
        whole.addWidget(self.body, 1)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._on_row)
        self.list.itemActivated.connect(self._on_entered)
        self.leave_button.clicked.connect(self._on_leave)
        for keys, gesture in (("Ctrl+PgUp", self._on_before), ("Ctrl+PgDown", self._on_after)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(gesture)

    # -- whose file ----------------------------------------------------------------------------------------------------

    def open_with(self, **what: Any) -> None:
        """Open the file of a `household`, on the page of key `page` or the first one; Escape goes to the screen `back`."""
        self._back = str(what.get("back", _FILE))
        self.leave_button.set_text(_("Retour au dossier") if self._back == _FILE else _("Retour au suivi"))
        household = int(str(what["household"]))
        if household != self.household:
            self._forget()
            self.household = household
            self.specs = tuple(s for s in PAGES if s.reception or self.desk.social_key is not None)
            self.list.blockSignals(True)
            self.list.addItems([_(s.title) for s in self.specs])
            self.list.blockSignals(False)
        keys = [s.key for s in self.specs]
        wanted = what.get("page")
        self.body.setCurrentIndex(1)
        self.list.setCurrentRow(keys.index(str(wanted)) if wanted in keys else 0)
        self._read_head()

    def _forget(self) -> None:
        self.head = None
        self.header.set_words(_("Accompagnement"))
        self.notice.tell("info", "")
        for made in self.pages.values():
            self.stack.removeWidget(made)
            made.deleteLater()
        self.pages.clear()
        self.list.blockSignals(True)
        self.list.clear()
        self.list.blockSignals(False)

    def refresh(self) -> None:
        """Read again whose file it is, and the page shown if it went stale."""
        if self.household is not None:
            self._read_head()
            self._read_page()

    def _read_head(self) -> None:
        if self.household is not None:
            self.ask(partial(support_head, self.desk, self.household), self._on_head, key="head")

    def _on_head(self, head: SupportHead) -> None:
        if head.household != self.household:
            return
        self.head = head
        told = wording.composition(head.composition) if roomy() else wording.persons(head.composition.persons)
        parts = [_("Foyer n° {number}").format(number=head.number), told]
        if head.opened_on is not None and roomy():
            parts.append(_("suivi depuis le {day}").format(day=shown.day(head.opened_on)))
        title = _("Accompagnement de {name}").format(name=head.holder) if roomy() else head.holder
        self.header.set_words(title, " · ".join(parts))
        for made in self.pages.values():
            made.head_read(head)

    # -- its pages -----------------------------------------------------------------------------------------------------

    @property
    def current(self) -> SupportPage | None:
        """Return the page now shown."""
        shown_now = self.stack.currentWidget()
        return shown_now if isinstance(shown_now, SupportPage) else None

    def page(self, key: str) -> SupportPage:
        """Return a page of the household shown, building it the first time. Raises `StopIteration` for one not shown here."""
        if key not in self.pages:
            assert self.household is not None
            spec = next(s for s in self.specs if s.key == key)
            self.pages[key] = spec.factory(self, self.household)
            self.stack.addWidget(self.pages[key])
            if self.head is not None:
                self.pages[key].head_read(self.head)
        return self.pages[key]

    def show_page(self, key: str) -> SupportPage:
        """Show a page by its key, and return it."""
        self.list.setCurrentRow([s.key for s in self.specs].index(key))
        return self.page(key)

    @Slot(int)
    def _on_row(self, place: int) -> None:
        if not 0 <= place < len(self.specs):
            return
        before = self.current
        wanted = self.page(self.specs[place].key)
        if before is not None and before is not wanted and not before.may_leave():
            self.list.blockSignals(True)
            self.list.setCurrentRow(next(i for i, s in enumerate(self.specs) if self.pages.get(s.key) is before))
            self.list.blockSignals(False)
            return
        self.stack.setCurrentWidget(wanted)
        self.notice.tell("info", "")
        self._read_page()

    def _read_page(self) -> None:
        if self.current is not None and self.current.stale and self.isVisible():
            self.current.stale = False
            self.current.refresh()

    @Slot()
    def _on_entered(self) -> None:
        field = self.current.first_field() if self.current is not None else None
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_before(self) -> None:
        self._step(-1)

    @Slot()
    def _on_after(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        if self.specs:
            self.list.setCurrentRow((self.list.currentRow() + by) % len(self.specs))
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def _on_changed(self, tables: frozenset[str]) -> None:
        for made in self.pages.values():
            if tables & made.tables:
                made.stale = True
        if self.isVisible() and tables & self.tables:
            self._read_head()
        elif tables & self.tables:
            self._stale = True
        if self.isVisible():
            self._read_page()

    def showEvent(self, event: Any) -> None:
        """Read the page shown, which may have gone stale while hidden."""
        super().showEvent(event)
        self._read_page()

    # -- the screen ----------------------------------------------------------------------------------------------------

    def first_field(self) -> QWidget | None:
        """Return the list of pages."""
        return self.list if self.household is not None else None

    def may_leave(self) -> bool:
        """Return whether the page shown may be left."""
        return self.current is None or self.current.may_leave()

    def on_trouble(self, error: Exception) -> None:
        """Show a refusal above the page, the rest as everywhere."""
        if isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
        else:
            super().on_trouble(error)

    @Slot()
    def _on_leave(self) -> None:
        if self._back != _FILE:
            self.go(self._back)
        elif self.household is not None:
            self.go(_FILE, household=self.household)

    @Slot()
    def _on_choose(self) -> None:
        self.go("households")
