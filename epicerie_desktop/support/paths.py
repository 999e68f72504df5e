"""Where things lie: the program's resources, and this account's folders on this machine."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import platformdirs

APP = "epicerie"


@cache
def resources() -> Path:
    """Return the folder of fonts, icons, locale, theme, rulesets: frozen program, wheel or source tree."""
    frozen = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).resolve().parents[1]
    for candidate in (
        Path(frozen) / "resources" if frozen else None,
        package / "_resources",
        package.parent / "resources",
    ):
        if candidate is not None and candidate.is_dir():
            return candidate
    raise FileNotFoundError("resources")


def resource(*parts: str) -> Path:
    """Return the path of one resource, whether it exists or not."""
    return resources().joinpath(*parts)


def data_dir() -> Path:
    """Return this account's data folder (EPICERIE_HOME moves it), not created."""
    home = os.environ.get("EPICERIE_HOME")
    return Path(home) / "data" if home else Path(platformdirs.user_data_dir(APP, appauthor=False))


def config_dir() -> Path:
    """Return this account's settings folder (EPICERIE_HOME moves it), not created."""
    home = os.environ.get("EPICERIE_HOME")
    return Path(home) / "config" if home else Path(platformdirs.user_config_dir(APP, appauthor=False))


def log_dir() -> Path:
    """Return this account's log folder (EPICERIE_HOME moves it), not created."""
    home = os.environ.get("EPICERIE_HOME")
    return Path(home) / "log" if home else Path(platformdirs.user_log_dir(APP, appauthor=False))
