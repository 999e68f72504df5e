"""The commands of recalls: read a list, tell what it set aside."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from epicerie_desktop.cli.output import answer, desk
from epicerie_desktop.domain.labels import label
from epicerie_desktop.services.queries.recalls import AsideRow, recalls_view
from epicerie_desktop.services.safety.recalls import import_recalls
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this module."""
    recalls = commands.add_parser("recalls", help=_("les rappels de produits")).add_subparsers(required=True)
    brought = recalls.add_parser(
        "import", parents=[common], help=_("lire la liste des rappels (RappelConso), mettre de côté les lots visés")
    )
    brought.add_argument("file")
    brought.set_defaults(run=_import)
    recalls.add_parser("list", parents=[common], help=_("les lots mis de côté, et ceux à regarder")).set_defaults(
        run=_list
    )


def _import(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        done = import_recalls(at, Path(args.file))
        view = recalls_view(at)
    finally:
        at.db.close()
    told = {
        "read": done.read, "kept": done.kept, "latest_on": done.latest_on.isoformat() if done.latest_on else None,
        "certain": done.certain, "to_verify": done.to_verify, "aside": [_row(r) for r in view.aside],
        "suggested": [_row(r) for r in view.suggested],
    }  # fmt: skip
    return answer(
        args,
        told,
        _("{read} fiches lues, {kept} gardées.").format(read=shown.number(done.read), kept=shown.number(done.kept)),
        _("Lots mis de côté à l'instant : {certain} certains, {verify} à vérifier.").format(
            certain=shown.number(done.certain), verify=shown.number(done.to_verify)
        ),
        *_lines(*view.aside, *view.suggested),
    )


def _list(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        view = recalls_view(at)
    finally:
        at.db.close()
    last = view.last
    told = {
        "days": last.days if last else None, "aside": [_row(r) for r in view.aside], "suggested": [_row(r) for r in view.suggested],
    }  # fmt: skip
    lines = _lines(*view.aside, *view.suggested) or [_("Aucun lot n'est mis de côté.")]
    return answer(args, told, *lines)


def _row(row: AsideRow) -> dict[str, Any]:
    return {
        "lot": row.lot.id, "article": row.lot.article, "code": row.lot.code, "limit_on": row.lot.limit_on.isoformat() if row.lot.limit_on else None,
        "pieces": row.lot.pieces, "grams": row.lot.grams, "certainty": row.certainty.value, "recall": row.number or None, "reason": row.reason,
    }  # fmt: skip


def _lines(*rows: AsideRow) -> list[str]:
    return [f"{label(r.certainty)} : {r.lot.article} ({r.number or '–'}) {r.reason}" for r in rows]
