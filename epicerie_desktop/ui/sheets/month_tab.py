"""The month: its six figures, a line a household, and the sheet to keep or to look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from epicerie_desktop.domain.figures import NOTHING_APART, Apart, HouseholdMonth, Totals
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.sheets import MonthSheet
from epicerie_desktop.services import month_sheets
from epicerie_desktop.services.month_sheets import SheetsMade, SheetsWanted
from epicerie_desktop.services.months import MonthState, month_state
from epicerie_desktop.services.queries.figures import totals_of, unweighed_lines
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import closed_papers, papers
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import FormRow, column, label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.sheets.closing import AmendDialog, CloseDialog, state_words
from epicerie_desktop.ui.sheets.months import MonthChooser
from epicerie_desktop.ui.sheets.several import SeveralDialog
from epicerie_desktop.ui.sheets.tiles import TotalsTiles, estimate, sheet_layout, told_moved
from epicerie_desktop.ui.tabbed import GesturePage

if TYPE_CHECKING:
    from epicerie_desktop.ui.sheets.screen import SheetsScreen


@dataclass(frozen=True, slots=True)
class Line:
    """A household of the month, with its name where the person asked for names."""

    figures: HouseholdMonth
    name: str


class MonthTab(GesturePage):
    """Shows the month chosen; names stay hidden until asked for, on screen as on paper."""

    def __init__(self, screen: SheetsScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._state: MonthState | None = None
        self.current = ""
        self.wanted = ""
        self._offered: tuple[str, ...] = ()
        self.months = MonthChooser(_("Mois"))
        self.names = QCheckBox(_("Avec les noms"))
        self.names.setToolTip(_("Pour l'usage de l'épicerie seulement : la feuille qui se transmet n'en porte pas."))
        self.tiles = TotalsTiles()
        self.apart = label("", "soft", wrap=False)
        self.apart.hide()
        self.moved = label("", "soft", wrap=False)
        self.moved.hide()
        self.table: RowsTable[Line] = RowsTable(
            _columns(),
            lambda line: line.figures.household,
            name=_("Foyers du mois"),
            empty=_("Personne n'est venu ce mois-là : la feuille serait vide, avec des totaux à zéro."),
        )
        self.table.setColumnHidden(1, True)
        self.state = label("", "soft")
        self.state.hide()
        self.close_button = ActionButton(_("Clore le mois"), "F8", "lock")
        self.close_button.hide()
        self.several = ActionButton(_("Autres feuilles"), "F6", "list")
        self.look = ActionButton(_("Aperçu"), "Ctrl+P", "eye")
        self.keep = ActionButton(_("Enregistrer le PDF"), "F12", "file-text", "primary")
        self._lay_out()
        self.months.month_changed.connect(self._on_month_changed)
        self.names.toggled.connect(self._on_names_toggled)
        self.close_button.clicked.connect(self.open_closing)
        self.several.clicked.connect(self.open_several)
        self.look.clicked.connect(self._on_look_clicked)
        self.keep.clicked.connect(self._on_keep_clicked)

    def _lay_out(self) -> None:
        choice = FormRow(_("Mois"), self.months)
        choice.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._note_of_names = note = label(
            _("Les noms restent dans l'épicerie : la feuille transmise n'en porte pas."), "small"
        )
        hint = row(self.names, spacing=12)
        hint.addWidget(note, 1)
        hint.addWidget(self.apart)
        self.setLayout(
            sheet_layout(
                column(row(choice, column(None, hint, spacing=0), spacing=24), self.state, spacing=6),
                column_widget(self.tiles, self.moved),
                self.table,
                self.close_button,
                self.several,
                self.look,
                self.keep,
            )
        )

    def first_field(self) -> QWidget | None:
        """Return the list of months."""
        return self.months

    def show_months(self, months: tuple[str, ...], current: str) -> None:
        """Offer months and read the one chosen again."""
        self.current = current
        self._offered = months
        may_name = month_sheets.may_name(self.desk)
        for part in (self.names, self._note_of_names):
            part.setVisible(may_name)
        if self.wanted in months:
            self.months.set_months(months, current)
            self.months.choose(self.wanted)
            self.wanted = ""
        else:
            self.months.set_months(months, current)
        self.read()

    def read(self) -> None:
        """Read the lines of the month chosen."""
        desk, month, names = self._screen.desk, self.months.month, self.names.isChecked()
        if month:
            self._screen.ask(
                lambda: _lines(month_sheets.month_sheet(desk, month, names=names)), self._show, key="month"
            )
            self._screen.ask(lambda: month_state(desk, month), self._show_state, key="month state")

    def _show(self, found: tuple[MonthSheet, list[Line]]) -> None:
        sheet, lines = found
        self.tiles.set_totals(sheet.figures.totals)
        self._show_emergencies(sheet.apart or NOTHING_APART)
        self.moved.setText(told_moved(sheet.moved))
        self.moved.setVisible(bool(self.moved.text()))
        self.table.set_rows(lines)
        if self.table.isColumnHidden(1) is self.names.isChecked():
            self.table.setColumnHidden(1, not self.names.isChecked())
            self.table.size_columns()

    def _show_state(self, state: MonthState) -> None:
        self._state = state
        words = state_words(state)
        self.state.setVisible(bool(words))
        self.state.setText(words)
        may = Role(self.desk.actor.role).keeps_accounts and state.over and bool(state.pending or not state.closed)
        self.close_button.set_text(_("Faire un avenant") if state.closed else _("Clore le mois"))
        self.close_button.setVisible(may)

    @Slot()
    def open_closing(self) -> None:
        """Ask before the month is closed, or what its amendment takes in."""
        state, desk = self._state, self.desk
        if state is None or state.month != self.months.month:
            return
        if state.closed:
            self.open_dialog(AmendDialog(self, state))
        else:
            month = state.month
            self._screen.ask(
                lambda: (totals_of(desk, month, month), unweighed_lines(desk, month)), self._ask_closing, key="closing"
            )

    def _ask_closing(self, found: tuple[Totals, int]) -> None:
        self.open_dialog(CloseDialog(self, self.months.month, *found))

    def _show_emergencies(self, given: Apart) -> None:
        self.apart.setVisible(bool(given.parcels))
        self.apart.setText(
            ngettext(
                "À part : {n} colis d'urgence sans dossier ({persons} pers., {kilos})",
                "À part : {n} colis d'urgence sans dossier ({persons} pers., {kilos})",
                given.parcels,
            ).format(n=given.parcels, persons=given.persons, kilos=shown.kilos(given.grams))
        )

    @Slot()
    def _on_month_changed(self) -> None:
        self._screen._retitle()
        self.read()

    @Slot()
    def _on_names_toggled(self) -> None:
        self.read()

    def _wanted_sheet(self) -> SheetsWanted:
        return SheetsWanted((self.months.month,), names=self.names.isChecked())

    @property
    def file_name(self) -> str:
        """Return how the sheet is called as a file; it never tells a name."""
        return _("feuille-{month}").format(month=self.months.month)

    @Slot()
    def open_several(self) -> None:
        """Ask for other forms of the sheet, or several months, in one document."""
        dialog = SeveralDialog(self, self._offered, self.months.month, names=self.names.isChecked())
        dialog.accepted.connect(self._on_several)
        self.open_dialog(dialog)

    @Slot()
    def _on_several(self) -> None:
        dialog = self.dialog
        if isinstance(dialog, SeveralDialog) and dialog.made is not None and dialog.wanted is not None:
            months = dialog.wanted.months
            name = months[0] if len(months) == 1 else f"{months[0]}-{months[-1]}"
            self._show_made(dialog.wanted, _("feuilles-{months}").format(months=name), dialog.made)

    @Slot()
    def _on_look_clicked(self) -> None:
        desk, wanted = self._screen.desk, self._wanted_sheet()
        self._screen.work(
            lambda: month_sheets.month_sheets_pdf(desk, wanted), partial(self._show_made, wanted, self.file_name)
        )

    def _show_made(self, wanted: SheetsWanted, name: str, made: SheetsMade) -> None:
        """Show sheets; once they are kept or printed this is noted, and what is shown next is a duplicate."""
        title = _("Feuille du mois : {month}").format(month=shown.month(wanted.months[0]))
        make = partial(month_sheets.month_sheets_pdf, self._screen.desk, wanted)
        closed_papers.show_closed(self._screen, made, make, title, name)

    @Slot()
    def _on_keep_clicked(self) -> None:
        path, desk, wanted = papers.ask_where(self, self.file_name), self._screen.desk, self._wanted_sheet()
        if path is None:
            return

        def keep() -> SheetsMade:
            made = month_sheets.month_sheets_pdf(desk, wanted)
            papers.written(made.content, path)
            return made

        self._screen.work(keep, partial(self._on_kept, path))

    def _on_kept(self, path: Path, made: SheetsMade) -> None:
        closed_papers.note_out(self._screen, made.papers)
        self._screen.told_kept(path)


def column_widget(*widgets: QWidget) -> QWidget:
    """Return widgets one above the other."""
    whole = QWidget()
    lines = column(*widgets, spacing=6)
    lines.setContentsMargins(0, 0, 0, 0)
    whole.setLayout(lines)
    return whole


def _lines(sheet: MonthSheet) -> tuple[MonthSheet, list[Line]]:
    names = sheet.show_names or {}
    return sheet, [Line(h, names.get(h.number, "")) for h in sheet.figures.households]


def _columns() -> tuple[Column[Line], ...]:
    return (
        Column(_("Foyer"), lambda r: r.figures.number),
        Column(_("Nom"), lambda r: r.name),
        Column(_("Personnes"), lambda r: len(r.figures.persons), shown.number, "right"),
        Column(_("Passages"), lambda r: r.figures.visits, shown.number, "right"),
        Column(_("Kilos"), lambda r: r.figures.grams, shown.kilos, "right"),
        Column(_("dont estimés"), lambda r: r.figures.estimated_grams, estimate, "right"),
        Column(_("Valeur"), lambda r: r.figures.shelf_cents, shown.money, "right"),
        Column(_("Payé"), lambda r: r.figures.paid_cents, shown.money, "right"),
        Column("", lambda _row: "", stretch=True),
    )
