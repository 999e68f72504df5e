"""The counter, by its keys alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QRadioButton, QWidget
from sqlalchemy import text

from epicerie_desktop.domain.access import VerdictState
from epicerie_desktop.domain.card import CardNumber
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries.counter import tickets_of_day
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.i18n import NBSP
from epicerie_desktop.ui.common.dialogs import ReasonDialog
from epicerie_desktop.ui.counter.gestures import ExceptionalDialog
from epicerie_desktop.ui.counter.past_tickets import PastTicketsDialog
from epicerie_desktop.ui.counter.welcome import Newcomers, WelcomeDialog
from tests.ui.dialogs import answer, meet

if TYPE_CHECKING:
    from tests.ui.conftest import Hands

KEY = Qt.Key


def _plain(sentence: str) -> str:
    return sentence.replace(NBSP, " ").replace("\u202f", " ").replace("’", "'")


def _served(hands: Hands, name: str) -> None:
    hands.at_till_of(name)
    hands.enter("3017620422003")
    hands.press(KEY.Key_F12)
    hands.enter()
    hands.enter()


def test_enter_typed_before_the_answer_came_still_opens_the_household(hands: Hands) -> None:
    hands.enter("martin")
    visit = hands.counter.card.visit
    assert visit is not None
    assert visit.name == "Sophie M."
    assert hands.counter.card.banner.state is VerdictState.OPEN


def test_a_card_opens_its_household_at_once(hands: Hands) -> None:
    hands.enter(hands.goods.cards["Nguyen"].code)
    visit = hands.counter.card.visit
    assert visit is not None
    assert visit.household == hands.goods.households["Nguyen"]


@pytest.mark.parametrize(
    ("contract", "shop", "said"), [(0, 42, "autre épicerie du groupement"), (777, 1, "autre groupement")]
)
def test_a_card_of_elsewhere_is_recognised_and_nothing_opens(hands: Hands, contract: int, shop: int, said: str) -> None:
    own = hands.goods.cards["Martin"]
    hands.enter(CardNumber(contract or own.contract, shop, 1, 5).code)
    assert said in _plain(hands.counter.news.text)
    assert hands.counter.card.visit is None


def test_a_card_of_another_shop_shown_twice_asks_who_comes_and_opens_a_file_with_it(hands: Hands) -> None:
    own = hands.goods.cards["Martin"]
    card = CardNumber(own.contract, 42, 1, 5)
    asked: list[str] = []

    def look(dialog: QWidget) -> None:
        assert isinstance(dialog, WelcomeDialog)
        asked.append(dialog.accessibleDescription())
        assert dialog.who is Newcomers.NEW_HERE
        dialog.choose(Newcomers.LEFT_IT)

    hands.enter(card.code)
    answer("no_button", look)
    hands.enter(card.code)
    assert len(asked) == 1
    assert card.spaced in _plain(asked[0])
    assert hands.counter.isVisible(), "the harmless answer changes nothing"


def test_a_card_cut_while_read_and_an_article_are_told_apart(hands: Hands) -> None:
    hands.enter(hands.goods.cards["Martin"].code[:-2])
    assert "numéro de carte" in hands.counter.news.text
    hands.press(KEY.Key_Escape)
    hands.enter("3017620422003")
    assert "code d'un article" in _plain(hands.counter.news.text)


@pytest.mark.parametrize(("name", "state"), [("anh", VerdictState.ASK_TEAM), ("elif", VerdictState.CLOSED)])
def test_a_right_to_discuss_opens_the_till_with_the_teams_reason_only(
    hands: Hands, name: str, state: VerdictState
) -> None:
    hands.enter(name)
    counter = hands.counter
    assert counter.card.banner.state is state
    hands.enter()
    hands.enter()
    assert hands.window.current is counter
    assert counter.card.agreement.trouble.text()
    hands.enter("vu avec Camille")
    hands.enter("3017620422003")
    hands.press(KEY.Key_F12)
    hands.enter()
    with hands.desk.db.read() as session:
        assert session.execute(text("select note, overridden from sale")).one() == ("vu avec Camille", 1)


def test_the_card_of_a_household_never_shows_an_income(hands: Hands) -> None:
    hands.enter("sophie")
    card = hands.counter.card
    words = " ".join(w.text() for w in card.findChildren(QLabel))
    assert "Peut faire ses courses" in words
    assert "reste" in words
    for never in ("ressource", "revenu", "reste à vivre", "charge"):
        assert never not in words.lower()


def test_up_and_down_walk_the_households_found(hands: Hands) -> None:
    hands.type("1000")
    first = hands.counter.found.current
    hands.press(KEY.Key_Down)
    second = hands.counter.found.current
    assert first is not None
    assert second is not None
    assert first.id != second.id
    hands.enter()
    assert hands.counter.card.visit is not None
    assert hands.counter.card.visit.household == second.id


def test_another_search_begins_at_its_first_household(hands: Hands) -> None:
    hands.type("1000")
    hands.press(KEY.Key_Down, KEY.Key_Down)
    hands.press(KEY.Key_Backspace)
    hands.enter()
    first = hands.counter.found.rows_model.row_at(0)
    assert first is not None
    assert hands.counter.card.visit is not None
    assert hands.counter.card.visit.household == first.id


def test_a_ticket_is_cancelled_with_its_reason_and_stays_visible(hands: Hands) -> None:
    _served(hands, "sophie")
    today = hands.counter.today
    today.table.setFocus(Qt.FocusReason.TabFocusReason)
    today.cancel_button.setFocus()
    hands.press(KEY.Key_Return)
    hands.enter()
    assert today.reason.trouble.text()
    hands.enter("erreur de foyer")
    contrary, first = tickets_of_day(hands.desk)
    assert (first.cancelled, contrary.cancels, contrary.paid_cents) == (True, True, -first.paid_cents)
    assert "annulé" in hands.counter.news.text
    assert not today.cancel_button.isEnabled()


def test_f12_confirms_the_reason_of_a_cancelled_ticket_as_it_confirms_everywhere(hands: Hands) -> None:
    _served(hands, "sophie")
    hands.press(KEY.Key_F8)
    hands.until(lambda: hands.counter.today.reason.isVisible())
    hands.type("erreur de foyer")
    hands.press(KEY.Key_F12)
    assert [t.cancelled for t in tickets_of_day(hands.desk)] == [False, True]


def test_typing_anywhere_on_the_counter_reaches_the_search_field(hands: Hands) -> None:
    hands.counter.today.setFocus()
    hands.type("soph")
    assert hands.counter.search.text == "soph"


def test_the_household_served_today_is_for_the_team_to_see(hands: Hands) -> None:
    _served(hands, "sophie")
    hands.enter("sophie")
    assert hands.counter.card.banner.state is VerdictState.ASK_TEAM


def _newcomer(hands: Hands) -> int:
    form = HouseholdForm((MemberForm("Durand", "Paul", Link.HOLDER),))
    return enrol.save_household(hands.desk, form)


def test_a_household_that_never_had_a_right_is_told_before_and_after_what_it_pays(hands: Hands) -> None:
    _newcomer(hands)
    hands.enter("durand")
    card = hands.counter.card
    assert "c'est un don" in _plain(card.share.text())
    assert "En passage exceptionnel (F3), la famille paie 10 %" in _plain(card.share.text())
    said: list[str] = []

    def agree(dialog: ExceptionalDialog) -> None:
        said.extend(_plain(w.text()) for w in dialog.findChildren(QLabel))
        said.extend(_plain(w.text()) for w in dialog.findChildren(QRadioButton))
        QTest.keyClick(dialog, KEY.Key_F12)

    meet(ExceptionalDialog, agree)
    hands.press(KEY.Key_F3)
    told = " ".join(said)
    assert "paiera 10 % de la valeur en rayon" in told
    assert "dernier droit" not in told
    assert "vient de se terminer" not in told
    assert (
        _plain(card.share.text())
        == "Passage exceptionnel, aujourd'hui seulement. La famille paie 10 % de la valeur en rayon."
    )
    assert hands.counter.found.current is not None
    assert hands.counter.found.current.verdict.state is VerdictState.OPEN


def test_no_exceptional_visit_is_offered_on_a_closed_file_and_the_card_says_why(hands: Hands) -> None:
    household = _newcomer(hands)
    enrol.close_household(hands.desk, household)
    hands.enter("durand")
    card = hands.counter.card
    assert card.exceptional_button.isHidden()
    assert "dossier est fermé : pas de passage exceptionnel" in _plain(card.share.text())
    hands.press(KEY.Key_F3)
    assert hands.counter.card.visit is not None


def test_the_agreement_asked_leaves_the_whole_verdict_in_sight_on_a_small_screen(hands: Hands) -> None:
    _newcomer(hands)
    hands.window.resize(1366, 742)
    hands.enter("durand")
    hands.enter()
    card = hands.counter.card
    assert card.agreement.isVisible()
    hands.until(lambda: card.banner.visibleRegion().boundingRect().height() == card.banner.height())


def test_a_ticket_scanned_at_the_counter_is_found_and_cancelled_by_the_keyboard(hands: Hands) -> None:
    _served(hands, "martin")
    (ticket,) = tickets_of_day(hands.desk)
    hands.window.go("counter", fresh=True)
    hands.enter(ticket.number)
    (dialog,) = hands.counter.findChildren(PastTicketsDialog)
    hands.until(lambda: [t.sale for t in dialog.table.rows_model.rows] == [ticket.sale])
    assert dialog.search.text == ticket.number

    def why(question: ReasonDialog) -> None:
        question.line.setText("mauvais foyer")
        QTest.keyClick(question, KEY.Key_F12)

    meet(ReasonDialog, why)
    QTest.keyClick(dialog.search.line, KEY.Key_F8)
    hands.until(lambda: "annulé" in dialog.notice.text)
    assert {(t.cancelled, t.cancels) for t in tickets_of_day(hands.desk)} == {(True, False), (False, True)}
    for _once_to_empty_the_field in range(2):
        QTest.keyClick(dialog.search.line, KEY.Key_Escape)
    hands.until(lambda: not hands.counter.findChildren(PastTicketsDialog))


def test_a_ticket_that_may_not_be_cancelled_says_why_and_asks_no_reason(hands: Hands) -> None:
    _served(hands, "martin")
    (ticket,) = tickets_of_day(hands.desk)
    later = FrozenClock.on(hands.desk.clock.today() + timedelta(days=1))
    hands.context.work_at(replace(hands.desk, clock=later, actor=replace(hands.desk.actor, role=Role.VOLUNTEER.value)))
    hands.window.go("counter", fresh=True)
    hands.enter(ticket.number)
    (dialog,) = hands.counter.findChildren(PastTicketsDialog)
    hands.until(lambda: dialog.table.current is not None)
    assert not dialog.cancel_button.isEnabled()
    assert "compte de l'équipe" in _plain(dialog.kept.text())
    QTest.keyClick(dialog.search.line, KEY.Key_F8)
    hands.idle()
    assert QApplication.activeModalWidget() in (None, dialog)
    assert len(tickets_of_day(hands.desk, ticket.day)) == 1
    dialog.reject()


def test_a_ticket_scanned_at_the_till_says_where_to_take_it(hands: Hands) -> None:
    hands.at_till_of("martin")
    hands.enter("1-000042")
    assert "numéro d'un ticket" in _plain(hands.till.entry.trouble.text())
