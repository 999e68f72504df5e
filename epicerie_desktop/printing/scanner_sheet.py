"""The test sheet of scanners: an article number, and a GS1 message whose lot only a separator parts from its date."""

from __future__ import annotations

from epicerie_desktop.domain.gs1 import SEPARATOR
from epicerie_desktop.domain.scanner import TEST_EAN, TEST_GS1, gs1_raw
from epicerie_desktop.printing.codes import draw_code128
from epicerie_desktop.printing.style import A4, MM, MUTED, Paper
from epicerie_desktop.support.i18n import gettext as _

_FNC1 = "\xf1"


def render() -> bytes:
    """Return the sheet as PDF, one page."""
    paper = Paper(A4, _("Planche d'essai de la douchette"))
    paper.heading(_("Planche d'essai de la douchette"), 16)
    paper.paragraph(
        _("Dans Réglages, ouvrez « Essayer la douchette », puis scannez ces deux codes l'un après l'autre."),
        10,
        after=24,
    )
    paper.paragraph(_("1. Un code d'article"), 12, bold=True, after=8)
    paper.y -= 26 * MM
    _draw_ean13(paper, TEST_EAN, paper.left + 10 * MM, paper.y, 24 * MM)
    paper.y -= 4 * MM
    paper.paragraph(TEST_EAN, 10, colour=MUTED, after=28)
    paper.paragraph(_("2. Une étiquette de lot et de date (GS1-128)"), 12, bold=True, after=8)
    paper.y -= 26 * MM
    message = _FNC1 + gs1_raw().replace(SEPARATOR, _FNC1)
    draw_code128(paper, message, paper.left, paper.y, paper.width, 24 * MM)
    paper.y -= 4 * MM
    pairs = zip(TEST_GS1[::2], TEST_GS1[1::2], strict=True)
    paper.paragraph("".join(f"({key}){value}" for key, value in pairs), 10, colour=MUTED)
    return paper.finish()


def _draw_ean13(paper: Paper, digits: str, x: float, y: float, height: float) -> None:
    """Draw the bars of a number of thirteen digits, its check digit right already."""
    odd = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
    sets = ("OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO")
    right = [code.translate(str.maketrans("01", "10")) for code in odd]
    left = [
        odd[int(d)] if which == "O" else right[int(d)][::-1]
        for d, which in zip(digits[1:7], sets[int(digits[0])], strict=True)
    ]
    modules = "101" + "".join(left) + "01010" + "".join(right[int(d)] for d in digits[7:]) + "101"
    paper.canvas.setFillColorRGB(0, 0, 0)
    path, module = paper.canvas.beginPath(), 0.33 * MM
    for place, bit in enumerate(modules):
        if bit == "1":
            path.rect(x + place * module, y, module, height)
    paper.canvas.drawPath(path, stroke=0, fill=1)
