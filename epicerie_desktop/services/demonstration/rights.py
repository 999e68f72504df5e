"""The committee's part of the demonstration: a meeting of the day, to hold and close, a waiting list, absences, one household suspended."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from epicerie_desktop.domain.eligibility.situation import Member, Situation
from epicerie_desktop.domain.household import PartialDate
from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.absences import expected_on
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.rights.absences import record_absence
from epicerie_desktop.services.rights.meetings import prepare_meeting
from epicerie_desktop.services.rights.suspensions import SuspensionForm, record_suspension
from epicerie_desktop.services.rights.waiting import put_on_list

WAITING, STUDIED = 2, 4


def live(rng: random.Random, desk: Desk, suspended: int, others: Sequence[int]) -> None:
    """Suspend one household; of the others, the first ones wait for a place, the next ones are studied for the committee."""
    suspend_one(desk, suspended)
    today = desk.clock.today()
    for n, household in enumerate(others[:WAITING]):
        put_on_list(desk, household, since=today - timedelta(days=24 - 9 * n), urgent=n == 1)
    for household in others[WAITING : WAITING + STUDIED]:
        _study(rng, desk, household)
    prepare_meeting(desk, today, "Mairie, salle du conseil")
    for n, expected in enumerate(expected_on(desk, today - timedelta(days=7))[:3]):
        record_absence(desk, expected.household.id, today - timedelta(days=7), excused=n == 1)


def suspend_one(desk: Desk, household: int) -> None:
    """Suspend a household for two months after several absences: it was asked to come, and did not."""
    today = desk.clock.today()
    measure = Measure(
        SuspensionKind.SUSPENDED, today, today + timedelta(days=60), asked_on=today - timedelta(days=12)
    )  # fmt: skip
    words = "Trois absences sans prévenir en deux mois, malgré un courrier et un appel."
    record_suspension(desk, SuspensionForm(household, measure, SuspensionReason.ABSENCES, words))


def _study(rng: random.Random, desk: Desk, household: int) -> None:
    """Keep a statement a little over the threshold of the example règlement, which sends it to the committee."""
    form = household_file(desk, household).form
    members = tuple(Member(birth=PartialDate.from_iso(m.born)) for m in form.members if m.left_on is None)
    rent = rng.randrange(280, 620) * 100
    left = len(members) * 30 * rng.randrange(1050, 1400)
    lines = (("wages", round(left * 0.7) + rent), ("family_benefits", left - round(left * 0.7)))
    situation = Situation(
        desk.clock.today(), members, commune=form.address.commune_code or None, resources=lines, charges=(("rent", rent),)
    )  # fmt: skip
    decide.record_assessment(desk, household, situation)
