"""The screens of a shop and of a coordinator, in the order of the rail; each is imported when first shown."""

from __future__ import annotations

from dataclasses import replace

from epicerie_desktop.domain.quittances import speak_of_quittances
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import features_of
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


def _day_end(context: Context) -> Screen:
    from epicerie_desktop.ui.safety.day_end_screen import DayEndScreen

    return DayEndScreen(context)


def _households(context: Context) -> Screen:
    from epicerie_desktop.ui.households.screen import HouseholdsScreen

    return HouseholdsScreen(context)


def _right(context: Context) -> Screen:
    from epicerie_desktop.ui.rights.screen import RightScreen

    return RightScreen(context)


def _support(context: Context) -> Screen:
    from epicerie_desktop.ui.support.screen import SupportScreen

    return SupportScreen(context)


def _committee(context: Context) -> Screen:
    from epicerie_desktop.ui.committee.screen import CommitteeScreen

    return CommitteeScreen(context)


def _quick(context: Context) -> Screen:
    from epicerie_desktop.ui.rights.quick import QuickCheckScreen

    return QuickCheckScreen(context)


def _followup(context: Context) -> Screen:
    from epicerie_desktop.ui.followup.screen import FollowUpScreen

    return FollowUpScreen(context)


def _stock(context: Context) -> Screen:
    from epicerie_desktop.ui.stock.screen import StockScreen

    return StockScreen(context)


def _safety(context: Context) -> Screen:
    from epicerie_desktop.ui.safety.screen import SafetyScreen

    return SafetyScreen(context)


def _cash(context: Context) -> Screen:
    from epicerie_desktop.ui.cash.screen import CashScreen

    return CashScreen(context)


def _sheets(context: Context) -> Screen:
    from epicerie_desktop.ui.sheets.screen import SheetsScreen

    return SheetsScreen(context)


def _questions(context: Context) -> Screen:
    from epicerie_desktop.ui.questions.screen import QuestionsScreen

    return QuestionsScreen(context)


def _reports(context: Context) -> Screen:
    from epicerie_desktop.ui.reports.screen import ReportsScreen

    return ReportsScreen(context)


def _exchange(context: Context) -> Screen:
    from epicerie_desktop.ui.exchange.screen import ExchangeScreen

    return ExchangeScreen(context)


def _contract(context: Context) -> Screen:
    from epicerie_desktop.ui.contract.screen import ContractScreen

    return ContractScreen(context)


def _settings(context: Context) -> Screen:
    from epicerie_desktop.ui.settings.screen import SettingsScreen

    return SettingsScreen(context)


def _ruleset(context: Context) -> Screen:
    from epicerie_desktop.ui.rulesets.screen import RulesetScreen

    return RulesetScreen(context)


SHOP_SCREENS: tuple[ScreenSpec, ...] = (
    ScreenSpec("counter", N_("Accueil"), "house", "Alt+A", _counter),
    ScreenSpec("till", "", "shopping-basket", "", _till, under="counter"),
    ScreenSpec("day_end", "", "log-out", "", _day_end, under="counter"),
    ScreenSpec("households", N_("Foyers"), "users", "Alt+F", _households),
    ScreenSpec("right", N_("Droits"), "shield-check", "Alt+D", _right),
    ScreenSpec("support", "", "handshake", "", _support, under="households"),
    ScreenSpec("quick", N_("Vérifier"), "circle-question-mark", "Alt+Q", _quick),
    ScreenSpec("followup", N_("Suivi"), "calendar-days", "Alt+U", _followup),
    ScreenSpec("committee", N_("Commission"), "clipboard-list", "Alt+O", _committee),
    ScreenSpec("stock", N_("Stock"), "boxes", "Alt+S", _stock),
    ScreenSpec("safety", N_("Hygiène"), "circle-alert", "Alt+H", _safety),
    ScreenSpec("cash", N_("Caisse"), "euro", "Alt+C", _cash),
    ScreenSpec("sheets", N_("Feuilles"), "file-text", "Alt+M", _sheets),
    ScreenSpec("questions", N_("Questions"), "message-circle-question-mark", "Alt+Y", _questions),
    ScreenSpec("reports", N_("Rapports"), "chart-column", "Alt+X", _reports),
    ScreenSpec("exchange", N_("Envois"), "usb", "Alt+V", _exchange),
    ScreenSpec("settings", N_("Réglages"), "settings", "Alt+L", _settings),
    ScreenSpec("ruleset", "", "clipboard-list", "", _ruleset, under="settings"),
)
"""A screen without a title is reached from another one, not from the rail; its keys, where it has some, show it from anywhere."""

_DECIDING = frozenset({"right", "quick", "committee"})
"""Screens of those who decide: a volunteer reaches them from a household's file, the rail stays short."""

_COUNTING = frozenset({"questions", "reports"})
"""Screens of those who answer for the figures: a volunteer has none of them."""

COORDINATOR_SCREENS: tuple[ScreenSpec, ...] = (
    ScreenSpec("contract", N_("Contrats"), "handshake", "Alt+C", _contract),
    ScreenSpec("settings", N_("Réglages"), "settings", "Alt+L", _settings),
)


def screens_of(desk: Desk) -> tuple[ScreenSpec, ...]:
    """Return the screens of an account, in the order of its rail; from then on they say quittance where the shop is a régie."""
    if desk.shop.is_coordinator:
        speak_of_quittances(on=False)
        return COORDINATOR_SCREENS
    uses = features_of(desk)
    speak_of_quittances(on=uses.regie)
    of_a_shop = tuple(s for s in SHOP_SCREENS if s.key != "cash" or uses.sessions or uses.regie)
    if desk.actor.role != Role.VOLUNTEER:
        return of_a_shop
    served = (s for s in of_a_shop if s.key not in _COUNTING)
    return tuple(replace(s, title="", shortcut="", under="households") if s.key in _DECIDING else s for s in served)
