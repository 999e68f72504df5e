"""What a check of the books finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not add up: what (`file`, `journal`, `stock`, `tickets`, `closing`, `purse`, `session`, `payment`, `month`, `balance`) and where (a check, a post and entry, a lot …)."""

    what: str
    where: str
    expected: int
    found: int
