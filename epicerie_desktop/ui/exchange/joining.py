"""Joining a contract: what the coordinator's file says, and its fingerprint to be compared with the paper."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from epicerie_desktop.services.contract.share import ContractFile
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS, QuestionDialog
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.exchange.fingerprint import FingerprintView
from epicerie_desktop.ui.fitting import grow


class JoinDialog(QuestionDialog):
    """Nothing is joined before the person ticked that the fingerprint is the one of the paper."""

    def __init__(self, parent: QWidget | None, found: ContractFile, *, armed_after_ms: int = ARMED_AFTER_MS) -> None:
        super().__init__(
            parent, _("Rejoindre ce contrat ?"), "", _("Rejoindre le contrat"), _("Ne rien faire"),
            armed_after_ms=armed_after_ms,
        )  # fmt: skip
        self.body.addWidget(label(found.name, "section"))
        self.body.addWidget(
            label(
                _("Du {start} au {end}. Dans ce contrat, cette épicerie porte le code {code} et le nom « {name} ».").format(
                    start=shown.day(found.starts_on), end=shown.day(found.ends_on), code=found.site_code, name=found.site_name
                )
            )
        )  # fmt: skip
        self.body.addSpacing(8)
        self.body.addWidget(
            label(_("Comparez ces huit groupes avec la fiche imprimée que la coordination vous a remise :"))
        )
        self.fingerprint = FingerprintView(found.fingerprint)
        self.body.addWidget(self.fingerprint)
        self.same = QCheckBox(_("L'empreinte est identique à celle de la fiche"))
        self.body.addWidget(self.same)
        self.missing = Notice("warn")
        self.body.addWidget(self.missing)
        self.same.toggled.connect(self._on_same_toggled)
        self.same.setFocus()

    def may_accept(self) -> bool:
        """Ask for the comparison when it was not done."""
        if not self.same.isChecked():
            self.missing.tell(
                "warn",
                _("Comparez d'abord l'empreinte, puis cochez la case. Si elle diffère, n'allez pas plus loin et appelez la coordination."),
            )  # fmt: skip
            self.same.setFocus()
            grow(self)
            return False
        return True

    def _on_same_toggled(self) -> None:
        self.missing.tell("warn", "")
