"""How the coordinator's screens write months, outcomes and differences."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from epicerie_desktop.services.contract.consolidate import ImportReport, Outcome
from epicerie_desktop.support import i18n
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext

RECEIVED, RUNNING, MISSING, OUTSIDE = "✓", "…", "–", ""
"""A month received closed, received while it still ran, not received, outside the contract: signs, not colours alone."""


@lru_cache(maxsize=32)
def short_month(number: int, language: str) -> str:
    """Return « janv » for 1: without its point, the columns being narrow."""
    from babel.dates import format_date

    return format_date(date(2024, number, 1), "LLL", locale=language).rstrip(".")


def short_months() -> tuple[str, ...]:
    """Return the twelve months, short, in the language in use."""
    return tuple(short_month(n, i18n.language()) for n in range(1, 13))


def outcome(report: ImportReport) -> str:
    """Return the sentence of an outcome, and what else the coordinator should know of the parcel."""
    words = _(report.sentence).format(**report.fields)
    if report.missed:
        told = ngettext(
            "Un envoi d'avant n'est jamais arrivé : sans conséquence, celui-ci contient tout.",
            "{n} envois d'avant ne sont jamais arrivés : sans conséquence, celui-ci contient tout.",
            report.missed,
        )
        words += " " + told.format(n=report.missed)
    return words


def ready(report: ImportReport) -> str:
    """Return what is said of a parcel that may be accepted, before it is."""
    if report.outcome is not Outcome.NEW:
        return outcome(report)
    return _("Prêt : {site}, envoi n° {seq}.").format(**report.fields) + (
        " " + _("Première signature, à vérifier au téléphone.") if report.first_signature else ""
    )


TONES = {
    Outcome.NEW: "ok",
    Outcome.KNOWN: "ink_soft",
    Outcome.OLDER: "ink_soft",
    Outcome.FORK: "no",
    Outcome.TOO_FAR: "no",
    Outcome.FUTURE: "no",
    Outcome.LEFT: "ink_soft",
    Outcome.RESTORED: "ask",
    Outcome.SHRANK: "ask",
}
