"""« Rapports »: what is chosen is what is shown and kept; the window goes on meanwhile; hours are noted by the keyboard alone."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from epicerie_desktop.services import volunteers
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.reports import whole
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.ui.pdf_view import PdfView
from epicerie_desktop.ui.registry import screens_of
from epicerie_desktop.ui.reports.hours_page import HoursDialog
from epicerie_desktop.ui.reports.job import GivenUp, Job
from epicerie_desktop.ui.reports.period import PeriodKind, choices
from epicerie_desktop.ui.reports.screen import ReportsScreen
from tests.conftest import TODAY
from tests.ui.conftest import Goods
from tests.ui.dialogs import answer
from tests.ui.opened import Opened, focus, opened, sold, type_in


@pytest.fixture
def busy_shop(desk: Desk, goods: Goods) -> Desk:
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    return desk


def value(o: Opened[ReportsScreen], code: str) -> object:
    report = o.screen.page("report").report
    return next(f.value for f in report.figures() if f.code == code)


def test_the_year_is_shown_and_another_report_and_period_are_chosen_by_keys(qtbot: QtBot, busy_shop: Desk) -> None:
    with opened(qtbot, busy_shop, ReportsScreen) as o:
        page = o.screen.page("report")
        assert focus() is page.models
        assert value(o, "grams") == 1250
        assert [page.period.which.itemText(n) for n in range(page.period.which.count())] == ["Année 2026"]
        o.press(Qt.Key.Key_Down)
        assert (page.models.currentData(), page.report.title) == ("people", "Foyers et personnes accueillis")
        o.press(Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Tab)
        assert focus() is page.period.which
        assert page.period.which.currentText() == "4e trimestre 2026"
        assert (page.report.first.month, page.report.last.month) == (10, 12)
        page.table.setFocus()
        o.press(Qt.Key.Key_Down)
        assert page.table.current.figure.definition in page.meaning.text()


def test_two_days_make_a_period_and_turned_round_they_say_so(qtbot: QtBot, busy_shop: Desk) -> None:
    with opened(qtbot, busy_shop, ReportsScreen) as o:
        page = o.screen.page("report")
        page.period.kind.setCurrentIndex(page.period.kind.findData(PeriodKind.DAYS))
        o.idle()
        page.period.first.setFocus()
        page.period.first.line.selectAll()
        type_in("12/11/2026")
        o.press(Qt.Key.Key_Return)
        assert focus() is page.period.last.line
        page.period.last.line.selectAll()
        type_in("05/11/2026")
        o.press(Qt.Key.Key_Tab)
        assert page.period.last.error
        assert page.asked is None
        page.period.last.setFocus()
        page.period.last.line.selectAll()
        type_in("20/11/2026")
        o.press(Qt.Key.Key_Tab)
        assert (page.report.first.day, page.report.last.day) == (12, 20)


def test_the_report_is_looked_at_and_kept_as_pdf_or_for_a_spreadsheet(
    qtbot: QtBot, busy_shop: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed: list[str] = []
    with opened(qtbot, busy_shop, ReportsScreen) as o:
        page = o.screen.page("report")
        QTest.keyClick(o.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        o.until(lambda: isinstance(QApplication.activeModalWidget(), PdfView))
        view = QApplication.activeModalWidget()
        o.until(lambda: view.page is not None)
        assert view.page.pages > 3
        o.press(Qt.Key.Key_Escape)
        o.until(lambda: QApplication.activeModalWidget() is None)
        o.window.activateWindow()
        o.until(lambda: QApplication.activeWindow() is o.window)
        page.edition.setCurrentIndex(1)
        o.idle()
        for n in range(page.kinds.count()):
            page.kinds.setCurrentIndex(n)
            target = tmp_path / f"rapport.{page.kinds.itemData(n)}"
            monkeypatch.setattr(
                QFileDialog, "getSaveFileName", lambda *a, to=target, **_k: (proposed.append(a[2]), (str(to), ""))[1]
            )
            QTest.keyClick(o.window, Qt.Key.Key_F12)
            o.until(target.exists)
            o.idle()
            assert "Rapport gardé" in page.notice.text
        with (tmp_path / "rapport.csv").open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        (families,) = [r for r in rows if r["Colonne"] == "families"]
        assert families["Nombre"] == "", "one household: not published"
        assert all("rapport-year-2026-publie" in name for name in proposed)


def test_a_report_given_up_stops_at_its_next_part_and_says_that_nothing_changed(desk: Desk) -> None:
    job = Job()
    job.tell(1, 3)
    assert job.where == (1, 3)
    job.give_up()
    asked = whole.Asked("year", TODAY.replace(month=1, day=1), TODAY)
    with pytest.raises(GivenUp, match="rien n"):
        whole.report(desk, asked, job.tell)


def test_hours_are_noted_and_cancelled_once_the_shop_keeps_them(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, ReportsScreen) as o:
        assert not o.screen.tabs.isTabVisible(3)
        save_feature(desk, "volunteer_hours", True)
        o.until(lambda: o.screen.tabs.isTabVisible(3))
        o.screen.show_page("hours")
        o.idle()
        page = o.screen.page("hours")
        QTest.keyClick(o.window, Qt.Key.Key_F10)
        dialog = page.dialog
        assert isinstance(dialog, HoursDialog)
        o.show(dialog)
        dialog.long.line.selectAll()
        type_in("2h30")
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        assert dialog.named.error
        type_in("Équipe du mardi")
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        o.until(lambda: page.dialog is None)
        o.idle()
        assert [(r.who, r.minutes) for r in page.table.rows_model.rows] == [("Équipe du mardi", 150)]
        assert page.sum.text().endswith("2,50\u00a0h")
        o.window.activateWindow()
        o.until(lambda: QApplication.activeWindow() is o.window)
        page.table.choose_first()
        answer("yes_button")
        page.cancel.click()
        o.idle()
        assert volunteers.hours_between(desk, TODAY, TODAY) == ()


def test_a_volunteer_has_no_reports(desk: Desk) -> None:
    assert "reports" in {s.key for s in screens_of(desk)}
    volunteer = replace(desk, actor=replace(desk.actor, role="VOLUNTEER"))
    assert "reports" not in {s.key for s in screens_of(volunteer)}
    with pytest.raises(RuleRefused):
        whole.report(volunteer, whole.Asked("year", TODAY, TODAY))


def test_the_periods_offered_are_those_that_hold_a_month_of_the_shop_the_latest_first() -> None:
    months = ("2025-12", "2026-11", "2026-02")
    assert [c.short for c in choices(PeriodKind.YEAR, months)] == ["2026", "2025"]
    assert [c.short for c in choices(PeriodKind.QUARTER, months)] == ["2026-t4", "2026-t1", "2025-t4"]
    found = choices(PeriodKind.MONTH, months)
    assert [(c.first.day, c.last.day) for c in found] == [(1, 30), (1, 28), (1, 31)]
