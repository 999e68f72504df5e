"""« Envois » with a real stick, by the keyboard alone: pulled out midway, plugged in again, ejected; a stick of copies; a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from epicerie_desktop.exchange import eject
from epicerie_desktop.exchange.filesystem import StickIdentity
from epicerie_desktop.exchange.stick_mark import MARK_NAME, mark_text, new_mark
from epicerie_desktop.services.contract import consolidate
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.sticks import Use
from epicerie_desktop.ui.exchange.places import Place
from epicerie_desktop.ui.exchange.screen import ExchangeScreen
from tests.conftest import PASSPHRASE
from tests.exchange.real_sticks import KINDS, RealStick, contents
from tests.ui.conftest import Goods
from tests.ui.opened import Opened, a_contract, a_hub, join, opened, sold


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Desk]:
    with a_hub(tmp_path / "hub") as made:
        yield made


@pytest.fixture
def member(desk: Desk, goods: Goods, hub: Desk, tmp_path: Path) -> Desk:
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    join(desk, a_contract(hub, tmp_path)[1])
    return desk


@pytest.fixture(params=list(KINDS))
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealStick]:
    place = Path("/media") / f"essai-{os.getpid()}"
    stick = RealStick(tmp_path, request.param, place)
    try:
        stick.plug()
        yield stick
    finally:
        stick.away()
        place.rmdir()


def said(o: Opened[ExchangeScreen]) -> str:
    return o.screen.result.text.replace("\N{NO-BREAK SPACE}", " ")


def parcels(stick: RealStick) -> list[str]:
    return [n for n in contents(stick.place) if n.endswith(".epic")]


def test_a_stick_pulled_out_and_plugged_in_again_only_asks_to_press_again(
    qtbot: QtBot, member: Desk, hub: Desk, real: RealStick, tmp_path: Path
) -> None:
    (real.place / "export-SF01-1-00000-20260801.epic").write_bytes(b"the one before")
    with opened(qtbot, member, ExchangeScreen) as o:
        o.screen._look.stop()
        o.screen.places.show_folder(tmp_path)
        o.press(Qt.Key.Key_F5)
        o.screen.places.list.setFocus()
        o.press(Qt.Key.Key_Home)
        assert o.screen.places.place is not None
        assert o.screen.places.place.path == real.place
        # Pulled out once the parcel is numbered and sealed, before it is written.
        member.db.on_commit(
            lambda tables: real.pull() if "parcel_sent" in tables and not o.screen.goes.waiting else None
        )
        o.press(Qt.Key.Key_F12)
        o.until(lambda: bool(o.screen.result.text))
        assert "ne répond plus" in said(o)
        assert "Ce qui était déjà écrit est intact" in said(o)
        assert "L’envoi n° 1 attend" in said(o)
        assert "n° 1 est prêt" in o.screen.content.text().replace("\N{NO-BREAK SPACE}", " ")
        real.unplug()
        o.press(Qt.Key.Key_F5)
        assert not o.screen.write.isEnabled(), "the folder is not taken in its stead"
        real.plug()
        o.press(Qt.Key.Key_F5)
        assert o.screen.places.place is not None
        assert o.screen.places.place.path == real.place, "it comes back chosen, though a folder is offered too"
        o.press(Qt.Key.Key_F12)
        o.until(lambda: "retirer la clé" in said(o))
        assert "n° 1 est écrit" in said(o)
        assert len(parcels(real)) == 2
        assert (real.place / "export-SF01-1-00000-20260801.epic").read_bytes() == b"the one before"
        (written,) = real.place.glob("*-00001-*.epic")
        consolidate.accept_parcel(hub, written.read_bytes())
        o.idle()
        assert "n° 2" in o.screen.content.text().replace("\N{NO-BREAK SPACE}", " ")
        if eject.possible():
            o.press(Qt.Key.Key_F9)
            o.until(lambda: "éjectée" in said(o))
            assert not os.path.ismount(real.place)
            assert not o.screen.goes.after.isVisible()


def test_a_stick_of_copies_is_shown_for_what_it_is_and_takes_no_parcel(
    qtbot: QtBot, member: Desk, real: RealStick
) -> None:
    (real.place / MARK_NAME).write_bytes(mark_text(new_mark(Use.BACKUP)))
    with opened(qtbot, member, ExchangeScreen) as o:
        o.screen._look.stop()
        o.press(Qt.Key.Key_F5)
        assert o.screen.places.list.item(0).text().endswith("sauvegardes")
        assert o.screen.places.why.isVisible()
        assert not o.screen.write.isEnabled()
        folder = real.place / "Envois"
        folder.mkdir()
        o.screen.places.show_folder(folder)
        o.idle()
        assert not o.screen.write.isEnabled(), "nor in a folder of that stick"
        (real.place / MARK_NAME).write_bytes(mark_text(new_mark(Use.TRANSPORT)))
        o.screen.safety.copy_to(folder, PASSPHRASE)
        o.until(lambda: o.screen.safety.copy.isEnabled())
        assert "porte des envois" in o.screen.safety.notice.text
        assert list(folder.iterdir()) == []


def test_in_a_folder_the_words_help_to_send_the_file_by_mail(qtbot: QtBot, member: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "Envois"
    folder.mkdir()
    with opened(qtbot, member, ExchangeScreen) as o:
        o.screen.places.show_folder(folder)
        o.press(Qt.Key.Key_F12)
        o.until(lambda: bool(o.screen.result.text))
        (parcel,) = folder.glob("*.epic")
        assert parcel.name in said(o)
        assert "« Envois »" in said(o)
        assert "courriel" in said(o)
        assert "scellé" in said(o)
        assert o.screen.goes.after.isVisible()
        assert "Ouvrir le dossier" in o.screen.goes.after.text()


def test_what_changed_since_makes_the_parcel_anew_instead_of_writing_the_old_one(
    qtbot: QtBot, member: Desk, goods: Goods, tmp_path: Path
) -> None:
    blocked = tmp_path / "fichier"
    blocked.write_bytes(b"")
    with opened(qtbot, member, ExchangeScreen) as o:
        o.screen.places.show_folder(blocked)
        o.press(Qt.Key.Key_F12)
        o.until(lambda: bool(o.screen.result.text))
        assert o.screen.goes.waiting is not None
        sold(member, goods.households["Martin"], goods.articles["carottes"], 500)
        o.until(lambda: o.screen.goes.waiting is None)
        o.idle()
        o.screen.places.show_folder(tmp_path)
        o.press(Qt.Key.Key_F12)
        o.until(lambda: "écrit et relu" in said(o))
        assert "n° 2" in said(o)


def test_a_stick_comes_back_by_its_mark_or_by_its_place_size_and_volume(tmp_path: Path) -> None:
    before = StickIdentity(tmp_path, 1, 1, 1000, "", "0123456789abcdef")
    place = Place(tmp_path, before)
    assert Place(tmp_path, replace(before, device=2, total=999)).comes_back(place)
    assert not Place(tmp_path, replace(before, mark="fedcba9876543210")).comes_back(place)
    assert not Place(tmp_path, replace(before, mark="")).comes_back(place)
    bare = Place(tmp_path, replace(before, mark=""))
    assert Place(tmp_path, replace(before, mark="", device=9)).comes_back(bare)
    assert not Place(tmp_path, replace(before, mark="", total=9)).comes_back(bare)
    assert not Place(tmp_path, None).comes_back(bare)
