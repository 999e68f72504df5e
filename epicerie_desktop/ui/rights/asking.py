"""What is asked before a decision is written: a right against the advice, a refusal. Each says what follows."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.decisions import Answer, ReasonCode
from epicerie_desktop.domain.eligibility.outcome import LABELS, Outcome
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.queries.running import RunningRight
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.rights.decision import Settled


def confirmed(parent: QWidget, settled: Settled, outcome: Outcome | None, goes_on: str) -> bool:
    """Return whether a decision may be written: a refusal, and a right against the advice, are asked about once."""
    if settled.answer is Answer.REFUSED:
        after = _("Un refus enregistré ne s'efface pas ; une autre décision peut le suivre.")
        return confirmed_refusal(parent, settled.reason_code, goes_on, after)
    if outcome is None or outcome.kind is OutcomeKind.ELIGIBLE or settled.answer is not Answer.GRANTED:
        return True
    return ask_confirm(
        parent, _("Ouvrir ce droit ?"),
        _("Le règlement répond : « {answer} ». La décision appartient à l'équipe ou à la commission.").format(
            answer=_(LABELS[outcome.kind])
        ),
        _("Ouvrir le droit"), _("Revenir à la saisie"),
    )  # fmt: skip


def confirmed_refusal(parent: QWidget, code: ReasonCode | None, *follows: str) -> bool:
    """Return whether a refusal may be written: the reason told to the household, then each thing that follows."""
    told = _("Motif dit au foyer : « {reason} ». La lettre donne aussi l'aide du jour et les recours.")
    words = "\n\n".join((told.format(reason=called(code) if code is not None else ""), *follows))
    return ask_confirm(parent, _("Enregistrer ce refus ?"), words, _("Enregistrer le refus"), _("Revenir à la saisie"))


def goes_on_words(running: RunningRight | None, today: date) -> str:
    """Return what becomes of the right under way when none is opened."""
    if running is None:
        return _("Aucun droit n'est en cours : le foyer ne pourra pas faire ses courses.")
    since, until = shown.day(running.since), shown.day(running.until)
    if not running.begun(today):
        return _("Le droit déjà ouvert du {since} au {until} n'est pas changé.").format(since=since, until=until)
    if running.suspended:
        return _("Le droit en cours va jusqu'au {until} et reste suspendu.").format(until=until)
    return _("Le droit en cours continue jusqu'au {until} compris.").format(until=until)
