"""The official list of recalls (RappelConso v2), as a CSV or JSON export brought on a stick. Pure: bytes in, sheets out."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from epicerie_desktop.domain.recalls import Product, Sheet, date_kind_of, products_of, read_day
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

MOST_BYTES = 200 * 1024 * 1024
MOST_ROWS = 250_000
"""Ten times the whole official list: more is another file, and would hold the screen for minutes."""
_LONGEST_FIELD = 1_000_000
_LONGEST_TEXT = 1500
_SHORT_TEXT = 200
_NOT_A_LIST = N_(
    "Ce fichier n'est pas la liste des rappels. Sur data.economie.gouv.fr, téléchargez « RappelConso V2 » en CSV ou en JSON, puis recommencez."
)
_TOO_BIG = N_("Ce fichier est trop gros pour une liste de rappels : vérifiez lequel a été choisi.")
_DAMAGED = N_("La liste des rappels est abîmée : téléchargez-la de nouveau.")
_CUT = N_(
    "La liste des rappels s'arrête au milieu d'une ligne : la copie a été interrompue. Copiez-la de nouveau, puis recommencez."
)
_NEEDED = "identification_produits"


def read_recalls(data: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of an export, one a number: its last edition, the products of all its rows together.

    A row without a number is left out, an unreadable field is empty. Raises `BadInput` for what is not such a list, and nothing
    else whatever the bytes.
    """
    if len(data) > MOST_BYTES:
        raise BadInput(_TOO_BIG)
    text = _decoded(data)
    rows = _json_rows(text) if text.lstrip()[:1] in ("[", "{") else _csv_rows(text)
    return _by_number(rows)


def _decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8, in UTF-16 as some spreadsheets save it, else in the code page of Windows."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _csv_rows(text: str) -> Iterator[Mapping[str, Any]]:
    head = text.partition("\n")[0]
    sign = max(";\t,", key=head.count)
    before = csv.field_size_limit(_LONGEST_FIELD)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=sign, restkey="_rest")
        names = [n.strip().lower() for n in reader.fieldnames or ()]
        if _NEEDED not in names or "numero_fiche" not in names:
            raise BadInput(_NOT_A_LIST)
        reader.fieldnames = names
        last: Mapping[str, Any] = {}
        for last in reader:
            yield last
        if not text.endswith(("\n", "\r")) and None in last.values():
            raise BadInput(_CUT)
    except csv.Error as error:
        raise BadInput(_DAMAGED) from error
    finally:
        csv.field_size_limit(before)


def _json_rows(text: str) -> Iterator[Mapping[str, Any]]:
    try:
        whole = json.loads(text)
    except RecursionError as error:
        raise BadInput(_NOT_A_LIST) from error
    except ValueError:
        whole = _json_lines(text)
    if isinstance(whole, dict):
        whole = whole.get("results") or whole.get("records") or []
    if not isinstance(whole, list):
        raise BadInput(_NOT_A_LIST)
    known = False
    for item in whole:
        row = item.get("fields", item) if isinstance(item, dict) else None
        if isinstance(row, dict) and "numero_fiche" in row:
            known = True
            yield row
    if not known:
        raise BadInput(_NOT_A_LIST)


def _json_lines(text: str) -> list[Any]:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise BadInput(_DAMAGED) from error


def _by_number(rows: Iterable[Mapping[str, Any]]) -> tuple[Sheet, ...]:
    found: dict[str, Sheet] = {}
    products: dict[str, dict[Product, None]] = {}
    for n, row in enumerate(rows):
        if n >= MOST_ROWS:
            raise BadInput(_TOO_BIG)
        sheet = _sheet(row)
        known = found.get(sheet.number)
        if not sheet.number or (known is not None and known.edition > sheet.edition):
            continue
        if known is None or known.edition < sheet.edition:
            found[sheet.number], products[sheet.number] = sheet, {}
        products[sheet.number].update(dict.fromkeys(sheet.products))
    return tuple(replace(sheet, products=tuple(products[number])) for number, sheet in found.items())


def _sheet(row: Mapping[str, Any]) -> Sheet:
    products = products_of(_items(row.get(_NEEDED)))
    # A column of whole numbers that a spreadsheet took for decimals.
    lone = _text(row, "gtin", _SHORT_TEXT).removesuffix(".0")
    if lone and not any(p.gtin for p in products):
        others = products or (Product(None, "", False, None, None, None),)
        numbered = products_of([lone])
        products = tuple(replace(p, gtin=n.gtin) for n in numbered for p in others) or products
    return Sheet(
        _text(row, "numero_fiche", _SHORT_TEXT), _edition(row.get("numero_version")), _text(row, "categorie_produit", _SHORT_TEXT),
        _text(row, "marque_produit", _SHORT_TEXT),
        _text(row, "libelle", _SHORT_TEXT) or _text(row, "modeles_ou_references", _SHORT_TEXT),
        _text(row, "motif_rappel"), _text(row, "risques_encourus"), _text(row, "conduites_a_tenir_par_le_consommateur"),
        _text(row, "numero_contact", _SHORT_TEXT), _link(row), read_day(_text(row, "date_publication")),
        read_day(_text(row, "date_debut_commercialisation")), read_day(_text(row, "date_date_fin_commercialisation")), products,
    )  # fmt: skip


def _text(row: Mapping[str, Any], name: str, most: int = _LONGEST_TEXT) -> str:
    value = row.get(name)
    if value is None:
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    # A lone half of a pair is in no alphabet, and no database takes it.
    text = text.replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8")
    return " ".join(text.replace("|", ", ").split())[:most]


def _link(row: Mapping[str, Any]) -> str:
    link = _text(row, "lien_vers_la_fiche_rappel", 300)
    return link if link.startswith(("https://", "http://")) else ""


def _edition(value: Any) -> int:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _items(value: Any) -> list[object] | None:
    """Return the flat list of the products, however the export wrote it: a list, its JSON, or joined by « $ » or « , »."""
    if value is None or isinstance(value, list):
        return value
    text = str(value).strip().replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8")
    if text.startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list):
            return found
    sign = next((s for s in ("$", "¤", ",") if s in text), ",")
    items: list[object] = []
    for group in text.split("|"):
        parts = [p.strip() for p in group.strip().removesuffix(sign).split(sign)]
        items += [("|" if items else "") + parts[0], *_lot_whole(parts[1:], sign)]
    return items


def _lot_whole(parts: list[str], sign: str) -> list[str]:
    """Return the lot as one item where it held the sign that joins: everything before the kind of date."""
    place = next((i for i, p in enumerate(parts) if date_kind_of(p) or p.lower().startswith("non concern")), None)
    return parts if place is None or place < 2 else [sign.join(parts[:place]), *parts[place:]]
