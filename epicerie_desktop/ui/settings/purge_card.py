"""The purge: how many files nobody was in contact with for two years, which ones are kept back, and the erasing itself."""

from __future__ import annotations

from PySide6.QtCore import Slot

from epicerie_desktop.services.households.purge import PurgeRow, purge, purge_list, why_kept
from epicerie_desktop.services.team import in_team
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused, Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.layout import Card, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen

_MOST_SHOWN = 12


class PurgeCard(Card):
    """What the purge would take, listed before; it asks once, and there is no way back."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Dossiers anciens"))
        self._screen = screen
        self._files: tuple[int, ...] = ()
        self.told = label("", "soft")
        self.erase = ActionButton(_("Effacer leurs noms"), icon="trash-2")
        self.notice = Notice("info")
        self.add(
            label(_("Deux ans après le dernier contact, les noms, adresses et notes s'effacent ; les mois clos et les totaux ne changent pas."), "soft"),
            self.told, row(self.erase, None), self.notice,
        )  # fmt: skip
        self.erase.clicked.connect(self._on_erase_clicked)

    def read(self) -> None:
        """Read which files would go."""
        desk = self._screen.desk
        if in_team(desk) and not desk.shop.is_coordinator:
            self._screen.ask(lambda: purge_list(desk), self._show, key="purge")
        else:
            self.hide()

    def _show(self, rows: tuple[PurgeRow, ...]) -> None:
        self._files = tuple(r.household for r in rows if r.may_go)
        n = len(self._files)
        lines = [
            ngettext("{n} dossier à effacer.", "{n} dossiers à effacer.", n).format(n=shown.number(n))
            if n
            else _("Aucun dossier à effacer.")
        ]
        for r in rows[:_MOST_SHOWN]:
            why = why_kept(r)
            line = _("n° {number}, {name} : dernier contact le {day}").format(
                number=r.number, name=r.called, day=shown.day(r.last_contact)
            )
            lines.append(f"{line} ({why})" if why else line)
        if len(rows) > _MOST_SHOWN:
            lines.append(_("… et {n} autres.").format(n=shown.number(len(rows) - _MOST_SHOWN)))
        self.told.setText("\n".join(lines))
        self.erase.setEnabled(n > 0)

    @Slot()
    def _on_erase_clicked(self) -> None:
        n = len(self._files)
        title = ngettext(
            "Effacer les noms d'un dossier ?", "Effacer les noms de {n} dossiers ?", n
        ).format(n=shown.number(n))  # fmt: skip
        text = _(
            "Noms, dates de naissance, adresses, notes, papiers et cartes sont effacés pour toujours. Aucun chiffre ne change."
        )
        if not ask_confirm(self._screen.window(), title, text, _("Effacer pour toujours"), _("Garder"), danger=True):
            return
        desk, files = self._screen.desk, self._files
        self._screen.context.data.submit(self, lambda: purge(desk, files), self._done, self._failed)

    def _done(self, n: int) -> None:
        self.notice.tell("success", ngettext("{n} dossier purgé.", "{n} dossiers purgés.", n).format(n=shown.number(n)))
        self.read()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Trouble):
            self.notice.tell("warn" if isinstance(error, RuleRefused) else "error", trouble.sentence(error))
        else:
            trouble.show(self, error)
