"""What a worker reads of a household's accompaniment: notes, onward referrals, steps; and the nameless counters of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from epicerie_desktop.domain.followup import OnwardKind, OnwardState
from epicerie_desktop.domain.steps import Action
from epicerie_desktop.domain.workshops import COUNTED_AS
from epicerie_desktop.persistence.models import Account, ActionCount, Note, OnwardReferral, SupportStep
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import contract_actions
from epicerie_desktop.services.queries.files import open_in, reading
from epicerie_desktop.services.sealing import check_worker, unseal_json
from epicerie_desktop.support.clock import day_of
from epicerie_desktop.support.i18n import N_, gettext
from epicerie_desktop.support.text import words


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note: the day it is about, who wrote it and when, its text; `struck` the day it was struck out."""

    id: int
    day: date
    author: str
    written_on: date
    text: str
    struck: date | None


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """An onward referral and what was answered."""

    id: int
    version: int
    day: date
    kind: OnwardKind
    state: OnwardState
    service: str
    reason: str
    answer: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step done with a household; `cents` None where no amount is asked, `cancelled` when it no longer counts."""

    id: int
    day: date
    action: str
    step: str
    action_label: str
    step_label: str
    cents: int | None
    note: str
    author: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class CountRow:
    """How often a step was done in a month, and for how many cents."""

    month: str
    action: str
    step: str
    action_label: str
    step_label: str
    steps: int
    cents: int
    contract: bool


def notes(desk: Desk, household: int) -> tuple[NoteRow, ...]:
    """Return the notes on a household, the newest first. Raises `RuleRefused` without the second key or on a reserved file."""
    check_worker(desk)
    wanted = (
        select(Note.id, Note.uid, Note.day, Note.sealed, Note.made_at, Note.struck_at, Account.name)
        .join(Account, Account.id == Note.made_by)
        .where(Note.household_id == household)
        .order_by(Note.day.desc(), Note.id.desc())
    )
    with reading(desk) as session:
        open_in(session, desk, household)
        return tuple(
            NoteRow(
                r.id, r.day, r.name, day_of(r.made_at), unseal_json(desk, "note", r.uid, r.sealed)["text"],
                day_of(r.struck_at) if r.struck_at else None,
            )
            for r in session.execute(wanted)
        )  # fmt: skip


def notes_saying(rows: tuple[NoteRow, ...], typed: str) -> tuple[NoteRow, ...]:
    """Return the notes that hold every typed word at the beginning of one of theirs, accents and case aside."""
    wanted = words(typed)
    return tuple(
        n for n in rows if all(any(w.startswith(t) for w in words(f"{n.text} {n.author}")) for t in wanted)
    )  # fmt: skip


def referrals(desk: Desk, household: int) -> tuple[ReferralRow, ...]:
    """Return the onward referrals of a household, the newest first. Raises `RuleRefused` without the second key."""
    check_worker(desk)
    wanted = (
        select(OnwardReferral)
        .where(OnwardReferral.household_id == household)
        .order_by(OnwardReferral.day.desc(), OnwardReferral.id.desc())
    )
    found = []
    with reading(desk) as session:
        open_in(session, desk, household)
        for r in session.scalars(wanted):
            content = unseal_json(desk, "onward_referral", r.uid, r.sealed)
            found.append(
                ReferralRow(
                    r.id, r.version, r.day, OnwardKind(r.kind), OnwardState(r.state), content["service"], content["reason"],
                    content.get("answer", ""),
                )
            )  # fmt: skip
    return tuple(found)


def steps(desk: Desk, household: int) -> tuple[StepRow, ...]:
    """Return the steps done with a household, the newest first, cancelled ones too. Raises `RuleRefused` without the key."""
    check_worker(desk)
    wanted = (
        select(
            SupportStep.id, SupportStep.uid, SupportStep.day, SupportStep.sealed, SupportStep.cancelled_at, Account.name
        )
        .join(Account, Account.id == SupportStep.made_by)
        .where(SupportStep.household_id == household)
        .order_by(SupportStep.day.desc(), SupportStep.id.desc())
    )
    with reading(desk) as session:
        open_in(session, desk, household)
        found = []
        for r in session.execute(wanted):
            content = unseal_json(desk, "support_step", r.uid, r.sealed)
            action, step = content["action"], content["kind"]
            found.append(
                StepRow(
                    r.id, r.day, action, step, *labels_of(action, step), content["cents"], content["note"], r.name,
                    r.cancelled_at is not None,
                )
            )  # fmt: skip
    return tuple(found)


def action_counts(desk: Desk, first_month: str, last_month: str) -> tuple[CountRow, ...]:
    """Return the counters from `first_month` to `last_month` (`2026-11`, both included). No key is needed: none tells who."""
    wanted = (
        select(ActionCount)
        .where(ActionCount.month >= first_month, ActionCount.month <= last_month)
        .order_by(ActionCount.month, ActionCount.action_code, ActionCount.step_code)
    )
    with desk.db.read() as session:
        return tuple(
            CountRow(
                c.month, c.action_code, c.step_code, *labels_of(c.action_code, c.step_code), c.steps, c.cents,
                _of_contract(c.action_code),
            )
            for c in session.scalars(wanted)
        )  # fmt: skip


def _of_contract(code: str) -> bool:
    known = _action(code)
    return known is None or known.contract


def _action(code: str) -> Action | None:
    return next((a for a in contract_actions() if a.code == code), None)


def labels_of(action: str, step: str) -> tuple[str, str]:
    """Return what an action and a step are called; the code itself where a newer or older list knew it."""
    known = _action(action)
    if step == COUNTED_AS:
        return (known.label if known else action), gettext(N_("Participation à un atelier"))
    kind = known.step(step) if known else None
    return (known.label if known else action), (kind.label if kind else step)
