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
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import parse_day
from epicerie_desktop.ui.common.dialogs import ask_reason
from epicerie_desktop.ui.common.fields import SearchField
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.counter import cancelling
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.till import wording


def _state(found: TicketRow) -> str:
    if found.cancels:
        return _("annulation")
    return _("annulé") if found.cancelled else ""


def _tone(found: TicketRow) -> str | None:
    return "ink_soft" if found.cancelled or found.cancels else None


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
        self.table: RowsTable[TicketRow] = RowsTable(
            (
                Column(_("Jour"), lambda t: t.day, shown.day, tone=_tone),
                Column(_("Heure"), lambda t: wording.hour(t.at), tone=_tone),
                Column(_("Ticket"), lambda t: t.number, tone=_tone),
                Column(_("Foyer"), lambda t: t.name, tone=_tone, stretch=True),
                Column(_("Kilos"), lambda t: t.grams, shown.kilos, "right", tone=_tone),
                Column(_("Payé"), lambda t: t.paid_cents, shown.money, "right", tone=_tone),
                Column("", _state, tone=_tone),
            ),
            lambda t: t.sale, name=_("Tickets trouvés"), sortable=False, empty=_("Aucun ticket ne répond à cette recherche."),
        )  # fmt: skip
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
        self.cancel_button.setEnabled(found is not None and not found.cancelled and not found.cancels)

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
        if found is None or found.cancelled or found.cancels:
            return
        desk = self._screen.desk
        told = [
            _("Les articles reviennent en stock. Somme à rendre : {paid}.").format(paid=wording.given_back(found)),
            *wording.restored(found),
        ]
        if found.day is not None and found.day != desk.clock.today():
            told.append(
                _("La journée du {day} reste close : l'annulation s'inscrit dans la caisse d'aujourd'hui.").format(
                    day=shown.day(found.day)
                )
            )
        reason = ask_reason(
            self, _("Annuler le ticket n° {number} de {name} ?").format(number=found.number, name=found.name), " ".join(told),
            _("Annuler le ticket"), _("Le garder"),
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
