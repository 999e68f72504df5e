"""The few gestures asked of a disk when writing to a stick, in one class, and what tells one stick from another."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sys
import time
from dataclasses import dataclass, replace
from itertools import islice
from operator import itemgetter
from pathlib import Path

from epicerie_desktop.exchange.drives import volume_name
from epicerie_desktop.exchange.stick_mark import read_mark
from epicerie_desktop.support import paths

_CHUNK = 1 << 20
_MOST_ENTRIES = 5000
_F_NOCACHE = 48  # macOS: read from the disk, not from memory
_O_BINARY: int = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class StickIdentity:
    """What tells one stick from another: where it is mounted, its device, file system, size in bytes, volume and mark."""

    root: Path
    device: int
    file_system: int
    total: int
    volume: str = ""
    mark: str = ""

    def same_place(self, other: StickIdentity) -> bool:
        """Return whether both name one mount; the size, which some systems let vary, is not looked at."""
        return (self.root, self.device) == (other.root, other.device)

    def is_still(self, before: StickIdentity) -> bool:
        """Return whether this is the stick seen before, which may have received its mark since."""
        return self == before or (not before.mark and replace(self, mark="") == before)

    def comes_back(self, before: StickIdentity) -> bool:
        """Return whether this is a stick seen before and plugged in again since, perhaps as another device."""
        if self.mark or before.mark:
            return self.mark == before.mark
        return (self.root, self.total, self.volume) == (before.root, before.total, before.volume)


class FileSystem:
    """The disk as it is. A test replaces one gesture to see what happens when it fails.

    Every method raises OSError as the system does.
    """

    def identify(self, path: Path) -> StickIdentity:
        """Return the identity of the disk that holds the folder `path`."""
        here = path.resolve(strict=True)
        device = here.stat().st_dev
        root = here
        while root != root.parent and root.parent.stat().st_dev == device:
            root = root.parent
        number = 0
        if sys.platform != "win32":
            number = os.statvfs(root).f_fsid
        mark = read_mark(root)
        return StickIdentity(
            root, device, number, shutil.disk_usage(root).total, volume_name(root), mark.number if mark else ""
        )

    def system_devices(self) -> frozenset[int]:
        """Return the devices of the computer's own disk: system, home, the program's data."""
        found = {Path(Path.home().anchor).stat().st_dev}
        for place in (Path.home(), paths.data_dir()):
            with contextlib.suppress(OSError):
                found.add(next(p for p in (place, *place.parents) if p.exists()).stat().st_dev)
        return frozenset(found)

    def is_folder(self, path: Path) -> bool:
        """Return whether `path` is a folder; False when it is absent."""
        return path.is_dir()

    def taken(self, path: Path) -> bool:
        """Return whether anything bears this name, be it a broken link."""
        try:
            path.lstat()
        except FileNotFoundError:
            return False
        return True

    def free(self, folder: Path) -> int:
        """Return the bytes that may still be written."""
        return shutil.disk_usage(folder).free

    def entries(self, folder: Path) -> list[str]:
        """Return the names of what lies in the folder, several thousand at most."""
        with os.scandir(folder) as found:
            return [entry.name for entry in islice(found, _MOST_ENTRIES)]

    def biggest(self, folder: Path) -> tuple[str, int]:
        """Return the name and the size in bytes of the biggest file lying in the folder itself; ("", 0) without any."""
        with os.scandir(folder) as found:
            files = [e for e in islice(found, _MOST_ENTRIES) if e.is_file(follow_symlinks=False)]
            return max(
                ((e.name, e.stat(follow_symlinks=False).st_size) for e in files), key=itemgetter(1), default=("", 0)
            )

    def create(self, path: Path) -> int:
        """Return a descriptor that writes to a new file; an existing one is an error."""
        return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _O_BINARY, 0o644)

    def write(self, descriptor: int, data: memoryview) -> int:
        """Return how many bytes were taken, perhaps fewer than given."""
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        """Return once the bytes have left for the disk."""
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        """Close; a late write error may come out here."""
        os.close(descriptor)

    def read_back(self, path: Path) -> str:
        """Return the SHA-256 of the file, opened anew and asked of the disk rather than of memory where possible."""
        digest = hashlib.sha256()
        with path.open("rb", buffering=0) as handle:
            _out_of_memory(handle.fileno())
            while chunk := handle.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def replace(self, source: Path, target: Path) -> None:
        """Give `source` the name `target`."""
        source.replace(target)

    def sync_folder(self, folder: Path) -> None:
        """Return once the name has left for the disk; nothing where the system knows no such thing."""
        if sys.platform == "win32":
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EPERM, errno.ENOSYS, errno.ENOTSUP):
                raise
        finally:
            os.close(descriptor)

    def size(self, path: Path) -> int:
        """Return the size of the file in bytes."""
        return path.stat().st_size

    def remove(self, path: Path) -> None:
        """Remove the file."""
        path.unlink()

    def read(self, path: Path, limit: int) -> bytes:
        """Return at most `limit` bytes of the file."""
        with path.open("rb") as handle:
            return handle.read(limit)

    def patience(self) -> tuple[float, ...]:
        """Return the pauses, in seconds, before trying again a rename that an antivirus may hold."""
        return (0.2, 0.4, 0.6, 0.8) if sys.platform == "win32" else ()

    def pause(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def _out_of_memory(descriptor: int) -> None:
    """Ask the system to forget what it keeps in memory of a file, so that the disk itself is read."""
    with contextlib.suppress(OSError):
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        elif sys.platform == "darwin":
            import fcntl

            fcntl.fcntl(descriptor, _F_NOCACHE, 1)


RealFileSystem = FileSystem
