"""The screens of a shop and of a coordinator, in the order of the rail; each is imported when first shown."""

from __future__ import annotations

from epicerie_desktop.support.i18n import N_
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.main_window import ScreenSpec
from epicerie_desktop.ui.screen import Screen


def _counter(context: Context) -> Screen:
    from epicerie_desktop.ui.counter.screen import CounterScreen

    return CounterScreen(context)


def _till(context: Context) -> Screen:
    from epicerie_desktop.ui.till.screen import TillScreen

    return TillScreen(context)


def _households(context: Context) -> Screen:
    from epicerie_desktop.ui.households.screen import HouseholdsScreen

    return HouseholdsScreen(context)


def _right(context: Context) -> Screen:
    from epicerie_desktop.ui.rights.screen import RightScreen

    return RightScreen(context)


def _support(context: Context) -> Screen:
    from epicerie_desktop.ui.support.screen import SupportScreen

    return SupportScreen(context)


def _followup(context: Context) -> Screen:
    from epicerie_desktop.ui.followup.screen import FollowUpScreen

    return FollowUpScreen(context)


def _stock(context: Context) -> Screen:
    from epicerie_desktop.ui.stock.screen import StockScreen

    return StockScreen(context)


def _sheets(context: Context) -> Screen:
    from epicerie_desktop.ui.sheets.screen import SheetsScreen

    return SheetsScreen(context)


def _exchange(context: Context) -> Screen:
    from epicerie_desktop.ui.exchange.screen import ExchangeScreen

    return ExchangeScreen(context)


def _contract(context: Context) -> Screen:
    from epicerie_desktop.ui.contract.screen import ContractScreen

    return ContractScreen(context)


def _settings(context: Context) -> Screen:
    from epicerie_desktop.ui.settings.screen import SettingsScreen

    return SettingsScreen(context)


SHOP_SCREENS: tuple[ScreenSpec, ...] = (
    ScreenSpec("counter", N_("Accueil"), "house", "Alt+A", _counter),
    ScreenSpec("till", "", "shopping-basket", "", _till, under="counter"),
    ScreenSpec("households", N_("Foyers"), "users", "Alt+F", _households),
    ScreenSpec("right", "", "shield-check", "", _right, under="households"),
    ScreenSpec("support", "", "handshake", "", _support, under="households"),
    ScreenSpec("followup", N_("Suivi"), "calendar-days", "Alt+U", _followup),
    ScreenSpec("stock", N_("Stock"), "boxes", "Alt+S", _stock),
    ScreenSpec("sheets", N_("Feuilles"), "file-text", "Alt+M", _sheets),
    ScreenSpec("exchange", N_("Envois"), "usb", "Alt+V", _exchange),
    ScreenSpec("settings", N_("Réglages"), "settings", "Alt+L", _settings),
)
"""A screen without a title is reached from another one, not from the rail."""

COORDINATOR_SCREENS: tuple[ScreenSpec, ...] = (
    ScreenSpec("contract", N_("Contrats"), "handshake", "Alt+C", _contract),
    ScreenSpec("settings", N_("Réglages"), "settings", "Alt+L", _settings),
)
