"""The questions of the households' screen: arrival and departure, a new referrer, a card from elsewhere, changes not saved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from epicerie_desktop.domain.card import CardNumber, CardOrigin, belongs, parse_card
from epicerie_desktop.domain.household import checked_name
from epicerie_desktop.services.desk import ShopCard
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog, asked_of
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.households.parts import EnterGoesOn, Labelled


class FormDialog(QuestionDialog):
    """A short form: its fields, what is wrong beneath, then the two verbs. Escape changes nothing."""

    def __init__(self, title: str, verb: str, parent: QWidget | None, text: str = "") -> None:
        super().__init__(parent, title, text, verb, _("Ne rien changer"), armed_after_ms=0)
        self.error = Notice("error")
        self.writer: Callable[[], None] | None = None
        """What writes the form; it then stays open until `written`, and a refusal by the service loses nothing."""
        self.made: object = None
        self._writing = False

    def check(self) -> None:
        """Raise `BadInput` when the form cannot be taken as it is, the field concerned having the keyboard (`asked_of`)."""

    def may_accept(self) -> bool:
        """Say what is wrong, if anything is, and keep what was typed."""
        try:
            self.check()
        except BadInput as refusal:
            self.error.tell("error", str(refusal))
            return False
        self.error.tell("error", "")
        if self.writer is None:
            return True
        if not self._writing:
            self._writing = True
            self.writer()
        return False

    def written(self, made: object) -> None:
        """Close: it is written; `made` is what the service returned."""
        self.made = made
        self.accept()

    def refused(self, sentence: str) -> None:
        """Tell why it is not written, what was typed being kept; an empty sentence lets it be tried again."""
        self._writing = False
        self.error.tell("error", sentence)


class ReferrerDialog(FormDialog):
    """A new person who refers households: name, service, telephone."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(_("Nouveau prescripteur"), _("Ajouter"), parent)
        self.name, self.organisation, self.phone = QLineEdit(), QLineEdit(), QLineEdit()
        for text, field in (
            (_("Nom de la personne"), self.name),
            (_("Service ou organisme"), self.organisation),
            (_("Téléphone"), self.phone),
        ):
            field.setMaxLength(80)
            self.body.addWidget(Labelled(text, field))
        self.body.addWidget(self.error)
        EnterGoesOn(self).watch(self.name, self.organisation, self.phone)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def check(self) -> None:
        """Refuse an empty name."""
        with asked_of(self.name):
            checked_name(self.name.text(), N_("nom du prescripteur"))


class ForeignCardDialog(FormDialog):
    """A card another shop of the contract gave: scanned or typed, and recognised before it is kept."""

    def __init__(self, shop: ShopCard, parent: QWidget | None, shown: str = "") -> None:
        super().__init__(_("Carte donnée par une autre épicerie"), _("Rattacher cette carte"), parent)
        self._shop = shop
        self.card: CardNumber | None = None
        self.number = QLineEdit()
        self.number.setMaxLength(40)
        self.number.setText(shown)
        self.body.addWidget(Labelled(_("Scannez la carte, ou tapez ses chiffres"), self.number))
        self.body.addWidget(self.error)
        EnterGoesOn(self).watch(self.number)
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def check(self) -> None:
        """Refuse what is not a card of another shop of this contract."""
        with asked_of(self.number):
            self._recognise()

    def _recognise(self) -> None:
        found = parse_card(self.number.text())
        if found is None:
            raise BadInput(N_("Ce n'est pas un numéro de carte : scannez la carte, ou tapez le K et les 14 chiffres."))
        origin = belongs(found, self._shop.contract_number, self._shop.number)
        if origin is CardOrigin.UNKNOWN_CONTRACT:
            raise BadInput(N_("Cette carte n'est pas de ce contrat : elle ne peut pas être rattachée ici."))
        if origin is CardOrigin.OWN:
            raise BadInput(N_("Cette carte vient d'ici : cherchez son numéro dans la liste pour voir à qui elle est."))
        self.card = found


class UnsavedDialog(QuestionDialog):
    """What was typed is not saved: save it, drop it, or stay. Escape stays."""

    def __init__(self, name: str, parent: QWidget | None) -> None:
        super().__init__(
            parent, _("Enregistrer vos changements ?"),
            _("Vous avez modifié le dossier ({name}) sans l'enregistrer.").format(name=name),
            _("Enregistrer"), _("Rester sur ce dossier"),
        )  # fmt: skip
        self.drop = False
        self.drop_button = ActionButton(_("Abandonner mes changements"), "Shift+F12", icon="undo-2", kind="quiet")
        self.drop_button.clicked.connect(self._on_drop)
        self.body.addWidget(self.drop_button, 0, Qt.AlignmentFlag.AlignRight)

    @property
    def save(self) -> bool:
        """Return whether to save before leaving."""
        return self.result() == QDialog.DialogCode.Accepted and not self.drop

    @Slot()
    def _on_drop(self) -> None:
        if self._armed:
            self.drop = True
            self.reject()
