"""« À commander »: what is watched, what is missing, whom to ask, and where each number comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QLayout, QStackedWidget, QWidget

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.reorder import MOST_WEEKS
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.queries.reorder import MinimumForm, OrderLine, order_lines
from epicerie_desktop.services.queries.stock import SupplierRow
from epicerie_desktop.services.stock import reorder
from epicerie_desktop.services.team import in_team
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.text import words
from epicerie_desktop.ui import papers
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import CountField, SearchField, ValueField, WeightField
from epicerie_desktop.ui.common.layout import FormRow, column, label, row
from epicerie_desktop.ui.common.states import EmptyState, Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock.good_field import GoodField
from epicerie_desktop.ui.stock.goods import Good, Goods
from epicerie_desktop.ui.stock.parts import fit_columns
from epicerie_desktop.ui.tabbed import GesturePage
from epicerie_desktop.ui.writing_dialog import WritingDialog

_USUAL_WEEKS = 2


def parse_weeks(typed: str) -> int:
    """Return a number of weeks, 0 for none. Raises `BadInput`."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 4 and int(typed) <= MOST_WEEKS):
        raise BadInput(N_("Tapez un nombre de semaines, de 0 à {most}."), most=MOST_WEEKS)
    return int(typed)


class MinimumDialog(WritingDialog):
    """The goods, for how many weeks, never less than how much, by which pack, and whom to ask."""

    def __init__(
        self, page: GesturePage, line: OrderLine | None, goods: Goods, suppliers: tuple[SupplierRow, ...]
    ) -> None:
        super().__init__(
            page, _("Suivre un stock") if line is None else line.name,
            _("Un article, ou toute une famille en kilos (« Fruits et légumes »).") if line is None else reorder.explained(line),
            _("Enregistrer"),
        )  # fmt: skip
        self._line = line
        self.article = GoodField(self, goods, self.notice)
        self.weeks: ValueField[int] = ValueField(parse_weeks, str, message=False, suffix=_("semaines"))
        self.least_pieces, self.pack_pieces = CountField(most=reorder.MOST_PIECES), CountField(most=reorder.MOST_PIECES)
        self.least_grams, self.pack_grams = WeightField(), WeightField()
        self.whom = QComboBox()
        self.drop_button = ActionButton(_("Ne plus suivre"), icon="trash-2", kind="quiet")
        self._fill(suppliers)
        self._lay_out()
        self._show_kind()

    @property
    def by_piece(self) -> bool:
        """Return whether the goods are counted in pieces: a family is watched in kilos."""
        if self._line is not None:
            return self._line.form.counted_by is SoldBy.PIECE
        good = self.article.good
        return good is not None and good.by_piece and not good.generic

    def _fill(self, suppliers: tuple[SupplierRow, ...]) -> None:
        self.whom.addItem(_("Comme la dernière arrivée"), None)
        for origin in Origin:
            if origin is not Origin.UNKNOWN:
                self.whom.addItem(called(origin), origin)
        for supplier in suppliers:
            self.whom.addItem(f"{supplier.name} ({called(supplier.origin)})", supplier.id)
        form = self._line.form if self._line is not None else None
        self.weeks.set_value(form.weeks if form is not None else _USUAL_WEEKS)
        if form is None:
            return
        for field, quantity in (
            (self.least_pieces, form.least), (self.least_grams, form.least), (self.pack_pieces, form.pack), (self.pack_grams, form.pack),
        ):  # fmt: skip
            field.set_value(quantity if quantity > 1 else None)
        chosen = form.supplier_id if form.supplier_id is not None else form.origin
        self.whom.setCurrentIndex(max(0, self.whom.findData(chosen)))

    def _lay_out(self) -> None:
        self.setMinimumWidth(640)
        if self._line is None:
            self.body.addWidget(FormRow(_("Article ou famille"), self.article))
        self.body.addWidget(FormRow(_("Pour combien de semaines"), self.weeks))
        self._pieces = QWidget()
        self._pieces.setLayout(self._pair(self.least_pieces, self.pack_pieces))
        self._grams = QWidget()
        self._grams.setLayout(self._pair(self.least_grams, self.pack_grams))
        self._kinds = QStackedWidget()
        self._kinds.addWidget(self._pieces)
        self._kinds.addWidget(self._grams)
        self.body.addWidget(self._kinds)
        self.body.addWidget(FormRow(_("À qui le demander"), self.whom))
        self.body.addWidget(self.notice)
        self.body.addLayout(row(self.drop_button, None))
        self.drop_button.setVisible(self._line is not None)
        self.drop_button.clicked.connect(self._on_drop)
        self.article.taken.connect(self._on_taken)
        self.weeks.submitted.connect(self._on_weeks)
        for first, then in ((self.least_pieces, self.pack_pieces), (self.least_grams, self.pack_grams)):
            first.submitted.connect(then.setFocus)
            then.submitted.connect(self.whom.setFocus)
        (self.article if self._line is None else self.weeks).setFocus()
        self.weeks.line.selectAll()

    @staticmethod
    def _pair(least: QWidget, pack: QWidget) -> QLayout:
        made = row(FormRow(_("Jamais moins de, si besoin"), least), FormRow(_("Vient par carton de, si besoin"), pack), spacing=12)  # fmt: skip
        made.setContentsMargins(0, 0, 0, 0)
        return made

    def _show_kind(self) -> None:
        self._kinds.setCurrentWidget(self._pieces if self.by_piece else self._grams)

    @Slot(object)
    def _on_taken(self, _good: Good) -> None:
        self._show_kind()
        self.weeks.setFocus()
        self.weeks.line.selectAll()

    @Slot()
    def _on_weeks(self) -> None:
        (self.least_pieces if self.by_piece else self.least_grams).setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the writing, None where a field is wrong."""
        least, pack = (self.least_pieces, self.pack_pieces) if self.by_piece else (self.least_grams, self.pack_grams)
        wrong = next((f for f in (self.weeks, least, pack) if not f.check()), None)
        if wrong is not None:
            wrong.setFocus()
            return None
        if self._line is not None:
            form = self._line.form
        elif (good := self.article.good) is None:
            self.article.complain()
            return None
        elif good.generic:
            form = MinimumForm(SoldBy.WEIGHT, 0, family_id=good.family_id)
        else:
            form = MinimumForm(good.sold_by, 0, article_id=good.article)
        whom = self.whom.currentData()
        origin = Origin(whom) if isinstance(whom, str) else None
        typed = replace(
            form, weeks=self.weeks.value or 0, least=least.value or 0, pack=pack.value or 1, origin=origin,
            supplier_id=whom if isinstance(whom, int) else None,
        )  # fmt: skip
        return partial(reorder.save_minimum, self.page.desk, typed)

    @Slot()
    def _on_drop(self) -> None:
        if self._line is not None and self._line.form.id is not None and not self.writing:
            self.writing = True
            job = partial(reorder.drop_minimum, self.page.desk, self._line.form.id)
            self.page.owner.context.data.submit(self.page, job, self._on_written, self._on_failed)


class OrderPage(GesturePage):
    """Every minimum with what is there and what is missing, the missing first; the order on paper or in a file."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"stock_minimum", "lot", "article", "family", "supplier", "quarantine"}
    )
    optional: ClassVar[tuple[int, ...]] = (3, 2)

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.lines: tuple[OrderLine, ...] = ()
        self.search = SearchField(_("Article, famille ou fournisseur"))
        self.table: RowsTable[OrderLine] = RowsTable(
            (
                Column(_("Article ou famille"), lambda n: n.name, stretch=True),
                Column(_("En stock"), lambda n: _amount(n, n.proposal.held), align="right", sort_key=lambda n: n.proposal.held),
                Column(_("Par semaine"), lambda n: _amount(n, n.proposal.a_week), align="right", sort_key=lambda n: n.proposal.a_week),
                Column(_("Il faut"), lambda n: _amount(n, n.proposal.wanted), align="right", sort_key=lambda n: n.proposal.wanted),
                Column(_("À demander"), _asked, align="right", bold=True, sort_key=lambda n: n.proposal.asked, tone=_tone),
                Column(_("À qui"), reorder.whom),
            ),
            lambda n: n.form.id, name=_("Stocks suivis"), empty=_("Aucun stock suivi ne répond à cette recherche."),
        )  # fmt: skip
        self.detail = label("", "soft")
        self.notice = Notice("info")
        self.add_button = ActionButton(_("Suivre un stock"), "F10", "plus")
        self.csv_button = ActionButton(_("Fichier CSV"), "F8", "save", "quiet")
        self.sheet_button = ActionButton(_("Feuille de commande"), "F7", "printer")
        first = ActionButton(_("Suivre un stock"), icon="plus", kind="primary")
        self.empty = EmptyState(
            "clipboard-list", _("Aucun stock n'est suivi."),
            _("Dites ce qu'il faut toujours avoir : le programme apprend ce qu'une semaine en prend, et dit quoi demander."), first,
        )  # fmt: skip
        full = QWidget()
        full.setLayout(self._full())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(full)
        self.setLayout(column(self.notice, self._stack, spacing=12))
        self.notice.hide()
        self.table.search_in(self.search.line)
        self.search.edited.connect(self._on_search)
        self.search.submitted.connect(self._to_table)
        self.search.down.connect(self._to_table)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._ask_minimum)
        for button in (first, self.add_button):
            button.clicked.connect(partial(self._ask_minimum, None))
        self.sheet_button.clicked.connect(self._on_sheet)
        self.csv_button.clicked.connect(self._on_csv)

    def _full(self) -> QLayout:
        foot = Wrapped(self.csv_button, self.add_button, self.sheet_button, right=True)
        whole = column(self.search, self.table, self.detail, foot, spacing=12)
        whole.setStretch(1, 1)
        return whole

    def first_field(self) -> QWidget | None:
        """Return the search, or the button of an empty page."""
        return self.search.line if self._stack.currentIndex() else self.empty.findChild(ActionButton)

    def field_after_dialog(self) -> QWidget | None:
        """Return the list: the next line is one arrow away."""
        return self.table if self.lines else self.first_field()

    def refresh(self) -> None:
        """Read the lines again."""
        self.ask(partial(order_lines, self.desk), self._show, key="orders")

    def _show(self, lines: tuple[OrderLine, ...]) -> None:
        self.lines = lines
        self._stack.setCurrentIndex(1 if lines else 0)
        asked = any(n.proposal.asked for n in lines)
        self.sheet_button.setEnabled(asked)
        for button in (self.add_button, *self.empty.findChildren(ActionButton)):
            button.setVisible(in_team(self.desk))
        self.csv_button.setEnabled(asked)
        self._on_search()
        self.table.size_columns()
        self._fit()
        self._on_chosen(self.table.current)

    @Slot()
    def _on_search(self) -> None:
        wanted = words(self.search.text)
        self.table.set_rows(
            [
                n
                for n in self.lines
                if all(any(a.startswith(w) for a in words(f"{n.name} {n.family} {reorder.whom(n)}")) for w in wanted)
            ]
        )

    @Slot()
    def _to_table(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.choose_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the names."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        fit_columns(self.table, self.optional, 200)

    @Slot(object)
    def _on_chosen(self, line: OrderLine | None) -> None:
        hint = (
            _("Choisissez une ligne : Entrée la change.")
            if in_team(self.desk)
            else _("Choisissez une ligne : elle s'explique ici.")
        )
        told = hint if line is None else f"{line.name} : {reorder.explained(line)}"
        self.detail.setText(told)

    def _ask_minimum(self, line: OrderLine | None) -> None:
        desk = self.desk
        if not in_team(desk):
            return
        self.ask(
            lambda: (Goods.of(stock.catalogue(desk), stock.families(desk)), stock.suppliers(desk)),
            partial(self._open, line), key="goods",
        )  # fmt: skip

    def _open(self, line: OrderLine | None, read: tuple[Goods, tuple[SupplierRow, ...]]) -> None:
        if self.dialog is None:
            self.open_dialog(MinimumDialog(self, line, *read))

    @Slot()
    def _on_sheet(self) -> None:
        look_at(self.owner, partial(reorder.order_pdf, self.desk), _("À commander"), self._file_name())

    def _file_name(self) -> str:
        return _("a-commander-{day}").format(day=self.desk.clock.today().isoformat())

    @Slot()
    def _on_csv(self) -> None:
        path = papers.ask_where(self, self._file_name(), ".csv", _("Fichiers CSV (*.csv)"))
        if path is not None:
            desk = self.desk
            self.owner.work(lambda: papers.written(reorder.order_csv(desk), path), self._on_kept)

    def _on_kept(self, _path: object) -> None:
        self.notice.tell("success", _("Le fichier est enregistré."))


def _amount(line: OrderLine, quantity: int) -> str:
    return reorder.amount(line.form.counted_by, quantity)


def _asked(line: OrderLine) -> str:
    found = line.proposal
    if not found.asked:
        return "–"
    return reorder.packs(line) or reorder.amount(line.form.counted_by, found.asked)


def _tone(line: OrderLine) -> str | None:
    return "ask" if line.proposal.asked else None
