"""The dozen commands of a ticket printer (ESC/POS, after Epson's reference), as bytes. Pure: knows no port.

Texts go out in the code page CP858: every French letter but œ and the quotes of a printer's case, which are put in plain ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import Enum
from textwrap import wrap

from epicerie_desktop.domain.ticket import Ticket
from epicerie_desktop.domain.ticket_text import Row, RowKind, rows_of

INIT = b"\x1b@\x1bt\x13"
"""Reset, then the code page CP858 (page 19)."""
CUT, CUT_PART = b"\x1bd\x06\x1dV\x00", b"\x1bd\x06\x1dV\x01"
"""Six lines of paper, then a full cut, or one that leaves a bridge."""
STATUS = tuple(b"\x10\x04" + bytes((n,)) for n in (1, 2, 4))
"""Real-time status: the printer, why it is off line, the paper."""

_PLAIN = str.maketrans(
    {"œ": "oe", "Œ": "OE", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u202f": " ", "\u00a0": " ",
     "−": "-", "•": "*"}
)  # fmt: skip


class Drawer(Enum):
    """Which pin of the printer's socket opens the drawer."""

    PIN_2 = 0
    PIN_5 = 1


def text(words: str) -> bytes:
    """Return words in CP858; what it has not is put in plain letters, else « ? »."""
    plain = unicodedata.normalize("NFC", words).translate(_PLAIN)
    out = bytearray()
    for sign in plain:
        if sign in "\r\x1b\x1d\x10":
            continue
        try:
            out += sign.encode("cp858")
        except UnicodeEncodeError:
            bare = unicodedata.normalize("NFD", sign)[0]
            out += bare.encode("ascii", "replace")
    return bytes(out)


def line(words: str = "") -> bytes:
    """Return a line of words and its end."""
    return text(words) + b"\n"


def align(where: str) -> bytes:
    """Return the command that puts what follows at the `left`, in the `centre` or at the `right`."""
    return b"\x1ba" + bytes((["left", "centre", "right"].index(where),))


def bold(on: bool) -> bytes:
    """Return the command that makes what follows bold, or not."""
    return b"\x1bE" + bytes((int(on),))


def size(wide: int = 1, high: int = 1) -> bytes:
    """Return the command that makes what follows 1 to 8 times as wide and as high."""
    if not (1 <= wide <= 8 and 1 <= high <= 8):
        raise ValueError((wide, high))
    return b"\x1d!" + bytes(((wide - 1) << 4 | (high - 1),))


def feed(lines: int) -> bytes:
    """Return the command that moves the paper by some lines."""
    return b"\x1bd" + bytes((max(0, min(lines, 255)),))


def open_drawer(pin: Drawer = Drawer.PIN_2) -> bytes:
    """Return the pulse that opens the drawer: 100 ms on, 100 ms off."""
    return b"\x1bp" + bytes((pin.value, 0x32, 0x32))


def ean13(digits: str, *, height: int = 64, width: int = 3) -> bytes:
    """Return a barcode of twelve digits, its check digit being the printer's to add, its figures below."""
    if len(digits) != 12 or not digits.isascii() or not digits.isdigit():
        raise ValueError(digits)
    return (
        b"\x1dh"
        + bytes((height,))
        + b"\x1dw"
        + bytes((width,))
        + b"\x1df\x00\x1dH\x02\x1dk\x02"
        + digits.encode()
        + b"\x00"
    )


def code128(content: str, *, height: int = 64, width: int = 2) -> bytes:
    """Return a barcode of 1 to 250 printable ASCII signs (Code 128, set B: « {B » tells it, « { » is doubled), its signs below.

    After Epson's reference, GS k, function B: `1D 6B 49 n d1…dn`. Ten signs at `width` 2 take 288 dots, of the 384 of a 58 mm roll.
    """
    data = content.encode("ascii").replace(b"{", b"{{")
    if not (1 <= len(data) <= 250 and content.isprintable()):
        raise ValueError(content)
    head = b"\x1dh" + bytes((height,)) + b"\x1dw" + bytes((width,)) + b"\x1df\x00\x1dH\x02"
    return head + b"\x1dkI" + bytes((len(data) + 2,)) + b"{B" + data


def with_number(ticket: bytes, number: str) -> bytes:
    """Return the bytes of a ticket with the barcode of its number in the middle, before the paper is fed and cut."""
    end = next((e for e in (CUT_PART, CUT, feed(6)) if ticket.endswith(e)), b"")
    bars = align("centre") + code128(number) + align("left")
    return ticket[: len(ticket) - len(end)] + bars + end


def qr(content: str, *, module: int = 6) -> bytes:
    """Return a QR code (model 2, level M) of an ASCII content."""
    data = content.encode("ascii")
    stored = len(data) + 3
    return b"".join(
        (
            b"\x1d(k\x04\x001A2\x00", b"\x1d(k\x03\x001C" + bytes((module,)), b"\x1d(k\x03\x001E1",
            b"\x1d(k" + bytes((stored & 0xFF, stored >> 8)) + b"1P0" + data, b"\x1d(k\x03\x001Q0",
        )
    )  # fmt: skip


class PaperState(Enum):
    """What a printer says of its paper; `UNKNOWN` for an answer that is none."""

    GOOD = "GOOD"
    LOW = "LOW"
    OUT = "OUT"
    UNKNOWN = "UNKNOWN"


def paper_state(answer: bytes) -> PaperState:
    """Return what the answer to `10 04 04` says; its fixed bits must stand as the reference has them."""
    if len(answer) != 1 or answer[0] & 0b1001_0011 != 0b0001_0010:
        return PaperState.UNKNOWN
    if answer[0] & 0b0110_0000:
        return PaperState.OUT
    return PaperState.LOW if answer[0] & 0b0000_1100 else PaperState.GOOD


_CENTRED = {RowKind.SHOP, RowKind.CONTACT, RowKind.STAMP, RowKind.CEILING, RowKind.LAST_WORD, RowKind.SMALL_PRINT}
_BOLD = {RowKind.SHOP, RowKind.NUMBER, RowKind.DUE, RowKind.LAST_WORD, RowKind.STAMP}
_TALL = {RowKind.DUE, RowKind.STAMP}


def ticket_bytes(ticket: Ticket, *, columns: int = 42, cut: bool = True, drawer: Drawer | None = None) -> bytes:
    """Return all that prints a ticket on a roll of so many columns (32 on 58 mm, 42 or 48 on 80 mm), and opens the drawer if asked."""
    return rows_bytes(rows_of(ticket), columns=columns, cut=cut, drawer=drawer)


def rows_bytes(rows: Iterable[Row], *, columns: int = 42, cut: bool = True, drawer: Drawer | None = None) -> bytes:
    """Return all that prints rows on a roll of so many columns, and opens the drawer if asked."""
    out = [INIT]
    if drawer is not None:
        out.append(open_drawer(drawer))
    for row in rows:
        out += _row(row, columns)
    return b"".join([*out, CUT_PART if cut else feed(6)])


def _row(row: Row, columns: int) -> list[bytes]:
    if row.kind is RowKind.RULE:
        return [line("-" * columns)]
    body = b"".join(line(words) for words in set_out(row, columns))
    before: list[bytes] = []
    after: list[bytes] = []
    for wanted, on, off in (
        (row.kind in _CENTRED, align("centre"), align("left")),
        (row.kind in _BOLD, bold(True), bold(False)),
        (row.kind in _TALL, size(1, 2), size()),
    ):
        if wanted:
            before.append(on)
            after.insert(0, off)
    return [*before, body, *after]


def set_out(row: Row, columns: int) -> list[str]:
    """Return the lines of a row in so many columns: words wrapped in the room their figures leave, figures on the last line."""
    plain = Row(row.kind, *(text(part).decode("cp858") for part in (row.left, row.value, row.right)))
    figures = f"{plain.value:>8} {plain.right:>8}" if plain.value else plain.right
    room = columns - len(figures) - bool(figures)
    words = wrap(plain.left, max(room, 8)) or [""]
    if not figures:
        return words
    return [*words[:-1], words[-1].ljust(columns - len(figures)) + figures]
