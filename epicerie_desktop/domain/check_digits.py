"""The check digits of the counter: GS1 modulo 10, the inner digit of variable-measure labels, ISO 7064 MOD 97-10."""

from __future__ import annotations

from collections.abc import Callable


def gs1_check_digit(payload: str) -> str:
    """Return the check digit of `payload` (ASCII digits, any length): weights 3 and 1 from the right (GenSpecs 7.9.1)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(payload)))
    return str(-total % 10)


def gs1_check_is_right(digits: str) -> bool:
    """Return whether the last of `digits` is the check digit of those before it."""
    return len(digits) > 1 and digits[-1] == gs1_check_digit(digits[:-1])


def _two_minus(digit: int) -> int:
    return (2 * digit - 2 * digit // 10) % 10


def _three(digit: int) -> int:
    return 3 * digit % 10


def _five_plus(digit: int) -> int:
    return (5 * digit + 5 * digit // 10) % 10


def _five_minus(digit: int) -> int:
    return (5 * digit - 5 * digit // 10) % 10


_FOUR: tuple[Callable[[int], int], ...] = (_two_minus, _two_minus, _three, _five_minus)
_FIVE: tuple[Callable[[int], int], ...] = (_five_plus, _two_minus, _five_minus, _five_plus, _two_minus)
_FIVE_MINUS_INVERSE = {_five_minus(digit): digit for digit in range(10)}
MEASURE_LENGTHS = (4, 5)
"""The lengths of a price or weight field for which GS1 defines an inner check digit."""


def measure_check_digit(value: str) -> str:
    """Return the inner check digit of a price or weight field of 4 or 5 digits (GenSpecs 7.9.2 to 7.9.4).

    Raises `ValueError` for another length: no such digit is defined.
    """
    if len(value) == len(_FOUR):
        return str(sum(weigh(int(digit)) for weigh, digit in zip(_FOUR, value, strict=True)) * 3 % 10)
    if len(value) == len(_FIVE):
        total = sum(weigh(int(digit)) for weigh, digit in zip(_FIVE, value, strict=True))
        return str(_FIVE_MINUS_INVERSE[-total % 10])
    raise ValueError("a variable measure with an inner check digit has 4 or 5 digits")


def mod97_check(payload: str) -> str:
    """Return the two check digits of `payload` (ASCII digits), 02 to 98 (ISO 7064 MOD 97-10).

    Any one wrong digit and any two digits exchanged are seen, as long as payload and check hold at most 96 digits.
    """
    return f"{98 - int(payload) * 100 % 97:02d}"
