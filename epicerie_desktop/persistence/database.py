"""The one door: `with db.read()` and `with db.write()`, one block, one thread, one gesture. Knows no table."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Delete, Engine, Insert, Update, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import N_

APPLICATION_ID = 0x45504943
"""« EPIC »: a file that does not carry it is not ours, however well it opens."""
SCHEMA_VERSION = 6
"""The newest migration; a file above it was made by a newer program."""
OLDEST_ENGINE = (3, 51, 3)
"""Below it, SQLite may corrupt a WAL database (sqlite.org/wal.html, WAL-reset bug)."""
KEY_BYTES = 32
_SMALLEST = 512
"""Bytes of the smallest page: no database is shorter."""

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

_BY_THE_DISK = re.compile("full|locked|busy|I/O|readonly|unable to open")
"""What the driver says when the file itself is not in doubt."""

_STEPS_BETWEEN = 20_000
"""Steps of the engine between two questions whether to give up: some hundredths of a second."""

CommitListener = Callable[[frozenset[str]], None]

_log = logging.getLogger(__name__)


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


def connect(path: Path, key: bytes, *, mode: str = "rw") -> Any:
    """Return a bare driver connection to an encrypted file, keyed and set; the caller begins and commits.

    `mode` is `rw`, `rwc` (the file may be made) or `ro` (nothing is changed, not even the kind of journal).

    Raises `EnvironmentTrouble` when the file is missing, or cannot be read with this key.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("key length")
    if mode != "rwc" and path.is_file() and path.stat().st_size < _SMALLEST:
        # Cut to nothing, it opens as a valid empty database, and opening it throws away the sales left in its -wal.
        raise _not_ours(path)
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
        if mode != "ro":
            raw.execute("PRAGMA journal_mode = WAL").fetchall()
    except driver.DatabaseError as error:
        raw.close()
        raise disk_trouble(str(error)) if of_the_disk(str(error)) else _unreadable(path) from error
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


def _not_ours(path: Path) -> EnvironmentTrouble:
    return EnvironmentTrouble(
        "BDD-203",
        N_("« {file} » est vide ou n'est pas un fichier de ce programme. Ne recommencez pas à saisir : restaurez une sauvegarde."),
        file=path.name,
    )  # fmt: skip


def check_file(raw: Any, path: Path) -> int:
    """Return the schema version of an open file. Raises `EnvironmentTrouble` when it is not ours, empty, or newer."""
    application = raw.execute("PRAGMA application_id").fetchone()[0]
    version = int(raw.execute("PRAGMA user_version").fetchone()[0])
    if application != APPLICATION_ID or version == 0:
        # A file cut to nothing opens as a valid empty database: opening proves nothing.
        raise _not_ours(path)
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
    """An open database. Writers begin with BEGIN IMMEDIATE, readers with a deferred transaction that is never committed."""

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
            # The connection last used has the pages in its memory; the other would read them again.
            pool_use_lifo=True,
            max_overflow=2,
        )
        return cls(engine, path)

    def on_commit(self, listener: CommitListener) -> None:
        """Have `listener` told the names of the tables each committed block changed (on the writer's thread).

        What it raises is logged, by its kind alone: the block is already durable.
        """
        self._listeners.append(listener)

    @contextmanager
    def read(self, stop: Callable[[], bool] | None = None) -> Iterator[Session]:
        """Give a session to read one consistent state with; nothing it does is kept.

        `stop` is asked while a statement runs, to give it up. Raises `EnvironmentTrouble` when the disk does not answer or the
        file is damaged, `RuleRefused` where `stop` said so.
        """
        with self._engine.connect().execution_options(gesture="read") as connection:
            session = Session(connection, autoflush=False, expire_on_commit=False)
            if stop is not None:
                self._watch(connection, stop)
            try:
                yield session
            except (DatabaseError, driver.DatabaseError) as error:
                if stop is not None and stop():
                    raise RuleRefused(N_("Arrêté avant la fin : rien n'a changé.")) from error
                raise self._trouble(error) from error
            finally:
                session.close()
                if stop is not None:
                    self._watch(connection, None)

    def _watch(self, connection: Connection, stop: Callable[[], bool] | None) -> None:
        """Have the engine ask `stop` every few thousand steps; it interrupts the statement that runs on a yes."""
        raw = connection.connection.driver_connection
        if self._sqlite and raw is not None:
            raw.set_progress_handler(None if stop is None else lambda: int(stop()), _STEPS_BETWEEN)

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
            except (DatabaseError, driver.DatabaseError) as error:
                session.rollback()
                raise self._trouble(error) from error
            except BaseException:
                session.rollback()
                raise
            finally:
                session.close()
        if touched:
            changed = frozenset(touched)
            for listener in self._listeners:
                try:
                    listener(changed)
                except Exception as error:
                    # The block is durable: whoever wrote it must not be told that nothing was saved.
                    _log.error("commit listener: %s", type(error).__name__)

    @property
    def dialect(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return self._engine.dialect.name

    def fold(self) -> None:
        """Fold the journal file into the database and empty it: what was erased is then nowhere on the disk."""
        # On a full or damaged disk the journal file stays beside: it is read at the next opening, and nothing is lost.
        if self._sqlite:
            with suppress(DatabaseError), self._engine.connect().execution_options(gesture="none") as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def close(self) -> None:
        """Fold the journal file into the database and let go of every connection."""
        self.fold()
        self._engine.dispose()

    def damage(self) -> tuple[str, ...]:
        """Return what the file's own checks find wrong: pages changed from outside, broken indexes, dangling references."""
        if not self._sqlite:
            return ()
        raw = self._engine.raw_connection()
        try:
            cursor = raw.cursor()
            told: list[str] = []
            for check in ("cipher_integrity_check", "quick_check", "foreign_key_check"):
                told += (" ".join(map(str, row)) for row in cursor.execute(f"PRAGMA {check}").fetchall())
            return tuple(t for t in told if t != "ok")
        except driver.DatabaseError as error:
            return (str(error),)
        finally:
            raw.close()

    def _trouble(self, error: Exception) -> Exception:
        """Return what to tell: the disk, the damaged file, or the error itself, which is then a bug."""
        told = str(error.orig if isinstance(error, DatabaseError) else error)
        if self._sqlite and ("malformed" in told or "not a database" in told):
            return _unreadable(self.path or Path("base"))
        return disk_trouble(told) if of_the_disk(told) else error

    def _on_begin(self, connection: Connection) -> None:
        if not self._sqlite:
            return
        gesture = connection.get_execution_options().get("gesture")
        # By the driver's own road: SQLAlchemy's costs four times the statement, at each gesture.
        raw: Any = connection.connection.dbapi_connection
        if gesture == "write":
            raw.execute("BEGIN IMMEDIATE")
        elif gesture == "read":
            raw.execute("BEGIN DEFERRED")

    @staticmethod
    def _on_execute(connection: Connection, clause: Any, *_: Any) -> None:
        if isinstance(clause, Insert | Update | Delete):
            touched = connection.get_execution_options().get("touched")
            if touched is not None:
                touched.add(clause.table.name)  # type: ignore[union-attr]


def of_the_disk(told: str) -> bool:
    """Return whether the driver tells of the disk, and not of a fault in a statement, which is a bug."""
    return _BY_THE_DISK.search(told) is not None


def disk_trouble(told: str) -> EnvironmentTrouble:
    """Return what to tell of a disk that refused, as `told` by the driver, which rolled back by itself."""
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
