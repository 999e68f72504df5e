"""The thread against a scale that speaks on a real pseudo-terminal, through the real serial library."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import closing, contextmanager

import pytest

from epicerie_desktop.hardware.dialogues import Dialogue, Step
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.hardware.scale import Pace, ScaleSettings, ScaleState, ScaleThread, make_scale
from epicerie_desktop.hardware.settings import SIMULATED
from epicerie_desktop.hardware.simulated import SimulatedScale, SimulatedToledo
from epicerie_desktop.support.errors import BadInput

BRISK = Pace(poll=0.01, silence=0.15, reopen=0.02, quiet=0.02)
PATIENCE = 5.0

real_line = pytest.mark.skipif(sys.platform == "win32", reason="pas de pseudo-terminal sous Windows")


class Heard:
    """What a scale said, and a way to wait for it."""

    def __init__(self):
        self.readings: list[Reading] = []
        self.states: list[ScaleState] = []
        self._news = threading.Condition()

    def reading(self, reading):
        with self._news:
            self.readings.append(reading)
            self._news.notify_all()

    def state(self, state):
        with self._news:
            self.states.append(state)
            self._news.notify_all()

    def wait_state(self, state):
        with self._news:
            assert self._news.wait_for(lambda: state in self.states, PATIENCE), self.states
            self.states = self.states[self.states.index(state) + 1 :]

    def wait_reading(self, wanted, since=0):
        with self._news:
            assert self._news.wait_for(lambda: any(wanted(r) for r in self.readings[since:]), PATIENCE), self.readings[
                -3:
            ]
            return next(r for r in self.readings[since:] if wanted(r))


def pseudo_terminals() -> bool:
    try:
        for end in os.openpty():
            os.close(end)
    except (AttributeError, OSError):
        return False
    return True


pytestmark = pytest.mark.skipif(not pseudo_terminals(), reason="pas de pseudo-terminal ici (/dev/pts n'est pas monté)")


@pytest.fixture
def toledo(tmp_path):
    with SimulatedToledo(tmp_path / "scale") as scale:
        yield scale


@contextmanager
def listening(port, **settings):
    heard = Heard()
    thread = ScaleThread(ScaleSettings(port, **settings), heard.reading, heard.state, pace=BRISK)
    thread.start()
    try:
        yield heard, thread
    finally:
        thread.stop()
        assert not thread.is_alive()
        assert thread.state is ScaleState.STOPPED


@real_line
def test_a_stable_weight_arrives_and_may_be_booked(toledo):
    toledo.put(1250)
    with listening(toledo.port) as (heard, _):
        heard.wait_state(ScaleState.CONNECTED)
        reading = heard.wait_reading(lambda r: r.bookable)
        assert (reading.grams, reading.net, reading.unit) == (1250, False, "kg")
        toledo.put(1000, net=True)
        assert heard.wait_reading(lambda r: r.net and r.grams == 1000).bookable


@real_line
def test_an_eight_bit_line_that_keeps_the_parity_bit_is_read(tmp_path):
    with SimulatedToledo(tmp_path / "scale", parity_in_bit_7=True) as toledo:
        toledo.put(1250)
        with listening(toledo.port, bytesize=8, parity="N") as (heard, _):
            assert heard.wait_reading(lambda r: r.bookable).grams == 1250


@real_line
@pytest.mark.parametrize(
    ("gesture", "error"),
    [("put_moving", "motion"), ("overload", "over_capacity"), ("under_zero", "under_zero")],
)
def test_without_a_weight_the_one_before_is_never_kept(toledo, gesture, error):
    toledo.put(1250)
    with listening(toledo.port) as (heard, thread):
        heard.wait_reading(lambda r: r.grams == 1250)
        getattr(toledo, gesture)()
        heard.wait_reading(lambda r: r.error == error)
        assert (thread.weigh().grams, thread.weigh().bookable) == (None, False)
        assert thread.state is ScaleState.CONNECTED


@real_line
def test_more_than_the_capacity_of_the_scale_is_not_booked(toledo):
    toledo.put(15_005)
    with listening(toledo.port, capacity_grams=15_000) as (_, thread):
        assert thread.weigh(PATIENCE).error == "over_capacity"


@real_line
def test_a_weighing_asked_for_is_the_one_of_the_article_now_on_the_plate(toledo):
    with listening(toledo.port) as (_, thread):
        for grams in (500, 1250, 75, 9_995):
            toledo.put(grams)
            assert thread.weigh(PATIENCE).grams == grams


@real_line
def test_an_answer_left_in_the_buffer_is_not_taken_for_this_one(toledo):
    heard = Heard()
    slow = Pace(poll=60, silence=1.0, reopen=0.02, quiet=0.02)
    thread = ScaleThread(ScaleSettings(toledo.port), heard.reading, heard.state, pace=slow)
    toledo.put(700)
    thread.start()
    heard.wait_reading(lambda r: r.grams == 700)
    toledo.send_unasked(b"\x0209.999\r")
    toledo.put(300)
    assert thread.weigh(PATIENCE).grams == 300
    thread.stop()
    assert all(r.grams != 9_999 for r in heard.readings)


@real_line
def test_a_scale_that_dies_and_comes_back_is_found_again_by_itself(toledo):
    toledo.put(1250)
    with listening(toledo.port) as (heard, thread):
        heard.wait_reading(lambda r: r.bookable)
        toledo.die()
        heard.wait_state(ScaleState.ABSENT)
        heard.wait_reading(lambda r: r.error == "disconnected")
        assert not thread.weigh().bookable
        since = len(heard.readings)
        toledo.put(640)
        toledo.revive()
        heard.wait_state(ScaleState.CONNECTED)
        assert heard.wait_reading(lambda r: r.bookable, since).grams == 640


@real_line
def test_noise_books_nothing_and_the_scale_is_heard_again_after_it(toledo):
    toledo.babble()
    with listening(toledo.port) as (heard, _):
        heard.wait_state(ScaleState.NOISY)
        toledo.babble(b"\x02\x0201.250\r")
        heard.wait_reading(lambda r: r.error == "incomplete_frame", len(heard.readings))
        assert not any(r.bookable for r in heard.readings)
        toledo.put(1250)
        heard.wait_state(ScaleState.CONNECTED)
        heard.wait_reading(lambda r: r.bookable)


@real_line
def test_two_answers_glued_together_book_neither(toledo):
    toledo.babble(b"\x0201.250\r\x0200.640\r")
    with listening(toledo.port) as (heard, thread):
        heard.wait_state(ScaleState.NOISY)
        assert not thread.weigh(PATIENCE).bookable


@real_line
def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one(toledo):
    heard = Heard()
    toledo.put(700)
    toledo.delay = 0.3
    pace = Pace(poll=0.01, silence=0.1, reopen=0.02, quiet=0.6)
    thread = ScaleThread(ScaleSettings(toledo.port), heard.reading, heard.state, pace=pace)
    thread.start()
    assert toledo.asked.wait(PATIENCE)
    toledo.put(300)
    toledo.delay = 0.0
    heard.wait_reading(lambda r: r.grams is not None)
    thread.stop()
    assert {r.grams for r in heard.readings} == {None, 300}


@real_line
def test_another_dialogue_plugs_in_and_two_answers_to_one_request_book_neither(toledo):
    heard = Heard()
    lines = Dialogue("mt_sics", (Step(b"W", lambda got: got.find(b"\n") + 1 or None),))
    toledo.babble(b"S S      1.250 kg\r\n")
    thread = ScaleThread(ScaleSettings(toledo.port), heard.reading, heard.state, pace=BRISK, dialogue=lines)
    thread.start()
    heard.wait_reading(lambda r: r.bookable and r.grams == 1250)
    toledo.babble(b"S S      1.250 kg\r\nS S      0.640 kg\r\n")
    heard.wait_reading(lambda r: r.error == "incomplete_frame")
    thread.stop()
    assert all(r.grams != 640 for r in heard.readings)


@real_line
def test_silence_is_told_and_ends_when_the_scale_answers(toledo):
    toledo.fall_silent()
    with listening(toledo.port) as (heard, _):
        heard.wait_state(ScaleState.SILENT)
        heard.wait_reading(lambda r: r.error == "no_reply")
        toledo.put(85)
        heard.wait_state(ScaleState.CONNECTED)
        assert heard.wait_reading(lambda r: r.bookable).warning == "below_minimum"


@real_line
def test_a_port_that_is_not_there_is_absent_until_it_appears(tmp_path):
    with listening(str(tmp_path / "scale")) as (heard, thread):
        heard.wait_state(ScaleState.ABSENT)
        assert thread.weigh().error == "disconnected"
        with SimulatedToledo(tmp_path / "scale") as toledo:
            toledo.put(1250)
            assert heard.wait_reading(lambda r: r.bookable).grams == 1250


@real_line
def test_a_second_program_on_the_same_port_is_told_that_it_is_busy(toledo):
    toledo.put(1250)
    with listening(toledo.port) as (first, _):
        first.wait_reading(lambda r: r.bookable)
        toledo.free_for_next_opening()
        with listening(toledo.port) as (second, _):
            second.wait_state(ScaleState.BUSY)


@real_line
def test_the_refusal_of_the_system_to_set_the_line_is_survived(toledo):
    import serial

    # A second seven-bit opening of a pseudo-terminal raises termios.error, which is no OSError.
    with closing(serial.Serial(toledo.port, 9600, 7, "E")):
        pass
    toledo.put(1250)
    with listening(toledo.port) as (heard, _):
        heard.wait_state(ScaleState.ABSENT)
        toledo.free_for_next_opening()
        assert heard.wait_reading(lambda r: r.bookable).grams == 1250


SILENCE = 60
"""Seconds the thread would wait by itself: stopping must not wait for them."""


@real_line
@pytest.mark.parametrize("gesture", ["fall_silent", "babble", "put_moving"])
def test_stopping_is_prompt_whatever_the_scale_does(toledo, gesture):
    getattr(toledo, gesture)()
    heard = Heard()
    thread = ScaleThread(
        ScaleSettings(toledo.port), heard.reading, heard.state, pace=Pace(silence=SILENCE, reopen=SILENCE)
    )
    thread.start()
    assert toledo.asked.wait(PATIENCE)
    began = time.monotonic()
    thread.stop()
    assert time.monotonic() - began < SILENCE / 2
    thread.stop()


def test_a_thread_that_never_started_may_be_stopped():
    thread = ScaleThread(ScaleSettings("COM3"), lambda _: None, lambda _: None)
    assert thread.weigh(0.01).error == "disconnected"
    thread.stop()


def test_a_protocol_without_a_dialogue_is_refused_before_any_port_is_opened():
    with pytest.raises(BadInput):
        make_scale(ScaleSettings("COM3", protocol="dialog06"), lambda _: None, lambda _: None)


def test_the_simulated_scale_speaks_as_the_real_one_does():
    heard = Heard()
    scale = make_scale(ScaleSettings("simulation", protocol=SIMULATED), heard.reading, heard.state)
    assert isinstance(scale, SimulatedScale)
    scale.start()
    assert scale.weigh() == Reading(0, True, False, unit="kg")
    scale.put(1250)
    assert [(r.error, r.bookable) for r in heard.readings[-2:]] == [("motion", False), (None, True)]
    scale.put_moving()
    assert scale.weigh().error == "motion"
    scale.put(15_005)
    assert scale.weigh().error == "over_capacity"
    scale.put(-20)
    assert scale.weigh().error == "under_zero"
    scale.remove()
    assert not scale.weigh().bookable
    scale.unplug()
    assert heard.readings[-1].error == "disconnected"
    scale.plug()
    scale.stop()
    scale.put(500)
    assert not heard.readings[-1].bookable
    assert heard.states == [ScaleState.CONNECTED, ScaleState.ABSENT, ScaleState.CONNECTED, ScaleState.STOPPED]
