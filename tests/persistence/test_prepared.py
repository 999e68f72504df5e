"""A statement prepared once says what SQLAlchemy's own road says, whatever the length of its lists; its fixed numbers are written out."""

from __future__ import annotations

import pytest
from sqlalchemy import Integer, bindparam, literal, select

from epicerie_desktop.persistence.models import Family
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.persistence.prepared import Prepared
from epicerie_desktop.services.desk import Desk

FAMILY = table_of(Family)
AMONG = (
    select(FAMILY.c.id, FAMILY.c.name, FAMILY.c.food, (FAMILY.c.id + literal(3, Integer)).label("on"))
    .where(FAMILY.c.id.in_(bindparam("ids", expanding=True)), FAMILY.c.id.not_in(bindparam("left_out", expanding=True)))
    .order_by(FAMILY.c.id)
    .limit(8)
)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 7, 9, 12, 1030])
def test_lists_of_any_length_give_the_same_rows(desk: Desk, count: int) -> None:
    prepared = Prepared(AMONG)
    wanted = {"ids": list(range(1, count + 1)), "left_out": [2] * (count % 3)}
    with desk.db.read() as session:
        expected = [tuple(r) for r in session.connection().execute(AMONG, wanted)]
        assert [tuple(r) for r in prepared.rows(session, wanted)] == expected
        # Once more, by what the first run kept.
        assert [tuple(r) for r in prepared.rows(session, wanted)] == expected


def test_lists_of_near_lengths_share_their_text_and_a_limit_is_written_in_it(desk: Desk) -> None:
    prepared = Prepared(AMONG)
    with desk.db.read() as session:
        for count in range(5, 9):
            prepared.rows(session, {"ids": list(range(count)), "left_out": []})
    (ready,) = prepared._ready.values()
    assert "LIMIT 8" in ready.sql
    assert "+ 3" in ready.sql
