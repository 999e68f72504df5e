"""A statement compiled once and handed to the driver as it stands: for what the till repeats at every ticket.

A Core statement costs about 0.1 ms of Python each time SQLAlchemy runs it; once compiled here, a tenth of that. On another
engine than SQLite the same statement goes by SQLAlchemy's own road.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import repeat
from json import loads
from typing import Any

from sqlalchemy import BindParameter, Connection, Delete, Insert, Update
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import iterate

from epicerie_desktop.persistence.types import Choice, Day, Flag, Json, UtcInstant

_Values = Mapping[str, Any]
_Change = Callable[[Any], Any] | None
_MOST_PADDED = 1024
"""A longer list is given at its own length: doubled, it could pass what SQLite binds at once."""


class Prepared:
    """A Core statement on plain tables; lists are given to its expanding parameters. Inserts name every column they fill."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._table = str(statement.table) if isinstance(statement, Insert | Update | Delete) else None
        binds = [bind for bind in iterate(statement) if isinstance(bind, BindParameter)]
        self._lists = tuple(bind.key for bind in binds if bind.expanding and bind.value is None)
        for bind in binds:
            # SQLite prepares a statement again at each run where its LIMIT is a value given, and not written in the text.
            bind.literal_execute = bind.literal_execute or type(bind.value) is int
        self._compiled_once: SQLCompiler | None = None
        self._ready: dict[tuple[int, ...], _Ready] = {}

    def rows(self, session: Session, values: _Values | None = None) -> list[Any]:
        """Return every row, with its columns by name."""
        here, values = _here(session), values or {}
        if here.driver is None:
            return list(here.connection.execute(self._statement, values).all())
        ready, values = self._for(here, values)
        return ready.read(here.driver.execute(ready.sql, ready.bound(values)).fetchall())

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
        here = _here(session)
        if here.driver is None:
            return int(here.connection.execute(self._statement, values).rowcount)
        ready, values = self._for(here, values)
        return int(here.driver.execute(ready.sql, ready.bound(values)).rowcount)

    def run_many(self, session: Session, many: Sequence[_Values]) -> None:
        """Run a statement once for each set of values, all with the same names."""
        if not many:
            return
        here = _here(session)
        if here.driver is None:
            here.connection.execute(self._statement, many)
            return
        ready, _first = self._for(here, many[0])
        here.driver.executemany(ready.sql, ready.bound_many(many))

    def _for(self, here: _Here, values: _Values) -> tuple[_Ready, _Values]:
        if self._table is not None and here.touched is not None:
            here.touched.add(self._table)
        lengths: tuple[int, ...] = ()
        if self._lists:
            values = {**values, **{name: _padded(values[name]) for name in self._lists}}
            lengths = tuple([len(values[name]) for name in self._lists])
        found = self._ready.get(lengths)
        if found is None:
            found = self._ready[lengths] = _Ready(self._compiled(here.connection, values), values, here.connection)
        return found, values

    def _compiled(self, connection: Connection, values: _Values) -> SQLCompiler:
        if self._compiled_once is not None:
            return self._compiled_once
        names = list(values) if isinstance(self._statement, Insert) else None
        compiled = self._statement.compile(dialect=connection.dialect, column_keys=names)
        assert isinstance(compiled, SQLCompiler)
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise ValueError([column.name for column in (*compiled.insert_prefetch, *compiled.update_prefetch)])
        self._compiled_once = compiled
        return compiled


def _padded(values: Sequence[Any]) -> Sequence[Any]:
    """Return a list with its last value again until its length is a power of two: few texts serve every length."""
    count = len(values)
    missing = (1 << (count - 1).bit_length()) - count if 2 < count <= _MOST_PADDED else 0
    return [*values, *repeat(values[-1], missing)] if missing else values


class _Ready:
    """The text of a statement for lists of a certain length, where its values go and how they are changed."""

    def __init__(self, compiled: SQLCompiler, values: _Values, connection: Connection) -> None:
        dialect = connection.dialect
        state = compiled.construct_expanded_state(dict(values), escape_names=False)
        self.sql = state.statement
        places = {
            name: (source, i) for source, names in state.parameter_expansion.items() for i, name in enumerate(names)
        }
        # SQLAlchemy tells of the expanded ones alone by a public name.
        changes: dict[str, Any] = {**compiled._bind_processors, **state.processors}
        types = {bind.key: bind.type for bind in compiled.binds.values()}
        self._slots: list[tuple[str, int | None, _Change, Any]] = []
        for name in state.positiontup or ():
            source, index = places.get(name, (name, None))
            change = _quicker(types.get(source), changes.get(name), into=True)
            if source in values:
                self._slots.append((source, index, change, None))
            else:
                fixed = state.parameters[name]
                self._slots.append(("", None, None, fixed if change is None else change(fixed)))
        columns = compiled._result_columns
        self._row: Any = namedtuple("Row", [c.keyname for c in columns], rename=True) if columns else None
        self._make: Callable[[Iterable[Any]], Any] = tuple if self._row is None else partial(tuple.__new__, self._row)
        self._changes: list[tuple[int, Callable[[Any], Any]]] = []
        for i, column in enumerate(columns):
            change = _quicker(
                column.type, column.type.dialect_impl(dialect).result_processor(dialect, None), into=False
            )
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

    def bound_many(self, many: Sequence[_Values]) -> Iterable[Sequence[Any]]:
        """Return the same of many, worked out column by column."""
        columns: list[Iterable[Any]] = []
        for source, _index, change, fixed in self._slots:
            if not source:
                columns.append(repeat(fixed, len(many)))
            else:
                column = [values[source] for values in many]
                columns.append(column if change is None else map(change, column))
        return zip(*columns, strict=True)

    def read(self, rows: list[Sequence[Any]]) -> list[Any]:
        """Return what the driver read, each value as the program knows it."""
        if self._row is None or not rows:
            return []
        if self._changes:
            columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
            for i, change in self._changes:
                columns[i] = map(change, columns[i])
            # The columns are as long as one another, and `_make` is a Python function: both cost more than the rest.
            return list(map(self._make, zip(*columns)))  # noqa: B905
        return list(map(self._make, rows))


def _quicker(kind: Any, change: _Change, *, into: bool) -> _Change:
    """Return the same change made faster: the values of a choice are few, days and instants come again and again."""
    match kind:
        case Choice():
            known: dict[Any, Any] = {c.value: c.value if into else c for c in kind.choices}
            return {None: None, **known}.__getitem__
        case Flag():
            return {None: None, 0: 0 if into else False, 1: 1 if into else True}.__getitem__
        case Json() if not into:
            return _read_json
        case Day() | UtcInstant() if change is not None:
            return lru_cache(maxsize=2048)(change)
        case _:
            return change


def _read_json(value: Any) -> Any:
    return loads(value) if isinstance(value, str) else value


class _Here:
    """Where a block's statements go: the driver's own connection on SQLite, inside the transaction that the block began."""

    __slots__ = ("connection", "driver", "touched")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.driver: Any = connection.connection.dbapi_connection if connection.dialect.name == "sqlite" else None
        self.touched: set[str] | None = connection.get_execution_options().get("touched")


def _here(session: Session) -> _Here:
    # A session is one block, one transaction: what it found at its first statement holds until its end.
    found = session.info.get(_Here)
    if found is None:
        found = session.info[_Here] = _Here(session.connection())
    return found
