"""Social scales: dated figures with their source, added once a day, applied from their day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from epicerie_desktop.domain.eligibility.rules import ScaleFigure
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights.scales import add_scale, list_scales, shipped_scales
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY

FIGURE = ScaleFigure("rsa_single", date(2026, 11, 1), 660_00, "Décret d'essai du 30 octobre 2026")


def test_a_figure_is_listed_with_those_shipped_and_the_one_in_force_is_told(desk: Desk) -> None:
    assert [r.own for r in list_scales(desk)] == [False] * len(shipped_scales())
    add_scale(desk, FIGURE)
    add_scale(desk, replace(FIGURE, valid_from=TODAY + timedelta(days=60), cents=670_00))
    rows = [r for r in list_scales(desk) if r.code == "rsa_single"]
    assert [(r.cents, r.own, r.current) for r in rows[:3]] == [
        (670_00, True, False), (660_00, True, True), (651_69, False, False),
    ]  # fmt: skip


def test_two_figures_of_a_scale_for_the_same_day_are_refused_and_the_first_stays(desk: Desk) -> None:
    add_scale(desk, FIGURE)
    with pytest.raises(RuleRefused, match="déjà un chiffre"):
        add_scale(desk, replace(FIGURE, cents=1_00))
    assert [r.cents for r in list_scales(desk) if r.own] == [660_00]


@pytest.mark.parametrize(
    "wrong",
    [replace(FIGURE, code="Le RSA"), replace(FIGURE, source=" "), replace(FIGURE, cents=0), replace(FIGURE, valid_from=date(206, 1, 1))],
)  # fmt: skip
def test_a_figure_without_source_or_with_an_absurd_value_is_refused(desk: Desk, wrong: ScaleFigure) -> None:
    with pytest.raises(BadInput):
        add_scale(desk, wrong)
    assert not any(r.own for r in list_scales(desk))
