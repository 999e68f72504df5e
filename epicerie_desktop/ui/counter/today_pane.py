"""What the day holds while nobody is looked for: baskets left in hand, and the tickets, to print or to cancel."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.support.late import late
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.counter.reminders_pane import RemindersPane
from epicerie_desktop.ui.counter.tickets import consequences, tickets_table
from epicerie_desktop.ui.till.parts import Tinted, button, label
from epicerie_desktop.ui.till.questions import ReasonStep

if TYPE_CHECKING:
    from epicerie_desktop.services.queries.counter import FoundHousehold, HeldBasket, TicketRow
    from epicerie_desktop.ui.till import wording
else:
    wording = late("epicerie_desktop.ui.till.wording")


class HeldRow(Tinted):
    """One basket left in hand, with its two buttons."""

    resumed = Signal(int)
    dropped = Signal(int)

    def __init__(self, held: HeldBasket, today: date, *, first: bool, parent: QWidget | None = None) -> None:
        super().__init__("ask_tint", parent)
        self.household = held.household
        words = label("strong", _("Un panier était en cours pour {name}").format(name=held.name))
        note = label(
            "soft",
            _("n° {number} · {lines}, gardé {when}").format(
                number=held.number, lines=wording.lines(held.lines), when=wording.day_and_hour(held.saved_at, today)
            ),
        )
        self.resume = button(_("Reprendre"), "F9" if first else "", primary=first, icon="shopping-basket")
        self.drop = button(_("Abandonner"), icon="x")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(words)
        texts.addWidget(note)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        row.addWidget(self.drop)
        row.addWidget(self.resume)
        self.resume.clicked.connect(self._on_resume)
        self.drop.clicked.connect(self._on_drop)

    @Slot()
    def _on_resume(self) -> None:
        self.resumed.emit(self.household)

    @Slot()
    def _on_drop(self) -> None:
        self.dropped.emit(self.household)


class TodayPane(QWidget):
    """Baskets in hand above, today's tickets below."""

    resumed = Signal(int)
    dropped = Signal(int)
    print_asked = Signal(int)
    check_asked = Signal(object)
    cancel_asked = Signal(int, str)
    household_asked = Signal(str)
    reason_left = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.held: tuple[HeldBasket, ...] = ()
        self._held_box = QVBoxLayout()
        self._held_box.setSpacing(8)
        self.rows: list[HeldRow] = []
        self.summary = label("section")
        self.table = tickets_table(
            _("Tickets du jour"), _("Aucun ticket aujourd'hui. Le premier foyer servi apparaîtra ici.")
        )
        self.expected_title = label("section")
        self.expected: RowsTable[FoundHousehold] = RowsTable(
            (
                Column(_("Foyer"), lambda f: f.called, stretch=True),
                Column(_("Numéro"), lambda f: f.number, align="right"),
            ),
            lambda f: f.id, name=_("Foyers attendus cette semaine"), sortable=False,
            empty=_("Tous les foyers dont le droit est ouvert sont venus cette semaine."),
        )  # fmt: skip
        self.reminders = RemindersPane()
        self.print_button = button(_("Imprimer"), "F7", icon="printer")
        self.cancel_button = button(_("Annuler"), "F8", icon="undo-2")
        self.others_button = button(_("Autres jours"), "Ctrl+T")
        self.reason = ReasonStep(_("Annuler le ticket"))
        self.reason.hide()
        self._lay_out()
        QWidget.setTabOrder(self.table, self.cancel_button)
        QWidget.setTabOrder(self.cancel_button, self.print_button)
        QWidget.setTabOrder(self.print_button, self.expected)
        QWidget.setTabOrder(self.expected, self.reminders.table)
        self.expected.opened.connect(self._on_expected)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.print_button.clicked.connect(self.print_chosen)
        self.cancel_button.clicked.connect(self.ask_cancel)
        self.reason.answered.connect(self._on_reason)
        self.reason.left.connect(self._on_reason_left)

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(20, 14, 20, 16)
        inside.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.summary, 1)
        row.addWidget(self.others_button)
        row.addWidget(self.cancel_button)
        row.addWidget(self.print_button)
        inside.addLayout(row)
        inside.addWidget(self.table, 1)
        inside.addWidget(self.reason)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._held_box)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(card, 2)
        beside = QVBoxLayout()
        beside.setSpacing(12)
        beside.addWidget(self._expected_card(), 3)
        beside.addWidget(self.reminders, 2)
        below.addLayout(beside, 1)
        column.addLayout(below, 1)

    def put_above(self, box: QLayout) -> None:
        """Put rows of another kind below the baskets in hand."""
        inside = self.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.insertLayout(1, box)

    def _expected_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(20, 14, 20, 16)
        inside.setSpacing(12)
        self.expected_title.setMinimumHeight(self.print_button.sizeHint().height())
        inside.addWidget(self.expected_title)
        inside.addWidget(self.expected, 1)
        return card

    def show_day(
        self,
        held: tuple[HeldBasket, ...],
        tickets: tuple[TicketRow, ...],
        expected: tuple[FoundHousehold, ...],
    ) -> None:
        """Show the baskets in hand, the tickets of the day, the households not yet seen this week."""
        self.expected.set_rows(expected)
        self.expected_title.setText(
            ngettext("{n} foyer attendu cette semaine", "{n} foyers attendus cette semaine", len(expected)).format(
                n=len(expected)
            )
        )
        if held != self.held or len(self.rows) != len(held):
            self.held = held
            for old in self.rows:
                self._held_box.removeWidget(old)
                old.deleteLater()
            self.rows = [HeldRow(h, self._today, first=i == 0) for i, h in enumerate(held)]
            for row in self.rows:
                self._held_box.addWidget(row)
                row.resumed.connect(self.resumed)
                row.dropped.connect(self.dropped)
        self.table.set_rows(tickets)
        # The tickets of a day come one by one: the first tells neither the longest figure nor the word « annulé ».
        self.table.size_columns()
        kept = [t for t in tickets if not t.cancelled and not t.cancels]
        words = ngettext("{n} ticket aujourd'hui", "{n} tickets aujourd'hui", len(kept)).format(n=len(kept))
        self.summary.setText(words if kept else _("Tickets du jour"))
        self._show_buttons()

    def _show_buttons(self) -> None:
        row = self.table.current or self.table.rows_model.row_at(0)
        self.print_button.setEnabled(row is not None)
        self.cancel_button.setEnabled(row is not None and row.may_cancel)

    @Slot()
    def _on_chosen(self) -> None:
        self._show_buttons()
        self.reason.hide()

    @Slot(object)
    def _on_expected(self, row: FoundHousehold) -> None:
        self.household_asked.emit(row.number)

    @Slot()
    def _on_opened(self) -> None:
        self.print_chosen()

    @Slot()
    def print_chosen(self) -> None:
        """Ask for the paper of the ticket chosen, or of the latest one."""
        self.table.choose_first()
        row = self.table.current
        if row is not None:
            self.print_asked.emit(row.sale)

    @Slot()
    def ask_cancel(self) -> None:
        """Ask whether the ticket chosen, or the latest one, may be cancelled: `ask_reason` comes then."""
        self.table.choose_first()
        row = self.table.current
        if row is not None and row.may_cancel:
            self.check_asked.emit(row)

    def ask_reason(self, row: TicketRow) -> None:
        """Ask why a ticket is cancelled."""
        self.reason.ask(
            _("Pourquoi annuler le ticket n° {number} de {name} ?").format(number=row.number, name=row.name),
            consequences(row, self._today),
        )
        self.reason.show()
        self.reason.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_reason(self, reason: str) -> None:
        row = self.table.current
        if row is not None:
            self.reason.set_busy(True)
            self.cancel_asked.emit(row.sale, reason)

    @Slot()
    def _on_reason_left(self) -> None:
        self.reason.hide()
        self.reason_left.emit()
