"""What a right's terms show at the counter and the till, by the keyboard alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from sqlalchemy import select

from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.persistence.models import AccessGrant, Avoidance, Family
from epicerie_desktop.services.queries.counter import tickets_of_day
from epicerie_desktop.services.queries.exceptional import exceptional_to_validate
from epicerie_desktop.services.queries.fees import fees_of
from epicerie_desktop.services.rights.exceptional import grant_exceptional_visit
from epicerie_desktop.services.rights.fees import pay_fees
from epicerie_desktop.services.stock import receive
from epicerie_desktop.services.support.agenda import AppointmentForm, save_appointment
from epicerie_desktop.support.i18n import NBSP
from epicerie_desktop.ui.common.dialogs import ReasonDialog
from tests.ui.dialogs import meet, press_in

if TYPE_CHECKING:
    from tests.ui.conftest import Hands

KEY = Qt.Key


def _plain(sentence: str) -> str:
    return sentence.replace(NBSP, " ").replace("\u202f", " ").replace("’", "'")


def with_terms(hands: Hands, name: str, data: dict[str, Any], permille: int = 300) -> None:
    with hands.desk.db.write() as session:
        found = session.scalars(select(AccessGrant).where(AccessGrant.household_id == hands.goods.households[name]))
        grant = found.one()
        grant.terms, grant.participation_permille = data, permille


def received(hands: Hands, name: str, origin: Origin, pieces: int) -> None:
    line = receive.ReceivedLine(pieces=pieces, article_id=hands.goods.articles[name])
    receive.record_reception(hands.desk, receive.ReceptionForm(origin, (line,)))


def test_the_till_shows_the_price_of_each_lot_and_what_is_left_outside_the_ceiling(hands: Hands) -> None:
    data = {
        "guards": {"fse_free": True, "food_bank_most_permille": 100},
        "outside": [{"code": "y", "label": "Yaourts", "units": 2, "period": "WEEK", "articles": ["Yaourt"]}],
    }
    with_terms(hands, "Martin", data)
    received(hands, "pâtes", Origin.FSE, 2)
    till = hands.at_till_of("sophie")
    hands.enter("3*3017620422003")
    assert till.basket is not None
    assert till.basket.paid_cents == 0 + 0
    received(hands, "yaourt", Origin.PURCHASE, 9)
    hands.until(lambda: till.account.stock.last_origin.get(hands.goods.articles["yaourt"]) is Origin.PURCHASE)
    hands.type("3*yao")
    hands.enter()
    assert till.basket.paid_cents == 36
    assert [_plain(g.left.text()) for g in till.side._gauges] == ["reste 17,15 €", "dépasse de 1 article"]
    hands.press(KEY.Key_F12)
    hands.enter("accord de Camille")
    hands.enter()
    (ticket,) = tickets_of_day(hands.desk)
    assert (ticket.shelf_cents, ticket.paid_cents) == (405, 36)


def test_a_ration_in_articles_or_in_points_is_told_at_the_line_that_passes_it_then_before_the_payment(
    hands: Hands,
) -> None:
    every: dict[str, Any] = {"origins": [], "families": [], "articles": []}
    data = {
        "limits": [
            {"measure": "UNITS", "period": "VISIT", "amount": 2, **every, "articles": ["Yaourt"]},
            {"measure": "POINTS", "period": "MONTH", "amount": 60, **every},
        ],
        "points": [{"per": "piece", "points": 25, **every}],
    }
    with_terms(hands, "Martin", data)
    till = hands.at_till_of("sophie")

    def told() -> list[str]:
        return [_plain(g.left.text()) for g in till.side._gauges][-2:]

    hands.enter("2*yao")
    assert told() == ["reste 0 article", "reste 10 points"]
    hands.enter("yao")
    assert told() == ["dépasse de 1 article", "dépasse de 15 points"]
    hands.press(KEY.Key_F12)
    asked = " ".join(_plain(part.text()) for part in till.closing.agreement.findChildren(QLabel))
    assert "dépasse 2 plafonds : de 1 article" in asked
    assert "de 15 points (points par mois)" in asked
    hands.enter("accord de Camille")
    hands.enter()
    (ticket,) = tickets_of_day(hands.desk)
    assert ticket.shelf_cents == 120


def test_a_lot_gone_meanwhile_is_told_with_the_new_amount_before_the_payment(hands: Hands) -> None:
    with_terms(hands, "Martin", {"guards": {"fse_free": True, "food_bank_most_permille": 100}})
    received(hands, "pâtes", Origin.FSE, 2)
    received(hands, "pâtes", Origin.PURCHASE, 2)
    till = hands.at_till_of("sophie")
    hands.enter("2*3017620422003")
    hands.press(KEY.Key_F12)
    (first,) = till.account.stock.lots[hands.goods.articles["pâtes"]][:1]
    receive.correct_lot(hands.desk, first.id, counted_pieces=1)
    hands.idle()
    hands.enter()
    assert tickets_of_day(hands.desk) == ()
    assert "recalculé" in till.closing.payment.trouble.text()
    assert _plain(till.closing.payment.due.text()) == "0,29 €"
    hands.enter()
    assert [t.paid_cents for t in tickets_of_day(hands.desk)] == [29]


def test_a_tag_is_shown_only_when_its_article_would_be_added(hands: Hands) -> None:
    with hands.desk.db.write() as session:
        session.add(
            Avoidance(household_id=hands.goods.households["Martin"], label="sans lait", article_id=hands.goods.articles["yaourt"],
                      agreed_on=hands.desk.clock.today(), made_by=hands.desk.actor.id)
        )  # fmt: skip
    till = hands.at_till_of("sophie")
    hands.enter("3017620422003")
    assert till.step is till.entry
    hands.type("yao")
    hands.enter()
    assert "sans lait" in till.checks.tag.title.text()
    hands.enter("3017620422003")
    assert till.step is till.checks.tag
    hands.press(KEY.Key_Escape)
    assert till.basket is not None
    assert [n.name for n in till.basket.lines] == ["Pâtes coquillettes"]
    hands.type("yao")
    hands.enter()
    hands.enter()
    assert [n.name for n in till.basket.lines] == ["Pâtes coquillettes", "Yaourt nature"]


def test_the_bag_is_asked_once_a_visit_and_without_it_nothing_chilled_is_added(hands: Hands) -> None:
    with_terms(hands, "Martin", {"visits": {"isothermal_bag": "no_cold"}})
    with hands.desk.db.write() as session:
        session.scalars(select(Family).where(Family.code == "AA")).one().chilled = True
    till = hands.at_till_of("sophie")
    hands.type("yao")
    hands.enter()
    assert till.step is till.checks.bag
    hands.press(KEY.Key_Escape)
    hands.enter("3017620422003")
    assert till.basket is not None
    assert till.basket.lines == ()
    assert "isotherme" in till.entry.trouble.text()
    hands.press(KEY.Key_F10)
    hands.at_till_of("sophie")
    for typed in ("yao", "yao"):
        hands.type(typed)
        hands.enter()
        if till.step is till.checks.bag:
            hands.enter()
    assert [n.pieces for n in till.basket.lines] == [2]


def test_a_fee_is_settled_from_the_counter_by_its_key(hands: Hands) -> None:
    with_terms(hands, "Martin", {"fees": [{"code": "a", "label": "Adhésion", "cents": 500, "every": "year"}]})
    hands.enter("sophie")
    assert _plain(hands.counter.card.fees.text()) == "Adhésion : 5,00 €"
    press_in(KEY.Key_F12)
    hands.press(KEY.Key_F6)
    (fee,) = fees_of(hands.desk, hands.goods.households["Martin"])
    assert fee.paid is not None
    assert hands.counter.card.fees_title.text() == _plain("Réglé aujourd'hui").replace("'", "’")


def test_a_fee_recorded_by_mistake_is_given_back_with_its_reason(hands: Hands) -> None:
    with_terms(hands, "Martin", {"fees": [{"code": "a", "label": "Adhésion", "cents": 500, "every": "year"}]})
    household = hands.goods.households["Martin"]
    pay_fees(hands.desk, household, fees_of(hands.desk, household))
    hands.enter("sophie")

    def say_why(dialog: ReasonDialog) -> None:
        QTest.keyClick(dialog.line, KEY.Key_F12)
        assert dialog.isVisible(), "nothing is given back without a reason"
        QTest.keyClicks(dialog.line, "autre foyer")
        QTest.keyClick(dialog.line, KEY.Key_F12)

    meet(ReasonDialog, say_why)
    hands.press(KEY.Key_F6)
    assert "rendez 5,00" in _plain(hands.counter.news.text)
    assert [f.paid for f in fees_of(hands.desk, household)] == [None]


def test_a_volunteer_grants_an_exceptional_visit_which_the_worker_validates_the_next_day(hands: Hands) -> None:
    hands.enter("anh")
    assert not hands.counter.card.exceptional_button.isHidden()
    press_in(KEY.Key_Down, KEY.Key_F12)
    hands.press(KEY.Key_F3)
    assert len(exceptional_to_validate(hands.desk)) == 1
    hands.until(lambda: bool(hands.counter.card.visit and hands.counter.card.visit.verdict.state == "OPEN"))
    hands.window.activateWindow()
    hands.until(hands.counter.search.line.hasFocus)
    hands.enter()
    assert hands.till.visit is not None
    hands.press(KEY.Key_F10)
    assert [r.name for r in hands.counter.today.reminders.table.rows_model.rows] == ["Anh N."]
    hands.press(KEY.Key_F2)
    assert exceptional_to_validate(hands.desk) == ()
    assert hands.counter.today.reminders.isHidden()


def test_a_volunteer_without_the_second_key_sees_what_ends_and_nothing_to_validate(hands: Hands) -> None:
    with hands.desk.db.write() as session:
        for grant in session.scalars(
            select(AccessGrant).where(AccessGrant.household_id == hands.goods.households["Petit"])
        ):
            grant.valid_until = hands.desk.clock.today() + timedelta(days=3)
    grant_exceptional_visit(hands.desk, hands.goods.households["Nguyen"], "OTHER")
    volunteer = replace(hands.desk, social_key=None)
    hands.counter.context.desk = volunteer  # type: ignore[misc]
    hands.counter.refresh()
    hands.idle()
    reminders = hands.counter.today.reminders
    assert [(r.name, _plain(r.when)) for r in reminders.table.rows_model.rows] == [("Louise P.", "reste 3 j")]
    assert reminders.validate_button.isHidden()
    assert reminders.title.text() == "1 droit se termine bientôt"
    give = AppointmentForm(hands.goods.households["Nguyen"], hands.desk.clock.today(), time(14, 30))
    save_appointment(hands.desk, give)
    hands.counter.refresh()
    hands.idle()
    assert _plain(reminders.table.rows_model.rows[0].when) == "à 14 h 30"
    assert reminders.title.text() == "Rappels du jour", "not only rights that end"
