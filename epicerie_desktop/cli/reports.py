"""The reports: the balance, and those of a period, as PDF or for a spreadsheet."""

from __future__ import annotations

import argparse
import calendar
import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Any

from epicerie_desktop.cli.chosen import check_order, chosen_contract
from epicerie_desktop.cli.output import WrongArguments, answer, desk, month
from epicerie_desktop.cli.shop import save_paper
from epicerie_desktop.domain.figures import month_of
from epicerie_desktop.services import sheets
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.reports import whole
from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

BALANCE = "balance"
_PERIOD = re.compile(r"(?!0000)([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?")


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command of this module."""
    report = commands.add_parser("report", parents=[common], help=_("un rapport, en PDF ou pour un tableur"))
    report.add_argument("name", choices=[BALANCE, *whole.models()])
    report.add_argument("-o", "--output", required=True)
    report.add_argument("--from", dest="first", help=_("année, mois ou jour"))
    report.add_argument("--to", dest="last", help=_("année, mois ou jour, compris"))
    report.add_argument("--contract", type=int)
    report.add_argument("--published", action="store_true", help=_("sans les petits nombres, pour être publié"))
    report.set_defaults(run=_report)


def _report(args: argparse.Namespace) -> int:
    return _balance(args) if args.name == BALANCE else _over_a_period(args)


def _balance(args: argparse.Namespace) -> int:
    given = [month(args, name) for name in ("first", "last") if getattr(args, name) is not None]
    check_order(*given)
    at = desk(args)
    try:
        if at.shop.is_coordinator:
            contract = chosen_contract(at, args.contract, args.first or "0001-01", args.last or "9999-12")
            form = sheets.BalanceForm(
                contract.id, args.first or month_of(contract.starts_on), args.last or month_of(contract.ends_on)
            )
            data = sheets.contract_balance_pdf(at, form)
        else:
            if not (args.first and args.last):
                raise WrongArguments(N_("Indiquez la période avec --from et --to."))
            data = sheets.shop_balance_pdf(at, args.first, args.last, _("Bilan de la période"))
    finally:
        at.db.close()
    return save_paper(args, data, name=args.name)


def _over_a_period(args: argparse.Namespace) -> int:
    """Write a report as its file asks by its ending, PDF where it says nothing of a spreadsheet."""
    path = Path(args.output)
    first, last = (bound(getattr(args, name), last=name == "last") for name in ("first", "last"))
    kind = whole.format_of(path.name)
    at = desk(args)
    try:
        asked = _asked(args, at, first, last)
        data = whole.report_pdf(at, asked) if kind is None else whole.report_file(at, asked, kind)
    finally:
        at.db.close()
    told = {
        "name": args.name,
        "from": asked.first.isoformat(),
        "to": asked.last.isoformat(),
        "published": asked.published,
    }
    if kind is None:
        return save_paper(args, data, **told)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise EnvironmentTrouble(
            "FIC-102", N_("Le fichier « {what} » ne peut pas être écrit."), what=path.name
        ) from error
    digest = hashlib.sha256(data).hexdigest()
    return answer(
        args,
        {"path": str(path), "pages": None, "version": 1, "hash": digest, **told},
        _("Écrit : {path}").format(path=path),
    )


def _asked(args: argparse.Namespace, at: Desk, first: date | None, last: date | None) -> whole.Asked:
    """Return what is asked for."""
    return whole.Asked(args.name, *period(at.clock.today(), first, last), args.published)


def period(today: date, first: date | None, last: date | None) -> tuple[date, date]:
    """Return two days as asked for, by default those of the civil year of the other, else of today. Raises `WrongArguments`."""
    start = first or date((last or today).year, 1, 1)
    end = last or date(start.year, 12, 31)
    if end < start:
        raise WrongArguments(N_("La période commence après sa fin."))
    return start, end


def bound(typed: str | None, *, last: bool) -> date | None:
    """Return the first day, or the last, of a year, a month or a day. Raises `WrongArguments`."""
    if typed is None:
        return None
    found = _PERIOD.fullmatch(typed)
    try:
        if found is None:
            raise ValueError
        year, month_number, day = int(found[1]), int(found[2] or (12 if last else 1)), found[3]
        return date(year, month_number, int(day) if day else calendar.monthrange(year, month_number)[1] if last else 1)
    except ValueError as error:
        raise WrongArguments(
            N_("« {typed} » n'est pas une période. Écrivez par exemple 2026, 2026-11 ou 2026-11-30."), typed=typed
        ) from error
