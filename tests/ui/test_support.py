"""The support file's screen: pages by the keyboard, what an account without the second key sees, gestures of its pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.ui.support.registry import PAGES
from epicerie_desktop.ui.support.screen import SupportScreen
from tests.services.conftest import SmallShop, small_shop  # noqa: F401 - a fixture
from tests.ui.opened import Opened, opened

KEY = Qt.Key
Office = Opened[SupportScreen]
Enter = Callable[[Desk], AbstractContextManager[Office]]


@pytest.fixture
def enter(qtbot: QtBot) -> Enter:
    return lambda desk: opened(qtbot, desk, SupportScreen)


def at(office: Office, household: int, page: str = "overview") -> SupportScreen:
    office.window.go("screen", household=household, page=page)
    office.idle()
    return office.screen


def test_the_pages_follow_the_arrows_and_a_newcomer_sees_only_those_of_reception(
    enter: Enter, small_shop: SmallShop  # noqa: F811
) -> None:  # fmt: skip
    with enter(small_shop.desk) as office:
        screen = at(office, small_shop.household)
        assert [s.key for s in screen.specs] == [s.key for s in PAGES]
        assert screen.head is not None
        assert screen.head.holder == "D'Almeida Fátima"
        assert screen.list.hasFocus()
    with enter(replace(small_shop.desk, social_key=None)) as office:
        screen = at(office, small_shop.household)
        assert [s.key for s in screen.specs] == [s.key for s in PAGES if s.reception]
        assert "réservé" in screen.page("overview").told.text  # type: ignore[attr-defined]
