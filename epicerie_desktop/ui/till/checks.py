"""What is asked before an article is added: a « do not offer » tag that names it, a lot set aside, the bag for chilled goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.basket import ArticleOffer
from epicerie_desktop.domain.eligibility.terms import WithoutBag
from epicerie_desktop.domain.recalls import plain_lot
from epicerie_desktop.services.queries.held_back import HeldBack
from epicerie_desktop.services.stock.best_before import StaleLot, record_check
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.till.best_before import BestBeforeStep, Checked
from epicerie_desktop.ui.till.gestures import Pending
from epicerie_desktop.ui.till.step import Step

if TYPE_CHECKING:
    from epicerie_desktop.ui.till.screen import TillScreen


class YesNoStep(Step):
    """A question with two answers; what is scanned meanwhile is never taken for one."""

    def __init__(self, name: str, yes: str, no: str, parent: QWidget | None = None) -> None:
        super().__init__(name, yes, no, parent)
        self.line.setPlaceholderText(_("Entrée ou Échap"))

    def ask(self, title: str, hint: str) -> None:
        """Ask with these sentences."""
        self.title.setText(title)
        self.hint.setText(hint)
        self.begin()

    def answer(self, typed: str) -> bool:
        """Return yes. Raises `BadInput` where something was typed or scanned."""
        if typed:
            self.line.clear()
            raise BadInput(
                N_("Répondez d'abord à la question, par Entrée ou par Échap ; l'article suivant viendra après.")
            )
        return True


def aside_words(article: str, held: Sequence[HeldBack]) -> tuple[str, str]:
    """Return the question and the hint about an article whose lots are set aside: what to read on the pack."""
    packs = []
    for lot in held:
        told = [_("lot {code}").format(code=lot.lot)] if lot.lot else []
        told += [wording.limit(lot.date_kind, lot.limit_on)] if lot.limit_on is not None else []
        packs.append(", ".join(told) or _("sans numéro de lot"))
    return (
        _("« {article} » : un lot ne doit pas être remis. Lisez l'emballage.").format(article=article),
        _("Mis de côté : {packs}. Échap si c'est ce lot ; Entrée si l'emballage en porte un autre.").format(
            packs=" ; ".join(dict.fromkeys(packs))
        ),
    )


def is_another_lot(scanned: str, held: Sequence[HeldBack]) -> bool:
    """Return whether the label scanned names a lot, and every lot set aside names another one: nothing is to be asked."""
    read = plain_lot(scanned)
    return bool(read) and all(plain_lot(n.lot) not in ("", read) for n in held)


class Checks(QObject):
    """Asks what an article needs before it is added; the bag is asked once a visit."""

    def __init__(self, till: TillScreen) -> None:
        super().__init__(till)
        self._till = till
        self._pending: Pending | None = None
        self._bag: bool | None = None
        self.tag = YesNoStep(_("À ne pas proposer"), _("Ajouter quand même"), _("Ne pas ajouter"))
        self.bag = YesNoStep(_("Sac isotherme"), _("Oui, elle a un sac"), _("Non, pas de sac"))
        self.aside = YesNoStep(_("Lot mis de côté"), _("Autre lot : ajouter"), _("Mettre de côté"))
        self.stale = BestBeforeStep(till.desk.clock.today())
        self.steps: tuple[Step, ...] = (self.tag, self.bag, self.aside, self.stale)
        self.stale.answered.connect(self._on_stale)
        self.stale.left.connect(self._on_put_aside)
        self.aside.answered.connect(self._on_other_lot)
        self.aside.left.connect(self._on_put_aside)
        self.tag.answered.connect(self._on_tag_kept)
        self.tag.left.connect(till.back_to_entry)
        self.bag.answered.connect(self._on_bag)
        self.bag.left.connect(self._on_no_bag)

    def begin(self) -> None:
        """Forget what was answered for the visit before."""
        self._pending, self._bag = None, None

    def stop(self, pending: Pending) -> bool:
        """Return whether the article waits for an answer, or may not be added."""
        visit = self._till.visit
        assert visit is not None
        self._pending = pending
        tags = [t.label for t in visit.avoided if t.names(pending.offer)]
        if tags and not pending.agreed:
            self.tag.ask(
                _("« {article} » : {tags}").format(article=pending.offer.name, tags=", ".join(tags)),
                _("Le foyer a demandé que cela ne lui soit pas proposé."),
            )
            self._till.show_step(self.tag)
            return True
        held = self._till.entry.prices.held_back.get(pending.offer.id, ())
        if held and not pending.pack_seen and not is_another_lot(pending.pack_lot, held):
            self.aside.ask(*aside_words(pending.offer.name, held))
            self._till.show_step(self.aside)
            return True
        stale = self._till.entry.prices.stale.get(pending.offer.id)
        if stale is not None and not pending.checked and pending.pack_date is None:
            self.stale.ask(pending.offer.name, stale)
            self._till.show_step(self.stale)
            return True
        if not pending.offer.chilled or visit.terms.bag is not WithoutBag.NO_COLD or self._bag:
            return False
        if self._bag is None:
            self.bag.ask(
                _("La famille a-t-elle un sac isotherme ?"),
                _("« {article} » se garde au froid. Sans sac, ni frais ni surgelé.").format(article=pending.offer.name),
            )
            self._till.show_step(self.bag)
            return True
        self._refuse(pending)
        return True

    def asks_about(self, offer: ArticleOffer) -> bool:
        """Return whether a question would be asked before this article is added: it may not be added unseen, among others."""
        visit, prices = self._till.visit, self._till.entry.prices
        assert visit is not None
        return (
            any(t.names(offer) for t in visit.avoided)
            or offer.id in prices.held_back
            or offer.id in prices.stale
            or offer.id in prices.expired_only
            or (offer.chilled and visit.terms.bag is WithoutBag.NO_COLD and not self._bag)
        )

    def _refuse(self, pending: Pending) -> None:
        self._till.back_to_entry()
        self._till.entry.tell(
            _(
                "« {article} » se garde au froid, et la famille n'a pas de sac isotherme. Un sac est trouvé ? F10, puis rouvrez ce panier."
            ).format(article=pending.offer.name)
        )

    @Slot(object)
    def _on_tag_kept(self, _yes: object) -> None:
        if self._pending is not None:
            self._till.advance(replace(self._pending, agreed=True))

    @Slot(object)
    def _on_other_lot(self, _yes: object) -> None:
        if self._pending is not None:
            self._till.advance(replace(self._pending, pack_seen=True))

    @Slot()
    def _on_put_aside(self) -> None:
        name = self._pending.offer.name if self._pending is not None else ""
        self._till.back_to_entry()
        self._till.entry.tell(
            _(
                "« {article} » n'est pas ajouté : mettez ce produit de côté, à part, et prévenez la personne responsable."
            ).format(article=name)
        )

    @Slot(object)
    def _on_stale(self, seen: Checked | date) -> None:
        pending = self._pending
        if pending is None:
            return
        if isinstance(seen, date):
            self._till.advance(replace(pending, pack_date=seen))
            return
        self.note_check(self._till.entry.prices.stale[pending.offer.id], pending.offer.id, seen)
        self._till.advance(replace(pending, checked=True))

    def note_check(self, stale: StaleLot, article: int, seen: Checked) -> None:
        """Write that a lot was looked at: it is not asked about again today."""
        prices = self._till.entry.prices
        left = {a: s for a, s in prices.stale.items() if a != article}
        self._till.entry.prices = replace(prices, stale=left)
        check = partial(record_check, self._till.desk, stale.lot, packaging=True, aspect=True, agreed=seen.agreed)
        self._till.act(check)

    @Slot(object)
    def _on_bag(self, _yes: object) -> None:
        self._bag = True
        if self._pending is not None:
            self._till.advance(self._pending)

    @Slot()
    def _on_no_bag(self) -> None:
        self._bag = False
        if self._pending is not None:
            self._refuse(self._pending)
