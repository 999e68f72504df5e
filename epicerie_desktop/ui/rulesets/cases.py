"""Several cases of which one is enough: « parent seul, ou trois enfants ou plus ». Each is a few conditions, all to be met."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from epicerie_desktop.domain.eligibility.form_fields import Field, Kind
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, label, row
from epicerie_desktop.ui.rulesets.answers import AnswerEditor, BoxesAnswer, LineAnswer

Codes = Callable[[str], Sequence[tuple[str, str]]]
"""Gives the codes that the rows of a table have, with their labels."""


class OneCase(Card):
    """A case: the conditions asked for it, and what adds one or takes the case away."""

    def __init__(self, owner: CasesAnswer, content: Mapping[str, Any]) -> None:
        super().__init__()
        self._owner = owner
        self.editors: dict[str, AnswerEditor] = {}
        self.caption = label("", "label")
        self.lines = QVBoxLayout()
        self.more = ActionButton(_("Ajouter une condition…"), icon="plus")
        self.gone = ActionButton(_("Retirer ce cas"), kind="quiet")
        self.more.clicked.connect(self._on_more)
        self.gone.clicked.connect(lambda: owner.remove(self))
        self.add(self.caption, self.lines, row(self.more, self.gone, None))
        for field in owner.field.inside:
            if field.key in content:
                self.ask(field).show_value(content[field.key])

    def ask(self, field: Field) -> AnswerEditor:
        """Ask one more condition of this case."""
        if field.kind in (Kind.CHOICES, Kind.CODES):
            codes = self._owner.codes(field.ref) if field.ref else ()
            editor: AnswerEditor = BoxesAnswer(field, codes)
        else:
            editor = LineAnswer(field, _(field.unit) if field.unit else "")
        editor.changed.connect(self._owner.changed)
        editor.left.connect(self._owner.left)
        self.editors[field.key] = editor
        self.lines.addWidget(editor)
        editor.show()
        self.more.setVisible(len(self.editors) < len(self._owner.field.inside))
        return editor

    def value(self) -> dict[str, Any]:
        """Return what is answered, by key."""
        found = {key: editor.value() for key, editor in self.editors.items()}
        return {key: value for key, value in found.items() if value not in (None, "", [])}

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        return (*(s for e in self.editors.values() for s in e.stops), self.more, self.gone)

    def _on_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for field in self._owner.field.inside:
            if field.key not in self.editors:
                menu.addAction(_(field.label)).triggered.connect(lambda _on=False, field=field: self._on_asked(field))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])

    def _on_asked(self, field: Field) -> None:
        editor = self.ask(field)
        self._owner.changed.emit()
        editor.take_focus()


class CasesAnswer(AnswerEditor):
    """The cases, one under the other; two to begin with. Nothing asked in any of them is no answer."""

    def __init__(self, field: Field, codes: Codes, parent: QWidget | None = None) -> None:
        self.codes = codes
        self.cases: list[OneCase] = []
        super().__init__(field, "", parent)

    def _build(self) -> None:
        inside = QWidget()
        self._under = QVBoxLayout(inside)
        self._under.setContentsMargins(0, 0, 0, 0)
        self.another = ActionButton(_("Ajouter un cas"), icon="plus")
        self.another.clicked.connect(self._on_another)
        self._put(inside)
        self._lines.addLayout(row(self.another, None))
        self.show_value(None)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return those of each case, then what adds one."""
        return (*(s for case in self.cases for s in case.stops), self.another)

    def value(self) -> Any:
        """Return the cases; None where none says anything."""
        found = [case.value() for case in self.cases]
        return found if any(found) else None

    def show_value(self, value: Any) -> None:
        """Show the cases of an answer, never fewer than two."""
        for case in list(self.cases):
            self._drop(case)
        wanted = [case for case in value if isinstance(case, dict)] if isinstance(value, list) else []
        for content in wanted + [{}] * (2 - len(wanted)):
            self._add(content)

    def remove(self, case: OneCase) -> None:
        """Take a case away; the last two are emptied instead."""
        self._drop(case)
        while len(self.cases) < 2:
            self._add({})
        self.changed.emit()
        self.take_focus()

    def _add(self, content: Mapping[str, Any]) -> OneCase:
        case = OneCase(self, content)
        self.cases.append(case)
        self._under.addWidget(case)
        self._number()
        return case

    def _drop(self, case: OneCase) -> None:
        self.cases.remove(case)
        self._under.removeWidget(case)
        case.hide()
        case.deleteLater()
        self._number()

    def _number(self) -> None:
        for n, case in enumerate(self.cases, 1):
            words = _("Cas {n}") if n == 1 else _("Ou bien, cas {n}")
            case.caption.setText(words.format(n=n))
            case.more.setAccessibleName(_("Ajouter une condition au cas {n}").format(n=n))
            case.gone.setAccessibleName(_("Retirer le cas {n}").format(n=n))

    def _on_another(self) -> None:
        case = self._add({})
        self.changed.emit()
        case.more.setFocus(Qt.FocusReason.OtherFocusReason)
