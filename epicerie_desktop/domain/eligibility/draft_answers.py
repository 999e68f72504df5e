"""One answer of the form read from a draft and written into it, and what a row says in a line. Knows no screen."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from epicerie_desktop.domain.eligibility.document import Section
from epicerie_desktop.domain.eligibility.draft import Draft, Path, written
from epicerie_desktop.domain.eligibility.form_fields import AMOUNT_KEYS, LENGTH_KEYS, Field, Kind, Table
from epicerie_desktop.domain.eligibility.form_schema import TABLES, unit_of
from epicerie_desktop.domain.eligibility.form_words import named
from epicerie_desktop.domain.eligibility.outcome import shown
from epicerie_desktop.domain.eligibility.rules import DurationUnit, IndicatorKind, RulesetInvalid
from epicerie_desktop.domain.eligibility.ruleset_rows import read_when
from epicerie_desktop.domain.eligibility.when_told import when_words
from epicerie_desktop.support.i18n import N_, gettext, ngettext

_INLINE = {Kind.AMOUNT: AMOUNT_KEYS, Kind.LENGTH: LENGTH_KEYS}


def answer_in(draft: Draft, at: Path, field: Field) -> Any:
    """Return the answer to a field of the row at `at`, None where there is none.

    An amount is always given as its keys (`{"base": 8}`), a length as `{"months": 3}`.
    """
    if field.key:
        value = draft.get((*at, *field.path))
        return {"base": value} if field.kind is Kind.AMOUNT and not isinstance(value, dict | None) else value
    row = draft.get(at, {})
    found = {k: row[k] for k in _INLINE[field.kind] if k in row}
    return found or None


def with_answer(draft: Draft, at: Path, field: Field, value: Any) -> Draft:
    """Return the draft with another answer; None, an empty text or no key takes it away, and never the row itself."""
    gone = value is None or value == "" or value == {} or (field.kind is Kind.CASES and value == [])
    if field.kind is Kind.YES and value is field.default:
        gone = True
    if not field.key:
        row = {k: v for k, v in draft.get(at, {}).items() if k not in _INLINE[field.kind]}
        return draft.put(at, row if gone else row | value)
    path = (*at, *field.path)
    if gone:
        return draft.clear(path, least=len(at))
    if field.kind is Kind.AMOUNT and value.keys() == {"base"}:
        value = value["base"]
    return draft.put(path, value)


def code_of(label: str) -> str:
    """Return a code made from a label: « Loyer et charges » gives `loyer_et_charges`."""
    plain = unicodedata.normalize("NFKD", label.casefold().replace("œ", "oe").replace("æ", "ae"))
    words = re.sub(r"[^a-z0-9]+", "_", "".join(c for c in plain if not unicodedata.combining(c))).strip("_")
    words = re.sub(r"_cents$", "", words[:40].rstrip("_"))
    return words if words[:1].isalpha() else f"c_{words}"[:40].rstrip("_") if words else ""


def codes_in(draft: Draft, table: str) -> tuple[tuple[str, str], ...]:
    """Return the codes of the rows of a table, each with its label."""
    rows = draft.get((table,), [])
    found = [(r["code"], str(r.get("label", r["code"]))) for r in rows if isinstance(r, dict) and r.get("code")]
    return tuple((str(code), label) for code, label in found)


def listed(draft: Draft, tables: tuple[Table, ...]) -> tuple[tuple[Table, Path], ...]:
    """Return the rows a part shows: those of each table that is used, the choice between sums where there are several."""
    found: list[tuple[Table, Path]] = []
    for table in tables:
        if table.key:
            found += [(table, path) for path in draft.rows(table)]
        elif any(draft.get(f.path) is not None for f in table.fields) or len(draft.get(("indicators",), [])) > 1:
            found.append((table, ()))
    return tuple(found)


def unit_in(draft: Draft, at: Path, field: Field) -> str:
    """Return the unit a figure of a row is typed in: euros, but for thresholds of a percentage, and what a ceiling limits."""
    row = draft.get(at, {})
    if field.shared and isinstance(row, dict):
        sums = [i for i in draft.get(("indicators",), []) if isinstance(i, dict)]
        named_one = row.get("indicator", sums[0].get("code") if len(sums) == 1 else None)
        if any(i.get("kind") == IndicatorKind.CHARGE_RATIO and i.get("code") == named_one for i in sums):
            return "%"
    return unit_of(field, row)


def told(draft: Draft, table: Table, at: Path) -> str:
    """Return what a row says, in a line: « moins de 7,60 € · au-dessus, la réponse : à la commission »."""
    pieces = []
    for field in table.fields:
        value = answer_in(draft, at, field)
        if value is None or field.key == "code":
            continue
        unit = unit_in(draft, at, field)
        words = _value_words(draft, field, value, gettext(unit) if unit else "")
        if field.key == "label" or not words or (field.shown and field.choices):
            pieces.append(words or gettext(field.label))
        elif field.key or field.kind is Kind.AMOUNT:
            pieces.append(gettext(N_("{question} : {answer}")).format(question=gettext(field.label), answer=words))
        else:
            pieces.append(words)
    return " · ".join(pieces) if pieces else gettext(N_("à compléter"))


def _value_words(draft: Draft, field: Field, value: Any, unit: str) -> str:
    if field.kind is Kind.YES:
        return "" if value is True else gettext(N_("non"))
    if field.kind is Kind.AMOUNT:
        return amount_words(value, unit)
    if field.kind is Kind.LENGTH:
        return length_words(value)
    if field.kind is Kind.CASES:
        return _cases_words(draft, value)
    if field.choices:
        names = {str(c): gettext(named(c)) for c in field.choices}
        return ", ".join(names.get(str(v), str(v)) for v in (value if isinstance(value, list) else [value]))
    if field.ref:
        codes = dict(codes_in(draft, field.ref))
        if value == []:
            return gettext(N_("aucune"))
        return ", ".join(codes.get(str(v), str(v)) for v in (value if isinstance(value, list) else [value]))
    return f"{written(value, unit)} {unit}".strip()


def _cases_words(draft: Draft, cases: Any) -> str:
    """Return several cases in a line: « parent seul ou 3 enfants ou plus »."""
    bands = dict(codes_in(draft, "bands"))
    questions = dict(codes_in(draft, "conditions"))
    try:
        when = read_when(Section({"when": {"any": cases}}, "", RulesetInvalid), frozenset(bands))
    except RulesetInvalid:
        return gettext(N_("à compléter"))
    return shown(when_words(when, lambda c: questions.get(c, c), lambda c: bands.get(c, c)))


def amount_words(amount: Any, unit: str) -> str:
    """Return an amount in a line: « 30 € + 7 € par enfant », « 1 : 60 €, 2 : 90 € », « 60 % de poverty_line »."""
    if not isinstance(amount, dict):
        return f"{written(amount, unit)} {unit}".strip()
    if "of" in amount or "percent" in amount:
        return gettext(N_("{percent} % de {scale}")).format(
            percent=written(amount.get("percent")), scale=amount.get("of", "?")
        )
    each = {
        "base": "{amount}",
        "per_person": N_("{amount} par personne"),
        "per_adult": N_("{amount} par adulte"),
        "per_child": N_("{amount} par enfant"),
        "extra": N_("{amount} par personne de plus"),
    }
    parts = []
    if "by" in amount:
        table = amount.get("amounts", {})
        figures = table.items() if isinstance(table, dict) else ()
        parts.append(", ".join(f"{n} : {written(v, unit)} {unit}".strip() for n, v in figures) or str(table))
    for key, template in each.items():
        if key in amount:
            parts.append(gettext(template).format(amount=f"{written(amount[key], unit)} {unit}".strip()))
    return " + ".join(parts)


def length_words(length: Any) -> str:
    """Return a length in a line: « 3 mois »."""
    if not isinstance(length, dict):
        return str(length)
    for unit in DurationUnit:
        if unit in length:
            count = length[unit]
            if not isinstance(count, int):
                return str(count)
            return {
                DurationUnit.DAYS: ngettext("{n} jour", "{n} jours", count),
                DurationUnit.WEEKS: ngettext("{n} semaine", "{n} semaines", count),
                DurationUnit.MONTHS: ngettext("{n} mois", "{n} mois", count),
            }[unit].format(n=count)
    return ""


def table_at(path: Path) -> tuple[Table, Path] | None:
    """Return the table whose row a path leads into, and where that row stands; the identity for a key of the top."""
    found = [t for t in TABLES if t.key and path[: len(t.path)] == t.path]
    if not found:
        top = next((t for t in TABLES if not t.key for f in t.fields if f.path == path[: len(f.path)]), None)
        return (top, ()) if top is not None else None
    table = max(found, key=lambda t: len(t.path))
    if not table.many:
        return table, table.path
    rest = path[len(table.path) :]
    return (table, (*table.path, rest[0])) if rest else (table, table.path)
