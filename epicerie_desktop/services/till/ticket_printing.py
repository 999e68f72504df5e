"""Printing a ticket on the till's own printer, from what was stored: a printer that fails loses no ticket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import func, insert, select

from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.domain.ticket import Ticket
from epicerie_desktop.domain.ticket_text import Row
from epicerie_desktop.hardware.escpos import Drawer, open_drawer, rows_bytes, ticket_bytes, with_number
from epicerie_desktop.hardware.printer import parse_address, send
from epicerie_desktop.persistence.models import Payment, TicketPrint
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_, SOURCE_LANGUAGE, gettext, in_language
from epicerie_desktop.support.settings import MachineSettings

COLUMNS = (32, 42, 48)
DRAWERS = {"off": None, "pin_2": Drawer.PIN_2, "pin_5": Drawer.PIN_5}

NOT_ON_A_ROLL = frozenset({"ar", "uk"})
"""Languages whose letters a ticket printer has not: the roll is then in French, and the PDF in the language."""


def print_ticket(desk: Desk, sale: int, machine: MachineSettings) -> bool:
    """Print a ticket on the printer of this machine; return whether it came out marked « Duplicata ». `note_print` tells it did.

    The first to come out is the ticket, the next ones are copies. Only reads: it may wait for the printer. Raises `EnvironmentTrouble` (IMP-4xx) where the printer is off or out
    of paper: nothing is noted then, and it can be printed again.
    """
    from epicerie_desktop.services import sheets

    address = parse_address(machine.ticket_printer)
    if address is None:
        raise BadInput(N_("Indiquez d'abord l'adresse de l'imprimante de tickets dans les réglages."))
    with desk.db.read() as session:
        times = int(session.scalar(select(func.count()).where(TicketPrint.sale_id == sale)) or 0)
    spoken = sheets.ticket_language(desk, sale)
    with in_language(SOURCE_LANGUAGE if spoken in NOT_ON_A_ROLL else spoken):
        ticket = sheets.ticket(desk, sale)
        data = ticket_bytes(replace(ticket, duplicate=times > 0), columns=_columns(machine), cut=machine.ticket_cut)
    if machine.ticket_barcode:
        data = with_number(data, ticket.number)
    send(address, data, ask_paper=True)
    return times > 0


def note_print(desk: Desk, sale: int) -> None:
    """Note that a ticket came out of the printer: the next one is a copy."""
    with desk.db.write() as session:
        times = session.scalar(select(func.count()).where(TicketPrint.sale_id == sale)) or 0
        session.connection().execute(
            insert(table_of(TicketPrint)),
            {"sale_id": sale, "n": times + 1, "at": desk.clock.now(), "made_by": desk.actor.id},
        )


def open_for_cash(desk: Desk, sale: int, machine: MachineSettings) -> None:
    """Open the drawer where this machine does and the ticket was paid in cash. Raises `EnvironmentTrouble`."""
    pin, address = DRAWERS.get(machine.ticket_drawer), parse_address(machine.ticket_printer)
    if pin is None or address is None:
        return
    with desk.db.read() as session:
        cash = session.scalar(select(Payment.cents).where(Payment.sale_id == sale, Payment.kind == PaymentKind.CASH))
    if cash:
        send(address, open_drawer(pin))


def print_test(desk: Desk, machine: MachineSettings) -> None:
    """Print a few lines that show the accents, the euro and the width. Raises `BadInput`, `EnvironmentTrouble`."""
    address = parse_address(machine.ticket_printer)
    if address is None:
        raise BadInput(N_("Indiquez d'abord l'adresse de l'imprimante de tickets."))
    words = gettext(N_("Essai de l'imprimante : é è ê à ç ù œ €"))
    shop = ShopHeader(desk.shop.name, (words, "0123456789" * 4), ())
    number = "0-000000"
    data = ticket_bytes(
        Ticket(shop, number, desk.clock.now(), "–", ()), columns=_columns(machine), cut=machine.ticket_cut
    )
    send(address, with_number(data, number) if machine.ticket_barcode else data, ask_paper=True)


def print_rows(rows: Iterable[Row], machine: MachineSettings) -> None:
    """Print the rows of another paper of the till. Raises `BadInput` where there is no printer, `EnvironmentTrouble` where it is off."""
    address = parse_address(machine.ticket_printer)
    if address is None:
        raise BadInput(N_("Indiquez d'abord l'adresse de l'imprimante de tickets dans les réglages."))
    send(address, rows_bytes(rows, columns=_columns(machine), cut=machine.ticket_cut), ask_paper=True)


def _columns(machine: MachineSettings) -> int:
    return machine.ticket_columns if machine.ticket_columns in COLUMNS else 42
