"""Accounts in the settings and at the opening, by the keyboard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.roles import Role
from epicerie_desktop.services import accounts, opening
from epicerie_desktop.services.accounts import AccountForm
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.ui.registry import screens_of
from epicerie_desktop.ui.settings.accounts_card import AccountDialog
from epicerie_desktop.ui.settings.screen import SettingsScreen
from epicerie_desktop.ui.start.unlock import UnlockDialog
from tests.conftest import FAST, PASSPHRASE
from tests.ui.opened import focus, opened, type_in


def test_a_volunteers_account_is_opened_by_the_keyboard_and_then_opens_the_file(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, SettingsScreen) as o:
        dialog = AccountDialog(o.screen, [desk.actor.name], gives_support=True)
        o.show(dialog)
        type_in(desk.actor.name.upper())
        QTest.keyClick(focus(), Qt.Key.Key_F12)
        assert "porte déjà le nom" in dialog.error.text
        assert focus() is dialog.name
        dialog.name.clear()
        type_in("Bénévoles")
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
        assert focus() is dialog.role
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
        assert focus() is dialog.support
        for secret in ("panier pomme lundi", "panier pomme mardi", "pas la bonne phrase"):
            QTest.keyClick(focus(), Qt.Key.Key_Tab)
            type_in(secret)
        QTest.keyClick(focus(), Qt.Key.Key_F12)
        assert "diffèrent" in dialog.error.text
        dialog.again.line.clear()
        type_in("panier pomme lundi")
        assert focus() is dialog.again.line
        QTest.keyClick(focus(), Qt.Key.Key_F12)
        o.until(lambda: focus() is dialog.mine.line)
        assert dialog.name.text() == "Bénévoles", "a refusal loses nothing"
        dialog.mine.line.clear()
        type_in(PASSPHRASE)
        QTest.keyClick(focus(), Qt.Key.Key_F12)
        o.until(lambda: dialog.result() == QDialog.DialogCode.Accepted)
        assert (dialog.form.role, dialog.form.social) == (Role.VOLUNTEER, False)
        o.screen.accounts.tell_opened(dialog.form.name)
        o.until(lambda: len(o.screen.accounts.table.rows_model.rows) == 2)
        dialog.forget()
        dialog.deleteLater()
    assert desk.db.path is not None
    volunteer = opening.open_desk(desk.db.path, "panier pomme lundi", desk.clock)
    volunteer.db.close()
    assert (volunteer.actor.name, volunteer.social_key) == ("Bénévoles", None)


def test_with_several_accounts_the_opening_asks_who_and_proposes_the_last(qtbot: QtBot, desk: Desk) -> None:
    accounts.add_account(desk, AccountForm("Bénévoles", Role.VOLUNTEER, "panier pomme lundi"), PASSPHRASE, cost=FAST)
    assert isinstance(desk.db.path, Path)
    dialog = UnlockDialog(desk.db.path, desk.clock, account="Bénévoles")
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    assert dialog.who.isVisible()
    assert dialog.who.currentText() == "Bénévoles"
    type_in(PASSPHRASE)
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(dialog.notice.text), timeout=15_000)
    assert dialog.desk is None  # the passphrase of another does not open this account
    assert "Bénévoles" in dialog.notice.text, "the wrong name chosen is the likeliest slip"
    dialog.field.line.clear()
    type_in("panier pomme lundi")
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.desk is not None, timeout=15_000)
    assert dialog.desk is not None
    assert dialog.desk.actor.name == "Bénévoles"
    dialog.desk.db.close()


def test_a_volunteers_rail_is_short_and_a_workers_whole(desk: Desk) -> None:
    def rail(role: Role) -> list[str]:
        return [s.title for s in screens_of(replace(desk, actor=replace(desk.actor, role=role.value))) if s.title]

    assert rail(Role.VOLUNTEER) == ["Accueil", "Foyers", "Suivi", "Stock", "Hygiène", "Feuilles", "Envois", "Réglages"]
    assert set(rail(Role.WORKER)) - set(rail(Role.VOLUNTEER)) == {
        "Droits",
        "Vérifier",
        "Commission",
        "Questions",
        "Rapports",
    }
