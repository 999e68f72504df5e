"""Figures as columns need them: the same number of decimals from top to bottom. Knows no page."""

from __future__ import annotations

from collections.abc import Callable

from epicerie_desktop.domain.data_table import NOTHING
from epicerie_desktop.domain.figures import EMERGENCY, Apart
from epicerie_desktop.support.format import kilos, number, plain_kilos, plain_money
from epicerie_desktop.support.i18n import NBSP, ngettext
from epicerie_desktop.support.i18n import gettext as _


def one_decimal(tenths: int) -> str:
    """Return a number of tenths with its one decimal: « 10,0 »."""
    return plain_money(tenths * 10)[:-1]


def part_of(part: int, whole: int) -> str:
    """Return a part of a whole to the tenth of a percent, halves up: « 8,0 % »; a dash where there is no whole."""
    return f"{one_decimal((2000 * part + whole) // (2 * whole))}{NBSP}%" if whole else NOTHING


def kilos_with(places: int) -> Callable[[int], str]:
    """Return what writes grams as kilos with 1 to 3 decimals; the decimals left out must be noughts (`weight_places`)."""
    cut = None if places == 3 else places - 3
    return lambda grams: plain_kilos(grams)[:cut]


def apart_words(apart: Apart) -> str:
    """Return what the emergency parcels of a period were, told apart, then what that counts."""
    told = ngettext(
        "À part : {n} colis d'urgence sans dossier ({persons} pers., {kilos})", "À part : {n} colis d'urgence sans dossier ({persons} pers., {kilos})",
        apart.parcels,
    ).format(n=number(apart.parcels), persons=number(apart.persons), kilos=kilos(apart.grams))  # fmt: skip
    _key, name, meaning = EMERGENCY
    counted = _("{name} – {meaning}").format(name=_(name), meaning=_(meaning))
    return f"{told}. {counted}"
