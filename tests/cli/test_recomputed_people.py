"""Households and persons of the reports, counted again from `epicerie dump` alone: csv, json and the printed definitions."""

from __future__ import annotations

import calendar
import json
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from epicerie_desktop.services import dump as dumping
from epicerie_desktop.services import months, opening
from epicerie_desktop.services.demonstration.build import DemoFiles
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.reports.people import people_sections
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from tests.cli.test_recomputed import Dump, Row
from tests.conftest import TODAY

CLOSED = ("2011-03", "2011-04", "2011-05", "2026-10")
PERIODS = (
    ("2011-01-01", "2011-12-31"), ("2011-04-01", "2011-04-30"), ("2011-04-11", "2011-06-17"), ("2010-09-01", "2026-11-20"),
    ("2026-10-01", "2026-11-20"), ("2009-01-01", "2009-02-28"),
)  # fmt: skip
KINDS = {
    "SINGLE": "Personne seule", "COUPLE": "Couple sans enfant", "LONE_PARENT": "Parent seul avec enfants",
    "COUPLE_WITH_CHILDREN": "Couple avec enfants", "OTHER": "Autre foyer",
}  # fmt: skip
SEXES = {"F": "Femme", "M": "Homme", "U": "Non précisé"}
FUNDERS: dict[str, list[tuple[int, str]]] = {
    "INSEE": [
        (0, "0 à 14 ans"), (15, "15 à 29 ans"), (30, "30 à 44 ans"), (45, "45 à 59 ans"), (60, "60 à 74 ans"), (75, "75 ans et plus"),
    ],
    "Banque Alimentaire": [(0, "0 à 3 ans"), (4, "4 à 14 ans"), (15, "15 à 25 ans"), (26, "26 à 64 ans"), (65, "65 ans et plus")],
    "FSE+": [(0, "Moins de 18 ans"), (18, "18 à 29 ans"), (30, "30 à 64 ans"), (65, "65 ans et plus")],
}  # fmt: skip

SINCE = {"INSEE": "2006", "Banque Alimentaire": "2010", "FSE+": "2021"}


class Visit(NamedTuple):
    """A visit as the dump tells it; a person is its token, its age and its sex."""

    day: str
    household: str
    persons: tuple[tuple[str, int | None, str], ...]
    kind: str
    commune: str
    referrer: str
    band: str
    reason: str


def age_on(born: str, day: str) -> int | None:
    """Count whole years from the last day a birth can be, none where that day is still to come."""
    if not born:
        return None
    year, month, last = (*(int(part) for part in born.split("-")), 0, 0)[:3]
    month = month or 12
    last = last or calendar.monthrange(year, month)[1]
    today = date.fromisoformat(day)
    return max(0, today.year - year - (1 if (today.month, today.day) < (month, last) else 0))


def kind_of(links: list[str]) -> str:
    if len(links) == 1:
        return "SINGLE"
    if set(links) - {"HOLDER", "PARTNER", "CHILD"} or set(links) <= {"HOLDER"}:
        return "OTHER"
    couple = "PARTNER" in links
    return {(True, True): "COUPLE_WITH_CHILDREN", (True, False): "COUPLE", (False, True): "LONE_PARENT"}[
        (couple, "CHILD" in links)
    ]


class People(Dump):
    """The dump, read for its people."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.tokens = {h["id"]: h["token"] for h in self.tables["households"]}
        self.latest: dict[str, Any] = {}
        for row in self.tables["month_closings"]:
            self.latest[row["month"]] = json.loads(row["figures"])
        self.members, self.away, self.places = (self.by_household(n) for n in ("members", "members_away", "addresses"))
        self.support, self.assessments = self.by_household("support_files"), self.by_household("assessments")
        self.grants = self.by_household("grants")

    def by_household(self, table: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.tables[table]:
            found[row["household_id"]].append(row)
        return found

    def visits(self, first: str, last: str) -> Iterator[Visit]:
        for figures in self.latest.values():
            for v in figures["visits"]:
                if first <= v["day"] <= last:
                    facts = v["facts"]
                    yield Visit(
                        v["day"], v["household"], tuple(zip(v["persons"], facts["ages"], facts["sexes"], strict=True)), facts["kind"],
                        v["commune"] or "", str(facts["referrer"] or ""), facts["band"] or "", facts["reason"] or "",
                    )  # fmt: skip
        days = {(t["household_id"], t["day"]) for t in self.kept(first[:7], last[:7]) if first <= t["day"] <= last}
        for household, day in days:
            if day[:7] not in self.latest:
                yield self.as_it_stands(household, day)

    def as_it_stands(self, household: str, day: str) -> Visit:
        away = {
            a["person_id"] for a in self.away[household] if a["since"] <= day and (not a["until"] or day <= a["until"])
        }
        there = [
            m
            for m in self.members[household]
            if m["joined_on"] <= day and (not m["left_on"] or day < m["left_on"]) and m["person_id"] not in away
        ]
        place = [a for a in self.places[household] if a["valid_from"] <= day]
        support = sorted(
            (s for s in self.support[household] if s["opened_on"] <= day), key=lambda s: (s["opened_on"], int(s["id"]))
        )
        bands = sorted(
            (a for a in self.assessments[household] if a["day"] <= day and a["band"]),
            key=lambda a: (a["day"], int(a["id"])),
        )
        file = next(h for h in self.tables["households"] if h["id"] == household)
        referred = [s["referrer_id"] for s in support if s["referrer_id"]] or [file["referrer_id"]]
        reasons = [s["reason_code"] for s in support if s["reason_code"]] or [""]
        return Visit(
            day, self.tokens[household], tuple((m["person_token"], age_on(m["born"], day), m["sex"]) for m in there),
            kind_of([m["link"] for m in there]), max(place, key=lambda a: a["valid_from"])["commune_code"] if place else "",
            referred[-1], bands[-1]["band"] if bands else "", reasons[-1],
        )  # fmt: skip

    def enrolled(self, first: str, last: str) -> dict[str, int]:
        """Count who had a right, month by month where months are closed, then over the whole."""
        eve = (date.fromisoformat(first) - timedelta(days=1)).isoformat()
        sets: dict[str, set[str]] = defaultdict(set)
        for start, end in stretches(first, last):
            whole = start[8:] == "01" and (date.fromisoformat(end) + timedelta(days=1)).day == 1
            if start[:7] in self.latest and whole:
                for household, persons, marks in self.latest[start[:7]]["enrolled"]:
                    for mark in marks:
                        sets[mark if mark in "ifr" else f"{mark}{start if mark == 'b' else end}"].add(household)
                    sets["persons"] |= set(persons)
            else:
                self.live_enrolled(start, end, sets)
        before, inside, after = sets[f"b{first}"], sets["i"], sets[f"a{last}"]
        assert eve < first
        came = inside - before
        return {
            "registered_households": len(inside), "registered_persons": len(sets["persons"]), "enrolled_before": len(before),
            "enrolled_new": len(came & sets["f"]), "enrolled_back": len(came - sets["f"]), "enrolled_renewed": len(sets["r"]),
            "enrolled_left": len((before | inside) - after), "enrolled_after": len(after),
        }  # fmt: skip

    def live_enrolled(self, start: str, end: str, sets: dict[str, set[str]]) -> None:
        eve = (date.fromisoformat(start) - timedelta(days=1)).isoformat()
        closed = {h["id"]: h["closed_on"] for h in self.tables["households"]}
        for household, grants in self.grants.items():
            token, shut = self.tokens[household], closed[household] or "9999-12-31"
            rights = [g for g in grants if g["exceptional"] == "false" and g["valid_from"] <= g["valid_until"]]

            def open_on(day: str, rights: list[Row] = rights, shut: str = shut) -> bool:
                return day < shut and any(g["valid_from"] <= day <= g["valid_until"] for g in rights)

            days = [d for d in each_day(start, end) if open_on(d)]
            for mark, holds in ((f"b{start}", open_on(eve)), ("i", bool(days)), (f"a{end}", open_on(end))):
                if holds:
                    sets[mark].add(token)
            for m in self.members[household]:
                if any(m["joined_on"] <= d and (not m["left_on"] or d < m["left_on"]) for d in days):
                    sets["persons"].add(m["person_token"])
            begun = [g["valid_from"] for g in rights if start <= g["valid_from"] <= end and not g["origin_id"]]
            if begun and not any(g["valid_from"] < start for g in rights):
                sets["f"].add(token)
            if any(g["valid_from"] < b for b in begun for g in rights):
                sets["r"].add(token)


def each_day(first: str, last: str) -> Iterator[str]:
    day = date.fromisoformat(first)
    while day.isoformat() <= last:
        yield day.isoformat()
        day += timedelta(days=1)


def stretches(first: str, last: str) -> list[tuple[str, str]]:
    """Cut a period into its months."""
    found: dict[str, list[str]] = defaultdict(list)
    for day in each_day(first, last):
        found[day[:7]].append(day)
    return [(days[0], days[-1]) for days in found.values()]


def count(visits: list[Visit], key: Callable[[Visit], str]) -> dict[str, tuple[int, ...]]:
    """Count households and persons once, as at their first visit, and every visit as it was."""
    ordered = sorted(visits)
    households, persons = dict[str, str](), dict[str, str]()
    passed, passing = Counter[str](), Counter[str]()
    for v in ordered:
        k = key(v)
        households.setdefault(v.household, k)
        passed[k] += 1
        passing[k] += len(v.persons)
        for token, _age, _sex in v.persons:
            persons.setdefault(token, k)
    by_home, by_person = Counter(households.values()), Counter(persons.values())
    return {k: (by_home[k], by_person[k], passed[k], passing[k]) for k in passed}


def count_persons(visits: list[Visit], key: Callable[[int | None, str], str]) -> dict[str, tuple[int, ...]]:
    firsts, passing = dict[str, str](), Counter[str]()
    for v in sorted(visits):
        for token, age, sex in v.persons:
            firsts.setdefault(token, key(age, sex))
            passing[key(age, sex)] += 1
    once = Counter(firsts.values())
    return {k: (once[k], passing[k]) for k in passing}


def read(desk: Desk, first: str, last: str) -> tuple[dict[str, Any], dict[str, dict[str, tuple[Any, ...]]]]:
    with desk.db.read() as session:
        sections = people_sections(session, date.fromisoformat(first), date.fromisoformat(last))
    found = {}
    for section in sections:
        for table in section.tables:
            found[table.name] = {str(row[0]): row[1:] for row in table.rows}
            assert len(found[table.name]) == len(table.rows), "two rows of one name"
    return {f.code: f.value for s in sections for f in s.figures}, found


@pytest.fixture(scope="module")
def corrected(demo_files: DemoFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The demonstration with months closed, then births, addresses and tickets corrected here and there."""
    folder = tmp_path_factory.mktemp("people") / "shop"
    shutil.copytree(demo_files.shops[0].parent, folder)
    secret = json.loads(demo_files.passphrases.read_text("utf-8"))["shop-1"]
    desk = opening.open_desk(folder / demo_files.shops[0].name, secret, FrozenClock.on(TODAY))
    for month in CLOSED:
        months.close_month(desk, month)
    rng = random.Random(74)
    dumping.dump(desk, folder / "before")
    before = People(folder / "before")
    for household in rng.sample(
        sorted(int(h["id"]) for h in before.tables["households"] if not h["merged_into_id"]), 40
    ):
        form = household_file(desk, household).form
        members = tuple(replace(m, born=rng.choice(("1950", "1999-02", "2009-05-31", ""))) for m in form.members)
        place = replace(form.address, commune_code=rng.choice(("15187", "15188", "15045")))
        enrol.save_household(desk, replace(form, members=members, address=place))
    for ticket in rng.sample(before.kept("2011-03", "2011-07"), 12):
        sell.cancel_sale(desk, int(ticket["id"]), "essai")
    months.amend_month(desk, "2011-04", "Naissances relues")
    yield desk
    desk.db.close()


@pytest.fixture(scope="module")
def again(corrected: Desk, tmp_path_factory: pytest.TempPathFactory) -> People:
    folder = tmp_path_factory.mktemp("people_dump") / "dump"
    dumping.dump(corrected, folder)
    return People(folder)


def test_the_dump_holds_months_whose_people_were_corrected_since(again: People, corrected: Desk) -> None:
    """The control: what is read below from closed months is no longer what the tickets and files say."""
    assert again.latest.keys() == set(CLOSED)
    assert {m for m in CLOSED if months.month_state(corrected, m).pending} >= {"2011-03", "2011-05"}
    assert not any(m["made_at"][:7] <= "2011-12" for m in again.tables["merges"])


@pytest.mark.parametrize(("first", "last"), PERIODS)
def test_every_figure_of_the_people_is_that_of_the_dump(again: People, corrected: Desk, first: str, last: str) -> None:
    told, tables = read(corrected, first, last)
    visits = list(again.visits(first, last))
    assert (len(visits) > 0) == (first > "2010")
    whole = (
        len({v.household for v in visits}), len({p[0] for v in visits for p in v.persons}), len(visits), sum(len(v.persons) for v in visits),
    )  # fmt: skip
    assert tuple(told[k] for k in ("families", "persons", "visits", "person_visits")) == whole
    rights = again.enrolled(first, last)
    assert {k: told[k] for k in rights} == rights
    referrers = {r["id"]: (r["name"], r["organisation"]) for r in again.tables["referrers"]}
    communes = dict(names_of_communes())
    for name, key in {
        "Par type de foyer": lambda v: KINDS[v.kind],
        "Par nombre de personnes": lambda v: str(len(v.persons)) if len(v.persons) < 6 else "6 et plus",
        "Par commune": lambda v: communes.get(v.commune, v.commune) or "Commune non connue ou hors de la liste",
        "Par service instructeur": lambda v: referrers[v.referrer][1] if v.referrer else "Non connu",
        "Par prescripteur": lambda v: "{} ({})".format(*referrers[v.referrer]) if v.referrer else "Non connu",
        "Par tranche de reste à vivre": lambda v: f"Tranche {v.band.upper()}" if v.band else "Non connu",
    }.items():
        assert plain(tables[name]) == {**count(visits, key), "Ensemble": whole}, name
    reasons = count(visits, lambda v: v.reason)
    assert sorted(tables["Par motif d’orientation"].values()) == sorted([*reasons.values(), whole])
    check_persons(visits, tables, last, whole)


def check_persons(
    visits: list[Visit], tables: dict[str, dict[str, tuple[Any, ...]]], last: str, whole: tuple[int, ...]
) -> None:
    all_of_them = (whole[1], whole[3])
    for funder, brackets in FUNDERS.items():
        assert (f"Par âge ({funder})" in tables) == (last >= SINCE[funder])
        if last < SINCE[funder]:
            continue

        def bracket(age: int | None, _sex: str, brackets: list[tuple[int, str]] = brackets) -> str:
            return "Âge non connu" if age is None else [label for since, label in brackets if since <= age][-1]

        found = {k: v for k, v in tables[f"Par âge ({funder})"].items() if v != (0, 0) or k == "Ensemble"}
        assert plain(found) == {**count_persons(visits, bracket), "Ensemble": all_of_them}
    sexes = {k: v for k, v in tables["Par sexe"].items() if v != (0, 0) or k == "Ensemble"}
    assert plain(sexes) == {**count_persons(visits, lambda _age, sex: SEXES[sex]), "Ensemble": all_of_them}


def plain(table: dict[str, tuple[Any, ...]]) -> dict[str, tuple[int, ...]]:
    """Return a table with ordinary spaces and apostrophes in the names of its rows."""
    return {k.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'"): v for k, v in table.items()}


def names_of_communes() -> Iterator[tuple[str, str]]:
    for line in Path("resources/nomenclatures/communes.csv").read_text("utf-8").splitlines()[1:]:
        code, name = line.split(",")[:2]
        yield code, name


def test_the_months_and_the_sectors_are_those_of_the_dump(again: People, corrected: Desk) -> None:
    first, last = "2011-01-01", "2011-12-31"
    _told, tables = read(corrected, first, last)
    visits = list(again.visits(first, last))
    rows = list(tables["Mois par mois"].values())
    for (start, end), row in zip(stretches(first, last), rows, strict=False):
        mine = [v for v in visits if start <= v.day <= end]
        persons = {p[0] for v in mine for p in v.persons}
        assert row == (
            again.enrolled(start, end)["registered_households"], len({v.household for v in mine}), len(persons), len(mine),
            sum(len(v.persons) for v in mine),
        )  # fmt: skip
    assert len(rows) == 13
    # Before 2013 there is no territory to place a visit in: nothing is guessed.
    assert "Par secteur" not in tables
    _told, tables = read(corrected, "2026-10-01", "2026-11-20")
    recent = list(again.visits("2026-10-01", "2026-11-20"))
    found = tables["Par secteur"]
    assert found["Saint-Flour"] == count(recent, lambda v: v.commune).get("15187")
    by_month = tables["Passages par secteur et par mois"]
    assert list(by_month) == ["octobre 2026", "novembre 2026", "Ensemble"]
    for name, (start, end) in zip(by_month, stretches("2026-10-01", "2026-11-20"), strict=False):
        mine = [v for v in recent if start <= v.day <= end]
        assert (by_month[name][0], by_month[name][-1]) == (sum(v.commune == "15187" for v in mine), len(mine))
        assert sum(by_month[name][:-1]) == len(mine)
    assert by_month["Ensemble"][-1] == len(recent)
