"""A règlement to be read: every row of every part, in a line."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.eligibility.draft import Draft, written
from epicerie_desktop.domain.eligibility.draft_answers import answer_in
from epicerie_desktop.domain.eligibility.form_schema import PARTS
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import column, label
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.rulesets.part_page import rows_of

_Line = tuple[int, str, str, str]
"""Its place, the part (empty where it is that of the line above), the row, what it says."""


def lines_of(draft: Draft) -> tuple[_Line, ...]:
    """Return a règlement as lines to be read."""
    found: list[_Line] = []
    for part in PARTS:
        name = _(part.title)
        if not part.tables[0].key:
            for field in part.tables[0].fields:
                value = answer_in(draft, (), field)
                if value is not None:
                    found.append((len(found), name, _(field.label), _("oui") if value is True else written(value)))
                    name = ""
            continue
        for line in rows_of(draft, part, ()):
            found.append((len(found), name, line.name, line.words))
            name = ""
    return tuple(found)


class ViewPage(QWidget):
    """The lines of a règlement."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft = Draft()
        self.text = ""
        self.words = label("", "soft")
        self.list: RowsTable[_Line] = RowsTable(
            (
                Column(_("Partie"), lambda x: x[1], bold=True),
                Column(_("Sujet"), lambda x: x[2]),
                Column(_("Ce que dit le règlement"), lambda x: x[3], stretch=True),
            ),
            lambda x: x[0],
            name=_("Ce que dit le règlement"),
            sortable=False,
        )
        self.setLayout(column(self.words, self.list, spacing=12))

    def show_text(self, text: str, words: str) -> None:
        """Show a règlement adopted; `words` tell its days."""
        self.text, self.draft = text, Draft.read(text)
        self.words.setText(words)
        self.list.set_rows(lines_of(self.draft))
        self.list.choose_first()
