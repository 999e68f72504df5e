"""Whoever opens a reserved file is written in the journal, by whichever door it was: once a day, account and file."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from epicerie_desktop import services
from epicerie_desktop.domain.decisions import Answer, Maker, ReasonCode
from epicerie_desktop.persistence.models import AccessGrant, Journal
from epicerie_desktop.services import dump, sheets
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import reserve
from epicerie_desktop.services.queries import (
    accompaniment,
    agenda,
    alike,
    decisions,
    followup,
    households,
    life,
    parting,
    statements,
    study,
    support,
    suspensions,
    workshops,
)
from epicerie_desktop.services.queries import support_pages as pages
from epicerie_desktop.services.rights import committee_papers, decide, letters
from epicerie_desktop.services.rights.decisions import DecisionForm, record_decision
from epicerie_desktop.services.support import documents, papers, slips
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_reserved import an_account
from tests.services.test_who_may_write import Filled, filled

__all__ = ["filled"]
Door = Callable[[Desk, int, Filled], object]
DOORS: dict[str, Door] = {
    "dump.dump": lambda d, h, f: dump.dump(d, f.folder),
    "queries.accompaniment.notes": lambda d, h, f: accompaniment.notes(d, h),
    "queries.accompaniment.referrals": lambda d, h, f: accompaniment.referrals(d, h),
    "queries.accompaniment.steps": lambda d, h, f: accompaniment.steps(d, h),
    "queries.agenda.household_agenda": lambda d, h, f: agenda.household_agenda(d, h),
    "queries.agenda.next_appointment": lambda d, h, f: agenda.next_appointment(d, h),
    "queries.alike.compare": lambda d, h, f: alike.compare(d, f.other, h),
    "queries.decisions.decisions_of": lambda d, h, f: decisions.decisions_of(d, h),
    "queries.decisions.decision_of": lambda d, h, f: decisions.decision_of(d, f.decision),
    "queries.followup.worker_agenda": lambda d, h, f: followup.worker_agenda(d, household=h),
    "queries.followup.household_tasks": lambda d, h, f: followup.household_tasks(d, h),
    "queries.households.household_file": lambda d, h, f: households.household_file(d, h),
    "queries.life.household_life": lambda d, h, f: life.household_life(d, h),
    "queries.parting.parting": lambda d, h, f: parting.parting(d, h),
    "queries.statements.statements_of": lambda d, h, f: statements.statements_of(d, h),
    "queries.statements.statement_of": lambda d, h, f: statements.statement_of(d, f.assessment),
    "queries.study.study_of": lambda d, h, f: study.study_of(d, h),
    "queries.support.support_head": lambda d, h, f: support.support_head(d, h),
    "queries.support.support_file": lambda d, h, f: support.support_file(d, h),
    "queries.support_pages.orientation_page": lambda d, h, f: pages.orientation_page(d, h),
    "queries.support_pages.budget_page": lambda d, h, f: pages.budget_page(d, h),
    "queries.support_pages.projects_page": lambda d, h, f: pages.projects_page(d, h),
    "queries.support_pages.undertakings_page": lambda d, h, f: pages.undertakings_page(d, h),
    "queries.support_pages.papers_page": lambda d, h, f: pages.papers_page(d, h),
    "queries.support_pages.avoidance_page": lambda d, h, f: pages.avoidance_page(d, h),
    "queries.support_pages.ending_page": lambda d, h, f: pages.ending_page(d, h),
    "queries.suspensions.list_suspensions": lambda d, h, f: suspensions.list_suspensions(d, household=h),
    "queries.workshops.members_to_seat": lambda d, h, f: workshops.members_to_seat(d, h, TODAY),
    "queries.workshops.household_seats": lambda d, h, f: workshops.household_seats(d, h),
    "rights.committee_papers.suspension_to_give": lambda d, h, f: committee_papers.suspension_to_give(d, f.suspension),
    "rights.committee_papers.suspension_pdf": lambda d, h, f: committee_papers.suspension_pdf(d, f.suspension),
    "rights.committee_papers.hearing_pdf": lambda d, h, f: committee_papers.hearing_pdf(d, h),
    "rights.decide.recorded_outcome": lambda d, h, f: decide.recorded_outcome(d, f.assessment),
    "rights.letters.kept_of": lambda d, h, f: letters.kept_of(d, f.assessment, None),
    "rights.letters.last_decision_to_give": lambda d, h, f: letters.last_decision_to_give(d, h),
    "rights.letters.last_decision_pdf": lambda d, h, f: letters.last_decision_pdf(d, h),
    "sheets.decision_pdf": lambda d, h, f: sheets.decision_pdf(d, h),
    "support.documents.answer_pdf": lambda d, h, f: documents.answer_pdf(d, h),
    "support.documents.undertaking_to_give": lambda d, h, f: documents.undertaking_to_give(d, f.undertaking),
    "support.documents.undertaking_pdf": lambda d, h, f: documents.undertaking_pdf(d, f.undertaking),
    "support.papers.scan_of": lambda d, h, f: papers.scan_of(d, f.paper),
    "support.papers.portrait_of": lambda d, h, f: papers.portrait_of(d, h),
    "support.slips.papers_for": lambda d, h, f: slips.papers_for(d, f.appointment),
    "support.slips.appointment_slip_pdf": lambda d, h, f: slips.appointment_slip_pdf(d, f.appointment, ()),
    "support.slips.onward_letter_pdf": lambda d, h, f: slips.onward_letter_pdf(d, f.referral),
}  # fmt: skip
SHUT = {
    "queries.counter.open_visit": "serving a household opens nothing of its file",
    "queries.counter.find_by_card": "the same",
    "queries.fair_share.expected_sizes": "how many persons each household expected today counts, of nobody",
    "queries.fees.fees_of": "fees due, at the till",
    "safety.cold_chain.readings": "temperatures",
    "sheets.ticket_language": "the language of a paper",
    "till.ticket_printing.open_for_cash": "what was paid on a ticket",
    "till.ticket_printing.print_ticket": "a ticket: the number of the household, no name",
    "till.orders.last_taken": "articles, at the till",
    "queries.collectors.collectors": "who may come in its place: first name and initial, for reception",
    "till.purse.purse_cents": "what is paid ahead, at the till",
    "till.purse.purse_view": "the same, and what may be done with it",
    "till.means.till_money": "what is paid ahead or may be left to pay, at the till",
    "till.cancelling.check_cancel": "whether a ticket may be cancelled",
    "queries.workshops.household_duties": "what a right asks in return, without a name",
    "queries.workshops.seats_of": "a list: the first name, or « Dossier réservé »",
    "queries.committee.meeting_view": "situations without a name",
    "queries.committee.waiting_studies": "a list, without the files reserved to others",
    "rights.committee_papers.meeting_letters_pdf": "each letter is told by `letters.kept_of`",
    "support.slips.attendance_sheet_pdf": "a list: the names of `seats_of`",
    "sheets.card_pdf": "a number, and what it is for is not on it",
    "sheets.ticket": "the number of the file",
}
"""Reads by the id of a household, or of a row of its file, that open no file, and why."""
IDS = {
    "household", "assessment", "decision", "suspension", "undertaking", "paper", "appointment", "referral", "sale", "meeting",
    "session_id", "card", "note", "objective", "task", "step", "first", "second",
}  # fmt: skip
DAYS = {
    "queries.agenda.agenda",
    "queries.agenda.calendar_entries",
    "queries.workshops.list_sessions",
    "volunteers.hours_between",
    "contract.distinct.counted",
    "contract.summary.contract_summary",
    "contract.values.indicator_figures",
    "reports.estimates.estimates_of",
    "reports.estimates.estimate_rows",
    "till.regie.register",
}
"""`first` and `last` are days or months there."""


def reading() -> tuple[set[str], set[str]]:
    """Return the public functions of the services that open a `reading` block, and those that read by an id of a file."""
    root = Path(inspect.getfile(services)).parent
    told, by_id = set(), set()
    for path in root.rglob("*.py"):
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        for n in ast.parse(path.read_text("utf-8")).body:
            if isinstance(n, ast.FunctionDef) and not n.name.startswith("_") and not name.startswith("demonstration."):
                source = ast.unparse(n)
                if "with reading(desk)" in source:
                    told.add(f"{name}.{n.name}")
                elif ".db.read()" in source and IDS & {a.arg for a in (*n.args.args, *n.args.kwonlyargs)}:
                    by_id.add(f"{name}.{n.name}")
    return told, by_id


def test_every_query_that_reads_a_file_is_a_door_or_says_why_not() -> None:
    told, by_id = reading()
    assert len(told) > 35, "the control"
    assert told - DOORS.keys() == set()
    assert by_id - DOORS.keys() - SHUT.keys() - DAYS == set(), "read it in a `reading` block, and say so in DOORS"
    assert SHUT.keys() - by_id == set()


def openings(desk: Desk) -> list[tuple[int, int]]:
    """Return the account and file of each opening of the journal."""
    with desk.db.read() as session:
        rows = session.execute(select(Journal.actor_id, Journal.body).where(Journal.kind == "household.opened"))
        return [(r.actor_id, json.loads(r.body)["household"]) for r in rows]


@pytest.fixture
def ready(small_shop: SmallShop, filled: Filled, tmp_path: Path) -> Filled:
    form = DecisionForm(
        small_shop.household, Answer.REFUSED, Maker.WORKER, TODAY, filled.assessment, ReasonCode.OTHER, "Trop haut",
        same_day_help="Un colis",
    )  # fmt: skip
    filled.decision = record_decision(small_shop.desk, form).id
    with small_shop.desk.db.write() as session:
        session.get_one(AccessGrant, filled.grant).assessment_id = filled.assessment
    filled.folder = tmp_path / "dump"
    return filled


def test_each_door_of_a_reserved_file_is_told_once_a_day_to_those_who_ask(small_shop: SmallShop, ready: Filled) -> None:
    desk, home = small_shop.desk, small_shop.household
    named = {n: replace(an_account(desk, n, "MANAGER"), social_key=desk.social_key) for n in DOORS}
    for name, reader in named.items():
        DOORS[name](reader, home, ready)
    assert openings(desk) == [], "a file open to all is read without a word"
    reserve.reserve(desk, home, [desk.actor.id, *(d.actor.id for d in named.values())])
    for name, reader in named.items():
        for _twice in range(2):
            DOORS[name](reader, home, ready)
    told = openings(desk)
    files = {home, *(h for _a, h in told)}
    assert [n for n, d in named.items() if (d.actor.id, home) not in told] == []
    assert len(told) == len(set(told)), "once a day"
    assert all(actor in {d.actor.id for d in named.values()} for actor, _h in told)
    assert len(files) <= 2, "the file, and the one united with it in a whole dump"
    later = replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=1)))
    for at in (desk, later, later):
        households.household_file(at, home)
    assert openings(desk).count((desk.actor.id, home)) == 2


def test_a_door_that_stays_shut_tells_nothing(small_shop: SmallShop, ready: Filled) -> None:
    desk, home = small_shop.desk, small_shop.household
    other = replace(an_account(desk, role="MANAGER"), social_key=desk.social_key)
    reserve.reserve(desk, home, [desk.actor.id])
    said = []
    for door in DOORS.values():
        try:
            door(other, home, ready)
        except RuleRefused as refusal:
            said.append(str(refusal))
    assert len(said) > 35
    assert [s for s in said if "voir Camille" not in s] == []
    assert openings(desk) == []
