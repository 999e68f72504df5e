"""The outline of a contract as a data file (TOML): its axes, actions and indicators, before anything is counted. Knows no file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from epicerie_desktop.domain.contract import Measure, Method, Unit, check_measure, checked_code, checked_title
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

MOST_BYTES = 500_000


@dataclass(frozen=True, slots=True)
class OutlineIndicator:
    """An indicator of an outline; its target is in the smallest unit."""

    code: str
    name: str
    measure: Measure
    definition: str = ""
    headline: bool = False


@dataclass(frozen=True, slots=True)
class OutlineAction:
    """An action of an outline."""

    code: str
    title: str
    summary: str
    pilot: str
    partners: tuple[str, ...]
    indicators: tuple[OutlineIndicator, ...]


@dataclass(frozen=True, slots=True)
class OutlineAxis:
    """An axis of an outline."""

    code: str
    title: str
    summary: str
    actions: tuple[OutlineAction, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The axes of a contract, and the funders it names."""

    axes: tuple[OutlineAxis, ...]
    funders: tuple[str, ...] = ()


def read_outline(text: str) -> Outline:
    """Return the outline that a TOML text tells. Raises `BadInput`, which says which part is wrong and why."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(N_("Ce fichier n'est pas un plan de contrat lisible : {why}."), why=str(error)) from error
    axes = tuple(_axis(a, n) for n, a in enumerate(_tables(data, "axis"), 1))
    if not axes:
        raise BadInput(N_("Ce fichier ne dit aucun axe : ce n'est pas un plan de contrat."))
    for codes in (
        [x.code for x in axes],
        [a.code for x in axes for a in x.actions],
        [i.code for x in axes for a in x.actions for i in a.indicators],
    ):
        twice = next((c for c in codes if codes.count(c) > 1), None)
        if twice is not None:
            raise BadInput(N_("Le code {code} est donné deux fois dans ce fichier."), code=twice)
    return Outline(axes, tuple(checked_title(f) for f in _texts(data, "funders")))


def _axis(data: Mapping[str, Any], rank: int) -> OutlineAxis:
    with _Told(_text(data, "code") or str(rank)):
        return OutlineAxis(
            checked_code(_text(data, "code")), checked_title(_text(data, "title")), _text(data, "summary"),
            tuple(_action(a, n) for n, a in enumerate(_tables(data, "action"), 1)),
        )  # fmt: skip


def _action(data: Mapping[str, Any], rank: int) -> OutlineAction:
    with _Told(_text(data, "code") or str(rank)):
        return OutlineAction(
            checked_code(_text(data, "code")), checked_title(_text(data, "title")), _text(data, "summary"), _text(data, "pilot"),
            _texts(data, "partners"), tuple(_indicator(i, n) for n, i in enumerate(_tables(data, "indicator"), 1)),
        )  # fmt: skip


def _indicator(data: Mapping[str, Any], rank: int) -> OutlineIndicator:
    with _Told(_text(data, "code") or str(rank)):
        target, headline = data.get("target"), data.get("headline", False)
        if target is not None and (not isinstance(target, int) or isinstance(target, bool)):
            raise BadInput(N_("« {typed} » : un nombre entier est attendu ici."), typed=str(target)[:40])
        if not isinstance(headline, bool):
            raise BadInput(N_("« headline » vaut true ou false."))
        try:
            unit, method = Unit(_text(data, "unit")), Method(_text(data, "method"))
        except ValueError as error:
            raise BadInput(
                N_("L'unité est {units}, et le calcul {methods}."), units=", ".join(Unit), methods=", ".join(Method)
            ) from error
        measure = Measure(unit, method, _text(data, "source"), _text(data, "unit_name"), target)
        check_measure(measure)
        return OutlineIndicator(
            checked_code(_text(data, "code")), checked_title(_text(data, "name")), measure, _text(data, "definition"), headline
        )  # fmt: skip


class _Told:
    """Says in which part of the file a refusal was met; the innermost part is told."""

    def __init__(self, where: str) -> None:
        self.where = where

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BadInput) and "where" not in error.fields:
            raise BadInput(N_("« {where} » : {why}"), where=self.where, why=lambda: str(error)) from error


def _tables(data: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    found = data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(t, dict) for t in found):
        raise BadInput(N_("« {name} » doit être une suite de [[{name}]]."), name=name)
    return tuple(found)


def _text(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name, "")
    if not isinstance(found, str):
        raise BadInput(N_("« {name} » doit être un texte, entre guillemets."), name=name)
    return found


def _texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(t, str) for t in found):
        raise BadInput(N_("« {name} » doit être une liste de textes."), name=name)
    return tuple(found)
