"""Tells the screens which tables were committed, whatever thread wrote them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class ChangeBus(QObject):
    """`changed` carries the names of the tables of a committed block; it may be emitted from the data thread."""

    changed = Signal(object)

    def tell(self, tables: frozenset[str]) -> None:
        """Emit the change; given to the database as its commit listener."""
        self.changed.emit(tables)
