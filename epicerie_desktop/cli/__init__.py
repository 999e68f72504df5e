"""`epicerie`: the same services without a window, for scripts and scheduled tasks. Documented in docs/ligne-de-commande.md."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from epicerie_desktop import __version__
from epicerie_desktop.cli.output import ENVIRONMENT, REFUSED, USAGE, WrongArguments
from epicerie_desktop.support import settings
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import use_language


class _Parser(argparse.ArgumentParser):
    """A parser that tells a wrong command in one sentence, in the language in use."""

    def error(self, message: str) -> NoReturn:
        """Write the sentence and leave with 2."""
        missing = re.search(r"arguments? (?:are|is) required: (.+)", message)
        unknown = re.search(r"unrecognized arguments: (.+)", message)
        wrong = re.match(r"argument ([^:]+):", message)
        if missing:
            told = _("Il manque : {what}. Voyez « {command} --help ».").format(what=missing[1], command=self.prog)
        elif unknown:
            told = _("Argument inconnu : {what}. Voyez « {command} --help ».").format(
                what=unknown[1], command=self.prog
            )
        elif wrong:
            told = _("Valeur impossible pour {what}. Voyez « {command} --help ».").format(
                what=wrong[1], command=self.prog
            )
        else:
            told = _("Commande mal écrite. Voyez « {command} --help ».").format(command=self.prog)
        self.exit(USAGE, f"{told}\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    from epicerie_desktop.cli import (
        cards,
        contract,
        counting_key,
        decode,
        estimates,
        funders,
        months,
        purge,
        questions,
        reports,
        safety,
        shop,
        till,
    )

    common = _Parser(add_help=False)
    common.add_argument("--json", action="store_true", help=_("répondre par un objet JSON"))
    common.add_argument("--database", help=_("le fichier de données"))
    common.add_argument("--account", help=_("le compte qui agit"))
    common.add_argument("--passphrase-file", help=_("un fichier qui contient la phrase de passe"))
    top = _Parser(prog="epicerie", description=_("L'épicerie sociale, sans fenêtre."))
    top.add_argument("--version", action="version", version=f"epicerie {__version__}")
    commands = top.add_subparsers(dest="command", required=True)
    for room in (
        shop,
        cards,
        months,
        till,
        questions,
        safety,
        purge,
        contract,
        counting_key,
        reports,
        estimates,
        funders,
        decode,
    ):
        room.add(commands, common)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return 0 (done), 1 (a rule said no), 2 (wrong arguments) or 3 (disk, key, file)."""
    os.umask(0o077)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Whatever the terminal or the pipe, lines are read and written in UTF-8, and none stops the command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace" if stream is not sys.stdin else "replace")
    use_language(settings.load().language)
    try:
        args = parser().parse_args(argv)
        return int(args.run(args))
    except EnvironmentTrouble as error:
        return _end(ENVIRONMENT, f"{error} ({error.code})")
    except WrongArguments as error:
        return _end(USAGE, str(error))
    except RuleRefused as error:
        return _end(REFUSED, str(error))
    except BrokenPipeError:
        # Nobody reads any more; the interpreter must not complain of it when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ENVIRONMENT
    except KeyboardInterrupt:
        return _end(REFUSED, _("Arrêté avant la fin."))
    except OSError as error:
        return _end(
            ENVIRONMENT,
            _("Le disque ou le dossier a refusé ({why}). Vérifiez la place et les droits.").format(
                why=error.strerror or type(error).__name__
            ),
        )


def _end(code: int, sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code
