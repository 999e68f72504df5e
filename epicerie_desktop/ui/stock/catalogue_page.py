"""« Catalogue » : families and their values on the left, their articles on the right; Enter opens a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.shelves import Walk
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.queries.stock import CatalogueRow
from epicerie_desktop.services.safety.open_catalogue import Proposal, proposal, take_allergens
from epicerie_desktop.services.stock.catalogue import FamilyForm
from epicerie_desktop.services.stock.goods_labels import shelf_labels_pdf
from epicerie_desktop.services.stock.shelves import shelf_walk
from epicerie_desktop.services.team import in_team
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.text import words
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import SearchField
from epicerie_desktop.ui.common.layout import column, label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.catalogue_dialogs import ArticleDialog, FamilyDialog, SheetDialog
from epicerie_desktop.ui.stock.weights_dialog import WeightsDialog
from epicerie_desktop.ui.tabbed import GesturePage

_FAMILIES_WIDTH = 490


@dataclass(frozen=True, slots=True)
class _Catalogue:
    families: tuple[FamilyForm, ...]
    articles: tuple[CatalogueRow, ...]
    walk: Walk = ()


def _amount(cents: int | None) -> str:
    return "–" if cents is None else shown.plain_money(cents)


class CataloguePage(GesturePage):
    """What may be received and sold, and what it is worth today."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"article", "article_code", "article_value", "family", "family_value", "shelf", "shelf_place"}
    )

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.known = _Catalogue((), ())
        self.dialog: SheetDialog | WeightsDialog | None = None
        self.search = SearchField(_("Article, famille ou code-barres"))
        self.families: RowsTable[FamilyForm] = RowsTable(
            (
                Column(_("Famille"), lambda f: f.name, stretch=True),
                Column(_("€ / kg"), lambda f: f.cents_per_kg, _amount, align="right"),
                Column(_("€ / pièce"), lambda f: f.cents_per_piece, _amount, align="right"),
            ),
            lambda f: f.id, name=_("Familles"), sortable=False,
        )  # fmt: skip
        self.table: RowsTable[CatalogueRow] = RowsTable(
            (
                Column(_("Article"), lambda r: r.form.name, stretch=True, tone=self._tone),
                Column(
                    _("Valeur"), lambda r: r, lambda r: wording.value(r.reference_cents, r.form.sold_by), align="right",
                    sort_key=lambda r: r.reference_cents if r.reference_cents is not None else -1, tone=self._value_tone,
                ),
                Column(_("Codes"), lambda r: len(r.form.codes), lambda n: str(n) if n else "–", align="right", tone=self._tone),
            ),
            lambda r: r.form.id, name=_("Articles"), empty=_("Aucun article : créez-le (F10)."),
        )  # fmt: skip
        self.article_button = ActionButton(_("Nouvel article"), "F10", "plus")
        self.family_button = ActionButton(_("Nouvelle famille"), "F11", "plus")
        self.labels_button = ActionButton(_("Étiquettes de rayon"), "F7", "printer", "quiet")
        self.weights_button = ActionButton(_("Sans poids"), "F9", "scale", "quiet")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.families.setFixedWidth(round(_FAMILIES_WIDTH * min(theme.tokens().scale, 1.1)))
        hint = label(_("Entrée ouvre la fiche."), "small")
        foot = row(hint, self.labels_button, self.weights_button, self.article_button, self.family_button)
        foot.setStretch(0, 1)
        whole = column(self.search, row(self.families, self.table, spacing=16), foot, spacing=12)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        for table in (self.families, self.table):
            table.search_in(self.search.line)
        self.search.edited.connect(self._on_search)
        self.search.down.connect(self._to_table)
        self.search.submitted.connect(self._to_table)
        self.families.chosen.connect(self._show_articles)
        self.families.opened.connect(self.open_family)
        self.table.opened.connect(self.open_article)
        self.article_button.clicked.connect(self.new_article)
        self.family_button.clicked.connect(self.new_family)
        self.weights_button.clicked.connect(self.open_weights)
        self.labels_button.clicked.connect(self.show_labels)

    @staticmethod
    def _tone(row: CatalogueRow) -> str | None:
        return None if row.form.active else "ink_soft"

    @staticmethod
    def _value_tone(row: CatalogueRow) -> str | None:
        return "ask" if row.reference_cents is None else None if row.own_value else "ink_soft"

    def first_field(self) -> QWidget:
        """Return the search."""
        return self.search.line

    def refresh(self) -> None:
        """Read the catalogue again."""
        desk = self.desk
        self.ask(
            lambda: _Catalogue(stock.families(desk), stock.catalogue(desk), shelf_walk(desk)),
            self._on_known,
            key="catalogue",
        )

    def _on_known(self, known: _Catalogue) -> None:
        self.known = known
        bare = sum(r.form.active and r.form.sold_by is SoldBy.PIECE and not r.form.net_grams for r in known.articles)
        self.weights_button.setVisible(bool(bare) and in_team(self.desk))
        self.weights_button.set_text(_("Sans poids ({n})").format(n=bare))
        self.families.set_rows(known.families)
        self._show_articles()

    @Slot()
    def _on_search(self) -> None:
        if self.search.text:
            self.families.clearSelection()
            self.families.setCurrentIndex(self.families.model().index(-1, -1))
        self._show_articles()

    @Slot()
    def _to_table(self) -> None:
        if self.table.rows_model.rows:
            self.table.choose_first()
            self.table.setFocus()

    @Slot()
    def _show_articles(self) -> None:
        family = self.families.current
        self.table.set_rows(
            [r for r in self.known.articles if self._answers(r) and (family is None or r.form.family_id == family.id)]
        )

    def _answers(self, row: CatalogueRow) -> bool:
        wanted, typed = words(self.search.text), self.search.text.lstrip("0")
        if typed and typed in (*row.form.codes, row.form.short_code):
            return True
        around = words(f"{row.form.name} {row.family}")
        return all(any(a.startswith(w) for a in around) for w in wanted)

    # -- the sheets --------------------------------------------------------------------------------------------------

    @Slot(object)
    def open_article(self, row: CatalogueRow) -> None:
        """Open the sheet of an article."""
        self._open(ArticleDialog(self, self.known.families, row, walk=self.known.walk), self.table)

    @Slot()
    def new_article(self) -> None:
        """Open an empty sheet, in the chosen family, with the code searched for if it is one nobody has."""
        family = self.families.current
        typed = self.search.text
        code = typed if typed.isdecimal() and len(typed) >= 8 and not self.table.rows_model.rows else ""
        if code:
            desk = self.desk
            self.ask(lambda: proposal(desk, code), partial(self._open_new, family, code), key="proposal")
        else:
            self._open_new(family, code, None)

    def _open_new(self, family: FamilyForm | None, code: str, proposed: Proposal | None) -> None:
        dialog = ArticleDialog(
            self,
            self.known.families,
            family=family.id if family else None,
            code=code,
            proposal=proposed,
            walk=self.known.walk,
        )
        if proposed is not None:
            dialog.saved.connect(partial(self._take_allergens, proposed))
        self._open(dialog, self.table)

    def _take_allergens(self, proposed: Proposal, article: int) -> None:
        desk = self.desk
        self.act(lambda: take_allergens(desk, article, proposed), lambda _none: None, lambda _sentence: None)

    @Slot(object)
    def open_family(self, family: FamilyForm) -> None:
        """Open the sheet of a family."""
        self._open(FamilyDialog(self, family), self.families)

    @Slot()
    def new_family(self) -> None:
        """Open an empty sheet."""
        self._open(FamilyDialog(self), self.families)

    @Slot()
    def show_labels(self) -> None:
        """Show the labels of the articles listed, to stick on their shelves."""
        rows = tuple(self.table.rows_model.rows)
        look_at(
            self.owner,
            partial(shelf_labels_pdf, self.owner.desk, rows),
            _("Étiquettes de rayon"),
            _("etiquettes-de-rayon"),
        )

    @Slot()
    def open_weights(self) -> None:
        """Open the list of the articles without a net weight."""
        self._open(WeightsDialog(self), self.search.line)

    def _open(self, dialog: SheetDialog | WeightsDialog, back: QWidget) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._back = back
        dialog.finished.connect(self._on_closed)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def _on_closed(self) -> None:
        self.dialog = None
        self._back.setFocus()
