"""« Existe déjà ? »: the files that already hold the name being typed, so that a family is not opened twice."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from epicerie_desktop.services.queries.counter import FoundHousehold
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.households import wording

_MOST = 3


class Duplicates(QFrame):
    """At most three files; pressing one opens it. Hidden while there is none."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(label(_("Existe déjà ? Ces foyers portent ce nom :"), "strong"))
        self.buttons: list[ActionButton] = []
        self.hide()

    def show_found(self, found: tuple[FoundHousehold, ...]) -> None:
        """Show the first files found, or nothing."""
        for old in self.buttons:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = []
        for row in found[:_MOST]:
            button = ActionButton(f"{row.holder} · {wording.in_short(row)}", icon="arrow-right", kind="quiet")
            button.setProperty("household", row.id)
            button.clicked.connect(self._on_clicked)
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self.buttons.append(button)
        self.setVisible(bool(found))

    @Slot()
    def _on_clicked(self) -> None:
        self.wanted.emit(int(self.sender().property("household")))
