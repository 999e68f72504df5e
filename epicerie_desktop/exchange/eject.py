"""Ejecting a stick once it is written, by what each system offers; where it offers nothing, the person does it as usual."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_SECONDS = 60


def possible() -> bool:
    """Return whether the program can eject a stick on this machine."""
    return sys.platform == "win32" or bool(_commands(Path("/")))


def eject(root: Path) -> bool:
    """Eject the stick mounted at `root`, once all that was written has reached it; return whether it is gone."""
    if sys.platform == "win32":
        return _windows_eject(str(root)[:2])
    for command in _commands(root):
        try:
            # The program is found on this machine's own path, and the root comes from the system's list of mounts.
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0 and not os.path.ismount(root):
            return True
    return False


def _commands(root: Path) -> list[list[str]]:
    wanted = (
        [["diskutil", "eject", str(root)]]
        if sys.platform == "darwin"
        else [["gio", "mount", "-e", str(root)], ["gio", "mount", "-u", str(root)], ["umount", str(root)]]
    )
    return [[found, *command[1:]] for command in wanted if (found := shutil.which(command[0]))]


if sys.platform == "win32":

    def _windows_eject(drive: str) -> bool:
        """Lock the volume (refused while a file is open on it), dismount it, then ask for its ejection."""
        import ctypes
        from ctypes import wintypes

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = wintypes.HANDLE
        kernel.CreateFileW.argtypes = [
            wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, wintypes.LPVOID, wintypes.DWORD, wintypes.DWORD, wintypes.HANDLE,
        ]  # fmt: skip
        kernel.DeviceIoControl.argtypes = [
            wintypes.HANDLE, wintypes.DWORD, wintypes.LPVOID, wintypes.DWORD, wintypes.LPVOID, wintypes.DWORD,
            ctypes.POINTER(wintypes.DWORD), wintypes.LPVOID,
        ]  # fmt: skip
        kernel.CloseHandle.argtypes = [wintypes.HANDLE]
        read_write, shared, existing = 0xC0000000, 3, 3
        volume = kernel.CreateFileW(f"\\\\.\\{drive}", read_write, shared, None, existing, 0, None)
        if volume == wintypes.HANDLE(-1).value:
            return False
        lock, dismount, eject_media = 0x00090018, 0x00090020, 0x002D4808
        returned = wintypes.DWORD()
        try:
            return all(
                kernel.DeviceIoControl(volume, code, None, 0, None, 0, ctypes.byref(returned), None)
                for code in (lock, dismount, eject_media)
            )
        finally:
            kernel.CloseHandle(volume)
