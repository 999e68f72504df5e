"""Two files found to be one household: what is of today goes to the one that stays, and can be put back exactly.

Tickets are never rewritten: they stay with the file they were made for, which `merged_into_id` ties to the other. Days
before the merge keep the composition they had, and months before it their figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.domain.household import LeftFor, Link
from epicerie_desktop.persistence.models import (
    Absence,
    AccessGrant,
    Address,
    Appointment,
    Assessment,
    Attendance,
    Avoidance,
    Away,
    Card,
    Decision,
    Draft,
    FeePaid,
    Household,
    Meeting,
    MeetingItem,
    Member,
    Merge,
    Note,
    Objective,
    OnwardReferral,
    Paper,
    PreparedOrder,
    ReservedTo,
    Review,
    Sale,
    SearchWord,
    SupportFile,
    SupportStep,
    Suspension,
    Task,
    Undertaking,
    WaitingEntry,
)
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import edited_file_in, index_words_in
from epicerie_desktop.services.queries.alike import same_people_in
from epicerie_desktop.services.queries.files import family_in
from epicerie_desktop.services.queries.reunited import Reunited, reunited_in
from epicerie_desktop.services.rights.continued import fees_paid_in, go_on_with_in
from epicerie_desktop.services.rights.restated import unite_statements_in
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_

_WHOLE: tuple[type[Any], ...] = (
    Card, Assessment, Decision, Suspension, FeePaid, Objective, Undertaking, Appointment, Avoidance,
    Note, Paper, OnwardReferral, Task, Review, SupportStep, PreparedOrder,
)  # fmt: skip
"""Tables whose rows all go to the file that stays."""
_ONE_OPEN: tuple[tuple[type[Any], str], ...] = ((WaitingEntry, "left_on"), (SupportFile, "closed_on"))
"""Tables with one open row a household: what has ended goes along, what is open only where the file that stays has none open."""
_WHERE_FREE: tuple[tuple[type[Any], str], ...] = ((Absence, "day"), (MeetingItem, "meeting_id"))
"""Tables with one row a household and day, or meeting: a row goes where the file that stays has none."""
_FOLDED = ("referrer_id", "referred_on", "reason_code", "worker_id", "review_on")
"""What the open accompaniment of the file that stays takes from the other's where it says nothing."""
_FILLED = ("phone", "phone2", "note", "referrer_id")
"""What is taken over only where the file that stays says nothing."""


def merge_files(desk: Desk, source: int, target: int, same: Mapping[int, int] | None = None) -> int:
    """Unite two files: `source` is no longer used and opens `target`. Return the merge, to undo it.

    `same` gives, for persons of `source`, the person of `target` they are; by default those whose names and births agree.
    Everyone else joins the target from today. Two rights that run today go on as one, what `reunited_in` says; the source's
    stays where it is, unused, like its open waiting entry or support file where the target has one (`_fold`).

    Raises `RuleRefused`: the same file twice, a file already merged or that others were merged into, a basket in hand,
    files reserved to different people, two statements for an account that may not read them.
    """
    require_team(desk)
    today = desk.clock.today()
    with desk.db.write() as session:
        left, kept = edited_file_in(session, desk, source, None), edited_file_in(session, desk, target, None)
        _check(session, left, kept)
        people = dict(same) if same is not None else same_people_in(session, source, target, today)
        right = reunited_in(session, desk, source, target, people)
        fees, stated = _fees_in(session, right), unite_statements_in(session, desk, source, target)
        moved: dict[str, Any] = {
            "on": today.isoformat(),
            "same": sorted([s, t] for s, t in people.items()),
            "closed_on": left.closed_on.isoformat() if left.closed_on else None,
            "rows": _move_rows(session, source, target),
            "stated": stated,
            "folded": _fold(session, source, target),
            "right": _open_right(session, desk, target, right, fees),
            "last_right": session.scalar(select(func.max(AccessGrant.id))) or 0,
            "stays": _move_stays(session, left, kept, people, today),
            "filled": _fill(session, left, kept, today),
        }
        left.merged_into_id, left.closed_on = target, today
        merge = Merge(source_id=source, target_id=target, moved=moved, made_at=desk.clock.now(), made_by=desk.actor.id)
        session.add(merge)
        index_words_in(session, target)
        session.execute(delete(SearchWord).where(SearchWord.household_id == source))
        seal_in_journal(session, desk, "household.merged", {"merge": merge.id, "source": source, "target": target})
        return merge.id


def _check(session: Session, left: Household, kept: Household) -> None:
    if left.id == kept.id:
        raise RuleRefused(N_("C'est le même dossier : choisissez-en un autre."))
    if len(family_in(session, left.id)) > 1:
        raise RuleRefused(
            N_("D'autres dossiers ont déjà été réunis au n° {number} : c'est lui qui doit rester."), number=left.number
        )
    keys = [str(left.id), str(kept.id)]
    if session.execute(select(Draft.key).where(Draft.key.in_(keys))).first():
        raise RuleRefused(N_("Un panier est en cours pour l'un des deux foyers : terminez-le d'abord."))
    both = aliased(MeetingItem)
    together = (
        select(MeetingItem.id)
        .join(both, (both.meeting_id == MeetingItem.meeting_id) & (both.household_id == kept.id))
        .join(Meeting, Meeting.id == MeetingItem.meeting_id)
        .where(MeetingItem.household_id == left.id, Meeting.closed_at.is_(None))
    )
    if session.execute(together).first():
        raise RuleRefused(
            N_(
                "Les deux dossiers sont à l'ordre du jour d'une même séance : retirez-en un, ou attendez qu'elle soit close."
            )
        )
    named = [
        set(session.scalars(select(ReservedTo.account_id).where(ReservedTo.household_id == h.id))) for h in (left, kept)
    ]
    if left.reserved != kept.reserved or named[0] != named[1]:
        raise RuleRefused(
            N_("Un des deux dossiers est réservé : réservez d'abord l'autre aux mêmes personnes, ou levez la réserve.")
        )


def _move_rows(session: Session, source: int, target: int) -> dict[str, list[Any]]:
    """Give the target what was the source's; return the rows that moved, by table."""
    moved: dict[str, list[Any]] = {}
    for model in _WHOLE:
        moved[table_of(model).name] = _give(
            session, model, select(model.id).where(model.household_id == source), target
        )
    for model, ended in _ONE_OPEN:
        column = getattr(model, ended)
        open_there = select(model.id).where(model.household_id == target, column.is_(None))
        going = select(model.id).where(model.household_id == source, or_(column.is_not(None), ~open_there.exists()))
        moved[table_of(model).name] = _give(session, model, list(session.scalars(going)), target)
    for model, column in _WHERE_FREE:
        theirs = select(getattr(model, column)).where(model.household_id == target)
        free = select(model.id).where(model.household_id == source, getattr(model, column).not_in(theirs))
        moved[table_of(model).name] = _give(session, model, free, target)
    moved["access_grant"] = _give(session, AccessGrant, _grants_apart(source, target), target)
    attended = list(
        session.execute(select(Attendance.session_id, Attendance.person_id).where(Attendance.household_id == source))
    )
    session.execute(update(Attendance).where(Attendance.household_id == source).values(household_id=target))
    moved["attendance"] = [list(a) for a in attended]
    # A portrait stays with its file: it is sealed for that one, and would no longer open.
    return {name: rows for name, rows in moved.items() if rows}


def _give(session: Session, model: type[Any], which: Any, target: int) -> list[int]:
    ids = sorted(which if isinstance(which, list) else session.scalars(which))
    if ids:
        session.execute(update(model).where(model.id.in_(ids)).values(household_id=target))
    return ids


def _grants_apart(source: int, target: int) -> Any:
    """Return the rights of the source that run beside none of the target's, suspended or not."""
    theirs = table_of(AccessGrant).alias("theirs")
    beside = select(theirs.c.id).where(
        theirs.c.household_id == target, theirs.c.valid_from <= AccessGrant.valid_until, theirs.c.valid_until >= AccessGrant.valid_from
    )  # fmt: skip
    return select(AccessGrant.id).where(AccessGrant.household_id == source, ~beside.exists())


def _fold(session: Session, source: int, target: int) -> list[dict[str, Any]]:
    """Tell the target's open rows what those of the source, which stay where they are, say besides; return how to put them back.

    The longer wait, urgent where either is; of an accompaniment, who referred it and follows it, and its next review.
    """
    folded = []
    for model, ended in _ONE_OPEN:
        found = {
            row.household_id: row
            for row in session.scalars(
                select(model).where(model.household_id.in_([source, target]), getattr(model, ended).is_(None))
            )
        }
        if len(found) < 2:
            continue
        ours, theirs = found[target], found[source]
        one: dict[str, Any] = {
            "table": table_of(model).name,
            "ours": ours.id,
            "theirs": theirs.id,
            "urgent": ours.urgent,
        }
        ours.urgent = ours.urgent or theirs.urgent
        if model is WaitingEntry:
            one["since"] = ours.since.isoformat()
            ours.since = min(ours.since, theirs.since)
        else:
            one["filled"] = [n for n in _FOLDED if getattr(ours, n) is None and getattr(theirs, n) is not None]
            for name in one["filled"]:
                setattr(ours, name, getattr(theirs, name))
        session.flush()
        folded.append(one)
    return folded


def _fees_in(session: Session, right: Reunited | None) -> list[int]:
    """Return the fees paid under either right, before their rows move."""
    if right is None:
        return []
    rights = (right.goes_on, *([right.other] if right.other else []))
    files = {
        r.grant.id: session.get_one(AccessGrant, r.grant.id).household_id for r in rights
    }  # fmt: skip
    return sorted({f for r in rights for f in fees_paid_in(session, files[r.grant.id], r.grant)})


def _open_right(session: Session, desk: Desk, target: int, right: Reunited | None, fees: list[int]) -> int | None:
    """Open from today the right of the reunited household; return it, None where there is nothing to open."""
    if right is None:
        return None
    return go_on_with_in(
        session, desk, right.goes_on.grant, target, right.ceilings, visits=right.visits, limits=right.limits, fees=fees,
        since=right.since, until=right.until,
    )  # fmt: skip


def _move_stays(
    session: Session, left: Household, kept: Household, people: Mapping[int, int], today: date
) -> list[dict[str, Any]]:
    """End the stays of the source today, and begin those of whoever is not in the target yet; return how to put them back."""
    rows = list(session.scalars(select(Member).where(Member.household_id == left.id).order_by(Member.id)))
    theirs = [
        m
        for m in session.scalars(select(Member).where(Member.household_id == kept.id))
        if m.left_on is None or m.left_on > today
    ]
    same_holder = people.get(left.holder_id or 0, left.holder_id) == kept.holder_id
    partnered = any(m.link is Link.PARTNER for m in theirs)
    known = {m.person_id for m in theirs}
    moved = []
    for row in rows:
        if row.left_on is not None and row.left_on <= today:
            continue
        was = {"ended": row.id, "left_on": row.left_on.isoformat() if row.left_on else None, "left_for": row.left_for}
        opened = None
        if row.person_id not in people and row.person_id not in known:
            link = row.link if same_holder or row.link is Link.CHILD else Link.OTHER
            if row.link is Link.HOLDER:
                link = Link.OTHER if partnered else Link.PARTNER
            opened = Member(
                household_id=kept.id, person_id=row.person_id, link=link, joined_on=max(today, row.joined_on), left_on=row.left_on,
                left_for=row.left_for, shared=row.shared,
            )  # fmt: skip
            session.add(opened)
            session.flush()
            for away in session.scalars(
                select(Away).where(Away.member_id == row.id, or_(Away.until.is_(None), Away.until >= today))
            ):
                session.add(Away(member_id=opened.id, since=max(away.since, opened.joined_on), until=away.until))
        row.left_on, row.left_for = max(today, row.joined_on), LeftFor.MERGE.value
        moved.append({**was, "opened": opened.id if opened else None})
    session.flush()
    return moved


def _fill(session: Session, left: Household, kept: Household, today: date) -> list[str]:
    """Take over what the file that stays does not say; return which fields."""
    filled = [name for name in _FILLED if getattr(left, name) and not getattr(kept, name)]
    for name in filled:
        setattr(kept, name, getattr(left, name))
    if session.execute(select(Address.household_id).where(Address.household_id == kept.id)).first() is None:
        last = session.scalars(
            select(Address).where(Address.household_id == left.id).order_by(Address.valid_from.desc()).limit(1)
        ).first()
        if last is not None:
            columns = {c.key: getattr(last, c.key) for c in table_of(Address).columns}
            # The months before the merge keep the commune they had: none.
            since = max(last.valid_from, today.replace(day=1))
            session.add(Address(**{**columns, "household_id": kept.id, "valid_from": since}))
            filled.append("address")
    session.flush()
    return filled


def undo_merge(desk: Desk, merge: int) -> None:
    """Put a merge back: rows, stays, cards and rights are again those of the file they came from.

    A month that ended before keeps the composition it was told with: undone in a later month, the stays begin again on the 1st
    of it. What was recorded on the file in use since (tickets, new rights, new papers) stays with it. Raises `RuleRefused`
    where it was undone already, where the right was shared out or united again since, or where the file is now held by
    somebody who came from the other.
    """
    require_team(desk)
    today = desk.clock.today()
    with desk.db.write() as session:
        row = session.get_one(Merge, merge)
        if row.undone_at is not None:
            raise RuleRefused(N_("Ces deux dossiers ont déjà été séparés de nouveau."))
        kept = edited_file_in(session, desk, row.target_id, None)
        _refuse_shared_since(session, kept.id, row.moved["last_right"], today)
        left = session.get_one(Household, row.source_id)
        touch(left, desk, None)
        left.merged_into_id = None
        left.closed_on = date.fromisoformat(row.moved["closed_on"]) if row.moved["closed_on"] else None
        apart_from = max(date.fromisoformat(row.moved["on"]), today.replace(day=1))
        again = apart_from if apart_from > date.fromisoformat(row.moved["on"]) else None
        _give_back(session, row.moved["rows"], left.id, kept.id)
        _unfold(session, row.moved["folded"])
        _unstate(session, row.moved["stated"])
        _close_right(session, row.moved["right"], today)
        _put_stays_back(session, kept, row.moved["stays"], again)
        _empty(session, left, kept, row.moved["filled"], again)
        row.undone_at, row.undone_by = desk.clock.now(), desk.actor.id
        session.flush()
        for household in (left.id, kept.id):
            index_words_in(session, household)
        seal_in_journal(session, desk, "household.unmerged", {"merge": merge, "source": left.id, "target": kept.id})


def _refuse_shared_since(session: Session, target: int, last: int, today: date) -> None:
    """Raise `RuleRefused` where a separation or another merge went on with the right since: given back, it would hold twice."""
    since = select(AccessGrant.id).where(
        AccessGrant.household_id == target, AccessGrant.id > last, AccessGrant.origin_id.is_not(None), AccessGrant.valid_until >= today
    )  # fmt: skip
    if session.execute(since.limit(1)).first():
        raise RuleRefused(
            N_(
                "Le droit de ce dossier a été partagé ou réuni de nouveau depuis : défaites d'abord la dernière réunion, ou "
                "attendez la fin de ce droit."
            )
        )


def _give_back(session: Session, rows: Mapping[str, list[Any]], source: int, target: int) -> None:
    """Give the source its rows back; one erased since is no longer there to give."""
    models: Iterable[type[Any]] = (*_WHOLE, AccessGrant, *(model for model, _column in (*_ONE_OPEN, *_WHERE_FREE)))
    for model in models:
        ids = rows.get(table_of(model).name, [])
        session.execute(
            update(model).where(model.id.in_(ids), model.household_id == target).values(household_id=source)
        )
    for at, person in rows.get("attendance", []):
        session.execute(
            update(Attendance)
            .where(Attendance.session_id == at, Attendance.person_id == person, Attendance.household_id == target)
            .values(household_id=source)
        )


def _unfold(session: Session, folded: list[dict[str, Any]]) -> None:
    """Take back what the open rows of the target were told, but what was changed since."""
    for one in folded:
        model = next(m for m, _ended in _ONE_OPEN if table_of(m).name == one["table"])
        ours, theirs = session.get_one(model, one["ours"]), session.get_one(model, one["theirs"])
        ours.urgent = ours.urgent and one["urgent"]
        if "since" in one:
            was = date.fromisoformat(one["since"])
            ours.since = was if ours.since == min(was, theirs.since) else ours.since
        for name in one.get("filled", []):
            if getattr(ours, name) == getattr(theirs, name):
                setattr(ours, name, None)


def _unstate(session: Session, stated: int | None) -> None:
    """Take back the statement that told the debts of both, unless something was decided on it since."""
    if stated is None:
        return
    used = (
        select(model.id).where(model.assessment_id == stated).exists()
        for model in (AccessGrant, Decision, MeetingItem, WaitingEntry)
    )
    if not session.scalar(select(or_(*used))):
        session.delete(session.get_one(Assessment, stated))
        session.flush()


def _close_right(session: Session, opened: int | None, today: date) -> None:
    """Take back the right opened for the reunited household: the two it went on with hold again.

    One that served keeps its tickets and ends the day before.
    """
    if opened is None:
        return
    row = session.get_one(AccessGrant, opened)
    used = (
        select(Sale.id).where(Sale.grant_id == opened).exists(),
        select(Decision.id).where(Decision.grant_id == opened).exists(),
    )
    if session.scalar(select(or_(*used))):
        row.valid_until = min(row.valid_until, today - timedelta(days=1))
    else:
        session.delete(row)
    session.flush()


def _put_stays_back(session: Session, kept: Household, stays: list[dict[str, Any]], again: date | None) -> None:
    """Give the source its stays back; with `again`, a day of a later month, they begin again on it and end there."""
    for stay in stays:
        row = session.get_one(Member, stay["ended"])
        after: list[Member] = []
        if stay["opened"] is not None:
            if row.person_id == kept.holder_id:
                raise RuleRefused(
                    N_("La personne titulaire de ce dossier vient de l'autre : choisissez d'abord un autre titulaire.")
                )
            after = list(
                session.scalars(
                    select(Member)
                    .where(
                        Member.household_id == kept.id, Member.person_id == row.person_id, Member.id >= stay["opened"]
                    )
                    .order_by(Member.joined_on)
                )
            )
        end = date.fromisoformat(stay["left_on"]) if stay["left_on"] else None
        why = stay["left_for"]
        if after and after[-1].left_on is not None and after[-1].left_for != LeftFor.CONTINUES:
            # Who left the household since has left it, whichever file tells it.
            end, why = after[-1].left_on, after[-1].left_for
        if again is None:
            row.left_on, row.left_for = end, why
            _forget(session, [m.id for m in after])
        else:
            _begin_again(session, row, after, again, end, why)
    session.flush()


def _forget(session: Session, members: list[int]) -> None:
    session.execute(delete(Away).where(Away.member_id.in_(members)))
    session.execute(delete(Member).where(Member.id.in_(members)))


def _begin_again(
    session: Session, row: Member, after: list[Member], again: date, end: date | None, why: str | None
) -> None:
    """End on `again` the stays in the file that stays, and begin one in the source: the days before keep their composition."""
    _forget(session, [m.id for m in after if m.joined_on >= again])
    for member in after:
        if member.joined_on < again and (member.left_on is None or member.left_on > again):
            member.left_on, member.left_for = again, LeftFor.MERGE.value
    if end is not None and end <= again:
        return
    back = Member(
        household_id=row.household_id, person_id=row.person_id, link=row.link, joined_on=max(again, row.joined_on), left_on=end,
        left_for=why, shared=row.shared,
    )  # fmt: skip
    session.add(back)
    session.flush()
    told = [m.id for m in after if m.joined_on < again] or [row.id]
    for away in session.scalars(
        select(Away).where(Away.member_id.in_(told), or_(Away.until.is_(None), Away.until >= again))
    ):
        session.add(Away(member_id=back.id, since=max(away.since, back.joined_on), until=away.until))


def _empty(session: Session, left: Household, kept: Household, filled: list[str], again: date | None) -> None:
    """Empty what the merge filled in, but what was changed since; with `again`, the commune of the months before stays."""
    for name in filled:
        if name == "address":
            first = session.scalars(
                select(Address).where(Address.household_id == kept.id).order_by(Address.valid_from).limit(1)
            ).first()
            if first is None:
                continue
            if again is None or first.valid_from >= again:
                session.delete(first)
                continue
            first.lines, first.postcode = "", ""
            if session.get(Address, (kept.id, again)) is None:
                session.add(Address(household_id=kept.id, valid_from=again, kind=first.kind))
        elif getattr(kept, name) == getattr(left, name):
            setattr(kept, name, None if name == "referrer_id" else "")
