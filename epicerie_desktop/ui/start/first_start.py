"""The first start: what this file is for, who opens it, then the recovery code, which must be proven noted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QProgressBar,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from epicerie_desktop.domain.card import MOST_POST
from epicerie_desktop.domain.shop_code import checked_shop_code
from epicerie_desktop.services import opening
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.opening import COORDINATOR, SHOP, NewShop
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.errors import RuleRefused, Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme, trouble
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted, ask_confirm
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.fitting import grow, scrolled
from epicerie_desktop.ui.start.recovery import RecoveryPage
from epicerie_desktop.ui.start.secret import SecretField

FILE_NAMES = {SHOP: "epicerie.db", COORDINATOR: "coordination.db"}
_RULESET = "reste-a-vivre"
Create = Callable[[Path, NewShop, str, Clock], str]


@dataclass(frozen=True, slots=True)
class Made:
    """What the first page made: the file, the shop's name and the recovery code."""

    path: Path
    name: str
    code: str


def make_file(path: Path, shop: NewShop, passphrase: str, clock: Clock, create: Create) -> Made:
    """Make a file ready to work: a shop has its families of products and an example règlement. Raises as `create_shop` does."""
    code = create(path, shop, passphrase, clock)
    if shop.kind == SHOP:
        desk = opening.open_desk(path, passphrase, clock)
        try:
            catalogue.add_default_families(desk)
            decide.adopt_ruleset(desk, ruleset_text(_RULESET))
        finally:
            desk.db.close()
    return Made(path, shop.name, code)


class FirstStartDialog(QDialog):
    """`created` is the file made and the passphrase that opens it, None where nothing was made."""

    def __init__(
        self,
        folder: Path,
        clock: Clock | None = None,
        parent: QWidget | None = None,
        *,
        create: Create = opening.create_shop,
    ) -> None:
        super().__init__(parent)
        self.created: tuple[Path, str] | None = None
        self._folder, self._clock, self._create = folder, clock or Clock(), create
        self._made: Made | None = None
        self._worker = Background("first-start")
        self.setWindowTitle(_("Première ouverture"))
        self.setMinimumWidth(620)
        self._fields()
        self.notice = Notice("warn")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Création en cours"))
        self.bar.hide()
        self.custodian = ActionButton(_("Je suis dépositaire de la clé de comptage"), icon="key-round", kind="quiet")
        self.leave = ActionButton(_("Quitter"), "Esc")
        self.go_on = ActionButton(_("Créer"), "F12", "check", "primary")
        self.pages = QStackedWidget()
        self.pages.addWidget(scrolled(self._identity_page()))
        self.code_page = RecoveryPage(self._worker, self._clock.today())
        self.last = self.code_page.last
        self.pages.addWidget(self.code_page)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(32, 24, 32, 20)
        lines.setSpacing(12)
        lines.addWidget(self.pages, 1)
        lines.addWidget(self.notice)
        lines.addWidget(self.bar)
        lines.addLayout(row(self.custodian, None))
        lines.addLayout(row(None, self.leave, self.go_on))
        self.leave.clicked.connect(self.reject)
        self.custodian.clicked.connect(self._on_custodian_clicked)
        self.go_on.clicked.connect(self._on_go_on)
        self._on_kind_changed()
        self.resize(round(680 * theme.tokens().scale), 700)
        self.name.setFocus()

    def _fields(self) -> None:
        self.shop = QRadioButton(_("Une épicerie : elle accueille des foyers"))
        self.coordination = QRadioButton(_("La coordination d'un contrat : elle additionne les épiceries"))
        self.shop.setChecked(True)
        self._kinds = QButtonGroup(self)
        for button in (self.shop, self.coordination):
            self._kinds.addButton(button)
        self.name, self.code, self.account = (
            FieldFrame(message=False),
            FieldFrame(message=False),
            FieldFrame(message=False),
        )
        self.code.line.setMaxLength(6)
        self.passphrase, self.again = SecretField(), SecretField()
        self.name_row = FormRow("", self.name)
        self.code_row = FormRow("", self.code)
        self.post = QComboBox()
        self.post.addItems([str(n) for n in range(1, MOST_POST + 1)])
        self.post.setMinimumWidth(round(84 * theme.tokens().scale))
        self.post.setToolTip(
            _("1 pour le premier ordinateur de l'épicerie ; un second, avec son propre fichier, porte un autre numéro.")
        )
        self.post_row = FormRow(_("Poste n°"), self.post)
        self._kinds.buttonToggled.connect(self._on_kind_changed)

    def _identity_page(self) -> QWidget:
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, 8, 0)
        lines.setSpacing(12)
        lines.addWidget(label(_("Bienvenue"), "title"))
        lines.addWidget(label(_("Que tiendrez-vous sur cet ordinateur ?"), "strong"))
        lines.addWidget(self.shop)
        lines.addWidget(self.coordination)
        names = row(spacing=12)
        names.addWidget(self.name_row, 3)
        names.addWidget(self.code_row, 2)
        names.addWidget(self.post_row, 1)
        lines.addLayout(names)
        lines.addWidget(FormRow(_("Votre nom"), self.account))
        lines.addWidget(
            label(_("La phrase de passe protège toutes les données. Au moins dix caractères : quatre mots sans rapport se retiennent bien."), "soft")
        )  # fmt: skip
        secrets = row(
            FormRow(_("Phrase de passe"), self.passphrase),
            FormRow(_("La même, encore une fois"), self.again),
            spacing=12,
        )
        lines.addLayout(secrets)
        return page

    @Slot()
    def _on_custodian_clicked(self) -> None:
        from epicerie_desktop.ui.start.custodian import CustodianDialog

        accepted(CustodianDialog(self, self._clock.today()))

    @property
    def kind(self) -> str:
        """Return `SHOP` or `COORDINATOR`, as chosen."""
        return COORDINATOR if self.coordination.isChecked() else SHOP

    @property
    def recovery_code(self) -> str:
        """Return the recovery code shown, empty before it is made."""
        return self._made.code if self._made else ""

    @Slot()
    def _on_kind_changed(self) -> None:
        shop = self.kind == SHOP
        self.name_row.label.setText(_("Nom de l'épicerie") if shop else _("Nom de la coordination"))
        self.code_row.label.setText(_("Code, de 2 à 6 signes"))
        self.post_row.setVisible(shop)
        self.code.line.setPlaceholderText("SF01" if shop else "COORD")
        for field, name in ((self.name, self.name_row), (self.code, self.code_row)):
            field.setAccessibleName(name.label.text())

    @Slot()
    def _on_go_on(self) -> None:
        if self._made is None:
            self._start()
        else:
            self._finish()

    def _start(self) -> None:
        self.notice.tell("warn", "")
        if self.passphrase.secret != self.again.secret:
            self.again.show_error(_("Les deux phrases diffèrent : retapez-les."))
            self.again.setFocus()
            return
        post = self.post.currentIndex() + 1 if self.kind == SHOP else 1
        shop = NewShop(self.name.text, self.code.text, self.account.text, kind=self.kind, post=post)
        path, secret = self._folder / FILE_NAMES[self.kind], self.passphrase.secret
        clock, create = self._clock, self._create
        self._set_busy(busy=True)
        self._worker.submit(self, lambda: make_file(path, shop, secret, clock, create), self._show_code, self._refused)

    def _set_busy(self, *, busy: bool) -> None:
        self.bar.setVisible(busy)
        for widget in (self.pages, self.go_on, self.leave):
            widget.setEnabled(not busy)

    def _refused(self, error: Exception) -> None:
        self._set_busy(busy=False)
        if not isinstance(error, Trouble):
            trouble.show(self, error)
            return
        self.notice.tell("warn" if isinstance(error, RuleRefused) else "error", trouble.sentence(error))
        grow(self)
        self._to_mend().setFocus()

    def _to_mend(self) -> FieldFrame:
        """Return the field a refusal names: they are checked again in the order in which the service checks them."""
        if not self.name.text:
            return self.name
        for field, check in ((self.account, opening.checked_account), (self.code, checked_shop_code)):
            try:
                check(field.text)
            except RuleRefused:
                return field
        return self.passphrase

    def _show_code(self, made: Made) -> None:
        self._set_busy(busy=False)
        self._made = made
        self.pages.setCurrentIndex(1)
        self.code_page.show_code(made.name, made.code)
        self.go_on.set_text(_("Commencer"))
        # The file exists: leaving now would lose the only moment its code is shown.
        self.leave.hide()
        self.custodian.hide()

    def _finish(self) -> None:
        made = self._made
        assert made is not None
        if not self.code_page.proven():
            return
        self.created = (made.path, self.passphrase.secret)
        self.accept()

    def reject(self) -> None:
        """Give up, unless a file was just made: its code must first be noted. A form already filled is asked about."""
        if self._made is not None or not self.go_on.isEnabled():
            return
        filled = any(f.text for f in (self.name, self.code, self.account, self.passphrase))
        if not filled or ask_confirm(
            self, _("Quitter sans rien créer ?"), _("Ce que vous avez tapé sera perdu."), _("Quitter"), _("Continuer à remplir"),
        ):  # fmt: skip
            super().reject()

    def done(self, result: int) -> None:
        """End the worker, and forget what was typed."""
        self._worker.stop()
        for field in (self.passphrase, self.again):
            field.line.clear()
        super().done(result)
