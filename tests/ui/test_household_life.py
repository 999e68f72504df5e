"""The life of a household by its keys, a separation, files that look alike: asked calmly, written once, read again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.household_life import EventKind
from epicerie_desktop.persistence.models import Address
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries.counter import find_households, open_visit
from epicerie_desktop.services.queries.households import list_households
from epicerie_desktop.services.queries.life import household_life
from epicerie_desktop.services.rights import decide
from epicerie_desktop.ui.households.doubles import PairsWindow, SameDialog, UniteDialog
from epicerie_desktop.ui.households.life_forms import CorrectionDialog, LeavingDialog, NewcomerDialog, ReserveDialog
from epicerie_desktop.ui.households.life_window import LifeWindow
from epicerie_desktop.ui.households.screen import HouseholdsScreen
from epicerie_desktop.ui.households.separating import SeparationDialog
from tests.conftest import TODAY
from tests.ui.dialogs import meet
from tests.ui.opened import Opened, opened

KEY = Qt.Key


@pytest.fixture
def family(desk: Desk) -> int:
    members = (
        MemberForm("Diallo", "Aminata", Link.HOLDER, born="1985-03-12"),
        MemberForm("Diallo", "Issa", Link.PARTNER, born="1983-01-02"),
        MemberForm("Diallo", "Awa", Link.CHILD, born="2019-06-02"),
    )
    return enrol.save_household(
        desk, HouseholdForm(members, phone="04 71 00 00 00", opened_on=TODAY - timedelta(days=60))
    )


@pytest.fixture
def screen(qtbot: QtBot, desk: Desk) -> Iterator[Opened[HouseholdsScreen]]:
    with opened(qtbot, desk, HouseholdsScreen) as made:
        yield made


def conclude(dialog: QDialog) -> None:
    dialog.yes_button.click()  # type: ignore[attr-defined]
    assert dialog.result() or not dialog.error.isVisible(), "the form was refused"  # type: ignore[attr-defined]


def press_on(dialog: QDialog) -> None:
    """Press the verb until it is taken: a question does not answer during its first moment."""
    timer = QTimer(dialog)
    timer.timeout.connect(dialog.yes_button.click)  # type: ignore[attr-defined]
    timer.start(50)


def lived(screen: Opened[HouseholdsScreen], household: int) -> LifeWindow:
    window = LifeWindow(screen.context, household_life(screen.screen.desk, household), screen.window)
    screen.show(window)
    return window


def test_a_death_of_the_holder_is_entered_by_keys_and_the_history_tells_it(
    screen: Opened[HouseholdsScreen], desk: Desk, family: int
) -> None:
    window = lived(screen, family)

    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, LeavingDialog)
        assert dialog.heir.currentText().startswith("Issa"), "the partner is proposed first"
        conclude(dialog)

    meet(LeavingDialog, fill)
    QTest.keyClick(window, KEY.Key_F6)
    screen.idle()
    assert [window.table.rows_model.text_at(n, 1) for n in range(2)] == [
        "Décès – Aminata Diallo",
        "Devient titulaire – Issa Diallo",
    ]
    assert window.table.rows_model.text_at(0, 2) == "1 adulte, 1 enfant"
    assert open_visit(desk, family).name == "Issa D."
    window.table.selectRow(0)

    def never(dialog: QDialog) -> None:
        assert isinstance(dialog, CorrectionDialog)
        dialog.never.setChecked(True)
        conclude(dialog)

    meet(CorrectionDialog, never)
    QTest.keyClick(window.table, KEY.Key_Return)
    screen.idle()
    assert [e.kind for s in household_life(desk, family).steps for e in s.events] == [EventKind.ARRIVAL] * 3
    window.close()


def test_a_birth_takes_a_first_name_and_a_refusal_by_the_service_loses_nothing(
    screen: Opened[HouseholdsScreen], desk: Desk, family: int
) -> None:
    window = lived(screen, family)

    def name(dialog: QDialog) -> None:
        assert isinstance(dialog, NewcomerDialog)
        dialog.first_name.setText("Fatou")
        conclude(dialog)

    meet(NewcomerDialog, name)
    QTest.keyClick(window, KEY.Key_F3)
    screen.idle()
    assert open_visit(desk, family).children == 2
    assert window.table.rows_model.text_at(0, 1) == "Naissance – Fatou Diallo"
    enrol.close_household(desk, family)

    def insist(dialog: QDialog) -> None:
        assert isinstance(dialog, NewcomerDialog)
        dialog.first_name.setText("Zoé")
        dialog.yes_button.click()
        screen.until(lambda: "modifié cette fiche" in dialog.error.text)
        screen.idle()
        assert open_visit(desk, family).children == 2
        assert (dialog.isVisible(), dialog.first_name.text()) == (True, "Zoé"), "nothing typed is lost"
        dialog.yes_button.click()

    meet(NewcomerDialog, insist)
    window.buttons["arrival"].click()
    screen.idle()
    assert open_visit(desk, family).persons == 5
    window.close()


def test_a_separation_opens_the_new_file_and_a_reserved_file_says_so(
    screen: Opened[HouseholdsScreen], desk: Desk, family: int
) -> None:
    window = lived(screen, family)
    meet(ReserveDialog, lambda d: (d.boxes[0].setChecked(True), conclude(d)))  # type: ignore[attr-defined]
    QTest.keyClick(window, KEY.Key_R, Qt.KeyboardModifier.ControlModifier)
    screen.idle()
    assert "dossier réservé" in window.subtitle.text()

    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, SeparationDialog)

        def refused(words: str, field: QWidget) -> None:
            dialog.yes_button.click()
            assert words in dialog.error.text
            assert dialog.focusWidget() is field, words

        dialog.day.line.setText("31/12/2099")
        refused("pas encore venu", dialog.day.line)
        dialog.day.set_value(TODAY)
        refused("qui part", dialog.places[-1].choice)
        dialog.places[1].choice.setCurrentIndex(1)
        dialog.places[2].choice.setCurrentIndex(2)
        refused("À préciser plus tard", dialog.lodging)
        QTest.keyClick(dialog.lodging, KEY.Key_Down)
        assert dialog.address.isVisible()
        refused("Tapez la nouvelle adresse", dialog.address.lines)
        dialog.lodging.setFocus()
        QTest.keyClick(dialog.lodging, KEY.Key_End)
        assert dialog.lodging.currentText() == "À préciser plus tard"
        assert not dialog.address.isVisible()
        dialog.phone.setText("06 01 02 03 04")
        conclude(dialog)

    meet(SeparationDialog, fill)
    window.buttons["separation"].click()
    screen.until(lambda: window.new_household is not None)
    assert window.new_household is not None
    found = open_visit(desk, window.new_household)
    assert (found.name, found.adults, found.children) == ("Issa D.", 1, 1)
    with desk.db.read() as session:
        assert session.scalars(select(Address).where(Address.household_id == window.new_household)).all() == []
    assert [f.id for f in find_households(desk, "0601020304")] == [window.new_household]


def test_a_family_entered_again_is_shown_beside_its_file_before_anything_is_saved(
    screen: Opened[HouseholdsScreen], desk: Desk, family: int
) -> None:
    screen.screen.start_new()
    row = screen.screen.form.members.rows[0]
    row.last_name.setText("Dialo")
    row.first_name.setText("Aminata")
    row.born.set_value("1985-03-12")
    screen.screen.form.changed.emit()
    screen.until(lambda: bool(screen.screen.form.duplicates.buttons))
    assert "presque pareils, même date de naissance" in screen.screen.form.duplicates.buttons[0].text()
    meet(SameDialog, lambda d: d.reject())
    screen.screen.save()
    screen.until(lambda: not screen.screen._saving)
    assert len(list_households(desk)) == 1
    meet(SameDialog, lambda d: d.open_button.click())  # type: ignore[attr-defined]
    screen.screen.save()
    screen.until(lambda: screen.screen.household == family)
    assert len(list_households(desk)) == 1


def test_two_files_of_one_household_are_compared_and_united(
    screen: Opened[HouseholdsScreen], desk: Desk, family: int
) -> None:
    twice = enrol.save_household(desk, HouseholdForm((MemberForm("Dialo", "Aminata", Link.HOLDER, born="1985-03-12"),)))
    whole = Ceiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.MONTH, 60_00)
    for file in (family, twice):
        decide.open_right(desk, file, decide.RightForm(TODAY, TODAY + timedelta(days=60), 100, (whole,)))
    told: list[str] = []
    window = PairsWindow(screen.context, screen.window)
    screen.show(window)
    screen.until(lambda: window.table.current is not None)

    def look(dialog: QDialog) -> None:
        told.append(dialog.right.text())  # type: ignore[attr-defined]
        press_on(dialog)

    meet(UniteDialog, look)
    QTest.keyClick(window.table, KEY.Key_Return)
    screen.until(lambda: "réunis" in window.notice.text)
    screen.idle()
    assert window.table.rows_model.rowCount() == 0
    assert [f.id for f in list_households(desk)] == [family]
    (told_right,) = told
    ending = " ".join(told_right.split())
    assert ending.endswith("qu’un, jusqu’au 19/01/2027 : 60,00 € par mois (valeur en rayon), il reste 60,00 €.")
    assert open_visit(desk, family).ceilings[0].most == 60_00
    window.close()
