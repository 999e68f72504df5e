"""How many of each coin and note, in a small grid; Enter goes to the next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from epicerie_desktop.domain.cash import DENOMINATIONS, counted_cents
from epicerie_desktop.support import format as shown
from epicerie_desktop.ui.common.fields import CountField
from epicerie_desktop.ui.common.layout import label

_COLUMNS = 3


class CoinGrid(QWidget):
    """A field a coin or note, the largest first. `changed`: a number was typed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[int, CountField] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        rows = -(-len(DENOMINATIONS) // _COLUMNS)
        for place, value in enumerate(DENOMINATIONS):
            field = CountField(message=False)
            field.setAccessibleName(shown.money(value))
            self.fields[value] = field
            column = place // rows * 2
            grid.addWidget(label(shown.money(value)), place % rows, column, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(field, place % rows, column + 1)
            field.changed.connect(self.changed)
            field.submitted.connect(self._on_submitted)
        self.setFocusProxy(next(iter(self.fields.values())))

    @property
    def counts(self) -> dict[int, int]:
        """Return how many of each coin and note were typed."""
        return {value: field.value for value, field in self.fields.items() if field.value}

    @property
    def cents(self) -> int:
        """Return what they are worth, in cents."""
        return counted_cents(self.counts)

    def _on_submitted(self) -> None:
        self.focusNextChild()
