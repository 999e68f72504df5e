"""Contents made to take all the memory or all the time of whoever reads them."""

from __future__ import annotations

import zlib

BOMBS = {
    "depth": b"[" * 100_000,
    "depth of objects": b'{"a":' * 100_000,
    "million keys": b"{" + b",".join(b'"%d":0' % n for n in range(1_000_000)) + b"}",
    "empty lists": b"[" + b"[]," * 3_000_000 + b"[]]",
    "quotes": b'"' + b'\\"' * 9_000_000,
    "unpaired": b'"\\' * 9_000_000,
    "huge": b" " * 20_000_001,
    "long number": b"9" * 19_000_000,
}


def packed_bomb() -> bytes:
    """Return 500 MB of zeros as one gzip member of less than a megabyte."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([packer.compress(bytes(1 << 20)) for _ in range(500)]) + packer.flush()
