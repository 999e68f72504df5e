"""The contract at its coordinator: its plan, its statuses, its values and its funding; every total leads to its parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from epicerie_desktop.domain.contract import Method, Status, Unit
from epicerie_desktop.domain.contract_values import Standing
from epicerie_desktop.persistence.models import Journal
from epicerie_desktop.services.contract import consolidate, funding, plan, values
from epicerie_desktop.services.contract.plan import ActionForm, AxisForm, IndicatorForm
from epicerie_desktop.services.contract.values import IndicatorFigure, ValueForm
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import BadInput, RuleRefused, Stale
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_share_and_consolidate import contract, exported, serve

__all__ = ["contract"]
FIRST, LAST = "2026-09", "2028-12"


def action_of(hub: Desk, contract: int, code: str = "A1") -> int:
    axis = plan.save_axis(hub, contract, AxisForm(f"X{code}", "Axe 1 — Biens de première nécessité"))
    return plan.save_action(
        hub, ActionForm(axis, code, "Épicerie sociale", pilot="CCAS", partners=("ANDES", " ", "ANDES", "CAF"))
    )


def jobs_of(hub: Desk, contract: int, method: Method = Method.SUM) -> int:
    return plan.save_indicator(
        hub,
        IndicatorForm(
            action_of(hub, contract), "JOBS", "Emplois aidés", Unit.COUNT, method, unit_name="emplois", target=14
        ),
    )


def told(indicator: int, first: str, last: str, value: int | None, **more: object) -> ValueForm:
    return ValueForm(indicator, first, last, value, TODAY, "Chantier d'insertion", **more)  # type: ignore[arg-type]


def figure(hub: Desk, contract: int, code: str, first: str = FIRST, last: str = LAST) -> IndicatorFigure:
    return next(f for f in values.indicator_figures(hub, contract, first, last) if f.indicator.code == code)


def kinds(desk: Desk) -> list[str]:
    with desk.db.read() as session:
        return list(session.scalars(select(Journal.kind).where(Journal.kind.like("contract.%")).order_by(Journal.seq)))


def test_a_plan_is_read_as_it_was_typed_and_every_gesture_is_in_the_journal(hub: Desk, contract: int) -> None:
    action = action_of(hub, contract)
    indicator = plan.save_indicator(
        hub,
        IndicatorForm(
            action,
            "fam",
            "Familles aidées",
            Unit.HOUSEHOLD,
            Method.DISTINCT,
            source="families",
            target=190,
            headline=True,
        ),
    )
    (axis,) = plan.plan_of(hub, contract)
    (row,) = axis.actions
    assert (axis.code, row.code, row.pilot, row.partners) == ("XA1", "A1", "CCAS", ("ANDES", "CAF"))
    assert [(i.id, i.code, i.target, i.headline, i.axis_code) for i in row.indicators] == [
        (indicator, "FAM", 190, True, "XA1")
    ]
    assert kinds(hub)[-3:] == ["contract.axis", "contract.action", "contract.indicator"]
    plan.save_action(hub, ActionForm(axis.id, "A1", "Épicerie", id=row.id, version=row.version))
    with pytest.raises(Stale):
        plan.save_action(hub, ActionForm(axis.id, "A1", "Autre", id=row.id, version=row.version))
    with pytest.raises(RuleRefused, match="déjà pris"):
        plan.save_axis(hub, contract, AxisForm("xa1", "Encore"))
    with pytest.raises(RuleRefused, match="a des actions"):
        plan.remove_axis(hub, axis.id)
    with pytest.raises(RuleRefused, match="abandonnée"):
        plan.remove_action(hub, action)
    plan.remove_indicator(hub, indicator)
    plan.remove_action(hub, action)
    plan.remove_axis(hub, axis.id)
    assert plan.plan_of(hub, contract) == ()


def test_statuses_add_up_and_tell_where_an_action_stood_on_any_day(hub: Desk, contract: int) -> None:
    action = action_of(hub, contract)
    month_ago = TODAY - timedelta(days=30)
    plan.set_status(hub, action, Status.STARTED, month_ago, "Convention signée")
    plan.set_status(hub, action, Status.DONE)
    row = plan.plan_of(hub, contract)[0].actions[0]
    assert [row.status_on(d) for d in (month_ago - timedelta(days=1), month_ago, TODAY)] == [
        Status.PLANNED,
        Status.STARTED,
        Status.DONE,
    ]
    assert [(h.status, h.note, h.made_by) for h in row.history] == [
        (Status.STARTED, "Convention signée", "Dominique"), (Status.DONE, "", "Dominique"),
    ]  # fmt: skip
    with pytest.raises(RuleRefused, match="déjà là"):
        plan.set_status(hub, action, Status.DONE)
    with pytest.raises(BadInput, match="à venir"):
        plan.set_status(hub, action, Status.DROPPED, TODAY + timedelta(days=1))
    for statement in ("update action_status set status = 'PLANNED'", "delete from action_status"):
        with pytest.raises(Exception, match="action_status"), hub.db.write() as session:
            session.execute(text(statement))


def test_only_the_coordinator_writes_the_contract(hub: Desk, contract: int, small_shop: SmallShop) -> None:
    volunteer = replace(hub, actor=replace(hub.actor, role="VOLUNTEER"))
    for desk, sentence in ((volunteer, "compte"), (small_shop.desk, "fichier de la coordination")):
        for gesture in (
            lambda d: plan.save_axis(d, contract, AxisForm("X", "Axe")),
            lambda d: plan.set_status(d, 1, Status.DONE),
            lambda d: values.record_value(d, told(1, "2026-10", "2026-10", 1)),
            lambda d: funding.save_funder(d, contract, "CAF"),
            lambda d: funding.save_funding(d, funding.FundingForm(1, 2026, 0, 0)),
        ):
            with pytest.raises(RuleRefused, match=sentence):
                gesture(desk)


def test_the_figures_of_the_shop_arrive_by_themselves_with_their_parts(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    action = action_of(hub, contract)
    for code, unit, method, source in (
        ("FAM", Unit.HOUSEHOLD, Method.DISTINCT, "families"), ("PERS", Unit.PERSON, Method.DISTINCT, "persons"),
        ("KG", Unit.GRAM, Method.SUM, "grams"), ("PASS", Unit.COUNT, Method.SUM, "visits"),
        ("PERMIS", Unit.COUNT, Method.SUM, "action:LICENCE:OBTAINED"),
    ):  # fmt: skip
        plan.save_indicator(hub, IndicatorForm(action, code, code, unit, method, source=source))
    consolidate.add_site(hub, contract, "MU01", "Épicerie de Murat")
    assert [f.value for f in values.indicator_figures(hub, contract, FIRST, LAST)] == [None] * 5, (
        "nothing received is not a nought"
    )
    serve(small_shop)
    serve(small_shop, grams=500, day=TODAY - timedelta(days=20))
    consolidate.accept_parcel(hub, exported(small_shop.desk, tmp_path))
    whole = consolidate.contract_totals(hub, contract, FIRST, LAST)
    found = {f.indicator.code: f for f in values.indicator_figures(hub, contract, FIRST, LAST)}
    assert (found["FAM"].value, found["PERS"].value, found["KG"].value, found["PASS"].value) == (1, 3, whole.grams, 2)
    assert [(p.code, p.value) for p in found["KG"].by_shop] == [("SF01", whole.grams), ("MU01", None)]
    assert sum(p.value for p in found["KG"].by_month) == whole.grams
    assert (found["FAM"].twice, found["KG"].as_of) == (0, TODAY)
    assert found["PERMIS"].value is None, "no parcel told of actions yet"
    with pytest.raises(RuleRefused, match="tout seul"):
        values.record_value(hub, told(found["KG"].indicator.id, "2026-10", "2026-10", 5))
    with pytest.raises(BadInput, match="doit y tenir"):
        values.indicator_figures(hub, contract, "2020-01", LAST)


def test_a_typed_value_is_corrected_by_another_and_withdrawn_with_its_reason(hub: Desk, contract: int) -> None:
    jobs = jobs_of(hub, contract)
    first = values.record_value(hub, told(jobs, "2026-09", "2026-12", 12))
    second = values.record_value(hub, told(jobs, "2026-09", "2026-12", 14, replaces=first))
    found = figure(hub, contract, "JOBS")
    assert (found.value, found.permille, found.as_of) == (14, 1000, TODAY)
    assert [(r.id, r.value, r.standing, r.author, r.source) for r in found.rows] == [
        (first, 12, Standing.REPLACED, "Dominique", "Chantier d'insertion"),
        (second, 14, Standing.COUNTED, "Dominique", "Chantier d'insertion"),
    ]  # fmt: skip
    with pytest.raises(RuleRefused, match="corrigée depuis"):
        values.record_value(hub, told(jobs, "2026-09", "2026-12", 15, replaces=first))
    with pytest.raises(RuleRefused, match="compterait deux fois"):
        values.record_value(hub, told(jobs, "2026-10", "2026-10", 1))
    with pytest.raises(BadInput, match="pourquoi"):
        values.withdraw_value(hub, second, " ")
    values.withdraw_value(hub, second, "Compté par erreur")
    assert figure(hub, contract, "JOBS").value is None
    values.record_value(hub, told(jobs, "2026-10", "2026-10", 1))
    assert figure(hub, contract, "JOBS").value == 1
    with pytest.raises(RuleRefused, match="ne changent plus"):
        plan.save_indicator(
            hub,
            IndicatorForm(
                plan.plan_of(hub, contract)[0].actions[0].id,
                "JOBS",
                "Emplois",
                Unit.PERSON,
                Method.SUM,
                id=jobs,
                version=1,
            ),
        )


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (told(0, "2026-10", "2026-09", 1), "après le dernier"), (told(0, "2030-01", "2030-01", 1), "doit y tenir"),
        (told(0, "2026-10", "2026-10", -1), "négative"), (told(0, "2026-10", "2026-10", None), "Tapez la valeur"),
        (replace(told(0, "2026-10", "2026-10", 1), source=" "), "où vient"),
        (replace(told(0, "2026-10", "2026-10", 1), as_of=TODAY + timedelta(days=1)), "à venir"),
        (replace(told(0, "2026-10", "2026-10", 1), as_of=date(2026, 9, 30)), "précède"),
        (replace(told(0, "2026-10", "2026-10", 1), site=99), "existe plus"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_and_writes_nothing(hub: Desk, contract: int, form: ValueForm, sentence: str) -> None:
    jobs = jobs_of(hub, contract)
    before = len(kinds(hub))
    with pytest.raises(RuleRefused, match=sentence):
        values.record_value(hub, replace(form, indicator=jobs))
    assert figure(hub, contract, "JOBS").rows == ()
    assert len(kinds(hub)) == before


def test_parts_by_shop_and_by_period_add_up_to_the_sum(hub: Desk, contract: int) -> None:
    jobs = jobs_of(hub, contract)
    site = consolidate.list_sites(hub, contract)[0].id
    values.record_value(hub, told(jobs, "2026-09", "2026-09", 3, site=site))
    values.record_value(hub, told(jobs, "2026-10", "2026-10", 4))
    values.record_value(hub, told(jobs, "2026-11", "2027-02", 9, site=site))
    found = figure(hub, contract, "JOBS", FIRST, "2026-12")
    assert found.value == 7 == sum(p.value or 0 for p in found.by_shop) == sum(p.value for p in found.by_month)
    assert [(p.code, p.value) for p in found.by_shop] == [("SF01", 3), ("", 4)]
    assert [r.standing for r in found.rows] == [Standing.COUNTED, Standing.COUNTED, Standing.STRADDLES]


def test_funding_adds_up_by_funder_and_by_year(hub: Desk, contract: int) -> None:
    action = action_of(hub, contract)
    council, erdf = (funding.save_funder(hub, contract, n) for n in ("Conseil général", "ERDF Cantal"))
    with pytest.raises(RuleRefused, match="déjà dans la liste"):
        funding.save_funder(hub, contract, "ERDF Cantal")
    line = funding.save_funding(hub, funding.FundingForm(council, 2026, 816_333, 0, action))
    for year in (2026, 2027):
        funding.save_funding(hub, funding.FundingForm(erdf, year, 500_000, 500_000))
    rows = funding.funding_of(hub, contract)
    assert funding.total_of(rows) == funding.FundingTotal(1_816_333, 1_000_000)
    assert funding.totals_by(rows, lambda r: r.year) == {
        2026: funding.FundingTotal(1_316_333, 500_000), 2027: funding.FundingTotal(500_000, 500_000),
    }  # fmt: skip
    assert funding.totals_by(rows, lambda r: r.funder_name)["ERDF Cantal"].paid_cents == 1_000_000
    funding.save_funding(hub, funding.FundingForm(council, 2026, 816_333, 816_333, action, id=line, version=1))
    with pytest.raises(Stale):
        funding.save_funding(hub, funding.FundingForm(council, 2026, 1, 1, action, id=line, version=1))
    with pytest.raises(BadInput, match="2025 à 2030"):
        funding.save_funding(hub, funding.FundingForm(council, 2019, 1, 1))
    with pytest.raises(BadInput, match="négatif"):
        funding.save_funding(hub, funding.FundingForm(council, 2026, -1, 1))
    funding.remove_funding(hub, line)
    assert funding.total_of(funding.funding_of(hub, contract)).paid_cents == 1_000_000
