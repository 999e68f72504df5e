"""The one place where a trouble is shown: a rule's refusal calmly, a machine's with what to do, a bug with its report."""

from __future__ import annotations

import logging
import traceback
from contextlib import suppress
from datetime import datetime

from PySide6.QtWidgets import QWidget

from epicerie_desktop.support import paths
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused, Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import tell

log = logging.getLogger(__name__)


def sentence(error: Exception) -> str:
    """Return what to tell a person about an error, in the language in use."""
    if isinstance(error, EnvironmentTrouble):
        return f"{error} ({error.code})"
    if isinstance(error, Trouble):
        return str(error)
    return _(
        "Le programme a rencontré un imprévu. Rien n'a été enregistré : vous pouvez recommencer. "
        "Un compte rendu sans nom a été gardé pour la personne qui s'occupe du programme."
    )


def show(parent: QWidget | None, error: Exception) -> None:
    """Show a trouble in a dialog; a bug also leaves a report without any value of the data."""
    if isinstance(error, RuleRefused):
        tell(parent, _("Ce n'est pas possible ainsi"), sentence(error), kind="info")
    elif isinstance(error, EnvironmentTrouble):
        log.warning("trouble %s", error.code)
        tell(parent, _("Un souci de matériel ou de fichier"), sentence(error), kind="warn")
    else:
        report(error)
        tell(parent, _("Un imprévu"), sentence(error), kind="error")


def report(error: BaseException) -> None:
    """Write where a bug happened: kinds and lines of code, never a message or a value, which may hold a name."""
    folder = paths.log_dir()
    lines = [f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {type(error).__name__}"]
    lines += [
        f"  {f.filename.rsplit('epicerie_desktop', 1)[-1]}:{f.lineno} {f.name}"
        for f in traceback.extract_tb(error.__traceback__)
    ]
    # A full disk may be the very cause: the person must be told all the same.
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "imprevus.txt").open("a", encoding="utf-8") as handle:
            handle.write("\n".join(lines) + "\n")
    log.error("unexpected %s", type(error).__name__)
