"""The accompaniment itself: opened by an orientation, its diagnosis, its debts, its reviews, its exit. For social workers."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.support import MOST_CENTS, Debt, ExitReason, ExitResult, ReferralReason, ReviewResult
from epicerie_desktop.persistence.models import Review, SupportFile
from epicerie_desktop.persistence.models import Ruleset as RulesetRow
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.queries.open_file import open_file_in
from epicerie_desktop.services.sealing import check_worker, seal_json
from epicerie_desktop.services.support.common import checked_day, need_open_file_in, seal_in
from epicerie_desktop.services.writing import seal_in_journal, stamp, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_DEBTS = 40
_NAME_SIGNS = 80


@dataclass(frozen=True, slots=True)
class OrientationForm:
    """Who referred the household, when, why (a clear code and sealed words), and whether it cannot wait."""

    referrer_id: int | None = None
    referred_on: date | None = None
    reason_code: ReferralReason | None = None
    reason: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class ExitForm:
    """How an accompaniment ends. `waiting_until`: the last day of the waiting period, None without one."""

    closed_on: date
    code: ExitReason
    result: ExitResult
    note: str = ""
    waiting_until: date | None = None


def open_file(desk: Desk, household: int, form: OrientationForm) -> int:
    """Open the accompaniment of a household from today and return its id.

    Raises `RuleRefused` where one is under way or without the second key, `BadInput` for the form.
    """
    check_worker(desk)
    reason = _checked_orientation(desk, form)
    with desk.db.write() as session:
        file_in(session, desk, household)
        if open_file_in(session, household) is not None:
            raise RuleRefused(N_("Un accompagnement est déjà en cours pour ce foyer."))
        uid = uuid.uuid4()
        row = SupportFile(
            uid=uid, household_id=household, opened_on=desk.clock.today(), worker_id=desk.actor.id, version=1,
            sealed=seal_json(desk, "support_file", uid, {"reason": reason}),
        )  # fmt: skip
        _orient(row, form)
        stamp(row, desk)
        session.add(row)
        session.flush()
        seal_in_journal(
            session, desk, "support.opened", {"file": row.id, "household": household, "reason": row.reason_code}
        )
        return row.id


def save_orientation(desk: Desk, file: int, version: int, form: OrientationForm) -> None:
    """Change the orientation of an accompaniment. Raises `BadInput`, `Stale`, `RuleRefused`."""
    check_worker(desk)
    reason = _checked_orientation(desk, form)
    with desk.db.write() as session:
        row = _file_in(session, desk, file)
        touch(row, desk, version)
        _orient(row, form)
        seal_in(desk, row, reason=reason)
        seal_in_journal(session, desk, "support.orientation", {"file": file, "version": row.version})


def _file_in(session: Session, desk: Desk, file: int) -> SupportFile:
    row = session.get_one(SupportFile, file)
    file_in(session, desk, row.household_id)
    return row


def _checked_orientation(desk: Desk, form: OrientationForm) -> str:
    if form.referred_on is not None:
        checked_day(desk, form.referred_on)
    return checked_text(form.reason)


def _orient(row: SupportFile, form: OrientationForm) -> None:
    row.referrer_id, row.referred_on, row.urgent = form.referrer_id, form.referred_on, form.urgent
    row.reason_code = form.reason_code.value if form.reason_code else None


def save_diagnosis(desk: Desk, file: int, version: int, diagnosis: str, budget_note: str) -> None:
    """Keep the diagnosis and the note on the budget, sealed. Raises `BadInput`, `Stale`, `RuleRefused`."""
    check_worker(desk)
    kept = {"diagnosis": checked_text(diagnosis), "budget_note": checked_text(budget_note)}
    with desk.db.write() as session:
        row = _file_in(session, desk, file)
        touch(row, desk, version)
        seal_in(desk, row, **kept)
        seal_in_journal(session, desk, "support.diagnosis", {"file": file, "version": row.version})


def save_debts(desk: Desk, file: int, version: int, debts: tuple[Debt, ...]) -> None:
    """Keep the debts as told, sealed; the ones left out are no longer kept; the day is kept too. Raises `BadInput`, `Stale`, `RuleRefused`."""
    check_worker(desk)
    if len(debts) > MOST_DEBTS:
        raise BadInput(N_("{most} dettes au plus : regroupez les plus petites."), most=MOST_DEBTS)
    kept = [asdict(_checked_debt(d)) for d in debts]
    with desk.db.write() as session:
        row = _file_in(session, desk, file)
        touch(row, desk, version)
        seal_in(desk, row, debts=kept, debts_on=desk.clock.today().isoformat())
        seal_in_journal(session, desk, "support.debts", {"file": file, "version": row.version})


def _checked_debt(debt: Debt) -> Debt:
    creditor = checked_text(debt.creditor, _NAME_SIGNS)
    if not creditor:
        raise BadInput(N_("Dites à qui cette somme est due."))
    if not 0 < debt.owed_cents <= MOST_CENTS or not 0 <= debt.monthly_cents <= MOST_CENTS:
        raise BadInput(N_("Ce montant n'est pas possible pour une dette : vérifiez-le."))
    if debt.monthly_cents > debt.owed_cents:
        raise BadInput(
            N_("Le remboursement d'un mois dépasse ce qui reste dû : les deux montants sont peut-être inversés.")
        )
    return Debt(creditor, debt.owed_cents, debt.monthly_cents, checked_text(debt.note, 200))


def plan_review(desk: Desk, file: int, version: int, day: date | None) -> None:
    """Say when the next review is to be held, None to forget it. Raises `BadInput`, `Stale`."""
    check_worker(desk)
    if day is not None:
        checked_day(desk, day, future=True)
    with desk.db.write() as session:
        row = _file_in(session, desk, file)
        touch(row, desk, version)
        row.review_on = day
        seal_in_journal(session, desk, "support.review_on", {"file": file, "day": day.isoformat() if day else None})


def record_review(
    desk: Desk, household: int, day: date, result: ReviewResult, text: str, next_on: date | None = None
) -> int:
    """Keep a review of the accompaniment under way, its words sealed, and when the next one is; return its id.

    Raises `RuleRefused` where no accompaniment is under way, `BadInput`: no words, a day to come, a next one before it.
    """
    check_worker(desk)
    words = checked_text(text)
    checked_day(desk, day)
    if not words:
        raise BadInput(N_("Écrivez en quelques mots ce que ce bilan retient."))
    if next_on is not None and checked_day(desk, next_on, future=True) <= day:
        raise BadInput(N_("Le prochain bilan vient après celui-ci : vérifiez les deux dates."))
    with desk.db.write() as session:
        file_in(session, desk, household)
        file = need_open_file_in(session, household)
        if day < file.opened_on:
            raise BadInput(N_("Ce bilan précède l'ouverture de l'accompagnement : vérifiez la date."))
        uid = uuid.uuid4()
        row = Review(
            uid=uid, household_id=household, day=day, result=result.value, sealed=seal_json(desk, "review", uid, {"text": words}),
            made_at=desk.clock.now(), made_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        file.review_on = next_on
        touch(file, desk, None)
        session.flush()
        seal_in_journal(
            session, desk, "support.review", {"review": row.id, "household": household, "result": result.value}
        )
        return row.id


def proposed_waiting(desk: Desk, closed_on: date) -> date | None:
    """Return the last day of the waiting period the règlement of that day asks after an exit, None where it asks none."""
    with desk.db.read() as session:
        text = session.scalars(
            select(RulesetRow.text)
            .where(RulesetRow.valid_from <= closed_on)
            .order_by(RulesetRow.valid_from.desc())
            .limit(1)
        ).first()
    waiting = parse_ruleset(text).waiting if text else None
    return waiting.end(closed_on + timedelta(days=1)) if waiting else None


def close_file(desk: Desk, file: int, version: int, form: ExitForm) -> None:
    """End an accompaniment; the household's file and its right stay as they are. Another one may be opened later.

    Raises `RuleRefused` where it already ended, `BadInput`: an exit before the opening, a waiting period before the exit.
    """
    check_worker(desk)
    note = checked_text(form.note)
    checked_day(desk, form.closed_on)
    if form.waiting_until is not None and checked_day(desk, form.waiting_until, future=True) < form.closed_on:
        raise BadInput(N_("La carence finirait avant la sortie : vérifiez les deux dates."))
    with desk.db.write() as session:
        row = _file_in(session, desk, file)
        if row.closed_on is not None:
            raise RuleRefused(N_("Cet accompagnement est déjà terminé."))
        if form.closed_on < row.opened_on:
            raise BadInput(N_("La sortie précède l'ouverture de l'accompagnement : vérifiez la date."))
        touch(row, desk, version)
        row.closed_on, row.exit_code, row.exit_result = form.closed_on, form.code.value, form.result.value
        row.waiting_until, row.review_on = form.waiting_until, None
        seal_in(desk, row, exit_note=note)
        seal_in_journal(
            session, desk, "support.closed", {"file": file, "code": form.code.value, "result": form.result.value}
        )
