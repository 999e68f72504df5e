"""Shelf labels: twenty-four to a sheet, each with its date, and what passed said on it."""

from __future__ import annotations

import io
from datetime import date

import pypdfium2

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.forward import ForwardRow
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.printing import forward

ROW = ForwardRow(
    1, "Soupe de légumes anciens, œufs et fromages de pays, bocal de 500 g", "Épicerie", SoldBy.PIECE, 24, 12_000, DateKind.BEST_BEFORE,
    date(2026, 10, 31), Precision.MONTH, double=True, cents=80, usual_cents=160, past=True,
)  # fmt: skip


def test_twenty_five_labels_take_two_sheets_and_say_what_has_passed() -> None:
    document = pypdfium2.PdfDocument(io.BytesIO(forward.labels([ROW] * 25)))
    try:
        words = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    assert [w.count("DDM dépassée (10/2026)") for w in words] == [24, 1]
    assert words[1].count("0,80") == 1
