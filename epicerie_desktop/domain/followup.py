"""What a worker has to do and what comes to its end: the kinds of a list, its order, the codes of an onward referral."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DueKind(StrEnum):
    """Why something is on the worker's list; every kind but TASK is worked out, never typed."""

    TASK = "TASK"
    APPOINTMENT = "APPOINTMENT"
    RIGHT = "RIGHT"
    REVIEW = "REVIEW"
    OBLIGATION = "OBLIGATION"
    PAPER = "PAPER"
    PROXY = "PROXY"
    OBJECTIVE = "OBJECTIVE"


class OnwardKind(StrEnum):
    """The kind of service a household is sent to. Clear in the file: none tells of health, the service's name is sealed."""

    SOCIAL = "SOCIAL"
    HOUSING = "HOUSING"
    ENERGY = "ENERGY"
    BUDGET = "BUDGET"
    JOB = "JOB"
    FAMILY = "FAMILY"
    LEGAL = "LEGAL"
    FOOD = "FOOD"
    OTHER = "OTHER"


class OnwardState(StrEnum):
    """What became of an onward referral."""

    SENT = "SENT"
    TAKEN = "TAKEN"
    DECLINED = "DECLINED"
    GIVEN_UP = "GIVEN_UP"


@dataclass(frozen=True, slots=True)
class Due:
    """Something to do by a day (None: no day said). `text` is what it is about, `household` None for the shop's own.

    `id` is the task's, appointment's … of that kind; `version` the task's as read; `worker` whose it is, by name, empty for anyone's.
    """

    kind: DueKind
    id: int
    day: date | None
    text: str
    household: int | None = None
    number: str = ""
    who: str = ""
    version: int = 0
    worker: str = ""


def days_late(due: Due, today: date) -> int:
    """Return by how many days it is late: below 0 while there is time, 0 on its day or without one."""
    return 0 if due.day is None else (today - due.day).days


def by_lateness(due: Due) -> tuple[bool, date, str, str, int]:
    """Return the order of the list: the latest first, what has no day last."""
    return due.day is None, due.day or date.max, due.kind.value, due.who, due.id
