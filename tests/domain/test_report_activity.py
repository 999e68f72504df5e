"""What a period of accompaniment counts, whatever was stated and answered: requests balance, every right is told once."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.data_table import Heading as Column
from epicerie_desktop.domain.data_table import Holds, data_table
from epicerie_desktop.domain.decisions import Answer
from epicerie_desktop.domain.reports.activity import (
    Activity,
    Answered,
    RightGiven,
    Statement,
    opened_in,
    requests_of,
    stays_ended_in,
)
from epicerie_desktop.domain.reports.activity_sections import BASES, SUMS, activity
from epicerie_desktop.domain.reports.publishing import Rules, hidden_in, published
from epicerie_desktop.domain.reports.shape import Figure, Report, Section

START = date(2026, 1, 1)
DAYS = st.integers(0, 400).map(lambda n: START + timedelta(days=n))
HOUSEHOLDS = st.integers(1, 4)
STATEMENTS = st.lists(st.builds(Statement, HOUSEHOLDS, DAYS, st.integers(1, 999)), max_size=12)
ANSWERS = st.lists(st.builds(Answered, HOUSEHOLDS, DAYS, st.integers(1, 999), st.sampled_from(Answer)), max_size=12)
SPANS = st.tuples(DAYS, st.integers(0, 200)).map(lambda s: (s[0], s[0] + timedelta(days=s[1])))
RIGHTS = st.lists(
    st.builds(lambda h, s, x: RightGiven(h, s[0], s[1], exceptional=x), HOUSEHOLDS, SPANS, st.booleans()), max_size=12
)


def figures(read: Activity) -> dict[str, object]:
    return {f.code: f.value for s in activity(read) for f in s.figures}


@given(STATEMENTS, ANSWERS, SPANS)
def test_what_waited_and_came_is_what_was_answered_and_still_waits(
    statements: list[Statement], answers: list[Answered], period: tuple[date, date]
) -> None:
    told = figures(Activity(*period, statements, answers))
    for equation in SUMS:
        assert sum(int(str(told[c])) for c in equation.left) == sum(int(str(told[c])) for c in equation.right)
    decided = [a for a in answers if a.answer is not Answer.ADJOURNED]
    assert sum(r.answer is not None for r in requests_of(statements, answers)) == len(decided)


@given(RIGHTS, SPANS)
def test_every_right_begins_once_and_every_stay_ends_once(rights: list[RightGiven], period: tuple[date, date]) -> None:
    first, last = period
    opened = opened_in(rights, first, last)
    assert len(opened.all) == sum(not r.exceptional and first <= r.first <= last for r in rights)
    usual = [r for r in rights if not r.exceptional]
    everything = stays_ended_in(rights, START, START + timedelta(days=700))
    assert len(everything) >= len({r.household for r in usual})
    assert sum(everything) >= max((r.days for r in usual), default=0)


def test_a_statement_said_again_and_an_adjournment_are_one_request() -> None:
    days = [START + timedelta(days=n) for n in range(5)]
    statements = [Statement(1, days[0], 1), Statement(1, days[2], 2), Statement(1, days[4], 3)]
    answers = [Answered(1, days[1], 1, Answer.ADJOURNED), Answered(1, days[3], 2, Answer.GRANTED)]
    one, two = requests_of(statements, answers)
    assert (one.received, one.put_off, one.answered) == (days[0], (days[1],), days[3])
    assert (two.received, two.answered) == (days[4], None)


def test_a_right_within_three_months_is_a_renewal_then_a_return_and_one_day_visits_are_none() -> None:
    def right(begins: int, length: int, *, exceptional: bool = False) -> RightGiven:
        return RightGiven(1, START + timedelta(days=begins), START + timedelta(days=begins + length), exceptional)

    first, renewed = right(0, 30), right(122, 30)
    rights = [first, right(50, 0, exceptional=True), renewed, right(245, 30)]
    opened = opened_in(rights, START, START + timedelta(days=400))
    assert (opened.firsts, opened.renewals, len(opened.returns)) == ((first,), (renewed,), 1)
    assert stays_ended_in(rights, START, START + timedelta(days=400)) == (153, 31)


def test_a_mean_over_few_and_the_figures_that_would_give_a_small_one_away_are_hidden() -> None:
    few = [Statement(n, START, n) for n in range(1, 9)]
    answers = [
        Answered(n, START + timedelta(days=n), n, Answer.GRANTED if n > 2 else Answer.REFUSED) for n in range(1, 8)
    ]
    read = Activity(START, START + timedelta(days=30), few, answers)
    whole = Report("Rapport", read.first, read.last, activity(read))
    told = {f.code: f.value for f in published(whole, Rules(equations=SUMS, means=BASES)).figures()}
    assert told["requests_received"] == 8
    assert [told[c] for c in ("requests_refused", "requests_waiting", "requests_days")] == [None, None, None]
    assert told["requests_granted"] == 5, "the control"
    assert told["requests_waiting_before"] is None, "the two hidden ones add up to three: a third goes with them"


COUNTS = st.lists(st.integers(0, 30), min_size=1, max_size=6)


@given(COUNTS)
def test_no_count_of_a_column_is_left_alone_with_its_total(counts: list[int]) -> None:
    rows = [(str(n), value, value * 1000) for n, value in enumerate(counts)]
    heads = (Column("Commune"), Column("Foyers", Holds.COUNT), Column("Kilos", Holds.GRAMS))
    table = data_table("Par commune", heads, [*rows, ("Ensemble", sum(counts), sum(counts) * 1000)])
    told, totals = hidden_in(table, 5)
    shown = [row[1] for row in told.rows]
    assert not [v for v in shown if isinstance(v, int) and 0 < v < 5]
    assert shown.count(None) != 1, "one hidden cell is the total less the others"
    assert all(row[2] is None for row in told.rows if row[1] is None), "its kilos go with it"
    assert (shown[-1] is None) == bool(totals)
    gone = sum(v for v, s in zip(counts, shown, strict=False) if s is None)
    assert shown[-1] is None or gone == 0 or gone >= 5


def test_tables_that_cut_across_each_other_are_not_published_together() -> None:
    def table(name: str) -> object:
        return data_table(name, (Column("Âge"), Column("Personnes", Holds.COUNT)), [("0-17", 40)])

    names = ("Par commune", "Par secteur", "Par sexe")
    section = Section("Foyers", (), tuple(table(n) for n in names))  # type: ignore[arg-type]
    told = published(Report("R", START, START, (section,)), Rules(one_of=(("Par secteur", "Par commune"),))).sections[0]
    assert [t.name for t in told.tables] == ["Par secteur", "Par sexe"]
    assert len(told.notes) == 1
    figure = Figure("families", "Foyers", 4, Holds.COUNT, "")
    assert published(Report("R", START, START, (Section("S", (figure,)),)), Rules(threshold=3)).sections[0].figures == (
        figure,
    )


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), min_size=1, max_size=7))
def test_the_persons_of_a_row_never_tell_its_few_households(rows: list[tuple[int, int]]) -> None:
    counts = [(str(n), homes, homes * size) for n, (homes, size) in enumerate(rows)]
    whole = ("Ensemble", sum(c[1] for c in counts), sum(c[2] for c in counts))
    heads = (Column("Taille"), Column("Foyers", Holds.COUNT), Column("Personnes", Holds.COUNT))
    told, _totals = hidden_in(
        data_table("Par taille", heads, [*counts, whole]), 5, together=frozenset({"Foyers", "Personnes"})
    )
    for row, (_name, homes, persons) in zip(told.rows, [*counts, whole], strict=True):
        assert not (isinstance(row[1], int) and 0 < row[1] < 5)
        if row is not told.rows[-1]:
            assert (row[1] is None) == (row[2] is None), "both or neither"
        assert row[1] in (None, homes)
        assert row[2] in (None, persons)
    for column in (1, 2):
        body = [(v[column], t[column]) for v, t in zip(counts, told.rows, strict=False)]
        gone = [value for value, shown in body if shown is None]
        assert told.rows[-1][column] is None or not sum(map(int, gone)) or (len(gone) > 1 and sum(map(int, gone)) >= 5)
