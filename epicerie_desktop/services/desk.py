"""The `Desk`: the open database, who works, at which post, when, and what that account may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from epicerie_desktop.persistence.database import Database
from epicerie_desktop.support.clock import Clock

if TYPE_CHECKING:
    from epicerie_desktop.domain.decisions import Decider


@dataclass(frozen=True, slots=True)
class Actor:
    """The account at work."""

    id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Post:
    """The PC at work, with its own number series."""

    id: int
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class ShopCard:
    """The identity of the shop, as papers and screens show it."""

    kind: str
    name: str
    code: str
    number: int
    contract_number: int
    address: str
    phone: str
    manager: str
    ccas: str
    demo: bool
    decides: str = ""
    logo: bytes | None = field(default=None, repr=False)

    @property
    def decider(self) -> Decider:
        """Return who decides on rights: what the shop said, else a public body where a CCAS is named."""
        # The whole of eligibility comes with it: opening a file does without.
        from epicerie_desktop.domain.decisions import Decider

        return Decider(self.decides) if self.decides else Decider.PUBLIC if self.ccas else Decider.ASSOCIATION

    @property
    def is_coordinator(self) -> bool:
        """Return whether this file is a coordinator's, which holds no household."""
        return self.kind == "COORDINATOR"


@dataclass(frozen=True, slots=True)
class Desk:
    """Given to every service; `social_key` is None for an account that may not read the social columns."""

    db: Database
    actor: Actor
    post: Post
    clock: Clock
    shop: ShopCard
    social_key: bytes | None = field(default=None, repr=False)
