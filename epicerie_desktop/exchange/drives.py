"""Which sticks are plugged in, asked of the system (Linux, Windows, macOS), without any window library."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

_OCTAL = re.compile(r"\\([0-7]{3})")
_OPTICAL = frozenset({"iso9660", "udf"})
_USUAL_PLACES = (Path("/media"), Path("/run/media"))
_BY_HAND = Path("/mnt")


def list_sticks() -> list[Path]:
    """Return the roots of the removable disks now mounted, in alphabetical order; empty when the system tells none."""
    if sys.platform == "win32":
        return _windows_sticks()
    if sys.platform == "darwin":
        return _mac_sticks(Path("/Volumes"))
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return []
    return linux_sticks(mounts, Path("/sys/class/block"))


def where_sticks_are(folder: Path) -> bool:
    """Return whether a folder lies where the system mounts sticks, be there one or not."""
    places = (Path("/Volumes"),) if sys.platform == "darwin" else () if sys.platform == "win32" else _USUAL_PLACES
    return any(folder.resolve().is_relative_to(place) for place in places)


def linux_sticks(mounts: str, blocks: Path) -> list[Path]:
    """Return the sticks of a `/proc/mounts` text: disks under /media or /run/media, removable ones under /mnt.

    A USB hard disk calls itself fixed, so what the desktop mounted under /media counts whatever the disk says.
    """
    found: set[Path] = set()
    for line in mounts.splitlines():
        device, place, kind, *_rest = [*line.split(" "), "", "", ""]
        root = Path(unescape(place))
        if not device.startswith("/dev/") or kind in _OPTICAL:
            continue
        usual = any(root.is_relative_to(usual) and root != usual for usual in _USUAL_PLACES)
        if usual or (root.is_relative_to(_BY_HAND) and _removable(Path(unescape(device)).name, blocks)):
            found.add(root)
    return sorted(found)


def unescape(text: str) -> str:
    """Return a path of `/proc/mounts` or `mountinfo` with its octal escapes (`\\040`) undone."""
    return _OCTAL.sub(lambda m: chr(int(m[1], 8)), text)


def volume_name(root: Path) -> str:
    """Return the identifier that the file system of `root` carries (Linux: its UUID), empty when nothing tells it."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        device = _device_of(root, lines)
        if not device:
            return ""
        real = Path(device).resolve()
        names = [link.name for link in Path("/dev/disk/by-uuid").iterdir() if link.resolve() == real]
    except OSError:
        return ""
    return names[0] if names else ""


def _device_of(root: Path, lines: list[str]) -> str:
    device = ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields, source = before.split(" "), after.split(" ")
        if len(fields) > 4 and len(source) > 1 and unescape(fields[4]) == str(root):
            device = unescape(source[1])  # the last line wins: it is the mount on top
    return device if device.startswith("/dev/") else ""


def _removable(device: str, blocks: Path) -> bool:
    try:
        disk = (blocks / device).resolve(strict=True)
        for place in (disk, disk.parent):  # a partition lies inside its disk
            if (place / "removable").is_file():
                return (place / "removable").read_text(encoding="ascii").strip() == "1"
    except OSError:
        return False
    return False


def _mac_sticks(volumes: Path) -> list[Path]:
    try:
        return sorted(place for place in volumes.iterdir() if not place.is_symlink() and os.path.ismount(place))
    except OSError:
        return []


if sys.platform == "win32":

    def _windows_sticks() -> list[Path]:
        import ctypes

        removable = 2  # DRIVE_REMOVABLE of GetDriveTypeW
        kernel = ctypes.windll.kernel32
        present = kernel.GetLogicalDrives()
        letters = [chr(ord("A") + at) for at in range(26) if present >> at & 1]
        return [Path(f"{x}:\\") for x in letters if kernel.GetDriveTypeW(f"{x}:\\") == removable]
