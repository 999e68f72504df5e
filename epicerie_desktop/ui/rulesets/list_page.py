"""The règlements of the shop, past, in force and to come, and the one being written."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.rights.rulesets import AdoptedRuleset, KeptDraft, RulesetState
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import column, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable

STATES = {
    RulesetState.PAST: N_("Passé"),
    RulesetState.IN_FORCE: N_("En vigueur"),
    RulesetState.TO_COME: N_("À venir"),
}


class ListPage(QWidget):
    """Every règlement adopted, the latest first. `opened` carries one, to be read."""

    opened = Signal(object)
    resumed = Signal()
    forgotten = Signal()
    withdrawn = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resume = ActionButton(_("Reprendre"), "F4", "pencil")
        self.forget = ActionButton(_("Abandonner"), kind="quiet")
        self.kept = Notice("info")
        self.list: RowsTable[AdoptedRuleset] = RowsTable(
            (
                Column(_("Du"), lambda r: r.valid_from, shown.day),
                Column(_("Au"), lambda r: r.valid_until, lambda d: shown.day(d) if d else _("sans fin")),
                Column(_("État"), lambda r: r.state, lambda s: _(STATES[s]), bold=True),
                Column(_("Règlement"), lambda r: f"{r.name} ({r.version})", stretch=True),
                Column(_("Évaluations et droits"), lambda r: r.used, str, align="right"),
            ),
            lambda r: r.id,
            name=_("Règlements adoptés"),
            empty=_("Aucun règlement n'a encore été adopté."),
            sortable=False,
        )
        self.withdraw = ActionButton(_("Retirer avant son début"), "Del", "trash-2", "quiet")
        self._draft_row = QWidget()
        self._draft_row.setLayout(row(self.kept, self.resume, self.forget, spacing=12))
        self.setLayout(column(self._draft_row, self.list, row(self.withdraw, None), spacing=12))
        self._draft_row.hide()
        self.list.opened.connect(self.opened)
        self.list.chosen.connect(self._on_chosen)
        self.resume.clicked.connect(self.resumed)
        self.forget.clicked.connect(self.forgotten)
        self.withdraw.clicked.connect(self._on_withdraw)
        self._on_chosen(None)

    def show_rulesets(self, found: tuple[AdoptedRuleset, ...], draft: KeptDraft | None) -> None:
        """Show the règlements, and whether one is being written at this post."""
        self.list.set_rows(found)
        self.list.choose_first()
        self._draft_row.setVisible(draft is not None)
        if draft is not None:
            self.kept.tell(
                "info",
                _("Un règlement est en cours d'écriture sur ce poste, gardé le {day}.").format(
                    day=shown.day(draft.saved_at.date())
                ),
            )
        self._on_chosen(self.list.current)

    @Slot(object)
    def _on_chosen(self, found: AdoptedRuleset | None) -> None:
        self.withdraw.setVisible(found is not None and found.state is RulesetState.TO_COME)

    @Slot()
    def _on_withdraw(self) -> None:
        if self.list.current is not None and self.list.current.state is RulesetState.TO_COME:
            self.withdrawn.emit(self.list.current)
