"""Reads a partner's table of figures: XLSX, ODS, CSV of a French spreadsheet or to exchange. Each value is read or told wrong, with its line."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.delivery_note import Sheet
from epicerie_desktop.domain.value_sheet import SheetValue, TableMapping, ValueField
from epicerie_desktop.exchange.delivery_file import csv_rows, parse_date, sheet_of
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.text import fold

MAX_BYTES = 5_000_000
MAX_UNPACKED = 100_000_000
"""A workbook is an archive: one that would fill the memory once unpacked is refused."""
MAX_LINES = 5_000
_MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
_GUESSES: Mapping[ValueField, tuple[str, ...]] = {
    ValueField.AS_OF: ("arrete", "date d.arret", "au"),
    ValueField.INDICATOR: ("indicateur", "code", "mesure"),
    ValueField.SHOP: ("epicerie", "structure", "site", "lieu"),
    ValueField.FIRST: ("premier mois", "debut", "du"),
    ValueField.LAST: ("dernier mois", "fin"),
    ValueField.PERIOD: ("periode", "mois", "annee", "date"),
    ValueField.VALUE: ("valeur", "nombre", "total", "montant", "quantite"),
    ValueField.SOURCE: ("source", "origine", "auteur"),
}


def read_table(data: bytes) -> Sheet:
    """Return the cells of the first sheet that holds a table, from its line of headings on; titles above it are left out.

    Raises `BadInput`: not a table, a workbook with a password, too large, no line under the headings, two columns of one name.
    """
    if len(data) > MAX_BYTES:
        raise BadInput(N_("Ce fichier est trop gros : {most} Mo au plus."), most=MAX_BYTES // 1_000_000)
    rows = _book_rows(data) if data[:4] == b"PK\x03\x04" else csv_rows(data)
    while rows and sum(1 for c in rows[0][1] if c) < 2:
        rows = rows[1:]
    return sheet_of(rows, MAX_LINES)


def _book_rows(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    import python_calamine as calamine

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(i.file_size for i in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise BadInput(N_("Ce classeur est trop gros une fois ouvert : n'y laissez que le tableau à importer."))
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MAX_LINES + 50)
            found = [(n, tuple(_cell(c) for c in row)) for n, row in enumerate(rows, 1)]
            found = [(n, cells) for n, cells in found if any(cells)]
            if len(found) > 1:
                return found
    except (calamine.CalamineError, zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise BadInput(
            N_(
                "Ce classeur ne peut pas être lu : abîmé, ou protégé par un mot de passe. Enregistrez-le en XLSX, en ODS ou en CSV."
            )
        ) from error
    raise BadInput(N_("Ce fichier n'a aucune ligne sous ses titres de colonnes."))


def _cell(value: object) -> str:
    """Return a cell as a person would type it: a number without a needless decimal, a day as 2012-03-31."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        # What a spreadsheet computes has a tail of binary: 0.1 + 0.2 is written as it shows it.
        return f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else repr(value)
    return " ".join(str(value).split()) if value is not None else ""


def guessed(headings: tuple[str, ...]) -> TableMapping:
    """Return how a table seems to be laid out, by its headings; a person looks before anything is taken."""
    found: dict[ValueField, str] = {}
    free = [h for h in headings if h]
    for name, words in _GUESSES.items():
        match = next((h for w in words for h in free if re.search(rf"\b{w}\b", fold(h))), None)
        if match is not None:
            found[name] = match
            free.remove(match)
    if ValueField.FIRST in found and ValueField.LAST not in found:
        found.setdefault(ValueField.PERIOD, found.pop(ValueField.FIRST))
    return TableMapping(found)


def read_values(sheet: Sheet, mapping: TableMapping) -> tuple[SheetValue, ...]:
    """Return every value of a table; an empty cell is no value, a nought is one. A line that is wrong says why, and never raises."""
    return tuple(v for number, cells in sheet.lines for v in _line(sheet.headings, number, cells, mapping))


def _line(
    headings: tuple[str, ...], number: int, cells: tuple[str, ...], mapping: TableMapping
) -> Iterator[SheetValue]:
    def at(heading: str) -> str:
        place = headings.index(heading) if heading in headings else len(cells)
        return cells[place].strip() if place < len(cells) else ""

    def told(name: ValueField) -> str:
        column = mapping.columns.get(name, "")
        return (at(column) if column else "") or mapping.fixed.get(name, "").strip()

    columns = [(code, at(heading)) for heading, code in mapping.indicators.items() if code]
    if not columns:
        columns = [(told(ValueField.INDICATOR), at(mapping.columns.get(ValueField.VALUE, "")))]
    if not any(value for _code, value in columns):
        return
    errors: list[str] = []
    first, last = _months(told, errors)
    as_of = None
    if typed := told(ValueField.AS_OF):
        read = parse_date(typed)
        if read is None:
            errors.append(_("« {typed} » n'est pas une date.").format(typed=typed))
        else:
            as_of = read[0]
    for code, value in columns:
        if value:
            yield SheetValue(
                number, code, told(ValueField.SHOP), first, last, value, as_of, told(ValueField.SOURCE), tuple(errors)
            )  # fmt: skip


def _months(told: Callable[[ValueField], str], errors: list[str]) -> tuple[str, str]:
    found = []
    for name in (ValueField.FIRST, ValueField.LAST):
        typed = told(name) or told(ValueField.PERIOD)
        read = months_of(typed)
        if read is None:
            errors.append(
                _("« {typed} » n'est pas une période : écrivez 2012, 2012-03, mars 2012.").format(typed=typed)
            )
            return "", ""
        found.append(read)
    return found[0][0], found[1][1]


def months_of(typed: str) -> tuple[str, str] | None:
    """Return the first and last month of « 2012 », « 2012-03 », « 03/2012 », « mars 2012 », « 31/03/2012 »; None for anything else."""
    text = fold(typed.strip())
    if found := re.fullmatch(r"(20\d\d)-(\d\d)", text, re.ASCII):
        return (text, text) if 1 <= int(found[2]) <= 12 else None
    if found := re.fullmatch(r"([a-z]+)\.? (20\d\d)", text):
        named = [n for n, m in enumerate(_MONTHS, 1) if len(found[1]) > 2 and m.startswith(found[1])]
        month = f"{found[2]}-{named[0]:02d}" if len(named) == 1 else ""
        return (month, month) if month else None
    read = parse_date(text)
    if read is None:
        return None
    day, precision = read
    return (f"{day.year}-01", f"{day.year}-12") if precision is Precision.YEAR else (f"{day:%Y-%m}", f"{day:%Y-%m}")
