"""How the command line opens a desk, answers (a line for people, or one JSON object), and ends: 0, 1, 2 or 3."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.figures import month_bounds
from epicerie_desktop.support import settings
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble
from epicerie_desktop.support.i18n import N_, gettext

OK, REFUSED, USAGE, ENVIRONMENT = 0, 1, 2, 3


class WrongArguments(BadInput):
    """The command itself is not right: the exit code is 2."""


def month(args: argparse.Namespace, name: str) -> str:
    """Return the month of an argument, as `2026-11`. Raises `WrongArguments`."""
    typed = str(getattr(args, name))
    try:
        month_bounds(typed)
    except BadInput as error:
        raise WrongArguments(error.template, **error.fields) from error
    return typed


def passphrase(args: argparse.Namespace) -> str:
    """Return the passphrase from `--passphrase-file` or EPICERIE_PASSPHRASE, never from an argument. Raises `EnvironmentTrouble`."""
    if args.passphrase_file:
        try:
            return Path(args.passphrase_file).read_text("utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise EnvironmentTrouble("CLE-104", N_("Le fichier de la phrase de passe ne peut pas être lu.")) from error
    found = os.environ.get("EPICERIE_PASSPHRASE")
    if not found:
        raise EnvironmentTrouble(
            "CLE-105", N_("Donnez la phrase de passe par la variable EPICERIE_PASSPHRASE ou par --passphrase-file.")
        )
    return found


def database(args: argparse.Namespace) -> Path:
    """Return the file to open: `--database`, else this machine's. Raises `WrongArguments` where neither is known."""
    chosen = args.database or settings.load().database
    if not chosen:
        raise WrongArguments(N_("Indiquez le fichier de données avec --database."))
    return Path(chosen)


def desk(args: argparse.Namespace) -> Desk:
    """Return the desk on the chosen file. Raises what opening it raises."""
    return opening.open_desk(database(args), passphrase(args), account=args.account)


def answer(args: argparse.Namespace, data: Mapping[str, Any], *lines: str) -> int:
    """Print `data` as one JSON object with `--json`, else the lines for people; return 0."""
    if args.json:
        sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    else:
        for line in lines:
            sys.stdout.write(line + "\n")
    sys.stdout.flush()
    return OK


def complain(sentence: str, code: int = REFUSED) -> int:
    """Tell on the standard error, in one sentence, that the answer tells of a refusal or a trouble; return `code`."""
    sys.stderr.write(f"{gettext(sentence)}\n")
    return code


def read_input(name: str, what: str) -> str:
    """Return the text of a file, or of the standard input for `-`. Raises `EnvironmentTrouble`."""
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EnvironmentTrouble("FIC-101", N_("Le fichier « {what} » ne peut pas être lu."), what=what) from error
