"""`epicerie decode`: what a scan or a frame of a scale means; and `epicerie eligibility`. No file is opened."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

from epicerie_desktop.cli.output import OK, answer, read_input
from epicerie_desktop.domain.codes import decode as decode_code
from epicerie_desktop.domain.codes import scan_to_json
from epicerie_desktop.domain.eligibility.checks import check_scales
from epicerie_desktop.domain.eligibility.engine import evaluate
from epicerie_desktop.domain.eligibility.outcome import LABELS, outcome_to_json
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset
from epicerie_desktop.domain.eligibility.situation import parse_situation
from epicerie_desktop.domain.layouts import Layout
from epicerie_desktop.hardware.protocols import decode as decode_frame
from epicerie_desktop.services.rights.scales import shipped_scales
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.errors import BadInput, Trouble
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this module."""
    decode = commands.add_parser("decode", help=_("dire ce que signifie un code-barres ou une trame de balance"))
    kinds = decode.add_subparsers(dest="kind", required=True)
    barcode = kinds.add_parser("barcode", parents=[common])
    barcode.add_argument("code", help=_("le code, ou - pour des lignes JSON"))
    barcode.add_argument("--layouts", help=_("fichier JSON : une liste de formats de magasin"))
    barcode.set_defaults(run=_barcode)
    scale = kinds.add_parser("scale", parents=[common])
    scale.add_argument("protocol", help=_("le protocole, ou - pour des lignes JSON"))
    scale.add_argument("hex", nargs="?", default="", help=_("les octets, en hexadécimal"))
    scale.set_defaults(run=_scale)
    eligibility = commands.add_parser(
        "eligibility", parents=[common], help=_("ce que répond un règlement à une situation")
    )
    eligibility.add_argument("--ruleset", required=True)
    eligibility.add_argument("--situation", required=True)
    eligibility.add_argument("--on", type=date.fromisoformat)
    eligibility.set_defaults(run=_eligibility)


def _lines(decode: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """Answer each JSON line of the standard input by one JSON line; a wrong line gets its sentence, not a stop."""
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            if not isinstance(asked, dict):
                raise BadInput(N_("Chaque ligne est un objet JSON."))
            told = decode(asked)
        except (ValueError, RecursionError):
            told = {"valid": False, "problem": _("Chaque ligne est un objet JSON.")}
        except Trouble as error:
            told = {"valid": False, "problem": str(error)}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return OK


def _layouts(rows: object) -> tuple[Layout, ...]:
    if not isinstance(rows, list) or not all(isinstance(r, dict) and isinstance(r.get("pattern"), str) for r in rows):
        raise BadInput(N_("Les formats sont une liste d'objets avec « pattern »."))
    found = []
    for row in rows:
        known = {k: v for k, v in row.items() if k in ("unit_price_cents_per_kg", "step", "source") and v is not None}
        found.append(Layout.parse(row["pattern"], **known))
    return tuple(found)


def _decoded(asked: dict[str, Any]) -> dict[str, Any]:
    code = asked.get("code")
    if not isinstance(code, str):
        raise BadInput(N_("Il manque « code »."))
    scan = decode_code(code, layouts=_layouts(asked.get("layouts") or []), region=asked.get("region"))
    told = scan_to_json(scan)
    return told | {"problem": _(scan.problem)} if scan.problem else told


def _barcode(args: argparse.Namespace) -> int:
    if args.code == "-":
        return _lines(_decoded)
    try:
        layouts = json.loads(read_input(args.layouts, args.layouts)) if args.layouts else []
    except (ValueError, RecursionError) as error:
        raise BadInput(N_("Les formats sont une liste d'objets avec « pattern ».")) from error
    told = _decoded({"code": args.code, "layouts": layouts})
    return answer(args, told, *(f"{k} : {v}" for k, v in told.items() if v is not None))


def _frame(asked: dict[str, Any]) -> dict[str, Any]:
    protocol, text = asked.get("protocol"), asked.get("bytes_hex")
    if not isinstance(protocol, str) or not isinstance(text, str):
        raise BadInput(N_("Il manque « protocol » ou « bytes_hex »."))
    try:
        frame = bytes.fromhex(text)
    except ValueError as error:
        raise BadInput(N_("« {typed} » n'est pas une suite d'octets en hexadécimal."), typed=text[:40]) from error
    return decode_frame(protocol, frame).as_record()


def _scale(args: argparse.Namespace) -> int:
    if args.protocol == "-":
        return _lines(_frame)
    told = _frame({"protocol": args.protocol, "bytes_hex": args.hex})
    return answer(args, told, *(f"{k} : {v}" for k, v in told.items() if v is not None))


def _eligibility(args: argparse.Namespace) -> int:
    ruleset = parse_ruleset(read_input(args.ruleset, args.ruleset))
    text = read_input(args.situation, args.situation)
    try:
        situation = parse_situation(text, on=args.on)
    except BadInput as error:
        if args.on is not None or error.fields.get("place") != "on":
            raise
        situation = parse_situation(text, on=Clock().today())
    check_scales(ruleset, shipped_scales())
    outcome = evaluate(ruleset, situation, shipped_scales())
    return answer(args, outcome_to_json(outcome), *(s.sentence() for s in outcome.steps), _(LABELS[outcome.kind]))
