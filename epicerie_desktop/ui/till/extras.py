"""What a shop may switch on beside the ordinary sale: the second window, parcels by size, the last visit, orders prepared ahead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QDialog, QRadioButton, QVBoxLayout, QWidget

from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.domain.parcel_types import ParcelSize, Proposed, Wanted, filled, proposed, size_for
from epicerie_desktop.domain.payments import Paying
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import Features, features_of
from epicerie_desktop.services.till import orders, parcels
from epicerie_desktop.services.till.means import TillMoney, till_money
from epicerie_desktop.services.till.parcels import ParcelTypeForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.till.fair_share import FairShare
from epicerie_desktop.ui.till.parts import button
from epicerie_desktop.ui.till.questions import read_pack_date
from epicerie_desktop.ui.till.second_window import SecondWindow

if TYPE_CHECKING:
    from epicerie_desktop.ui.till.screen import TillScreen

_Read = tuple[Features, tuple[ParcelTypeForm, ...]]


class GesturesDialog(QuestionDialog):
    """Offers a few gestures, chosen with the arrows."""

    def __init__(self, parent: QWidget, words: Sequence[str], title: str = "") -> None:
        super().__init__(parent, title or _("Plus de gestes"), "", _("Choisir"), _("Revenir"))
        self._group = QButtonGroup(self)
        for i, text in enumerate(words):
            choice = QRadioButton(text)
            self._group.addButton(choice, i)
            self.body.addWidget(choice)
        self._group.button(0).setChecked(True)
        self._group.button(0).setFocus()

    @property
    def chosen(self) -> int:
        """Return the rank of the gesture chosen."""
        return self._group.checkedId()


class OrderDialog(QuestionDialog):
    """Asks for which day the basket is put aside."""

    def __init__(self, till: TillScreen, today: date) -> None:
        super().__init__(
            till, _("Préparer pour un autre jour"),
            _("Le panier attend le foyer ce jour-là ; il se reprend à l'accueil. Rien n'est payé ni sorti du stock avant."),
            _("Mettre de côté"), _("Revenir"),
        )  # fmt: skip
        self._today = today
        self.day_field = FieldFrame(self)
        self.day_field.line.setText(shown.day(today))
        self.notice = Notice("warn")
        self.body.addWidget(FormRow(_("Jour"), self.day_field, _("jour/mois, par exemple 25/11")))
        self.body.addWidget(self.notice)
        self.notice.hide()
        self.day_field.line.selectAll()
        self.day_field.line.setFocus()
        self.day = today

    def may_accept(self) -> bool:
        """Return whether the day is one to come; tell it otherwise."""
        try:
            self.day = read_pack_date(self.day_field.line.text(), self._today)
        except RuleRefused as refusal:
            self.notice.tell("warn", trouble.sentence(refusal))
            return False
        if self.day < self._today:
            self.notice.tell("warn", _("Ce jour est passé : choisissez aujourd'hui ou un jour à venir."))
            return False
        return True


class ParcelDialog(QuestionDialog):
    """Asks for the name of the parcel type that the basket becomes, and from how many persons."""

    def __init__(self, till: TillScreen, persons: int) -> None:
        super().__init__(
            till, _("Faire de ce panier un colis type"),
            _("Un même nom avec un autre nombre de personnes ajoute une taille au colis."), _("Enregistrer"), _("Revenir"),
        )  # fmt: skip
        self.name_field, self.persons_field = FieldFrame(self), FieldFrame(self)
        self.persons_field.line.setText(str(max(persons, 1)))
        self.notice = Notice("warn")
        self.body.addWidget(FormRow(_("Nom du colis"), self.name_field))
        self.body.addWidget(FormRow(_("À partir de combien de personnes"), self.persons_field))
        self.body.addWidget(self.notice)
        self.notice.hide()
        self.name_field.line.setFocus()

    @property
    def persons(self) -> int:
        """Return the number typed, 0 where it is none."""
        typed = self.persons_field.line.text().strip()
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else 0

    def may_accept(self) -> bool:
        """Return whether both are typed; tell it otherwise."""
        if self.name_field.line.text().strip() and self.persons:
            return True
        self.notice.tell("warn", _("Donnez un nom au colis et un nombre de personnes, de 1 à 99."))
        return False


class Extras(QObject):
    """One button of the side pane, hidden while nothing is switched on; nothing more is read then."""

    def __init__(self, till: TillScreen) -> None:
        super().__init__(till)
        self._till = till
        self.uses = Features()
        self.parcels: tuple[ParcelTypeForm, ...] = ()
        self.second: SecondWindow | None = None
        self.fair_share = FairShare(till)
        self.money = TillMoney()
        self.button = button(_("Plus de gestes"), "F3")
        inside = till.side.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.insertWidget(inside.indexOf(till.side.hold_button), self.button)
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_F3), till)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(self.open_menu)
        self.button.clicked.connect(self.open_menu)
        self.button.hide()
        self.read()

    def read(self) -> None:
        """Read what is switched on, and the parcel types where they are."""
        self._till.ask(partial(_read, self._till.desk), self._learn, key="extras")

    def read_balance(self) -> None:
        """Read what the household has ahead or owes and may come to owe, where the shop keeps it; nothing is read otherwise."""
        visit = self._till.visit
        if visit is not None and (self.uses.purse or self.uses.slate):
            self._till.ask(partial(till_money, self._till.desk, visit.household), self._show_money, key="balance")
        else:
            self._show_money(TillMoney())

    def _show_money(self, money: TillMoney) -> None:
        self.money = money
        self._till.side.show_balance(money.balance_cents)

    def show_paying(self, paying: Paying) -> None:
        """Show the household what is left of its ticket, where a second window is open."""
        if self.second is not None:
            self.second.show_paying(paying)

    def _learn(self, read: _Read) -> None:
        self.uses, self.parcels = read
        self.fair_share.switch(on=self.uses.fair_share)
        self.button.setVisible(self.uses.parcel_types or self.uses.orders or self.uses.last_visit)
        if self.uses.second_window and self.second is None:
            self.second = SecondWindow(self._till, self._till.desk.shop.name)
            self.second.show_on_its_screen()
            self._till.window().installEventFilter(self)
            # The keyboard stays with the volunteer: nobody types in the household's window.
            self._till.window().activateWindow()
        elif not self.uses.second_window and self.second is not None:
            self.second.close()
            self.second.deleteLater()
            self.second = None
        self.show_basket(self._till.basket)
        self.read_balance()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Put the household's window away with the till's own."""
        if event.type() == QEvent.Type.Hide and not event.spontaneous() and self.second is not None:
            self.second.close()
        return super().eventFilter(watched, event)

    def show_basket(self, basket: Basket | None) -> None:
        """Show the household its basket, where a second window is open."""
        if self.second is not None:
            self.second.show_basket(basket)

    @Slot()
    def open_menu(self) -> None:
        """Offer what may be done now with the basket, to be chosen by the arrows."""
        till = self._till
        if self.button.isHidden() or till.step is not till.entry or till.basket is None or till.visit is None:
            return
        offered = self._offered()
        if not offered:
            till.entry.tell(_("Aucun geste ne s'applique à ce panier."))
            return
        dialog = GesturesDialog(till, [words for words, _gesture in offered])
        chosen = dialog.chosen if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        till.first_line_focus()
        if chosen is not None:
            offered[chosen][1]()

    def _offered(self) -> list[tuple[str, Callable[[], None]]]:
        """Return what may be done now, each with its words."""
        lines = bool(self._till.basket and self._till.basket.lines)
        offered: list[tuple[str, Callable[[], None]]] = []
        if self.uses.parcel_types:
            offered += [
                (_("Ajouter « {parcel} »").format(parcel=kind.name), partial(self.add_parcel, kind))
                for kind in self.parcels
            ]
        if self.uses.last_visit:
            offered.append((_("Reprendre les articles de la dernière visite"), self._ask_last))
        if self.uses.orders and lines:
            offered.append((_("Préparer ce panier pour un autre jour"), self._ask_order))
        if self.uses.parcel_types and lines:
            offered.append((_("Faire de ce panier un colis type"), self._ask_parcel))
        return offered

    def add_parcel(self, kind: ParcelTypeForm) -> None:
        """Add what a household of this size is given, in one gesture that « Défaire » undoes whole."""
        visit = self._till.visit
        if visit is not None:
            # The bags lie there, made ready: the book may say what it wants.
            self._add(proposed(size_for(kind.sizes, visit.persons), self._asked()))

    def _ask_last(self) -> None:
        visit = self._till.visit
        if visit is not None:
            self._till.ask(partial(orders.last_taken, self._till.desk, visit.household), self._add_last, key="last")

    def _asked(self) -> set[int]:
        till = self._till
        return {o.id for o in till.entry.prices.offers.values() if till.checks.asks_about(o)}

    def _add_last(self, wanted: tuple[Wanted, ...]) -> None:
        day = self._till.desk.clock.today()
        lots = self._till.entry.prices.stock.lots
        held = {a: sum(max(0, n.quantity) for n in found if not n.expired_on(day)) for a, found in lots.items()}
        self._add(proposed(wanted, self._asked(), held))

    def _left_out(self, found: Proposed) -> list[str]:
        """Return what was left out or cut down, a sentence a reason."""
        offers = self._till.entry.prices.offers
        told = (
            (_("Plus en stock : {names}."), found.missing),
            (_("Moins que demandé, faute de stock : {names}."), found.fewer),
            (_("À ajouter un par un, car une question se pose : {names}."), found.asked),
        )
        return [
            template.format(names=", ".join(offers[a].name for a in articles if a in offers))
            for template, articles in told
            if any(a in offers for a in articles)
        ]

    def _add(self, found: Proposed) -> None:
        till, wanted = self._till, found.wanted
        if till.basket is None:
            return
        if not wanted and (left := self._left_out(found)):
            till.entry.tell(" ".join((_("Rien n'a été ajouté."), *left)))
            return
        if not wanted:
            till.entry.tell(_("Il n'y a rien à reprendre : ce qui se pèse se pèse de nouveau."))
            return
        try:
            basket, left_out = filled(till.basket, wanted, till.entry.prices.offers)
            basket = till.account.priced(basket)
        except RuleRefused as refusal:
            till.entry.tell(trouble.sentence(refusal))
            return
        till.take(basket, len(basket.lines) - 1)
        told = [_("Ajouté d'un seul geste. F8 défait tout."), *self._left_out(found)]
        if left_out:
            told.append(
                ngettext(
                    "{n} article n'est plus en liste : il n'a pas été ajouté.",
                    "{n} articles ne sont plus en liste : ils n'ont pas été ajoutés.",
                    len(left_out),
                ).format(n=len(left_out))
            )
        till.pane.tell(" ".join(told))
        till.first_line_focus()

    def _ask_order(self) -> None:
        till = self._till
        if till.visit is None or till.basket is None:
            return
        dialog = OrderDialog(till, till.desk.clock.today())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            job = partial(orders.prepare_order, till.desk, till.visit.household, dialog.day, till.basket)
            till.act(job, self._on_ordered)
        dialog.deleteLater()

    def _on_ordered(self, _order: int) -> None:
        self._till.forget()
        self._till.go("counter", fresh=True)

    def _ask_parcel(self) -> None:
        till = self._till
        if till.visit is None or till.basket is None:
            return
        dialog = ParcelDialog(till, till.visit.persons)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            form = self._form(dialog.name_field.line.text().strip(), dialog.persons, till.basket)
            till.act(partial(parcels.save_parcel_type, till.desk, form), self._on_parcel)
        dialog.deleteLater()

    def _form(self, name: str, persons: int, basket: Basket) -> ParcelTypeForm:
        pieces: dict[int, int] = {}
        for line in basket.lines:
            pieces[line.article] = pieces.get(line.article, 0) + (line.pieces or line.grams)
        size = ParcelSize(persons, tuple(Wanted(a, q) for a, q in pieces.items()))
        known = next((k for k in self.parcels if k.name.casefold() == name.casefold()), None)
        if known is None:
            return ParcelTypeForm(name, (size,))
        sizes = (*(s for s in known.sizes if s.persons != persons), size)
        return ParcelTypeForm(known.name, sizes, True, known.id, known.version)

    def _on_parcel(self, _parcel: int) -> None:
        self._till.pane.tell(_("Le colis type est enregistré : F3 l'ajoutera à un panier."))
        self.read()
        self._till.first_line_focus()


def _read(desk: Desk) -> _Read:
    uses = features_of(desk)
    return uses, parcels.list_parcel_types(desk) if uses.parcel_types else ()
