"""The month's sheet of 200 households against a bare reportlab canvas that writes the same texts with the same fonts."""

from __future__ import annotations

import io
import random
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from epicerie_desktop.domain.figures import DayVisit, month_figures
from epicerie_desktop.domain.sheets import Labelled, MonthSheet, SheetState, ShopHeader
from epicerie_desktop.printing import monthly_sheet, style
from tests.benchmarks.measure import interleaved, ratio, spread, tell

ROUNDS = 15
GOAL = 1.5
FAMILIES = (
    "Fruits lég.", "Pain", "Féculents", "Laitages", "Viande poiss.", "Épicerie", "Mat. grasses", "Sucré", "Boissons",
    "Bébé", "Surgelés", "Hygiène",
)  # fmt: skip
ORIGINS = (
    ("FOOD_BANK", "Banque alimentaire"),
    ("PICKUP", "Ramasse"),
    ("COLLECTION", "Collecte"),
    ("PURCHASE", "Achats"),
)

Text = tuple[float, float, str, float, bool, str]


def month_of(households: int) -> MonthSheet:
    """Return a month in which every household came one to five times."""
    rng = random.Random(1)
    columns = tuple(Labelled(f"F{i:02}", label) for i, label in enumerate(FAMILIES))
    visits = []
    for h in range(1, households + 1):
        persons = tuple(f"p{h}-{i}" for i in range(rng.randint(1, 6)))
        for day in rng.sample(range(1, 29), rng.randint(1, 5)):
            families = {c.code: rng.randrange(5, 6_000, 5) for c in columns if rng.random() < 0.6}
            origins: Counter[str] = Counter()
            for grams in families.values():
                origins[rng.choice(ORIGINS)[0]] += grams
            shelf = sum(families.values()) // 4
            visits.append(
                DayVisit(date(2026, 11, day), f"t{h}", f"1-{h:04d}", persons, families, origins, shelf, shelf // 10)
            )
    return MonthSheet(
        ShopHeader("Épicerie des Quatre-Vents", ("Place d'Armes", "15100 Saint-Flour"), ("04 71 00 00 01",)),
        month_figures("2026-11", visits), date(2026, 11, 30), 2, SheetState.PROVISIONAL, columns,
        tuple(Labelled(*o) for o in ORIGINS), datetime(2026, 11, 30, 17, 5, tzinfo=UTC),
    )  # fmt: skip


def texts_of(sheet: MonthSheet, monkeypatch: pytest.MonkeyPatch) -> list[list[Text]]:
    """Return what the sheet writes, page by page: place, words, size, weight and alignment."""
    pages: list[list[Text]] = [[]]
    at = [0]
    paper = style.Paper
    text, cells, turn, foot = paper.text, paper.cells, paper.turn, paper._write_foot

    def on_text(self, x, y, words, size=9, *, bold=False, colour=style.INK, align="left"):  # type: ignore[no-untyped-def]
        pages[at[0]].append((x, y, words, size, bold, align))
        text(self, x, y, words, size, bold=bold, colour=colour, align=align)

    def on_cells(self, found, size, *, bold=False, colour=style.INK):  # type: ignore[no-untyped-def]
        pages[at[0]].extend((x, y, words, size, bold, "left") for x, y, words in found)
        cells(self, found, size, bold=bold, colour=colour)

    def on_turn(self):  # type: ignore[no-untyped-def]
        pages.append([])
        at[0] = len(pages) - 1
        turn(self)

    def on_foot(self, number):  # type: ignore[no-untyped-def]
        at[0] = number - 1
        foot(self, number)

    with monkeypatch.context() as patched:
        for name, wrapper in (("text", on_text), ("cells", on_cells), ("turn", on_turn), ("_write_foot", on_foot)):
            patched.setattr(paper, name, wrapper)
        monthly_sheet.render(sheet)
    return pages


def bare(pages: list[list[Text]]) -> bytes:
    """Return a PDF of the same texts the fastest way reportlab knows: one text object a page, no table, rule or colour."""
    from reportlab.pdfbase.pdfmetrics import stringWidth
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=style.A4_LANDSCAPE, invariant=1, pageCompression=1)
    shift = {"right": 1.0, "centre": 0.5}
    for page in pages:
        written = canvas.beginText()
        last: tuple[float, bool] | None = None
        for x, y, words, size, bold, align in page:
            font = style.BOLD if bold else style.REGULAR
            if (size, bold) != last:
                written.setFont(font, size)
                last = (size, bold)
            start = x - stringWidth(words, font, size) * shift[align] if align in shift else x
            written.setTextOrigin(start, y)
            written.textOut(words)
        canvas.drawText(written)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def letters_of(pdf: bytes) -> list[Counter[str]]:
    """Return how often each letter stands on each page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        text = page.get_textpage()
        found.append(Counter(c for c in text.get_text_bounded() if not c.isspace()))
        text.close()
        page.close()
    document.close()
    return found


def test_the_sheet_of_200_households_against_a_bare_canvas(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = month_of(200)
    pages = texts_of(sheet, monkeypatch)
    assert letters_of(bare(pages)) == letters_of(monthly_sheet.render(sheet))
    taken = interleaved({"sheet": lambda i: monthly_sheet.render(sheet), "bare": lambda i: bare(pages)}, ROUNDS)
    figures = {
        "ratio": ratio(taken, "sheet", "bare"),
        **spread(taken),
        "texts": sum(map(len, pages)),
        "pages": len(pages),
    }
    tell("sheet", figures, f"goal ≤ {GOAL}")
    assert ratio(taken, "sheet", "bare") <= GOAL
