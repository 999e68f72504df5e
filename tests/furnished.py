"""Shops furnished once in a run and copied by each test: a file is copied forty times faster than it is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import pytest

from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.clock import Clock

T = TypeVar("T")
PREFIX = "furnished_"


@dataclass(frozen=True)
class Furnished(Generic[T]):
    """The folder of a furnished shop, and what was told of what it holds."""

    folder: Path
    holds: T


def furnish(blank: Path, folder: Path, passphrase: str, clock: Clock, make: Callable[[Desk], T]) -> Furnished[T]:
    """Return, in `folder`, a copy of the blank shop that `make` has furnished, closed."""
    shutil.copytree(blank, folder)
    desk = opening.open_desk(folder / "shop.db", passphrase, clock)
    holds = make(desk)
    desk.db.close()
    return Furnished(folder, holds)


def source_for(request: pytest.FixtureRequest, blank: Path) -> Path:
    """Return the folder to copy for a test: the furnished shop it asks for, else the blank one.

    A test asks for a furnished shop by asking for a fixture that asks for `furnished_…`, and for one at most.
    """
    asked = sorted(name for name in request.fixturenames if name.startswith(PREFIX))
    assert len(asked) <= 1, f"un essai ne copie qu'une épicerie : {asked}"
    if not asked:
        return blank
    found = request.getfixturevalue(asked[0])
    assert isinstance(found, Furnished)
    return found.folder
