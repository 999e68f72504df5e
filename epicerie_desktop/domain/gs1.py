"""GS1 element strings, as scanners send them or as they are printed in parentheses. Knows no article and no clock."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from epicerie_desktop.domain.check_digits import gs1_check_is_right
from epicerie_desktop.support.i18n import N_

SEPARATOR = "\x1d"
REFERENCE_YEAR = 2026
"""The year around which two-digit years are read when the caller names none: 1977 to 2076."""
PACK_DATES = ("11", "13", "15", "16", "17")
_DATES = (*PACK_DATES, "12")
_CHECKED = ("00", "01", "02", "03", "410", "411", "412", "413", "414", "415", "416", "417")
_EURO = "978"
_PRICES = ("390", "391", "392", "393")
_POUNDS = "320"
_PARENTHESES = re.compile(r"\((\d{2,4})\)")
_SWALLOWED_DATE = re.compile(r"(?:11|13|15|17)(\d{6})$")
# What keyboard emulations type in place of the group separator. None of them is in the character set of a GS1 field,
# except « <GS> », whose four signs together have never been a lot number.
_TYPED_SEPARATORS = re.compile("␝|\\^\\]|\\{GS\\}|<GS>|\u001e")

MALFORMED = N_(
    "Cette étiquette est mal formée ou mal lue : scannez-la de nouveau, ou saisissez l'article, le lot et la date à la main."
)
WRONG_CHECK = N_(
    "Le chiffre de contrôle ne correspond pas : scannez de nouveau, ou tapez tous les chiffres imprimés sous le code-barres."
)
WRONG_DATE = N_("La date de cette étiquette n'existe pas : lisez-la sur l'emballage et tapez-la.")
TWICE = N_(
    "Cette étiquette dit deux fois la même chose différemment : saisissez l'article, le lot et la date à la main."
)
FOREIGN_PRICE = N_("Le prix de cette étiquette n'est pas en euros : ne le reprenez pas, tapez le prix.")
POUNDS = N_("Le poids de cette étiquette est en livres : pesez l'article.")
LOT_TO_READ = N_(
    "Le numéro de lot lu finit peut-être par une date : comparez le lot et la date avec l'emballage, et corrigez-les au besoin."
)


class NotReadable(ValueError):
    """A string that does not follow the rules of GS1; the argument is the sentence for the volunteer."""


@dataclass
class Elements:
    """What was read, one value for each application identifier (AI), in order; `many` when it was or should be several."""

    values: dict[str, str] = field(default_factory=dict)
    many: bool = False

    def add(self, ai: str, value: str) -> None:
        """Keep `value`. Raises `NotReadable` when the same AI was read with another value."""
        if self.values.setdefault(ai, value) != value:
            raise NotReadable(TWICE)
        self.many = len(self.values) > 1

    def first(self, *ais: str) -> str | None:
        """Return the value of the first of `ais` that is there."""
        return next((self.values[ai] for ai in ais if ai in self.values), None)


@dataclass(frozen=True)
class Content:
    """The part of a GS1 message the counter uses; grams and cents are whole numbers, or exact decimals where printed finer."""

    gtin14: str | None
    weight_g: int | Decimal | None
    price_cents: int | Decimal | None
    count: int | None
    lot: str | None
    use_by: date | None
    best_before: date | None
    caution: str | None


def with_separators(text: str) -> str:
    """Return `text` with every known stand-in for the group separator (FNC1) replaced by it."""
    return _TYPED_SEPARATORS.sub(SEPARATOR, text)


def is_printed_form(text: str) -> bool:
    """Return whether `text` is written as under a barcode, identifiers in parentheses: (01)…(10)…."""
    return _PARENTHESES.match(text) is not None


def begins_like_gs1(text: str) -> bool:
    """Return whether `text` begins with a known application identifier."""
    return _identifier(text) is not None


def _identifier(text: str) -> tuple[str, str, bool] | None:
    from biip import ParseError
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

    try:
        found = GS1ApplicationIdentifier.extract(text)
    except ParseError:
        return None
    return found.ai, found.pattern.removesuffix("$"), ".." in found.format


def read_raw(text: str, into: Elements) -> None:
    """Read a message as scanned, filling `into`. Separators are accepted, once or more, after every field.

    A field of variable length runs to the separator or the end: what follows a lot without one belongs to the lot.
    Raises `NotReadable`.
    """
    for chunk in text.split(SEPARATOR):
        rest = chunk
        while rest:
            known = _identifier(rest)
            matched = re.match(known[1], rest, re.ASCII) if known else None
            if known is None or matched is None:
                raise NotReadable(MALFORMED)
            ai, _pattern, variable = known
            rest = rest[matched.end() :]
            into.add(ai, matched.group()[len(ai) :])
            if rest and variable:
                into.many = True
                raise NotReadable(MALFORMED)


def read_printed(text: str, into: Elements) -> None:
    """Read the form in parentheses, filling `into`; blanks are padding and are left out. Raises `NotReadable`."""
    compact = "".join(text.split())
    starts = [m for m in _PARENTHESES.finditer(compact) if (known := _identifier(m[1])) and known[0] == m[1]]
    if not starts or starts[0].start() != 0:
        raise NotReadable(MALFORMED)
    ends = [m.start() for m in starts[1:]] + [len(compact)]
    for mark, end in zip(starts, ends, strict=True):
        ai, value = mark[1], compact[mark.end() : end]
        known = _identifier(ai)
        if known is None or re.fullmatch(known[1], ai + value, re.ASCII) is None:
            raise NotReadable(MALFORMED)
        into.add(ai, value)


def read_date(yymmdd: str, year: int = REFERENCE_YEAR) -> date | None:
    """Return the date of six digits, day 00 being the last of the month; None when it does not exist.

    The century is that which puts the year from 49 years before `year` to 50 after (GenSpecs 7.12).
    """
    yy, month, day = int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:6])
    full = year - 49 + (yy - (year - 49)) % 100
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(full, month)[1]
    return date(full, month, day or last) if day <= last else None


def content_of(elements: Elements, year: int = REFERENCE_YEAR) -> Content:
    """Return what the counter uses of `elements`. Raises `NotReadable`: a wrong check digit or an impossible date."""
    for ai, value in elements.values.items():
        if ai in _CHECKED and not gs1_check_is_right(value):
            raise NotReadable(WRONG_CHECK)
        if ai in _DATES and read_date(value, year) is None:
            raise NotReadable(WRONG_DATE)
    price, euros = _price(elements)
    lot = elements.values.get("10")
    count = elements.first("37", "30")
    return Content(
        gtin14=elements.first("01", "02"),
        weight_g=_weight(elements),
        price_cents=price,
        count=None if count is None else int(count),
        lot=lot,
        use_by=_date(elements, year, "17", "7003"),
        best_before=_date(elements, year, "15"),
        caution=_caution(elements, euros, lot, year),
    )


def _date(elements: Elements, year: int, *ais: str) -> date | None:
    value = elements.first(*ais)
    if value is None:
        return None
    found = read_date(value, year)
    if found is None:
        raise NotReadable(WRONG_DATE)
    return found


def _scaled(value: str, power: int) -> int | Decimal:
    exact = Decimal(value).scaleb(power)
    return int(exact) if exact == exact.to_integral_value() else exact


def _weight(elements: Elements) -> int | Decimal | None:
    found = [(ai, value) for ai, value in elements.values.items() if ai.startswith("310")]
    return _scaled(found[0][1], 3 - int(found[0][0][3])) if found else None


def _price(elements: Elements) -> tuple[int | Decimal | None, bool]:
    for ai, value in elements.values.items():
        if ai.startswith(_PRICES):
            currency, amount = (value[:3], value[3:]) if ai[2] in "13" else (_EURO, value)
            return _scaled(amount, 2 - int(ai[3])), currency == _EURO
    return None, True


def _caution(elements: Elements, euros: bool, lot: str | None, year: int) -> str | None:
    if not euros:
        return FOREIGN_PRICE
    if any(ai.startswith(_POUNDS) for ai in elements.values):
        return POUNDS
    swallowed = _SWALLOWED_DATE.search(lot) if lot else None
    if swallowed and read_date(swallowed[1], year) is not None:
        return LOT_TO_READ
    return None
