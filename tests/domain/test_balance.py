"""Two balances of a contract side by side: every difference is the exact sum of its causes; a balance kept is the one made."""

from __future__ import annotations

import dataclasses
import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.balance import (
    ADDED_UP,
    HEADS,
    ActionLine,
    AxisLine,
    Balance,
    Cause,
    CauseKind,
    FundingRow,
    IndicatorLine,
    MonthSums,
    SectorRow,
    ShopPart,
    Twice,
    ValuePart,
    balance_digest,
    compare,
    from_record,
    published,
    to_record,
)

few = st.integers(0, 40)
months = st.builds(
    MonthSums, st.sampled_from(["2012-10", "2012-11", "2012-12"]), st.integers(1, 3), st.booleans(), few, few, few, few
)
shops = st.builds(
    ShopPart, st.sampled_from(["SF", "MU", "CH"]), st.just("Épicerie"), few, few,
    st.lists(months, max_size=3, unique_by=lambda m: m.month).map(lambda ms: tuple(sorted(ms, key=lambda m: m.month))),
)  # fmt: skip
parts = st.builds(ValuePart, st.sampled_from(["a", "b", "c"]), few)


def _indicator(code: str, found: list[ValuePart], lost: int) -> IndicatorLine:
    value = sum(p.amount for p in found) - lost if found else None
    return IndicatorLine(code, "Permis", "A7", "COUNT", "permis", "SUM", value, parts=tuple(found))


indicators = st.builds(
    _indicator,
    st.sampled_from(["LIC", "JOB"]),
    st.lists(parts, max_size=3, unique_by=lambda p: p.key),
    st.integers(0, 3),
)
balances = st.builds(
    Balance, st.just("c"), st.just("Contrat"), st.just("Bilan"), st.dates(date(2013, 1, 1), date(2013, 12, 31)),
    st.just("2010-01"), st.just("2012-12"), st.lists(shops, max_size=3, unique_by=lambda s: s.code).map(tuple),
    st.builds(Twice, st.integers(0, 5), st.integers(0, 5), st.integers(0, 9)),
    indicators=st.lists(indicators, max_size=2, unique_by=lambda i: i.code).map(tuple),
)  # fmt: skip


@given(balances, balances)
def test_every_difference_is_the_exact_sum_of_its_causes(before: Balance, after: Balance) -> None:
    for found in compare(before, after):
        assert sum(c.amount for c in found.causes) == found.amount


@given(balances, balances, st.integers(2, 11))
def test_a_published_comparison_tells_no_small_cause_of_heads_and_still_adds_up(
    before: Balance, after: Balance, threshold: int
) -> None:
    for found in published(compare(before, after), threshold):
        assert sum(c.amount for c in found.causes) == found.amount
        if found.heads:
            assert all(abs(c.amount) >= threshold for c in found.causes if c.kind is not CauseKind.OTHERS)
        else:
            assert not any(c.month for c in found.causes if c.kind is CauseKind.MORE_MONTHS)


@given(balances)
def test_a_balance_read_back_is_the_one_that_was_kept(balance: Balance) -> None:
    assert from_record(json.loads(json.dumps(to_record(balance)))) == balance
    assert compare(balance, balance) == tuple(dataclasses.replace(d, causes=()) for d in compare(balance, balance))


def test_a_full_balance_is_kept_whole_and_what_a_later_version_adds_is_left_aside() -> None:
    balance = Balance(
        "c", "Contrat social", "Bilan final", date(2013, 3, 29), "2010-01", "2012-12",
        shops=(ShopPart("SF", "Saint-Flour", 190, 500, (MonthSums("2012-12", 2, True, 40, 900, 800, 80),)),),
        twice=Twice(1, 2, 7, ("MU",), 12), sectors=(SectorRow("SF", "Saint-Flour", 100, 260, 900, 5_000_000),),
        axes=(AxisLine("1", "Accès à l'alimentation"),),
        actions=(ActionLine("1", "1.1", "Épicerie", "CCAS", ("Secours Catholique",), "DONE", date(2010, 9, 14)),),
        indicators=(IndicatorLine("FAM", "Familles", "1.1", "HOUSEHOLD", "", "DISTINCT", 187, 200, "families", headline=True,
                                  parts=(ValuePart("SF", 190, "SF", as_of=date(2013, 3, 1)),)),),
        funding=(FundingRow("Conseil général", 2010, 816_300, 816_300, "1.1"),), definitions=(("families", "Foyers distincts"),),
    )  # fmt: skip
    assert (balance.families, balance.persons, balance.total("grams")) == (187, 493, 900)
    record = json.loads(json.dumps(to_record(balance)))
    assert from_record(record | {"colour": "blue"}) == balance
    record["shops"][0]["months"][0]["lost"] = 3
    assert from_record(record) == balance


def test_seven_weeks_apart_the_families_found_and_the_months_received_explain_the_difference() -> None:
    first = Balance(
        "c", "Contrat", "Bilan provisoire", date(2013, 2, 7), "2010-01", "2012-12",
        shops=(ShopPart("SF", "Saint-Flour", 172, 480, (MonthSums("2012-11", 1, True, 30, 700, 500, 50),)),), twice=Twice(1, 1, 5),
    )  # fmt: skip
    second = dataclasses.replace(
        first, title="Bilan", as_of=date(2013, 3, 29), twice=Twice(2, 1, 7),
        shops=(
            ShopPart("SF", "Saint-Flour", 180, 490, (MonthSums("2012-11", 2, True, 30, 720, 500, 50), MonthSums("2012-12", 1, True, 9, 90, 50, 5))),
            ShopPart("MU", "Murat", 13, 17, (MonthSums("2012-12", 1, True, 9, 90, 50, 5),)),
        ),
    )  # fmt: skip
    found = {d.figure: d for d in compare(first, second)}
    assert (found["families"].before, found["families"].after) == (170, 190)
    assert found["families"].causes == (
        Cause(CauseKind.MORE_MONTHS, 8, "SF"), Cause(CauseKind.SHOP_ADDED, 13, "MU"), Cause(CauseKind.FOUND_BY_CARD, -1),
    )  # fmt: skip
    assert found["grams"].causes == (
        Cause(CauseKind.MONTH_CORRECTED, 20, "SF", "2012-11"), Cause(CauseKind.MONTH_ADDED, 90, "SF", "2012-12"),
        Cause(CauseKind.MONTH_ADDED, 90, "MU", "2012-12"),
    )  # fmt: skip
    told = {d.figure: d.causes for d in published(compare(first, second), 5)}
    assert told["families"] == (Cause(CauseKind.SHOP_ADDED, 13, "MU"), Cause(CauseKind.OTHERS, 7))
    assert told["grams"] == (Cause(CauseKind.MORE_MONTHS, 110, "SF"), Cause(CauseKind.MORE_MONTHS, 90, "MU"))


def test_no_two_balances_share_a_sum() -> None:
    sums = {
        balance_digest(*parts)
        for parts in ((1, "a", "b", ""), (1, "ab", "", ""), (1, "a", "", "b"), (11, "", "ab", ""))
    }
    assert len(sums) == 4
    assert set(HEADS).isdisjoint(ADDED_UP)
