"""The first page of the support file: everything it shows in one read block, and nothing sealed without the second key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.household import Composition
from epicerie_desktop.domain.support import (
    Expiry,
    ObjectiveKind,
    ObjectiveState,
    PaperKind,
    ReferralReason,
    UndertakingKind,
    expiry_on,
)
from epicerie_desktop.persistence.models import (
    Appointment,
    Avoidance,
    Objective,
    ObjectivePayment,
    Paper,
    Person,
    Referrer,
    Sale,
    SupportFile,
    Undertaking,
)
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import open_in, reading
from epicerie_desktop.services.queries.open_file import open_file_in
from epicerie_desktop.services.queries.rights import compositions_in
from epicerie_desktop.services.sealing import unseal_json


@dataclass(frozen=True, slots=True)
class SupportHead:
    """Whose file it is; `file`, `version` and `opened_on` are those of the accompaniment under way.

    They are None where there is none, and for an account without the second key.
    """

    household: int
    number: str
    holder: str
    composition: Composition
    file: int | None
    version: int | None
    opened_on: date | None
    worker: bool
    """Whether this account reads what is sealed."""


@dataclass(frozen=True, slots=True)
class UndertakingRow:
    """A paper between the household and the shop; `in_force` today, `expiry` of its last good day."""

    id: int
    kind: UndertakingKind
    signed_on: date
    until: date | None
    name: str
    note: str
    revoked_on: date | None
    in_force: bool
    expiry: Expiry


@dataclass(frozen=True, slots=True)
class PaperToBring:
    """A paper whose expiry is near or past."""

    kind: PaperKind
    expires_on: date
    expiry: Expiry


@dataclass(frozen=True, slots=True)
class AvoidanceRow:
    """A « do not offer » tag."""

    id: int
    label: str
    family_id: int | None
    article_id: int | None
    agreed_on: date


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """A project with what was really paid; `target_cents` None where it is not a matter of money."""

    id: int
    version: int
    kind: ObjectiveKind
    state: ObjectiveState
    label: str
    creditor: str
    target_cents: int | None
    paid_cents: int
    set_on: date
    due_on: date | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Orientation:
    """Why and by whom the household was referred."""

    referrer: str
    referred_on: date | None
    reason_code: ReferralReason | None
    reason: str
    urgent: bool
    review_on: date | None


@dataclass(frozen=True, slots=True)
class WorkerView:
    """What only social workers read on the first page; cents since the accompaniment began."""

    orientation: Orientation | None
    objectives: tuple[ObjectiveRow, ...]
    """Those under way."""
    stayed_cents: int
    """Σ (value on the shelf − paid) of the tickets: what stayed in the budget, an estimate."""
    paid_cents: int
    """Payments really made for the projects over the same days."""


@dataclass(frozen=True, slots=True)
class SupportView:
    """The first page; `worker` None for an account without the second key."""

    head: SupportHead
    next_appointment: datetime | None
    undertakings: tuple[UndertakingRow, ...]
    """Those in force."""
    papers: tuple[PaperToBring, ...]
    avoidances: tuple[AvoidanceRow, ...]
    worker: WorkerView | None


_O, _P, _S = table_of(Objective), table_of(ObjectivePayment), table_of(Sale)
_OBJECTIVES = (
    select(_O.c.id, _O.c.uid, _O.c.version, _O.c.kind, _O.c.state, _O.c.set_on, _O.c.due_on, _O.c.ended_on, _O.c.sealed)
    .where(_O.c.household_id == bindparam("household"))
    .order_by(_O.c.set_on.desc(), _O.c.id.desc())
)
_PAYMENTS = (
    select(_P.c.uid, _P.c.objective_id, _P.c.day, _P.c.sealed)
    .join(_O, _O.c.id == _P.c.objective_id)
    .where(_O.c.household_id == bindparam("household"), _P.c.cancelled_at.is_(None))
)
_OPEN_OBJECTIVES = _OBJECTIVES.where(_O.c.state == ObjectiveState.OPEN.value)
_PAYMENTS_SINCE = _PAYMENTS.where(or_(_P.c.day >= bindparam("since"), _O.c.state == ObjectiveState.OPEN.value))
_STAYED = select(func.coalesce(func.sum(_S.c.shelf_cents - _S.c.paid_cents), 0)).where(
    _S.c.household_id == bindparam("household"), _S.c.day >= bindparam("since"), _S.c.day <= bindparam("until")
)


def support_head(desk: Desk, household: int) -> SupportHead:
    """Return whose file it is. Raises `RuleRefused` for a reserved file this account may not open."""
    with reading(desk) as session:
        return _head_in(session, desk, household)[0]


def support_file(desk: Desk, household: int) -> SupportView:
    """Return the first page of a file. Raises `RuleRefused` for a reserved file this account may not open."""
    today = desk.clock.today()
    with reading(desk) as session:
        head, file = _head_in(session, desk, household)
        return SupportView(
            head,
            _next_appointment(session, household, desk.clock.now()),
            tuple(u for u in undertakings_in(session, household, today) if u.in_force),
            _papers_to_bring(session, household, today),
            avoidances_in(session, household),
            _worker_view(session, desk, household, file, today) if desk.social_key is not None else None,
        )


def _head_in(session: Session, desk: Desk, household: int) -> tuple[SupportHead, SupportFile | None]:
    row = open_in(session, desk, household)
    name = session.execute(select(Person.last_name, Person.first_name).where(Person.id == row.holder_id)).first()
    composition = compositions_in(session, [household], desk.clock.today())[household]
    file = open_file_in(session, household)
    seen = file if desk.social_key is not None else None
    head = SupportHead(
        household, row.number, f"{name.last_name} {name.first_name}" if name else "–", composition,
        seen.id if seen else None, seen.version if seen else None, seen.opened_on if seen else None,
        desk.social_key is not None,
    )  # fmt: skip
    return head, file


def undertakings_in(session: Session, household: int, today: date) -> tuple[UndertakingRow, ...]:
    """Return every paper signed with a household, the latest first."""

    def row(u: Undertaking) -> UndertakingRow:
        expiry = expiry_on(u.until, today)
        return UndertakingRow(
            u.id, UndertakingKind(u.kind), u.signed_on, u.until, u.name, u.note, u.revoked_on,
            u.revoked_on is None and expiry is not Expiry.OVER, expiry,
        )  # fmt: skip

    return tuple(
        row(u)
        for u in session.scalars(
            select(Undertaking)
            .where(Undertaking.household_id == household)
            .order_by(Undertaking.signed_on.desc(), Undertaking.id.desc())
        )
    )


def avoidances_in(session: Session, household: int) -> tuple[AvoidanceRow, ...]:
    """Return what is not to be offered to a household, by name."""
    return tuple(
        AvoidanceRow(a.id, a.label, a.family_id, a.article_id, a.agreed_on)
        for a in session.scalars(select(Avoidance).where(Avoidance.household_id == household).order_by(Avoidance.label))
    )


def _next_appointment(session: Session, household: int, now: datetime) -> datetime | None:
    return session.scalars(
        select(Appointment.at)
        .where(Appointment.household_id == household, Appointment.at >= now, Appointment.state == "PLANNED")
        .order_by(Appointment.at)
        .limit(1)
    ).first()


def _papers_to_bring(session: Session, household: int, today: date) -> tuple[PaperToBring, ...]:
    """Return the kinds of paper of which the latest expiry is near or past: a paper seen again no longer asks anything."""
    latest = (
        select(Paper.kind, func.max(Paper.expires_on).label("ends"))
        .where(Paper.household_id == household, Paper.removed_at.is_(None), Paper.expires_on.is_not(None))
        .group_by(Paper.kind)
    )
    found = []
    for kind, ends in session.execute(latest):
        expiry = expiry_on(ends, today)
        if ends is not None and expiry in (Expiry.SOON, Expiry.OVER):
            found.append(PaperToBring(PaperKind(kind), ends, expiry))
    return tuple(sorted(found, key=lambda p: p.expires_on))


def _worker_view(
    session: Session, desk: Desk, household: int, file: SupportFile | None, today: date
) -> WorkerView:  # fmt: skip
    since = file.opened_on if file else today
    paid = payments_by_objective(session, desk, household, since=since)
    return WorkerView(
        _orientation(session, desk, file) if file else None,
        objectives_in(session, desk, household, paid, only_open=True),
        stayed_in(session, household, since, today) if file else 0,
        sum(cents for payments in paid.values() for day, cents in payments if day >= since) if file else 0,
    )


def _orientation(session: Session, desk: Desk, file: SupportFile) -> Orientation:
    referrer = session.get(Referrer, file.referrer_id) if file.referrer_id else None
    named = " – ".join(p for p in (referrer.name, referrer.organisation) if p) if referrer else ""
    content = unseal_json(desk, "support_file", file.uid, file.sealed)
    return Orientation(
        named, file.referred_on, ReferralReason(file.reason_code) if file.reason_code else None, content.get("reason", ""),
        file.urgent, file.review_on,
    )  # fmt: skip


def stayed_in(session: Session, household: int, since: date, until: date) -> int:
    """Return Σ (value on the shelf − paid) of a household's tickets between two days, both included, in cents."""
    values = {"household": household, "since": since, "until": until}
    return int(session.connection().execute(_STAYED, values).scalar_one())


def payments_by_objective(
    session: Session, desk: Desk, household: int, *, since: date | None = None
) -> Mapping[int, list[tuple[date, int]]]:  # fmt: skip
    """Return the payments that count (day, cents) by project; with `since`, of projects under way and since that day only."""
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    wanted = _PAYMENTS if since is None else _PAYMENTS_SINCE
    for row in session.connection().execute(wanted, {"household": household, "since": since}):
        cents = unseal_json(desk, "objective_payment", row.uid, row.sealed)["cents"]
        found[row.objective_id].append((row.day, cents))
    return found


def objectives_in(
    session: Session,
    desk: Desk,
    household: int,
    paid: Mapping[int, Iterable[tuple[date, int]]],
    *,
    only_open: bool = False,
) -> tuple[ObjectiveRow, ...]:
    """Return the projects of a household, those under way first, then the latest."""
    rows = []
    for o in session.connection().execute(_OPEN_OBJECTIVES if only_open else _OBJECTIVES, {"household": household}):
        content = unseal_json(desk, "objective", o.uid, o.sealed)
        rows.append(
            ObjectiveRow(
                o.id, o.version, ObjectiveKind(o.kind), ObjectiveState(o.state), content["label"], content["creditor"],
                content["target_cents"], sum(cents for _, cents in paid.get(o.id, ())), o.set_on, o.due_on, o.ended_on,
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda r: r.state is not ObjectiveState.OPEN))
