"""The contract's plan by commands alone: from its outline to its figures, with their parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from epicerie_desktop.services import opening
from epicerie_desktop.support import paths
from epicerie_desktop.support.clock import Clock
from tests.cli.conftest import Run
from tests.conftest import FAST, PASSPHRASE


@pytest.fixture
def coordination(tmp_path: Path) -> Path:
    """A coordinator's file with a contract from 2026 to 2028."""
    path = tmp_path / "hub.db"
    shop = opening.NewShop("Coordination", "COORD", "Dominique", kind=opening.COORDINATOR)
    opening.create_shop(path, shop, PASSPHRASE, Clock(), cost=FAST)
    return path


def test_a_contract_is_kept_from_its_outline_to_its_figures(epicerie: Run, coordination: Path, tmp_path: Path) -> None:
    def contract(*args: object) -> dict[str, object]:
        ran = epicerie("contract", *args, "--database", coordination, "--json")
        assert (ran.code, ran.err) == (0, ""), ran
        return ran.json

    contract("create", "--name", "Contrat social", "--from", "2010-01-01", "--to", "2012-12-31")
    plan = paths.resource("contracts", "saint-flour-2010-2012.toml")
    assert contract("outline", plan) == {"axes": 5, "actions": 15, "indicators": 8, "funders": 3}
    assert contract("outline", plan)["axes"] == 0
    contract("axis", "AXE6", "--title", "Axe ajouté")
    contract("action", "A16", "--axis", "AXE6", "--title", "Ateliers", "--pilot", "Centre social", "--partner", "CAF")
    contract("indicator", "ATELIERS", "--action-code", "A16", "--name", "Ateliers tenus", "--unit", "count", "--method", "sum",
             "--unit-name", "ateliers", "--target", "40")  # fmt: skip
    contract("status", "A16", "started", "--since", "2010-03-01", "--note", "Première séance")
    (row,) = (a for a in contract("status")["actions"] if a["code"] == "A16")
    assert (row["status"], row["partners"], row["history"][0]["note"]) == ("started", ["CAF"], "Première séance")
    first = contract(
        "value",
        "EMPLOIS",
        "12",
        "--from",
        "2010-01",
        "--to",
        "2012-12",
        "--as-of",
        "2013-02-07",
        "--source",
        "Chantier",
    )["id"]
    contract("value", "EMPLOIS", "14", "--from", "2010-01", "--to", "2012-12", "--as-of", "2013-03-29", "--source", "Chantier",
             "--corrects", first)  # fmt: skip
    sheet = tmp_path / "ateliers.csv"
    sheet.write_text("Mois;Nombre\n2011-03;3\n2011-04;2\n", "utf-8")
    layout = ("--column", "period=Mois", "--column", "value=Nombre", "--fixed", "indicator=ATELIERS")
    assert contract("import", sheet, *layout, "--preview")["new"] == 2
    assert contract("import", sheet, *layout)["already"] is None
    again = contract("import", sheet)
    assert (again["new"], again["same"]) == (0, 2)
    assert again["already"] is not None, "read as last time, known as taken in"
    contract("funding", "--funder", "ERDF Cantal", "--year", "2010", "--planned", "5000", "--paid", "5000,00")
    assert contract("funding")["paid_cents"] == 500_000
    found = {i["code"]: i for i in contract("figures")["indicators"]}
    assert (found["EMPLOIS"]["value"], found["EMPLOIS"]["as_of"]) == (14, "2013-03-29")
    assert [(r["value"], r["standing"]) for r in found["EMPLOIS"]["rows"]] == [(12, "replaced"), (14, "counted")]
    assert (found["ATELIERS"]["value"], found["ATELIERS"]["target"], found["FAMILLES"]["value"]) == (5, 40, None)
    assert [(m["from"], m["value"]) for m in found["ATELIERS"]["by_month"]] == [("2011-03", 3), ("2011-04", 2)]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("status", "A99", "done"), 1, "A99"), (("status", "A01"), 2, "planned"), (("value", "EMPLOIS", "beaucoup", "--from", "2010-01"), 1, "beaucoup"),
        (("value", "EMPLOIS", "3"), 2, "--from"), (("value", "FAMILLES", "3", "--from", "2010-01", "--source", "x"), 1, "tout seul"),
        (("action", "B1", "--axis", "AXE9", "--title", "T"), 1, "AXE9"), (("funding", "--funder", "Inconnu", "--year", "2010"), 1, "Inconnu"),
        (("import", "/nulle/part.csv"), 3, "CLE-303"), (("import", "{sheet}", "--column", "quoi=Mois"), 2, "indicator"),
        (("import", "{sheet}", "--fixed", "rien"), 2, "CHAMP"),
    ],
)  # fmt: skip
def test_a_wrong_command_says_why_in_one_sentence(
    epicerie: Run, coordination: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    sheet = tmp_path / "x.csv"
    sheet.write_text("Mois;Nombre\n2011-03;3\n", "utf-8")
    at = ("--database", coordination)
    epicerie("contract", "create", "--name", "Contrat", "--from", "2010-01-01", "--to", "2012-12-31", *at)
    epicerie("contract", "outline", paths.resource("contracts", "saint-flour-2010-2012.toml"), *at)
    ran = epicerie("contract", *(a.format(sheet=sheet) for a in arguments), *at)
    assert sentence in ran.complaint(code)
