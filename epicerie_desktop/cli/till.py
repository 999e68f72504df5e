"""The commands of the till's books: close what is due, read it, archive a year, verify an archive."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any

from epicerie_desktop.cli.output import answer, complain, desk
from epicerie_desktop.domain.closings import Totals
from epicerie_desktop.exchange.stick import read_bounded
from epicerie_desktop.exchange.till_archive import MAX_BYTES, verify_archive
from epicerie_desktop.services.till import closings
from epicerie_desktop.services.till.archive import archive_year
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this module."""
    close = commands.add_parser(
        "close", parents=[common], help=_("clore les journées de caisse passées, les mois, les années")
    )
    close.add_argument("--today", action="store_true", help=_("clore aussi la journée en cours"))
    close.set_defaults(run=_close)
    commands.add_parser(
        "reading", parents=[common], help=_("ce que la caisse a encaissé depuis la dernière clôture")
    ).set_defaults(run=_reading)
    archive = commands.add_parser("archive", parents=[common], help=_("l'archive d'une année de caisse"))
    archive.add_argument("year", type=int)
    archive.add_argument("folder")
    archive.set_defaults(run=_archive)
    verify = commands.add_parser("verify-archive", parents=[common], help=_("vérifier une archive de caisse"))
    verify.add_argument("file")
    verify.set_defaults(run=_verify)


def _close(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        made = closings.close_due(at)
        if args.today:
            closings.close_day(at)
            made += 1
    finally:
        at.db.close()
    return answer(args, {"closings": made}, _("Clôtures faites : {n}").format(n=shown.number(made)))


def _reading(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        found: Totals = closings.reading(at)
    finally:
        at.db.close()
    data = {
        "tickets": found.tickets, "cancelled": found.cancelled, "paid_cents": found.paid_cents, "gross_cents": found.gross_cents,
        "shelf_cents": found.shelf_cents, "grams": found.grams, "means": {str(k): v for k, v in found.means.items()},
    }  # fmt: skip
    return answer(
        args, data, _("Tickets : {n}").format(n=shown.number(found.tickets)),
        _("Annulations : {n}").format(n=shown.number(found.cancelled)),
        _("Encaissé : {amount}").format(amount=shown.money(found.paid_cents)),
    )  # fmt: skip


def _archive(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        path = archive_year(at, max(datetime.MINYEAR, min(args.year, datetime.MAXYEAR)), Path(args.folder))
    finally:
        at.db.close()
    return answer(args, {"path": str(path)}, _("Écrit : {path}").format(path=path))


def _verify(args: argparse.Namespace) -> int:
    fault = verify_archive(read_bounded(Path(args.file), MAX_BYTES))
    if fault is None:
        return answer(args, {"ok": True}, _("Tout tombe juste."))
    answer(
        args,
        {"ok": False, "file": fault.file, "entry": fault.entry, "why": fault.why},
        f"{fault.file} {fault.entry} ({fault.why})",
    )
    return complain(N_("Cette archive a été modifiée ou abîmée : la première entrée qui ne tient pas est nommée."))
