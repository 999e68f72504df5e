"""A table of data as a file for a spreadsheet: CSV for Excel in French, CSV to exchange, XLSX, ODS. The same rows give the same bytes.

A text never becomes a formula: in CSV, one that a spreadsheet would take for it is led by an apostrophe (OWASP, « CSV
Injection »); in XLSX and ODS it is written as text, which is never computed.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from epicerie_desktop.domain.data_table import DataTable, Holds, Value, decimal_text

if TYPE_CHECKING:
    from odfdo import Cell

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NO_DAY = (1980, 1, 1, 0, 0, 0)
"""The date written on the parts of an archive: that of the day would make each file another."""
_SHEET_NAME_MOST = 31
_SHEET_NAME_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class TableFormat(StrEnum):
    """The kinds of file; the value is the end of its name."""

    CSV_FRENCH = "fr.csv"
    CSV_EXCHANGE = "csv"
    XLSX = "xlsx"
    ODS = "ods"


def table_bytes(table: DataTable, kind: TableFormat) -> bytes:
    """Return the file of a table."""
    return book_bytes((table,), kind)


def book_bytes(tables: Sequence[DataTable], kind: TableFormat) -> bytes:
    """Return the file of tables, a sheet each. Raises `ValueError` for CSV, which holds one, where there is another number."""
    match kind:
        case TableFormat.XLSX:
            return _xlsx(tables)
        case TableFormat.ODS:
            return _ods(tables)
    (table,) = tables
    if kind is TableFormat.CSV_FRENCH:
        return b"\xef\xbb\xbf" + _csv(table, ";", ",", french=True).encode("utf-8")
    return _csv(table, ",", ".", french=False).encode("utf-8")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(table: DataTable, separator: str, mark: str, *, french: bool) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow([harmless(h.name) for h in table.headings])
    for row in table.rows:
        writer.writerow([_written(v, h.holds, mark, french=french) for v, h in zip(row, table.headings, strict=True)])
    return out.getvalue()


def _written(value: Value, holds: Holds, mark: str, *, french: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}" if french else value.isoformat()
    if isinstance(value, int):
        return decimal_text(value, holds.places, mark)
    return harmless(value)


def _sheet_names(tables: Sequence[DataTable]) -> list[str]:
    """Return a name a sheet, each once whatever the case of its letters: a spreadsheet refuses two alike."""
    names: list[str] = []
    for table in tables:
        whole = table.name.translate(_SHEET_NAME_FORBIDDEN).strip() or "Table"
        name, n = whole[:_SHEET_NAME_MOST].strip(), 1
        while name.casefold() in {k.casefold() for k in names}:
            n += 1
            name = f"{whole[: _SHEET_NAME_MOST - len(str(n)) - 1].strip()} {n}"
        names.append(name)
    return names


def _xlsx(tables: Sequence[DataTable]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(1980, 1, 1)})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    faces = {
        Holds.COUNT: book.add_format({"num_format": "#,##0"}),
        Holds.GRAMS: book.add_format({"num_format": "#,##0.000"}),
        Holds.CENTS: book.add_format({"num_format": "#,##0.00"}),
        Holds.PERMILLE: book.add_format({"num_format": "0.0"}),
        Holds.HOURS: book.add_format({"num_format": "#,##0.00"}),
        Holds.DAY: book.add_format({"num_format": "dd/mm/yyyy"}),
    }
    for table, name in zip(tables, _sheet_names(tables), strict=True):
        _xlsx_sheet(book.add_worksheet(name), table, head, faces)
    book.close()
    return _dateless(out.getvalue())


def _xlsx_sheet(sheet: Any, table: DataTable, head: Any, faces: Mapping[Holds, Any]) -> None:
    for j, heading in enumerate(table.headings):
        sheet.write_string(0, j, heading.name, head)
        longest = max([len(heading.name), *(len(str(r[j])) for r in table.rows if r[j] is not None)])
        sheet.set_column(j, j, min(max(longest, 8), 50) + 2)
        for i, row in enumerate(table.rows, 1):
            value = row[j]
            if isinstance(value, date):
                sheet.write_datetime(i, j, datetime(value.year, value.month, value.day), faces[Holds.DAY])
            elif isinstance(value, int):
                sheet.write_number(i, j, value / 10**heading.holds.places, faces.get(heading.holds))
            elif value is not None:
                sheet.write_string(i, j, value)
    for k, note in enumerate(table.notes):
        sheet.write_string(len(table.rows) + 2 + k, 0, note)
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.headings) - 1)


def _ods(tables: Sequence[DataTable]) -> bytes:
    from odfdo import Cell, Document, Row, Style, Table

    document = Document("spreadsheet")
    document.body.clear()
    bold = document.insert_style(Style("table-cell", name="heading", area="text", bold=True), automatic=True)
    for table, name in zip(tables, _sheet_names(tables), strict=True):
        sheet = Table(name)
        head = Row()
        for j, heading in enumerate(table.headings):
            head.set_cell(j, Cell(heading.name, cell_type="string", style=bold))
        sheet.append(head)
        for values in (*table.rows, *([()] if table.notes else []), *((note,) for note in table.notes)):
            line = Row()
            for j, value in enumerate(values):
                line.set_cell(j, _ods_cell(value, table.headings[j].holds))
            sheet.append(line)
        document.body.append(sheet)
    out = io.BytesIO()
    document.save(out)
    return _dateless(out.getvalue())


def _ods_cell(value: Value, holds: Holds) -> Cell:
    from odfdo import Cell

    if value is None:
        return Cell()
    if isinstance(value, int):
        return Cell(Decimal(decimal_text(value, holds.places, ".")), cell_type="float")
    if isinstance(value, date):
        return Cell(value, cell_type="date")
    return Cell(value, cell_type="string")


def _dateless(archive: bytes) -> bytes:
    """Return the archive with no date on its parts, its order and its content kept."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as read, zipfile.ZipFile(out, "w") as written:
        for part in read.infolist():
            info = zipfile.ZipInfo(part.filename, _NO_DAY)
            info.compress_type, info.external_attr = part.compress_type, part.external_attr
            written.writestr(info, read.read(part.filename))
    return out.getvalue()
