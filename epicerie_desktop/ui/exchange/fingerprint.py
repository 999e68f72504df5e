"""Eight groups of four signs, large enough to be compared by eye with a paper."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import label


class FingerprintView(QFrame):
    """A fingerprint in two lines of four groups, as the paper prints it."""

    def __init__(self, fingerprint: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(name or _("Empreinte"))
        self.setAccessibleDescription(fingerprint)
        self.groups = fingerprint.split()
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for n, group in enumerate(self.groups):
            shown = label(group, "figure", wrap=False, selectable=True)
            grid.addWidget(shown, n // 4, n % 4, Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
