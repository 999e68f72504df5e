"""The command line as a script meets it: what it answers, what it complains of, how it ends."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from epicerie_desktop.cli import main
from epicerie_desktop.services import opening
from tests.conftest import PASSPHRASE
from tests.persistence.conftest import Busy, make_busy


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def complaint(self, code: int) -> str:
        """Return the one sentence of a command that ended with `code`."""
        assert (self.code, len(self.err.strip().splitlines())) == (code, 1), self
        assert "Traceback" not in self.err
        return self.err.strip()


Run = Callable[..., Ran]


@pytest.fixture
def epicerie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run `epicerie` with arguments, on a machine of its own, and return how it ended."""
    monkeypatch.setenv("EPICERIE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("EPICERIE_PASSPHRASE", PASSPHRASE)
    umask = os.umask(0o077)

    def run(*args: object, stdin: str | bytes = "") -> Ran:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "ascii"))
        capfd.readouterr()
        try:
            code = main([str(a) for a in args])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    yield run
    os.umask(umask)


@pytest.fixture(scope="session")
def kept_dumps() -> dict[str, Any]:
    """What `epicerie dump` told of the demonstration, read back once: it is long to write, and nobody changes it."""
    return {}


@pytest.fixture
def shop(shop_file: Path) -> Path:
    """A shop with one household and one article, on the day it really is: the command line knows no other."""
    shut(make_busy(opening.open_desk(shop_file, PASSPHRASE)))
    return shop_file


def shut(busy: Busy) -> Busy:
    busy.desk.db.close()
    return busy
