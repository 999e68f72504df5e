"""The shop itself: its identity, its posts and their number series, its accounts, its dated settings and rulesets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Day, Flag, Json


class Shop(Identified, Edited, Base):
    """The one row that says whose file this is; `kind` is SHOP or COORDINATOR. `demo` marks invented data.

    `decides` is who decides on rights, PUBLIC or ASSOCIATION; empty, it follows from `ccas`.
    """

    __tablename__ = "shop"

    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(default=1)
    contract_number: Mapped[int] = mapped_column(default=0)
    address: Mapped[str] = mapped_column(Text, default="")
    commune_code: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text, default="")
    manager: Mapped[str] = mapped_column(Text, default="")
    ccas: Mapped[str] = mapped_column(Text, default="")
    decides: Mapped[str] = mapped_column(Text, default="", server_default="")
    demo: Mapped[bool] = mapped_column(Flag, default=False)
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)


class Post(Identified, Base):
    """A PC of the shop; it has its own series of numbers, so that two posts never give the same one."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("number"), STRICT)

    number: Mapped[int]
    name: Mapped[str] = mapped_column(Text)


class NumberSeries(Base):
    """The last number given by a post for a kind of paper (receipt, card, household, reception); no gap."""

    __tablename__ = "number_series"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Account(Identified, Base):
    """Who does it. `social` tells that its slot of the vault holds the second key; the key itself is only there."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("name"), STRICT)

    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(Flag, default=True)
    social: Mapped[bool] = mapped_column(Flag, default=True, server_default="1")


class Setting(Base):
    """A dated setting of the shop: a decision must be explained years later."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    valid_from: Mapped[date] = mapped_column(Day, primary_key=True)
    value: Mapped[Any] = mapped_column(Json)


class Ruleset(Identified, Base):
    """A règlement as adopted: its TOML text, dated; never edited, followed by another."""

    __tablename__ = "ruleset"
    __table_args__ = (UniqueConstraint("valid_from"), STRICT)

    name: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Day)
    text: Mapped[str] = mapped_column(Text)
    adopted_at: Mapped[datetime]
    adopted_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Journal(Base):
    """The hash chain, one per post, written in the transaction of the fact it tells; no name in `body`."""

    __tablename__ = "journal"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    prev: Mapped[bytes]
    digest: Mapped[bytes]


class Draft(Base):
    """Work in hand that a power cut must not lose: a basket being filled, by post and key."""

    __tablename__ = "draft"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    saved_at: Mapped[datetime]
    body: Mapped[Any] = mapped_column(Json)


__all__ = ["Account", "Draft", "Journal", "NumberSeries", "Post", "Ruleset", "Setting", "Shop"]
