"""The statement: resources, charges, debts and what the règlement asks besides; filled with what was said before."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.domain.statements import Said
from epicerie_desktop.services.queries.study import Told
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.rights.debts import DebtsCard
from epicerie_desktop.ui.rights.lines import LinesCard
from epicerie_desktop.ui.rights.questions import OtherQuestions


class StatementEditor(QWidget):
    """Resources, then charges, what the règlement asks besides, and debts where they are wanted."""

    changed = Signal()
    stops_changed = Signal()

    def __init__(self, today: date, *, debts: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hint = label(
            _(
                "Entrée passe à la ligne suivante. Tapez 0 ou « rien » s'il n'y a rien ; une ligne vide est sans réponse."
            ),
            "small",
        )
        self.resources = LinesCard(_("Ressources"), resource=True)
        self.charges = LinesCard(_("Charges"), resource=False)
        self.debts = DebtsCard()
        self.others = OtherQuestions(today)
        self._debts_wanted = debts
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        for part in (self.hint, self.resources, self.charges, self.others, self.debts):
            whole.addWidget(part)
        self.debts.setVisible(debts)
        self.resources.changed.connect(self.changed)
        self.charges.changed.connect(self.changed)
        self.resources.left.connect(self._on_resources_left)
        self.others.changed.connect(self.changed)
        self.debts.changed.connect(self.changed)
        self.debts.rows_changed.connect(self.stops_changed)

    def ask(self, ruleset: Ruleset, told: Told, said: Said) -> None:
        """Ask what this règlement asks, filled with the statement before."""
        self.resources.ask(ruleset.resources, told.resources, said.resources)
        self.charges.ask(ruleset.charges, told.charges, said.charges)
        self.resources.setVisible(bool(ruleset.resources))
        self.charges.setVisible(bool(ruleset.charges))
        self.hint.setVisible(bool(ruleset.resources or ruleset.charges))
        self.others.ask(ruleset, told, said.declared_on)
        self.debts.ask(said.debts)

    @property
    def told(self) -> Told:
        """Return the answers as they are weighed."""
        o = self.others
        return Told(
            self.resources.amounts, self.charges.amounts, o.declared, o.received, o.answers, o.referred, o.lodged, o.living_since
        )  # fmt: skip

    @property
    def said(self) -> Said:
        """Return what is kept besides: amounts as told, debts, days of the certificates."""
        return Said(self.resources.said, self.charges.said, self.debts.debts, self.others.declared_on)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        parts: list[QWidget] = []
        for card in (self.resources, self.charges):
            parts += card.stops if card.rows else ()
        return (*parts, *self.others.stops, *(self.debts.stops if self._debts_wanted else ()))

    @Slot()
    def _on_resources_left(self) -> None:
        line = next(iter(self.charges.rows.values()), None)
        if line is not None:
            line.field.setFocus(Qt.FocusReason.TabFocusReason)

    def first_field(self) -> QWidget | None:
        """Return the first field."""
        return next(iter(self.stops), None)

    def wrong(self) -> QWidget | None:
        """Return the first thing to mend or to answer, telling why beneath each."""
        found = [self.resources.wrong(), self.charges.wrong(), self.others.wrong(), self.debts.wrong()]
        return next((f for f in found if f is not None), None)
