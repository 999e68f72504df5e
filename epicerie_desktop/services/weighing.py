"""The scales of the shop: their plate, their checks, and which of them stands at which post."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.weighing import CLASSES, Check, ScaleRecord, WeighingRule, rule_for
from epicerie_desktop.persistence.models import ScaleCheck, WeighingScale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

_FAR = 3653


@dataclass(frozen=True, slots=True)
class ScaleForm:
    """The plate of the scale of this post, as typed; grams. Without an `id`, a new scale takes the place of the one before."""

    make: str
    model: str = ""
    serial: str = ""
    accuracy_class: str = ""
    capacity_grams: int = 15_000
    minimum_grams: int = 100
    division_grams: int = 5
    id: int | None = None
    version: int | None = None


def save_scale(desk: Desk, form: ScaleForm) -> int:
    """Keep the plate of this post's scale and return its id. Raises `BadInput`, `Stale`, `RuleRefused` for a volunteer.

    A new scale retires the post's older one on that day: what that one weighed keeps its name.
    """
    require_team(desk)
    make, model = checked_text(form.make), checked_text(form.model)
    if not make:
        raise BadInput(N_("Indiquez au moins la marque de la balance : elle est écrite sur sa plaque."))
    if form.accuracy_class not in CLASSES:
        raise BadInput(N_("Choisissez la classe écrite sur la plaque : II, III ou IIII."))
    if not 0 < form.division_grams <= form.capacity_grams or not 0 <= form.minimum_grams < form.capacity_grams:
        raise BadInput(
            N_(
                "Vérifiez la portée (Max), le minimum (Min) et l'échelon (e) : ils sont écrits sur la plaque de la balance."
            )
        )
    today = desk.clock.today()
    with desk.db.write() as session:
        row = session.get_one(WeighingScale, form.id) if form.id is not None else None
        if row is None:
            for older in session.scalars(_active().where(WeighingScale.post_id == desk.post.id)):
                older.retired_on = today
                touch(older, desk, None)
            row = WeighingScale(post_id=desk.post.id, since=today, version=0)
            session.add(row)
        row.make, row.model, row.serial = make, model, form.serial.strip()
        row.accuracy_class = form.accuracy_class
        row.capacity_grams, row.minimum_grams = form.capacity_grams, form.minimum_grams
        row.division_grams = form.division_grams
        touch(row, desk, form.version)
        session.flush()
        seal_in_journal(
            session, desk, "weighing_scale",
            {"scale": row.id, "class": row.accuracy_class, "max": row.capacity_grams, "min": row.minimum_grams, "e": row.division_grams},
        )  # fmt: skip
        return row.id


def record_check(desk: Desk, scale: int, day: date, next_on: date, *, accepted: bool = True) -> None:
    """Note a check of a scale: its day, the last day it holds, whether it was accepted. Raises `BadInput`, `RuleRefused`.

    A check is never changed; a mistake is mended by noting the right one, for the last noted of the latest day holds.
    """
    require_team(desk)
    if day > desk.clock.today():
        raise BadInput(N_("La date de la vérification est dans le futur."))
    if not 0 < (next_on - day).days <= _FAR:
        raise BadInput(N_("La prochaine vérification vient après celle-ci : un ou deux ans plus tard."))
    with desk.db.write() as session:
        session.get_one(WeighingScale, scale)
        session.add(
            ScaleCheck(
                uid=uuid.uuid4(), scale_id=scale, day=day, next_on=next_on, accepted=accepted, made_at=desk.clock.now(),
                made_by=desk.actor.id,
            )
        )  # fmt: skip
        seal_in_journal(
            session, desk, "scale_check",
            {"scale": scale, "day": day.isoformat(), "next": next_on.isoformat(), "accepted": accepted},
        )  # fmt: skip


def weighing_rule(desk: Desk, day: date | None = None) -> WeighingRule:
    """Return what governs weighing at this post on `day` (today by default); one reading."""
    records = _records(desk)
    mine = next((record for record in records if record.post == desk.post.id), None)
    return rule_for(mine, tuple(r for r in records if r is not mine), day or desk.clock.today())


def _records(desk: Desk) -> tuple[ScaleRecord, ...]:
    with desk.db.read() as session:
        return records_in(session)


def records_in(session: Session) -> tuple[ScaleRecord, ...]:
    """Return the scales in use with their last check, inside a caller's block."""
    last = (
        select(ScaleCheck.id).where(ScaleCheck.scale_id == WeighingScale.id)
        .order_by(ScaleCheck.day.desc(), ScaleCheck.id.desc()).limit(1).correlate(WeighingScale).scalar_subquery()
    )  # fmt: skip
    rows = session.execute(
        select(WeighingScale, ScaleCheck).outerjoin(ScaleCheck, ScaleCheck.id == last)
        .where(WeighingScale.retired_on.is_(None)).order_by(WeighingScale.id)
    )  # fmt: skip
    return tuple(
        ScaleRecord(
            w.id, w.post_id, w.make, w.model, w.serial, w.accuracy_class, w.capacity_grams, w.minimum_grams, w.division_grams,
            None if check is None else Check(check.day, check.next_on, check.accepted), w.version,
        )
        for w, check in rows
    )  # fmt: skip


def _active() -> Select[WeighingScale]:
    return select(WeighingScale).where(WeighingScale.retired_on.is_(None))
