"""Whoever asks gets all that is kept on their household, in words, and nothing of anybody else's."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import select

from epicerie_desktop.domain.subject_file import CHAPTERS, TOLD_ELSEWHERE
from epicerie_desktop.persistence.models import Household, Journal, Person
from epicerie_desktop.persistence.models.base import Base
from epicerie_desktop.services import opening, subject_file
from epicerie_desktop.services.demonstration.build import DemoFiles
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.subject_file import LEFT_OUT, copy_pdf, subject_copy
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import TODAY


@pytest.fixture
def demo_desk(demo_files: DemoFiles, tmp_path: Path) -> Iterator[Desk]:
    """A shop of the demonstration, copied: making a copy writes in the journal."""
    folder = tmp_path / "shop"
    shutil.copytree(demo_files.shops[0].parent, folder)
    secret = json.loads(demo_files.passphrases.read_text("utf-8"))["shop-1"]
    found = opening.open_desk(folder / demo_files.shops[0].name, secret, FrozenClock.on(TODAY))
    yield found
    found.db.close()


def text_of(pdf: bytes) -> str:
    return "\n".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_every_table_that_knows_a_household_is_in_the_copy_and_told_in_words(desk: Desk) -> None:
    subject_file._every_table()
    told = {kept.table for _title, kept in CHAPTERS for kept in kept} | TOLD_ELSEWHERE
    knows = {t.name for t in Base.metadata.sorted_tables if "household_id" in t.c}
    assert knows - told == set(), "tell its rows in CHAPTERS, or say why not"
    assert {t.name for t in Base.metadata.sorted_tables} >= LEFT_OUT


def test_the_copy_of_households_of_the_demonstration_reads_without_a_code(demo_desk: Desk) -> None:
    with demo_desk.db.read() as session:
        households = session.scalars(
            select(Household.id).where(Household.merged_into_id.is_(None), ~Household.reserved)
        ).all()
        persons = {f"{p.first_name} {p.last_name}" for p in session.scalars(select(Person))}
    seen: set[str] = set()
    # Those of the past have little but tickets: one in twelve; those of today, with their support, all.
    for household in [*households[:-10:12], *households[-10:]]:
        copy = subject_copy(demo_desk, household)
        text = text_of(copy_pdf(copy))
        content = json.loads(copy.json)
        seen |= content["tables"].keys()
        assert not re.findall(r"\b[A-Z]{3,}_[A-Z_]+\b|None|\{|datetime", text)
        theirs = {m["person"] for m in content["tables"]["household_member"]}
        assert theirs
        flat = " ".join(text.split())
        assert all(" ".join(name.split()) in flat for name in theirs)
        strangers = {name for name in persons - theirs if re.search(rf"\b{re.escape(name)}\b", flat)}
        assert not strangers
        tickets = content["tables"].get("sale", [])
        assert len(re.findall(r"payé", text)) >= len(tickets) > 0 or not tickets
    assert {
        "sale",
        "sale_line",
        "payment",
        "access_grant",
        "assessment",
        "decision",
        "note",
        "support_file",
        "undertaking",
    } <= seen


def test_the_copy_is_told_in_the_journal_and_refused_to_who_may_not_open_the_file(demo_desk: Desk) -> None:
    with demo_desk.db.read() as session:
        household = session.scalars(select(Household.id).where(~Household.reserved)).first()
    assert household is not None
    subject_copy(demo_desk, household)
    with demo_desk.db.read() as session:
        last = session.scalars(select(Journal).order_by(Journal.seq.desc())).first()
        assert last is not None
        assert last.kind == "subject_copy"
    with pytest.raises(RuleRefused):
        subject_copy(replace(demo_desk, social_key=None), household)
