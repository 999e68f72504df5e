"""The pages of an encrypted file as they lie under the cipher, erased places included: what somebody with the key could read."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

PAGE, RESERVE, IV = 4096, 80, 16


def pages(path: Path, key: bytes) -> bytes:
    """Return every page of a SQLCipher 4 file decrypted, one after the other; skips the test where openssl is not there."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: pages cannot be decrypted without the engine")
    data = path.read_bytes()
    bodies, before = [], []
    for at in range(0, len(data), PAGE):
        page = data[at : at + PAGE]
        body = page[IV if at == 0 else 0 : PAGE - RESERVE]
        iv = page[PAGE - RESERVE : PAGE - RESERVE + IV]
        bodies.append(body)
        # Each block was mixed with the one before it, the first of a page with what stands at its end.
        before.append(iv + body[:-IV])
    clear = subprocess.run(
        ["openssl", "enc", "-d", "-aes-256-ecb", "-nopad", "-K", key.hex()], input=b"".join(bodies), capture_output=True, check=True
    ).stdout  # fmt: skip
    mixed = b"".join(before)
    found = int.from_bytes(clear, "big") ^ int.from_bytes(mixed, "big")
    return found.to_bytes(len(clear), "big")
