"""Bringing a copy back before the shop is opened: what is there now is kept beside, under another name, never lost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from epicerie_desktop.services import safeguard
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS, Clock
from epicerie_desktop.support.errors import RuleRefused, Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS, QuestionDialog
from epicerie_desktop.ui.common.layout import FormRow
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.start.secret import SecretField


def choose_copy(parent: QWidget) -> Path | None:
    """Return the copy chosen on a stick or in a folder, None where the person gave up."""
    chosen, _kind = QFileDialog.getOpenFileName(
        parent, _("Choisir la copie à remettre"), str(Path.home()), _("Sauvegardes (*.db)")
    )
    return Path(chosen) if chosen else None


class RestoreDialog(QuestionDialog):
    """Says what will happen, asks the passphrase of the copy; closes once the copy is in place, and only then."""

    def __init__(
        self, parent: QWidget | None, copy: Path, target: Path, clock: Clock, *, armed_after_ms: int = ARMED_AFTER_MS
    ) -> None:
        made = shown.instant(datetime.fromtimestamp(copy.stat().st_mtime, PARIS))
        super().__init__(
            parent, _("Remettre cette copie ?"),
            _("« {name} », écrite le {when}. Ce qui a été saisi depuis n'y est pas. Les données de maintenant ne sont pas effacées : "
              "elles sont gardées à côté, sous un autre nom.").format(name=copy.name, when=made),
            _("Remettre la copie"), _("Ne rien changer"), danger=True, armed_after_ms=armed_after_ms,
        )  # fmt: skip
        self._copy, self._target, self._clock = copy, target, clock
        self._busy = False
        # Turning a passphrase into a key and reading a copy whole takes seconds.
        self._worker = Background("restore")
        self.field = SecretField(self)
        self.notice = Notice("info")
        self.body.addWidget(FormRow(_("Phrase de passe de la copie"), self.field))
        self.body.addWidget(self.notice)
        self.field.setFocus()

    def may_accept(self) -> bool:
        """Bring the copy back, and stay open until it is done."""
        if self._busy:
            return False
        secret = self.field.secret
        if not secret.strip():
            self.field.show_error(_("Tapez la phrase de passe qui ouvrait ces données le jour de la copie."))
            self.field.setFocus()
            return False
        self._set_busy(busy=True)
        copy, target, clock = self._copy, self._target, self._clock
        self._worker.submit(
            self, lambda: safeguard.restore(copy, target, secret, clock), self._on_restored, self._on_failed
        )
        return False

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self.notice.tell("info", _("La copie est relue, puis remise en place…") if busy else "")
        for widget in (self.field, self.no_button, self.yes_button):
            widget.setEnabled(not busy)

    def _on_restored(self, _done: None) -> None:
        self._busy = False
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self._set_busy(busy=False)
        if isinstance(error, Trouble):
            self.notice.tell("warn" if isinstance(error, RuleRefused) else "error", trouble.sentence(error))
        else:
            trouble.show(self, error)
        self.field.setFocus()
        self.field.line.selectAll()

    @Slot()
    def reject(self) -> None:
        """Give up, but not while the copy is being put in place."""
        if not self._busy:
            super().reject()

    def done(self, result: int) -> None:
        """Forget what was typed."""
        self._worker.stop()
        self.field.line.clear()
        super().done(result)
