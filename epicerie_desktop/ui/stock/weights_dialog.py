"""« Articles sans poids »: what is counted by piece and has no net weight; a weight read on the pack is typed, Enter, the next one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent

from epicerie_desktop.services.queries import piece_weights as read
from epicerie_desktop.services.queries.piece_weights import WeightRow
from epicerie_desktop.services.stock import piece_weights
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import WeightField
from epicerie_desktop.ui.common.layout import FormRow, label
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.parts import tab_order
from epicerie_desktop.ui.tabbed import GesturePage


class WeightsDialog(QuestionDialog):
    """The arrows choose an article while the weight is typed; Enter writes it and goes to the next. Nothing obliges to finish."""

    def __init__(self, page: GesturePage) -> None:
        super().__init__(
            page, _("Articles sans poids"),
            _("Leurs kilos sont estimés, ou comptés pour zéro. Tapez le poids net lu sur l'emballage, puis Entrée. Les ventes passées gardent le leur."),
            _("Terminer"), "", armed_after_ms=0,
        )  # fmt: skip
        self.setMinimumSize(960, 560)
        self.setMaximumWidth(1200)
        self.page = page
        self._writing = False
        self.table: RowsTable[WeightRow] = RowsTable(
            (
                Column(_("Article"), lambda r: r.name, stretch=True),
                Column(_("Famille"), lambda r: r.family),
                Column(_("Une pièce"), lambda r: r.weight.grams, lambda g: f"{shown.number(g)} g" if g else "–", align="right"),
                Column(_("D'après"), wording.weight_from, tone=lambda r: None if r.weight.known else "ask"),
            ),
            lambda r: r.article, name=_("Articles sans poids"), empty=_("Tous les articles comptés à la pièce ont un poids net."),
        )  # fmt: skip
        self.net = WeightField(unit="g")
        self.net.line.setAccessibleName(_("Poids net d'une pièce, en grammes"))
        self.detail, self.count = label("", "soft"), label("", "small")
        self.notice = Notice("error", parent=self)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.detail)
        self.body.addWidget(FormRow(_("Poids net d'une pièce"), self.net))
        self.body.addWidget(self.count)
        self.body.addWidget(self.notice)
        self.table.search_in(self.net.line)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.net.submitted.connect(self.write)
        tab_order(self.net.line, self.table, self.yes_button)
        self.net.line.installEventFilter(self)
        self.net.setFocus()
        self.read()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down choose another article without leaving the weight."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and watched is self.net.line:
                at = self.table.currentIndex().row() + step
                if 0 <= at < self.table.model().rowCount():
                    self.table.setCurrentIndex(self.table.model().index(at, 0))
                return True
        return super().eventFilter(watched, event)

    def may_accept(self) -> bool:
        """Write first a weight typed and not yet written."""
        if self.net.text:
            self.write()
            return False
        return True

    def read(self) -> None:
        """Read the list again; the article in hand stays chosen, or the one that takes its place."""
        desk = self.page.desk
        self.page.act(lambda: read.articles_without_weight(desk), self._on_rows, self._on_refused)

    def _on_rows(self, rows: tuple[WeightRow, ...]) -> None:
        at = max(0, self.table.currentIndex().row())
        self.table.set_rows(rows)
        if rows:
            self.table.setCurrentIndex(self.table.model().index(min(at, len(rows) - 1), 0))
        unknown = sum(not r.weight.known for r in rows)
        self.count.setText(
            ngettext("{n} article, dont {unknown} sans aucun poids connu", "{n} articles, dont {unknown} sans aucun poids connu", len(rows))
            .format(n=len(rows), unknown=unknown) if rows else ""
        )  # fmt: skip
        if not rows:
            self.yes_button.setFocus()
        self.net.setEnabled(bool(rows))

    @Slot(object)
    def _on_chosen(self, row: WeightRow | None) -> None:
        self.detail.setText("" if row is None else f"{row.name} – {wording.piece_weight(row)}")
        self.net.clear()
        self.notice.tell("error", "")

    @Slot(object)
    def _on_opened(self, _row: WeightRow) -> None:
        self.net.setFocus()

    @Slot()
    def write(self) -> None:
        """Write the weight typed for the article chosen."""
        row = self.table.current
        if row is None or self._writing or not self.net.check():
            return
        grams = self.net.value
        if grams is None:
            self.net.show_error(_("Tapez le poids net en grammes, par exemple 400."))
            return
        self._writing = True
        desk = self.page.desk
        self.page.act(
            lambda: piece_weights.set_net_weight(desk, row.article, grams, row.version), self._on_written, self._on_refused,
            self._on_failed,
        )  # fmt: skip

    def _on_written(self, _none: None) -> None:
        self._writing = False
        self.net.clear()
        self.read()

    def _on_refused(self, sentence: str) -> None:
        self._writing = False
        self.notice.tell("error", sentence)

    def _on_failed(self) -> None:
        self._writing = False
