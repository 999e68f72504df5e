"""Where a lot goes otherwise than at the till, what happened to it, and what was lost in a month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from epicerie_desktop.domain.dates import too_late_to_freeze
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.safety import parse_tenths
from epicerie_desktop.domain.stock import DateKind, MoveKind, Place, SlipKind
from epicerie_desktop.services.features import Features
from epicerie_desktop.services.queries import moves
from epicerie_desktop.services.queries.moves import LossRow, MonthLosses, MoveRow
from epicerie_desktop.services.queries.stock import LotRow
from epicerie_desktop.services.stock import moves as gestures
from epicerie_desktop.services.stock import moves_papers, receive
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import CountField, FieldFrame, ValueField, WeightField
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.limits import parse_limit
from epicerie_desktop.ui.stock.lot_dialogs import LotDialog
from epicerie_desktop.ui.stock.parts import tab_order
from epicerie_desktop.ui.tabbed import GesturePage
from epicerie_desktop.ui.writing_dialog import WritingDialog

_MONTHS = 13


class MoveDialog(LotDialog):
    """Where a lot goes, and how much of it: another place of the shop, another site, its supplier, or back from a household."""

    def __init__(self, page: GesturePage, lot: LotRow, used: Features) -> None:
        super().__init__(page, lot, _("Déplacer ou rendre"), _("Noter"))
        self.by_piece = wording.by_piece(lot)
        self.ways: list[Place | SlipKind | MoveKind] = []
        self.way_box = QComboBox()
        if used.places:
            for place in Place:
                if place is not lot.place:
                    self._offer(place, called(place))
        if used.transfers:
            self._offer(SlipKind.SENT, _("Un autre site, une association"))
            self._offer(SlipKind.RETURNED, _("Rendu au fournisseur ou au donateur"))
            self._offer(MoveKind.BROUGHT_BACK, _("Rapporté par un foyer"))
        self.quantity = CountField(most=receive.MAX_PIECES) if self.by_piece else WeightField()
        self.whole_button = ActionButton(_("Tout le lot"), "F11", kind="quiet")
        self.whole_button.clicked.connect(self._on_whole)
        self.partner, self.note = FieldFrame(), FieldFrame()
        self.reason = QComboBox()
        self.reason.addItem("")
        self.reason.addItems([called(r) for r in Refusal])
        self.degrees: ValueField[int] = ValueField(parse_tenths, shown.tenths, suffix="°C")
        self.frozen: ValueField[date] = ValueField(self._day, shown.day)
        self.frozen.line.setPlaceholderText(_("jour/mois"))
        self.frozen_row = FormRow(_("Congelé ici le, si ce ne l'était pas"), self.frozen)
        self.partner_row = FormRow(_("À qui ?"), self.partner)
        self.reason_row = FormRow(_("Pourquoi ?"), self.reason)
        self.degrees_row = FormRow(_("Température au départ"), self.degrees)
        self.told = label("", "soft")
        self.setMinimumWidth(640)
        self.body.addWidget(FormRow(_("Où va ce lot ?"), self.way_box))
        self.body.addLayout(
            row(FormRow(_("Pièces") if self.by_piece else _("Poids"), self.quantity), self.whole_button, spacing=12)
        )
        self.reason_row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        beside = row(self.partner_row, self.reason_row, self.degrees_row, spacing=12)
        beside.setStretch(0, 1)
        for item in (self.reason_row, self.degrees_row):
            beside.setAlignment(item, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(beside)
        self.body.addWidget(self.frozen_row)
        for widget in (FormRow(_("Un mot de plus, si besoin"), self.note), self.told, self.notice):
            self.body.addWidget(widget)
        self.way_box.currentIndexChanged.connect(self._on_way)
        self.quantity.submitted.connect(self._on_quantity)
        self.frozen.changed.connect(self._on_way)
        self.frozen.submitted.connect(self.note.setFocus)
        order: list[QWidget] = [
            self.way_box, self.quantity.line, self.whole_button, self.partner.line, self.reason, self.degrees.line, self.frozen.line,
            self.note.line, self.no_button, self.yes_button,
        ]  # fmt: skip
        tab_order(*order)
        self._on_way()
        self.way_box.setFocus()

    def _day(self, typed: str) -> date:
        return parse_limit(typed, self.page.desk.clock.today(), DateKind.USE_BY)[1]

    def _offer(self, way: Place | SlipKind | MoveKind, words: str) -> None:
        self.ways.append(way)
        self.way_box.addItem(words)

    @property
    def way(self) -> Place | SlipKind | MoveKind:
        """Return where the lot goes."""
        return self.ways[max(0, self.way_box.currentIndex())]

    @Slot()
    def _on_way(self) -> None:
        way = self.way
        self.partner_row.setVisible(isinstance(way, SlipKind))
        self.reason_row.setVisible(way is SlipKind.RETURNED)
        self.degrees_row.setVisible(way is SlipKind.SENT)
        self.frozen_row.setVisible(way is Place.FREEZER and self.lot.frozen_on is None)
        self.whole_button.setEnabled(way is not MoveKind.BROUGHT_BACK)
        told = ""
        on = self.frozen.value if way is Place.FREEZER else None
        if on is not None and too_late_to_freeze(self.lot.date_kind, self.lot.limit_on, on):
            told = _("Congelé trop près de sa DLC : un produit proche de sa date ne se congèle pas.")
        elif isinstance(way, Place):
            told = _("Provenance, dates et numéro de lot suivent.")
        elif isinstance(way, SlipKind):
            told = _("Ni distribué ni perdu : le bon du jour se complète ligne après ligne.")
        elif way is MoveKind.BROUGHT_BACK:
            told = _(
                "Une conserve fermée revient en rayon ; un produit frais ou pesé est jeté. Le ticket reste tel quel."
            )
        self.told.setText(told)
        self.adjustSize()

    @Slot()
    def _on_whole(self) -> None:
        self.quantity.set_value(self.lot.pieces if self.by_piece else self.lot.grams)

    @Slot()
    def _on_quantity(self) -> None:
        after = self.partner if isinstance(self.way, SlipKind) else self.note
        (after if self.frozen_row.isHidden() else self.frozen).setFocus()

    def values_are_right(self) -> bool:
        """Ask for a quantity within the lot; for a partner, and a reason where goods are returned."""
        way, held = self.way, self.lot.pieces if self.by_piece else self.lot.grams
        if not self.quantity.text:
            self.quantity.show_error(_("Combien ?"))
        elif self.quantity.check() and way is not MoveKind.BROUGHT_BACK and (self.quantity.value or 0) > held:
            self.quantity.show_error(_("Ce lot ne contient que {quantity}.").format(quantity=wording.held(self.lot)))
        if self.quantity.error:
            self.quantity.setFocus()
            return False
        if isinstance(way, SlipKind) and not self.partner.text.strip():
            self.partner.show_error(_("Tapez le nom du site, de l'association ou du fournisseur."))
            self.partner.setFocus()
            return False
        if way is SlipKind.RETURNED and not self.reason.currentIndex():
            self.notice.tell("error", _("Dites pourquoi ces produits sont rendus."))
            self.reason.setFocus()
            return False
        for field, asked in ((self.degrees, way is SlipKind.SENT), (self.frozen, way is Place.FREEZER)):
            if asked and not field.check():
                field.setFocus()
                return False
        return True

    def writing_of(self) -> Callable[[], object]:
        """Return the writing."""
        desk, lot, way, amount = self.page.desk, self.lot.id, self.way, self.quantity.value or 0
        pieces, grams = (amount, 0) if self.by_piece else (0, amount)
        note = self.note.text
        if isinstance(way, Place):
            on = self.frozen.value if way is Place.FREEZER else None
            return lambda: gestures.move_to_place(desk, lot, way, pieces=pieces, grams=grams, note=note, frozen_on=on)
        if isinstance(way, SlipKind):
            reason = list(Refusal)[self.reason.currentIndex() - 1] if way is SlipKind.RETURNED else None
            tenths = self.degrees.value if way is SlipKind.SENT else None
            form = gestures.Leaving(way, lot, self.partner.text, pieces, grams, reason, tenths, note)
            return lambda: gestures.send(desk, form)
        return lambda: gestures.take_back(desk, lot, pieces=pieces, grams=grams, note=note)

    def done_words(self) -> str:
        """Return what left, and where to; of what came back, whether it is on the shelf again."""
        way, amount = self.way, self.quantity.value or 0
        told = f"{wording.quantity(self.lot.sold_by, amount, amount)}, {self.lot.article}"
        if isinstance(way, Place):
            return _("Déplacé ({place}) : {what}.").format(place=called(way), what=told)
        if isinstance(way, SlipKind):
            return _("Noté sur le bon du jour ({partner}) : {what}.").format(
                partner=self.partner.text.strip(), what=told
            )
        if self.outcome:
            return _("Remis en rayon : {what}.").format(what=told)
        return _("Rapporté, et à jeter : {what}.").format(what=told)


def amount_of(move: MoveRow, lot: LotRow) -> str:
    """Return « + 24 pièces », « − 2,500 kg » as the article is counted."""
    count = move.pieces if wording.by_piece(lot) and move.pieces else move.grams
    words = wording.pieces(abs(count)) if wording.by_piece(lot) and move.pieces else shown.kilos(abs(count))
    return f"{'+' if count > 0 else '−'} {words}"


def story_of(move: MoveRow) -> str:
    """Return why, and from or to where, in a few words."""
    told = [called(move.reason)] if move.reason is not None else []
    if move.place is not None:
        sentence = _("vers : {place}") if move.kind is MoveKind.PLACE_OUT else _("de : {place}")
        told.append(sentence.format(place=called(move.place)))
    if move.partner:
        told.append(move.partner)
    if move.note:
        told.append(move.note)
    if move.undone:
        told.append(_("annulé depuis"))
    return ", ".join(told)


class HistoryDialog(WritingDialog):
    """The moves of a lot: who, when, why, how much, from or to where; the one under the cursor may be undone."""

    def __init__(self, page: GesturePage, lot: LotRow, rows: tuple[MoveRow, ...]) -> None:
        text = "  ·  ".join(wording.told(lot, page.desk.clock.today()))
        super().__init__(page, _("Mouvements du lot"), text, _("Annuler ce mouvement"))
        self.lot = lot
        self.no_button.set_text(_("Fermer"))
        self.setMaximumWidth(1100)
        self.setMinimumSize(1000, 480)
        self.table: RowsTable[MoveRow] = RowsTable(
            (
                Column(_("Quand"), lambda m: shown.instant(m.at), sort_key=lambda m: m.id),
                Column(_("Mouvement"), _kind_of),
                Column(_("Quantité"), lambda m: amount_of(m, lot), align="right", bold=True, sort_key=lambda m: m.grams),
                Column(_("Par"), lambda m: m.who),
                Column(_("Détail"), story_of, stretch=True),
            ),
            lambda m: m.id, name=_("Mouvements du lot"), empty=_("Aucun mouvement."),
        )  # fmt: skip
        self.table.set_rows(rows)
        self.body.addWidget(self.table)
        self.body.addWidget(self.notice)
        self.table.chosen.connect(self._on_chosen)
        self.table.choose_first()
        self._on_chosen(self.table.current)
        self.table.setFocus()

    @Slot(object)
    def _on_chosen(self, move: MoveRow | None) -> None:
        self.notice.dismiss()
        self.yes_button.setEnabled(
            move is not None and move.kind in gestures.UNDONE_HERE and not (move.undone or move.undoes)
        )

    def service(self) -> Callable[[], object] | None:
        """Return the undoing of the move chosen."""
        desk, move = self.page.desk, self.table.current
        if move is None or not self.yes_button.isEnabled():
            return None
        return lambda: gestures.undo_move(desk, move.id)

    def done_words(self) -> str:
        """Return which move was undone."""
        move = self.table.current
        return (
            ""
            if move is None
            else _("Annulé – {what} : {amount}, {article}").format(
                what=called(move.kind), amount=amount_of(move, self.lot), article=self.lot.article
            )
        )


def _kind_of(move: MoveRow) -> str:
    return _("Annulation : {what}").format(what=called(move.kind)) if move.undoes else called(move.kind)


class LossesDialog(QuestionDialog):
    """The losses of a month by family and reason, with their weight and the value of their day; printed by F12."""

    def __init__(self, page: GesturePage) -> None:
        super().__init__(page, _("Pertes du mois"), "", _("Voir la feuille"), _("Fermer"), armed_after_ms=0)
        self.page = page
        self.setMaximumWidth(1000)
        self.setMinimumSize(860, 520)
        first = page.desk.clock.today().replace(day=1)
        self.months: list[str] = []
        self.month_box = QComboBox()
        for _n in range(_MONTHS):
            self.months.append(f"{first:%Y-%m}")
            self.month_box.addItem(shown.month(self.months[-1]))
            first = (first - timedelta(days=1)).replace(day=1)
        self.total = label("", "strong")
        self.table: RowsTable[LossRow] = RowsTable(
            (
                Column(_("Famille"), lambda r: r.family, stretch=True),
                Column(_("Raison"), lambda r: called(r.reason)),
                Column(_("Poids"), lambda r: r.grams, shown.kilos, align="right", bold=True),
                Column(_("Valeur"), lambda r: r.cents, shown.money, align="right"),
            ),
            lambda r: (r.family, r.reason), name=_("Pertes du mois"), empty=_("Aucune perte ce mois-ci."),
        )  # fmt: skip
        self.body.addWidget(FormRow(_("Mois"), self.month_box))
        self.body.addWidget(self.total)
        self.body.addWidget(self.table)
        self.body.addWidget(
            label(_("La valeur est celle en rayon le jour de la perte. Transferts et retours n'y sont pas."), "soft")
        )
        self.month_box.currentIndexChanged.connect(self._read)
        self.month_box.setFocus()
        self._read()

    @property
    def month(self) -> str:
        """Return the month shown, `2026-11`."""
        return self.months[max(0, self.month_box.currentIndex())]

    @Slot()
    def _read(self) -> None:
        desk, month = self.page.desk, self.month
        context = self.page.owner.context
        context.data.submit(
            self, lambda: moves.losses_of(desk, month), self._on_read, self.page.owner.on_trouble, key="losses"
        )

    def _on_read(self, found: MonthLosses) -> None:
        self.table.set_rows((*found.rows, *found.brought_back))
        told = _("{weight} perdus, {value} en rayon").format(
            weight=shown.kilos(found.grams), value=shown.money(found.cents)
        )
        self.total.setText(told if found.rows else _("Aucune perte ce mois-ci."))

    def may_accept(self) -> bool:
        """Show the sheet of the month, over the page."""
        desk, month = self.page.desk, self.month
        look_at(
            self.page.owner,
            lambda: moves_papers.losses_pdf(desk, month),
            _("Pertes du mois"),
            _("pertes-{month}").format(month=month),
        )
        return True
