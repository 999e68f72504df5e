"""« Ne pas proposer »: what the household asked not to be offered. Shown at the till when the article would be added."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from epicerie_desktop.services.queries.support import AvoidanceRow
from epicerie_desktop.services.queries.support_pages import AvoidancePageRead, avoidance_page
from epicerie_desktop.services.support import undertakings
from epicerie_desktop.services.support.undertakings import AvoidanceForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.support.forms import ConfirmDialog, SupportDialog, enabled_by, needed
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.screen import SupportScreen


class AvoidancePage(SupportPage):
    """The tags, by name; one removed is erased for good."""

    tables: ClassVar[frozenset[str]] = frozenset({"avoidance", "family", "article"})

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.read: AvoidancePageRead | None = None
        self.table: RowsTable[AvoidanceRow] = RowsTable(
            (
                Column(_("Ne pas proposer"), lambda t: t.label, stretch=True),
                Column(_("Concerne"), _about),
                Column(_("Accord donné le"), lambda t: t.agreed_on, shown.day),
            ),
            lambda t: t.id, name=_("Ne pas proposer"), empty=_("Rien n'est écarté pour ce foyer."), sortable=False,
        )  # fmt: skip
        told = _(
            "À la demande du foyer et avec son accord, sans noter pourquoi. La caisse le rappelle quand l'article serait ajouté."
        )
        self.new_button = ActionButton(_("Ajouter"), "F3", "plus", "primary")
        self.remove_button = ActionButton(_("Effacer"), "F6", "trash-2")
        self.lines.addWidget(label(told, "soft"))
        self.lines.addWidget(self.table, 1)
        self.foot(self.remove_button, self.new_button)
        self.table.chosen.connect(self._on_chosen)
        self.new_button.clicked.connect(self.open_new)
        self.remove_button.clicked.connect(self._on_remove)
        self._on_chosen()

    def query(self) -> Callable[[], Any]:
        """Return what reads the page."""
        return partial(avoidance_page, self.desk, self.household)

    def show_read(self, answer: AvoidancePageRead) -> None:
        """Show the tags."""
        self.read = answer
        self.fill(self.table, answer.tags)
        self._on_chosen()

    def first_field(self) -> QWidget:
        """Return the list, or what adds a tag."""
        return self.table if self.table.rows_model.rows else self.new_button

    @Slot()
    def _on_chosen(self) -> None:
        enabled_by(self.table.current is not None, self.remove_button)

    @Slot()
    def open_new(self) -> None:
        """Ask for a tag."""
        if self.read is not None:
            self.open_dialog(AvoidanceDialog(self, self.read))

    @Slot()
    def _on_remove(self) -> None:
        row = self.table.current
        if row is not None:
            self.open_dialog(
                ConfirmDialog(
                    self, _("Effacer « {label} » ?").format(label=row.label), _("Il n'en restera aucune trace au dossier."),
                    _("Effacer"), partial(undertakings.remove_avoidance, self.desk, row.id), _("C'est effacé."),
                )
            )  # fmt: skip


def _about(row: AvoidanceRow) -> str:
    if row.article_id is not None:
        return _("un article")
    return _("une famille") if row.family_id is not None else _("à dire au foyer")


class AvoidanceDialog(SupportDialog):
    """An article, a family, or a few words."""

    def __init__(self, page: SupportPage, read: AvoidancePageRead) -> None:
        super().__init__(
            page,
            _("Ne pas proposer"),
            _("Ajouter"),
            _("Choisissez un article ou une famille, ou écrivez quelques mots."),
        )
        self.done_text = _("Ce sera rappelé à la caisse.")
        self.article = self.add(_("Article"), _chooser(read.articles))
        self.family = self.add(_("Ou toute une famille"), _chooser(read.families))
        self.words = self.add(_("Ou en quelques mots, sans motif"), QLineEdit())
        self.day = self.add(_("Le foyer est d'accord, le"), DayField(page.desk.clock.today()))
        self.ready()

    def gesture(self) -> Callable[[], object]:
        """Return what keeps the tag. Raises `BadInput` for a name that is not in the list."""
        form = AvoidanceForm(needed(self.day), _chosen(self.family), _chosen(self.article), self.words.text())
        return partial(undertakings.add_avoidance, self.page.desk, self.page.household, form)

    def made(self, answer: object) -> int | None:
        """Return the id just written."""
        return answer if isinstance(answer, int) else None


def _chooser(rows: tuple[tuple[int, str], ...]) -> QComboBox:
    """Return a list in which typing finds."""
    box = QComboBox()
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    for found, name in rows:
        box.addItem(name, found)
    completer = box.completer()
    assert completer is not None
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    box.setCurrentIndex(-1)
    box.setEditText("")
    return box


def _chosen(box: QComboBox) -> int | None:
    typed = box.currentText().strip()
    if not typed:
        return None
    place = next((i for i in range(box.count()) if box.itemText(i).casefold() == typed.casefold()), None)
    if place is None:
        raise BadInput(
            N_("« {typed} » n'est pas dans la liste : choisissez-le, ou écrivez-le en quelques mots."), typed=typed
        )
    return int(box.itemData(place))
