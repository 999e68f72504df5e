"""Small fields of the follow-up: an hour, who receives, a number of minutes; and how their values are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from PySide6.QtWidgets import QComboBox

from epicerie_desktop.domain.agenda import LONGEST, SHORTEST, parse_hour
from epicerie_desktop.domain.units import parse_count
from epicerie_desktop.services.queries.agenda import WorkerRow
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.fields import ValueField


def _write_hour(value: time) -> str:
    return f"{value.hour}h{value.minute:02d}"


class HourField(ValueField[time]):
    """An hour of the day, typed « 14h30 »; it must be filled."""

    def __init__(self, hour: time | None = None) -> None:
        super().__init__(parse_hour, _write_hour, say=shown.hour, required=True)
        self.line.setPlaceholderText("14h30")
        self.set_value(hour)


def _parse_minutes(text: str) -> int:
    minutes = parse_count(text, most=LONGEST)
    if minutes < SHORTEST:
        raise BadInput(N_("Cinq minutes au moins."))
    return minutes


class MinutesField(ValueField[int]):
    """A length in minutes, told in hours beneath."""

    def __init__(self, minutes: int) -> None:
        super().__init__(_parse_minutes, str, say=shown.duration, required=True, suffix=_("min"))
        self.set_value(minutes)


class WorkerBox(QComboBox):
    """Who receives: an account, or nobody in particular (`empty`)."""

    def __init__(self, workers: Sequence[WorkerRow], chosen: int | None, empty: str) -> None:
        super().__init__()
        self.addItem(empty, None)
        for worker in workers:
            self.addItem(worker.name, worker.id)
        self.setCurrentIndex(max(0, self.findData(chosen)) if chosen is not None else 0)

    @property
    def worker(self) -> int | None:
        """Return the account chosen, None for nobody in particular."""
        found = self.currentData()
        return None if found is None else int(found)


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def short_day(day: date) -> str:
    """Return a day as a list shows it: « lun. 23/11 »."""
    names = (_("lun."), _("mar."), _("mer."), _("jeu."), _("ven."), _("sam."), _("dim."))
    return f"{names[day.weekday()]} {day:%d/%m}"
