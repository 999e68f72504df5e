"""How many examples hypothesis tries: a quarter of what a thorough run does, so that everyone runs the suite at each change."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("EPICERIE_THOROUGH") == "1"


def examples(thorough: int) -> int:
    """Return how many examples to try where a thorough run tries so many."""
    return thorough if THOROUGH else max(20, thorough // 4)
