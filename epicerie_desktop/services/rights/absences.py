"""Absences: noted from the households expected, excused where they gave notice, and put right after a mistake."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from epicerie_desktop.persistence.models import Absence, Sale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.queries.files import family_in
from epicerie_desktop.services.queries.rights import kept
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_


def record_absence(desk: Desk, household: int, day: date, *, excused: bool) -> int:
    """Note that a household expected on `day` did not come, and return its id; said again, only `excused` changes.

    Raises `BadInput` for a day to come, `RuleRefused` for a household that came that day, or whose file is closed.
    """
    if day > desk.clock.today():
        raise BadInput(N_("Cette journée n'est pas encore passée."))
    with desk.db.write() as session:
        if file_in(session, desk, household).closed_on is not None:
            raise RuleRefused(N_("Ce dossier est fermé."))
        files = family_in(session, household)
        came = select(Sale.id).where(Sale.household_id.in_(files), Sale.day == day, kept()).limit(1)
        if session.execute(came).first():
            raise RuleRefused(N_("Ce foyer est venu ce jour-là : un passage est enregistré."))
        row = session.scalars(select(Absence).where(Absence.household_id == household, Absence.day == day)).first()
        if row is None:
            row = Absence(household_id=household, day=day)
            session.add(row)
        row.excused, row.made_at, row.made_by = excused, desk.clock.now(), desk.actor.id
        session.flush()
        seal_in_journal(
            session, desk, "absence",
            {"absence": row.id, "household": household, "day": day.isoformat(), "excused": excused},
        )  # fmt: skip
        return row.id


def erase_absence(desk: Desk, absence: int) -> None:
    """Take back an absence noted by mistake; the journal keeps that it was."""
    with desk.db.write() as session:
        row = session.get_one(Absence, absence)
        file_in(session, desk, row.household_id)
        seal_in_journal(
            session, desk, "absence.erased",
            {"absence": absence, "household": row.household_id, "day": row.day.isoformat()},
        )  # fmt: skip
        session.delete(row)
