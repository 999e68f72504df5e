"""Parcel types by size of household, and the emergency parcel given at once to somebody without a file."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain import parcel_types
from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.parcel_types import ParcelSize
from epicerie_desktop.domain.stock import MoveKind
from epicerie_desktop.persistence.models import EmergencyLine, EmergencyParcel, ParcelType
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.settings import keep_setting_in, setting_in
from epicerie_desktop.services.stock.lots_drawn import refuse_brought_back_in, split_over_lots
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.till.sell import move_lots_in
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_PERSONS = 30
_KEY, _MOST_A_DAY = "emergency_a_day", 5


@dataclass(frozen=True, slots=True)
class ParcelTypeForm:
    """A parcel type as typed: a name, and what it holds by size."""

    name: str
    sizes: tuple[ParcelSize, ...]
    active: bool = True
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class EmergencyCount:
    """What emergency parcels were in a period: how many, for how many persons, what they held. Apart from the tickets."""

    parcels: int
    persons: int
    shelf_cents: int
    grams: int


@dataclass(frozen=True, slots=True)
class EmergencyRow:
    """An emergency parcel of the day."""

    id: int
    persons: int
    grams: int
    cancelled: bool


def save_parcel_type(desk: Desk, form: ParcelTypeForm) -> int:
    """Keep a parcel type and return its id. Raises `BadInput`, `Stale`, `RuleRefused` for a volunteer."""
    require_team(desk)
    name = checked_text(form.name)
    if not name:
        raise BadInput(N_("Donnez un nom à ce colis, par exemple « Colis sec »."))
    if not form.sizes or not all(s.wanted and s.persons > 0 for s in form.sizes):
        raise BadInput(N_("Un colis tient au moins un article, pour chaque taille de foyer."))
    if any(w.quantity <= 0 for s in form.sizes for w in s.wanted):
        raise BadInput(N_("Chaque quantité du colis doit être supérieure à zéro."))
    with desk.db.write() as session:
        row = session.get_one(ParcelType, form.id) if form.id is not None else ParcelType(version=0)
        row.name, row.active, row.sizes = name, form.active, parcel_types.to_json(form.sizes)
        touch(row, desk, form.version)
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "parcel_type", {"parcel_type": row.id, "active": row.active})
        return row.id


def list_parcel_types(desk: Desk, *, all_of_them: bool = False) -> tuple[ParcelTypeForm, ...]:
    """Return the parcel types in use, by name; every one with `all_of_them`."""
    with desk.db.read() as session:
        rows = session.scalars(select(ParcelType).order_by(ParcelType.name, ParcelType.id))
        return tuple(
            ParcelTypeForm(r.name, parcel_types.from_json(r.sizes), r.active, r.id, r.version)
            for r in rows
            if r.active or all_of_them
        )


def most_emergencies_a_day(desk: Desk) -> int:
    """Return how many emergency parcels may be given in a day."""
    with desk.db.read() as session:
        return _most_in(session, desk.clock.today())


def set_most_emergencies_a_day(desk: Desk, most: int) -> None:
    """Set how many emergency parcels may be given in a day, from today. Raises `BadInput`, `RuleRefused` for a volunteer."""
    require_team(desk)
    if not 0 <= most <= 500:
        raise BadInput(N_("Le nombre de colis d'urgence par jour va de 0 à 500."))
    with desk.db.write() as session:
        keep_setting_in(session, desk, _KEY, most, most=most)


def _most_in(session: Session, day: date) -> int:
    found = setting_in(session, _KEY, day)
    return _MOST_A_DAY if found is None else int(found)


def give_emergency_parcel(desk: Desk, basket: Basket, persons: int, note: str = "") -> int:
    """Give what is in `basket`, free, to somebody without a file, and return the parcel's id. Nobody's name is kept.

    No right is asked. The same basket is never given twice. Raises `BadInput`, `RuleRefused` beyond the number of the day.
    """
    if not basket.lines:
        raise BadInput(N_("Ce colis est vide : ajoutez ce qui est remis."))
    if not 0 < persons <= MOST_PERSONS:
        raise BadInput(N_("Dites pour combien de personnes est ce colis, de 1 à {most}."), most=MOST_PERSONS)
    day, uid = desk.clock.today(), uuid.UUID(basket.uid)
    with desk.db.write() as session:
        known = session.scalar(select(EmergencyParcel.id).where(EmergencyParcel.uid == uid))
        if known is not None:
            return known
        if given_in(session, day, day).parcels >= _most_in(session, day):
            raise RuleRefused(
                N_(
                    "Le nombre de colis d'urgence du jour est atteint : voyez avec l'équipe, qui peut le changer dans les réglages."
                )
            )
        parts = split_over_lots(session, basket, day)
        values = {
            "uid": uid, "persons": persons, "shelf_cents": basket.shelf_cents, "grams": basket.grams, "note": checked_text(note),
            "reverses_id": None, "day": day,
        }  # fmt: skip
        parcel = _write(session, desk, values, parts, MoveKind.EMERGENCY)
        seal_in_journal(
            session, desk, "emergency",
            {"parcel": parcel, "persons": persons, "grams": basket.grams, "shelf": basket.shelf_cents,
             "lines": [[p["article_id"], p["lot_id"], p["pieces"], p["grams"]] for p in parts]},
        )  # fmt: skip
        return parcel


def check_emergency_cancel(desk: Desk, parcel: int) -> None:
    """Raise `RuleRefused` where `cancel_emergency_parcel` would: a reason is asked only for a parcel that may be cancelled."""
    with desk.db.read() as session:
        _check_not_cancelled(session, session.get_one(EmergencyParcel, parcel))
        parts = session.execute(
            select(EmergencyLine.lot_id, func.sum(EmergencyLine.pieces), func.sum(EmergencyLine.grams))
            .where(EmergencyLine.parcel_id == parcel)
            .group_by(EmergencyLine.lot_id)
        )
        refuse_brought_back_in(session, {lot: (int(pieces), int(grams)) for lot, pieces, grams in parts})


def _check_not_cancelled(session: Session, first: EmergencyParcel) -> None:
    twice = select(EmergencyParcel.id).where(EmergencyParcel.reverses_id == first.id)
    if first.reverses_id is not None or session.scalar(twice) is not None:
        raise RuleRefused(N_("Ce colis est déjà annulé."))


def cancel_emergency_parcel(desk: Desk, parcel: int, reason: str) -> int:
    """Cancel an emergency parcel by a contrary one, goods back in their lots, and return its id.

    Raises `BadInput` without a reason, `RuleRefused` where it was cancelled, or some of it was brought back already.
    """
    if not reason.strip():
        raise BadInput(N_("Dites en quelques mots pourquoi ce colis est annulé."))
    with desk.db.write() as session:
        first = session.get_one(EmergencyParcel, parcel)
        _check_not_cancelled(session, first)
        lines = session.scalars(
            select(EmergencyLine).where(EmergencyLine.parcel_id == parcel).order_by(EmergencyLine.n)
        )
        columns = [c.key for c in table_of(EmergencyLine).columns if c.key != "parcel_id"]
        parts = [
            {c: getattr(line, c) for c in columns} | {k: -getattr(line, k) for k in ("pieces", "grams", "shelf_cents")}
            for line in lines
        ]
        values = {
            "uid": uuid.uuid4(), "persons": -first.persons, "shelf_cents": -first.shelf_cents, "grams": -first.grams,
            "note": checked_text(reason), "reverses_id": parcel, "day": first.day,
        }  # fmt: skip
        contrary = _write(session, desk, values, parts, MoveKind.CANCELLATION)
        refuse_brought_back_in(session, dict.fromkeys((p["lot_id"] for p in parts), (0, 0)))
        seal_in_journal(session, desk, "emergency.cancel", {"parcel": contrary, "reverses": parcel})
        return contrary


def _write(session: Session, desk: Desk, values: dict[str, Any], parts: list[dict[str, Any]], kind: MoveKind) -> int:
    now, table = desk.clock.now(), table_of(EmergencyParcel)
    parcel = session.connection().execute(
        insert(table).returning(table.c.id), {"post_id": desk.post.id, "at": now, "made_by": desk.actor.id, **values}
    ).scalar_one()  # fmt: skip
    kept = ("n", "article_id", "family_id", "lot_id", "origin", "food", "pieces", "grams", "shelf_cents")
    session.connection().execute(
        insert(table_of(EmergencyLine)), [{"parcel_id": parcel} | {k: p[k] for k in kept} for p in parts]
    )
    move_lots_in(session, desk, parts, values["day"], now, kind=kind)
    return int(parcel)


def emergencies_of_day(desk: Desk, day: date | None = None) -> tuple[EmergencyRow, ...]:
    """Return the emergency parcels of a day, the latest first; a cancelled one stays visible."""
    with desk.db.read() as session:
        rows = session.scalars(
            select(EmergencyParcel)
            .where(EmergencyParcel.day == (day or desk.clock.today()))
            .order_by(EmergencyParcel.id.desc())
        ).all()
        undone = {r.reverses_id for r in rows}
        return tuple(EmergencyRow(r.id, r.persons, r.grams, r.id in undone) for r in rows if r.reverses_id is None)


def given_in(session: Session, start: date, end: date) -> EmergencyCount:
    """Return what the emergency parcels of a period were, both days included, cancelled ones left out, inside a caller's block."""
    row = session.execute(
        select(
            func.count().filter(EmergencyParcel.reverses_id.is_(None)) - func.count().filter(EmergencyParcel.reverses_id.is_not(None)),
            *(func.coalesce(func.sum(c), 0) for c in (EmergencyParcel.persons, EmergencyParcel.shelf_cents, EmergencyParcel.grams)),
        ).where(EmergencyParcel.day >= start, EmergencyParcel.day <= end)
    ).one()  # fmt: skip
    return EmergencyCount(*(int(n) for n in row))
