"""Guesses how a donor's scale labels are laid out, from labels and what a person reads printed beside their bars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from epicerie_desktop.domain.check_digits import MEASURE_LENGTHS, gs1_check_is_right, measure_check_digit
from epicerie_desktop.domain.codes import typed_digits, unscramble, without_identifier
from epicerie_desktop.domain.layouts import LENGTHS, Layout
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

_STEPS = (1, 10, 100, 1000)
_FIELD_LENGTHS = (5, 6, 4, 3)
_INTERNAL = ("02", "04", "2")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is printed on a label: one of weight (g), price (cents) and number of pieces."""

    digits: str
    weight_g: int | None = None
    price_cents: int | None = None
    count: int | None = None


def label_digits(scanned: str) -> str:
    """Return the digits of a shop label. Raises `BadInput` where it is none, or was misread."""
    digits = typed_digits(without_identifier(unscramble(scanned))[1])
    if digits is not None and len(digits) == 12:
        digits = digits.zfill(13)
    if digits is None or len(digits) not in LENGTHS:
        raise BadInput(N_("Ce n'est pas une étiquette de balance : il en faut les 13 chiffres (8 pour un code court)."))
    if not digits.startswith(_INTERNAL if len(digits) == max(LENGTHS) else ("0", "2")):
        raise BadInput(
            N_("« {code} » est le code d'un produit du commerce, le même partout : il n'a pas besoin de modèle."),
            code=digits,
        )
    if not gs1_check_is_right(digits):
        raise BadInput(N_("Le chiffre de contrôle de l'étiquette est faux : scannez de nouveau."))
    return digits


def candidates(labels: Iterable[Seen]) -> tuple[Layout, ...]:
    """Return the layouts that read every one of these labels as it was seen, the likeliest first; empty when none does.

    A field that ends just before the check digit comes first, then the longer ones. A weight or price of zero tells nothing.
    """
    found: tuple[Layout, ...] | None = None
    for seen in labels:
        for_this = _of_one(seen)
        if found is None:
            found = for_this
        else:
            kept = set(for_this)
            found = tuple(layout for layout in found if layout in kept)
    return found or ()


def _of_one(seen: Seen) -> tuple[Layout, ...]:
    digits = seen.digits
    ranked: list[tuple[tuple[int, ...], Layout]] = []
    for letter, amount in (("W", seen.weight_g), ("P", seen.price_cents), ("N", seen.count)):
        if not amount:
            continue
        for step in _STEPS if letter == "W" else (1, 10, 100) if letter == "P" else (1,):
            if amount % step:
                continue
            for length in _FIELD_LENGTHS:
                value = str(amount // step).zfill(length)
                ranked += _placed(digits, letter, value, step) if len(value) == length else []
    unique = {layout: rank for rank, layout in sorted(ranked, key=lambda pair: pair[0], reverse=True)}
    return tuple(sorted(unique, key=lambda layout: unique[layout]))


def _placed(digits: str, letter: str, value: str, step: int) -> list[tuple[tuple[int, ...], Layout]]:
    prefix = 2 if len(digits) == max(LENGTHS) else 1
    length, last = len(value), len(digits) - 1
    found = []
    for at in range(prefix, last - length + 1):
        if digits[at : at + length] != value:
            continue
        end = at + length
        plain = digits[:prefix] + "I" * (at - prefix) + letter * length + "X" * (last - end) + "C"
        rank = (last - end, _STEPS.index(step), _FIELD_LENGTHS.index(length))
        # An inner check digit that is right by chance (one label in ten) is proposed after the plain reading.
        if length in MEASURE_LENGTHS and at > prefix and digits[at - 1] == measure_check_digit(value):
            inner = digits[:prefix] + "I" * (at - 1 - prefix) + "V" + letter * length + "X" * (last - end) + "C"
            found.append(((rank[0], rank[1], rank[2], 1), inner))
        found.append(((*rank, 0), plain))
    return [(rank, Layout(pattern, step=step)) for rank, pattern in found if _may_be(pattern)]


def _may_be(pattern: str) -> bool:
    try:
        Layout(pattern)
    except BadInput:
        return False
    return True
