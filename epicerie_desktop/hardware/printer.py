"""The road to a ticket printer: a device file, a network address, a serial port. Opened for one ticket, closed after it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from epicerie_desktop.hardware.escpos import STATUS, PaperState, paper_state
from epicerie_desktop.hardware.scale import PORT_TROUBLES
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble
from epicerie_desktop.support.i18n import N_

TCP_PORT = 9100
_SECONDS = 5.0
_ANSWER_SECONDS = 0.5
"""How long a printer is given to tell of its paper; many never answer, and print all the same."""
_SILENT = N_(
    "L'imprimante de tickets ne répond pas : vérifiez qu'elle est allumée et branchée. Le ticket est gardé, il se réimprime."
)


_NO_PAPER = N_(
    "L'imprimante de tickets n'a plus de papier : remettez un rouleau. Le ticket est gardé, il se réimprime."
)


@dataclass(frozen=True, slots=True)
class PrinterAddress:
    """Where the printer is: `file` (a path), `tcp` (a host, with its port) or `serial` (a port, with its speed)."""

    kind: str
    where: str
    number: int = 0


def parse_address(text: str) -> PrinterAddress | None:
    """Return the address typed in the settings, None for an empty one.

    `/dev/usb/lp0` is a device file, `192.168.1.50` or `imprimante:9100` a network printer, `COM3@19200` or `/dev/ttyUSB0@9600` a
    serial one. Raises `BadInput`.
    """
    typed = text.strip()
    if not typed:
        return None
    where, at, speed = typed.rpartition("@")
    if at:
        if not where or not speed.isascii() or not speed.isdigit() or not 300 <= int(speed) <= 921_600:
            raise BadInput(N_("Écrivez le port série et sa vitesse : par exemple COM3@19200."))
        return PrinterAddress("serial", where, int(speed))
    if "/" in typed or "\\" in typed:
        return PrinterAddress("file", typed)
    host, colon, port = typed.rpartition(":")
    if not colon:
        host, port = typed, str(TCP_PORT)
    if not host or ":" in host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise BadInput(N_("Écrivez l'adresse de l'imprimante : un chemin, une adresse de réseau ou un port série."))
    return PrinterAddress("tcp", host, int(port))


def send(address: PrinterAddress, data: bytes, *, ask_paper: bool = False) -> None:
    """Send the bytes of a ticket, whole, after asking whether there is paper where the road goes both ways.

    Raises `EnvironmentTrouble` (IMP-4xx): the ticket itself is kept, and can be printed again."""
    try:
        match address.kind:
            case "tcp":
                with socket.create_connection((address.where, address.number), timeout=_SECONDS) as line:
                    if ask_paper:
                        line.settimeout(_ANSWER_SECONDS)
                        _refuse_no_paper(line.sendall, lambda: line.recv(1))
                        line.settimeout(_SECONDS)
                    line.sendall(data)
                    line.shutdown(socket.SHUT_WR)
            case "serial":
                _serial(address, data, ask_paper)
            case _:
                # Opened without being made: a mistyped path must not leave a file where no printer is.
                with Path(address.where).open("r+b", buffering=0) as device:
                    view = memoryview(data)
                    while view:
                        view = view[device.write(view) :]
    except PORT_TROUBLES as error:
        raise EnvironmentTrouble("IMP-401", _SILENT) from error


def _refuse_no_paper(ask: Callable[[bytes], object], answer: Callable[[], bytes]) -> None:
    ask(STATUS[2])
    try:
        told = answer()
    except TimeoutError:
        return
    if paper_state(told) is PaperState.OUT:
        raise EnvironmentTrouble("IMP-402", _NO_PAPER)


def _serial(address: PrinterAddress, data: bytes, ask_paper: bool) -> None:
    import serial

    with serial.Serial(address.where, address.number, timeout=_SECONDS, write_timeout=_SECONDS) as port:
        if ask_paper:
            port.timeout = _ANSWER_SECONDS
            _refuse_no_paper(port.write, lambda: bytes(port.read(1)))
        port.write(data)
        port.flush()
        _let_go(port)


def _let_go(port: Any) -> None:
    """Wait until the last byte has left: closing the port at once would cut the foot of the ticket."""
    until = time.monotonic() + _SECONDS
    while port.out_waiting and time.monotonic() < until:
        time.sleep(0.01)
