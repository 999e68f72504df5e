"""The look of every paper: fonts, sizes, greys, and a page that writes, wraps and numbers itself. Knows no document."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from epicerie_desktop.support import paths
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import language

MM = 72 / 25.4
"""Points in a millimetre."""
A4 = (210 * MM, 297 * MM)
A4_LANDSCAPE = (297 * MM, 210 * MM)
A6 = (105 * MM, 148 * MM)

REGULAR = "Epicerie"
BOLD = "Epicerie-Bold"
WIDE, WIDE_BOLD = "Epicerie-Wide", "Epicerie-Wide-Bold"
"""The faces of the languages whose letters the first ones lack."""
FONT_FILES = {
    REGULAR: "AtkinsonHyperlegibleNext-Regular.ttf", BOLD: "AtkinsonHyperlegibleNext-Bold.ttf",
    WIDE: "DejaVuSans.ttf", WIDE_BOLD: "DejaVuSans-Bold.ttf",
}  # fmt: skip
OTHER_LETTERS = frozenset({"ar", "uk"})
RIGHT_TO_LEFT = frozenset({"ar"})

Grey = tuple[float, float, float]
INK: Grey = (0.10, 0.11, 0.13)
MUTED: Grey = (0.36, 0.38, 0.41)
LINE: Grey = (0.72, 0.74, 0.77)
SHADE: Grey = (0.93, 0.94, 0.95)
ACCENT: Grey = (0.06, 0.32, 0.36)
"""Dark enough to read as black on a photocopy: no meaning rests on a colour."""
WHITE: Grey = (1.0, 1.0, 1.0)

WORDS = 9.5
"""The size of what a shop says of its own under a title and at the foot."""

Align = Literal["left", "right", "centre"]
_OTHER_SIDE: dict[Align, Align] = {"left": "right", "right": "left", "centre": "centre"}


_RIGHT_TO_LEFT_LETTER = re.compile("[\u0590-\u08ff]")
_LEFT_TO_RIGHT = re.compile("[0-9A-Za-z\u00c0-\u024f](?:[^\u0590-\u08ff]*[0-9A-Za-z\u00c0-\u024f€%])?")
_MIRRORED = str.maketrans("()[]«»", ")(][»«")
_ISOLATES = dict.fromkeys((0x2066, 0x2069))


@cache
def as_drawn(text: str) -> str:
    """Return a line of a language written from right to left as its letters are drawn: joined, and in their order on the paper.

    What is written from left to right within it (a telephone number, an address) keeps its order, as a line without any of
    its letters does. The library leaves the mirroring of brackets to whoever draws.
    """
    if not _RIGHT_TO_LEFT_LETTER.search(text):
        return text
    from arabic_reshaper import reshape
    from bidi import get_display

    parts, done = [], 0
    for run in _LEFT_TO_RIGHT.finditer(text):
        parts += [text[done : run.start()].translate(_MIRRORED), f"\u2066{run[0]}\u2069"]
        done = run.end()
    parts.append(text[done:].translate(_MIRRORED))
    return str(get_display(reshape("".join(parts)), base_dir="R")).translate(_ISOLATES)


class Widths(dict[str, float]):
    """The advance of each character of a face, in thousandths of the size."""

    def __init__(self, face: Any) -> None:
        super().__init__((chr(code), width) for code, width in face.charWidths.items())
        self.missing = float(face.defaultWidth)

    def __missing__(self, key: str) -> float:
        return self.missing


class Fonts(NamedTuple):
    """The two faces of the house, registered, with the advances of their characters."""

    regular: Widths
    bold: Widths


@cache
def fonts(names: tuple[str, str] = (REGULAR, BOLD)) -> Fonts:
    """Return two faces of `resources/fonts`, registered once for the life of the program; figures of one width."""
    from reportlab import rl_config
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    from epicerie_desktop.printing.fontface import use_tabular_figures

    rl_config.useA85 = 0  # text armour for mail of the nineties: a quarter more bytes and time
    widths = []
    for name in names:
        font = TTFont(name, str(paths.resource("fonts", FONT_FILES[name])))
        if name in (REGULAR, BOLD):
            use_tabular_figures(font.face)
        registerFont(font)
        widths.append(Widths(font.face))
    return Fonts(*widths)


class Paper:
    """Pages of one size being written. `y` is the height of the pen, in points from the foot; it goes down.

    It is written in the language in use: with the letters of that language, and from right to left where that one is; everything
    is then mirrored, and a caller goes on counting from the left.

    `foot` stands at the left of every foot, « Page 1 sur 3 » at its right, `running` on top of every page but the first;
    a `bare` paper (card, label, ticket) has neither, and says nothing of where it comes from.
    """

    def __init__(
        self, size: tuple[float, float], title: str, *, margin: float = 15 * MM, foot: str = "", running: str = "", bare: bool = False
    ) -> None:  # fmt: skip
        from reportlab.pdfgen.canvas import Canvas

        self._names = (WIDE, WIDE_BOLD) if language() in OTHER_LETTERS else (REGULAR, BOLD)
        self._faces = fonts(self._names)
        self._mirrored = language() in RIGHT_TO_LEFT
        self._cache: tuple[dict[str, float], dict[str, float]] = ({}, {})
        self._out = io.BytesIO()
        self.canvas = Canvas(
            self._out, pagesize=size, invariant=1, pageCompression=1, lang=language(), initialFontName=self._names[0]
        )
        self.canvas.setTitle(title)
        for field in (self.canvas.setAuthor, self.canvas.setSubject, self.canvas.setCreator, self.canvas.setProducer):
            field("")
        self.width_of_page, self.height_of_page = size
        self.left, self.right = margin, size[0] - margin
        self.top = size[1] - margin
        self.bottom = margin if bare else margin + 6 * MM
        self._margin, self._foot, self._running, self._bare = margin, foot, running, bare
        self._pages: list[tuple[dict[str, Any], str]] = []
        self._parts: list[tuple[int, str]] = []
        self._last_words: tuple[str, ...] = ()
        self.y = self.top

    @property
    def width(self) -> float:
        """Return the width between the margins, in points."""
        return self.right - self.left

    @property
    def pages(self) -> int:
        """Return how many pages have been begun."""
        return len(self._pages) + 1

    def measure(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of `text`, in points."""
        known = self._cache[bold]
        thousandths = known.get(text)
        if thousandths is None:
            shaped = as_drawn(text) if self._mirrored else text
            thousandths = known[text] = sum(map(self._faces[bold].__getitem__, shaped))
        return thousandths * size / 1000

    def text(
        self, x: float, y: float, text: str, size: float = 9, *, bold: bool = False, colour: Grey = INK, align: Align = "left"
    ) -> None:  # fmt: skip
        """Write `text` with its foot at (`x`, `y`); `x` is its left, its right or its middle."""
        if self._mirrored:
            x, align = self.width_of_page - x, _OTHER_SIDE[align]
        if align != "left":
            x -= self.measure(text, size, bold=bold) / (1 if align == "right" else 2)
        if self._mirrored:
            text = as_drawn(text)
        self.canvas.setFont(self._names[bold], size)
        self.canvas.setFillColorRGB(*colour)
        self.canvas.drawString(x, y, text)

    def cells(
        self, cells: list[tuple[float, float, str]], size: float, *, bold: bool = False, colour: Grey = INK
    ) -> None:
        """Write many texts of one size and colour, each with its left foot at (x, y): one text object for all."""
        if not cells:
            return
        if self._mirrored:
            for x, y, text in cells:
                self.text(x, y, text, size, bold=bold, colour=colour)
            return
        self.canvas.setFillColorRGB(*colour)
        written = self.canvas.beginText()
        written.setFont(self._names[bold], size)
        # `setTextOrigin` and `textOut` write six decimals and measure each text to know where the next would begin: nearly half of the
        # time of a large table, for places that are all given. A hundredth of a point is a three hundredth of a millimetre.
        for x, y, text in cells:
            written._code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
            written._textOut(text)
        self.canvas.drawText(written)

    def wrap(self, text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
        """Return `text` cut at its ordinary spaces into lines of at most `width`; a longer word is cut where it must."""
        lines: list[str] = []
        line = ""
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if self.measure(longer, size, bold=bold) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            while self.measure(word, size, bold=bold) > width and len(word) > 1:
                fits = next(
                    n for n in range(len(word) - 1, 0, -1) if n == 1 or self.measure(word[:n], size, bold=bold) <= width
                )
                lines.append(word[:fits])
                word = word[fits:]
            line = word
        return [*lines, line]

    def paragraph(
        self, text: str, size: float = 9, *, x: float | None = None, width: float | None = None, bold: bool = False, colour: Grey = INK,
        leading: float = 1.35, after: float = 0, align: Align = "left",
    ) -> None:  # fmt: skip
        """Write `text` from the pen down, wrapped; the pen ends under it and under `after` points more."""
        start = self.left if x is None else x
        room = (self.right - start) if width is None else width
        lines = self.wrap(text, room, size, bold=bold)
        if align == "centre" and len(lines) > 1:
            lines = self._evened(text, room, size, len(lines), bold=bold)
        for line in lines:
            self.y -= size * leading
            at = start if align == "left" else start + room / (1 if align == "right" else 2)
            self.text(at, self.y + size * (leading - 1), line, size, bold=bold, colour=colour, align=align)
        self.y -= after

    def _evened(self, text: str, width: float, size: float, count: int, *, bold: bool) -> list[str]:
        """Return the same number of lines, as even as can be: no word stands alone on the last one."""
        trials = (self.wrap(text, width * tenths / 20, size, bold=bold) for tenths in range(11, 21))
        return next(lines for lines in trials if len(lines) <= count)

    def heading(self, text: str, size: float = 11, *, before: float = 10, after: float = 4) -> None:
        """Write the title of a part, with its line under it, and keep it off the foot of the page."""
        self.need(before + size * 2 + 60)
        self.y -= before + size
        self.text(self.left, self.y, text, size, bold=True, colour=ACCENT)
        self.y -= 4
        self.rule(self.y, colour=ACCENT, thick=0.8)
        self.y -= after

    def rule(
        self, y: float, *, x1: float | None = None, x2: float | None = None, colour: Grey = LINE, thick: float = 0.5
    ) -> None:
        """Draw a level line at `y`."""
        self.canvas.setStrokeColorRGB(*colour)
        self.canvas.setLineWidth(thick)
        ends = (self.left if x1 is None else x1, self.right if x2 is None else x2)
        if self._mirrored:
            ends = (self.width_of_page - ends[1], self.width_of_page - ends[0])
        self.canvas.line(ends[0], y, ends[1], y)

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: Grey | None = None, stroke: Grey | None = LINE, thick: float = 0.6,
        radius: float = 0,
    ) -> None:  # fmt: skip
        """Draw a rectangle whose lower left corner is (`x`, `y`)."""
        if self._mirrored:
            x = self.width_of_page - x - width
        if fill is not None:
            self.canvas.setFillColorRGB(*fill)
        if stroke is not None:
            self.canvas.setStrokeColorRGB(*stroke)
            self.canvas.setLineWidth(thick)
        self.canvas.roundRect(x, y, width, height, radius, stroke=int(stroke is not None), fill=int(fill is not None))

    def begin(self, title: str, *, foot: str, running: str) -> None:
        """Begin another document of the same file on a page of its own, with its own foot and running title.

        Pages are counted over the whole file; each document is found by its title in the reader's outline.
        """
        if self.y < self.top:
            self.write_last_words()
            self._keep()
            self.y = self.top
        self._foot, self._running = foot, running
        self._parts.append((len(self._pages), title))

    def picture(self, png: bytes, x: float, top: float, width: float, height: float) -> float:
        """Draw a picture in the upper left of a space as wide and high, its shape kept; return the width it took."""
        from reportlab.lib.utils import ImageReader

        found = ImageReader(io.BytesIO(png))
        across, high = found.getSize()
        scale = min(width / across, height / high)
        across, high = across * scale, high * scale
        left = self.width_of_page - x - across if self._mirrored else x
        self.canvas.drawImage(found, left, top - high, across, high)
        return float(across)

    def need(self, height: float) -> bool:
        """Turn the page unless `height` points are left; return whether it was turned."""
        if self.y - height >= self.bottom or self.y >= self.top:
            return False
        self.turn()
        return True

    def turn(self) -> None:
        """End this page and begin the next, its running title written."""
        self._keep()
        self.y = self.top
        if self._running:
            size = min(8.5, self.width / max(1.0, self.measure(self._running, 1)))
            self.text(self.left, self.y - 8, self._running, size, colour=MUTED)
            self.rule(self.y - 12)
            self.y -= 18

    def end_with(self, words: Sequence[str]) -> float:
        """Have a document end with these words, a paragraph each, under what it holds; return the height they will take."""
        self._last_words = tuple(words)
        lines = sum(len(self.wrap(text, self.width, WORDS)) for text in self._last_words)
        return WORDS * 1.25 + lines * WORDS * 1.35 + 2 * len(self._last_words) if lines else 0.0

    def write_last_words(self) -> None:
        """Write the last words now, once: for a document that has something of its own to draw under them."""
        words, self._last_words = self._last_words, ()
        if not words:
            return

        def height(size: float) -> float:
            lines = sum(len(self.wrap(text, self.width, size)) for text in words)
            return size * 1.25 + lines * size * 1.35 + 2 * len(words)

        # Written smaller where that spares a page that would hold nothing else.
        room = self.y - self.bottom
        size = next((s for s in (WORDS, 8.5, 7.5) if height(s) <= room), WORDS)
        self.need(height(size))
        self.y -= size * 1.25
        for text in words:
            self.need(len(self.wrap(text, self.width, size)) * size * 1.35)
            self.paragraph(text, size, colour=MUTED, after=2)

    def _keep(self) -> None:
        # The number of pages is known only at the end: each page waits whole, and its foot is written then.
        self._pages.append((dict(self.canvas.__dict__), self._foot))
        self.canvas._startPage()

    def finish(self) -> bytes:
        """Return the bytes of the PDF, every foot written."""
        self.write_last_words()
        self._keep()
        parts = dict(self._parts) if len(self._parts) > 1 else {}
        for number, (page, foot) in enumerate(self._pages, 1):
            self._foot = foot
            self.canvas.__dict__.update(page)
            if number - 1 in parts:
                self.canvas.bookmarkPage(f"p{number}")
                self.canvas.addOutlineEntry(parts[number - 1], f"p{number}")
            if not self._bare:
                self._write_foot(number)
            self.canvas.showPage()
        self.canvas.save()
        return self._out.getvalue()

    def _write_foot(self, number: int) -> None:
        self.rule(self._margin + 4 * MM)
        at = self._margin
        shown = _("Page {number} sur {count}").format(number=number, count=len(self._pages))
        room = self.width - self.measure(shown, 7.5) - 12
        for n, line in enumerate(self.wrap(self._foot, room, 7.5)):
            self.text(self.left, at - 9 * n, line, 7.5, colour=MUTED)
        self.text(self.right, at, shown, 7.5, colour=MUTED, align="right")
