"""Notes on a household: the newest first, searched as one types, read whole beneath; struck out, never edited."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.queries.accompaniment import NoteRow, notes, notes_saying
from epicerie_desktop.services.support import notes as writing
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.fields import SearchField
from epicerie_desktop.ui.common.layout import Card, label, scrolled
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.support.forms import ConfirmDialog, OfficeDialog, enabled_by, needed, words_field
from epicerie_desktop.ui.support.page import OfficePage, SupportPage
from epicerie_desktop.ui.support.screen import SupportScreen


class NoteDialog(OfficeDialog):
    """Write a note about a day."""

    def __init__(self, page: OfficePage, household: int) -> None:
        text = _(
            "Lue par les travailleurs sociaux seulement. Une note ne se corrige pas : on la raye et on en écrit une autre."
        )
        super().__init__(page, _("Nouvelle note"), _("Enregistrer"), text)
        self.setMinimumWidth(720)
        self.household = household
        self.done_text = _("La note est enregistrée.")
        self.text = self.add(_("Note"), words_field(lines=9))
        self.day = self.add(_("Jour dont elle parle"), DayField(page.desk.clock.today()))
        self.ready()

    def gesture(self) -> Callable[[], int]:
        """Return the writing of the note."""
        return partial(writing.write_note, self.page.desk, self.household, self.text.text, needed(self.day))

    def made(self, answer: object) -> int | None:
        """Return the id just written."""
        return answer if isinstance(answer, int) else None


class NotesPage(SupportPage):
    """A list with the beginning of each note, and the whole of the one chosen."""

    tables: ClassVar[frozenset[str]] = frozenset({"note"})

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.rows: tuple[NoteRow, ...] = ()
        self.search = SearchField(_("Chercher dans les notes"))
        self.table: RowsTable[NoteRow] = RowsTable(
            (
                Column(_("Jour"), lambda n: n.day, shown.day),
                Column(_("Auteur"), lambda n: n.author),
                Column(_("Note"), _beginning, stretch=True, tone=lambda n: "ink_soft" if n.struck else None),
            ),
            lambda n: n.id, name=_("Notes"), empty=_("Aucune note. F3 en écrit une."), sortable=False,
        )  # fmt: skip
        self.table.search_in(self.search.line)
        self.told = label("", "soft")
        self.whole = label("", selectable=True)
        self.strike = ActionButton(_("Rayer"), "F7", "x")
        self.new = ActionButton(_("Écrire une note"), "F3", "pencil", "primary")
        reading = Card().add(self.told, self.whole)
        reading.body.addStretch(1)
        self.lines.addWidget(self.search)
        self.lines.addWidget(self.table, 3)
        self.lines.addWidget(scrolled(reading), 2)
        self.foot(self.strike, self.new)
        self.search.edited.connect(self._on_searched)
        self.search.down.connect(self._to_table)
        self.search.submitted.connect(self._to_table)
        self.table.chosen.connect(self._on_chosen)
        self.strike.clicked.connect(self._on_strike)
        self.new.clicked.connect(self._on_new)
        self._on_chosen(None)

    def query(self) -> Callable[[], tuple[NoteRow, ...]]:
        """Return the reading of the notes."""
        return partial(notes, self.desk, self.household)

    def show_read(self, answer: tuple[NoteRow, ...]) -> None:
        """Show the notes that hold what is searched, the newest chosen."""
        self.rows = answer
        self._on_searched()

    def first_field(self) -> QWidget:
        """Return the list."""
        return self.table

    @Slot()
    def _on_searched(self) -> None:
        self.fill(self.table, notes_saying(self.rows, self.search.text))
        self._on_chosen(self.table.current)

    @Slot()
    def _to_table(self) -> None:
        self.table.setFocus()

    @Slot(object)
    def _on_chosen(self, n: NoteRow | None) -> None:
        enabled_by(n is not None and n.struck is None, self.strike)
        if n is None:
            self.told.setText(_("Aucune note choisie."))
            self.whole.setText("")
            return
        told = _("Écrite par {author} le {day}").format(author=n.author, day=shown.day(n.written_on))
        struck = _("rayée le {day}").format(day=shown.day(n.struck)) if n.struck else ""
        self.told.setText(" · ".join(p for p in (told, struck) if p))
        self.whole.setText(n.text)

    @Slot()
    def _on_new(self) -> None:
        self.open_dialog(NoteDialog(self, self.household))

    @Slot()
    def _on_strike(self) -> None:
        n = self.table.current
        if n is not None:
            text = _("Elle reste lisible, marquée comme rayée. Cela ne se défait pas.")
            gesture = partial(writing.strike_note, self.desk, n.id)
            told = _("La note est rayée.")
            self.open_dialog(ConfirmDialog(self, _("Rayer cette note ?"), text, _("Rayer la note"), gesture, told))


def _beginning(n: NoteRow) -> str:
    first = " ".join(n.text.split())
    return _("rayée : {text}").format(text=first) if n.struck else first
