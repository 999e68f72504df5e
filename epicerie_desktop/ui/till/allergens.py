"""What the till tells of allergens, when asked: of the article marked in the list, else of the line selected."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from epicerie_desktop.domain.safety import Allergen, Presence
from epicerie_desktop.services.features import Features, features_of
from epicerie_desktop.services.safety import allergens
from epicerie_desktop.services.safety.allergens import Known
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.till.parts import button, label

if TYPE_CHECKING:
    from epicerie_desktop.ui.till.screen import TillScreen


class AllergenHelp(QObject):
    """A button of the side pane and its answer; hidden until the shop uses allergens, and then nothing is read."""

    def __init__(self, till: TillScreen) -> None:
        super().__init__(till)
        self._till = till
        self.words = label("small")
        self.button = button(_("Allergènes"), "F6")
        self.on = False
        inside = till.side.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.insertWidget(inside.indexOf(till.side.avoided) + 1, self.words)
        inside.insertWidget(inside.indexOf(till.side.hold_button), self.button)
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_F6), till)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(self.tell)
        self.button.clicked.connect(self.tell)
        self._show(Features())
        self.read()

    def read(self) -> None:
        """Read whether the shop uses allergens."""
        self._till.ask(partial(features_of, self._till.desk), self._show, key="features")

    def _show(self, uses: Features) -> None:
        self.on = uses.allergens
        self.button.setVisible(self.on)
        self.clear()

    def clear(self) -> None:
        """Take the answer away."""
        self.words.setText("")
        self.words.hide()

    @Slot()
    def tell(self) -> None:
        """Say what is known of the article in question."""
        marked, line = self._till.entry.suggestions.current, self._till.pane.selected
        article, name = (
            (marked.id, marked.name) if marked is not None else (line.article, line.name) if line else (0, "")
        )
        if not self.on or not article:
            return
        self._till.ask(
            partial(allergens.allergens_of, self._till.desk, article), partial(self._told, name), key="allergens"
        )

    def _told(self, name: str, known: Known) -> None:
        self.words.setText(_("« {article} » : {words}").format(article=name, words=allergen_words(known)))
        self.words.show()


def allergen_words(known: Known) -> str:
    """Return in a few words what is known: present, traces, then what nobody knows; « unknown » is never « absent »."""
    from epicerie_desktop.domain.labels import label as called

    parts = []
    for presence, template in (
        (Presence.PRESENT, _("contient {names}.")), (Presence.TRACES, _("Traces possibles : {names}.")),
    ):  # fmt: skip
        names = [called(a).lower() for a in Allergen if known.get(a) is presence]
        if names:
            parts.append(template.format(names=", ".join(names)))
    unknown = [called(a).lower() for a in Allergen if known.get(a, Presence.UNKNOWN) is Presence.UNKNOWN]
    if len(unknown) == len(Allergen):
        return _("allergènes inconnus, lisez l'emballage.")
    if len(unknown) > 4:
        parts.append(_("Les autres sont inconnus : lisez l'emballage."))
    elif unknown:
        parts.append(_("Inconnu, à lire sur l'emballage : {names}.").format(names=", ".join(unknown)))
    return " ".join(parts) or _("aucun des 14 allergènes.")
