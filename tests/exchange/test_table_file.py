"""A table goes to a spreadsheet whole, exact and harmless."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epicerie_desktop.domain.data_table import Heading, Holds, data_table
from epicerie_desktop.exchange.table_file import TableFormat, table_bytes

TABLE = data_table(
    "Foyers / mois",
    [Heading("Foyer"), Heading("Passages", Holds.COUNT), Heading("Poids (kg)", Holds.GRAMS), Heading("Payé (€)", Holds.CENTS),
     Heading("Premier jour", Holds.DAY), Heading("Part (%)", Holds.PERMILLE)],
    [("F-0001", 3, 12_050, 1_234, date(2026, 11, 3), 333), ("=HYPERLINK(\"http://x\")", 0, -5, None, None, None), ("Œuvre; « été »", 1, 1, -7, None, 0)],
    ["Foyers distincts."],
)  # fmt: skip


def read_csv(data: bytes, separator: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator))


def test_excel_in_french_reads_semicolons_commas_days_and_a_mark_of_utf8() -> None:
    data = table_bytes(TABLE, TableFormat.CSV_FRENCH)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = read_csv(data, ";")
    assert rows[1] == ["F-0001", "3", "12,050", "12,34", "03/11/2026", "33,3"]
    assert rows[2] == ['\'=HYPERLINK("http://x")', "0", "-0,005", "", "", ""]
    assert rows[3][0] == "Œuvre; « été »"


def test_the_exchange_csv_has_commas_points_and_iso_days() -> None:
    data = table_bytes(TABLE, TableFormat.CSV_EXCHANGE)
    assert not data.startswith(b"\xef\xbb\xbf")
    assert read_csv(data, ",")[1] == ["F-0001", "3", "12.050", "12.34", "2026-11-03", "33.3"]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), min_size=1, max_size=6))
def test_no_text_begins_a_formula_whatever_it_is(texts: list[str]) -> None:
    table = data_table("T", [Heading("x")], [(t,) for t in texts])
    for kind, separator in ((TableFormat.CSV_FRENCH, ";"), (TableFormat.CSV_EXCHANGE, ",")):
        for row, text in zip(read_csv(table_bytes(table, kind), separator)[1:], texts, strict=False):
            if row:
                assert row[0].removeprefix("'") == text.removeprefix("'")
                assert not row[0].startswith(("=", "+", "-", "@"))


def part(data: bytes, name: str) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ET.fromstring(archive.read(name))


def test_the_xlsx_holds_numbers_as_numbers_and_no_formula() -> None:
    data = table_bytes(TABLE, TableFormat.XLSX)
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    sheet = part(data, "xl/worksheets/sheet1.xml")
    assert list(sheet.iter(f"{space}f")) == []
    cells = {c.get("r"): c for c in sheet.iter(f"{space}c")}
    values = {r: c.find(f"{space}v") for r, c in cells.items()}
    assert [values[r].text for r in ("B2", "C2", "D2", "F2")] == ["3", "12.05", "12.34", "33.3"]  # type: ignore[union-attr]
    assert cells["A3"].get("t") == "s"
    assert "D3" not in cells, "what is not known is empty, never a nought"


def test_the_ods_holds_exact_decimals_and_no_formula() -> None:
    data = table_bytes(TABLE, TableFormat.ODS)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        content = archive.read("content.xml").decode()
    assert "table:formula" not in content
    office = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
    held = [e.get(f"{office}value") for e in part(data, "content.xml").iter() if e.get(f"{office}value")]
    assert held[:4] == ["3", "12.050", "12.34", "33.3"]


@pytest.mark.parametrize("kind", list(TableFormat))
def test_the_same_rows_give_the_same_bytes(kind: TableFormat, monkeypatch: pytest.MonkeyPatch) -> None:
    first = table_bytes(TABLE, kind)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert table_bytes(TABLE, kind) == first


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="width"):
        data_table("T", [Heading("a"), Heading("b")], [("x",)])
