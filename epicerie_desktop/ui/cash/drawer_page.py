"""The drawer of this post: opened with what it holds, counted and shut, with a word to the next team."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from epicerie_desktop.domain.cash import HOUSEHOLD_CASH, CashMoveKind
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.queries.drawer import CashRow, DrawerView, drawer_now
from epicerie_desktop.services.till.drawer import CountForm, close_session, move_cash, open_session, reverse_cash_move
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.cash.dialogs import CountDialog, MoveDialog
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted, ask_reason
from epicerie_desktop.ui.common.fields import MoneyField
from epicerie_desktop.ui.common.layout import FormRow, StatTile, column, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import NoticePage
from epicerie_desktop.ui.till import wording


class DrawerPage(NoticePage):
    """Shut: what the last team left and said. Open: what it should hold, and cash that moved without a ticket."""

    tables: ClassVar[frozenset[str]] = frozenset({"till_session", "cash_move", "payment", "setting"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.view: DrawerView | None = None
        self.word = Notice("info", parent=self)
        self.float = MoneyField(required=True)
        self.open_button = ActionButton(_("Ouvrir la caisse"), "F12", icon="check", kind="primary")
        self.float_tile, self.sales_tile = StatTile(_("Fond à l'ouverture")), StatTile(_("Encaissé en espèces"))
        self.moves_tile, self.expected_tile = StatTile(_("Entré et sorti sans ticket")), StatTile(_("Doit contenir"))
        columns: tuple[Column[CashRow], ...] = (
            Column(_("Heure"), lambda m: m.at, shown.hour),
            Column(_("Nature"), lambda m: called(m.kind)),
            Column(_("Montant"), lambda m: m.cents, shown.money, align="right"),
            Column(_("Précision"), lambda m: m.note, stretch=True),
        )
        self.table: RowsTable[CashRow] = RowsTable(
            columns,
            lambda m: m.id,
            name=_("Espèces sans ticket"),
            empty=_("Rien n'est entré ni sorti sans ticket."),
            sortable=False,
        )
        self.cash = ActionButton(_("Entrée ou sortie"), "F5", icon="plus")
        self.undo = ActionButton(_("Annuler"), "F8", kind="quiet")
        self.count = ActionButton(_("Compter et fermer"), "F9", icon="check", kind="primary")
        self.shut, self.opened = QWidget(), QWidget()
        self.shut.setLayout(
            column(row(FormRow(_("Ce que contient la caisse"), self.float), None), row(self.open_button, None))
        )
        inside = column(
            row(self.float_tile, self.sales_tile, self.moves_tile, self.expected_tile),
            self.table,
            row(self.cash, self.undo, None, self.count),
        )
        inside.setStretch(1, 1)
        self.opened.setLayout(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.notice)
        whole.addWidget(self.word)
        whole.addWidget(self.shut)
        whole.addWidget(self.opened, 1)
        whole.addStretch(0)
        self.opened.hide()
        self.open_button.clicked.connect(self._on_open)
        self.float.submitted.connect(self._on_open)
        self.cash.clicked.connect(self._on_move)
        self.undo.clicked.connect(self._on_undo)
        self.count.clicked.connect(self._on_count)

    def first_field(self) -> QWidget | None:
        """Return the sum to type while the drawer is shut, else the list."""
        return self.float if self.view is None or self.view.number is None else self.table

    def refresh(self) -> None:
        """Read the drawer."""
        self.ask(partial(drawer_now, self.desk), self._show, key="drawer")

    def _show(self, found: DrawerView) -> None:
        was_open = self.view is not None and self.view.number is not None
        self.view = found
        is_open = found.number is not None
        over = wording.drawer_over(found.over)
        words = [over] if over else []
        if found.note:
            words.append(_("Mot de l'équipe précédente ({who}) : {note}").format(who=found.note_by, note=found.note))
        if found.last_difference_cents:
            told = (
                _("Elle a compté {amount} de trop ({reason}).")
                if found.last_difference_cents > 0
                else _("Il lui manquait {amount} ({reason}).")
            )
            words.append(told.format(amount=shown.money(abs(found.last_difference_cents)), reason=found.last_reason))
        self.word.tell("warn" if over else "info", " ".join(words))
        self.shut.setVisible(not is_open)
        self.opened.setVisible(is_open)
        if not is_open:
            self.float.set_value(found.float_cents)
        since = (
            _("{instant}, par {who}").format(instant=shown.instant(found.opened_at), who=found.opened_by)
            if found.opened_at is not None
            else ""
        )
        self.float_tile.set_value(shown.money(found.float_cents), since)
        self.sales_tile.set_value(shown.money(found.sales_cents))
        self.moves_tile.set_value(shown.money(found.moves_cents))
        self.expected_tile.set_value(shown.money(found.expected_cents))
        self.table.set_rows(found.moves)
        field = self.first_field()
        if field is not None and is_open != was_open and self.isVisible():
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_open(self) -> None:
        if self.float.isVisible() and self.float.check() and self.float.value is not None:
            self.act(partial(open_session, self.desk, self.float.value), self._on_done)

    def _on_done(self, _done: object) -> None:
        self.notice.tell("info", "")

    def _on_counted(self) -> None:
        """Tell where the papers of the count are, once it is written."""
        self.notice.tell(
            "success",
            _("La caisse est comptée. Sa feuille et le bordereau pour la banque sont dans « Comptages » (Alt+P)."),
        )

    @Slot()
    def _on_move(self) -> None:
        if self.view is None or self.view.number is None:
            return

        def write(kind: CashMoveKind, cents: int, note: str) -> int:
            return move_cash(self.desk, kind, cents, note)

        accepted(MoveDialog(self, self.view, write))

    @Slot()
    def _on_undo(self) -> None:
        found = self.table.current
        if found is None or found.undone:
            self.notice.tell("info", _("Choisissez dans la liste un mouvement qui n'est pas déjà annulé."))
            return
        if found.kind in HOUSEHOLD_CASH:
            self.notice.tell("info", _("Cet argent est celui d'un foyer : annulez-le à l'accueil, sur son bandeau."))
            return
        told = _("{kind} : {amount}").format(kind=called(found.kind), amount=shown.money(found.cents))
        why = ask_reason(self.window(), _("Annuler ce mouvement ?"), told, _("Annuler le mouvement"), _("Le garder"))
        if why is not None:
            self.act(partial(reverse_cash_move, self.desk, found.id, why), self._on_done)

    @Slot()
    def _on_count(self) -> None:
        if self.view is None or self.view.number is None:
            return

        def write(form: CountForm, go_on: bool) -> int | None:
            return close_session(self.desk, form, go_on=go_on)

        if accepted(CountDialog(self, self.view, write)):
            self._on_counted()
