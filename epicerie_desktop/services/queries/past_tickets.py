"""Tickets of any day, found by their number, their day, or the household they were made for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement

from epicerie_desktop.domain.ticket import ticket_number
from epicerie_desktop.persistence.models import Household, Post, Sale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.counter import TicketRow, find_households, tickets_in

MOST = 200
"""What a list shows: more would be read by nobody."""


def find_tickets(desk: Desk, typed: str, day: date | None = None) -> tuple[TicketRow, ...]:
    """Return the tickets of a day, of a number (« 1-000042 », « 42 »), or of the households found; the latest first.

    Nothing told gives the last tickets. A household is found as at the counter: its file may be reserved. At most `MOST`.
    """
    wanted = typed.strip()
    if day is not None:
        return _read(desk, Sale.day == day)
    number = ticket_number(wanted)
    if number is not None:
        return _read(desk, Post.number == number[0], Sale.number == number[1])
    if not wanted:
        return _read(desk)
    homes = [f.id for f in find_households(desk, wanted)]
    of_them: ColumnElement[bool] = Household.id.in_(homes)
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= len("999999999"):
        return _read(desk, of_them | (Sale.number == int(wanted)))
    return _read(desk, of_them) if homes else ()


def _read(desk: Desk, *wanted: ColumnElement[bool]) -> tuple[TicketRow, ...]:
    with desk.db.read() as session:
        return tickets_in(session, desk, *wanted, most=MOST)
