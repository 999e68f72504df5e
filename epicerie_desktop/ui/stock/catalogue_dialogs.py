"""An article or a family, new or changed: each field says beneath what it understood; a refusal keeps all that was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QGridLayout, QListWidget, QRadioButton, QWidget

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.codes import base_code
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.scan import ArticleScan, classify
from epicerie_desktop.domain.shelves import Walk
from epicerie_desktop.services.queries.stock import CatalogueRow
from epicerie_desktop.services.safety.open_catalogue import Proposal
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.services.stock.catalogue import ArticleForm, FamilyForm
from epicerie_desktop.services.team import in_team
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import CountField, FieldFrame, MoneyField, SearchField, WeightField
from epicerie_desktop.ui.common.layout import FormRow, column, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.parts import MAX_PLACE, ChoiceBox, tab_order
from epicerie_desktop.ui.tabbed import GesturePage

_SHOP_LABELS = ("rcn12", "rcn13")


class SheetDialog(QuestionDialog):
    """A sheet of the catalogue: F12 writes off the window's thread, and closes only once it is written."""

    saved = Signal(int)

    def __init__(self, page: GesturePage, title: str, verb: str) -> None:
        super().__init__(page, title, "", verb, _("Ne rien changer"), armed_after_ms=0)
        self.page = page
        self.writing = False
        self.name = FieldFrame()
        self.notice = Notice("error", parent=self)
        self.setMinimumWidth(680)

    def service(self) -> Callable[[], int] | None:
        """Return what F12 runs on the data thread, None where a field is wrong and says so."""
        raise NotImplementedError

    def name_is_right(self) -> bool:
        """Ask for a name."""
        if self.name.text:
            return True
        self.name.show_error(_("Donnez un nom."))
        self.name.setFocus()
        return False

    def may_accept(self) -> bool:
        """Write, and stay open until it is done."""
        service = None if self.writing else self.service()
        if service is not None:
            self.writing = True
            self.page.act(service, self._on_written, self._on_refused, self._on_failed)
        return False

    def _on_written(self, made: int) -> None:
        self.saved.emit(made)
        self.accept()

    def _on_refused(self, sentence: str) -> None:
        self.writing = False
        self.notice.tell("error", sentence)

    def _on_failed(self) -> None:
        self.writing = False

    def order(self, widgets: Sequence[QWidget]) -> None:
        """Let Tab follow the order of reading."""
        tab_order(*widgets, self.no_button, self.yes_button)
        widgets[0].setFocus()


def right(*fields: MoneyField | WeightField | CountField) -> bool:
    """Return whether all fields are right, and go to the first that is not."""
    wrong = [f for f in fields if not f.check()]
    if wrong:
        wrong[0].setFocus()
    return not wrong


def proposed_words(proposal: Proposal) -> str:
    """Return where a proposal comes from, and the allergens it tells."""
    words = _("Proposé par Open Food Facts (licence ODbL) : comparez avec l'emballage, corrigez au besoin.")
    if proposal.allergens:
        names = ", ".join(called(a).lower() for a in proposal.allergens)
        words += " " + _("Allergènes annoncés : {names}.").format(names=names)
    return words


class ArticleDialog(SheetDialog):
    """An article: its family, how it is counted, its net weight, its own value if it has one, its codes."""

    def __init__(
        self, page: GesturePage, families: Sequence[FamilyForm], known: CatalogueRow | None = None, *, family: int | None = None,
        name: str = "", code: str = "", proposal: Proposal | None = None, walk: Walk = (),
    ) -> None:  # fmt: skip
        super().__init__(page, _("L'article") if known else _("Nouvel article"), _("Enregistrer l'article"))
        self.known, self._families = known, {f.id: f for f in families}
        self.family, self.short_code = ChoiceBox(), FieldFrame()
        for form in families:
            self.family.box.addItem(form.name, form.id)
        self.family.box.setPlaceholderText(_("Choisissez"))
        self.ways = QButtonGroup(self)
        for i, way in enumerate(SoldBy):
            choice = QRadioButton(called(way), self)
            choice.setAccessibleName(called(way))
            self.ways.addButton(choice, i)
        self.net, self.value = WeightField(unit="g"), MoneyField()
        self.family_value = label("", "small")
        self.learned = label("", "small")
        self.code, self.codes = SearchField(_("Scannez le code-barres")), QListWidget()
        self.forget = ActionButton(_("Retirer ce code"), icon="x", kind="quiet")
        self.active = QCheckBox(_("Proposé à la caisse et à la réception"))
        self.shelf, self.place = ChoiceBox(), CountField(most=MAX_PLACE)
        self.shelf.box.addItem(_("Sans rayon"), 0)
        for held in walk:
            self.shelf.box.addItem(held.name, held.id)
        self._shelved = bool(walk)
        self._lay_out()
        net = proposal.grams if proposal is not None else None
        name = proposal.title if proposal is not None and not name else name
        self._fill(
            known.form if known else ArticleForm(family or 0, name, SoldBy.PIECE, net, codes=(code,) if code else ())
        )
        if proposal is not None:
            self.notice.tell("info", proposed_words(proposal))
        self._connect()
        self._show_value()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        ways = QWidget()
        ways.setLayout(row(*self.ways.buttons(), None, spacing=12))
        self.net_row = FormRow(_("Poids net d'une pièce, si connu"), self.net)
        self.value_row = FormRow(_("Valeur de référence"), self.value)
        self.codes.setFixedHeight(56 if self._shelved else 84)
        self.codes.setAccessibleName(_("Codes de l'article"))
        codes = column(FormRow(_("Codes-barres"), self.code), self.codes, row(None, self.forget), None, spacing=4)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(FormRow(_("Nom"), self.name), 0, 0, top)
        grid.addWidget(FormRow(_("Famille"), self.family), 0, 1, top)
        grid.addWidget(FormRow(_("Comment il se compte"), ways), 1, 0, top)
        grid.addLayout(column(self.net_row, self.learned, None, spacing=2), 1, 1)
        left = column(
            self.value_row,
            self.family_value,
            FormRow(_("Numéro court pour la caisse, si besoin"), self.short_code),
            None,
        )
        self.shelf_row, self.place_row = FormRow(_("Rayon"), self.shelf), FormRow(_("Place"), self.place)
        shelved = row(self.shelf_row, self.place_row, spacing=12)
        shelved.setStretch(0, 2)
        shelved.setStretch(1, 1)
        for part in (self.shelf_row, self.place_row):
            part.setVisible(self._shelved)
        grid.addLayout(left, 2, 0)
        grid.addLayout(codes, 2, 1)
        grid.addWidget(self.active, 3, 0)
        grid.addLayout(shelved, 3, 1)
        for place in (0, 1):
            grid.setColumnStretch(place, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.notice)
        self.order(
            [self.name.line, self.family.box, *self.ways.buttons(), self.net.line, self.value.line, self.code.line, self.codes,
             self.forget, self.short_code.line, self.shelf.box, self.place.line, self.active]
        )  # fmt: skip

    def _fill(self, form: ArticleForm) -> None:
        self.form = form
        self.name.line.setText(form.name)
        self.family.box.setCurrentIndex(self.family.box.findData(form.family_id))
        self.ways.button(list(SoldBy).index(form.sold_by)).setChecked(True)
        self.net.set_value(form.net_grams)
        self.value.set_value(form.reference_cents)
        self.codes.addItems(list(form.codes))
        self.short_code.line.setText(form.short_code)
        self.active.setChecked(form.active)
        self.shelf.box.setCurrentIndex(max(0, self.shelf.box.findData(form.shelf or 0)))
        self.place.set_value(form.place)
        if self.known is not None and self.known.generic:
            for part in (self.name, self.family, *self.ways.buttons(), self.active):
                part.setEnabled(False)
            self.notice.tell(
                "info", _("C'est l'article en vrac de sa famille : son nom et sa famille se changent avec elle.")
            )
            self.value.setFocus()

    def _connect(self) -> None:
        self.ways.idToggled.connect(self._show_value)
        self.family.box.currentIndexChanged.connect(self._show_value)
        self.name.submitted.connect(self.family.box.setFocus)
        self.net.submitted.connect(self.value.setFocus)
        self.value.submitted.connect(self.code.setFocus)
        self.code.submitted.connect(self._on_code)
        self.forget.clicked.connect(self._on_forget)

    @property
    def way(self) -> SoldBy:
        """Return how the article is counted."""
        return list(SoldBy)[self.ways.checkedId()]

    @Slot()
    def _show_value(self) -> None:
        by_piece = self.way is SoldBy.PIECE
        self.net_row.setEnabled(by_piece and (self.known is None or in_team(self.page.desk)))
        self.learned.setText(self._piece_weight() if by_piece else "")
        self.value_row.label.setText(
            _("Valeur de référence, la pièce") if by_piece else _("Valeur de référence, le kilo")
        )
        family = self._families.get(self.family.box.currentData())
        cents = None if family is None else family.cents_per_piece if by_piece else family.cents_per_kg
        if cents is None:
            self.family_value.setText(_("Vide : la valeur sera demandée une fois à la caisse."))
        else:
            self.family_value.setText(
                _("Vide : celle de sa famille, {value}.").format(value=wording.value(cents, self.way))
            )

    def _piece_weight(self) -> str:
        """Return what is counted for a piece as long as no net weight is typed."""
        family = self._families.get(self.family.box.currentData())
        if self.known is not None and self.known.learned is not None:
            return _("Sans poids net : {weight}.").format(weight=wording.learned(self.known.learned))
        if family is not None and family.piece_grams:
            return _("Vide : le poids d'usage de sa famille, {grams} g.").format(grams=shown.number(family.piece_grams))
        return _("Vide : appris dès que des pièces sont comptées et pesées à la réception ; d'ici là, zéro kilo.")

    @Slot()
    def _on_code(self) -> None:
        shop = self.page.desk.shop
        try:
            said = classify(self.code.text, (), shop.contract_number, shop.number)
            if not isinstance(said, ArticleScan):
                raise BadInput(
                    N_("« {typed} » n'est pas un code-barres d'article : scannez-le de nouveau."), typed=self.code.text
                )
            if not said.scan.valid:
                raise BadInput(said.scan.problem or N_("Ce code est mal lu : scannez de nouveau."))
            code = base_code(self.code.text) or ("" if said.scan.kind in _SHOP_LABELS else said.code)
            if not code:
                raise BadInput(
                    N_("Cette étiquette de magasin change à chaque paquet : elle ne peut pas désigner un article.")
                )
        except BadInput as refusal:
            self.code.show_error(str(refusal))
            self.code.line.selectAll()
            return
        bare = code.lstrip("0")
        if bare not in self._codes():
            self.codes.addItem(bare)
        self.code.clear()

    @Slot()
    def _on_forget(self) -> None:
        self.codes.takeItem(self.codes.currentRow() if self.codes.currentRow() >= 0 else self.codes.count() - 1)

    def _codes(self) -> tuple[str, ...]:
        return tuple(self.codes.item(i).text() for i in range(self.codes.count()))

    def service(self) -> Callable[[], int] | None:
        """Return the writing of the article, None where a field is wrong."""
        if not self.name_is_right():
            return None
        if self.family.box.currentIndex() < 0:
            self.family.show_error(_("Choisissez sa famille."))
            self.family.setFocus()
            return None
        by_piece = self.way is SoldBy.PIECE
        if not right(*((self.net, self.value) if by_piece else (self.value,)), self.place):
            return None
        if self.code.text:
            self._on_code()
            if self.code.text:
                self.code.setFocus()
                return None
        desk = self.page.desk
        form = ArticleForm(
            self.family.box.currentData(), self.name.text, self.way, self.net.value if by_piece else None, self.value.value,
            self._codes(), self.short_code.text, self.active.isChecked(), self.form.id, self.form.version,
            self.shelf.box.currentData() if self._shelved else None, self.place.value,
        )  # fmt: skip
        return lambda: catalogue.save_article(desk, form)


class FamilyDialog(SheetDialog):
    """A family: its names, whether it is food and chilled, and its reference values, dated from today."""

    def __init__(self, page: GesturePage, known: FamilyForm | None = None) -> None:
        super().__init__(page, _("La famille") if known else _("Nouvelle famille"), _("Enregistrer la famille"))
        self.form = known or FamilyForm("", "", "")
        self.short, self.per_kg, self.per_piece = FieldFrame(), MoneyField(), MoneyField()
        self.food = QCheckBox(_("Alimentaire : ses kilos comptent dans les totaux"))
        self.chilled = QCheckBox(_("Produits frais : une date est demandée à la réception"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.addWidget(FormRow(_("Nom"), self.name), 0, 0)
        grid.addWidget(FormRow(_("Nom court, pour les feuilles"), self.short), 0, 1)
        grid.addWidget(FormRow(_("Valeur de référence, le kilo"), self.per_kg), 1, 0)
        grid.addWidget(FormRow(_("Valeur de référence, la pièce"), self.per_piece), 1, 1)
        self.piece = WeightField(unit="g")
        grid.addWidget(FormRow(_("Poids d'usage d'une pièce"), self.piece), 2, 0)
        self.body.addLayout(grid)
        self.body.addWidget(
            label(_("Une valeur changée compte à partir d'aujourd'hui ; les tickets passés gardent la leur."), "small")
        )
        self.body.addWidget(self.food)
        self.body.addWidget(self.chilled)
        self.body.addWidget(self.notice)
        self.name.line.setText(self.form.name)
        self.short.line.setText(self.form.short_name)
        self.per_kg.set_value(self.form.cents_per_kg)
        self.per_piece.set_value(self.form.cents_per_piece)
        self.piece.set_value(self.form.piece_grams)
        self.food.setChecked(self.form.food)
        self.chilled.setChecked(self.form.chilled)
        self.name.submitted.connect(self.short.setFocus)
        self.short.submitted.connect(self.per_kg.setFocus)
        self.per_kg.submitted.connect(self.per_piece.setFocus)
        self.per_piece.submitted.connect(self.piece.setFocus)
        self.piece.submitted.connect(self.food.setFocus)
        self.order(
            [
                self.name.line,
                self.short.line,
                self.per_kg.line,
                self.per_piece.line,
                self.piece.line,
                self.food,
                self.chilled,
            ]
        )

    def service(self) -> Callable[[], int] | None:
        """Return the writing of the family, None where a field is wrong."""
        if not self.name_is_right() or not right(self.per_kg, self.per_piece, self.piece):
            return None
        desk = self.page.desk
        form = FamilyForm(
            self.form.code, self.name.text, self.short.text, self.food.isChecked(), self.chilled.isChecked(), self.per_kg.value,
            self.per_piece.value, self.form.id, self.form.version, self.piece.value,
        )  # fmt: skip
        return lambda: catalogue.save_family(desk, form)
