"""Live dialogues: what to send, how to tell that the answer is whole, how to understand it.

A new scale is one more entry in `DIALOGUES`; the thread that speaks does not change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from epicerie_desktop.hardware.protocols import decode, toledo_8217
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class Step:
    """One request and the frame that answers it.

    `frame_end` takes what was received so far and returns the length of the whole frame, None while it is not whole.
    """

    request: bytes
    frame_end: Callable[[bytes], int | None]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The exchanges that lead to one reading; the last frame carries it."""

    protocol: str
    steps: tuple[Step, ...]

    def decode(self, frame: bytes) -> Reading:
        """Return what a whole frame says."""
        return decode(self.protocol, frame)


DIALOGUES: dict[str, Dialogue] = {
    "toledo_8217": Dialogue("toledo_8217", (Step(toledo_8217.WEIGHT_REQUEST, toledo_8217.frame_end),)),
}


def dialogue_for(protocol: str) -> Dialogue:
    """Return the dialogue of a protocol; raises `BadInput`, with the known ones, when the program cannot speak it."""
    try:
        return DIALOGUES[protocol]
    except KeyError:
        raise BadInput(
            N_(
                "Le programme ne sait pas encore interroger une balance « {protocol} ». "
                "Réglez la balance sur l'un de ces protocoles : {known}."
            ),
            protocol=protocol,
            known=", ".join(DIALOGUES),
        ) from None
