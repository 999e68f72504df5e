"""The tables of the support file in the dump: their clear columns for all, what is sealed only with the second key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import (
    ActionCount,
    Appointment,
    Attendance,
    Avoidance,
    Decision,
    Note,
    Objective,
    ObjectivePayment,
    OnwardReferral,
    Paper,
    Review,
    SocialScale,
    SupportFile,
    SupportStep,
    Task,
    Undertaking,
    Workshop,
    WorkshopSession,
)
from epicerie_desktop.persistence.models.base import Base, table_of
from epicerie_desktop.persistence.types import Day, Flag, Json, UtcInstant
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.agenda import locked_in
from epicerie_desktop.services.sealing import unseal_json

LEFT_OUT = {"uid", "version", "changed_at", "changed_by", "sealed"}
_TABLES: tuple[tuple[type[Base], str, str], ...] = (
    (SupportFile, "support_files", "Accompagnements"),
    (Objective, "objectives", "Projets personnels"),
    (ObjectivePayment, "objective_payments", "Versements pour un projet ; un annulé reste, avec `cancelled_at`"),
    (Undertaking, "undertakings", "Contrats, règlements acceptés, notices remises, procurations"),
    (Paper, "papers", "Papiers vus ; les scans restent dans le fichier chiffré"),
    (Avoidance, "avoidances", "Ce qui n'est pas à proposer"),
    (Review, "reviews", "Bilans"),
    (Appointment, "appointments", "Rendez-vous"),
    (Workshop, "workshops", "Ateliers"),
    (WorkshopSession, "workshop_sessions", "Séances d'atelier"),
    (Attendance, "attendances", "Présences aux séances"),
    (Note, "notes", "Notes"),
    (OnwardReferral, "onward_referrals", "Orientations vers d'autres services"),
    (Task, "tasks", "Tâches"),
    (SupportStep, "support_steps", "Démarches"),
    (ActionCount, "action_counts", "Compteurs sans nom, par mois"),
    (Decision, "decisions", "Décisions sur les droits : réponse et motif codé"),
    (SocialScale, "social_scales", "Barèmes sociaux ajoutés par l'épicerie, en centimes par mois"),
)  # fmt: skip

Resource = tuple[str, str, tuple[tuple[str, str], ...], Iterator[tuple[Any, ...]]]
"""Name, title, fields (name, kind) and rows of one table."""


def support_resources(session: Session, desk: Desk) -> Iterator[Resource]:
    """Yield each table in turn; a `content` column (JSON) is added with the second key where something is sealed."""
    for model, name, title in _TABLES:
        table = table_of(model)
        columns = [c for c in table.columns if c.name not in LEFT_OUT]
        opens = "sealed" in table.columns and desk.social_key is not None
        fields = tuple((c.name, kind_of(c)) for c in columns)
        yield (
            name,
            title,
            (*fields, ("content", "json")) if opens else fields,
            _rows(session, desk, model, columns, opens),
        )


def _rows(
    session: Session, desk: Desk, model: type[Base], columns: list[Column[Any]], opens: bool
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    table = table_of(model)
    wanted = select(*([*columns, table.c.uid, table.c.sealed] if opens else columns))
    locked = locked_in(session, desk)
    if "household_id" in table.c:
        wanted = wanted.where(or_(table.c.household_id.is_(None), table.c.household_id.not_in(locked)))
    elif "objective_id" in table.c:
        theirs = select(Objective.id).where(Objective.household_id.in_(locked))
        wanted = wanted.where(table.c.objective_id.not_in(theirs))
    for row in session.execute(wanted.order_by(*table.primary_key.columns)):
        if opens:
            content = json.dumps(unseal_json(desk, table.name, row.uid, row.sealed), ensure_ascii=False)
            yield *row[: len(columns)], content
        else:
            yield tuple(row)


def kind_of(column: Column[Any]) -> str:
    """Return the kind of a column in the package: day, flag, at, json, int or text."""
    if isinstance(column.type, Day):
        return "day"
    if isinstance(column.type, Flag):
        return "flag"
    if isinstance(column.type, UtcInstant):
        return "at"
    if isinstance(column.type, Json):
        return "json"
    return "int" if column.type.python_type is int else "text"
