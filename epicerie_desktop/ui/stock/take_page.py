"""The stock-take: article by article in shelf order, one number and Enter; left and taken up again at will."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.services.stock_take import (
    CountedRow,
    TakeView,
    close_stock_take,
    count_article,
    forget_count,
    open_stock_take,
    take_now,
)
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.layout import FormRow, column, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock.page import StockPage
from epicerie_desktop.ui.stock.parts import CountedField

_FIGURES = range(2, 6)
"""The columns of figures, which widen as they are filled."""
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class TakePage(StockPage):
    """None open: begin one. One open: its articles, and the number to type for the one chosen."""

    tables: ClassVar[frozenset[str]] = frozenset({"stock_take", "stock_take_line", "lot", "article"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.view = TakeView(None)
        self.notice = Notice(closable=True, parent=self)
        self.blind = QCheckBox(_("À l'aveugle : ce que dit le stock n'est montré qu'une fois l'article compté"))
        self.begin = ActionButton(_("Commencer l'inventaire"), "F12", icon="clipboard-list", kind="primary")
        self.table = self._table()
        self.pieces = CountedField(
            by_piece=True, say=lambda n: ngettext("{n} pièce", "{n} pièces", n).format(n=shown.number(n))
        )
        self.kilos = CountedField(by_piece=False, say=shown.kilos)
        self.pieces_row = FormRow(_("Pièces comptées"), self.pieces)
        self.kilos_row = FormRow(_("Poids compté"), self.kilos)
        self.progress = label("", "strong")
        self.forget = ActionButton(_("Effacer le compte"), "F8", kind="quiet")
        self.close_button = ActionButton(_("Clore l'inventaire"), "F12", icon="check", kind="primary")
        self.idle, self.running = QWidget(), QWidget()
        told = label(
            _("Le magasin peut rester ouvert : ce qui sort pendant l'inventaire n'est pas pris pour un écart."), "soft"
        )
        self.idle.setLayout(column(told, self.blind, row(self.begin, None), None, spacing=12))
        inside = column(
            self.progress,
            self.table,
            row(self.pieces_row, self.kilos_row, self.forget, None, self.close_button),
            spacing=12,
        )
        inside.setStretch(1, 1)
        self.running.setLayout(inside)
        self.running.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.notice)
        whole.addWidget(self.idle)
        whole.addWidget(self.running, 1)
        self.begin.clicked.connect(self._on_begin)
        self.table.chosen.connect(self._on_current)
        self.table.opened.connect(self._on_opened)
        for field in (self.pieces, self.kilos):
            field.submitted.connect(self._on_counted)
            field.line.installEventFilter(self)
        self.forget.clicked.connect(self._on_forget)
        self.close_button.clicked.connect(self._on_close)

    def _table(self) -> RowsTable[CountedRow]:
        columns: tuple[Column[CountedRow], ...] = (
            Column(_("Famille"), lambda r: r.family),
            Column(_("Article"), lambda r: r.name, stretch=True),
            Column(_("Au stock"), lambda r: _quantity(r, r.book_pieces, r.book_grams), align="right"),
            Column(_("Compté"), lambda r: _quantity(r, r.counted_pieces, r.counted_grams), align="right", bold=True),
            Column(_("Écart"), lambda r: _quantity(r, r.difference_pieces, r.difference_grams, signed=True), align="right", tone=_tone),
            Column(_("En valeur"), lambda r: r.difference_cents, lambda c: "–" if c is None else shown.money(c), align="right"),
        )  # fmt: skip
        return RowsTable(
            columns, lambda r: r.article, name=_("Articles à compter"), empty=_("Le stock est vide : il n'y a rien à compter."),
            sortable=False,
        )  # fmt: skip

    def first_field(self) -> QWidget | None:
        """Return the number to type, or the button that begins."""
        return self.begin if self.view.take is None else self.amount

    @property
    def amount(self) -> CountedField:
        """Return the field of the article chosen: pieces, or kilos."""
        found = self.table.current
        return self.pieces if found is not None and found.sold_by is SoldBy.PIECE else self.kilos

    def refresh(self) -> None:
        """Read the stock-take that is open."""
        self.ask(partial(take_now, self.desk), self._show, key="take")

    def _show(self, found: TakeView) -> None:
        was, self.view = self.view.take, found
        self.idle.setVisible(found.take is None)
        self.running.setVisible(found.take is not None)
        self.table.set_rows(found.rows)
        for place in _FIGURES:
            self.table.resizeColumnToContents(place)
        counted = sum(r.counted_grams is not None for r in found.rows)
        apart = sum(r.difference_cents or 0 for r in found.rows)
        words = ngettext("{n} article compté sur {all}.", "{n} articles comptés sur {all}.", counted)
        self.progress.setText(
            words.format(n=shown.number(counted), all=shown.number(len(found.rows)))
            + " " + _("Écart en valeur : {amount}.").format(amount=shown.money(apart))
        )  # fmt: skip
        if found.take != was:
            self._go_to(next((r for r in found.rows if r.counted_grams is None), None))
            field = self.first_field()
            if field is not None and self.isVisible():
                field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to(self, wanted: CountedRow | None) -> None:
        if wanted is not None:
            self.table.choose(wanted.article)
        self._on_current(self.table.current)

    @Slot(object)
    def _on_current(self, found: CountedRow | None) -> None:
        field = self.amount
        had_it = (
            self.pieces.hasFocus() or self.kilos.hasFocus() or self.pieces.line.hasFocus() or self.kilos.line.hasFocus()
        )
        self.pieces_row.setVisible(field is self.pieces)
        self.kilos_row.setVisible(field is self.kilos)
        kept = None if found is None else found.counted_pieces if field is self.pieces else found.counted_grams
        field.set_value(kept)
        if had_it:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.line.selectAll()

    @Slot(object)
    def _on_opened(self, _row: object) -> None:
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows typed in the number walk the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            self.table.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _on_begin(self) -> None:
        self.act(partial(open_stock_take, self.desk, blind=self.blind.isChecked()), self._on_begun, self._refused)

    def _on_begun(self, _take: int) -> None:
        self.notice.tell("info", "")

    def _refused(self, sentence: str) -> None:
        self.notice.tell("error", sentence)

    @Slot()
    def _on_counted(self) -> None:
        found, amount = self.table.current, self.amount.value
        if found is None or amount is None or self.view.take is None:
            return
        pieces, grams = (amount, 0) if found.sold_by is SoldBy.PIECE else (0, amount)
        rows = self.table.rows_model.rows
        place = next((i for i, r in enumerate(rows) if r.article == found.article), -1)
        after = next((r for r in (*rows[place + 1 :], *rows[:place]) if r.counted_grams is None), None)
        count = partial(count_article, self.desk, self.view.take, found.article, pieces=pieces, grams=grams)
        self.act(count, partial(self._on_kept, after), self._refused)

    def _on_kept(self, after: CountedRow | None, _none: None) -> None:
        self._go_to(after)

    @Slot()
    def _on_forget(self) -> None:
        found = self.table.current
        if found is not None and self.view.take is not None:
            self.act(partial(forget_count, self.desk, self.view.take, found.article), self._on_forgotten, self._refused)

    def _on_forgotten(self, _none: None) -> None:
        self.notice.tell("info", "")

    @Slot()
    def _on_close(self) -> None:
        left = sum(r.counted_grams is None for r in self.view.rows)
        words = ngettext(
            "{n} article n'est pas compté : il reste comme il est. Les autres prennent la quantité comptée.",
            "{n} articles ne sont pas comptés : ils restent comme ils sont. Les autres prennent la quantité comptée.", left,
        )  # fmt: skip
        told = words.format(n=left) if left else _("Chaque article prend la quantité comptée.")
        if self.view.take is not None and ask_confirm(
            self.window(), _("Clore l'inventaire ?"), told, _("Clore l'inventaire"), _("Continuer à compter")
        ):
            self.act(partial(close_stock_take, self.desk, self.view.take), self._on_closed, self._refused)

    def _on_closed(self, differences: int) -> None:
        words = ngettext("Inventaire clos : {n} écart corrigé.", "Inventaire clos : {n} écarts corrigés.", differences)
        self.notice.tell("success", words.format(n=differences))


def _quantity(found: CountedRow, pieces: int | None, grams: int | None, *, signed: bool = False) -> str:
    amount = pieces if found.sold_by is SoldBy.PIECE else grams
    if amount is None:
        return "–"
    told = shown.number(amount) if found.sold_by is SoldBy.PIECE else shown.kilos(amount)
    return f"+{told}" if signed and amount > 0 else told


def _tone(found: CountedRow) -> str | None:
    return "ask" if found.difference_grams or found.difference_pieces else None
