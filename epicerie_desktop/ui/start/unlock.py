"""Opening the shop's file: one field, one button, and the recovery code for the day the passphrase is lost."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QComboBox, QDialog, QProgressBar, QVBoxLayout, QWidget

from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.errors import RuleRefused, Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.fitting import grow
from epicerie_desktop.ui.start.secret import SecretField


class UnlockDialog(QDialog):
    """`desk` is the open desk once the dialog is accepted, None where the person gave up."""

    def __init__(
        self, path: Path, clock: Clock | None = None, parent: QWidget | None = None, *, account: str = ""
    ) -> None:
        super().__init__(parent)
        self.desk: Desk | None = None
        self._path, self._clock = path, clock
        self._recovering = False
        # Turning a passphrase into a key takes a second on purpose: never on the window's thread.
        self._worker = Background("unlock")
        self.setWindowTitle(_("Ouvrir l'épicerie"))
        self.setMinimumWidth(520)
        names = opening.account_names(path)
        self.who = QComboBox()
        self.who.addItems(names)
        self.who.setCurrentIndex(max(0, self.who.findText(account)))
        self.who_row = FormRow(_("Qui ouvre ?"), self.who)
        self._several = len(names) > 1
        self.field = SecretField()
        self.field_row = FormRow(_("Phrase de passe"), self.field)
        self.hint = label("", "soft")
        self.notice = Notice("warn")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Ouverture en cours"))
        self.other = ActionButton("", icon="key-round", kind="quiet")
        self.restore = ActionButton(_("Remettre une copie…"), icon="history", kind="quiet")
        self.custodian = ActionButton(_("Je suis dépositaire de la clé de comptage"), icon="key-round", kind="quiet")
        self.leave = ActionButton(_("Quitter"), "Esc")
        self.open_button = ActionButton(_("Ouvrir"), "F12", "lock", "primary")
        lines = QVBoxLayout(self)
        lines.setContentsMargins(32, 28, 32, 24)
        lines.setSpacing(12)
        lines.addWidget(label(_("Ouvrir l'épicerie"), "title"))
        lines.addWidget(self.hint)
        lines.addWidget(self.who_row)
        lines.addWidget(self.field_row)
        lines.addWidget(self.notice)
        lines.addWidget(self.bar)
        lines.addLayout(row(self.other, None))
        lines.addLayout(row(self.restore, None))
        lines.addLayout(row(self.custodian, None))
        lines.addSpacing(8)
        lines.addLayout(row(None, self.leave, self.open_button))
        for before, after in (
            (self.who, self.field.line), (self.field.line, self.open_button), (self.open_button, self.other), (self.other, self.restore),
            (self.restore, self.custodian), (self.custodian, self.leave),
        ):  # fmt: skip
            QWidget.setTabOrder(before, after)
        self.field.submitted.connect(self._on_open)
        self.field.changed.connect(self._on_changed)
        self.open_button.clicked.connect(self._on_open)
        self.other.clicked.connect(self._on_other_clicked)
        self.restore.clicked.connect(self._on_restore_clicked)
        self.custodian.clicked.connect(self._on_custodian_clicked)
        self.leave.clicked.connect(self.reject)
        self._ask_for(recovering=False)
        self._set_busy(busy=False)

    def _ask_for(self, *, recovering: bool) -> None:
        self._recovering = recovering
        self.who_row.setVisible(self._several and not recovering)
        self.field_row.label.setText(_("Code de secours") if recovering else _("Phrase de passe"))
        self.field.setAccessibleName(self.field_row.label.text())
        self.hint.setText(
            _("Le code est sur la feuille mise sous enveloppe : sept groupes de quatre signes. Majuscules, espaces et tirets ne comptent pas.")
            if recovering
            else _("Vérifiez le nom, tapez votre phrase de passe, puis Entrée.")
            if self._several
            else _("Tapez la phrase de passe de cette épicerie, puis Entrée.")
        )  # fmt: skip
        self.other.set_text(
            _("Revenir à la phrase de passe") if recovering else _("Phrase de passe perdue : code de secours")
        )
        self.field.clear()
        self.field.show_typed(recovering)
        self.notice.tell("warn", "")
        self.field.setFocus()

    def _set_busy(self, *, busy: bool) -> None:
        self.bar.setVisible(busy)
        for widget in (self.who, self.field, self.open_button, self.other, self.restore):
            widget.setEnabled(not busy)

    @Slot()
    def _on_changed(self) -> None:
        if self.notice.text:
            self.notice.tell("warn", "")

    @Slot()
    def _on_other_clicked(self) -> None:
        self._ask_for(recovering=not self._recovering)
        grow(self)

    @Slot()
    def _on_custodian_clicked(self) -> None:
        from epicerie_desktop.ui.start.custodian import CustodianDialog

        accepted(CustodianDialog(self, (self._clock or Clock()).today()))

    @Slot()
    def _on_restore_clicked(self) -> None:
        from epicerie_desktop.ui.start.restoring import choose_copy

        copy = choose_copy(self)
        if copy is not None:
            self.restore_from(copy)

    def restore_from(self, copy: Path) -> None:
        """Ask whether a copy comes back in the place of the file; once it has, its passphrase is asked."""
        from epicerie_desktop.ui.start.restoring import RestoreDialog

        if not accepted(RestoreDialog(self, copy, self._path, self._clock or Clock())):
            return
        names = opening.account_names(self._path)
        self.who.clear()
        self.who.addItems(names)
        self._several = len(names) > 1
        self._ask_for(recovering=False)
        self.notice.tell(
            "success",
            _("La copie est en place. Les données d'avant sont gardées à côté. Tapez la phrase de passe de la copie."),
        )
        grow(self)

    @Slot()
    def _on_open(self) -> None:
        secret, path, clock = self.field.secret, self._path, self._clock
        if not self.field.isEnabled():
            return
        if not secret.strip():
            self.field.show_error(
                _("Tapez le code de secours.") if self._recovering else _("Tapez la phrase de passe.")
            )
            self.field.setFocus()
            return
        self._set_busy(busy=True)
        account = self.who.currentText() if self._several and not self._recovering else None
        self._worker.submit(
            self, lambda: opening.open_desk(path, secret, clock, account=account), self._opened, self._refused
        )

    def _opened(self, desk: Desk) -> None:
        self.desk = desk
        self.accept()

    def _refused(self, error: Exception) -> None:
        self._set_busy(busy=False)
        if not isinstance(error, Trouble):
            trouble.show(self, error)
            return
        self.notice.tell("warn" if isinstance(error, RuleRefused) else "error", self._told(error))
        grow(self)
        self.field.setFocus()
        self.field.line.selectAll()

    def _told(self, error: Trouble) -> str:
        """Return the sentence of a refusal: of several accounts, the wrong one chosen is the likeliest."""
        if isinstance(error, opening.WrongPassphrase) and self._several and not self._recovering:
            return _("Cette phrase de passe n'est pas celle de « {name} ». Vérifiez le nom, puis les majuscules, et recommencez.").format(
                name=self.who.currentText()
            )  # fmt: skip
        return trouble.sentence(error)

    def done(self, result: int) -> None:
        """Let the opening in hand end, and close what it opened if the person gave up meanwhile."""
        self._worker.stop()
        self.field.line.clear()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close as « Quitter » does."""
        event.accept()
        self.reject()
