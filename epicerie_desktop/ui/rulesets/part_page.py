"""One part of the règlement: the rows this shop uses, each in a line, and « Ajouter » for what it does not use yet."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from epicerie_desktop.domain.eligibility.draft import Draft, Path, Problem
from epicerie_desktop.domain.eligibility.draft_answers import listed, told
from epicerie_desktop.domain.eligibility.form_fields import Part, Table
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.common.table import Column, RowsTable


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the part: its table, where it stands, what it is, what it says, and whether something is to mend in it."""

    table: Table
    path: Path
    name: str
    words: str
    wrong: bool


def rows_of(draft: Draft, part: Part, problems: tuple[Problem, ...]) -> tuple[Row, ...]:
    """Return the rows of a part as they are listed."""
    found = []
    for table, path in listed(draft, part.tables):
        wrong = any(p.path[: len(path)] == path and (path or p.path[:1] == ("combine",)) for p in problems)
        name = f"{_(table.title)} {int(path[-1]) + 1}" if table.many else _(table.title)
        words = told(draft, table, path)
        found.append(Row(table, path, name, _("À revoir – {words}").format(words=words) if wrong else words, wrong))
    return tuple(found)


class PartPage(QWidget):
    """The rows of a part. `opened` and `added` carry a `Row` or a `Table`; `removed` and `moved` a row."""

    opened = Signal(object)
    added = Signal(object)
    removed = Signal(object)
    moved = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part: Part | None = None
        self._draft = Draft()
        self.title = label("", "section")
        self.help = label("", "soft")
        self.list: RowsTable[Row] = RowsTable(
            (
                Column("", lambda r: r.name, bold=True),
                Column("", lambda r: r.words, tone=lambda r: "ask" if r.wrong else None, stretch=True),
            ),
            lambda r: r.path,
            name=_("Ce que dit le règlement"),
            empty=_("Ce règlement n'en dit rien. « Ajouter » propose ce qu'il peut dire."),
            sortable=False,
        )
        self.list.horizontalHeader().hide()
        self.add_button = ActionButton(_("Ajouter…"), "F3", "plus")
        self.up = ActionButton(_("Monter"), "Alt+Up", kind="quiet")
        self.down = ActionButton(_("Descendre"), "Alt+Down", kind="quiet")
        self.remove = ActionButton(_("Retirer"), "Del", "trash-2", "quiet")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        head = row(self.title, self.add_button, spacing=12)
        head.setStretch(0, 1)
        whole.addLayout(head)
        whole.addWidget(self.help)
        whole.addWidget(self.list, 1)
        whole.addLayout(row(self.up, self.down, None, self.remove, spacing=0))
        self.list.opened.connect(self.opened)
        self.list.chosen.connect(self._on_chosen)
        self.add_button.clicked.connect(self._on_add)
        self.remove.clicked.connect(self._on_remove)
        self.up.clicked.connect(lambda: self._on_move(-1))
        self.down.clicked.connect(lambda: self._on_move(1))

    def show_part(self, draft: Draft, part: Part, problems: tuple[Problem, ...]) -> None:
        """Show the rows of a part."""
        fresh = part is not self._part
        self._part, self._draft = part, draft
        self.title.setText(_(part.title))
        self.help.setText(_(part.help))
        rows = rows_of(draft, part, problems)
        self.list.set_rows(rows)
        self.list.size_columns()
        if fresh:
            self.list.clearSelection()
            self.list.setCurrentIndex(self.list.rows_model.index(-1, -1))
        self._on_chosen(self.list.current)

    def choose(self, path: Path) -> None:
        """Choose the row at `path`."""
        self.list.choose(path)

    @Slot(object)
    def _on_chosen(self, found: Row | None) -> None:
        movable = found is not None and found.table.many
        count = len(self._draft.get(found.table.path, [])) if found is not None and movable else 0
        at = int(found.path[-1]) if found is not None and movable else 0
        self.up.setEnabled(movable and at > 0)
        self.down.setEnabled(movable and at < count - 1)
        self.remove.setEnabled(found is not None and bool(found.table.key))

    @Slot()
    def _on_add(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for table in self.tables_to_add():
            menu.addAction(_("Ajouter {one}").format(one=_(table.one))).triggered.connect(
                lambda _on=False, table=table: self.added.emit(table)
            )
        menu.popup(self.add_button.mapToGlobal(QPoint(0, self.add_button.height())))
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])

    def tables_to_add(self) -> tuple[Table, ...]:
        """Return what may be added: any row of a list, and the tables that are not there yet."""
        if self._part is None:
            return ()
        return tuple(t for t in self._part.tables if t.key and (t.many or not self._draft.rows(t)))

    @Slot()
    def _on_remove(self) -> None:
        if self.list.current is not None and self.list.current.table.key:
            self.removed.emit(self.list.current)

    def _on_move(self, by: int) -> None:
        if self.list.current is not None:
            self.moved.emit(self.list.current, by)
