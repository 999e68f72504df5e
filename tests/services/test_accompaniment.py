"""Notes, tasks, onward referrals and steps: sealed, never edited in silence, and counted without a name."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from epicerie_desktop.domain.followup import DueKind, OnwardKind, OnwardState
from epicerie_desktop.persistence.models import ActionCount, Household, Note, SupportStep, Undertaking
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import contract_actions
from epicerie_desktop.services.queries import accompaniment as read
from epicerie_desktop.services.queries.followup import household_tasks, worker_agenda
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.support import notes, referrals, steps, tasks
from epicerie_desktop.services.support.referrals import ReferralForm
from epicerie_desktop.services.support.steps import StepForm
from epicerie_desktop.services.support.tasks import TaskForm
from epicerie_desktop.support.errors import BadInput, RuleRefused, Stale
from tests.conftest import TODAY
from tests.services.conftest import SmallShop

KINDS = [(a.code, s.code, s.amount) for a in contract_actions() for s in a.steps]
Counts = dict[tuple[str, str, str], tuple[int, int]]


def counters(desk: Desk) -> Counts:
    return {(c.month, c.action, c.step): (c.steps, c.cents) for c in read.action_counts(desk, "2000-01", "2100-12")}


def living(desk: Desk, household: int) -> Counts:
    steps_, cents = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for s in read.steps(desk, household):
        if not s.cancelled:
            steps_[f"{s.day:%Y-%m}", s.action, s.step] += 1
            cents[f"{s.day:%Y-%m}", s.action, s.step] += s.cents or 0
    return {key: (n, cents[key]) for key, n in steps_.items()}


one_step = st.tuples(st.sampled_from(KINDS), st.integers(0, 70), st.integers(0, 90_000))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(one_step, st.integers(0, 30)), max_size=12))
def test_whatever_is_noted_and_cancelled_the_counters_are_the_sum_of_the_living_steps(
    small_shop: SmallShop, gestures: list[tuple[tuple[str, str, bool], int, int] | int]
) -> None:
    desk = small_shop.desk
    for gesture in gestures:
        if isinstance(gesture, int):
            known = read.steps(desk, small_shop.household)
            if known:
                chosen = known[gesture % len(known)]
                if chosen.cancelled:
                    with pytest.raises(RuleRefused):
                        steps.cancel_step(desk, chosen.id)
                else:
                    steps.cancel_step(desk, chosen.id)
        else:
            (action, step, amount), ago, cents = gesture
            day = TODAY - timedelta(days=ago)
            steps.record_step(desk, StepForm(small_shop.household, day, action, step, cents if amount else None))
    assert counters(desk) == living(desk, small_shop.household)


def test_a_step_and_its_counter_are_written_together_and_the_counter_knows_no_one(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    steps.record_step(
        desk, StepForm(small_shop.household, TODAY, "LICENCE", "FUNDED", 40_000, "avec la mission locale")
    )
    (told,) = read.action_counts(replace(desk, social_key=None), "2026-11", "2026-11")
    assert (told.action_label, told.step_label, told.steps, told.cents) == (
        "Permis de conduire",
        "Permis financé",
        1,
        40_000,
    )
    assert {c.name for c in ActionCount.__table__.columns} == {"month", "action_code", "step_code", "steps", "cents"}
    assert not ActionCount.__table__.foreign_keys
    with desk.db.read() as session:
        row = session.execute(select(SupportStep)).scalar_one()
        assert b"LICENCE" not in row.sealed
        assert "LICENCE" not in session.execute(text("SELECT group_concat(body) FROM journal")).scalar_one()
    with pytest.raises(RuleRefused, match="réservée"):
        read.steps(replace(desk, social_key=None), small_shop.household)


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "NOTHING"}, {"step": "NOTHING"}, {"cents": None}, {"cents": -1}, {"cents": 30_000_000},
        {"day": TODAY + timedelta(days=1)}, {"step": "OBTAINED"}, {"note": "1 85 03 15 187 001 23"},
    ],
)  # fmt: skip
def test_a_step_that_cannot_be_leaves_neither_itself_nor_its_counter(
    small_shop: SmallShop, wrong: dict[str, object]
) -> None:
    good = StepForm(small_shop.household, TODAY, "LICENCE", "FUNDED", 40_000)
    with pytest.raises(BadInput):
        steps.record_step(small_shop.desk, replace(good, **wrong))  # type: ignore[arg-type]
    assert counters(small_shop.desk) == {}
    assert read.steps(small_shop.desk, small_shop.household) == ()


def test_a_step_on_a_reserved_file_counts_nothing_for_who_may_not_open_it(small_shop: SmallShop) -> None:
    with small_shop.desk.db.write() as session:
        session.get_one(Household, small_shop.household).reserved = True
    with pytest.raises(RuleRefused):
        steps.record_step(small_shop.desk, StepForm(small_shop.household, TODAY, "SUPPORT", "LISTEN"))
    assert counters(small_shop.desk) == {}


def test_a_note_is_struck_out_and_never_edited(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    notes.write_note(desk, small_shop.household, "Loyer en retard de deux mois.", TODAY - timedelta(days=3))
    wrong = notes.write_note(desk, small_shop.household, "Énergie : chèque reçu.")
    notes.strike_note(desk, wrong)
    with pytest.raises(RuleRefused):
        notes.strike_note(desk, wrong)
    found = read.notes(desk, small_shop.household)
    assert [(n.text, n.struck) for n in found] == [
        ("Énergie : chèque reçu.", TODAY), ("Loyer en retard de deux mois.", None),
    ]  # fmt: skip
    assert [n.text for n in read.notes_saying(found, "energie cheq")] == ["Énergie : chèque reçu."]
    assert read.notes_saying(found, "voiture") == ()
    with desk.db.read() as session:
        assert all(b"Loyer" not in s for s in session.scalars(select(Note.sealed)))
    for empty in ("   ", "2 85 03 15 187 001 23"):
        with pytest.raises(BadInput):
            notes.write_note(desk, small_shop.household, empty)
    with pytest.raises(RuleRefused):
        read.notes(replace(desk, social_key=None), small_shop.household)


def test_what_is_late_comes_first_and_what_has_no_day_last(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, small_shop.household
    tasks.save_task(desk, TaskForm("Ranger les dossiers"))
    call = tasks.save_task(desk, TaskForm("Appeler le bailleur", TODAY - timedelta(days=2), home))
    with desk.db.write() as session:
        session.add(
            Undertaking(
                household_id=home, kind="PROXY", signed_on=TODAY, until=TODAY + timedelta(days=10), name="Rosa Lima",
                made_at=desk.clock.now(), made_by=desk.actor.id,
            )
        )  # fmt: skip
    found = worker_agenda(desk, 60)
    assert [(d.kind, d.day, d.number) for d in found] == [
        (DueKind.TASK, TODAY - timedelta(days=2), "1-0001"), (DueKind.PROXY, TODAY + timedelta(days=10), "1-0001"),
        (DueKind.RIGHT, TODAY + timedelta(days=60), "1-0001"), (DueKind.TASK, None, ""),
    ]  # fmt: skip
    assert [d.kind for d in worker_agenda(desk, 30)] == [DueKind.TASK, DueKind.PROXY, DueKind.TASK]
    tasks.finish_task(desk, call, 1)
    assert [d.text for d in worker_agenda(desk, 0)] == ["Ranger les dossiers"]
    assert [t.done_on for t in household_tasks(desk, home)] == [TODAY]
    with pytest.raises(Stale):
        tasks.finish_task(desk, call, 1, done=False)
    tasks.finish_task(desk, call, 2, done=False)
    assert len(worker_agenda(desk, 0)) == 2


def test_an_undertaking_of_the_right_is_a_reminder_until_it_is_met(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    with desk.db.write() as session:
        session.get_one(Household, small_shop.household).closed_on = TODAY
    from epicerie_desktop.domain.household import Link
    from epicerie_desktop.services.households import enrol
    from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm

    home = enrol.save_household(desk, HouseholdForm((MemberForm("Petit", "Louise", Link.HOLDER),)))
    asked = {
        "obligations": [
            {"code": "atelier", "label": "Un atelier par mois", "count": 1, "period": "MONTH", "before_renewal": False}
        ]
    }
    decide.open_right(desk, home, decide.RightForm(date(2026, 11, 2), date(2027, 2, 1), 100, (), terms=asked))
    (told,) = worker_agenda(desk, 30)
    assert (told.kind, told.day, told.who) == (DueKind.OBLIGATION, date(2026, 11, 30), "Petit Louise")


def test_a_household_sent_elsewhere_waits_for_an_answer(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    made = referrals.refer_onward(
        desk, ReferralForm(small_shop.household, TODAY, OnwardKind.HOUSING, "ADIL du Cantal", "Impayés depuis juin.")
    )
    referrals.answer_referral(desk, made, OnwardState.TAKEN, "Rendez-vous le 2 décembre.", 1)
    (row,) = read.referrals(desk, small_shop.household)
    assert (row.service, row.reason, row.answer, row.state) == (
        "ADIL du Cantal", "Impayés depuis juin.", "Rendez-vous le 2 décembre.", OnwardState.TAKEN,
    )  # fmt: skip
    with pytest.raises(BadInput):
        referrals.refer_onward(desk, ReferralForm(small_shop.household, TODAY, OnwardKind.JOB, " "))
    with pytest.raises(RuleRefused):
        referrals.refer_onward(
            desk, ReferralForm(small_shop.household, TODAY, OnwardKind.JOB, "Mission locale", id=made, version=2)
        )
