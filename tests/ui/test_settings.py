"""« Réglages »: saved whole or not at all, seen at once, and the scale answers live."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.decisions import Decider
from epicerie_desktop.domain.household import Link
from epicerie_desktop.services import opening
from epicerie_desktop.services.contract import share
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import features_of
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.households.purge import purge_list
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.rights import decide, exceptional
from epicerie_desktop.services.rights.letters import appeal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.fitting import Sides
from epicerie_desktop.ui.rulesets.screen import RulesetScreen
from epicerie_desktop.ui.scale_bridge import ScaleBridge
from epicerie_desktop.ui.settings.ruleset_card import in_force
from epicerie_desktop.ui.settings.scales_card import ScalesDialog
from epicerie_desktop.ui.settings.screen import SettingsScreen
from tests.conftest import PASSPHRASE, TODAY
from tests.ui.dialogs import answer
from tests.ui.dressed import dress
from tests.ui.opened import focus, opened, type_in


def test_what_is_chosen_is_saved_and_the_text_grows_at_once(qtbot: QtBot, desk: Desk) -> None:
    kept: list[MachineSettings] = []
    with opened(qtbot, desk, SettingsScreen) as o:
        o.context.save_settings = kept.append
        o.screen.text_size.setCurrentIndex(o.screen.text_size.findData(130))
        o.press(Qt.Key.Key_F12)
        assert (kept[-1].text_size, kept[-1].scale) == (130, "none")
        assert theme.tokens().scale == 1.3
        assert "enregistrés" in o.screen.notice.text
    dress()


def test_an_absurd_division_or_a_missing_port_saves_nothing(qtbot: QtBot, desk: Desk) -> None:
    kept: list[MachineSettings] = []
    with opened(qtbot, desk, SettingsScreen) as o:
        o.context.save_settings = kept.append
        scale = o.screen.scale
        scale.kind.setCurrentIndex(scale.kind.findData("serial"))
        scale.port.setEditText("")
        o.press(Qt.Key.Key_F12)
        assert "port" in o.screen.notice.text
        assert focus() in (scale.port, scale.port.lineEdit())
        scale.port.setEditText("/dev/ttyUSB0")
        scale.division.line.setText("1,2.5")
        o.press(Qt.Key.Key_F12)
        assert scale.division.error
        assert focus() is scale.division.line
        assert kept == []


def test_the_demonstration_scale_is_started_and_read_live(qtbot: QtBot, desk: Desk) -> None:
    bridge = ScaleBridge()
    with opened(qtbot, desk, SettingsScreen, scale=bridge) as o:
        scale = o.screen.scale
        assert not scale.lay.isVisible()
        scale.kind.setCurrentIndex(scale.kind.findData("simulated"))
        o.press(Qt.Key.Key_F12)
        o.until(lambda: bridge.present and scale.lay.isVisible())
        o.click(scale.lay)
        assert scale.figures.text() == shown.kilos(1250)
        o.click(scale.clear)
        assert scale.figures.text() == shown.kilos(0)


def test_the_demonstration_names_the_scale_it_lends_and_this_computer_keeps_none(qtbot: QtBot, desk: Desk) -> None:
    kept: list[MachineSettings] = []
    with opened(qtbot, replace(desk, shop=replace(desk.shop, demo=True)), SettingsScreen) as o:
        o.context.save_settings = kept.append
        assert o.screen.scale.kind.currentText() == "Balance de démonstration"
        o.press(Qt.Key.Key_F12)
    assert [machine.scale for machine in kept] == ["none"]


def test_the_scale_of_the_settings_is_none_simulated_or_on_a_port() -> None:
    bridge = ScaleBridge()
    bridge.start(MachineSettings())
    assert not bridge.present
    with pytest.raises(BadInput):
        bridge.start(MachineSettings(scale="serial"))


def test_the_reglement_in_force_is_told(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    assert in_force(desk) is None
    with opened(qtbot, desk, SettingsScreen) as o:
        assert "Aucun règlement" in o.screen.ruleset.name.text()
        file = tmp_path / "reglement.toml"
        file.write_text(ruleset_text("reste-a-vivre"), "utf-8")
        decide.adopt_ruleset(desk, decide.read_ruleset_file(file)[1])
        o.until(lambda: "Reste à vivre" in o.screen.ruleset.name.text())
        assert "exemple" in o.screen.ruleset.since.text()


def test_the_identity_of_the_shop_is_changed_and_papers_bear_it_at_once(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, SettingsScreen) as o:
        card = o.screen.identity
        assert (card.name.text, card.manager.text) == (desk.shop.name, "Camille Rey")
        card.phone.setFocus()
        type_in("04 71 60 00 00")
        o.press(Qt.Key.Key_F12)
        o.until(lambda: o.context.desk.shop.phone == "04 71 60 00 00")
        assert "enregistrés" in o.screen.notice.text
        card.address.line.setText("Place d’Armes, 15100 Saint-Flour")
        card.name.line.setText("Épicerie du Plomb")
        o.press(Qt.Key.Key_F12)
        o.until(lambda: o.window.windowTitle().startswith("Épicerie du Plomb"))
        card.name.line.clear()
        o.press(Qt.Key.Key_F12)
        o.until(lambda: "nom" in o.screen.notice.text)
        now = share.desk_now(desk).shop
        assert (now.name, now.address) == ("Épicerie du Plomb", "Place d’Armes\n15100 Saint-Flour")
        assert card.address.text == "Place d’Armes, 15100 Saint-Flour"


def test_who_decides_follows_the_ccas_until_the_shop_says_otherwise(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, SettingsScreen) as o:
        card = o.screen.identity
        assert desk.shop.decider is Decider.PUBLIC
        assert "CCAS ou la commune" in card.decides.currentText()
        card.ccas.setFocus()
        card.ccas.line.selectAll()
        o.press(Qt.Key.Key_Backspace)
        assert "association" in card.decides.currentText()
        card.decides.setFocus()
        o.press(Qt.Key.Key_Down, Qt.Key.Key_F12)
        o.until(lambda: o.context.desk.shop.decides == "PUBLIC")
        shop = share.desk_now(desk).shop
        assert (shop.ccas, shop.decider) == ("", Decider.PUBLIC)
        assert "tribunal" in " ".join(appeal(shop))


def test_the_second_to_change_the_identity_is_told_and_sees_the_first(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, SettingsScreen) as o:
        card = o.screen.identity
        card.phone.setFocus()
        type_in("01")
        opening.save_identity(desk, opening.Identity(desk.shop.name, address="3 rue du Lac"))
        o.idle()
        assert card.phone.text == "01"
        o.press(Qt.Key.Key_F12)
        o.until(lambda: card.address.text == "3 rue du Lac")
        assert "modifié" in o.screen.notice.text
        assert share.desk_now(desk).shop.phone == ""


def test_a_new_recovery_code_is_shown_until_its_last_group_is_typed(qtbot: QtBot, desk: Desk, shop_file: Path) -> None:
    with opened(qtbot, desk, SettingsScreen) as o:
        keys = o.screen.keys
        keys.renew_with("pas la bonne phrase")
        o.until(lambda: "n’ouvre pas" in keys.notice.text)
        keys.renew_with(PASSPHRASE)
        o.until(lambda: keys.dialog is not None)
        dialog = keys.dialog
        assert dialog is not None
        o.until(lambda: QApplication.activeWindow() is dialog)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()
        code = dialog.page.code
        assert focus() is dialog.page.last.line
        type_in(code[-4:])
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        o.until(lambda: keys.dialog is None)
        keys.change_to(PASSPHRASE, "une phrase toute neuve")
        o.until(lambda: "changée" in keys.notice.text)
    assert opening.open_keys(shop_file, code) == opening.open_keys(shop_file, "une phrase toute neuve")


def test_the_limit_of_exceptional_visits_is_kept_from_today_on(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, SettingsScreen) as o:
        card = o.screen.exceptional
        o.until(lambda: card.days.currentData() == 30)
        card.most.setCurrentIndex(card.most.findData(2))
        card.days.setCurrentIndex(card.days.findData(60))
        card.keep.click()
        o.until(lambda: "à partir d’aujourd’hui" in card.notice.text)
    assert exceptional.exceptional_rule(desk) == exceptional.ExceptionalRule(2, 60, 100)


def test_old_files_are_listed_and_their_names_erased_after_one_question(qtbot: QtBot, desk: Desk) -> None:
    long_ago = replace(desk, clock=FrozenClock.on(TODAY - timedelta(days=900)))
    enrol.save_household(long_ago, HouseholdForm((MemberForm("Zzyzxov", "Ali", Link.HOLDER),)))
    with opened(qtbot, desk, SettingsScreen) as o:
        card = o.screen.purge
        o.until(lambda: "Zzyzxov" in card.told.text())
        answer("no_button")
        card.erase.click()
        assert "Zzyzxov" in card.told.text()
        answer("yes_button")
        card.erase.click()
        o.until(lambda: not card.erase.isEnabled() and "Zzyzxov" not in card.told.text())
    assert purge_list(desk) == ()


def test_the_machine_and_the_shop_stand_side_by_side_on_a_small_screen_from_the_first_moment(
    qtbot: QtBot, desk: Desk
) -> None:
    with opened(qtbot, desk, SettingsScreen) as o:
        sides = o.screen.findChild(Sides)
        assert sides is not None
        assert o.window.width() == 1366
        assert o.screen.identity.mapTo(sides, QPoint(0, 0)).y() == 0, "beside, not beneath"
        for field in (o.screen.identity.name.line, o.screen.text_size):
            assert field.height() >= theme.tokens().heights["control"]


def test_a_key_has_one_meaning_throughout_the_settings_that_of_the_design_document(qtbot: QtBot, desk: Desk) -> None:
    document = (Path(__file__).resolve().parents[2] / "docs" / "design.md").read_text(encoding="utf-8")
    table = document.split("Dans les réglages, une touche n'a qu'un sens", 1)[1].split("Entrée ne conclut", 1)[0]
    told = {
        line[0]: set(line[2].split(" ; "))
        for line in re.findall(r"^\| (F\d+) \| ([^|]+) \| ([^|]+) \|$", table, re.MULTILINE)
    }
    worn: set[tuple[str, str]] = set()
    for screen in (SettingsScreen, RulesetScreen):
        with opened(qtbot, desk, screen) as o:
            dialog = ScalesDialog(o.screen)
            for button in (*o.screen.findChildren(ActionButton), *dialog.findChildren(ActionButton)):
                worn.add((button.shortcut_text, button.accessibleName()))
            dialog.deleteLater()
    keyed = {(key, words) for key, words in worn if re.fullmatch(r"F\d+", key)}
    assert {key for key, _words in keyed} == set(told)
    assert {(key, words) for key, words in keyed if words not in told[key]} == set()


def test_f9_goes_to_what_the_shop_uses_and_space_switches_it(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, SettingsScreen) as o:
        o.press(Qt.Key.Key_F9)
        boxes = o.screen.features.boxes
        assert focus() is boxes["cold_chain"]
        before = features_of(desk)
        o.press(Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Space)
        now = features_of(desk)
        assert (now.cold_chain, now.day_end) == (not before.cold_chain, not before.day_end)
        assert "enregistré" in o.screen.features.notice.text
        o.press(Qt.Key.Key_Space)
        assert features_of(desk).day_end == before.day_end
