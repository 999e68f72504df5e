"""Rows to print, and papers read back as a reader would."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from epicerie_desktop.domain.figures import DayVisit, MonthFigures, month_figures
from epicerie_desktop.domain.sheets import Labelled, MonthSheet, SheetState, ShopHeader

SHOP = ShopHeader("Épicerie du Cœur de Ville", ("12 rue des Lacs", "15100 Saint-Flour"), ("04 71 00 00 00",))
FAMILIES = ("Fruits et légumes", "Pain", "Féculents", "Laitages", "Viande et poisson", "Œufs")
ORIGINS = (Labelled("FOOD_BANK", "Banque alimentaire"), Labelled("PURCHASE", "Achats"))


class Read:
    """A paper read back: its pages as text with plain spaces, its fonts, its raw text."""

    def __init__(self, pdf: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(pdf))
        self.raw = [page.extract_text() for page in self.reader.pages]
        self.pages = [self._plain(text) for text in self.raw]
        self.text = "\n".join(self.pages)

    @staticmethod
    def _plain(text: str) -> str:
        return "\n".join(line.strip() for line in text.replace("\u202f", " ").replace("\xa0", " ").splitlines())

    def fonts(self) -> list[tuple[str, bool, bool]]:
        """Return, for each font of each page: its name, whether it is embedded, whether its text can be selected."""
        found = []
        for page in self.reader.pages:
            for font in page["/Resources"]["/Font"].values():
                font = font.get_object()
                embedded = "/FontDescriptor" in font and "/FontFile2" in font["/FontDescriptor"]
                found.append((str(font["/BaseFont"]), embedded, "/ToUnicode" in font))
        return found


@pytest.fixture
def read() -> Callable[[bytes], Read]:
    return Read


@pytest.fixture
def figures() -> Callable[..., MonthFigures]:
    """Return a month of `households`, each with two visits, every family of products touched, grams of odd size."""

    def make(households: int = 12, families: int = 6, grams: int = 1005) -> MonthFigures:
        visits = []
        for h in range(households):
            persons = tuple(f"p{h}-{i}" for i in range(1 + h % 4))
            for d in (3, 18):
                by_family = {f"F{i:02}": grams + 10 * i + d for i in range(families) if (h + i) % 3}
                origins = {"FOOD_BANK": sum(by_family.values()) - 100, "PURCHASE": 100}
                visits.append(
                    DayVisit(date(2026, 11, d), f"t{h}", f"{h + 1:04d}", persons, by_family, origins, 1234, 123)
                )
        return month_figures("2026-11", visits)

    return make


@pytest.fixture
def sheet(figures: Callable[..., MonthFigures]) -> Callable[..., MonthSheet]:
    def make(households: int = 12, families: int = 6, grams: int = 1005, **changes: object) -> MonthSheet:
        labels = [*FAMILIES, *(f"Famille de produits {i}" for i in range(len(FAMILIES), families))][:families]
        given: dict[str, object] = {
            "shop": SHOP,
            "figures": figures(households, families, grams),
            "closed_on": date(2026, 11, 30),
            "version": 2,
            "state": SheetState.CLOSED,
            "columns": tuple(Labelled(f"F{i:02}", label) for i, label in enumerate(labels)),
            "origins": ORIGINS,
            "printed_at": datetime(2026, 11, 30, 17, 5, tzinfo=UTC),
        }
        return MonthSheet(**(given | changes))  # type: ignore[arg-type]

    return make
