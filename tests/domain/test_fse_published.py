"""The indicators of the European fund as published: nobody works out a few persons, nor what they received."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.data_table import Heading, Holds, data_table
from epicerie_desktop.domain.reports.fse import PARTS, RECEIVED, estimates_table_name
from epicerie_desktop.domain.reports.publishing import Rules, published
from epicerie_desktop.domain.reports.shape import Figure, Report, Section, Standing

RULES = Rules(5, parts=PARTS, received=RECEIVED, left_out=frozenset({estimates_table_name()}))
DAY = date(2026, 12, 31)
CODES = ("EMCR01", "EMCR02", "EMCR03", "EMCR05")


def told(values: dict[str, int | None], rules: Rules = RULES) -> Section:
    figures = tuple(
        Figure(c, c, v, Holds.COUNT if c.startswith("EMCR") else Holds.CENTS, "compte", Standing.ESTIMATED, "Estimé ainsi : au registre.")
        for c, v in values.items()
    )  # fmt: skip
    table = data_table(estimates_table_name(), (Heading("Indicateur"), Heading("Estimation")), [("EMCR09", "2")])
    section = Section("FSE+", figures, (table,), ("note",), ("Personnes sans date de naissance : 1.",))
    return published(Report("R", DAY, DAY, (section,)), rules).sections[0]


def values(section: Section) -> dict[str, object]:
    return {f.code: f.value for f in section.figures}


def test_few_persons_and_what_they_received_are_hidden_and_the_control_tells_them() -> None:
    counted: dict[str, int | None] = {
        "EMCO01": 900_00, "EMCO02": 800_00, "EMCO03": 40_00, "EMCO04": 760_00, "EMCO05": 100_00, "EMCR01": 40, "EMCR02": 12, "EMCR03": 8,
        "EMCR04": 22, "EMCR05": 9, "EMCR09": 2, "EMCR10": 12,
    }  # fmt: skip
    section = told(counted)
    assert {c for c, v in values(section).items() if v is None} == {"EMCR09", "EMCO03", "EMCO04"}
    assert (section.tables, section.inner_notes) == ((), ())
    assert {f.basis for f in section.figures} == {""}
    assert values(told({**counted, "EMCR09": 6})) == {**counted, "EMCR09": 6}, "the control: enough persons"
    assert values(told(counted, Rules(1))) == counted, "the control: no threshold"


def test_the_rest_of_a_whole_that_is_never_printed_is_kept_as_well() -> None:
    # Thirty-eight women of forty: two men.
    assert values(told({"EMCR01": 40, "EMCR04": 38})) == {"EMCR01": 40, "EMCR04": None}
    assert values(told({"EMCR01": 40, "EMCR04": 30})) == {"EMCR01": 40, "EMCR04": 30}, "the control"


@pytest.mark.parametrize("zero", ["EMCO04", "EMCO03"])
def test_a_nought_left_of_a_whole_does_not_tell_what_was_taken_off_it(zero: str) -> None:
    counted = {"EMCO02": 500_00, "EMCO03": 500_00, "EMCO04": 500_00, "EMCR01": 20, "EMCR09": 3, zero: 0}
    shown = values(told(dict(counted)))
    assert (shown["EMCO02"], shown["EMCO03"], shown["EMCO04"]) == (500_00, None, None)


@given(st.tuples(*[st.integers(0, 14)] * 4))
def test_no_age_nor_the_rest_is_worked_out_by_whoever_solves_what_is_printed(ages: tuple[int, ...]) -> None:
    from scipy.optimize import linprog  # half a second: only for who solves

    *parts, _rest = ages
    shown = values(told(dict(zip(CODES, (sum(ages), *parts), strict=True))))
    kept = [shown[c] for c in CODES[1:]]
    for at, secret in enumerate(ages):
        if not 0 < secret < 5:
            continue
        # The four ages are unknowns, whatever is printed is an equation, and nobody is less than none.
        equal = [([1.0] * 4, shown["EMCR01"])] + [([float(n == i) for n in range(4)], v) for i, v in enumerate(kept)]
        printed = [(row, v) for row, v in equal if isinstance(v, int)]
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(
                [sign * (n == at) for n in range(4)], A_eq=[r for r, _ in printed] or None, b_eq=[v for _, v in printed] or None,
                bounds=[(0, None)] * 4,
            )  # fmt: skip
            ends.append(float("inf") if found.status == 3 else sign * found.fun)
        assert ends[1] - ends[0] >= 5 - 1e-6 or ends[1] == float("inf"), (ages, shown, at)
