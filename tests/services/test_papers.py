"""The papers made from what is stored, read back."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from epicerie_desktop.domain.eligibility.situation import Member, Situation
from epicerie_desktop.domain.household import HouseholdType
from epicerie_desktop.services import dump, sheets
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.rights import decide
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.services.conftest import SmallShop
from tests.services.test_figures import book


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_right_opened_on_an_evaluation_is_explained_on_paper_step_by_step(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    ruleset = decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    with pytest.raises(RuleRefused):
        sheets.decision_pdf(desk, household)
    situation = Situation(
        small_shop.today, (Member(age=41), Member(age=46), Member(age=7)),
        resources=tuple((r.code, 0) for r in ruleset.resources), charges=tuple((c.code, 0) for c in ruleset.charges),
        household_type=HouseholdType.COUPLE_WITH_CHILDREN,
    )  # fmt: skip
    assessment, outcome = decide.record_assessment(desk, household, situation)
    start = small_shop.today + timedelta(days=61)
    decide.open_right(
        desk, household, decide.RightForm(start, start + timedelta(days=89), 100, outcome.right.ceilings, assessment)
    )
    paper = text_of(sheets.decision_pdf(desk, household))
    for step in outcome.steps:
        assert " ".join(step.sentence().split())[:25] in paper
    assert "Participation : 10 % de la valeur en rayon." in paper
    assert "Almeida" not in paper


def test_a_ticket_speaks_the_household_s_language_and_a_quittance_french(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    file = household_file(desk, household)
    enrol.save_household(desk, replace(file.form, language="pt"))
    sale = book(desk, household, small_shop.carrots, grams=500).sale
    assert "A pagar" in text_of(sheets.ticket_pdf(desk, sale))
    assert "Carottes" in text_of(sheets.ticket_pdf(desk, sale)), "an article keeps the name of its label"
    save_feature(desk, "regie", True)
    assert "Quittance" in text_of(sheets.ticket_pdf(desk, sale))
    with pytest.raises(BadInput, match="langue"):
        enrol.save_household(desk, replace(household_file(desk, household).form, language="tlh"))


def test_a_dump_replaces_an_older_one_and_never_anything_else(small_shop: SmallShop, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "dump", tmp_path / "documents"
    assert dump.dump(small_shop.desk, ours) == dump.dump(small_shop.desk, ours)
    theirs.mkdir()
    (theirs / "lines.csv").write_text("à moi")
    with pytest.raises(RuleRefused):
        dump.dump(small_shop.desk, theirs)
    assert [(p.name, p.read_text()) for p in theirs.iterdir()] == [("lines.csv", "à moi")]
