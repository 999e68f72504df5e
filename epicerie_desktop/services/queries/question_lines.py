"""The lines a question counts, as SQL made of a closed list of columns: nothing a person types ever becomes a part of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, and_, case, cast, func, literal, or_, select, type_coerce
from sqlalchemy.orm import Session

from epicerie_desktop.domain.question_catalogue import AGES, MOST_SIZE
from epicerie_desktop.domain.stock import LossReason, MoveKind
from epicerie_desktop.persistence.models import (
    Absence,
    AccessGrant,
    Address,
    Appointment,
    Article,
    Assessment,
    Away,
    Decision,
    Family,
    Household,
    Lot,
    Member,
    Merge,
    Person,
    Reception,
    Referrer,
    Sale,
    SaleLine,
    StockMove,
    Supplier,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import territories
from epicerie_desktop.services.queries import rights
from epicerie_desktop.services.queries.files import visible

Columns = dict[str, Any]
Lines = tuple[Select[Any], Columns]
"""A select of nothing yet, and the columns that may be taken from it, by key."""

_ROOT = func.coalesce(Household.merged_into_id, Household.id)
"""A file merged into another counts for it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, the days, and which persons were found to be the same by a merge."""

    desk: Desk
    first: date
    last: date
    same: Mapping[int, int]


def same_persons(session: Session) -> dict[int, int]:
    """Return the persons written twice, each with the one kept, of the merges that hold."""
    merges = session.scalars(select(Merge.moved).where(Merge.undone_at.is_(None)).order_by(Merge.id))
    return {int(twice): int(kept) for moved in merges for twice, kept in moved["same"]}


def lines_of(subject: str, asked: Asked) -> Lines:
    """Return the lines of a subject over the days asked, with every column a question may take from them."""
    return _LINES[subject](asked)


def _visits(asked: Asked) -> Lines:
    v = (
        select(
            _ROOT.label("household"), Sale.day.label("day"), func.max(Sale.persons).label("persons"),
            func.sum(Sale.grams).label("grams"), func.sum(Sale.shelf_cents).label("shelf"), func.sum(Sale.paid_cents).label("paid"),
            func.max(Sale.grant_id).label("grant"),
        )
        .join(Household, Household.id == Sale.household_id)
        .where(Sale.day.between(asked.first, asked.last), rights.kept())
        .group_by(_ROOT, Sale.day)
        .cte("visit")
    )  # fmt: skip
    band = (
        select(Assessment.band)
        .join(AccessGrant, AccessGrant.assessment_id == Assessment.id)
        .where(AccessGrant.id == v.c.grant)
        .scalar_subquery()
    )
    return select().select_from(v), {
        **_days(v.c.day), **_where(asked, v.c.household, v.c.day), "band": band,
        "size": case((v.c.persons > MOST_SIZE, MOST_SIZE), else_=v.c.persons),
        "visits": literal(1), "households": v.c.household, "person_visits": v.c.persons, "grams": v.c.grams, "shelf_cents": v.c.shelf,
        "paid_cents": v.c.paid, "savings_cents": v.c.shelf - v.c.paid,
    }  # fmt: skip


def _goods(moved: Any) -> Columns:
    return {
        "family": Family.id, "article": Article.id, "food": type_coerce(Family.food, Integer), "origin": type_coerce(Lot.origin, Text), "financing": func.nullif(Lot.financing, ""),
        "grams": case((Family.food, moved.grams), else_=0), "other_grams": case((Family.food, 0), else_=moved.grams), "pieces": moved.pieces,
    }  # fmt: skip


def _lines(asked: Asked) -> Lines:
    base = (
        select().select_from(SaleLine).join(Sale, Sale.id == SaleLine.sale_id)
        .join(Household, Household.id == Sale.household_id).join(Family, Family.id == SaleLine.family_id)
        .join(Article, Article.id == SaleLine.article_id).join(Lot, Lot.id == SaleLine.lot_id)
        .where(Sale.day.between(asked.first, asked.last), rights.kept())
    )  # fmt: skip
    food = {
        "grams": case((SaleLine.food, SaleLine.grams), else_=0), "food": type_coerce(SaleLine.food, Integer),
        "origin": type_coerce(SaleLine.origin, Text),
        "other_grams": case((SaleLine.food, 0), else_=SaleLine.grams),
    }  # fmt: skip
    return base, {
        **_days(Sale.day), **_where(asked, _ROOT, Sale.day), **_goods(SaleLine), **food, "shelf_cents": SaleLine.shelf_cents,
        "paid_cents": SaleLine.paid_cents, "households": _ROOT, "served_visits": _ROOT * 100_000_000 + _day_number(Sale.day),
    }  # fmt: skip


def _persons(asked: Asked) -> Lines:
    person = case(*((Person.id == k, v) for k, v in asked.same.items()), else_=Person.id) if asked.same else Person.id
    away = select(Away.id).where(
        Away.member_id == Member.id, Away.since <= Sale.day, or_(Away.until.is_(None), Away.until >= Sale.day)
    )
    p = (
        select(_ROOT.label("household"), Sale.day.label("day"), person.label("person"))
        .join(Household, Household.id == Sale.household_id)
        .join(Member, Member.household_id == Sale.household_id)
        .join(Person, Person.id == Member.person_id)
        .where(Sale.day.between(asked.first, asked.last), rights.kept())
        .where(Member.joined_on <= Sale.day, or_(Member.left_on.is_(None), Member.left_on > Sale.day), ~away.exists())
        .distinct()
        .cte("present")
    )
    return select().select_from(p).join(Person, Person.id == p.c.person), {
        **_days(p.c.day), **_where(asked, p.c.household, p.c.day), "sex": type_coerce(Person.sex, Text), "age": _age(p.c.day),
        "persons": p.c.person, "person_visits": literal(1), "households": p.c.household,
    }  # fmt: skip


def _moves(asked: Asked, kind: MoveKind) -> Select[Any]:
    return (
        select().select_from(StockMove).join(Lot, Lot.id == StockMove.lot_id).join(Article, Article.id == Lot.article_id)
        .join(Family, Family.id == Article.family_id)
        .where(StockMove.kind == kind, StockMove.day.between(asked.first, asked.last))
    )  # fmt: skip


def _receptions(asked: Asked) -> Lines:
    base = (
        _moves(asked, MoveKind.RECEPTION)
        .outerjoin(Reception, Reception.id == Lot.reception_id)
        .outerjoin(Supplier, Supplier.id == Reception.supplier_id)
    )
    return base, {**_days(StockMove.day), **_goods(StockMove), "supplier": Supplier.id, "arrivals": Lot.reception_id}


def _losses(asked: Asked) -> Lines:
    # What a household brought back was counted as given, and its ticket stays: it is no loss.
    base = _moves(asked, MoveKind.LOSS).where(
        or_(StockMove.loss_reason.is_(None), StockMove.loss_reason != LossReason.BROUGHT_BACK)
    )
    goods = _goods(StockMove)
    lost = {k: -goods[k] for k in ("grams", "other_grams", "pieces")}
    return base, {
        **_days(StockMove.day), **goods, **lost, "loss": type_coerce(StockMove.loss_reason, Text), "value_cents": func.coalesce(StockMove.value_cents, 0),
    }  # fmt: skip


def _of_files(asked: Asked, model: Any) -> Lines:
    base = (
        select().select_from(model).join(Household, Household.id == model.household_id)
        .where(model.day.between(asked.first, asked.last))
    )  # fmt: skip
    return base, {**_days(model.day), **_where(asked, _ROOT, model.day), "households": _ROOT}


def _requests(asked: Asked) -> Lines:
    base, columns = _of_files(asked, Assessment)
    return base, {**columns, "outcome": Assessment.outcome, "band": Assessment.band, "requests": literal(1)}


def _decisions(asked: Asked) -> Lines:
    base, columns = _of_files(asked, Decision)
    more = {
        "answer": Decision.answer, "maker": Decision.maker, "refusal": Decision.reason_code, "band": Assessment.band,
        "decisions": literal(1),
    }  # fmt: skip
    return base.outerjoin(Assessment, Assessment.id == Decision.assessment_id), {**columns, **more}


def _absences(asked: Asked) -> Lines:
    base, columns = _of_files(asked, Absence)
    return base, {**columns, "excused": type_coerce(Absence.excused, Integer), "absences": literal(1)}


def _appointments(asked: Asked) -> Lines:
    day = _text(Appointment.at)
    base = (
        select().select_from(Appointment).join(Household, Household.id == Appointment.household_id)
        .where(day.between(asked.first.isoformat(), asked.last.isoformat()))
    )  # fmt: skip
    return base, {
        **_days(Appointment.at), **_where(asked, _ROOT, day), "appointment": Appointment.kind, "kept": Appointment.state,
        "appointments": literal(1), "households": _ROOT,
    }  # fmt: skip


def _files(asked: Asked) -> Lines:
    base = select().select_from(Household).where(
        Household.merged_into_id.is_(None), Household.opened_on.between(asked.first, asked.last)
    )  # fmt: skip
    return base, {
        **_days(Household.opened_on), **_where(asked, Household.id, Household.opened_on), "files": literal(1),
    }  # fmt: skip


_LINES: Mapping[str, Callable[[Asked], Lines]] = {
    "visits": _visits, "lines": _lines, "persons": _persons, "receptions": _receptions, "losses": _losses, "requests": _requests,
    "decisions": _decisions, "appointments": _appointments, "files": _files, "absences": _absences,
}  # fmt: skip


def _text(day: Any) -> ColumnElement[str]:
    """Return a day, or the day of an instant, as « 2026-11-28 » in both engines."""
    return func.substr(cast(day, Text), 1, 10)


def _part(day: Any, start: int, size: int) -> ColumnElement[int]:
    return cast(func.substr(cast(day, Text), start, size), Integer)


def _day_number(day: Any) -> ColumnElement[int]:
    return _part(day, 1, 4) * 10_000 + _part(day, 6, 2) * 100 + _part(day, 9, 2)


def _days(day: Any) -> Columns:
    return {
        "year": _part(day, 1, 4), "month": _part(day, 1, 4) * 100 + _part(day, 6, 2), "day": _text(day),
        "weekday": _weekday(day),
    }  # fmt: skip


def _weekday(day: Any) -> ColumnElement[int]:
    """Return 1 for Monday to 7 for Sunday (Sakamoto's congruence: the same in both engines)."""
    year, month, n = _part(day, 1, 4), _part(day, 6, 2), _part(day, 9, 2)
    shifts = case(*((month == m, s) for m, s in enumerate((0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4), 1)), else_=0)
    y = year - case((month < 3, 1), else_=0)
    return (y + y // 4 - y // 100 + y // 400 + shifts + n + 6) % 7 + 1


def _where(asked: Asked, household: Any, day: Any) -> Columns:
    """Return where the household lived that day, who referred it, and its number, for the accounts that may see its file."""
    commune = (
        select(func.nullif(Address.commune_code, "")).where(Address.household_id == household, _text(Address.valid_from) <= _text(day))
        .order_by(Address.valid_from.desc()).limit(1).scalar_subquery()
    )  # fmt: skip
    mine = Household.__table__.alias("mine")
    referrer = (
        select(func.nullif(Referrer.organisation, "")).select_from(mine).join(Referrer, Referrer.id == mine.c.referrer_id)
        .where(mine.c.id == household).scalar_subquery()
    )  # fmt: skip
    number = (
        select(Household.number).where(Household.id == household, visible(asked.desk)).correlate_except(Household)
        .scalar_subquery()
    )  # fmt: skip
    return {"commune": commune, "sector": _sector(commune, day), "referrer": referrer, "household": number}


def _sector(commune: Any, day: Any) -> ColumnElement[Any]:
    def of(codes: Mapping[str, str]) -> ColumnElement[Any]:
        return case(codes, value=commune, else_=None)

    latest_first = sorted(territories(), key=lambda t: t.valid_from, reverse=True)
    return case(
        *(
            (_text(day) >= t.valid_from.isoformat(), of({c: s.code for s in t.sectors for c in sorted(s.communes)}))
            for t in latest_first
        ),
        else_=None,
    )


def _age(day: Any) -> ColumnElement[Any]:
    """Return the bracket of the age surely reached: someone born « in 1985 » was born on its last day, as `PartialDate.age_on`."""
    born = Person.born
    year, month = cast(func.substr(born, 1, 4), Integer), func.substr(born, 6, 2)
    leap = or_(and_(year % 4 == 0, year % 100 != 0), year % 400 == 0)
    month_end = case(
        (month.in_(("04", "06", "09", "11")), "30"), (and_(month == "02", leap), "29"), (month == "02", "28"), else_="31"
    )  # fmt: skip
    when = case(
        (func.length(born) == 4, "12-31"), (func.length(born) == 7, month + literal("-") + month_end), else_=func.substr(born, 6, 5)
    )  # fmt: skip
    reached = _part(day, 1, 4) - year - case((func.substr(cast(day, Text), 6, 5) < when, 1), else_=0)
    brackets = [(reached <= end, start) for start, end in AGES if end is not None]
    return case((born.is_(None), None), *brackets, else_=AGES[-1][0])
