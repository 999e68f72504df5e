from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from epicerie_desktop.printing.style import A4, REGULAR, Paper, fonts
from epicerie_desktop.printing.table import Column, Table


def test_the_ten_figures_are_of_one_width_in_both_faces():
    for face in fonts():
        assert len({round(face[figure], 3) for figure in "0123456789"}) == 1


def test_the_face_draws_every_sign_that_french_papers_use():
    for face in fonts():
        assert set("éèàùçôîïœŒæÉÀ€«»’–−×÷…\u202f\xa0ŁłŞşğčřńő") <= set(face)


def test_what_is_measured_is_what_is_drawn():
    from reportlab.pdfbase.pdfmetrics import stringWidth

    paper = Paper(A4, "")
    for text in ("12\u202f345,67\xa0€", "Œufs – Épicerie", "Łucja"):
        assert paper.measure(text, 9) == pytest.approx(stringWidth(text, REGULAR, 9))


@given(st.text("abcœ éÉ \xa0,", max_size=200), st.floats(8, 200))
def test_wrapping_loses_nothing_and_never_overflows(text, width):
    paper = Paper(A4, "")
    lines = paper.wrap(text, width, 10)
    assert "".join("".join(lines).split(" ")) == "".join(text.split(" "))
    assert all(paper.measure(line, 10) <= width or len(line) == 1 for line in lines)


@settings(deadline=None)
@given(st.integers(0, 130), st.booleans())
def test_a_table_prints_each_row_once_in_order_on_any_number_of_pages(count, wide):
    paper = Paper(A4, "", foot="pied")
    rows = [[f"r{n}", "mot " * (30 if wide and n % 7 == 0 else 1), str(n)] for n in range(count)]
    Table(paper, [Column("A", 60), Column("B"), Column("C", 60, right=True)]).draw(rows, ["T", "", "9"], empty="rien")
    reader = PdfReader(io.BytesIO(paper.finish()))
    text = "\n".join(p.extract_text() for p in reader.pages)
    found = [line.split()[0] for line in text.splitlines() if line.startswith("r") and line[1:2].isdigit()]
    assert found == [f"r{n}" for n in range(count)]
    assert text.count(f"sur {len(reader.pages)}") == len(reader.pages)
