"""The scales, their checks and the labels of the donors, in the dump."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import LabelLayout, ScaleCheck, WeighingScale
from epicerie_desktop.services.dump_support import Resource


def weighing_resources(session: Session) -> Iterator[Resource]:
    """Yield each table in turn."""
    w, c, n = WeighingScale, ScaleCheck, LabelLayout
    yield (
        "weighing_scales",
        "Balances : ce que dit leur plaque",
        (("id", "int"), ("post_id", "int"), ("make", "text"), ("model", "text"), ("serial", "text"), ("accuracy_class", "text"),
         ("capacity_grams", "int"), ("minimum_grams", "int"), ("division_grams", "int"), ("since", "day"), ("retired_on", "day")),
        (tuple(r) for r in session.execute(
            select(w.id, w.post_id, w.make, w.model, w.serial, w.accuracy_class, w.capacity_grams, w.minimum_grams, w.division_grams,
                   w.since, w.retired_on).order_by(w.id))),
    )  # fmt: skip
    yield (
        "scale_checks",
        "Vérifications des balances ; `next_on` : dernier jour de validité",
        (("id", "int"), ("scale_id", "int"), ("day", "day"), ("next_on", "day"), ("accepted", "flag"), ("made_at", "at")),
        (tuple(r) for r in session.execute(
            select(c.id, c.scale_id, c.day, c.next_on, c.accepted, c.made_at).order_by(c.id))),
    )  # fmt: skip
    yield (
        "label_layouts",
        "Étiquettes de balance des donateurs",
        (("id", "int"), ("source", "text"), ("pattern", "text"), ("step", "int"), ("unit_price_cents_per_kg", "int"), ("active", "flag")),
        (tuple(r) for r in session.execute(
            select(n.id, n.source, n.pattern, n.step, n.unit_price_cents_per_kg, n.active).order_by(n.id))),
    )  # fmt: skip
