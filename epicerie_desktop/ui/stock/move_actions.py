"""The gestures under the lots that are not losses, counts or sortings: undo, move, look at what happened, at what was lost."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.features import Features, features_of
from epicerie_desktop.services.queries import moves
from epicerie_desktop.services.queries.moves import LastMove, MoveRow, SlipRow
from epicerie_desktop.services.queries.stock import LotRow
from epicerie_desktop.services.stock import moves as gestures
from epicerie_desktop.services.stock import moves_papers
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.move_dialogs import HistoryDialog, LossesDialog, MoveDialog
from epicerie_desktop.ui.tabbed import GesturePage


@dataclass(frozen=True, slots=True)
class _Read:
    used: Features
    last: LastMove | None
    slips: tuple[SlipRow, ...]


class MoveActions(QObject):
    """The buttons, which the page lays out, and what they do; what a shop does not use stays hidden."""

    def __init__(self, page: GesturePage, notice: Notice) -> None:
        super().__init__(page)
        self.page, self.notice = page, notice
        self.last: LastMove | None = None
        self.used = Features()
        self._slip: SlipRow | None = None
        self._lot: LotRow | None = None
        self.undo_button = ActionButton(_("Annuler le dernier geste"), "Ctrl+Z", "undo-2", "quiet")
        self.losses_button = ActionButton(_("Pertes du mois"), "F6", "trash-2", "quiet")
        self.history_button = ActionButton(_("Mouvements"), "F7", "history", "quiet")
        self.slip_button = ActionButton(_("Dernier bon"), "Shift+F8", "printer", "quiet")
        self.move_button = ActionButton(_("Déplacer"), "F8", "truck")
        for button, done in (
            (self.undo_button, self._on_undo), (self.losses_button, self._on_losses), (self.history_button, self.open_history),
            (self.slip_button, self._on_slip), (self.move_button, self.open_move),
        ):  # fmt: skip
            button.clicked.connect(done)
        for button in (self.undo_button, self.slip_button, self.move_button):
            button.hide()

    def refresh(self) -> None:
        """Read again what may be undone, and what the shop uses."""
        desk = self.page.desk

        def read() -> _Read:
            used = features_of(desk)
            return _Read(used, moves.last_move(desk), moves.slips_of(desk, 1) if used.transfers else ())

        self.page.ask(read, self._on_read, key="moves")

    def _on_read(self, found: _Read) -> None:
        self.used, self.last = found.used, found.last
        self._slip = found.slips[0] if found.slips else None
        self.undo_button.setVisible(found.last is not None)
        self.slip_button.setVisible(self._slip is not None)
        self.move_button.setVisible(found.used.places or found.used.transfers)
        if found.last is not None:
            self.undo_button.setToolTip(self._words(found.last))

    def choose(self, lot: LotRow | None) -> None:
        """Say which lot the gestures are about."""
        self._lot = lot
        self.history_button.setEnabled(lot is not None)
        self.move_button.setEnabled(lot is not None)

    @staticmethod
    def _words(last: LastMove) -> str:
        if last.lots > 1:
            return ngettext("{what} : {n} lot", "{what} : {n} lots", last.lots).format(
                what=called(last.kind), n=shown.number(last.lots)
            )
        amount = wording.quantity(last.sold_by, abs(last.pieces), abs(last.grams))
        return _("{what} : {amount}, {article}").format(what=called(last.kind), amount=amount, article=last.article)

    @Slot()
    def open_move(self) -> None:
        """Ask where the chosen lot goes."""
        if self._lot is not None:
            self.notice.dismiss()
            self.page.open_dialog(MoveDialog(self.page, self._lot, self.used))

    @Slot()
    def open_history(self) -> None:
        """Show what happened to the chosen lot."""
        if self._lot is not None:
            desk, lot = self.page.desk, self._lot
            self.page.ask(lambda: (lot, moves.moves_of(desk, lot.id)), self._on_history, key="history")

    def _on_history(self, found: tuple[LotRow, tuple[MoveRow, ...]]) -> None:
        if self.page.dialog is None:
            self.page.open_dialog(HistoryDialog(self.page, *found))

    @Slot()
    def _on_losses(self) -> None:
        self.page.open_dialog(LossesDialog(self.page))

    @Slot()
    def _on_slip(self) -> None:
        if self._slip is not None:
            desk, slip = self.page.desk, self._slip.id
            look_at(
                self.page.owner,
                lambda: moves_papers.slip_pdf(desk, slip),
                called(self._slip.kind),
                _("bon-{n}").format(n=slip),
            )

    @Slot()
    def _on_undo(self) -> None:
        if self.last is not None:
            desk, last = self.page.desk, self.last
            self.notice.dismiss()
            self.page.act(
                lambda: gestures.undo_move(desk, last.id), lambda _done: self._on_undone(last), self._on_refused
            )

    def _on_undone(self, last: LastMove) -> None:
        self.notice.tell("success", _("Annulé – {what}").format(what=self._words(last)))

    def _on_refused(self, sentence: str) -> None:
        self.notice.tell("error", sentence)
