"""The open catalogue: read line by line, replaced whole or not at all, asked for unknown trade numbers only; the shop's word wins."""

from __future__ import annotations

import gzip
import sqlite3
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.safety import Allergen, Presence
from epicerie_desktop.exchange.off_file import LONGEST_LINE, grams_of, product_of, read_products
from epicerie_desktop.services import features
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.safety import allergens, open_catalogue
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.services.conftest import SmallShop
from tests.services.test_reserved import an_account

HEAD = ("code", "url", "product_name", "quantity", "brands", "allergens", "traces_tags")
SOUP = (
    "3250390398028",
    "http://x",
    "Soupe de légumes",
    "1 L",
    "Les Prés,Autre",
    "en:celery,en:milk",
    "en:nuts,en:milk",
)
PEAS = ("3017620422003", "", "Petits pois extra", "400 g", "Jardin", "", "")


def export(path: Path, *rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> Path:
    data = "\n".join("\t".join(r) for r in (head, *rows)).encode() + b"\n"
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("name", ["off.csv", "off.csv.gz"])
def test_a_scanned_unknown_code_proposes_what_the_catalogue_says(
    small_shop: SmallShop, tmp_path: Path, name: str
) -> None:
    desk = small_shop.desk
    features.save_feature(desk, "allergens", True)
    assert open_catalogue.catalogue_state(desk) is None
    assert open_catalogue.proposal(desk, SOUP[0]) is None
    heard: list[tuple[int, int]] = []
    state = open_catalogue.import_catalogue(desk, export(tmp_path / name, SOUP, PEAS), lambda *p: heard.append(p))
    assert (state.products, heard[-1]) == (2, (1000, 1000))
    assert open_catalogue.catalogue_state(desk) == state
    found = open_catalogue.proposal(desk, f"0{SOUP[0]}")
    assert found is not None
    assert (found.title, found.grams) == ("Soupe de légumes Les Prés 1 L", None)
    assert found.allergens == {
        Allergen.MILK: Presence.PRESENT, Allergen.CELERY: Presence.PRESENT, Allergen.NUTS: Presence.TRACES
    }  # fmt: skip
    assert Presence.ABSENT not in found.allergens.values()
    assert open_catalogue.proposal(desk, PEAS[0]) is None, "known here: the shop's own word wins"
    assert open_catalogue.proposal(desk, "3000000000014") is None


def test_the_file_carries_its_licence_and_nothing_of_the_shop(small_shop: SmallShop, tmp_path: Path) -> None:
    desk = small_shop.desk
    open_catalogue.import_catalogue(desk, export(tmp_path / "off.csv", SOUP))
    path = open_catalogue.catalogue_path(desk)
    assert path is not None
    with sqlite3.connect(path) as db:
        meta = dict(db.execute("SELECT key, value FROM meta"))
        assert {t for (t,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} == {"meta", "product"}
    db.close()
    assert "ODbL" in meta["licence"]
    assert "Open Food Facts" in meta["notice"]
    assert "opendatacommons" in meta["licence_link"]


def test_codes_of_shops_are_never_kept_nor_looked_up(small_shop: SmallShop, tmp_path: Path) -> None:
    desk = small_shop.desk
    own = [
        (code, "", "Yaourt maison", "", "", "", "")
        for code in ("2001234567893", "0212345678905", "20123451", "200", "", "abc")
    ]
    assert open_catalogue.import_catalogue(desk, export(tmp_path / "off.csv", *own, SOUP)).products == 1
    assert open_catalogue.proposal(desk, "2001234567893") is None


def test_what_stops_the_reading_leaves_the_old_catalogue(small_shop: SmallShop, tmp_path: Path) -> None:
    desk = small_shop.desk
    open_catalogue.import_catalogue(desk, export(tmp_path / "off.csv", SOUP))
    many = [(str(3_000_000_000_000 + n), "", f"Produit {n}", "", "", "", "") for n in range(9000)]
    with pytest.raises(open_catalogue.Stopped, match="resté"):
        open_catalogue.import_catalogue(desk, export(tmp_path / "more.csv", *many), cancelled=lambda: True)
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(export(tmp_path / "whole.csv.gz", *many).read_bytes()[:-2000])
    with pytest.raises(BadInput, match="incomplet"):
        open_catalogue.import_catalogue(desk, cut)
    with pytest.raises(BadInput, match="Open Food Facts"):
        open_catalogue.import_catalogue(desk, export(tmp_path / "other.csv", ("1", "2"), head=("a", "b")))
    with pytest.raises(RuleRefused, match="équipe"):
        open_catalogue.import_catalogue(an_account(desk, "Sam", "VOLUNTEER"), tmp_path / "more.csv")
    assert open_catalogue.proposal(desk, SOUP[0]) is not None
    path = open_catalogue.catalogue_path(desk)
    assert path is not None
    assert [p.name for p in path.parent.iterdir() if "partial" in p.name] == []


def test_a_damaged_catalogue_is_no_help_and_no_trouble(small_shop: SmallShop, tmp_path: Path) -> None:
    desk = small_shop.desk
    open_catalogue.import_catalogue(desk, export(tmp_path / "off.csv", SOUP))
    path = open_catalogue.catalogue_path(desk)
    assert path is not None
    for content in (b"", b"not a database" * 100, path.read_bytes()[:600]):
        path.write_bytes(content)
        assert open_catalogue.proposal(desk, SOUP[0]) is None
        assert open_catalogue.catalogue_state(desk) is None


def test_the_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as out:
        out.write("\t".join(HEAD).encode() + b"\n")
        for n in range(6_000):
            out.write(
                f"{3_000_000_000_000 + n}\t\tProduit {n}\t400 g\t{'Marque ' * 300}\t\t{'en:milk,' * 20}\n".encode()
            )
        out.write(b"3017620422003\t" + b"x" * (3 * LONGEST_LINE) + b"\tTrop long\n")
        out.write("\t".join(SOUP).encode() + b"\n")
    tracemalloc.start()
    count = sum(1 for _product in read_products(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 6_001
    assert path.stat().st_size > 12_000_000
    assert peak < 6 * LONGEST_LINE


@pytest.mark.parametrize(
    ("quantity", "grams"),
    [("400 g", 400), ("1,5 kg", 1500), ("4 x 125 g", 500), ("6×1.5 kg", 9000), ("1 L", None), ("33 cl", None), ("", None),
     ("12 œufs", None), ("0 g", None), ("99999 kg", None), ("500mg", 1)],
)  # fmt: skip
def test_only_a_mass_gives_a_net_weight(quantity: str, grams: int | None) -> None:
    assert grams_of({}, quantity) == grams


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=600))
def test_no_bytes_raise_anything_but_bad_input(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.csv"
    for content in (data, "\t".join(HEAD).encode() + b"\n" + data, b"\x1f\x8b" + data):
        path.write_bytes(content)
        try:
            for product in read_products(path):
                assert product.name
        except BadInput:
            pass


@given(st.dictionaries(st.sampled_from(HEAD), st.text(max_size=30)))
def test_a_row_gives_a_product_or_nothing(row: dict[str, str]) -> None:
    found = product_of(row)
    assert found is None or (found.name and found.code.isdigit())


def test_unknown_is_told_apart_from_absent(small_shop: SmallShop) -> None:
    desk: Desk = small_shop.desk
    known = {Allergen.MILK: Presence.ABSENT, Allergen.NUTS: Presence.TRACES, Allergen.SOY: Presence.UNKNOWN}
    allergens.save_allergens(desk, small_shop.peas, known)
    row = next(r for r in allergens.allergen_rows(desk) if r.article == small_shop.peas)
    assert (row.of(Allergen.MILK), row.of(Allergen.SOY), row.of(Allergen.EGGS), row.unknown) == (
        Presence.ABSENT, Presence.UNKNOWN, Presence.UNKNOWN, 12,
    )  # fmt: skip
    allergens.save_allergens(desk, small_shop.peas, {Allergen.MILK: Presence.PRESENT})
    assert allergens.allergens_of(desk, small_shop.peas) == {Allergen.MILK: Presence.PRESENT}
    family = next(f.id for f in stock.families(desk) if f.code == "EPI")
    catalogue.save_article(desk, catalogue.ArticleForm(family or 0, "Lentilles", SoldBy.PIECE, 500, 100))
    assert allergens.grid_pdf(desk).startswith(b"%PDF")
