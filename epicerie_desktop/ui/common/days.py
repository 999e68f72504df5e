"""A day of the calendar, typed in figures and told in words."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.fields import ValueField

_DAY = re.compile(r"(\d{1,2})[ /.-](\d{1,2})[ /.-](\d{4}|\d{2})", re.ASCII)


def parse_day(typed: str) -> date:
    """Return a day typed « 12/03/2026 » or « 12/03/26 ». Raises `BadInput`: not a date, 31 February."""
    found = _DAY.fullmatch(typed.strip())
    if found is None:
        raise BadInput(N_("« {typed} » n'est pas une date. Tapez par exemple 12/03/2026."), typed=typed.strip())
    day, month, year = (int(g) for g in found.groups())
    try:
        return date(year + 2000 if len(found[3]) == 2 else year, month, day)
    except ValueError:
        raise BadInput(N_("« {typed} » : ce jour n'existe pas."), typed=typed.strip()) from None


class DayField(ValueField[date]):
    """A day of the calendar, told in words beneath; Enter goes on."""

    def __init__(self, day: date, parent: QWidget | None = None) -> None:
        super().__init__(parse_day, shown.day, say=shown.long_day, required=True, parent=parent)
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
