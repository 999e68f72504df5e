"""The parcels of many shops: what is compared by its words is judged as what is compared value by value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from epicerie_desktop.domain.figures import MonthFigures, Totals, totals
from epicerie_desktop.exchange import plain
from epicerie_desktop.exchange.refusals import ParcelUnreadable
from epicerie_desktop.persistence.models import SiteMonth, load_all
from epicerie_desktop.services.contract import consolidate
from epicerie_desktop.services.contract.consolidate import Outcome
from epicerie_desktop.services.contract.summary import contract_summary
from epicerie_desktop.services.desk import Desk
from tests.many_shops import Shop, make_hub, shops_of

load_all()
FIRST, LAST = "2026-01", "2026-03"


@pytest.fixture
def shops(tmp_path: Path) -> tuple[Shop, ...]:
    return shops_of(make_hub(tmp_path / "hub", 3, date(2026, 1, 1), date(2026, 3, 31)), households=5)


@pytest.fixture
def hub(shops: tuple[Shop, ...]) -> Iterator[Desk]:
    found = shops[0].hub.open()
    yield found
    found.db.close()


def kept(hub: Desk) -> dict[str, Any]:
    with hub.db.read() as session:
        return {
            m: (p, f) for m, p, f in session.execute(select(SiteMonth.month, SiteMonth.parcel_id, SiteMonth.figures))
        }


def test_months_sent_again_in_the_same_words_are_left_alone_and_those_that_tell_otherwise_are_compared(
    shops: tuple[Shop, ...], hub: Desk
) -> None:
    shop = shops[0]
    assert consolidate.accept_parcel(hub, shop.parcel(FIRST, "2026-02")).accepted
    before = kept(hub)
    assert before == {m: (p, json.loads(json.dumps(f))) for m, (p, f) in before.items()}
    report = consolidate.accept_parcel(hub, shop.parcel(FIRST, LAST))
    assert [c.month for c in report.changes] == [LAST]
    after = kept(hub)
    assert {m: after[m] for m in before} == before
    # The same values in other words: nothing changes either.
    with hub.db.write() as session:
        session.execute(
            update(SiteMonth).values(figures={**after[FIRST][1], "beside": 1}).where(SiteMonth.month == FIRST)
        )
    assert consolidate.accept_parcel(hub, shop.parcel(FIRST, LAST)).changes == ()
    # One visit less in what is kept: told, month and all.
    fewer = json.loads(json.dumps(after[FIRST][1]))
    fewer["households"][0]["paid_cents"] += 1
    with hub.db.write() as session:
        session.execute(update(SiteMonth).values(figures=fewer).where(SiteMonth.month == FIRST))
    looked = consolidate.look_at_parcel(hub, shop.parcel(FIRST, LAST))
    assert (looked.outcome, [c.month for c in looked.changes]) == (Outcome.SHRANK, [FIRST])


def test_counters_of_actions_sent_with_months_in_the_same_words_are_a_change(
    shops: tuple[Shop, ...], hub: Desk
) -> None:
    shop = shops[0]
    assert consolidate.accept_parcel(hub, shop.parcel(FIRST, LAST)).accepted
    shop.actions = (("2026-02", "ateliers", "done", 3, 4_500),)
    report = consolidate.accept_parcel(hub, shop.parcel(FIRST, LAST))
    assert [c.month for c in report.changes] == ["2026-02"]
    assert kept(hub)["2026-02"][1]["actions"] == [["ateliers", "done", 3, 4_500]]
    assert consolidate.accept_parcel(hub, shop.parcel(FIRST, LAST)).changes == ()


def test_the_totals_of_many_shops_are_those_of_all_their_months_together(shops: tuple[Shop, ...], hub: Desk) -> None:
    for shop in shops:
        assert consolidate.accept_parcel(hub, shop.parcel(FIRST, LAST)).accepted
    for first, last in ((FIRST, LAST), (FIRST, FIRST), ("2026-02", LAST)):
        found = consolidate.contract_totals(hub, 1, first, last)
        assert found == totals(m for s in shops for m in s.months(FIRST, LAST) if first <= m.month <= last)


def test_a_summary_tells_the_whole_each_year_and_each_shop_as_their_months_do_and_stops_when_asked(
    shops: tuple[Shop, ...], hub: Desk
) -> None:
    months = {shop.code: list(shop.months(FIRST, LAST)) for shop in shops}
    for shop in shops[:2]:
        assert consolidate.accept_parcel(hub, shop.parcel(FIRST, LAST)).accepted
    told: list[tuple[int, int]] = []
    found = contract_summary(hub, 1, FIRST, LAST, lambda done, of: told.append((done, of)))
    assert told == [(0, 3), (1, 3), (2, 3)]
    both = months[shops[0].code] + months[shops[1].code]
    assert found.whole == totals(both) == consolidate.contract_totals(hub, 1, FIRST, LAST)
    assert found.by_year == (("2026", totals(both)),)
    assert [(site.code, of) for site, of in found.by_site] == [
        (shops[0].code, totals(months[shops[0].code])), (shops[1].code, totals(months[shops[1].code])), (shops[2].code, Totals()),
    ]  # fmt: skip

    def stop(done: int, _of: int) -> None:
        if done == 1:
            raise GivenUp

    with pytest.raises(GivenUp):
        contract_summary(hub, 1, FIRST, LAST, stop)


class GivenUp(Exception):
    pass


def test_a_month_taken_with_its_own_totals_counts_as_one_taken_alone(shops: tuple[Shop, ...]) -> None:
    from epicerie_desktop.domain.figures import RunningTotals

    one, other = RunningTotals(), RunningTotals()
    for month in [m for s in shops for m in s.months(FIRST, LAST)] + [MonthFigures("2026-03", (), ())]:
        one.add(month)
        other.add(month, totals([month]))
    assert one.totals == other.totals != Totals()


@pytest.mark.parametrize(
    "wrong",
    [["a" * 31], ["a" * 32, "a" * 32], ["a" * 32 + " " + "b" * 32], ["a" * 32, ""], ["a" * 32 + " ", "b" * 31], [1], ["A" * 32], [None]],
)  # fmt: skip
def test_tokens_looked_at_together_are_refused_as_one_by_one(wrong: list[object]) -> None:
    with pytest.raises(ParcelUnreadable):
        plain.tokens(wrong)


def test_tokens_looked_at_together_are_told_in_their_order() -> None:
    assert plain.tokens([]) == ()
    assert plain.tokens(["b" * 32, "a" * 32]) == ("b" * 32, "a" * 32)
