"""A household that separates: those who leave get a file of their own, in one gesture and one transaction.

Nothing in either file leads to the other's address or telephone. It is not undone as a whole; each part is corrected where it
lies (a stay, a card, a right, a procuration).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.access import Ceiling, CeilingLeft, CeilingPeriod
from epicerie_desktop.domain.eligibility.situation import Member as Weighed
from epicerie_desktop.domain.eligibility.situation import Situation
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.household import LeftFor, Link, PartialDate
from epicerie_desktop.domain.statements import Said, said_from_json
from epicerie_desktop.domain.support import UndertakingKind
from epicerie_desktop.domain.units import split_evenly
from epicerie_desktop.persistence.models import (
    Address,
    Away,
    Card,
    Household,
    Member,
    Person,
    Undertaking,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.enrol import AddressForm, checked_address
from epicerie_desktop.services.households.files import edited_file_in, index_words_in
from epicerie_desktop.services.households.life import go_on_in, hand_over_in, stay_in
from epicerie_desktop.services.households.reserve import accounts_of_in, reserve_in
from epicerie_desktop.services.queries.rights import Running, compositions_in, running_in
from epicerie_desktop.services.rights.continued import fees_paid_in, go_on_with_in
from epicerie_desktop.services.rights.decide import record_assessment_in
from epicerie_desktop.services.rights.restated import restate_in, statements_in
from epicerie_desktop.services.sealing import unseal_json
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import next_number, seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.text import words


class RightAfter(StrEnum):
    """What becomes of the right: both share what is left of it, or those who leave have none yet."""

    SHARED = "SHARED"
    STAYS = "STAYS"


@dataclass(frozen=True, slots=True)
class Leaver:
    """Who goes into the new file, under which link there; a `shared` child also stays in the first one."""

    member: int
    link: Link
    shared: bool = False


@dataclass(frozen=True, slots=True)
class SeparationForm:
    """A separation as decided. `on` is the first day of the new file; `address` None leaves its address to be told later.

    `new_holder` is the stay of who holds the first file, asked where its holder leaves. `kept_phones` are the first file's
    from now on. `card_leaves`: the card goes with those who leave; every other card in force is revoked. `proxies` are
    revoked, with those whose name is one who leaves. `shares` is what goes to the new file of what is left of each ceiling
    (cents or grams, in order), None, for all or for one, where it is shared by persons. `debts` are the ranks, in the last statement, of those that go.
    """

    household: int
    on: date
    leavers: tuple[Leaver, ...]
    address: AddressForm | None
    phone: str = ""
    phone2: str = ""
    kept_phones: tuple[str, str] = ("", "")
    new_holder: int | None = None
    card_leaves: bool = False
    proxies: tuple[int, ...] = ()
    right: RightAfter = RightAfter.SHARED
    shares: tuple[int | None, ...] | None = None
    debts: tuple[int, ...] = ()
    version: int | None = None


def separate(desk: Desk, form: SeparationForm) -> int:
    """Open a file for those who leave and return its id; members, card, right and debts are shared out as the form says.

    Raises `BadInput`: nobody leaves or stays, no holder on either side, an impossible day, shares that exceed what is left;
    `RuleRefused` for debts without the second key; `Stale`. Nothing is written then.
    """
    require_team(desk)
    today = desk.clock.today()
    if form.on > today:
        raise BadInput(N_("Ce jour n'est pas encore venu : enregistrez la séparation quand il le sera."))
    with desk.db.write() as session:
        file = edited_file_in(session, desk, form.household, form.version)
        left = running_in(session, file.id, today)
        new = _new_file(session, desk, form)
        if file.reserved:
            reserve_in(session, new, accounts_of_in(session, file.id))
        moved = _move_people(session, file, new, form)
        file.phone, file.phone2 = (checked_text(p) for p in form.kept_phones)
        told: dict[str, Any] = {"household": file.id, "new": new.id, "members": moved, "on": form.on.isoformat()}
        told["cards"] = _share_cards(session, file.id, new.id, today, leaves=form.card_leaves)
        told["proxies"] = _revoke_proxies(session, file.id, form, today)
        told["grants"] = _share_right(session, desk, file.id, new.id, form, left)
        _share_debts(session, desk, file.id, new.id, form)
        for household in (file.id, new.id):
            index_words_in(session, household)
        seal_in_journal(session, desk, "household.separated", told)
        return new.id


def _new_file(session: Session, desk: Desk, form: SeparationForm) -> Household:
    holders = sum(1 for m in form.leavers if m.link is Link.HOLDER)
    if not form.leavers or holders != 1:
        raise BadInput(N_("Indiquez qui part, et une seule personne titulaire du nouveau dossier."))
    if any(m.shared and m.link in (Link.HOLDER, Link.PARTNER) for m in form.leavers):
        raise BadInput(N_("La garde partagée concerne un enfant du foyer, pas un des deux adultes qui le tiennent."))
    number = next_number(session, desk, "household")
    new = Household(
        number=f"{desk.post.number}-{number:04d}", opened_on=form.on, phone=checked_text(form.phone), phone2=checked_text(form.phone2), version=0
    )  # fmt: skip
    touch(new, desk, None)
    session.add(new)
    session.flush()
    if form.address is not None:
        a = checked_address(form.address)
        session.add(
            Address(
                household_id=new.id, valid_from=form.on, kind=a.kind, lines=a.lines, postcode=a.postcode,
                commune_code=a.commune_code, commune_name=a.commune_name,
            )
        )  # fmt: skip
    return new


def _move_people(session: Session, file: Household, new: Household, form: SeparationForm) -> list[int]:
    """End the stays of those who leave and begin their new ones; return the stays that end or are now shared."""
    rows = {leaver.member: stay_in(session, file, leaver.member) for leaver in form.leavers}
    for row in rows.values():
        if form.on < row.joined_on or (row.left_on is not None and row.left_on <= form.on):
            raise BadInput(N_("Une des personnes qui partent n'est pas dans le foyer ce jour-là : vérifiez la date."))
    gone = {leaver.member for leaver in form.leavers if not leaver.shared}
    staying = [
        m
        for m in session.scalars(select(Member).where(Member.household_id == file.id))
        if m.id not in gone and (m.left_on is None or m.left_on > form.on)
    ]
    if not any(m.id not in rows for m in staying):
        raise BadInput(N_("Il faut que quelqu'un reste dans ce dossier : sinon, changez seulement son adresse."))
    for leaver in form.leavers:
        row = rows[leaver.member]
        after = Member(
            household_id=new.id, person_id=row.person_id, link=leaver.link, joined_on=form.on, left_on=row.left_on,
            left_for=row.left_for, shared=leaver.shared,
        )  # fmt: skip
        session.add(after)
        session.flush()
        for away in session.scalars(
            select(Away).where(Away.member_id == row.id, or_(Away.until.is_(None), Away.until >= form.on))
        ):
            session.add(Away(member_id=after.id, since=max(away.since, form.on), until=away.until))
        if leaver.link is Link.HOLDER:
            new.holder_id = row.person_id
        if not leaver.shared:
            row.left_on, row.left_for = form.on, LeftFor.SEPARATION.value
    _hand_over(session, file, staying, rows, gone, form)
    for leaver in form.leavers:
        if leaver.shared:
            now = session.scalars(
                select(Member).where(
                    Member.household_id == file.id, Member.person_id == rows[leaver.member].person_id, Member.left_on.is_(None)
                )
            ).first()  # fmt: skip
            go_on_in(session, now or rows[leaver.member], form.on, shared=True)
    session.flush()
    return sorted(rows)


def _hand_over(
    session: Session, file: Household, staying: list[Member], rows: dict[int, Member], gone: set[int], form: SeparationForm
) -> None:  # fmt: skip
    if not any(row.link is Link.HOLDER for member, row in rows.items() if member in gone):
        return
    heir = next((m for m in staying if m.id == form.new_holder and m.id not in rows), None)
    if heir is None:
        raise BadInput(N_("La personne titulaire part : dites qui devient titulaire de ce dossier."))
    hand_over_in(session, file, staying, heir, form.on)


def _share_cards(session: Session, first: int, second: int, today: date, *, leaves: bool) -> list[int]:
    """Leave one card in force, with those it was promised to, and return the cards revoked."""
    cards = list(
        session.scalars(select(Card).where(Card.household_id == first, Card.revoked_on.is_(None)).order_by(Card.id))
    )
    if cards and leaves:
        cards[-1].household_id = second
    for other in cards[:-1]:
        other.revoked_on = today
    return [c.id for c in cards[:-1]]


def _revoke_proxies(session: Session, household: int, form: SeparationForm, today: date) -> list[int]:
    """Revoke the procurations asked for and those that name somebody who leaves; return them."""
    people = session.execute(
        select(Person.first_name, Person.last_name)
        .join(Member, Member.person_id == Person.id)
        .where(Member.id.in_([leaver.member for leaver in form.leavers if not leaver.shared]))
    )
    names = [frozenset(words(f"{first} {last}")) for first, last in people]
    revoked = []
    for row in session.scalars(
        select(Undertaking).where(
            Undertaking.household_id == household, Undertaking.kind == UndertakingKind.PROXY.value, Undertaking.revoked_on.is_(None)
        )
    ):  # fmt: skip
        if row.id in form.proxies or any(name <= frozenset(words(row.name)) for name in names):
            row.revoked_on = today
            revoked.append(row.id)
    return revoked


def _share_right(
    session: Session, desk: Desk, first: int, second: int, form: SeparationForm, left: Running | None
) -> list[int]:
    """Open two rights from today in the place of one, that together leave exactly what it left; return them.

    Visits, limits and fees counted over the whole right go on from what the household had used, in both.
    """
    if form.right is RightAfter.STAYS or left is None or left.grant.suspended:
        return []
    today = desk.clock.today()
    sizes = compositions_in(session, [first, second], today)
    weights = (max(1, sizes[first].persons), max(1, sizes[second].persons))
    # What the till counts besides (articles, goods outside) follows the terms, which each file keeps whole.
    typed = form.shares if form.shares is not None else (None,) * len(left.shared)
    shares = tuple(
        split_evenly(c.left, weights)[1] if share is None else share
        for c, share in zip(left.shared, typed, strict=False)
    )
    if len(shares) != len(left.shared) or any(not 0 <= s <= c.left for s, c in zip(shares, left.shared, strict=True)):
        raise BadInput(N_("La part du nouveau dossier dépasse ce qui reste du plafond : vérifiez les montants."))
    parts: tuple[list[Ceiling], list[Ceiling]] = ([], [])
    for ceiling, share, now in zip(left.shared, shares, left.shared_today, strict=True):
        for part, ceilings in zip(_parts(ceiling, share, weights, now), parts, strict=True):
            ceilings.append(part)
    fees = fees_paid_in(session, first, left.grant)
    # The tickets of today stay with the first file and weigh there by themselves: the new one is told them.
    stays = go_on_with_in(
        session, desk, left.grant, first, tuple(parts[0]), visits=left.visits - left.came_today, limits=left.limits_before_today, fees=fees,
    )  # fmt: skip
    goes = go_on_with_in(
        session, desk, left.grant, second, tuple(parts[1]), visits=left.visits, limits=left.limits_until_now, fees=fees,
    )  # fmt: skip
    return [stays, goes]


def _parts(left: CeilingLeft, share: int, weights: tuple[int, int], now: int) -> tuple[Ceiling, Ceiling]:
    """Return a ceiling shared in two: what is left in the period under way as decided, the periods to come by persons.

    A right begins today: what the first file took today weighs on it by its tickets, what it took before by `before`.
    """
    was = left.ceiling
    if was.period is CeilingPeriod.GRANT:
        return Ceiling(was.measure, was.period, left.left - share + now), Ceiling(was.measure, was.period, share)
    first, second = split_evenly(was.amount, weights)
    if was.period is CeilingPeriod.VISIT:
        return Ceiling(was.measure, was.period, first), Ceiling(was.measure, was.period, second)
    return (
        Ceiling(was.measure, was.period, first, first - (left.left - share) - now),
        Ceiling(was.measure, was.period, second, second - share),
    )


def _share_debts(session: Session, desk: Desk, first: int, second: int, form: SeparationForm) -> None:
    """State again the last statement's debts, those that go in the new file, the others in the first one."""
    if not form.debts:
        return
    last = next(iter(statements_in(session, first)), None)
    content = unseal_json(desk, "assessment", last.uid, last.sealed) if last is not None else {}
    debts = said_from_json(content).debts
    if last is None or any(not 0 <= rank < len(debts) for rank in form.debts):
        raise RuleRefused(N_("Les dettes ont changé pendant ce temps : rouvrez le dossier, puis recommencez."))
    today = desk.clock.today()
    stay = [d for rank, d in enumerate(content["debts"]) if rank not in form.debts]
    # The same statement without the debts that go: it was weighed with the others, and is not weighed again here.
    restate_in(session, desk, first, last, content, stay)
    born = session.scalars(
        select(Person.born).join(Member, Member.person_id == Person.id).where(Member.household_id == second)
    )
    people = tuple(Weighed(birth=PartialDate.from_iso(b)) for b in born)
    gone = tuple(debts[rank] for rank in sorted(set(form.debts)))
    record_assessment_in(session, desk, second, Situation(on=today, members=people), Said(debts=gone))
