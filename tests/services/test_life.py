"""The life of a household by date: births, deaths, departures, custody, times away; every day keeps its own composition."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from epicerie_desktop.domain.household import HouseholdType, LeftFor, Link, TimeAway
from epicerie_desktop.domain.household_life import EventKind
from epicerie_desktop.persistence.models import Journal
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol, life
from epicerie_desktop.services.households.life import HolderAsked, Newcomer
from epicerie_desktop.services.queries import counter, figures
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.queries.life import HouseholdLife, household_life
from epicerie_desktop.services.queries.rights import compositions_in
from epicerie_desktop.support.errors import BadInput, RuleRefused, Stale
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket, sold

OPENED = TODAY - timedelta(days=30)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def told(found: HouseholdLife) -> list[tuple[date, list[tuple[EventKind, str]], int]]:
    return [(s.day, [(e.kind, e.name.split()[0]) for e in s.events], s.composition.persons) for s in found.steps]


def counted(desk: Desk, household: int, day: date) -> tuple[int, int, HouseholdType]:
    with desk.db.read() as session:
        found = compositions_in(session, [household], day)[household]
    return found.adults, found.children, found.kind


def stays(desk: Desk, household: int) -> dict[str, int]:
    return {s.name.split()[0]: s.member for s in household_life(desk, household).present}


def test_a_death_of_the_holder_asks_for_another_and_the_days_before_keep_their_composition(
    small_shop: SmallShop,
) -> None:
    desk, h = small_shop.desk, small_shop.household
    before = counted(desk, h, OPENED)
    members = stays(desk, h)
    with pytest.raises(HolderAsked, match="qui devient titulaire"):
        life.leave(desk, h, members["Fátima"], ago(10), LeftFor.DEATH)
    assert stays(desk, h) == members, "nothing was written"
    assert life.leave(desk, h, members["Fátima"], ago(10), LeftFor.DEATH, members["Jean-Pierre"]) == 2
    assert before == counted(desk, h, ago(11)) == (2, 1, HouseholdType.COUPLE_WITH_CHILDREN)
    assert counted(desk, h, ago(10)) == (1, 1, HouseholdType.LONE_PARENT)
    assert told(household_life(desk, h)) == [
        (ago(10), [(EventKind.DEATH, "Fátima"), (EventKind.NEW_HOLDER, "Jean-Pierre")], 2),
        (OPENED, [(EventKind.ARRIVAL, "Fátima"), (EventKind.ARRIVAL, "Jean-Pierre"), (EventKind.ARRIVAL, "Léo")], 3),
    ]
    assert counter.open_visit(desk, h).name == "Jean-Pierre C."
    form = household_file(desk, h).form
    assert [(m.first_name, m.link, m.left_on) for m in form.members if m.left_on is None] == [
        ("Léo", Link.CHILD, None), ("Jean-Pierre", Link.HOLDER, None),
    ]  # fmt: skip
    enrol.save_household(desk, form)
    assert told(household_life(desk, h))[0][2] == 2, "saving the file again changes nobody's stay"


def test_a_death_noted_on_the_wrong_day_is_corrected_or_taken_back_with_the_handing_over(small_shop: SmallShop) -> None:
    desk, h = small_shop.desk, small_shop.household
    members, first = stays(desk, h), told(household_life(desk, h))
    gone = members["Fátima"]
    life.set_away(desk, h, members["Jean-Pierre"], TimeAway(ago(12), None))
    away = told(household_life(desk, h))
    life.leave(desk, h, gone, ago(10), LeftFor.DEATH, members["Jean-Pierre"])
    life.correct_leaving(desk, h, gone, ago(5))
    assert [s[0] for s in told(household_life(desk, h))] == [ago(5), ago(12), OPENED]
    assert counted(desk, h, ago(6))[0] == 1
    assert counted(desk, h, ago(5)) == (0, 1, HouseholdType.SINGLE), "he was away: he is not counted"
    life.correct_leaving(desk, h, gone, None)
    assert told(household_life(desk, h)) == away
    assert counter.open_visit(desk, h).name == "Fátima D."
    life.drop_away(desk, h, household_life(desk, h).stay(members["Jean-Pierre"]).away[0][0])
    assert told(household_life(desk, h)) == first


def test_a_birth_an_arrival_and_a_departure_count_from_their_own_day(small_shop: SmallShop) -> None:
    desk, h = small_shop.desk, small_shop.household
    life.arrive(desk, h, Newcomer("D'Almeida", "Inès", Link.CHILD, ago(20), born=ago(20).isoformat()))
    life.arrive(desk, h, Newcomer("D'Almeida", "Rosa", Link.PARENT, ago(15), born="1955"))
    assert life.leave(desk, h, stays(desk, h)["Rosa"], ago(3), LeftFor.DEPARTURE) == 4
    assert [counted(desk, h, ago(d))[:2] for d in (21, 20, 15, 4, 3)] == [(2, 1), (2, 2), (3, 2), (3, 2), (2, 2)]
    assert [e.kind for s in household_life(desk, h).steps[:3] for e in s.events] == [
        EventKind.DEPARTURE, EventKind.ARRIVAL, EventKind.BIRTH,
    ]  # fmt: skip
    assert {f.id for f in counter.find_households(desk, "ines")} == {h}
    rosa = next(s.member for s in household_life(desk, h).stays if s.name.startswith("Rosa"))
    life.correct_arrival(desk, h, rosa, ago(12))
    assert counted(desk, h, ago(13))[0] == 2
    with pytest.raises(BadInput, match="après un départ"):
        life.correct_arrival(desk, h, rosa, ago(2))


def test_the_last_one_who_leaves_is_told_and_the_counter_asks(small_shop: SmallShop) -> None:
    desk, h = small_shop.desk, small_shop.household
    m = stays(desk, h)
    life.leave(desk, h, m["Léo"], ago(9), LeftFor.DEPARTURE)
    life.leave(desk, h, m["Jean-Pierre"], ago(8), LeftFor.DEPARTURE)
    assert not household_life(desk, h).empty
    assert life.leave(desk, h, m["Fátima"], ago(7), LeftFor.DEATH) == 0
    assert household_life(desk, h).empty
    visit = counter.open_visit(desk, h)
    assert (visit.persons, visit.verdict.reason.value, visit.name) == (0, "NO_MEMBER", "Fátima D.")
    life.correct_leaving(desk, h, m["Fátima"], None)
    assert counter.open_visit(desk, h).persons == 1


def test_a_person_away_is_counted_neither_for_rations_nor_in_the_figures(small_shop: SmallShop) -> None:
    desk, h = small_shop.desk, small_shop.household
    man = stays(desk, h)["Jean-Pierre"]
    away = life.set_away(desk, h, man, TimeAway(ago(2), None))
    sold(small_shop, a_basket(small_shop))
    assert counter.open_visit(desk, h).persons == 2
    assert counter.find_households(desk, "almeida")[0].persons == 2
    month = figures.totals_of(desk, "2026-11", "2026-11")
    assert (month.persons, month.person_visits) == (2, 2)
    with pytest.raises(BadInput, match="Une absence est déjà notée"):
        life.set_away(desk, h, man, TimeAway(TODAY, TODAY))
    with pytest.raises(BadInput, match="Le retour précède"):
        life.set_away(desk, h, man, TimeAway(TODAY, ago(1)), away)
    life.set_away(desk, h, man, TimeAway(ago(2), ago(1)), away)
    assert counter.open_visit(desk, h).persons == 3
    assert [(e.kind, s.day) for s in household_life(desk, h).steps for e in s.events if e.away] == [
        (EventKind.BACK, TODAY), (EventKind.AWAY, ago(2)),
    ]  # fmt: skip


def test_a_child_half_of_the_time_is_told_from_its_day_and_counts_whole(small_shop: SmallShop) -> None:
    desk, h = small_shop.desk, small_shop.household
    child = stays(desk, h)["Léo"]
    after = life.set_custody(desk, h, child, ago(10), shared=True)
    assert [counted(desk, h, ago(d))[1] for d in (11, 10, 0)] == [1, 1, 1]
    assert [e.kind for e in household_life(desk, h).steps[0].events] == [EventKind.SHARED]
    life.correct_custody(desk, h, after, ago(6))
    found = household_life(desk, h)
    assert (found.steps[0].day, [s.shared for s in found.stays if s.name.startswith("Léo")]) == (ago(6), [False, True])
    life.correct_custody(desk, h, stays(desk, h)["Léo"], None)
    assert [s.shared for s in household_life(desk, h).stays] == [False, False, False]
    with pytest.raises(BadInput, match="concerne un enfant"):
        life.set_custody(desk, h, stays(desk, h)["Fátima"], TODAY, shared=True)


def test_a_gesture_on_a_file_changed_meanwhile_is_refused_and_all_are_in_the_journal(small_shop: SmallShop) -> None:
    desk, h = small_shop.desk, small_shop.household
    version = household_life(desk, h).version
    members = stays(desk, h)
    life.leave(desk, h, members["Léo"], TODAY, LeftFor.DEPARTURE, version=version)
    with pytest.raises(Stale):
        life.leave(desk, h, members["Jean-Pierre"], TODAY, LeftFor.DEPARTURE, version=version)
    with pytest.raises(RuleRefused, match="déjà quitté"):
        life.leave(desk, h, members["Léo"], TODAY, LeftFor.DEPARTURE)
    with pytest.raises(BadInput, match="n’est pas encore venu"):
        life.leave(desk, h, members["Jean-Pierre"], TODAY + timedelta(days=1), LeftFor.DEATH)
    with pytest.raises(BadInput, match="précède l’arrivée"):
        life.leave(desk, h, members["Jean-Pierre"], OPENED - timedelta(days=1), LeftFor.DEPARTURE)
    with desk.db.read() as session:
        kinds = list(session.scalars(select(Journal.kind).where(Journal.kind.startswith("member."))))
        bodies = " ".join(session.scalars(select(Journal.body)))
    assert kinds == ["member.departure"]
    assert "Léo" not in bodies
