"""« Bilans » by keyboard: one is frozen, read, and laid beside the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from epicerie_desktop.services.contract import balances, consolidate, share
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.ui.contract.balances_tab import FreezeDialog
from epicerie_desktop.ui.contract.screen import ContractScreen
from tests.ui.conftest import Goods
from tests.ui.opened import a_contract, a_hub, join, opened, sold, type_in


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Desk]:
    with a_hub(tmp_path / "hub") as made:
        yield made


def test_a_balance_is_frozen_by_keyboard_then_the_next_one_tells_why_it_differs(
    qtbot: QtBot, hub: Desk, desk: Desk, goods: Goods, tmp_path: Path
) -> None:
    def sends(grams: int, folder: str) -> None:
        sold(desk, goods.households["Martin"], goods.articles["carottes"], grams)
        (tmp_path / folder).mkdir()
        data = consolidate.read_parcel_file(share.export_parcel(desk, tmp_path / folder).path)
        assert consolidate.accept_parcel(hub, data).accepted

    contract, file = a_contract(hub, tmp_path)
    join(desk, file)
    with opened(qtbot, hub, ContractScreen) as o:
        tab = o.screen.balances
        QTest.keyClick(o.screen, Qt.Key.Key_F8)
        assert o.screen.tabs.currentWidget() is tab
        assert not tab.keep.isEnabled()
        for n, title in enumerate(("Bilan de novembre", "Bilan de décembre"), 1):
            sends(1250 * n, f"parcel-{n}")
            dialog = FreezeDialog(o.screen, o.screen.contract, armed_after_ms=0)  # type: ignore[arg-type]
            o.show(dialog)
            type_in(title)
            QTest.keyClick(dialog, Qt.Key.Key_F12)
            o.until(lambda dialog=dialog: dialog.made is not None and not dialog.isVisible())  # type: ignore[misc]
            o.until(lambda n=n: len(tab.list.rows_model.rows) == n)  # type: ignore[misc]
        assert [b.title for b in tab.list.rows_model.rows] == ["Bilan de décembre", "Bilan de novembre"]
        o.until(lambda: any(r[1] == "Familles" for r in tab.figures.rows_model.rows))
        tab.edition.setCurrentIndex(tab.edition.findData(False))
        tab.beside.setCurrentIndex(1)
        o.until(lambda: any("→" in r[2] and r[1] == "Kilos distribués" for r in tab.figures.rows_model.rows))
        assert any("corrigé depuis" in r[3] for r in tab.figures.rows_model.rows)
    assert [b.number for b in balances.list_balances(hub, contract)] == [2, 1]
