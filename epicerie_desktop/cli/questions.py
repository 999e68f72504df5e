"""`epicerie question`: a question asked of the shop's figures, by its name or from a file, written as a table."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from epicerie_desktop.cli.output import WrongArguments, answer, desk, read_input
from epicerie_desktop.domain.answers import Answer
from epicerie_desktop.domain.questions import Question, from_json, to_json
from epicerie_desktop.services import publishing, question_papers, questions
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import questions as asking
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command of this module."""
    question = commands.add_parser(
        "question", parents=[common], help=_("répondre à une question de l'écran « Questions »")
    )
    question.add_argument("name", nargs="?", help=_("le nom de la question"))
    question.add_argument("--file", help=_("une question en JSON, ou - pour l'entrée"))
    question.add_argument("-o", "--output", help=_("le fichier : .pdf, .xlsx, .ods, .csv ou .fr.csv"))
    question.add_argument(
        "--publish", action="store_true", help=_("cacher les petits effectifs, et garder ce qui est publié")
    )
    question.add_argument("--title", help=_("le titre du tableau"))
    question.set_defaults(run=_question)


def _question(args: argparse.Namespace) -> int:
    if bool(args.name) is bool(args.file):
        raise WrongArguments(N_("Donnez le nom d'une question, ou son fichier avec --file."))
    if args.publish and not args.output:
        raise WrongArguments(N_("Un tableau publié va dans un fichier : indiquez-le avec -o."))
    try:
        kind = question_papers.kind_of(args.output) if args.output else ""
    except BadInput as error:
        raise WrongArguments(error.template, **error.fields) from error
    text = read_input(args.file, args.file) if args.file else ""
    at = desk(args)
    try:
        asked = from_json(text) if args.file else questions.named_question(at, args.name)
        title = args.title or args.name or _("Question")
        return _published(args, at, asked, title, kind) if args.publish else _answered(args, at, asked, title, kind)
    finally:
        at.db.close()


def _answered(args: argparse.Namespace, at: Desk, asked: Question, title: str, kind: str) -> int:
    found = asking.answer(at, asked)
    told = question_papers.told(found, title)
    data = {
        "question": json.loads(to_json(asked)),
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        **_rows(found),
    }
    if not kind:
        lines = (" ; ".join("" if v is None else str(v) for v in row) for row in told.table.rows)
        return answer(args, data, *lines)
    path = _write(Path(args.output), question_papers.kept_as(at, told, kind))
    return answer(args, {"path": str(path), **data}, _("Écrit : {path}").format(path=path))


def _published(args: argparse.Namespace, at: Desk, asked: Question, title: str, kind: str) -> int:
    path = Path(args.output)
    partial = path.with_name(f".{path.name}.partial")
    # A folder that cannot be written is found out before the table counts as published.
    _write(partial, b"")
    try:
        made = publishing.publish(at, title, asked)
        _write(partial, question_papers.kept_as(at, question_papers.published(made), kind))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    edition = made.edition
    data = {
        "path": str(path), "question": json.loads(to_json(edition.asked)), "first": edition.first.isoformat(), "last": edition.last.isoformat(),
        "threshold": made.threshold, "hidden": made.hidden, "cells": len(edition.numbers),
    }  # fmt: skip
    return answer(args, data, _("Publié : {path} ({n} cases cachées)").format(path=path, n=made.hidden))


def _rows(found: Answer) -> dict[str, Any]:
    """Return the lines with their codes, their names and their numbers: integers, in grams and cents."""
    columns = found.asked.counted
    rows = [
        {"codes": list(codes), "names": found.words(found.places, codes), **dict(zip(columns, found.lines[codes], strict=True))}
        for codes in found.ordered(found.places)
    ]  # fmt: skip
    total = found.levels[()].get((), (0,) * len(columns))
    return {"groups": list(found.asked.groups), "rows": rows, "total": dict(zip(columns, total, strict=True))}


def _write(path: Path, data: bytes) -> Path:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise EnvironmentTrouble(
            "FIC-102", N_("Le fichier « {what} » ne peut pas être écrit."), what=path.name
        ) from error
    return path
