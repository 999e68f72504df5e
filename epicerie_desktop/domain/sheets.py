"""What the printed sheets are made of: frozen rows, and the control that their lines add up. Knows no page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from epicerie_desktop.domain.enrolled import Enrolments
from epicerie_desktop.domain.figures import NOTHING_MOVED, Apart, MonthFigures, Moved, Totals
from epicerie_desktop.domain.month_forms import Ages, FormLine, SheetForm
from epicerie_desktop.domain.months import Version
from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class ShopHeader:
    """The shop as a paper names it: its address and its contacts, a line each; its logo, a small PNG, or none.

    `first_words` and `last_words` are what the shop says under the title of this paper and at its foot, a paragraph each.
    """

    name: str
    address: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    logo: bytes | None = field(default=None, repr=False)
    first_words: tuple[str, ...] = ()
    last_words: tuple[str, ...] = ()


class SheetState(StrEnum):
    """Whether the month may still change."""

    PROVISIONAL = "PROVISIONAL"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A code of the figures (family of products, origin) and what people call it."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """The monthly distribution sheet, in one of its forms: `lines` are those of a form that is not by household, `called` what
    their codes are called. `show_names` gives a name by household number, None keeps the sheet without names.

    `announced` are totals known from elsewhere (the closed month, the tickets): the sheet is refused if they differ.
    `mark` says on every page of a closed month which closing it is, with its short sum, so that paper and file can be compared; `amendments` are those of the month, the latest first; `corrected` counts what changed
    since its last version, which the sheet does not show; `replaced_by` is the version that took the place of this one; `duplicate`
    the day a closed sheet that came out before is made again.
    """

    shop: ShopHeader
    figures: MonthFigures
    closed_on: date
    version: int
    state: SheetState
    columns: tuple[Labelled, ...]
    origins: tuple[Labelled, ...]
    printed_at: datetime
    show_names: Mapping[str, str] | None = None
    announced: Totals | None = None
    apart: Apart | None = None
    """The emergency parcels of the month, where there are some."""
    moved: Moved = NOTHING_MOVED
    mark: str = ""
    digest: str = ""
    amendments: tuple[Version, ...] = ()
    corrected: int = 0
    replaced_by: int = 0
    duplicate: date | None = None
    form: SheetForm = SheetForm.HOUSEHOLD
    lines: tuple[FormLine, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    enrolments: Enrolments | None = None
    ages: Ages | None = None
    """Who had a right, and the ages of the persons; None in a month closed before they were kept."""

    @property
    def month(self) -> str:
        """Return the month as `2026-11`."""
        return self.figures.month


@dataclass(frozen=True, slots=True)
class PaperMorning:
    """A blank sheet for a morning without the computer. A line: its place, the file's number, its name, persons, share (‰)."""

    shop: ShopHeader
    number: int
    day: date
    families: tuple[Labelled, ...]
    lines: tuple[tuple[str, str, str, int, int], ...]
    named: bool
    printed_at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the whole (a year, a shop) and its totals."""

    label: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance of a contract: the whole, and the same figures by year and by shop.

    Families and persons are distinct within each row, so they need not add up to the whole; the other figures do.
    """

    title: str
    scope: str
    first: str
    last: str
    closed_on: date
    printed_at: datetime
    whole: Totals
    by_year: tuple[Part, ...] = ()
    by_shop: tuple[Part, ...] = ()
    families: tuple[Labelled, ...] = ()
    origins: tuple[Labelled, ...] = ()
    remarks: tuple[str, ...] = ()
    shop: ShopHeader = field(default_factory=lambda: ShopHeader(""))


class SumsDiffer(EnvironmentTrouble):
    """The lines of a paper do not add up to its total: the paper is not printed."""


def require_sum(what: str, lines: int, total: int) -> None:
    """Return nothing when `lines` is `total`. Raises `SumsDiffer` otherwise, naming the column `what`."""
    if lines != total:
        raise SumsDiffer(
            "IMP-301",
            N_(
                "Le document n'a pas été fait : colonne « {what} », la somme des lignes ({lines}) n'est pas le total "
                "({total}). Lancez la vérification des comptes, puis recommencez."
            ),
            what=what,
            lines=lines,
            total=total,
        )


def weight_places(grams: Iterable[int]) -> int:
    """Return how many decimals (1 to 3) write all these grams in kilos without losing any of them."""
    places = 1
    for value in grams:
        if value % 10:
            return 3
        if value % 100:
            places = 2
    return places


def with_unknown(known: tuple[Labelled, ...], found: Iterable[str]) -> tuple[Labelled, ...]:
    """Return `known` followed by the codes of `found` that it lacks, under their own code: nothing is left out."""
    codes = {k.code for k in known}
    return known + tuple(Labelled(code, code) for code in sorted(set(found) - codes))
