"""Households and persons told by every breakdown, against counts made by hand; brackets and sectors as their files give them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epicerie_desktop.domain.data_table import DataTable
from epicerie_desktop.domain.enrolled import Enrolled, enrolments
from epicerie_desktop.domain.figures import DayVisit, Facts, months_between
from epicerie_desktop.domain.household import HouseholdType
from epicerie_desktop.domain.reports.people import Counts, Lists, Served, people
from epicerie_desktop.domain.reports.people_lists import parse_brackets, territory_on
from epicerie_desktop.domain.reports.shape import Section, Standing
from epicerie_desktop.services import nomenclatures

LAST = date(2026, 4, 30)
LISTS = Lists(
    nomenclatures.age_brackets(), nomenclatures.territories(), nomenclatures.commune_names(), {1: ("Mme A", "CCAS"), 2: ("M. B", "CCAS")}
)  # fmt: skip
COMMUNES = ("15187", "15188", "15045", None)


def some_visits(seed: int) -> list[DayVisit]:
    """Visits of households that move, grow, change service and band, whose persons change households; some of older months."""
    rng, found = random.Random(seed), {}
    for _ in range(rng.randrange(25)):
        household, day = f"h{rng.randint(1, 4)}", date(2026, rng.randint(1, 4), rng.randint(1, 28))
        persons = tuple(f"p{n}" for n in sorted(rng.sample(range(1, 9), rng.randrange(8))))
        facts = Facts(
            tuple(rng.choice((None, rng.randrange(99))) for _ in persons), "".join(rng.choice("FMU") for _ in persons),
            rng.choice(list(HouseholdType)).value, rng.choice((None, 1, 2)), rng.choice((None, "a", "b")), rng.choice((None, "DEBTS")),
        )  # fmt: skip
        found[(household, day)] = DayVisit(
            day, household, household, persons, {}, {}, 0, 0, rng.choice(COMMUNES), 0, rng.choice((facts, None))
        )
    return list(found.values())


def visits() -> st.SearchStrategy[list[DayVisit]]:
    """Drawn by a seed: so many codes drawn one by one would take longer than the test."""
    return st.integers(0, 2**32).map(some_visits)


def enrolled_months(*, households: int = 3) -> st.SearchStrategy[list[list[Enrolled]]]:
    """Return months that follow each other: who was in on the last day of one is in on the eve of the next."""

    @st.composite
    def months(draw: st.DrawFn) -> list[list[Enrolled]]:
        state = {f"h{n}": draw(st.booleans()) for n in range(households)}
        ever = dict(state)
        found = []
        for _ in range(draw(st.integers(1, 4))):
            rows = []
            for h, before in state.items():
                # In on the eve, a right may end that very day; out, one may begin and end within the month.
                inside = draw(st.booleans())
                after = inside and draw(st.booleans())
                if before or inside:
                    begun = inside and (not before or draw(st.booleans()))
                    rows.append(
                        Enrolled(h, (f"p{h}",) if inside else (), before, inside, after, begun and not ever[h], begun and ever[h])
                    )  # fmt: skip
                ever[h], state[h] = ever[h] or inside, after
            found.append(rows)
        return found

    return months()


def tables(sections: tuple[Section, ...]) -> dict[str, DataTable]:
    return {t.name: t for s in sections for t in s.tables}


def numbers(rows: Sequence[Sequence[object]], first: int) -> list[list[int]]:
    """Return the columns of a table from one on, as integers."""
    found = [[n for n in row[first:] if isinstance(n, int)] for row in rows]
    return [list(column) for column in zip(*found, strict=True)]


@settings(max_examples=60)
@given(visits(), st.randoms())
def test_every_breakdown_adds_up_to_the_whole_and_each_counts_once(found: list[DayVisit], rng: object) -> None:
    rng.shuffle(found)  # type: ignore[attr-defined]
    parts = [(m, ()) for m in months_between("2026-01", "2026-04")]
    sections = people(found, parts, LAST, LISTS)
    persons, households = {p for v in found for p in v.persons}, {v.household for v in found}
    whole = (len(households), len(persons), len(found), sum(len(v.persons) for v in found))
    told = {f.code: f.value for s in sections for f in s.figures}
    assert (told["families"], told["persons"], told["visits"], told["person_visits"]) == whole
    for name, table in tables(sections).items():
        *rows, last = table.rows
        if not rows:
            assert not found
            continue
        if name == "Mois par mois":
            assert last[2:] == whole
            sums = [sum(column) for column in numbers(rows, 2)]
            # Of months, only visits add up: a household or a person of two months counts once over them.
            assert tuple(sums[2:]) == whole[2:]
            assert all(
                max(column, default=0) <= once <= sum(column)
                for column, once in zip(numbers(rows, 2), whole[:2], strict=False)
            )
            continue
        assert tuple(sum(column) for column in numbers(rows, 1)) == last[1:], name
        if name == "Passages par secteur et par mois":
            assert last[-1] == sum(n for n in last[1:-1] if isinstance(n, int)) == whole[2]
        elif len(table.headings) == 5:
            assert last[1:] == whole
        elif name.startswith(("Par âge", "Par sexe")):
            assert last[1:] == (whole[1], whole[3])


@settings(max_examples=60)
@given(visits())
def test_a_household_and_a_person_are_told_as_they_were_at_their_first_visit(found: list[DayVisit]) -> None:
    """By hand: the first visit of each, then a count; and each visit as it was."""
    served = Served(found)
    ordered = sorted(found, key=lambda v: (v.day, v.household))
    for commune in COMMUNES:
        firsts: dict[str, DayVisit] = {}
        of_persons: dict[str, DayVisit] = {}
        for v in ordered:
            firsts.setdefault(v.household, v)
            for p in v.persons:
                of_persons.setdefault(p, v)
        here = [v for v in found if v.commune == commune]
        expected = Counts(
            sum(v.commune == commune for v in firsts.values()), sum(v.commune == commune for v in of_persons.values()),
            len(here), sum(len(v.persons) for v in here),
        )  # fmt: skip
        assert served.by(lambda v: v.commune).get(commune, Counts()) == expected


def test_a_household_that_grows_and_moves_is_told_once_and_its_visits_where_they_were() -> None:
    def visit(day: date, persons: int, commune: str, kind: HouseholdType, ages: tuple[int | None, ...]) -> DayVisit:
        tokens = tuple(f"p{n}" for n in range(persons))
        return DayVisit(day, "h", "1-1", tokens, {}, {}, 0, 0, commune, 0, Facts(ages, "F" * persons, kind.value))

    sections = people(
        [
            visit(date(2026, 1, 5), 1, "15187", HouseholdType.SINGLE, (17,)),
            visit(date(2026, 3, 5), 2, "15045", HouseholdType.LONE_PARENT, (18, 0)),
        ],
        [(m, ()) for m in months_between("2026-01", "2026-03")],
        LAST,
        LISTS,
    )
    found = tables(sections)
    assert found["Par commune"].rows == (
        ("Chaudes-Aigues", 0, 1, 1, 2),
        ("Saint-Flour", 1, 1, 1, 1),
        ("Ensemble", 1, 2, 2, 3),
    )
    assert found["Par nombre de personnes"].rows == (("1", 1, 1, 1, 1), ("2", 0, 1, 1, 2), ("Ensemble", 1, 2, 2, 3))
    # The elder was 17 at its first visit; at the second one it was 18, and a baby came.
    assert found["Par âge (FSE+)"].rows[:2] == (("Moins de 18 ans", 2, 2), ("18 à 29 ans", 0, 1))


@settings(max_examples=60)
@given(enrolled_months())
def test_who_was_in_plus_who_came_less_who_left_is_who_is_in(months: list[list[Enrolled]]) -> None:
    whole, parts = enrolments(months), [enrolments([rows]) for rows in months]
    for found in (whole, *parts):
        assert found.before + found.new + found.came_back - found.left == found.after
        assert found.persons == found.households
        assert found.after <= found.households
    assert max(p.households for p in parts) <= whole.households <= sum(p.households for p in parts)
    assert whole.before == parts[0].before
    assert whole.after == parts[-1].after
    # A first right begins once in a life: of the new ones, the months add up.
    assert whole.new <= sum(p.new for p in parts)
    assert [Enrolled.from_record(e.to_record()) for rows in months for e in rows] == [
        e for rows in months for e in rows
    ]


def test_months_closed_make_a_closed_figure_and_one_open_makes_it_provisional() -> None:
    parts = [(m, ()) for m in ("2026-01", "2026-02")]
    both, one = frozenset({"2026-01", "2026-02"}), frozenset({"2026-01"})
    assert {f.standing for s in people([], parts, LAST, LISTS, closed=both, frozen=both) for f in s.figures} == {
        Standing.CLOSED
    }
    found = {f.code: f.standing for s in people([], parts, LAST, LISTS, closed=both, frozen=one) for f in s.figures}
    assert (found["families"], found["registered_households"]) == (Standing.CLOSED, Standing.PROVISIONAL)


@pytest.mark.parametrize("day", [date(2013, 6, 1), date(2016, 12, 31), date(2017, 1, 1), date(2026, 1, 1)])
def test_the_sectors_hold_every_commune_of_the_territory_of_that_day_once(day: date) -> None:
    territory = territory_on(nomenclatures.territories(), day)
    assert territory is not None
    named = [c for s in territory.sectors for c in s.communes]
    then = {c.code for c in nomenclatures.all_communes() if (c.in_2013 if day.year < 2017 else c.since_2017)}
    assert sorted(named) == sorted(then)
    assert len(named) == (18 if day.year < 2017 else 53)
    assert territory.sector_of("75056") is None
    assert territory.sector_of(None) is None


@given(st.integers(0, 120))
def test_every_age_has_one_bracket_in_every_list(age: int) -> None:
    for kept in nomenclatures.age_brackets():
        inside = [b for b in kept.brackets if b.first <= age and (b.last is None or age <= b.last)]
        assert inside == [kept.of(age)]


@pytest.mark.parametrize(
    "brackets",
    ["{from=0,to=17},{from=19}", "{from=0,to=17},{from=17}", "{from=1}", "{from=0,to=17}", "{from=0},{from=1}"],
)  # fmt: skip
def test_brackets_that_do_not_follow_each_other_are_refused(brackets: str) -> None:
    rows = brackets.replace("{", '{code="x",label="x",')
    text = f'[[set]]\ncode="X"\nname="X"\nsource=""\nvalid_from=2020-01-01\nofficial=true\nbracket=[{rows}]'
    with pytest.raises(ValueError, match="follow"):
        parse_brackets(text)


def test_a_bracket_list_is_taken_on_the_days_it_holds() -> None:
    parts = [("2019-05", ())]
    assert "Par âge (FEAD)" in tables(people([], parts, date(2019, 5, 31), LISTS))
    assert "Par âge (FSE+)" not in tables(people([], parts, date(2019, 5, 31), LISTS))
