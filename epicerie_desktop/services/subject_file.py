"""The copy of all that is kept on a household, for whoever asks to see it (RGPD, art. 15): a paper to read, a file to take along.

Every table that knows the household is read, whatever it is: one added tomorrow is in the copy the same day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.subject_file import Chapter, chapters
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence import models
from epicerie_desktop.persistence.models import (
    Article,
    Family,
    Household,
    Meeting,
    PaperContent,
    Person,
    Referrer,
    Workshop,
    WorkshopSession,
)
from epicerie_desktop.persistence.models.base import Base
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.nomenclatures import contract_actions
from epicerie_desktop.services.plain_values import plain
from epicerie_desktop.services.sealing import check_worker, unseal_json
from epicerie_desktop.services.sheets import header
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import day_of

if TYPE_CHECKING:
    from epicerie_desktop.printing.subject_file import SubjectPage

LEFT_OUT = frozenset({"search_word", "reserved_to", "stock_move", "ticket_print"})
"""What only finds a file, names colleagues, or tells of the goods what the lines of the tickets tell already."""
_NOT_TOLD = frozenset({"uid", "sealed", "version", "changed_at", "changed_by", "made_by", "worker_id", "account_id", "decided_by",
                       "validated_by", "lifted_by", "folded"})  # fmt: skip
"""Identities of rows, seals, and colleagues: the right of access does not reach who in the team wrote a line."""
_SCANS = frozenset({"paper_content", "portrait"})
_ORDER = ("day", "at", "since", "valid_from", "opened_on", "set_on", "signed_on", "seen_on", "id", "n")

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Copy:
    """The copy of a file: what its paper says, and the same as JSON for a machine."""

    page: SubjectPage
    json: bytes
    entries: int


def subject_copy(desk: Desk, household: int) -> Copy:
    """Return all that is kept on a household; the journal says that the copy was made.

    Raises `RuleRefused` without the second key, or for a file reserved to others.
    """
    from epicerie_desktop.printing.subject_file import SubjectPage

    check_worker(desk)
    with desk.db.write() as session:
        row = file_in(session, desk, household)
        tables = _tables_in(session, desk, row)
        told = chapters(tables)
        number, holder = (
            row.number,
            next((m["person"] for m in tables["household_member"] if m["person_id"] == row.holder_id), ""),
        )
        scans = sum(bool(p.get("scanned")) for p in tables.get("paper", ())) + len(tables.get("portrait", ()))
        seal_in_journal(session, desk, "subject_copy", {"household": household})
    made = desk.clock.now()
    page = SubjectPage(
        header(desk, WordingKind.SUBJECT_FILE), number, holder, made, desk.shop.ccas or desk.shop.name, told, scans
    )
    return Copy(page, _written(desk, number, made, tables), _count(told))


def copy_pdf(copy: Copy) -> bytes:
    """Return the paper of a copy, as PDF: papers are all drawn on one thread."""
    from epicerie_desktop.printing import subject_file as paper

    return paper.render(copy.page)


def _count(told: Iterable[Chapter]) -> int:
    return sum(len(c.entries) for c in told)


def _tables_in(session: Session, desk: Desk, row: Household) -> Rows:
    """Return the rows of every table that knows the household, then of those that hang on one of them."""
    households = [row.id, *session.scalars(select(Household.id).where(Household.merged_into_id == row.id))]
    found: Rows = {"household": _rows(session, desk, Household.__table__, "id", households)}
    for table in _every_table():
        if "household_id" in table.c and table.name not in LEFT_OUT:
            found[table.name] = _rows(session, desk, table, "household_id", households)
    for table in _every_table():
        for key in table.foreign_keys:
            parent = key.column.table.name
            hangs = parent in found and parent != "household" and "household_id" not in table.c
            if hangs and table.name not in LEFT_OUT and key.column.name == "id" and table.name not in found:
                ids = [r["id"] for r in found[parent]]
                found[table.name] = _rows(session, desk, table, key.parent.name, ids)
    return _named(session, found)


def _every_table() -> tuple[Table, ...]:
    for name in models.__all__:  # Some areas are declared only once they are named.
        getattr(models, name)
    return tuple(t for t in Base.metadata.sorted_tables)


def _rows(session: Session, desk: Desk, table: Any, column: str, ids: list[int]) -> list[dict[str, Any]]:
    order = [table.c[name] for name in _ORDER if name in table.c]
    found = []
    for start in range(0, len(ids), 500):
        for row in session.execute(
            select(table).where(table.c[column].in_(ids[start : start + 500])).order_by(*order)
        ).mappings():
            told = {k: v for k, v in row.items() if k not in _NOT_TOLD}
            if table.name not in _SCANS and row.get("sealed") is not None:
                told["content"] = unseal_json(desk, table.name, row["uid"], row["sealed"])
            found.append(told)
    return found


def _named(session: Session, found: Rows) -> Rows:
    """Add the names that ids stand for, and put the lines and payments of a ticket with it."""
    persons = {m["person_id"] for m in found["household_member"]}
    names = {
        p.id: (f"{p.first_name} {p.last_name}", p.born, p.sex)
        for p in session.execute(select(Person.id, Person.first_name, Person.last_name, Person.born, Person.sex).where(Person.id.in_(persons)))
    }  # fmt: skip
    members = {m["id"]: m["person_id"] for m in found["household_member"]}
    articles = dict(
        session.execute(select(Article.id, Article.name).where(Article.id.in_(_ids(found, "article_id")))).all()
    )
    families = dict(
        session.execute(select(Family.id, Family.name).where(Family.id.in_(_ids(found, "family_id")))).all()
    )
    referrers = {
        r.id: " · ".join(t for t in (r.name, r.organisation) if t)
        for r in session.scalars(select(Referrer).where(Referrer.id.in_(_ids(found, "referrer_id"))))
    }
    meetings = dict(
        session.execute(select(Meeting.id, Meeting.day).where(Meeting.id.in_(_ids(found, "meeting_id")))).all()
    )
    sessions = {
        s.id: (s.title, day_of(s.at))
        for s in session.execute(
            select(WorkshopSession.id, WorkshopSession.at, Workshop.title).join(Workshop, Workshop.id == WorkshopSession.workshop_id)
            .where(WorkshopSession.id.in_(_ids(found, "session_id")))
        )
    }  # fmt: skip
    steps = {(a.code, s.code): f"{a.label} : {s.label}" for a in contract_actions() for s in a.steps}
    papers = {row["id"] for row in found.get("paper", ())}
    scanned = set(session.scalars(select(PaperContent.paper_id).where(PaperContent.paper_id.in_(papers))).all())
    for table, rows in found.items():
        for row in rows:
            person = row.get("person_id") or members.get(row.get("member_id", 0))
            if person in names:
                row["person"], born, sex = names[person]
                if table == "household_member":
                    row |= {"born": born, "sex": sex}
            if row.get("article_id") in articles:
                row["article"] = articles[row["article_id"]]
            if row.get("family_id") in families:
                row["family"] = families[row["family_id"]]
            if row.get("referrer_id") in referrers:
                row["referrer"] = referrers[row["referrer_id"]]
            if "meeting_id" in row:
                row["meeting_day"] = meetings.get(row["meeting_id"])
            if row.get("session_id") in sessions and table == "attendance":
                row["workshop"], row["session_day"] = sessions[row["session_id"]]
            content = row.get("content") or {}
            if table == "support_step":
                row["step"] = steps.get((str(content.get("action")), str(content.get("kind"))), "")
            if table == "assessment":
                row["steps"] = [str(s["sentence"]) for s in content.get("outcome", {}).get("steps", ())]
            if table == "paper":
                row["scanned"] = row["id"] in scanned
            if table == "household_address":
                row["town"] = f"{row['postcode']} {row['commune_name']}".strip()
            if table == "portrait":
                row["held"] = True
    _tell_tickets(found)
    return found


def _ids(found: Rows, column: str) -> set[int]:
    """Return the rows of another table that those found stand for."""
    return {row[column] for rows in found.values() for row in rows if row.get(column) is not None}


def _tell_tickets(found: Rows) -> None:
    goods: dict[int, list[str]] = {}
    for line in found.get("sale_line", ()):
        amount = shown.kilos(line["grams"]) if not line["pieces"] else f"{shown.number(line['pieces'])} × "
        name = line.get("article", "")
        goods.setdefault(line["sale_id"], []).append(f"{amount}{name}" if line["pieces"] else f"{name}, {amount}")
    paid: dict[int, list[str]] = {}
    for payment in found.get("payment", ()):
        paid.setdefault(payment["sale_id"], []).append(f"{_label(payment['kind'])} : {shown.money(payment['cents'])}")
    for sale in found.get("sale", ()):
        sale["goods"] = " ; ".join(goods.get(sale["id"], ()))
        sale["paid"] = " ; ".join(paid.get(sale["id"], ()))
        sale["cancels"] = sale.get("reverses_id") is not None


def _label(code: Any) -> str:
    from epicerie_desktop.domain.labels import label

    return label(code)


def _written(desk: Desk, number: str, made: datetime, tables: Rows) -> bytes:
    content = {
        "shop": desk.shop.name, "household": number, "made_at": f"{made:%Y-%m-%dT%H:%M:%SZ}",
        "tables": {name: [{k: plain(v) for k, v in r.items()} for r in rows] for name, rows in sorted(tables.items()) if rows},
    }  # fmt: skip
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
