"""Every form of the monthly sheet adds up to the same month, whatever its visits."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.figures import DayVisit, Facts, month_figures
from epicerie_desktop.domain.month_forms import NOBODY, UNKNOWN, SheetForm, form_lines
from epicerie_desktop.domain.page_choice import pages_asked
from epicerie_desktop.support.errors import BadInput

FAMILIES, ORIGINS = ("FL", "PAIN", "LAIT"), ("FOOD_BANK", "PICKUP")


@st.composite
def visit(draw: st.DrawFn) -> DayVisit:
    """A visit whose kilos are cut by family and by origin in two ways that agree."""
    households = draw(st.integers(1, 4))
    families = {f: draw(st.integers(0, 9000)) for f in FAMILIES}
    whole = sum(families.values())
    first = draw(st.integers(0, whole))
    persons = tuple(sorted(draw(st.sets(st.sampled_from("abcdef"), max_size=4))))
    facts = draw(
        st.none()
        | st.builds(
            Facts,
            st.just((None,) * len(persons)),
            st.just("U" * len(persons)),
            st.just("X"),
            st.none() | st.integers(1, 3),
        )
    )
    return DayVisit(
        date(2026, 11, draw(st.integers(1, 30))), f"h{households}", f"1-{households}", persons, families,
        dict(zip(ORIGINS, (first, whole - first), strict=True)), draw(st.integers(0, 5000)), draw(st.integers(0, 500)),
        draw(st.sampled_from(["15187", "15014", None])), 0, facts,
    )  # fmt: skip


def month() -> st.SearchStrategy[list[DayVisit]]:
    """Visits of a month, one a household and day."""
    return st.lists(visit(), max_size=12, unique_by=lambda v: (v.day, v.household))


@given(month())
def test_the_lines_of_every_form_add_up_to_the_month(visits: list[DayVisit]) -> None:
    whole = month_figures("2026-11", visits).totals
    for form in SheetForm:
        lines = form_lines(form, visits)
        assert sum(line.grams for line in lines) == whole.grams, form
        assert len({line.code for line in lines}) == len(lines)
        if not form.of_goods:
            for name in ("visits", "shelf_cents", "paid_cents"):
                assert sum(getattr(line, name) for line in lines) == getattr(whole, name), (form, name)
            assert all(sum(g for _code, g in line.grams_by_family) == line.grams for line in lines)
        for line in lines:
            assert line.households <= whole.families
            assert line.persons <= whole.persons
            assert line.visits <= whole.visits


@given(month())
def test_each_line_counts_what_a_person_would_count_by_hand(visits: list[DayVisit]) -> None:
    for line in form_lines(SheetForm.COMMUNE, visits):
        mine = [v for v in visits if (v.commune or UNKNOWN) == line.code]
        assert line.households == len({v.household for v in mine})
        assert line.persons == len({p for v in mine for p in v.persons})
        assert line.paid_cents == sum(v.paid_cents for v in mine)
    for line in form_lines(SheetForm.ORIGIN, visits):
        mine = [v for v in visits if v.grams_by_origin[line.code]]
        assert (line.visits, line.grams) == (len(mine), sum(v.grams_by_origin[line.code] for v in mine))
    by_referrer = {line.code: line.visits for line in form_lines(SheetForm.REFERRER, visits)}
    assert by_referrer.get(UNKNOWN, 0) == sum(v.facts is None for v in visits)
    assert by_referrer.get(NOBODY, 0) == sum(v.facts is not None and v.facts.referrer is None for v in visits)


@pytest.mark.parametrize(
    ("typed", "pages"),
    [
        ("", (1, 2, 3, 4, 5)),
        ("2", (2,)),
        ("1-3, 5", (1, 2, 3, 5)),
        ("4-", (4, 5)),
        ("-2", (1, 2)),
        ("5;1", (1, 5)),
        (" 3 – 4 ", (3, 4)),
    ],
)
def test_pages_are_typed_as_people_write_them(typed: str, pages: tuple[int, ...]) -> None:
    assert pages_asked(typed, 5) == pages


@pytest.mark.parametrize("typed", ["a", "1,,2", "-", ",", "0", "6", "3-2", "1-6", "1.5", "²"])
def test_what_is_no_list_of_pages_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        pages_asked(typed, 5)
