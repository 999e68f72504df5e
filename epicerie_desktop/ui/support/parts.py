"""Small pieces of the support file's pages: facts under their names, amounts over the till's, words of the codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.support import MOST_CENTS, Expiry
from epicerie_desktop.domain.units import parse_cents
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.fields import ValueField
from epicerie_desktop.ui.common.layout import label

_NAME_WIDTH = 168


class AmountField(ValueField[int]):
    """An amount in cents, in euros, as large as a debt or a project may be."""

    def __init__(self, cents: int | None = None, *, required: bool = False) -> None:
        super().__init__(partial(parse_cents, most=MOST_CENTS), shown.plain_money, required=required, suffix="€")
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.set_value(cents)


class Facts(QWidget):
    """What is known, a name at the left and its words at the right, or beneath when `stacked`; the rest is not shown."""

    def __init__(self, *, stacked: bool = False, name_width: int = _NAME_WIDTH) -> None:
        super().__init__()
        self._stacked = stacked
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnMinimumWidth(0, 0 if stacked else name_width)
        self._grid.setColumnStretch(0 if stacked else 1, 1)
        self._name_width = name_width
        self.texts: tuple[str, ...] = ()

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show pairs of name and words."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        told = [(name, words) for name, words in facts if words]
        for place, (name, words) in enumerate(told):
            named, said = label(name, "label" if self._stacked else "soft"), label(words, selectable=True)
            if self._stacked:
                self._grid.addWidget(named, 2 * place, 0)
                self._grid.addWidget(said, 2 * place + 1, 0)
            else:
                named.setMaximumWidth(self._name_width)
                self._grid.addWidget(named, place, 0, Qt.AlignmentFlag.AlignTop)
                self._grid.addWidget(said, place, 1, Qt.AlignmentFlag.AlignTop)
        self.texts = tuple(words for _name, words in told)


def day_or_dash(value: date | None) -> str:
    """Return a day in figures, a dash where there is none."""
    return shown.day(value) if value is not None else "–"


def expiry_words(until: date | None, expiry: Expiry) -> str:
    """Return « 31/12/2026 », with where it stands when it asks something."""
    if until is None:
        return "–"
    told = shown.day(until)
    return f"{told} · {called(expiry).lower()}" if expiry in (Expiry.SOON, Expiry.OVER) else told


def expiry_tone(expiry: Expiry) -> str | None:
    """Return the colour of what asks something."""
    return {Expiry.SOON: "ask", Expiry.OVER: "no"}.get(expiry)


def money_or_dash(cents: int | None) -> str:
    """Return an amount, a dash where it was not told."""
    return shown.money(cents) if cents is not None else "–"


def kilobytes(size: int) -> str:
    """Return « 340 Ko »."""
    return _("{n} Ko").format(n=shown.number(max(1, round(size / 1000))))
