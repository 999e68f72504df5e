"""« Financements »: what each funder planned and paid, by year and by action, and what it adds up to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from epicerie_desktop.domain.contract import Unit, read_amount
from epicerie_desktop.services.contract import funding, plan
from epicerie_desktop.services.contract import wording as told
from epicerie_desktop.services.contract.consolidate import ContractRow
from epicerie_desktop.services.contract.funding import FunderRow, FundingForm, FundingRow, FundingTotal
from epicerie_desktop.services.contract.plan import ActionRow
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import FormRow, SectionTitle, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.contract.contract_page import ContractPage, choices
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock.parts import tab_order
from epicerie_desktop.ui.writing_dialog import WritingDialog


@dataclass(frozen=True, slots=True)
class _Read:
    rows: tuple[FundingRow, ...]
    funders: tuple[FunderRow, ...]
    actions: tuple[ActionRow, ...]


@dataclass(frozen=True, slots=True)
class SumLine:
    """What a funder, a year, or all of them add up to."""

    name: str
    total: FundingTotal
    whole: bool = False


class FunderDialog(WritingDialog):
    """The name of a funder."""

    def __init__(self, page: ContractPage, contract: int) -> None:
        super().__init__(page, _("Nouveau financeur"), "", _("Ajouter"))
        self.contract, self.name = contract, FieldFrame(message=False)
        self.body.addWidget(FormRow(_("Nom"), self.name))
        self.body.addWidget(self.notice)
        tab_order(self.name.line, self.no_button, self.yes_button)
        self.name.setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the gesture that keeps the funder."""
        desk, contract, name = self.page.desk, self.contract, self.name.text
        return lambda: funding.save_funder(desk, contract, name)


class FundingDialog(WritingDialog):
    """What a funder planned and paid in a year."""

    def __init__(
        self, page: ContractPage, contract: ContractRow, funders: tuple[FunderRow, ...], actions: tuple[ActionRow, ...],
        kept: FundingRow | None = None,
    ) -> None:  # fmt: skip
        super().__init__(page, _("Modifier le financement") if kept else _("Nouveau financement"), "", _("Enregistrer"))
        self.kept = kept
        self.funder = choices(_("Financeur"), [(f.name, f.id) for f in funders], kept.funder if kept else None)
        years = range(contract.starts_on.year - 1, contract.ends_on.year + 3)
        today = page.desk.clock.today().year
        near = min(max(today, contract.starts_on.year), contract.ends_on.year)
        self.year = choices(_("Année"), [(str(y), y) for y in years], kept.year if kept else near)
        self.action = choices(
            _("Action"), [(_("tout le contrat"), None), *((f"{a.code} – {a.title}", a.id) for a in actions)], kept.action if kept else None
        )  # fmt: skip
        self.planned, self.paid = _euros(_("Prévu")), _euros(_("Versé"))
        self.planned.set_value(kept.planned_cents if kept else None)
        self.paid.set_value(kept.paid_cents if kept else 0)
        self.note = FieldFrame(message=False)
        self.note.line.setText(kept.note if kept else "")
        self.body.addLayout(row(FormRow(_("Financeur"), self.funder), FormRow(_("Année"), self.year), spacing=16))
        self.body.addWidget(FormRow(_("Action"), self.action))
        self.body.addLayout(row(FormRow(_("Prévu"), self.planned), FormRow(_("Versé"), self.paid), spacing=16))
        self.body.addWidget(FormRow(_("Note"), self.note))
        self.body.addWidget(self.notice)
        tab_order(
            self.funder, self.year, self.action, self.planned.line, self.paid.line, self.note.line, self.no_button, self.yes_button
        )  # fmt: skip
        (self.paid if kept else self.funder).setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the gesture that keeps the line."""
        if not (self.planned.check() and self.paid.check()):
            return None
        desk, kept = self.page.desk, self.kept
        form = FundingForm(
            self.funder.currentData(), self.year.currentData(), self.planned.value or 0, self.paid.value or 0, self.action.currentData(),
            self.note.text, kept.id if kept else None, kept.version if kept else None,
        )  # fmt: skip
        return lambda: funding.save_funding(desk, form)


def _euros(name: str) -> ValueField[int]:
    made: ValueField[int] = ValueField(
        lambda text: read_amount(text, Unit.CENT), lambda value: told.plain(value, Unit.CENT), required=True, suffix="€",
        say=shown.money,
    )  # fmt: skip
    made.setAccessibleName(name)
    return made


class FundingTab(ContractPage):
    """Lines above, what they add up to beneath; Enter changes the line chosen, F12 adds one."""

    tables: ClassVar[frozenset[str]] = frozenset({"funder", "funding_line", "contract_action"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.read = _Read((), (), ())
        self.table: RowsTable[FundingRow] = RowsTable(
            (
                Column(_("Année"), lambda r: r.year, str),
                Column(_("Financeur"), lambda r: r.funder_name, stretch=True, bold=True),
                Column(_("Action"), lambda r: r.action_title or _("tout le contrat"), stretch=True),
                Column(_("Prévu"), lambda r: r.planned_cents, shown.money, align="right"),
                Column(_("Versé"), lambda r: r.paid_cents, shown.money, align="right", tone=_tone),
                Column(_("Note"), lambda r: r.note),
            ),
            lambda r: r.id, name=_("Financements du contrat"), empty=_("Aucun financement encore : ajoutez un financeur, puis ce qu'il a prévu."),
        )  # fmt: skip
        self.by_funder, self.by_year = self._sums(_("Financeur")), self._sums(_("Année"))
        self.notice = Notice("info", closable=True, parent=self)
        self.remove = ActionButton(_("Retirer"), "F9", "trash-2", "quiet")
        self.new_funder = ActionButton(_("Nouveau financeur"), "F10", "plus")
        self.edit = ActionButton(_("Modifier"), "F11", "pencil")
        self.new = ActionButton(_("Nouveau financement"), "F12", "plus", "primary")
        sums = row(self.by_funder, self.by_year, spacing=16)
        sums.setStretch(0, 3)
        sums.setStretch(1, 2)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 12, 0, 0)
        lines.setSpacing(10)
        lines.addWidget(self.notice)
        lines.addWidget(self.table, 3)
        lines.addWidget(SectionTitle(_("Totaux")))
        lines.addLayout(sums, 2)
        lines.addLayout(row(None, self.remove, self.new_funder, self.edit, self.new))
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_edit)
        self.remove.clicked.connect(self._on_remove)
        self.new_funder.clicked.connect(self._on_new_funder)
        self.edit.clicked.connect(self._on_edit)
        self.new.clicked.connect(self._on_new)

    def _sums(self, title: str) -> RowsTable[SumLine]:
        made: RowsTable[SumLine] = RowsTable(
            (
                Column(title, lambda n: n.name, stretch=True, tone=lambda n: "primary" if n.whole else None),
                Column(_("Prévu"), lambda n: n.total.planned_cents, shown.money, align="right", tone=lambda n: "primary" if n.whole else None),
                Column(_("Versé"), lambda n: n.total.paid_cents, shown.money, align="right", tone=lambda n: "primary" if n.whole else None),
            ),
            lambda n: (n.whole, n.name), name=_("Totaux par {what}").format(what=title), sortable=False,
        )  # fmt: skip
        return made

    def first_field(self) -> QWidget | None:
        """Return the list of lines."""
        return self.table

    def refresh(self) -> None:
        """Read the lines, the funders and the actions."""
        if self.contract is not None:
            desk, contract = self.desk, self.contract.id
            self.ask(
                lambda: _Read(
                    funding.funding_of(desk, contract), funding.list_funders(desk, contract),
                    tuple(a for x in plan.plan_of(desk, contract) for a in x.actions),
                ),
                self._show, key="funding",
            )  # fmt: skip

    def _show(self, read: _Read) -> None:
        self.read = read
        self.table.set_rows(read.rows)
        self.table.size_columns()
        whole = SumLine(_("Total"), funding.total_of(read.rows), whole=True)
        for table, key in ((self.by_funder, lambda r: r.funder_name), (self.by_year, lambda r: str(r.year))):
            sums = [SumLine(k, t) for k, t in sorted(funding.totals_by(read.rows, key).items())]
            # First: a list too long for its room then hides a funder, never the total.
            table.set_rows([whole, *sums] if sums else [])
            table.size_columns()
        if self.table.current is None:
            self.table.choose_first()
        self._on_chosen(self.table.current)

    @Slot(object)
    def _on_chosen(self, line: FundingRow | None) -> None:
        self.edit.setEnabled(line is not None)
        self.remove.setEnabled(line is not None)
        self.new.setEnabled(bool(self.read.funders))

    @Slot()
    def _on_new_funder(self) -> None:
        if self.contract is not None:
            self.open_dialog(FunderDialog(self, self.contract.id))

    @Slot()
    def _on_new(self) -> None:
        if self.contract is not None and self.read.funders:
            self.open_dialog(FundingDialog(self, self.contract, self.read.funders, self.read.actions))

    @Slot()
    def _on_edit(self) -> None:
        line = self.table.current
        if line is not None and self.contract is not None:
            self.open_dialog(FundingDialog(self, self.contract, self.read.funders, self.read.actions, line))

    @Slot()
    def _on_remove(self) -> None:
        line, desk = self.table.current, self.desk
        if line is None:
            return
        told_line = f"{line.funder_name}, {line.year}, {shown.money(line.planned_cents)}"
        if ask_confirm(self, _("Retirer ce financement ?"), told_line, _("Retirer"), _("Ne rien changer")):
            self.act(lambda: funding.remove_funding(desk, line.id), lambda _none: None, self._on_refused)

    def _on_refused(self, sentence: str) -> None:
        self.notice.tell("error", sentence)


def _tone(line: FundingRow) -> str | None:
    return "ask" if line.paid_cents < line.planned_cents else None
