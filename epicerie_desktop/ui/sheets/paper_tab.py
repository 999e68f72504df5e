"""« Matinée sur papier »: print a sheet before, enter it after, line by line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QSizePolicy, QVBoxLayout, QWidget

from epicerie_desktop.services import paper_morning
from epicerie_desktop.services.paper_morning import Entered
from epicerie_desktop.services.queries.paper_morning import PaperGrid, PaperSheetRow, paper_grid, paper_sheets
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import pdf_view
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.sheets.paper_grid import WeightGrid
from epicerie_desktop.ui.tabbed import GesturePage
from epicerie_desktop.ui.writing_dialog import WritingDialog

if TYPE_CHECKING:
    from epicerie_desktop.ui.sheets.screen import SheetsScreen


class PaperTab(GesturePage):
    """The sheets printed, and the grid of the one chosen."""

    def __init__(self, screen: SheetsScreen) -> None:
        super().__init__(screen)
        self.sheets = QComboBox()
        self.sheets.setAccessibleName(_("Feuille"))
        self.sheets.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.notice = Notice(closable=True, parent=self)
        self.empty = label(
            _(
                "Un matin sans l'ordinateur : imprimez d'avance une feuille, remplissez-la à la main, puis saisissez-la ici dans l'ordre. "
                "Les passages gardent leur jour."
            ),
            "soft",
        )
        self.grid = WeightGrid()
        self.new = ActionButton(_("Nouvelle feuille"), "F3", "plus")
        self.look = ActionButton(_("Revoir la feuille"), "Ctrl+P", "eye")
        self.keep = ActionButton(_("Enregistrer les passages"), "F12", "check", "primary")
        self._names = True
        self._made = False
        choice = FormRow(_("Feuille"), self.sheets)
        choice.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 12, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(row(choice, None))
        whole.addWidget(self.notice)
        whole.addWidget(self.empty)
        whole.addWidget(self.grid, 1)
        whole.addLayout(row(None, self.new, self.look, self.keep))
        self.sheets.currentIndexChanged.connect(self._on_chosen)
        self.new.clicked.connect(self.open_new)
        self.look.clicked.connect(self._on_look)
        self.keep.clicked.connect(self.enter)

    def first_field(self) -> QWidget | None:
        """Return the grid, or what makes a first sheet."""
        return self.grid if self.sheets.count() else self.new

    def read(self) -> None:
        """Read the sheets; what is being typed stays as it is."""
        if not self.grid.dirty:
            self.ask(partial(paper_sheets, self.desk), self._show_sheets, key="paper sheets")

    def _show_sheets(self, rows: tuple[PaperSheetRow, ...]) -> None:
        chosen = self.sheets.currentData()
        self.sheets.blockSignals(True)
        self.sheets.clear()
        for r in rows:
            told = _("Feuille n° {number} du {day} : {entered} sur {lines} saisis").format(
                number=r.number, day=shown.day(r.day), entered=r.entered, lines=r.lines
            )
            self.sheets.addItem(told, r.id)
        self.sheets.setCurrentIndex(max(0, self.sheets.findData(chosen)) if rows else -1)
        self.sheets.blockSignals(False)
        for widget in (self.sheets, self.grid, self.look, self.keep):
            widget.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        if self._made:
            # Under the paper shown: it is what has the keyboard once that is put away.
            self._made = False
            self.grid.setFocus()
        self._on_chosen()

    @Slot()
    def _on_chosen(self) -> None:
        sheet = self.sheets.currentData()
        if sheet is not None:
            self.ask(partial(paper_grid, self.desk, sheet), self._show_grid, key="paper grid")

    def _show_grid(self, grid: PaperGrid) -> None:
        self.grid.show_grid(grid)

    @Slot()
    def open_new(self) -> None:
        """Ask for which day a sheet is."""
        self.open_dialog(NewSheetDialog(self))

    def show_made(self, sheet: int, *, names: bool) -> None:
        """Choose the sheet just made, and show its paper."""
        self.sheets.addItem("", sheet)
        self.sheets.setCurrentIndex(self.sheets.count() - 1)
        self._names, self._made = names, True
        self.read()
        self._look_at(sheet)

    def _look_at(self, sheet: int) -> None:
        name = _("feuille-papier-{number}").format(number=sheet)
        make = partial(paper_morning.sheet_pdf, self.desk, sheet, names=self._names)
        pdf_view.look_at(self.owner, make, _("Feuille pour une matinée sur papier"), name)

    @Slot()
    def _on_look(self) -> None:
        sheet = self.sheets.currentData()
        if sheet is not None:
            self._look_at(sheet)

    @Slot()
    def enter(self) -> None:
        """Make the tickets of what is typed, all or none."""
        problem, sheet, desk = self.grid.problem(), self.sheets.currentData(), self.desk
        if problem:
            self.notice.tell("error", problem)
            self.grid.setFocus()
            return
        entries = self.grid.entries()
        self.act(
            lambda: paper_morning.enter_sheet(desk, sheet, entries),
            self._on_entered,
            lambda told: self.notice.tell("error", told),
        )

    def _on_entered(self, done: Entered) -> None:
        told = ngettext("{n} passage enregistré", "{n} passages enregistrés", done.tickets).format(
            n=shown.number(done.tickets)
        )
        told = _("{visits} : {kilos}, {paid} de participation.").format(
            visits=told, kilos=shown.kilos(done.grams), paid=shown.money(done.paid_cents)
        )
        if done.amended is not None:
            told += " " + _("Ce mois était clos : l'avenant est fait.")
        self.notice.tell("success", told)
        self.grid.show_grid(None)
        self.read()
        self.grid.setFocus()


class NewSheetDialog(WritingDialog):
    """For which day, and with names or without."""

    def __init__(self, page: PaperTab) -> None:
        super().__init__(
            page, _("Une feuille pour une matinée sans l'ordinateur"),
            _("Elle porte une ligne par foyer dont le droit est ouvert ce jour-là."), _("Faire la feuille"),
        )  # fmt: skip
        self._tab = page
        self.day, self.names = DayField(page.desk.clock.today()), QCheckBox(_("Avec le prénom et l'initiale"))
        self.names.setChecked(True)
        self.body.addWidget(FormRow(_("Jour de la distribution"), self.day))
        self.body.addWidget(self.names)
        self.body.addWidget(self.notice)
        self.day.submitted.connect(self.names.setFocus)
        self.made: int | None = None
        self.finished.connect(self._on_finished)
        self.day.setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the making of the sheet, None where the day cannot be read."""
        if not self.day.check() or self.day.value is None:
            self.day.setFocus()
            return None
        return partial(paper_morning.make_sheet, self.page.desk, self.day.value)

    def _on_written(self, done: object) -> None:
        self.made = done if isinstance(done, int) else None
        super()._on_written(done)

    @Slot()
    def _on_finished(self) -> None:
        if self.made is not None:
            self._tab.show_made(self.made, names=self.names.isChecked())
