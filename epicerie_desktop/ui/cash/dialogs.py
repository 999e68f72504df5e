"""The two questions of the drawer: cash that moves without a ticket, and the count that shuts it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox

from epicerie_desktop.domain.cash import CashMoveKind, taken_from
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.queries.drawer import DrawerView
from epicerie_desktop.services.till.drawer import CountForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.cash.coins import CoinGrid
from epicerie_desktop.ui.common.fields import FieldFrame, MoneyField
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.tabbed import TabbedPage
from epicerie_desktop.ui.writing_dialog import WritingDialog

_MOVES = (CashMoveKind.FLOAT, CashMoveKind.SPENT, CashMoveKind.DEPOSIT)


class MoveDialog(WritingDialog):
    """How much enters or leaves, and why."""

    def __init__(self, page: TabbedPage, drawer: DrawerView, write: Callable[[CashMoveKind, int, str], object]) -> None:
        super().__init__(
            page,
            _("Espèces sans ticket"),
            _("Ce qui entre dans la caisse ou en sort sans qu'un foyer paie."),
            _("Noter"),
        )
        self._write = write
        self.kind = QComboBox()
        for kind in (k for k in _MOVES if drawer.may_spend or k is not CashMoveKind.SPENT):
            self.kind.addItem(called(kind), kind)
        self.amount, self.note = MoneyField(required=True), FieldFrame()
        self.body.addWidget(FormRow(_("Nature"), self.kind))
        self.body.addWidget(FormRow(_("Montant"), self.amount))
        self.body.addWidget(FormRow(_("Précision"), self.note))
        self.body.addWidget(self.notice)
        self.amount.submitted.connect(self.note.setFocus)
        self.kind.setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the writing of what was typed, None where a field is wrong."""
        if not self.amount.check() or self.amount.value is None:
            self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        kind, cents, note = CashMoveKind(self.kind.currentData()), self.amount.value, self.note.text
        return lambda: self._write(kind, cents, note)


class CountDialog(WritingDialog):
    """What is in the drawer, coin by coin or in one sum; the difference is told as it is typed, and asks for a reason."""

    def __init__(self, page: TabbedPage, drawer: DrawerView, write: Callable[[CountForm, bool], object]) -> None:
        super().__init__(page, _("Compter la caisse"), "", _("Fermer la caisse"))
        self._write, self._drawer = write, drawer
        self.setMinimumWidth(720)
        self.sum = MoneyField(required=True)
        self.grid = CoinGrid() if drawer.uses.denominations else None
        self.coins = self.grid.fields if self.grid is not None else {}
        if self.grid is not None:
            self.body.addWidget(self.grid)
            self.grid.changed.connect(self._on_counted)
        else:
            self.body.addWidget(FormRow(_("Somme comptée"), self.sum))
            self.sum.changed.connect(self._on_counted)
            self.sum.submitted.connect(self.focusNextChild)
        self.told, self.taken = label("", "strong"), label("", "soft")
        self.reason, self.deposit, self.note = FieldFrame(), MoneyField(), FieldFrame()
        self.reason_row = FormRow(_("D'où vient l'écart, en quelques mots"), self.reason)
        self.note.line.setText(drawer.note_begun)
        self.go_on = QCheckBox(_("Une autre équipe continue avec ce qui reste"))
        self.body.addWidget(self.told)
        self.body.addWidget(self.reason_row)
        self.body.addLayout(
            row(FormRow(_("Porté à la banque"), self.deposit), FormRow(_("Mot pour l'équipe suivante"), self.note))
        )
        self.body.addWidget(self.taken)
        self.body.addWidget(self.go_on)
        self.body.addWidget(self.notice)
        self.deposit.changed.connect(self._on_counted)
        self._on_counted()
        (next(iter(self.coins.values())) if self.coins else self.sum).setFocus()

    @property
    def counts(self) -> dict[int, int]:
        """Return how many of each coin and note were typed."""
        return self.grid.counts if self.grid is not None else {}

    @property
    def counted(self) -> int | None:
        """Return what was counted, in cents, None while nothing is."""
        return self.grid.cents if self.grid is not None else self.sum.value

    @Slot()
    def _on_counted(self) -> None:
        counted, expected = self.counted, self._drawer.expected_cents
        difference = 0 if counted is None else counted - expected
        words = [_("La caisse doit contenir {amount}.").format(amount=shown.money(expected))]
        if self.coins:
            words.append(_("Compté : {amount}.").format(amount=shown.money(counted or 0)))
        if counted is not None and difference:
            told = _("Il y a {amount} de trop.") if difference > 0 else _("Il manque {amount}.")
            words.append(told.format(amount=shown.money(abs(difference))))
        self.told.setText(" ".join(words))
        self.reason_row.setVisible(counted is not None and bool(difference))
        self._propose()

    def _propose(self) -> None:
        """Say which coins and notes make what goes to the bank: its slip will say the same."""
        cents = self.deposit.value or 0
        found = taken_from(self.counts, cents) if self.coins and cents else {}
        said = ""
        if found:
            some = ", ".join(
                _("{count} × {price}").format(count=many, price=shown.money(value)) for value, many in found.items()
            )
            said = _("À prendre pour la banque : {coins}.").format(coins=some)
        elif found is None:
            said = _("Ces pièces et ces billets ne font pas cette somme juste : le bordereau se remplira à la main.")
        self.taken.setText(said)
        self.taken.setVisible(bool(said))

    def service(self) -> Callable[[], object] | None:
        """Return the writing of what was typed, None where a field is wrong."""
        fields = [*self.coins.values()] if self.coins else [self.sum]
        wrong = next((f for f in (*fields, self.deposit) if not f.check()), None)
        if wrong is not None or self.counted is None:
            (wrong or self.sum).setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        form = CountForm(self.counted, self.counts, self.reason.text, self.note.text, self.deposit.value or 0)
        if self.reason_row.isVisibleTo(self) and not self.reason.text:
            self.reason.show_error(_("Recomptez, ou dites en quelques mots ce qui a pu se passer."))
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        go_on = self.go_on.isChecked()
        return lambda: self._write(form, go_on)
