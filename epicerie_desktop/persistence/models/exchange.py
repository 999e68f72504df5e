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
    spare_recipient: Mapped[str] = mapped_column(Text, default="")
    """A second age key that opens the parcels, kept by someone else than the coordinator; empty for none."""
    counting_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The custodian's key, at the counters only: a coordinator's file never holds it."""
    terms: Mapped[Any] = mapped_column(Json, default=dict)
    """What the coordinator's file brought, or brings: definitions, indicators, nomenclatures, rulesets, articles."""
    edition: Mapped[int] = mapped_column(default=1)
    """The number of the coordinator's file: a later one replaces it, an earlier one is refused."""
    same_person: Mapped[bool] = mapped_column(Flag, default=False)
    """The coordinator also manages one of the shops: pseudonyms then protect nobody from him."""
    left_on: Mapped[date | None] = mapped_column(Day)
    """The shop's last day in the contract."""


class ContractKey(Identified, Base):
    """Keys the coordinator no longer uses, kept to open the parcels sealed for them; since when others serve, and why."""

    __tablename__ = "contract_key"

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    recipient: Mapped[str] = mapped_column(Text)
    verify_key: Mapped[bytes] = mapped_column(LargeBinary)
    identity: Mapped[str] = mapped_column(Text)
    signing_key: Mapped[bytes] = mapped_column(LargeBinary)
    replaced_at: Mapped[datetime]
    replaced_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text)
    vouches: Mapped[bool] = mapped_column(Flag, default=True)
    """It still vouches for the keys that replaced it; a stolen key does not, and shops compare a paper again."""


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


class ReceiptRead(Identified, Base):
    """A receipt of the coordinator, read by the shop: what was received, up to which parcel, each month with its revision."""

    __tablename__ = "receipt_read"
    __table_args__ = (UniqueConstraint("contract_id", "digest"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    post: Mapped[int]
    generation: Mapped[uuid.UUID]
    seq: Mapped[int]
    parcel: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    months: Mapped[Any] = mapped_column(Json)
    read_at: Mapped[datetime]
    read_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Site(Identified, Base):
    """A shop of the contract, at the coordinator."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("contract_id", "code"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    code: Mapped[str] = mapped_column(Text)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    joined_on: Mapped[date | None] = mapped_column(Day)
    left_on: Mapped[date | None] = mapped_column(Day)
    """The shop's last day in the contract: later months are neither expected nor taken."""
    left_reason: Mapped[str] = mapped_column(Text, default="")


class SitePost(Identified, Base):
    """A PC of a shop, at the coordinator: the key it signs with, kept from its first parcel on.

    A key that was read by the shop over the telephone is `confirmed_at`; one that no longer counts (a PC changed, stolen) is
    `revoked_at`, and the next parcel of the post brings another.
    """

    __tablename__ = "site_post"
    __table_args__ = (Index(None, "site_id", "post"), STRICT)

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    post: Mapped[int]
    verify_key: Mapped[bytes] = mapped_column(LargeBinary)
    first_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class ParcelReceived(Identified, Base):
    """A parcel accepted by the coordinator. `body_version` is that of its content, `warnings` what was said and accepted."""

    __tablename__ = "parcel_received"
    __table_args__ = (UniqueConstraint("digest"), Index(None, "site_id", "post", "generation", "seq"), STRICT)

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    post: Mapped[int]
    generation: Mapped[uuid.UUID]
    seq: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    prev: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    body_version: Mapped[int] = mapped_column(default=1)
    size: Mapped[int] = mapped_column(default=0)
    """Bytes of the file."""
    journal_head: Mapped[str] = mapped_column(Text, default="")
    """The head of the shop's journal: the coordinator is its witness."""
    journal_months: Mapped[Any] = mapped_column(Json, default=dict)
    """The same, of every month over: what was written before must not change any more."""
    warnings: Mapped[Any] = mapped_column(Json, default=list)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was accepted in spite of a warning."""
    counting_key: Mapped[str | None] = mapped_column(Text)
    """The number of the counting key its shop told its households under; empty for cards alone, None where it told none."""
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


class HouseholdKey(Base):
    """What tells that two shops know the same household: keyed tokens and cards, as last sent; gone when the shop sends them no more."""

    __tablename__ = "household_key"
    __table_args__ = (Index(None, "contract_id", "value"), STRICT)

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    post: Mapped[int] = mapped_column(primary_key=True)
    household: Mapped[str] = mapped_column(Text, primary_key=True)
    """The household's random token in this contract."""
    value: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    means: Mapped[str] = mapped_column(Text)
    """CARD, or the kind of the keyed token."""
    key_id: Mapped[str] = mapped_column(Text)
    """Under which counting key: those of two keys are never compared. Empty for a card told under none."""
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))


class HouseholdDouble(Identified, Base):
    """Two households found to be one, for good: what told so may be purged, the distinct count does not move."""

    __tablename__ = "household_double"
    __table_args__ = (UniqueConstraint("contract_id", "first", "second"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    first: Mapped[str] = mapped_column(Text)
    second: Mapped[str] = mapped_column(Text)
    """Tokens, the lower first."""
    means: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime]
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel_received.id"))
