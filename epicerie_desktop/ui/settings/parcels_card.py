"""Parcel types, made at the till from a basket or here, and how many emergency parcels may be given in a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import Features
from epicerie_desktop.services.queries.stock import CatalogueRow, catalogue
from epicerie_desktop.services.till import parcels
from epicerie_desktop.services.till.parcels import ParcelTypeForm
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.settings.parcel_editor import ParcelEditor

_CHOICES = (0, 1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 100)


class ParcelsCard(Card):
    """Shown where parcels are used; each choice is kept at once."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Colis"))
        self._screen = screen
        self.most = QComboBox()
        self.boxes: list[QCheckBox] = []
        self.edit_buttons: list[ActionButton] = []
        self.new_button = ActionButton(_("Nouveau colis type"), icon="plus")
        self._kinds = QVBoxLayout()
        self._lines: list[QWidget] = []
        self._most_row = FormRow(_("Colis d'urgence par jour, au plus"), self.most)
        self.notice = Notice("info")
        self.add(
            label(
                _("Un colis type se fait ici, ou à la caisse : remplissez un panier, puis F3. Décoché, il n'est plus proposé."), "soft"
            )
        )  # fmt: skip
        self.body.addLayout(self._kinds)
        self.body.addLayout(row(self.new_button, None))
        self.add(self._most_row, self.notice)
        self.notice.hide()
        self.most.activated.connect(self._on_most)
        self.new_button.clicked.connect(partial(self._on_edit, None))
        self.hide()

    def show_features(self, uses: Features) -> None:
        """Show the card where parcels are used, and read it."""
        self.setVisible(uses.parcel_types or uses.emergency)
        self._most_row.setVisible(uses.emergency)
        if uses.parcel_types or uses.emergency:
            self._screen.ask(partial(_read, self._screen.desk), self._show, key="parcels")

    def _show(self, read: tuple[tuple[ParcelTypeForm, ...], int]) -> None:
        kinds, most = read
        for line in self._lines:
            self._kinds.removeWidget(line)
            line.deleteLater()
        self.boxes, self.edit_buttons, self._lines = [], [], []
        for kind in kinds:
            sizes = ", ".join(str(s.persons) for s in sorted(kind.sizes, key=lambda s: s.persons))
            box = QCheckBox(_("{name} (à partir de {sizes} pers.)").format(name=kind.name, sizes=sizes))
            box.setChecked(kind.active)
            box.clicked.connect(partial(self._on_kind, kind))
            edit = ActionButton(_("Modifier"), icon="pencil", kind="quiet")
            edit.setAccessibleName(_("Modifier « {name} »").format(name=kind.name))
            edit.clicked.connect(partial(self._on_edit, kind))
            self.boxes.append(box)
            self.edit_buttons.append(edit)
            line = QWidget()
            both = row(box, None, edit)
            both.setContentsMargins(0, 0, 0, 0)
            line.setLayout(both)
            self._lines.append(line)
            self._kinds.addWidget(line)
        self.most.clear()
        for n in sorted({*_CHOICES, most}):
            self.most.addItem(str(n), n)
        self.most.setCurrentIndex(self.most.findData(most))

    def _on_kind(self, kind: ParcelTypeForm, *_checked: object) -> None:
        self._save(partial(parcels.save_parcel_type, self._screen.desk, replace(kind, active=not kind.active)))

    def _on_edit(self, kind: ParcelTypeForm | None) -> None:
        self._screen.ask(partial(catalogue, self._screen.desk), partial(self._open, kind), key="parcel_goods")

    def _open(self, kind: ParcelTypeForm | None, rows: tuple[CatalogueRow, ...]) -> None:
        self.editor = ParcelEditor(self._screen, kind, rows)
        self.editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.editor.accepted.connect(partial(self._kept, None))
        self.editor.open()

    @Slot()
    def _on_most(self) -> None:
        self._save(partial(parcels.set_most_emergencies_a_day, self._screen.desk, int(self.most.currentData())))

    def _save(self, job: Callable[[], object]) -> None:
        self._screen.context.data.submit(self, job, self._kept, self._failed)

    def _kept(self, _done: object) -> None:
        self.notice.tell("success", _("C'est enregistré."))
        self._screen.ask(partial(_read, self._screen.desk), self._show, key="parcels")

    def _failed(self, error: Exception) -> None:
        self._screen.ask(partial(_read, self._screen.desk), self._show, key="parcels")
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", trouble.sentence(error))
        else:
            trouble.show(self, error)


def _read(desk: Desk) -> tuple[tuple[ParcelTypeForm, ...], int]:
    return parcels.list_parcel_types(desk, all_of_them=True), parcels.most_emergencies_a_day(desk)
