"""Brings a file to the present schema: forward only, one transaction, a verified copy aside before. Knows no service."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from epicerie_desktop.persistence import backup
from epicerie_desktop.persistence.database import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    check_engine,
    check_file,
    connect,
    disk_trouble,
    of_the_disk,
)
from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import N_

if TYPE_CHECKING:
    from sqlalchemy import Engine


def create(path: Path, key: bytes) -> None:
    """Make a new, empty, up-to-date file at `path`. Raises `EnvironmentTrouble` where something is already there."""
    check_engine()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # A -wal without its file holds sales that a new file would throw away.
        if path.with_name(path.name + "-wal").exists():
            raise FileExistsError(path)
        # Made here rather than by the driver: private to this account, whatever its umask.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise EnvironmentTrouble(
            "BDD-205", N_("« {file} » existe déjà : rien n'a été remplacé."), file=path.name
        ) from error
    try:
        _upgrade(path, key, create=True)
    except BaseException:
        # Nothing was ever written in it: left there, it would forbid a second try.
        remove(path)
        raise


def remove(path: Path) -> None:
    """Remove a file made in this very gesture, with what the driver keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def bring_up_to_date(path: Path, key: bytes) -> bool:
    """Migrate an older file; return whether there was anything to do. A verified copy is kept aside first."""
    raw = connect(path, key)
    try:
        version = check_file(raw, path)
    finally:
        raw.close()
    if version == SCHEMA_VERSION:
        return False
    backup.copy_to(path, key, path.with_name(f"{path.stem}.avant-v{SCHEMA_VERSION}{path.suffix}"))
    _upgrade(path, key, create=False)
    return True


def _upgrade(path: Path, key: bytes, *, create: bool) -> None:
    import sqlcipher3.dbapi2 as driver
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import DatabaseError
    from sqlalchemy.pool import StaticPool

    raw = connect(path, key, mode="rwc" if create else "rw")
    # Foreign keys cannot be switched off inside a transaction, and tables are remade in one.
    raw.execute("PRAGMA foreign_keys = OFF")
    engine = create_engine("sqlite+pysqlite://", module=driver, creator=lambda: raw, poolclass=StaticPool)
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        run(engine)
    except DatabaseError as error:
        raise disk_trouble(str(error.orig)) if of_the_disk(str(error.orig)) else _failed() from error
    finally:
        engine.dispose()
        raw.close()


def run(engine: Engine) -> None:
    """Run every missing migration on `engine` in one transaction, then check that no reference dangles."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if engine.dialect.name == "sqlite":
            dangling: list[Any] = list(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())
            if dangling:
                raise _failed()
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _failed() -> EnvironmentTrouble:
    return EnvironmentTrouble("BDD-206", N_("La mise à jour des données a échoué : le fichier est resté tel quel."))
