"""A balance is frozen for good, from the lines the shops sent; two of them are laid side by side; what leaves tells of no few."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import text

from epicerie_desktop.domain.balance import CauseKind, compare
from epicerie_desktop.domain.contract import Method, Unit
from epicerie_desktop.exchange.table_file import TableFormat
from epicerie_desktop.services import safeguard
from epicerie_desktop.services.contract import balance_papers, balances, consolidate, funding, values
from epicerie_desktop.services.contract.balance_papers import Edition
from epicerie_desktop.services.contract.balances import BalanceForm
from epicerie_desktop.services.contract.funding import FundingForm
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_contract_plan import jobs_of, told
from tests.services.test_share_and_consolidate import at, contract, exported, serve

__all__ = ["contract"]
FIRST, LAST = "2026-09", "2026-12"
FORM = BalanceForm("Bilan d'étape", FIRST, LAST)
SURE = "Ticket annulé, vu avec Camille"


def sent(hub: Desk, shop: SmallShop, folder: Path) -> None:
    report = consolidate.accept_parcel(hub, exported(shop.desk, folder), reason=SURE)
    assert report.accepted


def csv_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_a_frozen_balance_never_moves_and_the_next_one_says_why_it_differs(
    small_shop: SmallShop, hub: Desk, contract: int, tmp_path: Path
) -> None:
    serve(small_shop)
    jobs = jobs_of(hub, contract)
    values.record_value(hub, told(jobs, FIRST, LAST, 12))
    sent(hub, small_shop, tmp_path)
    first = balances.freeze_balance(hub, contract, FORM)
    before = balances.read_balance(hub, first)
    assert (before.number, before.balance.families, before.balance.persons) == (1, 1, 3)
    serve(small_shop, grams=4000, day=TODAY - timedelta(days=1))
    values.record_value(hub, replace(told(jobs, FIRST, LAST, 14), replaces=1))
    sent(hub, small_shop, tmp_path)
    assert balances.read_balance(hub, first) == before
    second = balances.freeze_balance(at(hub, TODAY + timedelta(days=49)), contract, replace(FORM, title="Bilan"))
    after = balances.read_balance(hub, second)
    found = {d.figure: d for d in compare(before.balance, after.balance)}
    assert not found["families"].amount
    assert found["grams"].amount > 4000
    assert {c.kind for c in found["grams"].causes} == {CauseKind.MONTH_CORRECTED}
    assert [(c.kind, c.amount) for c in found["JOBS"].causes] == [(CauseKind.VALUE_CHANGED, 2)]
    assert [b.number for b in balances.list_balances(hub, contract)] == [2, 1]
    assert not [f for f in safeguard.verify_file(hub) if f.what == "balance"]


def test_a_balance_altered_outside_the_program_is_told_and_so_is_one_taken_away(
    small_shop: SmallShop, hub: Desk, contract: int, tmp_path: Path
) -> None:
    serve(small_shop)
    sent(hub, small_shop, tmp_path)
    made = [balances.freeze_balance(hub, contract, replace(FORM, title=t)) for t in ("Un", "Deux", "Trois")]
    with pytest.raises(Exception, match="append-only"), hub.db.write() as session:
        session.execute(text("UPDATE contract_balance SET record = replace(record, '\"grams\"', '\"gram5\"')"))
    with hub.db.write() as session:
        session.execute(text("DROP TRIGGER contract_balance_no_update"))
        session.execute(text("DROP TRIGGER contract_balance_no_delete"))
        session.execute(
            text("UPDATE contract_balance SET record = replace(record, '\"grams\"', '\"gram5\"') WHERE number = 1")
        )
        session.execute(text("DELETE FROM contract_balance WHERE number = 2"))
    with pytest.raises(EnvironmentTrouble):
        balances.read_balance(hub, made[0])
    assert [f.where for f in safeguard.verify_file(hub) if f.what == "balance"] == ["1", "3"]


def test_nothing_is_frozen_before_anything_is_known_nor_in_a_shop(
    small_shop: SmallShop, hub: Desk, contract: int
) -> None:
    with pytest.raises(RuleRefused):
        balances.freeze_balance(hub, contract, FORM)
    with pytest.raises(BadInput):
        balances.freeze_balance(hub, contract, replace(FORM, last="2031-01"))
    with pytest.raises(RuleRefused):
        balances.freeze_balance(small_shop.desk, contract, FORM)
    assert balances.list_balances(hub, contract) == ()


def test_the_published_edition_hides_what_counts_few_in_every_form_and_the_exact_one_says_it_is_restricted(
    small_shop: SmallShop, hub: Desk, contract: int, tmp_path: Path
) -> None:
    serve(small_shop)
    indicator = jobs_of(hub, contract)
    values.record_value(hub, told(indicator, FIRST, LAST, 14))
    funder = funding.save_funder(hub, contract, "Conseil départemental")
    funding.save_funding(hub, FundingForm(funder, 2026, 816_300, 500_000))
    sent(hub, small_shop, tmp_path)
    made = balances.freeze_balance(hub, contract, FORM)
    kept = balances.read_balance(hub, made)
    exact, open_ = Edition(made, published=False), Edition(made)
    pages = [p.extract_text() for p in pypdf.PdfReader(BytesIO(balance_papers.balance_pdf(hub, exact))).pages]
    assert all(kept.short in p for p in pages)
    whole = " ".join(" ".join(pages).split())
    for words in (
        "Emplois aidés",
        "14",
        "Conseil départemental",
        "diffusion restreinte",
        "Méthode et définitions",
        "Axe XA1",
    ):
        assert words in whole
    published = balance_papers.report_of(hub, open_)[0]
    assert [t.rows for s in published.sections for t in s.tables if t.name == "Par épicerie"] == [
        (("Épicerie des Quatre-Vents", None, None, None, None), ("Ensemble", None, None, None, None))
    ]
    assert {f.value for f in published.figures() if f.code in ("families", "persons", "grams", "paid_cents")} == {None}
    shown = balance_papers.report_of(hub, exact)[0]
    assert next(t.rows for s in shown.sections for t in s.tables if t.name == "Par épicerie")[0][1:3] == (1, 3), (
        "the control"
    )
    for kind in TableFormat:
        assert len(balance_papers.balance_file(hub, open_, kind)) > 200


def test_the_package_of_figures_says_what_the_report_says_and_its_sums_hold(
    small_shop: SmallShop, hub: Desk, contract: int, tmp_path: Path
) -> None:
    serve(small_shop)
    values.record_value(hub, told(jobs_of(hub, contract), FIRST, LAST, 14))
    sent(hub, small_shop, tmp_path)
    made = balances.freeze_balance(hub, contract, FORM)
    folder = tmp_path / "paquet"
    descriptor = balance_papers.write_package(hub, Edition(made, published=False), folder)
    package = json.loads(descriptor.read_text("utf-8"))
    for resource in package["resources"]:
        data = (folder / resource["path"]).read_bytes()
        assert (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}") == (resource["bytes"], resource["hash"])
        names = [f["name"] for f in resource["schema"]["fields"]]
        lines = csv_of(folder / resource["path"])
        assert lines
        assert list(lines[0]) == names
    told_ = {(r["indicateur"], r["structure"], r["ventilation"]): r for r in csv_of(folder / "valeurs.csv")}
    balance = balances.read_balance(hub, made).balance
    assert told_["families", "", ""]["valeur"] == str(balance.families)
    assert told_["grams", "SF01", ""]["valeur"] == str(balance.total("grams"))
    assert (told_["JOBS", "", ""]["valeur"], told_["JOBS", "", ""]["unite"]) == ("14", "emplois")
    known = {r["code"] for r in csv_of(folder / "indicateurs.csv")}
    assert {code for code, _shop, _sector in told_} <= known
    balance_papers.write_package(hub, Edition(made), folder)
    open_ = {(r["indicateur"], r["structure"]): r["valeur"] for r in csv_of(folder / "valeurs.csv")}
    assert open_["families", "SF01"] == open_["families", ""] == open_["grams", ""] == ""
    assert open_["JOBS", ""] == "14"
    (folder / "autre.txt").write_text("à garder")
    with pytest.raises(RuleRefused):
        balance_papers.write_package(hub, Edition(made), folder)
    assert (folder / "autre.txt").read_text() == "à garder"


def test_a_value_typed_as_heads_counted_once_is_never_explained_by_more_than_it_is(
    small_shop: SmallShop, hub: Desk, contract: int, tmp_path: Path
) -> None:
    serve(small_shop)
    indicator = jobs_of(hub, contract, Method.LAST)
    values.record_value(hub, told(indicator, FIRST, FIRST, 12))
    sent(hub, small_shop, tmp_path)
    first = balances.read_balance(hub, balances.freeze_balance(hub, contract, FORM))
    values.record_value(hub, told(indicator, "2026-10", "2026-10", 9))
    second = balances.read_balance(hub, balances.freeze_balance(hub, contract, replace(FORM, title="Bilan")))
    found = next(d for d in compare(first.balance, second.balance) if d.figure == "JOBS")
    assert (found.before, found.after) == (12, 9)
    assert sum(c.amount for c in found.causes) == -3
    assert Unit.COUNT.places == 0
