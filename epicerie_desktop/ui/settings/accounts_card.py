"""Who opens the shop's data: accounts, what each is for, and who reads the support files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.services import accounts
from epicerie_desktop.services.accounts import AccountForm, AccountRow
from epicerie_desktop.services.opening import WrongPassphrase
from epicerie_desktop.services.support.documents import confidentiality_pdf
from epicerie_desktop.support.errors import RuleRefused, Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog, ask_confirm
from epicerie_desktop.ui.common.layout import Card, FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.settings.keys_card import SecretDialog
from epicerie_desktop.ui.start.secret import SecretField

_LINES = 5
"""A shop has few accounts: the list shows so many before it scrolls."""


class AccountDialog(QuestionDialog):
    """Name, role, whether it reads the support files, its passphrase twice, and that of the person who opens it.

    F12 opens the account and closes once it is done: a refusal loses nothing of what was typed. `taken`: names in use.
    """

    def __init__(self, screen: Screen, taken: Iterable[str], *, gives_support: bool) -> None:
        super().__init__(
            screen, _("Nouveau compte"), _("La personne tape elle-même sa phrase de passe : au moins dix caractères, quatre mots par exemple."),
            _("Ouvrir le compte"), _("Ne rien changer"), armed_after_ms=0,
        )  # fmt: skip
        self._screen, self._gives_support = screen, gives_support
        self._taken = {name.casefold() for name in taken}
        self._writing = False
        self.name = QLineEdit()
        self.name.setMaxLength(60)
        self.role = QComboBox()
        for role in (Role.VOLUNTEER, Role.WORKER, Role.SECRETARY, Role.MANAGER):
            self.role.addItem(called(role), role)
        self.support = QCheckBox(_("Lit les dossiers d'accompagnement"))
        self.support.setEnabled(gives_support)
        self.new, self.again, self.mine = SecretField(self), SecretField(self), SecretField(self)
        self.error = Notice("warn")
        for widget in (
            row(FormRow(_("Nom du compte"), self.name), FormRow(_("Rôle"), self.role), spacing=12), self.support,
            FormRow(_("Sa phrase de passe"), self.new), FormRow(_("La même, encore une fois"), self.again),
            FormRow(_("Votre phrase de passe, pour confirmer"), self.mine), self.error,
        ):  # fmt: skip
            if isinstance(widget, QWidget):
                self.body.addWidget(widget)
            else:
                self.body.addLayout(widget)
        self.role.currentIndexChanged.connect(self._on_role_changed)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def form(self) -> AccountForm:
        """Return the account as typed."""
        return AccountForm(self.name.text(), Role(self.role.currentData()), self.new.secret, self.support.isChecked())

    def forget(self) -> None:
        """Empty the three passphrases."""
        for field in (self.new, self.again, self.mine):
            field.line.clear()

    def may_accept(self) -> bool:
        """Ask for what is missing, then open the account and stay open until it is."""
        name = self.name.text().strip()
        if self._writing:
            return False
        if not name:
            self._wrong(self.name, _("Donnez un nom à ce compte : celui de la personne, ou « Bénévoles »."))
        elif name.casefold() in self._taken:
            told = _("Un compte porte déjà le nom « {name} » : choisissez-en un autre.")
            self._wrong(self.name, told.format(name=name))
        elif not self.new.secret:
            self._wrong(self.new, _("La personne tape ici sa phrase de passe."))
        elif self.new.secret != self.again.secret:
            self._wrong(self.again, _("Les deux phrases diffèrent : retapez-les."))
        elif not self.mine.secret:
            self._wrong(self.mine, _("Tapez votre phrase de passe, pour confirmer."))
        else:
            self._writing = True
            self.error.tell("info", _("Un instant…"))
            add = partial(accounts.add_account, self._screen.desk, self.form, self.mine.secret)
            self._screen.context.data.submit(self, add, self._opened, self._refused)
        return False

    def _opened(self, _account: int) -> None:
        self.accept()

    def _refused(self, error: Exception) -> None:
        self._writing = False
        self.error.tell("info", "")
        if isinstance(error, RuleRefused):
            self._wrong(self.mine if isinstance(error, WrongPassphrase) else self.new, trouble.sentence(error))
        else:
            self._screen.on_trouble(error)

    def _wrong(self, field: QWidget, sentence: str) -> None:
        self.error.tell("warn", sentence)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_role_changed(self) -> None:
        self.support.setChecked(self._gives_support and Role(self.role.currentData()).reads_support)


class AccountsCard(Card):
    """The accounts of the shop, and their three gestures."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Comptes"))
        self._screen = screen
        columns: tuple[Column[AccountRow], ...] = (
            Column(_("Nom"), lambda a: a.name),
            Column(_("Rôle"), lambda a: called(a.role), stretch=True),
            Column(_("Dossiers"), _told),
        )
        self.table = RowsTable(columns, lambda a: a.id, name=_("Comptes"), sortable=False)
        self.table.setFixedHeight(52 + 40 * _LINES)
        self.add_button = ActionButton(_("Nouveau compte"), "F3", icon="users")
        self.close_button = ActionButton(_("Fermer ce compte"), icon="lock", kind="quiet")
        self.give_up = ActionButton(_("Ne plus lire l'accompagnement"), icon="lock", kind="quiet")
        self.undertaking = ActionButton(_("Engagement de confidentialité"), icon="printer", kind="quiet")
        self.notice = Notice("info")
        self.add(
            label(_("Chacun ouvre le programme avec sa phrase de passe. Seuls les comptes qui lisent l'accompagnement en ont la clé."), "soft"),
            self.table, row(self.add_button, self.close_button, None), row(self.undertaking, None), row(self.give_up, None), self.notice,
        )  # fmt: skip
        self.table.chosen.connect(self._order)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.close_button.clicked.connect(self._on_close_clicked)
        self.undertaking.clicked.connect(self._on_undertaking)
        self.give_up.clicked.connect(self._on_give_up_clicked)
        self._order()

    def read(self) -> None:
        """Read the accounts again."""
        desk = self._screen.desk
        self._screen.ask(lambda: accounts.list_accounts(desk), self._show, key="accounts")

    def _show(self, rows: tuple[AccountRow, ...]) -> None:
        self.table.set_rows(rows)
        self._order()

    @Slot()
    def _order(self) -> None:
        current = self.table.current
        keeps = Role(self._screen.desk.actor.role).keeps_accounts
        self.add_button.setVisible(keeps)
        self.close_button.setVisible(keeps)
        self.close_button.setEnabled(current is not None and current.active and not current.mine)
        self.give_up.setVisible(self._screen.desk.social_key is not None)

    @Slot()
    def _on_add_clicked(self) -> None:
        taken = (account.name for account in self.table.rows_model.rows)
        dialog = AccountDialog(self._screen, taken, gives_support=self._screen.desk.social_key is not None)
        try:
            if dialog.exec():
                self.tell_opened(dialog.form.name.strip())
        finally:
            dialog.forget()
            dialog.deleteLater()

    def tell_opened(self, name: str) -> None:
        """Say that an account is open, and show it."""
        told = _("Le compte « {name} » est ouvert : il sert dès la prochaine ouverture du programme.")
        self.notice.tell("success", told.format(name=name))
        self.read()

    @Slot()
    def _on_close_clicked(self) -> None:
        current, desk = self.table.current, self._screen.desk
        if current is None or not ask_confirm(
            self.window(), _("Fermer le compte « {name} » ?").format(name=current.name),
            _("Sa phrase de passe n'ouvrira plus ces données. Ce qu'il a fait reste à son nom. Un compte fermé ne se rouvre pas."),
            _("Fermer ce compte"), _("Le garder"), danger=True,
        ):  # fmt: skip
            return
        account, name = current.id, current.name
        self._do(lambda: accounts.close_account(desk, account), _("Le compte « {name} » est fermé.").format(name=name))

    @Slot()
    def _on_undertaking(self) -> None:
        """Show what a volunteer signs; an account of several people leaves the line to be written."""
        current, desk = self.table.current, self._screen.desk
        name = "" if current is None or current.role == Role.VOLUNTEER else current.name
        look_at(
            self._screen, partial(confidentiality_pdf, desk, name), _("Engagement de confidentialité"), _("engagement-de-confidentialite"),
        )  # fmt: skip

    @Slot()
    def _on_give_up_clicked(self) -> None:
        desk = self._screen.desk
        dialog = SecretDialog(
            self.window(), _("Ne plus lire l'accompagnement"),
            _("Votre compte ne verra plus ni montants, ni notes, ni diagnostics. Un autre compte, qui les lit, pourra ouvrir un compte qui les lise."),
            _("Ne plus les lire"), change=False,
        )  # fmt: skip
        try:
            secret = dialog.field.secret if dialog.exec() else ""
        finally:
            dialog.field.line.clear()
            dialog.deleteLater()
        if secret:
            self._do(
                lambda: accounts.give_up_support(desk, secret), _("C'est fait : fermez le programme, puis rouvrez-le.")
            )

    def _do(self, gesture: Callable[[], None], done: str) -> None:
        self.notice.tell("info", _("Un instant…"))

        def ended(_none: None) -> None:
            self.notice.tell("success", done)
            self.read()

        self._screen.context.data.submit(self, gesture, ended, self._failed)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Trouble):
            self.notice.tell("warn" if isinstance(error, RuleRefused) else "error", trouble.sentence(error))
        else:
            self.notice.tell("info", "")
            trouble.show(self, error)


def _told(account: AccountRow) -> str:
    if not account.active:
        return _("Compte fermé")
    return _("Les lit") if account.social else "–"
