"""What funders ask: their lists of families, models of report, indicators of the European fund, and estimates that stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from epicerie_desktop.domain.data_table import Holds
from epicerie_desktop.domain.reports.funder_data import Way
from epicerie_desktop.domain.reports.shape import Figure, Section, Standing
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.persistence.models import Article, Journal
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import default_families
from epicerie_desktop.services.reports import estimates, funders, parameters, whole
from epicerie_desktop.services.reports.food import _PARTS, food_parts
from epicerie_desktop.services.stock import catalogue, receive
from epicerie_desktop.services.stock.catalogue import FamilyForm
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.services.till import parcels
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_reserved import an_account
from tests.services.test_sell import a_basket, sold

FIRST = TODAY.replace(day=1)


def part(desk: Desk, code: str, mapping: str = "FEAD") -> Section:
    with desk.db.read() as session:
        return food_parts(session, FIRST, TODAY, (code,), mapping)[code]


def figure(desk: Desk, code: str) -> Figure:
    return next(f for f in part(desk, "fse").figures if f.code == code)


def test_every_list_of_a_funder_sorts_every_family_of_the_program() -> None:
    codes = {f["code"] for f in default_families()}
    assert len(funders.funder_lists()) >= 3
    for listed in funders.funder_lists().values():
        assert {f for f in codes if listed.category_of(f) is None} == set(), listed.code
        assert listed.source
        assert not listed.official, "none of their forms is public"


def test_every_model_names_parts_and_lists_that_exist() -> None:
    for model in funders.report_models():
        assert set(model.parts) <= {*_PARTS, "people", "activity"}
        assert not model.mapping or model.mapping in funders.funder_lists()


def test_a_family_that_a_list_does_not_sort_is_counted_apart_and_never_left_out(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    catalogue.save_family(desk, FamilyForm("TRAIT", "Plats traiteur", "Traiteur", True, False, 500, None))
    with desk.db.read() as session:
        generic = session.scalars(select(Article.id).where(Article.name.contains("traiteur"))).first()
    assert generic is not None
    receive.record_reception(desk, ReceptionForm(Origin.PICKUP, (ReceivedLine(grams=3_000, article_id=generic),)))
    (table,) = part(desk, "groups").tables
    assert (table.rows[-1][0], table.rows[-1][2]) == ("Non classé", 3_000)
    food = next(f for f in part(desk, "food").figures if f.code == "received_grams")
    assert sum(r[2] for r in table.rows if isinstance(r[2], int)) == food.value
    funders.sort_family(desk, "FEAD", "TRAIT", "9")
    (table,) = part(desk, "groups").tables
    assert [r[0] for r in table.rows if r[2] == 3_000] == ["Matières grasses, huile"]
    for code, family, category in (("FEAD", "TRAIT", "99"), ("FEAD", "RIEN", "10"), ("AUTRE", "TRAIT", "10")):
        with pytest.raises(BadInput):
            funders.sort_family(desk, code, family, category)


def test_goods_of_the_programme_make_its_indicators(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    before = part(desk, "fse")
    assert {f.code: f.value for f in before.figures if f.code in ("EMCO01", "EMCR01")} == {"EMCO01": 0, "EMCR01": 0}
    sold(small_shop, a_basket(small_shop, grams=0, pieces=24))
    line = ReceivedLine(pieces=10, article_id=small_shop.peas, unit_cents=90)
    receive.record_reception(desk, ReceptionForm(Origin.FSE, (line,), financing="FSE"))
    sold(small_shop, a_basket(small_shop, grams=0, pieces=3), override="accord")
    parcels.give_emergency_parcel(desk, a_basket(small_shop, grams=0, pieces=1), 2)
    told = {f.code: f.value for f in part(desk, "fse").figures}
    assert (told["EMCO01"], told["EMCO02"], told["EMCO05"]) == (4 * 90, 4 * 90, 0)
    assert told["EMCO09"] == 4 * 400
    assert told["EMCO11"] == round(1000 * 4 / 28)
    # A mother born in 1985, a father in 1980, a child in 2019.
    assert [told[f"EMCR0{n}"] for n in range(1, 6)] == [3, 1, 0, 1, 0]
    assert told["EMCO04"] is None, "nothing is left of what nobody estimated"


def test_an_estimate_is_typed_corrected_and_taken_back_and_every_one_stays(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    assert figure(desk, "EMCO03").value is None
    estimates.record_estimate(desk, "EMCO03", FIRST, TODAY, 0, "Aucun foyer sans abri ce mois-ci")
    told = figure(desk, "EMCO03")
    assert (told.value, told.standing) == (0, Standing.ESTIMATED)
    assert "Aucun foyer sans abri" in told.told
    assert figure(desk, "EMCO04").value == figure(desk, "EMCO02").value
    estimates.record_estimate(desk, "EMCO03", FIRST, TODAY, 12_50, "Un foyer, d'après le registre")
    estimates.record_estimate(desk, "EMCR06", FIRST, TODAY - timedelta(days=1), 4, "Une autre période")
    assert (figure(desk, "EMCO03").value, figure(desk, "EMCR06").value) == (12_50, None)
    (table,) = part(desk, "fse").tables
    assert [r[3] for r in table.rows] == ["4", "12,50 €", "0,00 €"]
    estimates.record_estimate(desk, "EMCO03", FIRST, TODAY, None, "Le registre était faux")
    assert figure(desk, "EMCO03").value is None
    assert len(estimates.estimates_of(desk, FIRST, TODAY)) == 4
    with desk.db.read() as session:
        assert len(session.scalars(select(Journal.seq).where(Journal.kind == "estimate")).all()) == 4
    with pytest.raises(Exception, match="append-only"), desk.db.write() as session:
        session.execute(text("update aggregate_estimate set value = 1"))


def test_what_is_no_estimate_is_refused_and_nothing_is_written(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    wrong = (("EMCO09", 1, "pesé"), ("EMCO03", -1, "a"), ("EMCO10", 1001, "a"), ("EMCO03", 1, " "), ("XX", 1, "a"))
    for code, value, basis in wrong:
        with pytest.raises(BadInput):
            estimates.record_estimate(desk, code, FIRST, TODAY, value, basis)
    with pytest.raises(BadInput):
        estimates.record_estimate(desk, "EMCO03", TODAY, FIRST, 1, "à l'envers")
    volunteer = replace(an_account(desk, role="VOLUNTEER"), social_key=None)
    with pytest.raises(RuleRefused):
        estimates.record_estimate(volunteer, "EMCO03", FIRST, TODAY, 1, "a")
    assert estimates.estimates_of(desk, FIRST, TODAY) == ()


def test_the_indicators_are_those_of_the_annex() -> None:
    found = estimates.indicators()
    codes = [i.code for i in found]
    assert codes == [f"EMCO{n:02d}" for n in range(1, 12)] + [f"EMCR{n:02d}" for n in range(1, 19)]
    assert {i.code for i in found if i.confirmed} == {"EMCO03", "EMCO06", "EMCO09", "EMCO10", "EMCO11"}
    assert {i.code for i in found if i.holds is Holds.PERMILLE} == {"EMCO10", "EMCO11"}
    # What the law leaves to an estimate is never asked of a person.
    assert {f"EMCR{n:02d}" for n in (6, 7, 8, 9, 15, 16, 17, 18)} <= {i.code for i in found if i.way is Way.ESTIMATE}
    assert all(set(i.less) <= set(codes) for i in found)


def test_a_meal_weighs_what_the_networks_say_until_the_shop_says_otherwise(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    sold(small_shop, a_basket(small_shop))

    def meals() -> object:
        return next(f.value for f in part(desk, "food.meals").figures if f.code == "meals")

    assert meals() == 2050 // 500
    parameters.set_meal_grams(desk, 410)
    assert meals() == 5
    with desk.db.read() as session:
        assert parameters.meal_in(session, TODAY - timedelta(days=1)).grams == 500
    with pytest.raises(BadInput):
        parameters.set_meal_grams(desk, 5)


def test_the_tables_of_funders_say_they_are_not_their_own_forms(small_shop: SmallShop) -> None:
    for code in ("food_bank", "andes"):
        found = part(small_shop.desk, code)
        assert "modèle non officiel" in found.title.lower().replace("\u00a0", " ")
        assert any("non officiel" in n for n in found.notes)


def test_every_model_of_a_funder_is_a_report_that_may_be_asked_for(small_shop: SmallShop) -> None:
    sold(small_shop, a_basket(small_shop))
    for code, title in (
        ("banque-alimentaire", "Banque Alimentaire"),
        ("andes", "ANDES"),
        ("fse", "FSE+"),
        ("ddetspp", "Groupes"),
    ):
        for public in (False, True):
            made = whole.report(small_shop.desk, whole.Asked(code, FIRST, TODAY, published=public))
            assert any(title in s.title for s in made.sections), code


def test_an_estimate_for_the_year_that_is_running_shows_in_the_report_of_that_year(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    year = (TODAY.replace(month=1, day=1), TODAY.replace(month=12, day=31))
    estimates.record_estimate(desk, "EMCR09", *year, 6, "D'après le foyer d'accueil")
    estimates.record_estimate(desk, "EMCO03", *year, 12_50, "D'après le registre")

    def told(*days: date, published: bool = False) -> dict[str, object]:
        made = whole.report(desk, whole.Asked("fse", *days, published=published))
        return {f.code: f.value for f in made.figures()}

    assert told(*year)["EMCR09"] == 6
    assert told(year[0], TODAY)["EMCR09"] is None, "the control: another period was asked for"
    assert told(*year)["EMCO04"] is None, "more was estimated for the year than was handed out so far"
    assert [r.holds.value for r in estimates.estimate_rows(desk, *year) if r.holds] == [12_50, 6]
    estimates.record_estimate(desk, "EMCR09", *year, 4, "Compté deux fois")
    assert (told(*year)["EMCR09"], told(*year, published=True)["EMCR09"]) == (4, None)
    text_of = repr(whole.report(desk, whole.Asked("fse", *year, published=True)))
    assert "Compté deux fois" not in text_of


def test_what_is_typed_is_read_in_the_unit_of_its_indicator() -> None:
    of = {i.code: i for i in estimates.estimated_indicators()}
    for code, typed, value, shown in (
        ("EMCO03", "1 250,5", 1250_50, "1250,50\u00a0€"), ("EMCO10", "4,5 %", 45, "4,5\u00a0%"), ("EMCR09", "0", 0, "0"),
    ):  # fmt: skip
        assert estimates.value_read(of[code], typed) == value
        assert estimates.value_written(of[code], value).replace("\u202f", "\u00a0") == shown
        assert estimates.value_read(of[code], estimates.value_written(of[code], value, unit=False)) == value
    for code, typed in (
        ("EMCO10", "101"),
        ("EMCO10", "4,55"),
        ("EMCR09", "2,5"),
        ("EMCR09", "-1"),
        ("EMCO03", "beaucoup"),
    ):
        with pytest.raises(BadInput):
            estimates.value_read(of[code], typed)


def test_a_family_sorted_later_is_sorted_in_the_reports_of_before_and_what_was_sorted_stays(
    small_shop: SmallShop,
) -> None:
    desk = small_shop.desk
    catalogue.save_family(desk, FamilyForm("TRAIT", "Plats traiteur", "Traiteur", True, False, 500, None))
    assert funders.unsorted_count(desk) == 1
    first = funders.sorted_families(desk, "FEAD")[0]
    assert (first.code, first.category) == ("TRAIT", None)
    funders.sort_family(desk, "FEAD", "TRAIT", "10")
    funders.sort_family(desk, "FEAD", "FL", "10")
    with desk.db.read() as session:
        before = funders.funder_list_in(session, "FEAD", TODAY - timedelta(days=400))
        now = funders.funder_list_in(session, "FEAD", TODAY)
    assert (before.families["TRAIT"], before.families["FL"]) == ("10", "4")
    assert (now.families["TRAIT"], now.families["FL"]) == ("10", "10")


def test_the_weights_of_a_meal_say_from_when_and_by_whom(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    kept = parameters.meals(desk)
    assert [m.grams for m in kept] == [500]
    parameters.set_meal_grams(desk, 480, "Convention 2026 avec la Banque Alimentaire")
    assert [(m.grams, m.valid_from) for m in parameters.meals(desk)] == [(480, TODAY), (500, kept[0].valid_from)]
    assert "Convention 2026" in next(f.definition for f in part(desk, "food.meals").figures if f.code == "meals")
