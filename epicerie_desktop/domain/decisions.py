"""Decisions on a right: who decides, what is answered, why it is refused; when an answer differs from the advice."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from epicerie_desktop.domain.eligibility.outcome import UNMET, Outcome
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.support.i18n import N_


class Answer(StrEnum):
    """What is decided on a request."""

    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    ADJOURNED = "ADJOURNED"


class Maker(StrEnum):
    """Who decides."""

    WORKER = "WORKER"
    COMMITTEE = "COMMITTEE"


class Decider(StrEnum):
    """Who decides on rights, and so before whom a decision is contested: a CCAS or a commune, or an association."""

    PUBLIC = "PUBLIC"
    ASSOCIATION = "ASSOCIATION"


class ReasonCode(StrEnum):
    """Why a right is refused, in the clear; the words that go with it are sealed."""

    ABOVE_THRESHOLD = "ABOVE_THRESHOLD"
    BELOW_THRESHOLD = "BELOW_THRESHOLD"
    OUT_OF_TERRITORY = "OUT_OF_TERRITORY"
    CUMULATION = "CUMULATION"
    INCOMPLETE = "INCOMPLETE"
    NO_CAPACITY = "NO_CAPACITY"
    WAITING_PERIOD = "WAITING_PERIOD"
    CONDITION = "CONDITION"
    NO_REFERRAL = "NO_REFERRAL"
    OTHER = "OTHER"


_USUAL: Mapping[OutcomeKind, ReasonCode] = MappingProxyType(
    {
        OutcomeKind.TOO_HIGH: ReasonCode.ABOVE_THRESHOLD,
        OutcomeKind.TOO_LOW: ReasonCode.BELOW_THRESHOLD,
        OutcomeKind.NOT_COVERED: ReasonCode.OUT_OF_TERRITORY,
        OutcomeKind.CUMULATION: ReasonCode.CUMULATION,
        OutcomeKind.INCOMPLETE: ReasonCode.INCOMPLETE,
        OutcomeKind.WAITING_LIST: ReasonCode.NO_CAPACITY,
        OutcomeKind.WAITING_PERIOD: ReasonCode.WAITING_PERIOD,
    }
)

HELP_TODAY: tuple[str, ...] = (
    N_("Un colis d'urgence est remis ce jour."),
    N_("Un bon alimentaire est remis ce jour."),
    N_("Un rendez-vous est pris avec le service social."),
    N_("Vous êtes orienté vers une autre aide alimentaire."),
)
"""Helps a refusal may propose for the same day, to be completed by hand; each is a sentence of the letter."""


def usual_reason(advice: OutcomeKind | None) -> ReasonCode | None:
    """Return the reason a refusal usually has after that advice, None where the advice refuses nothing."""
    return _USUAL.get(advice) if advice is not None else None


def reason_given(outcome: Outcome) -> ReasonCode | None:
    """Return the reason that the verdict itself gives for a refusal, None where it gives none."""
    unmet = any(s.template == UNMET for s in outcome.steps)
    return _reason(outcome.kind, {m.kind for m in outcome.missing}, unmet=unmet)


def reason_kept(outcome: Mapping[str, Any]) -> ReasonCode | None:
    """Return the same reason from an answer kept as `outcome_to_json` told it."""
    unmet = any(step.get("unmet") for step in outcome["steps"])
    return _reason(OutcomeKind(outcome["outcome"]), {m["kind"] for m in outcome["missing"]}, unmet=unmet)


def _reason(advice: OutcomeKind, missing: set[str], *, unmet: bool) -> ReasonCode | None:
    if advice is OutcomeKind.NOT_COVERED and unmet:
        return ReasonCode.CONDITION
    if advice is OutcomeKind.INCOMPLETE and missing == {"referral"}:
        return ReasonCode.NO_REFERRAL
    return usual_reason(advice)


def differs(answer: Answer, maker: Maker, advice: OutcomeKind | None) -> bool:
    """Return whether an answer departs from the advice, and so has to be explained; without an advice, none does.

    The advice « to the committee » leaves everything to the committee; a worker alone may only adjourn. Waiting for a place
    is not a refusal, but a refusal for want of places says the same.
    """
    if advice is None:
        return False
    if advice is OutcomeKind.COMMITTEE and maker is Maker.COMMITTEE:
        return False
    if answer is Answer.GRANTED:
        return advice is not OutcomeKind.ELIGIBLE
    if answer is Answer.REFUSED:
        return advice not in _USUAL
    return advice not in (OutcomeKind.INCOMPLETE, OutcomeKind.COMMITTEE, OutcomeKind.WAITING_LIST)
