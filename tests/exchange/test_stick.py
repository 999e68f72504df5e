from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from epicerie_desktop.exchange.drives import linux_sticks
from epicerie_desktop.exchange.filesystem import FileSystem, StickIdentity
from epicerie_desktop.exchange.stick import identify, list_sticks, read_bounded, write_safely
from epicerie_desktop.support.errors import EnvironmentTrouble

DATA = bytes(range(256)) * 40
NAME = "export-SFL-A-00012-20120630.epic"
GESTURES = (
    "is_folder", "identify", "system_devices", "entries", "taken", "free", "create", "write", "sync", "close", "read_back", "replace",
    "sync_folder", "size", "remove",
)  # fmt: skip


class Disk(FileSystem):
    """A real folder taken for a stick; the gesture number `at` fails, before or after it is done, once or for good."""

    def __init__(self, at: int = 0, number: int = 0, *, after: bool = False, dead: bool = False) -> None:
        self.at, self.number, self.after, self.dead = at, number, after, dead
        self.done: list[str] = []

    def system_devices(self) -> frozenset[int]:
        return frozenset()

    def write(self, descriptor: int, data: memoryview) -> int:
        return super().write(descriptor, data[:4000])


def failing(gesture: str):
    def act(self, *given):
        self.done.append(gesture)
        fails = self.at and (len(self.done) == self.at or (self.dead and len(self.done) > self.at))
        inherited = getattr(super(Faulty, self), gesture)
        if gesture == "close":  # the descriptor is gone even when closing fails
            inherited(*given)
        if fails and not self.after:
            raise OSError(self.number, "injected")
        found = None if gesture == "close" else inherited(*given)
        if fails:
            raise OSError(self.number, "injected")
        return found

    return act


class Faulty(Disk):
    pass


for _gesture in GESTURES:
    setattr(Faulty, _gesture, failing(_gesture))

ERRORS = {
    errno.ENOSPC: ("CLE-301", "plus assez de place"), errno.EDQUOT: ("CLE-301", "plus assez de place"),
    errno.EROFS: ("CLE-302", "protégé"), errno.ENOTCONN: ("CLE-303", "ne répond plus"),
    errno.EIO: ("CLE-303", "ne répond plus"), errno.ENODEV: ("CLE-303", "ne répond plus"),
    errno.ENOENT: ("CLE-303", "ne répond plus"), errno.ENXIO: ("CLE-303", "ne répond plus"),
    errno.EFBIG: ("CLE-304", "trop gros"), errno.EACCES: ("CLE-305", "ne permet pas"),
    errno.EPERM: ("CLE-305", "ne permet pas"), errno.EBUSY: ("CLE-310", "autre programme"),
    errno.ENAMETOOLONG: ("CLE-311", "nom du fichier"), errno.EINVAL: ("CLE-399", "EINVAL"),
}  # fmt: skip
INTACT = "Ce qui était déjà écrit est intact."


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / NAME).write_bytes(b"the month before")
    return tmp_path


def others(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != NAME}


def test_a_file_is_written_whole_under_a_name_still_free(stick):
    disk = Faulty()
    written = write_safely(stick, NAME, DATA, expected=identify(stick), fs=disk)
    assert written.name == "export-SFL-A-00012-20120630-2.epic"
    assert others(stick) == {written.name: DATA}
    assert (stick / NAME).read_bytes() == b"the month before"
    assert disk.done.count("write") == 3
    order = [
        disk.done.index(g) for g in ("create", "write", "sync", "close", "read_back", "replace", "sync_folder", "size")
    ]
    assert order == sorted(order)


@pytest.mark.parametrize("dead", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.get)
def test_whatever_fails_old_files_stay_and_nothing_half_written_bears_the_name(stick, number, after, dead):
    chosen, free = identify(stick), Faulty()
    write_safely(stick, "count.epic", DATA, expected=chosen, fs=free)
    steps = len(free.done)
    assert steps >= 17
    for step in range(1, steps + 1):
        before = others(stick)
        disk = Faulty(step, number, after=after, dead=dead)
        with pytest.raises(EnvironmentTrouble) as trouble:
            write_safely(stick, NAME, DATA, expected=chosen, fs=disk)
        code, said = ERRORS[number]
        assert trouble.value.code == code, disk.done
        sentence = str(trouble.value)
        assert said in sentence
        assert "clé" in sentence
        assert sentence.endswith(INTACT)
        assert "injected" not in sentence
        assert str(stick) not in sentence
        assert (stick / NAME).read_bytes() == b"the month before"
        new = {name: data for name, data in others(stick).items() if name not in before}
        assert all(data == DATA for name, data in new.items() if name.endswith(".epic")), (step, disk.done)
        left = [name for name in new if name.endswith(".partial")]
        assert not left or dead, (step, disk.done)
        for name in new:
            (stick / name).unlink()


def test_the_next_export_works_after_every_failure(stick):
    chosen = identify(stick)
    with pytest.raises(EnvironmentTrouble):
        write_safely(stick, "a.epic", DATA, expected=chosen, fs=Faulty(9, errno.EIO, dead=True))
    assert write_safely(stick, "a.epic", DATA, expected=chosen, fs=Disk()).read_bytes() == DATA


def test_in_a_folder_of_the_computer_no_sentence_speaks_of_a_stick_to_pull_out(stick):
    for number, (code, said) in ERRORS.items():
        with pytest.raises(EnvironmentTrouble, match=said) as trouble:
            write_safely(stick, NAME, DATA, expected=None, fs=Faulty(5, number))
        assert trouble.value.code == code
        assert "Remettez" not in str(trouble.value)
        assert str(trouble.value).endswith(INTACT)


def test_without_the_temporary_name_a_half_file_would_be_found(stick):
    """The control: the same harness over a naive writing does find a half file."""
    disk = Faulty(3, errno.EIO)
    descriptor = disk.create(stick / "naive.epic")
    disk.write(descriptor, memoryview(DATA))
    with pytest.raises(OSError, match="injected"):
        disk.write(descriptor, memoryview(DATA)[4000:])
    disk.close(descriptor)
    assert 0 < len((stick / "naive.epic").read_bytes()) < len(DATA)


def test_without_the_look_at_the_name_the_parcel_before_would_be_lost(stick):
    """The control: what keeps the parcel before is that a name already borne is seen."""

    class Blind(Disk):
        def taken(self, path: Path) -> bool:
            return False

    write_safely(stick, NAME, DATA, expected=identify(stick), fs=Blind())
    assert (stick / NAME).read_bytes() == DATA


def test_without_the_reading_back_a_lying_stick_would_be_believed(stick):
    """The control: what tells a lying stick is that the file is read again, and nothing else."""

    class Believed(Disk):
        def sync(self, descriptor: int) -> None:
            os.pwrite(descriptor, b"?", 5000)

        def read_back(self, path: Path) -> str:
            return hashlib.sha256(DATA).hexdigest()

    written = write_safely(stick, "a.epic", DATA, expected=identify(stick), fs=Believed())
    assert written.read_bytes() != DATA


def test_what_a_pulled_out_stick_left_behind_is_swept_at_the_next_writing_and_nothing_else(stick):
    chosen = identify(stick)
    left, kept = stick / f"{NAME}.0a1b2c3d.partial", ("film.partial", "a.epic.partial", "notes.0a1b2c3d.txt")
    left.write_bytes(b"half")
    for name in kept:
        (stick / name).write_bytes(b"somebody's")
    write_safely(stick, "b.epic", DATA, expected=None)
    assert left.exists()  # a shared folder: somebody else may be writing there
    write_safely(stick, "c.epic", DATA, expected=chosen, fs=Disk())
    assert not left.exists()
    assert all((stick / name).exists() for name in kept)

    class Stuck(Disk):
        def remove(self, path: Path) -> None:
            raise OSError(errno.EIO, "a damaged entry")

    left.write_bytes(b"half")
    assert write_safely(stick, "d.epic", DATA, expected=chosen, fs=Stuck()).read_bytes() == DATA


@pytest.mark.parametrize("number", range(2, 4))
@pytest.mark.parametrize("field", ["device", "total", "file_system", "volume", "root"])
def test_another_stick_put_in_its_place_is_noticed_before_and_after(stick, field, number):
    other = {"device": 7, "total": 7, "file_system": 7, "volume": "OTHER", "root": Path("/elsewhere")}[field]
    chosen = identify(stick)

    class Swapped(Disk):
        asked = 0

        def identify(self, path: Path) -> StickIdentity:
            self.asked += 1
            return replace(chosen, **{field: other}) if self.asked >= number else chosen

    with pytest.raises(EnvironmentTrouble, match=r"n’est plus la clé") as trouble:
        write_safely(stick, NAME, DATA, expected=chosen, fs=Swapped())
    assert trouble.value.code == "CLE-306"
    with pytest.raises(EnvironmentTrouble, match=r"n’est plus la clé"):
        write_safely(stick, NAME, DATA, expected=replace(chosen, **{field: other}), fs=Disk())


def test_a_stick_that_is_gone_never_lets_the_file_fall_on_the_computer(stick):
    class Computer(Disk):
        def system_devices(self) -> frozenset[int]:
            return frozenset({stick.stat().st_dev})

    chosen = replace(identify(stick), device=-1)
    with pytest.raises(EnvironmentTrouble, match="La clé n’est plus là") as trouble:
        write_safely(stick, NAME, DATA, expected=chosen, fs=Computer())
    assert trouble.value.code == "CLE-307"
    assert others(stick) == {}
    assert write_safely(stick, NAME, DATA, expected=None, fs=Computer()).read_bytes() == DATA


def test_a_stick_that_changes_what_it_is_given_is_told_apart(stick):
    class Worn(Disk):
        def sync(self, descriptor: int) -> None:
            os.pwrite(descriptor, b"?", 5000)

    with pytest.raises(EnvironmentTrouble, match="relu") as trouble:
        write_safely(stick, NAME, DATA, expected=identify(stick), fs=Worn())
    assert trouble.value.code == "CLE-308"
    assert others(stick) == {}


def test_a_stick_nearly_full_is_refused_before_anything_is_written(stick):
    class Full(Faulty):
        def free(self, folder: Path) -> int:
            return len(DATA)

    disk = Full()
    with pytest.raises(EnvironmentTrouble, match="place") as trouble:
        write_safely(stick, NAME, DATA, expected=None, fs=disk)
    assert trouble.value.code == "CLE-301"
    assert "create" not in disk.done


def test_a_huge_file_that_takes_the_room_is_named_so_that_it_can_be_moved(stick):
    class Full(Disk):
        def free(self, folder: Path) -> int:
            return len(DATA)

    with (stick / "film.mkv").open("wb") as huge:
        huge.truncate(2**31)
    for disk in (Full(), Faulty(8, errno.ENOSPC)):
        with pytest.raises(EnvironmentTrouble, match=r"film\.mkv.* occupe 2,1.Go") as trouble:
            write_safely(stick, NAME, DATA, expected=identify(stick), fs=disk)
        assert trouble.value.code == "CLE-301"
        assert str(trouble.value).endswith(INTACT)
        assert {p.name for p in stick.iterdir()} == {"film.mkv", NAME}
        assert (stick / NAME).read_bytes() == b"the month before"


def test_a_clock_that_went_back_never_takes_the_name_of_an_older_parcel(stick):
    written = [write_safely(stick, "export-SFL-A-00001-19700101.epic", bytes([n]), expected=None) for n in range(3)]
    assert [p.read_bytes() for p in written] == [b"\0", b"\1", b"\2"]
    assert len({p.name for p in written}) == 3


def test_a_folder_a_broken_link_or_a_huge_file_of_that_name_is_left_alone(stick):
    (stick / "a.epic").mkdir()
    (stick / "a-2.epic").symlink_to(stick / "nowhere")
    with (stick / "a-3.epic").open("wb") as huge:
        huge.truncate(2**31)
    written = write_safely(stick, "a.epic", DATA, expected=None)
    assert written.name == "a-4.epic"
    assert written.read_bytes() == DATA
    assert (stick / "a-3.epic").stat().st_size == 2**31
    assert (stick / "a-2.epic").is_symlink()


def test_a_rename_held_by_an_antivirus_is_tried_again(stick):
    class Held(Disk):
        pauses: tuple[float, ...] = ()
        tries = 0

        def patience(self) -> tuple[float, ...]:
            return (0.1, 0.2, 0.3)

        def pause(self, seconds: float) -> None:
            self.pauses += (seconds,)

        def replace(self, source: Path, target: Path) -> None:
            self.tries += 1
            if self.tries < 3:
                raise PermissionError(errno.EACCES, "held")
            super().replace(source, target)

    disk = Held()
    assert write_safely(stick, "a.epic", DATA, expected=None, fs=disk).read_bytes() == DATA
    assert disk.pauses == (0.1, 0.2)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Zoé.epic",
        "a/b.epic",
        "../a",
        ".cache",
        "a b",
        "CON.epic",
        "nul",
        "a:b",
        "a.",
        "x" * 101,
        "a\n",
        "LPT1.epic",
    ],
)
def test_a_name_that_some_stick_could_not_bear_is_a_fault_of_the_program(stick, name):
    with pytest.raises(ValueError, match="file name"):
        write_safely(stick, name, DATA, expected=None)


def test_a_place_that_is_no_folder_or_is_gone_is_told(stick):
    for place, code in ((stick / NAME, "CLE-309"), (stick / "absent", "CLE-303")):
        with pytest.raises(EnvironmentTrouble) as trouble:
            write_safely(place, NAME, DATA, expected=None)
        assert trouble.value.code == code
        assert INTACT in str(trouble.value)


def test_windows_words_for_a_missing_or_locked_stick_are_understood(stick):
    for number, code in ((19, "CLE-302"), (21, "CLE-303"), (1167, "CLE-303"), (112, "CLE-301"), (32, "CLE-310")):

        class Windows(Disk):
            word = number

            def create(self, path: Path) -> int:
                error = OSError(errno.EACCES, "said by Windows")
                error.winerror = self.word  # type: ignore[attr-defined]
                raise error

        with pytest.raises(EnvironmentTrouble) as trouble:
            write_safely(stick, NAME, DATA, expected=None, fs=Windows())
        assert trouble.value.code == code


def test_reading_stops_one_byte_after_the_limit_and_tells_what_fails(stick):
    (stick / "a.epic").write_bytes(DATA)
    assert read_bounded(stick / "a.epic", len(DATA)) == DATA
    assert len(read_bounded(stick / "a.epic", 100)) == 101
    with pytest.raises(EnvironmentTrouble) as trouble:
        read_bounded(stick / "b.epic", 100)
    assert trouble.value.code == "CLE-303"
    with pytest.raises(EnvironmentTrouble):
        read_bounded(stick, 100)


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
/dev/sdb1 /media/marie/CLE\\040BLEUE vfat rw 0 0
/dev/sdc1 /run/media/marie/DISQUE exfat rw 0 0
/dev/sdd1 /mnt/usb vfat rw 0 0
/dev/sde1 /mnt/fixed ext4 rw 0 0
/dev/sr0 /media/marie/CDROM iso9660 ro 0 0
tmpfs /media/marie/tmpfs tmpfs rw 0 0
/dev/sdf1 /home ext4 rw 0 0
broken
"""


def test_sticks_are_what_the_desktop_mounted_and_what_is_removable_under_mnt(tmp_path):
    for disk, removable in (("sdd", "1\n"), ("sde", "0\n")):
        (tmp_path / "devices" / disk / f"{disk}1").mkdir(parents=True)
        (tmp_path / "devices" / disk / "removable").write_text(removable)
        (tmp_path / f"{disk}1").symlink_to(tmp_path / "devices" / disk / f"{disk}1")
    found = linux_sticks(MOUNTS, tmp_path)
    assert found == [Path("/media/marie/CLE BLEUE"), Path("/mnt/usb"), Path("/run/media/marie/DISQUE")]
    assert linux_sticks("", tmp_path) == []
    assert isinstance(list_sticks(), list)
