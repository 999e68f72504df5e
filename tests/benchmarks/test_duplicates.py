"""Households entered twice among 20,000: how many are found, how many are found for nothing, and how long it takes."""

from __future__ import annotations

import random
import time

from epicerie_desktop.domain.household import PartialDate
from epicerie_desktop.domain.resemblance import TO_SHOW, FileTrace, duplicates, trace
from epicerie_desktop.services.households.enrol import HouseholdForm
from epicerie_desktop.support.text import phone_digits, words
from tests.benchmarks.measure import tell
from tests.benchmarks.reentered import entered_again, population
from tests.conftest import TODAY

HOUSEHOLDS, PERSONS, TWICE = 20_000, 50_000, 600
GOAL_S, PRECISION, RECALL = 5.0, 0.9, 0.9


def traced(household: int, form: HouseholdForm) -> FileTrace:
    persons = (
        trace(household * 20 + n, m.last_name, m.first_name, PartialDate.from_iso(m.born))
        for n, m in enumerate(form.members)
    )
    at = form.address
    place = f"{' '.join(words(at.lines))}|{at.commune_code}" if at.lines else ""
    return FileTrace(household, tuple(persons), frozenset({phone_digits(form.phone)}), place)


def test_households_entered_twice_are_found_and_few_others() -> None:
    rng = random.Random(7)
    forms = population(rng, HOUSEHOLDS, PERSONS, TODAY)
    again = rng.sample(range(HOUSEHOLDS), TWICE)
    truth = {(first, HOUSEHOLDS + n) for n, first in enumerate(again)}
    files = [traced(h, f) for h, f in enumerate([*forms, *(entered_again(rng, forms[h]) for h in again)])]
    start = time.process_time()
    found = {(a.household, b.household) for a, b, _likeness in duplicates(files, TO_SHOW)}
    seconds = time.process_time() - start
    precision, recall = len(found & truth) / len(found), len(found & truth) / len(truth)
    figures = {"seconds": seconds, "precision": precision, "recall": recall, "pairs": len(found)}
    tell("duplicates", figures, f"goal ≤ {GOAL_S} s, precision ≥ {PRECISION}, recall ≥ {RECALL}")
    assert precision >= PRECISION
    assert recall >= RECALL
    assert seconds <= GOAL_S
