from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.figures import DEFINITIONS, MonthFigures, totals
from epicerie_desktop.domain.sheets import SheetState, SumsDiffer, weight_places
from epicerie_desktop.printing import monthly_sheet
from epicerie_desktop.support.format import plain_kilos, plain_money


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def rows_of(read, sheet) -> list[str]:
    return [line for line in read(monthly_sheet.render(sheet)).text.splitlines() if re.match(r"\d{4} \d", line)]


def test_every_household_stands_on_one_line_by_number_with_its_figures_in_order(sheet, read):
    made = sheet(12)
    lines = rows_of(read, made)
    assert len(lines) == 12
    for line, h in zip(lines, made.figures.households, strict=True):
        grams = dict(h.grams_by_family)
        kilos = [plain_kilos(grams[c.code]) if c.code in grams else "–" for c in made.columns]
        rest = [plain_kilos(h.grams), plain_money(h.shelf_cents), plain_money(h.paid_cents)]
        expected = [h.number, str(len(h.persons)), str(h.visits), *kilos, *rest]
        assert line.split() == plain(" ".join(expected)).split()


def test_totals_control_origins_and_definitions_are_printed_from_the_lines(sheet, read):
    made = sheet(40)
    text = read(monthly_sheet.render(made)).text
    whole = totals([made.figures])
    kilos = plain(plain_kilos(whole.grams))
    assert f"Contrôle : somme des lignes = total ({kilos} kg = {kilos} kg ; 40 foyers)." in text
    assert re.search(rf"Total {whole.persons} {whole.visits} .*{re.escape(kilos)}", text)
    assert plain("Arrêtée au 30/11/2026 – version 2") in text
    assert f"Achats {plain(plain_kilos(8000))}" in text
    flowing = " ".join(text.split())
    for _key, name, meaning in DEFINITIONS:
        assert f"{name} – {meaning.replace(chr(39), '’')}" in flowing
    for label in ("Œufs", "Féculents", "Viande et"):
        assert label in text


def test_pages_are_counted_over_the_whole_headings_repeat_and_only_the_last_is_signed(sheet, read):
    pages = read(monthly_sheet.render(sheet(200))).pages
    assert len(pages) > 3
    for n, page in enumerate(pages, 1):
        assert f"Page {n} sur {len(pages)}" in page
        assert ("responsable de l’épicerie" in page) == (n == len(pages))
        if re.search(r"^\d{4} \d", page, re.MULTILINE):
            assert "Foyer Personnes Passages" in page
    numbers = [line[:4] for page in pages for line in page.splitlines() if re.match(r"\d{4} \d", line)]
    assert numbers == [f"{n:04d}" for n in range(1, 201)]


def test_the_total_never_stands_alone_on_a_page(sheet, read):
    for households in range(28, 46):
        for page in read(monthly_sheet.render(sheet(households))).pages:
            if re.search(r"^Total \d", page, re.MULTILINE) and "Contrôle" in page:
                assert re.search(r"^\d{4} \d", page, re.MULTILINE), households


def test_names_are_printed_only_when_asked(sheet, read):
    without = read(monthly_sheet.render(sheet(3)))
    named = read(monthly_sheet.render(sheet(3, show_names={"0001": "D’Almeida Łucja", "0002": "Ney Œdipe"})))
    assert "Nom\n" not in without.text
    assert "Almeida" not in without.text
    assert "D’Almeida Łucja" in named.text
    assert "Ney Œdipe" in named.text


def test_fonts_are_embedded_and_the_french_signs_come_back_as_they_were(sheet, read):
    paper = read(monthly_sheet.render(sheet(200)))
    assert {(embedded, unicode) for _name, embedded, unicode in paper.fonts()} == {(True, True)}
    assert "\u202f" in "".join(paper.raw)
    assert "œ" in paper.text.lower()
    assert "€" in paper.text
    assert "\x00" not in paper.text


def test_the_same_rows_give_the_same_bytes(sheet):
    assert monthly_sheet.render(sheet(60)) == monthly_sheet.render(sheet(60))


def test_an_empty_month_gives_one_proper_page(sheet, read):
    paper = read(monthly_sheet.render(sheet(0)))
    assert len(paper.pages) == 1
    assert "Aucun passage ce mois-ci : rien n’a été distribué." in paper.text
    assert "Page 1 sur 1" in paper.text
    assert "Pour le CCAS" in paper.text


def test_a_sheet_whose_announced_totals_differ_is_refused(sheet):
    made = sheet(5)
    whole = totals([made.figures])
    assert monthly_sheet.render(replace(made, announced=whole))
    with pytest.raises(SumsDiffer, match="Passages"):
        monthly_sheet.render(replace(made, announced=replace(whole, visits=whole.visits + 1)))


def test_a_sheet_whose_origins_do_not_add_up_to_its_kilos_is_refused(sheet):
    made = sheet(5)
    fewer = MonthFigures(made.month, made.figures.households, (("FOOD_BANK", 1),))
    with pytest.raises(SumsDiffer, match="provenance"):
        monthly_sheet.render(replace(made, figures=fewer))


def test_a_family_without_a_column_gets_one_under_its_code(sheet, read):
    made = sheet(3)
    text = read(monthly_sheet.render(replace(made, columns=made.columns[:-1]))).text
    assert "F05" in text
    assert f"total ({plain(plain_kilos(made.figures.totals.grams))} kg" in text


def test_eighteen_families_and_long_labels_stand_within_the_page(sheet, read):
    paper = read(monthly_sheet.render(sheet(60, 18, state=SheetState.PROVISIONAL)))
    width = float(paper.reader.pages[0].mediabox.width)
    edges: list[float] = []
    for page in paper.reader.pages:
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size: (
                edges.append(tm[4] * cm[0] + tm[5] * cm[2] + cm[4]) if text.strip() else None
            )
        )
    assert min(edges) > 0
    assert max(edges) < width - 20
    assert "PROVISOIRE" in paper.text
    assert "Famille de produits 17" in " ".join(paper.text.split())


def test_someone_on_two_lines_counts_for_one_and_the_sheet_says_so(sheet, read):
    made = sheet(3)
    first, second, third = made.figures.households
    moved = replace(second, persons=(*second.persons, first.persons[0]))
    figures = MonthFigures(made.month, (first, moved, third), made.figures.grams_by_origin)
    text = read(monthly_sheet.render(replace(made, figures=figures))).text
    assert "1 d’entre elles figurent sur plusieurs lignes" in text


@given(st.lists(st.integers(0, 10**7)))
def test_the_decimals_chosen_lose_no_gram(grams):
    places = weight_places(grams)
    assert all(g % 10 ** (3 - places) == 0 for g in grams)
    assert places == 1 or any(g % 10 ** (4 - places) for g in grams)
