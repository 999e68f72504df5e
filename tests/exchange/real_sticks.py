"""Real sticks: an exFAT or NTFS image behind a loop device, served by a driver that can be killed as a stick is pulled out.

The Debian packages are `exfat-fuse exfatprogs ntfs-3g`, and mounting asks for root; a test that lacks them is skipped.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KINDS = {
    "exfat": (("mkfs.exfat",), ("mount.exfat-fuse", "-d")),
    "ntfs": (("mkntfs", "-Q", "-F", "-q"), ("ntfs-3g", "-o", "no_detach")),
}
SIZE = 12 << 20


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


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


class RealStick:
    """A stick of one kind; `place` is where it is mounted, made when it is not there."""

    def __init__(self, folder: Path, kind: str, place: Path | None = None) -> None:
        self.kind, self.loop = kind, ""
        self.place, self.image = place or folder / kind, folder / f"{kind}.image"
        self.driver: subprocess.Popen[bytes] | None = None
        try:
            self.place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            pytest.skip(f"dossier non permis ici : {error}")
        with self.image.open("wb") as handle:
            handle.truncate(SIZE)

    def plug(self, *, read_only: bool = False) -> None:
        make, serve = KINDS[self.kind]
        if not sys.platform.startswith("linux"):
            pytest.skip("montage essayé seulement sous Linux")
        try:
            if not self.loop:
                subprocess.run([*make, str(self.image)], capture_output=True, check=True)
                made = subprocess.run(
                    ["losetup", "--find", "--show", str(self.image)], capture_output=True, text=True, check=True
                )
                self.loop = made.stdout.strip()
            options = ("-o", "ro") if read_only else ()
            self.driver = subprocess.Popen(
                [*serve, *options, self.loop, str(self.place)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"{self.kind} ou boucle non permis ici (exfat-fuse, exfatprogs, ntfs-3g) : {error}")
        limit = time.monotonic() + 10
        while not os.path.ismount(self.place):
            if self.driver.poll() is not None or time.monotonic() > limit:
                pytest.skip(f"montage {self.kind} non permis ici")

    def pull(self) -> None:
        """The driver is killed: everything asked of the stick fails from now on."""
        if self.driver is not None:
            self.driver.send_signal(signal.SIGKILL)
            self.driver.wait()

    def detach(self) -> None:
        """The folder lets go of the stick while files are still open on it."""
        subprocess.run(["umount", "-l", str(self.place)], check=True)

    def unplug(self) -> None:
        unmount(self.place)
        self.pull()

    def away(self) -> None:
        self.unplug()
        if self.loop:
            subprocess.run(["losetup", "-d", self.loop], check=True)
