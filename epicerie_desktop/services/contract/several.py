"""Several parcels at once, from files, a folder or a whole stick: each in its place, whatever the order they are found in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from epicerie_desktop.exchange import stick
from epicerie_desktop.exchange.parcel import MAX_LABEL, SUFFIX, ParcelHeader, read_header
from epicerie_desktop.services.contract.outcomes import ImportReport, Outcome
from epicerie_desktop.services.contract.receive import accept_parcel, look_at_parcel, read_parcel_file
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble
from epicerie_desktop.support.i18n import N_

MOST_FILES = 5_000
_DEEPEST = 4
_LABEL = MAX_LABEL + 64


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: its report, or the refusal of one that is no parcel to take.

    `superseded`: an older parcel of a lot in which a later one of the same post was taken; nothing is lost by it.
    """

    path: Path
    report: ImportReport | None = None
    error: BadInput | EnvironmentTrouble | None = None
    superseded: bool = False


def parcels_among(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files of `paths`, and of each folder the parcels it holds, however deep. Raises `BadInput`: far too many.

    A file named twice is answered twice; one that a folder holds too, once.
    """
    found = [path for path in paths if not path.is_dir()]
    known = set(found)
    for path in paths:
        for one in _parcels_under(path) if path.is_dir() else ():
            if one not in known:
                known.add(one)
                found.append(one)
            if len(found) > MOST_FILES:
                raise BadInput(N_("Ce dossier contient trop de fichiers : choisissez celui des envois."))
    return tuple(found)


def _parcels_under(folder: Path) -> Iterator[Path]:
    depth = len(folder.parts)
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        if len(Path(root).parts) - depth >= _DEEPEST:
            folders.clear()
        # What a pulled-out stick left half written ends by another suffix.
        yield from (Path(root) / name for name in sorted(files) if name.endswith(SUFFIX) and not name.startswith("."))


def in_order(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files in the order they are to be taken: of each shop, by number within what one installation wrote.

    By the clear label alone; a clock set wrong does not change the order. A file whose label cannot be read comes last, to be told.
    """
    read: dict[Path, ParcelHeader | None] = {path: _header_of(path) for path in paths}
    begun: dict[tuple[str, ...], datetime] = {}
    for header in filter(None, read.values()):
        key = _series(header)
        begun[key] = min(begun.get(key, header.created), header.created)

    def place(path: Path) -> tuple[int, str, str, str, tuple[str, ...], int, str]:
        header = read[path]
        if header is None:
            return 1, "", "", "", (), 0, str(path)
        series = _series(header)
        return 0, header.contract, header.site, begun[series].isoformat(), series, header.seq, str(path)

    return tuple(sorted(paths, key=place))


def _series(header: ParcelHeader) -> tuple[str, ...]:
    return header.contract, header.site, header.generation, header.post


def _header_of(path: Path) -> ParcelHeader | None:
    try:
        return read_header(stick.read_bounded(path, _LABEL))
    except (BadInput, EnvironmentTrouble):
        return None


def look_at_all(
    desk: Desk, paths: Sequence[Path], progress: Callable[[int, int], bool] = lambda _done, _all: True
) -> tuple[Taken, ...]:
    """Return what each file is, in order; nothing is written. `progress` returns False to stop: what was read so far is returned."""
    found: list[Taken] = []
    files = in_order(parcels_among(paths))
    for number, path in enumerate(files):
        if not progress(number, len(files)):
            break
        try:
            found.append(Taken(path, look_at_parcel(desk, read_parcel_file(path))))
        except (BadInput, EnvironmentTrouble) as error:
            found.append(Taken(path, error=error))
    return tuple(found)


def take_all(
    desk: Desk,
    paths: Sequence[Path],
    *,
    reason: str = "",
    progress: Callable[[int, int], bool] = lambda _done, _all: True,
) -> tuple[Taken, ...]:
    """Take every parcel of `paths`, each all or nothing, in order, and return what became of each.

    A refused file stops none of the others. `progress` returns False to stop between two files.
    """
    found: list[Taken] = []
    files = in_order(parcels_among(paths))
    taken: set[str] = set()
    for number, path in enumerate(files):
        if not progress(number, len(files)):
            break
        try:
            report = accept_parcel(desk, read_parcel_file(path), reason=reason)
        except (BadInput, EnvironmentTrouble) as error:
            found.append(Taken(path, error=error))
            continue
        found.append(Taken(path, report))
        if report.accepted or report.outcome is Outcome.KNOWN:
            taken.add(report.site_code)
    return tuple(replace(t, superseded=_superseded(t.report, taken)) for t in found)


def _superseded(report: ImportReport | None, taken: set[str]) -> bool:
    return report is not None and report.outcome is Outcome.OLDER and report.site_code in taken
