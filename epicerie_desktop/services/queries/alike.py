"""Households that may be entered twice: while one is entered, over the whole base, and two files side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.household import LeftFor, PartialDate
from epicerie_desktop.domain.resemblance import FileTrace, Likeness, LikeReason, alike, duplicates, files_alike, trace
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.persistence.models import Address, Card, Household, Member, Person, Sale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm
from epicerie_desktop.services.queries.files import hidden_in, open_in, reading
from epicerie_desktop.services.queries.reunited import Reunited, reunited_in
from epicerie_desktop.services.queries.rights import kept
from epicerie_desktop.support.text import phone_digits, words

MOST_SHOWN = 5
"""How many files a file being entered is compared with on screen."""

MOST_PAIRS = 200
"""How many pairs of the base are listed: the likeliest are settled first, then the list is asked again."""


@dataclass(frozen=True, slots=True)
class FaceMember:
    """A member as shown for comparing; `born` is ISO text or None."""

    person: int
    name: str
    born: str | None


@dataclass(frozen=True, slots=True)
class FileFace:
    """A file as shown beside another: who, where, since when, last seen."""

    id: int
    number: str
    holder: str
    members: tuple[FaceMember, ...]
    phones: tuple[str, ...]
    address: str
    opened_on: date
    closed_on: date | None
    last_visit: date | None
    cards: int


@dataclass(frozen=True, slots=True)
class Alike:
    """A file that looks like the one being entered, how much (0 to 100), and why."""

    face: FileFace
    score: int
    reasons: tuple[LikeReason, ...]


@dataclass(frozen=True, slots=True)
class AlikeAnswer:
    """The files that look like one being entered; `ask` that one more does, reserved to others: the coordinator knows."""

    found: tuple[Alike, ...]
    ask: bool


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Two files of the base that look alike: the older first."""

    first: FileFace
    second: FileFace
    score: int
    reasons: tuple[LikeReason, ...]


@dataclass(frozen=True, slots=True)
class PairsAnswer:
    """The pairs of the whole base; `ask` that others touch files reserved to others."""

    pairs: tuple[AlikePair, ...]
    ask: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two files side by side, and which persons of the first would be which of the second.

    `right_if_first` and `right_if_second`: the right opened today where that file stays, None where nothing is to open.
    """

    first: FileFace
    second: FileFace
    same: tuple[tuple[int, int], ...]
    right_if_first: Reunited | None = None
    right_if_second: Reunited | None = None


def files_like(desk: Desk, form: HouseholdForm) -> AlikeAnswer:
    """Return the files that look like the one being typed, the likeliest first. For the thread of long work.

    Births are ISO text or None. A file reserved to others is never shown: `ask` says that one looks like it, but to a volunteer.
    """
    entered = FileTrace(
        form.id or 0,
        # Nobody known: numbers below 0 are never those of a person of the base.
        tuple(
            trace(-n, m.last_name, m.first_name, PartialDate.from_iso(m.born)) for n, m in enumerate(form.members, 1)
            if m.last_name.strip() and m.first_name.strip()
        ),
        _phones(form.phone, form.phone2),
        _address(form.address),
    )  # fmt: skip
    with desk.db.read() as session:
        files = [f for f in _traces_in(session, desk.clock.today()) if f.household != form.id]
        found = alike(entered, files)
        hidden = hidden_in(session, desk, [f.household for f, _likeness in found])
        shown = [(f, like) for f, like in found if f.household not in hidden][:MOST_SHOWN]
        faces = _faces_in(session, [f.household for f, _like in shown], desk.clock.today())
        return AlikeAnswer(
            tuple(Alike(faces[f.household], like.score, like.reasons) for f, like in shown),
            # Whoever watches a name must not learn at the counter that a file is reserved.
            bool(hidden) and desk.actor.role != Role.VOLUNTEER,
        )


def pairs_alike(desk: Desk) -> PairsAnswer:
    """Return the pairs of files that look alike over the whole base, the likeliest first. For the thread of long work."""
    today = desk.clock.today()
    with desk.db.read() as session:
        found = duplicates(_traces_in(session, today))
        ids = sorted({f.household for one, other, _like in found for f in (one, other)})
        hidden = hidden_in(session, desk, ids)
        open_ones = [f for f in found if f[0].household not in hidden and f[1].household not in hidden]
        shown = open_ones[:MOST_PAIRS]
        faces = _faces_in(session, sorted({f.household for one, other, _like in shown for f in (one, other)}), today)
        pairs = tuple(
            AlikePair(faces[one.household], faces[other.household], like.score, like.reasons)
            for one, other, like in shown
        )
        return PairsAnswer(pairs, len(open_ones) < len(found))


def compare(desk: Desk, first: int, second: int) -> Comparison:
    """Return two files side by side. Raises `RuleRefused`, naming whom to see, where one is reserved to others."""
    today = desk.clock.today()
    with reading(desk) as session:
        for household in (first, second):
            open_in(session, desk, household)
        faces = _faces_in(session, [first, second], today)
        same = same_people_in(session, first, second, today)
        return Comparison(
            faces[first], faces[second], tuple(sorted(same.items())),
            reunited_in(session, desk, second, first, same.values()), reunited_in(session, desk, first, second, same),
        )  # fmt: skip


def same_people_in(session: Session, first: int, second: int, today: date) -> dict[int, int]:
    """Return which persons of one file look like which of another, inside a caller's block; each at most once."""
    traces = {f.household: f for f in _traces_in(session, today, [first, second])}
    if len(traces) < 2:
        return {}
    one, other = traces[first], traces[second]
    shared = {p.person for p in one.persons} & {p.person for p in other.persons}
    apart = [FileTrace(f.household, tuple(p for p in f.persons if p.person not in shared)) for f in (one, other)]
    likeness: Likeness = files_alike(apart[0], apart[1])
    return dict(likeness.pairs)


def _phones(*typed: str) -> frozenset[str]:
    return frozenset(p for p in (phone_digits(t) for t in typed) if len(p) >= 9)


def _address(at: AddressForm) -> str:
    # A street without a number, or a hostel's name alone, says nothing by itself.
    street = " ".join(words(at.lines))
    return f"{street}|{at.commune_code or at.commune_name}" if any(c.isdigit() for c in street) else ""


def _traces_in(session: Session, today: date, ids: Sequence[int] | None = None) -> list[FileTrace]:
    """Return every file in use as it is compared, or some of them; who left it or died is not compared."""
    connection = session.connection()
    which: ColumnElement[bool] = Household.merged_into_id.is_(None)
    if ids is not None:
        which = which & Household.id.in_(ids)
    persons = defaultdict(list)
    for r in connection.execute(
        select(Member.household_id, Person.id, Person.last_name, Person.first_name, Person.born)
        .join(Person, Person.id == Member.person_id)
        .join(Household, Household.id == Member.household_id)
        .where(which, Member.left_on.is_(None) | (Member.left_on > today))
        .where(Member.left_for.is_(None) | Member.left_for.not_in([LeftFor.CONTINUES, LeftFor.MERGE]))
    ):
        persons[r.household_id].append(trace(r.id, r.last_name, r.first_name, PartialDate.from_iso(r.born)))
    places = {
        r.household_id: _address(AddressForm(lines=r.lines, commune_code=r.commune_code, commune_name=r.commune_name))
        for r in connection.execute(
            select(Address.household_id, Address.lines, Address.commune_code, Address.commune_name).order_by(
                Address.household_id, Address.valid_from
            )
        )
    }
    rows = connection.execute(
        select(Household.id, Household.phone, Household.phone2).where(which).order_by(Household.id)
    )
    return [
        FileTrace(r.id, tuple(persons[r.id]), _phones(r.phone, r.phone2), places.get(r.id, "")) for r in rows if persons[r.id]
    ]  # fmt: skip


def _faces_in(session: Session, ids: Sequence[int], today: date) -> dict[int, FileFace]:
    members: dict[int, list[FaceMember]] = defaultdict(list)
    for r in session.execute(
        select(Member.household_id, Person.id, Person.last_name, Person.first_name, Person.born)
        .join(Person, Person.id == Member.person_id)
        .where(Member.household_id.in_(ids), Member.left_on.is_(None) | (Member.left_on > today))
        .order_by(Member.id)
    ):
        members[r.household_id].append(FaceMember(r.id, f"{r.last_name} {r.first_name}", r.born))
    places = {
        a.household_id: ", ".join(p for p in (a.lines.replace("\n", ", "), a.commune_name) if p)
        for a in session.scalars(
            select(Address).where(Address.household_id.in_(ids)).order_by(Address.household_id, Address.valid_from)
        )
    }
    last = dict(
        session.execute(
            select(Sale.household_id, func.max(Sale.day)).where(Sale.household_id.in_(ids), kept()).group_by(Sale.household_id)
        ).all()
    )  # fmt: skip
    cards = dict(
        session.execute(
            select(Card.household_id, func.count())
            .where(Card.household_id.in_(ids), Card.revoked_on.is_(None))
            .group_by(Card.household_id)
        ).all()
    )
    holders = dict(session.execute(select(Person.id, Person.last_name + " " + Person.first_name)
                                   .join(Household, Household.holder_id == Person.id).where(Household.id.in_(ids))).all())  # fmt: skip
    return {
        h.id: FileFace(
            h.id, h.number, holders.get(h.holder_id or 0, "–"), tuple(members[h.id]), tuple(p for p in (h.phone, h.phone2) if p),
            places.get(h.id, ""), h.opened_on, h.closed_on, last.get(h.id), cards.get(h.id, 0),
        )
        for h in session.scalars(select(Household).where(Household.id.in_(ids)))
    }  # fmt: skip
