"""« Existe déjà ? »: the files that look like the one being typed, with why, so that a family is not opened twice."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from epicerie_desktop.services.queries.alike import Alike, AlikeAnswer
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.households.doubles import why

_MOST = 3


class Duplicates(QFrame):
    """At most three files; pressing one opens it. Hidden while there is none."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._head = label(_("Existe déjà ? Ces foyers se ressemblent :"), "strong")
        self._ask = label(
            _("Un dossier réservé ressemble à celui-ci : voyez avec la coordination avant d'enregistrer.")
        )
        self._column.addWidget(self._head)
        self._column.addWidget(self._ask)
        self.buttons: list[ActionButton] = []
        self.found: tuple[Alike, ...] = ()
        self.hide()

    def show_found(self, answer: AlikeAnswer | None) -> None:
        """Show the first files found, or nothing."""
        for old in self.buttons:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = []
        self.found = answer.found if answer else ()
        for one in self.found[:_MOST]:
            text = _("{holder} · {number} – {why}")
            told = text.format(holder=one.face.holder, number=one.face.number, why=why(one.reasons).lower())
            button = ActionButton(told, icon="arrow-right", kind="quiet")
            button.setProperty("household", one.face.id)
            button.clicked.connect(self._on_clicked)
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self.buttons.append(button)
        self._head.setVisible(bool(self.found))
        self._ask.setVisible(answer is not None and answer.ask)
        self.setVisible(bool(self.found) or (answer is not None and answer.ask))

    @Slot()
    def _on_clicked(self) -> None:
        self.wanted.emit(int(self.sender().property("household")))
