"""The committee's part of the demonstration: one household suspended after it was heard."""

from __future__ import annotations

from datetime import timedelta

from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights.suspensions import SuspensionForm, record_suspension


def suspend_one(desk: Desk, household: int) -> None:
    """Suspend a household for two months after several absences: it was asked to come, and did not."""
    today = desk.clock.today()
    measure = Measure(
        SuspensionKind.SUSPENDED, today, today + timedelta(days=60), asked_on=today - timedelta(days=12)
    )  # fmt: skip
    words = "Trois absences sans prévenir en deux mois, malgré un courrier et un appel."
    record_suspension(desk, SuspensionForm(household, measure, SuspensionReason.ABSENCES, words))
