"""The editor of a parcel type: its name, the sizes of household at which it changes, and how much of each article for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.parcel_types import ParcelSize, Wanted, parse_quantities, parse_sizes, size_for
from epicerie_desktop.services.queries.stock import CatalogueRow
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.till import parcels
from epicerie_desktop.services.till.parcels import ParcelTypeForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock.good_field import GoodField
from epicerie_desktop.ui.stock.goods import Goods
from epicerie_desktop.ui.stock.parts import tab_order


@dataclass(frozen=True, slots=True)
class Held:
    """An article of the parcel, with how much of it each size holds (pieces or grams, 0 for none)."""

    article: ArticleForm
    quantities: tuple[int, ...]


class ParcelEditor(QuestionDialog):
    """Enter adds or changes the article typed; Delete on the list takes one out; F12 keeps the whole."""

    def __init__(self, screen: Screen, kind: ParcelTypeForm | None, rows: Sequence[CatalogueRow]) -> None:
        title = _("Nouveau colis type") if kind is None else _("Colis type « {name} »").format(name=kind.name)
        super().__init__(screen, title, "", _("Enregistrer"), _("Ne rien changer"), armed_after_ms=0)
        self._screen, self._kind, self._writing = screen, kind, False
        self._goods = Goods.of(rows, ())
        self._articles: Mapping[int, ArticleForm] = {r.form.id: r.form for r in rows if r.form.id is not None}
        self.sizes: tuple[int, ...] = tuple(sorted(s.persons for s in kind.sizes)) if kind is not None else (1,)
        self.held: dict[int, Held] = {}
        self.name_field, self.sizes_field = FieldFrame(message=False), FieldFrame(message=False)
        self.notice = Notice("warn")
        self.article = GoodField(self, self._goods, self.notice)
        self.quantities = FieldFrame(message=False)
        self.add_button = ActionButton(_("Mettre dans le colis"), icon="plus")
        self.remove_button = ActionButton(_("Retirer"), "Del", "trash-2", "quiet")
        self.active = QCheckBox(_("Proposé à la caisse et à l'accueil"))
        self.place = QVBoxLayout()
        self.table = self._table()
        self._fill(kind)
        self._lay_out()
        self._connect()
        self._show()
        self.name_field.setFocus()

    def _fill(self, kind: ParcelTypeForm | None) -> None:
        self.active.setChecked(kind is None or kind.active)
        self.sizes_field.line.setText(" ".join(map(str, self.sizes)))
        if kind is None:
            return
        self.name_field.line.setText(kind.name)
        by_size = {s.persons: {w.article: w.quantity for w in s.wanted} for s in kind.sizes}
        for article in dict.fromkeys(w.article for s in kind.sizes for w in s.wanted):
            if article in self._articles:
                kept = tuple(by_size[n].get(article, 0) for n in self.sizes)
                self.held[article] = Held(self._articles[article], kept)

    def _lay_out(self) -> None:
        self.setMinimumWidth(740)
        self.table.setMinimumHeight(200)
        self.place.addWidget(self.table)
        self.body.addLayout(
            row(
                FormRow(_("Nom du colis"), self.name_field),
                FormRow(_("Tailles : à partir de combien de personnes"), self.sizes_field),
                spacing=12,
            )
        )
        self.body.addLayout(self.place)
        line = row(FormRow(_("Article"), self.article), FormRow(_("Quantité par taille"), self.quantities), spacing=12)
        line.setStretch(0, 3)
        line.setStretch(1, 2)
        self.body.addLayout(line)
        self.body.addLayout(row(self.remove_button, None, self.add_button))
        self.body.addWidget(self.active)
        self.body.addWidget(
            label(_("Pièces, ou kilos de ce qui se pèse. « 1 2 3 » : un nombre par taille ; 0 pour rien."), "soft")
        )
        self.body.addWidget(self.notice)
        self.notice.hide()

    def _connect(self) -> None:
        self.sizes_field.line.editingFinished.connect(self._on_sizes)
        self.quantities.submitted.connect(self.put)
        self.add_button.clicked.connect(self.put)
        self.remove_button.clicked.connect(self.remove)
        self.article.taken.connect(self.quantities.setFocus)

    def _table(self) -> RowsTable[Held]:
        columns: list[Column[Held]] = [Column(_("Article"), lambda h: h.article.name, stretch=True)]
        for i, persons in enumerate(self.sizes):
            last = self.sizes[i + 1] - 1 if i + 1 < len(self.sizes) else None
            columns.append(Column(_bracket(persons, last), partial(_quantity, i), align="right"))
        table: RowsTable[Held] = RowsTable(
            columns, lambda h: h.article.id or 0, name=_("Ce que contient le colis"), sortable=False,
            empty=_("Le colis est vide : choisissez un article, puis ses quantités."),
        )  # fmt: skip
        table.opened.connect(self._on_opened)
        return table

    def _show(self) -> None:
        self.table.set_rows(sorted(self.held.values(), key=lambda h: h.article.name.casefold()))
        self.remove_button.setEnabled(bool(self.held))

    @Slot()
    def _on_sizes(self) -> None:
        try:
            sizes = parse_sizes(self.sizes_field.text)
        except BadInput as refusal:
            self.notice.tell("warn", trouble.sentence(refusal))
            return
        self.notice.hide()
        if sizes == self.sizes:
            return
        before = [
            ParcelSize(n, tuple(Wanted(a, h.quantities[i]) for a, h in self.held.items()))
            for i, n in enumerate(self.sizes)
        ]
        columns = [{w.article: w.quantity for w in size_for(before, n)} for n in sizes]
        self.held = {a: replace(h, quantities=tuple(c.get(a, 0) for c in columns)) for a, h in self.held.items()}
        self.sizes = sizes
        old, self.table = self.table, self._table()
        self.table.setMinimumHeight(200)
        self.place.removeWidget(old)
        old.hide()
        old.deleteLater()
        self.place.addWidget(self.table)
        self.table.show()
        self._show()
        tab_order(self.sizes_field.line, self.table, self.article.line)

    @Slot(object)
    def _on_opened(self, held: Held) -> None:
        good = None if held.article.id is None else self._goods.by_article(held.article.id)
        if good is not None:
            self.article.take(good)
        else:
            self.article.line.setText(held.article.name)
        self.quantities.line.setText(" ".join(_typed(n, held.article.sold_by) for n in held.quantities))
        self.quantities.setFocus()
        self.quantities.line.selectAll()

    @Slot()
    def put(self) -> None:
        """Put the article typed in the parcel, or change its quantities."""
        good = self.article.good
        article = None if good is None else self._articles.get(good.article)
        if article is None or article.id is None:
            self.article.complain()
            return
        try:
            read = parse_quantities(self.quantities.text, len(self.sizes), article.sold_by)
        except BadInput as refusal:
            self.notice.tell("warn", trouble.sentence(refusal))
            return
        if not any(read):
            self.held.pop(article.id, None)
        else:
            self.held[article.id] = Held(article, read)
        self.notice.hide()
        self._show()
        self.quantities.clear()
        self.article.empty()
        self.article.setFocus()

    @Slot()
    def remove(self) -> None:
        """Take the chosen article out of the parcel."""
        chosen = self.table.current
        if chosen is not None and chosen.article.id is not None:
            del self.held[chosen.article.id]
            self._show()

    def form(self) -> ParcelTypeForm:
        """Return the parcel as it is typed."""
        sizes = tuple(
            ParcelSize(n, tuple(Wanted(a, h.quantities[i]) for a, h in self.held.items() if h.quantities[i]))
            for i, n in enumerate(self.sizes)
        )
        known = self._kind
        return ParcelTypeForm(
            self.name_field.text, sizes, self.active.isChecked(), known.id if known else None, known.version if known else None
        )  # fmt: skip

    def may_accept(self) -> bool:
        """Write, and stay open until it is done."""
        if not self._writing:
            self._writing = True
            job = partial(parcels.save_parcel_type, self._screen.desk, self.form())
            self._screen.context.data.submit(self, job, self._on_written, self._on_failed)
        return False

    def _on_written(self, _parcel: int) -> None:
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self._writing = False
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", trouble.sentence(error))
        else:
            trouble.show(self, error)


def _bracket(persons: int, last: int | None) -> str:
    if last is None:
        return _("{n} pers. et plus").format(n=persons)
    return _("{n} pers.").format(n=persons) if last == persons else _("{n} à {last} pers.").format(n=persons, last=last)


def _quantity(place: int, held: Held) -> str:
    quantity = held.quantities[place]
    if not quantity:
        return "–"
    return shown.number(quantity) if held.article.sold_by is SoldBy.PIECE else shown.kilos(quantity)


def _typed(quantity: int, sold_by: SoldBy) -> str:
    return str(quantity) if sold_by is SoldBy.PIECE or not quantity else f"{quantity / 1000:.3f}".replace(".", ",")
