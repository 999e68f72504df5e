"""The commands of receipts: the coordinator writes them all, the shop reads its own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from epicerie_desktop.cli.output import OK, REFUSED, answer, complain, desk
from epicerie_desktop.services.contract import consolidate, receipts
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


def add(actions: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this module to those of `contract`."""
    read = actions.add_parser("receipt", parents=[common], help=_("lire l'accusé de réception de la coordination"))
    read.add_argument("file")
    read.set_defaults(run=_read)
    write = actions.add_parser(
        "receipts", parents=[common], help=_("écrire les accusés de réception de toutes les épiceries")
    )
    write.add_argument("folder")
    write.add_argument("--contract", type=int)
    write.add_argument("--message", default="", help=_("quelques mots aux épiceries, 500 signes au plus"))
    write.set_defaults(run=_write)


def _read(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        found = receipts.read_receipt_file(at, Path(args.file))
    finally:
        at.db.close()
    sentence = _(receipts.READINGS[found.reading]).format(
        seq=found.seq, day=shown.day(found.received_on), last=found.last_seq
    )
    told = {
        "outcome": found.reading.value, "seq": found.seq, "received_on": found.received_on.isoformat(),
        "months": list(found.months), "message": found.message, "sentence": sentence,
    }  # fmt: skip
    answer(args, told, sentence, *([found.message] if found.message else []))
    if found.reading in (receipts.Reading.TAKEN, receipts.Reading.KNOWN):
        return OK
    return complain(N_("L'accusé n'a rien changé."), REFUSED)


def _write(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        rows = [c for c in consolidate.list_contracts(at) if args.contract in (None, c.number)]
        if not rows:
            raise RuleRefused(N_("Aucun contrat ne correspond : voyez « epicerie contract list »."))
        written = receipts.write_receipts(at, rows[0].id, Path(args.folder), message=args.message)
    finally:
        at.db.close()
    return answer(args, {"receipts": [str(p) for p in written]}, *(str(p) for p in written))
