"""What each page of the support file reads: one query a page, in one block, for accounts that hold the second key where it is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.statements import debts_missing
from epicerie_desktop.domain.support import (
    Debt,
    ExitReason,
    ExitResult,
    Expiry,
    PaperKind,
    ReferralReason,
    ReviewResult,
    expiry_on,
)
from epicerie_desktop.persistence.models import (
    Account,
    Article,
    Assessment,
    Family,
    ObjectivePayment,
    Paper,
    Portrait,
    Review,
    SupportFile,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.debts import for_support
from epicerie_desktop.services.queries.files import open_in, reading
from epicerie_desktop.services.queries.open_file import open_file_in
from epicerie_desktop.services.queries.statements import last_statement_in
from epicerie_desktop.services.queries.support import (
    AvoidanceRow,
    ObjectiveRow,
    UndertakingRow,
    avoidances_in,
    objectives_in,
    payments_by_objective,
    stayed_in,
    undertakings_in,
)
from epicerie_desktop.services.sealing import check_worker, sealed_in, unseal_json


@dataclass(frozen=True, slots=True)
class OrientationPageRead:
    """The orientation under way; `file` None where none is open, `referrer_id` then being the household's.

    `waiting_until` is that of the last exit, if not over.
    """

    file: int | None
    version: int | None
    referrer_id: int | None
    referred_on: date | None
    reason_code: ReferralReason | None
    reason: str
    urgent: bool
    opened_on: date | None
    waiting_until: date | None


def orientation_page(desk: Desk, household: int) -> OrientationPageRead:
    """Return the orientation of the accompaniment under way. Raises `RuleRefused` without the second key."""
    check_worker(desk)
    with reading(desk) as session:
        whose = open_in(session, desk, household)
        row = open_file_in(session, household)
        waiting = session.scalars(
            select(func.max(SupportFile.waiting_until)).where(
                SupportFile.household_id == household, SupportFile.waiting_until >= desk.clock.today()
            )
        ).first()
        if row is None:
            return OrientationPageRead(None, None, whose.referrer_id, None, None, "", False, None, waiting)
        return OrientationPageRead(
            row.id, row.version, row.referrer_id, row.referred_on,
            ReferralReason(row.reason_code) if row.reason_code else None, sealed_in(desk, row).get("reason", ""), row.urgent,
            row.opened_on, waiting,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement of the past as figures: cents a month, None where they were not told; the indicators as computed then."""

    id: int
    day: date
    resources_cents: int | None
    charges_cents: int | None
    indicators: tuple[tuple[str, int], ...]
    outcome: OutcomeKind


@dataclass(frozen=True, slots=True)
class BudgetPageRead:
    """The diagnosis, the note on the budget, the debts and the statements, the latest first.

    `stated` are the debts of the last statement, made on `stated_on`, whose creditor is not named here.
    """

    file: int | None
    version: int | None
    diagnosis: str
    budget_note: str
    debts: tuple[Debt, ...]
    stated: tuple[Debt, ...]
    stated_on: date | None
    statements: tuple[StatementRow, ...]


MOST_STATEMENTS = 24


def budget_page(desk: Desk, household: int) -> BudgetPageRead:
    """Return the diagnosis and the budget over time. Raises `RuleRefused` without the second key."""
    check_worker(desk)
    with reading(desk) as session:
        open_in(session, desk, household)
        row = open_file_in(session, household)
        content = sealed_in(desk, row) if row else {}
        debts = tuple(Debt(**d) for d in content.get("debts", ()))
        last = last_statement_in(session, desk, household)
        return BudgetPageRead(
            row.id if row else None, row.version if row else None, content.get("diagnosis", ""),
            content.get("budget_note", ""), debts, for_support(debts_missing((d.creditor for d in debts), last.said.debts)) if last else (),
            last.day if last else None, tuple(_statements(session, desk, household)),
        )  # fmt: skip


def _statements(session: Session, desk: Desk, household: int) -> Iterator[StatementRow]:
    latest = (
        select(Assessment)
        .where(Assessment.household_id == household)
        .order_by(Assessment.day.desc(), Assessment.id.desc())
        .limit(MOST_STATEMENTS)
    )
    for a in session.scalars(latest):
        content = unseal_json(desk, "assessment", a.uid, a.sealed)
        indicators = content.get("outcome", {}).get("indicators", {})
        yield StatementRow(
            a.id, a.day, _sum(content.get("resources")), _sum(content.get("charges")),
            tuple((code, cents) for code, cents in indicators.items() if cents is not None), OutcomeKind(a.outcome),
        )  # fmt: skip


def _sum(lines: list[list[Any]] | None) -> int | None:
    """Return the sum of the amounts told, None where nothing was."""
    told = [int(cents) for _, cents, *_rest in lines or () if cents is not None]
    return sum(told) if told or lines == [] else None


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment really made; a cancelled one stays, struck out."""

    id: int
    objective: int
    day: date
    cents: int
    note: str
    by: str
    cancelled_on: date | None


@dataclass(frozen=True, slots=True)
class ProjectsPageRead:
    """The projects and their payments, and since when `stayed_cents` (an estimate) and `paid_cents` are counted."""

    objectives: tuple[ObjectiveRow, ...]
    payments: tuple[PaymentRow, ...]
    since: date | None
    stayed_cents: int
    paid_cents: int


def projects_page(desk: Desk, household: int) -> ProjectsPageRead:
    """Return the projects of a household. Raises `RuleRefused` without the second key."""
    check_worker(desk)
    with reading(desk) as session:
        open_in(session, desk, household)
        file, today = open_file_in(session, household), desk.clock.today()
        paid = payments_by_objective(session, desk, household)
        objectives = objectives_in(session, desk, household, paid)
        since = file.opened_on if file else None
        payments = tuple(_payments(session, desk, [o.id for o in objectives]))
        return ProjectsPageRead(
            objectives, payments, since, stayed_in(session, household, since, today) if since else 0,
            sum(cents for rows in paid.values() for day, cents in rows if since and day >= since),
        )  # fmt: skip


def _payments(session: Session, desk: Desk, objectives: list[int]) -> Iterator[PaymentRow]:
    wanted = (
        select(ObjectivePayment, Account.name)
        .join(Account, Account.id == ObjectivePayment.made_by)
        .where(ObjectivePayment.objective_id.in_(objectives))
        .order_by(ObjectivePayment.day.desc(), ObjectivePayment.id.desc())
    )
    for p, by in session.execute(wanted):
        content = sealed_in(desk, p)
        cancelled = p.cancelled_at.date() if p.cancelled_at else None
        yield PaymentRow(p.id, p.objective_id, p.day, content["cents"], content["note"], by, cancelled)


def undertakings_page(desk: Desk, household: int) -> tuple[UndertakingRow, ...]:
    """Return every paper signed with a household, the latest first; for reception too."""
    with reading(desk) as session:
        open_in(session, desk, household)
        return undertakings_in(session, household, desk.clock.today())


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper of the file; `name` and `note` empty without the second key, `size` in bytes of its scan (0: not scanned)."""

    id: int
    kind: PaperKind
    name: str
    note: str
    seen_on: date
    expires_on: date | None
    expiry: Expiry
    size: int


@dataclass(frozen=True, slots=True)
class PapersPageRead:
    """The papers, those to be seen again first, how many bytes of scans there are, and since when there is a photo."""

    papers: tuple[PaperRow, ...]
    bytes: int
    portrait_on: date | None


def papers_page(desk: Desk, household: int) -> PapersPageRead:
    """Return the papers of a household; for reception too, which sees their kinds and days only."""
    today = desk.clock.today()
    with reading(desk) as session:
        open_in(session, desk, household)
        rows = []
        for p in session.scalars(
            select(Paper).where(Paper.household_id == household, Paper.removed_at.is_(None)).order_by(Paper.id.desc())
        ):
            words = sealed_in(desk, p) if desk.social_key is not None else {}
            rows.append(
                PaperRow(
                    p.id, PaperKind(p.kind), words.get("name", ""), words.get("note", ""), p.seen_on, p.expires_on,
                    expiry_on(p.expires_on, today), p.size,
                )
            )  # fmt: skip
        agreed = session.scalars(select(Portrait.agreed_on).where(Portrait.household_id == household)).first()
    rows.sort(key=lambda r: r.expires_on or date.max)
    return PapersPageRead(tuple(rows), sum(r.size for r in rows), agreed)


@dataclass(frozen=True, slots=True)
class AvoidancePageRead:
    """The tags of a household, and the families and articles (id, name) another may be about."""

    tags: tuple[AvoidanceRow, ...]
    families: tuple[tuple[int, str], ...]
    articles: tuple[tuple[int, str], ...]


def avoidance_page(desk: Desk, household: int) -> AvoidancePageRead:
    """Return what is not to be offered to a household; for reception too."""
    with reading(desk) as session:
        open_in(session, desk, household)
        families = session.execute(select(Family.id, Family.name).order_by(Family.position))
        articles = session.execute(
            select(Article.id, Article.name).where(Article.active, ~Article.generic).order_by(Article.name)
        )
        return AvoidancePageRead(
            avoidances_in(session, household),
            tuple((f.id, f.name) for f in families),
            tuple((a.id, a.name) for a in articles),
        )


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review of the accompaniment."""

    id: int
    day: date
    result: ReviewResult
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class PastFile:
    """An accompaniment that ended."""

    id: int
    opened_on: date
    closed_on: date
    code: ExitReason
    result: ExitResult
    note: str
    waiting_until: date | None


@dataclass(frozen=True, slots=True)
class EndingPageRead:
    """The accompaniment under way, its next review, the reviews held, and the accompaniments that ended; the latest first."""

    file: int | None
    version: int | None
    opened_on: date | None
    review_on: date | None
    reviews: tuple[ReviewRow, ...]
    past: tuple[PastFile, ...]


def ending_page(desk: Desk, household: int) -> EndingPageRead:
    """Return the reviews and exits of a household. Raises `RuleRefused` without the second key."""
    check_worker(desk)
    with reading(desk) as session:
        open_in(session, desk, household)
        file = open_file_in(session, household)
        reviews = tuple(
            ReviewRow(r.id, r.day, ReviewResult(r.result), sealed_in(desk, r)["text"], by)
            for r, by in session.execute(
                select(Review, Account.name)
                .join(Account, Account.id == Review.made_by)
                .where(Review.household_id == household)
                .order_by(Review.day.desc(), Review.id.desc())
            )
        )
        past = tuple(_past(desk, f) for f in session.scalars(
            select(SupportFile)
            .where(SupportFile.household_id == household, SupportFile.closed_on.is_not(None))
            .order_by(SupportFile.closed_on.desc(), SupportFile.id.desc())
        ))  # fmt: skip
        return EndingPageRead(
            file.id if file else None, file.version if file else None, file.opened_on if file else None,
            file.review_on if file else None, reviews, past,
        )  # fmt: skip


def _past(desk: Desk, f: SupportFile) -> PastFile:
    assert f.closed_on is not None
    assert f.exit_code is not None
    assert f.exit_result is not None
    note = sealed_in(desk, f).get("exit_note", "")
    return PastFile(
        f.id, f.opened_on, f.closed_on, ExitReason(f.exit_code), ExitResult(f.exit_result), note, f.waiting_until
    )
