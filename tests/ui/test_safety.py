"""Food safety at the keyboard: the pack set aside at the till, the words of a team, the evening's questions, allergens when asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from epicerie_desktop.domain.safety import Allergen, ColdAction, Presence, UnitKind
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.persistence.models import DayEnd
from epicerie_desktop.services import features
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.stock import lots_in_stock
from epicerie_desktop.services.safety import (
    allergens,
    cold_chain,
    day_end,
    open_catalogue,
    recalls,
)
from epicerie_desktop.services.safety.cold_chain import UnitForm
from epicerie_desktop.services.safety.day_end import DayEndForm
from epicerie_desktop.services.stock import receive
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.services.till import drawer
from epicerie_desktop.ui.cash.dialogs import CountDialog
from epicerie_desktop.ui.main_window import ScreenSpec
from epicerie_desktop.ui.safety.allergens_page import AllergensPage
from epicerie_desktop.ui.safety.cold_page import ColdPage, ReadingsDialog, UnitDialog
from epicerie_desktop.ui.safety.day_end_screen import DayEndScreen
from epicerie_desktop.ui.safety.recalls_page import CallsDialog, RecallsPage
from epicerie_desktop.ui.safety.screen import SafetyScreen
from epicerie_desktop.ui.settings.open_catalogue_card import OpenCatalogueCard
from epicerie_desktop.ui.stock.entry import LineEntry
from tests.ui import conftest
from tests.ui.conftest import Goods, Hands
from tests.ui.dialogs import meet
from tests.ui.opened import focus, type_in
from tests.ui.storeroom import Storeroom

KEY = Qt.Key
EVENING = ScreenSpec("day_end", "", "log-out", "", DayEndScreen)
SAFETY = ScreenSpec("safety", "Hygiène", "circle-alert", "", SafetyScreen)
PASTA = "3017620422003"


@pytest.fixture
def hands(qtbot: QtBot, desk: Desk, goods: Goods, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    """The counter with the evening's questions and the room of food safety."""
    made = conftest._hands
    monkeypatch.setattr(conftest, "COUNTER", conftest.COUNTER)
    original = conftest.MainWindow
    monkeypatch.setattr(conftest, "MainWindow", lambda context, screens: original(context, (*screens, EVENING, SAFETY)))
    found = made(qtbot, desk, goods)
    yield found
    found.stop()


def pasta_arrives(desk: Desk, goods: Goods, code: str = "L12") -> None:
    line = ReceivedLine(pieces=10, article_id=goods.articles["pâtes"], lot_code=code)
    receive.record_reception(desk, ReceptionForm(Origin.DONATION, (line,)))


def a_list(folder: Path) -> Path:
    path = folder / "rappelconso.json"
    sheet = {"numero_fiche": "2026-11-0001", "numero_version": 1, "marque_produit": "Blé", "libelle": "Coquillettes",
             "identification_produits": [PASTA, "L12", "non concerné", ""], "motif_rappel": "Verre", "date_publication": "2026-11-19"}  # fmt: skip
    path.write_text(json.dumps([sheet]), "utf-8")
    return path


def test_the_till_says_to_put_a_recalled_pack_aside_and_records_another_lot(hands: Hands, tmp_path: Path) -> None:
    pasta_arrives(hands.desk, hands.goods)
    recalls.import_recalls(hands.desk, a_list(tmp_path))
    till = hands.at_till_of("martin")
    hands.enter(PASTA)
    assert till.step is till.checks.aside
    assert "ne doit pas être remis" in till.checks.aside.title.text()
    assert "lot L12" in till.checks.aside.hint.text()
    hands.press(KEY.Key_Escape)
    assert till.step is till.entry
    assert "mettez ce produit de côté" in till.entry.trouble.text()
    assert till.basket is not None
    assert till.basket.lines == ()
    hands.enter(PASTA)
    hands.enter()
    assert [(n.name, n.pieces) for n in till.basket.lines] == [("Pâtes coquillettes", 1)]


def test_a_list_is_read_and_its_households_shown(hands: Hands, tmp_path: Path) -> None:
    pasta_arrives(hands.desk, hands.goods)
    till = hands.at_till_of("martin")
    hands.enter(PASTA)
    hands.press(KEY.Key_F12)
    hands.enter("1")
    hands.window.go("safety")
    hands.idle()
    page = hands.window.current.current  # type: ignore[attr-defined]
    assert isinstance(page, RecallsPage)
    page.read_file(a_list(tmp_path))
    hands.idle()
    assert "1 lot vient d'être mis de côté" in page.told.text.replace("’", "'")
    assert [r.lot.article for r in page.table.rows_model.rows] == ["Pâtes coquillettes"]
    page.open_calls()
    hands.idle()
    dialog = page.dialog
    assert isinstance(dialog, CallsDialog)
    assert [(r.name, r.certain) for r in dialog.table.rows_model.rows] == [("Martin Sophie", True)]
    dialog.reject()
    other = tmp_path / "other.csv"
    other.write_text("a;b\n", "utf-8")
    page.read_file(other)
    hands.idle()
    assert "rappels" in page.told.text
    assert till is not None


def test_once_a_list_is_read_the_surest_lot_is_chosen_and_not_one_chosen_before(hands: Hands, tmp_path: Path) -> None:
    pasta_arrives(hands.desk, hands.goods)
    pasta_arrives(hands.desk, hands.goods, "L99")
    (lot,) = (n for n in lots_in_stock(hands.desk) if n.code == "L99")
    recalls.quarantine_lot(hands.desk, lot.id, "Le magasin a téléphoné")
    hands.window.go("safety")
    hands.idle()
    page = hands.window.current.current  # type: ignore[attr-defined]
    assert page.table.current.lot.code == "L99"
    page.read_file(a_list(tmp_path))
    hands.idle()
    assert page.table.rows_model.rows[0].lot.code == "L12"
    assert page.table.current is page.table.rows_model.rows[0]
    assert page.table.hasFocus()


def test_the_tabs_follow_what_the_shop_uses(hands: Hands) -> None:
    hands.window.go("safety")
    hands.idle()
    tabs = hands.window.current.tabs  # type: ignore[attr-defined]
    assert [tabs.isTabVisible(i) for i in range(3)] == [True, False, False]
    features.save_feature(hands.desk, "cold_chain", True)
    hands.until(lambda: bool(tabs.isTabVisible(1)))
    assert not tabs.isTabVisible(2)


def test_the_words_of_a_team_stay_until_read_and_the_counter_is_never_blocked(hands: Hands) -> None:
    desk = hands.desk
    assert hands.counter.bar.isHidden()
    cold_chain.save_unit(desk, UnitForm("Frigo", UnitKind.FRIDGE, ("perishable",)))
    day_end.record_day_end(desk, DayEndForm(True, True, "Clé chez le gardien."))
    with desk.db.write() as session:
        session.scalars(select(DayEnd)).one().day = desk.clock.today().replace(day=1)
    for code in ("cold_chain", "day_end"):
        features.save_feature(desk, code, True)
    hands.until(lambda: not hands.counter.bar.left.isHidden())
    assert "Clé chez le gardien." in hands.counter.bar.words.text()
    assert "1 température à relever" in hands.counter.bar.to_do.text()
    assert hands.counter.search.line.hasFocus()
    hands.press(KEY.Key_F5)
    hands.until(lambda: hands.counter.bar.left.isHidden())
    hands.enter("martin")
    hands.enter()
    assert hands.till.visit is not None


def test_the_evening_takes_a_few_keys_and_asks_what_was_done(hands: Hands) -> None:
    desk = hands.desk
    for name in ("Frigo", "Congélateur"):
        kind, holds = (UnitKind.FRIDGE, "perishable") if name == "Frigo" else (UnitKind.FREEZER, "frozen")
        cold_chain.save_unit(desk, UnitForm(name, kind, (holds,)))
    for code in ("cold_chain", "day_end"):
        features.save_feature(desk, code, True)
    hands.until(lambda: not hands.counter.bar.end_button.isHidden())
    hands.press(KEY.Key_F11)
    screen = hands.window.current
    assert isinstance(screen, DayEndScreen)
    hands.until(lambda: screen.dates.line.hasFocus())
    hands.enter("x")
    assert screen.dates.error
    screen.dates.line.selectAll()
    hands.enter("o")
    hands.enter("4,5")
    hands.enter("-12")
    assert screen.readings.fields[1].action.hasFocus()
    hands.press(KEY.Key_F12)
    assert hands.window.current is screen, "out of its limits: what was done is asked"
    action = screen.readings.fields[1].action
    action.setCurrentIndex(action.findData(ColdAction.MOVED))
    hands.press(KEY.Key_Return)
    hands.enter("n")
    QApplication.processEvents()
    hands.type("Pain demain 9 h")
    hands.press(KEY.Key_F12)
    hands.until(lambda: hands.window.current is not screen)
    found = cold_chain.readings(desk, desk.clock.today(), desk.clock.today())
    assert {(r.tenths, r.action) for r in found} == {(45, None), (-120, ColdAction.MOVED)}
    with desk.db.read() as session:
        row = session.scalars(select(DayEnd)).one()
        assert (row.dates_checked, row.cash_counted) == (True, False)
        assert "Pain demain 9 h" in row.note


def test_the_evening_counts_the_drawer_itself_and_nobody_types_it_twice(hands: Hands) -> None:
    desk = hands.desk
    for code in ("day_end", "sessions"):
        features.save_feature(desk, code, True)
    drawer.open_session(desk, 20_00)
    hands.until(lambda: not hands.counter.bar.end_button.isHidden())
    hands.press(KEY.Key_F11)
    screen = hands.window.current
    assert isinstance(screen, DayEndScreen)
    hands.until(lambda: screen.count.isVisible())
    assert screen.asked.isHidden()
    hands.enter("o")
    assert screen.count.hasFocus()
    hands.press(KEY.Key_F12)
    assert "encore ouverte" in screen.notice.text

    def count(dialog: CountDialog) -> None:
        dialog.sum.setFocus()
        type_in("19,50")
        dialog.reason.setFocus()
        type_in("une pièce tombée")
        dialog.note.line.setText("Finir les poires.")
        QTest.keyClick(focus(), KEY.Key_F12)

    meet(CountDialog, count)
    hands.press(KEY.Key_F9)
    hands.until(lambda: "laissés dans le tiroir" in screen.note.toPlainText())
    hands.window.activateWindow()
    hands.until(hands.window.isActiveWindow)
    assert "Il manquait 0,50" in screen.counted.text().replace("\xa0", " ")
    hands.press(KEY.Key_F12)
    hands.until(lambda: hands.window.current is not screen)
    with desk.db.read() as session:
        row = session.scalars(select(DayEnd)).one()
        assert row.cash_counted
        assert row.note.replace("\xa0", " ").replace("\u202f", " ").splitlines() == [
            "Finir les poires.", "Caisse : 19,50 € laissés dans le tiroir.", "Il manquait 0,50 € (une pièce tombée)."
        ]  # fmt: skip


def test_the_till_tells_allergens_only_when_asked_and_where_used(hands: Hands) -> None:
    desk, article = hands.desk, hands.goods.articles["pâtes"]
    till = hands.at_till_of("martin")
    hands.enter(PASTA)
    hands.press(KEY.Key_F6)
    assert till.allergens.words.isHidden()
    features.save_feature(desk, "allergens", True)
    hands.until(lambda: not till.allergens.button.isHidden())
    hands.press(KEY.Key_F6)
    assert "inconnus" in till.allergens.words.text()
    known = dict.fromkeys(Allergen, Presence.ABSENT) | {
        Allergen.GLUTEN: Presence.PRESENT,
        Allergen.EGGS: Presence.TRACES,
    }
    allergens.save_allergens(desk, article, known)
    hands.press(KEY.Key_F6)
    told = till.allergens.words.text()
    assert "contient gluten" in told
    assert "Traces possibles" in told
    assert "nconnu" not in told


EXPORT = "code\tproduct_name\tbrands\tquantity\tallergens_tags\n3250390398028\tSoupe de légumes\tLes Prés\t500 g\ten:celery\n"


def test_an_unknown_code_is_proposed_at_the_till_and_in_the_new_sheet(hands: Hands, tmp_path: Path) -> None:
    path = tmp_path / "off.csv"
    path.write_text(EXPORT, "utf-8")
    open_catalogue.import_catalogue(hands.desk, path)
    till = hands.at_till_of("martin")
    hands.enter("3250390398028")
    assert "Soupe de légumes Les Prés 500 g" in till.entry.hint.text()
    hands.press(KEY.Key_Escape)
    hands.enter("2001234567893")
    assert "Open Food Facts" not in till.entry.hint.text()


def test_the_sheet_of_a_new_article_begins_with_the_proposal(store: Storeroom, tmp_path: Path) -> None:
    path = tmp_path / "off.csv"
    path.write_text(EXPORT, "utf-8")
    open_catalogue.import_catalogue(store.desk, path)
    features.save_feature(store.desk, "allergens", True)
    store.window.go("stock", page="receive")
    store.idle()
    entry = store.receiving.entry
    assert isinstance(entry, LineEntry)
    entry.article.setFocus()
    store.enter("3250390398028")
    store.receiving.new_article()
    store.idle()
    dialog = store.receiving.dialog
    assert dialog is not None
    assert (dialog.name.text, dialog.net.value) == ("Soupe de légumes Les Prés 500 g", 500)
    assert "ODbL" in dialog.notice.text
    dialog.family.box.setCurrentIndex(0)
    dialog.may_accept()
    store.idle()
    row = next(r for r in allergens.allergen_rows(store.desk) if r.name.startswith("Soupe"))
    assert row.known == {Allergen.CELERY: Presence.PRESENT}


def test_a_letter_answers_for_an_allergen_and_going_on_loses_nothing(hands: Hands) -> None:
    features.save_feature(hands.desk, "allergens", True)
    hands.window.go("safety", page="allergens")
    hands.idle()
    page = hands.window.current.current  # type: ignore[attr-defined]
    assert isinstance(page, AllergensPage)
    pasta, yoghurt = hands.goods.articles["pâtes"], hands.goods.articles["yaourt"]
    page.table.choose(pasta)
    page.lines[0].set_focus()
    for letter in "pta":
        hands.type(letter)
    assert [line.answer for line in page.lines[:4]] == [
        Presence.PRESENT, Presence.TRACES, Presence.ABSENT, Presence.UNKNOWN,
    ]  # fmt: skip
    page.table.choose(yoghurt)
    hands.idle()
    assert allergens.allergens_of(hands.desk, pasta) == {
        Allergen.GLUTEN: Presence.PRESENT, Allergen.CRUSTACEANS: Presence.TRACES, Allergen.EGGS: Presence.ABSENT,
    }  # fmt: skip
    hands.press(KEY.Key_F8)
    hands.press(KEY.Key_F12)
    assert set(allergens.allergens_of(hands.desk, yoghurt).values()) == {Presence.ABSENT}


def test_a_unit_is_added_and_read_from_its_page(hands: Hands) -> None:
    features.save_feature(hands.desk, "cold_chain", True)
    hands.window.go("safety", page="cold_chain")
    hands.idle()
    page = hands.window.current.current  # type: ignore[attr-defined]
    assert isinstance(page, ColdPage)
    page.open_new()
    unit = page.dialog
    assert isinstance(unit, UnitDialog)
    assert unit.minimumSizeHint().height() <= 768 - 40, "it fits a screen of 768 lines: what it may hold scrolls"
    unit.may_accept()
    hands.idle()
    assert unit.notice.text
    unit.name.line.setText("Frigo du fond")
    unit.holds["perishable"].setChecked(True)
    unit.holds["meat"].setChecked(True)
    assert "4" in unit.limit.text()
    unit.may_accept()
    hands.until(lambda: page.dialog is None)
    hands.until(lambda: len(page.units) == 1)
    page.open_readings()
    dialog = page.dialog
    assert isinstance(dialog, ReadingsDialog)
    dialog.may_accept()
    assert "Tapez au moins une température" in dialog.notice.text
    field = dialog.readings.fields[0]
    field.typed.set_value(95)
    dialog.may_accept()
    assert field.typed.error
    hands.until(lambda: field.note.isVisible())
    for shown in (field.typed, field.note):
        assert shown.mapTo(dialog, shown.rect().topRight()).x() <= dialog.width(), "nothing is pushed out of the window"
    dialog.readings.fields[0].typed.set_value(35)
    dialog.may_accept()
    hands.until(lambda: page.dialog is None)
    hands.until(lambda: "Tous les appareils" in page.summary.text())


def test_the_catalogue_is_read_while_one_works_and_may_be_stopped(hands: Hands, tmp_path: Path) -> None:
    path = tmp_path / "off.csv"
    path.write_text(EXPORT, "utf-8")
    card = OpenCatalogueCard(hands.counter)
    hands.qtbot.addWidget(card)
    card.read_file(path)
    hands.idle()
    assert "prêt" in card.notice.text
    assert card.state.text().startswith("1 produits")
    card.read_file(tmp_path / "nothing.csv")
    hands.idle()
    assert card.notice.text
    assert card.choose.isEnabled()
    card.interrupt()


def test_a_label_that_tells_its_lot_spares_the_question(hands: Hands, tmp_path: Path) -> None:
    pasta_arrives(hands.desk, hands.goods)
    recalls.import_recalls(hands.desk, a_list(tmp_path))
    till = hands.at_till_of("martin")
    hands.enter(f"(01)0{PASTA}(10)L99")
    assert till.step is till.entry
    assert till.basket is not None
    assert len(till.basket.lines) == 1
    hands.enter(f"(01)0{PASTA}(10)LOT 12")
    assert till.step is till.checks.aside
