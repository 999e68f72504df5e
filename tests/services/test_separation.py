"""A separation in one gesture: people, card, procuration, ceiling and debts shared out; nothing twice, nothing told of the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.eligibility.situation import Member as Weighed
from epicerie_desktop.domain.eligibility.situation import Situation
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.household_life import EventKind
from epicerie_desktop.domain.statements import Debt, DebtKind, Said, said_from_json
from epicerie_desktop.domain.support import UndertakingKind
from epicerie_desktop.persistence.models import Assessment, Card, Household, Journal, Undertaking
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol, separation
from epicerie_desktop.services.households.enrol import AddressForm
from epicerie_desktop.services.households.separation import Leaver, RightAfter, SeparationForm
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries import alike, counter, figures
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.queries.life import household_life
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.sealing import unseal_json
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket, sold

NEW_HOME = AddressForm(lines="12 rue Neuve", postcode="15000", commune_code="15014")


def at(desk: Desk, day: date) -> Desk:
    return replace(desk, clock=FrozenClock.on(day))


def members(desk: Desk, household: int) -> dict[str, int]:
    return {s.name.split()[0]: s.member for s in household_life(desk, household).present}


def parting(shop: SmallShop, *, on: date = TODAY, **more: object) -> SeparationForm:
    """The partner leaves for a place of his own; the child lives with both."""
    who = members(shop.desk, shop.household)
    leavers = (Leaver(who["Jean-Pierre"], Link.HOLDER), Leaver(who["Léo"], Link.CHILD, shared=True))
    form = SeparationForm(
        shop.household, on, leavers, NEW_HOME, phone="07 11 22 33 44", kept_phones=("04 71 60 00 00", "")
    )
    return replace(form, **more)  # type: ignore[arg-type]


def left(desk: Desk, *households: int, day: date = TODAY) -> list[tuple[int, ...]]:
    return [tuple(c.left for c in counter.open_visit(desk, h, day).ceilings) for h in households]


def test_each_has_a_file_and_a_child_of_both_is_counted_once(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    sold(small_shop, a_basket(small_shop))
    second = separation.separate(desk, parting(small_shop))
    shown = {h: counter.open_visit(desk, h) for h in (first, second)}
    assert {h: (v.name, v.adults, v.children) for h, v in shown.items()} == {
        first: ("Fátima D.", 1, 1), second: ("Jean-Pierre C.", 1, 1),
    }  # fmt: skip
    assert [e.kind for e in household_life(desk, first).steps[0].events] == [EventKind.SEPARATION, EventKind.SHARED]
    later = at(desk, TODAY + timedelta(days=1))
    for household in (first, second):
        sold(replace(small_shop, desk=later, household=household), a_basket(small_shop), override="accord de Camille")
    month = figures.totals_of(desk, "2026-11", "2026-11")
    assert (month.families, month.persons, month.visits, month.person_visits) == (2, 3, 3, 2 + 2 + 2)


def test_nothing_in_either_file_leads_to_the_other(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    second = separation.separate(desk, parting(small_shop))
    secrets = {first: ("rue Neuve", "07 11", "15014"), second: ("04 71 60", "15187")}
    for household, others in secrets.items():
        told = repr(
            (household_file(desk, household), household_life(desk, household), counter.open_visit(desk, household))
        )
        assert [s for s in others if s in told] == []
    assert [f.id for f in counter.find_households(desk, "crevecoeur")] == [second]
    assert [f.id for f in counter.find_households(desk, "07 11 22 33 44")] == [second]
    assert [f.id for f in counter.find_households(desk, "04 71 60 00 00")] == [first]
    both = counter.find_households(desk, "leo")
    assert {(f.id, f.commune) for f in both} == {(first, ""), (second, "")}, "a list with both tells no place"
    assert alike.pairs_alike(desk).pairs == ()


@pytest.mark.parametrize("shares", [None, (1234, 20_000), (0, 0)])
@pytest.mark.parametrize("same_day", [False, True])
def test_what_was_left_is_shared_to_the_cent_and_the_next_month_by_persons(
    small_shop: SmallShop, shares: tuple[int, ...] | None, same_day: bool
) -> None:
    desk, first = small_shop.desk, small_shop.household
    with desk.db.write() as session:
        grant = session.get_one(decide.AccessGrant, household_file(desk, first).grants[0].id)
        grant.ceilings = [
            {"measure": "SHELF_VALUE", "period": "MONTH", "amount": 5001}, {"measure": "GRAMS", "period": "GRANT", "amount": 100_001},
        ]  # fmt: skip
    day = TODAY if same_day else TODAY - timedelta(days=2)
    sold(replace(small_shop, desk=at(desk, day)), a_basket(small_shop))
    before = left(desk, first)[0]
    second = separation.separate(desk, parting(small_shop, shares=shares))
    after = left(desk, first, second)
    assert tuple(sum(part) for part in zip(*after, strict=True)) == before
    if shares is not None:
        assert after[1] == shares
    else:
        assert [abs(a - b) <= 1 for a, b in zip(*after, strict=True)] == [True, True], "two and two persons"
    december = TODAY.replace(month=12, day=1)
    assert tuple(c[0] for c in left(desk, first, second, day=december)) == (2501, 2500)
    assert sum(c[1] for c in left(desk, first, second, day=december)) == before[1], (
        "a ceiling of the whole right goes on"
    )
    sold(replace(small_shop, household=first), a_basket(small_shop, grams=100, pieces=0), override="accord de Camille")
    assert left(desk, first)[0][0] == max(0, after[0][0] - 16)
    assert left(desk, second)[0] == after[1]


def test_those_who_leave_may_have_no_right_yet(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    before = left(desk, first)
    second = separation.separate(desk, parting(small_shop, right=RightAfter.STAYS))
    assert left(desk, first) == before
    visit = counter.open_visit(desk, second)
    assert (visit.verdict.reason.value, visit.ceilings) == ("NEVER_OPENED", ())


@pytest.mark.parametrize("leaves", [False, True])
def test_one_card_stays_in_force_and_procurations_of_the_one_who_leaves_are_revoked(
    small_shop: SmallShop, leaves: bool
) -> None:
    desk, first = small_shop.desk, small_shop.household
    card = enrol.issue_card(desk, first)
    with desk.db.write() as session:
        session.add(Card(id=-1, household_id=first, code="9990000000019", issued_on=TODAY - timedelta(days=9)))
        for name in ("M. Jean-Pierre Crèvecœur", "Rosa D'Almeida"):
            session.add(
                Undertaking(household_id=first, kind=UndertakingKind.PROXY.value, signed_on=TODAY, name=name, made_at=desk.clock.now(), made_by=desk.actor.id)
            )  # fmt: skip
    second = separation.separate(desk, parting(small_shop, card_leaves=leaves))
    found = counter.find_by_card(desk, card)
    assert found is not None
    assert found.id == (second if leaves else first)
    with desk.db.read() as session:
        assert [c.code for c in session.scalars(select(Card).where(Card.revoked_on.is_not(None)))] == ["9990000000019"]
        revoked = session.scalars(select(Undertaking.name).where(Undertaking.revoked_on.is_not(None))).all()
    assert revoked == ["M. Jean-Pierre Crèvecœur"]


def test_debts_go_as_ticked_and_only_with_the_key(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    said = Said(debts=(Debt("Bailleur", DebtKind.RENT, 80_000), Debt("Banque", DebtKind.CREDIT, 120_000, 5_000)))
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    decide.record_assessment(desk, first, Situation(on=TODAY, members=(Weighed(age=40),)), said)
    with pytest.raises(RuleRefused, match="réservée aux travailleurs sociaux"):
        separation.separate(replace(desk, social_key=None), parting(small_shop, debts=(1,)))
    assert _count(desk) == 1, "nothing was written"
    second = separation.separate(desk, parting(small_shop, debts=(1,)))
    assert [d.creditor for d in _debts(desk, first)] == ["Bailleur"]
    assert [(d.creditor, d.left, d.monthly) for d in _debts(desk, second)] == [("Banque", 120_000, 5_000)]


def _count(desk: Desk) -> int:
    with desk.db.read() as session:
        return len(session.scalars(select(Household.id)).all())


def _debts(desk: Desk, household: int) -> tuple[Debt, ...]:
    with desk.db.read() as session:
        row = session.scalars(
            select(Assessment).where(Assessment.household_id == household).order_by(Assessment.id.desc())
        ).first()
        assert row is not None
        return said_from_json(unseal_json(desk, "assessment", row.uid, row.sealed)).debts


def test_the_holder_who_leaves_hands_the_file_over_and_the_past_stays(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    who = members(desk, first)
    form = replace(parting(small_shop, on=TODAY - timedelta(days=5)), leavers=(Leaver(who["Fátima"], Link.HOLDER),))
    with pytest.raises(BadInput, match="qui devient titulaire"):
        separation.separate(desk, form)
    second = separation.separate(desk, replace(form, new_holder=who["Jean-Pierre"]))
    assert counter.open_visit(desk, first).name == "Jean-Pierre C."
    assert counter.open_visit(desk, second).name == "Fátima D."
    assert [counter.open_visit(desk, first, TODAY - timedelta(days=d)).persons for d in (6, 5)] == [3, 2]


def test_an_impossible_separation_writes_nothing(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    who = members(desk, small_shop.household)
    form = parting(small_shop)
    everyone = tuple(Leaver(m, Link.HOLDER if n == 0 else Link.CHILD) for n, m in enumerate(who.values()))
    for wrong, told in (
        (replace(form, leavers=()), "qui part"),
        (replace(form, leavers=everyone), "quelqu’un reste"),
        (replace(form, leavers=(Leaver(who["Léo"], Link.CHILD),)), "titulaire"),
        (replace(form, leavers=(Leaver(who["Jean-Pierre"], Link.HOLDER, shared=True),)), "concerne un enfant"),
        (replace(form, on=TODAY + timedelta(days=1)), "pas encore venu"),
        (replace(form, on=TODAY - timedelta(days=99)), "n’est pas dans le foyer"),
        (replace(form, shares=(999_999,)), "dépasse ce qui reste"),
    ):
        with pytest.raises(BadInput, match=told):
            separation.separate(desk, wrong)
    assert _count(desk) == 1
    separation.separate(desk, form)
    with desk.db.read() as session:
        bodies = session.scalars(select(Journal.body).where(Journal.kind == "household.separated")).all()
    assert len(bodies) == 1
    assert "rue" not in bodies[0]


def test_a_ceiling_for_each_visit_is_shared_by_persons(small_shop: SmallShop) -> None:
    parts = separation._parts(
        counter.CeilingLeft(Ceiling(CeilingMeasure.PAID, CeilingPeriod.VISIT, 1001), 0), 0, (3, 1), 0
    )
    assert [p.amount for p in parts] == [751, 250]
