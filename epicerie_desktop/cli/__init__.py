"""`epicerie`: the same services without a window, for scripts and scheduled tasks. Documented in docs/ligne-de-commande.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from epicerie_desktop import __version__
from epicerie_desktop.cli.output import ENVIRONMENT, REFUSED
from epicerie_desktop.support import settings
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import use_language


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    from epicerie_desktop.cli import contract, decode, shop

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help=_("répondre par un objet JSON"))
    common.add_argument("--database", help=_("le fichier de données"))
    common.add_argument("--account", help=_("le compte qui agit"))
    common.add_argument("--passphrase-file", help=_("un fichier qui contient la phrase de passe"))
    top = argparse.ArgumentParser(prog="epicerie", description=_("L'épicerie sociale, sans fenêtre."))
    top.add_argument("--version", action="version", version=f"epicerie {__version__}")
    commands = top.add_subparsers(dest="command", required=True)
    for room in (shop, contract, decode):
        room.add(commands, common)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return 0 (done), 1 (a rule said no), 2 (wrong arguments) or 3 (disk, key, file)."""
    use_language(settings.load().language)
    args = parser().parse_args(argv)
    try:
        return int(args.run(args))
    except EnvironmentTrouble as error:
        sys.stderr.write(f"{error} ({error.code})\n")
        return ENVIRONMENT
    except RuleRefused as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    except BrokenPipeError:
        return REFUSED
