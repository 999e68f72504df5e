"""A list of months to choose from, the current one first, and a pair of them for a period."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import FormRow, row


class MonthChooser(QComboBox):
    """Months written out; `month_changed` carries `2026-11` when a person or `set_months` chooses another one."""

    month_changed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMaxVisibleItems(14)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.currentIndexChanged.connect(self._on_index_changed)

    @property
    def month(self) -> str:
        """Return the chosen month, empty when there is none."""
        return str(self.currentData() or "")

    def set_months(self, months: Sequence[str], chosen: str = "") -> None:
        """Offer other months; the one chosen stays chosen, else `chosen`, else the first."""
        before = self.month
        self.blockSignals(True)
        self.clear()
        for month in months:
            text = shown.month(month)
            self.addItem(text[:1].upper() + text[1:], month)
        wanted = next((m for m in (before, chosen) if m in months), "")
        self.setCurrentIndex(max(0, self.findData(wanted)) if months else -1)
        self.blockSignals(False)
        if self.month != before:
            self.month_changed.emit(self.month)

    def choose(self, month: str) -> None:
        """Choose a month that is offered."""
        self.setCurrentIndex(self.findData(month))

    def _on_index_changed(self) -> None:
        if self.month:
            self.month_changed.emit(self.month)


class PeriodChooser(QWidget):
    """From a month to another, both included; `changed` when either changes and they are in order."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = MonthChooser(_("Du mois"))
        self.last = MonthChooser(_("Au mois"))
        line = row(FormRow(_("Du mois"), self.first), FormRow(_("Au mois, inclus"), self.last), spacing=12)
        self.setLayout(line)
        self.first.month_changed.connect(self._on_first_changed)
        self.last.month_changed.connect(self._on_last_changed)

    def set_months(self, months: Sequence[str], first: str, last: str) -> None:
        """Offer months, the latest first; a choice already made is kept."""
        self.blockSignals(True)
        self.first.set_months(months, first)
        self.last.set_months(months, last)
        self.blockSignals(False)

    @property
    def period(self) -> tuple[str, str] | None:
        """Return the two months, None while there is nothing to choose."""
        return (self.first.month, self.last.month) if self.first.month and self.last.month else None

    def choose(self, first: str, last: str) -> None:
        """Choose a period that is offered."""
        self.blockSignals(True)
        self.first.choose(first)
        self.last.choose(last)
        self.blockSignals(False)
        self.changed.emit()

    def _on_first_changed(self, month: str) -> None:
        if self.last.month and month > self.last.month:
            self.last.choose(month)
        else:
            self.changed.emit()

    def _on_last_changed(self, month: str) -> None:
        if self.first.month and month < self.first.month:
            self.first.choose(month)
        else:
            self.changed.emit()
