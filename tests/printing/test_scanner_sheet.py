"""The test sheet is read by an independent reader as the program says it should be typed."""

from __future__ import annotations

import pypdfium2
import zxingcpp

from epicerie_desktop.domain.scanner import TEST_EAN, gs1_raw
from epicerie_desktop.services.sheets import scanner_sheet_pdf


def test_the_two_codes_of_the_sheet_read_back_with_their_separator():
    document = pypdfium2.PdfDocument(scanner_sheet_pdf())
    try:
        assert len(document) == 1
        image = document[0].render(scale=300 / 72).to_pil().convert("L")
    finally:
        document.close()
    read = {str(b.format): b for b in zxingcpp.read_barcodes(image, text_mode=zxingcpp.TextMode.Plain)}
    texts = {b.text for b in read.values()}
    assert TEST_EAN in texts
    assert gs1_raw() in texts
    assert any(b.symbology_identifier == "]C1" for b in read.values())
