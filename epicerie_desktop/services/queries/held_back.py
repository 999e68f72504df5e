"""The lots set aside, by article: what the till warns of. Read with the price list, so it brings nothing else with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.recalls import Certainty
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.persistence.models import Lot, Quarantine


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A lot of an article that must not be handed out, as its pack shows it."""

    lot: str
    date_kind: DateKind
    limit_on: date | None
    certainty: Certainty


def held_back_in(session: Session) -> Mapping[int, tuple[HeldBack, ...]]:
    """Return the lots set aside, by article, inside a caller's block: what the till warns of."""
    found: dict[int, dict[int, HeldBack]] = defaultdict(dict)
    for r in session.execute(
        select(Lot.article_id, Lot.id, Lot.code, Lot.date_kind, Lot.limit_on, Quarantine.certainty)
        .join(Quarantine, Quarantine.lot_id == Lot.id)
        .where(Quarantine.lifted_at.is_(None))
        .order_by(Quarantine.id.desc())
    ):
        found[r.article_id][r.id] = HeldBack(r.code, r.date_kind, r.limit_on, r.certainty)
    return {article: tuple(lots.values()) for article, lots in found.items()}
