"""The papers of the arrival just saved: its slip to sign, and the labels of its lots."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.stock import goods_labels, reception_papers
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import row
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen


class ArrivalPapers(QWidget):
    """Two buttons, hidden until an arrival was saved: they show its papers, to print or to keep."""

    def __init__(self, owner: Screen) -> None:
        super().__init__()
        self._owner = owner
        self._last: int | None = None
        self.slip_button = ActionButton(_("Bon de réception"), "F7", "printer", "quiet")
        self.labels_button = ActionButton(_("Étiquettes de lots"), "Shift+F7", "printer", "quiet")
        self.slip_button.clicked.connect(self.show_slip)
        self.labels_button.clicked.connect(self.show_labels)
        self.setLayout(row(self.slip_button, self.labels_button))
        self.hide()

    def tell(self, reception: int) -> None:
        """Show the buttons, for this arrival."""
        self._last = reception
        self.show()

    @Slot()
    def show_slip(self) -> None:
        """Show the slip of the last arrival."""
        self._look_at(reception_papers.slip_pdf, _("Bon de réception"), _("bon-de-reception"))

    @Slot()
    def show_labels(self) -> None:
        """Show the labels of the lots of the last arrival, to stick on its crates."""
        self._look_at(goods_labels.arrival_labels_pdf, _("Étiquettes de lots"), _("etiquettes-de-lots"))

    def _look_at(self, make: Callable[[Desk, int], bytes], title: str, name: str) -> None:
        if self._last is not None:
            look_at(self._owner, partial(make, self._owner.desk, self._last), title, name)
