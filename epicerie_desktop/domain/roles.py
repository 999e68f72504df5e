"""What an account is for. The second key, not the role, opens what social workers read."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The four people of a shop; a shop with three volunteers may have one account for all of them."""

    MANAGER = "MANAGER"
    WORKER = "WORKER"
    SECRETARY = "SECRETARY"
    VOLUNTEER = "VOLUNTEER"

    @property
    def reads_support(self) -> bool:
        """Return whether such an account is offered the second key: those who prepare and take decisions."""
        return self in (Role.WORKER, Role.SECRETARY)

    @property
    def keeps_accounts(self) -> bool:
        """Return whether it may open and close accounts."""
        return self is not Role.VOLUNTEER
