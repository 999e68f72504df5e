"""The settings of scales, labels and scanners: found on a real line, noted in the file, tried with the hands of a person."""

from __future__ import annotations

import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.basket import ArticleOffer, SoldBy, WeightSource
from epicerie_desktop.domain.check_digits import gs1_check_digit
from epicerie_desktop.domain.scanner import TEST_EAN, gs1_raw
from epicerie_desktop.domain.weighing import Standing
from epicerie_desktop.hardware.finding import find_on
from epicerie_desktop.hardware.scale import ScaleThread
from epicerie_desktop.hardware.settings import Pace, ScaleSettings
from epicerie_desktop.services import labels, weighing
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.scale_bridge import ScaleBridge, scale_settings
from epicerie_desktop.ui.settings.labels_card import LabelsDialog
from epicerie_desktop.ui.settings.scale_assistant import ScaleAssistant
from epicerie_desktop.ui.settings.scanner_dialog import ScannerDialog
from epicerie_desktop.ui.settings.screen import SettingsScreen
from epicerie_desktop.ui.till.weigh_step import WeighStep
from tests.hardware.test_dialogues import MOVING, NOISE, SILENCE, TOO_MUCH, Plate, cas
from tests.hardware.test_scale_thread import pseudo_terminals
from tests.ui.dressed import dress
from tests.ui.opened import opened, type_in

QUICK = Pace(poll=0.01, silence=0.3, reopen=0.02, quiet=0.02)


@pytest.mark.skipif(sys.platform == "win32" or not pseudo_terminals(), reason="pas de pseudo-terminal ici")
def test_the_assistant_finds_the_scale_confirms_its_unit_and_the_settings_keep_it(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    kept: list[MachineSettings] = []
    with Plate(tmp_path / "scale", cas) as plate, opened(qtbot, desk, SettingsScreen) as o:
        plate.reopened_often, plate.load = True, 1000
        o.context.save_settings = kept.append

        def find(ports: tuple[str, ...], given_up: threading.Event):  # type: ignore[no-untyped-def]
            return find_on((plate.port,), pace=QUICK, given_up=given_up)

        dialog = ScaleAssistant(o.screen, o.context.settings, plate.port, find)
        o.show(dialog)
        assert not dialog.use_button.isEnabled()
        o.click(dialog.search_button)
        o.until(lambda: "CAS" in dialog.notice.text)
        o.until(lambda: dialog.figures.text() == shown.kilos(1000))
        dialog.known.line.setText("1,2")
        dialog.compare()
        assert "dit" in dialog.notice.text
        dialog.known.line.setText("1")
        dialog.compare()
        assert "bonne unité" in dialog.notice.text
        o.click(dialog.use_button)
        chosen = dialog.chosen
        assert chosen is not None
        assert (chosen.scale, chosen.scale_protocol, chosen.scale_port, chosen.scale_unit) == (
            "serial", "cas_dc1", plate.port, "kg"
        )  # fmt: skip
        settings = scale_settings(chosen)
        assert settings is not None
        assert (settings.bytesize, settings.parity) == (8, "N")
        o.screen.scale._on_assisted(chosen)
        assert kept[-1] == chosen
        o.until(lambda: o.context.scale.present)
        o.context.scale.stop()


def test_no_scale_found_leaves_typed_weights_and_says_what_to_try(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, SettingsScreen) as o:
        dialog = ScaleAssistant(o.screen, o.context.settings, "", lambda _ports, _stop: ())
        o.show(dialog)
        o.click(dialog.search_button)
        assert "se tapent" in dialog.notice.text
        assert not dialog.use_button.isEnabled()
        dialog.reject()
        o.idle()


def test_every_protocol_spoken_is_chosen_with_its_line_and_a_wrong_line_saves_nothing(qtbot: QtBot, desk: Desk) -> None:
    kept: list[MachineSettings] = []
    with opened(qtbot, desk, SettingsScreen) as o:
        o.context.save_settings = kept.append
        card = o.screen.scale
        card.kind.setCurrentIndex(card.kind.findData("serial"))
        card.port.setEditText("/dev/none")
        for protocol, line in (("tisa", "9600 8N1"), ("toledo_8217", "9600 7E1"), ("value_line", "9600 8N1")):
            card.line.protocol.setCurrentIndex(card.line.protocol.findData(protocol))
            card.line._on_chosen()
            assert card.line.line.text == line
        card.line.line.line.setText("neuf mille")
        o.press(Qt.Key.Key_F12)
        assert "réglage de ligne" in o.screen.notice.text
        assert kept == []
        card.line.line.line.setText("4800 8N1")
        card.line.request.line.setText(r"P\r\n")
        card.line.stability.setCurrentIndex(card.line.stability.findData("mark"))
        card.line.on_demand.setChecked(True)
        o.press(Qt.Key.Key_F12)
        assert (kept[-1].scale_baud, kept[-1].scale_request, kept[-1].scale_stability) == (4800, r"P\r\n", "mark")
        settings = scale_settings(kept[-1])
        assert settings is not None
        assert settings.line is not None
        assert (settings.line.request, settings.line.on_demand) == (b"P\r\n", True)
        o.until(lambda: o.context.scale.present)
        o.context.scale.stop()


def test_the_carnet_is_noted_with_its_check_and_warns_when_it_is_overdue(qtbot: QtBot, desk: Desk) -> None:
    bridge = ScaleBridge()
    bridge.start(MachineSettings(scale="simulated"))
    with opened(qtbot, desk, SettingsScreen, scale=bridge) as o:
        card = o.screen.scale_record
        assert not card.isHidden()
        card.make.line.setText("METTLER")
        card.serial.line.setText("B123")
        card.accuracy.setCurrentIndex(card.accuracy.findData("III"))
        card.keep.click()
        o.until(lambda: weighing.weighing_rule(desk).record is not None)
        o.until(lambda: "Aucune vérification" in card.state.text)
        today = desk.clock.today()
        card.day.set_value(today - timedelta(days=731))
        card._on_day()
        assert card.next_on.value is not None
        assert abs((card.next_on.value - today).days) <= 2
        card.next_on.set_value(today - timedelta(days=1))
        card.check.click()
        o.until(lambda: "échue" in card.state.text)
        assert weighing.weighing_rule(desk).standing is Standing.OVERDUE
        first = weighing.weighing_rule(desk).record
        card.serial.line.setText("C999")
        card.keep.click()
        o.until(lambda: weighing.weighing_rule(desk).record != first)
        o.until(lambda: "Aucune vérification" in card.state.text)


def test_a_shop_without_a_scale_sees_no_carnet(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, SettingsScreen) as o:
        assert o.screen.scale_record.isHidden()


def test_a_label_is_scanned_what_it_says_is_typed_and_its_layout_is_kept(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, SettingsScreen) as o:
        dialog = LabelsDialog(o.screen)
        o.show(dialog)
        o.idle()
        payload = "211234500750"
        type_in(payload + gs1_check_digit(payload))
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        type_in("0,750")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert dialog.form.pattern == "21IIIIIWWWWWC"
        assert shown.kilos(750) in dialog.notice.text
        type_in("Halle")
        o.press(Qt.Key.Key_F12)
        o.until(lambda: [f.source for f in labels.layouts_of(desk)] == ["Halle"])
        o.until(lambda: dialog.table.model().rowCount() == 1)
        dialog.code.line.setText("3017620422003")
        dialog.offer()
        assert "commerce" in dialog.notice.text
        dialog.reject()


def test_a_scanner_is_told_what_to_set_on_it(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, SettingsScreen) as o:
        dialog = ScannerDialog(o.screen)
        o.show(dialog)
        dialog.line.setFocus()
        type_in(TEST_EAN.translate(str.maketrans("1234567890", "&é\"'(-è_çà")))
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        assert "AZERTY" in dialog.notice.text
        dialog.line.clear()
        type_in(TEST_EAN)
        o.until(lambda: "Entrée" in dialog.notice.text)
        dialog.line.clear()
        type_in(TEST_EAN)
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        assert "lot et de date" in dialog.ask.text()
        type_in("]C1" + gs1_raw().replace("\x1d", ""))
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        assert "FNC1" in dialog.notice.text
        dialog.line.clear()
        type_in("]C1" + gs1_raw())
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        assert "bien réglée" in dialog.notice.text
        dialog.reject()


@pytest.mark.skipif(sys.platform == "win32" or not pseudo_terminals(), reason="pas de pseudo-terminal ici")
def test_the_till_shows_a_scale_that_moves_babbles_and_dies_calmly_and_books_it_once_it_is_back(
    qtbot: QtBot, tmp_path: Path
) -> None:
    dress()
    bridge = ScaleBridge()
    with Plate(tmp_path / "scale", cas) as plate:
        settings = ScaleSettings(plate.port, protocol="cas_dc1", bytesize=8, parity="N")
        bridge.scale = ScaleThread(settings, bridge.on_reading, bridge.on_state, pace=QUICK)
        step = WeighStep(bridge, 15_000)
        qtbot.addWidget(step)
        booked: list[object] = []
        step.answered.connect(booked.append)
        bridge.scale.start()
        step.show()
        step.ask(ArticleOffer(1, "Carottes", 1, "Légumes", SoldBy.WEIGHT, 200), lambda grams: grams // 50)

        def says(words: str) -> None:
            qtbot.waitUntil(lambda: words in step.said.text().replace("’", "'"), timeout=10_000)
            step.submit()
            assert booked == []
            assert step.trouble.text()

        plate.load = MOVING
        says("bouge")
        plate.load = TOO_MUCH
        says("reposez le sac")
        plate.load = NOISE
        says("illisible")
        plate.load = SILENCE
        says("ne répond plus")
        plate.die()
        says("débranchée")
        plate.load = 1250
        plate.revive()
        qtbot.waitUntil(lambda: "Entrée le prend" in step.said.text(), timeout=10_000)
        step.submit()
        assert [(w.grams, w.source) for w in booked] == [(1250, WeightSource.SCALE)]  # type: ignore[attr-defined]
        bridge.stop()
