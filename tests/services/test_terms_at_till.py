"""What the till and the counter apply of a right's terms, on a real file."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from epicerie_desktop.domain.access import ExceptionalReason
from epicerie_desktop.domain.basket import Basket, WeightSource
from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.eligibility.terms import OtherMeasure
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.domain.till_account import TillAccount, with_paid
from epicerie_desktop.persistence.models import AccessGrant, Appointment, Avoidance, SaleLine, Setting, Suspension
from epicerie_desktop.services import safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.queries.agenda import agenda
from epicerie_desktop.services.queries.drawer import drawer_now
from epicerie_desktop.services.queries.ending import rights_to_renew
from epicerie_desktop.services.queries.exceptional import exceptional_to_validate
from epicerie_desktop.services.queries.fees import Fee, fees_of
from epicerie_desktop.services.rights.exceptional import (
    grant_exceptional_visit,
    validate_exceptional,
)
from epicerie_desktop.services.rights.fees import cancel_fees, pay_fees
from epicerie_desktop.services.stock import receive
from epicerie_desktop.services.till import drawer, regie, sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop

GUARDS = {"guards": {"fse_free": True, "food_bank_most_permille": 100}}


def with_terms(shop: SmallShop, data: dict[str, Any], permille: int = 300) -> None:
    with shop.desk.db.write() as session:
        grant = session.scalars(select(AccessGrant)).one()
        grant.terms, grant.participation_permille = data, permille


def at_till(shop: SmallShop, article: int, quantity: int) -> tuple[TillAccount, Basket]:
    prices, visit = counter.price_list(shop.desk), counter.open_visit(shop.desk, shop.household)
    till, offer = visit.till_account(prices), prices.offers[article]
    empty = Basket(str(uuid.uuid4()), visit.participation_permille)
    if article == shop.carrots:
        return till, till.priced(empty.with_weighed("l", offer, quantity, WeightSource.SCALE))
    return till, till.priced(empty.with_pieces("l", offer, quantity))


def sold(shop: SmallShop, basket: Basket, **more: Any) -> sell.Receipt:
    return sell.record_sale(shop.desk, shop.household, basket, sell.PaymentForm(basket.paid_cents), **more)


def receive_peas(shop: SmallShop, origin: Origin, pieces: int) -> None:
    receive.record_reception(
        shop.desk, receive.ReceptionForm(origin, (receive.ReceivedLine(pieces=pieces, article_id=shop.peas),))
    )


def test_each_lot_is_paid_as_its_funder_asks_and_the_basket_shows_it_beforehand(small_shop: SmallShop) -> None:
    with_terms(small_shop, GUARDS)
    receive_peas(small_shop, Origin.PURCHASE, 10)
    _till, basket = at_till(small_shop, small_shop.peas, 26)
    assert basket.paid_cents == 24 * 15 + 2 * 45
    receipt = sold(small_shop, basket)
    with small_shop.desk.db.read() as session:
        lines = session.execute(
            select(SaleLine.origin, SaleLine.paid_cents).where(SaleLine.sale_id == receipt.sale).order_by(SaleLine.n)
        ).all()
    assert [tuple(r) for r in lines] == [(Origin.FOOD_BANK, 360), (Origin.PURCHASE, 90)]
    assert safeguard.verify_file(small_shop.desk) == ()


def test_a_lot_gone_meanwhile_changes_the_amount_which_is_told_before_it_is_paid(small_shop: SmallShop) -> None:
    with_terms(small_shop, GUARDS)
    receive_peas(small_shop, Origin.PURCHASE, 10)
    _till, basket = at_till(small_shop, small_shop.peas, 20)
    other = at_till(small_shop, small_shop.peas, 8)[1]
    sold(small_shop, other)
    with pytest.raises(sell.RateChanged) as told:
        sold(small_shop, basket)
    assert told.value.paid == (16 * 15 + 4 * 45,)
    assert len(counter.tickets_of_day(small_shop.desk)) == 1
    sold(small_shop, with_paid(basket, told.value.paid or ()))


def test_goods_outside_the_ceilings_have_their_own_count(small_shop: SmallShop) -> None:
    milk = {"code": "milk", "label": "Lait infantile", "units": 2, "period": "WEEK", "share_permille": 0, "origins": [],
            "families": [], "articles": ["Lait"]}  # fmt: skip
    with_terms(small_shop, {"outside": [milk]})
    sold(small_shop, at_till(small_shop, small_shop.milk, 2)[1])
    visit = counter.open_visit(small_shop.desk, small_shop.household)
    assert [(c.ceiling.measure, c.left) for c in visit.ceilings[1:]] == [(OtherMeasure.UNITS, 0)]
    assert visit.ceilings[0].taken == 0
    till, basket = at_till(small_shop, small_shop.milk, 1)
    assert (basket.paid_cents, till.weights(basket)) == (0, (0, 1))
    with pytest.raises(sell.CeilingExceeded):
        sold(small_shop, basket)
    sold(small_shop, basket, override="accord de Camille")
    sold(small_shop, at_till(small_shop, small_shop.carrots, 31_000)[1])
    with pytest.raises(sell.CeilingExceeded):
        sold(small_shop, at_till(small_shop, small_shop.carrots, 1_000)[1])


def test_what_is_for_a_child_s_age_is_counted_on_the_day_of_the_visit_and_limited_by_amount(
    small_shop: SmallShop,
) -> None:
    day = small_shop.desk.clock.today()
    turns = day + timedelta(days=5)
    milk = {"code": "milk", "label": "Lait infantile", "measure": "SHELF_VALUE", "amount": 300, "units": None, "period": "VISIT",
            "share_permille": None, "each": 300, "steady": 0, "articles": ["Lait"],
            "days": [{"from": day.isoformat(), "until": None},
                     {"from": day.isoformat(), "until": (turns - timedelta(days=1)).isoformat()}]}  # fmt: skip
    with_terms(small_shop, {"outside": [milk]})
    visits = (counter.open_visit(small_shop.desk, small_shop.household, on) for on in (day, turns))
    assert [[c.left for c in v.ceilings[1:]] for v in visits] == [[600], [300]]
    with_terms(small_shop, {"outside": [milk | {"days": []}]})
    visit = counter.open_visit(small_shop.desk, small_shop.household)
    till, basket = at_till(small_shop, small_shop.milk, 1)
    assert len(visit.ceilings) == 1
    assert till.weights(basket) != (0,)


def test_the_rhythm_of_visits_asks_the_team_and_never_turns_anyone_away(small_shop: SmallShop) -> None:
    with_terms(small_shop, {"visits": {"most": 1, "period": "WEEK", "days_between": 4}})
    sold(small_shop, at_till(small_shop, small_shop.peas, 1)[1])
    today = counter.open_visit(small_shop.desk, small_shop.household)
    assert today.verdict.reason == "ALREADY_SERVED_TODAY"
    later = small_shop.today + timedelta(days=1)
    verdict = counter.open_visit(small_shop.desk, small_shop.household, later).verdict
    assert (verdict.state, verdict.reason) == ("ASK_TEAM", "TOO_SOON")
    _till, basket = at_till(small_shop, small_shop.peas, 1)
    sold(small_shop, replace(basket), day=later, override="accord de Camille")
    assert counter.open_visit(small_shop.desk, small_shop.household, later + timedelta(days=9)).verdict.state == "OPEN"


def pay(desk: Desk, household: int, code: str, period: str, cents: int) -> int:
    (paid,) = pay_fees(desk, household, (Fee(code, "", period, cents),))
    return paid


def test_a_fee_is_paid_once_a_period_and_a_mistake_makes_it_due_again(small_shop: SmallShop) -> None:
    fee = {"code": "sub", "label": "Adhésion", "cents": 500, "every": "year"}
    with_terms(small_shop, {"fees": [fee, fee | {"code": "m", "label": "Mois", "cents": 100, "every": "month"}]})
    desk, household = small_shop.desk, small_shop.household
    assert [(f.code, f.period, f.paid) for f in fees_of(desk, household)] == [
        ("sub", "2026", None),
        ("m", "2026-11", None),
    ]
    first = pay(desk, household, "sub", "2026", 500)
    assert pay(desk, household, "sub", "2026", 500) == first
    assert [f.code for f in counter.open_visit(desk, household).fees if f.paid is None] == ["m"]
    with pytest.raises(RuleRefused):
        pay(desk, household, "sub", "2025", 500)
    cancel_fees(desk, (first,), "erreur de foyer")
    with pytest.raises(RuleRefused):
        cancel_fees(desk, (first,), "erreur de foyer")
    assert [f.code for f in fees_of(desk, household) if f.paid is None] == ["sub", "m"]
    assert safeguard.verify_file(desk) == ()


def test_a_fee_enters_the_drawer_leaves_it_when_cancelled_and_is_paid_to_the_accountant(small_shop: SmallShop) -> None:
    with_terms(small_shop, {"fees": [{"code": "sub", "label": "Adhésion", "cents": 500, "every": "year"}]})
    desk, household = small_shop.desk, small_shop.household
    save_feature(desk, "sessions", True)
    save_feature(desk, "regie", True)
    drawer.open_session(desk, 20_00)
    fee = pay(desk, household, "sub", "2026", 500)
    (move,) = drawer_now(desk).moves
    assert (move.kind, move.cents, drawer_now(desk).expected_cents) == (CashMoveKind.FEE, 500, 25_00)
    with pytest.raises(RuleRefused, match="accueil"):
        drawer.reverse_cash_move(desk, move.id, "erreur")
    assert regie.regie_view(desk).held.cash_cents == 500
    cancel_fees(desk, (fee,), "erreur de foyer")
    assert (drawer_now(desk).expected_cents, regie.regie_view(desk).held.cash_cents) == (20_00, 0)
    assert safeguard.verify_file(desk) == ()


def test_fees_are_settled_together_or_not_at_all_and_given_back_as_a_ticket_is(small_shop: SmallShop) -> None:
    with_terms(small_shop, {"fees": [{"code": "sub", "label": "Adhésion", "cents": 500, "every": "year"}]})
    desk, household = small_shop.desk, small_shop.household
    drawer.open_session(desk, 0)
    with pytest.raises(RuleRefused):
        pay_fees(desk, household, (Fee("sub", "", "2026", 500), Fee("other", "", "2026", 500)))
    assert drawer_now(desk).expected_cents == 0
    fee = pay(desk, household, "sub", "2026", 500)
    with pytest.raises(BadInput, match="pourquoi"):
        cancel_fees(desk, (fee,), " ")
    tomorrow = replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=1)))
    with pytest.raises(RuleRefused, match="bénévole"):
        cancel_fees(replace(tomorrow, actor=replace(desk.actor, role=Role.VOLUNTEER.value)), (fee,), "erreur")
    save_feature(desk, "regie", True)
    with pytest.raises(RuleRefused, match="acte constitutif"):
        cancel_fees(tomorrow, (fee,), "erreur")
    assert drawer_now(desk).expected_cents == 500
    cancel_fees(desk, (fee,), "tapée pour un autre foyer")
    assert (drawer_now(desk).expected_cents, drawer_now(desk).moves[0].note) == (0, "tapée pour un autre foyer")


def test_an_exceptional_visit_opens_one_day_within_the_limit_and_waits_to_be_validated(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    with pytest.raises(RuleRefused, match="déjà ouvert"):
        grant_exceptional_visit(desk, household, ExceptionalReason.URGENT)
    with desk.db.write() as session:
        grant = session.scalars(select(AccessGrant)).one()
        grant.valid_until, grant.participation_permille = small_shop.today - timedelta(days=1), 300
        grant.terms = GUARDS
    volunteer = replace(desk, social_key=None)
    given = grant_exceptional_visit(volunteer, household, ExceptionalReason.RIGHT_ENDED)
    assert grant_exceptional_visit(volunteer, household, ExceptionalReason.RIGHT_ENDED) == given
    visit = counter.open_visit(volunteer, household)
    assert (visit.verdict.state, visit.participation_permille, visit.ceilings[0].ceiling.amount) == ("OPEN", 300, 5000)
    sold(small_shop, at_till(small_shop, small_shop.peas, 2)[1])
    assert [(v.grant, v.name) for v in exceptional_to_validate(volunteer)] == [(given, "Fátima D.")]
    with pytest.raises(RuleRefused):
        validate_exceptional(volunteer, given)
    validate_exceptional(desk, given)
    assert exceptional_to_validate(desk) == ()
    with desk.db.write() as session:
        session.get_one(AccessGrant, given).valid_from = small_shop.today - timedelta(days=8)
        session.get_one(AccessGrant, given).valid_until = small_shop.today - timedelta(days=8)
    with pytest.raises(RuleRefused, match="passage exceptionnel"):
        grant_exceptional_visit(desk, household, ExceptionalReason.URGENT)
    with desk.db.write() as session:
        session.add(Setting(key="exceptional_visits", valid_from=small_shop.today, value={"most": 2, "days": 30}))
        session.add(
            Suspension(household_id=household, kind="EXCLUDED", since=small_shop.today, reason_code="OTHER",
                       made_at=desk.clock.now(), made_by=desk.actor.id)
        )  # fmt: skip
    with pytest.raises(RuleRefused, match="exclu"):
        grant_exceptional_visit(desk, household, ExceptionalReason.URGENT)
    with desk.db.write() as session:
        session.scalars(select(Suspension)).one().lifted_on = small_shop.today
    grant_exceptional_visit(desk, household, ExceptionalReason.URGENT)


def test_the_counter_recalls_rights_that_end_and_the_appointments_of_the_day_without_a_name_in_full(
    small_shop: SmallShop,
) -> None:
    desk = replace(small_shop.desk, social_key=None)
    assert rights_to_renew(desk, before=15, after=0) == ()
    assert [(r.holder, r.left) for r in rights_to_renew(desk, before=60, after=0)] == [("Fátima D.", 60)]
    now = desk.clock.now()
    with desk.db.write() as session:
        for at in (now, now + timedelta(days=1)):
            session.add(
                Appointment(
                    household_id=small_shop.household, at=at, kind="REVIEW", changed_at=now, changed_by=desk.actor.id
                )
            )
    assert [(s.who, s.at) for s in agenda(desk, small_shop.today, small_shop.today)] == [("Fátima D.", now)]


def test_tags_are_read_with_the_visit_and_name_an_article_or_its_family(small_shop: SmallShop) -> None:
    desk, offers = small_shop.desk, counter.price_list(small_shop.desk).offers
    with desk.db.write() as session:
        for label, family, article in (
            ("sans lait", None, small_shop.milk),
            ("frais", offers[small_shop.carrots].family, None),
        ):
            session.add(
                Avoidance(household_id=small_shop.household, label=label, family_id=family, article_id=article,
                          agreed_on=small_shop.today, made_by=desk.actor.id)
            )  # fmt: skip
    visit = counter.open_visit(replace(desk, social_key=None), small_shop.household)
    told = {
        a: [t.label for t in visit.avoided if t.names(offers[a])]
        for a in (small_shop.milk, small_shop.carrots, small_shop.peas)
    }
    assert told == {small_shop.milk: ["sans lait"], small_shop.carrots: ["frais"], small_shop.peas: []}
