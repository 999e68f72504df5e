"""The settings of this machine (ports, printer, folders, text size): a TOML file, saved whole, never half-written."""

from __future__ import annotations

import os
import tomllib
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from epicerie_desktop.support import paths


@dataclass(frozen=True, slots=True)
class MachineSettings:
    """What this PC needs to know; `unknown` keeps the keys a newer program wrote."""

    database: str = ""
    language: str = "fr"
    theme: str = "light"
    text_size: int = 100
    """In percent, 100 to 160."""
    scale: str = "none"
    """`none`, `simulated` or `serial`."""
    scale_port: str = ""
    scale_capacity_grams: int = 15_000
    scale_division_grams: int = 5
    last_export_folder: str = ""
    unknown: dict[str, Any] = field(default_factory=dict)


def settings_path() -> Path:
    """Return where this machine's settings lie."""
    return paths.config_dir() / "settings.toml"


def load(path: Path | None = None) -> MachineSettings:
    """Return the settings of this machine; a broken file is set aside and the defaults are used."""
    path = path or settings_path()
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return MachineSettings()
    except (OSError, ValueError):
        path.replace(path.with_suffix(".broken.toml"))
        return MachineSettings()
    settings = MachineSettings()
    kinds = {f.name: type(getattr(settings, f.name)) for f in fields(MachineSettings)}
    known = {k: v for k, v in data.items() if k != "unknown" and type(v) is kinds.get(k)}
    return replace(settings, **known, unknown={k: v for k, v in data.items() if k not in known})


def save(settings: MachineSettings, path: Path | None = None) -> None:
    """Write the settings to a temporary file, then put it in place."""
    path = path or settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    values = asdict(settings)
    values |= values.pop("unknown")
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as handle:
        handle.writelines(f"{key} = {_toml(value)}\n" for key, value in values.items() if _toml(value) is not None)
        handle.flush()
        os.fsync(handle.fileno())
    partial.replace(path)


def _toml(value: Any) -> str | None:
    """Return a plain value as TOML; tables written by a newer program are too rich to keep here."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    return None
