"""Paying with several means: what is left in large, one key a means, Escape takes the last part back into the line."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.payments import REFERENCED, Part, Paying, PaymentKind
from epicerie_desktop.domain.units import parse_cents
from epicerie_desktop.services.features import Features
from epicerie_desktop.services.till.means import TillMoney
from epicerie_desktop.services.till.sell import PaymentForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.till.parts import button, figures, is_large_text, label
from epicerie_desktop.ui.till.step import Step

_KEYS = {
    PaymentKind.CHEQUE: (Qt.Key.Key_F2, "F2"),
    PaymentKind.CARD: (Qt.Key.Key_F4, "F4"),
    PaymentKind.VOUCHER: (Qt.Key.Key_F5, "F5"),
    PaymentKind.PURSE: (Qt.Key.Key_F7, "F7"),
    PaymentKind.SLATE: (Qt.Key.Key_F9, "F9"),
}
_BUTTONS = {
    PaymentKind.CHEQUE: N_("Chèque"),
    PaymentKind.CARD: N_("Carte"),
    PaymentKind.VOUCHER: N_("Bon"),
    PaymentKind.PURSE: N_("D'avance"),
    PaymentKind.SLATE: N_("Plus tard"),
}
_REFERENCES = {
    PaymentKind.CHEQUE: N_("Chèque de {amount} : son numéro et sa banque, si vous les notez."),
    PaymentKind.VOUCHER: N_("Bon de {amount} : qui l'a donné et son numéro, si vous les notez."),
}


def used_kinds(uses: Features, money: TillMoney) -> frozenset[PaymentKind]:
    """Return the means other than cash that a shop takes, and may: a régie lets nobody pay later unless its act says so."""
    found = {
        PaymentKind.CHEQUE: uses.means,
        PaymentKind.CARD: uses.means,
        PaymentKind.VOUCHER: uses.vouchers,
        PaymentKind.PURSE: uses.purse,
        PaymentKind.SLATE: money.slate,
    }
    return frozenset(kind for kind, used in found.items() if used)


class MixedPaymentStep(Step):
    """Asks the parts of a payment one after the other. Enter is cash; `moved` tells each change, as a `Paying`."""

    moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.paying = Paying(0)
        self._kinds: frozenset[PaymentKind] = frozenset()
        self._basket = ""
        self._waiting: Part | None = None
        self._rest_words = label("section", wrap=False)
        self.rest = label("display", wrap=False, right=True)
        self._due_words = label("soft", _("À payer"), wrap=False)
        self.due = label("section", wrap=False, right=True)
        self._change_words = label("section", _("À rendre"), wrap=False)
        self.change = label("display", wrap=False, right=True)
        self.parts = label("strong")
        self.buttons = {kind: button(_(words), _KEYS[kind][1]) for kind, words in _BUTTONS.items()}
        super().__init__(_("Encaisser"), _("Espèces"), _("Retour"), parent)
        for kind, made in self.buttons.items():
            made.clicked.connect(partial(self.take, kind))
            shortcut = QShortcut(QKeySequence(_KEYS[kind][0]), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(partial(self.take, kind))

    def _lay_out(self) -> None:
        total = QHBoxLayout()
        total.addWidget(self._due_words)
        total.addWidget(self.due)
        total.addSpacing(24)
        total.addWidget(self.parts, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        for made in (Wrapped(*self.buttons.values()),) if is_large_text() else self.buttons.values():
            row.addWidget(made)
        if not is_large_text():
            row.addStretch(1)
        self.body.addLayout(figures((self._rest_words, self.rest), (self._change_words, self.change)))
        self.body.addLayout(total)
        self.body.addWidget(self.hint)
        self.body.addLayout(self.answer_row())
        self.body.addLayout(row)
        self.body.addWidget(self.trouble)

    def ask(self, basket: Basket, kinds: frozenset[PaymentKind], money: TillMoney) -> None:
        """Ask for the payment of `basket`; asked again for the same basket, the parts already given stay."""
        again = basket.uid == self._basket
        kept = self.paying.parts if again else ()
        self._basket, self._kinds, self._waiting = basket.uid, kinds, None
        self.paying = Paying(basket.paid_cents, max(0, money.balance_cents), owing_cents=money.owing_cents)
        for part in kept:
            if part.kind is PaymentKind.CASH or part.cents <= self.paying.most_cents(part.kind):
                self.paying = self.paying.paid(part)
        self.begin()
        self._show()

    def answer(self, typed: str) -> PaymentForm | None:
        """Return the payment once nothing is left, None while some is. Raises `BadInput` for what is no amount."""
        if self._waiting is not None:
            self._add(Part(self._waiting.kind, self._waiting.cents, typed))
            return None
        if self.paying.left_cents:
            cents = parse_cents(typed) if typed else self.paying.left_cents
            self._add(Part(PaymentKind.CASH, cents))
        elif typed:
            raise BadInput(N_("Le compte y est déjà : Entrée enregistre le ticket, Échap reprend le dernier moyen."))
        if self.paying.left_cents:
            return None
        return PaymentForm(self.paying.tendered_cents, self.paying.others)

    def take(self, kind: PaymentKind) -> None:
        """Take the amount typed, or all it can of what is left, by this means; a cheque or a voucher then asks for its number."""
        if kind not in self._kinds or not self.confirm.isEnabled() or self._waiting is not None:
            return
        part = self.understood(lambda: self._part_by(kind, self.line.text().strip()))
        if part is None:
            return
        if kind in REFERENCED:
            self._waiting = part
            self.line.clear()
            self._show()
        else:
            self._add(part)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _part_by(self, kind: PaymentKind, typed: str) -> Part:
        """Return the part typed by a means, all it can take where nothing is. Raises `BadInput`."""
        if not self.paying.left_cents:
            raise BadInput(N_("Le compte y est déjà : Entrée enregistre le ticket, Échap reprend le dernier moyen."))
        part = Part(kind, parse_cents(typed) if typed else self.paying.most_cents(kind))
        if kind is PaymentKind.PURSE and not self.paying.most_cents(kind):
            raise BadInput(N_("Ce foyer n'a rien d'avance : choisissez un autre moyen."))
        if kind is PaymentKind.SLATE and not self.paying.most_cents(kind):
            raise BadInput(N_("Ce foyer ne peut rien laisser de plus à payer : choisissez un autre moyen."))
        self.paying.paid(part)
        return part

    def _add(self, part: Part) -> None:
        self.paying = self.paying.paid(part)
        self._waiting = None
        self.line.clear()
        self._show()

    @Slot()
    def go_back(self) -> None:
        """Take back the number asked, else the last part, whose amount comes back into the line; else leave."""
        if not self.confirm.isEnabled():
            return
        if self._waiting is not None:
            back, self._waiting = self._waiting, None
        elif self.paying.parts:
            back, self.paying = self.paying.parts[-1], self.paying.without_last()
        else:
            self.left.emit()
            return
        self.tell("")
        self._show()
        self.line.setText(shown.plain_money(back.cents))
        self.line.selectAll()
        self._on_edited()

    @Slot()
    def _on_edited(self) -> None:
        super()._on_edited()
        self._show_figures()

    def _show(self) -> None:
        paying = self.paying
        self.due.setText(shown.money(paying.due_cents))
        self.parts.setText("   ·   ".join(map(_part, paying.parts)))
        for widget in (self._due_words, self.due, self.parts):
            widget.setVisible(bool(paying.parts))
        self._rest_words.setText(_("Reste à payer") if paying.parts else _("À payer"))
        self._rest_words.setMinimumWidth(self._rest_words.sizeHint().width())
        if self._waiting is not None:
            self.hint.setText(_(_REFERENCES[self._waiting.kind]).format(amount=shown.money(self._waiting.cents)))
            self.line.setPlaceholderText(_("facultatif"))
        elif paying.left_cents:
            self.hint.setText(
                _("Tapez un montant, puis son moyen : Entrée pour des espèces. Vide, c'est tout le reste.")
            )
            self.line.setPlaceholderText(_("le reste : {left}").format(left=shown.money(paying.left_cents)))
        else:
            self.hint.setText(_("Le compte y est : Entrée enregistre le ticket. Échap reprend le dernier moyen."))
            self.line.setPlaceholderText("")
        if not paying.due_cents:
            self.hint.setText(_("Rien à payer : Entrée enregistre le ticket."))
        open_ = self._waiting is None and bool(paying.left_cents)
        for kind, made in self.buttons.items():
            made.setVisible(kind in self._kinds)
            made.setEnabled(open_ and bool(paying.most_cents(kind)))
        if self._waiting is not None:
            self.confirm.set_text(_("Continuer"))
        else:
            self.confirm.set_text(_("Espèces") if paying.left_cents else _("Enregistrer le ticket"))
        self._show_figures()
        self.moved.emit(paying)

    def _show_figures(self) -> None:
        """Show what is left, and the change that the cash now typed would give."""
        change = self.paying.change_cents
        typed = self.line.text().strip()
        if typed and self.paying.left_cents and self._waiting is None:
            try:
                change = max(0, parse_cents(typed) - self.paying.left_cents)
            except RuleRefused:
                change = 0
        self.rest.setText(shown.money(self.paying.left_cents))
        for widget in (self._change_words, self.change):
            widget.setVisible(bool(change))
        self.change.setText(shown.money(change))


def _part(part: Part) -> str:
    name = f"{called(part.kind)} ({part.reference})" if part.reference else called(part.kind)
    return _("{means} : {amount}").format(means=name, amount=shown.money(part.cents))
