"""A partner's table taken into the contract: looked at, all or nothing, once; how it is read is remembered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from epicerie_desktop.domain.contract import Method, Unit
from epicerie_desktop.domain.data_table import Heading, Holds, data_table
from epicerie_desktop.domain.value_sheet import TableMapping, ValueField
from epicerie_desktop.exchange.table_file import TableFormat, table_bytes
from epicerie_desktop.exchange.value_file import months_of
from epicerie_desktop.services.contract import consolidate, plan, spreadsheet, values
from epicerie_desktop.services.contract.outline import (
    COHESION,
    SAINT_FLOUR,
    Loaded,
    load_outline,
    read_outline_file,
    shipped_outline,
)
from epicerie_desktop.services.contract.plan import IndicatorForm
from epicerie_desktop.services.contract.spreadsheet import Effect, table_of
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_contract_plan import FIRST, action_of, figure, kinds
from tests.services.test_share_and_consolidate import contract

__all__ = ["contract"]
LONG = (
    "Indicateur;Mois;Valeur;Arrêté au;Source\nEmplois aidés;2026-10;3;15/11/2026;Chantier\nworks;nov. 2026;1 250,50;;\n"
)


@pytest.fixture
def indicators(hub: Desk, contract: int) -> int:
    action = action_of(hub, contract)
    for code, name, unit in (
        ("JOBS", "Emplois aidés", Unit.COUNT),
        ("WORKS", "Travaux", Unit.CENT),
        ("KG", "Denrées", Unit.GRAM),
    ):
        plan.save_indicator(hub, IndicatorForm(action, code, name, unit, Method.SUM, unit_name="emplois"))
    return contract


def take(hub: Desk, contract: int, text: str, mapping: TableMapping | None = None) -> spreadsheet.Preview:
    table = table_of("permis.csv", text.encode())
    return spreadsheet.take_in(hub, contract, table, mapping or spreadsheet.mapping_of(hub, contract, table))


def test_a_table_is_taken_in_once_and_each_value_tells_its_file(hub: Desk, indicators: int) -> None:
    seen = take(hub, indicators, LONG)
    assert [(n.told.line, n.indicator, n.value, n.effect) for n in seen.lines] == [
        (2, "Emplois aidés", 3, Effect.NEW), (3, "Travaux", 125_050, Effect.NEW),
    ]  # fmt: skip
    (row,) = figure(hub, indicators, "JOBS").rows
    assert (row.first, row.as_of, row.source, row.file_name, row.author) == (
        "2026-10",
        date(2026, 11, 15),
        "Chantier",
        "permis.csv",
        "Dominique",
    )
    assert figure(hub, indicators, "WORKS").rows[0].source == "permis.csv", "where nobody is told, the file is"
    before = kinds(hub)
    again = take(hub, indicators, LONG)
    assert again.already == TODAY
    assert [n.effect for n in again.lines] == [Effect.SAME, Effect.SAME]
    assert kinds(hub) == before, "the same file twice writes nothing"
    later = take(hub, indicators, LONG.replace(";3;", ";4;"))
    assert [(n.effect, n.before) for n in later.lines] == [(Effect.CORRECTS, 3), (Effect.SAME, 125_050)]
    assert figure(hub, indicators, "JOBS").value == 4


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Emplois;2026-10;3;;", "aucun indicateur"), ("JOBS;octobre;3;;", "pas une période"), ("JOBS;2026-10;2,5;;", "entier"),
        ("JOBS;2026-10;trois;;", "pas un nombre"), ("JOBS;2026-10;3;demain;", "pas une date"), ("JOBS;2019-10;3;;", "doit y tenir"),
        ("JOBS;2026-09;3;;", "La ligne 2 du fichier"), ("JOBS;2026;3;;", "deux fois"),
    ],
)  # fmt: skip
def test_one_wrong_line_refuses_the_whole_file_with_its_number_and_why(
    hub: Desk, indicators: int, line: str, told: str
) -> None:
    text = f"Indicateur;Mois;Valeur;Arrêté au;Source\nJOBS;2026-09;1;;\n\n{line}\n"
    table = table_of("x.csv", text.encode())
    mapping = spreadsheet.mapping_of(hub, indicators, table)
    before = kinds(hub)
    assert [n.effect for n in spreadsheet.look_at(hub, indicators, table, mapping).lines] == [Effect.NEW, Effect.WRONG]
    with pytest.raises(RuleRefused, match=rf"(?s)ligne 4.*{told}"):
        spreadsheet.take_in(hub, indicators, table, mapping)
    assert figure(hub, indicators, "JOBS").rows == ()
    assert kinds(hub) == before


@pytest.mark.parametrize("kind", list(TableFormat))
def test_every_flavour_of_spreadsheet_reads_the_same(hub: Desk, indicators: int, kind: TableFormat) -> None:
    made = data_table(
        "Suivi", (Heading("Mois", Holds.DAY), Heading("Emplois aidés", Holds.COUNT), Heading("Montant (€)", Holds.CENTS), Heading("Poids", Holds.GRAMS)),
        ((date(2026, 9, 30), 2, 125_050, 1_250_500), (date(2026, 10, 31), 0, None, 7)),
    )  # fmt: skip
    table = table_of(f"suivi.{kind}", table_bytes(made, kind))
    guess = spreadsheet.mapping_of(hub, indicators, table)
    assert guess.indicators == {"Emplois aidés": "JOBS"}, "a column headed by an indicator is its own"
    mapping = TableMapping(
        {ValueField.PERIOD: "Mois"},
        guess.indicators | {"Montant (€)": "WORKS", "Poids": "KG"},
        {ValueField.SOURCE: "Mission locale"},
    )
    spreadsheet.take_in(hub, indicators, table, mapping)
    assert [(figure(hub, indicators, c).value, len(figure(hub, indicators, c).rows)) for c in ("JOBS", "WORKS", "KG")] == [
        (2, 2), (125_050, 1), (1_250_507, 2),
    ], "a nought is a value, an empty cell is none"  # fmt: skip
    assert spreadsheet.mapping_of(hub, indicators, table) == mapping, "remembered for the next file with these headings"


def test_a_file_of_one_indicator_and_a_shop_takes_what_holds_for_all_from_the_person(
    hub: Desk, indicators: int
) -> None:
    text = "Bilan de la mission locale\n\nStructure,Nombre\nSF01,5\nÉpicerie inconnue,2\n"
    table = table_of("x.csv", text.encode())
    mapping = TableMapping(
        {ValueField.SHOP: "Structure", ValueField.VALUE: "Nombre"},
        {},
        {ValueField.INDICATOR: "jobs", ValueField.PERIOD: "2026"},
    )
    first, second = spreadsheet.look_at(hub, indicators, table, mapping).lines
    assert (first.told.line, first.shop, first.effect) == (4, "Épicerie des Quatre-Vents", Effect.NEW)
    assert first.form is not None
    assert (first.form.first, first.form.last) == (FIRST, "2026-12"), "the part of the year that is in the contract"
    assert "aucune épicerie" in second.errors[0]
    for wrong, sentence in (
        (TableMapping(), "colonne contient"), (TableMapping({ValueField.VALUE: "Nombre"}), "quel indicateur"),
        (TableMapping({ValueField.VALUE: "Nombre"}, {}, {ValueField.INDICATOR: "JOBS"}), "quelle période"),
        (TableMapping({ValueField.VALUE: "Total"}), "pas de colonne"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=sentence):
            spreadsheet.look_at(hub, indicators, table, wrong)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04 broken", "ne peut pas"), (b"\x00\x01", "CSV"), (b"", "aucune ligne"), (b"a;b\n", "aucune ligne"),
        (b"a;a\n1;2\n", "m.me titre"), (b"x" * 5_000_001, "trop gros"), (b"a;b\n" + b"1;2\n" * 5001, "plus de"),
    ],
)  # fmt: skip
def test_what_is_no_table_says_what_to_do(data: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        table_of("x", data)


def test_a_workbook_cut_or_changed_anywhere_is_told_or_read_never_a_fault() -> None:
    made = data_table("T", (Heading("Mois"), Heading("Valeur", Holds.COUNT)), (("2026-10", 3), ("2026-11", 4)))
    for kind in (TableFormat.XLSX, TableFormat.ODS):
        whole = table_bytes(made, kind)
        refused = 0
        for at in range(0, len(whole), max(1, len(whole) // 60)):
            for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
                try:
                    table_of("x", data)
                except BadInput:
                    refused += 1
        assert refused > 30, "the control: most of what is cut is refused"
        assert table_of("x", whole).sheet.lines[0][1] == ("2026-10", "3")


@pytest.mark.parametrize(
    ("typed", "months"),
    [("2012", ("2012-01", "2012-12")), ("2012-03", ("2012-03", "2012-03")), ("Mars 2012", ("2012-03", "2012-03")), ("déc. 2012", ("2012-12",) * 2),
     ("03/2012", ("2012-03",) * 2), ("31/03/2012", ("2012-03",) * 2), ("ju 2012", None), ("juin", None), ("2012-13", None), ("", None)],
)  # fmt: skip
def test_a_period_is_read_as_people_write_it(typed: str, months: tuple[str, str] | None) -> None:
    assert months_of(typed) == months


def test_an_outline_is_loaded_once_and_adds_only_what_is_missing(hub: Desk, contract: int, tmp_path: Path) -> None:
    outline = shipped_outline(SAINT_FLOUR)
    assert (len(outline.axes), sum(len(x.actions) for x in outline.axes)) == (5, 15), (
        "5 axes around 15 actions, as published"
    )
    loaded = load_outline(hub, contract, outline)
    assert (loaded.axes, loaded.actions) == (5, 15)
    first = plan.plan_of(hub, contract)[0]
    plan.save_axis(hub, contract, plan.AxisForm(first.code, "Axe renommé", id=first.id, version=first.version))
    before = kinds(hub)
    assert load_outline(hub, contract, outline) == Loaded()
    assert kinds(hub) == before
    assert plan.plan_of(hub, contract)[0].title == "Axe renommé"
    other = consolidate.create_contract(hub, "Autre", date(2026, 1, 1), date(2028, 12, 31))
    assert load_outline(hub, other, shipped_outline(COHESION)).axes == 3
    assert {f.value for f in values.indicator_figures(hub, other, "2026-01", "2028-12")} == {None}
    wrong = tmp_path / "plan.toml"
    for text, sentence in (
        ("x = ", "lisible"), ("", "aucun axe"), ('[[axis]]\ncode = "A"\ntitle = ""', "A.*intitul"), ("axis = 3", "suite"),
        ('[[axis]]\ncode = "A"\ntitle = "T"\n[[axis]]\ncode = "A"\ntitle = "T"', "deux fois"),
        ('[[axis]]\ncode="A"\ntitle="T"\n[[axis.action]]\ncode="B"\ntitle="T"\n[[axis.action.indicator]]\ncode="I9"\nname="N"\nunit="KILO"\nmethod="SUM"',
         "I9.*unité"),
    ):  # fmt: skip
        wrong.write_text(text, "utf-8")
        with pytest.raises(BadInput, match=sentence):
            read_outline_file(wrong)


def test_an_import_is_refused_to_a_shop(small_shop: SmallShop, indicators: int) -> None:
    table = table_of("x.csv", LONG.encode())
    for gesture in (
        lambda: spreadsheet.take_in(small_shop.desk, indicators, table, TableMapping()),
        lambda: load_outline(small_shop.desk, indicators, shipped_outline(COHESION)),
    ):
        with pytest.raises(RuleRefused, match="fichier de la coordination"):
            gesture()
