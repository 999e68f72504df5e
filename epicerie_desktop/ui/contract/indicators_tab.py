"""« Indicateurs »: value and target of each over a period, and what makes it: shops, months, values with their source and author."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from epicerie_desktop.domain.contract import Method
from epicerie_desktop.domain.contract_values import Standing
from epicerie_desktop.domain.figures import month_of, months_between
from epicerie_desktop.domain.labels import label as named
from epicerie_desktop.services.contract import consolidate, plan, spreadsheet, values
from epicerie_desktop.services.contract import wording as told
from epicerie_desktop.services.contract.consolidate import ContractRow, SiteRow
from epicerie_desktop.services.contract.plan import ActionRow, AxisRow
from epicerie_desktop.services.contract.spreadsheet import Table
from epicerie_desktop.services.contract.values import IndicatorFigure, ValueRow
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import SectionTitle, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.contract.contract_page import ContractPage
from epicerie_desktop.ui.contract.import_dialog import ImportDialog
from epicerie_desktop.ui.contract.plan_dialogs import IndicatorDialog
from epicerie_desktop.ui.contract.value_dialogs import ValueDialog, WithdrawDialog
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.sheets.months import PeriodChooser


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of a figure, as shown: of a shop, of a month, or a value as it was written."""

    key: tuple[str, int | str]
    what: str
    value: str
    as_of: str = ""
    source: str = ""
    counted: bool = True
    standing: str = ""
    row: ValueRow | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    axes: tuple[AxisRow, ...]
    sites: tuple[SiteRow, ...]
    figures: tuple[IndicatorFigure, ...]


class IndicatorsTab(ContractPage):
    """The arrows choose an indicator, its parts follow beneath; Enter or F12 types a value."""

    tables: ClassVar[frozenset[str]] = frozenset({"indicator", "indicator_value", "site_month"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._of: int | None = None
        self.read = _Read((), (), ())
        self.period = PeriodChooser()
        self.table: RowsTable[IndicatorFigure] = RowsTable(
            (
                Column(_("Action"), lambda f: f.indicator.action_code, tone=lambda _f: "ink_soft"),
                Column(_("Indicateur"), lambda f: f.indicator.name, stretch=True, bold=True),
                Column(_("Valeur"), lambda f: told.amount(f.value, f.indicator.unit, f.indicator.unit_name), align="right", bold=True),
                Column(_("Objectif"), _target, align="right"),
                Column(_("Atteint"), lambda f: f.permille, lambda p: "" if p is None else shown.percent(p), align="right"),
                Column(_("Arrêté au"), lambda f: shown.day(f.as_of) if f.as_of else "", align="right"),
                Column(_("D'où"), lambda f: _("envois") if f.indicator.source else _("saisie")),
            ),
            lambda f: f.indicator.id, name=_("Indicateurs du contrat"), sortable=False,
            empty=_("Aucun indicateur encore : ajoutez le premier à une action."),
        )  # fmt: skip
        self.parts: RowsTable[PartLine] = RowsTable(
            (
                Column(_("Ce qui fait ce chiffre"), lambda n: n.what, stretch=True, tone=_part_tone),
                Column(_("Valeur"), lambda n: n.value, align="right", tone=_part_tone),
                Column(_("Arrêté au"), lambda n: n.as_of, align="right", tone=_part_tone),
                Column(_("Source, auteur"), lambda n: n.source, tone=_part_tone),
                Column(_("Compte"), lambda n: n.standing, stretch=True, tone=_part_tone),
            ),
            lambda n: n.key, name=_("Ce qui fait ce chiffre"), sortable=False, empty=_("Rien n'est encore connu pour cette période."),
        )  # fmt: skip
        self.title = SectionTitle("")
        self.remark = label("", "small")
        self.notice = Notice("info", closable=True, parent=self)
        self.take = ActionButton(_("Importer un tableau"), "Ctrl+I", "upload")
        self.new = ActionButton(_("Nouvel indicateur"), "F9", "plus", "quiet")
        self.edit = ActionButton(_("Modifier"), "Ctrl+M", "pencil", "quiet")
        self.withdraw = ActionButton(_("Retirer"), "F10", "trash-2")
        self.correct = ActionButton(_("Corriger"), "F11", "pencil")
        self.type = ActionButton(_("Saisir une valeur"), "F12", "plus", "primary")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 12, 0, 0)
        lines.setSpacing(10)
        top = row(self.period, None, spacing=12)
        for button in (self.take, self.new):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        heights = theme.tokens().heights
        self.parts.setMinimumHeight(heights["header"] + 3 * heights["row"])
        lines.addLayout(top)
        lines.addWidget(self.notice)
        lines.addWidget(self.table, 3)
        lines.addWidget(self.title)
        lines.addWidget(self.remark)
        lines.addWidget(self.parts, 2)
        lines.addLayout(row(self.edit, None, self.withdraw, self.correct, self.type))

    def _connect(self) -> None:
        self.period.changed.connect(self._on_period_changed)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_type)
        self.parts.chosen.connect(self._on_part_chosen)
        self.parts.opened.connect(self._on_correct)
        self.take.clicked.connect(self._on_take)
        self.new.clicked.connect(self._on_new)
        self.edit.clicked.connect(self._on_edit)
        self.withdraw.clicked.connect(self._on_withdraw)
        self.correct.clicked.connect(self._on_correct)
        self.type.clicked.connect(self._on_type)

    def first_field(self) -> QWidget | None:
        """Return the list of indicators."""
        return self.table

    def show_contract(self, contract: ContractRow) -> None:
        """Offer the months of the contract, the whole of it up to today being proposed, and read."""
        if self._of != contract.id:
            self._of = contract.id
            months = months_between(month_of(contract.starts_on), month_of(contract.ends_on))
            current = min(max(month_of(self.desk.clock.today()), months[0]), months[-1])
            self.period.set_months((), "", "")
            self.period.set_months(tuple(reversed(months)), months[0], current)
        super().show_contract(contract)

    def refresh(self) -> None:
        """Read the figures of the period, and who may be named in a value."""
        period = self.period.period
        if self.contract is None or period is None:
            return
        desk, contract = self.desk, self.contract.id
        self.owner.context.long.submit(
            self,
            lambda: _Read(
                plan.plan_of(desk, contract), consolidate.list_sites(desk, contract), values.indicator_figures(desk, contract, *period)
            ),
            self._show, self.owner.on_trouble, key="figures",
        )  # fmt: skip

    def _show(self, read: _Read) -> None:
        self.read = read
        self.table.set_rows(read.figures)
        self.table.size_columns()
        if self.table.current is None:
            self.table.choose_first()
        self._on_chosen(self.table.current)

    @Slot(object)
    def _on_chosen(self, figure: IndicatorFigure | None) -> None:
        self.title.set_text(figure.indicator.name if figure else "")
        self.remark.setText(_remark(figure) if figure else "")
        self.remark.setVisible(bool(self.remark.text()))
        parts = _parts(figure) if figure else []
        self.parts.set_rows(parts)
        self.parts.size_columns()
        if parts:
            # The latest value, which is the one to correct, and not the one it has just replaced.
            self.parts.choose(parts[0].key)
        self.type.setEnabled(figure is not None and not figure.indicator.source)
        self.edit.setEnabled(figure is not None)
        self._on_part_chosen(self.parts.current)

    @Slot(object)
    def _on_part_chosen(self, line: PartLine | None) -> None:
        may = (
            line is not None
            and line.row is not None
            and line.row.standing not in (Standing.REPLACED, Standing.WITHDRAWN)
        )
        self.correct.setEnabled(may)
        self.withdraw.setEnabled(may)

    @Slot()
    def _on_period_changed(self) -> None:
        self.refresh()

    @Slot()
    def _on_type(self) -> None:
        figure = self.table.current
        if figure is not None and self.type.isEnabled() and self.contract is not None:
            self.open_dialog(ValueDialog(self, self.contract, figure.indicator, self.read.sites))

    @Slot()
    def _on_correct(self) -> None:
        figure, line = self.table.current, self.parts.current
        if self.correct.isEnabled() and figure and line and line.row and self.contract is not None:
            self.open_dialog(ValueDialog(self, self.contract, figure.indicator, self.read.sites, line.row))

    @Slot()
    def _on_withdraw(self) -> None:
        figure, line = self.table.current, self.parts.current
        if self.withdraw.isEnabled() and figure and line and line.row:
            self.open_dialog(WithdrawDialog(self, figure.indicator, line.row))

    def _actions(self) -> list[ActionRow]:
        return [a for x in self.read.axes for a in x.actions]

    @Slot()
    def _on_new(self) -> None:
        if actions := self._actions():
            self.open_dialog(IndicatorDialog(self, actions))
        else:
            self.notice.tell("warn", _("Créez d'abord une action : un indicateur en compte une."))

    @Slot()
    def _on_edit(self) -> None:
        figure = self.table.current
        if figure is not None:
            self.open_dialog(IndicatorDialog(self, self._actions(), figure.indicator))

    @Slot()
    def _on_take(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Quel tableau importer ?"), str(Path.home()), _("Tableaux (*.xlsx *.ods *.csv);;Tous les fichiers (*)")
        )  # fmt: skip
        if chosen:
            self.look_at(Path(chosen))

    def look_at(self, path: Path) -> None:
        """Read a partner's table, and ask how it is laid out; nothing is written."""
        self.notice.tell("info", "")
        self.act(lambda: spreadsheet.read_file(path), self._on_table, self._on_refused)

    def _on_table(self, table: Table) -> None:
        if self.contract is not None:
            self.open_dialog(ImportDialog(self, self.contract.id, table, [f.indicator for f in self.read.figures]))

    def _on_refused(self, sentence: str) -> None:
        self.notice.tell("error", sentence)


def _target(figure: IndicatorFigure) -> str:
    of = figure.indicator
    return "" if of.target is None else told.amount(of.target, of.unit, of.unit_name)


def _part_tone(line: PartLine) -> str | None:
    return None if line.counted else "ink_soft"


def _remark(figure: IndicatorFigure) -> str:
    """Return what a reader must know of a figure before adding its parts up."""
    of, found = figure.indicator, []
    if of.definition:
        found.append(of.definition)
    if of.method is Method.DISTINCT and of.source:
        found.append(_("Chacun compte une fois : les épiceries et les mois ne s'additionnent pas."))
    if figure.twice > 0:
        found.append(
            _("{what} dans plusieurs épiceries.").format(what=told.amount(figure.twice, of.unit, of.unit_name))
        )
    if figure.covers and figure.covers < figure.last:
        found.append(_("Connu jusqu'à {month}.").format(month=shown.month(figure.covers)))
    return " ".join(found)


def _parts(figure: IndicatorFigure) -> list[PartLine]:
    """Return the parts of a figure: the values as written where it is typed, else the shops, then the months."""
    of = figure.indicator

    def written(value: int | None) -> str:
        return told.amount(value, of.unit, of.unit_name)

    if not of.source:
        return [_row_part(r, written(r.value)) for r in reversed(figure.rows)]
    shops = [
        PartLine(("shop", p.site or 0), p.name, written(p.value) if p.value is not None else _("rien reçu"), counted=p.value is not None)
        for p in figure.by_shop
    ]  # fmt: skip
    return shops + [
        PartLine(("month", p.first), shown.month(p.first), written(p.value)) for p in reversed(figure.by_month)
    ]


def _row_part(row: ValueRow, value: str) -> PartLine:
    period = told.period(row.first, row.last)
    whose = _("{period}, {shop}").format(period=period, shop=row.site_name) if row.site_name else period
    source = " – ".join(dict.fromkeys(t for t in (row.source, row.file_name, row.author) if t))
    return PartLine(
        ("row", row.id), whose, value, shown.day(row.as_of), source, row.standing is Standing.COUNTED, named(row.standing), row
    )  # fmt: skip
