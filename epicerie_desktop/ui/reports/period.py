"""The period of a report: a year, a quarter or a month that the shop has lived, or two days."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.layout import FormRow, row


class PeriodKind(StrEnum):
    """What a report is about."""

    YEAR = "YEAR"
    QUARTER = "QUARTER"
    MONTH = "MONTH"
    DAYS = "DAYS"


class Choice(NamedTuple):
    """A period that may be chosen: its name in a list, in the name of a file, its days, both included."""

    name: str
    short: str
    first: date
    last: date


def choices(kind: PeriodKind, months: Sequence[str]) -> list[Choice]:
    """Return the periods of a kind that hold one of these months (« 2026-11 »), the latest first."""
    lengths = {PeriodKind.YEAR: 12, PeriodKind.QUARTER: 3, PeriodKind.MONTH: 1}
    length = lengths[kind]
    begun = sorted({(int(m[:4]), (int(m[5:]) - 1) // length) for m in months}, reverse=True)
    return [_choice(kind, year, part, length) for year, part in begun]


def _choice(kind: PeriodKind, year: int, part: int, length: int) -> Choice:
    start, end = part * length + 1, (part + 1) * length
    first, last = date(year, start, 1), date(year, end, calendar.monthrange(year, end)[1])
    if kind is PeriodKind.YEAR:
        return Choice(_("Année {year}").format(year=year), str(year), first, last)
    if kind is PeriodKind.QUARTER:
        return Choice(f"{_quarter(part)} {year}", f"{year}-t{part + 1}", first, last)
    name = shown.month(f"{year:04d}-{start:02d}")
    return Choice(f"{name[:1].upper()}{name[1:]}", f"{year:04d}-{start:02d}", first, last)


def _quarter(part: int) -> str:
    return (_("1er trimestre"), _("2e trimestre"), _("3e trimestre"), _("4e trimestre"))[part]


class PeriodChooser(QWidget):
    """Of what kind, then which one; `changed` when another is chosen and it is a period."""

    changed = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._months: tuple[str, ...] = (f"{today:%Y-%m}",)
        self.kind, self.which = QComboBox(), QComboBox()
        for kind, name in (
            (PeriodKind.YEAR, _("Année")), (PeriodKind.QUARTER, _("Trimestre")), (PeriodKind.MONTH, _("Mois")),
            (PeriodKind.DAYS, _("Du … au …")),
        ):  # fmt: skip
            self.kind.addItem(name, kind)
        self.which.setMaxVisibleItems(14)
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.first, self.last = DayField(today.replace(month=1, day=1)), DayField(today)
        self._listed, self._between = FormRow(_("Laquelle"), self.which), QWidget()
        between = row(FormRow(_("Du"), self.first), FormRow(_("Au, compris"), self.last), spacing=12)
        between.setContentsMargins(0, 0, 0, 0)
        self._between.setLayout(between)
        self._between.hide()
        of_kind = FormRow(_("Période"), self.kind)
        whole = row(of_kind, self._listed, self._between, spacing=12)
        whole.setContentsMargins(0, 0, 0, 0)
        for part in (of_kind, self._listed, self._between):
            whole.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self.setLayout(whole)
        self._fill()
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.which.currentIndexChanged.connect(self._on_which)
        for field in (self.first, self.last):
            field.line.editingFinished.connect(self._on_days)
        self._told = self.days

    def set_months(self, months: Sequence[str]) -> None:
        """Offer the periods that hold one of these months; the one chosen stays chosen."""
        self._months = tuple(months)
        self._fill()

    def choose(self, kind: PeriodKind, short: str) -> None:
        """Choose a period that is offered, by its short name (« 2026 », « 2026-t4 », « 2026-11 »)."""
        self.kind.setCurrentIndex(self.kind.findData(kind))
        found = [n for n in range(self.which.count()) if self.which.itemData(n).short == short]
        if found:
            self.which.setCurrentIndex(found[0])

    @property
    def chosen(self) -> Choice | None:
        """Return the period, None while two days make none."""
        if self._kind is not PeriodKind.DAYS:
            found = self.which.currentData()
            return found if isinstance(found, Choice) else None
        first, last = self.first.value, self.last.value
        if first is None or last is None or last < first:
            return None
        name = _("Du {first} au {last}").format(first=shown.day(first), last=shown.day(last))
        return Choice(name, f"{first.isoformat()}-{last.isoformat()}", first, last)

    @property
    def days(self) -> tuple[date, date] | None:
        """Return its first and last days."""
        found = self.chosen
        return (found.first, found.last) if found is not None else None

    @property
    def _kind(self) -> PeriodKind:
        return PeriodKind(self.kind.currentData())

    def _fill(self) -> None:
        if self._kind is PeriodKind.DAYS:
            return
        before = self.which.currentData()
        self.which.blockSignals(True)
        self.which.clear()
        for choice in choices(self._kind, self._months):
            self.which.addItem(choice.name, choice)
        same = [n for n in range(self.which.count()) if self.which.itemData(n) == before]
        self.which.setCurrentIndex(same[0] if same else 0)
        self.which.blockSignals(False)

    @Slot()
    def _on_kind(self) -> None:
        days = self._kind is PeriodKind.DAYS
        self._listed.setVisible(not days)
        self._between.setVisible(days)
        self._fill()
        self._tell()

    @Slot()
    def _on_which(self) -> None:
        self._tell()

    @Slot()
    def _on_days(self) -> None:
        if self.first.check() and self.last.check():
            if self.chosen is None:
                self.last.show_error(_("Ce jour vient avant le premier."))
            else:
                self._tell()

    def _tell(self) -> None:
        days = self.days
        if days is not None and days != self._told:
            self._told = days
            self.changed.emit()
