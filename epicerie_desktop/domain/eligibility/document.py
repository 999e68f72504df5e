"""Reads a TOML or JSON document key by key and names the place of what is wrong. Knows no rule of the shop."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_, french_typography

MOST_CHARACTERS = 200_000
"""A document over this is not a rule nor a situation: refused before it is parsed."""

FIRST_YEAR, LAST_YEAR = 1900, 2200

E = TypeVar("E", bound=StrEnum)

_NUMBER = re.compile(r"(-?)(\d{1,9})(?:[.,](\d{1,6}))?")
_DRESSED = re.compile(r"[\d\s.,]*\d[\d\s.,]*(?:%|€|euros?|kg)?", re.IGNORECASE)
"""A figure as people write it, with its unit or blanks between thousands."""
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_COMMUNE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_TOLD = {
    "Invalid date": N_("Ligne {line}, colonne {column} : cette date n'existe pas au calendrier."),
    "Cannot overwrite a value": N_("Ligne {line}, colonne {column} : cette clé est écrite deux fois."),
    "Duplicate inline table key": N_("Ligne {line}, colonne {column} : cette clé est écrite deux fois."),
    "Cannot declare": N_("Ligne {line}, colonne {column} : ce tableau est écrit deux fois."),
}
"""What the reader of TOML says in English of ordinary slips, and how it is told."""
_WHERE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")


def _slip(line: str) -> str | None:
    """Return how to mend what people write by habit: a comma in a number, a date as it is said; None for anything else."""
    if re.search(r"=\s*-?\d+,\d", line):
        return N_(
            'Ligne {line}, colonne {column} : un nombre à virgule s\'écrit avec un point (40.50) ou entre guillemets ("40,50").'
        )
    if re.search(r"=\s*\d{1,2}/\d{1,2}/\d{4}", line):
        return N_("Ligne {line}, colonne {column} : une date s'écrit année, mois, jour, par exemple 2026-09-01.")
    return None


def _shown(value: object) -> str:
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def read_toml(text: str, trouble: type[BadInput]) -> dict[str, Any]:
    """Return the tables of a TOML text, its decimals exact. Raises `trouble` with the line where it cannot be read."""
    _checked_size(text, trouble)
    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"), parse_float=Decimal)
    except RecursionError:
        raise trouble(N_("Ce document emboîte trop de tableaux : ce n'est pas un document de ce programme.")) from None
    except ValueError as error:
        found = _WHERE.search(str(error))
        known = next((french for english, french in _TOLD.items() if english in str(error)), None)
        if found and found[1] and known is None:
            lines = text.splitlines()
            known = _slip(lines[int(found[1]) - 1] if int(found[1]) <= len(lines) else "")
        if found and found[1] and known:
            raise trouble(known, line=found[1], column=found[2]) from None
        if found and found[1]:
            raise trouble(
                N_("Ce document n'est pas écrit en TOML correct : ligne {line}, colonne {column} ({detail})."),
                line=found[1], column=found[2], detail=_shown(_WHERE.sub("", str(error)).strip()),
            ) from None  # fmt: skip
        raise trouble(
            N_("Ce document n'est pas écrit en TOML correct ({detail})."), detail=_shown(str(error))
        ) from None


def read_json(text: str, trouble: type[BadInput]) -> dict[str, Any]:
    """Return the object of a JSON text, its decimals exact. Raises `trouble`: unreadable, a key twice, not an object."""
    _checked_size(text, trouble)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise trouble(N_("{place} : cette clé est écrite deux fois."), place=_shown(key))
            found[key] = value
        return found

    try:
        read = json.loads(text.removeprefix("\ufeff"), parse_float=Decimal, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise trouble(
            N_("Ce document n'est pas écrit en JSON correct : ligne {line}, colonne {column}."),
            line=error.lineno, column=error.colno,
        ) from None  # fmt: skip
    except RecursionError:
        raise trouble(N_("Ce document emboîte trop de tableaux : ce n'est pas un document de ce programme.")) from None
    except ValueError as error:
        raise trouble(
            N_("Ce document n'est pas écrit en JSON correct ({detail})."), detail=_shown(str(error))
        ) from None
    if not isinstance(read, dict):
        raise trouble(N_("Ce document JSON doit être un objet, entre accolades."))
    return read


def _checked_size(text: str, trouble: type[BadInput]) -> None:
    if len(text) > MOST_CHARACTERS:
        raise trouble(
            N_("Ce document dépasse {most} caractères : ce n'est pas un document de ce programme."),
            most=MOST_CHARACTERS,
        )


class Section:
    """One table of a document. Each reader takes a key away; `done` refuses what nobody asked for.

    `place` is where the table stands, such as `bounds[2]` (counted from 1), and starts every sentence.
    """

    def __init__(self, data: object, place: str, trouble: type[BadInput]) -> None:
        self.place = place
        self._trouble = trouble
        if not isinstance(data, dict):
            raise self.wrong("", N_("{place} : un tableau de clés est attendu."))
        self._data: dict[str, Any] = dict(data)
        self._asked: dict[str, None] = {}

    def at(self, key: str | int) -> str:
        """Return the place of `key` in the document."""
        if isinstance(key, int):
            return f"{self.place}[{key}]"
        return ".".join(p for p in (self.place, key) if p)

    def wrong(self, key: str | int, template: str, /, **fields: Any) -> BadInput:
        """Return the trouble to raise about `key`; `template` has a `{place}` and its own fields."""
        return self._trouble(template, place=self.at(key), **fields)

    def has(self, key: str) -> bool:
        """Return whether the key is still there to be read."""
        self._asked.setdefault(key)
        return key in self._data

    def take(self, key: str, default: Any = ...) -> Any:
        """Return the raw value of `key` and strike it off. Raises when it is missing and there is no default."""
        self._asked.setdefault(key)
        if key not in self._data:
            if default is ...:
                raise self.wrong(key, N_("{place} : cette clé manque."))
            return default
        return self._data.pop(key)

    def put_back(self, key: str, value: Any) -> None:
        """Let another reader take `key`."""
        self._data[key] = value

    def keys(self) -> tuple[str, ...]:
        """Return the keys not read yet."""
        return tuple(self._data)

    def done(self) -> None:
        """Raise if a key is left that no reader asked for."""
        for key in self._data:
            raise self.wrong(
                _shown(key), N_("{place} : clé inconnue. Clés possibles ici : {known}."), known=", ".join(self._asked)
            )

    def text(self, key: str, default: Any = ..., *, most: int = 500) -> str:
        """Return a text that is not empty, its blanks tidied."""
        value = self.take(key, default)
        if value == default and default is not ...:
            return str(value)
        if isinstance(value, str) and not value.strip():
            raise self.wrong(
                key,
                N_(
                    "{place} : ce texte est vide. Écrivez-le entre guillemets, ou enlevez la clé si elle n'est pas obligatoire."
                ),
            )
        if not isinstance(value, str) or len(value) > most:
            raise self.wrong(key, N_("{place} : « {value} » n'est pas un texte de {most} caractères au plus."),
                             value=_shown(value), most=most)  # fmt: skip
        return " ".join(value.split())

    def label(self, key: str) -> str:
        """Return a text of at most 120 characters as it will be shown, with French typography."""
        return french_typography(self.text(key, most=120))

    def code(self, key: str) -> str:
        """Return a code: small letters, digits and underscores."""
        value = self.take(key)
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            raise self.wrong(
                key,
                N_("{place} : « {value} » n'est pas un code (minuscules sans accent, chiffres et « _ »)."),
                value=_shown(value),
            )
        return value

    def yes(self, key: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, N_("{place} : « {value} » n'est ni true (oui) ni false (non)."), value=_shown(value))
        return value

    def whole(self, key: str, default: Any = ..., *, least: int = 0, most: int = 9999) -> int:
        """Return a whole number between two bounds, both included."""
        value = self.take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.wrong(key, N_("{place} : « {value} » n'est pas un nombre entier de {least} à {most}."),
                             value=_shown(value), least=least, most=most)  # fmt: skip
        return value

    def day(self, key: str, default: Any = ...) -> date:
        """Return a day, written 2026-01-31 with or without quotes."""
        value = self.take(key, default)
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            try:
                return self.plausible_day(key, date.fromisoformat(value))
            except ValueError:
                raise self.wrong(key, N_("{place} : le jour {value} n'existe pas."), value=value) from None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(
                key, N_("{place} : « {value} » n'est pas une date. Écrivez 2026-01-31."), value=_shown(value)
            )
        return self.plausible_day(key, value)

    def plausible_day(self, key: str, day: date) -> date:
        """Return the day. Raises when its year is a slip of the keyboard, from which no length could be counted."""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self.wrong(key, N_("{place} : l'année {value} n'est pas entre {first} et {last}."),
                             value=day.year, first=FIRST_YEAR, last=LAST_YEAR)  # fmt: skip
        return day

    def choice(self, key: str, choices: type[E], default: E | None = None) -> E:
        """Return a member of `choices`, written exactly."""
        value = self.take(key, ... if default is None else default)
        try:
            return choices(value)
        except ValueError:
            raise self.wrong(key, N_("{place} : « {value} » n'est pas possible. Choix : {known}."),
                             value=_shown(value), known=", ".join(choices)) from None  # fmt: skip

    def choices(self, key: str, kinds: type[E]) -> frozenset[E]:
        """Return the members of `kinds` listed under `key`, at least one."""
        texts = self.texts(key)
        for text in texts:
            if text not in set(kinds):
                raise self.wrong(key, N_("{place} : « {value} » n'est pas possible. Choix : {known}."),
                                 value=_shown(text), known=", ".join(kinds))  # fmt: skip
        return frozenset(kinds(t) for t in texts)

    def texts(self, key: str, *, empty: bool = False) -> tuple[str, ...]:
        """Return a list of texts, not empty unless allowed."""
        value = self.take(key)
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value) or not (value or empty):
            raise self.wrong(key, N_("{place} : une liste de textes entre crochets est attendue."))
        return tuple(value)

    def commune(self, key: str) -> str:
        """Return the INSEE code of a commune."""
        return self._commune(key, self.take(key))

    def _commune(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not _COMMUNE.fullmatch(value):
            raise self.wrong(key, N_("{place} : « {value} » n'est pas un code INSEE de commune (15187, 2A004)."),
                             value=_shown(value))  # fmt: skip
        return value

    def communes(self, key: str) -> frozenset[str]:
        """Return INSEE codes of communes."""
        return frozenset(self._commune(key, code) for code in self.texts(key))

    def number(self, key: str, *, places: int = 6, negative: bool = False) -> Fraction:
        """Return an exact number with at most `places` decimals, as a number or a text with comma or point."""
        return self.as_number(key, self.take(key), places=places, negative=negative)

    def as_number(self, key: str | int, value: object, *, places: int = 6, negative: bool = False) -> Fraction:
        """Return `value` read as an exact number; `key` is only its place."""
        ok = isinstance(value, (int, str, Decimal)) and not isinstance(value, bool)
        if isinstance(value, Decimal):
            # A decimal such as 1e999999 must be refused before it is written out.
            ok = value.is_finite() and abs(value.adjusted()) < 12
            value = f"{value.normalize():f}" if ok else value
        found = _NUMBER.fullmatch(str(value).strip()) if ok and len(str(value)) < 40 else None
        if found is None and isinstance(value, str) and not value.strip():
            raise self.wrong(key, N_("{place} : ce texte est vide. Écrivez un nombre, par exemple 40.50."))
        if found is None and isinstance(value, str) and _DRESSED.fullmatch(value.strip()):
            bare = re.sub(r"[^\d,]", "", value.replace(".", ","))
            raise self.wrong(
                key,
                N_(
                    "{place} : « {value} » : écrivez le nombre seul, sans unité ni espace, avec une virgule ou un point pour les décimales, par exemple {bare}."
                ),
                value=_shown(value),
                bare=bare if "," not in bare else f'"{bare}"',
            )
        if found is None or len(found[3] or "") > places:
            raise self.wrong(
                key,
                N_("{place} : « {value} » n'est pas un nombre avec {places} décimales au plus."),
                value=_shown(value),
                places=places,
            )
        exact = Fraction(found[1] + found[2] + "." + (found[3] or "0"))
        if exact < 0 and not negative:
            raise self.wrong(key, N_("{place} : « {value} » ne peut pas être négatif."), value=_shown(value))
        return exact

    def cents(self, key: str) -> int:
        """Return an amount of euros (8, 7.60, "7,60") in cents."""
        return int(self.number(key, places=2) * 100)

    def section(self, key: str) -> Section:
        """Return the table under `key`."""
        return Section(self.take(key), self.at(key), self._trouble)

    def sections(self, key: str) -> Iterable[Section]:
        """Return the tables listed under `key`, none when it is absent."""
        value = self.take(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, N_("{place} : une liste de tableaux est attendue, [[{name}]]."), name=key)
        return tuple(Section(v, f"{self.at(key)}[{i}]", self._trouble) for i, v in enumerate(value, 1))
