"""The custodian's commands: draw a counting key on paper, check a sheet. They open no file of the program and keep nothing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from epicerie_desktop.cli.output import WrongArguments, answer, complain, desk, read_input
from epicerie_desktop.services.contract import custody, share
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_MOST_TYPED = 4000


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this module."""
    custodian = commands.add_parser(
        "counting-key", help=_("pour la personne dépositaire : imprimer une clé de comptage, relire sa feuille")
    )
    actions = custodian.add_subparsers(dest="action", required=True)
    sheet = actions.add_parser("sheet", parents=[common], help=_("faire une clé et sa feuille ; rien n'est gardé"))
    sheet.add_argument(
        "-o", "--output", required=True, help=_("le PDF à imprimer puis effacer ; « - » l'écrit sur la sortie")
    )
    sheet.set_defaults(run=_sheet)
    check = actions.add_parser("check", parents=[common], help=_("relire une feuille tapée ou lue, sur l'entrée"))
    check.set_defaults(run=_check)


def add_to_contract(actions: Any, common: argparse.ArgumentParser) -> None:
    """Add, among those of a contract, the command by which a counter reads the custodian's sheet."""
    take = actions.add_parser(
        "counting-key", parents=[common], help=_("lire au comptoir la feuille de la clé de comptage")
    )
    take.add_argument("source", nargs="?", default="-", help=_("un fichier texte, ou « - » pour l'entrée"))
    take.add_argument("--contract", type=int, help=_("numéro du contrat"))
    take.add_argument("--replace", action="store_true", help=_("remplacer la clé déjà lue par une autre"))
    take.set_defaults(run=_take)


def _sheet(args: argparse.Namespace) -> int:
    sheet = custody.drawn_sheet(Clock().today())
    number, data = sheet.key_id, sheet.pdf
    if args.output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return complain(_("Clé n° {number} : feuille écrite sur la sortie.").format(number=number), 0)
    _write(Path(args.output), data)
    return answer(
        args, {"path": args.output, "key": number},
        _("Clé n° {number} : imprimez {path}, puis effacez ce fichier. Le programme n'a rien gardé.").format(
            number=number, path=args.output
        ),
    )  # fmt: skip


def _write(path: Path, data: bytes) -> None:
    """Write the sheet straight at its place, without any temporary name; half a sheet is removed. Raises `EnvironmentTrouble`."""
    begun = False
    try:
        with path.open("xb") as handle:
            begun = True
            handle.write(data)
    except FileExistsError as error:
        raise RuleRefused(
            N_("« {what} » existe déjà : une feuille n'en remplace jamais une autre, choisissez un autre nom."),
            what=path.name,
        ) from error
    except OSError as error:
        if begun:
            path.unlink(missing_ok=True)
        raise EnvironmentTrouble(
            "FIC-102", N_("Le fichier « {what} » ne peut pas être écrit."), what=path.name
        ) from error


def _check(args: argparse.Namespace) -> int:
    number = custody.check_counting_key(_typed("-"))
    return answer(args, {"key": number}, _("La feuille est bien recopiée : clé n° {number}.").format(number=number))


def _typed(source: str) -> str:
    text = read_input(source, source)
    if len(text) > _MOST_TYPED:
        raise WrongArguments(N_("Ce texte n'est pas une feuille : elle tient en quelques lignes."))
    return text


def _take(args: argparse.Namespace) -> int:
    typed = _typed(args.source)
    at = desk(args)
    try:
        if at.shop.is_coordinator:
            custody.take_counting_key(at, 0, typed)
        joined = [c for c in share.joined_contracts(at) if args.contract in (None, c.number)]
        if not joined:
            raise RuleRefused(N_("Cette épicerie ne fait pas partie de ce contrat."))
        read = custody.take_counting_key(at, joined[0].id, typed, replace=args.replace)
    finally:
        at.db.close()
    words = (
        _("Clé de comptage n° {number} lue.")
        if read.changed
        else _("Clé de comptage n° {number} : déjà lue, rien n'a changé.")
    )
    told = {"key": read.key_id, "replaced": read.replaced, "changed": read.changed}
    return answer(args, told, words.format(number=read.key_id))
