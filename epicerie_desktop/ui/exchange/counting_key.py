"""« Lire la clé de comptage »: the custodian's sheet, by the scanner or by hand, and the question before another replaces it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.contract import custody
from epicerie_desktop.services.contract.custody import AnotherCountingKey, CountingKeyRead
from epicerie_desktop.support.errors import Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS, QuestionDialog, accepted
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, label
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.fitting import grow
from epicerie_desktop.ui.screen import Screen


class CountingKeyDialog(QuestionDialog):
    """`read` is what came of the sheet once the dialog is accepted."""

    def __init__(self, screen: Screen, contract: int, known: str, *, armed_after_ms: int = ARMED_AFTER_MS) -> None:
        super().__init__(
            screen, _("Lire la clé de comptage"),
            _("La personne dépositaire vous présente une feuille. Lisez son carré avec la douchette, ou tapez ses dix-huit groupes : majuscules, "
              "espaces et tirets ne comptent pas. Rendez-lui ensuite la feuille."),
            _("Lire la feuille"), _("Ne rien faire"), armed_after_ms=armed_after_ms,
        )  # fmt: skip
        self._screen, self._contract = screen, contract
        self.read: CountingKeyRead | None = None
        self.field = FieldFrame(message=False)
        self.refusal = Notice("warn")
        self.body.addWidget(
            label(
                _("Clé déjà lue ici : n° {number}.").format(number=known)
                if known
                else _("Aucune clé n'a encore été lue ici."),
                "soft",
            )
        )
        self.body.addWidget(FormRow(_("Feuille de la clé de comptage"), self.field))
        self.body.addWidget(self.refusal)
        QWidget.setTabOrder(self.field.line, self.no_button)
        self.field.submitted.connect(self._on_submitted)
        self.field.setFocus()

    def may_accept(self) -> bool:
        """Read the sheet; the dialog closes once it was kept."""
        if self.read is None:
            self._try(replace=False)
        return self.read is not None

    def _on_submitted(self) -> None:
        if self.read is None:
            self._try(replace=False)

    def _try(self, *, replace: bool) -> None:
        desk, contract, typed = self._screen.desk, self._contract, self.field.text
        self.yes_button.setEnabled(False)
        self._screen.context.data.submit(
            self, lambda: custody.take_counting_key(desk, contract, typed, replace=replace), self._kept, self._refused
        )

    def _kept(self, read: CountingKeyRead) -> None:
        self.read = read
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.yes_button.setEnabled(True)
        if isinstance(error, AnotherCountingKey):
            if accepted(ReplaceKeyDialog(self, error)):
                self._try(replace=True)
        elif isinstance(error, Trouble):
            self.refusal.tell("warn", trouble.sentence(error))
            self.field.setFocus()
            grow(self)
        else:
            trouble.show(self, error)

    def done(self, result: int) -> None:
        """Forget what was typed."""
        self.field.line.clear()
        super().done(result)


class ReplaceKeyDialog(QuestionDialog):
    """Another key is held already: what replacing it costs, before it is."""

    def __init__(self, parent: QWidget, cost: AnotherCountingKey) -> None:
        super().__init__(
            parent, _("Remplacer la clé de comptage ?"), trouble.sentence(cost), _("Remplacer la clé"), _("Garder celle d'ici"), danger=True
        )  # fmt: skip
