"""Where the worker begins: the rights that end soon, to study or to renew in one gesture."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.queries.ending import EndingRight
from epicerie_desktop.services.queries.exceptional import ExceptionalRow
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import SectionTitle, column, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.households.standing import RightsPanel


def _left(days: int) -> str:
    if days < 0:
        return ngettext("terminé depuis {n} jour", "terminé depuis {n} jours", -days).format(n=-days)
    if days == 0:
        return _("se termine aujourd'hui")
    return ngettext("dans {n} jour", "dans {n} jours", days).format(n=days)


class LandingPage(QWidget):
    """The list, and what can be done from it: `study_wanted` and `renew_wanted` give a household."""

    study_wanted = Signal(int)
    renew_wanted = Signal(int)
    choose_wanted = Signal()
    validate_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.exceptional: RowsTable[ExceptionalRow] = RowsTable(
            (
                Column(_("Foyer"), lambda r: r.name, stretch=True),
                Column(_("Numéro"), lambda r: r.number),
                Column(_("Jour"), lambda r: r.day, shown.day),
            ),
            lambda r: r.grant, name=_("Passages exceptionnels à valider"),
        )  # fmt: skip
        self.exceptional.setMaximumHeight(170)
        self.validate = ActionButton(_("Valider ce passage"), "F5", "check")
        self._waiting = QWidget()
        self._waiting.setLayout(
            column(SectionTitle(_("Passages exceptionnels à valider"), (self.validate,)), self.exceptional, spacing=8)
        )
        self._waiting.hide()
        self.exceptional.chosen.connect(self._on_visit)
        self.validate.clicked.connect(self._on_validate)
        self._visit: ExceptionalRow | None = None
        self.table: RowsTable[EndingRight] = RowsTable(
            (
                Column(_("Foyer"), lambda r: r.holder, stretch=True),
                Column(_("Numéro"), lambda r: r.number),
                Column(_("Dernier jour"), lambda r: r.until, shown.day),
                Column(_("Fin"), lambda r: r.left, _left, tone=lambda r: "ask" if r.left < 0 else None),
            ),
            lambda r: r.household, name=_("Droits qui se terminent"), empty=_("Aucun droit ne se termine bientôt."),
        )  # fmt: skip
        self.study = ActionButton(_("Étudier la situation"), "F7", "shield-check")
        self.renew = ActionButton(_("Renouveler…"), "F6", "calendar-days")
        self.choose = ActionButton(_("Choisir un autre foyer"), "F8", "users", "quiet")
        whole = column(self._waiting, SectionTitle(_("Droits qui se terminent")), spacing=12)
        whole.addWidget(self.table, 1)
        whole.addLayout(row(self.study, self.renew, None, self.choose))
        self.setLayout(whole)
        self._current: EndingRight | None = None
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.study.clicked.connect(self._on_study)
        self.renew.clicked.connect(self._on_renew)
        self.choose.clicked.connect(self.choose_wanted)
        self._on_chosen(None)

    def show_rights(self, rights: tuple[EndingRight, ...]) -> None:
        """Show the rights; the chosen one stays chosen."""
        self.table.set_rows(rights)
        if not rights:
            self._on_chosen(None)

    def show_visits(self, visits: tuple[ExceptionalRow, ...]) -> None:
        """Show the exceptional visits that wait for whoever decides; nothing where there is none."""
        self.exceptional.set_rows(visits)
        self._waiting.setVisible(bool(visits))
        if self._visit not in visits:
            self._on_visit(visits[0] if visits else None)

    @Slot(object)
    def _on_visit(self, visit: ExceptionalRow | None) -> None:
        self._visit = visit
        self.validate.setEnabled(visit is not None)

    @Slot()
    def _on_validate(self) -> None:
        if self._visit is not None:
            self.validate_wanted.emit(self._visit.grant)

    @Slot(object)
    def _on_chosen(self, right: EndingRight | None) -> None:
        self._current = right
        self.study.setEnabled(right is not None)
        self.renew.setEnabled(right is not None)

    @Slot(object)
    def _on_opened(self, right: EndingRight) -> None:
        self.study_wanted.emit(right.household)

    @Slot()
    def _on_study(self) -> None:
        if self._current is not None:
            self.study_wanted.emit(self._current.household)

    @Slot()
    def _on_renew(self) -> None:
        if self._current is not None:
            self.renew_wanted.emit(self._current.household)


class ReservedPage(QWidget):
    """What an account without the second key sees of a household: its rights, and why there is no more."""

    def __init__(self, rights: RightsPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        told = _(
            "Les ressources et les charges sont réservées aux travailleurs sociaux : ce compte voit les droits, pas les montants."
        )
        notice = Notice()
        self.setLayout(column(notice, rights, None, spacing=16))
        notice.tell("info", told)  # once it has its place: shown before, it would be a window of its own
