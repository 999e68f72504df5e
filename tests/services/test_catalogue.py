"""Families and articles: dated values, codes that belong to one article, what may not change while there is stock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.persistence.models import ArticleValue, FamilyValue, Journal
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.services.stock.catalogue import ArticleForm, FamilyForm
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused, Stale
from tests.services.conftest import SmallShop


def family(desk: Desk, code: str) -> FamilyForm:
    return next(f for f in stock.families(desk) if f.code == code)


def row(desk: Desk, article: int) -> stock.CatalogueRow:
    return next(r for r in stock.catalogue(desk) if r.form.id == article)


def later(desk: Desk, days: int) -> Desk:
    return replace(desk, clock=FrozenClock.on(desk.clock.today() + timedelta(days=days)))


def values(desk: Desk, table: type) -> int:
    with desk.db.read() as session:
        return len(session.scalars(select(table)).all())


def test_a_new_shop_has_its_families_each_with_a_weighed_article_of_its_own(desk: Desk) -> None:
    names = [f.name for f in stock.families(desk)]
    assert len(names) == 12
    assert [(r.form.name, r.generic, r.form.sold_by) for r in stock.catalogue(desk)] == [
        (n, True, SoldBy.WEIGHT) for n in names
    ]
    catalogue.add_default_families(desk)
    assert len(stock.families(desk)) == 12


def test_an_article_follows_the_value_of_its_family_until_it_has_its_own(desk: Desk) -> None:
    dry = family(desk, "FEC")
    rice = catalogue.save_article(desk, ArticleForm(dry.id, "Riz 1 kg", SoldBy.PIECE, 1000))  # type: ignore[arg-type]
    assert (row(desk, rice).reference_cents, row(desk, rice).own_value) == (140, False)
    catalogue.save_family(desk, replace(dry, cents_per_piece=155))
    assert counter.price_list(desk).offers[rice].reference_cents == 155
    catalogue.set_reference_value(desk, rice, 99)
    assert (row(desk, rice).reference_cents, row(desk, rice).own_value) == (99, True)


def test_a_changed_value_counts_from_its_day_and_an_earlier_day_keeps_the_old_one(desk: Desk) -> None:
    dry = family(desk, "FEC")
    catalogue.save_family(later(desk, 10), replace(dry, cents_per_kg=300))
    generic = next(r.form.id for r in stock.catalogue(desk) if r.generic and r.form.family_id == dry.id)
    assert counter.price_list(desk).offers[generic].reference_cents == 240  # type: ignore[index]
    assert counter.price_list(later(desk, 10)).offers[generic].reference_cents == 300  # type: ignore[index]


def test_saving_again_without_a_change_dates_no_new_value(desk: Desk) -> None:
    dry = family(desk, "FEC")
    rice = catalogue.save_article(desk, ArticleForm(dry.id, "Riz", SoldBy.WEIGHT, reference_cents=200))  # type: ignore[arg-type]
    before = values(desk, FamilyValue), values(desk, ArticleValue), values(desk, Journal)
    tomorrow = later(desk, 1)
    catalogue.save_family(tomorrow, replace(dry, name="Pâtes, riz et farines"))
    catalogue.save_article(tomorrow, row(desk, rice).form)
    assert (values(desk, FamilyValue), values(desk, ArticleValue), values(desk, Journal)) == before


def test_an_article_that_has_its_own_value_cannot_lose_it_silently(desk: Desk) -> None:
    rice = catalogue.save_article(desk, ArticleForm(family(desk, "FEC").id, "Riz", SoldBy.WEIGHT, reference_cents=0))  # type: ignore[arg-type]
    assert row(desk, rice).reference_cents == 0
    with pytest.raises(RuleRefused, match="sa propre valeur"):
        catalogue.save_article(desk, replace(row(desk, rice).form, reference_cents=None))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "   "}, "Il manque"),
        ({"name": "x" * 81}, "80 caractères"),
        ({"net_grams": 0}, "poids net"),
        ({"net_grams": 5_000_001}, "poids net"),
        ({"reference_cents": -1}, "négatif"),
        ({"reference_cents": 10_000_01}, "trop grand"),
    ],
)
def test_an_article_that_cannot_be_is_refused(small_shop: SmallShop, change: dict[str, object], told: str) -> None:
    form = row(small_shop.desk, small_shop.peas).form
    with pytest.raises(BadInput, match=told):
        catalogue.save_article(small_shop.desk, replace(form, **change))  # type: ignore[arg-type]
    assert row(small_shop.desk, small_shop.peas).form == form


def test_a_code_belongs_to_one_article_and_is_kept_without_its_leading_zeros(small_shop: SmallShop) -> None:
    desk, shop = small_shop.desk, small_shop
    catalogue.attach_code(desk, shop.milk, "0012345678905")
    catalogue.attach_code(desk, shop.milk, "12345678905")
    assert row(desk, shop.milk).form.codes == ("12345678905",)
    with pytest.raises(RuleRefused, match="Petits pois"):
        catalogue.attach_code(desk, shop.milk, "3017620422003")
    with pytest.raises(RuleRefused, match="Lait 1 l"):
        catalogue.save_article(desk, replace(row(desk, shop.peas).form, codes=("012345678905",)))
    with pytest.raises(BadInput, match="vide"):
        catalogue.attach_code(desk, shop.milk, "0000")
    assert row(desk, shop.peas).form.codes == ("3017620422003",)


def test_the_second_to_save_the_same_article_is_told(small_shop: SmallShop) -> None:
    form = row(small_shop.desk, small_shop.peas).form
    catalogue.save_article(small_shop.desk, replace(form, name="Petits pois extra-fins"))
    with pytest.raises(Stale):
        catalogue.save_article(small_shop.desk, replace(form, name="Petits pois de l'autre poste"))
    assert row(small_shop.desk, small_shop.peas).form.name == "Petits pois extra-fins"


def test_an_article_in_stock_keeps_its_way_of_being_counted(small_shop: SmallShop) -> None:
    form = row(small_shop.desk, small_shop.carrots).form
    with pytest.raises(RuleRefused, match="en stock"):
        catalogue.save_article(small_shop.desk, replace(form, sold_by=SoldBy.PIECE))


def test_the_article_of_a_family_is_renamed_with_it_and_not_otherwise(desk: Desk) -> None:
    fruit = family(desk, "FL")
    catalogue.save_family(desk, replace(fruit, name="Fruits, légumes et herbes"))
    generic = next(r for r in stock.catalogue(desk) if r.generic and r.form.family_id == fruit.id)
    assert generic.form.name == "Fruits, légumes et herbes"
    for change in ({"name": "Vrac"}, {"sold_by": SoldBy.PIECE}, {"active": False}):
        with pytest.raises(RuleRefused, match="en vrac"):
            catalogue.save_article(desk, replace(generic.form, **change))


def test_two_families_share_neither_name_nor_code(desk: Desk) -> None:
    with pytest.raises(RuleRefused, match="existe déjà"):
        catalogue.save_family(desk, FamilyForm("", "Épicerie  et CONSERVES", ""))
    with pytest.raises(RuleRefused, match="autre famille"):
        catalogue.save_family(desk, FamilyForm("fl", "Fleurs", ""))
    with pytest.raises(BadInput, match="négatif"):
        catalogue.save_family(desk, FamilyForm("", "Fleurs", "", cents_per_kg=-1))
    for name, code in (("Surgelés", "SURG"), ("Surgelés salés", "SURG2"), ("« »!", "F")):
        made = catalogue.save_family(desk, FamilyForm("", name, "", chilled=True))
        assert next(f for f in stock.families(desk) if f.id == made).code == code
