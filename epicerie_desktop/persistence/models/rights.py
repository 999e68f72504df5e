"""Rights and how they are decided: statements, grants, decisions, committee meetings, suspensions, dated social scales."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Day, Flag, Json


class Assessment(Identified, Base):
    """A dated statement of resources, charges and debts and the answer it got, sealed under the second key.

    Clear: the answer and the band, without which a month could not be told by band. `papers` are in `paper`.
    """

    __tablename__ = "assessment"
    __table_args__ = (Index(None, "household_id", "day"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    ruleset_id: Mapped[int] = mapped_column(ForeignKey("ruleset.id"))
    day: Mapped[date] = mapped_column(Day)
    outcome: Mapped[str] = mapped_column(Text)
    band: Mapped[str | None] = mapped_column(Text)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class AccessGrant(Identified, Base):
    """A right to shop as decided: days (both included), share paid in thousandths, ceilings; never edited.

    `terms` is the rest of what the règlement gave that day, as `extras_to_json` tells it ({} for a right given before, or
    by hand). An `exceptional` one, given by whoever was there, waits for `validated_at`. What keeps a household away is told by
    `suspension` alone. One opened by a separation or a merge goes on with another, `origin_id`; `carried` is what was counted
    by then: its first day, visits, what was taken of each limit, fees paid.
    """

    __tablename__ = "access_grant"
    __table_args__ = (Index(None, "household_id", "valid_until"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    valid_from: Mapped[date] = mapped_column(Day)
    valid_until: Mapped[date] = mapped_column(Day)
    participation_permille: Mapped[int]
    ceilings: Mapped[Any] = mapped_column(Json)
    terms: Mapped[Any] = mapped_column(Json, default=dict, server_default="{}")
    ruleset_id: Mapped[int | None] = mapped_column(ForeignKey("ruleset.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("access_grant.id"))
    carried: Mapped[Any] = mapped_column(Json, default=dict, server_default="{}")
    exceptional: Mapped[bool] = mapped_column(Flag, default=False)
    decided_at: Mapped[datetime]
    decided_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    validated_at: Mapped[datetime | None]
    validated_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Meeting(Identified, Base):
    """A meeting of the committee. `closed_at` once its answers are final and its letters printed."""

    __tablename__ = "meeting"
    __table_args__ = (Index(None, "day"), STRICT)

    day: Mapped[date] = mapped_column(Day)
    place: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None]


class MeetingItem(Identified, Edited, Base):
    """A situation on a meeting's list: `rank` is the number read out, the only name the committee hears.

    `answer` and what goes with it (sealed) may change until the meeting is closed; `decision_id` is what it became then.
    """

    __tablename__ = "meeting_item"
    __table_args__ = (UniqueConstraint("meeting_id", "rank"), UniqueConstraint("meeting_id", "household_id"), STRICT)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    rank: Mapped[int]
    answer: Mapped[str | None] = mapped_column(Text)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))


class Decision(Identified, Base):
    """What a person or the committee decided on a statement. Clear: answer and codes. Sealed: reason, conditions, same-day help.

    `answer`: GRANTED, REFUSED, ADJOURNED. `maker`: WORKER, COMMITTEE. `advice` is the engine's answer that day.
    """

    __tablename__ = "decision"
    __table_args__ = (Index(None, "household_id", "day"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("access_grant.id"))
    day: Mapped[date] = mapped_column(Day)
    maker: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    advice: Mapped[str | None] = mapped_column(Text)
    reason_code: Mapped[str | None] = mapped_column(Text)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Suspension(Identified, Base):
    """A household kept from shopping, after it was heard: `kind` SUSPENDED, EXCLUDED, or CONSERVATORY before it.

    `until` is None without end. Clear: days, kind, reason code, day it was heard (None: it did not come although asked,
    `asked_on`). Sealed: reason.
    """

    __tablename__ = "suspension"
    __table_args__ = (Index(None, "household_id", "since"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    kind: Mapped[str] = mapped_column(Text)
    since: Mapped[date] = mapped_column(Day)
    until: Mapped[date | None] = mapped_column(Day)
    reason_code: Mapped[str] = mapped_column(Text)
    asked_on: Mapped[date | None] = mapped_column(Day)
    heard_on: Mapped[date | None] = mapped_column(Day)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    lifted_on: Mapped[date | None] = mapped_column(Day)
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Absence(Identified, Base):
    """A household expected that day that did not come; `excused` when it gave notice. One a day."""

    __tablename__ = "absence"
    __table_args__ = (UniqueConstraint("household_id", "day"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    day: Mapped[date] = mapped_column(Day)
    excused: Mapped[bool] = mapped_column(Flag, default=False)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class WaitingEntry(Identified, Base):
    """A household on the waiting list, until it is called or gives up (`left_on`)."""

    __tablename__ = "waiting_entry"
    __table_args__ = (Index(None, "household_id"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))
    since: Mapped[date] = mapped_column(Day)
    urgent: Mapped[bool] = mapped_column(Flag, default=False)
    left_on: Mapped[date | None] = mapped_column(Day)
    left_for: Mapped[str | None] = mapped_column(Text)


class FeePaid(Identified, Base):
    """A subscription or file fee paid. `period` says for what: a year (2026), a month (2026-11), or `file`."""

    __tablename__ = "fee_paid"
    __table_args__ = (Index(None, "household_id"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    code: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    period: Mapped[str] = mapped_column(Text)
    cents: Mapped[int]
    day: Mapped[date] = mapped_column(Day)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    cancelled_at: Mapped[datetime | None]


class SocialScale(Base):
    """A dated figure of a social scale (poverty line, RSA …) with its source. `value` in cents a month, or thousandths."""

    __tablename__ = "social_scale"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    valid_from: Mapped[date] = mapped_column(Day, primary_key=True)
    value: Mapped[int]
    source: Mapped[str] = mapped_column(Text)


__all__ = [
    "Absence", "AccessGrant", "Assessment", "Decision", "FeePaid", "Meeting", "MeetingItem", "SocialScale", "Suspension", "WaitingEntry",
]  # fmt: skip
