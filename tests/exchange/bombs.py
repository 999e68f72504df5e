"""Contents made to take all the memory or all the time of whoever reads them."""

from __future__ import annotations

import zlib
from collections.abc import Callable

# Made when asked for: they weigh 60 MB, which whoever only collects the tests has no use for.
BOMBS: dict[str, Callable[[], bytes]] = {
    "depth": lambda: b"[" * 100_000,
    "depth of objects": lambda: b'{"a":' * 100_000,
    "million keys": lambda: b"{" + b",".join(b'"%d":0' % n for n in range(1_000_000)) + b"}",
    "empty lists": lambda: b"[" + b"[]," * 3_000_000 + b"[]]",
    "quotes": lambda: b'"' + b'\\"' * 9_000_000,
    "unpaired": lambda: b'"\\' * 9_000_000,
    "huge": lambda: b" " * 20_000_001,
    "long number": lambda: b"9" * 19_000_000,
}


def packed_bomb() -> bytes:
    """Return 500 MB of zeros as one gzip member of less than a megabyte."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([packer.compress(bytes(1 << 20)) for _ in range(500)]) + packer.flush()
