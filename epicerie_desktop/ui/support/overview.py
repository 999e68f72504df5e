"""The first page of the support file: where the household stands, at a glance."""

from __future__ import annotations

from typing import ClassVar

from epicerie_desktop.services.queries.support import SupportHead
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.screen import SupportScreen


class OverviewPage(SupportPage):
    """What everyone at reception may see, then what only social workers read."""

    tables: ClassVar[frozenset[str]] = frozenset({"support_file"})

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.told = Notice()
        self.lines.addWidget(self.told)
        self.lines.addStretch(1)
        self._tell_reserved()

    def _tell_reserved(self) -> None:
        if not self.worker:
            self.told.tell(
                "info",
                _(
                    "Ce compte voit ce qui sert à l'accueil : papiers, engagements, personnes mandatées. Le reste du dossier "
                    "est réservé aux travailleurs sociaux."
                ),
            )

    def head_read(self, head: SupportHead) -> None:
        """Say so where no accompaniment is under way."""
        if self.worker:
            none = _("Aucun accompagnement en cours : la page « Orientation » en ouvre un.")
            self.told.tell("info", "" if head.file is not None else none)
