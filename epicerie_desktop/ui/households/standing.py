"""What a file has beside its fields: the card of the household and its rights. Shown, never typed here."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from epicerie_desktop.domain.access import Grant
from epicerie_desktop.services.desk import ShopCard
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, SectionTitle, label, row
from epicerie_desktop.ui.households import wording
from epicerie_desktop.ui.households.parts import Pill

_MOST_RIGHTS = 6


class CardPanel(Card):
    """The cards in force: issue one, print it, replace a lost one, attach another shop's."""

    issue_wanted = Signal()
    print_wanted = Signal()
    attach_wanted = Signal()

    def __init__(self, shop: ShopCard, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._shop = shop
        self.number = label("", selectable=True)
        self.issue = ActionButton("", "Ctrl+D", "id-card")
        self.print = ActionButton(_("Imprimer la carte"), "Ctrl+P", "printer")
        self.attach = ActionButton(_("Carte d'une autre épicerie…"), icon="plus", kind="quiet")
        self.issue.clicked.connect(self.issue_wanted)
        self.print.clicked.connect(self.print_wanted)
        self.attach.clicked.connect(self.attach_wanted)
        self.add(SectionTitle(_("Carte"), (self.attach,)), self.number, row(self.issue, self.print, None))
        self.show_cards(())

    def show_cards(self, codes: tuple[str, ...]) -> None:
        """Show the cards in force."""
        told = "\n".join(wording.card(code, self._shop) for code in codes)
        self.number.setText(told or _("Ce foyer n'a pas encore de carte."))
        self.issue.set_text(_("Remplacer une carte perdue…") if codes else _("Donner une carte"))
        self.print.setVisible(bool(codes))


class RightsPanel(Card):
    """The rights of the household, the latest first."""

    suspend_wanted = Signal(object)
    renew_wanted = Signal()

    def __init__(
        self, title: str, parent: QWidget | None = None, *, suspendable: bool = False, renewable: bool = False
    ) -> None:
        super().__init__(parent=parent)
        self._renewable = renewable
        self.renew = ActionButton(_("Renouveler…"), "Ctrl+R", "calendar-days", parent=self)
        self.renew.clicked.connect(self.renew_wanted)
        self._suspendable = suspendable
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        self._shown: list[QWidget] = []
        self.add(SectionTitle(title, (self.renew,)), self._rows)
        self.renew.hide()

    def show_grants(self, grants: tuple[Grant, ...], today: date) -> None:
        """Show the rights; the oldest ones are only counted."""
        self.renew.setVisible(self._renewable and bool(grants))
        for old in self._shown:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown = [self._line(g, today) for g in grants[:_MOST_RIGHTS]]
        if not grants:
            self._shown.append(label(_("Aucun droit n'a encore été ouvert."), "soft"))
        elif len(grants) > _MOST_RIGHTS:
            more = _("et {n} plus anciens").format(n=len(grants) - _MOST_RIGHTS)
            self._shown.append(label(more, "soft"))
        for widget in self._shown:
            self._rows.addWidget(widget)

    @property
    def lines(self) -> tuple[GrantLine, ...]:
        """Return the rights shown."""
        return tuple(w for w in self._shown if isinstance(w, GrantLine))

    def _line(self, grant: Grant, today: date) -> QWidget:
        line = GrantLine(grant, today, suspendable=self._suspendable)
        line.suspend_wanted.connect(self.suspend_wanted)
        return line


class GrantLine(QWidget):
    """A right in two lines, with where it stands; `suspend_wanted` when it may be suspended and the person asks."""

    suspend_wanted = Signal(object)

    def __init__(self, grant: Grant, today: date, *, suspendable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grant = grant
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(wording.period(grant).capitalize(), "strong"))
        words.addWidget(label(wording.terms(grant), "soft"))
        pill = Pill()
        pill.tell(wording.grant_look(grant, today), wording.grant_state(grant, today))
        self.suspend = ActionButton(_("Suspendre…"), kind="quiet", parent=self)
        self.suspend.clicked.connect(self._on_suspend)
        self.suspend.setVisible(suspendable and not grant.suspended and grant.valid_until >= today)
        words.addWidget(self.suspend, 0, Qt.AlignmentFlag.AlignLeft)
        line = row(words, spacing=12)
        line.setStretch(0, 1)
        line.addWidget(pill, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(line)

    def _on_suspend(self) -> None:
        self.suspend_wanted.emit(self.grant)
