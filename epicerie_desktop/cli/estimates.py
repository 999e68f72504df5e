"""`epicerie estimate`: the indicators of the European fund that the manager estimates, what was typed, and a new estimate."""

from __future__ import annotations

import argparse
from typing import Any

from epicerie_desktop.cli.output import WrongArguments, answer, desk
from epicerie_desktop.cli.reports import bound, period
from epicerie_desktop.domain.reports.fse import Estimate
from epicerie_desktop.services.reports import estimates
from epicerie_desktop.services.reports.estimates import EstimateRow, value_written
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command of this module."""
    estimate = commands.add_parser(
        "estimate", parents=[common], help=_("les estimations faites pour le FSE+, ou une nouvelle")
    )
    estimate.add_argument("indicator", nargs="?", help=_("le code d'un indicateur, par exemple EMCR09"))
    estimate.add_argument("--from", dest="first", help=_("année, mois ou jour"))
    estimate.add_argument("--to", dest="last", help=_("année, mois ou jour, compris"))
    typed = estimate.add_mutually_exclusive_group()
    typed.add_argument("--value", type=int, help=_("le nombre : personnes, centimes ou millièmes"))
    typed.add_argument("--take-back", action="store_true", help=_("retirer l'estimation de cette période"))
    estimate.add_argument("--basis", help=_("comment vous avez estimé, en une phrase"))
    estimate.set_defaults(run=_estimate)


def _estimate(args: argparse.Namespace) -> int:
    code = args.indicator.strip().upper() if args.indicator else ""
    writes = args.value is not None or args.take_back
    if writes is not bool(args.basis) or (writes and not code):
        raise WrongArguments(N_("Une estimation se donne avec son indicateur, --value et --basis."))
    first, last = bound(args.first, last=False), bound(args.last, last=True)
    at = desk(args)
    try:
        days = period(at.clock.today(), first, last)
        if writes:
            estimates.record_estimate(at, code, *days, args.value, args.basis)
        elif code:
            estimates.known_indicator(code)
        rows = [r for r in estimates.estimate_rows(at, *days) if code in ("", r.indicator.code)]
    finally:
        at.db.close()
    data = {"from": days[0].isoformat(), "to": days[1].isoformat(), "indicators": [_told(r) for r in rows]}
    return answer(args, data, *(line for r in rows for line in _lines(r)))


def _told(row: EstimateRow) -> dict[str, Any]:
    indicator, held = row.indicator, row.holds
    return {
        "indicator": indicator.code, "name": indicator.name, "holds": indicator.holds.value,
        "value": None if held is None else held.value, "history": [_typed(e) for e in row.history],
    }  # fmt: skip


def _typed(e: Estimate) -> dict[str, Any]:
    return {
        "from": e.first.isoformat(), "to": e.last.isoformat(), "value": e.value, "basis": e.basis, "by": e.made_by,
        "on": e.made_on.isoformat(),
    }  # fmt: skip


def _lines(row: EstimateRow) -> list[str]:
    indicator, held = row.indicator, row.holds
    basis = "" if held is None or held.value is None else f" – {held.basis}"
    value = value_written(indicator, None if held is None else held.value)
    return [_("{code} · {name} : {value}").format(code=indicator.code, name=indicator.name, value=value) + basis]
