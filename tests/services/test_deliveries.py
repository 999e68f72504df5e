"""A delivery note received from its file: looked at line by line, all of it or nothing, once only, its columns remembered."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.delivery_note import Field
from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.exchange.delivery_file import read_sheet
from epicerie_desktop.persistence.models import Lot, LotDelivery, Reception
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.stock import deliveries, receive
from epicerie_desktop.support.errors import BadInput
from tests.services.conftest import SmallShop

NOTE = """BL;EAN;Désignation;Colis;Poids;DLC;N° lot
A-77;3017620422003;PP 400;24;;11/2027;L8
A-77;;carottes;;12,5;;
A-77;;Lait 1 l;6;;28/11/2026;
"""


def lots(desk: Desk) -> int:
    with desk.db.read() as session:
        return session.execute(select(func.count()).select_from(Lot)).scalar_one()


def looked(desk: Desk, text: str, supplier: int) -> deliveries.Preview:
    sheet = read_sheet(text.encode("cp1252"))
    columns = deliveries.columns_of(desk, sheet, supplier) | {Field.PIECES: "Colis"}
    return deliveries.look_at(desk, sheet, columns, supplier=supplier)


def test_a_note_is_received_once_whatever_is_pressed(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    supplier = receive.save_supplier(desk, "Grossiste", Origin.PURCHASE)
    preview = looked(desk, NOTE, supplier)
    assert (preview.errors, preview.slip, preview.received) == (0, "A-77", None)
    form = deliveries.form_of(preview, supplier, Origin.PURCHASE)
    before = lots(desk)
    first = receive.record_reception(desk, form)
    again = looked(desk, NOTE, supplier)
    assert again.received == desk.clock.today()
    assert receive.record_reception(desk, deliveries.form_of(again, supplier, Origin.PURCHASE)) == first
    assert lots(desk) == before + 3
    with desk.db.read() as session:
        peas, carrots, milk = session.scalars(select(Lot).where(Lot.reception_id == first).order_by(Lot.id))
        assert (peas.balance_pieces, peas.date_kind, peas.limit_on, peas.date_precision, peas.code) == (
            24, DateKind.BEST_BEFORE, date(2027, 11, 30), Precision.MONTH, "L8",
        )  # fmt: skip
        assert (carrots.balance_grams, carrots.limit_on, milk.date_kind) == (12_500, None, DateKind.USE_BY)
        assert session.get_one(Reception, first).slip == "A-77"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("A-77;999;Inconnu;1;;;", "Article inconnu"),
        ("A-77;;Lait 1 l;6;;;", "frais"),
        ("A-77;;Lait 1 l;6;;20/11/2020;", "DLC est dépassée"),
        ("A-77;;carottes;;douze;;", "douze"),
        ("A-77;;carottes;;;;", "quel poids"),
        ("B-12;;carottes;;3;;", "autre bordereau"),
    ],
)
def test_one_wrong_line_and_nothing_is_received(small_shop: SmallShop, line: str, told: str) -> None:
    desk = small_shop.desk
    supplier = receive.save_supplier(desk, "Grossiste", Origin.PURCHASE)
    preview = looked(desk, f"{NOTE}{line}\n", supplier)
    assert [n.note.number for n in preview.lines if n.errors] == [5]
    assert told in preview.lines[-1].errors[0]
    with pytest.raises(BadInput, match="lignes à corriger"):
        deliveries.form_of(preview, supplier, Origin.PURCHASE)


def test_the_columns_of_a_supplier_are_remembered_and_of_no_other(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    supplier = receive.save_supplier(desk, "Grossiste", Origin.PURCHASE)
    other = receive.save_supplier(desk, "Autre", Origin.PURCHASE)
    told = {Field.ARTICLE: "Désignation", Field.PIECES: "Colis"}
    deliveries.keep_columns(desk, supplier, told)
    sheet = read_sheet(NOTE.encode())
    assert deliveries.columns_of(desk, sheet, supplier) == told
    assert deliveries.columns_of(desk, sheet, other) != told
    assert deliveries.columns_of(desk, read_sheet(b"Produit;Kg\nRiz;3\n"), supplier) == {
        Field.ARTICLE: "Produit",
        Field.KILOS: "Kg",
    }


THREE = """Bon;Article;Commandé;Livré;Abîmés;Date;Nature
L-9;Petits pois 400 g;30;24;2;30/06/2027;DDM
L-9;carottes;15;12,5;0,5;;
L-9;Lait 1 l;6;6;;28/11/2026;DLC
"""


def test_what_was_ordered_delivered_and_damaged_and_the_nature_of_a_date_come_from_their_columns(
    small_shop: SmallShop,
) -> None:
    desk = small_shop.desk
    supplier = receive.save_supplier(desk, "Grossiste", Origin.PURCHASE)
    sheet = read_sheet(THREE.encode())
    columns = deliveries.columns_of(desk, sheet, supplier) | {Field.SLIP: "Bon"}
    assert {columns[f] for f in (Field.ORDERED, Field.DELIVERED, Field.DAMAGED, Field.DATE_KIND)} == {
        "Commandé", "Livré", "Abîmés", "Nature",
    }  # fmt: skip
    deliveries.keep_columns(desk, supplier, columns)
    assert deliveries.columns_of(desk, sheet, supplier) == columns
    preview = deliveries.look_at(desk, sheet, columns, supplier=supplier)
    assert preview.errors == 0
    made = receive.record_reception(desk, deliveries.form_of(preview, supplier, Origin.PURCHASE))
    with desk.db.read() as session:
        rows = session.execute(
            select(Lot, LotDelivery).join(LotDelivery).where(Lot.reception_id == made).order_by(Lot.id)
        ).all()
        assert [(d.ordered, d.delivered, d.damaged) for _lot, d in rows] == [
            (30, 24, 2), (15_000, 12_500, 500), (6, 6, None),
        ]  # fmt: skip
        # Without a column of its own, what enters the stock is what was delivered less what came damaged.
        assert [(n.balance_pieces, n.balance_grams) for n, _d in rows] == [(22, 8_800), (0, 12_000), (6, 6_180)]
        assert [n.date_kind for n, _d in rows] == [DateKind.BEST_BEFORE, DateKind.NONE, DateKind.USE_BY]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("L-9;carottes;15;douze;;;", "quantité livrée"),
        ("L-9;carottes;15;12;-1;;", "quantité abîmée"),
        ("L-9;carottes;15;12;;30/06/2027;fraîcheur", "ni une DLC ni une DDM"),
        ("L-9;Petits pois 400 g;15;12;;11/2027;DLC", "une DLC porte un jour"),
    ],
)
def test_a_column_that_tells_something_else_is_told_line_by_line(small_shop: SmallShop, line: str, told: str) -> None:
    desk = small_shop.desk
    supplier = receive.save_supplier(desk, "Grossiste", Origin.PURCHASE)
    sheet = read_sheet(f"{THREE}{line}\n".encode())
    columns = deliveries.columns_of(desk, sheet, supplier) | {Field.SLIP: "Bon"}
    preview = deliveries.look_at(desk, sheet, columns, supplier=supplier)
    assert [n.note.number for n in preview.lines if n.errors] == [5]
    assert told in preview.lines[-1].errors[0]
