"""Grams and cents: integers, read from what people type and written as they read. One rounding rule."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_, NBSP, NNBSP

MAX_CENTS = 10_000_00
"""The largest amount a person may type in a money field: over it, a barcode was scanned or a key was stuck."""
MAX_GRAMS = 5_000_000
"""The largest weight of one line (5 tonnes), whatever the scale."""

_BLANKS = str.maketrans("", "", " " + NBSP + NNBSP + "\t")
# A blank stands between thousands only: « 3 50 » is a slip for 3,50, not three hundred and fifty.
_NUMBER = re.compile(rf"[+-]?(?:[0-9]+|[0-9]{{1,3}}(?:[ \t{NBSP}{NNBSP}][0-9]{{3}})+)(?:[.,][0-9]*)?|[+-]?[.,][0-9]+")
_LONGEST = 40
"""Signs of the longest number that is read: nobody types more."""


def round_half_up(value: Fraction) -> int:
    """Return `value` rounded to the nearest integer, halves away from zero (Reg. (EC) 1103/97 art. 5)."""
    doubled = abs(value) * 2
    whole = (doubled.numerator // doubled.denominator + 1) // 2
    return -whole if value < 0 else whole


def value_of(grams: int, cents_per_kg: int) -> int:
    """Return the value in cents of `grams` at `cents_per_kg`, rounded once, half up."""
    return round_half_up(Fraction(grams * cents_per_kg, 1000))


def share_of(cents: int, permille: int) -> int:
    """Return what is paid, in cents, for a value of `cents` at a rate in thousandths, rounded once, half up."""
    return round_half_up(Fraction(cents * permille, 1000))


def split_evenly(total: int, weights: tuple[int, ...]) -> tuple[int, ...]:
    """Return `total` shared in proportion to `weights` (≥ 0, not all zero), summing exactly to `total`.

    The leftovers go to the largest remainders, then to the first: a line split over lots keeps its price.
    """
    whole = sum(weights)
    exact = [Fraction(total * w, whole) for w in weights]
    parts = [e.numerator // e.denominator for e in exact]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return tuple(parts)


def decimal_of(text: str) -> Fraction | None:
    """Return the number typed, exact (a `Decimal` would round what has more figures than its context), or None."""
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    return Fraction(text.translate(_BLANKS).replace(",", "."))


def parse_cents(text: str, *, most: int = MAX_CENTS) -> int:
    """Return the cents of an amount typed « 1,50 », « 1.5 », « 12 € ».

    Raises `BadInput`: not a number, more than two decimals, negative, or so large (over `most`) that it is a barcode.
    """
    stripped = text.strip().removesuffix("€").strip()
    if len(stripped) >= 8 and stripped.isdecimal():
        raise BadInput(
            N_("« {typed} » ressemble à un code-barres : tapez le montant en euros, par exemple 2,50."),
            typed=stripped,
        )
    number = decimal_of(stripped)
    if number is None:
        raise BadInput(N_("« {typed} » n'est pas un montant. Tapez par exemple 2,50."), typed=text.strip())
    cents = number * 100
    if cents.denominator != 1:
        raise BadInput(N_("Un montant a deux décimales au plus : « {typed} » en a davantage."), typed=text.strip())
    if cents < 0:
        raise BadInput(N_("Un montant ne peut pas être négatif."))
    if cents > most:
        raise BadInput(N_("« {typed} » est trop grand pour un montant. Vérifiez la saisie."), typed=text.strip())
    return int(cents)


def parse_grams(text: str, *, default_unit: str = "kg") -> int:
    """Return the grams of a weight typed « 1,250 », « 1.25 kg », « 800 g ».

    `default_unit` (`kg` or `g`) is used where none was typed. Raises `BadInput`: not a number (« 1,2.5 »), a fraction of a
    gram, zero, negative, or over `MAX_GRAMS`.
    """
    typed = text.strip()
    lowered = typed.casefold()
    unit = default_unit
    for suffix in ("kg", "g"):
        if lowered.endswith(suffix):
            lowered, unit = lowered[: -len(suffix)].rstrip(), suffix
            break
    if len(lowered) >= 8 and lowered.isdecimal():
        raise BadInput(
            N_("« {typed} » ressemble à un code-barres : tapez le poids en kilos, par exemple 1,250."),
            typed=typed,
        )
    number = decimal_of(lowered)
    if number is None:
        raise BadInput(N_("« {typed} » n'est pas un poids. Tapez par exemple 1,250 pour 1 kg 250."), typed=typed)
    grams = number * 1000 if unit == "kg" else number
    if grams.denominator != 1:
        raise BadInput(N_("« {typed} » est plus fin que le gramme : tapez trois décimales au plus."), typed=typed)
    if grams <= 0:
        raise BadInput(N_("Un poids doit être supérieur à zéro."))
    if grams > MAX_GRAMS:
        raise BadInput(N_("« {typed} » est trop lourd. Vérifiez l'unité : kilos ou grammes ?"), typed=typed)
    return int(grams)


def parse_count(text: str, *, most: int = 999) -> int:
    """Return a number of pieces from 1 to `most`. Raises `BadInput` otherwise."""
    typed = text.strip()
    if not (typed.isascii() and typed.isdecimal()):
        raise BadInput(N_("« {typed} » n'est pas un nombre de pièces. Tapez par exemple 3."), typed=typed)
    count = int(typed[:9])
    if not 1 <= count <= most or len(typed) > 9:
        raise BadInput(N_("Le nombre de pièces va de 1 à {most}."), most=most)
    return count


def rounded_tonnes(grams: int) -> Decimal:
    """Return tonnes with one decimal, half up, for a published balance."""
    return (Decimal(grams) / 1_000_000).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
