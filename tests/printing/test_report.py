"""A report on paper, read back: every figure over its definition, page numbers over the whole, the same bytes for the same rows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from epicerie_desktop.domain.data_table import Heading, Holds, data_table
from epicerie_desktop.domain.reports.shape import Figure, Report, Section, Standing
from epicerie_desktop.printing import report as paper
from epicerie_desktop.printing.report import ReportPage
from tests.printing.conftest import SHOP

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def figure(n: int, standing: Standing = Standing.CLOSED, **more: object) -> Figure:
    kept: dict[str, object] = {"value": 1000 + n, "holds": Holds.COUNT} | more
    return Figure(
        f"f{n}",
        f"Chiffre numéro {n}",
        standing=standing,
        definition=f"Ce que compte le chiffre {n}, en quelques mots.",
        **kept,
    )  # type: ignore[arg-type]


def wide(columns: int, rows: int) -> object:
    heads = (Heading("Commune"), *(Heading(f"Passages du mois de la colonne {n}", Holds.COUNT) for n in range(columns)))
    body = [(f"Commune au nom assez long {r}", *range(columns)) for r in range(rows)]
    return data_table(
        f"Table de {columns} colonnes", heads, [*body, ("Ensemble", *[0] * columns)], ("Une note sous la table.",)
    )


def page(*sections: Section, published: bool = False) -> ReportPage:
    closed = ("Janvier 2026 : clôture n° 1 du 02/02/2026, version 1, empreinte abcd-1234",)
    return ReportPage(
        SHOP, Report("Rapport d'activité", FIRST, LAST, sections, closed), LAST, published, datetime(2027, 1, 5, 9, tzinfo=UTC)
    )  # fmt: skip


def whole() -> ReportPage:
    sections = [Section(f"Partie {n}", tuple(figure(10 * n + i) for i in range(7)), (wide(4, 60),)) for n in range(3)]  # type: ignore[arg-type]
    return page(*sections, Section("Large", (), (wide(13, 5), wide(1, 3)), ("À savoir.",)))  # type: ignore[arg-type]


def test_each_figure_stands_over_its_name_and_its_definition_and_is_read_in_that_order(read) -> None:
    found = read(paper.render(whole()))
    flat = found.text.replace("\n", " ")
    for n in (0, 6, 15, 26):
        assert f"1 0{n:02} Chiffre numéro {n} Ce que compte le chiffre {n}, en quelques mots." in flat
    places: list[tuple[str, float, float]] = []
    found.reader.pages[1].extract_text(
        visitor_text=lambda text, _cm, tm, _font, _size: places.append((text.strip(), tm[4], tm[5]))
    )
    by_text = {text: (x, y) for text, x, y in places}
    value, name = by_text["1\u202f004"], by_text["Chiffre numéro 4"]
    assert value[0] == pytest.approx(name[0], abs=0.1)
    assert name[1] < value[1] < name[1] + 25


def test_pages_are_numbered_over_the_whole_and_the_contents_tell_them(read) -> None:
    found = read(paper.render(whole()))
    count = len(found.pages)
    assert [f"Page {n} sur {count}" in text for n, text in enumerate(found.pages, 1)] == [True] * count
    first = found.pages[0].splitlines()
    for n in range(3):
        at = int(first[first.index(f"{n + 1}. Partie {n}") + 1])
        assert f"{n + 1}. Partie {n}" in found.pages[at - 1]
    assert "clôture n° 1" in found.pages[0]
    assert all(tuple(map(round, p.mediabox[2:])) == (595, 842) for p in found.reader.pages)
    assert {(embedded, selectable) for _name, embedded, selectable in found.fonts()} == {(True, True)}


def test_a_table_of_many_columns_fits_the_page_and_repeats_its_headings(read) -> None:
    found = read(paper.render(whole()))
    assert sum(text.count("Commune au nom assez long 59") for text in found.pages) == 3
    carrying = [text for text in found.pages if "Commune au nom assez long" in text and "Table de 4" not in text]
    assert carrying, "the control"
    assert all("Commune" in text.split("Commune au nom")[0] for text in carrying)


def test_the_same_rows_give_the_same_bytes() -> None:
    assert paper.render(whole()) == paper.render(whole())


def test_what_is_firm_is_told_for_the_whole_and_under_each_figure_where_they_differ(read) -> None:
    firm = read(paper.render(page(Section("A", (figure(1),)))))
    assert "CLOS" in firm.pages[0]
    assert "Provisoire." not in firm.text
    mixed = read(
        paper.render(page(Section("A", (figure(1), figure(2, Standing.PROVISIONAL), figure(3, Standing.ESTIMATED)))))
    )
    assert "PROVISOIRE" in mixed.pages[0]
    flat = mixed.text.replace("\n", " ")
    assert "chiffre 1, en quelques mots. Chiffre clos." in flat
    assert "chiffre 2, en quelques mots. Provisoire." in flat
    assert "chiffre 3, en quelques mots. Estimation." in flat


def test_what_is_not_told_is_a_dash_and_never_a_nought(read) -> None:
    told = (
        figure(1, value=None),
        figure(2, value=0),
        figure(3, value=1250, holds=Holds.GRAMS),
        figure(4, value=75, holds=Holds.HOURS),
    )
    found = read(paper.render(page(Section("A", told), published=True)))
    flat = found.text.replace("\n", " ").replace("\u2019", "'")
    assert "– Chiffre numéro 1" in flat
    assert "0 Chiffre numéro 2" in flat
    assert "1,250 kg Chiffre numéro 3" in flat
    assert "0,75 h Chiffre numéro 4" in flat
    assert "Pour être publié" in found.pages[0]
