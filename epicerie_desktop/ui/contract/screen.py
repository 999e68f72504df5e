"""« Contrat »: the coordinator's shops, what each one sent, the parcels to take in, and the totals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from epicerie_desktop.domain.figures import month_of
from epicerie_desktop.services.contract import consolidate
from epicerie_desktop.services.contract.consolidate import ContractFile, ContractRow, SiteRow
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted, ask_confirm
from epicerie_desktop.ui.common.layout import FormRow, PageHeader, label, page, row
from epicerie_desktop.ui.common.states import EmptyState
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.contract import wording
from epicerie_desktop.ui.contract.balances_tab import BalancesTab
from epicerie_desktop.ui.contract.contract_page import ContractPage
from epicerie_desktop.ui.contract.dialogs import ContractDialog, FileDialog, ShopDialog
from epicerie_desktop.ui.contract.funding_tab import FundingTab
from epicerie_desktop.ui.contract.indicators_tab import IndicatorsTab
from epicerie_desktop.ui.contract.keys_dialog import ContractCare, KeysDialog, read_care, show_recovery_sheet
from epicerie_desktop.ui.contract.plan_tab import PlanTab
from epicerie_desktop.ui.contract.receiving import ReceiveDialog
from epicerie_desktop.ui.contract.restoring import RestoreContractDialog
from epicerie_desktop.ui.contract.totals import TotalsTab
from epicerie_desktop.ui.screen import Screen

_FIRST_MONTH, _MONTH_WIDTH = 3, 50
_CLOSES = Qt.WidgetAttribute.WA_DeleteOnClose


@dataclass(frozen=True, slots=True)
class ShopLine:
    """A shop and the months of the year shown, each a sign."""

    site: SiteRow
    months: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    contracts: tuple[ContractRow, ...]
    sites: tuple[SiteRow, ...]
    received: dict[int, dict[str, bool]]


class ContractScreen(Screen):
    """The contract chosen at the top; its shops and its totals beneath."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"contract", "site", "site_month", "parcel_received", "contract_balance"}
        | PlanTab.tables
        | IndicatorsTab.tables
        | FundingTab.tables
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._read = _Read((), (), {})
        self.choice = QComboBox()
        self.choice.setAccessibleName(_("Contrat"))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.new = ActionButton(_("Nouveau contrat"), "Ctrl+N", "plus", "quiet")
        self.care = ActionButton(_("Clés et postes"), "Ctrl+K", "key-round", "quiet")
        self.header = PageHeader(_("Contrat social"), "", (self.choice, self.care, self.new))
        self.year = QComboBox()
        self.shops: RowsTable[ShopLine] = RowsTable(
            self._columns(), lambda line: line.site.id, name=_("Épiceries du contrat"),
            empty=_("Aucune épicerie n'est encore inscrite : ajoutez la première, puis remettez-lui son fichier."), sortable=False,
        )  # fmt: skip
        # Twelve months stand side by side on a small screen only without the usual blank on the right of a title.
        self.shops.horizontalHeader().setStyleSheet("QHeaderView::section { padding: 0px 2px 0px 10px; }")
        self.add = ActionButton(_("Ajouter une épicerie"), "F10", "plus")
        self.give = ActionButton(_("Redonner son fichier"), "F11", "usb")
        self.receive = ActionButton(_("Recevoir des envois"), "F12", "inbox", "primary")
        self.totals = TotalsTab(self)
        self.balances = BalancesTab(self)
        self.plan, self.indicators, self.funding = PlanTab(self), IndicatorsTab(self), FundingTab(self)
        self.first = ActionButton(_("Créer le contrat"), "F12", "plus", "primary")
        self.take_back = ActionButton(
            _("Reprendre un contrat depuis sa feuille de secours"), icon="history", kind="quiet"
        )
        self.tabs = QTabWidget()
        self.stack = QStackedWidget()
        self._lay_out()
        self._connect()

    def _columns(self) -> tuple[Column[ShopLine], ...]:
        months = tuple(_month_column(n, title) for n, title in enumerate(wording.short_months()))
        return (
            Column(_("Code"), lambda line: line.site.code, bold=True),
            Column(_("Épicerie"), lambda line: line.site.name, stretch=True),
            Column(_("Dernier envoi"), lambda line: _last(line.site)),
            *months,
        )

    def _lay_out(self) -> None:
        shops = QWidget()
        lines = QVBoxLayout(shops)
        lines.setContentsMargins(0, 12, 0, 0)
        lines.setSpacing(12)
        legend = label(
            _("{received} mois clos reçu   {running} mois reçu avant sa fin   {missing} mois attendu").format(
                received=wording.RECEIVED, running=wording.RUNNING, missing=wording.MISSING
            ),
            "small", wrap=False,
        )  # fmt: skip
        year = FormRow(_("Mois reçus en"), self.year)
        year.setMaximumWidth(180)
        lines.addLayout(row(year, None, legend))
        lines.addWidget(self.shops, 1)
        lines.addLayout(row(None, self.give, self.add, self.receive))
        tabs = (
            ("F3", self.plan, _("Actions")), ("F4", self.indicators, _("Indicateurs")), ("F5", self.funding, _("Financements")),
            ("F6", shops, _("Épiceries")), ("F7", self.totals, _("Totaux")), ("F8", self.balances, _("Bilans")),
        )  # fmt: skip
        for n, (key, made, title) in enumerate(tabs):
            self.tabs.addTab(made, f"{title} ({key})")
            QShortcut(QKeySequence(key), self, partial(self._show_tab, n))
        # What is done every month, taking parcels in, is what the screen opens on.
        self.tabs.setCurrentWidget(shops)
        none = QWidget()
        nothing = QVBoxLayout(none)
        nothing.addWidget(
            EmptyState(
                "handshake", _("Aucun contrat n'est encore ouvert ici"),
                _("Créez-le : vous pourrez ensuite y inscrire les épiceries et recevoir leurs envois."), self.first,
            ),
            1,
        )  # fmt: skip
        nothing.addLayout(row(None, self.take_back, None))
        self.stack.addWidget(none)
        self.stack.addWidget(self.tabs)
        whole = page(self)
        whole.addWidget(self.header)
        whole.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.choice.currentIndexChanged.connect(self._on_choice_changed)
        self.year.currentIndexChanged.connect(self._on_year_changed)
        self.new.clicked.connect(self._on_new_clicked)
        self.care.clicked.connect(self._on_care_clicked)
        self.take_back.clicked.connect(self._on_take_back_clicked)
        self.first.clicked.connect(self._on_new_clicked)
        self.add.clicked.connect(self._on_add_clicked)
        self.give.clicked.connect(self._on_give_clicked)
        self.receive.clicked.connect(self._on_receive_clicked)
        self.shops.chosen.connect(self._on_shop_chosen)

    def _show_tab(self, index: int) -> None:
        if self.stack.currentIndex() == 1:
            self.tabs.setCurrentIndex(index)
            shown_page = self.tabs.widget(index)
            field = shown_page.first_field() if isinstance(shown_page, ContractPage) else self.tabs.tabBar()
            if field is not None:
                field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_with(self, **what: Any) -> None:
        """Show the page named by `page`: plan, indicators, funding or totals."""
        found = getattr(self, str(what.get("page")), None)
        if isinstance(found, QWidget) and self.tabs.indexOf(found) >= 0:
            self.tabs.setCurrentWidget(found)

    def first_field(self) -> QWidget | None:
        """Return the list of shops, or the button that makes the first contract."""
        return self.shops if self._read.contracts else self.first

    @property
    def contract(self) -> ContractRow | None:
        """Return the contract chosen, None where there is none."""
        at = self.choice.currentIndex()
        return self._read.contracts[at] if 0 <= at < len(self._read.contracts) else None

    def refresh(self) -> None:
        """Read the contracts, the shops of the one chosen and the months each one sent."""
        desk, chosen = self.desk, self.contract.id if self.contract else None
        self.ask(lambda: _everything(desk, chosen), self._show, key="contract")

    def _show(self, found: _Read) -> None:
        before = self.contract.id if self.contract else None
        self._read = found
        self.choice.blockSignals(True)
        self.choice.clear()
        for known in found.contracts:
            self.choice.addItem(known.name, known.id)
        self.choice.setCurrentIndex(max(0, self.choice.findData(before)) if found.contracts else -1)
        self.choice.blockSignals(False)
        for widget in (self.choice, self.care, self.new):
            widget.setVisible(bool(found.contracts))
        self.stack.setCurrentIndex(1 if found.contracts else 0)
        contract = self.contract
        if contract is None:
            self.header.set_words(_("Contrat social"), "")
            return
        self.header.set_words(_("Contrat social"), _told(contract))
        self._offer_years(contract)
        self._show_shops()
        self.totals.show_contract(contract)
        self.balances.show_contract(contract)
        for shown_page in (self.plan, self.indicators, self.funding):
            shown_page.show_contract(contract)

    def _offer_years(self, contract: ContractRow) -> None:
        today = self.desk.clock.today()
        years = [str(y) for y in range(contract.starts_on.year, contract.ends_on.year + 1)]
        wanted = self.year.currentText()
        self.year.blockSignals(True)
        self.year.clear()
        self.year.addItems(years)
        if wanted not in years:
            wanted = str(min(max(today.year, contract.starts_on.year), contract.ends_on.year))
        self.year.setCurrentText(wanted)
        self.year.blockSignals(False)

    def _show_shops(self) -> None:
        contract = self.contract
        if contract is None:
            return
        year, current = self.year.currentText(), month_of(self.desk.clock.today())
        lines = []
        for site in self._read.sites:
            known = self._read.received.get(site.id, {})
            months = tuple(_state(contract, f"{year}-{n:02d}", known, current) for n in range(1, 13))
            lines.append(ShopLine(site, months))
        self.shops.set_rows(lines)
        self._size_columns()
        self._on_shop_chosen()

    def _size_columns(self) -> None:
        """Give the twelve months the same narrow width, so that names keep the room."""
        self.shops.size_columns()
        for n in range(12):
            self.shops.setColumnWidth(_FIRST_MONTH + n, round(_MONTH_WIDTH * theme.tokens().scale))

    @Slot()
    def _on_choice_changed(self) -> None:
        self.refresh()

    @Slot()
    def _on_year_changed(self) -> None:
        self._show_shops()

    @Slot()
    def _on_shop_chosen(self) -> None:
        self.give.setEnabled(self.shops.current is not None)

    @Slot()
    def _on_new_clicked(self) -> None:
        dialog = ContractDialog(self)
        made = dialog.made if accepted(dialog) else None
        if made is not None and ask_confirm(
            self, _("Imprimer la feuille de secours du contrat ?"),
            _("Elle porte les clés qui ouvrent les envois : si ce fichier est perdu, elle seule permet de les relire. Mettez-la sous enveloppe fermée, au coffre."),
            _("Voir la feuille"), _("Plus tard"),
        ):  # fmt: skip
            show_recovery_sheet(self, self, made)

    @Slot()
    def _on_care_clicked(self) -> None:
        contract, desk = self.contract, self.desk
        if contract is not None:
            chosen = contract.id
            self.ask(lambda: read_care(desk, chosen), self._show_care, key="care")

    def _show_care(self, found: ContractCare) -> None:
        accepted(KeysDialog(self, found))
        self.refresh()

    @Slot()
    def _on_take_back_clicked(self) -> None:
        accepted(RestoreContractDialog(self))

    @Slot()
    def _on_add_clicked(self) -> None:
        contract = self.contract
        if contract is None:
            return
        dialog = ShopDialog(self, contract.id)
        dialog.exec()
        file, desk, chosen = dialog.file, self.desk, contract.id
        dialog.deleteLater()
        if file is not None:
            self.ask(lambda: (_site_of(desk, chosen, file.site_code), file), self._give)

    @Slot()
    def _on_give_clicked(self) -> None:
        line, desk = self.shops.current, self.desk
        if line is not None:
            site = line.site.id
            self.ask(lambda: (site, consolidate.enrolment_of(desk, site)), self._give)

    def _give(self, found: tuple[int, ContractFile]) -> None:
        dialog = FileDialog(self, *found)
        dialog.setAttribute(_CLOSES)
        dialog.open()

    @Slot()
    def _on_receive_clicked(self) -> None:
        dialog = ReceiveDialog(self)
        dialog.setAttribute(_CLOSES)
        dialog.open()
        dialog.choose.setFocus()


def _everything(desk: Desk, chosen: int | None) -> _Read:
    contracts = consolidate.list_contracts(desk)
    if not contracts:
        return _Read((), (), {})
    contract = chosen if any(c.id == chosen for c in contracts) else contracts[0].id
    assert contract is not None
    return _Read(contracts, consolidate.list_sites(desk, contract), consolidate.received_months(desk, contract))


def _site_of(desk: Desk, contract: int, code: str) -> int:
    return next(s.id for s in consolidate.list_sites(desk, contract) if s.code == code)


def _month_column(n: int, title: str) -> Column[ShopLine]:
    def sign(line: ShopLine) -> str:
        return line.months[n]

    def tone(line: ShopLine) -> str | None:
        return "ask" if sign(line) == wording.MISSING else None

    return Column(title, sign, align="centre", tone=tone)


def _last(site: SiteRow) -> str:
    if site.imported_at is None:
        return _("jamais")
    return shown.day(site.imported_at.astimezone(PARIS).date())


def _state(contract: ContractRow, month: str, known: dict[str, bool], current: str) -> str:
    if not month_of(contract.starts_on) <= month <= month_of(contract.ends_on) or month > current:
        return wording.OUTSIDE
    if month in known:
        return wording.RECEIVED if known[month] else wording.RUNNING
    return wording.MISSING


def _told(contract: ContractRow) -> str:
    return _("N° {number}, {start} – {end}").format(
        number=contract.number, start=shown.day(contract.starts_on), end=shown.day(contract.ends_on)
    )
