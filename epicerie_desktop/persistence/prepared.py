"""A statement compiled once and handed to the driver as it stands: for what the till repeats at every ticket.

A Core statement costs about 0.1 ms of Python each time SQLAlchemy runs it; once compiled here, a tenth of that. On another
engine than SQLite the same statement goes by SQLAlchemy's own road.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Insert, Update
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

_Values = Mapping[str, Any]
_Change = Callable[[Any], Any] | None


class Prepared:
    """A Core statement on plain tables; lists are given to its expanding parameters. Inserts name every column they fill."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._table = statement.table.name if isinstance(statement, Insert | Update | Delete) else None
        self._ready: dict[tuple[Any, ...], _Ready] = {}

    def rows(self, session: Session, values: _Values | None = None) -> list[Any]:
        """Return every row, with its columns by name."""
        connection, values = session.connection(), values or {}
        ready = self._for(connection, values)
        if ready is None:
            return list(connection.execute(self._statement, values).all())
        cursor = _driver_of(connection).execute(ready.sql, ready.bound(values))
        self._touch(connection)
        return ready.read(cursor.fetchall())

    def row(self, session: Session, values: _Values | None = None) -> Any:
        """Return the first row, None without any."""
        found = self.rows(session, values)
        return found[0] if found else None

    def value(self, session: Session, values: _Values | None = None) -> Any:
        """Return the first column of the first row, None without any."""
        found = self.rows(session, values)
        return found[0][0] if found else None

    def run(self, session: Session, values: _Values) -> int:
        """Run a statement that gives no row and return how many rows it changed."""
        connection = session.connection()
        ready = self._for(connection, values)
        if ready is None:
            return int(connection.execute(self._statement, values).rowcount)
        self._touch(connection)
        return int(_driver_of(connection).execute(ready.sql, ready.bound(values)).rowcount)

    def run_many(self, session: Session, many: Sequence[_Values]) -> None:
        """Run a statement once for each set of values, all with the same names."""
        if not many:
            return
        connection = session.connection()
        ready = self._for(connection, many[0])
        if ready is None:
            connection.execute(self._statement, many)
            return
        self._touch(connection)
        _driver_of(connection).executemany(ready.sql, [ready.bound(values) for values in many])

    def _touch(self, connection: Connection) -> None:
        if self._table is not None:
            touched = connection.get_execution_options().get("touched")
            if touched is not None:
                touched.add(self._table)

    def _for(self, connection: Connection, values: _Values) -> _Ready | None:
        if connection.dialect.name != "sqlite":
            return None
        key = tuple((name, len(v) if isinstance(v, list | tuple) else -1) for name, v in values.items())
        found = self._ready.get(key)
        if found is None:
            found = self._ready[key] = _Ready(self._compiled(connection, values), values, connection)
        return found

    def _compiled(self, connection: Connection, values: _Values) -> SQLCompiler:
        names = list(values) if isinstance(self._statement, Insert) else None
        compiled = self._statement.compile(dialect=connection.dialect, column_keys=names)
        assert isinstance(compiled, SQLCompiler)
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise ValueError([column.name for column in (*compiled.insert_prefetch, *compiled.update_prefetch)])
        return compiled


class _Ready:
    """The text of a statement for lists of a certain length, where its values go and how they are changed."""

    def __init__(self, compiled: SQLCompiler, values: _Values, connection: Connection) -> None:
        dialect = connection.dialect
        state = compiled.construct_expanded_state(dict(values), escape_names=False)
        self.sql = state.statement
        places = {
            name: (source, i) for source, names in state.parameter_expansion.items() for i, name in enumerate(names)
        }
        processors = {**compiled._bind_processors, **state.processors}  # noqa: SLF001 - the expanded ones alone are public
        self._slots: list[tuple[str, int | None, _Change, Any]] = []
        for name in state.positiontup or ():
            source, index = places.get(name, (name, None))
            fixed = None if source in values else state.parameters[name]
            change: Any = processors.get(name)
            self._slots.append(
                (
                    source if source in values else "",
                    index,
                    change,
                    change(fixed) if change and fixed is not None else fixed,
                )
            )
        columns = compiled._result_columns  # noqa: SLF001 - SQLAlchemy keeps what it learnt of the columns there
        self._row: Any = namedtuple("Row", [c.keyname for c in columns], rename=True) if columns else None  # noqa: PYI024
        self._changes: list[tuple[int, Callable[[Any], Any]]] = []
        for i, column in enumerate(columns):
            change = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if change is not None:
                self._changes.append((i, change))

    def bound(self, values: _Values) -> list[Any]:
        """Return the values in the order of their places, as the driver takes them."""
        out = []
        for source, index, change, fixed in self._slots:
            if not source:
                out.append(fixed)
                continue
            value = values[source] if index is None else values[source][index]
            out.append(value if change is None else change(value))
        return out

    def read(self, rows: Iterable[Sequence[Any]]) -> list[Any]:
        """Return what the driver read, each value as the program knows it."""
        if self._row is None:
            return []
        make, changes = self._row._make, self._changes
        if not changes:
            return [make(row) for row in rows]
        out = []
        for row in rows:
            changed = list(row)
            for i, change in changes:
                changed[i] = change(changed[i])
            out.append(make(changed))
        return out


def _driver_of(connection: Connection) -> Any:
    """Return the driver's own connection, inside the transaction that the block began."""
    return connection.connection.dbapi_connection
