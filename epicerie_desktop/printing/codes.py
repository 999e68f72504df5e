"""Draws what a scanner reads back: QR codes and Code 128. Knows no document."""

from __future__ import annotations

from epicerie_desktop.printing.style import MM, Paper

_QUIET_MODULES = 10
"""Blank modules on each side of a Code 128 (ISO/IEC 15417 asks for ten)."""
_FINEST = 0.19 * MM
_WIDEST = 0.42 * MM


def draw_qr(paper: Paper, content: str, x: float, y: float, side: float) -> None:
    """Draw the QR code of `content` in a square of `side` points whose lower left corner is (`x`, `y`), quiet zone included."""
    import segno

    code = segno.make(content, error="m", micro=False, boost_error=False)
    rows = [bytes(row) for row in code.matrix_iter(border=4)]
    module = side / len(rows)
    canvas = paper.canvas
    canvas.setFillColorRGB(0, 0, 0)
    path = canvas.beginPath()
    for r, row in enumerate(rows):
        start = 0
        while (start := row.find(1, start)) >= 0:
            stop = row.find(0, start)
            path.rect(x + start * module, y + side - (r + 1) * module, (stop - start) * module, module)
            start = stop
    canvas.drawPath(path, stroke=0, fill=1)


def draw_code128(paper: Paper, content: str, x: float, y: float, width: float, height: float) -> None:
    """Draw the Code 128 of `content` in the middle of a box at (`x`, `y`), its bars as wide as the box allows.

    Raises `ValueError` where the bars would be too fine to be read: over some 30 characters on a card.
    """
    from reportlab.graphics.barcode.code128 import Code128

    modules = Code128(content, barWidth=1, quiet=False).width
    bar = min(_WIDEST, width / (modules + 2 * _QUIET_MODULES))
    if bar < _FINEST:
        raise ValueError("code too long for this width")
    drawn = Code128(content, barWidth=bar, barHeight=height, quiet=False)
    paper.canvas.setFillColorRGB(0, 0, 0)
    drawn.drawOn(paper.canvas, x + (width - modules * bar) / 2, y)


def grouped(code: str, size: int = 4) -> str:
    """Return `code` in groups of `size` characters, for people who read it aloud; a code already cut is left as it is."""
    if not code.isalnum():
        return code
    if len(code) % size == 1 and len(code) > size:
        size -= 1
    return " ".join(code[i : i + size] for i in range(0, len(code), size))
