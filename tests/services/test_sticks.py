"""A stick that travels never receives a copy of the data, a stick of copies never travels; and copies on sticks that fail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from epicerie_desktop.exchange import stick_use
from epicerie_desktop.exchange.stick_mark import MARK_NAME, mark_text, new_mark, read_mark
from epicerie_desktop.persistence import backup, vault
from epicerie_desktop.persistence.models import load_all
from epicerie_desktop.services import dump, opening, safeguard, sticks
from epicerie_desktop.services.contract import consolidate, share
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.sticks import Use
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from tests.cli.conftest import Run, epicerie
from tests.conftest import FAST, PASSPHRASE, TODAY
from tests.exchange.real_sticks import KINDS, RealStick, contents, mounted, unmount

load_all()

__all__ = ["epicerie"]

INTACT = "Ce qui était déjà écrit est intact."


@pytest.fixture(scope="module")
def enrolment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The contract's file of one shop."""
    folder = tmp_path_factory.mktemp("hub")
    shop = opening.NewShop("Coordination", "COORD", "Dominique", kind=opening.COORDINATOR)
    opening.create_shop(folder / "hub.db", shop, PASSPHRASE, FrozenClock.on(TODAY), cost=FAST)
    hub = opening.open_desk(folder / "hub.db", PASSPHRASE, FrozenClock.on(TODAY))
    try:
        contract = consolidate.create_contract(hub, "Contrat social", date(2026, 9, 1), date(2028, 12, 31))
        consolidate.add_site(hub, contract, "SF01", "Épicerie")
        return consolidate.write_enrolment_file(hub, consolidate.list_sites(hub, contract)[0].id, folder)
    finally:
        hub.db.close()


@pytest.fixture
def member(desk: Desk, enrolment: Path) -> Desk:
    share.join_contract(desk, share.read_contract_file(enrolment))
    return share.desk_now(desk)


def later(desk: Desk, days: int = 1) -> Desk:
    return replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=days)))


def key_of(desk: Desk) -> bytes:
    assert desk.db.path is not None
    return opening.open_keys(desk.db.path, PASSPHRASE).main


def marked(folder: Path, use: Use) -> Path:
    folder.mkdir()
    (folder / MARK_NAME).write_bytes(mark_text(new_mark(use)))
    return folder


def tree(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def test_a_transport_stick_receives_no_copy_of_the_data_by_any_gesture(
    member: Desk, tmp_path: Path, epicerie: Run
) -> None:
    stick = marked(tmp_path / "cle", Use.TRANSPORT)
    for folder in (stick, stick / "copies", stick / "a" / "b"):
        with pytest.raises(RuleRefused, match="porte des envois"):
            safeguard.back_up(member, folder, PASSPHRASE)
        with pytest.raises(RuleRefused, match="porte des envois"):
            dump.dump(member, folder)
        for gesture in ("backup", "dump"):
            assert "videz-la" in epicerie(gesture, folder, "--database", member.db.path).complaint(1)
    assert tree(stick) == [MARK_NAME]
    (stick / MARK_NAME).unlink()
    assert safeguard.back_up(member, stick, PASSPHRASE).exists(), "the control: it was the mark that refused"


def test_a_stick_of_copies_receives_no_parcel_and_no_number_is_spent(
    member: Desk, tmp_path: Path, epicerie: Run
) -> None:
    stick = marked(tmp_path / "cle", Use.BACKUP)
    with pytest.raises(RuleRefused, match="ne doit pas voyager"):
        share.export_parcel(member, stick)
    assert "voyager" in epicerie("export", stick, "--database", member.db.path).complaint(1)
    sealed = share.seal_parcel(member)
    with pytest.raises(RuleRefused, match="ne doit pas voyager"):
        share.write_parcel_file(sealed, stick)
    assert tree(stick) == [MARK_NAME]
    assert sealed.seq == 1
    written = [share.write_parcel_file(sealed, tmp_path) for _ in range(2)]
    assert [w.path.read_bytes() for w in written] == [sealed.data] * 2, "refused, it is still there to be written"


def test_what_a_stick_carries_is_told_by_its_files_without_any_mark(tmp_path: Path) -> None:
    place = tmp_path / "tmpfs"
    place.mkdir()
    mounted(place, "mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place))
    try:
        assert stick_use.uses_of(place, sticks=[place]) == frozenset()
        deep = place / "Envois" / "2026"
        deep.mkdir(parents=True)
        (deep / "export-SF01-1-00001-20260101.epic").write_bytes(b"")
        assert stick_use.uses_of(place, sticks=[place]) == frozenset()
        assert stick_use.uses_of(deep, sticks=[place]) == {Use.TRANSPORT}
        (place / "Envois" / "accuse-SF01-1-00001.epic-recu").write_bytes(b"")
        assert stick_use.uses_of(place / "nouveau", sticks=[place]) == {Use.TRANSPORT}
        (place / "shop-20260101-101010.keys.json").write_bytes(b"")
        assert stick_use.uses_of(place, sticks=[place]) == set(Use)
        assert stick_use.uses_of(deep.parent, sticks=[]) == frozenset(), "a folder of the computer holds what it likes"
        stick_use.mark_stick(deep, Use.BACKUP, sticks=[place])
        first = read_mark(place)
        assert first is not None
        assert first.use is Use.BACKUP
        stick_use.mark_stick(place, Use.TRANSPORT, sticks=[place])
        assert read_mark(place) == first, "a stick keeps its mark"
    finally:
        unmount(place)


@pytest.fixture(params=list(KINDS))
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealStick]:
    """A real stick where the desktop would mount it, so that the system lists it by itself."""
    place = Path("/media") / f"essai-{os.getpid()}"
    stick = RealStick(tmp_path, request.param, place)
    try:
        stick.plug()
        yield stick
    finally:
        stick.away()
        place.rmdir()


def test_a_real_stick_takes_the_use_of_what_it_first_received(real: RealStick, member: Desk, epicerie: Run) -> None:
    assert real.place in share.available_sticks()
    ran = epicerie("export", real.place, "--database", member.db.path)
    assert ran.code == 0
    assert "courriel" in ran.out
    mark = read_mark(real.place)
    assert mark is not None
    assert mark.use is Use.TRANSPORT
    assert share.identify_stick(real.place).mark == mark.number
    before = tree(real.place)
    with pytest.raises(RuleRefused, match="porte des envois"):
        safeguard.back_up(member, real.place / "copies", PASSPHRASE)
    assert tree(real.place) == before
    for file in real.place.iterdir():
        file.unlink()
    copy = safeguard.back_up(member, real.place, PASSPHRASE)
    assert backup.verify(copy, key_of(member)).journal
    assert sticks.uses(real.place) == {Use.BACKUP}
    (real.place / MARK_NAME).unlink()
    with pytest.raises(RuleRefused, match="ne doit pas voyager"):
        share.export_parcel(member, real.place)
    second = safeguard.back_up(later(member), real.place, PASSPHRASE)
    assert second != copy
    assert copy.exists()


def test_a_copy_on_a_stick_that_fails_is_told_and_the_copy_before_is_intact(
    real: RealStick, member: Desk, epicerie: Run
) -> None:
    place = real.place
    copy = safeguard.back_up(member, place, PASSPHRASE)
    kept = contents(place)

    def refused(code: str) -> None:
        with pytest.raises(EnvironmentTrouble) as trouble:
            safeguard.back_up(later(member), place, PASSPHRASE)
        assert (trouble.value.code, INTACT in str(trouble.value)) == (code, True), str(trouble.value)
        assert INTACT in epicerie("backup", place, "--database", member.db.path).complaint(3)

    (place / "film.mkv").write_bytes(bytes(max(0, os.statvfs(place).f_bavail * os.statvfs(place).f_frsize - 900_000)))
    refused("CLE-301")
    (place / "film.mkv").unlink()
    (place / "shop-20260101-101010.db.partial").write_bytes(b"half of a copy")
    real.unplug()
    assert list(place.iterdir()) == []
    refused("CLE-307")
    assert list(place.iterdir()) == [], "nothing falls on the computer"
    real.plug(read_only=True)
    refused("CLE-302")
    real.unplug()
    real.plug()
    real.pull()
    refused("CLE-303")
    real.unplug()
    real.plug()
    assert {n: d for n, d in contents(place).items() if not n.endswith(".partial")} == kept
    backup.verify(copy, key_of(member))
    assert vault.vault_path(copy).exists()
    second = safeguard.back_up(later(member), place, PASSPHRASE)
    assert backup.verify(second, key_of(member)).journal
    assert not [n for n in contents(place) if n.endswith(".partial")], "what was cut short is swept"
