"""A quiet line under the basket: how much is left of a scarce article, for how many households, and what is a fair part."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QVBoxLayout

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.fair_share import GRAMS_A_UNIT, Share
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.counter import PriceList
from epicerie_desktop.services.queries.fair_share import Pace, shares_of_day, usual_pace
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.till.parts import label

if TYPE_CHECKING:
    from epicerie_desktop.ui.till.screen import TillScreen

_Read = tuple[Pace, Mapping[int, Share]]


class FairShare(QObject):
    """Hidden, and nothing read, until it is switched on; then read on the long thread, so that no sale waits for it."""

    def __init__(self, till: TillScreen) -> None:
        super().__init__(till)
        self._till = till
        self.on = False
        self.pace: Pace | None = None
        self.shares: Mapping[int, Share] = {}
        self.words = label("soft")
        inside = till.pane.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.addWidget(self.words)
        self.words.hide()
        till.pane.table.selectionModel().currentRowChanged.connect(self.show_line)
        till.pane.model.modelReset.connect(self.show_line)

    def switch(self, *, on: bool) -> None:
        """Tell hints from now on, or no more."""
        if on != self.on:
            self.on = on
            if on:
                self.read()
            else:
                self.clear()

    def read(self) -> None:
        """Read what is scarce for the household at the till, behind what the till does."""
        till = self._till
        if self.on and till.visit is not None:
            job = partial(_read, till.desk, self.pace, till.entry.prices, till.visit.household)
            till.context.long.submit(self, job, self._show, till.on_trouble, key="fair_share")

    def _show(self, read: _Read) -> None:
        self.pace, shares = read
        if self.on and self._till.visit is not None:
            self._take(shares)

    def clear(self) -> None:
        """Tell nothing more, until the till opens again."""
        self._take({})

    def _take(self, shares: Mapping[int, Share]) -> None:
        self.shares = shares
        offers = self._till.entry.prices.offers
        self._till.entry.suggestions.notes = {
            a: _("il en reste {left} : {part}").format(
                left=_amount(share.left, offers[a].sold_by), part=parts(share, offers[a].sold_by)
            )
            for a, share in shares.items()
        }
        self.show_line()

    @Slot()
    def show_line(self) -> None:
        """Tell of the article of the line selected, where it is scarce."""
        line, visit = self._till.pane.selected, self._till.visit
        share = self.shares.get(line.article) if line is not None else None
        if line is None or share is None or visit is None:
            self.words.hide()
            return
        self.words.setText(f"« {line.name} » : {sentence(share, line.sold_by, visit.persons)}")
        self.words.show()


def _read(desk: Desk, pace: Pace | None, prices: PriceList, household: int) -> _Read:
    if pace is None or pace.day != desk.clock.today():
        pace = usual_pace(desk)
    return pace, shares_of_day(desk, pace, prices, household)


def _amount(units: int, sold_by: SoldBy) -> str:
    return shown.number(units) if sold_by is SoldBy.PIECE else shown.kilos(units * GRAMS_A_UNIT)


def parts(share: Share, sold_by: SoldBy) -> str:
    """Return « 1 par foyer, 2 à partir de 5 personnes »; where there is not one for each, who may have one."""
    told = []
    for i, (units, since) in enumerate(share.steps):
        amount = _amount(units, sold_by)
        if not units:
            continue
        if not i:
            told.append(_("{amount} par foyer").format(amount=amount))
        elif not told:
            told.append(_("{amount} par foyer à partir de {persons} personnes").format(amount=amount, persons=since))
        else:
            told.append(_("{amount} à partir de {persons} personnes").format(amount=amount, persons=since))
    return ", ".join(told) or _("pas assez pour tous, {amount} par foyer au plus").format(amount=_amount(1, sold_by))


def sentence(share: Share, sold_by: SoldBy, persons: int) -> str:
    """Return the whole hint, with the part of a household of so many persons."""
    told = ngettext(
        "il en reste {left} pour {n} foyer attendu : {part}.", "il en reste {left} pour {n} foyers attendus : {part}.", share.households
    ).format(left=_amount(share.left, sold_by), n=share.households, part=parts(share, sold_by))  # fmt: skip
    if len(share.steps) == 1:
        return told
    own = _("Pour ce foyer : {amount}.").format(amount=_amount(share.of(persons), sold_by))
    return f"{told} {own}"
