"""Cards by the sheet: those in force of several households, 24 to a page of labels to stick on card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import Card, Household
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import visible
from epicerie_desktop.services.queries.households import list_households
from epicerie_desktop.services.wordings import one_line
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

CELLS = 24
"""The labels of a sheet: 3 across, 8 down."""
_MANY = 5000


@dataclass(frozen=True, slots=True)
class GivenCard:
    """A card in force, and the day it was given."""

    code: str
    given_on: date


@dataclass(frozen=True, slots=True)
class CardsFound:
    """The cards of households, in their order, one each; how many of these households have none."""

    cards: tuple[GivenCard, ...]
    without: int

    def since(self, day: date | None) -> tuple[str, ...]:
        """Return the codes of the cards given from a day on, of all where there is no day."""
        return tuple(c.code for c in self.cards if day is None or c.given_on >= day)


def cards_of(desk: Desk, households: Sequence[int]) -> CardsFound:
    """Return the latest card in force of each household, in the order given; a file this account may not see has none."""
    found: dict[int, GivenCard] = {}
    with desk.db.read() as session:
        for start in range(0, len(households), _MANY):
            rows = session.execute(
                select(Card.household_id, Card.code, Card.issued_on)
                .join(Household, Household.id == Card.household_id)
                .where(Card.household_id.in_(households[start : start + _MANY]), Card.revoked_on.is_(None), visible(desk))
                .order_by(Card.id)
            )  # fmt: skip
            # The last of a household wins, as where one card is printed.
            found |= {r.household_id: GivenCard(r.code, r.issued_on) for r in rows}
    cards = tuple(found[h] for h in dict.fromkeys(households) if h in found)
    return CardsFound(cards, len(set(households)) - len(cards))


def all_cards(desk: Desk) -> CardsFound:
    """Return the cards of every household whose file is open, by the holder's name, as the households' screen lists them."""
    return cards_of(desk, [h.id for h in list_households(desk)])


def card_sheet_pdf(desk: Desk, codes: Sequence[str], *, first: int = 1) -> bytes:
    """Return sheets of cards as PDF, A4, 24 to a page; `first` is the cell, from 1, where a sheet already begun goes on.

    Raises `RuleRefused` where there is no card, `BadInput` for a cell beyond the sheet.
    """
    from epicerie_desktop.printing import card

    if not codes:
        raise RuleRefused(
            N_("Aucune carte à imprimer : donnez-en une à chaque foyer, ou choisissez un jour plus ancien.")
        )
    if not 1 <= first <= CELLS:
        raise BadInput(
            N_("Une planche a {cells} étiquettes : donnez le numéro de la première libre, de 1 à {cells}."), cells=CELLS
        )
    return card.render(codes, card.CardLayout.LABELS, skip=first - 1, line=one_line(desk, WordingKind.CARD))
