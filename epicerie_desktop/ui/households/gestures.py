"""The gestures beside the fields of a file: a new referrer, a card given, printed, replaced, or attached from elsewhere."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from epicerie_desktop.services.card_sheets import CardsFound, card_sheet_pdf, cards_of
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.queries.households import ReferrerRow, list_referrers
from epicerie_desktop.services.queries.life import HouseholdLife, household_life
from epicerie_desktop.services.sheets import card_pdf
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import accepted, ask_confirm
from epicerie_desktop.ui.households.card_sheet import CardSheetDialog
from epicerie_desktop.ui.households.dialogs import ForeignCardDialog, ReferrerDialog
from epicerie_desktop.ui.households.doubles import PairsWindow
from epicerie_desktop.ui.households.life_window import LifeWindow
from epicerie_desktop.ui.pdf_view import look_at

if TYPE_CHECKING:
    from epicerie_desktop.ui.households.screen import HouseholdsScreen


class FileGestures(QObject):
    """Bound to the screen whose buttons it serves; every write goes through the screen's data thread."""

    def __init__(self, screen: HouseholdsScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._expected = ""
        screen.form.referrer_wanted.connect(self._on_new_referrer)
        screen.cards.issue_wanted.connect(self._on_issue)
        screen.cards.print_wanted.connect(self._on_print)
        screen.cards.attach_wanted.connect(self._on_attach)
        screen.form.life_button.clicked.connect(self._on_life)
        screen.pairs_button.clicked.connect(self._on_pairs)
        screen.cards_button.clicked.connect(self._on_sheet)

    @Slot()
    def _on_new_referrer(self) -> None:
        asked = ReferrerDialog(self._screen.window())
        if accepted(asked):
            typed = (asked.name.text(), asked.organisation.text(), asked.phone.text())
            self._screen.act(partial(enrol.save_referrer, self._screen.desk, *typed), self._on_referrer_saved)

    def _on_referrer_saved(self, referrer: int) -> None:
        def show(rows: tuple[ReferrerRow, ...]) -> None:
            self._screen.show_referrers(rows)
            self._screen.form.choose_referrer(referrer)

        # Not under « referrers »: the list read again after this same write would replace it, and nobody would be chosen.
        self._screen.ask(partial(list_referrers, self._screen.desk), show, key="referrer made")

    @Slot()
    def _on_issue(self) -> None:
        if self._screen.file is None or self._screen.household is None:
            return
        if self._screen.file.cards and not ask_confirm(
            self._screen.window(), _("Remplacer la carte ?"),
            _("L'ancienne carte ne sera plus reconnue à partir d'aujourd'hui, même si elle est retrouvée."),
            _("Donner une nouvelle carte"), _("Garder la carte"),
        ):  # fmt: skip
            return
        self._screen.act(partial(enrol.issue_card, self._screen.desk, self._screen.household))

    @Slot()
    def _on_print(self) -> None:
        if self._screen.file is not None and self._screen.household is not None:
            name = _("carte-foyer-{number}").format(number=self._screen.file.form.number)
            look_at(
                self._screen, partial(card_pdf, self._screen.desk, self._screen.household), _("Carte du foyer"), name
            )

    def expect_card(self, card: str) -> None:
        """Offer a card shown at the counter to the next file opened or saved; an empty text expects none any more."""
        self._expected = card
        choosing = card and self._screen.household is None and not self._screen.editing
        self._screen.finder.ask_for(_("Choisissez le foyer : la carte montrée lui sera rattachée.") if choosing else "")

    def file_shown(self) -> None:
        """Ask, once the file is on the screen, whether the card expected is that of its household."""
        if self._expected and self._screen.household is not None:
            QTimer.singleShot(0, self._on_attach)

    @Slot()
    def _on_sheet(self) -> None:
        screen = self._screen
        screen.ask(partial(cards_of, screen.desk, screen.finder.model.households()), self._choose_cards, key="cards")

    def _choose_cards(self, found: CardsFound) -> None:
        screen = self._screen
        asked = CardSheetDialog(found, screen.desk.clock.today(), screen.window())
        if accepted(asked):
            make = partial(card_sheet_pdf, screen.desk, asked.codes, first=asked.first_cell)
            look_at(screen, make, _("Cartes des foyers"), _("cartes-{day}").format(day=screen.desk.clock.today()))

    @Slot()
    def _on_attach(self) -> None:
        shown, self._expected = self._expected, ""
        self._screen.finder.ask_for("")
        asked = ForeignCardDialog(self._screen.desk.shop, self._screen.window(), shown)
        if accepted(asked) and self._screen.household is not None and asked.card is not None:
            self._screen.act(partial(enrol.attach_foreign_card, self._screen.desk, self._screen.household, asked.card))

    @Slot()
    def _on_life(self) -> None:
        screen = self._screen
        if screen.household is not None and screen.may_leave():
            screen.ask(partial(household_life, screen.desk, screen.household), self._show_life, key="life")

    def _show_life(self, found: HouseholdLife) -> None:
        window = LifeWindow(self._screen.context, found, self._screen.window())
        accepted(window)
        if window.new_household is not None:
            told = _("Le nouveau dossier est ouvert : donnez-lui une carte et vérifiez son droit.")
            self._screen.open_with(household=window.new_household, told=told)
        else:
            self._screen.refresh()

    @Slot()
    def _on_pairs(self) -> None:
        if self._screen.may_leave():
            accepted(PairsWindow(self._screen.context, self._screen.window()))
            self._screen.refresh()
