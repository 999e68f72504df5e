"""The hours of volunteers: noted by the quarter, cancelled by a contrary row, told in the report once the shop keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from epicerie_desktop.domain.volunteers import VolunteerTask
from epicerie_desktop.persistence.models import Journal, VolunteerHours
from epicerie_desktop.services import volunteers
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.reports.activity import activity_sections
from epicerie_desktop.services.reports.whole import Asked, report
from epicerie_desktop.services.volunteers import HoursForm
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY

NINETY = HoursForm(TODAY, 90, VolunteerTask.TILL, label="Équipe du mardi")


@pytest.fixture
def keeping(desk: Desk) -> Desk:
    save_feature(desk, "volunteer_hours", True)
    return desk


def told(desk: Desk, last: date = TODAY) -> dict[str, object]:
    with desk.db.read() as session:
        return {f.code: f.value for s in activity_sections(session, TODAY, last) for f in s.figures}


def test_hours_are_told_by_task_and_a_cancellation_takes_them_off_without_erasing(keeping: Desk) -> None:
    first = volunteers.note_hours(keeping, NINETY)
    volunteers.note_hours(keeping, replace(NINETY, minutes=45, task=VolunteerTask.STOCK, label="équipe du mardi"))
    volunteers.note_hours(keeping, HoursForm(TODAY, 60, VolunteerTask.STOCK, account=keeping.actor.id))
    assert (told(keeping)["volunteer_hours"], told(keeping)["volunteers"]) == (325, 2), "three hours and a quarter"
    volunteers.cancel_hours(keeping, first)
    assert (told(keeping)["volunteer_hours"], told(keeping)["volunteers"]) == (175, 2)
    assert [(r.who, r.minutes) for r in volunteers.hours_between(keeping, TODAY, TODAY)] == [
        ("Camille", 60),
        ("équipe du mardi", 45),
    ]
    with pytest.raises(RuleRefused, match="déjà annulées"):
        volunteers.cancel_hours(keeping, first)
    with keeping.db.read() as session:
        assert len(session.scalars(select(VolunteerHours)).all()) == 4
        bodies = session.scalars(select(Journal.body).where(Journal.kind.startswith("volunteer_hours"))).all()
    assert len(bodies) == 4
    assert not [b for b in bodies if "mardi" in b], "the journal tells no name"


@pytest.mark.parametrize(
    ("form", "why"),
    [
        (replace(NINETY, minutes=20), "par quart d'heure"),
        (replace(NINETY, minutes=0), "par quart d'heure"),
        (replace(NINETY, minutes=17 * 60), "par quart d'heure"),
        (replace(NINETY, label="  "), "qui a donné"),
        (replace(NINETY, account=1), "qui a donné"),
        (replace(NINETY, day=TODAY + timedelta(days=1)), "futur"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(keeping: Desk, form: HoursForm, why: str) -> None:
    with pytest.raises(BadInput) as refusal:
        volunteers.note_hours(keeping, form)
    assert why in str(refusal.value).replace("\u2019", "'")
    assert volunteers.hours_between(keeping, TODAY, TODAY + timedelta(days=9)) == ()


def test_a_shop_that_does_not_keep_them_has_no_such_part_in_its_report(desk: Desk) -> None:
    with pytest.raises(RuleRefused, match="réglages"):
        volunteers.note_hours(desk, NINETY)
    assert "volunteer_hours" not in told(desk)


def test_nobody_changes_or_erases_hours(keeping: Desk) -> None:
    volunteers.note_hours(keeping, NINETY)
    for statement in ("update volunteer_hours set minutes = 15", "delete from volunteer_hours"):
        with pytest.raises(DatabaseError, match="append-only"), keeping.db.write() as session:
            session.execute(text(statement))


def test_a_report_is_as_of_today_and_refuses_what_it_cannot_tell(keeping: Desk) -> None:
    year = Asked("year", date(TODAY.year, 1, 1), date(TODAY.year, 12, 31))
    seen: list[tuple[int, int]] = []
    made = report(keeping, year, lambda done, of: seen.append((done, of)))
    assert (made.first, made.last) == (year.first, year.last)
    assert [done for done, _of in seen] == list(range(len(seen)))
    for wrong in (
        replace(year, model="autre"),
        replace(year, last=date(2000, 1, 1)),
        replace(year, first=TODAY + timedelta(days=1)),
    ):
        with pytest.raises(BadInput):
            report(keeping, wrong)
    volunteer = replace(keeping, actor=replace(keeping.actor, role="VOLUNTEER"))
    with pytest.raises(RuleRefused, match="responsable"):
        report(volunteer, year)
