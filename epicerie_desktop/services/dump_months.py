"""The closed months of `dump`: as they were sealed, less what the account that asks may not read of a household."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.exchange.canonical import canonical
from epicerie_desktop.persistence.models import Household, MonthClosing
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import visible

TITLE = (
    "Mois clos et leurs avenants ; sans la seconde clé, `figures` tait les tranches, et tout de qui est d'un dossier réservé à "
    "d'autres : `digest` scelle ce qui est gardé, non ce qui est tu"
)
FIELDS = (
    ("id", "int"), ("number", "int"), ("month", "text"), ("version", "int"), ("figures", "text"), ("digest", "text"),
    ("reason", "text"), ("changes", "json"), ("made_at", "at"), ("made_by", "int"),
)  # fmt: skip


def month_closings(session: Session, desk: Desk) -> Iterator[tuple[Any, ...]]:
    """Yield every version of every closed month, in the order of `FIELDS`."""
    hidden = {token.hex for token in session.scalars(select(Household.token).where(~visible(desk)))}
    for row in session.scalars(select(MonthClosing).order_by(MonthClosing.id)):
        yield (
            row.id, row.number, row.month, row.version, _told(row.figures, hidden, bands=desk.social_key is not None), row.digest,
            row.reason, row.changes, row.made_at, row.made_by,
        )  # fmt: skip


def _told(text: str, hidden: set[str], *, bands: bool) -> str:
    if bands and not hidden:
        return text
    figures = json.loads(text)
    for visit in figures["visits"]:
        if not visit.get("facts"):
            continue
        if visit["household"] in hidden:
            visit["facts"] = None
        elif not bands:
            visit["facts"]["band"] = None
    return canonical(figures).decode()
