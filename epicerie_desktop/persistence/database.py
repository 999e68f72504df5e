"""The one door: `with db.read()` and `with db.write()`, one block, one thread, one gesture. Knows no table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Delete, Engine, Insert, Update, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import N_

APPLICATION_ID = 0x45504943
"""« EPIC »: a file that does not carry it is not ours, however well it opens."""
SCHEMA_VERSION = 1
"""The newest migration; a file above it was made by a newer program."""
OLDEST_ENGINE = (3, 51, 3)
"""Below it, SQLite may corrupt a WAL database (sqlite.org/wal.html, WAL-reset bug)."""
KEY_BYTES = 32

_PRAGMAS = (
    "PRAGMA cipher_compatibility = 4",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA cache_size = -16384",
)

CommitListener = Callable[[frozenset[str]], None]


def check_engine() -> None:
    """Raise `EnvironmentTrouble` where the SQLite inside the driver is too old to be trusted with WAL."""
    if driver.sqlite_version_info < OLDEST_ENGINE:
        raise EnvironmentTrouble(
            "BDD-101",
            N_(
                "Le moteur de base de données ({found}) est trop ancien : il faut {wanted} ou plus. Réinstallez le programme."
            ),
            found=driver.sqlite_version,
            wanted=".".join(map(str, OLDEST_ENGINE)),
        )


def connect(path: Path, key: bytes, *, create: bool = False) -> Any:
    """Return a bare driver connection to an encrypted file, keyed and set; the caller begins and commits.

    Raises `EnvironmentTrouble` when the file is missing, or cannot be read with this key.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("key length")
    mode = "rwc" if create else "rw"
    try:
        raw = driver.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )
    except driver.OperationalError as error:
        raise _missing(path) from error
    try:
        # The level goes before the key: a wrong key prints lines on the standard error otherwise.
        raw.execute("PRAGMA cipher_log_level = NONE").fetchall()
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in _PRAGMAS:
            raw.execute(pragma)
        raw.execute("SELECT count(*) FROM sqlite_master").fetchall()
        raw.execute("PRAGMA journal_mode = WAL").fetchall()
    except driver.DatabaseError as error:
        raw.close()
        raise _unreadable(path) from error
    return raw


def _missing(path: Path) -> EnvironmentTrouble:
    return EnvironmentTrouble(
        "BDD-201",
        N_("Le fichier de données « {file} » est introuvable. Vérifiez le dossier ou restaurez une sauvegarde."),
        file=path.name,
    )


def _unreadable(path: Path) -> EnvironmentTrouble:
    return EnvironmentTrouble(
        "BDD-202",
        N_("Le fichier de données « {file} » ne peut pas être lu : il est abîmé ou n'a pas été ouvert avec sa clé. "
           "Ne l'effacez pas ; restaurez la dernière sauvegarde."),
        file=path.name,
    )  # fmt: skip


def check_file(raw: Any, path: Path) -> int:
    """Return the schema version of an open file. Raises `EnvironmentTrouble` when it is not ours, empty, or newer."""
    application = raw.execute("PRAGMA application_id").fetchone()[0]
    version = int(raw.execute("PRAGMA user_version").fetchone()[0])
    if application != APPLICATION_ID or version == 0:
        # A file cut to nothing opens as a valid empty database: opening proves nothing.
        raise EnvironmentTrouble(
            "BDD-203",
            N_(
                "« {file} » est vide ou n'est pas un fichier de ce programme. Ne recommencez pas à saisir : restaurez une sauvegarde."
            ),
            file=path.name,
        )
    if version > SCHEMA_VERSION:
        raise EnvironmentTrouble(
            "BDD-204",
            N_(
                "« {file} » a été enregistré par une version plus récente du programme. Mettez le programme à jour, puis rouvrez."
            ),
            file=path.name,
        )
    return version


class Database:
    """An open database. Writers begin with BEGIN IMMEDIATE, readers with a deferred transaction that cannot write."""

    def __init__(self, engine: Engine, path: Path | None = None) -> None:
        self._engine = engine
        self.path = path
        self._listeners: list[CommitListener] = []
        self._sqlite = engine.dialect.name == "sqlite"
        event.listen(engine, "begin", self._on_begin)
        event.listen(engine, "after_execute", self._on_execute)

    @classmethod
    def open(cls, path: Path, key: bytes) -> Database:
        """Return the database of an existing, up-to-date file. Raises `EnvironmentTrouble` otherwise."""
        check_engine()
        if not path.is_file():
            raise _missing(path)
        raw = connect(path, key)
        try:
            check_file(raw, path)
        finally:
            raw.close()
        engine = create_engine(
            "sqlite+pysqlite://",
            module=driver,
            creator=lambda: connect(path, key),
            poolclass=QueuePool,
            pool_size=2,
            max_overflow=2,
        )
        return cls(engine, path)

    def on_commit(self, listener: CommitListener) -> None:
        """Have `listener` told the names of the tables each committed block changed (on the writer's thread)."""
        self._listeners.append(listener)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session to read one consistent state with; nothing it does is kept."""
        with self._engine.connect().execution_options(gesture="read") as connection:
            session = Session(connection, autoflush=False, expire_on_commit=False)
            try:
                yield session
            finally:
                session.close()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose work is committed whole at the end of the block, or not at all.

        Raises `EnvironmentTrouble` when the disk refuses; a rule's refusal passes through, nothing being written.
        """
        touched: set[str] = set()
        with self._engine.connect().execution_options(gesture="write", touched=touched) as connection:
            session = Session(connection, autoflush=False, expire_on_commit=False)
            try:
                yield session
                session.commit()
            except OperationalError as error:
                session.rollback()
                raise _disk_trouble(error) from error
            except DatabaseError as error:
                session.rollback()
                if isinstance(error.orig, driver.DatabaseError) and "malformed" in str(error.orig):
                    raise _unreadable(self.path or Path("base")) from error
                raise
            except BaseException:
                session.rollback()
                raise
            finally:
                session.close()
        if touched:
            changed = frozenset(touched)
            for listener in self._listeners:
                listener(changed)

    @property
    def dialect(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return self._engine.dialect.name

    def close(self) -> None:
        """Fold the journal file into the database and let go of every connection."""
        if self._sqlite:
            with self._engine.connect().execution_options(gesture="none") as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        self._engine.dispose()

    def bare(self) -> Any:
        """Return a driver connection of its own for what no transaction may hold: copies and integrity checks."""
        return self._engine.raw_connection()

    def _on_begin(self, connection: Connection) -> None:
        if not self._sqlite:
            return
        gesture = connection.get_execution_options().get("gesture")
        if gesture == "write":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif gesture == "read":
            connection.exec_driver_sql("BEGIN DEFERRED")

    @staticmethod
    def _on_execute(connection: Connection, clause: Any, *_: Any) -> None:
        if isinstance(clause, Insert | Update | Delete):
            touched = connection.get_execution_options().get("touched")
            if touched is not None:
                touched.add(clause.table.name)  # type: ignore[union-attr]


def _disk_trouble(error: OperationalError) -> EnvironmentTrouble:
    told = str(error.orig)
    if "full" in told:
        return EnvironmentTrouble(
            "BDD-301", N_("Le disque est plein : rien n'a été enregistré. Libérez de la place, puis recommencez.")
        )
    if "locked" in told or "busy" in told:
        return EnvironmentTrouble(
            "BDD-302",
            N_("Le fichier de données est occupé par un autre programme : rien n'a été enregistré. Recommencez."),
        )
    return EnvironmentTrouble(
        "BDD-303",
        N_(
            "Le disque n'a pas répondu : rien n'a été enregistré. Fermez le programme, vérifiez le disque, puis rouvrez."
        ),
    )
