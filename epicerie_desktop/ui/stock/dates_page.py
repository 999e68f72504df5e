"""The dates as the team works them: what waits for a check or must leave the shelf, and the anti-waste order made by one key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.dates import BestBefore
from epicerie_desktop.services.queries.stock import LotRow
from epicerie_desktop.services.stock import best_before, forward
from epicerie_desktop.services.stock.best_before import StaleLot
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.table import Column
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.lots_page import ExpiringPage


class DatesPage(ExpiringPage):
    """The lots near or past their date, with what each past best-before date needs, and the order of the day."""

    tables: ClassVar[frozenset[str]] = ExpiringPage.tables | {"best_before_check"}

    def __init__(self, screen: Screen) -> None:
        self.past: Mapping[int, StaleLot] = {}
        self.order_button = ActionButton(_("Ordre du jour"), "F6", "list", "quiet")
        self.order_button.setToolTip(
            _("Met en avant tout ce qui arrive à sa date dans les trois jours, puis montre les étiquettes.")
        )
        super().__init__(screen)
        self.order_button.clicked.connect(self.make_order)

    def papers(self) -> tuple[QWidget, ...]:
        """Return the usual buttons, after the one that makes the order of the day."""
        return self.order_button, *super().papers()

    def columns(self, today: date) -> tuple[Column[LotRow], ...]:
        """Return the usual columns; the date says what it needs."""
        dated, *others = super().columns(today)
        return (replace(dated, getter=self._dated, tone=self._tone), *others)

    def _dated(self, lot: LotRow) -> str:
        stale = self.past.get(lot.id)
        if stale is None:
            return wording.dated(lot, self.desk.clock.today())
        needs = _("à mettre de côté") if stale.state is BestBefore.BEYOND else _("à contrôler")
        return f"{wording.limit(lot.date_kind, lot.limit_on, lot.precision)}, {needs}"

    def _tone(self, lot: LotRow) -> str | None:
        stale = self.past.get(lot.id)
        if lot.aside or (stale is not None and stale.state is BestBefore.BEYOND):
            return "no"
        return wording.tone(lot.date_kind, lot.limit_on, self.desk.clock.today()) or None

    def _use(self, *, anti_waste: bool) -> None:
        super()._use(anti_waste=anti_waste)
        self.order_button.setVisible(anti_waste)

    def refresh(self) -> None:
        """Read what waits for a check, then the lots."""
        self.ask(partial(best_before.stale_lots, self.desk), self._on_stale, key="stale")
        super().refresh()

    def _on_stale(self, found: Mapping[int, StaleLot]) -> None:
        self.past = found
        self.show_lots()

    def show_lots(self) -> None:
        """Show the lots, and how many wait for a check or must be put aside."""
        super().show_lots()
        here = [self.past[n.id].state for n in self.lots if n.id in self.past]
        check, beyond = here.count(BestBefore.TO_CHECK), here.count(BestBefore.BEYOND)
        said = [self.summary.text()] if self.summary.text() else []
        tone = "no" if said or beyond else "ask" if check else ""
        if beyond:
            said.append(ngettext("{n} DDM trop ancienne", "{n} DDM trop anciennes", beyond).format(n=beyond))
        if check:
            said.append(ngettext("{n} DDM à contrôler", "{n} DDM à contrôler", check).format(n=check))
        self.summary.setText(" · ".join(said))
        self.summary.setVisible(bool(said))
        theme.set_role(self.summary, "tone", tone)

    @Slot(object)
    def _on_chosen(self, lot: LotRow | None) -> None:
        super()._on_chosen(lot)
        stale = self.past.get(lot.id) if lot is not None else None
        if stale is not None:
            till = (
                _("En caisse : accord de l'équipe. Sinon, notez-le en perte.")
                if stale.state is BestBefore.BEYOND
                else _("En caisse : un contrôle sera demandé.")
            )
            self.detail.setText(f"{self.detail.text()}  ·  {till}")

    @Slot()
    def make_order(self) -> None:
        """Put forward all that is near its date, then show the labels of the day."""
        self.notice.dismiss()
        self.act(partial(forward.propose_today, self.desk), self._on_order, self._on_refused)

    def _on_order(self, added: int) -> None:
        if not added and not self.put:
            self.notice.tell(
                "info", _("Rien n'arrive à sa date dans les trois jours : il n'y a rien à mettre en avant.")
            )
            return
        told = ngettext("{n} lot de plus mis en avant.", "{n} lots de plus mis en avant.", added).format(n=added)
        self.notice.tell("success", told if added else _("Tout ce qui arrive à sa date est déjà mis en avant."))
        self.show_labels()

    def _on_refused(self, sentence: str) -> None:
        self.notice.tell("error", sentence)
