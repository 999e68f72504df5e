"""« Bilans »: the balances frozen, one of them read beside another, on screen, on paper, for a spreadsheet or as a package."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from epicerie_desktop.domain.data_table import written
from epicerie_desktop.domain.figures import month_of, months_between
from epicerie_desktop.domain.reports.shape import Report
from epicerie_desktop.services.contract import balance_papers, balances
from epicerie_desktop.services.contract.balance_papers import Edition
from epicerie_desktop.services.contract.balances import BalanceForm, KeptBalance
from epicerie_desktop.services.contract.consolidate import ContractRow
from epicerie_desktop.services.reports import whole
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import papers, pdf_view
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, column, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.contract.dialogs import ServiceDialog, in_order
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.sheets.months import PeriodChooser

_PACKAGE = "package"
_CLOSES = Qt.WidgetAttribute.WA_DeleteOnClose
Line = tuple[str, str, str, str, str]
"""Part, figure, value, what it counts or why it moved, and what tells the line from the others."""


class BalancesTab(QWidget):
    """The frozen balances, the latest first; under them the figures of the one chosen."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._contract: ContractRow | None = None
        self._kept: tuple[KeptBalance, ...] = ()
        self.notice = Notice("info")
        self.list: RowsTable[KeptBalance] = RowsTable(
            (
                Column(_("N°"), lambda b: shown.number(b.number), align="right"),
                Column(_("Bilan"), lambda b: b.title, bold=True, stretch=True),
                Column(_("Arrêté au"), lambda b: shown.day(b.as_of)),
                Column(_("Période"), _period),
                Column(_("Foyers"), lambda b: shown.number(b.balance.families), align="right"),
                Column(_("Personnes"), lambda b: shown.number(b.balance.persons), align="right"),
                Column(_("Kilos"), lambda b: shown.kilos(b.balance.total("grams")), align="right"),
                Column(_("Empreinte"), lambda b: b.short),
            ),
            lambda b: b.id, name=_("Bilans arrêtés"), sortable=False,
            empty=_("Aucun bilan n'est encore arrêté : « Arrêter un bilan » fige les chiffres du jour."),
        )  # fmt: skip
        self.figures: RowsTable[Line] = RowsTable(
            (
                Column(_("Partie"), lambda r: r[0], tone=lambda _r: "ink_soft"), Column(_("Chiffre"), lambda r: r[1], bold=True),
                Column(_("Valeur"), lambda r: r[2], align="right"), Column(_("Ce qu'il compte"), lambda r: r[3], stretch=True),
            ),
            lambda r: r[0] + r[4], name=_("Chiffres du bilan"), empty=_("Choisissez un bilan."), sortable=False,
        )  # fmt: skip
        self.edition, self.beside, self.kinds = QComboBox(), QComboBox(), QComboBox()
        self.edition.addItem(_("Publiée, sans petits nombres"), True)
        self.edition.addItem(_("Exacte, à diffusion restreinte"), False)
        for ending, name in whole.kinds():
            self.kinds.addItem(name, ending)
        self.kinds.addItem(_("Paquet de données (dossier)"), _PACKAGE)
        self.kinds.setAccessibleName(_("Genre de fichier"))
        self.freeze = ActionButton(_("Arrêter un bilan"), "F10", "lock")
        self.look = ActionButton(_("Aperçu"), "Ctrl+P", "eye")
        self.keep = ActionButton(_("Enregistrer"), "F12", "download", "primary")
        self._lay_out()
        self.list.chosen.connect(self._on_balance_chosen)
        self.edition.currentIndexChanged.connect(self.read)
        self.beside.currentIndexChanged.connect(self.read)
        self.freeze.clicked.connect(self._on_freeze_clicked)
        self.look.clicked.connect(self._on_look_clicked)
        self.keep.clicked.connect(self._on_keep_clicked)

    def _lay_out(self) -> None:
        choice = row(
            FormRow(_("Édition"), self.edition), FormRow(_("À côté de"), self.beside), None,
            label(_("Un bilan arrêté ne change plus : ce qui arrive ensuite se lit dans le suivant, à côté de lui."), "small"), spacing=12,
        )  # fmt: skip
        whole_page = column(
            self.notice, self.list, choice, self.figures, row(self.freeze, None, self.look, self.kinds, self.keep), spacing=10
        )  # fmt: skip
        whole_page.setStretchFactor(self.list, 2)
        whole_page.setStretchFactor(self.figures, 3)
        self.setLayout(whole_page)

    def show_contract(self, contract: ContractRow) -> None:
        """Read the balances of a contract."""
        if self._contract is None or self._contract.id != contract.id:
            self.notice.tell("info", "")
        self._contract = contract
        desk, of = self._screen.desk, contract.id
        self._screen.ask(lambda: balances.list_balances(desk, of), self._show_list, key="balances")

    def _show_list(self, found: tuple[KeptBalance, ...]) -> None:
        chosen = self.list.current
        self._kept = found
        self.list.set_rows(found)
        self.list.size_columns()
        if found:
            self.list.choose(chosen.id if chosen and any(b.id == chosen.id for b in found) else found[0].id)
        self._on_balance_chosen(self.list.current)

    @Slot(object)
    def _on_balance_chosen(self, balance: KeptBalance | None) -> None:
        for widget in (self.look, self.keep, self.kinds, self.edition, self.beside):
            widget.setEnabled(balance is not None)
        self.beside.blockSignals(True)
        wanted = self.beside.currentData()
        self.beside.clear()
        self.beside.addItem(_("aucun autre bilan"), None)
        for other in self._kept:
            if balance is not None and other.id != balance.id:
                self.beside.addItem(_("n° {n}, {title}").format(n=other.number, title=other.title), other.id)
        self.beside.setCurrentIndex(max(0, self.beside.findData(wanted)))
        self.beside.blockSignals(False)
        self.read()

    @property
    def asked(self) -> Edition | None:
        """Return the document chosen, None where no balance is."""
        balance = self.list.current
        if balance is None:
            return None
        return Edition(balance.id, bool(self.edition.currentData()), self.beside.currentData())

    @Slot()
    def read(self) -> None:
        """Read the figures of the balance chosen."""
        asked, desk = self.asked, self._screen.desk
        if asked is None:
            self.figures.set_rows(())
            return
        self._screen.ask(lambda: balance_papers.report_of(desk, asked)[0], self._show, key="balance")

    def _show(self, report: Report) -> None:
        self.figures.set_rows(_lines(report))
        self.figures.size_columns()

    @Slot()
    def _on_freeze_clicked(self) -> None:
        if self._contract is None:
            return
        dialog = FreezeDialog(self._screen, self._contract)
        dialog.setAttribute(_CLOSES)
        dialog.accepted.connect(partial(self._on_frozen, dialog))
        dialog.open()

    def _on_frozen(self, dialog: FreezeDialog) -> None:
        if self._contract is not None and dialog.made is not None:
            self.notice.tell("success", _("Bilan arrêté. Imprimez-le et rangez-le avec les autres."))
            self.show_contract(self._contract)

    def _name(self) -> str:
        balance = self.list.current
        return _("bilan-{number}").format(number=f"{balance.number:03d}" if balance else "")

    @Slot()
    def _on_look_clicked(self) -> None:
        asked, desk = self.asked, self._screen.desk
        if asked is not None:
            pdf_view.look_at(
                self._screen, partial(balance_papers.balance_pdf, desk, asked), _("Bilan du contrat"), self._name()
            )

    @Slot()
    def _on_keep_clicked(self) -> None:
        asked, desk, ending = self.asked, self._screen.desk, str(self.kinds.currentData())
        if asked is None:
            return
        if ending == _PACKAGE:
            folder = QFileDialog.getExistingDirectory(self, _("Dans quel dossier vide écrire le paquet ?"))
            if folder:
                self._screen.work(lambda: balance_papers.write_package(desk, asked, Path(folder)), self._on_kept)
            return
        path = papers.ask_where(self, self._name(), f".{ending}", f"{self.kinds.currentText()} (*.{ending})")
        if path is not None:
            self._screen.work(lambda: papers.written(balance_papers.kept_as(desk, asked, ending), path), self._on_kept)

    def _on_kept(self, path: Path) -> None:
        self.notice.tell("success", _("Bilan gardé : {name}").format(name=path.name))


def _period(balance: KeptBalance) -> str:
    first, last = shown.month(balance.first), shown.month(balance.last)
    return first if first == last else _("{first} – {last}").format(first=first, last=last)


def _lines(report: Report) -> list[Line]:
    """Return the figures of a report, then what each table of the differences says."""
    found = [
        (s.title, f.name, written(f.value, f.holds, unit=True), f.told, f.code)
        for s in report.sections
        for f in s.figures
    ]
    for section in report.sections:
        for table in section.tables:
            if table.headings[-1].name != _("D'où vient l'écart"):
                continue
            holds = table.headings[1].holds
            for n, (name, before, after, apart, month, why) in enumerate(table.rows):
                old, new, gap = (written(v, holds, unit=True) for v in (before, after, apart))
                # A line a cause follows the line of its figure: only what it moves stands in it.
                value = gap if before is None and after is None else f"{old} → {new} ({gap})"
                found.append((section.title, str(name), value, _dated(str(month), str(why)), f"{table.name}/{n}"))
    return found


def _dated(month: str, why: str) -> str:
    return f"{shown.month(month).capitalize()} – {why}" if month else why


class FreezeDialog(ServiceDialog):
    """Title and months of the balance to freeze."""

    def __init__(self, screen: Screen, contract: ContractRow, *, armed_after_ms: int = ARMED_AFTER_MS) -> None:
        super().__init__(
            screen, _("Arrêter un bilan"),
            _("Les chiffres de ces mois sont figés tels qu'ils sont aujourd'hui, avec un numéro et une empreinte. Rien ne les changera plus."),
            _("Arrêter le bilan"), armed_after_ms,
        )  # fmt: skip
        self.made: int | None = None
        self._contract = contract
        self.name = FieldFrame(message=False)
        self.name.line.setText(_("Bilan au {day}").format(day=shown.day(screen.desk.clock.today())))
        self.period = PeriodChooser()
        last = max(contract.starts_on, min(contract.ends_on, screen.desk.clock.today()))
        months = months_between(month_of(contract.starts_on), month_of(last))
        self.period.set_months(tuple(reversed(months)), months[0], months[-1])
        self.body.addWidget(FormRow(_("Titre"), self.name))
        self.body.addWidget(self.period)
        self.body.addWidget(self.refusal)
        in_order(self.name.line, self.period.first, self.period.last, self.no_button, self.yes_button)
        self.name.line.selectAll()
        self.name.setFocus()

    def _try(self) -> None:
        desk, contract, period = self._screen.desk, self._contract.id, self.period.period
        assert period is not None
        form = BalanceForm(self.name.text, *period)
        self._screen.context.data.submit(
            self, lambda: balances.freeze_balance(desk, contract, form), self._made, self._refused
        )

    def _made(self, balance: int) -> None:
        self.made = balance
        self._succeeded()
