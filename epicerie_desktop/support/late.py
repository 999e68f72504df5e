"""A module of ours that is imported when it first serves: the first window does not wait for what it does not show."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class _Late:
    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        # Importing waits for another thread that is importing the same module: what comes back is whole.
        return getattr(import_module(self._name), attribute)


def late(name: str) -> Any:
    """Return what stands for the module of that name and imports it at the first use, on the thread that uses it.

    Beside it, an import under `TYPE_CHECKING` tells the types, the contracts between rooms and the packaging of it.
    """
    return _Late(name)
