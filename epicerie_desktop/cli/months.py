"""The commands of a month: its sheets in one file, where it stands, its closing and its amendments."""

from __future__ import annotations

import argparse
from typing import Any

from epicerie_desktop.cli.output import WrongArguments, answer, desk, month
from epicerie_desktop.cli.shop import save_paper
from epicerie_desktop.domain.month_forms import SheetForm
from epicerie_desktop.domain.months import Version
from epicerie_desktop.services import month_sheets, months, papers_made
from epicerie_desktop.services.month_sheets import SheetsWanted
from epicerie_desktop.services.months import MonthState
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_FORMS = {form.value.lower(): form for form in SheetForm}


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this module."""
    sheet = commands.add_parser("sheet", parents=[common], help=_("les feuilles d'un mois ou de plusieurs, en un PDF"))
    sheet.add_argument("month", nargs="+")
    sheet.add_argument("-o", "--output", required=True)
    sheet.add_argument("--by", default="household", help=", ".join([*_FORMS, "all"]))
    sheet.add_argument("--names", action="store_true", help=_("avec les noms, sur la feuille par foyer"))
    sheet.add_argument("--portrait", action="store_true", help=_("pages debout"))
    sheet.add_argument("--of-version", type=int, help=_("une version précédente d'un mois clos"))
    sheet.set_defaults(run=_sheet)
    state = commands.add_parser(
        "month", parents=[common], help=_("où en est un mois ; le clore, le corriger par un avenant")
    )
    state.add_argument("month")
    gesture = state.add_mutually_exclusive_group()
    gesture.add_argument("--close", action="store_true", help=_("clore le mois"))
    gesture.add_argument("--amend", metavar="RAISON", help=_("faire l'avenant"))
    state.set_defaults(run=_month)


def _months(args: argparse.Namespace) -> tuple[str, ...]:
    return tuple(dict.fromkeys(month(argparse.Namespace(month=m), "month") for m in args.month))


def _forms(typed: str) -> tuple[SheetForm, ...]:
    """Return the forms named, in their order. Raises `WrongArguments`."""
    if typed == "all":
        return tuple(SheetForm)
    try:
        return tuple(dict.fromkeys(_FORMS[name.strip()] for name in typed.split(",")))
    except KeyError as error:
        raise WrongArguments(
            N_("« {typed} » n'est pas une feuille. Choisissez parmi : {known}."),
            typed=error.args[0],
            known=", ".join([*_FORMS, "all"]),
        ) from error


def _sheet(args: argparse.Namespace) -> int:
    wanted = SheetsWanted(_months(args), _forms(args.by), args.names, args.portrait, args.of_version)
    at = desk(args)
    try:
        made = month_sheets.month_sheets_pdf(at, wanted)
        told = [
            {
                "month": s.month, "form": s.form.value.lower(), "version": s.version, "closed": bool(s.digest),
                "closing_hash": s.digest or None, "duplicate": s.duplicate is not None,
            }
            for s in made.sheets
        ]  # fmt: skip
        done = save_paper(args, made.content, version=made.sheets[0].version, month=made.sheets[0].month, sheets=told)
        papers_made.note_made(at, made.papers)
    finally:
        at.db.close()
    return done


def _month(args: argparse.Namespace) -> int:
    asked = month(args, "month")
    at = desk(args)
    try:
        if args.close:
            months.close_month(at, asked)
        elif args.amend is not None:
            try:
                months.amend_month(at, asked, args.amend)
            except BadInput as error:
                raise WrongArguments(error.template, **error.fields) from error
        state = months.month_state(at, asked)
    finally:
        at.db.close()
    return answer(args, _told(state), _words(state))


def _told(state: MonthState) -> dict[str, Any]:
    return {
        "month": state.month, "over": state.over, "closed": state.closed,
        "versions": [_version(v) for v in state.versions], "pending": [c.to_record() for c in state.pending],
    }  # fmt: skip


def _version(version: Version) -> dict[str, Any]:
    return {
        "number": version.number, "version": version.version, "made_at": version.made_at.isoformat(), "hash": version.digest,
        "short": version.short, "reason": version.reason, "changes": [c.to_record() for c in version.changes],
    }  # fmt: skip


def _words(state: MonthState) -> str:
    if not state.closed:
        return _("Mois ouvert.") if state.over else _("Mois en cours.")
    return _("Mois clos : {mark}. Corrections en attente : {n}.").format(
        mark=months.mark_of(state.versions[0]), n=len(state.pending)
    )
