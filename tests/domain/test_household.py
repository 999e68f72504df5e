"""Birth dates known in part, ages surely reached, and the household as it was on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.household import (
    HouseholdType,
    Link,
    Membership,
    PartialDate,
    TimeAway,
    checked_name,
    composition_on,
    link_to_new_holder,
)
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12/03/1985", "1985-03-12"),
        ("12.3.1985", "1985-03-12"),
        ("12 03 1985", "1985-03-12"),
        ("1985-03-12", "1985-03-12"),
        ("03/1985", "1985-03"),
        ("1985", "1985"),
        ("29/02/2024", "2024-02-29"),
        ("20/11/2026", "2026-11-20"),
        ("11/2026", "2026-11"),
        ("1906", "1906"),
        ("00/00/1985", "1985"),
    ],
)
def test_a_birth_date_is_kept_as_far_as_it_is_known(typed: str, kept: str) -> None:
    found = PartialDate.parse(typed, TODAY)
    assert found is not None
    assert found.iso == kept
    assert PartialDate.parse(shown.partial_date(kept), TODAY) == PartialDate.from_iso(kept) == found


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("31/02/2000", "ce jour n’existe pas"),
        ("29/02/2023", "ce jour n’existe pas"),
        ("31/04/2000", "ce jour n’existe pas"),
        ("12/13/1985", "ce mois n’existe pas"),
        ("12/00/1985", "ce mois n’existe pas"),
        ("0000", "ce mois n’existe pas"),
        ("21/11/2026", "futur"),
        ("12/2026", "futur"),
        ("2027", "futur"),
        ("1905", "plus de 120"),
        ("12/03/85", "n’est pas une date"),
        ("mars 1985", "n’est pas une date"),
        ("1985-3-1", "n’est pas une date"),
        ("3017620422003", "n’est pas une date"),
    ],
)
def test_an_impossible_birth_date_is_told_why(typed: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        PartialDate.parse(typed, TODAY)


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{0,2}[/ .-]?[0-9]{0,2}[/ .-]?[0-9]{0,5}", fullmatch=True))
def test_no_text_breaks_the_reading_of_a_birth_date(text: str) -> None:
    try:
        found = PartialDate.parse(text, TODAY)
    except BadInput:
        return
    assert found is None or found == PartialDate.from_iso(found.iso)


@given(st.dates(date(1910, 1, 1), TODAY), st.sampled_from([4, 7, 10]), st.integers(0, 40_000))
def test_an_age_is_the_one_surely_reached(born: date, known: int, later: int) -> None:
    day = min(born + timedelta(days=later), date(2040, 1, 1))
    true_age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    partial = PartialDate.from_iso(born.isoformat()[:known])
    assert partial is not None
    assert 0 <= partial.age_on(day) <= true_age
    assert true_age - partial.age_on(day) <= (0 if known == 10 else 1)


def member(person: int, link: Link, joined: date, left: date | None = None, born: str | None = "1985") -> Membership:
    return Membership(person, link, PartialDate.from_iso(born), joined, left)


def test_the_composition_is_that_of_the_day() -> None:
    may, june = date(2026, 5, 1), date(2026, 6, 1)
    members = [
        member(1, Link.HOLDER, may),
        member(2, Link.PARTNER, may, june),
        member(3, Link.CHILD, june, born="2026-05-31"),
        member(4, Link.PARENT, date(2026, 7, 1), born=None),
    ]
    seen = {
        d: composition_on(members, d)
        for d in (may - timedelta(days=1), may, june - timedelta(days=1), june, date(2026, 7, 1))
    }
    assert [(c.persons, c.children, c.kind) for c in seen.values()] == [
        (0, 0, HouseholdType.OTHER),
        (2, 0, HouseholdType.COUPLE),
        (2, 0, HouseholdType.COUPLE),
        (2, 1, HouseholdType.LONE_PARENT),
        (3, 1, HouseholdType.OTHER),
    ]
    assert composition_on(members[:1], may).kind is HouseholdType.SINGLE


def test_a_child_born_some_day_of_a_year_is_a_child_until_it_surely_is_not() -> None:
    members = [member(1, Link.HOLDER, TODAY, born=None), member(2, Link.CHILD, TODAY, born="2008")]
    found = composition_on(members, TODAY)
    assert (found.children, found.adults, found.ages) == (1, 1, (None, 17))


def test_a_name_is_tidied_and_an_empty_one_refused() -> None:
    assert checked_name("  Jean \t Pierre\n", "prénom") == "Jean Pierre"
    for typed in ("", "   ", "x" * 81):
        with pytest.raises(BadInput):
            checked_name(typed, "prénom")


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2008-02-29", date(2026, 2, 28), 17),
        ("2008-02-29", date(2026, 3, 1), 18),
        ("2008-02-29", date(2028, 2, 29), 20),
        ("2008-01-31", date(2026, 1, 30), 17),
        ("2008-01-31", date(2026, 1, 31), 18),
        ("2008-12-31", date(2026, 12, 31), 18),
        ("2008-02", date(2026, 2, 28), 17),
        ("2008-02", date(2026, 3, 1), 18),
        ("2009-02", date(2027, 2, 28), 18),
        ("2008", date(2026, 12, 30), 17),
        ("2008", date(2026, 12, 31), 18),
        ("2026-11-20", date(2026, 11, 20), 0),
    ],
)
def test_a_birthday_at_the_end_of_a_month_or_known_in_part_comes_when_it_is_sure(
    born: str, day: date, age: int
) -> None:
    found = PartialDate.from_iso(born)
    assert found is not None
    assert found.age_on(day) == age


def test_who_is_away_is_not_counted_from_the_first_to_the_last_day() -> None:
    may = date(2026, 5, 1)
    held, away = member(1, Link.HOLDER, may), (TimeAway(date(2026, 6, 1), date(2026, 6, 3)), TimeAway(date(2026, 9, 1)))
    partner = Membership(2, Link.PARTNER, None, may, None, away)
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 3), date(2026, 6, 4), date(2026, 9, 1), date(2030, 1, 1)]
    assert [composition_on([held, partner], d).persons for d in days] == [2, 1, 1, 2, 1, 1]
    assert partner.belongs_on(date(2026, 6, 2))


@pytest.mark.parametrize(
    ("link", "heir", "after"),
    [
        (Link.CHILD, Link.PARTNER, Link.CHILD),
        (Link.PARENT, Link.PARTNER, Link.OTHER),
        (Link.CHILD, Link.CHILD, Link.SIBLING),
        (Link.PARTNER, Link.CHILD, Link.PARENT),
        (Link.SIBLING, Link.SIBLING, Link.SIBLING),
        (Link.CHILD, Link.SIBLING, Link.OTHER),
    ],
)
def test_the_links_are_told_again_from_the_new_holder(link: Link, heir: Link, after: Link) -> None:
    assert link_to_new_holder(link, heir) is after
