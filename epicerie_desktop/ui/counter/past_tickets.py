"""The tickets of any day: found by number, day or household, printed again, cancelled by a contrary ticket of today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QVBoxLayout

from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.services.queries.counter import TicketRow
from epicerie_desktop.services.queries.past_tickets import find_tickets
from epicerie_desktop.services.till.cancelling import check_cancel
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import parse_day
from epicerie_desktop.ui.common.dialogs import ask_reason
from epicerie_desktop.ui.common.fields import SearchField
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.counter import cancelling
from epicerie_desktop.ui.counter.tickets import consequences, tickets_table
from epicerie_desktop.ui.screen import Screen


class PastTicketsDialog(QDialog):
    """A search above, the tickets found below; F8 cancels the chosen one, F7 prints it, Escape closes."""

    def __init__(self, screen: Screen, print_asked: Callable[[int], None], typed: str = "") -> None:
        super().__init__(screen)
        self._screen = screen
        self._print = print_asked
        self.setWindowTitle(_("Tickets d'un autre jour"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search = SearchField(
            _("Numéro de ticket, jour (21/11) ou foyer"), scan_hint=_("Un ticket peut être scanné")
        )
        self.notice = Notice("info", closable=True)
        self.table = tickets_table(_("Tickets trouvés"), _("Aucun ticket ne répond à cette recherche."), days=True)
        self.kept = label("soft")
        self.cancel_button = ActionButton(_("Annuler ce ticket"), "F8", icon="undo-2")
        self.print_button = ActionButton(_("Imprimer"), "F7", icon="printer")
        self.close_button = ActionButton(_("Fermer"), "Esc")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(label(_("Tickets d'un autre jour"), "title"))
        whole.addWidget(self.search)
        whole.addWidget(self.notice)
        whole.addWidget(self.table, 1)
        whole.addWidget(self.kept)
        whole.addLayout(row(self.close_button, None, self.print_button, self.cancel_button))
        self.resize(920, 600)
        self.table.search_in(self.search.line)
        self.search.edited.connect(self._read)
        self.search.down.connect(self._to_table)
        self.search.submitted.connect(self._to_table)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_print)
        self.cancel_button.clicked.connect(self._on_cancel)
        self.print_button.clicked.connect(self._on_print)
        self.close_button.clicked.connect(self.reject)
        back = QShortcut(QKeySequence("F2"), self)
        back.activated.connect(self.search.setFocus)
        self.search.line.setText(typed)
        self._read()
        self.search.setFocus()

    @Slot()
    def _read(self) -> None:
        desk, typed = self._screen.desk, self.search.text
        try:
            day = parse_day(typed, desk.clock.today())
        except BadInput:
            day = None
        self._screen.context.data.submit(
            self, partial(find_tickets, desk, typed, day), self._on_read, self._screen.on_trouble, key="tickets"
        )

    def _on_read(self, rows: tuple[TicketRow, ...]) -> None:
        self.table.set_rows(rows)
        self.table.size_columns()
        if self.table.current is None:
            self.table.choose_first()
        self._on_chosen()

    @Slot()
    def _on_chosen(self) -> None:
        found = self.table.current
        self.print_button.setEnabled(found is not None)
        self.cancel_button.setEnabled(found is not None and found.may_cancel)
        self.kept.setText(_(found.kept) if found is not None else "")
        self.kept.setVisible(bool(self.kept.text()))

    @Slot()
    def _to_table(self) -> None:
        if self.table.rows_model.rows:
            self.table.setFocus()

    @Slot()
    def _on_print(self) -> None:
        found = self.table.current
        if found is not None:
            self._print(found.sale)

    @Slot()
    def _on_cancel(self) -> None:
        found = self.table.current
        if found is not None and found.may_cancel:
            self._screen.context.data.submit(
                self, partial(check_cancel, self._screen.desk, found.sale), lambda _none: self._ask(found), self._on_failed
            )  # fmt: skip

    def _ask(self, found: TicketRow) -> None:
        desk = self._screen.desk
        reason = ask_reason(
            self, _("Annuler le ticket n° {number} de {name} ?").format(number=found.number, name=found.name),
            consequences(found, desk.clock.today()), _("Annuler le ticket"), _("Garder le ticket"),
        )  # fmt: skip
        if reason:
            self._screen.context.data.submit(
                self, partial(cancelling.cancel, desk, found.sale, reason), self._on_cancelled, self._on_failed
            )

    def _on_cancelled(self, back: Mapping[PaymentKind, int]) -> None:
        self.notice.tell("success", cancelling.cancelled_words(back))
        self._read()
        self.search.setFocus()

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
        else:
            self._screen.on_trouble(error)
