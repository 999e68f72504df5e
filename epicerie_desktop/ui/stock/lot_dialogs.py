"""The two gestures on a lot: a loss with its reason, and a count that puts the book right. Each is refused beside its field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.stock import DateKind, LossReason
from epicerie_desktop.services.queries.stock import LotRow
from epicerie_desktop.services.stock import receive
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import CountField, FieldFrame, WeightField
from epicerie_desktop.ui.common.keys import is_enter
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.parts import CountedField, tab_order
from epicerie_desktop.ui.tabbed import GesturePage
from epicerie_desktop.ui.writing_dialog import WritingDialog

REASONS = tuple(r for r in LossReason if r is not LossReason.BROUGHT_BACK)
"""The reasons a person may tick; the other is written by what comes back."""
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


class LotDialog(WritingDialog):
    """A question about one lot, which it names."""

    def __init__(self, page: GesturePage, lot: LotRow, title: str, verb: str) -> None:
        text = "  ·  ".join(wording.told(lot, page.desk.clock.today()))
        super().__init__(page, title, text, verb)
        self.lot = lot

    def values_are_right(self) -> bool:
        """Return whether every field is right; say what is wrong beside the one that is not."""
        return True

    def writing_of(self) -> Callable[[], object]:
        """Return what F12 runs on the data thread, once every field is right."""
        raise NotImplementedError

    def service(self) -> Callable[[], object] | None:
        """Return the writing, None where a field is wrong."""
        return self.writing_of() if self.values_are_right() else None


class LossDialog(LotDialog):
    """How much is lost, and why; both must be told."""

    def __init__(self, page: GesturePage, lot: LotRow) -> None:
        super().__init__(page, lot, _("Noter une perte"), _("Noter la perte"))
        self.by_piece = wording.by_piece(lot)
        self.quantity = CountField(most=receive.MAX_PIECES) if self.by_piece else WeightField()
        self.whole_button = ActionButton(_("Tout le lot"), "F11", kind="quiet")
        self.whole_button.clicked.connect(self._on_whole)
        self.reasons = QButtonGroup(self)
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.setMinimumWidth(640)
        for i, reason in enumerate(REASONS):
            choice = QRadioButton(called(reason), self)
            choice.setAccessibleName(called(reason))
            choice.installEventFilter(self)
            self.reasons.addButton(choice, i)
            grid.addWidget(choice, i // 2, i % 2)
        self.missing = label("", "error")
        self.note = FieldFrame()
        self.body.addLayout(
            row(
                FormRow(_("Pièces perdues") if self.by_piece else _("Poids perdu"), self.quantity),
                self.whole_button,
                spacing=12,
            )
        )
        self.body.addWidget(label(_("Pourquoi ?"), "label"))
        self.body.addLayout(grid)
        self.body.addWidget(self.missing)
        self.body.addWidget(FormRow(_("Un mot de plus, si besoin"), self.note))
        self.body.addWidget(self.notice)
        self.reasons.idToggled.connect(self._on_reason)
        self.quantity.submitted.connect(self._on_quantity)
        if lot.date_kind is DateKind.USE_BY and lot.limit_on and lot.limit_on < page.desk.clock.today():
            self.reasons.button(REASONS.index(LossReason.EXPIRED)).setChecked(True)
            self._on_whole()
        order: list[QWidget] = [
            self.quantity.line, self.whole_button, *self.reasons.buttons(), self.note.line, self.no_button, self.yes_button,
        ]  # fmt: skip
        tab_order(*order)
        self.quantity.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows tick a reason even when none is yet, and Enter tick the one in focus."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QRadioButton):
            if is_enter(event):
                if not event.isAutoRepeat():
                    watched.setChecked(True)
                    self.note.setFocus()
                return True
            if event.key() in _ARROWS and self.reason is None:
                # Qt's arrows only carry the tick where there is one.
                watched.setChecked(True)
        return super().eventFilter(watched, event)

    @property
    def reason(self) -> LossReason | None:
        """Return the reason ticked."""
        ticked = self.reasons.checkedId()
        return REASONS[ticked] if ticked >= 0 else None

    def values_are_right(self) -> bool:
        """Ask for a quantity within the lot, and a reason."""
        held = self.lot.pieces if self.by_piece else self.lot.grams
        if not self.quantity.text:
            self.quantity.show_error(_("Combien est perdu ?"))
        elif self.quantity.check() and (self.quantity.value or 0) > held:
            holds = wording.held(self.lot)
            self.quantity.show_error(_("Ce lot ne contient que {quantity}.").format(quantity=holds))
        if self.quantity.error:
            self.quantity.setFocus()
            return False
        if self.reason is None:
            self.missing.setText(_("Choisissez la raison : les pertes se relisent à la fin du mois."))
            self.reasons.buttons()[0].setFocus()
            return False
        return True

    def writing_of(self) -> Callable[[], object]:
        """Return the writing of the loss."""
        desk, lot, amount, reason = self.page.desk, self.lot.id, self.quantity.value or 0, self.reason
        pieces, grams = (amount, 0) if self.by_piece else (0, amount)
        note = self.note.text
        assert reason is not None
        return lambda: receive.record_loss(desk, lot, pieces=pieces, grams=grams, reason=reason, note=note)

    def done_words(self) -> str:
        """Return what was lost."""
        amount = self.quantity.value or 0
        return _("Perte notée : {amount}, {article}.").format(
            amount=wording.quantity(self.lot.sold_by, amount, amount), article=self.lot.article
        )

    @Slot()
    def _on_whole(self) -> None:
        self.quantity.set_value(self.lot.pieces if self.by_piece else self.lot.grams)

    @Slot()
    def _on_reason(self) -> None:
        self.missing.setText("")

    @Slot()
    def _on_quantity(self) -> None:
        ticked = self.reasons.checkedButton() or self.reasons.buttons()[0]
        ticked.setFocus()


class CountDialog(LotDialog):
    """What is really there: the book follows, by a correction that stays readable."""

    def __init__(self, page: GesturePage, lot: LotRow) -> None:
        super().__init__(page, lot, _("Compter ce lot"), _("Corriger le stock"))
        self.by_piece = wording.by_piece(lot)
        held = lot.pieces if self.by_piece else lot.grams
        self.counted = CountedField(by_piece=self.by_piece, say=lambda found: self._difference(found - held))
        self.note = FieldFrame()
        if held < 0:
            told = _("Il en est sorti plus qu'il n'en était entré : comptez ce qu'il reste en rayon, même rien.")
            self.body.addWidget(Notice("info", told, parent=self))
        self.body.addWidget(FormRow(_("Pièces comptées") if self.by_piece else _("Poids compté"), self.counted))
        self.body.addWidget(FormRow(_("Un mot de plus, si besoin"), self.note))
        self.body.addWidget(self.notice)
        self.counted.submitted.connect(self.note.setFocus)
        order: list[QWidget] = [self.counted.line, self.note.line, self.no_button, self.yes_button]
        tab_order(*order)
        self.counted.setFocus()

    def _difference(self, more: int) -> str:
        if not more:
            return _("Le stock est déjà juste.")
        amount = wording.pieces(abs(more)) if self.by_piece else shown.kilos(abs(more))
        words = _("Le stock augmentera de {amount}.") if more > 0 else _("Le stock diminuera de {amount}.")
        return words.format(amount=amount)

    def values_are_right(self) -> bool:
        """Ask for a count, zero included."""
        if self.counted.check():
            return True
        self.counted.setFocus()
        return False

    def writing_of(self) -> Callable[[], object]:
        """Return the writing of the correction."""
        desk, lot, found, note = self.page.desk, self.lot.id, self.counted.value or 0, self.note.text
        pieces, grams = (found, 0) if self.by_piece else (0, found)
        return lambda: receive.correct_lot(desk, lot, counted_pieces=pieces, counted_grams=grams, note=note)

    def done_words(self) -> str:
        """Return what the lot holds now, empty where it held it already."""
        found = self.counted.value or 0
        if found == (self.lot.pieces if self.by_piece else self.lot.grams):
            return ""
        return _("Stock corrigé : {amount}, {article}.").format(
            amount=wording.quantity(self.lot.sold_by, found, found), article=self.lot.article
        )
