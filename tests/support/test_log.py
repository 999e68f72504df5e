"""The log of the program, and the file where the interpreter tells of a crash."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from epicerie_desktop.support import log


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """Give back the root logger as it was."""
    root = logging.getLogger()
    before, level, own = list(root.handlers), root.level, logging.getLogger("epicerie_desktop").level
    yield root
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.getLogger("epicerie_desktop").setLevel(own)


def test_the_file_of_crashes_stays_open_when_the_log_turns_over(
    root: logging.Logger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EPICERIE_HOME", str(tmp_path))
    with log.start() as crashes:
        for handler in root.handlers:
            if isinstance(handler, logging.handlers.RotatingFileHandler):
                handler.doRollover()
        os.write(crashes.fileno(), b"crash")
    folder = tmp_path / "log"
    assert (folder / "plantage.txt").read_text("utf-8") == "crash"
    assert (folder / "epicerie.log").read_text("utf-8") == ""
