"""What opens the data: a new recovery code, another passphrase."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.services import opening
from epicerie_desktop.support.errors import RuleRefused, Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS, QuestionDialog
from epicerie_desktop.ui.common.layout import Card, FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.start.recovery import RecoveryDialog
from epicerie_desktop.ui.start.secret import SecretField


class SecretDialog(QuestionDialog):
    """Asks the passphrase again, and the new one twice where it is to be changed."""

    def __init__(
        self, parent: QWidget | None, title: str, text: str, yes: str, *, change: bool, armed_after_ms: int = ARMED_AFTER_MS
    ) -> None:  # fmt: skip
        super().__init__(parent, title, text, yes, _("Ne rien changer"), armed_after_ms=armed_after_ms)
        self._change = change
        self.field, self.new, self.again = SecretField(self), SecretField(self), SecretField(self)
        self.body.addWidget(FormRow(_("Phrase de passe actuelle"), self.field))
        for title_of, field in ((_("Nouvelle phrase de passe"), self.new), (_("La même, encore une fois"), self.again)):
            asked = FormRow(title_of, field)
            self.body.addWidget(asked)
            asked.setVisible(change)
        self.field.setFocus()

    def may_accept(self) -> bool:
        """Ask for what is missing, beside its field."""
        if not self.field.secret:
            return self._wrong(self.field, _("Tapez la phrase de passe de l'épicerie."))
        if self._change and not self.new.secret:
            return self._wrong(self.new, _("Tapez la nouvelle phrase de passe."))
        if self._change and self.new.secret != self.again.secret:
            return self._wrong(self.again, _("Les deux phrases diffèrent : retapez-les."))
        return True

    @staticmethod
    def _wrong(field: SecretField, sentence: str) -> bool:
        field.show_error(sentence)
        field.setFocus()
        return False


class KeysCard(Card):
    """Two gestures, and what came of them."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Ouverture des données"))
        self._screen = screen
        self.dialog: RecoveryDialog | None = None
        self.renew = ActionButton(_("Nouveau code de secours"), icon="key-round")
        self.change = ActionButton(_("Changer la phrase de passe"), icon="lock")
        self.notice = Notice("info")
        self.add(
            label(_("À refaire quand la feuille du code est perdue, ou quand une personne s'en va."), "soft"),
            row(self.renew, None),
            row(self.change, None),
            self.notice,
        )
        self.renew.clicked.connect(self._on_renew_clicked)
        self.change.clicked.connect(self._on_change_clicked)

    @Slot()
    def _on_renew_clicked(self) -> None:
        secret, _new = self._asked(
            _("Nouveau code de secours"), _("L'ancien code n'ouvrira plus ces données. Les copies déjà faites gardent le leur."),
            _("Faire un nouveau code"), change=False,
        )  # fmt: skip
        if secret:
            self.renew_with(secret)

    def renew_with(self, secret: str) -> None:
        """Make the new code on the long thread, then show it."""
        desk = self._screen.desk
        self._busy(busy=True)
        self._screen.context.long.submit(
            self, lambda: opening.renew_recovery_code(desk, secret), self._show_code, self._failed
        )

    def _show_code(self, code: str) -> None:
        self._busy(busy=False)
        desk = self._screen.desk
        today, worker = desk.clock.today(), self._screen.context.long
        self.dialog = RecoveryDialog(self.window(), worker, today, desk.shop.name, code)
        self.dialog.accepted.connect(self._on_noted)
        self.dialog.setModal(True)
        self.dialog.open()

    @Slot()
    def _on_noted(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self.notice.tell("success", _("Le nouveau code de secours remplace l'ancien : détruisez l'ancienne feuille."))

    @Slot()
    def _on_change_clicked(self) -> None:
        secret, new = self._asked(
            _("Changer la phrase de passe"), _("Au moins dix caractères : quatre mots sans rapport se retiennent bien. Le code de secours ne change pas."),
            _("Changer la phrase"), change=True,
        )  # fmt: skip
        if secret:
            self.change_to(secret, new)

    def change_to(self, secret: str, new: str) -> None:
        """Change the passphrase on the long thread, and say what came of it."""
        desk = self._screen.desk
        self._busy(busy=True)
        self._screen.context.long.submit(
            self, lambda: opening.change_passphrase(desk, secret, new), self._changed, self._failed
        )

    def _changed(self, _none: None) -> None:
        self._busy(busy=False)
        self.notice.tell(
            "success", _("La phrase de passe est changée. Les copies déjà faites s'ouvrent avec l'ancienne.")
        )

    def _asked(self, title: str, text: str, yes: str, *, change: bool) -> tuple[str, str]:
        dialog = SecretDialog(self.window(), title, text, yes, change=change)
        try:
            return (dialog.field.secret, dialog.new.secret) if dialog.exec() else ("", "")
        finally:
            for field in (dialog.field, dialog.new, dialog.again):
                field.line.clear()
            dialog.deleteLater()

    def _busy(self, *, busy: bool) -> None:
        self.notice.tell("info", _("Un instant…") if busy else "")
        for button in (self.renew, self.change):
            button.setEnabled(not busy)

    def _failed(self, error: Exception) -> None:
        self._busy(busy=False)
        if isinstance(error, Trouble):
            self.notice.tell("warn" if isinstance(error, RuleRefused) else "error", trouble.sentence(error))
        else:
            trouble.show(self, error)
