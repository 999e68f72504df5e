"""What a check of the books finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not add up: what (`file`, `journal`, `stock`, `tickets`, `closing`, `purse`) and where (a check, a post and entry, a lot, a ticket, a closing, a ticket or a move of cash)."""

    what: str
    where: str
    expected: int
    found: int
