"""The few gestures asked of a disk when writing to a stick, in one class, and the sentence of each of its errors."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from epicerie_desktop.exchange.drives import volume_name
from epicerie_desktop.support import paths
from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import N_

_CHUNK = 1 << 20
_O_BINARY: int = getattr(os, "O_BINARY", 0)

# What Windows says of a drive, where Python's errno is too vague (EACCES for a write-protected or missing stick).
_WINDOWS = {
    19: errno.EROFS, 20: errno.ENODEV, 21: errno.ENODEV, 55: errno.ENODEV, 433: errno.ENODEV, 1006: errno.ENODEV,
    1167: errno.ENODEV, 1617: errno.ENODEV, 39: errno.ENOSPC, 112: errno.ENOSPC, 223: errno.EFBIG, 32: errno.EBUSY,
    33: errno.EBUSY, 23: errno.EIO, 1117: errno.EIO, 1392: errno.EIO, 1393: errno.EIO,
}  # fmt: skip

FULL = ("CLE-301", N_("Il n'y a plus assez de place : libérez de la place ou prenez une autre clé, puis recommencez."))
READ_ONLY = (
    "CLE-302",
    N_("Cette clé est protégée en écriture : déplacez son verrou ou prenez une autre clé, puis recommencez."),
)
GONE = (
    "CLE-303",
    N_("La clé ne répond plus : elle a été retirée ou elle est abîmée. Remettez-la, ou prenez-en une autre."),
)
TOO_BIG = (
    "CLE-304",
    N_("Ce fichier est trop gros pour cette clé : prenez une autre clé ou un dossier de l'ordinateur."),
)
FORBIDDEN = (
    "CLE-305",
    N_("L'ordinateur ne permet pas d'écrire ou de lire ici : choisissez une autre clé ou un autre dossier."),
)
SWAPPED = ("CLE-306", N_("Ce n'est plus la clé qui a été choisie : remettez la première, ou choisissez-la de nouveau."))
MISSING = (
    "CLE-307",
    N_(
        "La clé n'est plus là, et le fichier serait resté dans l'ordinateur : remettez la clé et choisissez-la de nouveau."
    ),
)
MISREAD = (
    "CLE-308",
    N_("Le fichier relu sur la clé n'est pas celui qui a été écrit : cette clé est abîmée, prenez-en une autre."),
)
NOT_A_FOLDER = ("CLE-309", N_("L'endroit choisi n'est pas un dossier : choisissez une clé ou un dossier."))
BUSY = ("CLE-310", N_("Un autre programme tient ce fichier ou cette clé : attendez un instant, puis recommencez."))
BAD_NAME = ("CLE-311", N_("Cette clé n'accepte pas le nom du fichier : prenez une autre clé ou un autre dossier."))
OTHER = (
    "CLE-399",
    N_(
        "L'écriture ou la lecture n'a pas réussi ({detail}) : recommencez, ou prenez une autre clé ou un autre dossier."
    ),
)

_BY_ERRNO: dict[int, tuple[str, str]] = {
    errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: READ_ONLY, errno.EFBIG: TOO_BIG, errno.EACCES: FORBIDDEN,
    errno.EPERM: FORBIDDEN, errno.ENOTDIR: NOT_A_FOLDER, errno.EISDIR: NOT_A_FOLDER, errno.EBUSY: BUSY,
    errno.ETXTBSY: BUSY, errno.ENAMETOOLONG: BAD_NAME, errno.EILSEQ: BAD_NAME,
    **dict.fromkeys((errno.ENOTCONN, errno.EIO, errno.ENODEV, errno.ENOENT, errno.ENXIO, errno.ESTALE), GONE),
}  # fmt: skip


def disk_trouble(error: OSError) -> EnvironmentTrouble:
    """Return the trouble to show for an error of the disk; its sentence carries no path."""
    number = _WINDOWS.get(getattr(error, "winerror", None) or -1, error.errno or 0)
    code, sentence = _BY_ERRNO.get(number, OTHER)
    return EnvironmentTrouble(code, sentence, detail=errno.errorcode.get(number, "?"))


@dataclass(frozen=True)
class StickIdentity:
    """What tells one stick from another: where it is mounted, its device, its file system and its size in bytes."""

    root: Path
    device: int
    file_system: int
    total: int
    volume: str = ""

    def same_place(self, other: StickIdentity) -> bool:
        """Return whether both name one mount; the size, which some systems let vary, is not looked at."""
        return (self.root, self.device) == (other.root, other.device)


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
        return StickIdentity(root, device, number, shutil.disk_usage(root).total, volume_name(root))

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
            if hasattr(os, "posix_fadvise"):
                with contextlib.suppress(OSError):
                    os.posix_fadvise(handle.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
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


RealFileSystem = FileSystem
