"""What happens to a household, each gesture dated: birth, arrival, departure, death, custody, a time away, and their corrections.

A stay is never edited to say something else: who changes link or custody goes on under another stay from that day, so that
every day keeps the composition it had.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.household import (
    LeftFor,
    Link,
    PartialDate,
    Sex,
    TimeAway,
    checked_name,
    link_to_new_holder,
)
from epicerie_desktop.persistence.models import Away, Household, Member, Person
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import edited_file_in, index_words_in
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

_A_DAY = timedelta(days=1)
_A_YEAR = timedelta(days=366)
ENDED = (LeftFor.DEATH, LeftFor.DEPARTURE)
"""What may be corrected. A separation made another file: it is undone by reuniting the two."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who joins a household: `on` is the first day counted, for a birth the day of birth. `born` as typed."""

    last_name: str
    first_name: str
    link: Link
    on: date
    sex: Sex = Sex.UNKNOWN
    born: str | None = None
    shared: bool = False


class HolderAsked(RuleRefused):
    """The holder of the file leaves: who holds it from that day must be said. Nothing was written."""


def arrive(desk: Desk, household: int, who: Newcomer, version: int | None = None) -> int:
    """Add somebody to a household from a day on, and return their stay. A birth is an arrival on the day of birth.

    Raises `BadInput`: no name, an impossible birth date, a second holder, a day before the birth or more than a year ahead.
    """
    today = desk.clock.today()
    born = PartialDate.parse(who.born, today) if who.born else None
    last, first = checked_name(who.last_name, N_("nom de famille")), checked_name(who.first_name, N_("prénom"))
    if who.link is Link.HOLDER:
        raise BadInput(N_("Le dossier a déjà une personne titulaire : choisissez un autre lien."))
    if born is not None and (born.year, born.month or 1, born.day or 1) > (who.on.year, who.on.month, who.on.day):
        raise BadInput(N_("L'arrivée de {name} précède sa naissance : vérifiez les deux dates."), name=first)
    _check_near(who.on, today)
    _check_custody(who.link, shared=who.shared)
    with desk.db.write() as session:
        file = edited_file_in(session, desk, household, version)
        person = Person(last_name=last, first_name=first, sex=who.sex, born=born.iso if born else None, version=0)
        touch(person, desk, None)
        session.add(person)
        session.flush()
        row = Member(household_id=file.id, person_id=person.id, link=who.link, joined_on=who.on, shared=who.shared)
        session.add(row)
        index_words_in(session, file.id)
        birth = born is not None and born.iso == who.on.isoformat()
        _seal(session, desk, "member.birth" if birth else "member.arrival", row, who.on)
        return row.id


def leave(
    desk: Desk,
    household: int,
    member: int,
    on: date,
    why: LeftFor,
    new_holder: int | None = None,
    version: int | None = None,
) -> int:
    """End a stay by a departure or a death: `on` is the first day no longer counted. Return how many stay in the household.

    Where the holder leaves, `new_holder` is the stay of who holds the file from that day; the last one to leave needs none.
    Raises `HolderAsked` without it, `BadInput` for an impossible day, `RuleRefused` where the stay is over already.
    """
    today = desk.clock.today()
    with desk.db.write() as session:
        file = edited_file_in(session, desk, household, version)
        row = stay_in(session, file, member)
        if row.left_on is not None:
            raise RuleRefused(N_("Cette personne a déjà quitté le foyer : corrigez plutôt la date de son départ."))
        left = end_in(session, file, row, on, why, new_holder, today)
        _seal(session, desk, "member.death" if why is LeftFor.DEATH else "member.departure", row, on)
        return left


def end_in(
    session: Session, file: Household, row: Member, on: date, why: LeftFor, new_holder: int | None, today: date
) -> int:
    """End a stay inside a caller's block, with the file handed over where the holder leaves; return how many stay."""
    if on < row.joined_on:
        raise BadInput(N_("Ce jour précède l'arrivée de la personne : vérifiez la date."))
    holds = row.link is Link.HOLDER
    if on > today and (why is LeftFor.DEATH or holds):
        raise BadInput(N_("Ce jour n'est pas encore venu : enregistrez-le quand il le sera."))
    _check_near(on, today)
    others = [m for m in session.scalars(select(Member).where(Member.household_id == file.id)) if m.id != row.id]
    staying = [m for m in others if m.left_on is None or m.left_on > on]
    row.left_on, row.left_for = on, why.value
    if holds and staying:
        heir = next((m for m in staying if m.id == new_holder), None)
        if heir is None:
            raise HolderAsked(N_("La personne titulaire quitte le foyer : dites qui devient titulaire du dossier."))
        hand_over_in(session, file, staying, heir, on)
    session.flush()
    return len({m.person_id for m in staying})


def hand_over_in(session: Session, file: Household, staying: list[Member], heir: Member, on: date) -> None:
    """Make `heir` the holder from a day on, every other link being told again from theirs."""
    was = heir.link
    for m in staying:
        link = Link.HOLDER if m.id == heir.id else link_to_new_holder(m.link, was)
        if link is not m.link:
            go_on_in(session, m, on, link=link)
    file.holder_id = heir.person_id


def go_on_in(
    session: Session, row: Member, on: date, *, link: Link | None = None, shared: bool | None = None
) -> Member:
    """Have a person go on from a day under another link or custody; the days before keep what they were."""
    link, shared = link or row.link, row.shared if shared is None else shared
    if row.joined_on >= on:
        row.link, row.shared = link, shared
        return row
    after = Member(
        household_id=row.household_id, person_id=row.person_id, link=link, joined_on=on, left_on=row.left_on, left_for=row.left_for,
        shared=shared,
    )  # fmt: skip
    row.left_on, row.left_for = on, LeftFor.CONTINUES.value
    session.add(after)
    session.flush()
    for away in session.scalars(select(Away).where(Away.member_id == row.id)):
        if away.since >= on:
            away.member_id = after.id
        elif away.until is None or away.until >= on:
            session.add(Away(member_id=after.id, since=on, until=away.until))
            away.until = on - _A_DAY
    session.flush()
    return after


def rejoin_in(session: Session, before: Member, after: Member) -> None:
    """Undo `go_on_in`: the first stay takes the end and the times away of the second, which is gone."""
    cut = {a.until: a for a in session.scalars(select(Away).where(Away.member_id == before.id))}
    for away in session.scalars(select(Away).where(Away.member_id == after.id)):
        first = cut.get(away.since - _A_DAY)
        if first is not None and away.since == after.joined_on:
            first.until = away.until
            session.delete(away)
        else:
            away.member_id = before.id
    before.left_on, before.left_for = after.left_on, after.left_for
    session.flush()
    session.delete(after)
    session.flush()


def correct_leaving(desk: Desk, household: int, member: int, on: date | None, version: int | None = None) -> None:
    """Change the day of a departure or a death; None when it never was. A file handed over that day follows.

    Raises `BadInput` for an impossible day, `RuleRefused` where this stay has not ended, or a second holder would come of it.
    """
    with desk.db.write() as session:
        file = edited_file_in(session, desk, household, version)
        row = session.get_one(Member, member)
        was, why = row.left_on, LeftFor(row.left_for or LeftFor.DEPARTURE)
        if row.household_id != file.id or was is None or why not in ENDED:
            raise RuleRefused(N_("Il n'y a pas de départ à corriger pour cette personne."))
        heir = _take_back_in(session, file, row, was)
        row.left_on, row.left_for = None, None
        session.flush()
        if on is not None:
            end_in(session, file, row, on, why, heir, desk.clock.today())
        held = select(Member.id).where(
            Member.household_id == file.id, Member.link == Link.HOLDER, Member.left_on.is_(None)
        )
        if len(session.scalars(held).all()) > 1:
            raise RuleRefused(
                N_("Une autre personne est titulaire depuis : donnez-lui d'abord un autre lien dans le dossier.")
            )
        _seal(session, desk, "member.corrected", row, on or row.joined_on)


def _take_back_in(session: Session, file: Household, row: Member, was: date) -> int | None:
    """Undo the handing over of a file that followed a stay's end; return the stay of who had taken it, if anybody had."""
    heir = None
    if row.link is Link.HOLDER:
        for before, after in _continued_in(session, file.id, was):
            if after.link is Link.HOLDER:
                heir = before.id
            rejoin_in(session, before, after)
        file.holder_id = row.person_id
    return heir


def _continued_in(session: Session, household: int, on: date) -> list[tuple[Member, Member]]:
    rows = list(session.scalars(select(Member).where(Member.household_id == household)))
    after = {m.person_id: m for m in rows if m.joined_on == on}
    return [
        (m, after[m.person_id])
        for m in rows
        if m.left_on == on and m.left_for == LeftFor.CONTINUES and m.person_id in after
    ]


def correct_arrival(desk: Desk, household: int, member: int, on: date, version: int | None = None) -> None:
    """Change the day from which somebody is counted. Raises `BadInput` for a day after they left, or within an earlier stay."""
    _check_near(on, desk.clock.today())
    with desk.db.write() as session:
        file = edited_file_in(session, desk, household, version)
        row = session.get_one(Member, member)
        rows = session.scalars(select(Member).where(Member.household_id == file.id, Member.person_id == row.person_id))
        others = [m for m in rows if m.id != row.id]
        if row.household_id != file.id or any(m.left_on == row.joined_on for m in others):
            raise RuleRefused(N_("Ce jour est celui d'un changement : corrigez le changement lui-même."))
        away = list(session.scalars(select(Away.since).where(Away.member_id == row.id)))
        ends = [d for d in (row.left_on, *away) if d is not None]
        if any(on > d for d in ends):
            raise BadInput(N_("L'arrivée viendrait après un départ ou une absence : vérifiez la date."))
        if any(m.joined_on < row.joined_on and m.left_on is not None and on < m.left_on for m in others):
            raise BadInput(N_("La personne était encore dans le foyer ce jour-là : vérifiez la date."))
        row.joined_on = on
        _seal(session, desk, "member.corrected", row, on)


def set_custody(desk: Desk, household: int, member: int, on: date, *, shared: bool, version: int | None = None) -> int:
    """Say that a child lives here half of the time from a day on, or no longer does; return the stay that tells it.

    Raises `BadInput` for the holder or a partner, or a day outside the stay.
    """
    with desk.db.write() as session:
        file = edited_file_in(session, desk, household, version)
        row = stay_in(session, file, member)
        _check_custody(row.link, shared=shared)
        _check_within(row, on)
        after = go_on_in(session, row, on, shared=shared)
        session.flush()
        _seal(session, desk, "member.custody", after, on)
        return after.id


def correct_custody(desk: Desk, household: int, member: int, on: date | None, version: int | None = None) -> None:
    """Change the day of a change of custody; None when it never was. `member` is the stay it began."""
    with desk.db.write() as session:
        file = edited_file_in(session, desk, household, version)
        row = session.get_one(Member, member)
        pairs = _continued_in(session, file.id, row.joined_on)
        before = next((b for b, after in pairs if after.id == row.id and b.link is row.link), None)
        if before is None:
            raise RuleRefused(N_("Il n'y a pas de changement de garde à corriger ici."))
        shared = row.shared
        rejoin_in(session, before, row)
        if on is not None:
            _check_within(before, on)
            go_on_in(session, before, on, shared=shared)
        _seal(session, desk, "member.corrected", before, on or before.joined_on)


def set_away(
    desk: Desk,
    household: int,
    member: int,
    span: TimeAway,
    away: int | None = None,
    version: int | None = None,
) -> int:
    """Say that a member is away for a time, both days included, or correct one said before (`away`); return its id.

    Raises `BadInput`: an end before the beginning, days outside the stay, or over another time away.
    """
    if span.until is not None and span.until < span.since:
        raise BadInput(N_("Le retour précède le départ : vérifiez les deux dates."))
    _check_near(span.since, desk.clock.today())
    with desk.db.write() as session:
        file = edited_file_in(session, desk, household, version)
        row = session.get_one(Member, member)
        if row.household_id != file.id:
            raise RuleRefused(N_("Cette personne n'est plus dans ce dossier."))
        _check_within(row, span.since)
        for other in session.scalars(select(Away).where(Away.member_id == member)):
            ends_before = other.until is not None and other.until < span.since
            begins_after = span.until is not None and other.since > span.until
            if other.id != away and not ends_before and not begins_after:
                raise BadInput(
                    N_("Une absence est déjà notée à partir du {day} : corrigez-la plutôt."),
                    day=lambda d=other.since: shown.day(d),
                )
        kept = session.get_one(Away, away) if away is not None else Away(member_id=member)
        if kept.member_id != member:
            raise RuleRefused(N_("Cette personne n'est plus dans ce dossier."))
        kept.since, kept.until = span.since, span.until
        session.add(kept)
        session.flush()
        _seal(session, desk, "member.away", row, span.since)
        return kept.id


def drop_away(desk: Desk, household: int, away: int, version: int | None = None) -> None:
    """Take back a time away that never was."""
    with desk.db.write() as session:
        edited_file_in(session, desk, household, version)
        row = session.get_one(Away, away)
        member = session.get_one(Member, row.member_id)
        if member.household_id != household:
            raise RuleRefused(N_("Cette personne n'est plus dans ce dossier."))
        session.delete(row)
        _seal(session, desk, "member.corrected", member, row.since)


def stay_in(session: Session, file: Household, member: int) -> Member:
    """Return a stay of the file. Raises `RuleRefused` where it is another file's, or was followed by another."""
    row = session.get(Member, member)
    if row is None or row.household_id != file.id or row.left_for == LeftFor.CONTINUES:
        raise RuleRefused(N_("Le foyer a changé pendant ce temps : rouvrez son dossier."))
    return row


def _check_near(on: date, today: date) -> None:
    if on > today + _A_YEAR:
        raise BadInput(N_("Ce jour est dans plus d'un an : vérifiez l'année."))


def _check_within(row: Member, on: date) -> None:
    if on < row.joined_on or (row.left_on is not None and on >= row.left_on):
        raise BadInput(N_("La personne n'est pas dans le foyer ce jour-là : vérifiez la date."))


def _check_custody(link: Link, *, shared: bool) -> None:
    if shared and link in (Link.HOLDER, Link.PARTNER):
        raise BadInput(N_("La garde partagée concerne un enfant du foyer, pas un des deux adultes qui le tiennent."))


def _seal(session: Session, desk: Desk, kind: str, row: Member, on: date) -> None:
    session.flush()
    seal_in_journal(
        session, desk, kind, {"household": row.household_id, "member": row.id, "person": row.person_id, "on": on.isoformat()}
    )  # fmt: skip
