"""Households, persons, dated memberships, stays away and addresses, cards, reserved and merged files, the words that find them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.domain.household import HousingKind, Link, Sex
from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Choice, Day, Flag, Json


class Referrer(Identified, Edited, Base):
    """Who refers households: a social worker and their service."""

    __tablename__ = "referrer"

    name: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(Flag, default=True)


class Household(Identified, Edited, Base):
    """A household of the shop. `number` is display, from the series of the post that opened it.

    `language` is that of the papers the household takes home. A `reserved` file is open to the accounts of `ReservedTo` only. A file `merged_into` another is no longer used.
    """

    __tablename__ = "household"
    __table_args__ = (UniqueConstraint("number"), Index(None, "merged_into_id"), STRICT)

    number: Mapped[str] = mapped_column(Text)
    token: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    opened_on: Mapped[date] = mapped_column(Day)
    closed_on: Mapped[date | None] = mapped_column(Day)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    phone: Mapped[str] = mapped_column(Text, default="")
    phone2: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    referrer_id: Mapped[int | None] = mapped_column(ForeignKey("referrer.id"))
    language: Mapped[str] = mapped_column(Text, default="fr", server_default="fr")
    reserved: Mapped[bool] = mapped_column(Flag, default=False, server_default="0")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    held_until: Mapped[date | None] = mapped_column(Day)
    """The last day this file is kept in spite of the time since the last contact, for `held_for`."""
    held_for: Mapped[str] = mapped_column(Text, default="", server_default="")
    purged_on: Mapped[date | None] = mapped_column(Day)
    """The day its names went: its token, its tickets and its closed months stay."""


class Address(Base):
    """Where a household lives, dated: reports use the commune of the day."""

    __tablename__ = "household_address"

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Day, primary_key=True)
    kind: Mapped[HousingKind] = mapped_column(Choice(HousingKind))
    lines: Mapped[str] = mapped_column(Text, default="")
    postcode: Mapped[str] = mapped_column(Text, default="")
    commune_code: Mapped[str | None] = mapped_column(Text)
    commune_name: Mapped[str] = mapped_column(Text, default="")


class Person(Identified, Edited, Base):
    """A person. `born` is `1985-03-12`, `1985-03`, `1985` or NULL. `token` is the pseudonym that travels."""

    __tablename__ = "person"

    token: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    last_name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    sex: Mapped[Sex] = mapped_column(Choice(Sex), default=Sex.UNKNOWN)
    born: Mapped[str | None] = mapped_column(Text)
    age_band: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Once purged, the ages its age at the last contact lay between (« 25-64 »), all that is left of the birth date."""


class Member(Identified, Base):
    """A stay of a person in a household: `left_on` is the first day no longer counted.

    `shared` marks a child who lives here half of the time; `left_for` why the stay ended (DEATH, DEPARTURE, SEPARATION).
    """

    __tablename__ = "household_member"
    __table_args__ = (
        Index(None, "household_id", "joined_on"),
        Index(None, "person_id"),
        STRICT,
    )

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    link: Mapped[Link] = mapped_column(Choice(Link))
    joined_on: Mapped[date] = mapped_column(Day)
    left_on: Mapped[date | None] = mapped_column(Day)
    shared: Mapped[bool] = mapped_column(Flag, default=False, server_default="0")
    left_for: Mapped[str | None] = mapped_column(Text)


class Away(Identified, Base):
    """A member away for a time (hospital, prison, holidays); both days included, `until` None while it is not known."""

    __tablename__ = "member_away"
    __table_args__ = (Index(None, "member_id"), STRICT)

    member_id: Mapped[int] = mapped_column(ForeignKey("household_member.id"))
    since: Mapped[date] = mapped_column(Day)
    until: Mapped[date | None] = mapped_column(Day)


class SearchWord(Base):
    """Folded words that find a household: names, telephone digits, household number."""

    __tablename__ = "search_word"
    __table_args__ = (Index(None, "household_id"), {**STRICT, "sqlite_with_rowid": False})

    word: Mapped[str] = mapped_column(Text, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), primary_key=True)


class Card(Identified, Base):
    """A card given to a household: its code is unique; a lost one is revoked, never erased."""

    __tablename__ = "card"
    __table_args__ = (UniqueConstraint("code"), Index(None, "household_id"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    code: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date] = mapped_column(Day)
    revoked_on: Mapped[date | None] = mapped_column(Day)


class ReservedTo(Base):
    """An account that may open a reserved file."""

    __tablename__ = "reserved_to"

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)


class Merge(Identified, Base):
    """Two files found to be one household: what moved from `source` to `target`, kept so that it can be undone."""

    __tablename__ = "merge"
    __table_args__ = (Index(None, "target_id"), STRICT)

    source_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    moved: Mapped[Any] = mapped_column(Json)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
