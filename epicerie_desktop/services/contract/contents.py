"""What a shop's parcel holds: months as they were closed or as they stand, counters, journal heads; never a name."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.figures import MonthFigures, Totals, month_of, totals
from epicerie_desktop.domain.linking import ShopLinks
from epicerie_desktop.domain.months import Change
from epicerie_desktop.exchange.body import JournalHeads, Links, Terms, write_body
from epicerie_desktop.exchange.canonical import canonical
from epicerie_desktop.exchange.records import (
    Closing,
    actions_to_rows,
    closing_to_record,
    month_to_record,
    totals_to_record,
)
from epicerie_desktop.persistence.models import Contract, Family, Journal, MonthClosing, MonthSent
from epicerie_desktop.persistence.types import instant_text
from epicerie_desktop.services.contract.definitions import definitions_digest
from epicerie_desktop.services.contract.links import links_of_shop
from epicerie_desktop.services.contract.pseudonyms import pseudonyms
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.figures import figures_in, month_bounds
from epicerie_desktop.support.clock import PARIS


@dataclass(frozen=True, slots=True)
class Contents:
    """What the next parcel holds, as read in one block: its months, and what stands beside them."""

    months: tuple[MonthFigures, ...]
    closings: dict[str, Closing]
    families: tuple[tuple[str, str], ...]
    links: ShopLinks
    journal: JournalHeads | None
    terms: Terms
    totals: Totals


def contents_in(session: Session, desk: Desk, contract: Contract) -> Contents:
    """Return every month of the contract so far, an empty one included (an explicit zero is not a missing month), and the rest."""
    last = min(d for d in (desk.clock.today(), contract.ends_on, contract.left_on) if d)
    months = figures_in(session, contract.starts_on, last) if last >= contract.starts_on else ()
    families = session.execute(select(Family.code, Family.name).order_by(Family.position))
    return Contents(
        months, closings_in(session), tuple((code, name) for code, name in families),
        links_of_shop(session, desk, contract),
        journal_heads(session, desk.post.id, [m.month for m in months if m.month < month_of(desk.clock.today())]),
        Terms(contract.edition, definitions_digest()), totals(months),
    )  # fmt: skip


def closings_in(session: Session) -> dict[str, Closing]:
    """Return how each closed month was closed: its latest version and sum, and what its amendments changed, counted by kind."""
    found: dict[str, Closing] = {}
    for row in session.execute(
        select(
            MonthClosing.month, MonthClosing.version, MonthClosing.digest, MonthClosing.changes, MonthClosing.made_at
        ).order_by(MonthClosing.number)
    ):
        day = row.made_at.astimezone(PARIS).date().isoformat()
        kinds = Counter(Change.from_record(c).kind.value for c in row.changes)
        before = found[row.month].changes if row.month in found else ()
        found[row.month] = Closing(row.version, row.digest, (*before, *((day, k, n) for k, n in sorted(kinds.items()))))
    return found


def journal_heads(session: Session, post: int, months: list[str]) -> JournalHeads | None:
    """Return the head of a post's journal now, and as it was at the end of each of these months; None for an empty journal.

    A month ends before the first entry of a later one: whatever the clock did since, that place no longer moves.
    """
    head = session.scalar(select(Journal.digest).where(Journal.post_id == post).order_by(Journal.seq.desc()).limit(1))
    if head is None:
        return None
    found = []
    for month in months:
        end = date.fromordinal(month_bounds(month)[1].toordinal() + 1)
        midnight = instant_text(datetime.combine(end, time(), PARIS))
        after = session.scalar(select(func.min(Journal.seq)).where(Journal.post_id == post, Journal.at >= midnight))
        last = select(Journal.digest).where(Journal.post_id == post).order_by(Journal.seq.desc()).limit(1)
        digest = session.scalar(last if after is None else last.where(Journal.seq < after))
        if digest is not None:
            found.append((month, digest.hex()))
    return JournalHeads(head.hex(), tuple(found))


def body_in(session: Session, desk: Desk, contract: Contract, held: Contents) -> dict[str, object]:
    """Return the content of a parcel, and note the revision of every month whose figures changed since the last one."""
    pseudonym = pseudonyms(contract.uid)
    actions = {m.month: [list(line) for line in m.actions] for m in held.months}
    records = []
    for m in held.months:
        record = month_to_record(m, pseudonym)
        # An action counted anew is a new revision of its month, though it travels beside it.
        record["revision"] = _revision(session, contract.id, m.month, {**record, "actions": actions[m.month]})
        record["closed"] = m.month < month_of(desk.clock.today())
        record["closing"] = closing_to_record(held.closings.get(m.month))
        records.append(record)
    return write_body(
        desk.shop.name, desk.post.name, records, totals_to_record(held.totals), families=held.families, links=Links(held.links.key_id, held.links.rows),
        actions=actions_to_rows(held.months), journal=held.journal, terms=held.terms,
    )  # fmt: skip


def _revision(session: Session, contract: int, month: str, record: dict[str, Any]) -> int:
    digest = hashlib.sha256(canonical(record)).digest()
    known = session.get(MonthSent, (contract, month))
    if known is None:
        session.add(MonthSent(contract_id=contract, month=month, revision=1, digest=digest))
        return 1
    if known.digest != digest:
        known.revision, known.digest = known.revision + 1, digest
    return known.revision
