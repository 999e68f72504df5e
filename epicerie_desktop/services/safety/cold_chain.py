"""The cold chain: units, temperatures read, what was done when one is out of its limits, the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.household import checked_name
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.safety import ColdAction, ColdLimit, Range, UnitKind, limits_on, range_of
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import Account, ColdReading, ColdUnit
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support import format as shown
from epicerie_desktop.support import paths
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_, NBSP
from epicerie_desktop.support.i18n import gettext as _

MOST_DAYS = 400
"""The longest register printed at once, in days."""


class ActionNeeded(BadInput):
    """A temperature is out of its limits and nothing tells what was done; nothing was written. `limits` are those of the unit."""

    def __init__(self, name: str, limits: Range) -> None:
        super().__init__(
            N_("« {unit} » est hors limites : dites ce qui a été fait (porte refermée, produits déplacés, jetés…)."),
            unit=name,
        )
        self.limits = limits


@dataclass(frozen=True, slots=True)
class UnitForm:
    """A cold unit as edited; `contents` are codes of the limits it must keep."""

    name: str
    kind: UnitKind
    contents: tuple[str, ...]
    active: bool = True
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ReadingForm:
    """A temperature read, in tenths of a degree, and what was done where it is out of the limits."""

    unit: int
    tenths: int
    action: ColdAction | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A temperature read: when, by whom, within which limits, what was done."""

    day: date
    at: datetime
    unit: str
    tenths: int
    limits: Range
    action: ColdAction | None
    note: str
    by: str

    @property
    def right(self) -> bool:
        """Return whether it was within its limits."""
        return self.limits.holds(self.tenths)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit, its limits of today and its last reading."""

    form: UnitForm
    limits: Range
    last: ReadingRow | None

    def read_on(self, day: date) -> bool:
        """Return whether it was read on a day."""
        return self.last is not None and self.last.day == day


@cache
def cold_limits() -> tuple[ColdLimit, ...]:
    """Return the limits of resources/cold_limits.toml, in tenths of a degree, each with its first day and source."""
    import tomllib

    with paths.resource("cold_limits.toml").open("rb") as handle:
        rows = tomllib.load(handle)["limit"]
    return tuple(
        ColdLimit(r["code"], r["name"], r["valid_from"], _tenths(r.get("most")), _tenths(r.get("least")), r["source"]) for r in rows
    )  # fmt: skip


@cache
def family_limits() -> Mapping[str, str]:
    """Return the code of the limit that each chilled family arrives under, by the family's code."""
    import tomllib

    with paths.resource("cold_limits.toml").open("rb") as handle:
        families: Mapping[str, str] = tomllib.load(handle)["families"]
    return families


def _tenths(degrees: float | None) -> int | None:
    return None if degrees is None else round(degrees * 10)


def limits_today(desk: Desk) -> Mapping[str, ColdLimit]:
    """Return the limits in force today, by kind of food."""
    return limits_on(cold_limits(), desk.clock.today())


def save_unit(desk: Desk, form: UnitForm) -> int:
    """Create or change a unit and return its id. Raises `BadInput`: no name, nothing it holds, both hot and cold; `Stale`."""
    name = checked_name(form.name, N_("nom du frigo ou du congélateur"))
    limits = limits_today(desk)
    contents = [c for c in limits if c in form.contents]
    if not contents:
        raise BadInput(N_("Dites ce que garde « {unit} » : c'est cela qui donne sa température."), unit=name)
    range_ = range_of(contents, limits)
    if range_.least is not None and range_.most is not None and range_.least > range_.most:
        raise BadInput(N_("« {unit} » ne peut pas garder à la fois du chaud et du froid."), unit=name)
    with desk.db.write() as session:
        row = ColdUnit(version=0) if form.id is None else session.get_one(ColdUnit, form.id)
        session.add(row)
        row.name, row.kind, row.contents, row.active = name, form.kind, contents, form.active
        touch(row, desk, form.version if form.id else None)
        session.flush()
        return row.id


def record_readings(desk: Desk, forms: tuple[ReadingForm, ...]) -> None:
    """Write temperatures read now, all or none. Raises `ActionNeeded` where one is out of its limits and nothing was done."""
    with desk.db.write() as session:
        readings_in(session, desk, forms)


def readings_in(session: Session, desk: Desk, forms: tuple[ReadingForm, ...]) -> None:
    """Write temperatures inside a caller's block, as `record_readings` does."""
    limits, now = limits_today(desk), desk.clock.now()
    for form in forms:
        unit = session.get_one(ColdUnit, form.unit)
        range_ = range_of(unit.contents, limits)
        wrong = not range_.holds(form.tenths)
        note = checked_text(form.note, 200)
        if wrong and (form.action is None or (form.action is ColdAction.OTHER and not note)):
            raise ActionNeeded(unit.name, range_)
        session.add(
            ColdReading(
                unit_id=unit.id, day=desk.clock.today(), at=now, tenths=form.tenths, least=range_.least, most=range_.most,
                action=form.action if wrong else None, note=note, made_by=desk.actor.id,
            )
        )  # fmt: skip
        if wrong:
            body = {"unit": unit.id, "tenths": form.tenths, "action": form.action.value if form.action else None}
            seal_in_journal(session, desk, "cold", body)


def units(desk: Desk) -> tuple[UnitRow, ...]:
    """Return the units in use, in the order they were made, with their limits of today and their last reading."""
    with desk.db.read() as session:
        return units_in(session, desk)


def units_in(session: Session, desk: Desk) -> tuple[UnitRow, ...]:
    """Return the units in use inside a caller's block."""
    limits = limits_today(desk)
    last = select(func.max(ColdReading.id)).group_by(ColdReading.unit_id)
    readings = {r.unit_id: (r, name) for r, name in session.execute(
        select(ColdReading, Account.name).join(Account, Account.id == ColdReading.made_by).where(ColdReading.id.in_(last))
    )}  # fmt: skip
    found = []
    for u in session.scalars(select(ColdUnit).where(ColdUnit.active).order_by(ColdUnit.id)):
        form = UnitForm(u.name, u.kind, tuple(u.contents), u.active, u.id, u.version)
        row = _row(*readings[u.id], u.name) if u.id in readings else None
        found.append(UnitRow(form, range_of(u.contents, limits), row))
    return tuple(found)


def _row(r: ColdReading, by: str, unit: str) -> ReadingRow:
    return ReadingRow(r.day, r.at, unit, r.tenths, Range(r.least, r.most), r.action, r.note, by)


def readings(desk: Desk, first: date, last: date) -> tuple[ReadingRow, ...]:
    """Return the readings of a period, both days included, unit by unit, the oldest first."""
    with desk.db.read() as session:
        rows = session.execute(
            select(ColdReading, Account.name, ColdUnit.name)
            .join(Account, Account.id == ColdReading.made_by)
            .join(ColdUnit, ColdUnit.id == ColdReading.unit_id)
            .where(ColdReading.day >= first, ColdReading.day <= last)
            .order_by(ColdUnit.id, ColdReading.id)
        )
        return tuple(_row(r, by, unit) for r, by, unit in rows)


def to_read_in(session: Session, desk: Desk) -> int:
    """Return how many units were not read today, inside a caller's block."""
    today = session.scalar(select(func.count(ColdReading.unit_id.distinct())).join(ColdUnit, ColdUnit.id == ColdReading.unit_id)
                           .where(ColdReading.day == desk.clock.today(), ColdUnit.active)) or 0  # fmt: skip
    return (session.scalar(select(func.count(ColdUnit.id)).where(ColdUnit.active)) or 0) - today


def register_pdf(desk: Desk, first: date, last: date) -> bytes:
    """Return the register of a period as PDF. Raises `BadInput` for a period turned round or of more than a year."""
    from epicerie_desktop.printing import cold_register
    from epicerie_desktop.services.sheets import header

    if not timedelta() <= last - first <= timedelta(days=MOST_DAYS):
        raise BadInput(N_("Cette période n'est pas possible : un an au plus, le premier jour avant le dernier."))
    rows = readings(desk, first, last)
    return cold_register.render(
        cold_register.Register(header(desk, WordingKind.COLD_REGISTER), first, last, _by_unit(rows), desk.clock.now())
    )


def _by_unit(rows: tuple[ReadingRow, ...]) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for r in rows:
        done = " – ".join(t for t in (label(r.action) if r.action else "", r.note) if t)
        found.setdefault(r.unit, []).append(
            (shown.day(r.day), shown.hour(r.at), degrees(r.tenths), range_words(r.limits), _("oui") if r.right else _("NON"), done, r.by)
        )  # fmt: skip
    return tuple((unit, tuple(lines)) for unit, lines in found.items())


def degrees(tenths: int) -> str:
    """Return a temperature: « 3,5 °C », « −18 °C »."""
    return f"{shown.tenths(tenths)}{NBSP}°C"


def range_words(limits: Range) -> str:
    """Return the limits of a unit: « au plus 4 °C », « de 0 à 2 °C »."""
    if limits.least is None and limits.most is None:
        return "–"
    if limits.least is None:
        return _("au plus {most}").format(most=degrees(limits.most or 0))
    if limits.most is None:
        return _("au moins {least}").format(least=degrees(limits.least))
    return _("de {least} à {most}").format(least=degrees(limits.least), most=degrees(limits.most))
