"""What the counter recalls of food safety: the words of the last team, temperatures to read, lots set aside. It never blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.layout import column, label, row
from epicerie_desktop.ui.till.parts import Tinted, button

if TYPE_CHECKING:
    from epicerie_desktop.services.safety.day_end import HandOver, SafetyReminders


class CounterBar(QFrame):
    """Two strips above the day: the words left, then what is to do; hidden where there is nothing."""

    seen = Signal(int)
    end_asked = Signal()
    cold_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hand_over: HandOver | None = None
        self._cold = False
        self.words = label("", "strong")
        self.by = label("", "small")
        self.seen_button = button(_("Lu"), "F5", icon="check")
        self.left = Tinted("info_tint")
        self.left.setLayout(self._strip(column(self.by, self.words, spacing=2), self.seen_button))
        self.to_do = label("", "soft")
        self.cold_button = button(_("Relever"), "Shift+F11", icon="clipboard-list")
        self.end_button = button(_("Fin de journée"), "F11", icon="log-out")
        self.foot = QWidget()
        line = row(self.to_do, self.cold_button, self.end_button)
        line.setStretch(0, 1)
        self.foot.setLayout(line)
        whole = column(self.left, self.foot, spacing=8)
        self.setLayout(whole)
        self.seen_button.clicked.connect(self.tell_seen)
        self.cold_button.clicked.connect(self.ask_cold)
        self.end_button.clicked.connect(self.ask_end)
        for shown_when_due in (self.left, self.cold_button, self.end_button, self.foot, self):
            shown_when_due.setVisible(False)

    def _strip(self, words: QLayout, action: QWidget) -> QLayout:
        line = row(words, action)
        line.setContentsMargins(16, 8, 12, 8)
        line.setStretch(0, 1)
        return line

    def show_reminders(self, found: SafetyReminders) -> None:
        """Show what a day recalls."""
        self._hand_over, self._cold = found.hand_over, bool(found.to_read)
        if found.hand_over is not None:
            self.by.setText(
                _("Mot de l'équipe du {day}, par {by}").format(
                    day=shown.day(found.hand_over.day), by=found.hand_over.by
                )
            )
            self.words.setText(found.hand_over.note)
        told = []
        if found.to_read:
            told.append(ngettext("{n} température à relever", "{n} températures à relever", found.to_read).format(n=found.to_read))  # fmt: skip
        if found.aside:
            told.append(ngettext("{n} lot mis de côté", "{n} lots mis de côté", found.aside).format(n=found.aside))
        if len(found.unsent) == 1:
            told.append(
                _("{month} pas encore remis à la coordination").format(month=shown.month(found.unsent[0]).capitalize())
            )
        elif found.unsent:
            told.append(_("{n} mois pas encore remis à la coordination").format(n=len(found.unsent)))
        self.to_do.setText("  ·  ".join(told))
        self.left.setVisible(found.hand_over is not None)
        self.cold_button.setVisible(self._cold)
        self.end_button.setVisible(found.day_end)
        self.foot.setVisible(bool(told) or found.day_end)
        self.setVisible(found.hand_over is not None or bool(told) or found.day_end)

    @Slot()
    def tell_seen(self) -> None:
        """Tell that the words were read."""
        if self._hand_over is not None:
            self.seen.emit(self._hand_over.id)

    @Slot()
    def ask_cold(self) -> None:
        """Ask for the temperatures."""
        if self._cold:
            self.cold_asked.emit()

    @Slot()
    def ask_end(self) -> None:
        """Ask for the questions of the evening, where the shop uses them."""
        if not self.end_button.isHidden():
            self.end_asked.emit()
