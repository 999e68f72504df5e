"""What to tell of a disk that refuses: what happened, what to do, and that what was there before is intact."""

from __future__ import annotations

import errno
from dataclasses import dataclass

from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import N_, gettext

# What Windows says of a drive, where Python's errno is too vague (EACCES for a write-protected or missing stick).
_WINDOWS = {
    19: errno.EROFS, 20: errno.ENODEV, 21: errno.ENODEV, 55: errno.ENODEV, 433: errno.ENODEV, 1006: errno.ENODEV,
    1167: errno.ENODEV, 1617: errno.ENODEV, 39: errno.ENOSPC, 112: errno.ENOSPC, 223: errno.EFBIG, 32: errno.EBUSY,
    33: errno.EBUSY, 23: errno.EIO, 1117: errno.EIO, 1392: errno.EIO, 1393: errno.EIO,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause: its code, and its sentence on a stick, in a folder of the computer (else that of the stick) and in reading.

    `kept` is False where nothing may be promised of what the disk already held.
    """

    code: str
    on_stick: str
    in_folder: str = ""
    reading: str = ""
    kept: bool = True


FULL = Cause(
    "CLE-301",
    N_("Il n'y a plus assez de place sur cette clé : libérez de la place ou prenez une autre clé, puis recommencez."),
    N_("Il n'y a plus assez de place ici : libérez de la place ou choisissez un autre dossier, puis recommencez."),
)
READ_ONLY = Cause(
    "CLE-302",
    N_("Cette clé est protégée en écriture : déplacez son verrou ou prenez une autre clé, puis recommencez."),
    N_("Ce disque est protégé en écriture : choisissez un autre dossier, puis recommencez."),
)
GONE = Cause(
    "CLE-303",
    N_(
        "La clé ne répond plus : elle a été retirée ou elle est abîmée. Remettez-la et recommencez, ou prenez-en une autre."
    ),
    N_(
        "Ce dossier ne répond plus : il n'existe plus, ou son disque a été retiré. Choisissez-en un autre, puis recommencez."
    ),
    N_(
        "Ce fichier ne répond plus : la clé a été retirée, ou il a été déplacé. Remettez la clé, puis choisissez-le de nouveau."
    ),
)
TOO_BIG = Cause(
    "CLE-304",
    N_("Ce fichier est trop gros pour cette clé : prenez une autre clé ou un dossier de l'ordinateur."),
    N_("Ce fichier est trop gros pour ce disque : choisissez un autre dossier ou une clé."),
)
FORBIDDEN = Cause(
    "CLE-305",
    N_("L'ordinateur ne permet pas d'écrire sur cette clé : prenez une autre clé ou un dossier de l'ordinateur."),
    N_("L'ordinateur ne permet pas d'écrire dans ce dossier : choisissez un autre dossier ou une clé."),
    N_("L'ordinateur ne permet pas de lire ce fichier : recopiez-le ailleurs, puis choisissez la copie."),
)
SWAPPED = Cause(
    "CLE-306",
    N_("Ce n'est plus la clé qui a été choisie : remettez la première, ou choisissez-la de nouveau."),
    N_("Ce n'est plus le disque qui portait ce dossier : choisissez le dossier de nouveau, puis recommencez."),
)
MISSING = Cause(
    "CLE-307",
    N_(
        "La clé n'est plus là, et le fichier serait resté dans l'ordinateur : remettez la clé et choisissez-la de nouveau."
    ),
)
MISREAD = Cause(
    "CLE-308",
    N_(
        "Le fichier relu sur la clé n'est pas celui qui a été écrit : cette clé est abîmée, prenez-en une autre. Ce qui y était déjà "
        "n'a pas été touché, mais ne comptez plus sur elle."
    ),
    N_(
        "Le fichier relu n'est pas celui qui a été écrit : ce disque est abîmé, prenez-en un autre. Ce qui y était déjà n'a pas été "
        "touché, mais ne comptez plus sur lui."
    ),
    kept=False,
)  # fmt: skip
NOT_A_FOLDER = Cause(
    "CLE-309",
    N_("L'endroit choisi n'est pas un dossier : choisissez une clé ou un dossier."),
    reading=N_("Ce n'est pas un fichier qui se lit : choisissez-en un autre."),
)
BUSY = Cause(
    "CLE-310",
    N_("Un autre programme tient cette clé : attendez un instant, puis recommencez."),
    N_("Un autre programme tient ce dossier : attendez un instant, puis recommencez."),
    N_("Un autre programme tient ce fichier : attendez un instant, puis recommencez."),
)
BAD_NAME = Cause(
    "CLE-311",
    N_("Cette clé n'accepte pas le nom du fichier : prenez une autre clé ou un dossier de l'ordinateur."),
    N_("Ce dossier n'accepte pas le nom du fichier : choisissez un autre dossier."),
)
OTHER = Cause(
    "CLE-399",
    N_("L'écriture sur la clé n'a pas réussi ({detail}) : recommencez, ou prenez une autre clé."),
    N_("L'écriture dans ce dossier n'a pas réussi ({detail}) : recommencez, ou choisissez-en un autre."),
    N_("Ce fichier n'a pas pu être lu ({detail}) : recommencez, ou recopiez-le ailleurs."),
)

_BY_ERRNO: dict[int, Cause] = {
    errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: READ_ONLY, errno.EFBIG: TOO_BIG, errno.EACCES: FORBIDDEN,
    errno.EPERM: FORBIDDEN, errno.ENOTDIR: NOT_A_FOLDER, errno.EISDIR: NOT_A_FOLDER, errno.EBUSY: BUSY,
    errno.ETXTBSY: BUSY, errno.ENAMETOOLONG: BAD_NAME, errno.EILSEQ: BAD_NAME,
    **dict.fromkeys((errno.ENOTCONN, errno.EIO, errno.ENODEV, errno.ENOENT, errno.ENXIO, errno.ESTALE), GONE),
}  # fmt: skip

_KEPT = N_("{what} Ce qui était déjà écrit est intact.")
_IN_THE_WAY = N_(
    "Il n'y a plus assez de place : le fichier « {file} » occupe {gigabytes} Go. Déplacez-le ou prenez un autre endroit, puis recommencez."
)


def refusal(cause: Cause, *, on_stick: bool, detail: str = "") -> EnvironmentTrouble:
    """Return the trouble of a writing that was refused: the cause, what to do, and what became of the files before it."""
    sentence = cause.on_stick if on_stick else cause.in_folder or cause.on_stick
    if not cause.kept:
        return EnvironmentTrouble(cause.code, sentence)
    return EnvironmentTrouble(cause.code, _KEPT, what=lambda: gettext(sentence).format(detail=detail))


def crowded(file: str, size: int) -> EnvironmentTrouble:
    """Return the trouble of a full disk where one file takes most of the room: its name and its size in bytes."""
    tenths = max(1, (size + 50_000_000) // 100_000_000)
    return EnvironmentTrouble(
        FULL.code, _KEPT, what=lambda: gettext(_IN_THE_WAY).format(file=file, gigabytes=shown.tenths(tenths))
    )


def write_trouble(error: OSError, *, on_stick: bool) -> EnvironmentTrouble:
    """Return the trouble to show for an error met while writing; its sentence carries no path."""
    number = _number(error)
    return refusal(_BY_ERRNO.get(number, OTHER), on_stick=on_stick, detail=_named(number))


def read_trouble(error: OSError) -> EnvironmentTrouble:
    """Return the trouble to show for an error met while reading a file; its sentence carries no path."""
    number = _number(error)
    cause = _BY_ERRNO.get(number, OTHER)
    cause = cause if cause.reading else OTHER
    return EnvironmentTrouble(cause.code, cause.reading, detail=_named(number))


def _number(error: OSError) -> int:
    return _WINDOWS.get(getattr(error, "winerror", None) or -1, error.errno or 0)


def _named(number: int) -> str:
    return errno.errorcode.get(number, "?")
