"""The command of the purge: which files would go, and, once sure, that they go."""

from __future__ import annotations

import argparse
from typing import Any

from epicerie_desktop.cli.output import answer, desk
from epicerie_desktop.services.households.purge import PurgeRow, purge, purge_list, why_kept
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this module."""
    made = commands.add_parser(
        "purge", parents=[common], help=_("effacer les noms des dossiers sans contact depuis deux ans")
    )
    how = made.add_mutually_exclusive_group(required=True)
    how.add_argument("--dry-run", action="store_true", help=_("montrer la liste, n'effacer rien"))
    how.add_argument("--yes", action="store_true", help=_("effacer : on ne revient pas en arrière"))
    made.set_defaults(run=_purge)


def _purge(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        rows = purge_list(at)
        purged = purge(at) if args.yes else 0
    finally:
        at.db.close()
    told = {
        "purged": purged,
        "files": [
            {"number": r.number, "last_contact": r.last_contact.isoformat(), "may_go": r.may_go, "waits_for": r.waits_for,
             "held_until": r.held_until.isoformat() if r.held_until else None}
            for r in rows
        ],
    }  # fmt: skip
    done = (
        ngettext("{n} dossier purgé.", "{n} dossiers purgés.", purged).format(n=shown.number(purged))
        if args.yes
        else ngettext("{n} dossier serait purgé.", "{n} dossiers seraient purgés.", sum(r.may_go for r in rows)).format(
            n=shown.number(sum(r.may_go for r in rows))
        )
    )
    return answer(args, told, done, *(_line(r) for r in rows if args.dry_run or not r.may_go))


def _line(row: PurgeRow) -> str:
    told = _("{number} : dernier contact le {day}").format(number=row.number, day=shown.day(row.last_contact))
    why = why_kept(row)
    return f"{told}, {why}" if why else told
