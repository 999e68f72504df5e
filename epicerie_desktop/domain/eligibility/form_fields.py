"""How a règlement is asked in a form: what a field, a table and a part are. `form_schema.py` fills them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a field holds, and so how it is typed."""

    TEXT = "text"
    CODE = "code"
    DAY = "day"
    NUMBER = "number"
    WHOLE = "whole"
    YES = "yes"
    CHOICE = "choice"
    CHOICES = "choices"
    LIST = "list"
    CODES = "codes"
    REF = "ref"
    AMOUNT = "amount"
    LENGTH = "length"
    CASES = "cases"


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the form.

    `key` is where the answer stands in its table, dotted where it lies deeper (`when.persons_min`); empty for an amount
    or a length whose keys stand in the table itself. `ref` names the table whose codes are proposed. `shown`: always
    there, else behind « Ajouter ». `default` is what an absent yes or no means. `shared`: an amount may also be a part
    of a social scale. `quiet`: answered by the form itself, shown only when asked for or when wrong. `inside`: what is
    asked of each of several cases.
    """

    key: str
    label: str
    kind: Kind
    unit: str = ""
    help: str = ""
    choices: tuple[StrEnum, ...] = ()
    ref: str = ""
    shown: bool = False
    required: bool = False
    default: bool = False
    shared: bool = False
    quiet: bool = False
    inside: tuple[Field, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """Return the keys from the table down to the answer."""
        return tuple(self.key.split(".")) if self.key else ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the document: `many` rows of it, or one. `one` is what is added, with its article: « un seuil »."""

    key: str
    title: str
    one: str
    fields: tuple[Field, ...]
    many: bool = True
    help: str = ""
    start: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def path(self) -> tuple[str, ...]:
        """Return the keys from the top down to the table; empty for the top itself."""
        return tuple(self.key.split(".")) if self.key else ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form."""

    code: str
    title: str
    help: str
    tables: tuple[Table, ...]


AMOUNT_KEYS = ("base", "per_person", "per_adult", "per_child", "by", "amounts", "extra")
LENGTH_KEYS = ("days", "weeks", "months")
SHARE_KEYS = ("percent", "of")
