"""The counter: one field for a name or a card, the household's card beside it, then the till."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.late import late
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.fields import SearchField
from epicerie_desktop.ui.common.held_keys import HeldKeys, is_text
from epicerie_desktop.ui.common.layout import GAP, page
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.counter.ahead_pane import AheadPane
from epicerie_desktop.ui.counter.day import Day, read_day
from epicerie_desktop.ui.counter.gestures import SideGestures
from epicerie_desktop.ui.counter.purse_pane import PursePane
from epicerie_desktop.ui.counter.today_pane import TodayPane
from epicerie_desktop.ui.counter.visit_pane import VisitPane
from epicerie_desktop.ui.safety.counter_bar import CounterBar
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.till.keys import Keys
from epicerie_desktop.ui.till.parts import scaled

if TYPE_CHECKING:
    from epicerie_desktop.domain import access, ticket
    from epicerie_desktop.domain.card import CardNumber
    from epicerie_desktop.domain.payments import PaymentKind
    from epicerie_desktop.services.queries import counter
    from epicerie_desktop.services.queries.counter import FoundHousehold, Visit
    from epicerie_desktop.services.safety import day_end
    from epicerie_desktop.services.till import cancelling as checking
    from epicerie_desktop.services.till import sell
    from epicerie_desktop.ui.counter import cancelling, reading
    from epicerie_desktop.ui.counter.reading import Read
    from epicerie_desktop.ui.till import wording
else:
    access = late("epicerie_desktop.domain.access")
    ticket = late("epicerie_desktop.domain.ticket")
    counter = late("epicerie_desktop.services.queries.counter")
    day_end = late("epicerie_desktop.services.safety.day_end")
    checking = late("epicerie_desktop.services.till.cancelling")
    sell = late("epicerie_desktop.services.till.sell")
    cancelling = late("epicerie_desktop.ui.counter.cancelling")
    reading = late("epicerie_desktop.ui.counter.reading")
    wording = late("epicerie_desktop.ui.till.wording")

_CARD_WIDTH, _WIDEST_CARD = 420, 520
_ROOM_FOR = {2: 1000, 3: 640}
"""Beside a card, the width from which the list keeps a column: members, persons; names and numbers tell namesakes apart."""
_TONES = {"OPEN": "ok", "ASK_TEAM": "ask", "CLOSED": "no"}


class CounterScreen(Screen):
    """The keyboard stays in the search field: Enter chooses a household, Enter again opens its till."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "draft",
            "sale",
            "household",
            "household_member",
            "household_address",
            "person",
            "card",
            "access_grant",
            "fee_paid",
            "appointment",
            "suspension",
            "avoidance",
            "cold_reading",
            "cold_unit",
            "day_end",
            "quarantine",
            "setting",
            "prepared_order",
            "emergency_parcel",
            "parcel_type",
            "undertaking",
        }
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.search = SearchField(
            _("Nom, numéro, téléphone ou carte du foyer"), scan_hint=_("La carte peut être scannée à tout moment")
        )
        self.keys = Keys(self.search.line)
        self.news = Notice("info")
        self.bar = CounterBar()
        self.found: RowsTable[FoundHousehold] = self._found_table()
        self.today = TodayPane(self.desk.clock.today())
        self.card = VisitPane()
        self.side_gestures = SideGestures(self)
        self.ahead = AheadPane(self)
        self.purse = PursePane(self)
        self._answered = self._listed = ""
        self._enter_waits = False
        self._elsewhere: CardNumber | None = None
        self._held = HeldKeys(self, is_text)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    def _found_table(self) -> RowsTable[FoundHousehold]:
        table: RowsTable[FoundHousehold] = RowsTable(
            (
                Column(_("Titulaire"), lambda f: f.called, bold=True, stretch=True),
                Column(_("Numéro"), lambda f: f.number),
                Column(_("Membres"), lambda f: ", ".join(f.members), stretch=True),
                Column(_("Pers."), lambda f: f.persons, align="right"),
                Column(_("Aujourd'hui"), lambda f: wording.short_state(f.verdict), tone=lambda f: _TONES[f.verdict.state.value]),
            ),
            lambda f: f.id, name=_("Foyers trouvés"), sortable=False,
            empty=_("Aucun foyer à ce nom. Essayez un autre membre du foyer, moins de lettres, ou son téléphone."),
        )  # fmt: skip
        return table

    def _lay_out(self) -> None:
        self._stack.addWidget(self.today)
        self._stack.addWidget(self.found)
        self.card.setFixedWidth(min(scaled(_CARD_WIDTH), _WIDEST_CARD))
        below = QHBoxLayout()
        below.setSpacing(GAP)
        below.addWidget(self._stack, 1)
        below.addWidget(self.card)
        column = page(self)
        column.addWidget(self.search)
        column.addWidget(self.news)
        column.addWidget(self.bar)
        self.today.put_above(self.ahead.box)
        self.card.put_below_note(self.ahead.collectors)
        self.card.put_below_note(self.purse.box)
        column.addLayout(below, 1)
        self.card.hide()
        self.tell("")

    def _connect(self) -> None:
        self.search.line.textEdited.connect(self._on_edited)
        self.search.line.textChanged.connect(self._on_text)
        self.keys.entered.connect(self._on_entered)
        self.keys.escaped.connect(self.clear)
        self.keys.moved.connect(self._on_moved)
        self.found.opened.connect(self._on_opened)
        self.found.clicked.connect(self._on_row_clicked)
        self.card.till_asked.connect(self._on_till_asked)
        self.card.left.connect(self.give_back_focus)
        self.card.file_asked.connect(self._on_file_asked)
        self.card.fee_asked.connect(self.side_gestures.settle_fees)
        self.card.exceptional_asked.connect(self.side_gestures.grant_exceptional)
        self.today.household_asked.connect(self._on_household_asked)
        self.today.reminders.household_asked.connect(self._on_household_asked)
        self.today.reminders.validate_asked.connect(self.side_gestures.validate)
        self.today.resumed.connect(self._on_resumed)
        self.today.dropped.connect(self._on_dropped)
        self.today.print_asked.connect(self._on_print)
        self.today.check_asked.connect(self._on_check_asked)
        self.today.cancel_asked.connect(self._on_cancel_asked)
        self.today.reason_left.connect(self.give_back_focus)
        self.bar.seen.connect(self._on_seen)
        self.bar.end_asked.connect(partial(self.go, "day_end", fresh=True))
        self.bar.cold_asked.connect(partial(self.go, "safety", page="cold_chain"))
        for key, gesture in (
            (Qt.Key.Key_F5, self.bar.tell_seen), ("Shift+F11", self.bar.ask_cold), (Qt.Key.Key_F11, self.bar.ask_end),
            (Qt.Key.Key_F9, self._on_resume_first), (Qt.Key.Key_F8, self._on_cancel_key),
            (Qt.Key.Key_F7, self._on_print_key), (Qt.Key.Key_F4, self.card.ask_file),
            (Qt.Key.Key_F6, self.card.ask_fee), (Qt.Key.Key_F3, self.card.ask_exceptional),
            (Qt.Key.Key_F2, self.side_gestures.validate_first), ("Ctrl+U", self.ahead.ask_emergency),
            ("Shift+F9", self.ahead.take_waiting), ("Ctrl+T", self.open_past_tickets),
            ("Ctrl+E", self.purse.ask_take),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(gesture)
        self.today.others_button.clicked.connect(self.open_past_tickets)

    # -- reading -------------------------------------------------------------------------------------------------------

    def open_with(self, **what: Any) -> None:
        """Begin anew (`fresh`), or with `typed`: a card or a name given elsewhere."""
        self.clear()
        typed = str(what.get("typed", ""))
        if typed:
            self.search.line.setText(typed)
            self._on_edited()
            self._on_entered()

    def first_field(self) -> QWidget | None:
        """Return the search field."""
        return self.search.line

    def refresh(self) -> None:
        """Read the day again, and the household shown."""
        self.ask(partial(read_day, self.desk), self._on_day, key="day")
        self.ahead.read()
        if self.card.visit is not None:
            self._read_visit(self.card.visit.household)
        elif self._answered:
            self._look_for(self._answered)

    @Slot(int)
    def _on_seen(self, hand_over: int) -> None:
        self.act(partial(day_end.mark_seen, self.desk, hand_over))
        self.give_back_focus()

    def _on_day(self, day: Day) -> None:
        self.bar.show_reminders(day.safety)
        self.today.show_day(day.held, day.tickets, day.expected)
        self.today.reminders.show_reminders(
            day.reminders, self.desk.clock.today(), may_validate=self.desk.social_key is not None
        )

    @Slot()
    def clear(self) -> None:
        """Look for nobody: the day is shown."""
        self.search.line.clear()
        self.tell("")
        self.search.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def tell(self, sentence: str) -> None:
        """Show a sentence under the field; an empty one takes it away."""
        self.news.tell("info", sentence)

    # -- looking for ---------------------------------------------------------------------------------------------------

    @Slot()
    def _on_edited(self) -> None:
        self.tell("")

    @Slot(str)
    def _on_text(self, text: str) -> None:
        self._answered, self._enter_waits = "", False
        self._show_card(None)
        wanted = text.strip()
        if not wanted:
            self._listed = ""
            self._stack.setCurrentWidget(self.today)
            return
        self._look_for(wanted)

    def _look_for(self, wanted: str) -> None:
        self.ask(lambda: counter.find_households(self.desk, wanted), partial(self._on_found, wanted), key="search")

    def _on_found(self, wanted: str, found: tuple[FoundHousehold, ...]) -> None:
        if wanted != self.search.line.text().strip():
            return
        self._answered = wanted
        # Enter takes the first row: the holder whose name is typed comes before a household where another bears it, and one
        # that may shop today before a namesake whose right is over.
        self.found.set_rows(
            sorted(found, key=lambda f: (not f.held_by(wanted), f.verdict.state is not access.VerdictState.OPEN))
        )
        self._stack.setCurrentWidget(self.found if found or len(wanted) > 1 else self.today)
        # What was chosen for another search is not this one's answer: only a list read again keeps its choice.
        anew, self._listed = wanted != self._listed, wanted
        if found and (anew or not self.found.currentIndex().isValid()):
            self.found.setCurrentIndex(self.found.rows_model.index(0, 0))
        if self._enter_waits:
            self._enter_waits = False
            self._choose_current()

    @Slot(int)
    def _on_moved(self, rows: int) -> None:
        count = self.found.rows_model.rowCount()
        if self._stack.currentWidget() is not self.found or not count:
            return
        row = max(0, min(count - 1, self.found.currentIndex().row() + rows))
        self.found.setCurrentIndex(self.found.rows_model.index(row, 0))
        if self.card.visit is not None:
            self._choose_current()

    @Slot()
    def _on_entered(self) -> None:
        typed = self.search.line.text().strip()
        if not typed:
            return
        if self.card.visit is not None:
            self.card.proceed()
            return
        if ticket.ticket_number(typed) is not None:
            self.clear()
            self.open_past_tickets(typed)
            return
        try:
            meant = reading.read(typed, self.desk.shop)
        except RuleRefused as refusal:
            self._show_refusal(str(refusal))
            return
        if meant.card is not None and meant.card == self._elsewhere:
            self._elsewhere = None
            self.side_gestures.welcome(meant.card)
        elif meant.card is not None:
            self._look_for_card(meant, meant.card)
        elif self._answered == typed:
            self._choose_current()
        else:
            self._enter_waits = True

    def _show_refusal(self, sentence: str) -> None:
        self.search.line.selectAll()
        self._stack.setCurrentWidget(self.today)
        self.tell(sentence)

    def _look_for_card(self, meant: Read, card: CardNumber) -> None:
        self.ask(partial(counter.find_by_card, self.desk, card), partial(self._on_card, meant), key="card")

    def _on_card(self, meant: Read, found: FoundHousehold | None) -> None:
        if found is not None:
            self.found.set_rows((found,))
            self.found.choose(found.id)
            self._answered = self._listed = self.search.line.text().strip()
            self._stack.setCurrentWidget(self.found)
            self._read_visit(found.id)
        else:
            self._elsewhere = meant.card if meant.comes_from_the_contract else None
            self._show_refusal(_(reading.unknown_card(meant.origin)))

    @Slot(str)
    def _on_household_asked(self, number: str) -> None:
        self.open_with(typed=number)

    def _choose_current(self) -> None:
        row = self.found.current
        if row is not None:
            self._read_visit(row.id)

    def _read_visit(self, household: int) -> None:
        self.ask(partial(counter.open_visit, self.desk, household), self._on_visit, key="visit")

    def _show_card(self, visit: Visit | None) -> None:
        """Show a household's card beside the list; where room is short, the list keeps what tells people apart."""
        if visit is None:
            self.card.show_nobody()
        else:
            self.card.show_visit(visit)
            self.ahead.read_collectors(visit.household)
            self.purse.read(visit.household, self.ahead.uses)
        self.card.setVisible(visit is not None)
        room = self.width() - (self.card.width() if visit is not None else 0)
        for column, needed in _ROOM_FOR.items():
            self.found.setColumnHidden(column, visit is not None and room < scaled(needed))

    def _on_visit(self, visit: Visit) -> None:
        self._show_card(visit)
        # The row says what the card says: a visit just granted, or one already made today, shows in both.
        rows = self.found.rows_model.rows
        if any(f.id == visit.household and f.verdict != visit.verdict for f in rows):
            self.found.set_rows([replace(f, verdict=visit.verdict) if f.id == visit.household else f for f in rows])
        if self.search.line.hasFocus():
            self.search.line.selectAll()

    @Slot(object)
    def _on_opened(self, row: FoundHousehold) -> None:
        if self.card.visit is not None and self.card.visit.household == row.id:
            self.card.proceed()
        else:
            self._read_visit(row.id)

    @Slot()
    def _on_row_clicked(self) -> None:
        self._choose_current()
        self.give_back_focus()

    @Slot()
    def give_back_focus(self) -> None:
        """Give the keyboard back to the search field."""
        self.search.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.line.selectAll()

    # -- the till ------------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_till_asked(self, agreed: str) -> None:
        if self.card.visit is not None:
            self.open_till(self.card.visit.household, agreed)

    def open_till(self, household: int, agreed: str = "") -> None:
        """Open the till of a household."""
        self.clear()
        self.go("till", household=household, override=agreed)

    @Slot(int)
    def _on_file_asked(self, household: int) -> None:
        self.go("households", household=household)

    @Slot(int)
    def _on_resumed(self, household: int) -> None:
        self.open_till(household)

    @Slot()
    def _on_resume_first(self) -> None:
        if self.today.held:
            self.open_till(self.today.held[0].household)

    # -- baskets and tickets -------------------------------------------------------------------------------------------

    @Slot(int)
    def _on_dropped(self, household: int) -> None:
        if not ask_confirm(
            self, _("Abandonner ce panier ?"), _("Ses lignes seront oubliées. Rien n'est encore enregistré ni payé."),
            _("Abandonner le panier"), _("Garder le panier"), danger=True,
        ):  # fmt: skip
            return
        self.act(partial(sell.drop_draft, self.desk, household), self._on_drop_done)

    def _on_drop_done(self, nothing: None) -> None:  # noqa: ARG002 - what a service without a value returns
        self.tell(_("Le panier est abandonné : rien n'a été enregistré ni payé."))
        self.give_back_focus()

    @Slot()
    def open_past_tickets(self, typed: str = "") -> None:
        """Open the tickets of any day, on those that answer to what was typed or scanned."""
        from epicerie_desktop.ui.counter.past_tickets import PastTicketsDialog

        PastTicketsDialog(self, self._on_print, typed or "").open()

    @Slot(int)
    def _on_print(self, sale: int) -> None:
        from epicerie_desktop.ui.till.ticket import print_or_show

        print_or_show(self, sale, self.tell)

    @Slot()
    def _on_print_key(self) -> None:
        if self._stack.currentWidget() is self.today:
            self.today.print_chosen()

    @Slot()
    def _on_cancel_key(self) -> None:
        if self._stack.currentWidget() is self.today:
            self.today.ask_cancel()

    @Slot(object)
    def _on_check_asked(self, row: counter.TicketRow) -> None:
        """Ask why only once the ticket is known to be one that may be cancelled; what is typed meanwhile is kept."""
        self._held.hold()
        self.context.data.submit(
            self, partial(checking.check_cancel, self.desk, row.sale), lambda _none: self._ask_why(row), self._on_kept
        )

    def _ask_why(self, row: counter.TicketRow) -> None:
        self.today.ask_reason(row)
        self._held.release()

    def _on_kept(self, error: Exception) -> None:
        self._held.drop()
        if isinstance(error, RuleRefused):
            self.tell(str(error))
        else:
            self.on_trouble(error)

    @Slot(int, str)
    def _on_cancel_asked(self, sale: int, reason: str) -> None:
        self.act(partial(cancelling.cancel, self.desk, sale, reason), self._on_cancelled)

    def _on_cancelled(self, back: Mapping[PaymentKind, int]) -> None:
        self.today.reason.hide()
        self.tell(cancelling.cancelled_words(back))
        self.give_back_focus()

    def on_trouble(self, error: Exception) -> None:
        """Show a trouble, and let the question be answered again."""
        self.today.reason.set_busy(False)
        super().on_trouble(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Bring what is typed beside the field into it; Escape looks for nobody."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
        elif event.text() and event.text().isprintable():
            self.search.line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.search.line.insert(event.text())
        else:
            super().keyPressEvent(event)
