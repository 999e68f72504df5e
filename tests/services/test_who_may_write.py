"""Every gesture on a household's file refuses one reserved to others, and one united with another; a new one is caught here."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text, update

from epicerie_desktop import services
from epicerie_desktop.domain.agenda import AppointmentState
from epicerie_desktop.domain.card import CardNumber
from epicerie_desktop.domain.decisions import Answer, Maker, ReasonCode
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.eligibility.situation import Member as Weighed
from epicerie_desktop.domain.eligibility.situation import Situation
from epicerie_desktop.domain.followup import OnwardKind, OnwardState
from epicerie_desktop.domain.household import LeftFor, Link, TimeAway
from epicerie_desktop.domain.support import (
    ExitReason,
    ExitResult,
    ObjectiveKind,
    ObjectiveState,
    PaperKind,
    ReferralReason,
    ReviewResult,
    UndertakingKind,
)
from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.domain.waiting import LeftFor as Gone
from epicerie_desktop.domain.workshops import AttendanceState
from epicerie_desktop.persistence.models import AccessGrant, Assessment, Household, Member
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol, life, purge, reserve, separation, unite
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.households.life import Newcomer
from epicerie_desktop.services.nomenclatures import contract_actions, ruleset_text
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.queries import households as files
from epicerie_desktop.services.queries.committee import waiting_studies
from epicerie_desktop.services.queries.fees import Fee
from epicerie_desktop.services.rights import (
    absences,
    decide,
    decisions,
    exceptional,
    fees,
    meetings,
    renewal,
    suspensions,
    waiting,
)
from epicerie_desktop.services.rights.decisions import DecisionForm
from epicerie_desktop.services.rights.suspensions import SuspensionForm
from epicerie_desktop.services.subject_file import subject_copy
from epicerie_desktop.services.support import agenda as visits
from epicerie_desktop.services.support import (
    file,
    notes,
    papers,
    projects,
    referrals,
    steps,
    tasks,
    undertakings,
    workshops,
)
from epicerie_desktop.services.support.agenda import AppointmentForm
from epicerie_desktop.services.till import orders, purse, sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_reserved import an_account
from tests.services.test_sell import a_basket
from tests.services.test_separation import parting

NEXT = TODAY + timedelta(days=7)
JPEG, PDF = b"\xff\xd8\xff0", b"%PDF-1.7 x"
URGENT = Measure(SuspensionKind.CONSERVATORY, TODAY + timedelta(days=30), TODAY + timedelta(days=33))
MEASURE = Measure(SuspensionKind.CONSERVATORY, TODAY, TODAY + timedelta(days=3))
ORIENTED = file.OrientationForm(reason_code=ReferralReason.ENERGY)
FIRST_STEP = next((a.code, s.code) for a in contract_actions() for s in a.steps if not s.amount)
SITUATION = Situation(TODAY, (Weighed(age=40),), resources=(("wages", 900_00),), charges=())
PROJECT = projects.ObjectiveForm(ObjectiveKind.BILL, "Régulariser", TODAY)
FOREIGN = CardNumber(7, 9, 1, 12)
FAR = decide.RightForm(TODAY + timedelta(days=90), TODAY + timedelta(days=120), 100, ())


class Filled(SimpleNamespace):
    """The ids of what a household's file holds."""


Gesture = Callable[[Desk, SmallShop, Filled], object]
SERVED = {
    "till.sell.save_draft": lambda d, s, f: sell.save_draft(d, s.household, a_basket(s)),
    "till.sell.record_sale": lambda d, s, f: sell.record_sale(d, s.household, a_basket(s), sell.PaymentForm(10_000), override="accord"),
    "till.purse.pay_in": lambda d, s, f: purse.pay_in(d, s.household, 500),
    "rights.fees.pay_fees": lambda d, s, f: fees.pay_fees(d, s.household, (Fee("adhesion", "", "2026", 500),)),
    "till.orders.prepare_order": lambda d, s, f: orders.prepare_order(d, s.household, NEXT, a_basket(s)),
}  # fmt: skip
"""Done at the till, which serves a reserved file to anybody."""
APART = {
    "rights.exceptional.validate_exceptional": lambda d, s, f: exceptional.validate_exceptional(d, f.grant),
}  # fmt: skip
"""Done on a row that stays with its file when two are united."""
GESTURES: dict[str, Gesture] = {
    **SERVED, **APART,
    "subject_file.subject_copy": lambda d, s, f: subject_copy(d, s.household),
    "households.enrol.save_household": lambda d, s, f: enrol.save_household(d, f.form),
    "households.enrol.close_household": lambda d, s, f: enrol.close_household(d, s.household),
    "households.enrol.issue_card": lambda d, s, f: enrol.issue_card(d, s.household),
    "households.enrol.attach_foreign_card": lambda d, s, f: enrol.attach_foreign_card(d, s.household, FOREIGN),
    "households.life.arrive": lambda d, s, f: life.arrive(d, s.household, Newcomer("X", "Y", Link.CHILD, TODAY)),
    "households.life.leave": lambda d, s, f: life.leave(d, s.household, f.child, TODAY, LeftFor.DEPARTURE),
    "households.life.correct_leaving": lambda d, s, f: life.correct_leaving(d, s.household, f.child, None),
    "households.life.correct_arrival": lambda d, s, f: life.correct_arrival(d, s.household, f.child, TODAY),
    "households.life.set_custody": lambda d, s, f: life.set_custody(d, s.household, f.child, TODAY, shared=True),
    "households.life.correct_custody": lambda d, s, f: life.correct_custody(d, s.household, f.child, None),
    "households.life.set_away": lambda d, s, f: life.set_away(d, s.household, f.child, TimeAway(NEXT)),
    "households.life.drop_away": lambda d, s, f: life.drop_away(d, s.household, f.away),
    "households.reserve.reserve": lambda d, s, f: reserve.reserve(d, s.household, [d.actor.id]),
    "households.reserve.unreserve": lambda d, s, f: reserve.unreserve(d, s.household),
    "households.purge.hold_file": lambda d, s, f: purge.hold_file(d, s.household, NEXT, "Recours"),
    "households.separation.separate": lambda d, s, f: separation.separate(d, f.parting),
    "households.unite.merge_files": lambda d, s, f: unite.merge_files(d, s.household, f.other),
    "households.unite.undo_merge": lambda d, s, f: unite.undo_merge(d, f.merge),
    "rights.absences.record_absence": lambda d, s, f: absences.record_absence(d, s.household, TODAY, excused=True),
    "rights.absences.erase_absence": lambda d, s, f: absences.erase_absence(d, f.absence),
    "rights.decide.record_assessment": lambda d, s, f: decide.record_assessment(d, s.household, SITUATION),
    "rights.decide.open_right": lambda d, s, f: decide.open_right(d, s.household, FAR),
    "rights.decisions.record_decision": lambda d, s, f: decisions.record_decision(d, DecisionForm(
        s.household, Answer.REFUSED, Maker.WORKER, TODAY, f.assessment, ReasonCode.OTHER, "Trop haut", same_day_help="Un colis")),
    "rights.renewal.renew": lambda d, s, f: renewal.renew(d, f.renewal),
    "rights.meetings.add_item": lambda d, s, f: meetings.add_item(d, f.meeting, f.assessment),
    "rights.suspensions.record_suspension": lambda d, s, f: suspensions.record_suspension(d, SuspensionForm(
        s.household, URGENT, SuspensionReason.RULES)),
    "rights.suspensions.lift_suspension": lambda d, s, f: suspensions.lift_suspension(d, f.suspension),
    "rights.waiting.put_on_list": lambda d, s, f: waiting.put_on_list(d, s.household),
    "rights.waiting.leave_list": lambda d, s, f: waiting.leave_list(d, f.entry, Gone.CALLED),
    "support.agenda.save_appointment": lambda d, s, f: visits.save_appointment(d, AppointmentForm(s.household, NEXT, time(10))),
    "support.agenda.note_outcome": lambda d, s, f: visits.note_outcome(d, f.appointment, AppointmentState.CANCELLED, None),
    "support.file.open_file": lambda d, s, f: file.open_file(d, s.household, ORIENTED),
    "support.file.save_orientation": lambda d, s, f: file.save_orientation(d, f.file, 1, ORIENTED),
    "support.file.save_diagnosis": lambda d, s, f: file.save_diagnosis(d, f.file, 1, "a", "b"),
    "support.file.save_debts": lambda d, s, f: file.save_debts(d, f.file, 1, ()),
    "support.file.plan_review": lambda d, s, f: file.plan_review(d, f.file, 1, NEXT),
    "support.file.record_review": lambda d, s, f: file.record_review(d, s.household, TODAY, ReviewResult.ON_TRACK, "Bien"),
    "support.file.close_file": lambda d, s, f: file.close_file(d, f.file, 1, file.ExitForm(
        TODAY, next(iter(ExitReason)), next(iter(ExitResult)))),
    "support.notes.write_note": lambda d, s, f: notes.write_note(d, s.household, "Vue"),
    "support.notes.strike_note": lambda d, s, f: notes.strike_note(d, f.note),
    "support.papers.record_paper": lambda d, s, f: papers.record_paper(d, s.household, papers.PaperForm(next(iter(PaperKind)), TODAY)),
    "support.papers.attach_scan": lambda d, s, f: papers.attach_scan(d, f.paper, PDF),
    "support.papers.remove_paper": lambda d, s, f: papers.remove_paper(d, f.paper),
    "support.papers.save_portrait": lambda d, s, f: papers.save_portrait(d, s.household, JPEG, TODAY),
    "support.papers.remove_portrait": lambda d, s, f: papers.remove_portrait(d, s.household),
    "support.projects.save_objective": lambda d, s, f: projects.save_objective(d, s.household, PROJECT),
    "support.projects.end_objective": lambda d, s, f: projects.end_objective(d, f.objective, 1, next(x for x in ObjectiveState if x is not ObjectiveState.OPEN), TODAY),
    "support.projects.record_payment": lambda d, s, f: projects.record_payment(d, f.objective, TODAY, 500),
    "support.projects.cancel_payment": lambda d, s, f: projects.cancel_payment(d, f.payment),
    "support.referrals.refer_onward": lambda d, s, f: referrals.refer_onward(d, referrals.ReferralForm(
        s.household, TODAY, next(iter(OnwardKind)), "CAF")),
    "support.referrals.answer_referral": lambda d, s, f: referrals.answer_referral(d, f.referral, OnwardState.SENT, "", None),
    "support.steps.record_step": lambda d, s, f: steps.record_step(d, steps.StepForm(s.household, TODAY, *FIRST_STEP)),
    "support.steps.cancel_step": lambda d, s, f: steps.cancel_step(d, f.step),
    "support.tasks.save_task": lambda d, s, f: tasks.save_task(d, tasks.TaskForm("Appeler", household=s.household)),
    "support.tasks.finish_task": lambda d, s, f: tasks.finish_task(d, f.task, None),
    "support.undertakings.record_undertaking": lambda d, s, f: undertakings.record_undertaking(
        d, s.household, undertakings.UndertakingForm(UndertakingKind.CONTRACT, TODAY)),
    "support.undertakings.revoke_undertaking": lambda d, s, f: undertakings.revoke_undertaking(d, f.undertaking),
    "support.undertakings.add_avoidance": lambda d, s, f: undertakings.add_avoidance(
        d, s.household, undertakings.AvoidanceForm(TODAY, words="Porc")),
    "support.undertakings.remove_avoidance": lambda d, s, f: undertakings.remove_avoidance(d, f.avoidance),
    "support.workshops.put_down": lambda d, s, f: workshops.put_down(d, f.session, s.household, f.second),
    "support.workshops.take_off": lambda d, s, f: workshops.take_off(d, f.session, f.first),
    "till.purse.give_back": lambda d, s, f: purse.give_back(d, s.household, 100, "Départ"),
    "support.workshops.note_attendance": lambda d, s, f: workshops.note_attendance(d, f.session, {f.first: AttendanceState.EXCUSED}),
}  # fmt: skip
ELSEWHERE = {
    "accounts.": "the accounts",
    "stock.catalogue.": "goods",
    "stock.piece_weights.": "goods",
    "volunteers.": "the hours of volunteers, of no household",
    "contract.consolidate.": "the coordinator's file, which holds no household",
    "contract.making.": "the coordinator's file, which holds no household",
    "contract.keys.": "the coordinator's file, which holds no household",
    "contract.posts.": "the coordinator's file, which holds no household",
    "contract.recovery.": "the coordinator's file, which holds no household",
    "contract.custody.": "a key of the contract, without a name",
    "contract.joining.": "what the contract's file says, without a name",
    "contract.balances.": "the coordinator's file, which holds no household",
    "contract.plan.": "the coordinator's file, which holds no household",
    "contract.values.": "the coordinator's file, which holds no household",
    "contract.funding.": "the coordinator's file, which holds no household",
    "contract.spreadsheet.": "the coordinator's file, which holds no household",
    "contract.outline.": "the coordinator's file, which holds no household",
    "households.enrol.save_referrer": "a referring person, of no household",
    "households.purge.purge": "two years after the last contact every file goes, reserved ones too, and no name is told",
    "opening.": "the shop and its keys",
    "queries.files._tell_opened": "tells in the journal that a file was opened",
    "stock.receive.": "goods",
    "stock.best_before.": "goods",
    "stock.forward.": "goods",
    "stock.reorder.": "goods",
    "stock.deliveries.": "goods",
    "stock.repack.": "goods",
    "stock.moves.": "goods; what a household brings back names nobody",
    "safety.allergens.": "goods",
    "safety.recalls.": "goods",
    "safety.cold_chain.": "temperatures",
    "safety.day_end.": "the end of a day, of nobody",
    "labels.": "labels of the donors",
    "weighing.": "scales",
    "stock.stock_take.": "goods",
    "stock.shelves.": "goods",
    "features.": "what the shop uses",
    "wordings.": "the words of the papers",
    "letterhead.": "the logo",
    "questions.": "questions kept by name; none is about one household",
    "publishing.": "sums, of no household alone",
    "till.ticket_printing.note_print": "a ticket came out on paper",
    "till.hand_over.take_over": "moves a basket in hand from a post to another",
    "till.orders.take_order": "any post may, for any household; on a united file, for the one in use",
    "till.orders.drop_order": "forgets a basket prepared ahead",
    "till.parcels.": "what parcels hold; emergency parcels are of nobody",
    "till.archive.": "a year of the till, without a name",
    "till.closings.": "sums",
    "till.drawer.": "cash",
    "till.limits.save_limits": "the shop's limits",
    "till.purse.cancel_pay_in": "at the till, which serves the reserved files; the money goes with the file united",
    "till.regie.pay_accountant": "sums, paid to the accountant",
    "till.regie_name.save_regie": "a setting",
    "rights.exceptional.set_exceptional_rule": "the shop's rule",
    "rights.exceptional.grant_exceptional_visit": "any account may, for any household; on a united file, for the one in use",
    "rights.fees.cancel_fees": "at the till, which serves the reserved files; a fee goes with the file united",
    "rights.meetings.prepare_meeting": "a meeting hears every situation, without a name",
    "rights.meetings.remove_item": "by its rank, which says nobody's name",
    "rights.meetings.answer_item": "by its rank, which says nobody's name",
    "rights.meetings.close_meeting": "by rank; a united file is refused by `record_decision_in`",
    "reports.": "what reports take for granted, and estimates of the whole shop: no household",
    "rights.rulesets.": "règlements",
    "rights.scales.": "scales",
    "paper_morning.": "a sheet of all households; its tickets go to the file that stays, by `root_in`, as at the till",
    "papers_made.": "how often a paper of all households came out",
    "months.": "a month of all households, by the one responsible",
    "safeguard.": "copies",
    "till.sell.drop_draft": "forgets a basket in hand",
    "till.sell.cancel_sale": "a ticket stays with the file it was made for, and may be cancelled after two were united",
    "contract.receipts.": "months and sums, without a household",
    "contract.receive.": "the coordinator's file, which holds no household",
    "contract.share.": "figures, without a name",
    "support.workshops.save_workshop": "a subject",
    "support.workshops.save_session": "a date",
    "support.workshops.call_off": "a date",
}
"""Gestures that write in no household's file, or that are allowed on any, and why. Ended by a point: the whole module."""


def writing() -> set[str]:
    """Return every function of the services that opens a write block."""
    root = Path(inspect.getfile(services)).parent
    found = set()
    for path in root.rglob("*.py"):
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        if not name.startswith("demonstration."):
            tree = ast.parse(path.read_text("utf-8"))
            found |= {
                f"{name}.{n.name}"
                for n in tree.body
                if isinstance(n, ast.FunctionDef) and "db.write()" in ast.unparse(n)
            }
    return found


@pytest.fixture
def filled(small_shop: SmallShop) -> Filled:
    """Put one of everything in the household's file."""
    desk, home = small_shop.desk, small_shop.household
    f = Filled()
    f.other = enrol.save_household(desk, HouseholdForm((MemberForm("Autre", "Anne", Link.HOLDER),)))
    gone = enrol.save_household(desk, HouseholdForm((MemberForm("Tiers", "Théo", Link.HOLDER),)))
    f.merge = unite.merge_files(desk, gone, home)
    with desk.db.read() as session:
        f.grant = session.scalars(select(AccessGrant.id).where(AccessGrant.household_id == home)).one()
        rows = list(session.scalars(select(Member).where(Member.household_id == home).order_by(Member.id)))
        f.child, f.first, f.second = rows[2].id, rows[0].person_id, rows[1].person_id
    f.away = life.set_away(desk, home, f.child, TimeAway(TODAY, TODAY))
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    f.meeting = meetings.prepare_meeting(desk, NEXT)
    f.assessment, _outcome = decide.record_assessment(desk, home, SITUATION)
    f.suspension = suspensions.record_suspension(desk, SuspensionForm(home, MEASURE, SuspensionReason.RULES))
    f.entry = waiting.put_on_list(desk, home)
    f.absence = absences.record_absence(desk, home, TODAY - timedelta(days=3), excused=False)
    f.appointment = visits.save_appointment(desk, AppointmentForm(home, NEXT, time(9))).id
    f.file = file.open_file(desk, home, replace(ORIENTED, referrer_id=enrol.save_referrer(desk, "Mission locale")))
    f.note = notes.write_note(desk, home, "Vue à l'accueil")
    f.paper = papers.record_paper(desk, home, papers.PaperForm(next(iter(PaperKind)), TODAY), PDF)
    papers.save_portrait(desk, home, JPEG, TODAY)
    f.objective = projects.save_objective(desk, home, PROJECT)
    f.payment = projects.record_payment(desk, f.objective, TODAY, 500)
    f.referral = referrals.refer_onward(desk, referrals.ReferralForm(home, TODAY, next(iter(OnwardKind)), "CAF"))
    f.step = steps.record_step(desk, steps.StepForm(home, TODAY, *FIRST_STEP))
    f.task = tasks.save_task(desk, tasks.TaskForm("Appeler", household=home))
    f.undertaking = undertakings.record_undertaking(
        desk, home, undertakings.UndertakingForm(UndertakingKind.CONTRACT, TODAY)
    )
    f.avoidance = undertakings.add_avoidance(desk, home, undertakings.AvoidanceForm(TODAY, words="Gluten"))
    f.session = workshops.save_session(
        desk, workshops.SessionForm(workshops.save_workshop(desk, "Cuisine"), NEXT, time(14))
    )
    workshops.put_down(desk, f.session, home, f.first)
    with desk.db.write() as session:
        session.get_one(AccessGrant, f.grant).exceptional = True
    f.form, f.parting = files.household_file(desk, home).form, parting(small_shop)
    f.renewal = renewal.Renewal(
        home, "", FAR.valid_from, TODAY, renewal.evaluate(decide.ruleset_on(desk, TODAY), SITUATION, ()), FAR, SITUATION,
        renewal.Said(), False, (), False,
    )  # fmt: skip
    return f


def test_every_gesture_that_writes_is_listed() -> None:
    found = writing()
    assert len(found) > 60, "the control"
    elsewhere = {
        name for name in found for told in ELSEWHERE if name == told or (told[-1] == "." and name.startswith(told))
    }
    assert found - GESTURES.keys() - elsewhere == set(), (
        "say in GESTURES or ELSEWHERE how it honours the file it writes in"
    )
    assert GESTURES.keys() - found == set()
    assert elsewhere & GESTURES.keys() == set()


def _everything(desk: Desk) -> list[tuple[object, ...]]:
    """Return every row of every table."""
    with desk.db.read() as session:
        names = session.scalars(
            text("select name from sqlite_master where type = 'table' and name <> 'sqlite_sequence'")
        )
        return [(n, *map(tuple, session.execute(text(f"select * from {n}")))) for n in names.all()]


def test_no_gesture_writes_in_a_file_reserved_to_others(small_shop: SmallShop, filled: Filled) -> None:
    desk = small_shop.desk
    other = replace(an_account(desk, role="MANAGER"), social_key=desk.social_key, clock=FrozenClock.on(TODAY))
    reserve.reserve(desk, small_shop.household, [desk.actor.id])
    before, passed = _everything(desk), []
    for name, gesture in GESTURES.items():
        if name not in SERVED:
            try:
                gesture(other, small_shop, filled)
            except RuleRefused as refusal:
                if "voir Camille" in str(refusal):
                    continue
            passed.append(name)
    assert passed == []
    assert _everything(desk) == before


def test_no_gesture_writes_in_a_file_united_with_another_and_its_refusal_names_the_one_in_use(
    small_shop: SmallShop, filled: Filled
) -> None:
    desk = small_shop.desk
    with desk.db.write() as session:
        # What a window opened before the two files were united may still ask.
        session.get_one(Household, small_shop.household).merged_into_id = filled.other
    before, passed = _everything(desk), []
    for name, gesture in GESTURES.items():
        if name not in APART:
            try:
                gesture(desk, small_shop, filled)
            except RuleRefused as refusal:
                if "réuni au n°\u00a01-0002" in str(refusal):
                    continue
            passed.append(name)
    assert passed == []
    assert _everything(desk) == before


def test_the_rank_of_a_reserved_situation_is_told_to_nobody_else(small_shop: SmallShop, filled: Filled) -> None:
    desk = small_shop.desk
    second, _outcome = decide.record_assessment(desk, filled.other, SITUATION)
    for assessment in (filled.assessment, second):
        meetings.add_item(desk, filled.meeting, assessment)
    assert [s.rank for s in waiting_studies(desk, filled.meeting)] == [1, 2]
    reserve.reserve(desk, small_shop.household, [desk.actor.id])
    other = replace(an_account(desk, role="WORKER"), social_key=desk.social_key)
    (row,) = waiting_studies(other, filled.meeting)
    assert (row.assessment, row.rank, row.item is None) == (second, None, False)
    with pytest.raises(RuleRefused, match="voir Camille"):
        meetings.add_item(other, filled.meeting, filled.assessment)
    for study in waiting_studies(desk, filled.meeting):
        assert study.item is not None
        meetings.remove_item(desk, study.item)
    with desk.db.write() as session:
        session.execute(update(Assessment).values(outcome=OutcomeKind.COMMITTEE.value))
    prepared = meetings.prepare_meeting(other, NEXT + timedelta(days=1))
    assert [s.rank for s in waiting_studies(desk, prepared)] == [1, 2], "a meeting hears every situation"


def test_a_child_of_two_files_is_named_by_those_who_may_open_both(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    second = separation.separate(desk, parting(small_shop))
    reserve.reserve(desk, second, [desk.actor.id])
    other = an_account(desk)
    form = files.household_file(other, first).form
    assert enrol.save_household(other, replace(form, note="Sonner deux fois")) == first
    form = files.household_file(other, first).form

    def with_child(**changes: str) -> HouseholdForm:
        return replace(form, members=tuple(replace(m, **changes) if m.first_name == "Léo" else m for m in form.members))  # type: ignore[arg-type]

    for changes in ({"last_name": "Ailleurs"}, {"first_name": "Léon"}, {"born": "2018-06"}):
        with pytest.raises(RuleRefused, match=r"de Léo ne se changent pas ici.*voyez Camille") as told:
            enrol.save_household(other, with_child(**changes))
        assert "réservé" not in str(told.value)
    assert enrol.save_household(desk, with_child(first_name="Léon")) == first
    assert "Léon" in {m.first_name for m in files.household_file(desk, second).form.members}
    assert {f.id for f in counter.find_households(desk, "léon")} == {first, second}, "both are found by the new name"
