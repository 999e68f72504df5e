"""What the demonstration's coordinator keeps of its contracts: plans, statuses, typed values, funding.

Of the contract 2010–2012, every figure was published (7 February and 29 March, 2013 inferred; saint-flour.net) but what the
comments say; of the running one, every figure is invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from epicerie_desktop.domain.contract import Status
from epicerie_desktop.services.contract import funding, plan, values
from epicerie_desktop.services.contract.outline import COHESION, SAINT_FLOUR, load_outline, shipped_outline
from epicerie_desktop.services.demonstration.life import on
from epicerie_desktop.services.desk import Desk

FEBRUARY, MARCH = date(2013, 2, 7), date(2013, 3, 29)
"""The two balances published for 2010–2012."""
FEBRUARY_TYPED: Mapping[str, tuple[int, str]] = {
    "EMPLOIS": (12, "Chantier d'insertion"), "PERMIS": (24, "Mission locale"), "TRAVAUX": (50_000_000, "Opérateur du logement"),
    "CENTRE": (200, "Centre social"),
}  # fmt: skip
MARCH_TYPED: Mapping[str, tuple[int, str]] = {
    "EMPLOIS": (14, "Chantier d'insertion"), "TRAVAUX": (55_000_000, "Opérateur du logement"),
}  # fmt: skip
"""Values by indicator and whose they are: 12 then 14 jobs, 24 licences (then « several »), 500,000 then 550,000 € of works, 200 families."""
COUNCIL_CENTS, ERDF_CENTS = 2_449_000, 500_000
"""Conseil général: 24,490 € over three years; ERDF: 5,000 € a year."""
MOBILISED_CENTS, FEBRUARY_CENTS = 150_000_000, 125_000_000
"""1.5 M€ mobilised over three years on 29 March; 1.25 M€ on 7 February. Whose the rest was is not published."""
PERIOD = ("2010-01", "2012-12")


def live(hub: Desk, past: int, present: int) -> None:
    """Fill both contracts of the coordinator."""
    begin_past(hub, past)
    type_february(hub, past)
    type_march(hub, past)
    fill_present(hub, present)


def begin_past(hub: Desk, contract: int) -> None:
    """Load the plan of 2010–2012. When each action started and ended was not published: these days stand in."""
    start, end = on(hub, date(2010, 3, 1)), on(hub, date(2012, 12, 31))
    load_outline(start, contract, shipped_outline(SAINT_FLOUR))
    for axis in plan.plan_of(hub, contract):
        for action in axis.actions:
            plan.set_status(start, action.id, Status.STARTED)
            plan.set_status(end, action.id, Status.DONE)


def type_february(hub: Desk, contract: int) -> None:
    """Type what the balance of 7 February told, and the funding as it stood that day."""
    at = on(hub, FEBRUARY)
    _type(at, contract, FEBRUARY_TYPED)
    named = {f.name: f.id for f in funding.list_funders(hub, contract)}
    others = next(i for n, i in named.items() if n.startswith("Autres"))
    for k, year in enumerate((2010, 2011, 2012)):
        council = COUNCIL_CENTS // 3 + (k == 2)
        other, last = MOBILISED_CENTS // 3 - council - ERDF_CENTS, MOBILISED_CENTS - FEBRUARY_CENTS if k == 2 else 0
        for funder, planned, paid in (
            (named["Conseil général du Cantal"], council, council), (named["ERDF Cantal"], ERDF_CENTS, ERDF_CENTS),
            (others, other, other - last),
        ):  # fmt: skip
            funding.save_funding(at, funding.FundingForm(funder, year, planned, paid))


def type_march(hub: Desk, contract: int) -> None:
    """Correct what the balance of 29 March told otherwise, seven weeks later."""
    at = on(hub, MARCH)
    _type(at, contract, MARCH_TYPED)
    late = max(funding.funding_of(hub, contract), key=lambda r: (r.year, r.planned_cents))
    funding.save_funding(
        at,
        funding.FundingForm(
            late.funder,
            late.year,
            late.planned_cents,
            late.planned_cents,
            late.action,
            late.note,
            late.id,
            late.version,
        ),
    )


def _type(at: Desk, contract: int, told: Mapping[str, tuple[int, str]]) -> None:
    for figure in values.indicator_figures(at, contract, *PERIOD):
        if figure.indicator.code in told:
            value, source = told[figure.indicator.code]
            form = values.ValueForm(figure.indicator.id, *PERIOD, value, at.clock.today(), source)
            values.record_value(at, replace(form, replaces=figure.rows[-1].id if figure.rows else None))


def fill_present(hub: Desk, contract: int) -> None:
    """Fill the running contract: invented figures, so that screens and balances have something to show."""
    today = hub.clock.today()
    load_outline(hub, contract, shipped_outline(COHESION))
    stands = {"EPICERIE": Status.STARTED, "EMPLOI": Status.STARTED, "MOBILITE": Status.STARTED, "LOGEMENT": Status.STARTED,
              "CENTRE": Status.STARTED, "ACCUEIL": Status.STARTED, "ENERGIE": Status.POSTPONED}  # fmt: skip
    for axis in plan.plan_of(hub, contract):
        for action in axis.actions:
            if action.code in stands:
                plan.set_status(hub, action.id, stands[action.code])
    first = f"{today.year - (today.year - 2026) % 3}-01"
    for figure in values.indicator_figures(hub, contract, first, f"{today:%Y-%m}"):
        told = {"EMPLOIS": (9, "Chantier d'insertion"), "CENTRE-FAM": (84, "Centre social")}.get(figure.indicator.code)
        if told is not None:
            form = values.ValueForm(figure.indicator.id, first, f"{today:%Y-%m}", told[0], today, told[1])
            values.record_value(hub, form)
    amounts = {"CCAS de Saint-Flour": 4_500_000, "Saint-Flour Communauté": 3_000_000, "Conseil départemental du Cantal": 850_000,
               "CAF du Cantal": 1_200_000}  # fmt: skip
    for funder in funding.list_funders(hub, contract):
        for k in range(3):
            year, planned = int(first[:4]) + k, amounts[funder.name]
            paid = planned if year < today.year else planned // 2 if year == today.year else 0
            funding.save_funding(hub, funding.FundingForm(funder.id, year, planned, paid))
