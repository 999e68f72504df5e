"""An export of Open Food Facts (tab-separated UTF-8, plain or gzip) read line after line: the memory used does not grow with it."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from epicerie_desktop.domain.recalls import trade_code
from epicerie_desktop.domain.safety import Allergen, allergens_of_tags
from epicerie_desktop.domain.units import MAX_GRAMS
from epicerie_desktop.exchange.disk_trouble import read_trouble
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble
from epicerie_desktop.support.i18n import N_

LONGEST_LINE = 1 << 20
"""Bytes beyond which a line is dropped: no product is described so long, and it must not fill the memory."""
_LONGEST_TEXT = 120
_LINES_BETWEEN = 2000
_MASS = re.compile(r"(?<![\w.,])(\d{1,6}(?:[.,]\d{1,3})?)\s*(kg|g|mg)\b", re.IGNORECASE)
_TIMES = re.compile(r"(?<![\w.,])(\d{1,3})\s*(?:x|×|\*)\s*(\d{1,6}(?:[.,]\d{1,3})?)\s*(kg|g)\b", re.IGNORECASE)
_UNIT = {"kg": 1_000_000, "g": 1_000, "mg": 1}
_NOT_AN_EXPORT = N_(
    "Ce fichier n'est pas un export d'Open Food Facts : il faut le fichier à tabulations (.csv ou .csv.gz) de la page « Données »."
)


@dataclass(frozen=True, slots=True)
class OpenProduct:
    """A product of the open catalogue; `code` is its trade number without leading zeros, `grams` None where it is not a mass."""

    code: str
    name: str
    brand: str
    quantity: str
    grams: int | None
    present: frozenset[Allergen]
    traces: frozenset[Allergen]


def read_products(
    path: Path, progress: Callable[[int, int], None] = lambda done, of: None, cancelled: Callable[[], bool] = lambda: False  # noqa: ARG005
) -> Iterator[OpenProduct]:  # fmt: skip
    """Yield the products of an export that have a name and a trade number; a line that is not understood is passed over.

    `progress(done, of)` is told in thousandths; the reading ends early where `cancelled()`. Raises `BadInput` for another kind of
    file, `EnvironmentTrouble` for a stick that cannot be read.
    """
    try:
        size = max(1, path.stat().st_size)
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            lines: BinaryIO = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
            columns = _columns(lines.readline(LONGEST_LINE))
            for n, fields in enumerate(_rows(lines), 1):
                if n % _LINES_BETWEEN == 0:
                    if cancelled():
                        return
                    progress(min(1000, raw.tell() * 1000 // size), 1000)
                product = product_of({name: fields[i] for name, i in columns.items() if i < len(fields)})
                if product is not None:
                    yield product
            progress(1000, 1000)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadInput(N_("Ce fichier compressé est abîmé ou incomplet : copiez-le de nouveau sur la clé.")) from error
    except OSError as error:
        raise read_trouble(error) from error


_WANTED = (
    "code", "product_name", "product_name_fr", "brands", "quantity", "product_quantity", "product_quantity_unit", "allergens",
    "allergens_tags", "traces", "traces_tags",
)  # fmt: skip


def _columns(head: bytes) -> dict[str, int]:
    names = head.decode("utf-8-sig", "replace").rstrip("\r\n").split("\t")
    found = {name: names.index(name) for name in _WANTED if name in names}
    if "code" not in found or not found.keys() & {"product_name", "product_name_fr"}:
        raise BadInput(_NOT_AN_EXPORT)
    return found


def _rows(lines: BinaryIO) -> Iterator[list[str]]:
    while line := lines.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := lines.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            continue
        yield line.decode("utf-8", "replace").rstrip("\r\n").split("\t")


def product_of(row: dict[str, str]) -> OpenProduct | None:
    """Return the product of a row, None without a name or a trade number (a shop's own numbers, 02 and 2x, are left out)."""
    code = trade_code(row.get("code", "").strip())
    name = _text(row.get("product_name_fr", "")) or _text(row.get("product_name", ""))
    if code is None or not name:
        return None
    quantity = _text(row.get("quantity", ""))
    present = allergens_of_tags(row.get("allergens_tags") or row.get("allergens", ""))
    traces = allergens_of_tags(row.get("traces_tags") or row.get("traces", "")) - present
    brand = _text(row.get("brands", "").partition(",")[0])
    return OpenProduct(code, name, brand, quantity, grams_of(row, quantity), present, traces)


def grams_of(row: dict[str, str], quantity: str) -> int | None:
    """Return the net weight in grams: of « 400 g », « 1,5 kg », « 4 x 125 g »; None for litres and for what is not clear."""
    many, one = _TIMES.search(quantity), _MASS.search(quantity)
    if many is not None:
        milli = int(many[1]) * _milligrams(many[2], many[3])
    elif one is not None:
        milli = _milligrams(one[1], one[2])
    elif row.get("product_quantity_unit", "").strip().lower() == "g":
        found = re.fullmatch(r"\d{1,7}(?:\.\d{1,3})?", row.get("product_quantity", "").strip())
        milli = _milligrams(found[0], "g") if found is not None else 0
    else:
        milli = 0
    grams = (milli + 500) // 1000
    return grams if 1 <= grams <= MAX_GRAMS else None


def _milligrams(text: str, unit: str) -> int:
    whole, _point, part = text.replace(",", ".").partition(".")
    return (int(whole) * 1000 + int(part.ljust(3, "0")[:3] or 0)) * _UNIT[unit.lower()] // 1000


def _text(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())[:_LONGEST_TEXT]


__all__ = ["EnvironmentTrouble", "OpenProduct", "read_products"]
