"""Cards by the sheet: which of the households in the list, and from which label of a sheet already begun."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.card_sheets import CELLS, CardsFound
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.days import go_on, parse_day
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import CountField, ValueField
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.households.parts import Labelled


class CardSheetDialog(QuestionDialog):
    """Says how many cards and sheets there are as one chooses; `codes` and `first_cell` are what was chosen."""

    def __init__(self, found: CardsFound, today: date, parent: QWidget | None) -> None:
        super().__init__(
            parent, _("Imprimer les cartes"),
            _("Une carte par foyer de la liste, dans son ordre, sur des planches de 24 étiquettes."),
            _("Aperçu"), _("Fermer"), armed_after_ms=0,
        )  # fmt: skip
        self._found = found
        self.since = ValueField(lambda typed: parse_day(typed, today), shown.day, say=shown.long_day)
        self.since.line.setPlaceholderText(_("jour/mois/année, ou rien pour toutes"))
        self.cell = CountField(most=CELLS, required=True)
        self.cell.setAccessibleName(_("Première étiquette libre de la planche"))
        self.cell.set_value(1)
        self.count = label("", "strong")
        self.body.addWidget(Labelled(_("Seulement les cartes données depuis le"), self.since))
        self.body.addWidget(Labelled(_("Première étiquette libre de la planche, de 1 à 24"), self.cell))
        self.body.addWidget(self.count)
        for field in (self.since, self.cell):
            field.changed.connect(self._tell)
        self.since.submitted.connect(lambda: go_on(self.since.line))
        self.cell.submitted.connect(lambda: go_on(self.cell.line))
        self.since.setFocus()
        self._tell()

    @property
    def first_cell(self) -> int:
        """Return the first label to print on, from 1."""
        return self.cell.value or 1

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes of the cards chosen, in the order of the list."""
        return self._found.since(self.since.value)

    def may_accept(self) -> bool:
        """Refuse what is typed wrong, the keyboard on it, and sheets without a card."""
        for field in (self.since, self.cell):
            if not field.check():
                field.setFocus()
                return False
        return bool(self.codes)

    @Slot()
    def _tell(self) -> None:
        """Say how many cards and sheets there will be, and how many households have none."""
        n = len(self.codes)
        sheets = -(-(n + self.first_cell - 1) // CELLS) if n else 0
        told = [
            ngettext("{n} carte", "{n} cartes", n).format(n=shown.number(n)),
            ngettext("{n} planche", "{n} planches", sheets).format(n=shown.number(sheets)),
        ]
        text = ", ".join(told) + "." if n else _("Aucune carte à imprimer.")
        if self._found.without:
            text += " " + ngettext(
                "{n} foyer de la liste n'a pas encore de carte.",
                "{n} foyers de la liste n'ont pas encore de carte.",
                self._found.without,
            ).format(n=shown.number(self._found.without))
        self.count.setText(text)
