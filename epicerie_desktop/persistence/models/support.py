"""The personalised social support of a household. What only social workers read lies in `sealed`, under the second key.

A `sealed` column holds JSON bound to its row (see `services/sealing.py`); see docs/donnees.md.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Day, Flag


class SupportFile(Identified, Edited, Base):
    """One accompaniment of a household, from its orientation to its exit; a household that comes back opens another.

    Sealed: `reason` (free text), `diagnosis`, `budget_note`, `exit_note`. Clear codes: reason, urgency, exit.
    """

    __tablename__ = "support_file"
    __table_args__ = (Index(None, "household_id", "opened_on"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    opened_on: Mapped[date] = mapped_column(Day)
    referrer_id: Mapped[int | None] = mapped_column(ForeignKey("referrer.id"))
    referred_on: Mapped[date | None] = mapped_column(Day)
    reason_code: Mapped[str | None] = mapped_column(Text)
    urgent: Mapped[bool] = mapped_column(Flag, default=False)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    review_on: Mapped[date | None] = mapped_column(Day)
    closed_on: Mapped[date | None] = mapped_column(Day)
    exit_code: Mapped[str | None] = mapped_column(Text)
    exit_result: Mapped[str | None] = mapped_column(Text)
    waiting_until: Mapped[date | None] = mapped_column(Day)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class Objective(Identified, Edited, Base):
    """A personal project of the household. Clear: its type, deadline and state. Sealed: label, creditor, target cents."""

    __tablename__ = "objective"
    __table_args__ = (Index(None, "household_id"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    kind: Mapped[str] = mapped_column(Text)
    set_on: Mapped[date] = mapped_column(Day)
    due_on: Mapped[date | None] = mapped_column(Day)
    state: Mapped[str] = mapped_column(Text, default="OPEN")
    ended_on: Mapped[date | None] = mapped_column(Day)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ObjectivePayment(Identified, Base):
    """A payment really made for a project. Sealed: cents and note. A mistake is cancelled by date, never erased."""

    __tablename__ = "objective_payment"
    __table_args__ = (Index(None, "objective_id"), STRICT)

    objective_id: Mapped[int] = mapped_column(ForeignKey("objective.id"))
    day: Mapped[date] = mapped_column(Day)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    cancelled_at: Mapped[datetime | None]


class Undertaking(Identified, Base):
    """A dated paper between the household and the shop, of reception's knowledge.

    `kind`: CONTRACT (engagement), RULES (règlement accepted), NOTICE (information notice handed over), PROXY (procuration).
    `name` is the proxy's; `until` its expiry; `note` what the contract asks, in a few words (no reason, no amount).
    """

    __tablename__ = "undertaking"
    __table_args__ = (Index(None, "household_id", "kind"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    kind: Mapped[str] = mapped_column(Text)
    signed_on: Mapped[date] = mapped_column(Day)
    until: Mapped[date | None] = mapped_column(Day)
    name: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    revoked_on: Mapped[date | None] = mapped_column(Day)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Workshop(Identified, Edited, Base):
    """A subject of collective workshops (cooking, budget, energy …)."""

    __tablename__ = "workshop"

    title: Mapped[str] = mapped_column(Text)
    action_code: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(Flag, default=True)


class WorkshopSession(Identified, Edited, Base):
    """A date of a workshop: `seats` None for no limit."""

    __tablename__ = "workshop_session"
    __table_args__ = (Index(None, "at"), STRICT)

    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=120)
    place: Mapped[str] = mapped_column(Text, default="")
    seats: Mapped[int | None]
    cancelled: Mapped[bool] = mapped_column(Flag, default=False)


class Attendance(Base):
    """A person put down for a session. `state`: WAITING (no seat yet), PLANNED, CAME, EXCUSED, MISSED."""

    __tablename__ = "attendance"
    __table_args__ = (Index(None, "household_id"), STRICT)

    session_id: Mapped[int] = mapped_column(ForeignKey("workshop_session.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    state: Mapped[str] = mapped_column(Text, default="PLANNED")


class Note(Identified, Base):
    """A note of a worker, with its author and day; struck out by another day, never edited. Sealed: `text`."""

    __tablename__ = "note"
    __table_args__ = (Index(None, "household_id", "day"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    day: Mapped[date] = mapped_column(Day)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    struck_at: Mapped[datetime | None]


class Paper(Identified, Base):
    """A paper seen or kept. Clear: its kind, the day it was seen, its expiry. Sealed: `name` and note; `content` the scan itself."""

    __tablename__ = "paper"
    __table_args__ = (Index(None, "household_id"), Index(None, "expires_on"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    kind: Mapped[str] = mapped_column(Text)
    seen_on: Mapped[date] = mapped_column(Day)
    expires_on: Mapped[date | None] = mapped_column(Day)
    size: Mapped[int] = mapped_column(default=0)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    removed_at: Mapped[datetime | None]


class PaperContent(Base):
    """The scan of a paper, sealed, apart so that a file opens without reading it; erased with the paper."""

    __tablename__ = "paper_content"

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class OnwardReferral(Identified, Edited, Base):
    """A household sent to another service. Clear: kind of service, day, state. Sealed: `service`, reason, answer."""

    __tablename__ = "onward_referral"
    __table_args__ = (Index(None, "household_id"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    day: Mapped[date] = mapped_column(Day)
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="SENT")
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Task(Identified, Edited, Base):
    """Something the worker has to do, for a household or in general. Sealed: `text`."""

    __tablename__ = "task"
    __table_args__ = (Index(None, "done_at", "due_on"), STRICT)

    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    due_on: Mapped[date | None] = mapped_column(Day)
    done_at: Mapped[datetime | None]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Review(Identified, Base):
    """A review (bilan) of the accompaniment. Clear: day and result code. Sealed: `text`, what was reached, what comes next."""

    __tablename__ = "review"
    __table_args__ = (Index(None, "household_id", "day"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    day: Mapped[date] = mapped_column(Day)
    result: Mapped[str] = mapped_column(Text)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class SupportStep(Identified, Base):
    """A step of support done with a household, perhaps tied to an action of the contract. Sealed: everything but the day.

    Sealed: `kind`, `action`, `cents`, `note`. Its nameless counter is `ActionCount`.
    """

    __tablename__ = "support_step"
    __table_args__ = (Index(None, "household_id", "day"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    day: Mapped[date] = mapped_column(Day)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    cancelled_at: Mapped[datetime | None]


class ActionCount(Base):
    """How often a step tied to an action was done in a month, and for how many cents: no household, no day, no name."""

    __tablename__ = "action_count"

    month: Mapped[str] = mapped_column(Text, primary_key=True)
    action_code: Mapped[str] = mapped_column(Text, primary_key=True)
    step_code: Mapped[str] = mapped_column(Text, primary_key=True)
    steps: Mapped[int] = mapped_column(default=0)
    cents: Mapped[int] = mapped_column(default=0)


class Portrait(Base):
    """The photo of a household's holder, if they wish: JPEG, sealed."""

    __tablename__ = "portrait"
    __table_args__ = (UniqueConstraint("household_id"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    agreed_on: Mapped[date] = mapped_column(Day)
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


__all__ = [
    "ActionCount", "Attendance", "Note", "Objective", "ObjectivePayment", "OnwardReferral",
    "Paper", "PaperContent", "Portrait", "Review", "SupportFile", "SupportStep", "Task", "Undertaking", "Workshop",
    "WorkshopSession",
]  # fmt: skip
