"""A period, from a month to another: its six figures, a line a month, and the shop's balance on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.figures import MonthFigures, Totals, totals
from epicerie_desktop.services import sheets
from epicerie_desktop.services.queries import figures
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import papers, pdf_view
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.sheets.months import PeriodChooser
from epicerie_desktop.ui.sheets.tiles import TotalsTiles, estimate, sheet_layout

if TYPE_CHECKING:
    from epicerie_desktop.ui.sheets.screen import SheetsScreen

_Row = tuple[str, Totals]


class PeriodTab(QWidget):
    """Families and persons of the period are not the sum of the months: the tiles count each once."""

    def __init__(self, screen: SheetsScreen) -> None:
        super().__init__()
        self._screen = screen
        self.period = PeriodChooser()
        self.tiles = TotalsTiles()
        self.table: RowsTable[_Row] = RowsTable(
            totals_columns(Column(_("Mois"), lambda r: r[0], lambda m: shown.month(m).capitalize())),
            lambda r: r[0],
            name=_("Mois de la période"),
            empty=_("Choisissez une période."),
        )
        self.look = ActionButton(_("Aperçu"), "Ctrl+P", "eye")
        self.keep = ActionButton(_("Enregistrer le bilan"), "F12", "file-text", "primary")
        self.period.changed.connect(self._on_period_changed)
        self.look.clicked.connect(self._on_look_clicked)
        self.keep.clicked.connect(self._on_keep_clicked)
        self.setLayout(sheet_layout(row(self.period, None), self.tiles, self.table, self.look, self.keep))

    def show_months(self, months: tuple[str, ...], current: str) -> None:
        """Offer months, the civil year being proposed, and read the period again."""
        started = min((m for m in months if m[:4] == current[:4]), default=current)
        self.period.set_months(months, started, current)
        self.read()

    def read(self) -> None:
        """Read the months of the period."""
        desk, chosen = self._screen.desk, self.period.period
        if chosen is not None:
            self._screen.ask(lambda: figures.figures_of(desk, *chosen), self._show, key="period")

    def _show(self, months: tuple[MonthFigures, ...]) -> None:
        self.tiles.set_totals(totals(months))
        self.table.set_rows([(m.month, m.totals) for m in months])

    @Slot()
    def _on_period_changed(self) -> None:
        self.read()

    def _prepared(self) -> tuple[Callable[[], bytes], str]:
        """Return how the balance is made and how its file is called."""
        assert self.period.period is not None
        desk, (first, last) = self._screen.desk, self.period.period
        name = _("bilan-{first}-{last}").format(first=first, last=last)
        return (lambda: sheets.shop_balance_pdf(desk, first, last, desk.shop.name)), name

    @Slot()
    def _on_look_clicked(self) -> None:
        make, name = self._prepared()
        pdf_view.look_at(self._screen, make, _("Bilan de la période"), name)

    @Slot()
    def _on_keep_clicked(self) -> None:
        make, name = self._prepared()
        path = papers.ask_where(self, name)
        if path is not None:
            self._screen.work(lambda: papers.written(make(), path), self._screen.told_kept)


def totals_columns(first: Column[_Row]) -> tuple[Column[_Row], ...]:
    """Return the columns of a table of totals; `first` says what each line is."""
    return (
        first,
        Column(_("Familles"), lambda r: r[1].families, shown.number, "right"),
        Column(_("Personnes"), lambda r: r[1].persons, shown.number, "right"),
        Column(_("Passages"), lambda r: r[1].visits, shown.number, "right"),
        Column(_("Kilos"), lambda r: r[1].grams, shown.kilos, "right"),
        Column(_("dont estimés"), lambda r: r[1].estimated_grams, estimate, "right"),
        Column(_("Valeur"), lambda r: r[1].shelf_cents, shown.money, "right"),
        Column(_("Payé"), lambda r: r[1].paid_cents, shown.money, "right"),
        Column("", lambda _row: "", stretch=True),
    )
