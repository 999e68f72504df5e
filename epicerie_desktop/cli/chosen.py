"""Which contract and which months a command is about."""

from __future__ import annotations

from epicerie_desktop.cli.output import WrongArguments
from epicerie_desktop.domain.figures import month_of
from epicerie_desktop.services.contract import consolidate
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


def chosen_contract(at: Desk, number: int | None, first: str, last: str) -> consolidate.ContractRow:
    """Return the contract of that number, else the one that covers the period. Raises `RuleRefused`."""
    rows = consolidate.list_contracts(at)
    if number is not None:
        rows = tuple(c for c in rows if c.number == number)
    else:
        rows = tuple(c for c in rows if month_of(c.starts_on) <= last and first <= month_of(c.ends_on))
    if not rows:
        raise RuleRefused(N_("Aucun contrat ne correspond : voyez « epicerie contract list »."))
    return rows[0]


def check_order(*months: str) -> None:
    if list(months) != sorted(months):
        raise WrongArguments(N_("Le premier mois vient après le dernier."))
