"""Where a file goes: the sticks now plugged in, or a folder of the computer. Which disk it is, is noted when it is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from epicerie_desktop.services.contract import share
from epicerie_desktop.services.contract.share import Stick
from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import label, row


@dataclass(frozen=True, slots=True)
class Place:
    """A stick with the identity it had when it was listed, or a folder of the computer (no identity)."""

    path: Path
    stick: Stick | None

    @property
    def name(self) -> str:
        """Return how people know it."""
        return self.path.name or str(self.path)


def sticks_now() -> tuple[Place, ...]:
    """Return the sticks that answer; one that is being pulled out is left out."""
    found = []
    for path in share.available_sticks():
        try:
            found.append(Place(path, share.identify_stick(path)))
        except EnvironmentTrouble:
            continue
    return tuple(found)


class PlaceChooser(QWidget):
    """Lists the sticks; « Choisir un dossier » adds one folder to them. `refresh_asked` when the person wants to look again."""

    refresh_asked = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Place | None = None
        self._sticks: tuple[Place, ...] = ()
        self.list = QListWidget()
        self.list.setAccessibleName(_("Clés et dossier"))
        self.list.setIconSize(QSize(20, 20))
        self.list.setFixedHeight(3 * theme.tokens().heights["row"] + 8)
        self.none: QLabel = label(
            _("Aucune clé n'est branchée. Branchez la clé de la coordination : elle apparaîtra ici."), "soft"
        )
        self.again = ActionButton(_("Chercher à nouveau"), "F5", "rotate-ccw", "quiet")
        self.browse = ActionButton(_("Choisir un dossier"), "Ctrl+O", "archive", "quiet")
        self.start_in = ""
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        lines.addWidget(self.none)
        lines.addWidget(self.list)
        lines.addLayout(row(self.again, None))
        lines.addLayout(row(self.browse, None))
        self.again.clicked.connect(self.refresh_asked)
        self.browse.clicked.connect(self._on_browse_clicked)
        self.list.currentRowChanged.connect(self._on_current_changed)
        self._show(None)

    @property
    def place(self) -> Place | None:
        """Return the place chosen, None while there is none."""
        item = self.list.currentItem()
        found = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return found if isinstance(found, Place) else None

    def show_sticks(self, sticks: tuple[Place, ...]) -> None:
        """Show the sticks now plugged in; the one chosen stays chosen only if it is still the very same disk."""
        if sticks == self._sticks:
            return
        before, self._sticks = self.place, sticks
        self._show(before)

    def show_folder(self, folder: Path) -> None:
        """Offer a folder of the computer, and choose it."""
        self._folder = Place(folder, None)
        self._show(self._folder)

    def _show(self, wanted: Place | None) -> None:
        places = [*self._sticks, *([self._folder] if self._folder else [])]
        self.list.blockSignals(True)
        self.list.clear()
        for place in places:
            kind = _("Clé {name}") if place.stick is not None else _("Dossier {name}")
            item = QListWidgetItem(
                theme.icon("usb" if place.stick else "archive", "ink_soft"), kind.format(name=place.name)
            )
            item.setData(Qt.ItemDataRole.UserRole, place)
            item.setToolTip(str(place.path))
            self.list.addItem(item)
        chosen = places.index(wanted) if wanted in places else 0 if len(places) == 1 else -1
        self.list.setCurrentRow(chosen)
        self.list.blockSignals(False)
        self.none.setVisible(not self._sticks)
        self.list.setVisible(bool(places))
        self.changed.emit()

    @Slot()
    def _on_browse_clicked(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, _("Dans quel dossier écrire ?"), self.start_in or str(Path.home())
        )
        if chosen:
            self.show_folder(Path(chosen))

    @Slot()
    def _on_current_changed(self) -> None:
        self.changed.emit()
