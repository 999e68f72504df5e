"""The schema: what the migrations make is what the program reads, and a migration stands by itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from epicerie_desktop.persistence import migrate
from epicerie_desktop.persistence.database import APPLICATION_ID, SCHEMA_VERSION, connect
from epicerie_desktop.persistence.models import Base, load_all
from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import EnvironmentTrouble
from tests.conftest import PASSPHRASE

load_all()

MIGRATIONS = Path(migrate.__file__).parent / "migrations"


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_the_migrations_are_one_line_up_to_the_version_of_the_program() -> None:
    found = scripts()
    assert found.get_heads() == [f"{SCHEMA_VERSION:04d}"]
    assert [s.revision for s in found.walk_revisions()] == [f"{n:04d}" for n in range(SCHEMA_VERSION, 0, -1)]


def test_the_migrated_file_holds_exactly_the_tables_of_the_program(desk: Desk) -> None:
    with desk.db.read() as session:
        context = MigrationContext.configure(
            session.connection(), opts={"compare_type": False, "render_as_batch": True}
        )
        assert compare_metadata(context, Base.metadata) == []
        assert declared(session.connection()) == declared_by_the_program(session.connection())
        assert session.scalar(text("PRAGMA application_id")) == APPLICATION_ID
        assert session.scalar(text("PRAGMA user_version")) == SCHEMA_VERSION
        for pragma, wanted in (
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("secure_delete", 1),
            ("trusted_schema", 0),
        ):
            assert session.scalar(text(f"PRAGMA {pragma}")) == wanted


def declared(connection: Connection) -> dict[str, tuple[object, ...]]:
    """Return the columns, keys and indexes of every table of the file, and whether it is strict."""
    found = {}
    for table, kind, strict, rowid in connection.execute(
        text(
            "SELECT name, type, strict, wr FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'alembic%'"
        )
    ):
        columns = connection.execute(
            text('SELECT name, type, "notnull", pk FROM pragma_table_info(:t)'), {"t": table}
        ).all()
        keys = connection.execute(
            text('SELECT "from", "table", "to" FROM pragma_foreign_key_list(:t)'), {"t": table}
        ).all()
        indexes = []
        for name, unique in connection.execute(text('SELECT name, "unique" FROM pragma_index_list(:t)'), {"t": table}):
            of = connection.execute(text("SELECT name FROM pragma_index_info(:i)"), {"i": name}).scalars().all()
            where = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :i"), {"i": name}).scalar()
            indexes.append((unique, tuple(of), (where or "").partition("WHERE")[2].split()))
        found[table] = (
            kind,
            strict,
            rowid,
            sorted(map(tuple, columns)),
            sorted(map(tuple, keys)),
            sorted(map(str, indexes)),
        )
    return found


def declared_by_the_program(connection: Connection) -> dict[str, tuple[object, ...]]:
    """Return the same of a file made straight from the classes of the program."""
    from sqlalchemy import create_engine

    with create_engine("sqlite://").connect() as blank:
        Base.metadata.create_all(blank)
        return declared(blank)


def test_a_migration_imports_nothing_of_the_program() -> None:
    files = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert len(files) == SCHEMA_VERSION
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not [n for n in names if n.split(".")[0] not in ("sqlalchemy", "alembic")], file.name
            assert not (isinstance(node, ast.ImportFrom) and node.level)


def test_a_file_up_to_date_is_left_alone(shop_file: Path) -> None:
    key = opening.open_keys(shop_file, PASSPHRASE).main
    before = sorted(p.name for p in shop_file.parent.iterdir())
    assert not migrate.bring_up_to_date(shop_file, key)
    assert sorted(p.name for p in shop_file.parent.iterdir()) == before


def test_a_migration_that_fails_leaves_no_table_and_no_file(tmp_path: Path) -> None:
    key = bytes(range(32))
    path = tmp_path / "shop.db"
    raw = connect(path, key, mode="rwc")
    # The last table of the first migration is already there: it fails when all the others are made.
    raw.execute("CREATE TABLE stock_move (x)")
    with pytest.raises(EnvironmentTrouble) as refused:
        migrate._upgrade(path, key, create=False)
    assert refused.value.code == "BDD-206"
    assert raw.execute("SELECT name FROM sqlite_master").fetchall() == [("stock_move",)]
    assert raw.execute("PRAGMA user_version").fetchone() == (0,)
    raw.close()


def test_a_right_suspended_in_an_older_file_becomes_a_suspension(tmp_path: Path) -> None:
    from alembic import command
    from sqlalchemy import create_engine

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with create_engine(f"sqlite:///{tmp_path / 'old.db'}").begin() as old:
        config.attributes["connection"] = old
        command.upgrade(config, "0001")
        old.execute(text("INSERT INTO account (id, uid, name, role, active) VALUES (1, randomblob(16), 'C', 'R', 1)"))
        for household, start, end, suspended in (
            (1, "2026-01-01", "2026-06-30", "2026-02-01"),  # nothing came after: kept away until the end of the right
            (2, "2026-01-01", "2026-06-30", "2026-02-01"),
            (2, "2026-03-01", "2026-08-31", None),  # given in its place: the suspension was over
            (3, "2026-01-01", "2026-06-30", None),
        ):
            old.execute(
                text(
                    "INSERT INTO access_grant (uid, household_id, valid_from, valid_until, participation_permille, ceilings,"
                    " exceptional, suspended_on, decided_at, decided_by)"
                    " VALUES (randomblob(16), :h, :s, :e, 100, '[]', 0, :x, '2026-01-01T08:00:00Z', 1)"
                ),
                {"h": household, "s": start, "e": end, "x": suspended},
            )
        command.upgrade(config, "head")
        found = old.execute(
            text(
                "SELECT household_id, kind, since, until, reason_code, lifted_on FROM suspension ORDER BY household_id"
            )
        ).all()
        columns = old.execute(text("SELECT name FROM pragma_table_info('access_grant')")).scalars().all()
    assert found == [
        (1, "SUSPENDED", "2026-02-01", "2026-06-30", "OTHER", None),
        (2, "SUSPENDED", "2026-02-01", "2026-06-30", "OTHER", "2026-03-01"),
    ]
    assert "suspended_on" not in columns
