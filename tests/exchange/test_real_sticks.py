"""The same writing on real disks: full, write-protected, pulled out. Skipped where mounting is refused."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from epicerie_desktop.exchange.filesystem import FileSystem
from epicerie_desktop.exchange.stick import identify, write_safely
from epicerie_desktop.support.errors import EnvironmentTrouble
from tests.exchange.real_sticks import KINDS, RealStick, contents, mounted, unmount

DATA = bytes(range(256)) * 40
NAME = "export-SFL-A-00012-20120630.epic"
INTACT = "Ce qui était déjà écrit est intact."


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "stick"
    place.mkdir()
    mounted(place, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place))
    yield place
    unmount(place)


class Roomy(FileSystem):
    """Believes that there is room, so that the disk itself has to say that it is full."""

    def free(self, folder: Path) -> int:
        return 1 << 40


def test_a_full_stick_keeps_what_it_had_and_no_half_file(small):
    (small / "old.epic").write_bytes(b"old" * 1000)
    chosen = identify(small)
    for disk in (FileSystem(), Roomy()):
        with pytest.raises(EnvironmentTrouble) as trouble:
            write_safely(small, "new.epic", bytes(2_000_000), expected=chosen, fs=disk)
        assert trouble.value.code == "CLE-301"
        assert contents(small) == {"old.epic": b"old" * 1000}
    assert write_safely(small, "new.epic", DATA, expected=chosen, fs=Roomy()).read_bytes() == DATA


def test_a_stick_that_is_write_protected_is_told(small):
    chosen = identify(small)
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    with pytest.raises(EnvironmentTrouble, match="protégée") as trouble:
        write_safely(small, "new.epic", DATA, expected=chosen, fs=Roomy())
    assert trouble.value.code == "CLE-302"


def test_an_unmounted_stick_leaves_nothing_on_the_computer(small):
    chosen = identify(small)
    unmount(small)

    class Computer(FileSystem):
        def system_devices(self) -> frozenset[int]:
            return frozenset({small.stat().st_dev})

    class Elsewhere(FileSystem):
        def system_devices(self) -> frozenset[int]:
            return frozenset()

    for disk, code in ((Computer(), "CLE-307"), (Elsewhere(), "CLE-306")):
        with pytest.raises(EnvironmentTrouble) as trouble:
            write_safely(small, "new.epic", DATA, expected=chosen, fs=disk)
        assert trouble.value.code == code
        assert list(small.iterdir()) == []


@pytest.mark.parametrize("gesture", ["sync", "read_back", "replace", "sync_folder", "size"])
def test_another_stick_mounted_in_the_middle_is_noticed(small, gesture):
    (small / "old.epic").write_bytes(b"old")
    chosen = identify(small)

    class Exchanged(Roomy):
        pass

    def exchange(self, *given):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)], check=True)
        return getattr(super(Exchanged, self), gesture)(*given)

    setattr(Exchanged, gesture, exchange)
    with pytest.raises(EnvironmentTrouble) as trouble:
        write_safely(small, "new.epic", DATA, expected=chosen, fs=Exchanged())
    assert trouble.value.code in ("CLE-303", "CLE-306")
    assert list(small.iterdir()) == []
    subprocess.run(["umount", str(small)], check=True)
    assert (small / "old.epic").read_bytes() == b"old"
    assert not (small / "new.epic").exists() or (small / "new.epic").read_bytes() == DATA


def test_a_file_beyond_what_the_disk_allows_is_told(small):
    resource = pytest.importorskip("resource")

    class Small(Roomy):
        def write(self, descriptor: int, data: memoryview) -> int:
            before = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (5000, before[1]))
            try:
                return super().write(descriptor, data)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, before)

    with pytest.raises(EnvironmentTrouble, match="trop gros") as trouble:
        write_safely(small, "new.epic", DATA, expected=None, fs=Small())
    assert trouble.value.code == "CLE-304"
    assert list(small.iterdir()) == []


@pytest.fixture(params=list(KINDS))
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealStick]:
    stick = RealStick(tmp_path, request.param)
    try:
        stick.plug()
        yield stick
    finally:
        stick.away()


def test_a_real_stick_takes_the_file_and_says_when_it_is_full(real: RealStick) -> None:
    place = real.place
    chosen = identify(place)
    assert write_safely(place, NAME, DATA, expected=chosen).read_bytes() == DATA
    assert write_safely(place, NAME.upper().lower(), DATA, expected=chosen).name != NAME
    before = contents(place)
    for disk in (FileSystem(), Roomy()):
        with pytest.raises(EnvironmentTrouble, match=INTACT) as trouble:
            write_safely(place, "big.epic", bytes(13_000_000), expected=chosen, fs=disk)
        assert trouble.value.code == "CLE-301"
        assert contents(place) == before


def test_a_real_stick_write_protected_keeps_what_it_had(real: RealStick) -> None:
    write_safely(real.place, "old.epic", b"old", expected=identify(real.place))
    real.unplug()
    real.plug(read_only=True)
    with pytest.raises(EnvironmentTrouble, match=r"protégée en écriture.*intact") as trouble:
        write_safely(real.place, NAME, DATA, expected=identify(real.place))
    assert trouble.value.code == "CLE-302"
    assert contents(real.place) == {"old.epic": b"old"}


STEPS = ("entries", "free", "create", "write", "sync", "close", "read_back", "taken", "replace", "sync_folder", "size")


@pytest.mark.parametrize("how", ["pull", "detach"])
def test_a_real_stick_pulled_out_at_any_moment_is_told_and_takes_the_file_next_time(real: RealStick, how: str) -> None:
    write_safely(real.place, "old.epic", b"old", expected=identify(real.place))
    for at, step in enumerate(STEPS):

        class Pulled(FileSystem):
            pass

        def lost(self: FileSystem, *given: object, step: str = step, kind: type = Pulled) -> object:
            getattr(real, how)()
            return getattr(super(kind, self), step)(*given)

        setattr(Pulled, step, lost)
        name = f"export-SFL-A-{at:05d}-20120630.epic"
        with pytest.raises(EnvironmentTrouble) as trouble:
            write_safely(real.place, name, DATA, expected=identify(real.place), fs=Pulled())
        assert trouble.value.code in (("CLE-303",) if how == "pull" else ("CLE-303", "CLE-306")), step
        assert str(trouble.value).endswith(INTACT)
        if how == "detach":
            assert contents(real.place) == {}, "nothing fell on the computer"
        real.unplug()
        real.plug()
        found = contents(real.place)
        assert found.pop("old.epic") == b"old"
        assert found.pop(name, DATA) == DATA, step
        assert all(n.endswith(".partial") for n in found), step
        assert write_safely(real.place, name, DATA, expected=identify(real.place)).read_bytes() == DATA
        assert not [n for n in contents(real.place) if n.endswith(".partial")], "what was cut short is swept"
        for file in real.place.glob("export-*"):
            file.unlink()
