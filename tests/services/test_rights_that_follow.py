"""What was counted over a whole right, the records and the past months hold through separation, merge and its undoing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod, Reason
from epicerie_desktop.domain.eligibility.situation import Member as Weighed
from epicerie_desktop.domain.eligibility.situation import Situation
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.statements import Debt, DebtKind, Said
from epicerie_desktop.persistence.models import AccessGrant, Sale, SupportFile, WaitingEntry
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol, separation, unite
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries import alike, counter, figures
from epicerie_desktop.services.queries.absences import absences_to_see, expected_on
from epicerie_desktop.services.queries.fees import Fee, fees_of
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.queries.life import household_life
from epicerie_desktop.services.queries.statements import last_statement_in
from epicerie_desktop.services.queries.study import past_rights_in
from epicerie_desktop.services.queries.waiting import waiting_list
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.rights.absences import record_absence
from epicerie_desktop.services.rights.fees import pay_fees
from epicerie_desktop.services.rights.waiting import put_on_list
from epicerie_desktop.services.support import file as support
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.meetings import studied
from tests.services.test_sell import a_basket
from tests.services.test_separation import _debts, at, left, parting
from tests.services.test_terms_at_till import with_terms
from tests.services.test_unite import bought, everything, twice

__all__ = ["twice"]

MONTH, WHOLE = (CeilingPeriod.MONTH, CeilingPeriod.GRANT)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def two_rights(desk: Desk, household: int, amount: int = 5000) -> int:
    """Give a file a right beside the one the small shop's household has."""
    return decide.open_right(
        desk, household,
        decide.RightForm(ago(30), TODAY + timedelta(days=60), 100, (Ceiling(CeilingMeasure.SHELF_VALUE, MONTH, amount),)),
    )  # fmt: skip


@pytest.fixture
def doubled(small_shop: SmallShop, twice: int) -> int:
    """The household entered twice, each file with a right that runs today."""
    with small_shop.desk.db.write() as session:
        session.execute(delete(AccessGrant).where(AccessGrant.household_id == twice))
    two_rights(small_shop.desk, twice)
    return twice


# -- separation --------------------------------------------------------------------------------------------------------


def test_visits_counted_over_the_right_go_on_after_a_separation_for_both(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    with_terms(small_shop, {"visits_in_right": 3}, permille=100)
    for days in (14, 7):
        bought(small_shop, first, ago(days))
    bought(small_shop, first)
    tomorrow = TODAY + timedelta(days=1)
    second = separation.separate(desk, parting(small_shop))
    for file in (first, second):
        assert counter.open_visit(desk, file, tomorrow).verdict.reason is Reason.LAST_VISIT_DONE
    with desk.db.read() as session:
        until = counter.open_visit(desk, second).grant.valid_until  # type: ignore[union-attr]
        after = until + timedelta(days=1)
        assert [past_rights_in(session, f, after) for f in (first, second)] == [((ago(30), until),)] * 2


def test_a_visit_left_before_a_separation_is_left_to_each(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    with_terms(small_shop, {"visits_in_right": 2}, permille=100)
    bought(small_shop, first, ago(7))
    second = separation.separate(desk, parting(small_shop))
    bought(small_shop, second)
    tomorrow = TODAY + timedelta(days=1)
    seen = {f: counter.open_visit(desk, f, tomorrow).verdict.reason for f in (first, second)}
    assert seen == {first: Reason.RIGHT_OPEN, second: Reason.LAST_VISIT_DONE}


def test_the_rhythm_of_a_month_does_not_begin_again_for_who_came(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    with_terms(small_shop, {"visits": {"most": 1, "period": "MONTH"}}, permille=100)
    bought(small_shop, first, ago(7))
    separation.separate(desk, parting(small_shop))
    assert counter.open_visit(desk, first).verdict.reason is Reason.VISITS_SPENT


def test_a_limit_on_goods_counted_over_the_right_goes_on_for_both(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    peas = {"origins": [], "families": [], "articles": ["Petits pois"]}
    outside = {"code": "o", "label": "Petits pois", "units": 10, "period": "GRANT", "share_permille": None, **peas}
    with_terms(small_shop, {"outside": [outside]}, permille=100)
    bought(small_shop, first, ago(7))
    bought(small_shop, first)
    second = separation.separate(desk, parting(small_shop))
    assert [counter.open_visit(desk, f).ceilings[-1].left for f in (first, second)] == [6, 6]
    unite.merge_files(desk, second, first)
    assert counter.open_visit(desk, first).ceilings[-1].left == 6


def test_a_limit_that_sleeps_on_the_day_of_a_separation_wakes_with_what_was_taken(small_shop: SmallShop) -> None:
    desk, first, wakes = small_shop.desk, small_shop.household, TODAY + timedelta(days=3)
    days = (("a", ago(30), ago(1)), ("b", TODAY, TODAY + timedelta(days=2)), ("c", wakes, None))
    phases = [{"code": c, "label": c, "from": f.isoformat(), "until": u and u.isoformat()} for c, f, u in days]
    peas = {"origins": [], "families": [], "articles": ["Petits pois"]}
    limit = {"measure": "UNITS", "period": "GRANT", "amount": 10, "phases": ["a", "c"], **peas}
    with_terms(small_shop, {"phases": phases, "limits": [limit]}, permille=100)
    bought(small_shop, first, ago(7))
    second = separation.separate(desk, parting(small_shop))
    assert [counter.open_visit(desk, f, wakes).ceilings[-1].left for f in (first, second)] == [8, 8]
    assert len(counter.open_visit(desk, first).ceilings) == 1


def test_goods_of_several_ages_keep_their_count_when_the_youngest_grows_up(small_shop: SmallShop) -> None:
    desk, first, after = small_shop.desk, small_shop.household, TODAY + timedelta(days=1)
    peas = {"origins": [], "families": [], "articles": ["Petits pois"]}
    row = {"label": "P", "period": "GRANT", "measure": "UNITS", "share_permille": None, **peas}
    since, grown = ago(60).isoformat(), TODAY.isoformat()
    baby = {**row, "code": "baby", "each": 5, "days": [{"from": since, "until": grown}]}
    child = {**row, "code": "child", "each": 10, "days": [{"from": since, "until": None}]}
    with_terms(small_shop, {"outside": [baby, child]}, permille=100)
    bought(small_shop, first, ago(7))
    assert [counter.open_visit(desk, first, d).ceilings[-1].left for d in (TODAY, after)] == [13, 8]
    second = separation.separate(desk, parting(small_shop))
    assert [counter.open_visit(desk, f, after).ceilings[-1].left for f in (first, second)] == [8, 8]


def test_a_fee_of_the_right_paid_before_a_separation_is_paid_for_both(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    fee = {"code": "f", "label": "Dossier", "cents": 500, "every": "right"}
    with_terms(small_shop, {"fees": [fee, {**fee, "code": "d"}]}, permille=100)
    period = fees_of(desk, first)[0].period
    pay_fees(desk, first, (Fee("f", "", period, 500),))
    second = separation.separate(desk, parting(small_shop))
    for file in (first, second):
        assert [(f.code, f.period, f.paid is None) for f in fees_of(desk, file)] == [
            ("f", period, False),
            ("d", period, True),
        ]
    pay_fees(desk, second, (Fee("d", "", period, 500),))
    assert [f.paid is None for f in fees_of(desk, first)] == [False, True], "paid since by the other one alone"
    unite.merge_files(desk, second, first)
    assert [f.paid is None for f in fees_of(desk, first)] == [False, False]


def test_an_exceptional_visit_is_not_a_right_to_share(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    with desk.db.write() as session:
        session.execute(text("UPDATE access_grant SET exceptional = 1, valid_until = :d"), {"d": TODAY.isoformat()})
    second = separation.separate(desk, parting(small_shop))
    assert counter.open_visit(desk, second).grant is None
    assert counter.open_visit(desk, first).grant is not None


# -- one right again ---------------------------------------------------------------------------------------------------


def test_separated_then_reunited_the_household_has_its_whole_ceiling_again(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    bought(small_shop, first, ago(2))
    before = left(desk, first)
    second = separation.separate(desk, parting(small_shop))
    bought(small_shop, second)
    shown = alike.compare(desk, first, second)
    merge = unite.merge_files(desk, second, first)
    visit = counter.open_visit(desk, first)
    assert (visit.ceilings[0].most, visit.ceilings[0].left) == (5000, before[0][0] - 500)
    assert shown.right_if_first is not None
    assert shown.right_if_first.left == visit.ceilings
    december = TODAY.replace(month=12, day=1)
    assert left(desk, first, day=december) == [(5000,)]
    unite.undo_merge(desk, merge)
    assert [c[0] for c in left(desk, first, second, day=december)] == [2500, 2500]


def test_the_same_right_given_twice_is_not_worth_twice(small_shop: SmallShop, doubled: int) -> None:
    desk, kept = small_shop.desk, small_shop.household
    bought(small_shop, kept, ago(3))
    bought(small_shop, doubled, ago(2))
    unite.merge_files(desk, doubled, kept)
    (ceiling,) = counter.open_visit(desk, kept).ceilings
    assert (ceiling.most, ceiling.taken) == (5000, 1000)


def test_two_rights_add_up_to_what_the_reglement_gives_the_household_reunited(desk: Desk) -> None:
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre").replace("4 = 140", "4 = 60"))
    first, second = studied(desk, "Martin", wages=900_00), studied(desk, "Petit", wages=900_00, first="Lou")
    for file in (first, second):
        two_rights(desk, file, 4000)
    merge = unite.merge_files(desk, second, first, {})
    assert counter.open_visit(desk, first).ceilings[0].most == 6000
    unite.undo_merge(desk, merge)
    before = everything(desk)
    with pytest.raises(RuleRefused, match="aucune dette"):
        unite.merge_files(replace(desk, social_key=None), second, first, {})
    assert everything(desk) == before
    with desk.db.write() as session:
        session.execute(text("UPDATE access_grant SET assessment_id = NULL WHERE household_id = :h"), {"h": second})
        session.execute(
            text("UPDATE assessment SET household_id = :t WHERE household_id = :h"), {"t": first, "h": second}
        )
    unite.merge_files(replace(desk, social_key=None), second, first, {})
    assert counter.open_visit(desk, first).ceilings[0].most == 4000, "without the statement: no more than was decided"


def test_a_right_that_overlaps_a_past_one_is_not_lost(small_shop: SmallShop, doubled: int) -> None:
    desk, kept = small_shop.desk, small_shop.household
    with desk.db.write() as session:
        session.execute(text("UPDATE access_grant SET valid_until = '2026-11-10' WHERE household_id = :h"), {"h": kept})
    bought(small_shop, doubled, ago(2))
    unite.merge_files(desk, doubled, kept)
    visit = counter.open_visit(desk, kept)
    assert (visit.verdict.reason, visit.ceilings[0].left) == (Reason.RIGHT_OPEN, 4500)


def test_the_right_of_a_merge_undone_ends_and_the_two_hold_again(small_shop: SmallShop, doubled: int) -> None:
    desk, kept = small_shop.desk, small_shop.household
    before = left(desk, kept, doubled)
    merge = unite.merge_files(desk, doubled, kept)
    bought(small_shop, kept)
    unite.undo_merge(desk, merge)
    assert left(desk, kept, doubled) == [(before[0][0] - 500,), before[1]]
    assert [len(household_file(desk, f).grants) for f in (kept, doubled)] == [1, 1]


@pytest.mark.parametrize("period", [MONTH, WHOLE])
def test_a_merge_is_not_undone_under_a_right_shared_out_since(small_shop: SmallShop, period: CeilingPeriod) -> None:
    desk = small_shop.desk
    first = _family(desk, period)
    shop = replace(small_shop, household=first)
    second = separation.separate(desk, parting(shop))
    merge = unite.merge_files(desk, second, first)
    third = separation.separate(desk, parting(shop))
    with pytest.raises(RuleRefused, match="partagé ou réuni"):
        unite.undo_merge(desk, merge)
    assert left(desk, first, third) == [(4500,), (4500,)]
    last = unite.merge_files(desk, third, first)
    unite.undo_merge(desk, last)
    assert left(desk, first, third) == [(4500,), (4500,)]


def test_debts_shared_by_a_separation_are_all_there_again_and_a_debt_told_twice_is_one(desk: Desk) -> None:
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    first = _family(desk, MONTH)
    rent, loan = Debt("Bailleur", DebtKind.RENT, 80_000), Debt("Banque", DebtKind.CREDIT, 120_000, 5_000)
    at_home = Situation(on=TODAY, members=(Weighed(age=40),), resources=(("wages", 900_00),), charges=())
    decide.record_assessment(desk, first, at_home, Said(debts=(rent, loan)))
    shop = SmallShop(desk, first, 0, 0, 0)
    second = separation.separate(desk, parting(shop, debts=(1,)))
    before = everything(desk)
    merge = unite.merge_files(desk, second, first)
    assert _debts(desk, first) == (rent, loan)
    with desk.db.read() as session:
        statement = last_statement_in(session, desk, first)
    assert statement is not None
    assert statement.resources == at_home.resources
    unite.undo_merge(desk, merge)
    assert everything(desk) == before
    assert [_debts(desk, f) for f in (first, second)] == [(rent,), (loan,)]
    decide.record_assessment(desk, second, at_home, Said(debts=(rent,)))
    unite.merge_files(desk, second, first)
    assert _debts(desk, first) == (rent,)


# -- records -----------------------------------------------------------------------------------------------------------


def test_two_files_waiting_or_accompanied_make_one_and_are_put_back(desk: Desk) -> None:
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    first, second = studied(desk, "Martin"), studied(desk, "Martin")
    put_on_list(desk, first, since=ago(3))
    put_on_list(desk, second, since=ago(20), urgent=True)
    for file in (first, second):
        support.open_file(desk, file, support.OrientationForm(urgent=file == second))
    with desk.db.write() as session:
        session.execute(text("UPDATE support_file SET review_on = '2026-12-01' WHERE household_id = :h"), {"h": second})
    before = everything(desk)
    merge = unite.merge_files(desk, second, first)
    (row,) = waiting_list(desk).rows
    assert (row.household.id, row.ranked.waiting.since, row.ranked.waiting.urgent) == (first, ago(20), True)
    with desk.db.read() as session:
        for model, ended in ((WaitingEntry, WaitingEntry.left_on), (SupportFile, SupportFile.closed_on)):
            assert len(session.scalars(select(model.id).where(model.household_id == first, ended.is_(None))).all()) == 1
        told = session.scalars(select(SupportFile).where(SupportFile.household_id == first)).one()
        assert (told.review_on, told.urgent) == (date(2026, 12, 1), True)
    unite.undo_merge(desk, merge)
    assert everything(desk) == before


def test_what_only_the_other_file_had_open_goes_along(desk: Desk) -> None:
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    first, second = studied(desk, "Martin"), studied(desk, "Martin")
    put_on_list(desk, second)
    support.open_file(desk, second, support.OrientationForm())
    unite.merge_files(desk, second, first)
    assert [r.household.id for r in waiting_list(desk).rows] == [first]
    with pytest.raises(RuleRefused):
        support.open_file(desk, first, support.OrientationForm())


def test_a_file_closed_while_waiting_is_no_longer_listed(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    put_on_list(desk, small_shop.household)
    assert len(waiting_list(desk).rows) == 1
    enrol.close_household(desk, small_shop.household)
    assert waiting_list(desk).rows == ()


def test_who_came_under_the_merged_file_was_not_absent(small_shop: SmallShop, twice: int) -> None:
    desk, kept = small_shop.desk, small_shop.household
    bought(small_shop, twice)
    bought(small_shop, twice, ago(7))
    record_absence(desk, kept, ago(7), excused=False)
    assert [r.count.unexcused for r in absences_to_see(desk)] == [1]
    unite.merge_files(desk, twice, kept)
    assert expected_on(desk, TODAY) == ()
    assert absences_to_see(desk) == ()
    with pytest.raises(RuleRefused, match="est venu"):
        record_absence(desk, kept, TODAY, excused=False)


# -- past months -------------------------------------------------------------------------------------------------------


def test_past_months_stay_as_they_were_told_when_a_merge_is_undone(small_shop: SmallShop, twice: int) -> None:
    desk, kept = small_shop.desk, small_shop.household
    october, november = at(desk, date(2026, 10, 30)), at(desk, date(2026, 11, 12))
    with desk.db.write() as session:
        session.execute(text("DELETE FROM household_address WHERE household_id = :h"), {"h": kept})
        session.execute(text("UPDATE household_member SET joined_on = '2026-09-01'"))
        session.execute(text("UPDATE household_address SET valid_from = '2026-09-01'"))
    for file in (twice, kept):
        bought(small_shop, file, date(2026, 9, 29))
    september = figures.figures_of(desk, "2026-09", "2026-09")
    bought(small_shop, twice, date(2026, 10, 29))
    merge = unite.merge_files(october, twice, kept)
    bought(small_shop, kept, date(2026, 10, 31))
    assert figures.figures_of(desk, "2026-09", "2026-09") == september
    told = figures.figures_of(desk, "2026-09", "2026-10")
    assert (told[1].totals.families, told[1].totals.persons) == (1, 4)
    bought(small_shop, kept, date(2026, 11, 3))
    unite.undo_merge(november, merge)
    assert figures.figures_of(desk, "2026-09", "2026-10") == told
    bought(small_shop, twice, date(2026, 11, 13))
    now = figures.totals_of(desk, "2026-11", "2026-11")
    assert (now.families, now.persons, now.visits) == (2, 6, 2)
    again = unite.merge_files(desk, twice, kept)
    assert figures.figures_of(desk, "2026-09", "2026-10") == told
    unite.undo_merge(desk, again)
    assert figures.totals_of(desk, "2026-11", "2026-11") == now
    assert [s.name.split()[0] for s in household_life(desk, twice).present] == ["Fatima", "Leo", "Rosa"]
    assert [s.name.split()[0] for s in household_life(desk, kept).present] == ["Fátima", "Jean-Pierre", "Léo"]


# -- any life ----------------------------------------------------------------------------------------------------------

_visits = st.lists(st.tuples(st.integers(1, 8), st.integers(1, 4)), max_size=3, unique_by=lambda v: v[0])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=_visits, after=st.lists(st.tuples(st.booleans(), st.integers(1, 3)), max_size=3), later=st.integers(0, 3),
       period=st.sampled_from([MONTH, WHOLE, CeilingPeriod.WEEK, CeilingPeriod.FORTNIGHT]))  # fmt: skip
def test_separated_and_reunited_or_united_and_put_back_the_sums_hold(
    small_shop: SmallShop,
    before: list[tuple[int, int]],
    after: list[tuple[bool, int]],
    later: int,
    period: CeilingPeriod,
) -> None:
    desk = small_shop.desk
    shop = replace(small_shop, household=_family(desk, period))
    for days, pieces in before:
        _buy(shop, desk, shop.household, pieces, ago(days))
    whole, tickets = left(desk, shop.household)[0][0], _tickets(desk)
    second = separation.separate(desk, parting(shop))
    assert sum(c[0] for c in left(desk, shop.household, second)) == whole
    now = at(desk, TODAY + timedelta(days=later))
    for other, pieces in after:
        _buy(shop, now, second if other else shop.household, pieces, now.clock.today())
    apart = [counter.open_visit(now, f, now.clock.today()).ceilings[0] for f in (shop.household, second)]
    state = everything(now)
    merge = unite.merge_files(now, second, shop.household)
    (one,) = counter.open_visit(now, shop.household, now.clock.today()).ceilings
    assert one.most - one.taken == sum(c.most - c.taken for c in apart)
    assert one.most <= 9000
    unite.undo_merge(now, merge)
    assert everything(now) == state
    assert len(_tickets(now)) == len(tickets) + len(after)


def _family(desk: Desk, period: CeilingPeriod) -> int:
    household = enrol.save_household(
        desk,
        HouseholdForm(
            (
                MemberForm("Roux", "Fátima", Link.HOLDER, born="1985"), MemberForm("Blanc", "Jean-Pierre", Link.PARTNER, born="1980"),
                MemberForm("Roux", "Léo", Link.CHILD, born="2019-06"),
            ),
            AddressForm(commune_code="15187"), opened_on=ago(30),
        ),
    )  # fmt: skip
    form = decide.RightForm(
        ago(30), TODAY + timedelta(days=60), 100, (Ceiling(CeilingMeasure.SHELF_VALUE, period, 9000),)
    )
    decide.open_right(desk, household, form)
    return household


def _buy(shop: SmallShop, desk: Desk, household: int, pieces: int, day: date) -> None:
    there = replace(shop, desk=at(desk, day), household=household)
    from tests.services.test_sell import sold

    sold(there, a_basket(there, grams=0, pieces=pieces), override="accord de Camille")


def _tickets(desk: Desk) -> list[int]:
    with desk.db.read() as session:
        return list(session.scalars(select(Sale.id)))
