"""Where a file goes: the sticks now plugged in, or a folder of the computer. Which disk it is, is noted when it is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from epicerie_desktop.services import sticks
from epicerie_desktop.services.contract import share
from epicerie_desktop.services.contract.share import Stick
from epicerie_desktop.services.sticks import Use
from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import label, row

_MOST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A stick, or a folder on it, with the identity it had when it was listed; or a folder of the computer (no identity)."""

    path: Path
    stick: Stick | None
    uses: frozenset[Use] = frozenset()

    @property
    def name(self) -> str:
        """Return how people know it."""
        return self.path.name or str(self.path)

    @property
    def stays(self) -> bool:
        """Return whether it carries copies of the data, and must not travel."""
        return Use.BACKUP in self.uses

    @property
    def words(self) -> str:
        """Return what it is, in a line of the list."""
        if self.stick is None:
            return _("Dossier {name}").format(name=self.name)
        if self.path != self.stick.root:
            return _("Dossier {name}, sur une clé").format(name=self.name)
        if self.stays:
            return _("Clé {name} : sauvegardes").format(name=self.name)
        return _("Clé {name}").format(name=self.name)

    def comes_back(self, before: Place) -> bool:
        """Return whether this is the place chosen before, pulled out and plugged in again since."""
        return (
            self.stick is not None
            and before.stick is not None
            and self.path == before.path
            and self.stick.comes_back(before.stick)
        )


def sticks_now(known: tuple[Place, ...] = ()) -> tuple[Place, ...]:
    """Return the sticks that answer; one that is being pulled out is left out. A stick already known is not looked into."""
    found = []
    for path in share.available_sticks():
        try:
            identity = share.identify_stick(path)
            same = next((p for p in known if p.path == path and p.stick == identity), None)
            found.append(same or Place(path, identity, sticks.uses(path)))
        except EnvironmentTrouble:
            continue
    return tuple(found)


def place_of(folder: Path) -> Place:
    """Return a folder with the stick it lies on, if it does; a disk that no longer answers is told at the writing."""
    try:
        return Place(folder, sticks.stick_of(folder), sticks.uses(folder))
    except EnvironmentTrouble:
        return Place(folder, None)


class PlaceChooser(QWidget):
    """Lists the sticks; « Choisir un dossier » adds one folder to them. `refresh_asked` when the person wants to look again."""

    refresh_asked = Signal()
    changed = Signal()
    folder_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Place | None = None
        self._sticks: tuple[Place, ...] = ()
        self._last: Place | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(_("Clés et dossier"))
        self.list.setIconSize(QSize(20, 20))
        self.none: QLabel = label(
            _("Aucune clé n'est branchée. Branchez la clé de la coordination : elle apparaîtra ici."), "soft"
        )
        self.why = label(
            _("Cette clé garde des sauvegardes : elle ne voyage pas. Branchez celle de la coordination, ou choisissez un dossier."),
            "soft",
        )  # fmt: skip
        self.again = ActionButton(_("Chercher à nouveau"), "F5", "rotate-ccw", "quiet")
        self.browse = ActionButton(_("Choisir un dossier"), "Ctrl+O", "archive", "quiet")
        self.start_in = ""
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        lines.addWidget(self.none)
        lines.addWidget(self.list)
        lines.addWidget(self.why)
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

    @property
    def sticks(self) -> tuple[Place, ...]:
        """Return the sticks last shown."""
        return self._sticks

    def show_sticks(self, sticks: tuple[Place, ...]) -> None:
        """Show the sticks now plugged in; the one chosen stays chosen, or comes back, only if it is the very same one."""
        if sticks == self._sticks:
            return
        before, self._sticks = self.place, sticks
        self._show(before)

    def show_folder(self, folder: Path) -> None:
        """Offer a folder, and choose it."""
        self._folder = Place(folder, None)
        self._show(self._folder)
        self.folder_chosen.emit(folder)

    def know_folder(self, known: Place) -> None:
        """Take what was learnt of the folder offered: the stick it lies on, and what that stick carries."""
        if self._folder is None or known.path != self._folder.path or known == self._folder:
            return
        chosen = self.place == self._folder
        before, self._folder = self.place, known
        self._show(known if chosen else before)

    def _show(self, wanted: Place | None) -> None:
        places = [*self._sticks, *([self._folder] if self._folder else [])]
        self.list.blockSignals(True)
        self.list.clear()
        for place in places:
            item = QListWidgetItem(theme.icon("usb" if place.stick else "archive", "ink_soft"), place.words)
            item.setData(Qt.ItemDataRole.UserRole, place)
            item.setToolTip(str(place.path))
            self.list.addItem(item)
        self.list.setCurrentRow(self._row_of(wanted, places))
        self.list.blockSignals(False)
        self.none.setVisible(not self._sticks)
        self.list.setVisible(bool(places))
        self.list.setFixedHeight(min(_MOST_ROWS, max(1, len(places))) * theme.tokens().heights["row"] + 8)
        self._tell()

    def _row_of(self, wanted: Place | None, places: list[Place]) -> int:
        """Return the row to choose: what was chosen, else what comes back, else the only place there is; -1 for none.

        A folder never takes by itself the place of a stick that was pulled out.
        """
        if wanted in places:
            return places.index(wanted)
        if self._last is not None:
            back = [at for at, place in enumerate(places) if place == self._last or place.comes_back(self._last)]
            if back:
                return back[0]
        alone = len(places) == 1 and (self._last is None or places[0].stick is not None)
        return 0 if alone else -1

    def _tell(self) -> None:
        place = self.place
        self._last = place or self._last
        self.why.setVisible(place is not None and place.stays)
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
        self._tell()
