"""The main window: where one is on the left, the screen on the right; screens are built when first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import said_otherwise
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.fields import take_keyboard
from epicerie_desktop.ui.common.keys import key_label
from epicerie_desktop.ui.common.layout import scrolled
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.screen import Screen

RAIL_WIDTH, RAIL_MARGIN, HINT_WIDTH, BUTTON_HEIGHT, LEAST_HEIGHT, BETWEEN, ICON = 228, 12, 56, 44, 34, 2, 22
"""In pixels at the normal text size."""
_TITLE_BAR = 40


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """A screen of the window: its key, its French name (N_), its icon, its shortcut, and how it is built."""

    key: str
    title: str
    icon: str
    shortcut: str
    build: Callable[[Context], Screen]
    under: str = ""
    """The screen whose place in the rail it shares, where it has none of its own."""


class MainWindow(QMainWindow):
    """The window of a shop or of a coordinator; `specs` are its screens, the first one being shown at start.

    `again` says what they are once a setting has changed: the rail follows at once.
    """

    drawn = Signal()
    """The window was drawn for the first time."""

    def __init__(
        self, context: Context, specs: tuple[ScreenSpec, ...], again: Callable[[], tuple[ScreenSpec, ...]] | None = None
    ) -> None:
        super().__init__()
        self._drawn = False
        self.context = context
        context.navigator = self
        self._specs = {s.key: s for s in specs}
        self._screens: dict[str, Screen] = {}
        self._buttons: dict[str, QToolButton] = {}
        self._actions: dict[str, QAction] = {}
        self._again, self._words = again, said_otherwise()
        self._stack = QStackedWidget()
        self._stack.setObjectName("stage")
        self._group = QButtonGroup(self)
        self._name, self._day = QLabel(), QLabel()
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail(specs))
        row.addWidget(self._stack, 1)
        self.setCentralWidget(middle)
        self.tell_where()
        self._minute = QTimer(self)
        self._minute.timeout.connect(self._on_minute)
        self._minute.start(60_000)
        self.setMinimumSize(1024, 640)
        self.resize(1366, 768)
        self.go(specs[0].key)
        context.changes.changed.connect(self._on_changed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell, the first time, that the window is drawn."""
        super().paintEvent(event)
        if not self._drawn:
            self._drawn = True
            QTimer.singleShot(0, self, self.drawn.emit)

    def show_fitted(self) -> None:
        """Show the window, maximised where it would not fit on the screen with its title bar: its foot would be cut."""
        room = self.screen().availableSize()
        if room.width() < self.width() or room.height() < self.height() + _TITLE_BAR:
            self.showMaximized()
        else:
            self.show()

    def go(self, screen: str, **what: object) -> None:
        """Show a screen by its key, building it the first time, and give it its subject; unsaved work may keep it."""
        shown_now = self._screen(screen)
        if self._stack.currentWidget() not in (None, shown_now) and not self.current.may_leave():
            self._mark_place()
            return
        if what:
            shown_now.open_with(**what)
        self._stack.setCurrentWidget(shown_now)
        self._mark_place()
        field = shown_now.first_field()
        if field is not None:
            take_keyboard(field)

    def tell_where(self) -> None:
        """Show the shop's name and the day, which may have changed since: a new identity, a night at the till."""
        shop = self.context.desk.shop.name
        self._name.setText(shop)
        self._day.setText(shown.long_day(self.context.desk.clock.today()))
        program = _("Épicerie sociale")
        self.setWindowTitle(f"{shop} – {program}")

    @Slot()
    def _on_minute(self) -> None:
        if self._day.text() != shown.long_day(self.context.desk.clock.today()):
            self.tell_where()
            self.current.refresh()

    def _mark_place(self) -> None:
        """Show in the rail where one is."""
        key = next(k for k, s in self._screens.items() if s is self._stack.currentWidget())
        place = self._specs[key].under or key
        if place in self._buttons:
            self._buttons[place].setChecked(True)
            self._places.ensureWidgetVisible(self._buttons[place], 0, 0)

    @property
    def current(self) -> Screen:
        """Return the screen now shown."""
        widget = self._stack.currentWidget()
        assert isinstance(widget, Screen)
        return widget

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of every screen, in order."""
        return tuple(self._specs)

    def _screen(self, key: str) -> Screen:
        if key not in self._screens:
            self._screens[key] = self._specs[key].build(self.context)
            self._stack.addWidget(self._screens[key])
        return self._screens[key]

    def _rail(self, specs: tuple[ScreenSpec, ...]) -> QWidget:
        rail = QFrame()
        rail.setObjectName("rail")
        rail.setFixedWidth(_scaled(RAIL_WIDTH))
        column = QVBoxLayout(rail)
        column.setContentsMargins(RAIL_MARGIN, 16, RAIL_MARGIN, RAIL_MARGIN)
        column.setSpacing(4)
        self._name.setObjectName("railTitle")
        self._name.setWordWrap(True)
        column.addWidget(self._name)
        self._day.setObjectName("railNote")
        self._day.setWordWrap(True)
        column.addWidget(self._day)
        column.addSpacing(12)
        # At a large text size on a small screen, the places scroll: neither a name nor a place is cut.
        places = QWidget()
        places.setObjectName("railPlaces")
        stacked = self._stacked = QVBoxLayout(places)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(BETWEEN)
        for spec in specs:
            if spec.title:
                stacked.addWidget(self._rail_button(spec))
            elif spec.shortcut:
                self._bind(spec)
        stacked.addStretch(1)
        self._places = scrolled(places)
        self._places.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._places.setStyleSheet("#railPlaces, QScrollArea { background: transparent; border: none; }")
        self._places.viewport().installEventFilter(self)
        column.addWidget(self._places, 1)
        if self.context.desk.shop.demo:
            demo = QLabel(_("Démonstration : les foyers sont inventés."))
            demo.setObjectName("railDemo")
            demo.setWordWrap(True)
            column.addWidget(demo)
        who = QLabel(f"{self.context.desk.actor.name} · {self.context.desk.post.name}")
        who.setObjectName("railNote")
        column.addWidget(who)
        return rail

    def _rail_button(self, spec: ScreenSpec) -> QToolButton:
        title = _(spec.title)
        width = _scaled(RAIL_WIDTH) - 2 * RAIL_MARGIN
        button = QToolButton()
        button.setObjectName("railButton")
        button.setCheckable(True)
        button.setText(f" {title}")
        button.setToolTip(f"{title} ({spec.shortcut})")
        button.setAccessibleName(title)
        button.setIcon(theme.icon(spec.icon, size=_scaled(ICON)))
        button.setIconSize(QSize(_scaled(ICON), _scaled(ICON)))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFixedHeight(_scaled(BUTTON_HEIGHT))
        button.setFixedWidth(width)
        button.setProperty("screen", spec.key)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self._on_rail_clicked)
        self._group.addButton(button)
        self._buttons[spec.key] = button
        if spec.shortcut:
            hint = QLabel(key_label(spec.shortcut), button)
            hint.setObjectName("railShortcut")
            hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            hint.setGeometry(width - _scaled(HINT_WIDTH) - 8, 0, _scaled(HINT_WIDTH), _scaled(BUTTON_HEIGHT))
            hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._bind(spec)
        return button

    def _bind(self, spec: ScreenSpec) -> None:
        """Have the keys of a screen show it, whether it has a place in the rail or not."""
        action = QAction(self)
        action.setShortcut(QKeySequence(spec.shortcut))
        action.setProperty("screen", spec.key)
        action.triggered.connect(self._on_action)
        self.addAction(action)
        self._actions[spec.key] = action

    @Slot(object)
    def _on_changed(self, tables: frozenset[str]) -> None:
        if self._again is not None and "setting" in tables:
            self.context.data.submit(self, self._again, self.show_places, self.current.on_trouble, key="places")

    def show_places(self, specs: tuple[ScreenSpec, ...]) -> None:
        """Show in the rail the places of these screens, in their order, and no other; screens already built stay."""
        placed = [s for s in specs if s.title]
        for position, spec in enumerate(placed):
            self._specs[spec.key] = spec
            if spec.key not in self._buttons:
                before = self._buttons.get(placed[position - 1].key) if position else None
                button = self._rail_button(spec)
                self._stacked.insertWidget(self._stacked.indexOf(before) + 1 if before else 0, button)
                if before is not None:
                    QWidget.setTabOrder(before, button)
        if said_otherwise() != self._words:
            self._words = said_otherwise()
            self._forget_hidden()
        wanted = {s.key for s in placed}
        for key, button in self._buttons.items():
            button.setVisible(key in wanted)
            if key in self._actions:
                self._actions[key].setEnabled(key in wanted)
        self._fit_places()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height left to the places."""
        if event.type() == QEvent.Type.Resize and watched is self._places.viewport():
            self._fit_places()
        return super().eventFilter(watched, event)

    def _fit_places(self) -> None:
        """Bring the places closer together where they would not all be seen: one below the edge is never found."""
        placed = [b for b in self._buttons.values() if not b.isHidden()]
        room = self._places.viewport().height() // max(1, len(placed)) - BETWEEN
        height = min(_scaled(BUTTON_HEIGHT), max(_scaled(LEAST_HEIGHT), room))
        for button in self._buttons.values():
            button.setFixedHeight(height)
            for hint in button.findChildren(QLabel):
                hint.resize(hint.width(), height)

    def _forget_hidden(self) -> None:
        """Have every screen but the one shown built again when next shown, in the words of now; baskets are kept by the base."""
        for key, screen in tuple(self._screens.items()):
            if screen is not self._stack.currentWidget():
                del self._screens[key]
                self._stack.removeWidget(screen)
                screen.deleteLater()

    @Slot()
    def _on_rail_clicked(self) -> None:
        self.go(str(self.sender().property("screen")))

    @Slot()
    def _on_action(self) -> None:
        self.go(str(self.sender().property("screen")))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the work in hand finish; baskets are already kept, and what is not saved is asked about."""
        if not self.current.may_leave():
            event.ignore()
            return
        self.context.scale.stop()
        self.context.data.stop()
        self.context.long.stop()
        super().closeEvent(event)


def _scaled(pixels: int) -> int:
    """Return a size that follows the text size in use."""
    return round(pixels * theme.tokens().scale)
