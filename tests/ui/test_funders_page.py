"""« Chiffres des financeurs »: estimates typed, seen and taken back by the keyboard alone; a meal's weight; families put in a group."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.reports import estimates, funders, parameters, whole
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.services.stock.catalogue import FamilyForm
from epicerie_desktop.ui.reports.families_dialog import FamiliesDialog
from epicerie_desktop.ui.reports.funders_page import EstimateDialog, FundersPage
from epicerie_desktop.ui.reports.meal_dialog import MealDialog
from epicerie_desktop.ui.reports.screen import ReportsScreen
from tests.conftest import TODAY
from tests.ui.opened import Opened, focus, opened, type_in

YEAR = (TODAY.replace(month=1, day=1), TODAY.replace(month=12, day=31))


def the_page(o: Opened[ReportsScreen]) -> FundersPage:
    QTest.keyClick(o.window, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    o.idle()
    page = o.screen.current
    assert isinstance(page, FundersPage)
    assert focus() is page.table
    return page


def back(o: Opened[ReportsScreen], page: FundersPage) -> None:
    o.until(lambda: page.dialog is None)
    o.window.activateWindow()
    o.until(lambda: QApplication.activeWindow() is o.window)
    o.idle()


def values(page: FundersPage) -> dict[str, int | None]:
    return {r.indicator.code: r.holds.value if r.holds else None for r in page.table.rows_model.rows}


def test_an_estimate_is_typed_corrected_and_taken_back_by_keys_and_the_report_of_the_year_has_it(
    qtbot: QtBot, desk: Desk
) -> None:
    with opened(qtbot, desk, ReportsScreen) as o:
        page = the_page(o)
        assert set(values(page)) == {i.code for i in estimates.estimated_indicators()}
        assert set(values(page).values()) == {None}
        for typed, basis, expected in (("12,5", "D'après le registre", 12_50), ("", "Le registre était faux", None)):
            o.press(Qt.Key.Key_Return)
            dialog = page.dialog
            assert isinstance(dialog, EstimateDialog)
            o.show(dialog)
            dialog.value.line.selectAll()
            o.press(Qt.Key.Key_Delete)
            QTest.keyClick(dialog, Qt.Key.Key_F12)
            assert dialog.value.error if dialog.line.holds is None else dialog.basis.error, (
                "nothing to keep, or no reason"
            )
            dialog.value.setFocus()
            type_in(typed)
            QTest.keyClick(dialog, Qt.Key.Key_F12)
            assert dialog.basis.error, "a number without its reason is not kept"
            type_in(basis)
            QTest.keyClick(dialog, Qt.Key.Key_F12)
            back(o, page)
            assert values(page)["EMCO03"] == expected
            found = whole.report(desk, whole.Asked("fse", *YEAR))
            assert next(f.value for f in found.figures() if f.code == "EMCO03") == expected
        assert [e.value for e in estimates.estimates_of(desk, *YEAR)] == [None, 12_50]
        o.press(Qt.Key.Key_Return)
        dialog = page.dialog
        assert isinstance(dialog, EstimateDialog)
        o.show(dialog)
        o.press(Qt.Key.Key_Escape)
        back(o, page)


def test_a_meal_is_given_its_weight_and_its_source(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, ReportsScreen) as o:
        page = the_page(o)
        QTest.keyClick(o.window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
        dialog = page.dialog
        assert isinstance(dialog, MealDialog)
        o.show(dialog)
        dialog.grams.line.selectAll()
        type_in("480")
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        assert dialog.source.error
        type_in("Convention 2026")
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        back(o, page)
        assert parameters.meals(desk)[0] == (TODAY, 480, "Convention 2026")
        assert "480" in page.meal.text()
        assert "Convention 2026" in page.meal.text()


def test_a_family_in_no_group_comes_first_and_is_given_one(qtbot: QtBot, desk: Desk) -> None:
    catalogue.save_family(desk, FamilyForm("TRAIT", "Plats traiteur", "Traiteur", True, False, 500, None))
    with opened(qtbot, desk, ReportsScreen) as o:
        page = the_page(o)
        assert page.families.text().startswith("1 non")
        QTest.keyClick(o.window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
        dialog = page.dialog
        assert isinstance(dialog, FamiliesDialog)
        o.show(dialog)
        for code in funders.funder_lists():
            dialog.lists.setCurrentIndex(dialog.lists.findData(code))
            o.idle()
            assert dialog.table.rows_model.rows[0].code == "TRAIT"
            dialog.table.choose_first()
            dialog.table.setFocus()
            o.press(Qt.Key.Key_Return)
            assert focus() is dialog.categories
            o.press(Qt.Key.Key_Down)
            QTest.keyClick(dialog, Qt.Key.Key_F10)
            o.idle()
            first = funders.funder_lists()[code].categories[0]
            assert next(f.category for f in dialog.table.rows_model.rows if f.code == "TRAIT") == first
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        back(o, page)
        assert page.families.text() == "Toutes ont un groupe"
        assert funders.unsorted_count(desk) == 0
