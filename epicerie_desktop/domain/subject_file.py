"""All that is kept on a household, told to whoever asks to see it (RGPD, art. 15): sentences a person reads, part by part.

The rows come as the tables hold them; nothing is chosen away but what names somebody else or only serves the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from epicerie_desktop.domain.agenda import AppointmentKind, AppointmentState
from epicerie_desktop.domain.decisions import Answer, Maker, ReasonCode
from epicerie_desktop.domain.eligibility.outcome import LABELS as OUTCOMES
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.followup import OnwardKind, OnwardState
from epicerie_desktop.domain.household import LeftFor
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.support import (
    ExitReason,
    ExitResult,
    ObjectiveKind,
    ObjectiveState,
    PaperKind,
    ReferralReason,
    ReviewResult,
    UndertakingKind,
)
from epicerie_desktop.domain.suspensions import SuspensionKind, SuspensionReason
from epicerie_desktop.domain.waiting import LeftFor as LeftWaiting
from epicerie_desktop.domain.workshops import AttendanceState
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import LANGUAGE_NAMES, N_
from epicerie_desktop.support.i18n import gettext as _

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
"""Rows by table. A `content` key holds what was sealed, opened; `article`, `family`, `person`… name what an id points at."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in bold, often a day and what it is, then what is known of it, a line each."""

    head: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the file: its title, and its entries, oldest first."""

    title: str
    entries: tuple[Entry, ...]


class Said(NamedTuple):
    """A column as it is told: « heading : value », or the value alone; a dot goes into what was sealed (« content.text »)."""

    column: str
    heading: str = ""
    told: Callable[[Any], str] = str


class Kept(NamedTuple):
    """How the rows of a table are told: the day they begin with, then what is said in bold, then line by line."""

    table: str
    day: str
    bold: tuple[Said, ...] = ()
    lines: tuple[Said, ...] = ()


def _when(value: Any) -> str:
    return (
        shown.instant(value)
        if isinstance(value, datetime)
        else shown.day(value)
        if isinstance(value, date)
        else str(value)
    )


def _code(kind: type[StrEnum]) -> Callable[[Any], str]:
    return lambda value: label(value if isinstance(value, kind) else kind(value))


def _own(value: Any) -> str:
    return label(value) if isinstance(value, StrEnum) else str(value)


def _yes(value: Any) -> str:
    return _("oui") if value else _("non")


def _outcome(value: Any) -> str:
    return _(OUTCOMES[OutcomeKind(value)])


def _born(value: Any) -> str:
    return shown.partial_date(value)


_ENDS = Said("left_on", N_("jusqu'au"), _when)

CHAPTERS: tuple[tuple[str, tuple[Kept, ...]], ...] = (
    (N_("Le foyer"), (
        Kept("household", "opened_on", (Said("number", N_("foyer")),), (
            Said("phone", N_("téléphone")), Said("phone2", N_("autre téléphone")), Said("language", N_("langue des papiers"), lambda code: LANGUAGE_NAMES.get(str(code), str(code))),
            Said("referrer", N_("orienté par")), Said("note", N_("note")), Said("closed_on", N_("fermé le"), _when),
        )),
        Kept("household_member", "joined_on", (Said("person"), Said("link", "", _own)), (
            Said("born", N_("naissance"), _born), Said("sex", "", _own), Said("left_on", N_("n'en fait plus partie depuis le"), _when),
            Said("left_for", N_("raison"), _code(LeftFor)), Said("shared", N_("garde partagée"), _yes),
        )),
        Kept("member_away", "since", (Said("person"),), (Said("until", N_("absence jusqu'au"), _when),)),
        Kept("household_address", "valid_from", (Said("kind", "", _own),), (
            Said("lines"), Said("town"),
        )),
        Kept("card", "issued_on", (Said("code", N_("carte")),), (Said("revoked_on", N_("sans effet depuis le"), _when),)),
    )),
    (N_("Le droit"), (
        Kept("assessment", "day", (Said("outcome", "", _outcome),), (Said("steps"),)),
        Kept("decision", "day", (Said("answer", "", _code(Answer)),), (
            Said("maker", N_("prise par"), _code(Maker)), Said("reason_code", N_("motif"), _code(ReasonCode)),
            Said("content.reason", N_("raison")), Said("content.conditions", N_("conditions")),
            Said("content.same_day_help", N_("aide du jour")), Said("content.exception_by", N_("exception accordée par")),
        )),
        Kept("meeting_item", "meeting_day", (Said("answer", N_("commission"), _code(Answer)),), (
            Said("content.reason", N_("raison")), Said("content.conditions", N_("conditions")),
        )),
        Kept("access_grant", "valid_from", (Said("valid_until", N_("droit ouvert jusqu'au"), _when),), (
            Said("participation_permille", N_("participation"), lambda n: shown.percent(int(n))), Said("exceptional", N_("exceptionnel"), _yes),
        )),
        Kept("waiting_entry", "since", (Said("urgent", N_("liste d'attente, urgent"), _yes),), (
            Said("left_on", N_("sorti le"), _when), Said("left_for", N_("raison"), _code(LeftWaiting)),
        )),
        Kept("suspension", "since", (Said("kind", "", _code(SuspensionKind)),), (
            Said("reason_code", N_("motif"), _code(SuspensionReason)), Said("content.reason", N_("raison")), Said("until", N_("jusqu'au"), _when),
            Said("heard_on", N_("entendu le"), _when), Said("lifted_on", N_("levée le"), _when),
        )),
        Kept("absence", "day", (Said("excused", N_("absent, excusé"), _yes),)),
        Kept("fee_paid", "day", (Said("label"),), (Said("cents", N_("réglé"), shown.money),)),
    )),
    (N_("Les courses"), (
        Kept("sale", "day", (Said("paid_cents", N_("payé"), shown.money), Said("grams", "", shown.kilos)), (
            Said("goods"), Said("paid"), Said("note", N_("note")), Said("cancels", N_("annulation d'un passage"), _yes),
        )),
        Kept("purse_move", "day", (Said("kind", "", _own),), (Said("cents", "", shown.money), Said("note"))),
        Kept("prepared_order", "day", (Said("made_at", N_("panier préparé le"), _when),)),
        Kept("avoidance", "agreed_on", (Said("label", N_("ne pas proposer")), Said("article"), Said("family"))),
    )),
    (N_("L'accompagnement"), (
        Kept("support_file", "opened_on", (Said("closed_on", N_("accompagnement, terminé le"), _when),), (
            Said("referrer", N_("orienté par")), Said("referred_on", N_("orienté le"), _when),
            Said("reason_code", N_("motif"), _code(ReferralReason)), Said("content.reason", N_("en quelques mots")),
            Said("exit_code", N_("fin"), _code(ExitReason)), Said("exit_result", N_("résultat"), _code(ExitResult)),
        )),
        Kept("objective", "set_on", (Said("kind", N_("projet"), _code(ObjectiveKind)), Said("content.label")), (
            Said("content.creditor", N_("payé à")), Said("content.target_cents", N_("montant"), shown.money), Said("state", "", _code(ObjectiveState)), Said("ended_on", N_("terminé le"), _when),
        )),
        Kept("objective_payment", "day", (Said("content.cents", N_("versement"), shown.money),), (Said("content.note"),)),
        Kept("support_step", "day", (Said("step", N_("démarche")),), (Said("content.note"), Said("content.cents", N_("montant"), shown.money))),
        Kept("note", "day", (Said("struck_at", N_("note, rayée le"), _when),), (Said("content.text"),)),
        Kept("review", "day", (Said("result", N_("bilan"), _code(ReviewResult)),), (Said("content.text"),)),
        Kept("appointment", "at", (Said("kind", N_("rendez-vous"), _code(AppointmentKind)), Said("state", "", _code(AppointmentState))), (
            Said("place", N_("lieu")), Said("content.about", N_("sujet")),
        )),
        Kept("attendance", "session_day", (Said("workshop", N_("atelier")), Said("person"), Said("state", "", _code(AttendanceState)))),
        Kept("task", "due_on", (Said("done_at", N_("tâche, faite le"), _when),), (Said("content.text"),)),
        Kept("onward_referral", "day", (Said("kind", N_("orientation"), _code(OnwardKind)), Said("content.service")), (
            Said("content.reason", N_("raison")), Said("content.answer", N_("réponse")), Said("state", "", _code(OnwardState)),
        )),
    )),
    (N_("Les papiers"), (
        Kept("undertaking", "signed_on", (Said("kind", "", _code(UndertakingKind)),), (
            Said("name", N_("mandataire")), Said("note"), Said("until", N_("jusqu'au"), _when), Said("revoked_on", N_("retiré le"), _when),
        )),
        Kept("paper", "seen_on", (Said("kind", "", _code(PaperKind)), Said("content.name")), (
            Said("content.note"), Said("expires_on", N_("valable jusqu'au"), _when), Said("scanned", N_("scan gardé"), _yes),
            Said("removed_at", N_("retiré le"), _when),
        )),
        Kept("portrait", "agreed_on", (Said("held", N_("photo"), _yes),)),
    )),
)  # fmt: skip

TOLD_ELSEWHERE = frozenset(
    {"sale_line", "payment", "stock_move", "cash_move", "ticket_print", "paper_content", "search_word", "reserved_to"}
)
"""What is part of another entry (articles and payments of a ticket, scans), or says nothing of the household."""


def chapters(tables: Tables) -> tuple[Chapter, ...]:
    """Return the file part by part, in the language in use; a part without a row is left out."""
    found = []
    for title, kept in CHAPTERS:
        entries = tuple(entry for k in kept for entry in _entries(k, tables.get(k.table, ())))
        if entries:
            found.append(Chapter(_(title), entries))
    return tuple(found)


def _entries(kept: Kept, rows: Sequence[Row]) -> Iterator[Entry]:
    for row in rows:
        began = row.get(kept.day)
        bold = [words for said in kept.bold if (words := _words(said, row, empty=len(kept.bold) == 1))]
        head = " – ".join(t for t in (_when(began) if began is not None else "", " · ".join(bold)) if t)
        lines = [line for said in kept.lines for line in _words(said, row).splitlines()]
        yield Entry(head[:1].upper() + head[1:], tuple(lines))


def _words(said: Said, row: Row, *, empty: bool = False) -> str:
    value: Any = row
    for key in said.column.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    heading = _(said.heading) if said.heading else ""
    if value is None or value == "" or value is False:
        # « note, rayée le » is a note all the same where it never was.
        return heading.partition(",")[0] if empty and heading else ""
    if isinstance(value, list | tuple):
        return "\n".join(str(v) for v in value)
    words = said.told(value)
    if said.told is _yes:
        return heading
    return f"{heading} : {words}".replace(" :", "\u00a0:") if heading else words
