"""The lots: what is in stock by family, what expires, what the book has wrong; losses and counts start from any of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLayout, QStackedWidget, QWidget

from epicerie_desktop.domain.forward import ForwardRow
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.features import features_of
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.queries.stock import LotRow
from epicerie_desktop.services.stock import best_before, forward
from epicerie_desktop.services.stock.best_before import ToleranceRow
from epicerie_desktop.services.stock.goods_labels import lot_labels_pdf
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted
from epicerie_desktop.ui.common.fields import SearchField
from epicerie_desktop.ui.common.layout import column, label, row
from epicerie_desktop.ui.common.states import EmptyState, Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.family_totals import FamilyTotal, matching, totals_of
from epicerie_desktop.ui.stock.forward_dialogs import ForwardDialog, ToleranceDialog
from epicerie_desktop.ui.stock.goods import Goods
from epicerie_desktop.ui.stock.lot_dialogs import CountDialog, LossDialog
from epicerie_desktop.ui.stock.move_actions import MoveActions
from epicerie_desktop.ui.stock.move_dialogs import HistoryDialog
from epicerie_desktop.ui.stock.parts import fit_columns
from epicerie_desktop.ui.stock.repack_dialog import RepackDialog, may_be_sorted
from epicerie_desktop.ui.tabbed import GesturePage
from epicerie_desktop.ui.writing_dialog import WritingDialog

_DAYS = (0, 3, 7, 15, 30)
_FAMILIES_WIDTH, _FAMILIES_WIDEST = 325, 430
_NAME_EDGES = 52
"""What stands around a family's name: its margins, and the bar that scrolls."""


class LotsPage(GesturePage):
    """A list of lots, with the two gestures at its foot; subclasses say which lots, and what stands above."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"lot", "stock_move", "article", "family", "quarantine", "repacking", "setting"}
    )
    optional: ClassVar[tuple[int, ...]] = (1,)
    """The columns that hide, in this order, where the window is too narrow: the foot tells them of the chosen lot."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.lots: tuple[LotRow, ...] = ()
        self.table: RowsTable[LotRow] = RowsTable(
            self.columns(self.desk.clock.today()), lambda lot: lot.id, name=_("Lots"), empty=_("Aucun lot ne répond à cette recherche.")
        )  # fmt: skip
        self.detail = label("", "soft")
        self.notice = Notice("success")
        self.loss_button = ActionButton(_("Noter une perte"), "F10", "trash-2")
        self.count_button = ActionButton(_("Compter le lot"), "F11", "clipboard-list")
        self.loss_button.clicked.connect(self.open_loss)
        self.count_button.clicked.connect(self.open_count)
        self.table.opened.connect(self._on_opened)
        self.table.chosen.connect(self._on_chosen)
        self.empty = self.empty_state()
        full = QWidget()
        full.setLayout(self.lay_out())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(full)
        self._stack.setCurrentWidget(full)
        self.head = self.above()
        whole = column(*([self.head] if self.head else []), self._stack, spacing=12)
        whole.setStretchFactor(self._stack, 1)
        self.setLayout(whole)

    # -- what differs from page to page ------------------------------------------------------------------------------

    def columns(self, today: date) -> tuple[Column[LotRow], ...]:
        """Return the columns of the list."""
        return (
            Column(_("Article"), wording.named, stretch=True),
            Column(_("Provenance"), lambda n: called(n.origin)),
            Column(_("Quantité"), wording.held, align="right", bold=True, sort_key=lambda n: (n.sold_by, n.pieces, n.grams)),
            Column(
                _("Date"), lambda n: wording.dated(n, today), sort_key=lambda n: n.limit_on or date.max,
                tone=lambda n: "no" if n.aside else wording.tone(n.date_kind, n.limit_on, today) or None,
            ),
        )  # fmt: skip

    def above(self) -> QWidget | None:
        """Return what stands above the list, whether there are lots or not."""
        return None

    def lay_out(self) -> QLayout:
        """Return the list and its foot."""
        return column(self.table, self.notice, self.foot(), spacing=12)

    def foot(self) -> QWidget:
        """Return the detail of the chosen lot, and the gestures."""
        made = QWidget()
        made.setLayout(column(self.detail, Wrapped(self.loss_button, self.count_button, right=True), spacing=8))
        return made

    def empty_state(self) -> EmptyState:
        """Return what is shown when there is no lot."""
        raise NotImplementedError

    def query(self) -> Callable[[], tuple[LotRow, ...]]:
        """Return what reads the lots of the page on the data thread, where it may touch no widget."""
        raise NotImplementedError

    def show_lots(self) -> None:
        """Show the lots read, as filtered."""
        self.table.set_rows(self.lots)

    # -- reading and gestures ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the lots again."""
        self.ask(self.query(), self._on_lots, key="lots")

    def _on_lots(self, lots: tuple[LotRow, ...]) -> None:
        keyboard = QApplication.focusWidget()
        here = keyboard is not None and self.isAncestorOf(keyboard)
        before = self._stack.currentIndex()
        self.lots = lots
        self._stack.setCurrentIndex(1 if lots else 0)
        self.show_lots()
        if lots:
            # What just came may be wider than all there was.
            self.table.size_columns()
        self._fit()
        self._on_chosen(self.table.current)
        field = self.first_field()
        if here and field is not None and before != self._stack.currentIndex():
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the names."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        fit_columns(self.table, self.optional, 165)

    @Slot(object)
    def _on_chosen(self, lot: LotRow | None) -> None:
        self.loss_button.setEnabled(lot is not None and (lot.pieces if wording.by_piece(lot) else lot.grams) > 0)
        self.count_button.setEnabled(lot is not None)
        if lot is None:
            self.detail.setText(_("Choisissez un lot pour noter une perte ou le compter."))
            return
        told = [wording.named(lot), called(lot.origin), _("reçu le {day}").format(day=shown.day(lot.received_on))]
        if lot.code:
            told.append(_("lot {code}").format(code=lot.code))
        if lot.frozen_on is not None:
            told.append(_("congelé le {day}").format(day=shown.day(lot.frozen_on)))
        if wording.by_piece(lot) and lot.grams:
            told.append(shown.kilos(lot.grams))
        self.detail.setText("  ·  ".join(told))

    @Slot(object)
    def _on_opened(self, lot: LotRow) -> None:  # noqa: ARG002
        self.open_count()

    @Slot()
    def open_loss(self) -> None:
        """Ask how much of the chosen lot is lost, and why."""
        lot = self.table.current
        if lot is not None:
            self.open_dialog(LossDialog(self, lot))

    @Slot()
    def open_count(self) -> None:
        """Ask what is really there of the chosen lot."""
        lot = self.table.current
        if lot is not None:
            self.open_dialog(CountDialog(self, lot))

    def open_dialog(self, dialog: QDialog) -> None:
        """Open a dialog over the page: what was told of the gesture before goes, what it does is told once it is written."""
        self.notice.dismiss()
        dialog.accepted.connect(partial(self._on_done, dialog))
        super().open_dialog(dialog)

    def _on_done(self, dialog: QDialog) -> None:
        told = dialog.done_words() if isinstance(dialog, WritingDialog | RepackDialog) else ""
        if told:
            self.notice.tell("success", self.done(told, dialog))

    def done(self, told: str, dialog: QDialog) -> str:  # noqa: ARG002
        """Return what to say of a gesture that was written."""
        return told

    def field_after_dialog(self) -> QWidget | None:
        """Return the list: the next lot is one arrow away."""
        return self.table


class InStockPage(LotsPage):
    """All that is held: families with their totals on the left, the lots of the chosen one on the right."""

    def __init__(self, screen: Screen) -> None:
        self.search = SearchField(_("Article, provenance ou numéro de lot"))
        self.families: RowsTable[FamilyTotal] = RowsTable(
            (
                Column(_("Famille"), lambda t: t.name or _("Tout"), stretch=True),
                Column(_("Kilos"), lambda t: t.grams, lambda n: shown.plain_kilos(n) if n else "–", align="right"),
                Column(_("Pièces"), lambda t: t.pieces, lambda n: shown.number(n) if n else "–", align="right"),
            ),
            lambda t: t.family, name=_("Familles en stock"), sortable=False,
        )  # fmt: skip
        self.repack_button = ActionButton(_("Trier / reconditionner"), "F9", "boxes")
        self.label_button = ActionButton(_("Étiquette"), "Shift+F7", "printer", "quiet")
        self._asked: LotRow | None = None
        super().__init__(screen)
        self.repack_button.clicked.connect(self.open_repack)
        self.label_button.clicked.connect(self.show_label)
        for table in (self.families, self.table):
            table.search_in(self.search.line)
        self.search.edited.connect(self._on_search)
        self.search.down.connect(self._to_table)
        self.search.submitted.connect(self._to_table)
        self.families.chosen.connect(self._show_family)
        self.families.opened.connect(self._to_table)

    def above(self) -> QWidget:
        """Return the search."""
        return self.search

    def lay_out(self) -> QLayout:
        """Return the families, and the lots of the chosen one."""
        self.moves = MoveActions(self, self.notice)
        self.families.setFixedWidth(round(_FAMILIES_WIDTH * min(theme.tokens().scale, 1.2)))
        whole = column(row(self.families, self.table, spacing=16), self.notice, self.foot(), spacing=12)
        whole.setStretch(0, 1)
        return whole

    def foot(self) -> QWidget:
        """Return the detail of the chosen lot above its gestures: there are too many for one line."""
        made = QWidget()
        made.setLayout(
            column(
                self.detail,
                Wrapped(
                    self.moves.undo_button,
                    self.moves.losses_button,
                    self.moves.history_button,
                    self.moves.slip_button,
                    self.label_button,
                ),
                Wrapped(self.moves.move_button, self.repack_button, self.loss_button, self.count_button, right=True),
                spacing=8,
            )
        )
        return made

    def refresh(self) -> None:
        """Read the lots again, and the gesture that may be undone."""
        super().refresh()
        self.moves.refresh()

    @Slot(object)
    def _on_chosen(self, lot: LotRow | None) -> None:
        super()._on_chosen(lot)
        self.moves.choose(lot)
        self.label_button.setEnabled(lot is not None)
        self.repack_button.setEnabled(lot is not None and may_be_sorted(lot, self.desk.clock.today()))

    def done(self, told: str, dialog: QDialog) -> str:
        """Return what was done, and the key that undoes it."""
        return told if isinstance(dialog, HistoryDialog) else " ".join((told, _("Ctrl+Z annule.")))

    @Slot()
    def show_label(self) -> None:
        """Show the label of the chosen lot, to stick on its crate."""
        lot, desk = self.table.current, self.desk
        if lot is not None:
            look_at(self.owner, lambda: lot_labels_pdf(desk, lot.id), _("Étiquettes de lots"), _("etiquettes-de-lots"))

    @Slot()
    def open_repack(self) -> None:
        """Ask what was made of the chosen lot, once the catalogue is read."""
        self._asked = self.table.current
        if self._asked is not None:
            desk = self.desk
            self.ask(lambda: Goods.of(stock.catalogue(desk), stock.families(desk)), self._on_goods, key="goods")

    def _on_goods(self, goods: Goods) -> None:
        if self._asked is not None and self.dialog is None:
            self.open_dialog(RepackDialog(self, self._asked, self.lots, goods))

    def empty_state(self) -> EmptyState:
        """Return what a new shop sees."""
        receive = ActionButton(_("Recevoir une arrivée"), icon="truck", kind="primary")
        receive.clicked.connect(self._on_receive)
        return EmptyState(
            "boxes", _("Le stock est vide."), _("Notez une première arrivée : elle paraîtra ici."), receive
        )

    @Slot()
    def _on_receive(self) -> None:
        self.owner.open_with(page="receive")

    def query(self) -> Callable[[], tuple[LotRow, ...]]:
        """Return the reading of every lot that holds something."""
        return partial(stock.lots_in_stock, self.desk)

    def first_field(self) -> QWidget | None:
        """Return the search, or what to do in an empty shop."""
        return self.search.line if self.search.isVisibleTo(self) else self.empty.findChild(ActionButton)

    def show_lots(self) -> None:
        """Show the totals of what answers to the search, and the lots of the chosen family."""
        found = matching(self.lots, self.search.text)
        totals = totals_of(found)
        self.families.set_rows(totals)
        self.families.size_columns()
        self._fit_families(totals)
        if self.families.current is None and found:
            self.families.choose("")
        self._show_family()

    def _fit_families(self, totals: Sequence[FamilyTotal]) -> None:
        """Give names and totals their room: the list of the families widens, then leaves the pieces to the lots."""
        scale, letters = min(theme.tokens().scale, 1.2), QFontMetrics(theme.tokens().font())
        self.families.setColumnHidden(2, False)
        name = max((letters.horizontalAdvance(t.name) for t in totals), default=0) + _NAME_EDGES
        asked = name + self.families.columnWidth(1) + self.families.columnWidth(2)
        widest = round(_FAMILIES_WIDEST * scale)
        self.families.setFixedWidth(max(round(_FAMILIES_WIDTH * scale), min(asked, widest)))
        self.families.setColumnHidden(2, asked > widest)
        full = self._stack.currentWidget()
        whole = full.layout() if full is not None else None
        if whole is not None:
            # What is left to the lots is known before their columns are chosen.
            whole.activate()

    def _on_lots(self, lots: tuple[LotRow, ...]) -> None:
        self.search.setVisible(bool(lots))
        super()._on_lots(lots)

    @Slot()
    def _on_search(self) -> None:
        self.show_lots()
        if self.search.text and self.table.rows_model.rows:
            # What was chosen before the search is seldom what is looked for.
            self.table.setCurrentIndex(self.table.rows_model.index(0, 0))

    @Slot()
    def _to_table(self) -> None:
        if self.table.rows_model.rows:
            self.table.choose_first()
            self.table.setFocus()

    @Slot()
    def _show_family(self) -> None:
        chosen = self.families.current
        family = chosen.family if chosen is not None else ""
        self.table.set_rows([n for n in matching(self.lots, self.search.text) if family in ("", n.family)])


class ExpiringPage(LotsPage):
    """What is past its date or near it, the most urgent first, and what is put forward today."""

    tables: ClassVar[frozenset[str]] = LotsPage.tables | {"forward_item", "setting"}
    optional: ClassVar[tuple[int, ...]] = (2, 3)

    def __init__(self, screen: Screen) -> None:
        self.days = QComboBox()
        self.days.setAccessibleName(_("Jusqu'à quand"))
        for days in _DAYS:
            self.days.addItem(_("Dans les {n} jours").format(n=days) if days else _("Jusqu'à aujourd'hui"))
        self.days.setCurrentIndex(_DAYS.index(wording.SOON_DAYS))
        self.summary = label("", "strong", wrap=False)
        self.put: dict[int, ForwardRow] = {}
        self.forward_button = ActionButton(_("Mettre en avant"), "F9", "hand")
        self.labels_button = ActionButton(_("Étiquettes"), "F7", "printer", "quiet")
        self.sheet_button = ActionButton(_("Feuille de l'équipe"), "F8", "printer", "quiet")
        self.tolerance_button = ActionButton(_("Après la DDM…"), kind="quiet")
        super().__init__(screen)
        self.days.currentIndexChanged.connect(self.refresh)
        self.forward_button.clicked.connect(self.open_forward)
        self.labels_button.clicked.connect(self.show_labels)
        self.sheet_button.clicked.connect(self.show_sheet)
        self.tolerance_button.clicked.connect(self.ask_tolerances)
        self._use(anti_waste=False)

    def above(self) -> QWidget:
        """Return how far to look, the papers of the day, and how many lots that makes."""
        made = QWidget()
        made.setLayout(column(Wrapped(self.days, *self.papers()), self.summary, spacing=4))
        return made

    def papers(self) -> tuple[QWidget, ...]:
        """Return the buttons beside how far to look."""
        return self.sheet_button, self.labels_button, self.tolerance_button

    def columns(self, today: date) -> tuple[Column[LotRow], ...]:
        """Return the date first."""
        article, origin, held, dated = super().columns(today)
        put: Column[LotRow] = Column(_("En avant"), self._forward_words)
        return dated, article, Column(_("Famille"), lambda n: n.family), origin, held, put

    def foot(self) -> QWidget:
        """Return what the chosen lot asks for, above the gestures: one of them puts it forward."""
        made = QWidget()
        gestures = Wrapped(self.forward_button, self.loss_button, self.count_button, right=True)
        made.setLayout(column(self.detail, gestures, spacing=8))
        return made

    def _forward_words(self, lot: LotRow) -> str:
        found = self.put.get(lot.id)
        if found is None:
            return ""
        told = [_("double")] if found.double else []
        told += [shown.money(found.cents)] if found.cents is not None else []
        return ", ".join(told) or _("oui")

    def _use(self, *, anti_waste: bool) -> None:
        for button in (self.forward_button, self.labels_button, self.sheet_button):
            button.setVisible(anti_waste)
        self.table.setColumnHidden(5, not anti_waste)

    def refresh(self) -> None:
        """Read what is put forward, where the shop uses it, then the lots."""
        desk = self.desk

        def read() -> tuple[bool, tuple[ForwardRow, ...]]:
            used = features_of(desk).anti_waste
            return used, forward.forward_today(desk) if used else ()

        self.ask(read, self._on_forward, key="forward")
        super().refresh()

    def _on_forward(self, read: tuple[bool, tuple[ForwardRow, ...]]) -> None:
        used, rows = read
        self.put = {r.lot: r for r in rows}
        self._use(anti_waste=used)
        for button in (self.labels_button, self.sheet_button):
            button.setEnabled(bool(rows))
        self.show_lots()

    @Slot(object)
    def _on_chosen(self, lot: LotRow | None) -> None:
        super()._on_chosen(lot)
        self.forward_button.setEnabled(lot is not None)

    @Slot()
    def open_forward(self) -> None:
        """Ask what is proposed of the chosen lot today."""
        lot = self.table.current
        if lot is not None:
            self.open_dialog(ForwardDialog(self, lot, self.put.get(lot.id)))

    @Slot()
    def show_labels(self) -> None:
        """Show the shelf labels of the day."""
        desk = self.desk
        look_at(self.owner, lambda: forward.labels_pdf(desk), _("Étiquettes du jour"), _("etiquettes-du-jour"))

    @Slot()
    def show_sheet(self) -> None:
        """Show the team's sheet of the day."""
        desk = self.desk
        look_at(self.owner, lambda: forward.sheet_pdf(desk), _("À mettre en avant"), _("a-mettre-en-avant"))

    @Slot()
    def ask_tolerances(self) -> None:
        """Read, then ask how long each family may follow its best-before date."""
        self.ask(partial(best_before.tolerances, self.desk), self._on_tolerances, key="tolerances")

    def _on_tolerances(self, rows: tuple[ToleranceRow, ...]) -> None:
        accepted(ToleranceDialog(self, rows))

    def empty_state(self) -> EmptyState:
        """Return the good news."""
        return EmptyState(
            "circle-check", _("Aucune date à surveiller."), _("Rien ne s'approche de sa date dans ce délai.")
        )

    def first_field(self) -> QWidget | None:
        """Return the list, or how far to look where it is empty."""
        return self.table if self.lots else self.days

    def query(self) -> Callable[[], tuple[LotRow, ...]]:
        """Return the reading of the lots near their date."""
        return partial(stock.lots_expiring, self.desk, _DAYS[self.days.currentIndex()])

    def show_lots(self) -> None:
        """Show the lots, the most urgent first, and how many must leave the shelf."""
        self.table.set_rows(sorted(self.lots, key=lambda n: (n.limit_on or date.max, n.article, n.id)))
        today = self.desk.clock.today()
        gone = sum(1 for n in self.lots if wording.tone(n.date_kind, n.limit_on, today) == "no")
        told = ngettext("{n} DLC dépassée : à retirer du rayon", "{n} DLC dépassées : à retirer du rayon", gone).format(
            n=gone
        )
        self.summary.setText(told if gone else "")
        theme.set_role(self.summary, "tone", "no" if gone else "")


def _always_ask(lot: LotRow) -> str:  # noqa: ARG001
    return "ask"


class ToMendPage(LotsPage):
    """Lots that gave more than the book held: what happened, and what to do."""

    optional: ClassVar[tuple[int, ...]] = (1, 2)

    def above(self) -> QWidget:
        """Return what a lot below zero means; it hides where there is none."""
        return Notice(
            "info",
            _("Ces lots ont donné plus que le stock ne leur connaissait : une arrivée n'a pas été notée, ou mal. "
              "Comptez ce qu'il reste en rayon, puis corrigez."),
            parent=self,
        )  # fmt: skip

    def columns(self, today: date) -> tuple[Column[LotRow], ...]:
        """Return what is missing last."""
        article, origin, held, dated = super().columns(today)
        return (
            article,
            Column(_("Famille"), lambda n: n.family),
            origin,
            dated,
            replace(held, title=_("Stock"), tone=_always_ask),
        )

    def foot(self) -> QWidget:
        """Return the one gesture that mends."""
        self.loss_button.hide()
        self.count_button.set_text(_("Compter puis corriger"))
        self.count_button.set_kind("primary")
        return super().foot()

    def empty_state(self) -> EmptyState:
        """Return the good news."""
        return EmptyState("circle-check", _("Rien à régulariser."), _("Aucun lot n'est passé sous zéro."))

    def first_field(self) -> QWidget | None:
        """Return the list."""
        return self.table

    def query(self) -> Callable[[], tuple[LotRow, ...]]:
        """Return the reading of the lots below zero."""
        return partial(stock.lots_to_mend, self.desk)

    def show_lots(self) -> None:
        """Show the lots, and what to do only where there are some."""
        super().show_lots()
        if self.head is not None:
            self.head.setVisible(bool(self.lots))
