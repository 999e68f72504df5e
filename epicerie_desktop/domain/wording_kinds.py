"""The papers whose words may be changed, and what a paper says of itself: its fields, its place, its own lines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from epicerie_desktop.support.i18n import N_

HEADING, LISTED, OTHERWISE = "# ", "- ", "| "
BREAK = "---"
"""The line between what stands under the title of a paper and what stands at its foot."""


class WordingKind(StrEnum):
    """A paper, or the part of a paper, whose words may be changed."""

    CONTRACT = "CONTRACT"
    PROXY = "PROXY"
    RULES = "RULES"
    CONFIDENTIALITY = "CONFIDENTIALITY"
    NOTICE = "NOTICE"
    ANSWER = "ANSWER"
    ONWARD = "ONWARD"
    LIAISON = "LIAISON"
    APPOINTMENT = "APPOINTMENT"
    TICKET = "TICKET"
    RECALL = "RECALL"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    ADJOURNED = "ADJOURNED"
    MEASURE = "MEASURE"
    HEARING = "HEARING"
    EXPLANATION = "EXPLANATION"
    SUBJECT_FILE = "SUBJECT_FILE"
    CARD = "CARD"
    MONTH_SHEET = "MONTH_SHEET"
    PAPER_MORNING = "PAPER_MORNING"
    ATTENDANCE = "ATTENDANCE"
    ALLERGENS = "ALLERGENS"
    CALL_LIST = "CALL_LIST"
    RECEPTION = "RECEPTION"
    LEAVING = "LEAVING"
    STOCK_TAKE = "STOCK_TAKE"
    LOSSES = "LOSSES"
    ORDER = "ORDER"
    FORWARD = "FORWARD"
    COLD_REGISTER = "COLD_REGISTER"
    SHELF_LABEL = "SHELF_LABEL"
    LOT_LABEL = "LOT_LABEL"
    TILL_READING = "TILL_READING"
    TILL_COUNT = "TILL_COUNT"
    DEPOSIT = "DEPOSIT"
    REGIE_REGISTER = "REGIE_REGISTER"
    REGIE_PAYMENT = "REGIE_PAYMENT"
    COMMITTEE = "COMMITTEE"
    COMPARISON = "COMPARISON"
    REPORT = "REPORT"
    BALANCE = "BALANCE"
    DASHBOARD = "DASHBOARD"
    QUESTION = "QUESTION"


class Blank(NamedTuple):
    """A field: `name` as it is typed between braces, `key` as services give it, what it is; `many` fills a line each.

    A `needed` one may not be left out of the paper.
    """

    name: str
    key: str
    told: str
    many: bool = False
    needed: bool = False


class Line(NamedTuple):
    """A line as the program proposes it: a sentence of the catalogue, where fields bear their key, and how it is set."""

    sentence: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """What may be written on a paper: its name, what is changed there, its fields, those it must keep, its own lines.

    `spoken` papers exist in the language of the household: each language may have its own words. `flat` ones have neither
    heading nor list. `most_lines` is what the place left on the paper holds. What `around` words say stands under the title of
    a paper whose lines come from figures, and, after a line of dashes, at its foot.
    """

    title: str
    place: str
    lines: tuple[Line, ...]
    blanks: tuple[Blank, ...] = ()
    spoken: bool = False
    flat: bool = False
    most_lines: int = 60
    around: bool = False

    @property
    def needed(self) -> tuple[Blank, ...]:
        """Return the fields the paper must keep."""
        return tuple(b for b in self.blanks if b.needed)


SHOP = Blank("épicerie", "shop", N_("le nom de l'épicerie"))
DAY = Blank("jour", "day", N_("la date du papier"))
PHONE = Blank("téléphone", "phone", N_("le téléphone de l'épicerie"))
