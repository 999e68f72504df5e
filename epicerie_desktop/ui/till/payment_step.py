"""Closing a basket: the amount to pay in large figures, what is handed over, the change; then the ticket's number."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.domain.units import parse_cents
from epicerie_desktop.services.till.sell import PaymentForm, Receipt
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.till.parts import button, figures, is_large_text, label
from epicerie_desktop.ui.till.step import Step


class PaymentStep(Step):
    """Asks the cash handed over; an empty line is the exact amount, and nothing to pay asks nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._due = 0
        self._due_words = label("section", _("À payer"), wrap=False)
        self.due = label("display", wrap=False, right=True)
        self._change_words = label("section", _("À rendre"), wrap=False)
        self.change = label("display", wrap=False, right=True)
        super().__init__(_("Encaisser"), _("Enregistrer le ticket"), _("Retour"), parent)

    def _lay_out(self) -> None:
        self.body.addLayout(figures((self._due_words, self.due), (self._change_words, self.change)))
        self.body.addWidget(self.hint)
        self.body.addLayout(self.answer_row())
        self.body.addWidget(self.trouble)

    def ask(self, basket: Basket) -> None:
        """Ask for the payment of `basket`."""
        self._due = basket.paid_cents
        self.due.setText(shown.money(self._due))
        if self._due:
            self.hint.setText(_("Tapez ce que la famille remet. Laissez vide si le compte est juste."))
            self.line.setPlaceholderText(_("le compte juste"))
        else:
            self.hint.setText(_("Rien à payer : Entrée enregistre le ticket."))
            self.line.setPlaceholderText(_("rien à payer"))
        self.begin()
        self._show_change()

    def answer(self, typed: str) -> PaymentForm:
        """Return the payment. Raises `BadInput`: not an amount (a scanned code), or too little."""
        tendered = parse_cents(typed) if typed else self._due
        if tendered < self._due:
            raise BadInput(
                N_("Il manque {missing} : la famille remet {tendered} pour {due}."),
                missing=shown.money(self._due - tendered), tendered=shown.money(tendered), due=shown.money(self._due),
            )  # fmt: skip
        return PaymentForm(tendered)

    @Slot()
    def _on_edited(self) -> None:
        super()._on_edited()
        self._show_change()

    def _show_change(self) -> None:
        typed = self.line.text().strip()
        try:
            tendered = parse_cents(typed) if typed else self._due
        except RuleRefused:
            tendered = self._due
        change = max(0, tendered - self._due)
        for widget in (self._change_words, self.change):
            widget.setVisible(bool(change))
        self.change.setText(shown.money(change))


class DoneStep(Step):
    """Says that the ticket is durable; the line takes the next card, Enter alone goes back to the counter."""

    print_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.print = button(_("Imprimer") if is_large_text() else _("Imprimer le ticket"), "F7", icon="printer")
        self._sale = 0
        self._change_words = label("section", _("À rendre"), wrap=False)
        self.change = label("display", wrap=False, right=True)
        super().__init__(_("Ticket enregistré"), _("Foyer suivant"), _("Accueil"), parent)
        self.back.hide()
        self.line.setPlaceholderText(_("carte suivante"))
        self.print.clicked.connect(self._on_print)
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_F7), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._on_print)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.title)
        words.addWidget(self.hint)
        head = QVBoxLayout() if is_large_text() else QHBoxLayout()
        head.setSpacing(4 if is_large_text() else 16)
        head.addLayout(words, 1)
        money = QHBoxLayout()
        money.setSpacing(16)
        money.addWidget(self._change_words)
        money.addWidget(self.change, 0, Qt.AlignmentFlag.AlignLeft)
        money.addStretch(1 if is_large_text() else 0)
        head.addLayout(money)
        self.body.addLayout(head)
        self.body.addLayout(self.answer_row(self.print))
        self.body.addWidget(self.trouble)

    def show_receipt(self, receipt: Receipt) -> None:
        """Show what was booked."""
        self._sale = receipt.sale
        again = (
            _("Ce ticket était déjà enregistré : n° {number}") if receipt.again else _("Ticket n° {number} enregistré")
        )
        self.title.setText(again.format(number=receipt.number))
        paid = _("{kilos}, {value} en rayon, {paid} payés.").format(
            kilos=shown.kilos(receipt.grams),
            value=shown.money(receipt.shelf_cents),
            paid=shown.money(receipt.paid_cents),
        )
        self.hint.setText(paid)
        self.change.setText(shown.money(receipt.change_cents))
        for widget in (self._change_words, self.change):
            widget.setVisible(bool(receipt.change_cents))
        self.begin()

    def tell_kindly(self, sentence: str) -> None:
        """Add a word to the ticket's figures, where there is one to say."""
        if sentence:
            self.hint.setText(f"{self.hint.text()} {sentence}")

    def say(self, sentence: str) -> None:
        """Say what was just done with the ticket, in the place of its figures."""
        self.tell("")
        self.hint.setText(sentence)

    def answer(self, typed: str) -> Any:
        """Return what was typed or scanned for the next household, perhaps nothing."""
        return typed

    @Slot()
    def _on_print(self) -> None:
        self.print_asked.emit(self._sale)
