"""The support file's screen: pages by the keyboard, what an account without the second key sees, gestures of its pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.support import (
    MOST_PORTRAIT_BYTES,
    ExitReason,
    ObjectiveKind,
    ObjectiveState,
    PaperKind,
    ReferralReason,
    ReviewResult,
    UndertakingKind,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries import support_pages as pages
from epicerie_desktop.services.queries.support import support_file
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.support import file, papers, projects, tasks, undertakings
from epicerie_desktop.services.support.projects import ObjectiveForm
from epicerie_desktop.services.support.tasks import TaskForm
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui import registry
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.changes import ChangeBus
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.households.screen import HouseholdsScreen
from epicerie_desktop.ui.main_window import MainWindow
from epicerie_desktop.ui.pdf_view import PdfView
from epicerie_desktop.ui.scale_bridge import ScaleBridge
from epicerie_desktop.ui.support.avoidance import AvoidancePage
from epicerie_desktop.ui.support.budget import BudgetPage
from epicerie_desktop.ui.support.ending import EndingPage
from epicerie_desktop.ui.support.engagements import EngagementsPage
from epicerie_desktop.ui.support.forms import SupportDialog
from epicerie_desktop.ui.support.orientation import OrientationPage
from epicerie_desktop.ui.support.overview import OverviewPage
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.papers import PapersPage
from epicerie_desktop.ui.support.projects import ProjectsPage
from epicerie_desktop.ui.support.registry import PAGES
from epicerie_desktop.ui.support.scans import ScanView, small_portrait
from epicerie_desktop.ui.support.screen import SupportScreen
from tests.conftest import TODAY
from tests.services.conftest import SmallShop, furnished_small_shop, small_shop  # noqa: F401 - fixtures
from tests.services.test_sell import a_basket, sold
from tests.services.test_study import SAID, said_of
from tests.ui.dressed import dress
from tests.ui.opened import Opened, focus, opened, type_in

KEY = Qt.Key
Office = Opened[SupportScreen]
Enter = Callable[[Desk], AbstractContextManager[Office]]
P = TypeVar("P", bound=SupportPage)


@pytest.fixture
def enter(qtbot: QtBot) -> Enter:
    return lambda desk: opened(qtbot, desk, SupportScreen)


@pytest.fixture
def shop(small_shop: SmallShop) -> SmallShop:  # noqa: F811
    return small_shop


def at(office: Office, household: int, kind: type[P], page: str) -> P:
    office.window.go("screen", household=household, page=page)
    office.idle()
    found = office.screen.current
    assert isinstance(found, kind)
    return found


def fill(*fields: str) -> None:
    """Type in the field in focus, then in the next ones; an empty text passes one by."""
    for place, text in enumerate(fields):
        if place:
            QTest.keyClick(focus(), KEY.Key_Tab)
        if text:
            QTest.keyClick(focus(), KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
            type_in(text)


def back(office: Office) -> None:
    """Give the keyboard back to the window, as a desktop does when a question closes, and wait until it has it."""
    office.window.activateWindow()
    office.until(lambda: QApplication.activeWindow() is office.window and QApplication.focusWidget() is not None)
    office.idle()


def asked(office: Office, page: SupportPage, key: KEY) -> QDialog:
    """Press a key of the page and return the question it opens."""
    back(office)
    office.press(key)
    office.until(lambda: page.dialog is not None and QApplication.activeWindow() is page.dialog)
    assert page.dialog is not None
    return page.dialog


def answered(office: Office, page: SupportPage) -> None:
    """Conclude by F12, once the question may be answered, and wait until it is done."""

    def done() -> bool:
        if page.dialog is not None:
            QTest.keyClick(page.dialog, KEY.Key_F12)
        return page.dialog is None

    office.until(done)
    back(office)


def a_file(shop: SmallShop) -> int:
    return file.open_file(shop.desk, shop.household, file.OrientationForm(reason_code=ReferralReason.ENERGY))


def test_the_pages_follow_the_arrows_and_a_newcomer_sees_only_those_of_reception(enter: Enter, shop: SmallShop) -> None:
    with enter(shop.desk) as office:
        at(office, shop.household, OverviewPage, "overview")
        screen = office.screen
        assert [s.key for s in screen.specs] == [s.key for s in PAGES]
        assert screen.head is not None
        assert screen.head.holder == "D'Almeida Fátima"
        assert screen.list.hasFocus()
        for spec in PAGES[1:]:
            office.press(KEY.Key_Down)
            assert screen.current is screen.page(spec.key)
    with enter(replace(shop.desk, social_key=None)) as office:
        page = at(office, shop.household, OverviewPage, "overview")
        assert [s.key for s in office.screen.specs] == [s.key for s in PAGES if s.reception]
        assert "réservé" in page.told.text
        for spec in office.screen.specs[1:]:
            office.press(KEY.Key_Down)
            assert office.screen.current is office.screen.page(spec.key)
        assert not at(office, shop.household, PapersPage, "papers").new_button.isVisible()


def test_the_file_is_reached_from_the_household_and_left_by_escape(qtbot: QtBot, shop: SmallShop) -> None:
    dress()
    context = Context(shop.desk, Background("data"), Background("long"), ChangeBus(), MachineSettings(), ScaleBridge())
    window = MainWindow(context, registry.SHOP_SCREENS)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.go("households", household=shop.household)
    households = window.current
    assert isinstance(households, HouseholdsScreen)
    qtbot.waitUntil(lambda: households.file is not None and not context.data.busy)
    QTest.keyClick(focus(), KEY.Key_F8)
    qtbot.waitUntil(lambda: isinstance(window.current, SupportScreen) and window.current.head is not None)
    QTest.keyClick(focus(), KEY.Key_Escape)
    assert window.current is households
    assert households.household == shop.household
    qtbot.waitUntil(lambda: not context.data.busy)
    tasks.save_task(shop.desk, TaskForm("Appeler le bailleur", TODAY, shop.household))
    window.go("followup", page="todo")
    followup = window.current
    qtbot.waitUntil(lambda: not context.data.busy)
    QTest.keyClick(focus(), KEY.Key_Return)
    qtbot.waitUntil(lambda: isinstance(window.current, SupportScreen) and not context.data.busy)
    QTest.keyClick(focus(), KEY.Key_Escape)
    assert window.current is followup, "one goes back where one came from"
    qtbot.waitUntil(lambda: not context.data.busy)
    window.close()
    window.deleteLater()
    context.data.stop()
    context.long.stop()


def test_an_accompaniment_is_opened_by_the_keyboard_and_a_refusal_loses_nothing(enter: Enter, shop: SmallShop) -> None:
    with enter(shop.desk) as office:
        page = at(office, shop.household, OrientationPage, "orientation")
        asked(office, page, KEY.Key_F3)
        fill("", "", "18/11/2026", "", "Facture, n° 2 85 03 15 187 042 33")
        QTest.keyClick(focus(), KEY.Key_F12)
        office.idle()
        assert page.dialog is not None
        assert "sécurité sociale" in page.dialog.error.text  # type: ignore[attr-defined]
        type_in("")
        QTest.keyClick(focus(), KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
        type_in("Facture d'énergie")
        answered(office, page)
        read = pages.orientation_page(shop.desk, shop.household)
        assert (read.reason, read.referred_on) == ("Facture d'énergie", TODAY - timedelta(days=2))
        assert "Facture d'énergie" in page.facts.texts
        assert office.screen.head is not None
        assert office.screen.head.file == read.file


def test_debts_are_noted_changed_and_taken_off(enter: Enter, shop: SmallShop) -> None:
    a_file(shop)
    with enter(shop.desk) as office:
        page = at(office, shop.household, BudgetPage, "budget")
        asked(office, page, KEY.Key_F4)
        fill("Bailleur", "420", "35")
        answered(office, page)
        asked(office, page, KEY.Key_F6)
        fill("", "385")
        answered(office, page)
        assert [(d.creditor, d.owed_cents, d.monthly_cents) for d in pages.budget_page(shop.desk, shop.household).debts] == [
            ("Bailleur", 385_00, 35_00)
        ]  # fmt: skip
        asked(office, page, KEY.Key_F7)
        answered(office, page)
        assert pages.budget_page(shop.desk, shop.household).debts == ()


def test_the_debts_of_the_study_are_taken_into_the_file_by_one_key(enter: Enter, shop: SmallShop) -> None:
    rule = decide.adopt_ruleset(shop.desk, ruleset_text("reste-a-vivre"))
    decide.record_assessment(shop.desk, shop.household, said_of(shop, rule), SAID)
    opened_file = a_file(shop)
    with enter(shop.desk) as office:
        page = at(office, shop.household, BudgetPage, "budget")
        assert "une dette qui n" in page.take_words.text()
        assert "Régie de l" in page.take_words.text()
        asked(office, page, KEY.Key_F8)
        answered(office, page)
        read = pages.budget_page(shop.desk, shop.household)
        assert [(d.owed_cents, d.monthly_cents) for d in read.debts] == [(180_00, 15_00)]
        assert (read.file, read.stated) == (opened_file, ())
        office.until(lambda: not page.take_button.isVisible())


def test_a_project_its_payments_and_what_stayed_in_the_budget(enter: Enter, shop: SmallShop) -> None:
    a_file(shop)
    receipt = sold(shop, a_basket(shop))
    with enter(shop.desk) as office:
        page = at(office, shop.household, ProjectsPage, "projects")
        asked(office, page, KEY.Key_F3)
        fill("Solder la facture", "", "EDF", "200", "", "31/01/2027")
        answered(office, page)
        asked(office, page, KEY.Key_F9)
        fill("50")
        answered(office, page)
        (row,) = page.table.rows_model.rows
        assert (row.paid_cents, row.target_cents) == (50_00, 200_00)
        assert page.table.rows_model.text_at(0, 4) == "25\u00a0%"
        stayed = page.stayed.accessibleName()
        assert "estimation" in stayed
        assert f"{(receipt.shelf_cents - receipt.paid_cents) / 100:.2f}".replace(".", ",") in stayed
        asked(office, page, KEY.Key_F7)
        answered(office, page)
        assert page.table.rows_model.rows[0].paid_cents == 0
        assert page.payments.rows_model.rows[0].cancelled_on == TODAY
        asked(office, page, KEY.Key_F6)
        QTest.keyClick(focus(), KEY.Key_Down)
        answered(office, page)
        assert page.table.rows_model.rows[0].state is ObjectiveState.REACHED


def test_a_payment_noted_after_a_new_project_goes_to_that_project(enter: Enter, shop: SmallShop) -> None:
    a_file(shop)
    projects.save_objective(shop.desk, shop.household, ObjectiveForm(ObjectiveKind.BILL, "Solder la facture", TODAY))
    with enter(shop.desk) as office:
        page = at(office, shop.household, ProjectsPage, "projects")
        asked(office, page, KEY.Key_F3)
        fill("Passer le permis", "", "", "", "", "15/2")
        answered(office, page)
        asked(office, page, KEY.Key_F9)
        fill("50")
        answered(office, page)
        assert {r.label: (r.paid_cents, r.due_on) for r in page.table.rows_model.rows} == {
            "Passer le permis": (50_00, date(2027, 2, 15)), "Solder la facture": (0, None),
        }  # fmt: skip


def test_after_a_question_the_arrows_still_walk_the_pages_or_the_list(enter: Enter, shop: SmallShop) -> None:
    a_file(shop)
    with enter(shop.desk) as office:
        page = at(office, shop.household, OrientationPage, "orientation")
        office.screen.list.setFocus()
        asked(office, page, KEY.Key_F3)
        QTest.keyClick(focus(), KEY.Key_Escape)
        back(office)
        QTest.keyClick(focus(), KEY.Key_Down)
        assert isinstance(office.screen.current, BudgetPage)
        projects_page = at(office, shop.household, ProjectsPage, "projects")
        asked(office, projects_page, KEY.Key_F3)
        fill("Passer le permis")
        answered(office, projects_page)
        assert focus() is projects_page.table, "its first line is there to be walked"


def test_words_typed_in_a_question_are_lost_only_by_a_second_escape(enter: Enter, shop: SmallShop) -> None:
    a_file(shop)
    with enter(shop.desk) as office:
        page = at(office, shop.household, EndingPage, "ending")
        dialog = asked(office, page, KEY.Key_F3)
        assert isinstance(dialog, SupportDialog)
        fill("", "", "", "Le loyer est repris.")
        QTest.keyClick(focus(), KEY.Key_Escape)
        assert page.dialog is dialog
        assert "Échap encore" in dialog.error.text
        office.idle()
        words = dialog._fields[-1]
        assert words.mapTo(dialog, words.rect().bottomLeft()).y() < dialog.error.y(), "the text keeps its room"
        type_in(" Et la CAF rappelle.")
        QTest.keyClick(focus(), KEY.Key_Escape)
        assert page.dialog is dialog, "what was typed since is told too"
        answered(office, page)
        assert page.reviews.rows_model.rows[0].text == "Le loyer est repris. Et la CAF rappelle."
        asked(office, page, KEY.Key_F3)
        fill("", "", "", "Une erreur")
        QTest.keyClick(focus(), KEY.Key_Escape)
        QTest.keyClick(focus(), KEY.Key_Escape)
        assert page.dialog is None
        assert len(page.reviews.rows_model.rows) == 1


def test_a_contract_is_signed_printed_and_ended(enter: Enter, shop: SmallShop) -> None:
    with enter(replace(shop.desk, social_key=None)) as office:
        page = at(office, shop.household, EngagementsPage, "engagements")
        asked(office, page, KEY.Key_F3)
        answered(office, page)
        (row,) = page.table.rows_model.rows
        assert (row.kind, row.in_force) == (UndertakingKind.CONTRACT, True)
        assert "rendez-vous" in row.note
        office.press(KEY.Key_F9)
        office.until(lambda: isinstance(QApplication.activeWindow(), PdfView))
        view = QApplication.activeWindow()
        assert isinstance(view, PdfView)
        office.until(lambda: view.page is not None)
        assert view.keep.isVisible()
        QTest.keyClick(view, KEY.Key_Escape)
        back(office)
        asked(office, page, KEY.Key_F6)
        answered(office, page)
        assert page.table.rows_model.rows[0].revoked_on == TODAY


def test_a_scan_is_attached_shown_from_memory_and_erased(enter: Enter, shop: SmallShop, tmp_path: Path) -> None:
    picture = tmp_path / "scan.png"
    _picture(900, 1200).save(str(picture))
    paper = papers.record_paper(shop.desk, shop.household, papers.PaperForm(PaperKind.RENT, TODAY))
    with enter(shop.desk) as office:
        page = at(office, shop.household, PapersPage, "papers")
        page.attach(paper, picture)
        office.idle()
        assert papers.scan_of(shop.desk, paper)[0] == picture.read_bytes()
        page.table.setFocus()
        office.press(KEY.Key_F9)
        office.until(lambda: isinstance(page.dialog, ScanView) and page.dialog.page is not None)
        view = page.dialog
        assert isinstance(view, ScanView)
        assert not view.keep.isVisible()
        assert not view.print.isVisible()
        QTest.keyClick(view, KEY.Key_Escape)
        office.until(lambda: page.dialog is None)
        asked(office, page, KEY.Key_F6)
        answered(office, page)
        assert page.table.rows_model.rows == ()
    assert [p.name for p in tmp_path.rglob("*") if "scan" in p.name] == ["scan.png"], "nothing else was written"


def test_a_damaged_scan_is_told_calmly(enter: Enter, shop: SmallShop) -> None:
    papers.record_paper(shop.desk, shop.household, papers.PaperForm(PaperKind.RENT, TODAY), b"%PDF-1.7 cut short")
    with enter(shop.desk) as office:
        page = at(office, shop.household, PapersPage, "papers")
        page.table.setFocus()
        office.press(KEY.Key_F9)
        office.until(lambda: "abîmé" in office.screen.notice.text)
        assert page.dialog is None


def _picture(width: int, height: int) -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    for y in range(height):
        for x in range(0, width, 3):
            made.setPixelColor(x, y, QColor((x * 7) % 256, (y * 13) % 256, (x * y) % 256))
    return made


def _bytes(picture: QImage, kind: str) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, kind)  # type: ignore[call-overload]
    return bytes(data.data())


def test_a_photo_is_made_small_and_what_the_camera_wrote_is_lost() -> None:
    made = small_portrait(_bytes(_picture(1200, 1600), "PNG"))
    assert made.startswith(b"\xff\xd8\xff")
    assert len(made) <= MOST_PORTRAIT_BYTES
    assert b"Exif" not in made
    assert QImage.fromData(made).height() <= 480
    with pytest.raises(BadInput):
        small_portrait(b"not a picture")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_tag_is_found_by_typing_and_erased(enter: Enter, shop: SmallShop) -> None:
    with enter(replace(shop.desk, social_key=None)) as office:
        page = at(office, shop.household, AvoidancePage, "avoidance")
        asked(office, page, KEY.Key_F3)
        type_in("Poisson cru")
        QTest.keyClick(focus(), KEY.Key_F12)
        assert page.dialog is not None
        assert "pas dans la liste" in page.dialog.error.text  # type: ignore[attr-defined]
        QTest.keyClick(focus(), KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
        type_in("lait 1 l")
        answered(office, page)
        assert [t.article_id for t in page.table.rows_model.rows] == [shop.milk]
        asked(office, page, KEY.Key_F6)
        answered(office, page)
        assert page.table.rows_model.rows == ()


def test_a_review_then_the_exit_and_the_file_may_open_again(enter: Enter, shop: SmallShop) -> None:
    a_file(shop)
    with enter(shop.desk) as office:
        page = at(office, shop.household, EndingPage, "ending")
        asked(office, page, KEY.Key_F3)
        fill("", "", "20/01/2027", "Les versements sont tenus.")
        answered(office, page)
        assert [(r.result, r.text) for r in page.reviews.rows_model.rows] == [
            (ReviewResult.ON_TRACK, "Les versements sont tenus.")
        ]
        asked(office, page, KEY.Key_F6)
        dialog = page.dialog
        office.until(lambda: dialog is not None and dialog._armed)  # type: ignore[attr-defined]
        QTest.keyClick(focus(), KEY.Key_F12)
        office.idle()
        assert "Choisissez" in dialog.error.text  # type: ignore[union-attr]
        assert focus() is dialog.code, "the keyboard is on what is missing"  # type: ignore[union-attr]
        QTest.keyClick(focus(), KEY.Key_Down)
        QTest.keyClick(focus(), KEY.Key_Tab)
        QTest.keyClick(focus(), KEY.Key_Down)
        answered(office, page)
        (past,) = page.past.rows_model.rows
        assert past.code is ExitReason.REACHED
        assert not page.exit_button.isEnabled()
    a_file(shop)
    assert support_file(shop.desk, shop.household).head.file is not None


def test_another_household_shows_nothing_of_the_first(enter: Enter, shop: SmallShop) -> None:
    a_file(shop)
    projects.save_objective(
        shop.desk, shop.household, projects.ObjectiveForm(projects.ObjectiveKind.CARE, "Lunettes", TODAY)
    )
    undertakings.add_avoidance(shop.desk, shop.household, undertakings.AvoidanceForm(TODAY, words="Porc"))
    from epicerie_desktop.domain.household import Link
    from epicerie_desktop.services.households import enrol

    other = enrol.save_household(shop.desk, enrol.HouseholdForm((enrol.MemberForm("Roux", "Élodie", Link.HOLDER),)))
    with enter(shop.desk) as office:
        first = at(office, shop.household, ProjectsPage, "projects")
        assert len(first.table.rows_model.rows) == 1
        second = at(office, other, ProjectsPage, "projects")
        assert second is not first
        assert second.table.rows_model.rows == ()
        assert at(office, other, OverviewPage, "overview").reception.texts.count("Porc") == 0
