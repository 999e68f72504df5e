"""The pictures at the keyboard: a figure leads to its lines in two gestures, and the sheet is the same drawing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.reports.dashboard import Subject
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.ui.pdf_view import PdfView
from epicerie_desktop.ui.reports.dashboard_page import BarsDialog, DashboardPage
from epicerie_desktop.ui.reports.screen import ReportsScreen
from tests.ui.conftest import Goods
from tests.ui.opened import Opened, focus, opened, sold


@pytest.fixture
def busy_shop(desk: Desk, goods: Goods) -> Desk:
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    return desk


def board(o: Opened[ReportsScreen]) -> DashboardPage:
    o.idle()
    o.screen.show_page("board")
    page: DashboardPage = o.screen.page("board")
    o.until(lambda: page.board is not None)
    o.idle()
    return page


def test_a_figure_leads_to_its_lines_in_two_gestures(qtbot: QtBot, busy_shop: Desk) -> None:
    with opened(qtbot, busy_shop, ReportsScreen) as o:
        page = board(o)
        assert focus() is page.views[0]
        o.press(Qt.Key.Key_Tab)
        assert focus() is page.views[1]
        assert "1 kg" in page.views[1].accessibleDescription().replace("\u00a0", " ")
        o.press(Qt.Key.Key_Return)
        dialog = page.dialog
        assert isinstance(dialog, BarsDialog)
        o.show(dialog)
        assert dialog.picture.subject is Subject.KILOS
        o.press(Qt.Key.Key_Return)
        o.until(lambda: dialog.lines.data is not None)
        assert dialog.lines.data is not None
        (row,) = dialog.lines.data.rows
        assert row[3] == 1250
        dialog.reject()


def test_the_pictures_are_printed_as_they_are_shown_and_another_month_is_chosen(qtbot: QtBot, busy_shop: Desk) -> None:
    with opened(qtbot, busy_shop, ReportsScreen) as o:
        page = board(o)
        assert all(not v.pixmap().isNull() for v in page.views)
        o.press(Qt.Key.Key_F7)
        o.until(lambda: o.screen.findChild(PdfView) is not None)
        view = o.screen.findChild(PdfView)
        assert view is not None
        o.until(lambda: view.page is not None)
        view.close()
