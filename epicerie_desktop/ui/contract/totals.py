"""The totals of a contract over any period: the whole, by year, by shop, and the balance on paper."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.figures import Totals, month_of, months_between
from epicerie_desktop.domain.sheets import Balance
from epicerie_desktop.services import sheets
from epicerie_desktop.services.contract.consolidate import ContractRow
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import pdf_view, theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import column, label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import scrolled
from epicerie_desktop.ui.long_work import LongWork
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.sheets.months import PeriodChooser
from epicerie_desktop.ui.sheets.period_tab import totals_columns
from epicerie_desktop.ui.sheets.tiles import TotalsTiles

_Row = tuple[str, Totals]
_LINED_UP = 8


class TotalsTab(QWidget):
    """Families and persons are distinct in each line, so lines need not add up to the whole; the other figures do."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._contract: ContractRow | None = None
        self.work = LongWork(self, screen.context.long)
        self.period = PeriodChooser()
        self.whole = ActionButton(_("Tout le contrat"), icon="calendar-days", kind="quiet")
        self.tiles = TotalsTiles()
        self.remarks = label("", "small")
        self.by_year = self._table(_("Année"), _("Totaux par année"))
        self.by_shop = self._table(_("Épicerie"), _("Totaux par épicerie"))
        self.print = ActionButton(_("Imprimer le bilan"), "F12", "printer", "primary")
        note = label(
            _("Une famille vue plusieurs années ou dans plusieurs épiceries compte une fois dans chaque ligne, et une seule fois dans le total."),
            "small",
        )  # fmt: skip
        tables = column(
            label(_("Par année"), "section"), self.by_year, label(_("Par épicerie"), "section"), self.by_shop, note, spacing=8
        )  # fmt: skip
        choice = row(self.period, spacing=12)
        choice.addWidget(self.whole, 0, Qt.AlignmentFlag.AlignBottom)
        choice.addStretch(1)
        whole = column(spacing=8)
        whole.addWidget(scrolled(choice, self.tiles, self.remarks, tables, spacing=12, above=12), 1)
        whole.addLayout(row(None, self.print))
        self.setLayout(whole)
        self.work.veil.cancelled.connect(self._on_stopped)
        self.period.changed.connect(self._on_period_changed)
        self.whole.clicked.connect(self._on_whole_clicked)
        self.print.clicked.connect(self._on_print_clicked)

    def _table(self, title: str, name: str) -> RowsTable[_Row]:
        made: RowsTable[_Row] = RowsTable(
            totals_columns(Column(title, lambda r: r[0])), lambda r: r[0], name=name,
            empty=_("Aucun envoi reçu pour cette période."), sortable=False,
        )  # fmt: skip
        return made

    def show_contract(self, contract: ContractRow) -> None:
        """Offer the months of a contract up to today, the whole being proposed, and read its totals."""
        if self._contract is None or self._contract.id != contract.id:
            self._contract = contract
            months = self._months(contract)
            self.period.set_months((), "", "")
            self.period.set_months(tuple(reversed(months)), months[0], months[-1])
        self._contract = contract
        self.read()

    def _months(self, contract: ContractRow) -> tuple[str, ...]:
        last = max(contract.starts_on, min(contract.ends_on, self._screen.desk.clock.today()))
        return months_between(month_of(contract.starts_on), month_of(last))

    def read(self) -> None:
        """Read the totals of the period chosen."""
        if self._contract is None or self.period.period is None:
            return
        desk, form = self._screen.desk, sheets.BalanceForm(self._contract.id, *self.period.period)
        self.work.run(
            _("Les mois reçus s'additionnent…"), lambda step: sheets.contract_balance(desk, form, step), self._show, self._screen.on_trouble
        )  # fmt: skip

    @Slot()
    def _on_stopped(self) -> None:
        """Show nothing rather than the figures of another period."""
        self.tiles.clear()
        for table in (self.by_year, self.by_shop):
            table.say_when_empty(_("Lecture interrompue"))
            table.set_rows([])
        self._size()
        self.remarks.setText(
            _("Lecture interrompue : choisissez une période plus courte, ou « Tout le contrat » pour la reprendre.")
        )
        self.remarks.setVisible(True)

    def _show(self, balance: Balance) -> None:
        for table in (self.by_year, self.by_shop):
            table.say_when_empty(_("Aucun envoi reçu pour cette période."))
        self.tiles.set_totals(balance.whole)
        self.remarks.setText("\n".join(balance.remarks))
        self.remarks.setVisible(bool(balance.remarks))
        self.by_year.set_rows([(p.label, p.totals) for p in balance.by_year])
        self.by_shop.set_rows([(p.label, p.totals) for p in balance.by_shop])
        self._size()

    def _size(self) -> None:
        """Line the columns of both tables up, and give each the height of its rows: the screen scrolls, they do not."""
        tables, heights = (self.by_year, self.by_shop), theme.tokens().heights
        for table in tables:
            table.size_columns()
            table.setFixedHeight(heights["header"] + max(1, table.rows_model.rowCount()) * heights["row"] + 4)
        for n in range(_LINED_UP):
            width = max(table.columnWidth(n) for table in tables)
            for table in tables:
                table.setColumnWidth(n, width)

    @Slot()
    def _on_period_changed(self) -> None:
        self.read()

    @Slot()
    def _on_whole_clicked(self) -> None:
        if self._contract is not None:
            months = self._months(self._contract)
            self.period.choose(months[0], months[-1])

    def maker(self) -> Callable[[], bytes]:
        """Return how the balance now shown is made."""
        assert self._contract is not None
        assert self.period.period is not None
        desk, form = self._screen.desk, sheets.BalanceForm(self._contract.id, *self.period.period)
        return lambda: sheets.contract_balance_pdf(desk, form)

    @Slot()
    def _on_print_clicked(self) -> None:
        if self._contract is None or self.period.period is None:
            return
        first, last = self.period.period
        name = _("bilan-{first}-{last}").format(first=first, last=last)
        pdf_view.look_at(self._screen, self.maker(), _("Bilan du contrat"), name)
