"""What a closed month keeps of the people it served: read as it was, corrected by an amendment that says what."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from epicerie_desktop.domain.data_table import DataTable
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.labels import change_words
from epicerie_desktop.domain.months import ChangeKind, Fact, changes, month_from_record, month_to_record
from epicerie_desktop.domain.reports.people import people
from epicerie_desktop.domain.reports.shape import Figure, Section, Standing
from epicerie_desktop.persistence.models import MonthClosing
from epicerie_desktop.services import dump, months, safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol, life, reserve, unite
from epicerie_desktop.services.month_sheets import month_sheet_pdf
from epicerie_desktop.services.queries.day_people import day_people_in
from epicerie_desktop.services.queries.figures import live_visits
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.reports.people import lists_in, people_sections
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_figures import another, book
from tests.services.test_months import MONTH, in_december, late
from tests.services.test_reserved import an_account

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def told(desk: Desk, first: date = FIRST, last: date = LAST) -> tuple[Section, ...]:
    with desk.db.read() as session:
        return people_sections(session, first, last)


def tables(desk: Desk) -> dict[str, DataTable]:
    return {t.name: t for s in told(desk) for t in s.tables}


def figures(desk: Desk, first: date = FIRST, last: date = LAST) -> dict[str, Figure]:
    return {f.code: f for s in told(desk, first, last) for f in s.figures}


def correct(desk: Desk, household: int, **born: str) -> None:
    """Correct the birth dates of members, by first name."""
    form = household_file(desk, household).form
    members = tuple(replace(m, born=born.get(m.first_name, m.born)) for m in form.members)
    enrol.save_household(desk, replace(form, members=members))


@pytest.fixture
def closed(small_shop: SmallShop) -> Desk:
    """A November of one visit, closed in December."""
    book(small_shop.desk, small_shop.household, small_shop.carrots, grams=700)
    december = in_december(small_shop.desk)
    months.close_month(december, MONTH)
    return december


def test_an_age_corrected_after_the_closing_changes_no_table_until_the_amendment_that_says_it(
    small_shop: SmallShop, closed: Desk
) -> None:
    before = told(closed)
    assert tables(closed)["Par âge (FSE+)"].rows[0] == ("Moins de 18 ans", 1, 1)
    assert {f.standing for f in figures(closed).values()} == {Standing.CLOSED}
    correct(closed, small_shop.household, Léo="2005-06")
    assert told(closed) == before
    (pending,) = months.month_state(closed, MONTH).pending
    assert (pending.kind, pending.facts, pending.before) == (ChangeKind.CHANGED, (Fact.AGES,), pending.after)
    assert change_words(pending) == "Passage corrigé\u00a0: âge"
    months.amend_month(closed, MONTH, "Naissance mal lue")
    assert tables(closed)["Par âge (FSE+)"].rows[:2] == (("Moins de 18 ans", 0, 0), ("18 à 29 ans", 1, 1))
    state = months.month_state(closed, MONTH)
    assert state.versions[0].changes == (pending,)
    assert state.pending == ()
    assert month_sheet_pdf(closed, MONTH)
    assert safeguard.verify_file(closed) == ()


def test_a_file_referred_anew_corrects_no_month_and_keeps_who_had_referred_it(
    small_shop: SmallShop, closed: Desk
) -> None:
    home = small_shop.household
    enrol.save_household(
        closed, replace(household_file(closed, home).form, referrer_id=enrol.save_referrer(closed, "Mme A", "CCAS"))
    )
    assert months.month_state(closed, MONTH).pending == ()
    correct(closed, home, Léo="2005-06")
    months.amend_month(closed, MONTH, "Naissance mal lue")
    assert tables(closed)["Par service instructeur"].rows == (("Non connu", 1, 3, 1, 3), ("Ensemble", 1, 3, 1, 3))


def test_a_right_found_late_waits_as_a_correction_of_who_was_registered(small_shop: SmallShop, closed: Desk) -> None:
    other = another(closed)
    assert (figures(closed)["registered_households"].value, figures(closed)["enrolled_new"].value) == (1, 0)
    decide.open_right(closed, other, decide.RightForm(TODAY, TODAY + timedelta(days=60), 100, ()))
    assert figures(closed)["registered_households"].value == 1
    assert [c.kind for c in months.month_state(closed, MONTH).pending] == [ChangeKind.ENROLLED]
    months.amend_month(closed, MONTH, "Droit noté en retard")
    found = figures(closed)
    assert (found["registered_households"].value, found["enrolled_new"].value) == (2, 1)


def test_a_month_closed_before_says_not_known_and_asks_no_amendment(small_shop: SmallShop, closed: Desk) -> None:
    """The first writing of a closed month, made again from this one: no facts, no registered households."""
    with closed.db.read() as session:
        record = json.loads(session.scalars(select(MonthClosing.figures)).one())
    whole = month_from_record(record)
    assert month_from_record(month_to_record(whole)) == whole
    old = {k: v for k, v in record.items() if k != "enrolled"} | {
        "record": 1, "visits": [{k: v for k, v in row.items() if k != "facts"} for row in record["visits"]],
    }  # fmt: skip
    former = month_from_record(old)
    assert former.enrolled is None
    assert [v.facts for v in former.visits] == [None]
    assert [replace(v, facts=None) for v in whole.visits] == list(former.visits)
    assert changes(FIRST, former, whole) == ()
    moved = replace(whole, visits=tuple(replace(v, commune="15188") for v in whole.visits))
    assert [c.facts for c in changes(FIRST, former, moved)] == [(Fact.COMMUNE,)]


def test_united_files_leave_the_rights_and_codes_of_the_months_before_where_they_were(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, small_shop.household
    other = another(desk, 2)
    decide.open_right(desk, other, decide.RightForm(TODAY, TODAY + timedelta(days=60), 100, ()))
    for household in (home, other):
        book(desk, household, small_shop.carrots, grams=700)
    before, december = told(desk), in_december(desk)
    months.close_month(december, MONTH)
    merge = unite.merge_files(december, other, home)
    assert months.month_state(december, MONTH).pending == ()
    assert tables(december) == {t.name: t for s in before for t in s.tables}
    after = figures(december, date(2026, 12, 1), date(2026, 12, 31))
    assert (after["registered_households"].value, after["enrolled_before"].value, after["enrolled_left"].value) == (
        1,
        1,
        0,
    )
    unite.undo_merge(december, merge)
    assert months.month_state(december, MONTH).pending == ()


def test_a_household_that_grows_and_moves_in_the_month_counts_once_as_it_came(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, small_shop.household
    book(desk, home, small_shop.carrots, grams=700)
    later = in_december(desk, 5)
    life.arrive(later, home, life.Newcomer("D'Almeida", "Rose", Link.CHILD, TODAY + timedelta(days=4), born="2026-11"))
    form = household_file(later, home).form
    enrol.save_household(later, replace(form, address=replace(form.address, commune_code="15188")))
    book(desk, home, small_shop.carrots, grams=700, days=5)
    found = tables(desk)
    assert found["Par commune"].rows == (
        ("Saint-Flour", 1, 3, 1, 3),
        ("Saint-Georges", 0, 1, 1, 4),
        ("Ensemble", 1, 4, 2, 7),
    )
    assert found["Par nombre de personnes"].rows == (("3", 1, 3, 1, 3), ("4", 0, 1, 1, 4), ("Ensemble", 1, 4, 2, 7))


def test_a_dump_tells_the_facts_of_a_closed_month_to_who_may_read_them(
    small_shop: SmallShop, closed: Desk, tmp_path: Path
) -> None:
    def kept(desk: Desk, folder: str) -> tuple[dict[str, object] | None, str]:
        dump.dump(desk, tmp_path / folder)
        with (tmp_path / folder / "month_closings.csv").open(encoding="utf-8", newline="") as handle:
            (row,) = csv.DictReader(handle)
        return json.loads(row["figures"])["visits"][0]["facts"], row["figures"]

    whole, text = kept(closed, "whole")
    with closed.db.read() as session:
        assert text == session.scalars(select(MonthClosing.figures)).one()
    assert whole is not None
    assert whole["ages"] == [41, 45, 7]
    other = an_account(closed)
    assert kept(other, "other")[0] == {**whole, "band": None}
    reserve.reserve(closed, small_shop.household, [closed.actor.id])
    assert kept(other, "hidden")[0] is None
    assert kept(closed, "named")[1] == text


GESTURES = ("age", "move", "arrive", "right", "cancel", "late", "referrer", "amend")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(GESTURES), min_size=1, max_size=8))
def test_whatever_is_corrected_the_tables_of_a_closed_month_are_those_of_its_last_version(
    small_shop: SmallShop, gestures: list[str]
) -> None:
    """The control is the same tables over the tickets and files as they stand: an amendment, and nothing else, brings them together."""
    # Each example has a month and a household of its own.
    with small_shop.desk.db.read() as session:
        done = len(set(session.scalars(select(MonthClosing.month))))
    first = date(2027 + done, 3, 1)
    month, last = f"{first:%Y-%m}", first + timedelta(days=30)
    day = first + timedelta(days=9)
    here = replace(small_shop.desk, clock=FrozenClock.on(day))
    after = replace(here, clock=FrozenClock.on(first + timedelta(days=40)))
    home = another(here, 2)
    tickets = [book(here, home, small_shop.carrots, grams=100, days=(day - TODAY).days)]
    months.close_month(after, month)
    frozen = told(after, first, last)
    for n, gesture in enumerate(gestures):
        if gesture == "age":
            correct(after, home, N1=str(first.year - 5 - 7 * n))
        elif gesture in {"move", "referrer"}:
            form = household_file(after, home).form
            referrer = enrol.save_referrer(after, f"Mme {n}", "CCAS") if gesture == "referrer" else form.referrer_id
            enrol.save_household(
                after, replace(form, address=replace(form.address, commune_code="15188"), referrer_id=referrer)
            )
        elif gesture == "arrive":
            life.arrive(after, home, life.Newcomer("Autre", f"A{n}", Link.CHILD, first + timedelta(days=n)))
        elif gesture == "right" and n == gestures.index("right"):
            decide.open_right(after, home, decide.RightForm(day, first + timedelta(days=60), 100, ()))
        elif gesture == "cancel" and tickets:
            sell.cancel_sale(after, tickets.pop().sale, "essai")
        elif gesture == "late":
            tickets.append(late(after, another(after), small_shop.carrots, 150, day))
        elif gesture == "amend" and months.month_state(after, month).pending:
            months.amend_month(after, month, "essai")
            frozen = told(after, first, last)
            assert without_referrers(frozen) == without_referrers(as_they_stand(after, first, last, month))
        assert told(after, first, last) == frozen
        if not months.month_state(after, month).pending:
            assert without_referrers(frozen) == without_referrers(as_they_stand(after, first, last, month))
    assert safeguard.verify_file(after) == ()


def as_they_stand(desk: Desk, first: date, last: date, month: str) -> tuple[Section, ...]:
    """Return the sections over tickets, files and rights as they stand now, closed or not."""
    with desk.db.read() as session:
        now = day_people_in(session)
        parts = [(month, now.enrolled(first, last))]
        closed = frozenset({month})
        visits = live_visits(session, first, last, now)
        return people(visits, parts, last, lists_in(session), closed=closed, frozen=closed)


def without_referrers(sections: tuple[Section, ...]) -> list[tuple[object, ...]]:
    """Return figures and tables less those by referrer, which no correction of a month changes."""
    named = ("Par service instructeur", "Par prescripteur")
    return [(s.figures, tuple(t for t in s.tables if t.name not in named)) for s in sections]
