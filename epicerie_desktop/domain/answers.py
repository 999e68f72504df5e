"""What a question is answered: its lines, the totals of its levels, and the same as a table. Knows no SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from epicerie_desktop.domain.data_table import DataTable, Heading, Value
from epicerie_desktop.domain.question_catalogue import Measure
from epicerie_desktop.domain.questions import Code, Question
from epicerie_desktop.support.i18n import N_, gettext

Codes = tuple[Code, ...]
Hidden = Mapping[tuple[int, ...], frozenset[Codes]]
"""What a published table does not show: by level, the codes of its lines."""
TOTAL = N_("Total")
ONLY = N_("Seulement : {name} = {values}.")
NO_SUM = N_("{name} : pas de total, le même foyer ou la même personne peut être dans plusieurs lignes.")
HIDDEN = N_(
    "« s » ou case vide : secret, petit effectif ou case qui permettrait d'en retrouver un. Rien ne dit lequel des deux."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question over its days, both included.

    `names` are those of each group's values, by code, in the order they are shown. `levels` gives, for each set of groups that
    is added up (their places: (0, 1) the lines, () the whole), the numbers counted, by the codes of these groups. Integers:
    grams, cents. `heads` is the same for the people behind, where the subject has any.
    """

    asked: Question
    first: date
    last: date
    names: tuple[Mapping[Code, str], ...]
    levels: Mapping[tuple[int, ...], Mapping[Codes, tuple[int, ...]]]
    heads: Mapping[tuple[int, ...], Mapping[Codes, int]]
    kept: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What was kept alone, in words: by what, and which values."""

    @property
    def places(self) -> tuple[int, ...]:
        """Return the places of every group."""
        return tuple(range(len(self.asked.groups)))

    @property
    def lines(self) -> Mapping[Codes, tuple[int, ...]]:
        """Return the numbers of each line."""
        return self.levels[self.places]

    def ordered(self, level: tuple[int, ...], hidden: Hidden | None = None) -> list[Codes]:
        """Return the codes of a level's lines, in the order they are shown; a hidden cell is a line even where nobody is in it."""
        ranks = [{c: i for i, c in enumerate(self.names[p])} for p in level]
        lines = {*self.levels[level], *(hidden or {}).get(level, ())}
        return sorted(lines, key=lambda codes: [r[c] for r, c in zip(ranks, codes, strict=True)])

    def words(self, level: tuple[int, ...], codes: Codes) -> list[str]:
        """Return the names of a line's codes."""
        return [self.names[p][c] for p, c in zip(level, codes, strict=True)]


def table_of(answer: Answer, title: str, *, totals: bool = True, hidden: Hidden | None = None) -> DataTable:
    """Return the table of an answer. `totals` adds the line of the whole, where it means something.

    With `hidden` the table is one to publish: what is hidden is empty, and what does not add up has no total.
    """
    notes = [gettext(ONLY).format(name=name, values=", ".join(values)) for name, values in answer.kept]
    notes += [gettext(answer.asked.about.definition), *_definitions(answer)]
    if hidden is not None:
        notes += [gettext(NO_SUM).format(name=gettext(m.name)) for m in answer.asked.measures if not m.adds_up]
        if any(hidden.values()):
            notes.append(gettext(HIDDEN))
    if answer.asked.crossed:
        headings, rows = _crossed(answer, totals=totals, hidden=hidden)
    else:
        headings, rows = _listed(answer, totals=totals, hidden=hidden)
    return DataTable(title, tuple(headings), tuple(tuple(r) for r in rows), tuple(notes))


def _definitions(answer: Answer) -> list[str]:
    told = [(b.name, b.definition) for b in answer.asked.by] + [(m.name, m.definition) for m in answer.asked.measures]
    return [f"{gettext(name)} : {gettext(definition)}" for name, definition in told]


def _numbers(
    answer: Answer, level: tuple[int, ...], codes: Codes, hidden: Hidden | None, measures: Sequence[Measure]
) -> list[Value]:
    """Return the numbers of a line or of a total: None where it is hidden, "" where a published sum would mean nothing."""
    if hidden is not None and codes in hidden.get(level, frozenset()):
        return [None] * len(measures)
    found = answer.levels[level].get(codes, (0,) * len(measures))
    whole = hidden is None or level == answer.places
    return [n if whole or m.adds_up else "" for n, m in zip(found, measures, strict=True)]


def _listed(answer: Answer, *, totals: bool, hidden: Hidden | None) -> tuple[list[Heading], list[list[Value]]]:
    asked = answer.asked
    headings = [Heading(gettext(b.name)) for b in asked.by] + [
        Heading(gettext(m.name), m.holds) for m in asked.measures
    ]
    places, rows = answer.places, list[list[Value]]()
    for codes in answer.ordered(places, hidden):
        rows.append([*answer.words(places, codes), *_numbers(answer, places, codes, hidden, asked.measures)])
    if not places or not totals:
        return headings, rows
    total = gettext(TOTAL)
    if hidden is not None and len(places) == 2:
        for place in places:
            for codes in answer.ordered((place,), hidden):
                told: list[Value] = [total, total]
                told[place] = answer.names[place][codes[0]]
                rows.append([*told, *_numbers(answer, (place,), codes, hidden, asked.measures)])
    rows.append([total, *[""] * (len(places) - 1), *_numbers(answer, (), (), hidden, asked.measures)])
    return headings, rows


def _crossed(answer: Answer, *, totals: bool, hidden: Hidden | None) -> tuple[list[Heading], list[list[Value]]]:
    asked, measures = answer.asked, answer.asked.measures
    last, across = answer.places[-1], answer.places[:-1]
    holds = measures[0].holds
    columns = list(answer.names[last])
    headings = [Heading(gettext(b.name)) for b in asked.by[:-1]]
    headings += [Heading(answer.names[last][c], holds) for c in columns]
    with_total = totals and (hidden is None or measures[0].adds_up)
    if with_total:
        headings.append(Heading(gettext(TOTAL), holds))
    rows: list[list[Value]] = []
    for codes in dict.fromkeys(key[:-1] for key in answer.ordered(answer.places, hidden)):
        row: list[Value] = [*answer.words(across, codes)]
        for c in columns:
            row += _numbers(answer, answer.places, (*codes, c), hidden, measures)
        rows.append(row + (_numbers(answer, across, codes, hidden, measures) if with_total else []))
    if with_total:
        foot: list[Value] = [gettext(TOTAL), *[""] * (len(across) - 1)]
        for c in columns:
            foot += _numbers(answer, (last,), (c,), hidden, measures)
        rows.append(foot + _numbers(answer, (), (), hidden, measures))
    return headings, rows


def levels_for(asked: Question) -> tuple[tuple[int, ...], ...]:
    """Return the levels an answer is read at: its lines, the whole, and the totals of rows and columns."""
    places = tuple(range(len(asked.groups)))
    found = [places, ()]
    if len(places) == 2:
        found += [(0,), (1,)]
    if len(places) == 3 and asked.crossed:
        found += [(0, 1), (2,)]
    return tuple(dict.fromkeys(found))
