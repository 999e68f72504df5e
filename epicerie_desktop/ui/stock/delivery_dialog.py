"""A delivery note in CSV, looked at before anything is taken: which column holds what, and each line with what is wrong in it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout

from epicerie_desktop.domain.delivery_note import Field, Sheet
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.services.stock import deliveries, receive
from epicerie_desktop.services.stock.deliveries import Preview, SeenLine
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_, ngettext
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.layout import FormRow, label
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.tabbed import GesturePage

_NAMES: dict[Field, str] = {
    Field.CODE: N_("Code-barres"), Field.ARTICLE: N_("Article"), Field.PIECES: N_("Pièces"), Field.KILOS: N_("Kilos"),
    Field.DATE: N_("Date"), Field.DATE_KIND: N_("Nature de la date"), Field.LOT: N_("Lot"), Field.PRICE: N_("Prix"),
    Field.ORDERED: N_("Commandé"), Field.DELIVERED: N_("Livré"), Field.DAMAGED: N_("Abîmé"), Field.SLIP: N_("Bordereau"),
}  # fmt: skip


class DeliveryDialog(QuestionDialog):
    """F12 receives the whole note; it stays shut as long as one line is wrong, or where the slip was already received."""

    def __init__(self, page: GesturePage, sheet: Sheet, supplier: str, origin: Origin, slip: str) -> None:
        super().__init__(
            page, _("Bon de livraison"), _("{supplier} : vérifiez les colonnes, puis les lignes. Rien n'est encore enregistré.").format(supplier=supplier),
            _("Recevoir ce bon"), _("Ne rien recevoir"), armed_after_ms=0,
        )  # fmt: skip
        self.setMinimumSize(1000, 600)
        self.setMaximumWidth(1300)
        self.page, self.sheet = page, sheet
        self._supplier_name, self._origin, self._slip = supplier, origin, slip
        self._supplier: int | None = None
        self.preview: Preview | None = None
        self.reception: int | None = None
        self._writing = False
        self.boxes: dict[Field, QComboBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        for place, (name, words) in enumerate(_NAMES.items()):
            box = QComboBox()
            box.setAccessibleName(_(words))
            box.addItem("–", "")
            for heading in sheet.headings:
                if heading:
                    box.addItem(heading, heading)
            box.currentIndexChanged.connect(self._look)
            self.boxes[name] = box
            grid.addWidget(FormRow(_(words), box), place // 6, place % 6, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(grid)
        self.table: RowsTable[SeenLine] = RowsTable(
            (
                Column(_("Ligne"), lambda n: n.note.number, str, align="right"),
                Column(_("Article"), lambda n: n.article or n.note.article or n.note.code, stretch=True),
                Column(_("Quantité"), _quantity, align="right"),
                Column(_("Date"), _date),
                Column(_("À corriger"), lambda n: " ".join(n.errors), tone=lambda n: "no" if n.errors else None, stretch=True),
            ),
            lambda n: n.note.number, name=_("Lignes du bon"), sortable=False,
        )  # fmt: skip
        self.body.addWidget(self.table, 1)
        self.summary = label("", "strong")
        self.detail = label("", "error")
        self.table.chosen.connect(self._on_chosen)
        self.body.addWidget(self.detail)
        self.body.addWidget(self.summary)
        self.notice = Notice(parent=self)
        self.body.addWidget(self.notice)
        self.yes_button.setEnabled(False)
        self._begin()

    def _begin(self) -> None:
        desk, name, origin, sheet = self.page.desk, self._supplier_name, self._origin, self.sheet

        def read() -> tuple[int, dict[Field, str]]:
            supplier = receive.save_supplier(desk, name, origin)
            return supplier, deliveries.columns_of(desk, sheet, supplier)

        self.page.act(read, self._on_columns, self._on_refused)

    def _on_columns(self, known: tuple[int, dict[Field, str]]) -> None:
        self._supplier, columns = known
        for name, box in self.boxes.items():
            box.blockSignals(True)
            box.setCurrentIndex(max(0, box.findData(columns.get(name, ""))))
            box.blockSignals(False)
        self._look()

    @property
    def columns(self) -> dict[Field, str]:
        """Return the column of each field told."""
        return {name: box.currentData() for name, box in self.boxes.items() if box.currentData()}

    @Slot()
    def _look(self) -> None:
        if self._supplier is None:
            return
        desk, sheet, columns, supplier, slip = self.page.desk, self.sheet, self.columns, self._supplier, self._slip
        self.page.act(
            lambda: deliveries.look_at(desk, sheet, columns, supplier=supplier, slip=slip), self._on_seen, self._on_refused
        )  # fmt: skip

    def _on_seen(self, preview: Preview) -> None:
        self.preview = preview
        self.table.set_rows(sorted(preview.lines, key=lambda n: (not n.errors, n.note.number)))
        self.table.choose_first()
        wrong = preview.errors
        told = ngettext("{n} ligne", "{n} lignes", len(preview.lines)).format(n=len(preview.lines))
        if preview.received is not None:
            self.notice.tell(
                "warn", _("Le bordereau {slip} a déjà été reçu : il n'est pas repris.").format(slip=preview.slip)
            )
        elif wrong:
            told += "  ·  " + ngettext(
                "{n} à corriger : rien n'est repris tant qu'elle reste",
                "{n} à corriger : rien n'est repris tant qu'il en reste",
                wrong,
            ).format(n=wrong)
        elif not preview.slip:
            self.notice.tell(
                "warn",
                _(
                    "Quel est le numéro du bordereau ? Choisissez sa colonne, ou tapez-le dans la page, puis reprenez le fichier."
                ),
            )
        else:
            self.notice.tell("info", "")
            told += "  ·  " + _("bordereau {slip}").format(slip=preview.slip)
        self.summary.setText(told)
        self.yes_button.setEnabled(not wrong and bool(preview.slip) and preview.received is None)

    @Slot(object)
    def _on_chosen(self, seen: SeenLine | None) -> None:
        self.detail.setText(" ".join(seen.errors) if seen is not None else "")

    def may_accept(self) -> bool:
        """Write the arrival and the columns, and stay open until it is done."""
        if self._writing or self.preview is None or self._supplier is None or not self.yes_button.isEnabled():
            return False
        self._writing = True
        desk, preview, supplier, origin, columns = (
            self.page.desk,
            self.preview,
            self._supplier,
            self._origin,
            self.columns,
        )

        def write() -> int:
            deliveries.keep_columns(desk, supplier, columns)
            return receive.record_reception(desk, deliveries.form_of(preview, supplier, origin))

        self.page.act(write, self._on_written, self._on_refused, self._on_failed)
        return False

    def _on_written(self, reception: int) -> None:
        self.reception = reception
        self.accept()

    def _on_refused(self, sentence: str) -> None:
        self._writing = False
        self.notice.tell("error", sentence)

    def _on_failed(self) -> None:
        self._writing = False


def _quantity(seen: SeenLine) -> str:
    line = seen.line
    if line is None:
        return "–"
    return wording.pieces(line.pieces) if line.pieces else shown.kilos(line.grams)


def _date(seen: SeenLine) -> str:
    line = seen.line
    return "–" if line is None else wording.limit(line.date_kind, line.limit_on, line.precision)
