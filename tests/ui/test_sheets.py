"""« Feuille du mois »: what is shown is what is printed, and names stay hidden until they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.month_forms import SheetForm
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.printing.style import A4, Paper
from epicerie_desktop.services import month_sheets, months, papers_made
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.month_sheets import SheetsWanted
from epicerie_desktop.services.queries import figures
from epicerie_desktop.services.queries.paper_morning import paper_grid
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.pdf_view import PdfView
from epicerie_desktop.ui.sheets.closing import AmendDialog, CloseDialog
from epicerie_desktop.ui.sheets.paper_tab import NewSheetDialog
from epicerie_desktop.ui.sheets.screen import SheetsScreen
from epicerie_desktop.ui.sheets.several import SeveralDialog
from tests.printing.conftest import Read
from tests.ui.conftest import Goods
from tests.ui.dialogs import listens
from tests.ui.opened import Opened, focus, opened, sold, type_in

SEPTEMBER = date(2026, 9, 14)


@pytest.fixture
def long(qapp: QApplication) -> Iterator[Background]:
    worker = Background("long")
    yield worker
    worker.stop()


@pytest.fixture
def busy_shop(desk: Desk, goods: Goods) -> Desk:
    carrots, homes = goods.articles["carottes"], goods.households
    for name, grams, day in (
        ("Martin", 1250, None),
        ("Petit", 800, None),
        ("Martin", 2000, date(2026, 10, 12)),
        ("Martin", 500, SEPTEMBER),
    ):
        sold(desk, homes[name], carrots, grams, day)
    return desk


def tiles(screen: SheetsScreen) -> dict[str, str]:
    return {key: tile.value for key, tile in screen.month.tiles.tiles.items()}


def back(o: Opened[SheetsScreen]) -> None:
    """Give the window its keyboard back after a dialog, as a desktop does by itself."""
    o.until(lambda: o.screen.month.dialog is None)
    o.window.activateWindow()
    o.until(lambda: QApplication.activeWindow() is o.window)
    o.idle()


def back_in(o: Opened[SheetsScreen]) -> None:
    """Do the same once a paper shown is put away."""
    o.until(lambda: QApplication.activeModalWidget() is None)
    o.window.activateWindow()
    o.until(lambda: QApplication.activeWindow() is o.window)
    o.idle()


def test_the_month_shows_its_lines_and_the_six_figures_of_the_query(qtbot: QtBot, busy_shop: Desk) -> None:
    with opened(qtbot, busy_shop, SheetsScreen) as o:
        whole = figures.totals_of(busy_shop, "2026-11", "2026-11")
        assert o.screen.month.months.month == "2026-11"
        assert o.screen.month.table.rows_model.rowCount() == whole.families == 2
        assert tiles(o.screen) == {
            "families": "2", "persons": "2", "visits": "2", "grams": shown.plain_kilos(2050),
            "shelf_cents": shown.plain_money(whole.shelf_cents), "paid_cents": shown.plain_money(whole.paid_cents),
        }  # fmt: skip
        assert "denrées alimentaires" in o.screen.month.tiles.tiles["grams"].accessibleDescription()
        months = [o.screen.month.months.itemData(n) for n in range(o.screen.month.months.count())]
        assert months == ["2026-11", "2026-10", "2026-09"]


def test_another_month_is_chosen_with_the_keyboard_alone(qtbot: QtBot, busy_shop: Desk) -> None:
    with opened(qtbot, busy_shop, SheetsScreen) as o:
        assert focus() is o.screen.month.months
        o.press(Qt.Key.Key_Down)
        assert o.screen.month.months.month == "2026-10"
        assert tiles(o.screen)["grams"] == shown.plain_kilos(2000)


def test_names_are_shown_only_once_asked_for(qtbot: QtBot, busy_shop: Desk) -> None:
    with opened(qtbot, busy_shop, SheetsScreen) as o:
        table = o.screen.month.table
        assert table.isColumnHidden(1)
        assert not any(row.name for row in table.rows_model.rows)
        o.press(Qt.Key.Key_Tab, Qt.Key.Key_Space)
        assert o.screen.month.names.isChecked()
        assert not table.isColumnHidden(1)
        assert {row.name for row in table.rows_model.rows} == {"Martin Sophie", "Petit Louise"}


def test_a_period_counts_a_family_once_and_its_months_stand_beneath(qtbot: QtBot, busy_shop: Desk) -> None:
    with opened(qtbot, busy_shop, SheetsScreen) as o:
        o.screen.tabs.setCurrentIndex(1)
        o.idle()
        period = o.screen.period
        assert period.period.period == ("2026-09", "2026-11")
        assert [period.tiles.tiles[k].value for k in ("families", "visits", "grams")] == [
            "2",
            "4",
            shown.plain_kilos(4550),
        ]
        assert [(m, t.families) for m, t in period.table.rows_model.rows] == [
            ("2026-09", 1),
            ("2026-10", 1),
            ("2026-11", 2),
        ]
        period.period.last.choose("2026-09")
        o.idle()
        assert period.period.period == ("2026-09", "2026-09")
        assert period.tiles.tiles["families"].value == "1"


def test_the_sheet_is_written_whole_where_the_person_chose(
    qtbot: QtBot, busy_shop: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, proposed = tmp_path / "novembre", []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (proposed.append(a[2]), (str(target), ""))[1])
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: True)
    with opened(qtbot, busy_shop, SheetsScreen) as o:
        o.press(Qt.Key.Key_F12)
        assert target.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
        assert proposed[0].endswith("feuille-2026-11.pdf")
        assert [p.name for p in tmp_path.iterdir() if p.suffix == ".partial"] == []
        assert "novembre.pdf" in o.screen.notice.text
        assert str(tmp_path) in o.screen.notice.text, "a machine without a reader opens nothing, and seldom says so"
        QTest.keyClick(focus(), Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
        o.idle()
        assert o.screen.tabs.currentWidget() is o.screen.period
        assert o.screen.period.isAncestorOf(focus())
        assert not o.screen.notice.text
        QTest.keyClick(focus(), Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
        o.idle()
        assert o.screen.tabs.currentWidget() is o.screen.month


def view_of(o: Opened[SheetsScreen]) -> PdfView:
    o.until(lambda: any(isinstance(w, PdfView) and w.isVisible() and w.page for w in QApplication.topLevelWidgets()))
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, PdfView) and w.isVisible())


def test_the_preview_turns_grows_and_closes_with_the_keyboard(qtbot: QtBot, busy_shop: Desk) -> None:
    with opened(qtbot, busy_shop, SheetsScreen) as o:
        QTest.keyClick(focus(), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        view = view_of(o)
        assert view.page is not None
        assert (view.page.number, view.previous.isEnabled()) == (0, False)
        before = view.zoom
        QTest.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
        o.until(lambda: view.zoom > before and not o.context.long.busy)
        pages = view.page.pages
        for _n in range(pages + 1):
            QTest.keyClick(view, Qt.Key.Key_PageDown)
            o.idle()
        assert view.page.number == pages - 1
        assert not view.next.isEnabled()
        QTest.keyClick(view, Qt.Key.Key_Escape)
        o.until(lambda: not any(isinstance(w, PdfView) and w.isVisible() for w in QApplication.topLevelWidgets()))


def test_a_shop_without_a_ticket_shows_an_empty_month_and_makes_its_sheet_all_the_same(
    qtbot: QtBot, desk: Desk
) -> None:
    with opened(qtbot, desk, SheetsScreen) as o:
        assert tiles(o.screen)["families"] == "0"
        assert o.screen.month.table.rows_model.rowCount() == 0
        QTest.keyClick(focus(), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        view = view_of(o)
        assert view.page is not None
        assert view.page.pages == 1
        assert view.pages.isHidden(), "there is nothing to choose in one page"
        view.accept()


def test_several_sheets_are_chosen_by_keyboard_and_their_pages_counted_before_any_is_printed(
    qtbot: QtBot, busy_shop: Desk
) -> None:
    with opened(qtbot, busy_shop, SheetsScreen) as o:
        o.press(Qt.Key.Key_F6)
        dialog = o.screen.month.dialog
        assert isinstance(dialog, SeveralDialog)
        o.until(lambda: listens(dialog))
        assert focus() is dialog.forms[SheetForm.HOUSEHOLD]
        o.press(Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Space)
        o.until(lambda: dialog.made is not None)
        assert [s.form for s in dialog.made.sheets] == [SheetForm.HOUSEHOLD, SheetForm.DAY, SheetForm.FAMILY]
        pages = int(dialog.count.text().split()[0])
        assert pages >= 3
        o.press(Qt.Key.Key_F12)
        view = view_of(o)
        assert view.page is not None
        assert view.page.pages == pages
        view.accept()
        back_in(o)


def test_a_sheet_kept_from_the_preview_is_a_duplicate_the_next_time(
    qtbot: QtBot, busy_shop: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    months.close_month(busy_shop, "2026-10")
    target = tmp_path / "feuille.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(target), ""))
    with opened(qtbot, busy_shop, SheetsScreen) as o:
        o.press(Qt.Key.Key_Down)
        QTest.keyClick(focus(), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        view = view_of(o)
        wanted = SheetsWanted(("2026-10",))
        o.idle()
        made = month_sheets.month_sheets_pdf(busy_shop, wanted)
        assert made.duplicates == 0, "it was only looked at"
        QTest.keyClick(view, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        # The paper is drawn on the long thread: nothing else is drawn here meanwhile.
        o.until(lambda: target.exists() and bool(papers_made.made_before(busy_shop, made.papers)))
        first = target.read_bytes()
        assert "DUPLICATA" not in Read(first).text
        o.idle()
        QTest.keyClick(view, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        o.until(lambda: target.read_bytes() != first)
        o.idle()
        assert "Duplicata du" in Read(target.read_bytes()).text
        view.accept()


def test_a_preview_keeps_the_pages_typed_and_says_what_cannot_be_read(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, long: Background
) -> None:
    paper = Paper(A4, "Essai")
    for n in range(4):
        if n:
            paper.turn()
        paper.paragraph(f"Écrit {n + 1}")
    target = tmp_path / "pages.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(target), ""))
    view = PdfView(None, long, paper.finish(), "Essai", "essai")
    qtbot.addWidget(view)
    view.show()
    qtbot.waitUntil(lambda: view.page is not None)
    view.pages.setText("3-9")
    view.keep.click()
    assert not view.wrong.isHidden()
    assert "de 1 à 4" in view.wrong.text()
    view.pages.setText("4, 2")
    with qtbot.waitSignal(view.taken):
        view.keep.click()
    assert [p.splitlines()[0] for p in Read(target.read_bytes()).pages] == ["Écrit 2", "Écrit 4"]
    view.close()


def test_a_volunteer_is_not_offered_the_names(qtbot: QtBot, busy_shop: Desk) -> None:
    volunteer = replace(busy_shop, actor=replace(busy_shop.actor, role=Role.VOLUNTEER.value))
    with pytest.raises(RuleRefused, match="responsable"):
        month_sheets.month_sheet(volunteer, "2026-11", names=True)
    with opened(qtbot, volunteer, SheetsScreen) as o:
        assert o.screen.month.names.isHidden()


def test_a_month_over_is_closed_and_then_amended_by_keyboard_alone(qtbot: QtBot, busy_shop: Desk, goods: Goods) -> None:
    with opened(qtbot, busy_shop, SheetsScreen) as o:
        month = o.screen.month
        assert month.close_button.isHidden(), "the month now running is not closed"
        o.press(Qt.Key.Key_Down)
        assert month.months.month == "2026-10"
        assert "pas encore clos" in month.state.text()
        o.press(Qt.Key.Key_F8)
        closing = month.dialog
        assert isinstance(closing, CloseDialog)
        o.until(lambda: listens(closing))
        o.press(Qt.Key.Key_F12)
        o.until(lambda: "clôture n° 1" in month.state.text().replace("\xa0", " "))
        assert month.close_button.isHidden()
        back(o)
        assert focus() is month.months
        sold(busy_shop, goods.households["Petit"], goods.articles["carottes"], 400, date(2026, 10, 12))
        o.until(lambda: "1 correction" in month.state.text())
        assert tiles(o.screen)["grams"] == shown.plain_kilos(2000), "the closed month does not move"
        o.press(Qt.Key.Key_F8)
        amending = month.dialog
        assert isinstance(amending, AmendDialog)
        o.until(lambda: listens(amending))
        o.press(Qt.Key.Key_F12)
        assert amending.isVisible(), "a reason is asked for"
        type_in("Feuille papier retrouvée")
        o.press(Qt.Key.Key_F12)
        o.until(lambda: tiles(o.screen)["grams"] == shown.plain_kilos(2400))
        back(o)
        assert "version 2" in month.state.text()


def test_a_morning_on_paper_is_printed_then_entered_in_its_order_by_keyboard_alone(
    qtbot: QtBot, busy_shop: Desk
) -> None:
    with opened(qtbot, busy_shop, SheetsScreen) as o:
        paper = o.screen.paper
        o.screen.tabs.setCurrentWidget(paper)
        o.idle()
        paper.setFocus()
        o.press(Qt.Key.Key_F3)
        asking = paper.dialog
        assert isinstance(asking, NewSheetDialog)
        o.until(lambda: listens(asking))
        type_in("05/11/2026")
        o.press(Qt.Key.Key_F12)
        o.until(lambda: isinstance(QApplication.activeModalWidget(), PdfView))
        view = QApplication.activeModalWidget()
        assert isinstance(view, PdfView)
        view.accept()
        o.idle()
        back_in(o)
        assert focus() is paper.grid
        assert paper.grid.rowCount() > 2
        families = [f.code for _id, f in paper_grid(busy_shop, paper.sheets.currentData()).families]
        for typed in ("1,25", "", "abc"):
            if typed:
                type_in(typed)
            o.press(Qt.Key.Key_Return)
        before = figures.totals_of(busy_shop, "2026-11", "2026-11")
        o.press(Qt.Key.Key_F12)
        assert not paper.notice.isHidden()
        assert figures.totals_of(busy_shop, "2026-11", "2026-11") == before, (
            "nothing is written while a weight cannot be read"
        )
        o.press(Qt.Key.Key_Delete)
        o.press(Qt.Key.Key_F12)
        o.until(lambda: "1 passage" in paper.notice.text.replace("\xa0", " "))
        after = figures.totals_of(busy_shop, "2026-11", "2026-11")
        assert after.visits == before.visits + 1
        assert dict(after.grams_by_family)[families[0]] == dict(before.grams_by_family).get(families[0], 0) + 1250
        o.until(lambda: paper.grid.item(0, 4) is not None and paper.grid.item(0, 4).text() != "")
        assert paper.grid.currentRow() == 1, "the next line to enter"
