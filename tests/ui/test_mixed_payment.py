"""Paying with several means at the till, and money taken ahead at the counter, by the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.persistence.models import Payment
from epicerie_desktop.services.queries.counter import tickets_of_day
from epicerie_desktop.services.till import purse
from epicerie_desktop.services.till.limits import TillLimits, save_limits
from epicerie_desktop.support.i18n import NBSP
from epicerie_desktop.ui.counter.purse_pane import GiveDialog, TakeDialog
from epicerie_desktop.ui.till.ticket import PaperDialog
from tests.ui.dialogs import answer, meet
from tests.ui.test_till_extras import back, switch_on

if TYPE_CHECKING:
    from tests.ui.conftest import Hands

KEY = Qt.Key
KEY_TAB = Qt.FocusReason.TabFocusReason
ALL = ("means", "vouchers", "purse", "slate")


def _plain(sentence: str) -> str:
    return sentence.replace(NBSP, " ").replace("\u202f", " ").replace("’", "'")


def _payments(hands: Hands) -> dict[PaymentKind, tuple[int, int, str]]:
    with hands.desk.db.read() as session:
        return {p.kind: (p.cents, p.tendered_cents, p.reference) for p in session.query(Payment)}


def _at_payment(hands: Hands, pieces: int = 20) -> None:
    hands.at_till_of("sophie")
    hands.enter(f"{pieces}*3017620422003")
    hands.press(KEY.Key_F12)


def test_switched_off_the_step_is_the_one_line_of_always(hands: Hands) -> None:
    _at_payment(hands)
    till = hands.till
    assert till.step is till.closing.payment
    for key in (KEY.Key_F2, KEY.Key_F4, KEY.Key_F5, KEY.Key_F7, KEY.Key_F9):
        hands.press(key)
    hands.enter("2")
    assert _payments(hands) == {PaymentKind.CASH: (190, 200, "")}


def test_a_ticket_is_paid_with_a_cheque_a_voucher_and_cash_with_its_change(hands: Hands) -> None:
    switch_on(hands, *ALL)
    _at_payment(hands)
    step = hands.till.closing.mixed
    assert hands.till.step is step
    hands.type("1")
    hands.press(KEY.Key_F2)
    hands.enter("n° 0042, La Poste")
    assert _plain(step.rest.text()) == "0,90 €"
    hands.type("5")
    hands.press(KEY.Key_F5)
    assert "la monnaie ne se rend que sur les espèces" in _plain(step.trouble.text())
    hands.press(KEY.Key_Backspace)
    hands.type("0,50")
    hands.press(KEY.Key_F5)
    hands.enter()
    assert _plain(step.rest.text()) == "0,40 €"
    hands.type("1")
    assert _plain(step.change.text()) == "0,60 €"
    hands.enter()
    assert _payments(hands) == {
        PaymentKind.CASH: (40, 100, ""),
        PaymentKind.CHEQUE: (100, 100, "n° 0042, La Poste"),
        PaymentKind.VOUCHER: (50, 50, ""),
    }
    assert _plain(hands.till.closing.done.change.text()) == "0,60 €"


def test_escape_takes_back_one_part_at_a_time_and_keeps_its_amount_and_the_basket(hands: Hands) -> None:
    switch_on(hands, "means")
    _at_payment(hands)
    till, step = hands.till, hands.till.closing.mixed
    hands.type("1")
    hands.press(KEY.Key_F4)
    hands.type("0,30")
    hands.press(KEY.Key_F2)
    hands.press(KEY.Key_Escape)
    assert step.line.text() == "0,30"
    assert len(step.paying.parts) == 1
    hands.press(KEY.Key_Escape)
    assert (step.line.text(), step.paying.parts) == ("1,00", ())
    hands.press(KEY.Key_Escape)
    assert till.step is till.entry
    assert till.basket is not None
    assert till.basket.lines
    assert tickets_of_day(hands.desk) == ()


def test_money_ahead_is_taken_at_the_counter_told_spent_at_the_till_and_what_is_left_is_owed(hands: Hands) -> None:
    switch_on(hands, "purse", "slate")
    sophie = hands.goods.households["Martin"]
    hands.enter("sophie")
    pane = hands.counter.purse
    assert "Rien d'avance" in _plain(pane.told.text())

    def pay(dialog: TakeDialog) -> None:
        QTest.keyClicks(QApplication.focusWidget(), "1,50")
        QTest.keyClick(QApplication.focusWidget(), KEY.Key_F12)

    meet(TakeDialog, pay)
    seen: list[PaperDialog] = []
    meet(PaperDialog, lambda paper: (seen.append(paper), QTest.keyClick(paper, KEY.Key_Escape)))
    QTest.keyClick(hands.focus, KEY.Key_E, Qt.KeyboardModifier.ControlModifier)
    hands.until(lambda: bool(seen))
    back(hands)
    assert purse.purse_cents(hands.desk, sophie) == 150
    assert _plain(pane.told.text()) == "D'avance : 1,50 €"
    hands.enter("sophie")
    hands.enter()
    hands.enter("20*3017620422003")
    assert _plain(hands.till.side.balance.text()) == "D'avance : 1,50 €"
    hands.press(KEY.Key_F12, KEY.Key_F7, KEY.Key_F9)
    hands.enter()
    assert {k: v[0] for k, v in _payments(hands).items()} == {PaymentKind.PURSE: 150, PaymentKind.SLATE: 40}
    hands.enter()
    hands.enter("sophie")
    assert "Reste dû : 0,40 €" in _plain(hands.counter.purse.told.text())
    assert "comme d'habitude" in _plain(hands.counter.purse.told.text())
    assert hands.counter.card.open_button.isVisible(), "who owes is told, never refused"


def test_a_cancelled_ticket_says_what_goes_back_by_each_means(hands: Hands) -> None:
    switch_on(hands, *ALL)
    _at_payment(hands)
    hands.type("1")
    hands.press(KEY.Key_F2)
    hands.enter("")
    hands.type("0,50")
    hands.press(KEY.Key_F9)
    hands.enter()
    hands.enter()
    hands.press(KEY.Key_F8)
    hands.enter("erreur de foyer")
    words = _plain(hands.counter.news.text)
    assert "À rendre à la famille : 0,40 € en espèces, le chèque de 1,00 €." in words
    assert "Le foyer ne doit plus ces 0,50 €." in words


def test_a_regie_is_never_offered_what_its_act_does_not_allow(hands: Hands) -> None:
    sophie = hands.goods.households["Martin"]
    switch_on(hands, "purse", "slate")
    purse.pay_in(hands.desk, sophie, 1_00)
    switch_on(hands, "regie")
    hands.enter("sophie")
    pane = hands.counter.purse
    assert "D'avance : 1,00" in _plain(pane.told.text())
    assert pane.take_button.isHidden()
    assert pane.give_button.isHidden()
    assert pane.undo_button.isVisible(), "a mistake of the same day is no refund"
    hands.press(KEY.Key_Escape)
    _at_payment(hands)
    step = hands.till.closing.mixed
    assert step.buttons[PaymentKind.SLATE].isHidden()
    assert step.buttons[PaymentKind.PURSE].isVisible()
    hands.press(KEY.Key_F9)
    assert step.paying.parts == ()


def test_what_may_still_be_owed_is_the_most_that_is_left_to_pay(hands: Hands) -> None:
    switch_on(hands, "slate")
    save_limits(hands.desk, TillLimits(slate_cents=1_00))
    _at_payment(hands)
    step = hands.till.closing.mixed
    hands.type("1,50")
    hands.press(KEY.Key_F9)
    assert "laisser que 1,00 €" in _plain(step.trouble.text())
    hands.press(*[KEY.Key_Backspace] * 4, KEY.Key_F9)
    assert _plain(step.rest.text()) == "0,90 €"
    assert not step.buttons[PaymentKind.SLATE].isEnabled()
    hands.enter()
    assert {k: v[0] for k, v in _payments(hands).items()} == {PaymentKind.SLATE: 100, PaymentKind.CASH: 90}


def test_money_ahead_is_given_back_with_its_reason_and_the_mistake_undone(hands: Hands) -> None:
    switch_on(hands, "purse")
    sophie = hands.goods.households["Martin"]
    purse.pay_in(hands.desk, sophie, 10_00)
    hands.enter("sophie")
    pane = hands.counter.purse

    def too_much_then_why(dialog: GiveDialog) -> None:
        QTest.keyClicks(QApplication.focusWidget(), "12")
        QTest.keyClick(QApplication.focusWidget(), KEY.Key_F12)
        assert "10,00 € d'avance" in _plain(dialog.amount.error)
        dialog.amount.line.selectAll()
        QTest.keyClicks(QApplication.focusWidget(), "4")
        QTest.keyClick(QApplication.focusWidget(), KEY.Key_F12)
        QTest.keyClicks(QApplication.focusWidget(), "depart")
        QTest.keyClick(QApplication.focusWidget(), KEY.Key_F12)

    meet(GiveDialog, too_much_then_why)
    pane.give_button.setFocus(KEY_TAB)
    hands.press(KEY.Key_Return)
    back(hands)
    assert purse.purse_cents(hands.desk, sophie) == 6_00
    assert "Rendez 4,00 €" in _plain(hands.counter.news.text)
    answer("yes_button", lambda dialog: dialog.line.setText("autre foyer"))
    pane.undo_button.setFocus(KEY_TAB)
    hands.press(KEY.Key_Return)
    back(hands)
    assert purse.purse_cents(hands.desk, sophie) == 10_00
    assert _plain(pane.told.text()) == "D'avance : 10,00 €"
