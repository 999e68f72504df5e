"""The cards of the households, by the sheet."""

from __future__ import annotations

import argparse
from typing import Any

from epicerie_desktop.cli.output import desk
from epicerie_desktop.cli.reports import bound
from epicerie_desktop.cli.shop import save_paper
from epicerie_desktop.services.card_sheets import all_cards, card_sheet_pdf
from epicerie_desktop.support.i18n import gettext as _


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command of this module."""
    cards = commands.add_parser("cards", parents=[common], help=_("les cartes des foyers, 24 par planche, en PDF"))
    cards.add_argument("-o", "--output", required=True)
    cards.add_argument(
        "--from-cell", type=int, default=1, help=_("la première étiquette libre de la planche, de 1 à 24")
    )
    cards.add_argument("--since", help=_("seulement les cartes données depuis ce jour"))
    cards.set_defaults(run=_cards)


def _cards(args: argparse.Namespace) -> int:
    day = bound(args.since, last=False)
    at = desk(args)
    try:
        found = all_cards(at)
        codes = found.since(day)
        data = card_sheet_pdf(at, codes, first=args.from_cell)
    finally:
        at.db.close()
    return save_paper(args, data, cards=len(codes), without=found.without)
