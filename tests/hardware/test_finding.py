"""The search for a scale: on a real line, each make is found, nothing that could act is sent, an empty port stays empty."""

from __future__ import annotations

import sys
import threading

import pytest

from epicerie_desktop.hardware.finding import Match, compare, corrected, find_on, recognise, requests_sent
from epicerie_desktop.hardware.line_format import BLANK_UNIT, HEADER_LINE, MARK, UNTOLD, VALUE_LINE, LineFormat
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.hardware.settings import Pace, ScaleSettings
from tests.hardware.test_dialogues import Plate, cas, cas_22, header, nci, sics, tisa, value
from tests.hardware.test_scale_thread import pseudo_terminals

pytestmark = pytest.mark.skipif(sys.platform == "win32" or not pseudo_terminals(), reason="pas de pseudo-terminal ici")
BRISK = Pace(poll=0.01, silence=0.3, reopen=0.02, quiet=0.02)


def toledo(asked, load):
    if asked == b"Ehello":
        return b"\x02E\rhello"
    return f"\x02{load // 1000:02d}.{load % 1000:03d}\r".encode() if asked == b"W" else None


def toledo_without_echo(asked, load):
    return toledo(asked, load) if asked == b"W" else b"\x02?A\r"


@pytest.mark.parametrize(
    ("answers", "stream", "protocol"),
    [
        (toledo, False, "toledo_8217"),
        (toledo_without_echo, False, "toledo_8217"),
        (nci, False, "nci_ecr"),
        (cas, False, "cas_dc1"),
        (tisa, False, "tisa"),
        (sics, False, "mt_sics"),
        (header, True, HEADER_LINE),
        (value, True, VALUE_LINE),
        (cas_22, True, "cas_22"),
    ],
)
def test_a_scale_is_found_with_its_protocol(answers, stream, protocol, tmp_path):
    with Plate(tmp_path / "scale", answers, stream=stream) as plate:
        plate.load, plate.reopened_often = 1250, True
        (found,) = find_on([str(tmp_path / "none"), plate.port], pace=BRISK)
        assert (found.settings.port, found.settings.protocol) == (plate.port, protocol)
        assert found.reading.grams == 1250
        assert found.streams == stream
        if stream:
            assert plate.requests == []
        else:
            assert set(plate.requests) <= set(requests_sent())


def test_a_silent_or_babbling_port_has_no_scale_and_hears_only_requests_for_a_weight(tmp_path):
    with Plate(tmp_path / "scale", lambda asked, load: None) as plate:
        plate.reopened_often = True
        assert find_on([plate.port], pace=BRISK) == ()
        sent = b"".join(plate.requests)
        plate._answers = lambda asked, load: b"?\r\n"
        assert find_on([plate.port], pace=BRISK) == ()
    assert sent
    assert not set(sent) & set(b"TZPtzp@\x1b")


def test_nothing_that_could_act_is_ever_sent():
    for request in requests_sent():
        assert not set(request) & set(b"TZPtzp@CR\x1b")


def test_a_search_given_up_ends_at_once(tmp_path):
    stop = threading.Event()
    stop.set()
    assert find_on(["COM1", "COM2"], pace=BRISK, given_up=stop) == ()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (b"50 kg\r\n   1.250 kg ?\r\n   1.255 kg  G\r\n", (VALUE_LINE, MARK, 1255)),
        (b"   1.250 kg \r\n+  1.250    \r\n+  1.250 kg \r\n", (VALUE_LINE, BLANK_UNIT, 1250)),
        (b"1.250kg\r\n1.250kg\r\n", (VALUE_LINE, UNTOLD, 1250)),
        (b"0kg\r\nST,GS,+  1.250kg\r\nUS,GS,+  1.000kg\r\n", (HEADER_LINE, UNTOLD, 1000)),
        (b"hello\r\nworld\r\nagain\r\n", None),
        (b"\xf8\x80\x78" * 40, None),
        (b"", None),
    ],
)
def test_what_a_scale_sends_unasked_is_recognised_or_not(lines, expected):
    known = recognise(lines)
    assert (known and (known[0], known[1].stability, known[2].grams)) == expected


@pytest.mark.parametrize(
    ("known", "said", "match"),
    [
        (1000, 1005, Match.SAME),
        (1000, 1019, Match.SAME),
        (1000, 1_000_000, Match.GRAMS_FOR_KILOS),
        (1000, 1, Match.KILOS_FOR_GRAMS),
        (1000, 1250, Match.DIFFERENT),
        (1000, None, Match.DIFFERENT),
    ],
)
def test_a_known_weight_tells_kilos_from_grams(known, said, match):
    reading = Reading(said, True, unit="kg")
    assert compare(known, reading) is match
    silent = ScaleSettings("COM3", protocol=VALUE_LINE, line=LineFormat(unit_absent="kg"))
    named = ScaleSettings("COM3")
    if match is Match.SAME:
        assert corrected(named, match, "kg").unit == "kg"
    elif match is Match.GRAMS_FOR_KILOS:
        assert corrected(silent, match, "kg").line.unit_absent == "g"
        assert corrected(named, match, "kg") is None
    elif match is Match.DIFFERENT:
        assert corrected(silent, match, "kg") is None
