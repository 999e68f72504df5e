"""« Ce que la boutique utilise »: what is not ticked stays hidden everywhere."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox

from epicerie_desktop.services.features import NAMES, Features, features_of, save_feature
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.layout import Card, label
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen


class FeaturesCard(Card):
    """A box a feature, written as soon as it is ticked. `shown`: what is used was read."""

    shown = Signal(object)

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Ce que la boutique utilise"))
        self._screen = screen
        self.boxes = {code: QCheckBox(_(words)) for code, words in NAMES.items()}
        self.notice = Notice("warn")
        self.add(label(_("Le reste ne se montre nulle part. Rien de ce qui est noté n'est perdu."), "soft"))
        for code, box in self.boxes.items():
            self.add(box)
            box.clicked.connect(partial(self._on_clicked, code))
        self.add(self.notice)

    @Slot()
    def take_keyboard(self) -> None:
        """Give the keyboard to the first box, which comes into view."""
        next(iter(self.boxes.values())).setFocus(Qt.FocusReason.TabFocusReason)

    def read(self) -> None:
        """Read what is switched on."""
        desk = self._screen.desk
        self._screen.ask(lambda: features_of(desk), self._show, key="features")

    def _show(self, uses: Features) -> None:
        for code, box in self.boxes.items():
            box.setChecked(bool(getattr(uses, code)))
        self.shown.emit(uses)

    def _on_clicked(self, code: str, *_checked: object) -> None:
        # What the signal carries is not counted on: a partial may be called without it.
        desk, on = self._screen.desk, self.boxes[code].isChecked()
        self._screen.context.data.submit(self, lambda: save_feature(desk, code, on), self._kept, self._failed)

    def _kept(self, _none: None) -> None:
        self.notice.tell("success", _("C'est enregistré."))

    def _failed(self, error: Exception) -> None:
        self.read()
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", trouble.sentence(error))
        else:
            trouble.show(self, error)
