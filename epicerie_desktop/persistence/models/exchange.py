"""Contracts and parcels: what a shop has sent, and what a coordinator has received. Never a name in the latter."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Identified
from epicerie_desktop.persistence.types import Day, Flag, Json


class Contract(Identified, Base):
    """A territory's contract, as the shop joined it or as the coordinator made it (then with its secret keys)."""

    __tablename__ = "contract"

    number: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date] = mapped_column(Day)
    site_code: Mapped[str] = mapped_column(Text, default="")
    site_number: Mapped[int] = mapped_column(default=0)
    recipient: Mapped[str] = mapped_column(Text)
    verify_key: Mapped[bytes] = mapped_column(LargeBinary)
    identity: Mapped[str | None] = mapped_column(Text)
    """The coordinator's age identity; only in the coordinator's own encrypted file."""
    signing_key: Mapped[bytes] = mapped_column(LargeBinary)
    """This side's Ed25519 seed: the shop's, or the coordinator's."""
    generation: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4)
    """A new one each time the shop's file is restored or copied."""
    joined_at: Mapped[datetime]


class ParcelSent(Identified, Base):
    """A parcel written by this shop: numbered without a gap within its generation, chained to the one before."""

    __tablename__ = "parcel_sent"
    __table_args__ = (UniqueConstraint("contract_id", "post_id", "generation", "seq"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    generation: Mapped[uuid.UUID]
    seq: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    prev: Mapped[bytes] = mapped_column(LargeBinary)
    last_month: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class MonthSent(Base):
    """The revision of a month as last sent: it rises when, and only when, the month's figures have changed."""

    __tablename__ = "month_sent"

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    month: Mapped[str] = mapped_column(Text, primary_key=True)
    revision: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class Site(Identified, Base):
    """A shop of the contract, at the coordinator; its key is kept from its first confirmed parcel on."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("contract_id", "code"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    code: Mapped[str] = mapped_column(Text)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    verify_key: Mapped[bytes | None] = mapped_column(LargeBinary)


class ParcelReceived(Identified, Base):
    """A parcel accepted by the coordinator."""

    __tablename__ = "parcel_received"
    __table_args__ = (UniqueConstraint("digest"), Index(None, "site_id", "post", "generation", "seq"), STRICT)

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    post: Mapped[int]
    generation: Mapped[uuid.UUID]
    seq: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    imported_at: Mapped[datetime]
    imported_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class SiteMonth(Base):
    """A month of a site as last received: its figures whole, replaced by a higher revision only."""

    __tablename__ = "site_month"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    post: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(Text, primary_key=True)
    revision: Mapped[int]
    closed: Mapped[bool] = mapped_column(Flag)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel_received.id"))
    figures: Mapped[Any] = mapped_column(Json)
