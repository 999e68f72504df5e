"""Families, persons, visits and kilos: the definitions, recomputed by brute force over any months."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from epicerie_desktop.domain.figures import DayVisit, month_figures, month_of, months_between, totals
from tests.examples import examples

FAMILIES, ORIGINS = ("FL", "EPI", "LAIT"), ("FOOD_BANK", "PICKUP")


@st.composite
def visits(draw: st.DrawFn) -> list[DayVisit]:
    """Visits of a few households over a few months, one a household and day, whose persons come and go and change households."""
    found = {}
    for _ in range(draw(st.integers(0, 25))):
        household = f"h{draw(st.integers(1, 5))}"
        day = date(2026, draw(st.integers(1, 4)), draw(st.integers(1, 28)))
        grams = {f: draw(st.integers(0, 3000)) for f in draw(st.sets(st.sampled_from(FAMILIES)))}
        persons = tuple(f"p{n}" for n in sorted(draw(st.sets(st.integers(1, 9), max_size=5))))
        found[(household, day)] = DayVisit(
            day, household, household, persons, grams, {draw(st.sampled_from(ORIGINS)): sum(grams.values())},
            draw(st.integers(0, 5000)), draw(st.integers(0, 900)),
        )  # fmt: skip
    return list(found.values())


@settings(max_examples=examples(120))
@given(visits(), st.randoms())
def test_totals_over_months_are_those_counted_by_hand(found: list[DayVisit], rng: object) -> None:
    rng.shuffle(found)  # type: ignore[attr-defined]
    months = [
        month_figures(m, [v for v in found if month_of(v.day) == m]) for m in months_between("2026-01", "2026-04")
    ]
    whole = totals(months)
    assert whole.families == len({v.household for v in found})
    assert whole.persons == len({p for v in found for p in v.persons})
    assert whole.visits == len(found)
    assert whole.person_visits == sum(len(v.persons) for v in found)
    assert whole.grams == sum(sum(v.grams_by_family.values()) for v in found)
    assert (whole.shelf_cents, whole.paid_cents) == (
        sum(v.shelf_cents for v in found),
        sum(v.paid_cents for v in found),
    )
    by_family: Counter[str] = Counter()
    for v in found:
        by_family.update(v.grams_by_family)
    assert dict(whole.grams_by_family) == {k: n for k, n in by_family.items() if n}
    assert sum(n for _, n in whole.grams_by_origin) == whole.grams
    for month in months:
        assert month.totals.visits == sum(line.visits for line in month.households)
        assert month.totals.families == len(month.households)


@settings(max_examples=examples(80))
@given(visits())
def test_a_family_seen_every_month_counts_once_over_the_year(found: list[DayVisit]) -> None:
    months = [
        month_figures(m, [v for v in found if month_of(v.day) == m]) for m in months_between("2026-01", "2026-04")
    ]
    whole, parts = totals(months), [m.totals for m in months]
    assert max([p.families for p in parts]) <= whole.families <= sum(p.families for p in parts)
    assert max([p.persons for p in parts]) <= whole.persons <= sum(p.persons for p in parts)
    assert totals([*months, *months]).families == whole.families
    assert totals([]) == totals([month_figures("2026-01", [])])


def test_months_run_over_years_and_stop_at_the_last_year_there_is() -> None:
    assert months_between("2026-11", "2027-02") == ("2026-11", "2026-12", "2027-01", "2027-02")
    assert months_between("2026-11", "2026-10") == ()
    assert months_between("9999-11", "9999-12") == ("9999-11", "9999-12")
    assert len(months_between("0001-01", "9999-12")) == 12 * 9999
