"""The list of recalls: what each sheet says of its products, however the export wrote it; nothing but `BadInput` is ever raised."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epicerie_desktop.domain.recalls import Product, products_of, trade_code
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.exchange.recall_file import read_recalls
from epicerie_desktop.support.errors import BadInput
from tests.examples import examples

VECTORS = json.loads((Path(__file__).parents[1] / "data/vectors/rappelconso_identification.json").read_text("utf-8"))
KINDS = {DateKind.USE_BY: "DLC", DateKind.BEST_BEFORE: "DDM", None: None}
FIELDS = ("numero_fiche", "numero_version", "categorie_produit", "marque_produit", "libelle", "identification_produits", "motif_rappel",
          "date_debut_commercialisation", "date_date_fin_commercialisation", "date_publication", "gtin")  # fmt: skip


def told(product: Product) -> dict[str, Any]:
    return {
        "gtin": product.gtin, "lot": product.lot, "all_lots": product.all_lots, "date_kind": KINDS[product.date_kind],
        "from": product.first.isoformat() if product.first else None, "to": product.last.isoformat() if product.last else None,
    }  # fmt: skip


def row(products: Any, number: str = "2026-11-0001", **more: Any) -> dict[str, Any]:
    return dict.fromkeys(FIELDS, "") | {
        "numero_fiche": number, "numero_version": 1, "marque_produit": "Les Prés", "libelle": "Yaourt nature",
        "identification_produits": products, "date_publication": "2026-11-18T10:00:00+01:00",
    } | more  # fmt: skip


def as_csv(*rows: dict[str, Any], joined: str | None = None) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for one in rows:
        items = one["identification_produits"]
        text = json.dumps(items, ensure_ascii=False) if joined is None else joined.join(items or ())
        writer.writerow(one | {"identification_produits": text})
    return out.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["source"][:40])
def test_the_products_of_a_sheet_are_read_as_the_vectors_say(vector: dict[str, Any]) -> None:
    items, expected = vector["identification_produits"], vector["expected"]
    assert [told(p) for p in products_of(items)] == expected
    for data in (
        json.dumps([row(items)]).encode(), json.dumps({"results": [row(items)]}).encode(),
        json.dumps([{"recordid": "x", "fields": row(items)}]).encode(), as_csv(row(items)), as_csv(row(items), joined=","),
        as_csv(row(items), joined="$"),
    ):  # fmt: skip
        (sheet,) = read_recalls(data)
        assert [told(p) for p in sheet.products] == expected


def test_a_lot_that_holds_the_joining_sign_stays_whole() -> None:
    items = ["3250390398028", "L12, L13", "date de durabilité minimale", "2027-03-01", ""]
    (sheet,) = read_recalls(as_csv(row(items), joined=","))
    (found,) = sheet.products
    assert found.date_kind is DateKind.BEST_BEFORE
    assert "L12" in found.lot
    assert "L13" in found.lot


def test_rows_of_one_sheet_are_joined_and_the_last_edition_wins() -> None:
    rows = [
        row(["3250390398028", "A1", "non concerné", ""]), row(["3017620422003", "B2", "non concerné", ""]),
        row(["5449000000996", "C3", "non concerné", ""], number="2026-11-0002", numero_version=1),
        row(["5449000000996", "D4", "non concerné", ""], number="2026-11-0002", numero_version=2),
        row(None, number="2026-11-0003", gtin="3017620422003.0"),
    ]  # fmt: skip
    first, second, third = read_recalls(json.dumps(rows).encode())
    assert [p.lot for p in first.products] == ["A1", "B2"]
    assert [p.lot for p in second.products] == ["D4"]
    assert [p.gtin for p in third.products] == ["3017620422003"]


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff\xfe", b"a;b;c\n1;2;3\n", b"[]", b"{}", b'{"results": 3}', b"[" * 100_000, b"[1, 2", b'"texte"', b"%PDF-1.7"]
)  # fmt: skip
def test_what_is_not_the_list_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(BadInput, match="rappels"):
        read_recalls(data)


def test_a_list_saved_in_another_alphabet_reads_the_same() -> None:
    whole = as_csv(row(["3250390398028", "É1", "non concerné", ""]))
    text = whole.decode("utf-8-sig")
    for data in (
        whole,
        text.encode(),
        text.encode("utf-16"),
        text.encode("cp1252"),
        text.replace(";", "\t").encode("utf-16"),
    ):
        (sheet,) = read_recalls(data)
        assert (sheet.brand, sheet.products[0].lot) == ("Les Prés", "É1")


def test_a_list_cut_in_a_line_is_refused_whole() -> None:
    whole = as_csv(row(["3250390398028", "A1", "non concerné", ""]), row(["3017620422003", "B2", "non concerné", ""]))
    assert [len(sheet.products) for sheet in read_recalls(whole.rstrip())] == [2], "the control"
    for cut in (whole[:-60], whole[: whole.rindex(b"Les Pr")]):
        with pytest.raises(BadInput, match="interrompue"):
            read_recalls(cut)
    for cut in (json.dumps([row(None), row(None)]).encode()[:-30], json.dumps({"results": [row(None)]}).encode()[:-9]):
        with pytest.raises(BadInput, match="abîmée"):
            read_recalls(cut)


def test_a_million_rows_are_read_or_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    head = ";".join(FIELDS).encode() + b"\n"
    same = b"".join(b"2026-1;1;;;;3250390398028,L%d,,;;;;;\n" % n for n in range(20_000))
    (sheet,) = read_recalls(head + same)
    assert len(sheet.products) == 20_000
    monkeypatch.setattr("epicerie_desktop.exchange.recall_file.MOST_ROWS", 20_001)
    with pytest.raises(BadInput, match="trop gros"):
        read_recalls(head + same + b"2026-2;1\n2026-3;1\n")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), inner, max_size=12),
    max_leaves=30,
)  # fmt: skip


@settings(max_examples=examples(600), deadline=None)
@given(ANYTHING)
def test_no_json_raises_anything_else(value: Any) -> None:
    for data in (value, [value], [row(value)], {"results": [row(value), value]}):
        with suppress(BadInput):
            read_recalls(json.dumps(data).encode())


@settings(max_examples=examples(600), deadline=None)
@given(st.binary(max_size=400), st.text(max_size=200))
def test_no_bytes_and_no_table_raise_anything_else(data: bytes, text: str) -> None:
    head = ";".join(FIELDS).encode()
    for tried in (
        data,
        head + b"\n" + data,
        head + b"\r\n" + text.encode("utf-8", "surrogatepass"),
        as_csv(row([text, text, "|"])),
    ):
        with suppress(BadInput):
            read_recalls(tried)


@pytest.mark.parametrize(
    ("digits", "code"),
    [("3250390398028", "3250390398028"), ("03250390398028", "3250390398028"), ("12345678", "12345678"), ("2112345015002", None),
     ("0212345678905", None), ("20123451", None), ("1234567", None), ("gtin", None), (None, None), ("0000000000000", None),
     ("012345678905", "12345678905"), ("23250390398022", "23250390398022")],
)  # fmt: skip
def test_a_shop_number_is_never_looked_up(digits: str | None, code: str | None) -> None:
    assert trade_code(digits) == code
