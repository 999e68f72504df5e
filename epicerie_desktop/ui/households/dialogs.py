"""The questions of the households' screen: arrival and departure, a new referrer, a card from elsewhere, changes not saved."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QWidget

from epicerie_desktop.domain.card import CardNumber, CardOrigin, belongs, parse_card
from epicerie_desktop.domain.household import checked_name
from epicerie_desktop.services.desk import ShopCard
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.households.parts import EnterGoesOn, Labelled


class FormDialog(QuestionDialog):
    """A short form: its fields, what is wrong beneath, then the two verbs. Escape changes nothing."""

    def __init__(self, title: str, verb: str, parent: QWidget | None, text: str = "") -> None:
        super().__init__(parent, title, text, verb, _("Ne rien changer"), armed_after_ms=0)
        self.error = Notice("error")

    def check(self) -> None:
        """Raise `BadInput` when the form cannot be taken as it is."""

    def may_accept(self) -> bool:
        """Say what is wrong, if anything is, and keep what was typed."""
        try:
            self.check()
        except BadInput as refusal:
            self.error.tell("error", str(refusal))
            return False
        return True


class StayDialog(FormDialog):
    """When a member joined and, if so, from which day they are no longer counted: nobody is ever erased."""

    def __init__(self, name: str, joined: date, left: date | None, today: date, parent: QWidget | None) -> None:
        super().__init__(
            _("{name} dans ce foyer").format(name=name), _("Garder ces dates"), parent,
            _("Son passage dans le foyer reste au dossier : rien n'est effacé."),
        )  # fmt: skip
        self._joined = DayField(joined)
        self.leaves = QCheckBox(_("Cette personne a quitté le foyer, ou va le quitter"))
        self.leaves.setChecked(left is not None)
        self._left = DayField(left or today)
        self.body.addWidget(Labelled(_("Compte dans le foyer depuis le"), self._joined))
        self.body.addWidget(self.leaves)
        self._when = Labelled(_("Premier jour où elle ne compte plus"), self._left)
        self.body.addWidget(self._when)
        self.body.addWidget(self.error)
        self._when.setEnabled(left is not None)
        self.leaves.toggled.connect(self._when.setEnabled)
        (self._left if left is not None else self.leaves).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def joined_on(self) -> date:
        """Return the first day counted; `check` refused one that is not a day."""
        assert self._joined.value is not None
        return self._joined.value

    @property
    def left_on(self) -> date | None:
        """Return the first day no longer counted, None while the person stays."""
        return self._left.value if self.leaves.isChecked() else None

    def set_left(self, day: date) -> None:
        """Say from which day the person is no longer counted."""
        self.leaves.setChecked(True)
        self._left.set_value(day)

    def check(self) -> None:
        """Refuse what is not a day, and a departure before the arrival."""
        if not self._joined.check() or (self.leaves.isChecked() and not self._left.check()):
            raise BadInput(N_("Une date est à revoir."))
        if self.left_on is not None and self.left_on < self.joined_on:
            raise BadInput(N_("Le départ précède l'arrivée : vérifiez les deux dates."))


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
        checked_name(self.name.text(), N_("nom du prescripteur"))


class ForeignCardDialog(FormDialog):
    """A card another shop of the contract gave: scanned or typed, and recognised before it is kept."""

    def __init__(self, shop: ShopCard, parent: QWidget | None) -> None:
        super().__init__(_("Carte donnée par une autre épicerie"), _("Rattacher cette carte"), parent)
        self._shop = shop
        self.card: CardNumber | None = None
        self.number = QLineEdit()
        self.number.setMaxLength(40)
        self.body.addWidget(Labelled(_("Scannez la carte, ou tapez ses chiffres"), self.number))
        self.body.addWidget(self.error)
        EnterGoesOn(self).watch(self.number)
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def check(self) -> None:
        """Refuse what is not a card of another shop of this contract."""
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
        self.drop_button = ActionButton(_("Abandonner mes changements"), icon="undo-2", kind="quiet")
        self.drop_button.clicked.connect(self._on_drop)
        self.body.addWidget(self.drop_button, 0, Qt.AlignmentFlag.AlignRight)

    @property
    def save(self) -> bool:
        """Return whether to save before leaving."""
        return self.result() == QDialog.DialogCode.Accepted and not self.drop

    @Slot()
    def _on_drop(self) -> None:
        self.drop = True
        self.reject()
