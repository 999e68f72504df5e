"""The read and write blocks: all or nothing, told to whom it concerns, and two programs that never tread on each other."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from epicerie_desktop.persistence.models import (
    Household,
    Journal,
    NumberSeries,
    Person,
    Sale,
    SaleLine,
    Setting,
    StockMove,
)
from epicerie_desktop.services import opening, safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import next_number, seal_in_journal
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from tests.conftest import PASSPHRASE, TODAY
from tests.persistence.conftest import Busy


class Slip(Exception):
    """Something that goes wrong in the middle of a gesture."""


def count(desk: Desk) -> tuple[int, ...]:
    with desk.db.read() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(t)) or 0 for t in (Person, Journal, NumberSeries, Setting)
        )


@pytest.mark.parametrize("slip", [Slip, RuleRefused, KeyboardInterrupt, GeneratorExit])
def test_a_block_that_raises_writes_nothing_and_tells_nobody(desk: Desk, slip: type[BaseException]) -> None:
    told: list[frozenset[str]] = []
    desk.db.on_commit(told.append)
    before = count(desk)

    def gesture() -> None:
        with desk.db.write() as session:
            session.execute(insert(Setting).values(key="a", valid_from=TODAY, value=1))
            next_number(session, desk, "essai")
            seal_in_journal(session, desk, "essai", {})
            raise slip("")

    with pytest.raises(slip):
        gesture()
    assert (count(desk), told) == (before, [])
    with desk.db.write() as session:
        assert next_number(session, desk, "essai") == 1, "the number is not lost"


def test_listeners_are_told_the_tables_once_the_block_is_durable(busy: Busy) -> None:
    told: list[tuple[frozenset[str], int]] = []

    def listen(tables: frozenset[str]) -> None:
        with busy.desk.db.read() as session:
            told.append((tables, session.scalar(select(func.count()).select_from(Sale)) or 0))

    busy.desk.db.on_commit(listen)
    busy.sell()
    with busy.desk.db.write() as session:
        session.get_one(Household, busy.household).note = "rappeler"
    with busy.desk.db.write() as session:
        session.scalars(select(Household)).all()
    (sold, seen), (edited, _) = told
    assert sold >= {"sale", "sale_line", "stock_move", "lot", "payment", "journal", "number_series"}
    assert (seen, edited) == (1, {"household"})


def test_a_listener_that_fails_does_not_pass_for_a_failed_writing(busy: Busy, caplog: pytest.LogCaptureFixture) -> None:
    told: list[frozenset[str]] = []

    def fail(tables: frozenset[str]) -> None:
        raise RuntimeError("Fátima")

    busy.desk.db.on_commit(fail)
    busy.desk.db.on_commit(told.append)
    with busy.desk.db.write() as session:
        session.get_one(Household, busy.household).note = "rappeler"
    assert told == [{"household"}], "the others are told"
    assert [r.getMessage() for r in caplog.records] == ["commit listener: RuntimeError"]
    caplog.clear()


def test_what_a_reading_block_does_is_not_kept(desk: Desk) -> None:
    with desk.db.read() as session:
        session.execute(insert(Setting).values(key="a", valid_from=TODAY, value=1))
        session.add(NumberSeries(post_id=1, kind="b", last=3))
        session.flush()
    assert count(desk)[3] == 0
    with desk.db.write() as session:
        assert next_number(session, desk, "b") == 1


def test_a_reading_block_sees_one_state_while_others_write(busy: Busy) -> None:
    with busy.desk.db.read() as session:
        before = session.scalar(select(func.count()).select_from(Sale))
        worker = threading.Thread(target=busy.sell)
        worker.start()
        worker.join()
        assert session.scalar(select(func.count()).select_from(Sale)) == before
    with busy.desk.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Sale)) == (before or 0) + 1


@pytest.mark.parametrize("table", [Journal, Sale, SaleLine, StockMove])
def test_what_was_booked_can_be_neither_changed_nor_erased(busy: Busy, table: type) -> None:
    busy.sell()
    column = "body" if table is Journal else "grams"
    for statement in (update(table).values({column: "0" if table is Journal else 0}), delete(table)):
        with pytest.raises(IntegrityError, match="append-only"), busy.desk.db.write() as session:
            session.execute(statement)
    assert safeguard.verify_file(busy.desk) == ()


def test_the_file_refuses_a_text_among_integers_and_a_reference_to_nothing(desk: Desk) -> None:
    with pytest.raises(DatabaseError), desk.db.write() as session:
        session.execute(text("INSERT INTO number_series (post_id, kind, last) VALUES (1, 'x', 'douze')"))
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), desk.db.write() as session:
        session.execute(text("INSERT INTO number_series (post_id, kind, last) VALUES (99, 'x', 1)"))


def test_a_second_writer_that_cannot_wait_is_told_and_loses_nothing(busy: Busy) -> None:
    other = opening.open_desk(busy.desk.db.path or Path(), PASSPHRASE, FrozenClock.on(TODAY))
    with busy.desk.db.write() as session:
        next_number(session, busy.desk, "essai")
        raw = other.db._engine.raw_connection()
        raw.cursor().execute("PRAGMA busy_timeout = 50")
        raw.close()
        with pytest.raises(EnvironmentTrouble) as refused, other.db.write() as second:
            next_number(second, other, "essai")
    assert refused.value.code == "BDD-302"
    with other.db.write() as session:
        assert next_number(session, other, "essai") == 2
    other.db.close()


WRITER = """
import sys
from pathlib import Path
from epicerie_desktop.services import opening
from epicerie_desktop.services.writing import next_number, seal_in_journal
desk = opening.open_desk(Path(sys.argv[1]), sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[3])):
    with desk.db.write() as session:
        number = next_number(session, desk, "receipt")
        seal_in_journal(session, desk, "essai", {"number": number})
    print(number, flush=True)
desk.db.close()
"""


def test_two_programs_write_five_hundred_times_without_an_error_or_a_gap(shop_file: Path) -> None:
    each = 250
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(shop_file), PASSPHRASE, str(each)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    answers = [writer.communicate(timeout=60) for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], answers
    numbers = [[int(line) for line in out.split()] for out, _ in answers]
    assert sorted(numbers[0] + numbers[1]) == list(range(1, 2 * each + 1))
    assert all(n == sorted(n) for n in numbers)
    desk = opening.open_desk(shop_file, PASSPHRASE)
    assert safeguard.verify_file(desk) == ()
    desk.db.close()
