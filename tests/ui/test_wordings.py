from __future__ import annotations

from PIL import Image
from PySide6.QtCore import Qt

from epicerie_desktop.domain.wording_around import TEMPLATES
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.services import wordings
from epicerie_desktop.services.wordings import WordingRow
from epicerie_desktop.ui.pdf_view import PdfView
from epicerie_desktop.ui.settings.papers_card import WordingsDialog
from epicerie_desktop.ui.settings.screen import SettingsScreen
from tests.ui.dialogs import answer
from tests.ui.opened import Opened, focus, opened, type_in


def words_of(o: Opened[SettingsScreen]) -> WordingsDialog:
    o.idle()
    o.press(Qt.Key.Key_F7)
    dialog = o.screen.findChild(WordingsDialog)
    assert dialog is not None
    o.show(dialog)
    o.idle()
    return dialog


def kept(desk, kind: WordingKind) -> WordingRow:
    return next(r for r in wordings.wordings_of(desk) if r.kind is kind)


def test_the_words_of_a_paper_are_changed_by_the_keyboard_alone(qtbot, desk):
    with opened(qtbot, desk, SettingsScreen) as o:
        dialog = words_of(o)
        assert focus() is dialog.papers
        o.press(*[Qt.Key.Key_Down] * list(TEMPLATES).index(WordingKind.TICKET))
        assert dialog.chosen == (WordingKind.TICKET, "fr")
        o.press(Qt.Key.Key_Tab, Qt.Key.Key_Tab)
        assert focus() is dialog.edit
        dialog.edit.selectAll()
        type_in("Merci de ")
        o.press(Qt.Key.Key_F5)
        assert dialog.edit.toPlainText() == "Merci de {épicerie}"
        o.press(Qt.Key.Key_F12)
        assert "enregistré" in dialog.notice.text
        assert kept(desk, WordingKind.TICKET).own == "Merci de {épicerie}"
        o.press(Qt.Key.Key_F8, Qt.Key.Key_F12)
        assert kept(desk, WordingKind.TICKET).own == ""
        o.press(Qt.Key.Key_Escape)


def test_a_word_that_is_no_field_is_told_and_nothing_is_lost(qtbot, desk):
    with opened(qtbot, desk, SettingsScreen) as o:
        dialog = words_of(o)
        dialog.edit.setPlainText("{nom} et {autre}")
        o.press(Qt.Key.Key_F12)
        assert "{autre}" in dialog.notice.text
        assert dialog.edit.toPlainText() == "{nom} et {autre}"
        assert kept(desk, WordingKind.CONTRACT).own == ""
        answer("no_button")
        o.press(Qt.Key.Key_Escape)
        assert dialog.isVisible()
        o.show(dialog)
        answer("no_button")
        dialog.papers.setCurrentRow(3)
        assert dialog.chosen[0] is WordingKind.CONTRACT
        answer("yes_button")
        dialog.reject()
        assert not dialog.isVisible()


def test_the_paper_is_seen_before_it_is_kept(qtbot, desk):
    with opened(qtbot, desk, SettingsScreen) as o:
        dialog = words_of(o)
        o.press(Qt.Key.Key_F9)
        o.until(lambda: o.screen.findChild(PdfView) is not None)
        view = o.screen.findChild(PdfView)
        assert view is not None
        o.until(lambda: view.page is not None)
        view.close()
        o.show(dialog)
        dialog.reject()


def test_a_logo_is_chosen_shown_and_taken_off(qtbot, desk, tmp_path):
    Image.new("RGB", (200, 100), "teal").save(tmp_path / "logo.png")
    (tmp_path / "note.txt").write_text("rien", encoding="utf-8")
    with opened(qtbot, desk, SettingsScreen) as o:
        card = o.screen.papers
        card.keep_logo(tmp_path / "logo.png")
        o.until(lambda: bool(o.screen.desk.shop.logo))
        o.idle()
        assert card.picture.isVisibleTo(card)
        card.keep_logo(tmp_path / "note.txt")
        o.idle()
        assert "PNG" in card.notice.text
        assert o.screen.desk.shop.logo
        card.remove.click()
        o.until(lambda: not o.screen.desk.shop.logo)
        assert card.remove.isHidden()


def test_the_window_of_the_words_fits_the_smallest_screen(qtbot, desk):
    with opened(qtbot, desk, SettingsScreen) as o:
        dialog = words_of(o)
        assert dialog.minimumSizeHint().width() <= 1340
        assert dialog.minimumSizeHint().height() <= 720
        dialog.reject()
