"""Closing a month and amending it: what it counts is written once, numbered and sealed; a correction is another version that says why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.figures import Apart, DayVisit, Moved, months_between
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.months import (
    Change,
    Month,
    Version,
    carrying_referrers,
    changes,
    month_digest,
    month_from_record,
    month_to_record,
    short_sum,
)
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.exchange.canonical import canonical
from epicerie_desktop.persistence.models import Account, Household, MonthClosing
from epicerie_desktop.persistence.types import instant_text
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.findings import Finding
from epicerie_desktop.services.queries.day_people import day_people_in
from epicerie_desktop.services.queries.figures import closed_in, last_closing, live_actions, live_visits, month_bounds
from epicerie_desktop.services.queries.piece_weights import moved_in
from epicerie_desktop.services.till.parcels import given_in
from epicerie_desktop.services.writing import next_of_shop, seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class MonthState:
    """Where a month stands: its versions, the latest first (none while it is open), and what was corrected since."""

    month: str
    over: bool
    versions: tuple[Version, ...]
    pending: tuple[Change, ...]

    @property
    def closed(self) -> bool:
        """Return whether the month is closed."""
        return bool(self.versions)


def month_state(desk: Desk, month: str) -> MonthState:
    """Return where a month stands. Raises `BadInput` for what is no month."""
    _first, last = month_bounds(month)
    with desk.db.read() as session:
        return state_in(session, month, over=last < desk.clock.today())


def state_in(session: Session, month: str, *, over: bool) -> MonthState:
    """Return the same inside a caller's block; `over` says whether the month is finished."""
    return MonthState(month, over, _versions(session, month), pending_in(session, month))


def kept_month(session: Session, month: str, version: int) -> Month:
    """Return a closed month as one of its versions says it."""
    return _kept(
        session.scalars(select(MonthClosing).where(MonthClosing.month == month, MonthClosing.version == version)).one()
    )


def pending_in(session: Session, month: str) -> tuple[Change, ...]:
    """Return what was corrected since a month was closed, nothing while it is open, inside a caller's block."""
    kept = last_closing(session, month)
    return changes(month_bounds(month)[0], _kept(kept), live_month(session, month)) if kept else ()


def _versions(session: Session, month: str) -> tuple[Version, ...]:
    rows = session.execute(
        select(MonthClosing, Account.name)
        .join(Account, Account.id == MonthClosing.made_by)
        .where(MonthClosing.month == month)
        .order_by(MonthClosing.version.desc())
    )
    return tuple(
        Version(
            r.number, r.version, r.made_at, name, short_sum(r.digest), r.reason, tuple(map(Change.from_record, r.changes)),
            r.digest,
        )
        for r, name in rows
    )  # fmt: skip


def _kept(row: MonthClosing) -> Month:
    return month_from_record(json.loads(row.figures))


def live_month(session: Session, month: str) -> Month:
    """Return a month as its tickets, parcels and moves stand now, even where it is closed."""
    first, last = month_bounds(month)
    people = day_people_in(session)
    return Month(
        _as_closed_where_purged(session, month, live_visits(session, first, last, people)), _apart(session, month), moved_in(session, first, last),
        people.enrolled(first, last), live_actions(session, month, month).get(month, ()),
    )  # fmt: skip


def _as_closed_where_purged(session: Session, month: str, visits: list[DayVisit]) -> tuple[DayVisit, ...]:
    """Return the visits of a month, those of purged households as it was closed: their ages and reasons are kept nowhere else."""
    purged = {token.hex for token in session.scalars(select(Household.token).where(Household.purged_on.is_not(None)))}
    if not purged & {v.household for v in visits}:
        return tuple(visits)
    kept = last_closing(session, month)
    was = {(v.day, v.household): v for v in _kept(kept).visits} if kept is not None else {}
    return tuple(was.get((v.day, v.household), v) if v.household in purged else v for v in visits)


def _apart(session: Session, month: str) -> Apart:
    return _given(session, *month_bounds(month))


def _given(session: Session, start: date, end: date) -> Apart:
    given = given_in(session, start, end)
    return Apart(given.parcels, given.persons, given.grams)


def apart_of(desk: Desk, first_month: str, last_month: str) -> Apart | None:
    """Return the emergency parcels of a period, those of a closed month as it was closed; None where there was none.

    Raises `BadInput`.
    """
    (start, _), (_, end) = month_bounds(first_month), month_bounds(last_month)
    if start > end:
        return None
    with desk.db.read() as session:
        closed = closed_in(session, months_between(first_month, last_month))
        # All that was given, then each closed month put back to what it was.
        found = [(1, _given(session, start, end))]
        for month, kept in closed.items():
            found += [(-1, _apart(session, month)), (1, kept.apart)]
    whole = Apart(*(sum(sign * value[n] for sign, value in found) for n in range(len(Apart._fields))))
    return whole if whole.parcels else None


def moved_of(desk: Desk, month: str) -> Moved:
    """Return the kilos received and lost in a month, as it was closed or, still open, as they stand. Raises `BadInput`."""
    first, last = month_bounds(month)
    with desk.db.read() as session:
        kept = last_closing(session, month)
        return moved_in(session, first, last) if kept is None else _kept(kept).moved


def close_month(desk: Desk, month: str) -> int:
    """Close a month that is over, and return the closing's number in the register.

    Raises `BadInput` for what is no month, `RuleRefused` for a volunteer, a month still running or already closed.
    """
    _first, last = month_bounds(month)
    require_keeper(desk)
    if last >= desk.clock.today():
        raise RuleRefused(
            N_("{month} n'est pas fini : il pourra être clos à partir du {day}."),
            month=lambda: shown.month(month).capitalize(), day=lambda: shown.long_day(_day_after(last)),
        )  # fmt: skip
    with desk.db.write() as session:
        if last_closing(session, month) is not None:
            raise RuleRefused(N_("Ce mois est déjà clos. Une correction s'y ajoute par un avenant."))
        return _write(session, desk, month, 1, live_month(session, month), "", ())


def amend_month(desk: Desk, month: str, reason: str) -> int:
    """Take what was corrected since into another version of a closed month; return its number in the register.

    Raises `BadInput` without a reason, `RuleRefused` for a volunteer, a month that is not closed, or where nothing changed.
    """
    require_keeper(desk)
    with desk.db.write() as session:
        return amend_in(session, desk, month, reason)


def amend_in(session: Session, desk: Desk, month: str, reason: str) -> int:
    """Do the same inside the gesture that corrects the month: a morning on paper entered late, say."""
    first, _last = month_bounds(month)
    reason = checked_text(reason).strip()
    if not reason:
        raise BadInput(
            N_("Dites en quelques mots pourquoi ce mois clos est corrigé : la raison est imprimée avec lui.")
        )
    kept = last_closing(session, month)
    if kept is None:
        raise RuleRefused(N_("Ce mois n'est pas clos : ses corrections y entrent d'elles-mêmes."))
    was = _kept(kept)
    now = carrying_referrers(was, live_month(session, month))
    found = changes(first, was, now)
    if not found:
        raise RuleRefused(N_("Rien n'a changé dans ce mois depuis sa dernière version."))
    return _write(session, desk, month, kept.version + 1, now, reason, found)


def require_keeper(desk: Desk) -> None:
    """Raise `RuleRefused` for an account that neither closes nor amends months."""
    if not Role(desk.actor.role).keeps_accounts:
        raise RuleRefused(N_("Un mois se clôt par la personne responsable ou par l'accompagnement social."))


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _write(
    session: Session, desk: Desk, month: str, version: int, whole: Month, reason: str, found: tuple[Change, ...]
) -> int:  # fmt: skip
    text = canonical(month_to_record(whole)).decode()
    before = session.scalar(select(MonthClosing.digest).order_by(MonthClosing.number.desc()).limit(1)) or ""
    number, now = next_of_shop(session, MonthClosing.number), desk.clock.now()
    digest = month_digest(number, month, version, instant_text(now), text, before)
    session.add(
        MonthClosing(
            number=number, month=month, version=version, figures=text, digest=digest, reason=reason,
            changes=[c.to_record() for c in found], made_at=now, made_by=desk.actor.id,
        )
    )  # fmt: skip
    session.flush()
    seal_in_journal(
        session, desk, "month.closed", {"number": number, "month": month, "version": version, "digest": digest}
    )
    return number


def broken_months(desk: Desk) -> list[Finding]:
    """Return the closings whose sum no longer seals what they say, or whose number or version does not follow the one before."""
    found = []
    with desk.db.read() as session:
        before, number, versions = "", 0, dict[str, int]()
        for row in session.scalars(select(MonthClosing).order_by(MonthClosing.number)):
            version = versions.get(row.month, 0) + 1
            digest = month_digest(row.number, row.month, row.version, instant_text(row.made_at), row.figures, before)
            if (row.number, row.version, row.digest) != (number + 1, version, digest):
                found.append(Finding("month", f"{row.month}/{row.version}", 1, 0))
            before, number, versions[row.month] = row.digest, row.number, row.version
    return found


def mark_of(version: Version) -> str:
    """Return what every page of a closed month says of it: its number, day and short sum."""
    return _("clôture n° {number} du {day}, version {version}, empreinte {short}").format(
        number=version.number, day=shown.day(version.made_at.astimezone(PARIS).date()), version=version.version, short=version.short
    )  # fmt: skip
