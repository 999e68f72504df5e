"""The open catalogue: what it is, whose data it is, and the file that makes it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QProgressBar

from epicerie_desktop.services.safety import open_catalogue
from epicerie_desktop.services.safety.open_catalogue import ATTRIBUTION, LICENCE_LINK, CatalogueState
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen


class OpenCatalogueCard(Card):
    """Reading takes minutes: it goes on while one works, and may be stopped; the old catalogue serves until then."""

    progressed = Signal(int, int)

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Catalogue Open Food Facts"))
        self._screen = screen
        self._cancel = Event()
        self.state = label("", "strong")
        self.choose = ActionButton(_("Lire un export sur clé USB"), icon="usb")
        self.stop = ActionButton(_("Interrompre"), icon="x", kind="quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Lecture du catalogue"))
        self.notice = Notice("info")
        self.add(
            label(_("Un code-barres inconnu est alors proposé avec son nom, sa marque et sa quantité. Ce que vous corrigez l'emporte."), "soft"),
            self.state, row(self.choose, self.stop, None), self.bar, self.notice,
            label(f"{_(ATTRIBUTION)} {LICENCE_LINK}", "small", selectable=True),
        )  # fmt: skip
        self.choose.clicked.connect(self._on_choose)
        self.stop.clicked.connect(self.interrupt)
        self.progressed.connect(self._on_progress)
        self._busy(False)

    def _busy(self, busy: bool) -> None:
        self.choose.setEnabled(not busy)
        self.stop.setVisible(busy)
        self.bar.setVisible(busy)

    def read(self) -> None:
        """Read which catalogue there is."""
        desk = self._screen.desk
        self._screen.ask(lambda: open_catalogue.catalogue_state(desk), self._show, key="open_catalogue")

    def _show(self, state: CatalogueState | None) -> None:
        if state is None or state.made_on is None:
            self.state.setText(_("Aucun catalogue : le programme demande le nom des produits inconnus."))
            return
        self.state.setText(
            _("{n} produits, lus le {day}.").format(n=shown.number(state.products), day=shown.day(state.made_on))
        )

    @Slot()
    def _on_choose(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(
            self, _("L'export d'Open Food Facts"), "", _("Exports (*.csv *.tsv *.gz);;Tous les fichiers (*)")
        )
        if chosen:
            self.read_file(Path(chosen))

    def read_file(self, path: Path) -> None:
        """Make the catalogue from a file, on the long thread."""
        self._cancel = Event()
        self._busy(True)
        self.bar.setRange(0, 0)
        self.notice.tell("info", "")
        desk = self._screen.desk
        made = partial(open_catalogue.import_catalogue, desk, path, self.progressed.emit, self._cancel.is_set)
        self._screen.context.long.submit(self, made, self._on_made, self._on_failed)

    @Slot()
    def interrupt(self) -> None:
        """Stop reading; the catalogue stays as it was."""
        self._cancel.set()

    @Slot(int, int)
    def _on_progress(self, done: int, of: int) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(done)

    def _on_made(self, state: CatalogueState) -> None:
        self._busy(False)
        self._show(state)
        self.notice.tell("success", _("Le catalogue est prêt."))

    def _on_failed(self, error: Exception) -> None:
        self._busy(False)
        if isinstance(error, Trouble):
            self.notice.tell("warn", trouble.sentence(error))
        else:
            trouble.show(self, error)
