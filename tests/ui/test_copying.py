from __future__ import annotations

import json

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from epicerie_desktop.services.subject_file import subject_copy
from epicerie_desktop.ui.pdf_view import PdfView
from epicerie_desktop.ui.settings.screen import SettingsScreen
from epicerie_desktop.ui.support.copying import CopyDialog
from tests.services.conftest import furnished_small_shop, small_shop  # noqa: F401
from tests.ui.opened import opened


def test_the_copy_is_shown_then_kept_as_a_file_by_the_keyboard(qtbot, small_shop, tmp_path, monkeypatch):  # noqa: F811
    target = tmp_path / "copie.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), ""))
    with opened(qtbot, small_shop.desk, SettingsScreen) as o:
        o.idle()
        dialog = CopyDialog(o.screen, lambda: subject_copy(small_shop.desk, small_shop.household))
        o.show(dialog)
        o.press(Qt.Key.Key_F12)
        o.until(lambda: o.screen.findChild(PdfView) is not None)
        view = o.screen.findChild(PdfView)
        assert view is not None
        o.until(lambda: view.page is not None)
        view.close()
        o.show(dialog)
        dialog.file_button.setFocus()
        o.press(Qt.Key.Key_F9)
        o.until(target.exists)
        o.idle()
        assert "household_member" in json.loads(target.read_text("utf-8"))["tables"]
        dialog.reject()
