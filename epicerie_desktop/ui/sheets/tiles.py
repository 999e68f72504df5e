"""The six figures that every total of the program shows, each with its definition as its help."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLayout, QSizePolicy, QTableView, QVBoxLayout, QWidget

from epicerie_desktop.domain.figures import DEFINITIONS, Moved, Totals
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_, ngettext
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.fitting import scrolled

_SHOWN: tuple[tuple[str, str, Callable[[int], str]], ...] = (
    ("families", N_("Familles"), shown.number),
    ("persons", N_("Personnes"), shown.number),
    ("visits", N_("Passages"), shown.number),
    ("grams", N_("Kilos"), shown.plain_kilos),
    ("shelf_cents", N_("Valeur (€)"), shown.plain_money),
    ("paid_cents", N_("Payé (€)"), shown.plain_money),
)
_GAP = 8


class Figure(QFrame):
    """One figure: what it is above, and the figure; its definition is its help."""

    def __init__(self, title: str, definition: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._title = title
        self._value = label("–", "title", wrap=False)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(12, 8, 12, 10)
        lines.setSpacing(0)
        lines.addWidget(label(title, "label", wrap=False))
        lines.addWidget(self._value)
        self._note = label("", "small", wrap=False)
        self._note.hide()
        lines.addWidget(self._note)
        lines.addStretch(1)
        self.setToolTip(definition)
        self.setAccessibleDescription(definition)

    @property
    def value(self) -> str:
        """Return the figure shown."""
        return self._value.text()

    def set_value(self, value: str) -> None:
        """Show another figure."""
        self._value.setText(value)
        self.setAccessibleName(f"{self._title} {value}")

    @property
    def note(self) -> str:
        """Return what is said beneath the figure, empty for nothing."""
        return self._note.text()

    def set_note(self, note: str) -> None:
        """Say something beneath the figure."""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.setAccessibleDescription(f"{self.toolTip()} {note}".strip())


class TotalsTiles(QWidget):
    """Families, persons, visits, kilos, value and paid, in one line where it fits, in two or three otherwise."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        definitions = {key: text for key, _title, text in DEFINITIONS}
        self.tiles = {key: Figure(_(title), _(definitions[key])) for key, title, _write in _SHOWN}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        self._columns = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._place(len(self.tiles))

    def set_totals(self, totals: Totals) -> None:
        """Show other totals."""
        for key, _title, write in _SHOWN:
            self.tiles[key].set_value(write(getattr(totals, key)))
        self.tiles["grams"].set_note(told_apart(totals))
        self._fit(self.width())

    def clear(self) -> None:
        """Show no figure at all."""
        for tile in self.tiles.values():
            tile.set_value("–")
        self.tiles["grams"].set_note("")

    def minimumSizeHint(self) -> QSize:
        """Return the room of two tiles side by side: the others go beneath."""
        return QSize(2 * self._widest() + _GAP, self._grid.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the tiles in as many columns as the width allows."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _widest(self) -> int:
        return max(tile.minimumSizeHint().width() for tile in self.tiles.values())

    def _fit(self, width: int) -> None:
        each = self._widest() + _GAP
        self._place(next((n for n in (6, 3) if n * each - _GAP <= width), 2))

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for n, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, n // columns, n % columns)
        for n in range(len(self.tiles)):
            self._grid.setColumnStretch(n, 1 if n < columns else 0)
        self.updateGeometry()


def told_apart(totals: Totals) -> str:
    """Return which kilos were weighed and which were not, on two lines; one where nothing was estimated, none without kilos."""
    if not totals.grams:
        return ""
    if not totals.estimated_grams:
        return _("tous pesés")
    weighed = _("dont pesés {kilos}").format(kilos=shown.plain_kilos(totals.weighed_grams))
    return "\n".join((weighed, _("dont estimés {kilos}").format(kilos=shown.plain_kilos(totals.estimated_grams))))


def told_moved(moved: Moved) -> str:
    """Return what came in and what was lost, with the part nobody weighed; empty where nothing moved."""
    words = []
    for title, kilos in ((_("Reçus"), moved.received), (_("Perdus"), moved.lost)):
        if kilos.estimated_grams:
            words.append(
                _("{title} : {kilos} (pesés {weighed}, estimés {estimated})").format(
                    title=title, kilos=shown.kilos(kilos.grams), weighed=shown.kilos(kilos.weighed_grams),
                    estimated=shown.kilos(kilos.estimated_grams),
                )
            )  # fmt: skip
        elif kilos.grams:
            words.append(_("{title} : {kilos}, tous pesés").format(title=title, kilos=shown.kilos(kilos.grams)))
    if moved.ended_lots:
        words.append(
            ngettext(
                "{n} lot fini avec {kilos} d'écart entre l'arrivée et les sorties",
                "{n} lots finis avec {kilos} d'écart entre l'arrivée et les sorties",
                moved.ended_lots,
            ).format(n=moved.ended_lots, kilos=shown.kilos(moved.ended_grams))
        )
    return "  ·  ".join(words)


def estimate(grams: int) -> str:
    """Return the kilos nobody weighed, a dash where there are none."""
    return shown.kilos(grams) if grams else "–"


def sheet_layout(choice: QLayout, tiles: QWidget, table: QTableView, *actions: QWidget) -> QVBoxLayout:
    """Return a choice, its figures and its table, which scroll where the text is large, above actions that stay in sight."""
    heights = theme.tokens().heights
    table.setMinimumHeight(heights["header"] + 3 * heights["row"])
    area = scrolled(choice, tiles, table, growing=table, spacing=12, above=12)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    whole = QVBoxLayout()
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(8)
    whole.addWidget(area, 1)
    whole.addLayout(row(None, *actions))
    return whole


def show_definitions(parent: QWidget) -> None:
    """Show what each figure counts, as printed under the tables."""
    dialog = QuestionDialog(parent, _("Ce que comptent ces chiffres"), "", _("J'ai compris"), armed_after_ms=0)
    for _key, title, text in DEFINITIONS:
        dialog.body.addWidget(label(_(title), "strong"))
        dialog.body.addWidget(label(_(text), "soft"))
    try:
        dialog.exec()
    finally:
        dialog.deleteLater()
