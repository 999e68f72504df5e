"""Live dialogues: what to send, how to tell that the answer is whole, how to understand it.

A new scale is one more entry in `DIALOGUES`; the thread that speaks does not change. The two formats of lines are the
only ones whose dialogue comes from the settings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from epicerie_desktop.hardware.line_format import HEADER_LINE, VALUE_LINE, LineFormat
from epicerie_desktop.hardware.protocols import cas, decode, gram, nci, sics, sma, tisa, toledo_8217
from epicerie_desktop.hardware.protocols.common import line_end
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class Step:
    """One request and the frame that answers it.

    `frame_end` takes what was received so far and returns the length of the whole frame, None while it is not whole. An
    empty request means that the scale speaks unasked: the frame taken is the first that begins after the listening did.
    """

    request: bytes
    frame_end: Callable[[bytes], int | None]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The exchanges that lead to one reading; the last frame carries it.

    `on_demand`: a scale that must not be asked over and over, because each answer counts (TISA) or beeps (Adam).
    """

    protocol: str
    steps: tuple[Step, ...]
    read: Callable[[bytes], Reading] | None = None
    on_demand: bool = False

    def decode(self, frame: bytes) -> Reading:
        """Return what a whole frame says."""
        return decode(self.protocol, frame) if self.read is None else self.read(frame)

    @property
    def streams(self) -> bool:
        """Return whether the scale speaks unasked."""
        return not self.steps[-1].request

    def follows(self, before: Reading | None, reading: Reading) -> Reading:
        """Return the reading, knowing the weight last accepted.

        A TISA scale refuses a second weight that did not move from the first, in the words of a weight that moves: told
        apart, the person knows to lift the bag and lay it again rather than wait.
        """
        unmoved = before is not None and before.grams == reading.grams and reading.error == "motion"
        return replace(reading, error="not_moved") if self.protocol == "tisa" and unmoved else reading


def _one(protocol: str, request: bytes, end: Callable[[bytes], int | None], *, on_demand: bool = False) -> Dialogue:
    return Dialogue(protocol, (Step(request, end),), on_demand=on_demand)


DIALOGUES: dict[str, Dialogue] = {
    "toledo_8217": _one("toledo_8217", toledo_8217.WEIGHT_REQUEST, toledo_8217.frame_end),
    "cas_dc1": Dialogue("cas_dc1", (Step(cas.READY_REQUEST, cas.frame_end), Step(cas.WEIGHT_REQUEST, cas.frame_end))),
    "tisa": _one("tisa", tisa.WEIGHT_REQUEST, tisa.frame_end, on_demand=True),
    "mt_sics": _one("mt_sics", sics.WEIGHT_REQUEST, partial(line_end, end=b"\n")),
    "kern_kcp": _one("kern_kcp", sics.WEIGHT_REQUEST, partial(line_end, end=b"\n")),
    "nci_ecr": _one("nci_ecr", nci.WEIGHT_REQUEST, partial(line_end, end=b"\x03")),
    "sma": _one("sma", sma.WEIGHT_REQUEST, partial(line_end, end=b"\r")),
    "gram_pc0": _one("gram_pc0", gram.WEIGHT_REQUEST, gram.frame_end),
    "cas_22": _one("cas_22", b"", partial(line_end, end=b"\n")),
}

SPOKEN: tuple[str, ...] = (*DIALOGUES, HEADER_LINE, VALUE_LINE)


def dialogue_for(protocol: str, line: LineFormat | None = None) -> Dialogue:
    """Return the dialogue of a protocol; raises `BadInput`, with the known ones, when the program cannot speak it.

    `line` is the format of a scale that sends lines of text, the usual one when None.
    """
    if protocol in {HEADER_LINE, VALUE_LINE}:
        line = line or LineFormat()
        end = partial(line_end, end=line.end)
        return Dialogue(
            protocol,
            (Step(line.request, end),),
            read=partial(line.read, protocol),
            on_demand=line.on_demand and bool(line.request),
        )
    try:
        return DIALOGUES[protocol]
    except KeyError:
        raise BadInput(
            N_(
                "Le programme ne sait pas encore interroger une balance « {protocol} ». "
                "Réglez la balance sur l'un de ces protocoles : {known}."
            ),
            protocol=protocol,
            known=", ".join(SPOKEN),
        ) from None
