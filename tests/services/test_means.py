"""What may be paid otherwise than in cash: the services refuse by themselves what the shop, or the act of a régie, does not allow."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.payments import Part, PaymentKind
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.till_papers import Regie
from epicerie_desktop.persistence.models import SaleLine
from epicerie_desktop.services import safeguard, sheets
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.queries.drawer import drawer_now
from epicerie_desktop.services.queries.past_tickets import find_tickets
from epicerie_desktop.services.stock.moves import take_back
from epicerie_desktop.services.till import drawer, means, purse, sell
from epicerie_desktop.services.till.cancelling import check_cancel
from epicerie_desktop.services.till.limits import TillLimits, limits_of, save_limits
from epicerie_desktop.services.till.regie_name import save_regie
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import gettext
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket

KIND = PaymentKind


def pay(shop: SmallShop, *parts: Part, cash: int = 0) -> sell.Receipt:
    return sell.record_sale(shop.desk, shop.household, a_basket(shop), sell.PaymentForm(cash, parts))


def due(shop: SmallShop) -> int:
    return a_basket(shop).paid_cents


@pytest.mark.parametrize("kind", [k for k in PaymentKind if k is not KIND.CASH])
def test_a_means_that_is_not_switched_on_is_refused_and_nothing_is_written(
    small_shop: SmallShop, kind: PaymentKind
) -> None:
    with pytest.raises(RuleRefused):
        pay(small_shop, Part(kind, due(small_shop)))
    with small_shop.desk.db.read() as session:
        assert session.execute(text("select count(*) from sale")).scalar() == 0


def test_a_voucher_larger_than_the_amount_is_refused_even_with_cash(small_shop: SmallShop) -> None:
    save_feature(small_shop.desk, "vouchers", True)
    with pytest.raises(BadInput, match="espèces"):
        pay(small_shop, Part(KIND.VOUCHER, due(small_shop) + 1), cash=500)


def test_what_is_owed_stops_at_the_limit_of_the_shop_and_paying_it_back_opens_it_again(small_shop: SmallShop) -> None:
    desk, amount = small_shop.desk, due(small_shop)
    save_feature(desk, "slate", True)
    save_limits(desk, TillLimits(slate_cents=amount))
    pay(small_shop, Part(KIND.SLATE, amount))
    with pytest.raises(RuleRefused, match="au plus"):
        pay(small_shop, Part(KIND.SLATE, amount))
    pay(small_shop, cash=amount)
    taken = purse.pay_in(desk, small_shop.household, amount)
    assert (taken.settled_cents, taken.ahead_cents, taken.balance_cents) == (amount, 0, 0)
    pay(small_shop, Part(KIND.SLATE, amount))


def test_a_regie_owes_nothing_takes_nothing_ahead_and_gives_nothing_back_unless_its_act_says_so(
    small_shop: SmallShop,
) -> None:
    desk, household, amount = small_shop.desk, small_shop.household, due(small_shop)
    for code in ("purse", "slate", "regie"):
        save_feature(desk, code, True)
    gestures = {
        "act_slate": lambda: pay(small_shop, Part(KIND.SLATE, amount)),
        "act_ahead": lambda: purse.pay_in(desk, household, 10_00),
        "act_refund": lambda: purse.give_back(desk, household, 1_00, "départ"),
    }
    for gesture in gestures.values():
        with pytest.raises(RuleRefused, match="acte constitutif"):
            gesture()
    for name, gesture in gestures.items():
        save_limits(desk, replace(limits_of(desk), **{name: "arrêté du 3 mars 2026"}))
        gesture()
    assert purse.purse_cents(desk, household) == 10_00 - amount - 1_00
    assert safeguard.verify_file(desk) == ()


def test_what_a_regie_may_not_do_is_known_before_any_sum_is_asked(small_shop: SmallShop) -> None:
    """The doors that the screens read say yes exactly where the gestures do."""
    desk, household = small_shop.desk, small_shop.household
    for code in ("purse", "slate"):
        save_feature(desk, code, True)
    purse.pay_in(desk, household, 10_00)

    def offered(at: Desk) -> tuple[bool, bool, bool]:
        view, money = purse.purse_view(at, household), means.till_money(at, household)
        return money.slate, view.takes_ahead, view.gives

    assert offered(desk) == (True, True, True)
    assert offered(replace(desk, actor=replace(desk.actor, role=Role.VOLUNTEER.value))) == (True, True, False)
    save_feature(desk, "regie", True)
    assert offered(desk) == (False, False, False)
    for i, name in enumerate(("act_slate", "act_ahead", "act_refund")):
        save_limits(desk, replace(TillLimits(), **{name: "arrêté du 3 mars 2026"}))
        assert offered(desk) == tuple(n == i for n in range(3))


def test_a_regie_buys_nothing_with_what_it_took_and_is_offered_nothing_of_the_kind(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    drawer.open_session(desk, 20_00)
    before = drawer.move_cash(desk, CashMoveKind.SPENT, 3_00, "sacs")
    assert drawer_now(desk).may_spend
    save_feature(desk, "regie", True)
    save_limits(desk, TillLimits(act_slate="acte", act_ahead="acte", act_refund="acte"))
    assert not drawer_now(desk).may_spend
    with pytest.raises(RuleRefused, match="régie de recettes"):
        drawer.move_cash(desk, CashMoveKind.SPENT, 3_00, "sacs")
    assert drawer_now(desk).expected_cents == 17_00
    drawer.reverse_cash_move(desk, before, "acheté avant la régie")
    drawer.move_cash(desk, CashMoveKind.DEPOSIT, 5_00, "")
    assert drawer_now(desk).expected_cents == 15_00


def test_a_ticket_is_known_to_be_kept_before_its_reason_is_asked(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    sale = pay(small_shop, cash=due(small_shop)).sale
    tomorrow = replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=1)))
    volunteer = replace(tomorrow, actor=replace(desk.actor, role=Role.VOLUNTEER.value))

    def kept(at: Desk) -> bool:
        (row,) = find_tickets(at, "", TODAY)
        if row.may_cancel:
            check_cancel(at, sale)
        else:
            with pytest.raises(RuleRefused, match=re.escape(gettext(row.kept))):
                check_cancel(at, sale)
        return not row.may_cancel

    assert [kept(at) for at in (desk, tomorrow, volunteer)] == [False, False, True]
    save_feature(desk, "regie", True)
    assert [kept(at) for at in (desk, tomorrow)] == [False, True]
    save_limits(desk, TillLimits(act_refund="arrêté du 2 mars 2026"))
    assert not kept(tomorrow)
    sell.cancel_sale(tomorrow, sale, "erreur")
    with pytest.raises(RuleRefused, match="déjà annulé"):
        check_cancel(tomorrow, sale)


def test_what_was_brought_back_keeps_its_ticket_and_says_so_before_the_reason(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    sale = pay(small_shop, cash=due(small_shop)).sale
    with desk.db.read() as session:
        line = session.query(SaleLine).filter(SaleLine.sale_id == sale, SaleLine.pieces > 0).first()
        assert line is not None
        lot, pieces = line.lot_id, line.pieces
    check_cancel(desk, sale)
    take_back(desk, lot, pieces=pieces)
    with pytest.raises(RuleRefused, match="rapportés"):
        check_cancel(desk, sale)
    with pytest.raises(RuleRefused, match="rapportés"):
        sell.cancel_sale(desk, sale, "erreur")


def test_money_given_back_by_mistake_is_undone_as_money_taken_is(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    save_feature(desk, "purse", True)
    drawer.open_session(desk, 0)
    purse.pay_in(desk, household, 10_00)
    assert purse.give_back(desk, household, 4_00, "départ") == 6_00
    view = purse.purse_view(desk, household)
    assert view.undo is not None
    assert view.undo_cents == -4_00
    assert purse.cancel_pay_in(desk, view.undo, "autre foyer") == 10_00
    view = purse.purse_view(desk, household)
    assert view.undo_cents == 10_00, "the one before comes next"
    pay(small_shop, Part(KIND.PURSE, 1), cash=due(small_shop) - 1)
    assert purse.purse_view(desk, household).undo is None, "spent since"
    assert safeguard.verify_file(desk) == ()


def test_the_drawer_of_a_regie_tells_that_it_holds_too_much_and_blocks_nothing(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    save_regie(desk, Regie(ceiling_cents=20_00))
    drawer.open_session(desk, 20_00)
    pay(small_shop, cash=5_00)
    assert means.drawer_over(desk) is None, "only a régie has such a limit"
    save_feature(desk, "regie", True)
    assert means.drawer_over(desk) == (20_00 + due(small_shop), 20_00)


def test_a_cancelled_ticket_gives_back_each_means_as_it_came(small_shop: SmallShop) -> None:
    desk, household, amount = small_shop.desk, small_shop.household, due(small_shop)
    for code in ("means", "vouchers", "purse", "slate"):
        save_feature(desk, code, True)
    drawer.open_session(desk, 0)
    purse.pay_in(desk, household, 2)
    parts = (
        Part(KIND.PURSE, 2),
        Part(KIND.SLATE, 1),
        Part(KIND.CHEQUE, 3, "n° 7"),
        Part(KIND.VOUCHER, 1, "CCAS, 12"),
    )
    sale = pay(small_shop, *parts, cash=amount).sale
    assert purse.purse_cents(desk, household) == -1
    contrary = sell.cancel_sale(desk, sale, "erreur")
    assert purse.purse_cents(desk, household) == 2
    with desk.db.read() as session:
        held = drawer.session_in(session, desk.post.id)
        assert held is not None
        assert drawer.state_in(session, held).expected_cents == 2
        rows = session.execute(text("select kind, sum(cents), max(reference) from payment group by kind")).all()
    assert {r[0]: r[1] for r in rows} == dict.fromkeys(("CASH", "CHEQUE", "VOUCHER", "PURSE", "SLATE"), 0)
    assert {r[2] for r in rows} == {"", "n° 7", "CCAS, 12"}
    assert sheets.ticket(desk, sale).balance_cents == -1
    assert sheets.ticket(desk, contrary).balance_cents == 2


def test_money_taken_by_mistake_is_undone_once_and_not_after_it_was_spent(small_shop: SmallShop) -> None:
    desk, household, amount = small_shop.desk, small_shop.household, due(small_shop)
    save_feature(desk, "purse", True)
    drawer.open_session(desk, 0)
    taken = purse.pay_in(desk, household, amount)
    sale = pay(small_shop, Part(KIND.PURSE, amount)).sale
    with pytest.raises(RuleRefused, match="déjà employé"):
        purse.cancel_pay_in(desk, taken.cash_move, "autre foyer")
    sell.cancel_sale(desk, sale, "autre foyer")
    assert purse.cancel_pay_in(desk, taken.cash_move, "autre foyer") == 0
    with pytest.raises(RuleRefused, match="déjà annulé"):
        purse.cancel_pay_in(desk, taken.cash_move, "autre foyer")
    with desk.db.read() as session:
        held = drawer.session_in(session, desk.post.id)
        assert held is not None
        assert drawer.state_in(session, held).expected_cents == 0
    assert b"%PDF" in sheets.purse_receipt_pdf(desk, taken.cash_move)[:8]
    assert safeguard.verify_file(desk) == ()


def test_a_balance_changed_behind_the_programs_back_is_named(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    save_feature(desk, "purse", True)
    taken = purse.pay_in(desk, small_shop.household, 5_00)
    assert safeguard.verify_file(desk) == ()
    with desk.db.write() as session:
        session.execute(text("DROP TRIGGER purse_move_no_update"))
        session.execute(text("UPDATE purse_move SET cents = cents + 100"))
    (found,) = safeguard.verify_file(desk)
    assert (found.what, found.where, found.expected, found.found) == ("purse", f"cash/{taken.cash_move}", 5_00, 6_00)


def test_a_sale_in_cash_asks_nothing_of_the_settings(small_shop: SmallShop) -> None:
    asked: list[str] = []
    pay(small_shop, cash=due(small_shop))
    with small_shop.desk.db.read() as session:
        engine = session.get_bind().engine
    listen = lambda _c, _cur, statement, *_rest: asked.append(statement)  # noqa: E731 - a listener
    event.listen(engine, "before_cursor_execute", listen)
    pay(small_shop, cash=due(small_shop))
    event.remove(engine, "before_cursor_execute", listen)
    assert asked
    assert not [s for s in asked if "setting" in s or "purse" in s]


def test_money_taken_another_day_is_given_back_by_the_team_and_in_a_regie_by_its_act(small_shop: SmallShop) -> None:
    """What a ticket may not give back, an advance undone may not either."""
    desk, household = small_shop.desk, small_shop.household
    save_feature(desk, "purse", True)
    taken = purse.pay_in(desk, household, 10_00).cash_move
    tomorrow = replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=1)))
    volunteer = replace(tomorrow, actor=replace(desk.actor, role=Role.VOLUNTEER.value))
    with pytest.raises(RuleRefused, match="bénévole"):
        purse.cancel_pay_in(volunteer, taken, "autre foyer")
    save_feature(desk, "regie", True)
    with pytest.raises(RuleRefused, match="acte constitutif"):
        purse.cancel_pay_in(tomorrow, taken, "autre foyer")
    save_limits(tomorrow, TillLimits(act_refund="arrêté du 2 mars 2026"))
    assert purse.cancel_pay_in(tomorrow, taken, "autre foyer") == 0


def test_a_regie_cancels_a_ticket_of_another_day_that_took_no_money(small_shop: SmallShop) -> None:
    desk, amount = small_shop.desk, due(small_shop)
    for code in ("slate", "regie", "means"):
        save_feature(desk, code, True)
    save_limits(desk, TillLimits(act_slate="arrêté du 2 mars 2026"))
    left = pay(small_shop, Part(KIND.SLATE, amount))
    mixed = pay(small_shop, Part(KIND.SLATE, amount - 10), Part(KIND.CHEQUE, 10))
    tomorrow = replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=1)))
    with pytest.raises(RuleRefused, match="acte constitutif"):
        sell.cancel_sale(tomorrow, mixed.sale, "erreur")
    sell.cancel_sale(tomorrow, left.sale, "erreur")
    assert purse.purse_cents(desk, small_shop.household) == 10 - amount
    assert safeguard.verify_file(tomorrow) == ()
