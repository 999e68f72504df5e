"""The settings of this machine (ports, printer, folders, text size): a TOML file, saved whole, never half-written."""

from __future__ import annotations

import json
import os
import tomllib
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, time
from pathlib import Path
from typing import Any

from epicerie_desktop.support import paths


@dataclass(frozen=True, slots=True)
class MachineSettings:
    """What this PC needs to know; `unknown` keeps the keys a newer program wrote."""

    database: str = ""
    account: str = ""
    """The account that opened last, proposed first."""
    language: str = "fr"
    theme: str = "light"
    text_size: int = 100
    """In percent, 100 to 160."""
    scale: str = "none"
    """`none`, `simulated`, `serial` or `usb`."""
    scale_port: str = ""
    scale_protocol: str = "toledo_8217"
    scale_baud: int = 9600
    scale_bits: int = 7
    scale_parity: str = "E"
    scale_stop_bits: int = 1
    scale_dtr: str = ""
    """`on`, `off`, or empty to leave the line as the system sets it; so is `scale_rts`."""
    scale_rts: str = ""
    scale_request: str = ""
    """For a scale that sends lines of text: how it is asked, and how its lines are written."""
    scale_line_end: str = "LF"
    scale_unit_absent: str = ""
    scale_stability: str = "untold"
    scale_on_demand: bool = False
    scale_unit: str = ""
    """`kg` or `g`, once confirmed against a known weight."""
    scale_capacity_grams: int = 15_000
    scale_division_grams: int = 5
    scale_minimum_grams: int = 100
    ticket_printer: str = ""
    """Where the ticket printer is (`hardware.printer.parse_address`); empty, tickets are PDF."""
    ticket_columns: int = 42
    ticket_cut: bool = True
    ticket_drawer: str = "off"
    """`off`, `pin_2` or `pin_5`: whether cash opens the drawer, and by which pin of the printer."""
    ticket_barcode: bool = False
    """Whether tickets bear the barcode of their number: some printers know no Code 128."""
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
        # What cannot even be set aside (a folder closed to this account) must not keep the shop shut.
        with suppress(OSError):
            path.replace(path.with_suffix(".broken.toml"))
        return MachineSettings()
    settings = MachineSettings()
    kinds = {f.name: type(getattr(settings, f.name)) for f in fields(MachineSettings) if f.name != "unknown"}
    known = {k: v for k, v in data.items() if type(v) is kinds.get(k)}
    return replace(settings, **known, unknown={k: v for k, v in data.items() if k not in kinds})


def save(settings: MachineSettings, path: Path | None = None) -> None:
    """Write the settings to a temporary file, then put it in place."""
    path = path or settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    values = asdict(settings)
    values |= values.pop("unknown")
    partial = path.with_suffix(".partial")
    # A path that is no text (bytes of an old disk) is written with question marks rather than not at all.
    with partial.open("w", encoding="utf-8", errors="replace") as handle:
        handle.writelines(f"{_text(key)} = {_toml(value)}\n" for key, value in values.items())
        handle.flush()
        os.fsync(handle.fileno())
    partial.replace(path)


def _toml(value: Any) -> str:
    """Return any value that TOML knows, on one line: what a newer program wrote is kept as it was."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            return f"{{{', '.join(f'{_text(k)} = {_toml(v)}' for k, v in value.items())}}}"
        case date() | time():
            return value.isoformat()
    return repr(value)


def _text(value: str) -> str:
    """Return a basic string: JSON's escapes are TOML's, but for the delete sign."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
