"""The coordinator's side of the distinct families: what each parcel tells of its households, and whom it makes known again.

What was found is kept for good: the keys may go with a purge, « 190 familles » does not move.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol, TypeVar

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.domain.distinct import Links, same_household
from epicerie_desktop.domain.linking import Means
from epicerie_desktop.persistence.models import HouseholdDouble, HouseholdKey, ParcelReceived, Site
from epicerie_desktop.services.desk import Desk

_T = TypeVar("_T")
_AT_ONCE = 500
"""Values of one question: far under what any database takes."""

_Row = tuple[str, bytes, str, str]
"""A household's token, the value, its means and the number of the counting key, as a parcel tells them."""


class ToldLinks(Protocol):
    """What a parcel tells of its households: see `domain/linking.ShopLinks`."""

    @property
    def key_id(self) -> str:
        """Return the number of the counting key, empty for cards alone."""

    @property
    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """Return rows of a household's token, the means, and the value in hexadecimal."""


def keep_links_in(session: Session, desk: Desk, parcel: ParcelReceived, links: ToldLinks | None) -> int:
    """Put what a parcel tells of its households in the place of what its post told before; return how many doubles it made known.

    Inside a caller's block, once the parcel was accepted. Only households whose links changed are compared again.
    """
    contract = session.get_one(Site, parcel.site_id).contract_id
    parcel.counting_key = links.key_id if links is not None else None
    here = (HouseholdKey.site_id == parcel.site_id, HouseholdKey.post == parcel.post)
    before: set[_Row] = {
        (row.household, row.value, row.means, row.key_id)
        for row in session.execute(
            select(HouseholdKey.household, HouseholdKey.value, HouseholdKey.means, HouseholdKey.key_id).where(*here)
        )
    }
    now = set(_rows(links)) if links is not None else set()
    changed = {household for household, *_rest in before ^ now}
    for some in _by(changed):
        session.execute(delete(HouseholdKey).where(*here, HouseholdKey.household.in_(some)))
    for rows in _by(row for row in now if row[0] in changed):
        session.execute(
            insert(HouseholdKey),
            [
                {"site_id": parcel.site_id, "post": parcel.post, "household": household, "value": value, "means": means,
                 "key_id": key, "contract_id": contract}
                for household, value, means, key in rows
            ],
        )  # fmt: skip
    return _find(session, desk, parcel, contract, changed)


def _rows(links: ToldLinks) -> Iterator[_Row]:
    known = {m.value for m in Means}
    for household, means, value in links.rows:
        # A kind of token that a newer shop sends is of no use here, and no harm.
        if means in known:
            yield household, bytes.fromhex(value), means, links.key_id


def _find(session: Session, desk: Desk, parcel: ParcelReceived, contract: int, changed: Collection[str]) -> int:
    """Write the doubles that these households of a parcel make known, beside those of every other shop."""
    ours, theirs = aliased(HouseholdKey), aliased(HouseholdKey)
    pairs: set[tuple[str, str]] = set()
    for some in _by(changed):
        found = session.execute(
            select(ours.household, theirs.household)
            .join(
                theirs,
                (theirs.contract_id == contract) & (theirs.value == ours.value) & (theirs.key_id == ours.key_id)
                & (theirs.means == ours.means) & ((theirs.site_id != ours.site_id) | (theirs.post != ours.post)),
            )
            .where(ours.site_id == parcel.site_id, ours.post == parcel.post, ours.household.in_(some))
            .distinct()
        )  # fmt: skip
        pairs |= {(min(a, b), max(a, b)) for a, b in found if a != b}
    if not pairs:
        return 0
    known = _known(session, contract, {token for pair in pairs for token in pair})
    frozen = {
        (first, second)
        for some in _by({first for first, _second in pairs})
        for first, second in session.execute(
            select(HouseholdDouble.first, HouseholdDouble.second).where(
                HouseholdDouble.contract_id == contract, HouseholdDouble.first.in_(some)
            )
        )
    }
    made = 0
    for first, second in sorted(pairs - frozen):
        means = same_household(known[first], known[second])
        if means is not None:
            made += 1
            session.add(
                HouseholdDouble(
                    contract_id=contract, first=first, second=second, means=means.value, found_at=desk.clock.now(),
                    parcel_id=parcel.id,
                )
            )  # fmt: skip
    session.flush()
    return made


def _known(session: Session, contract: int, households: set[str]) -> dict[str, Links]:
    found: dict[str, dict[Means, set[bytes]]] = defaultdict(lambda: defaultdict(set))
    for some in _by(households):
        for household, means, value in session.execute(
            select(HouseholdKey.household, HouseholdKey.means, HouseholdKey.value).where(
                HouseholdKey.contract_id == contract, HouseholdKey.household.in_(some)
            )
        ):
            found[household][Means(means)].add(value)
    return {h: {means: frozenset(values) for means, values in told.items()} for h, told in found.items()}


def _by(values: Iterable[_T]) -> Iterator[list[_T]]:
    listed = list(values)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]
