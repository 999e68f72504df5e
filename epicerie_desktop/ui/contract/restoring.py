"""« Reprendre un contrat »: the recovery sheet typed or scanned, and the contract made again from it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.contract import recovery
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow
from epicerie_desktop.ui.contract.dialogs import ServiceDialog
from epicerie_desktop.ui.screen import Screen


class RestoreContractDialog(ServiceDialog):
    """A slip is told with the number of its group, and what was typed stays."""

    def __init__(self, screen: Screen, *, armed_after_ms: int = ARMED_AFTER_MS) -> None:
        super().__init__(
            screen, _("Reprendre un contrat depuis sa feuille de secours"),
            _("Ouvrez l'enveloppe. Lisez le carré de la feuille avec la douchette, ou tapez ses quarante-huit groupes. Inscrivez ensuite les épiceries sous leurs codes et leurs "
              "numéros, et redemandez à chacune son dernier envoi : les totaux reviennent les mêmes."),
            _("Reprendre le contrat"), armed_after_ms,
        )  # fmt: skip
        self.made: int | None = None
        self.groups, self.name = FieldFrame(message=False), FieldFrame(message=False)
        self.body.addWidget(FormRow(_("Groupes de la feuille"), self.groups))
        self.body.addWidget(FormRow(_("Nom du contrat, imprimé sur la feuille"), self.name))
        self.body.addWidget(self.refusal)
        QWidget.setTabOrder(self.groups.line, self.name.line)
        self.groups.submitted.connect(self.name.setFocus)
        self.groups.setFocus()

    def _try(self) -> None:
        desk, typed, name = self._screen.desk, self.groups.text, self.name.text
        self._screen.context.data.submit(
            self, lambda: recovery.restore_contract(desk, typed, name), self._restored, self._refused
        )

    def _restored(self, contract: int) -> None:
        self.made = contract
        self._succeeded()

    def done(self, result: int) -> None:
        """Forget what was typed."""
        self.groups.line.clear()
        super().done(result)
