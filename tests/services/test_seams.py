"""Where the parts of a household's life meet: separation, merge, committee, absences, the till's terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from epicerie_desktop.domain.decisions import Answer
from epicerie_desktop.domain.household import LeftFor
from epicerie_desktop.persistence.models import Household, Member
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import life, separation, unite
from epicerie_desktop.services.households.separation import RightAfter
from epicerie_desktop.services.queries import absences as seen
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.queries.committee import GivenAnswer, meeting_view
from epicerie_desktop.services.rights import absences, meetings
from epicerie_desktop.services.rights.meetings import AnswerForm
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.meetings import adopt, studied
from tests.services.test_separation import parting
from tests.services.test_terms_at_till import with_terms

PEAS = {"origins": [], "families": [], "articles": ["Petits pois"]}


@pytest.mark.parametrize("measure", ["UNITS", "SHELF_VALUE"])
def test_limits_on_goods_follow_the_terms_of_each_file_and_are_not_shared_out(
    small_shop: SmallShop, measure: str
) -> None:
    limit = {"measure": measure, "period": "MONTH", "amount": 300, **PEAS}
    outside = {"code": "o", "label": "Couches", "units": 2, "period": "WEEK", "share_permille": None, **PEAS}
    with_terms(small_shop, {"limits": [limit], "outside": [{**outside, "articles": ["Couches"]}]})
    second = separation.separate(small_shop.desk, parting(small_shop, right=RightAfter.SHARED))
    for file in (small_shop.household, second):
        ceilings = counter.open_visit(small_shop.desk, file).ceilings
        assert [c.ceiling.scope is None and not c.ceiling.outside for c in ceilings] == [True, False, False]
        assert ceilings[1].ceiling.amount == 300
    assert counter.find_households(small_shop.desk, "crevecoeur")


def test_a_separation_is_not_undone_by_correcting_a_departure(small_shop: SmallShop) -> None:
    desk, file = small_shop.desk, small_shop.household
    separation.separate(desk, parting(small_shop))
    with desk.db.read() as session:
        gone = session.query(Member).filter(Member.household_id == file, Member.left_for == LeftFor.SEPARATION).first()
        assert gone is not None
        member = gone.id
    with pytest.raises(RuleRefused):
        life.correct_leaving(desk, file, member, None)


def test_two_files_of_one_open_meeting_are_reunited_after_it(desk: Desk) -> None:
    adopt(desk)
    first, second = studied(desk, "Martin"), studied(desk, "Martin")
    meeting = meetings.prepare_meeting(desk, TODAY)
    with pytest.raises(RuleRefused, match="même séance"):
        unite.merge_files(desk, first, second)
    for item in meeting_view(desk, meeting).items:
        later = GivenAnswer(Answer.ADJOURNED, conditions="Un papier.", reason="Attendre.")
        meetings.answer_item(desk, AnswerForm(item.id, item.version, later))
    meetings.close_meeting(desk, meeting)
    assert unite.merge_files(desk, first, second)


def test_an_absence_before_a_separation_counts_once(small_shop: SmallShop) -> None:
    desk, file = small_shop.desk, small_shop.household
    absences.record_absence(desk, file, TODAY - timedelta(days=7), excused=False)
    separation.separate(desk, parting(small_shop))
    assert [(r.household.id, r.count.unexcused) for r in seen.absences_to_see(desk)] == [(file, 1)]


def test_what_was_written_since_a_merge_stays_when_it_is_undone(desk: Desk) -> None:
    adopt(desk)
    first, second = studied(desk, "Martin"), studied(desk, "Martin")
    for phone in ("", "0699999999"):
        with desk.db.write() as session:
            session.get_one(Household, first).phone = "0411111111"
            session.get_one(Household, second).phone = ""
        merge = unite.merge_files(desk, first, second)
        if phone:
            with desk.db.write() as session:
                session.get_one(Household, second).phone = phone
        unite.undo_merge(desk, merge)
        with desk.db.read() as session:
            assert session.get_one(Household, second).phone == phone


def test_a_household_kept_away_renews_after_the_right_that_still_runs(small_shop: SmallShop) -> None:
    from epicerie_desktop.services.queries.study import next_start

    grants = counter.open_visit(small_shop.desk, small_shop.household).grant
    assert grants is not None
    assert next_start([replace(grants, suspended=True)], TODAY) == grants.valid_until + timedelta(days=1)
