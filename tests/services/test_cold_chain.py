"""Temperatures in tenths, judged by the limits of the day; the evening's answers and the words for the next team."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.safety import ColdAction, ColdLimit, Range, UnitKind, limits_on, parse_tenths, range_of
from epicerie_desktop.services import dump, features
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.safety import cold_chain, day_end
from epicerie_desktop.services.safety.cold_chain import ActionNeeded, ReadingForm, UnitForm
from epicerie_desktop.services.safety.day_end import DayEndForm
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.services.conftest import SmallShop
from tests.services.test_reserved import an_account


def fridge(desk: Desk, *contents: str, name: str = "Frigo lait") -> int:
    return cold_chain.save_unit(desk, UnitForm(name, UnitKind.FRIDGE, contents or ("perishable", "very_perishable")))


@pytest.mark.parametrize(
    ("typed", "tenths"),
    [("3", 30), ("3,5", 35), ("3.5 °C", 35), ("-18", -180), ("−18,5°", -185), ("- 18", -180), ("+2", 20), ("0", 0), ("-0,5", -5)],
)  # fmt: skip
def test_a_temperature_is_read_in_tenths(typed: str, tenths: int) -> None:
    assert parse_tenths(typed) == tenths


@given(st.text(max_size=12))
def test_no_text_raises_anything_but_bad_input(typed: str) -> None:
    with suppress(BadInput):
        assert -600 <= parse_tenths(typed) <= 1200


def test_the_strictest_of_what_a_unit_holds_bounds_it_on_its_day() -> None:
    old = ColdLimit("milk", "Lait", date(2010, 1, 1), 80, None, "ancien")
    new = replace(old, valid_from=date(2026, 1, 1), most=60)
    fish = ColdLimit("fish", "Poisson", date(2010, 1, 1), 20, 0, "x")
    assert range_of(["milk"], limits_on((new, old), date(2025, 12, 31))) == Range(None, 80)
    assert range_of(["milk"], limits_on((new, old), date(2026, 1, 1))) == Range(None, 60)
    assert range_of(["milk", "fish"], limits_on((new, fish), date(2026, 1, 1))) == Range(0, 20)
    codes = {n.code for n in cold_chain.cold_limits()}
    assert {"frozen", "minced_meat", "perishable", "hot_meal"} <= codes


def test_out_of_its_limits_a_reading_asks_what_was_done_and_loses_nothing(desk: Desk) -> None:
    unit = fridge(desk)
    assert cold_chain.units(desk)[0].limits == Range(None, 40)
    cold_chain.record_readings(desk, (ReadingForm(unit, 40),))
    with pytest.raises(ActionNeeded, match="Frigo lait"):
        cold_chain.record_readings(desk, (ReadingForm(unit, 38), ReadingForm(unit, 41)))
    with pytest.raises(ActionNeeded):
        cold_chain.record_readings(desk, (ReadingForm(unit, 41, ColdAction.OTHER, " "),))
    cold_chain.record_readings(desk, (ReadingForm(unit, 95, ColdAction.MOVED, "au frigo du fond"),))
    found = cold_chain.readings(desk, desk.clock.today(), desk.clock.today())
    assert [(r.tenths, r.right, r.action) for r in found] == [(40, True, None), (95, False, ColdAction.MOVED)]
    assert cold_chain.units(desk)[0].read_on(desk.clock.today())


def test_a_unit_says_what_it_holds_and_not_hot_with_cold(desk: Desk) -> None:
    with pytest.raises(BadInput, match="ce que garde"):
        cold_chain.save_unit(desk, UnitForm("Frigo", UnitKind.FRIDGE, ("inconnu",)))
    with pytest.raises(BadInput, match="chaud et du froid"):
        fridge(desk, "hot_meal", "meat")


def test_the_register_prints_each_reading_with_the_limit_of_its_day(desk: Desk) -> None:
    unit = fridge(desk)
    cold_chain.record_readings(desk, (ReadingForm(unit, 35), ReadingForm(unit, 70, ColdAction.DISCARDED, "12 yaourts")))
    today = desk.clock.today()
    pdf = cold_chain.register_pdf(desk, today.replace(day=1), today)
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().replace("\u00a0", " ")
    for words in ("Frigo lait", "3,5 °C", "7 °C", "au plus 4 °C", "NON", "Produits jetés", "12 yaourts", "Camille"):
        assert words in text, words
    assert b"%PDF" in cold_chain.register_pdf(desk, date(2020, 1, 1), date(2020, 2, 1))
    with pytest.raises(BadInput, match="période"):
        cold_chain.register_pdf(desk, today, today - timedelta(days=1))


def test_the_counter_recalls_only_what_the_shop_uses(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    unit = fridge(desk)
    assert day_end.safety_reminders(desk) == day_end.SafetyReminders()
    with pytest.raises(RuleRefused, match="équipe"):
        features.save_feature(an_account(desk, "Sam", "VOLUNTEER"), "cold_chain", True)
    with pytest.raises(BadInput):
        features.save_feature(desk, "inconnu", True)
    features.save_feature(desk, "cold_chain", True)
    features.save_feature(desk, "day_end", True)
    assert features.features_of(desk) == features.Features(cold_chain=True, day_end=True)
    assert day_end.safety_reminders(desk).to_read == 1
    cold_chain.record_readings(desk, (ReadingForm(unit, 35),))
    assert day_end.safety_reminders(desk).to_read == 0
    features.save_feature(desk, "cold_chain", False)
    assert features.features_of(desk) == features.Features(day_end=True)


def test_the_words_of_a_team_are_shown_to_the_next_until_read(small_shop: SmallShop) -> None:
    desk, today = small_shop.desk, small_shop.today
    features.save_feature(desk, "day_end", True)
    features.save_feature(desk, "cold_chain", True)
    unit = fridge(desk)
    late = replace(desk, clock=FrozenClock.on(today + timedelta(days=4)))
    view = day_end.day_end_view(late)
    assert view.due == ("Lait 1 l",)
    assert view.note == "DLC demain au plus tard\u00a0: Lait 1 l."
    assert [u.form.id for u in view.units] == [unit]
    with pytest.raises(ActionNeeded):
        day_end.record_day_end(late, DayEndForm(True, False, view.note, (ReadingForm(unit, 99),)))
    assert day_end.day_end_view(late).done is False
    day_end.record_day_end(late, DayEndForm(True, False, "Clé du frigo chez la mairie.", (ReadingForm(unit, 30),)))
    assert day_end.day_end_view(late).done
    assert day_end.safety_reminders(late).hand_over is None, "not to the one who wrote it"
    morning = replace(desk, clock=FrozenClock.on(today + timedelta(days=5)))
    told = day_end.safety_reminders(morning).hand_over
    assert told is not None
    assert (told.by, told.note) == ("Camille", "Clé du frigo chez la mairie.")
    day_end.mark_seen(morning, told.id)
    day_end.mark_seen(morning, told.id)
    assert day_end.safety_reminders(morning).hand_over is None


def test_everything_of_food_safety_leaves_with_the_dump(small_shop: SmallShop, tmp_path: Path) -> None:
    desk = small_shop.desk
    unit = fridge(desk)
    cold_chain.record_readings(desk, (ReadingForm(unit, 35),))
    package = json.loads(dump.dump(desk, tmp_path / "dump").read_text("utf-8"))
    found = {r["name"]: r for r in package["resources"]}
    names = {"recall_imports", "recalls", "recall_products", "quarantines", "recall_drills", "cold_units", "cold_readings", "day_ends",
             "article_allergens"}  # fmt: skip
    assert names <= found.keys()
    text = (tmp_path / "dump" / "cold_readings.csv").read_text("utf-8")
    assert f"{desk.clock.today()},2026" in text
    assert ",35," in text
    kinds = {f["name"]: f["type"] for f in found["cold_units"]["schema"]["fields"]}
    assert kinds["contents"] == "object"
