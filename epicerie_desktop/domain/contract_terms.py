"""The terms of a contract, as the coordinator's file brings them: what is counted and how, and what a shop may adopt.

A shop adopts nothing by reading them: rulesets and articles stay proposals until someone chooses them on a screen.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.figures import DEFINITIONS
from epicerie_desktop.domain.household import MOST_NAME
from epicerie_desktop.domain.units import MAX_GRAMS
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.text import fold

MOST_TEXT = 100_000
MOST_ROWS = {"definitions": 60, "indicators": 500, "nomenclatures": 20, "rulesets": 40, "articles": 3000}
_MOST_SENTENCE = 2000


@dataclass(frozen=True, slots=True)
class ArticleOffered:
    """An article a shop may adopt: `family` is a code of its families, `sold_by` a `SoldBy`, `net_grams` of a pack."""

    name: str
    family: str
    sold_by: SoldBy
    net_grams: int | None = None


@dataclass(frozen=True, slots=True)
class IndicatorTold:
    """An indicator of the contract as shops should know it; `source` names what the parcels bring it, empty for what is typed."""

    code: str
    name: str
    unit: str
    method: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """`definitions` are (key, name, text); `nomenclatures` and `rulesets` (name, TOML text)."""

    definitions: tuple[tuple[str, str, str], ...] = ()
    indicators: tuple[IndicatorTold, ...] = ()
    nomenclatures: tuple[tuple[str, str], ...] = ()
    rulesets: tuple[tuple[str, str], ...] = ()
    articles: tuple[ArticleOffered, ...] = ()

    def nomenclature(self, name: str) -> str | None:
        """Return the TOML text of a nomenclature, None where the contract brings none."""
        return next((text for known, text in self.nomenclatures if known == name), None)


OUR_DEFINITIONS = DEFINITIONS
"""How this program counts: French, as gettext keys."""


def parse_articles(text: str) -> tuple[ArticleOffered, ...]:
    """Return the articles of a CSV text, its first line of titles left out: name; family's code; `piece` or `poids`; net grams.

    Commas, semicolons or tabulations. Raises `BadInput`, which names the line.
    """
    lines = text.splitlines()
    separator = max(";,\t", key=(lines[0] if lines else "").count)
    found = []
    for number, row in enumerate(csv.reader(lines, delimiter=separator), 1):
        if number == 1 or not any(cell.strip() for cell in row):
            continue
        name, family, sold, grams = (*(cell.strip() for cell in row), "", "", "", "")[:4]
        try:
            found.append(
                _article(
                    {
                        "name": name,
                        "family": family,
                        "sold_by": _SOLD.get(fold(sold), ""),
                        "net_grams": int(grams) if grams else None,
                    }
                )
            )
        except ValueError as error:
            raise BadInput(
                N_(
                    "Articles, ligne {line} : il faut un nom, le code d'une famille, « piece » ou « poids », et le poids net en grammes ou rien."
                ),
                line=number,
            ) from error
    if not found or len(found) > MOST_ROWS["articles"]:
        raise BadInput(
            N_("Cette liste ne contient aucun article, ou en contient plus de {most}."), most=MOST_ROWS["articles"]
        )
    return tuple(found)


_SOLD = {"piece": SoldBy.PIECE.value, "pieces": SoldBy.PIECE.value, "poids": SoldBy.WEIGHT.value}


def differing(terms: Terms) -> tuple[str, ...]:
    """Return the names of what the contract defines otherwise than this program counts, or that it does not count."""
    ours = {key: text for key, _name, text in OUR_DEFINITIONS}
    return tuple(name for key, name, text in terms.definitions if ours.get(key) != text)


def to_record(terms: Terms) -> dict[str, Any]:
    """Return the terms as they are written in the file and kept."""
    return {
        "definitions": [list(d) for d in terms.definitions],
        "indicators": [
            {"code": i.code, "name": i.name, "unit": i.unit, "method": i.method, "source": i.source} for i in terms.indicators
        ],
        "nomenclatures": dict(terms.nomenclatures),
        "rulesets": [{"name": name, "text": text} for name, text in terms.rulesets],
        "articles": [
            {"name": a.name, "family": a.family, "sold_by": a.sold_by.value, "net_grams": a.net_grams} for a in terms.articles
        ],
    }  # fmt: skip


def from_record(record: object) -> Terms:
    """Return the terms written in a file; what a newer one adds is left out. Raises `ValueError` for what is not well made."""
    if not isinstance(record, Mapping):
        raise ValueError("terms")
    definitions = tuple(_texts(row, 3, _MOST_SENTENCE) for row in _rows(record, "definitions"))
    nomenclatures = record.get("nomenclatures", {})
    if not isinstance(nomenclatures, Mapping) or len(nomenclatures) > MOST_ROWS["nomenclatures"]:
        raise ValueError("nomenclatures")
    return Terms(
        tuple((key, name, text) for key, name, text in definitions),
        tuple(_indicator(row) for row in _rows(record, "indicators")),
        tuple((_text(name, MOST_NAME), _toml(text)) for name, text in sorted(nomenclatures.items())),
        tuple((_text(_field(row, "name"), 200), _toml(_field(row, "text"))) for row in _rows(record, "rulesets")),
        tuple(_article(row) for row in _rows(record, "articles")),
    )


def _rows(record: Mapping[Any, Any], name: str) -> list[Any]:
    rows = record.get(name, [])
    if not isinstance(rows, list) or len(rows) > MOST_ROWS[name]:
        raise ValueError(name)
    return rows


def _field(row: object, name: str) -> object:
    if not isinstance(row, Mapping):
        raise ValueError(name)
    return row.get(name, "")


def _text(value: object, most: int, *, empty: bool = False) -> str:
    if not isinstance(value, str) or len(value) > most or not (value.strip() or empty):
        raise ValueError("text")
    return value


def _texts(row: object, count: int, most: int) -> tuple[str, ...]:
    if not isinstance(row, list | tuple) or len(row) != count:
        raise ValueError("row")
    return tuple(_text(value, most) for value in row)


def _toml(value: object) -> str:
    text = _text(value, MOST_TEXT)
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError("toml") from error
    return text


def _indicator(row: object) -> IndicatorTold:
    code, name, unit, method = (_text(_field(row, key), 200) for key in ("code", "name", "unit", "method"))
    return IndicatorTold(code, name, unit, method, _text(_field(row, "source"), 200, empty=True))


def _article(row: object) -> ArticleOffered:
    grams = _field(row, "net_grams")
    if grams in ("", None):
        grams = None
    elif type(grams) is not int or not 1 <= grams <= MAX_GRAMS:
        raise ValueError("net_grams")
    return ArticleOffered(
        _text(_field(row, "name"), MOST_NAME),
        _text(_field(row, "family"), 20),
        SoldBy(_text(_field(row, "sold_by"), 20)),
        grams,
    )
