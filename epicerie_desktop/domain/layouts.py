"""How the scale labels of a shop are laid out: `21IIIIIWWWWWC` and the like. A setting; no country's rule is built in.

The meaning of the numbers 02 and 20 to 29 is fixed by each region or chain (GenSpecs 2.1.14), so a layout belongs to the shop
the goods come from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from epicerie_desktop.domain.check_digits import (
    MEASURE_LENGTHS,
    gs1_check_digit,
    measure_check_digit,
)
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

LENGTHS = (8, 13)
_MEASURES = {"W": "weight", "P": "price", "N": "count"}
_LETTERS = "IWPNVXC"
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Measure:
    """What a label says by a layout: one of weight (g), price (cents) and count; the weight may come from the price."""

    kind: str
    weight_g: int | None
    price_cents: int | None
    count: int | None
    item: str | None
    inner_check_right: bool


@dataclass(frozen=True)
class Layout:
    """The places of a label's digits.

    `pattern` begins with the prefix in digits, then one letter a place: I item, W weight, P price, N number of pieces,
    V inner check digit, X a digit without meaning, and ends with C, the check digit. `step` is the grams (W) or cents (P) that
    one unit of the field is worth: 1 by default. `unit_price_cents_per_kg` turns a price into a weight. `source` names the shop.
    Raises `BadInput` when the pattern cannot be.
    """

    pattern: str
    unit_price_cents_per_kg: int | None = None
    step: int = 1
    source: str = ""

    def __post_init__(self) -> None:
        _check_pattern(self.pattern)
        if self.unit_price_cents_per_kg is not None and self.unit_price_cents_per_kg <= 0:
            raise BadInput(N_("Le prix au kilo d'un modèle d'étiquette doit être supérieur à zéro."))
        if self.step not in (1, 10, 100, 1000):
            raise BadInput(N_("L'unité du champ d'une étiquette est 1, 10, 100 ou 1000 (grammes ou centimes)."))

    @classmethod
    def parse(
        cls, pattern: str, *, unit_price_cents_per_kg: int | None = None, step: int = 1, source: str = ""
    ) -> Layout:
        """Return the layout typed as `pattern`, blanks and case set aside. Raises `BadInput`, naming the wrong place."""
        return cls(_BLANKS.sub("", pattern).upper(), unit_price_cents_per_kg, step, source)

    @property
    def prefix(self) -> str:
        """Return the digits that begin every label of this layout."""
        return self.pattern[: _prefix_length(self.pattern)]

    @property
    def kind(self) -> str:
        """Return what the label carries: `weight`, `price` or `count`."""
        return next(kind for letter, kind in _MEASURES.items() if letter in self.pattern)

    def matches(self, digits: str) -> bool:
        """Return whether `digits` have the length and the prefix of this layout; nothing is said of their checks."""
        return len(digits) == len(self.pattern) and digits.startswith(self.prefix)

    def field(self, letter: str, digits: str) -> str:
        """Return the digits at the places of `letter`, empty when the pattern has none."""
        return "".join(digit for mark, digit in zip(self.pattern, digits, strict=True) if mark == letter)

    def read(self, digits: str) -> Measure:
        """Return what `digits` say; they must match, and their outer check digit be right already.

        A price with a price per kilo gives the weight: price ÷ €/kg, rounded once to the gram, half up.
        """
        letter = next(mark for mark in _MEASURES if mark in self.pattern)
        value = self.field(letter, digits)
        amount = int(value) * self.step
        inner = self.field("V", digits)
        weight = amount if letter == "W" else None
        price = amount if letter == "P" else None
        if price is not None and self.unit_price_cents_per_kg:
            weight = round_half_up(Fraction(price * 1000, self.unit_price_cents_per_kg))
        return Measure(
            kind=_MEASURES[letter],
            weight_g=weight,
            price_cents=price,
            count=int(value) if letter == "N" else None,
            item=self.field("I", digits) or None,
            inner_check_right=not inner or inner == measure_check_digit(value),
        )

    def base_code(self, digits: str) -> str:
        """Return the number of the article alone: the measure set to zero and both check digits made anew."""
        letter = next(mark for mark in _MEASURES if mark in self.pattern)
        zeros = "0" * self.pattern.count(letter)
        inner = measure_check_digit(zeros) if "V" in self.pattern else ""
        replaced = {letter: "0", "V": inner}
        payload = "".join(replaced.get(mark, digit) for mark, digit in zip(self.pattern[:-1], digits[:-1], strict=True))
        return payload + gs1_check_digit(payload)


def choose(layouts: tuple[Layout, ...], digits: str) -> Layout | None:
    """Return the layout for `digits`: the longest prefix wins, then the first given; None when none matches."""
    matching = [layout for layout in layouts if layout.matches(digits)]
    return max(matching, key=lambda layout: len(layout.prefix), default=None)


def conflicting(layouts: tuple[Layout, ...], digits: str) -> tuple[Layout, ...]:
    """Return the layouts between which nothing chooses for `digits`: as long a prefix, another reading. Empty when one does.

    Two donors give the same numbers another meaning: only a person knows whose label it is. A layout whose inner check digit
    is wrong does not read the label, and stands aside.
    """
    matching = [layout for layout in layouts if layout.matches(digits)]
    longest = max((len(layout.prefix) for layout in matching), default=0)
    found: list[Layout] = []
    for layout in matching:
        if len(layout.prefix) < longest or not layout.read(digits).inner_check_right:
            continue
        alike = (layout.read(digits), layout.base_code(digits))
        if all((other.read(digits), other.base_code(digits)) != alike for other in found):
            found.append(layout)
    return tuple(found) if len(found) > 1 else ()


def _prefix_length(pattern: str) -> int:
    return next((place for place, mark in enumerate(pattern) if mark not in "0123456789"), len(pattern))


def _check_pattern(pattern: str) -> None:
    if len(pattern) not in LENGTHS:
        raise BadInput(
            N_("Le modèle « {pattern} » a {length} signes : il en faut 13, ou 8 pour un code court."),
            pattern=pattern,
            length=len(pattern),
        )
    _check_prefix(pattern)
    _check_letters(pattern)
    _check_measure(pattern)


def _check_prefix(pattern: str) -> None:
    prefix = pattern[: _prefix_length(pattern)]
    if not prefix:
        raise BadInput(
            N_("Le modèle « {pattern} » doit commencer par les chiffres de son préfixe, par exemple 21 ou 02."),
            pattern=pattern,
        )
    internal = ("0", "2") if len(pattern) == min(LENGTHS) else ("02", "04", "2")
    if len(pattern) == max(LENGTHS) and len(prefix) < 2:
        raise BadInput(N_("Le modèle « {pattern} » : son préfixe a au moins deux chiffres."), pattern=pattern)
    if not prefix.startswith(internal):
        raise BadInput(
            N_(
                "Le modèle « {pattern} » commence par {prefix} : ce préfixe appartient aux codes-barres du commerce. "
                "Les étiquettes de magasin commencent par 02, 04 ou 20 à 29 (0 ou 2 pour un code court)."
            ),
            pattern=pattern,
            prefix=prefix,
        )


def _check_letters(pattern: str) -> None:
    start = _prefix_length(pattern)
    for place, mark in enumerate(pattern[start:], start=start):
        if mark not in _LETTERS:
            raise BadInput(
                N_(
                    "Le modèle « {pattern} » : le signe « {mark} », à la place {place}, n'est pas reconnu. "
                    "Après le préfixe, seules les lettres I, W, P, N, V, X et C sont admises."
                ),
                pattern=pattern,
                mark=mark,
                place=place + 1,
            )
        if mark == "C" and place != len(pattern) - 1:
            raise BadInput(
                N_(
                    "Le modèle « {pattern} » : C (le chiffre de contrôle) est à la place {place}, il doit être le dernier."
                ),
                pattern=pattern,
                place=place + 1,
            )
        if mark != pattern[place - 1] and mark != "X" and mark in pattern[start:place]:
            raise BadInput(
                N_(
                    "Le modèle « {pattern} » : la lettre {mark} revient à la place {place}, ses places doivent se suivre."
                ),
                pattern=pattern,
                mark=mark,
                place=place + 1,
            )
    if not pattern.endswith("C"):
        raise BadInput(
            N_("Le modèle « {pattern} » doit finir par C, le chiffre de contrôle, à la place {place}."),
            pattern=pattern,
            place=len(pattern),
        )


def _check_measure(pattern: str) -> None:
    measures = [letter for letter in _MEASURES if letter in pattern]
    if len(measures) != 1:
        raise BadInput(
            N_(
                "Le modèle « {pattern} » doit porter soit un poids (W), soit un prix (P), soit un nombre de pièces (N)."
            ),
            pattern=pattern,
        )
    if "V" not in pattern:
        return
    if pattern.count("V") != 1:
        raise BadInput(
            N_("Le modèle « {pattern} » : le contrôle intérieur V n'a qu'un chiffre, à la place {place}."),
            pattern=pattern,
            place=pattern.index("V") + 1,
        )
    if pattern.count(measures[0]) not in MEASURE_LENGTHS:
        raise BadInput(
            N_(
                "Le modèle « {pattern} » : avec un contrôle intérieur V (place {place}), le poids ou le prix a 4 ou 5 chiffres."
            ),
            pattern=pattern,
            place=pattern.index("V") + 1,
        )
