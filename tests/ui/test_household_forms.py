"""What the households' screen reckons without a widget: two people's changes brought together, and days typed in figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.household import Link
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.ui.common.days import parse_day
from epicerie_desktop.ui.households.merge import merged

TODAY = date(2026, 11, 20)
_TEXTS = st.sampled_from(["", "a", "b", "c"])
_MEMBERS = st.builds(
    MemberForm, last_name=_TEXTS, first_name=_TEXTS, link=st.sampled_from(list(Link)), born=st.sampled_from([None, "1985"]),
    left_on=st.sampled_from([None, TODAY]),
)  # fmt: skip


def _edited(base: HouseholdForm, texts: tuple[str, str], members: list[MemberForm]) -> HouseholdForm:
    kept = tuple(replace(m, member_id=i) for i, m in enumerate(members[: len(base.members)]))
    return replace(base, phone=texts[0], note=texts[1], members=kept)


@given(st.lists(_MEMBERS, min_size=2, max_size=2), st.lists(_MEMBERS, min_size=2, max_size=2), st.lists(_MEMBERS, min_size=2, max_size=2),
       st.tuples(_TEXTS, _TEXTS), st.tuples(_TEXTS, _TEXTS), st.tuples(_TEXTS, _TEXTS))  # fmt: skip
def test_merging_keeps_every_change_of_both_and_names_only_what_both_changed_differently(
    first: list[MemberForm], mine: list[MemberForm], other: list[MemberForm],
    was: tuple[str, str], here: tuple[str, str], there: tuple[str, str],
) -> None:  # fmt: skip
    base = _edited(HouseholdForm(tuple(first), id=1, version=1), was, first)
    ours, theirs = _edited(base, here, mine), replace(_edited(base, there, other), version=2)
    both, conflicts = merged(base, ours, theirs)
    assert both.version == 2
    pairs = [((f,), base, ours, theirs, both) for f in ("phone", "note")]
    names = ("last_name", "first_name", "link", "born", "left_on")
    pairs += [(names, *rows) for rows in zip(base.members, ours.members, theirs.members, both.members, strict=True)]  # type: ignore[list-item]
    clashes = 0
    for fields, b, o, t, m in pairs:
        for f in fields:
            before, our, their, kept = (getattr(row, f) for row in (b, o, t, m))
            assert kept == (their if our == before else our)
            clashes += our != before and their not in (before, our)
    assert len(conflicts) == clashes
    assert merged(base, base, theirs) == (theirs, ())


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_day_typed_in_figures_reads_back_as_itself(day: date) -> None:
    assert parse_day(f" {day:%d/%m/%Y} ") == day
    if day.year >= 2000 and day.year < 2100:
        assert parse_day(f"{day.day}.{day.month}.{day.year % 100:02d}") == day


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)), st.integers(-180, 180))
def test_a_day_typed_without_its_year_is_the_closest_one(near: date, apart: int) -> None:
    day = near + timedelta(days=apart)
    assert parse_day(f"{day:%d/%m}", near) == day or (day.day, day.month) == (29, 2)
    with pytest.raises(BadInput):
        parse_day(f"{day:%d/%m}")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("15/8", date(2027, 8, 15)), ("20/11", TODAY), ("19/11", date(2027, 11, 19)), ("29/2", date(2028, 2, 29)), ("15/8/26", date(2026, 8, 15))],
)  # fmt: skip
def test_until_when_something_is_valid_is_the_next_such_day_unless_its_year_is_typed(
    typed: str, expected: date
) -> None:
    assert parse_day(typed, TODAY, end=True) == expected


@given(st.text(alphabet="0123456789/.- ", max_size=12))
def test_no_text_of_figures_makes_a_day_by_breaking_the_reader(typed: str) -> None:
    try:
        found = parse_day(typed)
    except BadInput:
        return
    day, month, year = (
        int(part) for part in typed.replace(".", "/").replace("-", "/").replace(" ", "/").strip("/").split("/")
    )
    assert (found.day, found.month, found.year % 100) == (day, month, year % 100)
