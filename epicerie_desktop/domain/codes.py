"""What a scanned or typed barcode means: an article number, a weight, a price, a lot, dates. Knows no article and no clock.

Numbers 02 and 20 to 29 have the meaning their shop or region gave them: layouts (a setting) are asked first, then the published
rules of `region` when one is named. None is supposed for France.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from epicerie_desktop.domain import digital_link, gs1
from epicerie_desktop.domain.check_digits import gs1_check_is_right
from epicerie_desktop.domain.layouts import Layout, choose
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.support.i18n import N_

if TYPE_CHECKING:
    from biip.rcn import Rcn

GTIN_LENGTHS = (8, 12, 13, 14)
_MOST_SIGNS = 512
_ENDS = " \t\r\n\xa0\u202f\ufeff\x00\x02\x03"
_IDENTIFIER = re.compile(r"\](?:\w.)", re.ASCII)
_GS1_SYMBOLS = ("]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1")
_ARTICLE_SYMBOLS = ("]E", "]I")
_GROUPED = re.compile(r"[0-9](?:[ \xa0\u202f]*[0-9])*")
_WITH_HYPHENS = re.compile(r"97[89](?:[- ]?[0-9]){10}")
_ALNUM = re.compile(r"[0-9][0-9A-Za-z]*")
_EURO = "EUR"
_ALWAYS_DATES = ("15", "16", "17")

# The row of digits of a French keyboard, unshifted (capitals: with the capitals lock of some systems).
_AZERTY = str.maketrans("&é\"'(-è_çàÉÈÇÀ", "12345678902790")
_AZERTY_ONLY = re.compile("[&é\"'(\\-è_çàÉÈÇÀ]+")

NOT_A_CODE = N_("Ceci n'est pas un code-barres connu : scannez de nouveau, ou cherchez l'article par son nom.")
NO_ARTICLE = N_(
    "Ce code mène à un site, il ne nomme pas l'article : scannez le code à barres du produit, ou cherchez-le par son nom."
)
INNER_CHECK = N_(
    "Le poids ou le prix de cette étiquette est mal lu (contrôle intérieur faux) : scannez de nouveau, ou pesez l'article."
)
SHOP_LABEL = N_(
    "C'est une étiquette propre à un magasin, dont le modèle n'est pas réglé : choisissez l'article et pesez-le, "
    "ou réglez le modèle de ce magasin."
)


@dataclass(frozen=True)
class Scan:
    """What a code means.

    `gtin` is the number known in the whole trade, unpadded; None for a shop's own number. `weight_g` and `price_cents` are whole
    numbers, or an exact `Decimal` where the label is finer (see `grams` and `cents`). `use_by` is the DLC (AI 17), `best_before` the
    DDM (AI 15). `item` is the article's place in a shop label, leading zeros kept. Nothing may be booked unless `valid`; with a
    valid scan, `problem` is a caution to show, else it says what is wrong and what to do (a sentence to translate, or None).
    """

    valid: bool
    kind: str
    gtin: str | None = None
    weight_g: int | Decimal | None = None
    price_cents: int | Decimal | None = None
    count: int | None = None
    lot: str | None = None
    use_by: date | None = None
    best_before: date | None = None
    item: str | None = None
    problem: str | None = None

    @property
    def grams(self) -> int | None:
        """Return the weight to book, in whole grams, rounded half up."""
        return None if self.weight_g is None else round_half_up(Fraction(self.weight_g))

    @property
    def cents(self) -> int | None:
        """Return the price in whole cents, rounded half up."""
        return None if self.price_cents is None else round_half_up(Fraction(self.price_cents))


def unscramble(text: str) -> str:
    """Return `text` without the blanks and line ends around it, and in digits when a scanner set to QWERTY typed it on AZERTY.

    Only a string made wholly of the signs of the unshifted digit row is changed: « &é\"'(-è_çà » gives 1234567890.
    """
    stripped = text.strip(_ENDS)
    return stripped.translate(_AZERTY) if _AZERTY_ONLY.fullmatch(stripped) else stripped


def without_identifier(text: str) -> tuple[str, str]:
    """Return the scanner's symbology identifier (« ]C1 », or empty) and the rest of `text`."""
    found = _IDENTIFIER.match(text)
    return (found.group(), text[found.end() :]) if found else ("", text)


def typed_digits(text: str) -> str | None:
    """Return the digits of `text` when it holds nothing else but blanks between them (hyphens too in an ISBN), else None."""
    if _GROUPED.fullmatch(text) or _WITH_HYPHENS.fullmatch(text):
        return "".join(sign for sign in text if "0" <= sign <= "9")
    return None


def decode(
    code: str, *, layouts: tuple[Layout, ...] = (), region: str | None = None, year: int = gs1.REFERENCE_YEAR
) -> Scan:
    """Return what `code` means; never raises, whatever the string.

    `layouts` are the labels of the shops the goods come from. `region` (« DE », « SE »…) applies the rules published there for
    variable measures, and no rule when it is None or unknown. `year` is that around which two-digit years are read.
    """
    text = unscramble(code)
    if len(text) > _MOST_SIGNS:
        return Scan(False, "unknown", problem=NOT_A_CODE)
    symbol, text = without_identifier(text)
    if digital_link.is_address(text):
        return _link_scan(text, year)
    if symbol in _GS1_SYMBOLS or text.startswith(gs1.SEPARATOR):
        return _gs1_scan(gs1.with_separators(text), layouts, region, year)
    digits = typed_digits(text)
    if digits is not None and symbol.startswith(_ARTICLE_SYMBOLS):
        digits = _without_add_on(symbol, digits)
        return _article(digits, layouts, region) if len(digits) in GTIN_LENGTHS else _unknown(digits)
    if digits is not None and len(digits) in GTIN_LENGTHS:
        return _dated_message(digits, year) or _article(digits, layouts, region)
    text = gs1.with_separators(digits or text)
    if gs1.is_printed_form(text) or gs1.begins_like_gs1(text):
        return _gs1_scan(text, layouts, region, year)
    return _unknown(text)


def base_code(code: str, *, layouts: tuple[Layout, ...] = (), region: str | None = None) -> str | None:
    """Return the number of the article alone of a shop label, its measure set to zero; None when there is no rule for it."""
    digits = typed_digits(without_identifier(unscramble(code))[1])
    if digits is None or len(digits) not in GTIN_LENGTHS or not gs1_check_is_right(digits):
        return None
    number, length = _unpadded(digits)
    layout = choose(layouts, number if length == 8 else number.zfill(13))
    if layout is not None:
        return layout.base_code(number.zfill(len(layout.pattern)))
    restricted = _by_region(number, region, verify=False)
    if restricted is None or (restricted.weight, restricted.price, restricted.count) == (None, None, None):
        return None
    base: str = restricted.without_variable_measure().as_gtin_13()
    return base


def scan_to_json(scan: Scan) -> dict[str, Any]:
    """Return the fields of `scan` as JSON values: ISO dates, `item` as a number, grams and cents as numbers."""

    def number(value: int | Decimal | None) -> int | float | None:
        return float(value) if isinstance(value, Decimal) else value

    return {
        "valid": scan.valid,
        "kind": scan.kind,
        "gtin": scan.gtin,
        "weight_g": number(scan.weight_g),
        "price_cents": number(scan.price_cents),
        "count": scan.count,
        "lot": scan.lot,
        "use_by": scan.use_by.isoformat() if scan.use_by else None,
        "best_before": scan.best_before.isoformat() if scan.best_before else None,
        "item": None if scan.item is None else int(scan.item),
    }


def _unknown(text: str) -> Scan:
    kind = "gtin" if len(text) in GTIN_LENGTHS and _ALNUM.fullmatch(text) else "unknown"
    return Scan(False, kind, problem=NOT_A_CODE)


def _without_add_on(symbol: str, digits: str) -> str:
    """Return the article number alone of an EAN-13 with the 2 or 5 digits of a magazine."""
    return digits[:13] if symbol == "]E3" and len(digits) in (15, 18) else digits


def _unpadded(digits: str) -> tuple[str, int]:
    """Return the number without its padding, and its own length: 8, 12, 13 or 14."""
    significant = len(digits.lstrip("0"))
    length = 8 if len(digits) == 8 else next(n for n in GTIN_LENGTHS if significant <= n)
    return digits[-length:], length


def _dated_message(digits: str, year: int) -> Scan | None:
    """Return the reading of a string as long as an article number that is a GS1 message beginning with a date, or None.

    Numbers of eight digits from 150 to 179 are assigned to nobody, so they are always a date; those from 110 to 139 are hardly
    met, so a real date there wins over a check digit that is right by chance. A longer string must first fail as an article
    number. Other identifiers are not tried: nearly every misread number beginning with 10, 21 or 30 would pass for a message.
    """
    if not digits.startswith(gs1.PACK_DATES) or (len(digits) > 8 and gs1_check_is_right(digits)):
        return None
    scan = _gs1_scan(digits, (), None, year)
    return scan if scan.valid or (len(digits) == 8 and digits.startswith(_ALWAYS_DATES)) else None


def _article(digits: str, layouts: tuple[Layout, ...], region: str | None) -> Scan:
    """Return the reading of 8, 12, 13 or 14 digits as an article or shop number."""
    number, length = _unpadded(digits)
    if length == 8:
        return _short_article(digits, number, layouts)
    full = number.zfill(13)
    layout = choose(layouts, full)
    is_label, is_company = full.startswith(("02", "2")) and length < 14, full.startswith("04")
    right = gs1_check_is_right(digits) and digits.strip("0") != ""
    if layout is not None:
        return _by_layout(layout, full, right)
    if is_label or is_company:
        kind = ("rcn12" if len(digits) == 12 else "rcn13") + ("_company" if is_company else "")
        if not right:
            return Scan(False, kind, problem=gs1.WRONG_CHECK)
        return _label_of_region(number, kind, region)
    kind = f"gtin{length}" if length == len(digits) else f"gtin{length}_padded{len(digits)}"
    return Scan(True, kind, gtin=number) if right else Scan(False, kind, problem=gs1.WRONG_CHECK)


def _short_article(digits: str, number: str, layouts: tuple[Layout, ...]) -> Scan:
    right = gs1_check_is_right(number) and number.strip("0") != ""
    layout = choose(layouts, number)
    if layout is not None:
        return _by_layout(layout, number, right)
    own = number.startswith("2")
    kind = "rcn8_company" if own else "gtin8" if len(digits) == 8 else f"gtin8_padded{len(digits)}"
    if not right:
        return Scan(False, kind, problem=gs1.WRONG_CHECK)
    return Scan(True, kind, gtin=None if own else number)


def _by_layout(layout: Layout, digits: str, outer_check_right: bool) -> Scan:
    kind = f"rcn{len(digits)}_{layout.kind}"
    if not outer_check_right:
        return Scan(False, kind, problem=gs1.WRONG_CHECK)
    said = layout.read(digits)
    if not said.inner_check_right:
        return Scan(False, kind, problem=INNER_CHECK)
    return Scan(
        True,
        kind,
        weight_g=said.weight_g,
        price_cents=said.price_cents,
        count=said.count,
        item=said.item,
    )


def _by_region(number: str, region: str | None, *, verify: bool) -> Rcn | None:
    """Return the library's reading by the rules of `region`, None without any. Raises its `ParseError` on an inner check."""
    if not region:
        return None
    from biip import ParseConfig
    from biip.gtin import Gtin
    from biip.rcn import Rcn, RcnRegion

    if region.lower() not in [known.value for known in RcnRegion]:
        return None
    config = ParseConfig(rcn_region=region.lower(), rcn_verify_variable_measure=verify)
    found = Gtin.parse(number, config=config)
    return found if isinstance(found, Rcn) else None


def _label_of_region(number: str, kind: str, region: str | None) -> Scan:
    from biip import ParseError

    said = _by_region(number, region, verify=False)
    measures = {"weight": said.weight, "price": said.price, "count": said.count} if said else {}
    measure = next((name for name, value in measures.items() if value is not None), None)
    if said is None or measure is None:
        return Scan(True, kind, problem=SHOP_LABEL)
    kind = f"rcn13_{measure}"
    try:
        _by_region(number, region, verify=True)
    except ParseError:
        return Scan(False, kind, problem=INNER_CHECK)
    currency = said.region.get_currency_code() if said.region else None
    return Scan(
        True,
        kind,
        weight_g=None if said.weight is None else int(said.weight * 1000),
        price_cents=None if said.price is None else int(said.price * 100),
        count=said.count,
        item=said.item_reference,
        problem=gs1.FOREIGN_PRICE if said.price is not None and currency != _EURO else None,
    )


def _link_scan(address: str, year: int) -> Scan:
    """Return the reading of a web address: the GS1 message it carries, or why it names no article."""
    kind = "gs1_digital_link"
    try:
        message = digital_link.message_of(address)
    except gs1.NotReadable as wrong:
        return Scan(False, kind, problem=wrong.args[0])
    if message is None:
        return Scan(False, "address", problem=NO_ARTICLE)
    return replace(_gs1_scan(message, (), None, year), kind=kind)


def _gs1_scan(text: str, layouts: tuple[Layout, ...], region: str | None, year: int) -> Scan:
    printed = gs1.is_printed_form(text)
    elements = gs1.Elements()
    try:
        (gs1.read_printed if printed else gs1.read_raw)(text, elements)
        content = gs1.content_of(elements, year)
    except gs1.NotReadable as wrong:
        return Scan(False, _gs1_kind(printed, elements), problem=wrong.args[0])
    if not elements.values:
        return Scan(False, _gs1_kind(printed, elements), problem=gs1.MALFORMED)
    number = _article(content.gtin14, layouts, region) if content.gtin14 else Scan(True, "")
    if not number.valid:
        return replace(number, kind=_gs1_kind(printed, elements))
    return Scan(
        True,
        _gs1_kind(printed, elements),
        gtin=number.gtin,
        weight_g=number.weight_g if content.weight_g is None else content.weight_g,
        price_cents=number.price_cents if content.price_cents is None else content.price_cents,
        count=number.count if content.count is None else content.count,
        lot=content.lot,
        use_by=content.use_by,
        best_before=content.best_before,
        item=number.item,
        problem=content.caution or number.problem,
    )


def _gs1_kind(printed: bool, elements: gs1.Elements) -> str:
    if printed:
        return "gs1_hri"
    return "gs1_message" if elements.many else "gs1_element_string"
