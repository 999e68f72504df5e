"""The program's log: what happened to the program, never to a person. Rotated, small, in this account's folder."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from typing import IO

from epicerie_desktop.support import paths


def start() -> IO[str] | None:
    """Send the program's messages to its own file, other libraries' only when something goes wrong; return that file."""
    folder = paths.log_dir()
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / "epicerie.log", maxBytes=500_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    root.addHandler(handler)
    logging.getLogger("epicerie_desktop").setLevel(logging.INFO)
    return handler.stream
