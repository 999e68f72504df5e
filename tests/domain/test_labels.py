"""The names people give to codes."""

from __future__ import annotations

from epicerie_desktop.domain.household import HouseholdType, Link
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.stock import LossReason


def test_codes_that_read_alike_in_two_lists_keep_a_name_of_their_own():
    assert [label(Link.OTHER), label(HouseholdType.OTHER), label(LossReason.OTHER)] == [
        "Autre", "Autre foyer", "Autre raison",
    ]  # fmt: skip
