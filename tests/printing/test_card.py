from __future__ import annotations

import re

import pypdfium2
import pytest
import zxingcpp

from epicerie_desktop.printing import card
from epicerie_desktop.printing.card import CardLayout
from epicerie_desktop.printing.codes import grouped


def scanned(pdf: bytes, page: int = 0, dpi: int = 300) -> list[tuple[str, str]]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        image = document[page].render(scale=dpi / 72).to_pil().convert("L")
    finally:
        document.close()
    kinds = [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128]
    return sorted(
        (b.text, "QR" if "QR" in str(b.format) else "128") for b in zxingcpp.read_barcodes(image, formats=kinds)
    )


@pytest.mark.parametrize("code", ["00010000427", "0123456789", "CS15-0003-0004217-K", "A1B2C3D4E5F6"])
def test_both_codes_of_a_card_read_back_as_its_code(code):
    assert scanned(card.render([code])) == [(code, "128"), (code, "QR")]


@pytest.mark.parametrize(("layout", "held"), [(CardLayout.SHEET, 10), (CardLayout.LABELS, 24)])
def test_a_sheet_holds_its_cards_and_the_rest_goes_on_the_next(layout, held):
    codes = [f"0001{n:07d}" for n in range(held + 1)]
    pdf = card.render(codes, layout)
    first, second = scanned(pdf, 0), scanned(pdf, 1)
    assert first == sorted((c, k) for c in codes[:held] for k in ("QR", "128"))
    assert second == [(codes[held], "128"), (codes[held], "QR")]


def test_labels_already_used_are_left_blank(read):
    pdf = card.render(["00010000427"] * 3, CardLayout.LABELS, skip=23)
    assert len(read(pdf).pages) == 2
    assert len(scanned(pdf, 0)) == 2
    with pytest.raises(ValueError):
        card.render(["00010000427"], CardLayout.LABELS, skip=24)


def test_a_card_carries_its_number_and_not_a_word(read):
    pdf = card.render(["00010000427"])
    paper = read(pdf)
    assert paper.text.split() == ["0001", "0000", "427"]
    words = " ".join(str(v) for v in (paper.reader.metadata or {}).values())
    for word in ("picerie", "social", "CCAS", "foyer", "aide"):
        assert word.lower() not in words.lower()
    assert not re.search(rb"(?i)/(Author|Subject|Creator) \((?!\)|unspecified|anonymous)[^)]*(picerie|social)", pdf)


def test_a_code_too_long_to_be_read_is_refused():
    with pytest.raises(ValueError):
        card.render(["X" * 60])


def test_a_code_is_grouped_without_a_lonely_character():
    assert grouped("00010000427") == "0001 0000 427"
    assert grouped("123456789") == "123 456 789"
    assert grouped("AB-12") == "AB-12"


def test_the_same_cards_give_the_same_bytes():
    codes = [f"0001{n:07d}" for n in range(30)]
    assert card.render(codes, CardLayout.LABELS) == card.render(codes, CardLayout.LABELS)
