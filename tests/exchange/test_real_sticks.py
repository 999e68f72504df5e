"""The same writing on real disks: full, write-protected, pulled out. Skipped where mounting is refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from epicerie_desktop.exchange.filesystem import FileSystem
from epicerie_desktop.exchange.stick import identify, write_safely
from epicerie_desktop.support.errors import EnvironmentTrouble

DATA = bytes(range(256)) * 40
NAME = "export-SFL-A-00012-20120630.epic"


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def mounted(place: Path, *command: str) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("montage essayé seulement sous Linux")
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"outil absent : {error.filename}")
    if done.returncode or not os.path.ismount(place):
        if os.path.ismount(place):
            # Without /proc, mount does its work and still complains.
            unmount(place)
        pytest.skip(f"montage non permis ici : {done.stderr.strip()}")


def unmount(place: Path) -> None:
    while os.path.ismount(place) or not _answers(place):
        subprocess.run(["umount", "-l", str(place)], check=True)


def _answers(place: Path) -> bool:
    try:
        place.stat()
    except OSError:
        return False
    return True


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


class Exfat:
    """A real exFAT stick: an image behind a loop device, served by a driver that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.place, self.image, self.loop = folder / "exfat", folder / "image", ""
        self.driver: subprocess.Popen[bytes] | None = None
        self.place.mkdir()
        with self.image.open("wb") as handle:
            handle.truncate(8 << 20)

    def plug(self) -> None:
        try:
            if not self.loop:
                subprocess.run(["mkfs.exfat", str(self.image)], capture_output=True, check=True)
                made = subprocess.run(
                    ["losetup", "--find", "--show", str(self.image)], capture_output=True, text=True, check=True
                )
                self.loop = made.stdout.strip()
            self.driver = subprocess.Popen(
                ["mount.exfat-fuse", "-d", self.loop, str(self.place)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"exFAT ou boucle non permis ici : {error}")
        limit = time.monotonic() + 10
        while not os.path.ismount(self.place):
            if self.driver.poll() is not None or time.monotonic() > limit:
                pytest.skip("montage exFAT non permis ici")

    def pull(self) -> None:
        if self.driver is not None:
            self.driver.send_signal(signal.SIGKILL)
            self.driver.wait()

    def unplug(self) -> None:
        unmount(self.place)
        self.pull()

    def away(self) -> None:
        self.unplug()
        if self.loop:
            subprocess.run(["losetup", "-d", self.loop], check=True)


@pytest.fixture
def exfat(tmp_path: Path) -> Iterator[Exfat]:
    stick = Exfat(tmp_path)
    try:
        stick.plug()
        yield stick
    finally:
        stick.away()


def test_an_exfat_stick_takes_the_file_and_says_when_it_is_full(exfat):
    place = exfat.place
    chosen = identify(place)
    assert write_safely(place, NAME, DATA, expected=chosen).read_bytes() == DATA
    assert write_safely(place, NAME.upper().lower(), DATA, expected=chosen).name != NAME
    before = contents(place)
    with pytest.raises(EnvironmentTrouble) as trouble:
        write_safely(place, "big.epic", bytes(9_000_000), expected=chosen, fs=Roomy())
    assert trouble.value.code == "CLE-301"
    assert contents(place) == before


@pytest.mark.parametrize("gesture", ["create", "write", "sync", "close", "read_back", "replace", "sync_folder", "size"])
def test_an_exfat_stick_pulled_out_at_any_moment_is_told(exfat, gesture):
    place = exfat.place
    chosen = identify(place)
    write_safely(place, "old.epic", b"old", expected=chosen)

    class Pulled(FileSystem):
        pass

    def pull(self, *given):
        exfat.pull()
        return getattr(super(Pulled, self), gesture)(*given)

    setattr(Pulled, gesture, pull)
    with pytest.raises(EnvironmentTrouble, match="ne répond plus") as trouble:
        write_safely(place, NAME, DATA, expected=chosen, fs=Pulled())
    assert trouble.value.code == "CLE-303"
    exfat.unplug()
    exfat.plug()
    assert (place / "old.epic").read_bytes() == b"old"
    assert not (place / NAME).exists() or (place / NAME).read_bytes() == DATA
    assert write_safely(place, NAME, DATA, expected=identify(place)).read_bytes() == DATA
