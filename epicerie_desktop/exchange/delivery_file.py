"""Reads a supplier's delivery note in CSV: whatever separates, however it is encoded, each line read or told wrong. Knows no database."""

from __future__ import annotations

import calendar
import csv
import io
import re
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from epicerie_desktop.domain.dates import Precision, last_day
from epicerie_desktop.domain.delivery_note import Field, NoteLine, Sheet
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.text import fold

MAX_BYTES = 2_000_000
MAX_LINES = 2_000
_SEPARATORS = ";,\t"


_GUESSES: Mapping[Field, tuple[str, ...]] = {
    # « Qté commandée », « Qté livrée » are told apart before a bare quantity is looked for.
    Field.ORDERED: ("commande",),
    Field.DELIVERED: ("livre",),
    Field.DAMAGED: ("abime", "casse", "avarie", "endommage"),
    Field.DATE_KIND: ("nature", "type de date", "type date"),
    Field.CODE: ("code barre", "ean", "gtin", "gencod", "code"),
    Field.ARTICLE: ("article", "designation", "libelle", "produit"),
    Field.PIECES: ("pieces", "nb uvc", "unites", "nombre", "quantite", "qte"),
    Field.KILOS: ("poids net", "poids", "kilos", "kg"),
    Field.DATE: ("dlc", "ddm", "dluo", "date limite", "peremption", "date"),
    Field.LOT: ("lot",),
    Field.PRICE: ("prix unitaire", "prix", "pu"),
    Field.SLIP: ("bordereau", "bon de livraison", "n bl", "bl"),
}


def read_sheet(data: bytes) -> Sheet:
    """Return the cells of a CSV file in UTF-8, with or without its mark, or in Windows-1252; blank lines are left out.

    Raises `BadInput`: not a text, no line under the headings, two columns of one name, too large.
    """
    if len(data) > MAX_BYTES:
        raise BadInput(N_("Ce fichier est trop gros pour un bon de livraison."))
    return sheet_of(csv_rows(data), MAX_LINES)


def csv_rows(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    """Return the lines of a CSV file that are not blank, each with its number in the file. Raises `BadInput` where it is none."""
    if b"\0" in data:
        raise BadInput(N_("Ce fichier n'est pas un CSV. Dans le tableur : « Enregistrer sous », puis CSV."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    found: list[tuple[int, tuple[str, ...]]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=False)
        for cells in reader:
            clean = tuple(" ".join(c.split()) for c in cells)
            if any(clean):
                found.append((reader.line_num, clean))
    except csv.Error as error:
        raise BadInput(N_("Ce fichier n'est pas un CSV. Dans le tableur : « Enregistrer sous », puis CSV.")) from error
    return found


def sheet_of(rows: list[tuple[int, tuple[str, ...]]], most: int) -> Sheet:
    """Return the sheet whose headings are the first line. Raises `BadInput`: nothing under them, too many lines, a heading twice."""
    if len(rows) < 2:
        raise BadInput(N_("Ce fichier n'a aucune ligne sous ses titres de colonnes."))
    if len(rows) - 1 > most:
        raise BadInput(N_("Ce fichier a plus de {most} lignes : partagez-le en plusieurs."), most=most)
    headings = rows[0][1]
    named = [h for h in headings if h]
    if len(set(named)) != len(named):
        raise BadInput(N_("Deux colonnes portent le même titre : renommez-en une dans le tableur."))
    return Sheet(headings, tuple(rows[1:]))


def _separator(text: str) -> str:
    # A title may stand above the headings: the first line that has anything to separate tells.
    lines = (re.sub(r'"[^"]*"?', "", line) for line in text.splitlines())
    outside = next((line for line in lines if any(s in line for s in _SEPARATORS)), "")
    return max(_SEPARATORS, key=lambda s: (outside.count(s), -_SEPARATORS.index(s)))


def guessed(headings: tuple[str, ...]) -> dict[Field, str]:
    """Return the column that each field seems to be in, by its heading; a person looks before anything is taken."""
    found: dict[Field, str] = {}
    free = [h for h in headings if h]
    for name, words in _GUESSES.items():
        for word in words:
            match = next((h for h in free if re.search(rf"\b{word}", fold(h))), None)
            if match is not None:
                found[name] = match
                free.remove(match)
                break
    return found


def read_lines(sheet: Sheet, columns: Mapping[Field, str]) -> tuple[NoteLine, ...]:
    """Return every line of a sheet, read by these columns; a line that is wrong says why, and never raises."""
    places = {name: sheet.headings.index(h) for name, h in columns.items() if h in sheet.headings}
    return tuple(_line(number, cells, places) for number, cells in sheet.lines)


def _line(number: int, cells: tuple[str, ...], places: Mapping[Field, int]) -> NoteLine:
    told = {name: cells[i] if i < len(cells) else "" for name, i in places.items()}
    errors: list[str] = []

    def amount(name: Field, scale: int, sentence: str) -> int | None:
        typed = told.get(name, "")
        if not typed:
            return None
        found = parse_decimal(typed)
        whole = found * scale if found is not None else None
        if whole is not None and name is Field.PRICE:
            whole = whole.to_integral_value(ROUND_HALF_UP)  # a supplier writes tenths of a cent
        if whole is None or whole < 0 or whole != whole.to_integral_value():
            errors.append(sentence.format(typed=typed))
            return None
        return int(whole)

    pieces = amount(Field.PIECES, 1, _("« {typed} » n'est pas un nombre de pièces."))
    grams = amount(Field.KILOS, 1000, _("« {typed} » n'est pas un poids en kilos, au gramme près."))
    cents = amount(Field.PRICE, 100, _("« {typed} » n'est pas un prix en euros."))

    def quantity(name: Field, sentence: str) -> Decimal | None:
        typed = told.get(name, "")
        found = parse_decimal(typed)
        if typed and (found is None or found < 0):
            errors.append(sentence.format(typed=typed))
            return None
        return found

    ordered = quantity(Field.ORDERED, _("« {typed} » n'est pas une quantité commandée."))
    delivered = quantity(Field.DELIVERED, _("« {typed} » n'est pas une quantité livrée."))
    damaged = quantity(Field.DAMAGED, _("« {typed} » n'est pas une quantité abîmée."))
    kind = parse_kind(told.get(Field.DATE_KIND, ""))
    if told.get(Field.DATE_KIND) and kind is None:
        errors.append(_("« {typed} » n'est ni une DLC ni une DDM.").format(typed=told[Field.DATE_KIND]))
    limit, precision = None, Precision.DAY
    if typed := told.get(Field.DATE, ""):
        read = parse_date(typed)
        if read is None:
            errors.append(_("« {typed} » n'est pas une date.").format(typed=typed))
        else:
            limit, precision = read
    return NoteLine(
        number, plain_code(told.get(Field.CODE, "")), told.get(Field.ARTICLE, ""), pieces, grams, limit, precision,
        told.get(Field.LOT, ""), cents, ordered, told.get(Field.SLIP, ""), tuple(errors),
        delivered, damaged, kind,
    )  # fmt: skip


def plain_code(typed: str) -> str:
    """Return the figures of a barcode without its leading zeros; « 3,01762E+12 » of a spreadsheet is no code and gives nothing."""
    text = typed.replace(" ", "").lstrip("'")
    return text.lstrip("0") if text.isascii() and text.isdigit() else ""


def parse_decimal(typed: str) -> Decimal | None:
    """Return a number written « 1 234,5 », « 1234.50 », « 12 kg », « 2,40 € »; None where it is not one."""
    text = re.sub(r"\s|[\u00a0\u202f']", "", typed)
    text = re.sub(r"(?i)(kg|€|eur|pcs?|u)$", "", text)
    if re.fullmatch(r"[+-]?\d{1,12}(?:[.,]\d{1,6})?", text, re.ASCII) is None:
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def parse_kind(typed: str) -> DateKind | None:
    """Return the nature of a date written « DLC », « DDM », « DLUO », « à consommer jusqu'au »…; None where it is none of them."""
    text = fold(typed)
    if re.search(r"\bdlc\b|consommer jusqu", text):
        return DateKind.USE_BY
    return DateKind.BEST_BEFORE if re.search(r"\b(ddm|dluo)\b|preference", text) else None


def parse_date(typed: str) -> tuple[date, Precision] | None:
    """Return the last day covered by « 25/11/2026 », « 25.11.26 », « 2026-11-25 », « 11/2027 », « 2027 », with its precision."""
    text = typed.strip()
    text = re.sub(r"[T ]\d{2}:\d{2}(:\d{2})?$", "", text)
    if found := re.fullmatch(r"(20\d\d)-(\d{1,2})-(\d{1,2})", text, re.ASCII):
        year, month, day = (int(n) for n in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|20\d\d)", text, re.ASCII):
        day, month, year = (int(n) for n in found.groups())
        year += 2000 if year < 100 else 0
    elif found := re.fullmatch(r"(\d{1,2})[/.\-](20\d\d)", text, re.ASCII):
        month, year = int(found[1]), int(found[2])
        return (last_day(year, month), Precision.MONTH) if 1 <= month <= 12 else None
    elif re.fullmatch(r"20\d\d", text, re.ASCII):
        return last_day(int(text)), Precision.YEAR
    else:
        return None
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, day), Precision.DAY
