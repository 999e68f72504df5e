"""On the counter, where they are switched on: baskets at the other posts, orders that wait, the emergency parcel."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import Features, features_of
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.support.late import late
from epicerie_desktop.ui.common.dialogs import QuestionDialog, ReasonDialog, ask_confirm
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.till.parts import Tinted, button, label

if TYPE_CHECKING:
    from epicerie_desktop.services.queries import collectors
    from epicerie_desktop.services.queries.collectors import Collector
    from epicerie_desktop.services.till import hand_over, orders, parcels
    from epicerie_desktop.services.till.hand_over import BasketElsewhere
    from epicerie_desktop.services.till.orders import OrderRow
    from epicerie_desktop.services.till.parcels import EmergencyRow, ParcelTypeForm
    from epicerie_desktop.ui.counter.screen import CounterScreen
    from epicerie_desktop.ui.till import extras, wording
else:
    collectors = late("epicerie_desktop.services.queries.collectors")
    hand_over = late("epicerie_desktop.services.till.hand_over")
    orders = late("epicerie_desktop.services.till.orders")
    parcels = late("epicerie_desktop.services.till.parcels")
    extras = late("epicerie_desktop.ui.till.extras")
    wording = late("epicerie_desktop.ui.till.wording")

_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is read of a day: nothing of what is not switched on."""

    uses: Features
    elsewhere: tuple[BasketElsewhere, ...] = ()
    orders: tuple[OrderRow, ...] = ()
    emergencies: tuple[EmergencyRow, ...] = ()
    parcels: tuple[ParcelTypeForm, ...] = ()


def read_ahead(desk: Desk) -> Ahead:
    """Return what is switched on and waits."""
    uses = features_of(desk)
    return Ahead(
        uses,
        hand_over.baskets_elsewhere(desk) if uses.several_posts else (),
        orders.waiting_orders(desk, until=desk.clock.today()) if uses.orders else (),
        parcels.emergencies_of_day(desk) if uses.emergency else (),
        parcels.list_parcel_types(desk) if uses.emergency else (),
    )


class EmergencyDialog(QuestionDialog):
    """Asks for how many persons, and which parcel. No name."""

    def __init__(self, parent: QWidget, kinds: tuple[ParcelTypeForm, ...]) -> None:
        super().__init__(
            parent, _("Colis d'urgence"),
            _("Aucun dossier, aucun nom, rien à payer. Le colis sort du stock et se compte à part."),
            _("Remettre le colis"), _("Revenir"),
        )  # fmt: skip
        self.persons_field = FieldFrame(self)
        self.persons_field.line.setText("1")
        self.kind = QComboBox(self)
        for kind in kinds:
            self.kind.addItem(kind.name, kind.id)
        self.notice = Notice("warn")
        self.body.addWidget(FormRow(_("Pour combien de personnes"), self.persons_field))
        self.body.addWidget(FormRow(_("Colis"), self.kind))
        self.body.addWidget(self.notice)
        self.notice.hide()
        self.persons_field.line.selectAll()
        self.persons_field.line.setFocus()

    @property
    def persons(self) -> int:
        """Return the number typed, 0 where it is none."""
        typed = self.persons_field.line.text().strip()
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else 0

    def may_accept(self) -> bool:
        """Return whether a number of persons is typed; tell it otherwise."""
        if 0 < self.persons <= parcels.MOST_PERSONS:
            return True
        self.notice.tell("warn", _("Tapez un nombre de personnes, de 1 à {most}.").format(most=parcels.MOST_PERSONS))
        return False


class WaitingRow(Tinted):
    """Something that waits, with what may be done of it."""

    def __init__(self, words: str, note: str, *gestures: tuple[str, str, Callable[[], None]]) -> None:
        super().__init__("info_tint")
        self.words = words
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label("strong", words))
        texts.addWidget(label("soft", note))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        self.buttons = []
        for name, key, gesture in gestures:
            made = button(name, key)
            made.clicked.connect(gesture)
            self.buttons.append(made)
            row.addWidget(made)


class AheadPane(QObject):
    """Rows put above the day's baskets; the counter gives them their place and reads them with the day."""

    def __init__(self, screen: CounterScreen) -> None:
        super().__init__(screen)
        self._counter = screen
        self.uses = Features()
        self._kinds: tuple[ParcelTypeForm, ...] = ()
        self._given: tuple[EmergencyRow, ...] = ()
        self.box = QVBoxLayout()
        self.box.setSpacing(8)
        self.rows: list[WaitingRow] = []
        self.waiting: tuple[BasketElsewhere | OrderRow, ...] = ()
        """All that waits, shown or not."""
        self.more = label("soft")
        self.more.hide()
        self.box.addWidget(self.more)
        self.emergency_button = button(_("Colis d'urgence"), "Ctrl+U", icon="hand")
        self.emergency_button.clicked.connect(self.ask_emergency)
        self.emergency_button.hide()
        self.undo_button = button(_("Annuler le dernier colis"), icon="undo-2")
        self.undo_button.clicked.connect(self.ask_cancel)
        self.undo_button.hide()
        foot = QHBoxLayout()
        foot.addWidget(self.emergency_button)
        foot.addWidget(self.undo_button)
        foot.addStretch(1)
        self.box.addLayout(foot)
        self.collectors = label("base")

    def read(self) -> None:
        """Read what waits."""
        self._counter.ask(partial(read_ahead, self._counter.desk), self._show, key="ahead")

    def read_collectors(self, household: int) -> None:
        """Read who may collect for a household, where the shop wants it shown."""
        self.collectors.hide()
        if self.uses.collectors:
            self._counter.ask(
                partial(collectors.collectors, self._counter.desk, household), self._show_collectors, key="collectors"
            )

    def _show_collectors(self, found: tuple[Collector, ...]) -> None:
        self.collectors.setText("\n".join(map(_collector, found)))
        self.collectors.setVisible(bool(found))

    def _show(self, ahead: Ahead) -> None:
        self.uses, self._kinds, self._given = ahead.uses, ahead.parcels, ahead.emergencies
        today = self._counter.desk.clock.today()
        for old in self.rows:
            self.box.removeWidget(old)
            old.deleteLater()
        self.waiting = (*ahead.elsewhere, *ahead.orders)
        shown_now: tuple[BasketElsewhere | OrderRow, ...] = (
            *ahead.elsewhere[:_MOST_SHOWN],
            *ahead.orders[:_MOST_SHOWN],
        )
        self.rows = [self._row(waits, "Shift+F9" if not i else "", today) for i, waits in enumerate(shown_now)]
        left = len(self.waiting) - len(shown_now)
        self.more.setVisible(left > 0)
        self.more.setText(
            ngettext(
                "Et {n} autre en attente : Maj+F9 les montre tous.", "Et {n} autres en attente : Maj+F9 les montre tous.", left
            ).format(n=left)
        )  # fmt: skip
        for i, row in enumerate(self.rows):
            self.box.insertWidget(i, row)
        self.emergency_button.setVisible(ahead.uses.emergency)
        self.undo_button.setVisible(any(not e.cancelled for e in ahead.emergencies))

    def _row(self, waits: BasketElsewhere | OrderRow, key: str, today: date) -> WaitingRow:
        if isinstance(waits, hand_over.BasketElsewhere):
            note = _("n° {number} · {lines}, gardé {when}").format(
                number=waits.number, lines=wording.lines(waits.lines), when=wording.day_and_hour(waits.saved_at, today)
            )
            return WaitingRow(_words(waits), note, (_("Reprendre ici"), key, partial(self.take_over, waits)))
        note = _("n° {number} · {lines}, {day}").format(
            number=waits.number, lines=wording.lines(waits.lines), day=_day(waits.day, today)
        )
        drop, take = partial(self.drop_order, waits), partial(self.take_order, waits)
        return WaitingRow(_words(waits), note, (_("Abandonner"), "", drop), (_("Encaisser"), key, take))

    @Slot()
    def take_waiting(self) -> None:
        """Take what waits for the household shown, or the only thing that waits; where there are several, ask which."""
        visit = self._counter.card.visit
        offered = [w for w in self.waiting if visit is not None and w.household == visit.household] or self.waiting
        if not offered:
            return
        taken = offered[0] if len(offered) == 1 else self._asked(offered)
        if isinstance(taken, hand_over.BasketElsewhere):
            self.take_over(taken)
        elif taken is not None:
            self.take_order(taken)

    def _asked(self, offered: Sequence[BasketElsewhere | OrderRow]) -> BasketElsewhere | OrderRow | None:
        dialog = extras.GesturesDialog(self._counter, [_words(w) for w in offered], _("Que reprendre ?"))
        chosen = offered[dialog.chosen] if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        self._counter.give_back_focus()
        return chosen

    def take_over(self, held: BasketElsewhere) -> None:
        """Bring a basket from another post here, and open its till."""
        job = partial(hand_over.take_over, self._counter.desk, held.household, held.post)
        self._counter.act(job, lambda _none: self._counter.open_till(held.household))

    def take_order(self, order: OrderRow) -> None:
        """Make an order the basket in hand, and open its till."""
        self._counter.act(partial(orders.take_order, self._counter.desk, order.id), self._counter.open_till)

    def drop_order(self, order: OrderRow) -> None:
        """Give an order up, after asking."""
        if ask_confirm(
            self._counter, _("Abandonner cette commande ?"), _("Remettez en rayon ce qui était préparé. Rien n'est sorti du stock."),
            _("Abandonner la commande"), _("Garder la commande"), danger=True,
        ):  # fmt: skip
            self._counter.act(partial(orders.drop_order, self._counter.desk, order.id))
        self._counter.give_back_focus()

    @Slot()
    def ask_emergency(self) -> None:
        """Give an emergency parcel, after asking for how many persons."""
        if self.emergency_button.isHidden():
            return
        if not self._kinds:
            self._counter.tell(
                _(
                    "Aucun colis type n'est prêt : à la caisse, remplissez un panier, puis F3, « Faire de ce panier un colis type »."
                )
            )
            return
        dialog = EmergencyDialog(self._counter, self._kinds)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            kind = next(k for k in self._kinds if k.id == dialog.kind.currentData())
            # The identity is made once, here: a retry gives the same parcel.
            job = partial(_give, self._counter.desk, kind, dialog.persons, str(uuid.uuid4()))
            self._counter.act(job, self._on_given)
        dialog.deleteLater()
        self._counter.give_back_focus()

    def _on_given(self, left_out: int) -> None:
        words = _("Le colis d'urgence est enregistré. Rien n'est à payer.")
        if left_out:
            words += " " + ngettext(
                "{n} article du colis n'est plus vendu : remettez-le autrement.",
                "{n} articles du colis ne sont plus vendus : remettez-les autrement.",
                left_out,
            ).format(n=left_out)
        self._counter.tell(words)
        self.read()

    @Slot()
    def ask_cancel(self) -> None:
        """Cancel the last emergency parcel of the day, after asking why; it stays visible in the figures of nobody.

        One that may not be cancelled says so, and no reason is asked.
        """
        last = next((e for e in self._given if not e.cancelled), None)
        if last is not None:
            may = partial(parcels.check_emergency_cancel, self._counter.desk, last.id)
            self._counter.context.data.submit(
                self, may, lambda _none: self._ask_why(last.id), self._on_kept, key="cancel"
            )

    def _on_kept(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self._counter.tell(str(error))
        else:
            self._counter.on_trouble(error)

    def _ask_why(self, parcel: int) -> None:
        dialog = ReasonDialog(
            self._counter, _("Annuler le dernier colis d'urgence ?"), _("Les articles reviennent en stock."),
            _("Annuler le colis"), _("Revenir"),
        )  # fmt: skip
        if dialog.exec() == QDialog.DialogCode.Accepted:
            job = partial(parcels.cancel_emergency_parcel, self._counter.desk, parcel, dialog.reason)
            self._counter.act(job, self._on_cancelled)
        dialog.deleteLater()

    def _on_cancelled(self, _contrary: int) -> None:
        self._counter.tell(_("Le colis d'urgence est annulé : les articles sont revenus en stock."))
        self.read()


def _give(desk: Desk, kind: ParcelTypeForm, persons: int, uid: str) -> int:
    from epicerie_desktop.domain.basket import Basket
    from epicerie_desktop.domain.parcel_types import filled, size_for
    from epicerie_desktop.services.queries import counter

    offers = counter.price_list(desk).offers
    basket, left_out = filled(Basket(uid, 0), size_for(kind.sizes, persons), offers)
    parcels.give_emergency_parcel(desk, basket, persons)
    return len(left_out)


def _words(waits: BasketElsewhere | OrderRow) -> str:
    if isinstance(waits, orders.OrderRow):
        return _("Commande prête pour {name}").format(name=waits.name)
    return _("{name} a un panier en cours au poste « {post} »").format(name=waits.name, post=waits.post_name)


def _day(day: date, today: date) -> str:
    return _("pour aujourd'hui") if day == today else _("pour le {day}, toujours en attente").format(day=shown.day(day))


def _collector(found: Collector) -> str:
    if found.until is None:
        return _("Peut venir à sa place : {name}").format(name=found.name)
    template = (
        _("Procuration de {name} finie le {day} : voyez avec l'équipe.")
        if found.expired
        else _("Peut venir à sa place : {name}, jusqu'au {day}")
    )
    return template.format(name=found.name, day=shown.day(found.until))
