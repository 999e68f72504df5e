"""Who shops, the running totals and the ceilings, on the right of the till."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from epicerie_desktop.domain.access import CeilingLeft
from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.services.queries.counter import Visit
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.till import wording
from epicerie_desktop.ui.till.parts import Gauge, button, is_large_text, label, scaled


class CeilingGauge(QFrame):
    """A ceiling: what it limits, how full it is, what is left, or by how much the basket goes over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = label("small")
        self.left = label("strong", wrap=False, right=True)
        self.bar = Gauge()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.setHorizontalSpacing(12)
        grid.addWidget(self.name, 0, 0, 1, 2)
        grid.addWidget(self.bar, 1, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.left, 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(1, scaled(148))

    def show_ceiling(self, ceiling: CeilingLeft, weight: int) -> None:
        """Show a ceiling with what a basket of that `weight` would leave of it."""
        measure = ceiling.ceiling.measure
        excess = ceiling.over(weight)
        taken = ceiling.taken + weight
        self.name.setText(wording.ceiling(ceiling))
        if excess:
            self.left.setText(_("dépasse de {excess}").format(excess=wording.measured(measure, excess)))
        else:
            self.left.setText(_("reste {left}").format(left=wording.measured(measure, ceiling.most - taken)))
        self.bar.show_part(taken, ceiling.most)
        self.setAccessibleName(f"{self.name.text()} : {self.left.text()}")
        theme.set_role(self.left, "tone", "ask" if excess else "")


class SidePane(QFrame):
    """The right column; its buttons show their keys and never take the keyboard away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.name = label("title")
        self.who = label("soft")
        self.agreed = label("small")
        self.avoided = label("small")
        self.balance = label("strong")
        self.shelf, self.paid, self.kilos = (
            label("section", wrap=False, right=True),
            label("figure" if is_large_text() else "display", wrap=False, right=True),
            label("section", wrap=False, right=True),
        )
        self.close_button = button(_("Encaisser"), "F12", primary=True)
        self.undo_button = button(_("Défaire"), "F8")
        self.remove_button = button(_("Retirer"), "Del")
        self.hold_button = button(_("Mettre en attente"), "F10")
        self._gauges: list[CeilingGauge] = []
        self._gauge_box = QVBoxLayout()
        self._gauge_box.setSpacing(12)
        self._lay_out()
        self.balance.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(4)
        for widget in (self.name, self.who, self.agreed, self.avoided, self.balance):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addLayout(self._totals())
        column.addSpacing(12)
        column.addLayout(self._gauge_box)
        column.addStretch(1)
        row = QVBoxLayout() if is_large_text() else QHBoxLayout()
        row.setSpacing(4 if is_large_text() else 8)
        row.addWidget(self.remove_button)
        row.addWidget(self.undo_button)
        column.addLayout(row)
        column.addWidget(self.hold_button)
        column.addSpacing(4)
        self.close_button.setMinimumHeight(scaled(60))
        column.addWidget(self.close_button)

    def _totals(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        rows: tuple[tuple[str, QLabel], ...] = (
            (_("Valeur en rayon"), self.shelf), (_("Kilos"), self.kilos),
        )  # fmt: skip
        for row, (words, figures) in enumerate(rows):
            grid.addWidget(label("soft", words, wrap=False), row, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(figures, row, 1)
        grid.addWidget(label("soft", _("À payer"), wrap=False), 2, 0, Qt.AlignmentFlag.AlignBottom)
        grid.addWidget(self.paid, 2, 1)
        grid.setColumnStretch(0, 1)
        return grid

    def show_visit(self, visit: Visit, agreed: str) -> None:
        """Show who shops, and the team's agreement if one was given."""
        self.name.setText(visit.name)
        number = _("n° {number}").format(number=visit.number)
        self.who.setText(f"{number} · {wording.people(visit.adults, visit.children)}")
        self.agreed.setText(_("Accord de l'équipe : {reason}").format(reason=agreed))
        self.agreed.setVisible(bool(agreed))
        words = ", ".join(t.label for t in visit.avoided if t.family is None and t.article is None)
        self.avoided.setText(_("À ne pas proposer : {words}").format(words=words))
        self.avoided.setVisible(bool(words))

    def show_balance(self, cents: int) -> None:
        """Show what the household has ahead (+) or owes (−), in cents; 0 shows nothing."""
        self.balance.setText(wording.balance(cents))
        self.balance.setVisible(bool(cents))

    def show_basket(self, basket: Basket, ceilings: tuple[CeilingLeft, ...], weights: tuple[int, ...]) -> None:
        """Show the totals of a basket and what it leaves of the ceilings; `weights` is what it weighs on each."""
        self.shelf.setText(shown.money(basket.shelf_cents))
        self.paid.setText(shown.money(basket.paid_cents))
        self.kilos.setText(shown.kilos(basket.grams))
        while len(self._gauges) < len(ceilings):
            gauge = CeilingGauge()
            self._gauges.append(gauge)
            self._gauge_box.addWidget(gauge)
        for i, gauge in enumerate(self._gauges):
            gauge.setVisible(i < len(ceilings))
            if i < len(ceilings):
                gauge.show_ceiling(ceilings[i], weights[i])
