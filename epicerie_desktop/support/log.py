"""The program's log: what happened to the program, never to a person. Rotated, small, in this account's folder."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from typing import IO

from epicerie_desktop.support import paths


def start() -> IO[str]:
    """Send the program's messages to its own file, other libraries' only when something goes wrong.

    Returns another file, kept open, for what the interpreter tells of a crash. It writes to a bare descriptor: that of a log
    that turns over is closed some day, and its number given to another file, the shop's own perhaps.
    """
    folder = paths.log_dir()
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / "epicerie.log", maxBytes=500_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    root.addHandler(handler)
    logging.getLogger("epicerie_desktop").setLevel(logging.INFO)
    return (folder / "plantage.txt").open("a", encoding="utf-8")
