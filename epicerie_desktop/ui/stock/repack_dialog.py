"""« Trier / reconditionner » : lots of one origin on top, what was made of them beneath, and the grams that remain to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QListWidget, QVBoxLayout

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.services.queries.stock import LotRow
from epicerie_desktop.services.stock import repack
from epicerie_desktop.services.stock.receive import MAX_PIECES
from epicerie_desktop.services.stock.repack import Made, RepackForm, Taken
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import CountField, SearchField, WeightField
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.goods import Good, Goods, Reader, good_named
from epicerie_desktop.ui.stock.parts import ChoiceBox, EnterMoves, LimitField, Suggestions, tab_order
from epicerie_desktop.ui.tabbed import GesturePage


@dataclass(frozen=True, slots=True)
class MadeLine:
    """One thing that was made: its pieces where it is counted, its grams always, its date where it is another than before."""

    good: Good
    pieces: int
    grams: int
    date_kind: DateKind
    limit_on: date | None


def may_be_sorted(lot: LotRow, today: date) -> bool:
    """Return whether a lot holds something, is not set aside, and is not past its use-by date."""
    past = lot.date_kind is DateKind.USE_BY and lot.limit_on is not None and lot.limit_on < today
    return not past and not lot.aside and lot.grams > 0 and (not wording.by_piece(lot) or lot.pieces > 0)


class RepackDialog(QuestionDialog):
    """What is taken, what is made, what is thrown away: Enter goes on, F12 writes once nothing remains."""

    def __init__(self, page: GesturePage, lot: LotRow, lots: Sequence[LotRow], goods: Goods) -> None:
        super().__init__(
            page, _("Trier / reconditionner"), _("Ce qui est fait garde la provenance : {origin}.").format(
                origin=called(lot.origin)
            ), _("Enregistrer le tri"), _("Ne rien changer"), armed_after_ms=0,
        )  # fmt: skip
        self.page, self.goods, self.writing = page, goods, False
        today = page.desk.clock.today()
        alike = [n for n in lots if (n.origin, n.financing) == (lot.origin, lot.financing)]
        self._others = [n for n in alike if n.id != lot.id and may_be_sorted(n, today)]
        self.taken: list[tuple[LotRow, CountField | WeightField]] = []
        self.made: list[MadeLine] = []
        self.good: Good | None = None
        self._reader = Reader(page.desk.shop.contract_number, page.desk.shop.number)
        self.other = ChoiceBox()
        self.other.setAccessibleName(_("Autre lot de même provenance"))
        self.add_other = ActionButton(_("Prendre aussi ce lot"), icon="plus", kind="quiet")
        self.article = SearchField(_("Nom, famille ou code-barres"))
        self.count, self.weight = CountField(most=MAX_PIECES), WeightField()
        self.limit = LimitField(page.desk.clock.today)
        self.suggestions = Suggestions(self, self.article.line)
        self.list = QListWidget()
        self.drop = ActionButton(_("Retirer cette ligne"), icon="x", kind="quiet")
        self.waste = WeightField()
        self.remains = label("", "strong", wrap=False)
        self.notice = Notice("error", parent=self)
        self._lay_out()
        self._connect()
        self._take(lot)
        for held in self._others:
            self.other.box.addItem(f"{wording.held(held)}  ·  {held.article}", held.id)
        self._show_others()
        self._choose(None)
        self._show_remains()
        tab_order(
            self.article.line, self.count.line, self.weight.line, self.limit.line, self.list, self.drop, self.waste.line,
            self.no_button, self.yes_button,
        )  # fmt: skip
        self.article.setFocus()

    def _lay_out(self) -> None:
        self.setMaximumWidth(1000)
        self.setMinimumWidth(round(820 * min(theme.tokens().scale, 1.2)))
        self._takes = QVBoxLayout()
        self._takes.setSpacing(4)
        self.body.addLayout(self._takes)
        self.body.addLayout(row(self.other, self.add_other, None, spacing=12))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        fields = (
            (FormRow(_("Ce qui est fait"), self.article), 5),
            (FormRow(_("Pièces"), self.count), 2),
            (FormRow(_("Poids en tout"), self.weight), 3),
            (FormRow(_("Date, si elle change"), self.limit), 3),
        )
        self._count_row = fields[1][0]
        for place, (field, stretch) in enumerate(fields):
            grid.addWidget(field, 0, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, stretch)
        self.body.addLayout(grid)
        self.list.setFixedHeight(96)
        self.list.setAccessibleName(_("Ce qui a été fait"))
        self.body.addWidget(self.list)
        foot = row(FormRow(_("Pertes du tri, pesées"), self.waste), self.remains, None, self.drop, spacing=16)
        self.body.addLayout(foot)
        self.body.addWidget(self.notice)

    def _connect(self) -> None:
        self.article.edited.connect(self._on_letters)
        EnterMoves(self).chain(self.article.line, self._on_article)
        self.suggestions.chosen.connect(self._choose)
        self.count.submitted.connect(self._on_count)
        self.weight.submitted.connect(self._on_weight)
        self.limit.submitted.connect(self._on_weight)
        self.waste.changed.connect(self._show_remains)
        self.waste.submitted.connect(self.yes_button.setFocus)
        self.drop.clicked.connect(self._on_drop)
        self.add_other.clicked.connect(self._on_other)

    # -- what is taken -----------------------------------------------------------------------------------------------

    def _take(self, lot: LotRow) -> None:
        field = CountField(most=MAX_PIECES) if wording.by_piece(lot) else WeightField()
        field.set_value(lot.pieces if wording.by_piece(lot) else lot.grams)
        told = _("Pris de « {article} » ({held})").format(article=lot.article, held=wording.held(lot))
        self._takes.addWidget(FormRow(told, field))
        field.changed.connect(self._show_remains)
        field.submitted.connect(self.article.setFocus)
        self.taken.append((lot, field))

    @Slot()
    def _on_other(self) -> None:
        place = self.other.box.currentIndex()
        if place >= 0:
            self._take(self._others.pop(place))
            self.other.box.removeItem(place)
            self._show_others()
            self._show_remains()
            self.taken[-1][1].setFocus()

    def _show_others(self) -> None:
        self.other.setVisible(bool(self._others))
        self.add_other.setVisible(bool(self._others))

    def _taken_grams(self) -> int:
        total = 0
        for lot, field in self.taken:
            asked = field.value or 0
            total += round_half_up(Fraction(lot.grams * asked, lot.pieces)) if wording.by_piece(lot) else asked
        return total

    @property
    def remaining(self) -> int:
        """Return the grams taken that nothing tells yet, below zero where too much is told."""
        return self._taken_grams() - sum(n.grams for n in self.made) - (self.waste.value or 0)

    @Slot()
    def _show_remains(self) -> None:
        left = self.remaining
        if left > 0:
            told = _("Reste à dire : {weight}").format(weight=shown.kilos(left))
        elif left < 0:
            told = _("{weight} de trop").format(weight=shown.kilos(-left))
        else:
            told = _("Le compte est juste.")
        self.remains.setText(told)
        theme.set_role(self.remains, "tone", "ask" if left else "yes")

    # -- what is made ------------------------------------------------------------------------------------------------

    @Slot(str)
    def _on_letters(self, typed: str) -> None:
        if self.good is not None and typed != self.good.name:
            self.good = None
        self.suggestions.offer(self.goods.matching(typed) if self.good is None else ())

    @Slot()
    def _on_article(self) -> None:
        if self.good is not None:
            self._go_on()
            return
        if not self.article.text:
            self.waste.setFocus()
            return
        try:
            good = good_named(self._reader, self.article.text, self.goods, self.suggestions.current)
        except BadInput as refusal:
            self.article.show_error(str(refusal))
            return
        self._choose(good)

    @Slot(object)
    def _choose(self, good: Good | None) -> None:
        self.good = good
        self.suggestions.offer(())
        self._count_row.setEnabled(good is None or good.by_piece)
        if good is not None:
            self.article.line.setText(good.name)
            self.suggestions.offer(())
            self._go_on()

    def _go_on(self) -> None:
        assert self.good is not None
        (self.count if self.good.by_piece else self.weight).setFocus()

    @Slot()
    def _on_count(self) -> None:
        if self.good is not None and self.count.value and self.good.net_grams and not self.weight.text:
            self.weight.set_value(self.count.value * self.good.net_grams)
        self.weight.setFocus()
        self.weight.line.selectAll()

    @Slot()
    def _on_weight(self) -> None:
        """Add the line; an empty weight is all that remains."""
        good = self.good
        if good is None:
            self.article.show_error(_("Dites d'abord ce qui est fait."))
            self.article.setFocus()
            return
        if good.by_piece and not self.count.value:
            self.count.show_error(_("Combien de pièces ?"))
            self.count.setFocus()
            return
        if not (self.weight.check() and self.limit.check()):
            return
        grams = self.weight.value or max(self.remaining, 0)
        if not grams:
            self.weight.show_error(_("Quel poids, en kilos ?"))
            return
        kind, limit = self.limit.value or (DateKind.NONE, None)
        self.made.append(MadeLine(good, (self.count.value or 0) if good.by_piece else 0, grams, kind, limit))
        self._show_made()
        for field in (self.count, self.weight, self.limit):
            field.set_value(None)
        self.article.clear()
        self._choose(None)
        (self.article if self.remaining > 0 else self.yes_button).setFocus()

    def _show_made(self) -> None:
        self.list.clear()
        for n in self.made:
            told = [n.good.name, *([wording.pieces(n.pieces)] if n.pieces else []), shown.kilos(n.grams)]
            self.list.addItem("  ·  ".join(told + ([wording.limit(n.date_kind, n.limit_on)] if n.limit_on else [])))
        self.drop.setEnabled(bool(self.made))
        self._show_remains()

    @Slot()
    def _on_drop(self) -> None:
        if self.made:
            del self.made[max(self.list.currentRow(), 0) if self.list.currentRow() >= 0 else -1]
            self._show_made()
            self.article.setFocus()

    # -- writing -----------------------------------------------------------------------------------------------------

    def may_accept(self) -> bool:
        """Write, and stay open until it is done."""
        fields = [field for _lot, field in self.taken]
        wrong = [f for f in (*fields, self.waste) if not f.check()]
        if wrong:
            wrong[0].setFocus()
            return False
        if self.good is not None:
            self._on_weight()
            if self.good is not None:
                return False
        if not self.writing:
            self.writing = True
            desk = self.page.desk
            form = RepackForm(
                tuple(
                    Taken(lot.id, field.value or 0, 0) if wording.by_piece(lot) else Taken(lot.id, 0, field.value or 0)
                    for lot, field in self.taken
                ),
                tuple(Made(n.good.article, n.pieces, n.grams, n.date_kind, n.limit_on) for n in self.made),
                self.waste.value or 0,
            )
            self.page.act(
                lambda: repack.record_repacking(desk, form), self._on_written, self._on_refused, self._on_failed
            )
        return False

    def done_words(self) -> str:
        """Return what was made of what, and the waste."""
        taken = ", ".join(lot.article for lot, _field in self.taken)
        made = [f"{wording.quantity(n.good.sold_by, n.pieces, n.grams)}, {n.good.name}" for n in self.made]
        if self.waste.value:
            made.append(_("{weight} de pertes").format(weight=shown.kilos(self.waste.value)))
        return _("Trié – {taken} : {made}.").format(taken=taken, made=" ; ".join(made))

    def _on_written(self, made: int) -> None:  # noqa: ARG002
        self.accept()

    def _on_refused(self, sentence: str) -> None:
        self.writing = False
        self.notice.tell("error", sentence)
        # What is missing is typed at once: left on a button, the keyboard would do nothing.
        self.article.setFocus()

    def _on_failed(self) -> None:
        self.writing = False
