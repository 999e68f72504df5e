"""A ticket on the till's printer: over a real socket and a pseudo-terminal, from what was stored, again as a copy."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from epicerie_desktop.hardware.escpos import CUT_PART, open_drawer
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.papers_made import note_made
from epicerie_desktop.services.till import closings, drawer, papers, sell, ticket_printing
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble
from epicerie_desktop.support.settings import MachineSettings
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket

GOOD, OUT = b"\x12", b"\x72"


class Printer:
    """What a printer received; `tells` is what it answers of its paper, nothing for one that never answers."""

    def __init__(self, tells: bytes = GOOD) -> None:
        self.tells = tells
        self.got: list[bytes] = []

    def serve(self, line: socket.socket) -> bool:
        """Read all that comes on a line, and return whether anything came."""
        with line:
            got = b""
            while more := line.recv(4096):
                if b"\x10\x04\x04" in more and self.tells:
                    line.sendall(self.tells)
                got += more
            if got:
                self.got.append(got.replace(b"\x10\x04\x04", b""))
            return bool(got)


@contextmanager
def on_the_network(printer: Printer) -> Iterator[MachineSettings]:
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        while True:
            line, _ = server.accept()
            # The last call, which says nothing, comes after every ticket that was sent.
            if not printer.serve(line) and ended.is_set():
                return

    thread = threading.Thread(target=serve)
    thread.start()
    address = f"127.0.0.1:{server.getsockname()[1]}"
    try:
        yield MachineSettings(ticket_printer=address, ticket_columns=32)
    finally:
        ended.set()
        socket.create_connection(server.getsockname()).close()
        thread.join()
        server.close()


def sold(desk: Desk, shop: SmallShop) -> int:
    basket = a_basket(shop)
    return sell.record_sale(desk, shop.household, basket, sell.PaymentForm(basket.paid_cents)).sale


def test_a_ticket_comes_out_once_then_as_a_copy(desk: Desk, small_shop: SmallShop) -> None:
    printer, sale = Printer(), sold(desk, small_shop)
    with on_the_network(printer) as machine:
        assert not ticket_printing.print_ticket(desk, sale, machine)
        ticket_printing.note_print(desk, sale)
        assert ticket_printing.print_ticket(desk, sale, machine)
    first, second = printer.got
    assert b"Duplicata" not in first
    assert b"Duplicata" in second
    assert first.endswith(CUT_PART)
    assert "À payer".encode("cp858") in first


def test_the_barcode_of_the_number_is_printed_where_the_machine_asks_for_it(desk: Desk, small_shop: SmallShop) -> None:
    printer, sale = Printer(), sold(desk, small_shop)
    with on_the_network(printer) as machine:
        ticket_printing.print_ticket(desk, sale, machine)
        ticket_printing.print_ticket(desk, sale, replace(machine, ticket_barcode=True))
    without, bearing = printer.got
    assert b"\x1dkI" not in without
    assert bearing.endswith(b"{B1-000001\x1ba\x00" + CUT_PART)


def test_a_printer_out_of_paper_or_off_loses_nothing_and_the_ticket_comes_out_later_as_the_first(
    desk: Desk, small_shop: SmallShop
) -> None:
    printer, sale = Printer(OUT), sold(desk, small_shop)
    with on_the_network(printer) as machine:
        with pytest.raises(EnvironmentTrouble, match="papier") as empty:
            ticket_printing.print_ticket(desk, sale, machine)
        assert empty.value.code == "IMP-402"
        assert printer.got in ([], [b""])
        printer.tells = b""
        assert not ticket_printing.print_ticket(desk, sale, machine)
    with pytest.raises(EnvironmentTrouble, match="allumée"):
        ticket_printing.print_ticket(desk, sale, machine)


def test_the_drawer_opens_for_cash_where_the_machine_has_one(desk: Desk, small_shop: SmallShop) -> None:
    printer, sale = Printer(), sold(desk, small_shop)
    with on_the_network(printer) as machine:
        ticket_printing.open_for_cash(desk, sale, machine)
        ticket_printing.open_for_cash(desk, sale, replace(machine, ticket_drawer="pin_2"))
    assert printer.got == [open_drawer()]


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_a_serial_printer_gets_the_test_whole(desk: Desk) -> None:
    import pty
    import tty

    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    got: list[bytes] = []
    enough = threading.Event()

    def read() -> None:
        whole = b""
        while CUT_PART not in whole:
            more = os.read(ours, 4096)
            if b"\x10\x04\x04" in more:
                os.write(ours, GOOD)
            whole += more
        got.append(whole)
        enough.set()

    thread = threading.Thread(target=read)
    thread.start()
    ticket_printing.print_test(desk, MachineSettings(ticket_printer=f"{os.ttyname(theirs)}@19200", ticket_columns=48))
    assert enough.wait(10)
    thread.join()
    os.close(ours)
    os.close(theirs)
    assert "é è ê à ç ù oe €".encode("cp858") in got[0]


def test_without_an_address_nothing_is_printed_and_it_is_said(desk: Desk, small_shop: SmallShop) -> None:
    with pytest.raises(BadInput, match="réglages"):
        ticket_printing.print_ticket(desk, sold(desk, small_shop), MachineSettings())


def test_a_reading_and_a_count_come_out_of_the_same_printer(small_shop: SmallShop) -> None:
    desk, printer = small_shop.desk, Printer()
    opened = drawer.open_session(desk, 20_00)
    sell.record_sale(desk, small_shop.household, a_basket(small_shop), sell.PaymentForm(50))
    drawer.close_session(desk, drawer.CountForm(20_50))
    with on_the_network(printer) as machine:
        papers.print_reading(desk, None, machine)
        papers.print_count_sheet(desk, opened, machine)
    read, count = (got.decode("cp858") for got in printer.got)
    assert "Lecture de la caisse (X)" in read
    assert "Total perp\u00e9tuel" in read
    assert "Doit contenir" in count
    assert "20,50" in count
    with pytest.raises(BadInput, match="imprimante"):
        papers.print_reading(desk, None, MachineSettings())


def test_a_closing_on_the_roll_is_a_copy_once_it_came_out_and_a_reading_never_is(small_shop: SmallShop) -> None:
    desk, printer = small_shop.desk, Printer()
    opened = drawer.open_session(desk, 20_00)
    sell.record_sale(desk, small_shop.household, a_basket(small_shop), sell.PaymentForm(50))
    drawer.close_session(desk, drawer.CountForm(20_50))
    closing = closings.close_day(desk)
    with on_the_network(printer) as machine:
        for _time in range(2):
            note_made(desk, papers.print_reading(desk, None, machine))
            note_made(desk, papers.print_reading(desk, closing, machine))
            note_made(desk, papers.print_count_sheet(desk, opened, machine))
    word = f"Duplicata du {desk.clock.today():%d/%m/%Y}".encode("cp858")
    assert [word in got for got in printer.got] == [False, False, False, False, True, True]
    with pytest.raises(BadInput, match="imprimante"):
        papers.print_count_sheet(desk, opened, MachineSettings())
    note_made(desk, papers.reading_pdf(desk, closing).papers)
