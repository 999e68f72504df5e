"""Product recalls: what a sheet says of a product, how surely a lot is meant, which sales took from it. Knows no file and no database.

A number made by a shop (beginning with 02 or 2) is nobody's in the trade: it is never looked for in a recall.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from epicerie_desktop.domain.dates import Precision, last_day
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.support.text import fold, words

GTIN_LENGTHS = (8, 12, 13, 14)
AFTER_SALE = timedelta(days=30)
"""Goods leave a supermarket's shelf before they are given: a pack is met here some weeks after its sale there has ended."""
_NO_LOT = frozenset(
    {"", "lot", "lots", "gtin", "non concerne", "non concernee", "sans objet", "na", "nc", "neant", "aucun"}
)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_MONTH = re.compile(r"(?:fin\s+)?(?:(\d{1,2})\s*[/.-]\s*(\d{4})|(\d{4})-(\d{1,2})|([a-z]{3,9})\.?\s+(\d{4}))", re.ASCII)
_YEAR = re.compile(r"20\d{2}", re.ASCII)
_MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
_LOT_PREFIX = re.compile(r"^(?:LOT|L)+(?=\w*\d)")


class Certainty(StrEnum):
    """How surely a lot is that of a recall; `TEAM` is a lot that the shop set aside by itself."""

    CERTAIN = "CERTAIN"
    TO_VERIFY = "TO_VERIFY"
    SUGGESTION = "SUGGESTION"
    TEAM = "TEAM"


@dataclass(frozen=True, slots=True)
class Product:
    """A product of a sheet. `gtin` as written there, None where it is none; `last` is None for a single date.

    A month named there (« 11/2027 ») is its first and its last day.
    """

    gtin: str | None
    lot: str
    all_lots: bool
    date_kind: DateKind | None
    first: date | None
    last: date | None

    @property
    def names_lot(self) -> bool:
        """Return whether the sheet names a lot of its own."""
        return not self.all_lots and bool(plain_lot(self.lot))

    def dated(self, day: date) -> bool:
        """Return whether a pack of that date is meant; False where the sheet tells no date."""
        return self.first is not None and self.first <= day <= (self.last or self.first)

    def may_be_dated(self, first: date, last: date) -> bool:
        """Return whether some day between two, both included, is meant: all that a pack dated by its month tells."""
        return self.first is not None and self.first <= last and first <= (self.last or self.first)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A recall of the official list: what the shop keeps of it."""

    number: str
    edition: int
    category: str
    brand: str
    name: str
    reason: str
    risks: str
    advice: str
    contact: str
    link: str
    published_on: date | None
    sold_from: date | None
    sold_until: date | None
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True)
class HeldLot:
    """A lot of the shop, as a recall meets it; `codes` are the trade numbers of its article, without leading zeros.

    `limit` is the last day its date covers, `precision` how exactly the pack tells it.
    """

    id: int
    article: str
    codes: tuple[str, ...]
    lot: str
    limit: date | None
    received_on: date
    precision: Precision = Precision.DAY

    @property
    def dates(self) -> tuple[date, date] | None:
        """Return the first and last day that the date on the pack covers, None without one."""
        if self.limit is None:
            return None
        if self.precision is Precision.DAY:
            return self.limit, self.limit
        return self.limit.replace(month=self.limit.month if self.precision is Precision.MONTH else 1, day=1), self.limit


def plain_lot(text: str) -> str:
    """Return a lot to compare: capitals, no blank nor sign, no « L » or « lot » before it; empty where it names none."""
    if fold(text).strip() in _NO_LOT:
        return ""
    bare = re.sub(r"[\W_]+", "", text.upper())
    return _LOT_PREFIX.sub("", bare)


def trade_code(digits: str | None) -> str | None:
    """Return the number of the trade without leading zeros, None where it is none or a shop's own (02, 2x, 04)."""
    if digits is None or not digits.isascii() or not digits.isdigit() or len(digits) not in GTIN_LENGTHS:
        return None
    bare = digits.lstrip("0")
    if len(bare) < min(GTIN_LENGTHS) or bare.strip("0") == "":
        return None
    if len(bare) == min(GTIN_LENGTHS):
        return None if bare.startswith("2") else bare
    return None if bare[-13:].zfill(13).startswith(("02", "04", "2")) else bare


def read_day(text: object) -> date | None:
    """Return the day at the beginning of a text (« 2026-02-17 », « 2026-02-17T10:00 », « 17/02/2026 »), None for anything else."""
    found = _DAY.match(str(text).strip())
    if found is None:
        return None
    parts = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def read_span(text: object) -> tuple[date, date] | None:
    """Return the first and last day of what a text tells: a day, a month (« 11/2027 », « nov. 2027 ») or a year; None else."""
    day = read_day(text)
    if day is not None:
        return day, day
    said = fold(str(text)).strip()
    if _YEAR.fullmatch(said):
        return date(int(said), 1, 1), last_day(int(said))
    found = _MONTH.fullmatch(said)
    if found is None:
        return None
    year = int(found[2] or found[4] or found[6])
    month = _month_named(found[5]) if found[5] else int(found[1] or found[3])
    if not (1 <= month <= len(_MONTHS) and year >= 1):
        return None
    return date(year, month, 1), last_day(year, month)


def _month_named(word: str) -> int:
    """Return the number of a month by its name or the first letters that name it alone, 0 for none."""
    named = [n for n, month in enumerate(_MONTHS, 1) if month.startswith(word)]
    return named[0] if len(named) == 1 else 0


def date_kind_of(text: str) -> DateKind | None:
    """Return the nature of a date as the sheets write it, None where the product has none."""
    said = fold(text)
    if "consommation" in said or said.strip() == "dlc":
        return DateKind.USE_BY
    if "durabilite" in said or said.strip() in ("ddm", "dluo"):
        return DateKind.BEST_BEFORE
    return None


def products_of(items: Sequence[object] | None) -> tuple[Product, ...]:
    """Return the products of the flat list of a sheet: number, lot, kind of date, first and last date; « | » begins another.

    Anything else in its place is left out; never raises.
    """
    groups: list[list[str]] = []
    for item in items or ():
        text = "" if item is None else str(item).strip()
        if text.startswith("|") or not groups:
            groups.append([])
            text = text.lstrip("|").strip()
        groups[-1].append(text)
    return tuple(found for group in groups if (found := _product(group)) is not None)


def _product(group: list[str]) -> Product | None:
    gtin, lot, kind, first, last = (*group, "", "", "", "", "")[:5]
    digits = re.sub(r"[\s.\-]", "", gtin)
    number = digits if digits.isascii() and digits.isdigit() and len(digits) in GTIN_LENGTHS else None
    dates = _dates(first, last)
    if number is None and not lot and dates == (None, None):
        return None
    every = fold(lot).strip().rstrip(".") in ("tous les lots", "tous lots", "tous", "tout lot", "tous les lot")
    return Product(number, lot, every, date_kind_of(kind), *dates)


def _dates(first: str, last: str) -> tuple[date, date | None] | tuple[None, None]:
    spans = [span for span in (read_span(first), read_span(last)) if span is not None]
    if not spans:
        return None, None
    begins, ends = min(s[0] for s in spans), max(s[1] for s in spans)
    return begins, (None if len(spans) == 1 and begins == ends else ends)


def certainty_of(sheet: Sheet, lot: HeldLot) -> Certainty | None:
    """Return how surely a recall means a lot by its trade number, None where it does not; the surest of its products."""
    found = [answer for p in sheet.products if (answer := _certainty(sheet, p, lot)) is not None]
    if Certainty.CERTAIN in found:
        return Certainty.CERTAIN
    return Certainty.TO_VERIFY if found else None


def _certainty(sheet: Sheet, product: Product, lot: HeldLot) -> Certainty | None:
    if trade_code(product.gtin) not in lot.codes:
        return None
    same_lot = product.names_lot and bool(plain_lot(lot.lot)) and plain_lot(product.lot) == plain_lot(lot.lot)
    if same_lot:
        return Certainty.CERTAIN
    dates = lot.dates
    in_dates = lot.limit is not None and product.dated(lot.limit)
    # « 11/2027 » on the pack and a day of that month on the sheet: the pack does not tell which day.
    near = dates is not None and not in_dates and product.may_be_dated(*dates)
    # Several numbers for one article: a date alone does not tell which of them was received.
    sure = Certainty.CERTAIN if len(lot.codes) == 1 else Certainty.TO_VERIFY
    if product.all_lots:
        outside = product.first is not None and lot.limit is not None and not in_dates
        return Certainty.TO_VERIFY if outside else sure
    if in_dates:
        return sure
    if near:
        return Certainty.TO_VERIFY
    told_lot, told_date = bool(plain_lot(lot.lot)), lot.limit is not None
    if (product.names_lot and told_lot) or (product.first is not None and told_date):
        return None
    return Certainty.TO_VERIFY if received_meanwhile(sheet, lot.received_on) else None


def received_meanwhile(sheet: Sheet, received_on: date) -> bool:
    """Return whether goods received that day may be those of the recall; a window that is not told is open."""
    if sheet.sold_from is not None and received_on < sheet.sold_from:
        return False
    return sheet.sold_until is None or received_on <= sheet.sold_until + AFTER_SALE


def is_suggestion(sheet: Sheet, lot: HeldLot) -> bool:
    """Return whether a sheet without any trade number may be about a lot: its brand and a word of its name in the article's."""
    if any(trade_code(p.gtin) for p in sheet.products) or not received_meanwhile(sheet, lot.received_on):
        return False
    own = set(words(lot.article))
    brand = [w for w in words(sheet.brand) if len(w) > 1]
    named = {w for w in words(sheet.name) if len(w) > 3} - set(brand)
    if fold(sheet.brand).strip() in ("", "sans marque", "sans"):
        return bool(named) and len(named & own) >= min(2, len(named))
    return bool(brand) and all(w in own for w in brand) and (not named or bool(named & own))


@dataclass(frozen=True, slots=True)
class LotLife:
    """A lot of the recalled article: whether it is recalled and surely so, what entered and left by day, as it is counted."""

    id: int
    received_on: date
    recalled: bool
    certain: bool
    entered: Mapping[date, int]
    left: Mapping[date, int]

    def on_shelf(self, day: date) -> bool:
        """Return whether the book held some of it in the course of a day."""
        before = sum(q for d, q in self.left.items() if d < day)
        return sum(q for d, q in self.entered.items() if d <= day) > before

    def below_zero(self, day: date) -> bool:
        """Return whether more had left than had entered at the end of a day: the book was wrong."""
        return sum(q for d, q in self.left.items() if d <= day) > sum(q for d, q in self.entered.items() if d <= day)


@dataclass(frozen=True, slots=True)
class Taken:
    """A line of a kept ticket that took of the article: which household, which day, from which lot of the book."""

    household: int
    day: date
    lot: int
    pieces: int
    grams: int


@dataclass(frozen=True, slots=True)
class Receivers:
    """Households that received a recalled lot for sure, and those that may have."""

    certain: tuple[Taken, ...]
    possible: tuple[Taken, ...]


def receivers(lots: Sequence[LotLife], taken: Iterable[Taken]) -> Receivers:
    """Return who received the recalled lots.

    Which lot a pack came from is known only where the book held no other lot of the article that day, and no lot below zero:
    otherwise the first to expire was guessed, and the household only may have received it. Nobody is sure of a lot to verify.
    """
    recalled = [n for n in lots if n.recalled]
    by_id = {n.id: n for n in lots}
    certain: list[Taken] = []
    possible: list[Taken] = []
    for line in sorted(taken, key=lambda t: (t.day, t.household)):
        source = by_id[line.lot]
        there = [n for n in recalled if n.on_shelf(line.day)]
        if not source.recalled and not there:
            continue
        others = any(n.on_shelf(line.day) for n in lots if not n.recalled)
        known = source.recalled and source.certain and all(n.certain for n in there)
        sure = known and not others and not any(n.below_zero(line.day) for n in lots)
        (certain if sure else possible).append(line)
    told = {t.household for t in certain}
    return Receivers(tuple(certain), tuple(t for t in possible if t.household not in told))


def suggestions(sheets: Iterable[Sheet], lots: Sequence[HeldLot]) -> list[tuple[Sheet, HeldLot]]:
    """Return the sheets without a trade number that may be about lots; each is compared only with lots that share a word."""
    by_word: dict[str, list[HeldLot]] = defaultdict(list)
    for lot in lots:
        for word in set(words(lot.article)):
            by_word[word].append(lot)
    found = []
    for sheet in sheets:
        near = {lot.id: lot for w in {*words(sheet.brand), *words(sheet.name)} for lot in by_word.get(w, ())}
        found += [(sheet, lot) for lot in near.values() if is_suggestion(sheet, lot)]
    return found
