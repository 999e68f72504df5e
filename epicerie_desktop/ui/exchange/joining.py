"""Joining a contract, or taking its new keys: what the file says, and its fingerprint to be compared with the paper."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from epicerie_desktop.services.contract.joining import Standing, bears_fingerprint
from epicerie_desktop.services.contract.share import ContractFile
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS, QuestionDialog, accepted, ask_confirm
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, label
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.exchange.fingerprint import FingerprintView
from epicerie_desktop.ui.fitting import grow


class JoinDialog(QuestionDialog):
    """Nothing is joined before the person ticked that the fingerprint is the one of the paper."""

    def __init__(
        self,
        parent: QWidget | None,
        found: ContractFile,
        *,
        new_keys: bool = False,
        armed_after_ms: int = ARMED_AFTER_MS,
    ) -> None:
        super().__init__(
            parent, _("Prendre les nouvelles clés du contrat ?") if new_keys else _("Rejoindre ce contrat ?"),
            _("Les clés de la coordination ont changé sans que l'ancienne en réponde.") if new_keys else "",
            _("Prendre ce fichier") if new_keys else _("Rejoindre le contrat"), _("Ne rien faire"), armed_after_ms=armed_after_ms,
        )  # fmt: skip
        self._found = found
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
        self.scanned = FieldFrame(message=False)
        self.body.addWidget(FormRow(_("Ou lisez le carré de la fiche avec la douchette"), self.scanned))
        self.same = QCheckBox(_("L'empreinte est identique à celle de la fiche"))
        self.body.addWidget(self.same)
        self.missing = Notice("warn")
        self.body.addWidget(self.missing)
        self.same.toggled.connect(self._on_same_toggled)
        self.scanned.submitted.connect(self._on_scanned)
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

    def _on_scanned(self) -> None:
        """Compare what the scanner read: the same ticks the box, another unticks it and says so."""
        same = bears_fingerprint(self._found, self.scanned.text)
        self.same.setChecked(same)
        if not same:
            self.missing.tell(
                "error", _("Ce carré n'est pas celui de ce fichier : n'allez pas plus loin et appelez la coordination.")
            )
            grow(self)

    def _on_same_toggled(self) -> None:
        self.missing.tell("warn", "")


def agreed_to_edition(parent: QWidget, found: ContractFile, standing: Standing) -> bool:
    """Return whether a person takes a later edition: new keys that nobody vouches for are first compared with a paper."""
    if standing is Standing.PAPER:
        return accepted(JoinDialog(parent, found, new_keys=True))
    return ask_confirm(
        parent, _("Prendre l'édition n° {n} du contrat ?").format(n=found.edition),
        _("{name} : ce fichier vient de la même coordination. Il met à jour les définitions et ce que le contrat propose ; rien n'est adopté sans vous.").format(
            name=found.name
        ),
        _("Prendre l'édition"), _("Ne rien faire"),
    )  # fmt: skip
