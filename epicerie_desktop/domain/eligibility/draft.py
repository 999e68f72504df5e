"""A règlement being written: its document as nested keys, edited one answer at a time, and what is still wrong in it.

Whatever is typed is kept as typed; the parser of the format is the only judge, so nothing half right is ever adopted.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import tomli_w

from epicerie_desktop.domain.eligibility.document import Section, read_toml
from epicerie_desktop.domain.eligibility.form_fields import AMOUNT_KEYS, LENGTH_KEYS, Field, Kind, Table
from epicerie_desktop.domain.eligibility.form_schema import TABLES, part_of
from epicerie_desktop.domain.eligibility.form_words import IN_A_FORM
from epicerie_desktop.domain.eligibility.rules import Ruleset, RulesetInvalid
from epicerie_desktop.domain.eligibility.ruleset import FORMAT, parse_ruleset
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_, gettext

Path = tuple[str | int, ...]
"""Where an answer stands: keys, and the rows of lists counted from 0."""

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?")
_DAY = re.compile(r"(\d{1,2})[ /.-](\d{1,2})[ /.-](\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a draft from being a règlement: where, in words, and what to do."""

    path: Path
    where: str
    what: str

    @property
    def sentence(self) -> str:
        """Return the place, then the trouble."""
        return gettext(N_("{where} : {what}")).format(where=self.where, what=self.what) if self.where else self.what


class Draft:
    """The document of a règlement in hand. Every edit returns another draft; texts that are no value yet stay texts."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        self._data: dict[str, Any] = copy.deepcopy(dict(data)) if data is not None else {"format": FORMAT}

    @classmethod
    def read(cls, text: str) -> Draft:
        """Return the draft of a TOML text. Raises `RulesetInvalid` where it is no TOML; its comments are lost."""
        return cls(read_toml(text, RulesetInvalid))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Draft) and self._data == other._data

    __hash__ = None  # type: ignore[assignment]

    def text(self) -> str:
        """Return the document as TOML, in the order of the form."""
        return tomli_w.dumps(_ordered(self._data))

    def get(self, path: Path, default: Any = None) -> Any:
        """Return what stands at `path`; not to be changed."""
        here: Any = self._data
        for step in path:
            if isinstance(step, int):
                if not isinstance(here, list) or step >= len(here):
                    return default
            elif not isinstance(here, dict) or step not in here:
                return default
            here = here[step]
        return here

    def rows(self, table: Table) -> tuple[Path, ...]:
        """Return where the rows of a table stand; the one place of a table that is no list, if it is there."""
        found = self.get(table.path)
        if not table.many:
            return (table.path,) if isinstance(found, dict) else ()
        return tuple((*table.path, i) for i in range(len(found))) if isinstance(found, list) else ()

    def put(self, path: Path, value: Any) -> Draft:
        """Return the draft with `value` at `path`; what leads there is made."""
        made = copy.deepcopy(self._data)
        here: Any = made
        for step in path[:-1]:
            if isinstance(step, int):
                here = here[step]
            else:
                here = here.setdefault(step, {})
        here[path[-1]] = copy.deepcopy(value)
        return Draft(made)

    def clear(self, path: Path, *, least: int = 0) -> Draft:
        """Return the draft without what stands at `path`, nor the tables left empty above it, but the first `least` steps."""
        if self.get(path, ...) is ...:
            return self
        made = copy.deepcopy(self._data)
        owners = [made]
        for step in path[:-1]:
            owners.append(owners[-1][step])  # type: ignore[index]
        for depth in range(len(path) - 1, -1, -1):
            del owners[depth][path[depth]]  # type: ignore[arg-type]
            if owners[depth] or depth <= least:
                break
        return Draft(made)

    def add(self, table: Table) -> tuple[Draft, Path]:
        """Return the draft with a new row of a table, and where it stands."""
        if not table.many:
            return self.put(table.path, dict(table.start)), table.path
        made = copy.deepcopy(self._data)
        here: Any = made
        for step in table.path[:-1]:
            here = here.setdefault(step, {})
        rows = here.setdefault(table.path[-1], [])
        rows.append(dict(table.start))
        return Draft(made), (*table.path, len(rows) - 1)

    def move(self, path: Path, by: int) -> tuple[Draft, Path]:
        """Return the draft with a row of a list moved up (-1) or down (1), and where it stands now."""
        rows, at = self.get(path[:-1]), path[-1]
        if not isinstance(rows, list) or not isinstance(at, int) or not 0 <= at + by < len(rows):
            return self, path
        made = copy.deepcopy(rows)
        made.insert(at + by, made.pop(at))
        return self.put(path[:-1], made), (*path[:-1], at + by)

    def ruleset(self) -> Ruleset:
        """Return the règlement. Raises `RulesetInvalid` where something is wrong or missing."""
        return parse_ruleset(self.text())


def on_trial(draft: Draft, today: date) -> Ruleset | None:
    """Return the règlement to be tried on examples: what only names and dates it may still be missing. None where more is wrong."""
    stand_in = {"name": "–", "version": "–", "source": "–", "valid_from": today}
    for key, value in stand_in.items():
        draft = draft.put((key,), value)
    try:
        return draft.clear(("deliberation",)).clear(("reading",)).ruleset()
    except BadInput:
        return None


def _ordered(data: dict[str, Any]) -> dict[str, Any]:
    names = [f.path[0] for t in TABLES if not t.key for f in t.fields] + [t.path[0] for t in TABLES if t.key]
    order = {name: n for n, name in enumerate(dict.fromkeys(["format", *names]))}
    return dict(sorted(data.items(), key=lambda item: order.get(item[0], len(order))))


def typed(kind: Kind, text: str) -> Any:
    """Return what was typed as the value of the format it means, or as it was typed where it means none."""
    text = text.strip()
    if kind is Kind.LIST:
        return [part for part in (p.strip() for p in re.split(r"[,;]", text)) if part]
    if kind is Kind.WHOLE and re.fullmatch(r"\d{1,9}", text):
        return int(text)
    if kind is Kind.NUMBER:
        found = _NUMBER.fullmatch(text.replace(" ", "").replace("\u202f", "").replace("\xa0", ""))
        if found:
            number = Decimal(found[0].replace(",", "."))
            return int(number) if number == number.to_integral_value() else number
    if kind is Kind.DAY:
        found = _DAY.fullmatch(text)
        if found:
            try:
                return date(int(found[3]), int(found[2]), int(found[1]))
            except ValueError:
                return (
                    f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"  # the parser says that this day does not exist
                )
    return text


def written(value: Any) -> str:
    """Return a value of the format as a person types it: « 7,60 », « 31/01/2026 », « a, b »."""
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Decimal):
        places = -int(value.as_tuple().exponent)
        return f"{value:.2f}".replace(".", ",") if places == 1 else f"{value:f}".replace(".", ",")
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return "/".join(reversed(value.split("-")))
    return "" if value is None else str(value)


def problems(draft: Draft) -> tuple[Problem, ...]:
    """Return what keeps the draft from being a règlement, the first to mend first; none when it can be adopted."""
    found: dict[Path, Problem] = {p.path: p for p in strangers(draft)}
    for table in TABLES:
        rows = draft.rows(table) if table.key else ((),)
        for at in rows:
            for field in table.fields:
                error = _checked(draft, at, field)
                if error is not None:
                    path = (*at, *field.path)
                    found[path] = Problem(path, words_of(path), _without_place(error))
    try:
        draft.ruleset()
    except RulesetInvalid as error:
        path = path_of(str(error.fields.get("place", "")))
        if not any(p[: len(path)] == path or path[: len(p)] == p for p in found):
            found[path] = Problem(path, words_of(path), _without_place(error))
    except BadInput as error:
        found.setdefault((), Problem((), "", str(error)))
    return tuple(found.values())


def strangers(draft: Draft) -> tuple[Problem, ...]:
    """Return the keys of the document that no question of the form writes: it could not mend them."""
    known: set[tuple[str, ...]] = {("format",)}
    for table in TABLES:
        known |= {table.path[: n + 1] for n in range(len(table.path))}
        for field in table.fields:
            known |= {(*table.path, *field.path[: n + 1]) for n in range(len(field.path))}
            if not field.key:
                inline = AMOUNT_KEYS if field.kind is Kind.AMOUNT else LENGTH_KEYS
                known |= {(*table.path, key) for key in inline}
    answers = {(*t.path, *f.path) for t in TABLES for f in t.fields if f.key}
    found: list[Problem] = []

    def walk(here: Any, path: Path, plain: tuple[str, ...]) -> None:
        if isinstance(here, list):
            for n, row in enumerate(here):
                walk(row, (*path, n), plain)
        elif isinstance(here, dict) and plain not in answers:
            for key, value in here.items():
                if (*plain, key) not in known:
                    told = gettext(N_("La clé « {key} » n'existe pas dans ce format.")).format(key=key[:60])
                    found.append(Problem((*path, key), words_of(path), told))
                elif key != "amounts":
                    walk(value, (*path, key), (*plain, key))

    walk(draft.get(()), (), ())
    return tuple(found)


def _checked(draft: Draft, at: Path, field: Field) -> RulesetInvalid | None:
    path = (*at, *field.path)
    value = draft.get(path) if field.key else None
    if value is None or value == "":
        return RulesetInvalid(N_("{place} : à remplir."), place="") if field.required else None
    name = str(path[-1])
    table = Section({name: value}, "", RulesetInvalid)
    try:
        if field.kind is Kind.DAY:
            table.day(name)
        elif field.kind is Kind.NUMBER:
            table.number(name)
        elif field.kind is Kind.WHOLE:
            table.whole(name)
        elif field.kind is Kind.CODE:
            table.code(name)
    except RulesetInvalid as error:
        return error
    return None


def _without_place(error: RulesetInvalid) -> str:
    """Return the sentence of a refusal as said under the field it is about."""
    template = gettext(IN_A_FORM.get(error.template, error.template))
    values = {k: v() if callable(v) else v for k, v in error.fields.items()} | {"place": ""}
    told = template.format(**values).lstrip(" :\xa0\u202f")
    return told[:1].upper() + told[1:]


def path_of(place: str) -> Path:
    """Return the path of a place told by the parser: `bounds[2].below` is ("bounds", 1, "below")."""
    return tuple(name or int(number) - 1 for name, number in _STEP.findall(place))


def words_of(path: Path) -> str:
    """Return where a path leads, as the form calls it: « Seuils, Seuil 2, Moins de »; empty for the document itself."""
    best = _table_of(path)
    if best is None:
        return ".".join(str(p) for p in path)
    table, rest = best
    words = [gettext(part_of(table).title)] if table.key else []
    if table.many and rest and isinstance(rest[0], int):
        words.append(f"{gettext(table.title)} {rest[0] + 1}")
        rest = rest[1:]
    elif table.key:
        words.append(gettext(table.title))
    field = next((f for f in table.fields if f.path and rest[: len(f.path)] == f.path), None)
    if field is not None:
        words.append(gettext(field.label))
    return ", ".join(dict.fromkeys(words))


def _table_of(path: Path) -> tuple[Table, Path] | None:
    """Return the deepest table a path lies in, and the steps left."""
    found = [t for t in TABLES if t.key and path[: len(t.path)] == t.path]
    if found:
        table = max(found, key=lambda t: len(t.path))
        return table, path[len(table.path) :]
    top = next((t for t in TABLES if not t.key for f in t.fields if f.path == path), None)
    return (top, path) if top is not None else None


def has_comments(text: str) -> bool:
    """Return whether a TOML text holds comments, which an edited règlement does not keep."""
    return any(line.lstrip().startswith("#") for line in text.splitlines())
