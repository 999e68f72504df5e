"""An order as a CSV file that French spreadsheets open as it is: semicolons, UTF-8 with its mark, no cell taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_order(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the file: a line of titles, then the rows, as words."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
