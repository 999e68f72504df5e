"""What a basket costs and weighs under the terms of a right, whatever the basket and the terms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod, Grant, Reason
from epicerie_desktop.domain.basket import ArticleOffer, Basket, SoldBy, WeightSource
from epicerie_desktop.domain.eligibility.terms import OtherMeasure
from epicerie_desktop.domain.stock import DateKind, LotState, Origin
from epicerie_desktop.domain.terms_at_till import NO_TERMS, Item, Scope, ceilings_of, read_terms, slowed
from epicerie_desktop.domain.till_account import Account, Portion, Stock, Taken, TillAccount, by_line
from epicerie_desktop.domain.units import share_of

DAY = date(2026, 11, 20)
GRANT = Grant(1, date(2026, 11, 2), date(2027, 2, 1), 100, ())
CARROTS = Item.of(1, ("Carottes",), ("FL", "Fruits et légumes"))
NAPPIES = Item.of(2, ("Couches taille 4",), ("BEBE", "Bébé"))
GUARDS = {"fse_free": True, "food_bank_most_permille": 100}


def portion(item: Item = CARROTS, origin: Origin = Origin.PURCHASE, *, line: int = 0, units: int = 1, grams: int = 1000,
            shelf: int = 1000) -> Portion:  # fmt: skip
    return Portion(line, item, origin, units, grams, shelf)


def account(data: dict[str, Any], *, granted: int = 300, day: date = DAY, taken: tuple[Taken, ...] = ()) -> Account:
    terms = read_terms(data)
    return Account(terms, terms.usual(day, granted), day, taken)


def a_row(**more: Any) -> dict[str, Any]:
    return {"share_permille": None, "price": None, "phases": [], "origins": [], "families": [], "articles": []} | more


def test_a_right_without_terms_pays_its_share_and_an_unknown_row_is_left_out() -> None:
    assert read_terms({}) is NO_TERMS
    assert read_terms(None) is NO_TERMS
    odd = read_terms({"rates": [{"origins": ["MARS"]}, a_row(share_permille=50, origins=["FSE"])], "limits": "?"})
    assert len(odd.rates) == 1
    assert account({}).paid([portion()]) == (300,)


def test_the_origin_the_family_and_the_article_each_have_their_price_and_the_first_row_holds() -> None:
    at = account({
        "guards": GUARDS,
        "rates": [
            a_row(share_permille=500, origins=["PURCHASE"], families=["fruits et legumes"]),
            a_row(price={"per": "piece", "cents": 20}, articles=["Couches"]),
            a_row(share_permille=0, families=["FL"]),
        ],
    })  # fmt: skip
    assert at.paid([portion()]) == (500,)
    assert at.paid([portion(origin=Origin.DONATION)]) == (0,)
    assert at.paid([portion(NAPPIES, units=3, shelf=900)]) == (60,)
    assert at.paid([portion(origin=Origin.FOOD_BANK), portion(NAPPIES, Origin.FSE, line=1)]) == (0, 0)
    assert account({"guards": GUARDS}).paid([portion(origin=o) for o in (Origin.FOOD_BANK, Origin.FSE)]) == (100, 0)


def test_a_price_per_kilo_holds_whatever_the_article() -> None:
    at = account({"price": {"per": "kilo", "cents": 60}})
    assert at.paid([portion(grams=1500, shelf=9_99)]) == (90,)
    assert at.paid([portion(NAPPIES, grams=0, shelf=1000)]) == (300,)


def test_a_flat_price_is_due_once_a_visit_or_a_month_and_never_breaks_a_guard() -> None:
    visit = {"price": {"per": "visit", "cents": 200}, "guards": GUARDS}
    two = [portion(shelf=900), portion(NAPPIES, line=1, shelf=300)]
    assert account(visit, granted=0).paid(two) == (150, 50)
    before = Taken(DAY, portion(), 150)
    assert account(visit, granted=0, taken=(before,)).paid(two) == (38, 12)
    assert account(visit, granted=0).paid([portion(origin=Origin.FOOD_BANK, shelf=900)]) == (90,)
    month = {"price": {"per": "month", "cents": 500}}
    earlier = Taken(DAY.replace(day=1), portion(), 500)
    assert account(month, granted=0, taken=(earlier,)).paid(two) == (0, 0)
    last = Taken(DAY - timedelta(days=30), portion(), 500)
    assert sum(account(month, granted=0, taken=(last,)).paid(two)) == 500


def test_the_phase_of_the_day_sets_the_share_and_the_decision_holds_in_the_first_one() -> None:
    data = {
        "phases": [
            {"code": "a", "label": "A", "from": "2026-11-02", "until": "2026-12-01"},
            {"code": "b", "label": "B", "from": "2026-12-02", "until": None},
        ],
        "rates": [a_row(share_permille=100, phases=["a"]), a_row(share_permille=200, phases=["b"])],
    }
    assert account(data, granted=150).paid([portion()]) == (150,)
    assert account(data, granted=150, day=date(2026, 12, 2)).paid([portion()]) == (200,)


def test_what_lies_outside_has_its_own_count_and_weighs_on_no_ceiling() -> None:
    data = {
        "outside": [{"code": "nappies", "label": "Couches", "units": 2, "period": "WEEK", "share_permille": 0,
                     "origins": [], "families": ["Couches"], "articles": []}],
        "limits": [{"measure": "UNITS", "period": "VISIT", "amount": 3, "unit": "units", "origins": [], "families": [],
                    "articles": []}],
    }  # fmt: skip
    monday = Taken(DAY - timedelta(days=2), portion(NAPPIES, units=1), 0)
    at = account(data, taken=(monday, Taken(DAY - timedelta(days=9), portion(NAPPIES, units=2), 0)))
    ceilings = ceilings_of(at.terms, (Ceiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.MONTH, 5000),), DAY)
    month, units, nappies = (at.left(c, GRANT) for c in ceilings)
    assert (month.taken, units.taken, nappies.taken) == (0, 0, 1)
    basket = [portion(units=2), portion(NAPPIES, line=1, units=3)]
    paid = at.paid(basket)
    assert paid == (300, 0)
    assert [c.over(at.weight(c.ceiling, basket, paid)) for c in (month, units, nappies)] == [0, 0, 2]


def test_what_a_period_leaves_is_carried_over_to_the_next() -> None:
    weekly = Ceiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.WEEK, 1000)
    taken = (Taken(date(2026, 11, 3), portion(shelf=400), 0), Taken(date(2026, 11, 17), portion(shelf=300), 0))
    at = account({"carried_over": [{"measure": "SHELF_VALUE", "period": "WEEK"}]}, taken=taken)
    (ceiling,) = ceilings_of(at.terms, (weekly,), DAY)
    left = at.left(ceiling, GRANT)
    assert (left.carried, left.taken, left.left) == (600 + 1000, 300, 2300)


def test_the_rhythm_of_visits_is_told_to_the_team() -> None:
    def said(visits: dict[str, Any], *days: int, **more: Any) -> Reason | None:
        rule = read_terms({"visits": visits} | more).visits
        return slowed(rule, [date(2026, 11, d) for d in days], DAY, GRANT)

    weekly = {"most": 2, "period": "WEEK"}
    assert said(weekly, 16, 18) is Reason.VISITS_SPENT
    assert said(weekly, 13, 18, 20) is None
    assert said({"days_between": 7}, 14) is Reason.TOO_SOON
    assert said({"days_between": 7}, 13) is None
    assert said({}, 3, 10, visits_in_right=2) is Reason.LAST_VISIT_DONE


ORIGINS = st.sampled_from(list(Origin))
SCOPES = st.fixed_dictionaries({
    "origins": st.lists(ORIGINS.map(str), max_size=2), "families": st.lists(st.sampled_from(["FL", "Couches"]), max_size=1),
    "articles": st.just([]),
})  # fmt: skip
PRICES = st.none() | st.fixed_dictionaries(
    {"per": st.sampled_from(["kilo", "piece", "visit", "month"]), "cents": st.integers(0, 900)}
)
TERMS = st.fixed_dictionaries({
    "price": PRICES,
    "rates": st.lists(
        st.tuples(SCOPES, st.none() | st.integers(0, 1000), PRICES).map(
            lambda r: a_row(share_permille=None if r[2] else r[1], price=r[2], **r[0])
        ),
        max_size=3,
    ),
    "guards": st.fixed_dictionaries({"fse_free": st.booleans(), "food_bank_most_permille": st.none() | st.integers(0, 300)}),
    "outside": st.lists(
        SCOPES.map(lambda s: {"code": "out", "label": "Hors plafond", "units": 4, "period": "WEEK", "share_permille": None} | s),
        max_size=1,
    ),
})  # fmt: skip
OFFERS = {
    1: ArticleOffer(1, "Carottes", 1, "Fruits et légumes", SoldBy.WEIGHT, 160, family_codes=("FL",)),
    2: ArticleOffer(2, "Couches taille 4", 2, "Bébé", SoldBy.PIECE, 35, 50),
}
LOTS = st.dictionaries(
    st.sampled_from([1, 2]),
    st.lists(st.tuples(ORIGINS, st.integers(1, 2_000)), max_size=3),
)
LINES = st.lists(st.tuples(st.sampled_from([1, 2]), st.integers(1, 3_000)), min_size=1, max_size=6)


@given(TERMS, LOTS, LINES)
def test_every_cent_is_on_a_line_no_guard_is_broken_and_outside_goods_weigh_on_nothing(
    data: dict[str, Any], lots: dict[int, list[tuple[Origin, int]]], lines: list[tuple[int, int]]
) -> None:
    stock = Stock({
        a: tuple(LotState(10 * a + i, q, DateKind.NONE, None, DAY, o) for i, (o, q) in enumerate(found))
        for a, found in lots.items()
    })  # fmt: skip
    at = account(data)
    items = {o.id: Item.of(o.id, (o.name,), (o.family_name, *o.family_codes)) for o in OFFERS.values()}
    every = Ceiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.MONTH, 5000)
    scoped = Ceiling(OtherMeasure.UNITS, CeilingPeriod.WEEK, 3, scope=Scope(families=("fl",)))
    till = TillAccount(at, items, stock, tuple(at.left(c, GRANT) for c in (every, scoped)))
    basket = Basket("b", 300)
    for n, (article, quantity) in enumerate(lines):
        if article == 1:
            basket = basket.with_weighed(str(n), OFFERS[1], quantity, WeightSource.SCALE)
        else:
            basket = basket.with_pieces(str(n), OFFERS[2], quantity % 99 + 1)
    basket = till.priced(basket)
    portions = till.portions(basket)
    paid = at.paid(portions)
    if not at.terms.plain_prices:
        assert by_line(portions, paid, len(basket.lines)) == tuple(n.paid_cents for n in basket.lines)
    assert sum(p.shelf_cents for p in portions) == basket.shelf_cents
    for line in range(len(basket.lines)):
        for guard in {at.terms.guard(p.origin) for p in portions if p.line == line} - {None}:
            held = [i for i, p in enumerate(portions) if p.line == line and at.terms.guard(p.origin) == guard]
            assert sum(paid[i] for i in held) <= sum(
                share_of(portions[i].shelf_cents, guard or 0) + 1 if guard else 0 for i in held
            )
    inside = [p for p in portions if at.terms.outside_of(p.item, p.origin, DAY) is None]
    assert till.weights(basket) == (
        sum(p.shelf_cents for p in inside), sum(p.units for p in inside if p.item.article == 1)
    )  # fmt: skip


def test_goods_are_counted_in_points_by_the_piece_or_the_kilo() -> None:
    at = account({
        "limits": [{"measure": "POINTS", "period": "MONTH", "amount": 60, "origins": [], "families": [], "articles": []}],
        "points": [
            {"per": "piece", "points": 3, "origins": [], "families": ["FL"], "articles": []},
            {"per": "kilo", "points": 10, "origins": [], "families": [], "articles": []},
        ],
    })  # fmt: skip
    (ceiling,) = ceilings_of(at.terms, (), DAY)
    fruit, rest = Item.of(1, ("Pomme",), ("FL",)), Item.of(2, ("Riz",), ("EPI",))
    portions = (
        Portion(0, fruit, Origin.DONATION, 4, 800, 200, True), Portion(1, rest, Origin.PURCHASE, 1, 1250, 300, True)
    )  # fmt: skip
    assert at.weight(ceiling, portions, (0, 0)) == 4 * 3 + 13  # 12,5 points are 13


def test_a_day_or_a_week_that_is_not_theirs_is_for_the_team_to_see() -> None:
    rule = read_terms({"visits": {"weekdays": ["tuesday", "friday"], "weeks": "even"}}).visits
    tuesday = date(2026, 11, 24)  # of week 48
    assert [slowed(rule, (), tuesday + timedelta(days=n), GRANT) for n in (0, 1, 3, 7)] == [
        None, Reason.NOT_THEIR_DAY, None, Reason.NOT_THEIR_DAY,
    ]  # fmt: skip
