"""One row of the règlement as a form: what this shop says of it, and « Ajouter » for the rest of what the format can say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from epicerie_desktop.domain.eligibility.draft import Draft, Path, Problem
from epicerie_desktop.domain.eligibility.draft_answers import answer_in, code_of, codes_in, unit_in, with_answer
from epicerie_desktop.domain.eligibility.form_fields import Field, Kind, Table
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.fitting import scrolled
from epicerie_desktop.ui.households.parts import EnterGoesOn, chain
from epicerie_desktop.ui.rulesets.amounts import AmountAnswer, LengthAnswer
from epicerie_desktop.ui.rulesets.answers import AnswerEditor, BoxesAnswer, ChoiceAnswer, LineAnswer, YesAnswer
from epicerie_desktop.ui.rulesets.cases import CasesAnswer


class RowForm(QWidget):
    """The questions of the row at `path`. `edited` carries the draft with the answer just given."""

    edited = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft = Draft()
        self.table: Table | None = None
        self.path: Path = ()
        self.editors: dict[str, AnswerEditor] = {}
        self._asked: set[str] = set()
        self._touched: set[str] = set()
        self._fresh: set[Path] = set()
        self.title = label("", "section")
        self.more = ActionButton(_("Ajouter une précision…"), "F3", "plus")
        self.more.clicked.connect(self._on_more)
        self._enter = EnterGoesOn(self)
        self._inside = QWidget()
        self._lines = QVBoxLayout(self._inside)
        self._lines.setContentsMargins(0, 0, 8, 0)
        self._lines.setSpacing(12)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.title)
        whole.addWidget(scrolled(self._inside), 1)
        whole.addLayout(row(self.more, None))

    def open_row(self, draft: Draft, table: Table, path: Path, *, fresh: bool = False) -> None:
        """Ask the questions of a row; `fresh`: it was just added, and its code follows its name."""
        self.draft, self.table, self.path = draft, table, path
        self._asked, self._touched = set(), set()
        for name in list(self.editors):
            self._drop(name)  # of another row, whose answers they show
        if fresh:
            self._fresh.add(path)
        number = f" {int(path[-1]) + 1}" if table.many and path else ""
        self.title.setText(_(table.title) + number if table.key else _(table.title))
        self._rebuild()

    def forget_fresh(self) -> None:
        """Take every row as known: their codes no longer follow their names."""
        self._fresh.clear()

    def _wanted(self, problems: Iterable[Path] = ()) -> list[Field]:
        assert self.table is not None
        wrong = set(problems)
        found = []
        for field in self.table.fields:
            there = answer_in(self.draft, self.path, field) is not None
            asked = field.label in self._asked or (*self.path, *field.path) in wrong
            if field.shown or asked or (there and not field.quiet):
                found.append(field)
        return found

    def _rebuild(self, problems: Iterable[Path] = ()) -> None:
        assert self.table is not None
        wanted = self._wanted(problems)
        names = [f.label for f in wanted]
        for name in [n for n in self.editors if n not in names or self.editors[n].field not in wanted]:
            self._drop(name)
        for position, field in enumerate(wanted):
            editor = self.editors.get(field.label) or self._made(field)
            self.editors[field.label] = editor
            self._lines.insertWidget(position, editor)
            editor.show()
        self.editors = {name: self.editors[name] for name in names}
        if self._lines.count() == len(wanted):
            self._lines.addStretch(1)
        self.more.setVisible(bool(self._unused()))
        self._order()

    def _drop(self, name: str) -> None:
        editor = self.editors.pop(name)
        editor.blockSignals(True)
        self._lines.removeWidget(editor)
        editor.hide()
        editor.deleteLater()

    def _made(self, field: Field) -> AnswerEditor:
        codes = codes_in(self.draft, field.ref) if field.ref else ()
        unit = unit_in(self.draft, self.path, field)
        unit = _(unit) if unit else ""
        if field.kind is Kind.YES:
            editor: AnswerEditor = YesAnswer(field)
        elif field.kind in (Kind.CHOICE, Kind.REF):
            editor = ChoiceAnswer(field, codes)
        elif field.kind in (Kind.CHOICES, Kind.CODES):
            editor = BoxesAnswer(field, codes)
        elif field.kind is Kind.AMOUNT:
            editor = AmountAnswer(field, unit)
        elif field.kind is Kind.LENGTH:
            editor = LengthAnswer(field)
        elif field.kind is Kind.CASES:
            editor = CasesAnswer(field, lambda table: codes_in(self.draft, table))
        else:
            editor = LineAnswer(field, unit)
        editor.show_value(answer_in(self.draft, self.path, field))
        editor.changed.connect(lambda: self._on_changed(editor))
        editor.left.connect(lambda: self._on_left(editor))
        return editor

    def _order(self) -> None:
        stops = [stop for editor in self.editors.values() for stop in editor.stops]
        self._enter.watch(*(s for s in stops if not s.inherits("QLineEdit") and not s.inherits("QCheckBox")))
        chain((*stops, self.more))

    def first(self) -> AnswerEditor | None:
        """Return the first question."""
        return next(iter(self.editors.values()), None)

    def _on_changed(self, editor: AnswerEditor) -> None:
        assert self.table is not None
        before = str(answer_in(self.draft, self.path, editor.field) or "")
        draft = with_answer(self.draft, self.path, editor.field, editor.value())
        if editor.field.key == "label" and self.path in self._fresh and any(f.quiet for f in self.table.fields):
            draft = _follow(draft, self.path, before, str(editor.value() or ""))
        self.draft = draft
        if isinstance(editor, AmountAnswer | CasesAnswer):
            self._order()
        if editor.field.key == "measure":
            self._unit_changed()
        self.edited.emit(draft)

    def _unit_changed(self) -> None:
        for name, editor in list(self.editors.items()):
            if isinstance(editor, AmountAnswer) and editor.field.key in ("", "most"):
                self._drop(name)
        self._rebuild()

    def _on_left(self, editor: AnswerEditor) -> None:
        self._touched.add(editor.field.label)
        if isinstance(editor, AmountAnswer | CasesAnswer):
            self._order()
        self.left.emit()

    def mark(self, problems: tuple[Problem, ...], *, every: bool = False) -> None:
        """Say under each question left behind what is wrong with it; `every`: under all of them, and of the row itself."""
        if self.table is None:
            return
        paths = [p.path for p in problems]
        if every:
            self._rebuild(paths)
        told: dict[str, str] = {}
        for problem in problems:
            if problem.path[: len(self.path)] != self.path:
                continue
            rest = problem.path[len(self.path) :]
            editor = next(
                (e for e in self.editors.values() if e.field.path and rest[: len(e.field.path)] == e.field.path), None
            )
            if editor is None and self.table.key:
                editor = next((e for e in self.editors.values() if not e.field.key), None) or self.first()
            if editor is not None:
                told.setdefault(editor.field.label, problem.what)
        for name, editor in self.editors.items():
            editor.show_error(told.get(name, "") if every or name in self._touched else "")
        if every:
            self._touched |= set(told)

    def wrong(self) -> AnswerEditor | None:
        """Return the first question said to be wrong."""
        return next((e for e in self.editors.values() if e.error), None)

    # -- what else can be said -----------------------------------------------------------------------------------------

    def _unused(self) -> list[Field]:
        assert self.table is not None
        return [f for f in self.table.fields if f.label not in self.editors]

    @Slot()
    def _on_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for field in self._unused():
            menu.addAction(_(field.label)).triggered.connect(lambda _on=False, field=field: self.ask_for(field))
        menu.popup(self.more.mapToGlobal(QPoint(0, 0)))
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])

    def ask_for(self, field: Field) -> None:
        """Ask one more question, and give it the keyboard."""
        self._asked.add(field.label)
        self._rebuild()
        self.editors[field.label].take_focus()


def _follow(draft: Draft, path: Path, before: str, now: str) -> Draft:
    """Return the draft with the code made from the name, unless somebody chose another one."""
    code: Any = draft.get((*path, "code"))
    if code not in (None, "", code_of(before)):
        return draft
    made = code_of(now)
    return draft.put((*path, "code"), made) if made else draft.clear((*path, "code"), least=len(path))
