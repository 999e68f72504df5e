"""Two files united: nothing lost, nothing counted twice, the past as it was told; and put back exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.household import LeftFor, Link, TimeAway
from epicerie_desktop.domain.resemblance import LikeReason
from epicerie_desktop.persistence.models import Base, Journal, Merge, Undertaking, load_all
from epicerie_desktop.services import month_sheets
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol, life, unite
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.queries import alike, counter, figures
from epicerie_desktop.services.queries.households import household_file, list_households
from epicerie_desktop.services.queries.life import household_life
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket, sold

load_all()

OCTOBER = date(2026, 10, 29)


def at(desk: Desk, day: date) -> Desk:
    return replace(desk, clock=FrozenClock.on(day))


@pytest.fixture
def twice(small_shop: SmallShop) -> int:
    """The same household entered a second time, misspelt, with a grandmother; served in October and today under both files."""
    desk = at(small_shop.desk, OCTOBER)
    second = enrol.save_household(
        desk,
        HouseholdForm(
            (
                MemberForm("Dalmeida", "Fatima", Link.HOLDER, born="1985-03-12"),
                MemberForm("Dalmeida", "Leo", Link.CHILD, born="2019-06"),
                MemberForm("Dalmeida", "Rosa", Link.PARENT, born="1955-01-02"),
            ),
            AddressForm(commune_code="15187"),
            phone2="06 01 02 03 04",
            opened_on=OCTOBER,
        ),
    )
    decide.open_right(desk, second, decide.RightForm(date(2026, 8, 1), date(2026, 10, 20), 100, (Ceiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.MONTH, 5000),)))  # fmt: skip
    return second


def everything(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the file but the journal, the merges themselves and who changed a row last."""
    skipped = {"journal", "merge"}
    with desk.db.read() as session:
        return {
            t.name: sorted(
                (tuple(r) for r in session.execute(select(*(c for c in t.columns if c.key not in ("version", "changed_at", "changed_by"))))),
                key=repr,
            )
            for t in Base.metadata.sorted_tables
            if t.name not in skipped
        }  # fmt: skip


def bought(shop: SmallShop, household: int, day: date = TODAY) -> None:
    sold(replace(shop, desk=at(shop.desk, day), household=household), a_basket(shop), override="accord de Camille")


def test_a_merge_undone_leaves_the_base_as_it_was(small_shop: SmallShop, twice: int) -> None:
    desk, kept = small_shop.desk, small_shop.household
    enrol.issue_card(desk, twice)
    life.set_away(desk, twice, household_life(desk, twice).present[2].member, TimeAway(TODAY - timedelta(days=3)))
    with desk.db.write() as session:
        session.add(
            Undertaking(
                household_id=twice, kind="NOTICE", signed_on=TODAY, made_at=desk.clock.now(), made_by=desk.actor.id
            )
        )
    before = everything(desk)
    merge = unite.merge_files(desk, twice, kept)
    assert everything(desk) != before
    unite.undo_merge(desk, merge)
    after = everything(desk)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    with pytest.raises(RuleRefused, match="déjà été séparés"):
        unite.undo_merge(desk, merge)


def test_the_file_merged_opens_the_other_and_is_found_by_its_names_number_and_card(
    small_shop: SmallShop, twice: int
) -> None:
    desk, kept = small_shop.desk, small_shop.household
    card = enrol.issue_card(desk, twice)
    unite.merge_files(desk, twice, kept)
    assert household_file(desk, twice) == household_file(desk, kept)
    assert household_file(desk, kept).merged == ("1-0002",)
    assert counter.open_visit(desk, twice).household == kept
    found = counter.find_by_card(desk, card)
    assert found is not None
    assert found.id == kept
    for typed in ("rosa", "1-0002", "almeida", "06 01 02 03 04"):
        assert [f.id for f in counter.find_households(desk, typed)] == [kept], typed
    assert [f.id for f in list_households(desk)] == [kept]
    members = {s.name.split()[0]: (s.link, s.joined_on == TODAY) for s in household_life(desk, twice).present}
    assert members == {
        "Fátima": (Link.HOLDER, False), "Jean-Pierre": (Link.PARTNER, False), "Léo": (Link.CHILD, False), "Rosa": (Link.PARENT, True),
    }  # fmt: skip
    with pytest.raises(RuleRefused, match="a été réuni"):
        enrol.issue_card(desk, twice)


def test_tickets_of_both_files_weigh_on_one_ceiling_and_are_counted_once(small_shop: SmallShop, twice: int) -> None:
    desk, kept = small_shop.desk, small_shop.household
    bought(small_shop, kept)
    with desk.db.write() as session:
        session.execute(
            text("UPDATE access_grant SET valid_until = '2026-11-20' WHERE household_id = :h"), {"h": twice}
        )
    bought(small_shop, twice)
    apart = figures.totals_of(desk, "2026-11", "2026-11")
    assert (apart.families, apart.persons, apart.visits, apart.person_visits) == (2, 6, 2, 6)
    left = {h: counter.open_visit(desk, h).ceilings[0] for h in (kept, twice)}
    unite.merge_files(desk, twice, kept)
    both = counter.open_visit(desk, kept)
    assert both.ceilings[0].taken == left[kept].taken + left[twice].taken
    assert both.verdict.reason.value == "ALREADY_SERVED_TODAY"
    assert counter.expected_this_week(desk) == ()
    month = figures.totals_of(desk, "2026-11", "2026-11")
    assert (month.families, month.persons, month.visits) == (1, 4, 1), "Fátima, Jean-Pierre, Léo, Rosa: each once"
    assert month.person_visits == 4
    assert (month.grams, month.shelf_cents, month.paid_cents) == (apart.grams, apart.shelf_cents, apart.paid_cents)
    assert month_sheets.month_sheet_pdf(desk, "2026-11")[:4] == b"%PDF"


def test_a_month_before_the_merge_keeps_its_figures(small_shop: SmallShop, twice: int) -> None:
    desk, kept = small_shop.desk, small_shop.household
    bought(small_shop, twice, OCTOBER)
    bought(small_shop, kept, OCTOBER)
    before = figures.figures_of(desk, "2026-10", "2026-10")
    assert before[0].totals.families == 2
    merge = unite.merge_files(desk, twice, kept)
    assert figures.figures_of(desk, "2026-10", "2026-10") == before
    unite.undo_merge(desk, merge)
    assert figures.figures_of(desk, "2026-10", "2026-10") == before


def test_rights_that_do_not_run_side_by_side_go_along_and_two_of_today_go_on_as_one(
    small_shop: SmallShop, twice: int
) -> None:
    desk, kept = small_shop.desk, small_shop.household
    past = household_file(desk, twice).grants[0].id
    beside = decide.open_right(desk, twice, decide.RightForm(TODAY, TODAY + timedelta(days=200), 500, ()))
    own = household_file(desk, kept).grants[0].id
    unite.merge_files(desk, twice, kept)
    united = max(g.id for g in household_file(desk, kept).grants)
    assert {g.id for g in household_file(desk, kept).grants} == {own, past, united}
    assert beside not in {g.id for g in household_file(desk, twice).grants}
    assert counter.open_visit(desk, twice).participation_permille == 100


def test_what_happened_since_stays_when_a_merge_is_undone(small_shop: SmallShop, twice: int) -> None:
    desk, kept = small_shop.desk, small_shop.household
    merge = unite.merge_files(desk, twice, kept)
    bought(small_shop, kept)
    rosa = next(s.member for s in household_life(desk, kept).present if s.name.startswith("Rosa"))
    life.leave(desk, kept, rosa, TODAY, LeftFor.DEATH)
    unite.undo_merge(desk, merge)
    assert counter.open_visit(desk, kept).ceilings[0].taken > 0
    gone = next(s for s in household_life(desk, twice).stays if s.name.startswith("Rosa"))
    assert (gone.left_on, gone.left_for) == (TODAY, LeftFor.DEATH)


def test_what_cannot_be_merged_is_refused_and_nothing_is_written(small_shop: SmallShop, twice: int) -> None:
    desk, kept = small_shop.desk, small_shop.household
    third = enrol.save_household(desk, HouseholdForm((MemberForm("Petit", "Lou", Link.HOLDER),)))
    with pytest.raises(RuleRefused, match="même dossier"):
        unite.merge_files(desk, kept, kept)
    sell.save_draft(desk, twice, a_basket(small_shop))
    with pytest.raises(RuleRefused, match="panier est en cours"):
        unite.merge_files(desk, twice, kept)
    sell.drop_draft(desk, twice)
    unite.merge_files(desk, twice, kept)
    with pytest.raises(RuleRefused, match="c’est lui qui doit rester"):
        unite.merge_files(desk, kept, third)
    with pytest.raises(RuleRefused, match="a été réuni"):
        unite.merge_files(desk, third, twice)
    unite.merge_files(desk, third, kept)
    with desk.db.read() as session:
        assert len(session.scalars(select(Merge)).all()) == 2
        bodies = " ".join(session.scalars(select(Journal.body).where(Journal.kind.startswith("household."))))
    assert "almeida" not in bodies.lower()


def test_every_table_of_a_household_goes_along_or_is_left_on_purpose() -> None:
    one = (m for m, _c in (*unite._ONE_OPEN, *unite._WHERE_FREE))
    moved = {unite.table_of(m).name for m in (*unite._WHOLE, *one)}
    apart = {
        "access_grant",
        "attendance",
        "portrait",
        "household_address",
        "household_member",
        "search_word",
        "reserved_to",
    }
    left = {"sale", "purse_move"}
    tied = {t.name for t in Base.metadata.sorted_tables if "household_id" in t.columns}
    assert tied == moved | apart | left


def test_a_household_entered_twice_is_shown_with_the_reasons(small_shop: SmallShop, twice: int) -> None:
    desk, kept = small_shop.desk, small_shop.household
    typed = HouseholdForm((MemberForm("Fatima", "Dalmeyda", Link.HOLDER, born="1985-03-12"),))
    found = alike.files_like(desk, typed).found
    assert [(f.face.id, f.reasons[0]) for f in found] == [
        (kept, LikeReason.SWAPPED_NAMES),
        (twice, LikeReason.SWAPPED_NAMES),
    ]
    assert [m.name for m in found[0].face.members] == ["D'Almeida Fátima", "Crèvecœur Jean-Pierre", "D'Almeida Léo"]
    pairs = alike.pairs_alike(desk)
    assert [(p.first.id, p.second.id, LikeReason.MORE_MEMBERS in p.reasons) for p in pairs.pairs] == [
        (kept, twice, True)
    ]
    assert len(alike.compare(desk, twice, kept).same) == 2
    unite.merge_files(desk, twice, kept)
    assert alike.pairs_alike(desk).pairs == ()
