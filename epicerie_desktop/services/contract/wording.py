"""How a value of the contract is written for people, in the language in use: kilos, euros, heads, or what the indicator names."""

from __future__ import annotations

from epicerie_desktop.domain.contract import Unit
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import NBSP, ngettext
from epicerie_desktop.support.i18n import gettext as _


def amount(value: int | None, unit: Unit, unit_name: str = "") -> str:
    """Return « 190 foyers », « 10 000,000 kg », « 550 000,00 € », « 14 emplois »; a dash where nothing is known."""
    if value is None:
        return "–"
    match unit:
        case Unit.GRAM:
            return shown.kilos(value)
        case Unit.CENT:
            return shown.money(value)
        case Unit.HOUSEHOLD:
            return ngettext("{n} foyer", "{n} foyers", value).format(n=shown.number(value))
        case Unit.PERSON:
            return ngettext("{n} personne", "{n} personnes", value).format(n=shown.number(value))
    return f"{shown.number(value)}{NBSP}{unit_name}".rstrip()


def plain(value: int | None, unit: Unit) -> str:
    """Return a value as a person would type it, empty where nothing is known."""
    if value is None:
        return ""
    match unit:
        case Unit.GRAM:
            return shown.plain_kilos(value)
        case Unit.CENT:
            return shown.plain_money(value)
    return str(value)


def period(first: str, last: str) -> str:
    """Return « mars 2012 », « 2012 », or « janvier 2010 à décembre 2012 »."""
    if first == last:
        return shown.month(first)
    if first[:4] == last[:4] and (first[5:], last[5:]) == ("01", "12"):
        return first[:4]
    return _("{first} à {last}").format(first=shown.month(first), last=shown.month(last))
