"""A régie says quittance wherever another shop says ticket: a new sentence about a ticket is caught here."""

from __future__ import annotations

import re
import string
from pathlib import Path

from babel.messages.pofile import read_po

from epicerie_desktop.domain.quittances import QUITTANCES

POT = Path(__file__).parents[2] / "resources" / "locale" / "epicerie.pot"
TICKET = re.compile(r"(?<!\{)\btickets?\b", re.IGNORECASE)
KEPT = {
    "Ticket {number}": "the paper of a day follows that day: `ticket_text.title_of`",
    "Ce ticket est annulé : il ne compte plus.": "the same",
    "Imprimante de tickets": "a machine",
    "Indiquez d'abord l'adresse de l'imprimante de tickets dans les réglages.": "the same",
    "Indiquez d'abord l'adresse de l'imprimante de tickets.": "the same",
    "Tickets : {n}": "the command line",
    "vérifier le journal, le stock et les tickets": "the command line",
}
"""Sentences that say ticket to everyone, and why."""
KEPT_IN = (
    "epicerie_desktop/services/till/archive.py",  # its files are so named
    "epicerie_desktop/domain/figures.py",  # what is counted is told alike in every shop of a contract
    "epicerie_desktop/domain/report",
)


def _sentences(*, kept: bool = True) -> set[str]:
    """Return what the program says; without `kept`, leave out what is said only where a ticket is one for everybody."""
    with POT.open("rb") as handle:
        messages = [
            m
            for m in read_po(handle)
            if m.id and (kept or not all(at.startswith(KEPT_IN) for at, _line in m.locations))
        ]
    return {one for m in messages for one in ((m.id,) if isinstance(m.id, str) else m.id)}


def test_every_sentence_about_a_ticket_has_its_quittance_or_says_why_not() -> None:
    about = {s for s in _sentences(kept=False) if TICKET.search(s)}
    assert len(about) > 50, "the control"
    assert about - QUITTANCES.keys() - KEPT.keys() == set()
    assert QUITTANCES.keys() - _sentences() == set(), "said no longer"


def test_a_quittance_says_the_same_with_the_same_fields() -> None:
    for ticket, quittance in QUITTANCES.items():
        assert "quittance" in quittance.casefold()
        assert not TICKET.search(quittance)
        fields = [sorted(f for _t, f, _s, _c in string.Formatter().parse(s) if f) for s in (ticket, quittance)]
        assert fields[0] == fields[1], ticket
