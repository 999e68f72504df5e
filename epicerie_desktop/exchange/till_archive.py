"""The archive of the till: plain CSV files in a zip, readable without this program, and their verifier.

Each file's SHA-256 is in `manifest.json`; the journal's chain seals every ticket, its lines and every closing: the verifier
follows it and names the first entry that does not hold.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from epicerie_desktop.domain import journal as chain
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

FORMAT = "epicerie-archive-caisse/1"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "journal": ("post", "seq", "at", "actor", "kind", "body", "prev", "digest"),
    "tickets": ("id", "post", "number", "day", "at", "household", "shelf_cents", "paid_cents", "grams", "reverses"),
    "lines": ("ticket", "n", "article_id", "article", "lot", "pieces", "grams", "reference_cents", "shelf_cents", "paid_cents"),
    "payments": ("ticket", "kind", "cents", "tendered_cents"),
    "cash": ("id", "post", "number", "day", "kind", "cents", "note", "reverses"),
    "closings": ("id", "post", "kind", "number", "begins_on", "ends_on", "after", "up_to", "tickets", "cancelled", "paid_cents",
                 "gross_cents", "perpetual_cents", "perpetual_gross_cents"),
}  # fmt: skip
"""The files of an archive and their columns; amounts in whole cents, weights in whole grams, instants in UTC."""

MAX_BYTES = 1 << 30
_NOT_AN_ARCHIVE = N_("Ce fichier n'est pas une archive de caisse, ou il est abîmé : demandez-en une autre copie.")


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that does not hold: in which file, and which of its entries."""

    file: str
    entry: str
    why: str


def write_archive(tables: Mapping[str, Iterable[Sequence[Any]]], about: Mapping[str, Any], readme: str) -> bytes:
    """Return the zip of an archive; `about` tells the shop, the period and the program. The same content gives the same bytes."""
    files = {f"{name}.csv": _csv(COLUMNS[name], tables[name]) for name in COLUMNS}
    files["LISEZMOI.txt"] = readme.encode()
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    manifest = {"format": FORMAT, **about, "files": digests}
    files["manifest.json"] = (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in sorted(files):
            bundle.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def manifest_digest(data: bytes) -> str:
    """Return the SHA-256 of an archive's manifest, in hex: what the journal and the paper keep of it. Raises `BadInput`."""
    return hashlib.sha256(_unpacked(data)["manifest.json"]).hexdigest()


def verify_archive(data: bytes) -> Fault | None:
    """Return the first thing that does not hold in an archive, None where all does. Raises `BadInput` for a file that is none."""
    files = _unpacked(data)
    manifest = _json(files["manifest.json"])
    if (
        not isinstance(manifest, dict)
        or manifest.get("format") != FORMAT
        or not isinstance(manifest.get("files"), dict)
    ):
        raise BadInput(_NOT_AN_ARCHIVE)
    for name in sorted({*files, *manifest["files"]} - {"manifest.json"}):
        if name not in files or hashlib.sha256(files[name]).hexdigest() != manifest["files"].get(name):
            return Fault(name, name, "digest")
    rows = {name: _rows(files[f"{name}.csv"], columns) for name, columns in COLUMNS.items()}
    return _first_broken(rows["journal"]) or _first_apart(rows)


def _first_broken(journal: list[dict[str, str]]) -> Fault | None:
    posts: dict[str, list[chain.Entry]] = defaultdict(list)
    for r in journal:
        posts[r["post"]].append(
            chain.Entry(
                _int(r["post"]), _int(r["seq"]), r["at"], _int(r["actor"]), r["kind"], r["body"], _hex(r["prev"]), _hex(r["digest"])
            )
        )  # fmt: skip
    for entries in posts.values():
        # An archive of a year begins where the one before ended: its first link is taken as given.
        broken = chain.first_broken(entries, since=(entries[0].seq, entries[0].prev))
        if broken is not None:
            return Fault("journal.csv", f"{broken.post}/{broken.seq}", broken.why)
    return None


def _first_apart(rows: Mapping[str, list[dict[str, str]]]) -> Fault | None:
    """Return the first ticket or closing that is not what the journal sealed."""
    tickets = {r["id"]: r for r in rows["tickets"]}
    lines: dict[str, list[list[int]]] = defaultdict(list)
    for r in rows["lines"]:
        lines[r["ticket"]].append([_int(r[c]) for c in ("article_id", "lot", "pieces", "grams", "paid_cents")])
    paid: dict[str, int] = defaultdict(int)
    means: dict[str, dict[str, int]] = defaultdict(dict)
    for r in rows["payments"]:
        paid[r["ticket"]] += _int(r["cents"])
        means[r["ticket"]][r["kind"]] = _int(r["cents"])
    closings = {r["id"]: r for r in rows["closings"]}
    sealed: set[str] = set()
    for entry in rows["journal"]:
        body = _json(entry["body"].encode())
        where = f"{entry['post']}/{entry['seq']}"
        if not isinstance(body, dict):
            return Fault("journal.csv", where, "body")
        if entry["kind"] in ("sale", "cancel"):
            ticket = tickets.get(str(body.get("sale")))
            sealed.add(str(body.get("sale")))
            same = ticket is not None and (_int(ticket["paid_cents"]), _int(ticket["number"])) == (
                body.get("paid"),
                body.get("number"),
            )
            same = same and paid[str(body["sale"])] == body.get("paid")
            # A ticket paid in cash alone seals no means, nor those of before they were sealed.
            same = same and ("means" not in body or means[str(body["sale"])] == body["means"])
            if not same or ("lines" in body and lines[str(body["sale"])] != body["lines"]):
                return Fault("tickets.csv", where, "ticket")
        elif entry["kind"] == "closing":
            row = closings.get(str(body.get("closing")))
            names = (("paid_cents", "paid"), ("gross_cents", "gross"), ("perpetual_cents", "perpetual"),
                     ("perpetual_gross_cents", "perpetual_gross"))  # fmt: skip
            if row is None or any(_int(row[column]) != body.get(key) for column, key in names):
                return Fault("closings.csv", where, "closing")
    stranger = next((t for t in tickets if t not in sealed), None)
    return None if stranger is None else Fault("tickets.csv", stranger, "unsealed")


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode()


def _rows(data: bytes, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        found = list(csv.reader(io.StringIO(data.decode()), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(_NOT_AN_ARCHIVE) from error
    if not found or tuple(found[0]) != columns or any(len(r) != len(columns) for r in found):
        raise BadInput(_NOT_AN_ARCHIVE)
    return [dict(zip(columns, r, strict=True)) for r in found[1:]]


def _unpacked(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            infos = bundle.infolist()
            if sum(i.file_size for i in infos) > MAX_BYTES or len({i.filename for i in infos}) != len(infos):
                raise BadInput(_NOT_AN_ARCHIVE)
            files = {i.filename: bundle.read(i) for i in infos}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        raise BadInput(_NOT_AN_ARCHIVE) from error
    if "manifest.json" not in files or any(f"{name}.csv" not in files for name in COLUMNS):
        raise BadInput(_NOT_AN_ARCHIVE)
    return files


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadInput(_NOT_AN_ARCHIVE) from error


def _int(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise BadInput(_NOT_AN_ARCHIVE) from error


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise BadInput(_NOT_AN_ARCHIVE) from error
