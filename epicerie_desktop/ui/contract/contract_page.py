"""What the pages of a contract share: the contract they show, read again when it changes or another one is chosen."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox

from epicerie_desktop.services.contract.consolidate import ContractRow
from epicerie_desktop.ui.tabbed import GesturePage


class ContractPage(GesturePage):
    """A page of the screen « Contrat »."""

    contract: ContractRow | None = None

    def show_contract(self, contract: ContractRow) -> None:
        """Show a contract, or what changed in it."""
        self.contract = contract
        if self.isVisible():
            self.refresh()
        else:
            self.stale = True

    def showEvent(self, event: QShowEvent) -> None:
        """Read what went stale while another page was shown."""
        super().showEvent(event)
        if self.stale and self.contract is not None:
            self.stale = False
            self.refresh()


def choices(name: str, items: list[tuple[str, Any]], chosen: Any = None) -> QComboBox:
    """Return a box of named choices, one of them chosen."""
    box = QComboBox()
    box.setAccessibleName(name)
    for words, data in items:
        box.addItem(words, data)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(10)
    box.setCurrentIndex(max(0, next((n for n, (_w, data) in enumerate(items) if data == chosen), 0)))
    return box
