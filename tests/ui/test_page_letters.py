"""The letters held with Alt: a page and a place of the rail that shared one would both stay deaf to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from epicerie_desktop.support.i18n import gettext, in_language
from epicerie_desktop.ui.cash import screen as cash
from epicerie_desktop.ui.committee import screen as committee
from epicerie_desktop.ui.followup import screen as followup
from epicerie_desktop.ui.registry import SHOP_SCREENS
from epicerie_desktop.ui.reports import screen as reports
from epicerie_desktop.ui.safety import screen as safety
from epicerie_desktop.ui.sheets import screen as sheets
from epicerie_desktop.ui.stock import screen as stock

PAGES = {
    "cash": [spec[1] for spec in cash._PAGES],
    "committee": [spec[1] for spec in committee._PAGES],
    "followup": [spec[1] for spec in followup._PAGES],
    "reports": [spec[1] for spec in reports._PAGES],
    "sheets": list(sheets._TABS),
    "safety": [spec[1] for spec in safety._PAGES],
    "stock": [*(spec[1] for spec in stock._PAGES), stock._ORDERS[1]],
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", PAGES)
def test_no_page_has_the_letter_of_another_or_of_a_place_of_the_rail(screen: str, language: str) -> None:
    rail = {spec.shortcut[-1] for spec in SHOP_SCREENS if spec.shortcut}
    with in_language(language):
        titles = [gettext(words) for words in PAGES[screen]]
    letters = [title.split("&", 1)[1][0].upper() for title in titles]
    assert len(set(letters)) == len(letters), titles
    assert not rail & set(letters), titles


def test_where_a_household_is_served_f10_keeps_the_basket_and_nothing_else() -> None:
    ui = Path(cash.__file__).parents[1]
    files = [p for folder in ("counter", "till", "cash") for p in (ui / folder).glob("*.py")]
    named = {
        p.name for p in [*files, ui / "safety" / "counter_bar.py"] if re.search(r'Key_F10|"F10"', p.read_text("utf-8"))
    }
    assert named == {"screen.py", "side_pane.py"}
    assert "Key_F10" not in (ui / "counter" / "screen.py").read_text("utf-8")
