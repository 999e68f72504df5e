"""Where a household lives: the kind of address, the commune found by its name or its postcode, or typed freely."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QGridLayout, QLineEdit, QWidget

from epicerie_desktop.domain.communes import Commune, matching
from epicerie_desktop.domain.household import HousingKind
from epicerie_desktop.domain.labels import label
from epicerie_desktop.services.households.enrol import AddressForm
from epicerie_desktop.services.nomenclatures import all_communes
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.text import words
from epicerie_desktop.ui.common.days import go_on
from epicerie_desktop.ui.households.parts import Labelled

_LINES = {
    HousingKind.HOME: N_("Rue et numéro, bâtiment"),
    HousingKind.HOSTED: N_("Chez qui, rue et numéro"),
    HousingKind.DOMICILED: N_("Nom du CCAS ou de l'organisme"),
    HousingKind.NO_FIXED_ADDRESS: N_("Où joindre la personne, si elle le souhaite"),
}
_POSTCODE_DIGITS = 5


class CommuneField(QLineEdit):
    """A commune, by name or postcode; `chosen` when one of the list is taken, `left` when the keyboard goes elsewhere."""

    chosen = Signal()
    left = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._found: tuple[Commune, ...] = ()
        self.commune: Commune | None = None
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(8)
        self.setCompleter(completer)
        completer.activated[QModelIndex].connect(self._on_activated)  # type: ignore[index]
        self.textEdited.connect(self._on_edited)

    def show_commune(self, code: str | None, name: str) -> None:
        """Show what was kept: a commune of the list, or a name typed freely."""
        self.commune = next((c for c in all_communes() if code is not None and c.code == code), None)
        self.setText(self.commune.name if self.commune else name)

    def settle(self) -> None:
        """Take the commune of the list whose whole name was typed, accents and hyphens aside."""
        if self.commune is None and self.text().strip():
            typed = words(self.text())
            same = [c for c in all_communes() if c.valid_on(self._today) and words(c.name) == typed]
            if len(same) == 1:
                self._take(same[0])

    @Slot(str)
    def _on_edited(self, typed: str) -> None:
        self.commune = None
        self._found = matching(all_communes(), typed, self._today) if typed.strip() else ()
        self._names.setStringList([f"{c.name}  ·  {', '.join(c.postcodes)}" for c in self._found])

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        row = index.row()
        if 0 <= row < len(self._found):
            self._take(self._found[row])
            go_on(self)

    def _take(self, commune: Commune) -> None:
        self.commune = commune
        # The completer writes its own line after this slot: ours comes last.
        self.setText(commune.name)
        self.chosen.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Settle what was typed, unless only the list of choices took the keyboard."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.settle()
            self.left.emit()


class AddressEditor(QWidget):
    """The address of a file. `changed` at each key; without `asks_kind`, its kind is asked elsewhere."""

    changed = Signal()

    def __init__(self, today: date, parent: QWidget | None = None, *, asks_kind: bool = True) -> None:
        super().__init__(parent)
        self.kind = QComboBox()
        for code in HousingKind:
            self.kind.addItem(label(code), code)
        self.kind.setMinimumWidth(10)
        self.commune = CommuneField(today)
        self.postcode = QLineEdit()
        self.postcode.setMaxLength(12)
        self.lines = QLineEdit()
        self.lines.setMaxLength(200)
        self._kind = Labelled(_("Logement"), self.kind)
        self._commune = Labelled(_("Commune ou code postal"), self.commune)
        self._postcode = Labelled(_("Code postal"), self.postcode)
        self._lines = Labelled("", self.lines)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self._kind, 0, 0, top)
        grid.addWidget(self._lines, 0, 1 if asks_kind else 0, 1, 2 if asks_kind else 3, top)
        self._kind.setVisible(asks_kind)
        grid.addWidget(self._commune, 1, 0, 1, 2, top)
        grid.addWidget(self._postcode, 1, 2, top)
        for column, stretch in enumerate((5, 5, 3)):
            grid.setColumnStretch(column, stretch)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.commune.textEdited.connect(self._on_commune_edited)
        self.commune.chosen.connect(self._on_commune_chosen)
        self.commune.left.connect(self._tell_commune)
        for line in (self.commune, self.postcode, self.lines):
            line.textChanged.connect(self._on_edited)
        self._name_lines()

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """Return the fields, in the order of the keyboard."""
        return (self.kind, self.lines, self.commune, self.postcode)

    def show_address(self, form: AddressForm) -> None:
        """Show an address."""
        self.kind.setCurrentIndex(self.kind.findData(form.kind))
        self.commune.show_commune(form.commune_code, form.commune_name)
        self.postcode.setText(form.postcode)
        self.lines.setText(form.lines)
        self._tell_commune()

    def form(self) -> AddressForm:
        """Return the address as typed; a commune outside the list keeps its name and has no code."""
        self.commune.settle()
        found = self.commune.commune
        name = found.name if found else self.commune.text().strip()
        return AddressForm(
            HousingKind(self.kind.currentData()), self.lines.text().strip(), self.postcode.text().strip(),
            found.code if found else None, name,
        )  # fmt: skip

    def snapshot(self) -> tuple[object, ...]:
        """Return what is typed, to know whether something changed."""
        return (self.kind.currentData(), self.lines.text(), self.commune.text(), self.postcode.text())

    def _name_lines(self) -> None:
        text = _(_LINES[HousingKind(self.kind.currentData())])
        self._lines.label.setText(text)
        self.lines.setAccessibleName(text)

    @Slot()
    def _on_kind(self) -> None:
        self._name_lines()
        self.changed.emit()

    @Slot()
    def _on_edited(self) -> None:
        self.changed.emit()

    @Slot()
    def _on_commune_edited(self) -> None:
        self._commune.tell("")

    @Slot()
    def _on_commune_chosen(self) -> None:
        found = self.commune.commune
        if found is not None and found.postcodes and self.postcode.text().strip() not in found.postcodes:
            self.postcode.setText(found.postcodes[0])
        self._tell_commune()

    @Slot()
    def _tell_commune(self) -> None:
        typed = self.commune.text().strip()
        if self.commune.commune is not None or not typed:
            self._commune.tell("")
        elif typed.isdecimal() and len(typed) == _POSTCODE_DIGITS:
            self._commune.tell(
                _("Ce code postal couvre plusieurs communes : choisissez-en une, ou tapez son nom."), wrong=True
            )
        else:
            self._commune.tell(_("Commune hors de la liste : elle est gardée telle qu'elle est tapée."))
