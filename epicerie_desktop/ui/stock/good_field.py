"""A field that names one good by a few letters or its code; Enter takes it and goes on."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.stock.goods import Good, Goods
from epicerie_desktop.ui.stock.parts import Suggestions


class GoodField(FieldFrame):
    """`good` is what was taken, None while letters are typed; `taken` comes with it; what is missing is told in `notice`.

    `stage` is the window over which what matches the letters is shown.
    """

    taken = Signal(object)

    def __init__(self, stage: QWidget, goods: Goods, notice: Notice) -> None:
        super().__init__(message=False)
        self.good: Good | None = None
        self._goods, self._notice = goods, notice
        self.suggestions = Suggestions(stage, self.line)
        self.changed.connect(self._on_typed)
        self.submitted.connect(self._on_submitted)
        self.suggestions.chosen.connect(self.take)

    @Slot()
    def _on_typed(self) -> None:
        self.good = None
        self.suggestions.offer(self._goods.matching(self.text))

    @Slot()
    def _on_submitted(self) -> None:
        found = self.suggestions.current or self._goods.by_code(self.text) or self.good
        if found is None:
            self.complain()
        else:
            self.take(found)

    @Slot(object)
    def take(self, good: Good) -> None:
        """Take a good, and write its name: its family's where it is the family's own."""
        self.line.setText(good.family if good.generic else good.name)
        self.good = good
        self.suggestions.hide()
        self._notice.hide()
        self.taken.emit(good)

    def complain(self) -> None:
        """Say how a good is chosen, and take the keyboard."""
        self._notice.tell("warn", _("Choisissez l'article dans la liste : tapez quelques lettres, puis les flèches."))
        self.setFocus()

    def empty(self) -> None:
        """Forget what was taken, for another."""
        self.clear()
        self.good = None
