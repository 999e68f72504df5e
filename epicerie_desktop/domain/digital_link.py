"""GS1 Digital Link: the web address a QR code of a pack carries, read as the GS1 message it is. No address is ever visited.

`https://id.gs1.org/01/09521234543213/10/ABC123?17=261231`: a key and its qualifiers in the path, whose beginning is the
maker's own, the other data in the query (GS1 Digital Link Standard: URI Syntax).
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from epicerie_desktop.domain import gs1

_ADDRESS = re.compile(r"https?://[^/?#\s]+[/?#]", re.IGNORECASE)
_ARTICLE = "01"
_QUALIFIERS = ("10", "21", "22", "235")
_NUMBER = re.compile(r"\d{8}|\d{12,14}", re.ASCII)
_AI = re.compile(r"\d{2,4}", re.ASCII)


def is_address(text: str) -> bool:
    """Return whether `text` is a web address."""
    return _ADDRESS.match(text) is not None


def message_of(address: str) -> str | None:
    """Return the GS1 message of an address, each field ended by a separator; None when it names no article.

    The last key of the path is the one meant: the maker's own folders come before it. Raises `gs1.NotReadable` when a
    qualifier has no value or the key is no article number.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    folders = [unquote(part) for part in parts.path.split("/")]
    if folders and not folders[-1]:
        folders.pop()
    key = next((i for i in reversed(range(len(folders))) if _is_key(folders, i)), None)
    if key is None:
        return None
    number, after = folders[key + 1], folders[key + 2 :]
    if _NUMBER.fullmatch(number) is None or len(after) % 2:
        raise gs1.NotReadable(gs1.MALFORMED)
    fields = [(_ARTICLE, number.zfill(14)), *zip(after[::2], after[1::2], strict=True)]
    fields += [(ai, value) for ai, value in parse_qsl(parts.query) if _AI.fullmatch(ai)]
    return gs1.SEPARATOR.join(ai + value for ai, value in fields)


def _is_key(folders: list[str], at: int) -> bool:
    """Return whether an article's key stands there: `01`, its number, then nothing but pairs of qualifiers."""
    return folders[at] == _ARTICLE and at + 1 < len(folders) and all(ai in _QUALIFIERS for ai in folders[at + 2 :: 2])
