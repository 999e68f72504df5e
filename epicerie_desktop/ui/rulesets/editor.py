"""The règlement in hand: its parts on the left, the part or the row in the middle, the examples on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from epicerie_desktop.domain.eligibility.draft import Draft, Problem, on_trial, problems
from epicerie_desktop.domain.eligibility.draft_answers import listed, table_at
from epicerie_desktop.domain.eligibility.form_fields import Part, Table
from epicerie_desktop.domain.eligibility.form_schema import PARTS, part_of
from epicerie_desktop.domain.eligibility.rules import ScaleFigure
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import scrolled
from epicerie_desktop.ui.rulesets.examples_panel import ExamplesPanel
from epicerie_desktop.ui.rulesets.part_page import PartPage, Row
from epicerie_desktop.ui.rulesets.row_form import RowForm

PAUSE_MS = 120
"""A règlement is weighed when the hand stops, not at each digit."""
_LIST, _ROW = range(2)
_MARK = 44
"""Room for the number of things to mend in a part."""


@dataclass(frozen=True, slots=True)
class _Line:
    part: Part
    number: int
    wrong: int


class Editor(QWidget):
    """The form. `edited` carries the draft when the hand stops; nothing is written here."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft = Draft()
        self.problems: tuple[Problem, ...] = ()
        self._part = PARTS[0]
        self._narrow = self._looking = False
        self._scales: Sequence[ScaleFigure] = ()
        self._today = date.min
        self.parts: RowsTable[_Line] = RowsTable(
            (
                Column(_("Parties"), lambda x: f"{x.number}. {_(x.part.title)}", bold=True),
                Column(
                    "", lambda x: str(x.wrong) if x.wrong else "", align="right", tone=lambda _x: "ask", stretch=True
                ),
            ),
            lambda x: x.part.code,
            name=_("Parties du règlement"),
            sortable=False,
        )
        self.page = PartPage()
        self.form = RowForm()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.page)
        self.pages.addWidget(self.form)
        self.examples = ExamplesPanel()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.right = scrolled(self.examples)
        self.part_box = QComboBox()
        self.part_box.setAccessibleName(_("Partie du règlement"))
        for number, part in enumerate(PARTS, 1):
            self.part_box.addItem(f"{number}. {_(part.title)}", part.code)
        self.peek = ActionButton(_("Ce que cela donne"), "F5", "eye")
        self._narrow_row = QWidget()
        self._narrow_row.setLayout(row(self.part_box, None, self.peek, spacing=12))
        self.status = label("", "soft")
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self.parts)
        line.addWidget(self.pages, 3)
        line.addWidget(self.right, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(self._narrow_row)
        whole.addLayout(line, 1)
        whole.addWidget(self.status)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put parts and examples behind a list and a key where three columns would not fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # Not their width: before they are laid out once, it is whatever Qt gives a widget at birth.
        wanted = (
            self.parts.minimumWidth()
            + self.page.minimumSizeHint().width()
            + self.examples.minimumSizeHint().width()
            + 64
        )
        self._narrow = wanted > self.width()
        looking = self._narrow and self._looking
        self._narrow_row.setVisible(self._narrow)
        self.parts.setVisible(not self._narrow)
        self.right.setVisible(looking or not self._narrow)
        self.pages.setVisible(not looking)
        self.peek.set_text(_("Revenir au règlement") if looking else _("Ce que cela donne"))

    @Slot()
    def _on_peek(self) -> None:
        self._looking = not self._looking
        self._fit()
        if not self._looking:
            self.focus_part()

    @Slot(int)
    def _on_box(self, at: int) -> None:
        if self._narrow and PARTS[at] is not self._part:
            self.parts.choose(PARTS[at].code)

    def _connect(self) -> None:
        self.peek.clicked.connect(self._on_peek)
        self.part_box.activated.connect(self._on_box)
        self.parts.chosen.connect(self._on_part)
        self.parts.opened.connect(self._on_part_opened)
        self.page.opened.connect(self._on_row)
        self.page.added.connect(self._on_added)
        self.page.removed.connect(self._on_removed)
        self.page.moved.connect(self._on_moved)
        self.form.edited.connect(self._on_edited)
        self.form.left.connect(self._pause.start)
        self.examples.edited.connect(self._pause.start)
        self._pause.timeout.connect(self.weigh)
        for keys, by in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda by=by: self.turn(by))

    def begin(self, draft: Draft, today: date, scales: Sequence[ScaleFigure]) -> None:
        """Open a règlement on its first part."""
        self.draft, self._today, self._scales = draft, today, scales
        self.form.forget_fresh()
        self.examples.begin()
        self.weigh()
        self.parts.choose(PARTS[0].code)
        self.show_part(PARTS[0])

    # -- where one is --------------------------------------------------------------------------------------------------

    @property
    def in_row(self) -> bool:
        """Return whether one row is open over its part."""
        return self.pages.currentIndex() == _ROW and bool(self._part.tables[0].key)

    def show_part(self, part: Part) -> None:
        """Show a part: its rows, or the questions of the identity."""
        self._part = part
        self.part_box.setCurrentIndex(PARTS.index(part))
        if not part.tables[0].key:
            self._open(part.tables[0], ())
            return
        self.page.show_part(self.draft, part, self.problems)
        self.pages.setCurrentIndex(_LIST)

    def turn(self, by: int) -> None:
        """Go to the part before or after, and give the keyboard to what it asks."""
        at = min(max(PARTS.index(self._part) + by, 0), len(PARTS) - 1)
        self.parts.choose(PARTS[at].code)
        self.focus_part()

    def focus_part(self) -> None:
        """Give the keyboard to the rows, to the way to add one, or to the first question."""
        if self.pages.currentIndex() == _ROW:
            first = self.form.first()
            if first is not None:
                first.take_focus()
        elif listed(self.draft, self._part.tables):
            self.page.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.page.list.choose_first()  # it may have had the keyboard already, for the part before
        else:
            self.page.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def back_to_part(self) -> None:
        """Close the row and come back to the rows of its part, on it."""
        path = self.form.path
        self.weigh()
        self.show_part(self._part)
        self.page.choose(path)
        self.page.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, table: Table, path: tuple[str | int, ...], *, fresh: bool = False) -> None:
        self.form.open_row(self.draft, table, path, fresh=fresh)
        self.pages.setCurrentIndex(_ROW)

    def show_first_problem(self) -> None:
        """Go to what is to mend first, say it there, and give it the keyboard."""
        if not self.problems:
            return
        problem = self.problems[0]
        self._looking = False
        self._fit()
        found = table_at(problem.path)
        if found is None or self.draft.get(found[1]) is None:
            part = part_of(found[0]) if found is not None else PARTS[0]
            self.parts.choose(part.code)
            self.show_part(part)
            self.focus_part()
            return
        table, path = found
        part = part_of(table)
        self._part = part
        self.part_box.setCurrentIndex(PARTS.index(part))
        self.parts.choose(part.code)
        if table.many and len(path) == len(table.path):
            self.show_part(part)
            self.focus_part()
            return
        if self.pages.currentIndex() != _ROW or (self.form.table, self.form.path) != (table, path):
            self._open(table, path)
        self.form.mark(self.problems, every=True)
        wrong = self.form.wrong() or self.form.first()
        if wrong is not None:
            wrong.take_focus()

    def show_date(self, sentence: str) -> None:
        """Go to the first day, which is refused, and say why."""
        self.parts.choose(PARTS[0].code)
        self.show_part(PARTS[0])
        day = next(e for e in self.form.editors.values() if e.field.key == "valid_from")
        day.show_error(sentence)
        day.take_focus()

    # -- what the hand does --------------------------------------------------------------------------------------------

    @Slot()
    def weigh(self) -> None:
        """Look for what is to mend, and weigh the examples if nothing is."""
        self._pause.stop()
        self.problems = problems(self.draft)
        self.examples.show_ruleset(on_trial(self.draft, self._trial_day()), self._scales, self._trial_day())
        self._show_parts()
        if self.pages.currentIndex() == _ROW:
            self.form.mark(self.problems)
        self.status.setText(status(self.problems))
        self.edited.emit(self.draft)

    def _trial_day(self) -> date:
        """Return the day the examples are weighed on: the first day typed, or today."""
        typed = self.draft.get(("valid_from",))
        return max(typed, self._today) if isinstance(typed, date) else self._today

    def _show_parts(self) -> None:
        lines = []
        for number, part in enumerate(PARTS, 1):
            wrong = sum(1 for p in self.problems if _part_of(p) is part)
            lines.append(_Line(part, number, wrong))
        self.parts.set_rows(lines)
        self.parts.size_columns()  # the marks come and go
        bar = self.parts.verticalScrollBar().sizeHint().width()
        self.parts.setFixedWidth(self.parts.columnWidth(0) + _MARK + bar)
        self._fit()

    @Slot(object)
    def _on_part(self, line: _Line | None) -> None:
        if line is not None and line.part is not self._part:
            self.show_part(line.part)

    @Slot(object)
    def _on_part_opened(self, _line: _Line) -> None:
        self.focus_part()

    @Slot(object)
    def _on_row(self, found: Row) -> None:
        self._open(found.table, found.path)
        if found.wrong:
            self.form.mark(self.problems, every=True)
        wrong = self.form.wrong() or self.form.first()
        if wrong is not None:
            wrong.take_focus()

    @Slot(object)
    def _on_added(self, table: Table) -> None:
        self.draft, path = self.draft.add(table)
        self._open(table, path, fresh=True)
        first = self.form.first()
        if first is not None:
            first.take_focus()
        self._pause.start()

    @Slot(object)
    def _on_removed(self, found: Row) -> None:
        if ask_confirm(
            self.window(), _("Retirer « {name} » ?").format(name=found.name), found.words, _("Retirer"), _("Garder"),
            danger=True,
        ):  # fmt: skip
            self._changed(self.draft.clear(found.path))

    @Slot(object, int)
    def _on_moved(self, found: Row, by: int) -> None:
        draft, path = self.draft.move(found.path, by)
        self._changed(draft)
        self.page.choose(path)

    def _changed(self, draft: Draft) -> None:
        self.draft = draft
        self.form.forget_fresh()
        self.weigh()
        self.page.show_part(self.draft, self._part, self.problems)
        self.focus_part()

    @Slot(object)
    def _on_edited(self, draft: Draft) -> None:
        self.draft = draft
        self._pause.start()


def _part_of(problem: Problem) -> Part:
    found = table_at(problem.path)
    return part_of(found[0]) if found is not None else PARTS[0]


def status(found: Sequence[Problem]) -> str:
    """Return what is left to do, in a line."""
    if not found:
        return _("Complet : ce règlement peut être comparé et adopté.")
    told = ngettext("{n} point à compléter.", "{n} points à compléter.", len(found)).format(n=len(found))
    return f"{told} {found[0].sentence}"
