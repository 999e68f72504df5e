"""« Inventaire » : shelf after shelf, a number and Enter down the list, a scan to jump; it may stop at any moment and go on later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QStackedWidget, QWidget

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.units import parse_count, parse_grams
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.stock import shelves, stock_take
from epicerie_desktop.services.stock.receive import MAX_PIECES
from epicerie_desktop.services.stock.stock_take import CountedRow, OpenTake
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import FieldFrame, SearchField
from epicerie_desktop.ui.common.layout import FormRow, column, label, row
from epicerie_desktop.ui.common.states import EmptyState, Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.goods import Found, Goods, Reader, good_named
from epicerie_desktop.ui.stock.parts import EnterMoves, Suggestions, fit_columns
from epicerie_desktop.ui.stock.shelf_dialog import ShelfDialog
from epicerie_desktop.ui.tabbed import GesturePage

_SHORTEST_CODE = 8
_SHELF_WIDEST = 190


@dataclass(frozen=True, slots=True)
class Difference:
    """What a family, or the whole (empty name), has too much or too little: grams and cents; `unvalued` articles have no value."""

    family: str
    grams: int
    cents: int
    unvalued: int


def differences_of(rows: Sequence[CountedRow]) -> tuple[Difference, ...]:
    """Return what the counted articles differ by: each family that differs, in shelf order, then the whole."""
    found: dict[str, list[CountedRow]] = {}
    for n in rows:
        if n.difference_pieces or n.difference_grams:
            found.setdefault(n.family, []).append(n)

    def total(family: str, held: Sequence[CountedRow]) -> Difference:
        return Difference(
            family,
            sum(n.difference_grams or 0 for n in held),
            sum(n.difference_cents or 0 for n in held),
            sum(1 for n in held if n.difference_cents is None),
        )

    whole = [n for held in found.values() for n in held]
    return (*(total(family, held) for family, held in found.items()), total("", whole)) if found else ()


def difference_words(found: Difference) -> str:
    """Return « Fruits et légumes : −1,200 kg, −2,64 € », and how many articles have no value."""
    told = _("{family} : {weight}, {value}").format(
        family=found.family or _("En tout"), weight=_signed(shown.kilos(abs(found.grams)), found.grams),
        value=_signed(shown.money(abs(found.cents)), found.cents),
    )  # fmt: skip
    if found.unvalued:
        told += ngettext(" ({n} article sans valeur)", " ({n} articles sans valeur)", found.unvalued).format(
            n=found.unvalued
        )
    return told


def _signed(words: str, amount: int) -> str:
    return f"{'−' if amount < 0 else '+' if amount else ''}{words}"


def _book(n: CountedRow) -> str:
    return "…" if n.book_grams is None else wording.quantity(n.sold_by, n.book_pieces or 0, n.book_grams)


def _counted(n: CountedRow) -> str:
    if n.counted_grams is None:
        return _("à compter")
    return wording.quantity(n.sold_by, n.counted_pieces or 0, n.counted_grams)


def _difference(n: CountedRow) -> str:
    if n.difference_grams is None:
        return ""
    if not (n.difference_pieces or n.difference_grams):
        return _("juste")
    amount = (n.difference_pieces or 0) if n.sold_by is SoldBy.PIECE else n.difference_grams
    return _signed(wording.quantity(n.sold_by, abs(amount), abs(amount)), amount)


def _difference_cents(n: CountedRow) -> str:
    if not n.difference_grams and not n.difference_pieces:
        return ""
    return "–" if n.difference_cents is None else _signed(shown.money(abs(n.difference_cents)), n.difference_cents)


class StockTakePage(GesturePage):
    """The open stock-take, or the way to begin one."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"stock_take", "stock_take_line", "lot", "article", "family", "shelf", "shelf_place"}
    )

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.take: OpenTake | None = None
        self.rows: tuple[CountedRow, ...] = ()
        self.goods = Goods()
        self._article: int | None = None
        self._name = ""
        self._reader = Reader(self.desk.shop.contract_number, self.desk.shop.number)
        self._walking, self._shelved = False, False
        self.sheet_button, self.shelves_button = (
            ActionButton(_("Feuille d'inventaire"), "F7", "printer", "quiet"),
            ActionButton(_("Ordre des rayons"), "F9", "list", "quiet"),
        )
        self.begin_button = ActionButton(_("Commencer l'inventaire"), icon="clipboard-list", kind="primary")
        self.blind = QCheckBox(_("À l'aveugle : le stock connu reste caché jusqu'à ce que l'article soit compté"))
        hint = _("Comptez rayon par rayon, en plusieurs fois si besoin. Ce qui n'est pas compté reste tel quel.")
        self.empty = EmptyState("clipboard-list", _("Aucun inventaire en cours."), hint, self.begin_button)
        self.article = SearchField(_("Nom ou code-barres ; Entrée : le suivant dans l'ordre"))
        self.quantity = FieldFrame()
        self.suggestions = Suggestions(screen, self.article.line)
        self.progress = label("", "strong", wrap=False)
        self.notice = Notice("info", parent=self)
        self.table: RowsTable[CountedRow] = RowsTable(
            (
                Column(_("Rayon"), lambda n: n.shelf),
                Column(_("Famille"), lambda n: n.family),
                Column(_("Article"), lambda n: stock_take.named_aside(n.name) if n.aside else n.name, stretch=True),
                Column(_("Stock connu"), _book, align="right"),
                Column(_("Compté"), _counted, align="right", bold=True),
                Column(_("Écart"), _difference, align="right",
                       tone=lambda n: "ask" if n.difference_grams or n.difference_pieces else None),
                Column(_("Écart en €"), _difference_cents, align="right"),
            ),
            lambda n: n.article, name=_("Articles à compter"), sortable=False,
        )  # fmt: skip
        self.forget_button = ActionButton(_("Recompter"), "F11", "undo-2", "quiet")
        self.close_button = ActionButton(_("Terminer"), "F12", "check", "primary")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        begin, counting = QWidget(), QWidget()
        begin.setLayout(column(self.empty, row(None, self.blind, None), None))
        entry = row(FormRow(_("Article"), self.article), FormRow(_("Quantité en rayon"), self.quantity), spacing=16)
        entry.setStretch(0, 3)
        entry.setStretch(1, 1)
        whole = column(entry, self.table, spacing=12)
        whole.setStretch(1, 1)
        counting.setLayout(whole)
        keys = Wrapped(self.shelves_button, self.sheet_button, self.forget_button, self.close_button, right=True)
        foot = row(self.progress, keys, spacing=8)
        foot.setStretch(1, 1)
        for part in (self.progress, self.forget_button, self.close_button):
            part.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(begin)
        self._stack.addWidget(counting)
        whole = column(self._stack, self.notice, foot, spacing=12)
        whole.setStretch(0, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.begin_button.clicked.connect(self._on_begin)
        self.sheet_button.clicked.connect(self.show_sheet)
        self.shelves_button.clicked.connect(self.ask_shelves)
        self.quantity.line.installEventFilter(self)
        self.article.edited.connect(self._on_letters)
        # Enter in an empty search says nothing by itself; here it asks for the next article of the shelf.
        EnterMoves(self).chain(self.article.line, self._on_article)
        self.suggestions.chosen.connect(lambda good: self._choose(good.article))
        self.quantity.submitted.connect(self._on_quantity)
        self.table.chosen.connect(self._on_row)
        self.table.opened.connect(lambda n: self._walk_to(n.article))
        self.forget_button.clicked.connect(self._on_forget)
        self.close_button.clicked.connect(self._on_close)

    # -- reading -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the open stock-take again."""
        self.ask(partial(stock_take.open_take, self.desk), self._on_read, key="take")
        desk = self.desk
        self.ask(lambda: Goods.of(stock.catalogue(desk), stock.families(desk)), self._on_goods, key="goods")

    def _on_goods(self, goods: Goods) -> None:
        self.goods = goods

    def _on_read(self, take: OpenTake | None) -> None:
        began = take is not None and self.take is None
        self.take, self.rows = take, take.rows if take is not None else ()
        self._stack.setCurrentIndex(0 if take is None else 1)
        for part in (self.progress, self.forget_button, self.close_button):
            part.setVisible(take is not None)
        shelved = any(n.shelf for n in self.rows)
        self._shelved = shelved
        self.table.set_rows(self.rows)
        self.table.size_columns()
        self.table.setColumnWidth(0, min(self.table.columnWidth(0), round(_SHELF_WIDEST * theme.tokens().scale)))
        self._fit()
        self._on_row(self.table.current)
        done = sum(1 for n in self.rows if n.counted_grams is not None)
        told = _("{done} sur {n} comptés").format(done=done, n=len(self.rows))
        if take is not None and not take.may_close:
            told += " · " + _("l'équipe terminera")
        self.progress.setText(told)
        self.close_button.setEnabled(done > 0 and take is not None and take.may_close)
        self.close_button.setToolTip(
            "" if take is None or take.may_close else _("Un membre de l'équipe termine l'inventaire.")
        )
        if began and self.isVisible():
            self.article.setFocus()

    def _fit(self) -> None:
        fit_columns(self.table, (0 if self._shelved else 1, 6), 165)
        self.table.setColumnHidden(1 if self._shelved else 0, True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the names: the shelf or the family hides first, then the euros."""
        super().resizeEvent(event)
        self._fit()

    def first_field(self) -> QWidget | None:
        """Return the article, or what begins a stock-take."""
        return self.begin_button if self.take is None else self.article.line

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go up and down the list from the quantity, without counting."""
        if watched is self.quantity.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            places = [n.article for n in self.rows]
            if step is not None and self._article in places:
                to = places.index(self._article) + step
                if 0 <= to < len(places):
                    self._walk_to(places[to])
                return True
        return super().eventFilter(watched, event)

    # -- shelves and paper -------------------------------------------------------------------------------------------

    @Slot()
    def show_sheet(self) -> None:
        """Show the sheet to count with, in the order of the list."""
        make = partial(stock_take.count_sheet_pdf, self.desk)
        look_at(self.owner, make, _("Feuille d'inventaire"), _("feuille-d-inventaire"))

    @Slot()
    def ask_shelves(self) -> None:
        """Read the shelves, then let them be put in order."""
        self.ask(
            partial(shelves.shelf_order, self.desk),
            lambda order: self.open_dialog(ShelfDialog(self, order)),
            key="shelves",
        )

    # -- counting ----------------------------------------------------------------------------------------------------

    @Slot()
    def _on_begin(self) -> None:
        desk, blind = self.desk, self.blind.isChecked()
        self.notice.dismiss()
        self.act(lambda: stock_take.open_stock_take(desk, blind=blind), lambda _take: None, self._on_refused)

    @Slot(str)
    def _on_letters(self, typed: str) -> None:
        if self._article is not None and typed == self._name:
            return
        self._article = None
        self.suggestions.offer(self.goods.matching(typed))

    @Slot()
    def _on_article(self) -> None:
        """Take the article scanned or chosen; an empty field takes the next one to count on the shelf."""
        if self._article is not None:
            self.quantity.setFocus()
            return
        if not self.article.text:
            self._next()
            return
        try:
            good = good_named(self._reader, self.article.text, self.goods, self.suggestions.current)
        except BadInput as refusal:
            self.article.show_error(str(refusal))
            return
        self._choose(good.article)

    def _next(self, counted: int | None = None) -> None:
        """Take the next article to count down the list, after the one just counted or the current row."""
        current = self.table.current
        last = counted if counted is not None else current.article if current is not None else None
        places = [n.article for n in self.rows]
        start = places.index(last) + 1 if last in places else 0
        after = [*self.rows[start:], *self.rows[:start]]
        found = next((n for n in after if n.counted_grams is None and n.article != counted), None)
        if found is None:
            self.notice.tell("success", _("Tout est compté : relisez les écarts, puis terminez."))
            self.article.setFocus()
            return
        self._walk_to(found.article)

    def _walk_to(self, article: int) -> None:
        self._choose(article)
        self._walking = True

    def _choose(self, article: int) -> None:
        self._article, self._walking = article, False
        self.suggestions.offer(())
        good = self.goods.by_article(article)
        row_of = next((n for n in self.rows if n.article == article), None)
        name = good.name if good is not None else row_of.name if row_of is not None else ""
        self._name = name
        self.article.line.setText(name)
        self.suggestions.offer(())
        self.table.choose(article)
        self.quantity.clear()
        self.quantity.setFocus()
        self.quantity.set_hint(_("en pièces") if self._by_piece(article) else _("en kilos"))

    def _by_piece(self, article: int) -> bool:
        good = self.goods.by_article(article)
        if good is not None:
            return good.by_piece
        return any(n.article == article and n.sold_by is SoldBy.PIECE for n in self.rows)

    @Slot()
    def _on_quantity(self) -> None:
        if self._article is None or self.take is None:
            self.article.setFocus()
            return
        by_piece, typed = self._by_piece(self._article), self.quantity.text
        if self._is_scan(typed):
            self.article.line.setText(typed)
            self._article = None
            self._on_article()
            return
        if (
            not typed
            and self._walking
            and any(n.article == self._article and n.counted_grams is not None for n in self.rows)
        ):
            self._next(self._article)
            return
        if not typed:
            self.quantity.show_error(_("Comptez ce qu'il reste ; s'il ne reste rien, tapez 0."))
            return
        try:
            empty = typed.strip("0,. ") == ""
            amount = 0 if empty else parse_count(typed, most=MAX_PIECES) if by_piece else parse_grams(typed)
        except BadInput as refusal:
            self.quantity.show_error(str(refusal))
            self.quantity.line.selectAll()
            return
        desk, take, article = self.desk, self.take.id, self._article
        pieces, grams = (amount, 0) if by_piece else (0, amount)
        self.notice.dismiss()
        self.act(
            lambda: stock_take.count_article(desk, take, article, pieces=pieces, grams=grams),
            partial(self._on_counted, article, walking=self._walking),
            self._on_refused,
        )

    def _is_scan(self, typed: str) -> bool:
        """Return whether an article's code came in the quantity: no shelf holds so many."""
        if not typed.isdecimal() or len(typed) < _SHORTEST_CODE:
            return False
        try:
            return isinstance(self._reader.meaning(typed, self.goods), Found)
        except BadInput:
            return False

    def _on_counted(self, article: int, _done: None, *, walking: bool) -> None:
        self._article = None
        self.quantity.clear()
        self.article.clear()
        if walking:
            self._next(article)
        else:
            self.article.setFocus()

    @Slot(object)
    def _on_row(self, n: CountedRow | None) -> None:
        self.forget_button.setEnabled(n is not None and n.counted_grams is not None)

    @Slot()
    def _on_forget(self) -> None:
        n = self.table.current
        if n is not None and self.take is not None:
            desk, take = self.desk, self.take.id
            self.act(
                lambda: stock_take.forget_count(desk, take, n.article),
                lambda _done: self._choose(n.article),
                self._on_refused,
            )

    # -- closing -----------------------------------------------------------------------------------------------------

    @Slot()
    def _on_close(self) -> None:
        """Show the differences by family, then put the book right."""
        if self.take is None:
            return
        found = differences_of(self.rows)
        told = "\n".join(difference_words(d) for d in found) or _("Tout ce qui est compté est juste.")
        left = sum(1 for n in self.rows if n.counted_grams is None)
        if left:
            told += "\n" + ngettext(
                "{n} article n'est pas compté : son stock reste tel quel.",
                "{n} articles ne sont pas comptés : leur stock reste tel quel.",
                left,
            ).format(n=left)
        dialog = QuestionDialog(
            self, _("Terminer l'inventaire"), told, _("Corriger le stock"), _("Compter encore"), armed_after_ms=0
        )
        dialog.accepted.connect(self._on_sure)
        self.open_dialog(dialog)

    @Slot()
    def _on_sure(self) -> None:
        if self.take is not None:
            desk, take, found = self.desk, self.take.id, differences_of(self.rows)
            self.notice.dismiss()
            self.act(lambda: stock_take.close_stock_take(desk, take), partial(self._on_closed, found), self._on_refused)

    def _on_closed(self, found: tuple[Difference, ...], moved: int) -> None:
        if not moved:
            self.notice.tell("success", _("Inventaire terminé : tout ce qui est compté était juste."))
            return
        told = ngettext(
            "Inventaire terminé : {n} article corrigé.", "Inventaire terminé : {n} articles corrigés.", moved
        ).format(n=moved)
        whole = difference_words(found[-1]) + "." if found else ""
        again = _("Une erreur ? Comptez de nouveau le lot, dans « En stock ».")
        self.notice.tell("success", " ".join((told, whole, again)))

    def _on_refused(self, sentence: str) -> None:
        self.notice.tell("error", sentence)
