"""The sheets of a month on paper: several in one file, upright or across, cut where they are too wide, marked for what they are."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from epicerie_desktop.domain.figures import DayVisit, MonthFigures, month_figures
from epicerie_desktop.domain.month_forms import SheetForm, form_lines
from epicerie_desktop.domain.sheets import MonthSheet, SheetState, SumsDiffer
from epicerie_desktop.printing import monthly_sheet
from epicerie_desktop.support.format import plain_kilos


def in_form(sheet: MonthSheet, form: SheetForm) -> MonthSheet:
    """Return the sheet of the fixture in another form, from visits that make its figures."""
    visits = [
        DayVisit(
            date(2026, 11, 3), h.household, h.number, h.persons, dict(h.grams_by_family),
            {"FOOD_BANK": h.grams - 200, "PURCHASE": 200}, h.shelf_cents, h.paid_cents, "15187",
        )
        for h in sheet.figures.households
    ]  # fmt: skip
    figures: MonthFigures = month_figures(sheet.month, visits)
    return replace(sheet, figures=figures, form=form, lines=form_lines(form, visits), called={"15187": "Saint-Flour"})


@pytest.mark.parametrize("portrait", [False, True])
def test_every_form_in_one_file_has_its_pages_counted_over_the_whole_and_its_boxes_to_sign(sheet, read, portrait):
    sheets = [in_form(sheet(60), form) for form in SheetForm]
    paper = read(monthly_sheet.render_all(sheets, portrait=portrait))
    for n, page in enumerate(paper.pages, 1):
        assert f"Page {n} sur {len(paper.pages)}" in page
    width, height = (float(n) for n in paper.reader.pages[0].mediabox[2:])
    assert (width < height) is portrait
    assert paper.text.count("Pour le CCAS") == paper.text.count("Contrôle : ") == len(sheets)
    assert paper.text.count("Ce que comptent ces chiffres") == 1, "once for the month"
    titles = [entry["/Title"] for entry in paper.reader.outline]
    assert len(titles) == len(sheets)
    assert "par commune" in titles[4]
    assert {(embedded, unicode) for _name, embedded, unicode in paper.fonts()} == {(True, True)}


def test_a_sheet_too_wide_for_an_upright_page_is_cut_and_loses_no_column(sheet, read):
    wide = sheet(20, 34)
    paper = read(monthly_sheet.render(wide, portrait=True))
    rows = [line.split() for line in paper.text.splitlines() if re.match(r"\d{4} [\d–]", line)]
    numbers = {row[0] for row in rows}
    assert len(numbers) == 20
    assert len(rows) % 20 == 0
    assert len(rows) > 20, "cut into several tables, each with the households again"
    first = next(h for h in wide.figures.households if h.number == "0001")
    told = [cell for row in rows if row[0] == "0001" for cell in row[1:]]
    grams = dict(first.grams_by_family)
    cells = [plain_kilos(grams[c.code]) if c.code in grams else "–" for c in wide.columns]
    assert told[2 : 2 + len(cells)] == cells
    places = []
    for page in paper.reader.pages:
        page.extract_text(visitor_text=lambda text, cm, tm, *_: places.append(tm[4]) if text.strip() else None)
    assert max(places) < float(paper.reader.pages[0].mediabox.width) - 20


def test_each_page_says_what_the_sheet_is(sheet, read):
    closed = replace(sheet(120), mark="clôture n° 3 du 02/12/2026, version 2, empreinte 3F2A-91C0")
    for made, words in (
        (closed, ["clôture n° 3", "3F2A-91C0", "version 2"]),
        (replace(closed, duplicate=date(2026, 12, 5)), ["3F2A-91C0", "duplicata du 05/12/2026"]),
        (replace(closed, mark="", state=SheetState.PROVISIONAL), ["provisoire"]),
    ):
        pages = read(monthly_sheet.render(made)).pages
        assert len(pages) > 2
        for page in pages:
            assert [w for w in words if w not in page] == []
    duplicate = read(monthly_sheet.render(replace(closed, duplicate=date(2026, 12, 5)))).pages[0]
    assert "MOIS CLOS – DUPLICATA" in duplicate
    replaced = read(monthly_sheet.render(replace(closed, replaced_by=3))).text
    assert "Cette version a été remplacée par la version 3." in replaced


def test_the_work_stops_between_two_sheets_and_tells_how_far_it_is(sheet):
    sheets = [in_form(sheet(5), form) for form in SheetForm]
    told = []
    monthly_sheet.render_all(sheets, step=lambda done, of: told.append((done, of)))
    assert told == [(n, len(sheets)) for n in range(len(sheets))]

    def stop(done: int, _of: int) -> None:
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        monthly_sheet.render_all(sheets, step=stop)


def test_a_form_whose_lines_do_not_add_up_is_not_printed(sheet):
    made = in_form(sheet(5), SheetForm.DAY)
    wrong = replace(made.lines[0], paid_cents=made.lines[0].paid_cents + 1)
    with pytest.raises(SumsDiffer, match="Payé"):
        monthly_sheet.render(replace(made, lines=(wrong, *made.lines[1:])))


def test_the_same_rows_give_the_same_bytes_in_every_form(sheet):
    sheets = [in_form(sheet(30), form) for form in SheetForm]
    made = monthly_sheet.render_all(sheets)
    assert made == monthly_sheet.render_all(sheets)
    assert len(PdfReader(io.BytesIO(made)).pages) >= len(sheets)
