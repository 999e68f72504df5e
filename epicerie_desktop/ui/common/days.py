"""A day of the calendar, typed in figures and told in words."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.fields import ValueField

_DAY = re.compile(r"(\d{1,2})[ /.-](\d{1,2})(?:[ /.-](\d{4}|\d{2}))?", re.ASCII)


def parse_day(typed: str, near: date | None = None, *, end: bool = False) -> date:
    """Return a day typed « 12/03/2026 », « 12/03/26 », or « 12/03 » for the one closest to `near`, where it is given.

    With `end` (until when something is valid), « 12/03 » is the first such day from `near` on: an end that passed is typed whole.

    Raises `BadInput`: not a date, 31 February.
    """
    found = _DAY.fullmatch(typed.strip())
    if found is None or (found[3] is None and near is None):
        raise BadInput(N_("« {typed} » n'est pas une date. Tapez par exemple 12/03/2026."), typed=typed.strip())
    day, month = int(found[1]), int(found[2])
    if found[3] is not None:
        years = [int(found[3]) + (2000 if len(found[3]) == 2 else 0)]
    else:
        assert near is not None
        # 29 February may be years away.
        years = [near.year + n for n in range(-1, 9 if end else 2)]
    possible = [date(year, month, day) for year in years if _exists(year, month, day)]
    if not possible:
        raise BadInput(N_("« {typed} » : ce jour n'existe pas."), typed=typed.strip())
    if near is None:
        return possible[0]
    coming = [d for d in possible if d >= near]
    return coming[0] if end and coming else min(possible, key=lambda d: abs(d - near))


def _exists(year: int, month: int, day: int) -> bool:
    return year > 0 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


class DayField(ValueField[date]):
    """A day of the calendar, told in words beneath; without a year, the one closest to the day first shown (`end`: the next one). Enter goes on."""

    def __init__(self, day: date, parent: QWidget | None = None, *, end: bool = False) -> None:
        super().__init__(
            lambda typed: parse_day(typed, day, end=end), shown.day, say=shown.long_day, required=True, parent=parent
        )
        self.line.setPlaceholderText(_("jour/mois/année"))
        self.set_value(day)
        self.submitted.connect(self._on_submitted)

    @Slot()
    def _on_submitted(self) -> None:
        go_on(self.line)


def go_on(field: QWidget) -> None:
    """Give the keyboard to the field after this one, as Tab would."""
    tab = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(field, tab)
