"""« Allergènes »: the articles, what is known of the fourteen for the one chosen, the grid to print."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.safety import Allergen, Presence
from epicerie_desktop.services.safety import allergens
from epicerie_desktop.services.safety.allergens import AllergenRow, Known
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.support.text import words
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import SearchField
from epicerie_desktop.ui.common.layout import Card, column, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import Wrapped, scrolled
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import GesturePage

_KEYS = {
    "P": Presence.PRESENT,
    "T": Presence.TRACES,
    "A": Presence.ABSENT,
    "I": Presence.UNKNOWN,
    "?": Presence.UNKNOWN,
}

_LETTERS = {Presence.PRESENT: "P", Presence.TRACES: "T", Presence.ABSENT: "A", Presence.UNKNOWN: "I"}
"""At a large text size the answers are called by their letters, which the line above explains."""


class AllergenLine(QWidget):
    """One allergen: four answers; P, T, A and I answer from the keyboard and go to the next."""

    edited = Signal()

    def __init__(self, allergen: Allergen, grid: QGridLayout, line: int) -> None:
        super().__init__()
        self.allergen = allergen
        self.group = QButtonGroup(self)
        self.name = label(called(allergen), "strong", wrap=False)
        grid.addWidget(self.name, line, 0)
        for i, presence in enumerate(Presence):
            choice = _Answer(called(presence) if theme.tokens().scale <= 1.2 else _LETTERS[presence], self)
            choice.setAccessibleName(f"{called(allergen)} : {called(presence)}")
            self.group.addButton(choice, i)
            grid.addWidget(choice, line, i + 1)
        self.next: AllergenLine | None = None
        self.answer = Presence.UNKNOWN

    @property
    def answer(self) -> Presence:
        """Return what is ticked."""
        return list(Presence)[max(0, self.group.checkedId())]

    @answer.setter
    def answer(self, presence: Presence) -> None:
        self.group.button(list(Presence).index(presence)).setChecked(True)

    def set_focus(self) -> None:
        """Take the keyboard."""
        self.group.buttons()[max(0, self.group.checkedId())].setFocus(Qt.FocusReason.OtherFocusReason)


class _Answer(QRadioButton):
    def __init__(self, text: str, line: AllergenLine) -> None:
        super().__init__(text)
        self._line = line

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the letter of an answer, and go on."""
        presence = _KEYS.get(event.text().upper())
        if presence is None:
            super().keyPressEvent(event)
            return
        self._line.answer = presence
        self._line.edited.emit()
        (self._line.next or self._line).set_focus()


class AllergensPage(GesturePage):
    """Articles on the left, the fourteen on the right."""

    tables: ClassVar[frozenset[str]] = frozenset({"article", "family", "article_allergen"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.rows: tuple[AllergenRow, ...] = ()
        self._shown: int | None = None
        self._changed = False
        self.search = SearchField(_("Article ou famille"))
        self.told = Notice("info")
        self.table: RowsTable[AllergenRow] = RowsTable(
            (
                Column(_("Article"), lambda r: r.name, stretch=True, bold=True),
                Column(_("Inconnus"), lambda r: r.unknown, lambda n: str(n) if n else "–", "right", tone=lambda r: "ask" if r.unknown else None),
            ),
            lambda r: r.article, name=_("Articles"), empty=_("Aucun article ne répond à cette recherche."), sortable=False,
        )  # fmt: skip
        self.table.search_in(self.search.line)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        self.lines = [AllergenLine(a, grid, i) for i, a in enumerate(Allergen)]
        for before, after in zip(self.lines, self.lines[1:], strict=False):
            before.next = after
        inside = QWidget()
        inside.setLayout(column(grid, None))
        self.card = Card()
        self.title = label("", "section")
        self.card.add(
            self.title, label(_("P présent, T traces, A absent, I inconnu : la lettre passe au suivant."), "small")
        )
        self.card.add(scrolled(inside))
        self.save = ActionButton(_("Enregistrer"), "F12", "save", "primary")
        self.absent = ActionButton(_("Le reste est absent"), "F8", "check")
        self.print_button = ActionButton(_("Imprimer la grille"), "F9", "printer")
        self.table.setMinimumWidth(250)
        below = row(self.table, self.card, spacing=16)
        below.setStretch(0, 1)
        below.setStretch(1, 2)
        whole = column(
            self.search, self.told, below, Wrapped(self.print_button, self.absent, self.save, right=True), spacing=12
        )
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.search.edited.connect(self._show_rows)
        self.search.down.connect(self._to_table)
        self.search.submitted.connect(self._to_table)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.save.clicked.connect(self.keep)
        self.absent.clicked.connect(self._on_absent)
        self.print_button.clicked.connect(self._on_print)
        for line in self.lines:
            line.edited.connect(self._on_edited)
            line.group.buttonClicked.connect(self._on_edited)
        self._on_chosen(None)

    def first_field(self) -> QWidget | None:
        """Return the search."""
        return self.search.line

    def refresh(self) -> None:
        """Read what is known."""
        self.ask(partial(allergens.allergen_rows, self.desk), self._on_rows, key="allergens")

    def _on_rows(self, rows: tuple[AllergenRow, ...]) -> None:
        self.rows = rows
        self._show_rows()

    @Slot()
    def _show_rows(self) -> None:
        wanted = words(self.search.text)
        self.table.set_rows(
            [r for r in self.rows if all(any(n.startswith(w) for n in words(f"{r.name} {r.family}")) for w in wanted)]
        )

    @Slot()
    def _to_table(self) -> None:
        if self.table.rows_model.rows:
            self.table.choose_first()
            self.table.setFocus()

    @Slot(object)
    def _on_chosen(self, chosen: AllergenRow | None) -> None:
        article = chosen.article if chosen is not None else None
        if self._changed and article == self._shown:
            return
        if self._changed and self._shown is not None:
            # What was answered for the article before is kept: going on loses nothing.
            self._write(self._shown, self.answers)
        self._shown, self._changed = article, False
        self.title.setText(chosen.name if chosen is not None else _("Choisissez un article."))
        for line in self.lines:
            line.answer = chosen.of(line.allergen) if chosen is not None else Presence.UNKNOWN
        for widget in (self.card, self.save, self.absent):
            widget.setEnabled(chosen is not None)

    @property
    def answers(self) -> Known:
        """Return what is ticked."""
        return {line.allergen: line.answer for line in self.lines}

    @Slot(object)
    def _on_opened(self, _row: AllergenRow) -> None:
        self.lines[0].set_focus()

    @Slot()
    def _on_edited(self) -> None:
        self._changed = True

    @Slot()
    def _on_absent(self) -> None:
        for line in self.lines:
            if line.answer is Presence.UNKNOWN:
                line.answer = Presence.ABSENT
        self._changed = True

    @Slot()
    def keep(self) -> None:
        """Write what is ticked, and go back to the list."""
        if self._shown is not None:
            self._changed = False
            self._write(self._shown, self.answers)
            self.table.setFocus()

    def _write(self, article: int, known: Known) -> None:
        left = sum(1 for p in known.values() if p is Presence.UNKNOWN)
        told = ngettext("Enregistré ; {n} reste inconnu.", "Enregistré ; {n} restent inconnus.", left).format(n=left)

        def then(_none: None) -> None:
            self.told.tell("success", told if left else _("Enregistré."))

        self.act(partial(allergens.save_allergens, self.desk, article, known), then, partial(self.told.tell, "warn"))

    @Slot()
    def _on_print(self) -> None:
        desk = self.desk
        look_at(self.owner, lambda: allergens.grid_pdf(desk), _("Allergènes"), _("allergenes"))

    def may_leave(self) -> bool:
        """Keep what was answered when another page is shown."""
        if self._changed:
            self.keep()
        return True
