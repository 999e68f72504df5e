"""The frozen balances of a contract: freezing one, listing them, reading one beside another, and its documents."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from epicerie_desktop.cli.chosen import check_order, chosen_contract
from epicerie_desktop.cli.output import answer, desk, month
from epicerie_desktop.cli.shop import save_paper
from epicerie_desktop.domain.balance import ADDED_UP, HEADS, compare
from epicerie_desktop.domain.figures import month_of
from epicerie_desktop.services.contract import balance_papers, balances
from epicerie_desktop.services.contract.balance_papers import Edition
from epicerie_desktop.services.contract.balances import BalanceForm, KeptBalance
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.reports.whole import format_of
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


def add(actions: Any, common: argparse.ArgumentParser) -> None:
    """Add the actions of `epicerie contract` that tell of balances."""
    freeze = actions.add_parser("freeze", parents=[common], help=_("arrêter un bilan, pour de bon"))
    freeze.add_argument("--contract", type=int)
    freeze.add_argument("--title", required=True)
    freeze.add_argument("--from", dest="first")
    freeze.add_argument("--to", dest="last")
    freeze.set_defaults(run=_freeze)
    listed = actions.add_parser("balances", parents=[common], help=_("les bilans arrêtés"))
    listed.add_argument("--contract", type=int)
    listed.set_defaults(run=_list)
    beside = actions.add_parser("compare", parents=[common], help=_("deux bilans côte à côte, et d'où vient l'écart"))
    beside.add_argument("--contract", type=int)
    beside.add_argument("before", type=int, help=_("numéro du premier bilan"))
    beside.add_argument("after", type=int, help=_("numéro du second"))
    beside.set_defaults(run=_compare)
    document = actions.add_parser("document", parents=[common], help=_("un bilan arrêté, en PDF, pour un tableur ou en paquet de données"))  # fmt: skip
    document.add_argument("--contract", type=int)
    document.add_argument("number", type=int)
    document.add_argument(
        "-o", "--output", required=True, help=_("un fichier, ou un dossier pour un paquet de données")
    )
    document.add_argument("--beside", type=int, help=_("numéro du bilan à mettre à côté"))
    document.add_argument("--exact", action="store_true", help=_("avec les petits nombres, à diffusion restreinte"))
    document.set_defaults(run=_document)


def _freeze(args: argparse.Namespace) -> int:
    given = [month(args, name) for name in ("first", "last") if getattr(args, name) is not None]
    check_order(*given)
    at = desk(args)
    try:
        contract = chosen_contract(at, args.contract, args.first or "0001-01", args.last or "9999-12")
        today = month_of(at.clock.today())
        last = args.last or max(month_of(contract.starts_on), min(month_of(contract.ends_on), today))
        form = BalanceForm(args.title, args.first or month_of(contract.starts_on), last)
        kept = balances.read_balance(at, balances.freeze_balance(at, contract.id, form))
    finally:
        at.db.close()
    return answer(args, _told(kept), balance_papers.mark_of(kept))


def _told(kept: KeptBalance) -> dict[str, Any]:
    balance = kept.balance
    return {
        "number": kept.number, "title": kept.title, "as_of": kept.as_of.isoformat(), "from": kept.first, "to": kept.last, "sum": kept.short,
        "digest": kept.digest, "families_distinct": balance.families, "persons_distinct": balance.persons,
        "families_counted_twice": balance.twice.families, **{name: balance.total(name) for name in ADDED_UP},
        "indicators": [{"code": i.code, "value": i.value, "target": i.target, "unit": i.unit} for i in balance.indicators],
    }  # fmt: skip


def _list(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        contract = chosen_contract(at, args.contract, "0001-01", "9999-12")
        found = balances.list_balances(at, contract.id)
    finally:
        at.db.close()
    lines = [balance_papers.mark_of(k) for k in found] or [_("Aucun bilan n'est encore arrêté.")]
    return answer(args, {"balances": [_told(k) for k in found]}, *lines)


def _numbered(at: Desk, contract: int, number: int) -> KeptBalance:
    for kept in balances.list_balances(at, contract):
        if kept.number == number:
            return kept
    raise BadInput(N_("Il n'y a pas de bilan n° {n} dans ce contrat."), n=number)


def _compare(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        contract = chosen_contract(at, args.contract, "0001-01", "9999-12")
        before, after = (_numbered(at, contract.id, n) for n in (args.before, args.after))
    finally:
        at.db.close()
    found = compare(before.balance, after.balance)
    told = [
        {
            "figure": d.figure, "before": d.before, "after": d.after, "difference": d.amount,
            "causes": [{"kind": c.kind.value, "amount": c.amount, "subject": c.subject, "month": c.month} for c in d.causes],
        }
        for d in found
    ]  # fmt: skip
    lines = [
        f"{d.figure} : {shown.number(d.before or 0)} → {shown.number(d.after or 0)}"
        for d in found
        if d.figure in HEADS or d.amount
    ]
    return answer(args, {"before": before.number, "after": after.number, "differences": told}, *lines)


def _document(args: argparse.Namespace) -> int:
    path = Path(args.output)
    kind = format_of(path.name)
    at = desk(args)
    try:
        contract = chosen_contract(at, args.contract, "0001-01", "9999-12")
        kept = _numbered(at, contract.id, args.number)
        beside = _numbered(at, contract.id, args.beside).id if args.beside is not None else None
        asked = Edition(kept.id, not args.exact, beside)
        told: dict[str, Any] = {"number": kept.number, "sum": kept.short, "published": asked.published}
        if kind is None and not path.suffix:
            made = balance_papers.write_package(at, asked, path)
            return answer(args, {"path": str(made), **told}, _("Écrit : {path}").format(path=made))
        data = balance_papers.balance_pdf(at, asked) if kind is None else balance_papers.balance_file(at, asked, kind)
    finally:
        at.db.close()
    if kind is None:
        return save_paper(args, data, **told)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise EnvironmentTrouble(
            "FIC-102", N_("Le fichier « {what} » ne peut pas être écrit."), what=path.name
        ) from error
    return answer(args, {"path": str(path), **told}, _("Écrit : {path}").format(path=path))
