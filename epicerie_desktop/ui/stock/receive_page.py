"""« Recevoir » : where the goods come from, said once; then line after line, without a mouse; F12 writes them all at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from epicerie_desktop.domain.delivery_note import Sheet
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.receptions import too_warm
from epicerie_desktop.domain.safety import ColdLimit
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.services.features import Features, features_of
from epicerie_desktop.services.labels import LabelRules, label_rules
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.safety.cold_chain import family_limits, limits_today
from epicerie_desktop.services.safety.open_catalogue import Proposal, proposal, take_allergens
from epicerie_desktop.services.stock import catalogue, deliveries, receive
from epicerie_desktop.services.stock.catalogue import FamilyForm
from epicerie_desktop.services.stock.receive import ReceptionForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.support.text import fold
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.held_keys import HeldKeys, is_not_enter
from epicerie_desktop.ui.common.layout import Card, FormRow, column, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import Wrapped, scrolled
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.arrival_details import ArrivalDetails, DetailsDialog, ask_short, short_lines
from epicerie_desktop.ui.stock.arrival_papers import ArrivalPapers
from epicerie_desktop.ui.stock.catalogue_dialogs import ArticleDialog
from epicerie_desktop.ui.stock.delivery_dialog import DeliveryDialog
from epicerie_desktop.ui.stock.entry import DraftLine, LineEntry
from epicerie_desktop.ui.stock.goods import Goods, Reader
from epicerie_desktop.ui.stock.parts import ChoiceBox, DayField, EnterMoves, fit_columns, tab_order
from epicerie_desktop.ui.tabbed import GesturePage

_WIDTHS = (290, 120, 150, 130)
"""Of the columns after the first: they stay where they are while lines come in."""
_QUANTITY = 2
_BESIDE = 1.25
"""The largest text with which the totals stand beside the keys."""
_ORIGINS = tuple(o for o in Origin if o is not Origin.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the page reads: the goods and the suppliers."""

    goods: Goods
    families: tuple[FamilyForm, ...]
    suppliers: tuple[stock.SupplierRow, ...]
    labels: LabelRules
    features: Features


@dataclass(frozen=True, slots=True)
class _Carried:
    """What the arrival written before left in the fields: it goes as soon as the goods come from elsewhere, or by another slip."""

    supplier: str = ""
    slip: str = ""
    details: ArrivalDetails = field(default_factory=ArrivalDetails)


class ReceivePage(GesturePage):
    """An arrival in hand; nothing of it is lost while the program runs, and a refusal keeps every line."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"article", "article_code", "family", "supplier", "label_layout", "setting"}
    )

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        clock, shop = self.desk.clock, self.desk.shop
        self.lines: list[DraftLine] = []
        self._suppliers: tuple[stock.SupplierRow, ...] = ()
        self._families: tuple[FamilyForm, ...] = ()
        self._uid = uuid.uuid4()
        self._made: int | None = None
        self.dialog: ArticleDialog | None = None
        self._proposed: Proposal | None = None
        self.saving = False
        self._carried = _Carried()
        self._held = HeldKeys(self, is_not_enter)
        self.origin, self.supplier = ChoiceBox(), ChoiceBox(editable=True)
        self.slip, self.day = FieldFrame(message=False), DayField(clock.today)
        self._day_written = clock.today()
        self.day.set_value(self._day_written)
        reader = Reader(shop.contract_number, shop.number)
        self.entry = LineEntry(self, reader, self.owner.context.scale, clock.today, self.arrived_on)
        self.entry.donor = self.supplier.box.currentText
        self.table: RowsTable[DraftLine] = RowsTable(
            self._columns(), lambda line: line.uid, name=_("Lignes de la réception"), sortable=False,
            empty=_("Aucune ligne encore : chaque Entrée en ajoute une. Rien n'est enregistré avant F12."),
        )  # fmt: skip
        self.notice = Notice(closable=True, parent=self)
        self.totals = label("", "strong")
        self.details = ArrivalDetails()
        self.said = label("", "soft")
        self.details_button = ActionButton(_("+ Détails"), "F9", kind="quiet")
        self.file_button = ActionButton(_("Bon en CSV"), "F8", "upload", "quiet")
        self.papers = ArrivalPapers(self.owner)
        self.remove_button = ActionButton(_("Retirer la ligne"), "F11", "trash-2")
        self.save_button = ActionButton(_("Enregistrer la réception"), "F12", "check", "primary")
        self._lay_out()
        self._connect()
        self._show_lines()

    @staticmethod
    def _columns() -> tuple[Column[DraftLine], ...]:
        return (
            Column(_("Article ou famille"), lambda n: n.good.name, stretch=True),
            Column(_("Famille"), lambda n: n.good.family),
            Column(
                _("Quantité"), lambda n: wording.quantity(n.good.sold_by, n.pieces, n.grams), align="right", bold=True
            ),
            Column(_("Date"), lambda n: wording.limit(n.date_kind, n.limit_on, n.precision)),
            Column(_("Lot"), lambda n: n.lot_code or "–"),
        )

    def _lay_out(self) -> None:
        self.origin.box.setPlaceholderText(_("Choisissez"))
        for origin in _ORIGINS:
            self.origin.box.addItem(called(origin))
        self.origin.box.setCurrentIndex(-1)
        self._supplier_line().setPlaceholderText(_("facultatif"))
        self.slip.line.setPlaceholderText(_("facultatif"))
        arrival = Card()
        arrival.setAccessibleName(_("L'arrivée"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        for place, (text, widget, stretch) in enumerate(
            ((_("Provenance"), self.origin, 4), (_("Fournisseur"), self.supplier, 5), (_("N° du bordereau"), self.slip, 3),
             (_("Reçu le"), self.day, 3))
        ):  # fmt: skip
            grid.addWidget(FormRow(text, widget), 0, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, stretch)
        arrival.add(grid)
        for card in (arrival, self.entry):
            card.body.setContentsMargins(16, 10, 16, 10)
            card.body.setSpacing(4)
        keys = Wrapped(self.details_button, self.remove_button, self.save_button, right=True)
        foot = column(self.totals, keys, spacing=4) if theme.tokens().scale > _BESIDE else row(self.totals, keys)
        if isinstance(foot, QHBoxLayout):
            foot.setStretch(0, 1)
        self.more = QWidget()
        more = row(self.said, self.papers, self.file_button)
        more.setStretch(0, 1)
        self.more.setLayout(more)
        self.more.hide()
        self.table.setMinimumHeight(round(120 * theme.tokens().scale))
        parts = (arrival, self.entry, self.notice, self.more, self.table)
        self.setLayout(column(scrolled(*parts, growing=self.table, spacing=12), foot, spacing=12))
        tab_order(
            self.origin.box, self.supplier.box, self.slip.line, self.day.line, self.entry.article.line, self.entry.weight.line,
            self.entry.count.line, self.entry.limit.line, self.entry.nature, self.entry.date_button, self.entry.add_button,
            self.papers.slip_button, self.papers.labels_button, self.file_button, self.table, self.details_button, self.remove_button, self.save_button,
        )  # fmt: skip

    def _supplier_line(self) -> QLineEdit:
        line = self.supplier.box.lineEdit()
        assert line is not None
        return line

    def _connect(self) -> None:
        self.moves = EnterMoves(self)
        self.moves.chain(self.origin.box, self.supplier.box.setFocus)
        self.moves.chain(self.supplier.box, self.slip.line.setFocus)
        # Read again, a long name shows its beginning.
        self._supplier_line().editingFinished.connect(lambda: self._supplier_line().home(False))
        self.slip.submitted.connect(self._on_slip)
        self.day.submitted.connect(self._on_day)
        self.origin.box.currentIndexChanged.connect(self._on_origin)
        self.supplier.box.editTextChanged.connect(self._on_other_slip)
        self.slip.line.textChanged.connect(self._on_other_slip)
        self.entry.added.connect(self._on_added)
        self.entry.new_button.clicked.connect(self.new_article)
        self.table.opened.connect(self._on_opened)
        self.table.installEventFilter(self)
        self.entry.article.line.installEventFilter(self)
        self.remove_button.clicked.connect(self.remove_line)
        self.save_button.clicked.connect(self.save)
        self.details_button.clicked.connect(self.open_details)
        self.file_button.clicked.connect(self.ask_file)

    # -- what the page knows -----------------------------------------------------------------------------------------

    @property
    def chosen_origin(self) -> Origin | None:
        """Return where the goods come from, None while nothing is chosen."""
        index = self.origin.box.currentIndex()
        return _ORIGINS[index] if index >= 0 else None

    def arrived_on(self) -> date:
        """Return the day of the arrival, today while it is not rightly typed."""
        return self.day.value or self.desk.clock.today()

    def refresh(self) -> None:
        """Read the catalogue and the suppliers again; what is typed stays."""
        desk = self.desk

        def read() -> _Known:
            families = stock.families(desk)
            return _Known(
                Goods.of(stock.catalogue(desk), families), families, stock.suppliers(desk), label_rules(desk), features_of(desk)
            )  # fmt: skip

        self.ask(read, self._on_known, key="known")

    def first_field(self) -> QWidget:
        """Return the origin as long as none is chosen, then the article."""
        return self.origin.box if self.origin.box.currentIndex() < 0 else self.entry.article.line

    def search_field(self) -> QWidget:
        """Return the article, whatever is filled above."""
        return self.entry.article.line

    def _on_known(self, known: _Known) -> None:
        self.entry.goods = known.goods
        self.entry.learn_labels(known.labels)
        self._suppliers, self._families = known.suppliers, known.families
        self.file_button.setVisible(known.features.delivery_files)
        self._show_more()
        self._offer_suppliers()
        self._show_lines()
        made = next((g for g in known.goods.all if g.article == self._made), None)
        if made is not None:
            self._made = None
            self.entry.take_new(made)

    def _offer_suppliers(self) -> None:
        typed, box = self.supplier.box.currentText(), self.supplier.box
        origin = self.chosen_origin
        with QSignalBlocker(box):
            box.clear()
            for known in self._suppliers:
                if origin is None or known.origin is origin:
                    box.addItem(known.name, known.id)
            box.setCurrentIndex(-1)
            box.setEditText(typed)

    def _show_lines(self) -> None:
        self.table.set_rows(self.lines)
        self.table.size_columns()
        for place, width in enumerate(_WIDTHS, start=1):
            usual = round(width * theme.tokens().scale)
            # A quantity is never cut; a name may be.
            wide = max(usual, self.table.columnWidth(place)) if place == _QUANTITY else usual
            self.table.setColumnWidth(place, wide)
        fit_columns(self.table, (4, 1), 200)
        grams = sum(n.shown_grams for n in self.lines)
        pieces = sum(n.pieces for n in self.lines)
        words = [ngettext("{n} ligne", "{n} lignes", len(self.lines)).format(n=len(self.lines)), shown.kilos(grams)]
        if pieces:
            words.append(wording.pieces(pieces))
        self.totals.setText("  ·  ".join(words) if self.lines else "")
        self._show_more()
        self.remove_button.setEnabled(bool(self.lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the names."""
        super().resizeEvent(event)
        fit_columns(self.table, (4, 1), 200)

    def showEvent(self, event: QShowEvent) -> None:
        """Write today's day where the program was left open since another one."""
        super().showEvent(event)
        self._renew_day()

    def _renew_day(self) -> None:
        today = self.desk.clock.today()
        if today != self._day_written and self.day.value == self._day_written and not self.lines:
            self._day_written = today
            self.day.set_value(today)
            self._drop_details()

    # -- gestures ----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Delete takes the chosen line away; Escape goes back to the entry, and from an empty entry to where the goods come from."""
        pressed = event.key() if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) else None
        if watched is self.entry.article.line and pressed == Qt.Key.Key_Escape and not self.entry.started:
            # A letter typed here before is no part of what is typed now, however quick the hand.
            self.origin.box.view().keyboardSearch("")
            if not self.lines:
                self._drop_details()
            self.origin.box.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if watched is self.table and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                self.remove_line()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.entry.article.setFocus()
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def _on_origin(self) -> None:
        # What still is the arrival before's goes: goods from elsewhere come with another slip.
        before = self._carried
        self._drop_details()
        if before.supplier and self.supplier.box.currentText() == before.supplier:
            self.supplier.box.setEditText("")
        if before.slip and self.slip.text == before.slip:
            self.slip.clear()
        self._carried = _Carried()
        self._offer_suppliers()

    @Slot()
    def _on_other_slip(self) -> None:
        if (self.supplier.box.currentText(), self.slip.text) != (self._carried.supplier, self._carried.slip):
            self._drop_details()

    def _drop_details(self) -> None:
        """Take away what was read of the lorry before (driver, temperature, financing); what was typed since stays."""
        before, now = self._carried.details, self.details
        self.details = replace(
            now,
            driver="" if now.driver == before.driver else now.driver,
            tenths=None if now.tenths == before.tenths else now.tenths,
            financing="" if now.financing == before.financing else now.financing,
        )
        self._carried = replace(self._carried, details=ArrivalDetails())
        self._show_more()

    @Slot()
    def _on_slip(self) -> None:
        self.day.setFocus()
        self.day.line.selectAll()

    @Slot()
    def _on_day(self) -> None:
        self.entry.article.setFocus()

    @Slot(object)
    def _on_added(self, line: DraftLine) -> None:
        self._renew_day()
        self.lines.append(line)
        self._show_lines()
        self.table.choose(line.uid)
        self.notice.tell("info", "")
        if line.tie:
            desk = self.desk
            self.act(lambda: catalogue.attach_code(desk, line.good.article, line.tie), self._on_tied, self._on_refused)

    @Slot()
    def new_article(self) -> None:
        """Open the sheet of an article that is not in the catalogue, with what was typed or scanned; it is then taken."""
        name, code = self.entry.unknown
        if code:
            desk = self.desk
            self.ask(lambda: proposal(desk, code), partial(self._open_new, name, code), key="proposal")
        else:
            self._open_new(name, code, None)

    def _open_new(self, name: str, code: str, proposed: Proposal | None) -> None:
        self._proposed = proposed
        self.dialog = ArticleDialog(self, self._families, name=name, code=code, proposal=proposed)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.saved.connect(self._on_made)
        self.dialog.finished.connect(self._on_closed)
        self.dialog.open()

    @Slot(int)
    def _on_made(self, article: int) -> None:
        self._made = article
        proposed, desk = self._proposed, self.desk
        if proposed is not None:
            self.act(lambda: take_allergens(desk, article, proposed), self._on_tied, self._on_refused)
        self.refresh()

    @Slot()
    def _on_closed(self) -> None:
        self.dialog = None
        self.entry.article.setFocus()

    def _on_tied(self, done: None) -> None:
        """Nothing to say: the code will be known next time."""

    @Slot(object)
    def _on_opened(self, line: DraftLine) -> None:
        if self.saving:
            return
        if self.entry.started:
            self.entry.complain()
            return
        self.lines.remove(line)
        self._show_lines()
        self.entry.take_back(line)

    @Slot()
    def remove_line(self) -> None:
        """Take away the chosen line, else the last one."""
        line = self.table.current or (self.lines[-1] if self.lines else None)
        if line is not None and not self.saving:
            self.lines.remove(line)
            self._show_lines()
            self.entry.state.setText(_("Retiré : {article}.").format(article=line.good.name))

    @Slot()
    def save(self) -> None:
        """Write the whole arrival, or say what is missing beside its field; a second press while it is written does nothing."""
        if self.saving or not self._complete() or not self._short_agreed():
            return
        self.saving = True
        self.save_button.setEnabled(False)
        self._held.hold()
        desk, form, name = self.desk, self._form(), self.supplier.box.currentText().strip()
        sent, told = tuple(self.lines), _Carried(self.supplier.box.currentText(), self.slip.text, self.details)
        known = next((s.id for s in self._suppliers if s.origin is form.origin and fold(s.name) == fold(name)), None)

        def write() -> int:
            supplier = known if known or not name else receive.save_supplier(desk, name, form.origin)
            return receive.record_reception(desk, replace(form, supplier_id=supplier))

        self.act(write, partial(self._on_saved, sent, form.origin, told), self._on_refused, self._on_failed)

    def _complete(self) -> bool:
        if self.entry.started:
            self.entry.complain()
            return False
        if not (self.lines or self.details.refused):
            self.notice.tell("warn", _("Ajoutez au moins une ligne avant d'enregistrer."))
            self.entry.article.setFocus()
            return False
        if self.origin.box.currentIndex() < 0:
            self.origin.show_error(_("D'où vient cette arrivée ?"))
            self.origin.setFocus()
            return False
        if not self.day.check():
            self.day.setFocus()
            return False
        return True

    def _form(self) -> ReceptionForm:
        form = ReceptionForm(
            self.chosen_origin or Origin.UNKNOWN, tuple(n.received() for n in self.lines), None, self.slip.text, self.day.value, self._uid
        )  # fmt: skip
        return self.details.on(form)

    def _short_agreed(self) -> bool:
        """Ask why packs from a shop with less than 48 hours left are taken; nothing is asked where there are none."""
        names = short_lines(self.lines, self.arrived_on()) if self.chosen_origin is Origin.PICKUP else ()
        if not names:
            self.details = replace(self.details, short_reason="")
            return True
        dialog = ask_short(self, names)
        if not accepted(dialog):
            return False
        self.details = replace(self.details, short_reason=dialog.reason)
        return True

    # -- what is told only where it is asked ---------------------------------------------------------------------------

    def _limits(self) -> list[ColdLimit]:
        """Return the temperatures that the chilled goods in hand must not go over."""
        families, limits = {f.id: f.code for f in self._families}, limits_today(self.desk)
        codes = {family_limits().get(families.get(n.good.family_id, ""), "") for n in self.lines if n.good.chilled}
        return [limits[c] for c in sorted(codes) if c in limits]

    @Slot()
    def open_details(self) -> None:
        """Open what may be told of the arrival, and of the chosen line."""
        line = self.table.current
        dialog = DetailsDialog(
            self, self.details, line, self.entry.goods.all, self._limits(), self.desk.clock.today, self.chosen_origin
        )  # fmt: skip
        if not accepted(dialog):
            return
        self.details = dialog.details
        if line is not None:
            self.lines = [replace(n, told=dialog.told) if n.uid == line.uid else n for n in self.lines]
        self._show_lines()
        self.entry.article.setFocus()

    @Slot()
    def ask_file(self) -> None:
        """Ask which file holds a delivery note, once its origin and supplier are known."""
        if self.chosen_origin is None:
            self.origin.show_error(_("D'où vient cette arrivée ?"))
            self.origin.setFocus()
            return
        if not self.supplier.box.currentText().strip():
            self.supplier.show_error(_("De quel fournisseur est ce bon ? Ses colonnes seront retenues."))
            self.supplier.setFocus()
            return
        chosen, _filter = QFileDialog.getOpenFileName(
            self, _("Le bon de livraison"), "", _("Tableaux CSV (*.csv *.txt);;Tous les fichiers (*)")
        )
        if chosen:
            self.read_file(Path(chosen))

    def read_file(self, path: Path) -> None:
        """Read a delivery note, then show it line by line."""
        self.act(partial(deliveries.read_file, path), self._on_note, self._on_refused)

    def _on_note(self, sheet: Sheet) -> None:
        name = self.supplier.box.currentText().strip()
        dialog = DeliveryDialog(self, sheet, name, self.chosen_origin or Origin.UNKNOWN, self.slip.text)
        if accepted(dialog) and dialog.reception is not None and dialog.preview is not None:
            count = len(dialog.preview.lines)
            self._told_slip(dialog.reception)
            self.notice.tell(
                "success",
                ngettext("Bon {slip} reçu : {n} ligne.", "Bon {slip} reçu : {n} lignes.", count).format(
                    slip=dialog.preview.slip, n=count
                ),
            )

    def _told_slip(self, reception: int) -> None:
        self.papers.tell(reception)
        self._show_more()

    def _show_more(self) -> None:
        """Show the line of what few shops use, where there is something on it."""
        said, over = self.details.said(), too_warm(self.details.tenths, self._limits())
        if over is not None:
            said += "  ·  " + _("plus chaud que {most} °C : à vérifier").format(most=shown.tenths(over.most or 0))
        self.said.setText(said)
        theme.set_role(self.said, "tone", "" if over is None else "ask")
        used = bool(said) or not (self.file_button.isHidden() and self.papers.isHidden())
        self.more.setVisible(used)

    def _on_saved(self, sent: tuple[DraftLine, ...], origin: Origin, told: _Carried, reception: int) -> None:
        count, grams = len(sent), sum(n.shown_grams for n in sent)
        self._writable()
        self._uid, self._carried = uuid.uuid4(), told
        if self.chosen_origin is not origin:
            self._on_origin()
        self._told_slip(reception)
        written = {n.uid for n in sent}
        self.lines[:] = [n for n in self.lines if n.uid not in written]
        refused = len(self.details.refused)
        self.details = replace(self.details, refused=(), short_reason="")
        self._on_other_slip()
        self._show_lines()
        if not count:
            self.notice.tell("success", _("Refus noté, rien n'entre en stock : {n}.").format(n=refused))
            self.entry.begin(focus=True)
            self._held.release()
            return
        self.notice.tell(
            "success",
            ngettext(
                "Réception enregistrée : {n} ligne, {weight}. La suite vient du même endroit ; sinon, Échap.",
                "Réception enregistrée : {n} lignes, {weight}. La suite vient du même endroit ; sinon, Échap.",
                count,
            ).format(n=count, weight=shown.kilos(grams)),
        )
        if not self.entry.started:
            self.entry.begin(focus=True)
        self._held.release()

    def _on_refused(self, sentence: str) -> None:
        self._on_failed()
        self.notice.tell("error", sentence)

    def _on_failed(self) -> None:
        self._held.drop()
        self._writable()

    def _writable(self) -> None:
        self.saving = False
        self.save_button.setEnabled(True)
