"""Every dialogue over a real line: a pseudo-terminal plays a scale that settles, moves, is overloaded, noisy, and dies."""

from __future__ import annotations

import os
import select
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager

import pytest

from epicerie_desktop.hardware.dialogues import DIALOGUES, SPOKEN, dialogue_for
from epicerie_desktop.hardware.hid_scale import HidScale
from epicerie_desktop.hardware.line_format import (
    ALWAYS,
    BLANK_UNIT,
    HEADER_LINE,
    MARK,
    STABILITIES,
    UNTOLD,
    VALUE_LINE,
    LineFormat,
    read_request,
)
from epicerie_desktop.hardware.protocols.common import xor_of
from epicerie_desktop.hardware.scale import Pace, ScaleSettings, ScaleState, ScaleThread
from epicerie_desktop.hardware.sentences import reading_sentence, state_sentence
from epicerie_desktop.hardware.settings import ANY_HID, USB_HID
from epicerie_desktop.hardware.simulated import SimulatedToledo
from epicerie_desktop.support.errors import BadInput
from tests.hardware.test_scale_thread import PATIENCE, Heard, pseudo_terminals

pytestmark = pytest.mark.skipif(sys.platform == "win32" or not pseudo_terminals(), reason="pas de pseudo-terminal ici")
BRISK = Pace(poll=0.01, silence=0.3, reopen=0.02, quiet=0.02)
MOVING, TOO_MUCH, NOISE, SILENCE = "moving", "too much", "noise", "silence"
BABBLE = b"\x55\x2a\x00\x7f" * 30


class Plate(SimulatedToledo):
    """A scale of any make: `answers` makes the bytes for a request and what lies on it; `stream` speaks unasked."""

    def __init__(self, port, answers: Callable[[bytes, int | str], bytes | None], *, stream: bool = False):
        self.load: int | str = 0
        self.requests: list[bytes] = []
        self._answers, self._stream = answers, stream
        self.reopened_often = False
        super().__init__(port)

    def _serve(self):
        master = self._ends[0]
        while True:
            ready, _, _ = select.select([master, self._wake[0]], [], [], 0.005)
            if self._wake[0] in ready:
                return
            asked = os.read(master, 64) if master in ready else b""
            if self.reopened_often:
                self.free_for_next_opening()
            if asked:
                self.requests.append(asked)
                self.asked.set()
                self.free_for_next_opening()
            if self.load == SILENCE or not (asked or self._stream):
                continue
            said = BABBLE if self.load == NOISE else self._answers(asked, self.load)
            if said and not (self._stream and select.select([], [master], [], 0)[1] == []):
                os.write(master, said)


def cas(asked, load):
    if asked == b"\x05":
        return b"\x06"
    if asked != b"\x11":
        return None
    if load == TOO_MUCH:
        body = b"SFFFFFFFkg"
    else:
        grams = 1250 if load == MOVING else load
        body = (b"U" if load == MOVING else b"S") + b" " + f"{grams // 1000:02d}.{grams % 1000:03d}kg".encode()
    return b"\x01\x02" + body + bytes([xor_of(body)]) + b"\x03\x04"


def tisa(asked, load):
    if not asked.startswith(b"98"):
        return None
    wrong = b"1" if load in (MOVING, TOO_MUCH) else b"0"
    grams = {MOVING: 1250, TOO_MUCH: 0}.get(load, load)
    body = b"99" + wrong + f"{grams:05d}".encode() + wrong + b"000000"
    return body + bytes([xor_of(body)]) + b"\r\n"


def sics(asked, load):
    if asked != b"SI\r\n":
        return None
    return {MOVING: b"S D      1.250 kg\r\n", TOO_MUCH: b"S +\r\n"}.get(
        load
    ) or f"S S {load / 1000:10.3f} kg\r\n".encode()


def header(asked, load):
    if load == TOO_MUCH:
        return b"OL,GS,+9999999 kg\r\n"
    word, grams = (b"US", 1250) if load == MOVING else (b"ST", load)
    return word + f",GS,+{grams / 1000:8.3f}kg\r\n".encode()


def value(asked, load):
    if load == TOO_MUCH:
        return b"      OL      \r\n"
    moving, grams = (True, 1250) if load == MOVING else (False, load)
    return f"{grams / 1000:10.3f} kg {'?' if moving else ' '} G\r\n".encode()


def nci(asked, load):
    if asked != b"W\r":
        return None
    if load == TOO_MUCH:
        return b"\nS02\r\x03"
    moving, grams = (True, 1250) if load == MOVING else (False, load)
    return f"\n{grams // 1000:02d}.{grams % 1000:03d}KG\r\nS{'1' if moving else '0'}0\r\x03".encode()


def sma(asked, load):
    if asked != b"\nW\r":
        return None
    moving, grams = (True, 1250) if load == MOVING else (False, 0 if load == TOO_MUCH else load)
    status = "O" if load == TOO_MUCH else " "
    return f"\n{status}1G{'M' if moving else ' '} {grams / 1000:10.3f}kg \r".encode()


def gram(asked, load):
    if asked != b"$":
        return None
    if load == TOO_MUCH:
        return b"\x02\x21 -------kg\r\x03"
    status, grams = (0x21, 1250) if load == MOVING else (0x61, load)
    return b"\x02" + bytes([status]) + b" " + f"{grams / 1000:7.3f}kg".encode() + b"\r\x03"


def cas_22(asked, load):
    word, lamp, grams = (b"US", 0x04, 1250) if load == MOVING else (b"ST", 0x44, 0 if load == TOO_MUCH else load)
    word = b"OL" if load == TOO_MUCH else word
    return word + b",GS,0" + bytes([lamp]) + f",{grams / 1000:8.3f} kg\r\n".encode()


MARKED = LineFormat(stability=MARK)
PLAYED = {
    "cas_dc1": (cas, False, None),
    "mt_sics": (sics, False, None),
    "kern_kcp": (sics, False, None),
    "nci_ecr": (nci, False, None),
    "sma": (sma, False, None),
    "gram_pc0": (gram, False, None),
    "cas_22": (cas_22, True, None),
    HEADER_LINE: (header, True, LineFormat()),
    VALUE_LINE: (value, True, MARKED),
    "header asked": (header, False, LineFormat(request=b"Q\r\n")),
    "value asked": (value, False, LineFormat(request=b"P\r\n", stability=MARK)),
}
STYLE = {"header asked": HEADER_LINE, "value asked": VALUE_LINE}


@contextmanager
def listening(plate, protocol, line=None, **settings):
    heard = Heard()
    thread = ScaleThread(
        ScaleSettings(plate.port, protocol=protocol, bytesize=8, parity="N", line=line, **settings),
        heard.reading, heard.state, pace=BRISK,
    )  # fmt: skip
    thread.start()
    try:
        yield heard, thread
    finally:
        thread.stop()
        assert not thread.is_alive()


@pytest.mark.parametrize("name", PLAYED)
def test_a_scale_that_settles_moves_is_overloaded_babbles_and_dies_books_only_what_lies_still(name, tmp_path):
    answers, stream, line = PLAYED[name]
    with (
        Plate(tmp_path / "scale", answers, stream=stream) as plate,
        listening(plate, STYLE.get(name, name), line) as (heard, thread),
    ):
        for grams in (1250, 640, 9_995):
            plate.load = grams
            reading = heard.wait_reading(lambda r, g=grams: r.grams == g)
            assert reading.bookable
            assert thread.weigh(PATIENCE).grams == grams
        for load in (MOVING, TOO_MUCH):
            plate.load = load
            heard.wait_reading(lambda r: not r.bookable, len(heard.readings))
            thread.weigh(PATIENCE)
            said = thread.weigh(PATIENCE)
            assert not said.bookable
            assert reading_sentence(said)
            assert thread.state is ScaleState.CONNECTED
        plate.load = SILENCE
        heard.wait_state(ScaleState.SILENT)
        plate.load = NOISE
        heard.wait_state(ScaleState.NOISY)
        since = len(heard.readings)
        plate.load = 1250
        heard.wait_state(ScaleState.CONNECTED)
        heard.wait_reading(lambda r: r.bookable, since)
        plate.die()
        heard.wait_state(ScaleState.ABSENT)
        plate.load = 300
        since = len(heard.readings)
        plate.revive()
        heard.wait_reading(lambda r: r.grams == 300, since)
    assert {r.grams for r in heard.readings if r.bookable} <= {1250, 640, 9_995, 300}


def test_every_dialogue_spoken_is_played_here_or_with_the_toledo():
    assert set(SPOKEN) == {n for n in PLAYED if n not in STYLE} | {"toledo_8217", "tisa"}
    assert set(DIALOGUES) < set(SPOKEN)


def test_a_tisa_scale_is_asked_once_a_weight_and_says_to_lay_the_bag_again(tmp_path):
    with Plate(tmp_path / "scale", tisa) as plate, listening(plate, "tisa") as (heard, thread):
        heard.wait_state(ScaleState.CONNECTED)
        assert (thread.on_demand, plate.requests) == (True, [])
        plate.load = 316
        assert thread.weigh(PATIENCE).grams == 316
        thread.ask()
        heard.wait_reading(lambda r: r.bookable, 1)
        assert plate.requests == [b"98000001\r\n"] * 2
        # The scale refuses the same weight as long as the plate did not move.
        plate._answers = lambda asked, _load: (
            b"9910031610000005\r\n"[:15] + bytes([xor_of(b"991003161000000")]) + b"\r\n"
        )
        refused = thread.weigh(PATIENCE)
        assert (refused.bookable, refused.error) == (False, "not_moved")
        assert "reposez-le" in reading_sentence(refused)
        plate.die()
        heard.wait_state(ScaleState.ABSENT)
        plate._answers = tisa
        plate.revive()
        heard.wait_state(ScaleState.CONNECTED)
        assert thread.weigh(PATIENCE).grams == 316


def test_a_cas_scale_that_is_not_ready_is_asked_again(tmp_path):
    replies = [b"\x15", b"\x15"]
    with Plate(tmp_path / "scale", lambda asked, load: replies.pop() if replies else cas(asked, load)) as plate:
        plate.load = 1250
        with listening(plate, "cas_dc1") as (heard, _):
            heard.wait_reading(lambda r: r.error == "nak")
            heard.wait_reading(lambda r: r.bookable)


def test_a_stream_never_gives_what_began_before_it_was_asked(tmp_path):
    with Plate(tmp_path / "scale", header, stream=True) as plate:
        plate.load = 700
        with listening(plate, HEADER_LINE) as (_, thread):
            for grams in (700, 305, 9_000, 120):
                plate.load = grams
                time.sleep(0)
                # One line may have been half sent when the load changed; the second was begun after.
                thread.weigh(PATIENCE)
                assert thread.weigh(PATIENCE).grams == grams


@pytest.mark.parametrize(
    ("line", "said", "grams"),
    [
        (LineFormat(stability=MARK), b"    1.250 kg    G\r\n", 1250),
        (LineFormat(stability=MARK), b"    1.250 kg ?  G\r\n", None),
        (LineFormat(stability=BLANK_UNIT), b"+    1.250 kg \r\n", 1250),
        (LineFormat(stability=BLANK_UNIT), b"+    1.250    \r\n", None),
        (LineFormat(stability=ALWAYS), b"1.250kg\r\n", 1250),
        (LineFormat(stability=ALWAYS), b"1.250kg ?\r\n", None),
        (LineFormat(stability=UNTOLD), b"1.250kg\r\n", None),
        (LineFormat(stability=ALWAYS, unit_absent="kg"), b"P     46.5\r\n", 46_500),
        (LineFormat(stability=ALWAYS, unit_absent="g"), b"    325\r\n", 325),
        (LineFormat(stability=ALWAYS), b"    325\r\n", None),
        (LineFormat(stability=ALWAYS), b"-  1.640 kg    N\r\n", None),
        (LineFormat(stability=ALWAYS), b"   1,640 kg    N\r\n", 1640),
        (LineFormat(stability=ALWAYS), b"   3.2 lb\r\n", None),
        (LineFormat(stability=ALWAYS), b"   46.5 kg T\r\n", None),
        (LineFormat(stability=MARK), b"        OL\r\n", None),
    ],
)
def test_a_line_is_read_as_its_settings_say(line, said, grams):
    reading = line.read(VALUE_LINE, said)
    assert (reading.grams if reading.bookable else None) == grams


@pytest.mark.parametrize("stability", STABILITIES)
@pytest.mark.parametrize("style", [HEADER_LINE, VALUE_LINE])
def test_no_setting_books_a_line_that_is_cut_negative_or_in_pieces(style, stability):
    line = LineFormat(stability=stability)
    for said in (
        b"ST,GS,+  1.2",
        b"ST,GS,-  1.250kg\r\n",
        b"QT,GS,+     12pc\r\n",
        b"1.2",
        b"-1.250 kg\r\n",
        b"12 PCS\r\n",
    ):
        assert not line.read(style, said).bookable


def test_a_request_is_typed_as_text_and_one_that_acts_is_refused():
    assert read_request(r"P\r\n") == b"P\r\n"
    assert read_request(r"\eP") == b"\x1bP"
    assert read_request(r"\x05") == b"\x05"
    assert read_request("") == b""
    for acts in ("Z", r"T\r\n", r"@\r\n", r"\eT", "é", "x" * 40):
        with pytest.raises(BadInput):
            read_request(acts)


def test_a_scale_that_beeps_is_asked_on_demand_alone():
    assert dialogue_for(VALUE_LINE, LineFormat(request=b"P\r\n", on_demand=True)).on_demand
    assert not dialogue_for(VALUE_LINE, LineFormat(on_demand=True)).on_demand


class Reports:
    """The far end of a USB scale: the reports it sends, one a read, then the same again."""

    def __init__(self):
        self.now, self.gone, self.closed = b"", False, threading.Event()

    def read(self, length, timeout_ms=0):
        if self.gone:
            raise OSError("read error")
        if timeout_ms:
            time.sleep(0)
        return list(self.now) if timeout_ms else []

    def close(self):
        self.closed.set()


def test_a_usb_scale_is_read_by_its_reports_and_found_again_after_it_was_pulled_out():
    scale, heard = Reports(), Heard()
    scale.now = bytes.fromhex("030403fd6001")
    thread = HidScale(
        ScaleSettings(ANY_HID, protocol=USB_HID, division_grams=1),
        heard.reading,
        heard.state,
        pace=BRISK,
        opener=lambda _: scale,
    )
    thread.start()
    assert heard.wait_reading(lambda r: r.bookable).grams == 352
    for report, error in (
        ("030303fd6001", "motion"),
        ("0306020000 00", "over_capacity"),
        ("030502 00 0a00", "under_zero"),
    ):
        scale.now = bytes.fromhex(report)
        heard.wait_reading(lambda r, e=error: r.error == e)
        thread.weigh(PATIENCE)
        assert not thread.weigh(PATIENCE).bookable
    scale.now = b""
    heard.wait_state(ScaleState.SILENT)
    scale.gone = True
    heard.wait_state(ScaleState.ABSENT)
    scale.gone, scale.now = False, bytes.fromhex("0304 02 00 f401")
    assert heard.wait_reading(lambda r: r.bookable and r.grams == 500)
    thread.stop()
    assert scale.closed.is_set()


def test_without_the_usb_library_the_scale_is_said_to_lack_it():
    try:
        import hid  # noqa: F401
    except ImportError:
        heard = Heard()
        thread = HidScale(ScaleSettings(ANY_HID, protocol=USB_HID), heard.reading, heard.state, pace=BRISK)
        thread.start()
        heard.wait_state(ScaleState.NO_LIBRARY)
        thread.stop()
    assert "hidapi" in state_sentence(ScaleState.NO_LIBRARY)
