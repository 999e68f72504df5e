"""The ticket printer: the very bytes the makers' references give, over a file, a real socket and a pseudo-terminal."""

from __future__ import annotations

import os
import socket
import sys
import threading
import tty
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.domain.ticket import Ticket, TicketLine, TicketPayment
from epicerie_desktop.domain.ticket_text import Row, RowKind
from epicerie_desktop.hardware import escpos
from epicerie_desktop.hardware.escpos import Drawer, PaperState, set_out, ticket_bytes
from epicerie_desktop.hardware.printer import PrinterAddress, parse_address, send
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble


@pytest.mark.parametrize(
    ("made", "golden"),
    [
        (escpos.INIT, "1b40 1b7413"),
        (escpos.text("É"), "90"),
        (escpos.text("é"), "82"),
        (escpos.text("€"), "d5"),
        (escpos.text("ÀÈÊËÎÏÔÙÛÜÇàèêëîïôùûüç"), "b7d4d2d3d7d8e2ebea9a80858a88898c8b9397968187"),
        (escpos.open_drawer(), "1b700032 32"),
        (escpos.open_drawer(Drawer.PIN_5), "1b7001 3232"),
        (escpos.CUT, "1b6406 1d5600"),
        (escpos.CUT_PART, "1b6406 1d5601"),
        (escpos.ean13("376012345678", height=64, width=3), "1d6840 1d7703 1d6600 1d4802 1d6b02 333736303132333435363738 00"),
        (escpos.bold(True), "1b4501"),
        (escpos.size(2, 2), "1d2111"),
        (escpos.align("centre"), "1b6101"),
        (b"".join(escpos.STATUS), "100401 100402 100404"),
    ],
)  # fmt: skip
def test_the_bytes_are_those_of_the_reference(made: bytes, golden: str) -> None:
    assert made == bytes.fromhex(golden)


def test_what_the_code_page_has_not_is_put_in_plain_letters() -> None:
    assert escpos.text("cœur d’Œuf – « 1\u202f250 € »…") == "coeur d'OEuf - « 1 250 € »...".encode("cp858")
    assert escpos.text("Łódź 日本") == b"?\xa2dz ??"


@given(st.text())
def test_no_word_ever_becomes_a_command(words: str) -> None:
    assert not set(escpos.text(words)) & {0x1B, 0x1D, 0x10, 0x0D}


@given(st.text(st.characters(codec="cp858", exclude_categories=("C", "Z")), max_size=80), st.sampled_from((32, 42, 48)))
def test_no_line_is_longer_than_the_roll_and_figures_are_at_its_right(words: str, columns: int) -> None:
    plain = set_out(Row(RowKind.LINE, words, "12,34", "1,23"), columns)
    assert all(len(line) <= columns for line in plain)
    assert plain[-1].endswith("1,23")
    assert "".join("".join(plain).split())[: -len("12,341,23")] == "".join(words.split())


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("12", PaperState.GOOD),
        ("1e", PaperState.LOW),
        ("7e", PaperState.OUT),
        ("", PaperState.UNKNOWN),
        ("00", PaperState.UNKNOWN),
    ],
)
def test_the_answer_about_paper_is_understood_or_said_unknown(answer: str, state: PaperState) -> None:
    assert escpos.paper_state(bytes.fromhex(answer)) is state


def test_a_ticket_is_printed_with_its_accents_its_sum_large_and_the_drawer_opened_first() -> None:
    lines = (TicketLine("Pâtes à l’œuf complètes de la Planèze", SoldBy.PIECE, 2, 1000, 190, 380, 38),)
    ticket = Ticket(
        ShopHeader("Épicerie du Cœur"),
        "1-000123",
        datetime(2026, 11, 22, 13, 5, tzinfo=UTC),
        "0042",
        lines,
        (TicketPayment("Espèces", 50),),
    )
    data = ticket_bytes(ticket, columns=32, drawer=Drawer.PIN_2)
    assert data.startswith(escpos.INIT + escpos.open_drawer())
    assert data.endswith(escpos.CUT_PART)
    assert escpos.size(1, 2) + escpos.line("À payer".ljust(26) + "0,38 €") + escpos.size() in data
    assert escpos.bold(True) + escpos.line("Épicerie du Coeur") in data
    assert ticket_bytes(ticket, cut=False).endswith(escpos.feed(6))


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("", None),
        ("/dev/usb/lp0", PrinterAddress("file", "/dev/usb/lp0")),
        ("192.168.1.50", PrinterAddress("tcp", "192.168.1.50", 9100)),
        ("imprimante:9101", PrinterAddress("tcp", "imprimante", 9101)),
        ("COM3@19200", PrinterAddress("serial", "COM3", 19200)),
        ("/dev/ttyUSB0@9600", PrinterAddress("serial", "/dev/ttyUSB0", 9600)),
    ],
)
def test_an_address_is_read_as_it_is_typed(typed: str, address: PrinterAddress | None) -> None:
    assert parse_address(typed) == address


@pytest.mark.parametrize("typed", ["COM3@", "@9600", "hôte:", ":9100", "a:b:c", "hôte:99999", "COM3@vite"])
def test_an_address_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_address(typed)


def test_a_network_printer_gets_every_byte() -> None:
    heard = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            line, _who = server.accept()
            with line:
                while part := line.recv(4096):
                    heard.extend(part)

        thread = threading.Thread(target=listen)
        thread.start()
        send(PrinterAddress("tcp", "127.0.0.1", server.getsockname()[1]), b"ticket" * 10_000)
        thread.join()
    assert bytes(heard) == b"ticket" * 10_000


def test_a_serial_printer_gets_every_byte() -> None:
    if sys.platform == "win32":
        pytest.skip("pas de pseudo-terminal sous Windows")
    far, near = os.openpty()
    tty.setraw(near)
    try:
        send(PrinterAddress("serial", os.ttyname(near), 19200), ticket := b"\x1b@ticket\n")
        assert os.read(far, 100) == ticket
    finally:
        os.close(far)
        os.close(near)


def test_a_device_file_gets_every_byte_and_a_mistyped_path_makes_no_file(tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    device.write_bytes(b"")
    send(PrinterAddress("file", str(device)), b"ticket")
    assert device.read_bytes() == b"ticket"
    with pytest.raises(EnvironmentTrouble, match="ne répond pas"):
        send(PrinterAddress("file", str(tmp_path / "lp1")), b"ticket")
    assert not (tmp_path / "lp1").exists()


def test_a_printer_that_is_off_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for address in (PrinterAddress("tcp", "127.0.0.1", port), PrinterAddress("serial", "/dev/ttyNONE", 9600)):
        with pytest.raises(EnvironmentTrouble) as refused:
            send(address, b"ticket")
        assert refused.value.code == "IMP-401"


def test_the_number_of_a_ticket_is_a_code_128_before_the_cut() -> None:
    golden = bytes.fromhex("1d6840 1d7702 1d6600 1d4802 1d6b490a 7b42 312d303030303432")
    assert escpos.code128("1-000042") == golden
    assert escpos.code128("{").endswith(b"\x04{B{{")
    for wrong in ("", "é", "1\n", "9" * 251):
        with pytest.raises(ValueError, match=r".*"):
            escpos.code128(wrong)
    for end in (escpos.CUT, escpos.CUT_PART, escpos.feed(6), b""):
        made = escpos.with_number(escpos.line("Merci") + end, "1-000042")
        assert made == escpos.line("Merci") + b"\x1ba\x01" + golden + b"\x1ba\x00" + end
