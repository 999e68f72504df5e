"""The identity of the shop, as papers show it; saved with the rest of the settings."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox

from epicerie_desktop.domain.decisions import Decider
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.opening import Identity
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import Card, FormRow, label, row
from epicerie_desktop.ui.households.parts import EnterGoesOn

_LONGEST = 120


class IdentityCard(Card):
    """Name, address, telephone, person in charge, CCAS and who decides may change; code, contract and post are only told."""

    def __init__(self, desk: Desk) -> None:
        shop = desk.shop
        super().__init__(_("Cette coordination") if shop.is_coordinator else _("Cette épicerie"))
        self._base: Identity | None = None
        self.name, self.address, self.phone, self.manager, self.ccas = (FieldFrame(message=False) for _n in range(5))
        self.decides = QComboBox()
        # Its longest choice would take the second column's room: the list shows it whole when opened.
        self.decides.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.decides.setMinimumContentsLength(30)
        self._decides_row = FormRow(_("Qui décide des droits, et reçoit les recours"), self.decides)
        self._name_deciders()
        facts = [_("Code {code}").format(code=shop.code)]
        if shop.contract_number:
            facts.append(
                _("contrat n° {number}, épicerie {site}").format(number=shop.contract_number, site=shop.number)
            )
        facts.append(desk.post.name)
        self.add(
            label("  ·  ".join(facts), "soft"),
            FormRow(_("Nom"), self.name),
            FormRow(_("Adresse"), self.address),
            row(FormRow(_("Téléphone"), self.phone), FormRow(_("Responsable"), self.manager), spacing=12),
            FormRow(_("CCAS"), self.ccas),
            self._decides_row,
        )
        self._decides_row.setVisible(not shop.is_coordinator)
        self.ccas.changed.connect(self._name_deciders)
        EnterGoesOn(self).watch(self.decides)
        for field in self._fields:
            field.line.setMaxLength(_LONGEST)

    @property
    def _fields(self) -> tuple[FieldFrame, ...]:
        return (self.name, self.address, self.phone, self.manager, self.ccas)

    @property
    def typed(self) -> Identity | None:
        """Return what is typed when it differs from what was read, None when there is nothing to save."""
        if self._base is None:
            return None
        name, address, phone, manager, ccas = (field.text for field in self._fields)
        # Untouched, an address keeps its own lines, commas and all.
        kept = self._base.address if address == _on_one_line(self._base.address) else _on_lines(address)
        found = replace(self._base, name=name, address=kept, phone=phone, manager=manager, ccas=ccas,
                        decides=str(self.decides.currentData()))  # fmt: skip
        return found if found != self._base else None

    def show_identity(self, found: Identity, *, anyway: bool = False) -> None:
        """Show what is saved; what is being typed stays, unless `anyway`."""
        if self.typed is not None and not anyway:
            return
        self._base = found
        texts = (found.name, _on_one_line(found.address), found.phone, found.manager, found.ccas)
        for field, text in zip(self._fields, texts, strict=True):
            field.line.setText(text)
        self._name_deciders()
        self.decides.setCurrentIndex(max(0, self.decides.findData(found.decides)))

    @Slot()
    def _name_deciders(self) -> None:
        """Name the choices; the first one follows the CCAS named above."""
        followed = _("le CCAS ou la commune") if self.ccas.text else _("l'association")
        names = {
            "": _("Selon le CCAS nommé ci-dessus : {who}").format(who=followed),
            Decider.PUBLIC.value: _("Le CCAS ou la commune : recours gracieux, tribunal administratif"),
            Decider.ASSOCIATION.value: _("L'association : réexamen par l'association"),
        }
        if not self.decides.count():
            for code in names:
                self.decides.addItem("", code)
        for place, name in enumerate(names.values()):
            self.decides.setItemText(place, name)


def _on_one_line(address: str) -> str:
    """Return an address as one line of text: its lines are told apart by commas."""
    return ", ".join(line.strip() for line in address.splitlines())


def _on_lines(typed: str) -> str:
    """Return an address as papers print it, a line for each part between commas."""
    return "\n".join(part.strip() for part in typed.split(",") if part.strip())
