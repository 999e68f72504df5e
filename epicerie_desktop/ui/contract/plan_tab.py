"""« Actions »: the axes of the contract, its actions and where each stands; what was noted of the one chosen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from epicerie_desktop.domain.contract import Status
from epicerie_desktop.domain.labels import label as named
from epicerie_desktop.services.contract import outline, plan
from epicerie_desktop.services.contract.outline import Loaded
from epicerie_desktop.services.contract.plan import ActionRow, AxisRow
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.contract.contract_page import ContractPage
from epicerie_desktop.ui.contract.plan_dialogs import ActionDialog, AxisDialog, StatusDialog
from epicerie_desktop.ui.screen import Screen

_TONES = {Status.DONE: "ok", Status.DROPPED: "no", Status.POSTPONED: "ask", Status.PLANNED: "ink_soft"}


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of the plan: an axis, or an action of it."""

    axis: AxisRow
    action: ActionRow | None = None

    @property
    def key(self) -> tuple[int, int]:
        """Return what tells the line."""
        return self.axis.id, self.action.id if self.action else 0


class PlanTab(ContractPage):
    """The arrows choose a line; Enter or F12 says where the action stands."""

    tables: ClassVar[frozenset[str]] = frozenset({"axis", "contract_action", "action_status", "indicator"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.axes: tuple[AxisRow, ...] = ()
        self._fresh = True
        self.table: RowsTable[PlanLine] = RowsTable(
            (
                Column(_("Code"), lambda n: n.action.code if n.action else n.axis.code, tone=_soft),
                Column(_("Axe et actions"), _title, stretch=True, tone=_soft),
                Column(_("Pilote"), lambda n: n.action.pilot if n.action else ""),
                Column(_("État"), lambda n: named(n.action.status) if n.action else "", tone=_tone),
                Column(_("Depuis le"), _since, align="right"),
                Column(_("Indicateurs"), lambda n: len(n.action.indicators) or "–" if n.action else "", align="right"),
            ),
            lambda n: n.key, name=_("Actions du contrat"), sortable=False,
            empty=_("Aucun axe encore : créez le premier, ou chargez un plan."),
        )  # fmt: skip
        self.summary, self.detail = label("", "strong", wrap=False), label("", "soft")
        self.notice = Notice("info", closable=True, parent=self)
        self.load = ActionButton(_("Charger un plan"), "Ctrl+O", "upload", "quiet")
        self.new_axis = ActionButton(_("Nouvel axe"), "F9", "plus", "quiet")
        self.new_action = ActionButton(_("Nouvelle action"), "F10", "plus")
        self.edit = ActionButton(_("Modifier"), "F11", "pencil")
        self.status = ActionButton(_("Où en est-elle ?"), "F12", "check", "primary")
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 12, 0, 0)
        lines.setSpacing(12)
        lines.addLayout(row(self.summary, None, self.load))
        lines.addWidget(self.notice)
        lines.addWidget(self.table, 1)
        lines.addWidget(self.detail)
        lines.addLayout(row(None, self.new_axis, self.new_action, self.edit, self.status))
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_status)
        self.load.clicked.connect(self._on_load)
        self.new_axis.clicked.connect(self._on_new_axis)
        self.new_action.clicked.connect(self._on_new_action)
        self.edit.clicked.connect(self._on_edit)
        self.status.clicked.connect(self._on_status)

    def first_field(self) -> QWidget | None:
        """Return the list."""
        return self.table

    def refresh(self) -> None:
        """Read the plan."""
        if self.contract is not None:
            desk, contract = self.desk, self.contract.id
            self.ask(lambda: plan.plan_of(desk, contract), self._show, key="plan")

    def _show(self, axes: tuple[AxisRow, ...]) -> None:
        self.axes = axes
        self.table.set_rows([n for x in axes for n in (PlanLine(x), *(PlanLine(x, a) for a in x.actions))])
        self.table.size_columns()
        self.summary.setText(_counted(axes))
        line = self.table.current
        first = next((n for n in self.table.rows_model.rows if n.action), None)
        if first is not None and (line is None or (line.action is None and self._fresh)):
            self.table.choose(first.key)
        self._fresh = False
        self._on_chosen(self.table.current)

    @Slot(object)
    def _on_chosen(self, line: PlanLine | None) -> None:
        action = line.action if line else None
        self.status.setEnabled(action is not None)
        self.edit.setEnabled(line is not None)
        self.new_action.setEnabled(bool(self.axes))
        self.detail.setText("" if line is None else _told(line))

    @Slot()
    def _on_status(self) -> None:
        line = self.table.current
        if line is not None and line.action is not None:
            self.open_dialog(StatusDialog(self, line.action))

    @Slot()
    def _on_edit(self) -> None:
        line = self.table.current
        if line is None or self.contract is None:
            return
        if line.action is not None:
            self.open_dialog(ActionDialog(self, self.axes, line.action))
        else:
            self.open_dialog(AxisDialog(self, self.contract.id, line.axis))

    @Slot()
    def _on_new_axis(self) -> None:
        if self.contract is not None:
            self.open_dialog(AxisDialog(self, self.contract.id))

    @Slot()
    def _on_new_action(self) -> None:
        if self.axes:
            line = self.table.current
            self.open_dialog(ActionDialog(self, self.axes, axis=line.axis.id if line else None))

    @Slot()
    def _on_load(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Quel plan charger ?"), str(Path.home()), _("Plans de contrat (*.toml)")
        )
        if chosen:
            self.load_from(Path(chosen))

    def load_from(self, path: Path) -> None:
        """Load the plan of a file; what is already there stays as it is."""
        if self.contract is not None:
            desk, contract = self.desk, self.contract.id
            self.act(
                lambda: outline.load_outline(desk, contract, outline.read_outline_file(path)), self._on_loaded, self._on_refused
            )  # fmt: skip

    def _on_loaded(self, loaded: Loaded) -> None:
        told = _("Ajoutés : axes {axes}, actions {actions}, indicateurs {indicators}, financeurs {funders}.").format(
            axes=loaded.axes, actions=loaded.actions, indicators=loaded.indicators, funders=loaded.funders
        )
        self.notice.tell("success", _("Tout ce plan était déjà là : rien n'a changé.") if loaded.nothing else told)

    def _on_refused(self, sentence: str) -> None:
        self.notice.tell("error", sentence)


def _counted(axes: tuple[AxisRow, ...]) -> str:
    """Return how many actions stand where, as the published balances count them: « 22 actions : lancée 8, réalisée 12 »."""
    states = Counter(a.status for x in axes for a in x.actions)
    if not states:
        return ""
    told = ", ".join(f"{named(s)} {states[s]}" for s in Status if states[s])
    return ngettext("{n} action : {told}", "{n} actions : {told}", states.total()).format(n=states.total(), told=told)


def _title(line: PlanLine) -> str:
    return f"    {line.action.title}" if line.action else line.axis.title


def _soft(line: PlanLine) -> str | None:
    return None if line.action else "primary"


def _tone(line: PlanLine) -> str | None:
    return _TONES.get(line.action.status) if line.action else None


def _since(line: PlanLine) -> str:
    return shown.day(line.action.history[-1].since) if line.action and line.action.history else ""


def _told(line: PlanLine) -> str:
    """Return the partners of an action and its history, or what is said of an axis."""
    if line.action is None:
        return line.axis.summary
    partners = _("Partenaires : {names}.").format(names=", ".join(line.action.partners)) if line.action.partners else ""
    history = [
        _("{status} le {day} ({who})").format(status=named(h.status), day=shown.day(h.since), who=h.made_by)
        + (f" : {h.note}" if h.note else "")
        for h in line.action.history
    ]
    return "\n".join(t for t in (partners, " ; ".join(history), line.action.summary) if t)
