"""The coordinator's screens: a contract, its shops, parcels taken in only once looked at, and the totals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from epicerie_desktop.services import opening, safeguard
from epicerie_desktop.services.contract import consolidate, share
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import figures
from epicerie_desktop.support import format as shown
from epicerie_desktop.ui.contract import wording
from epicerie_desktop.ui.contract.dialogs import ContractDialog, FileDialog, ShopDialog
from epicerie_desktop.ui.contract.receiving import ReceiveDialog
from epicerie_desktop.ui.contract.screen import ContractScreen
from tests.conftest import PASSPHRASE
from tests.ui.conftest import Goods
from tests.ui.opened import Opened, a_contract, a_hub, focus, join, opened, sold, type_in


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Desk]:
    with a_hub(tmp_path / "hub") as made:
        yield made


@pytest.fixture
def member(hub: Desk, desk: Desk, goods: Goods, tmp_path: Path) -> Desk:
    """A shop with one visit, member of the coordinator's contract."""
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    join(desk, a_contract(hub, tmp_path)[1])
    return desk


def parcel_of(desk: Desk, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return share.export_parcel(desk, folder).path


def accepted(o: Opened[ContractScreen], dialog: ReceiveDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_F12)
    o.idle()


def looked(o: Opened[ContractScreen], paths: list[Path], *, sure: bool = True) -> tuple[ReceiveDialog, list[str]]:
    asked: list[str] = []

    def why(_parent: object, _title: str, text: str, _yes: str, _no: str) -> str | None:
        asked.append(text)
        return "PC changé, vu au téléphone" if sure else None

    dialog = ReceiveDialog(o.screen, ask=why)
    o.show(dialog)
    dialog.look_at(paths)
    o.until(lambda: len(dialog.candidates) == len(paths))
    return dialog, asked


def test_a_first_contract_is_made_in_the_window_and_shown(qtbot: QtBot, hub: Desk) -> None:
    with opened(qtbot, hub, ContractScreen) as o:
        assert o.screen.stack.currentIndex() == 0
        dialog = ContractDialog(o.screen, armed_after_ms=0)
        o.show(dialog)
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        o.until(lambda: bool(dialog.refusal.text))
        assert consolidate.list_contracts(hub) == ()
        type_in("Contrat social 2026")
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        o.until(lambda: dialog.made is not None and not dialog.isVisible())
        o.until(lambda: o.screen.stack.currentIndex() == 1)
        assert o.screen.contract is not None
        assert (o.screen.contract.name, f"{o.screen.contract.starts_on}") == ("Contrat social 2026", "2026-01-01")


def test_a_wrong_date_is_told_beside_its_field_and_nothing_is_made(qtbot: QtBot, hub: Desk) -> None:
    with opened(qtbot, hub, ContractScreen) as o:
        dialog = ContractDialog(o.screen, armed_after_ms=0)
        o.show(dialog)
        dialog.name.line.setText("Contrat")
        dialog.last.line.setText("31/02/2028")
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        o.idle()
        assert "31/02/2028" in dialog.last.error
        assert consolidate.list_contracts(hub) == ()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_shop_is_added_then_its_file_opens_at_the_shop(qtbot: QtBot, hub: Desk, tmp_path: Path) -> None:
    contract, _file = a_contract(hub, tmp_path)
    with opened(qtbot, hub, ContractScreen) as o:
        dialog = ShopDialog(o.screen, contract, armed_after_ms=0)
        o.show(dialog)
        type_in("sf01")
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
        type_in("Épicerie de la Truyère")
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        o.until(lambda: "SF01" in dialog.refusal.text)
        dialog.code.line.setText("ca02")
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        o.until(lambda: dialog.file is not None)
        o.until(lambda: [r.site.code for r in o.screen.shops.rows_model.rows] == ["SF01", "CA02"])
        assert dialog.file is not None
        site = next(r.site.id for r in o.screen.shops.rows_model.rows if r.site.code == "CA02")
        giving = FileDialog(o.screen, site, dialog.file)
        o.show(giving)
        giving.write_to(tmp_path)
        o.until(lambda: bool(giving.notice.text))
        read = share.read_contract_file(next(tmp_path.glob("*CA02*")))
        assert read.fingerprint.split() == giving.fingerprint.groups
        giving.accept()


def test_what_a_parcel_changes_is_shown_before_anything_is_taken_in(
    qtbot: QtBot, hub: Desk, member: Desk, tmp_path: Path
) -> None:
    path = parcel_of(member, tmp_path / "cle")
    with opened(qtbot, hub, ContractScreen) as o:
        assert o.screen.shops.rows_model.rows[0].months[8:12] == (wording.MISSING,) * 3 + (wording.OUTSIDE,)
        dialog, asked = looked(o, [path])
        (candidate,) = dialog.candidates
        assert candidate.waiting
        assert dialog.changes.rows_model.rowCount() == 3
        assert share.joined_contracts(member)[0].signature in dialog.sentence.text()
        assert consolidate.list_sites(hub, 1)[0].last_seq is None
        accepted(o, dialog)
        assert "Reçu" in dialog.candidates[0].told
        assert asked == []
        assert not dialog.accept_all.isEnabled()
        o.until(lambda: o.screen.shops.rows_model.rows[0].months[8] == wording.RECEIVED)
        assert o.screen.shops.rows_model.rows[0].months[8:12] == ("✓", "✓", "…", "")
        dialog.accept()


def test_a_damaged_a_foreign_and_a_known_file_are_told_and_the_good_one_still_comes_in(
    qtbot: QtBot, hub: Desk, member: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "cle"
    good = parcel_of(member, folder)
    cut, other = folder / "a-coupe.epic", folder / "b-photo.epic"
    cut.write_bytes(good.read_bytes()[:-7])
    other.write_bytes(b"\xff\xd8\xff" + bytes(300))
    with opened(qtbot, hub, ContractScreen) as o:
        dialog, _asked = looked(o, [good, cut, other])
        told = {c.path.name: c.told for c in dialog.candidates}
        assert "coupé" in told["a-coupe.epic"]
        assert "n’est pas un export" in told["b-photo.epic"]
        accepted(o, dialog)
        assert [c.report is not None and c.report.accepted for c in dialog.candidates] == [False, False, True]
        dialog.look_at([good])
        o.until(lambda: len(dialog.candidates) == 1)
        assert "Déjà reçu" in dialog.candidates[0].told
        assert not dialog.accept_all.isEnabled()
        dialog.accept()


@pytest.mark.parametrize("sure", [False, True])
def test_a_restored_shop_is_taken_in_only_after_the_question(
    qtbot: QtBot, hub: Desk, member: Desk, goods: Goods, tmp_path: Path, sure: bool
) -> None:
    copy = safeguard.back_up(member, tmp_path / "copie", PASSPHRASE)
    sold(member, goods.households["Petit"], goods.articles["carottes"], 900)
    consolidate.accept_parcel(hub, parcel_of(member, tmp_path / "cle").read_bytes())
    safeguard.restore(copy, tmp_path / "neuf" / "shop.db", PASSPHRASE, member.clock)
    fresh = opening.open_desk(tmp_path / "neuf" / "shop.db", PASSPHRASE, member.clock)
    path = parcel_of(fresh, tmp_path / "neuf")
    fresh.db.close()
    with opened(qtbot, hub, ContractScreen) as o:
        dialog, asked = looked(o, [path], sure=sure)
        assert "restauré" in dialog.candidates[0].told
        accepted(o, dialog)
        assert len(asked) == 1
        assert shown.kilos(2150) in asked[0]
        assert shown.kilos(1250) in asked[0]
        grams = consolidate.contract_totals(hub, 1, "2026-09", "2026-11").grams
        assert grams == (1250 if sure else 2150)
        dialog.accept()


def test_the_totals_of_any_period_are_the_shop_s_own(
    qtbot: QtBot, hub: Desk, member: Desk, goods: Goods, tmp_path: Path
) -> None:
    sold(member, goods.households["Martin"], goods.articles["carottes"], 500, date(2026, 9, 14))
    consolidate.accept_parcel(hub, parcel_of(member, tmp_path / "cle").read_bytes())
    with opened(qtbot, hub, ContractScreen) as o:
        o.screen.tabs.setCurrentWidget(o.screen.totals)
        o.idle()
        totals = o.screen.totals
        whole = figures.totals_of(member, "2026-09", "2026-11")
        assert totals.tiles.tiles["grams"].value == shown.plain_kilos(whole.grams)
        assert totals.tiles.tiles["families"].value == "1"
        assert [label for label, _t in totals.by_shop.rows_model.rows] == ["Épicerie des Quatre-Vents"]
        assert [(label, t.visits) for label, t in totals.by_year.rows_model.rows] == [("2026", 2)]
        totals.period.choose("2026-10", "2026-11")
        o.idle()
        assert totals.tiles.tiles["grams"].value == shown.plain_kilos(1250)
        assert totals.maker()().startswith(b"%PDF")


def test_totals_given_up_show_no_figure_until_they_are_read_again(
    qtbot: QtBot, hub: Desk, member: Desk, tmp_path: Path
) -> None:
    consolidate.accept_parcel(hub, parcel_of(member, tmp_path / "cle").read_bytes())
    with opened(qtbot, hub, ContractScreen) as o:
        o.screen.tabs.setCurrentIndex(1)
        o.idle()
        totals = o.screen.totals
        before = totals.tiles.tiles["grams"].value
        totals.period.choose("2026-10", "2026-11")
        totals.work.veil.cancelled.emit()
        o.idle()
        assert (totals.tiles.tiles["grams"].value, totals.by_shop.rows_model.rowCount()) == ("–", 0)
        assert "interrompue" in totals.remarks.text()
        o.click(totals.whole)
        o.idle()
        assert totals.tiles.tiles["grams"].value == before
        assert "interrompue" not in totals.remarks.text()


def test_the_pages_of_a_contract_change_with_their_keys(qtbot: QtBot, tmp_path: Path) -> None:
    with a_hub(tmp_path) as hub:
        a_contract(hub, tmp_path)
        with opened(qtbot, hub, ContractScreen) as o:
            o.press(Qt.Key.Key_F7)
            assert o.screen.tabs.currentWidget() is o.screen.totals
            o.press(Qt.Key.Key_F6)
            assert o.screen.tabs.currentIndex() == 3
            assert o.screen.tabs.tabText(3).endswith("(F6)")
