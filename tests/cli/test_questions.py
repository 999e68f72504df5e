"""Questions: any of them, computed again from `epicerie dump` alone; what the command answers, writes, publishes and refuses."""

from __future__ import annotations

import csv
import io
import json
import tomllib
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.question_catalogue import SUBJECTS
from epicerie_desktop.domain.questions import Period, Question, Span, from_json, question, to_json
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.services import dump, opening
from epicerie_desktop.services.demonstration.build import DemoFiles
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.queries.questions import answer
from epicerie_desktop.services.stock import catalogue, receive
from epicerie_desktop.support import paths
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.cli.conftest import Run
from tests.conftest import PASSPHRASE, TODAY
from tests.persistence.conftest import make_busy

Row = dict[str, str]
Line = dict[str, Any]
AGES = (2, 14, 17, 24, 29, 64)
"""The last year of each bracket but the last."""


class Recount:
    """The lines of each subject, made of the rows of a dump, and nothing of the program."""

    def __init__(self, folder: Path) -> None:
        self.tables: dict[str, list[Row]] = {}
        for path in folder.glob("*.csv"):
            with path.open(newline="", encoding="utf-8") as handle:
                self.tables[path.stem] = list(csv.DictReader(handle))
        t = self.tables
        self.households = {h["id"]: h for h in t["households"]}
        self.organisations = {r["id"]: r["organisation"] or None for r in t["referrers"]}
        self.families = {f["code"]: f for f in t["families"]}
        self.family_of = {f["id"]: f for f in t["families"]}
        self.articles = {a["id"]: a for a in t["articles"]}
        self.lots = {n["id"]: n for n in t["lots"]}
        self.addresses = defaultdict(list)
        for a in sorted(t["addresses"], key=lambda a: a["valid_from"]):
            self.addresses[a["household_id"]].append(a)
        territory = tomllib.loads(paths.resource("nomenclatures", "territory.toml").read_text("utf-8"))
        self.territories = sorted(territory["territory"], key=lambda t: t["valid_from"], reverse=True)

    def root(self, household: str) -> str:
        return self.households[household]["merged_into_id"] or household

    def commune(self, household: str, day: str) -> str | None:
        known = [a["commune_code"] for a in self.addresses[household] if a["valid_from"] <= day]
        return (known[-1] or None) if known else None

    def place(self, household: str, day: str) -> Line:
        commune = self.commune(household, day)
        there = next((t for t in self.territories if t["valid_from"].isoformat() <= day), None)
        sector = next((s["code"] for s in there["sector"] if commune in s["communes"]), None) if there else None
        referrer = self.organisations.get(self.households[household]["referrer_id"])
        return {**when(day), "commune": commune, "sector": sector, "referrer": referrer, "households": household}

    def kept(self) -> list[Row]:
        tickets = self.tables["tickets"]
        undone = {t["reverses_id"] for t in tickets if t["reverses_id"]}
        return [t for t in tickets if not t["reverses_id"] and t["id"] not in undone]

    def visits(self) -> Iterator[Line]:
        of: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for t in self.kept():
            of[self.root(t["household_id"]), t["day"]].append(t)
        for (household, day), tickets in of.items():
            persons, grams, shelf, paid = (
                [int(t[k]) for t in tickets] for k in ("persons", "grams", "shelf_cents", "paid_cents")
            )
            yield {
                **self.place(household, day), "size": min(6, max(persons)), "visits": 1, "person_visits": max(persons), "grams": sum(grams),
                "shelf_cents": sum(shelf), "paid_cents": sum(paid), "savings_cents": sum(shelf) - sum(paid),
            }  # fmt: skip

    def goods(self, article: str, lot: str) -> Line:
        return {"article": int(article), "financing": self.lots[lot]["financing"] or None}

    def lines(self) -> Iterator[Line]:
        kept = {t["id"] for t in self.kept()}
        for n in self.tables["lines"]:
            if n["ticket_id"] in kept:
                household = self.root(n["household_id"])
                yield {
                    **self.place(household, n["day"]), **self.goods(n["article_id"], n["lot_id"]), "origin": n["origin"],
                    "family": int(self.families[n["family"]]["id"]), "food": int(n["food"] == "true"), "grams": int(n["grams"]),
                    "other_grams": int(n["other_grams"]), "pieces": int(n["pieces"]), "shelf_cents": int(n["shelf_cents"]),
                    "paid_cents": int(n["paid_cents"]), "served_visits": (household, n["day"]),
                }  # fmt: skip

    def persons(self) -> Iterator[Line]:
        stays: dict[str, list[Row]] = defaultdict(list)
        for m in self.tables["members"]:
            stays[m["household_id"]].append(m)
        away: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for a in self.tables["members_away"]:
            away[a["household_id"], a["person_id"]].append(a)
        seen = set()
        for t in self.kept():
            household, day = t["household_id"], t["day"]
            for m in stays[household]:
                person = m["person_id"]
                gone = any(a["since"] <= day and (not a["until"] or day <= a["until"]) for a in away[household, person])
                there = m["joined_on"] <= day and (not m["left_on"] or day < m["left_on"]) and not gone
                if there and (self.root(household), day, person) not in seen:
                    seen.add((self.root(household), day, person))
                    yield {
                        **self.place(self.root(household), day), "sex": m["sex"], "age": bracket(m["born"], day), "persons": person,
                        "person_visits": 1,
                    }  # fmt: skip

    def moved(self, kind: str) -> Iterator[tuple[Row, Line]]:
        for m in self.tables["moves"]:
            if m["kind"] == kind:
                lot = self.lots[m["lot_id"]]
                family = self.family_of[self.articles[lot["article_id"]]["family_id"]]
                food = family["food"] == "true"
                yield m, {
                    **when(m["day"]), **self.goods(lot["article_id"], lot["id"]), "family": int(family["id"]), "food": int(food),
                    "origin": lot["origin"], "grams": int(m["grams"]) * food, "other_grams": int(m["grams"]) * (not food),
                    "pieces": int(m["pieces"]),
                }  # fmt: skip

    def receptions(self) -> Iterator[Line]:
        suppliers = {r["id"]: r["supplier_id"] for r in self.tables["receptions"]}
        for m, line in self.moved("RECEPTION"):
            arrival = self.lots[m["lot_id"]]["reception_id"]
            supplier = suppliers.get(arrival, "")
            yield {**line, "arrivals": arrival or None, "supplier": int(supplier) if supplier else None}

    def losses(self) -> Iterator[Line]:
        for m, line in self.moved("LOSS"):
            if m["loss_reason"] != "BROUGHT_BACK":
                out = {k: -line[k] for k in ("grams", "other_grams", "pieces")}
                yield {**line, **out, "loss": m["loss_reason"] or None, "value_cents": int(m["value_cents"] or 0)}

    def files(self) -> Iterator[Line]:
        for h in self.households.values():
            if not h["merged_into_id"]:
                yield {**self.place(h["id"], h["opened_on"]), "files": 1}

    def absences(self) -> Iterator[Line]:
        for a in self.tables["absences"]:
            place = self.place(self.root(a["household_id"]), a["day"])
            yield {**place, "excused": int(a["excused"] == "true"), "absences": 1}

    def appointments(self) -> Iterator[Line]:
        for a in self.tables["appointments"]:
            place = self.place(self.root(a["household_id"]), a["at"][:10])
            yield {**place, "appointment": a["kind"], "kept": a["state"], "appointments": 1}

    def of(self, asked: Question, first: date, last: date) -> dict[tuple[Any, ...], tuple[int, ...]]:
        """Return the numbers of each line of the answer, and of the whole under None."""
        found: dict[Any, list[Line]] = defaultdict(list)
        every: Iterable[Line] = getattr(self, asked.subject)()
        only = dict(asked.only)
        for line in every:
            if first.isoformat() <= line["day"] <= last.isoformat() and all(line[k] in v for k, v in only.items()):
                found[tuple(line[g] for g in asked.groups)].append(line)
                found[None].append(line)
        return {k: tuple(_count(m, lines) for m in asked.counted) for k, lines in found.items()}


def _count(measure: str, lines: list[Line]) -> int:
    if measure in {"households", "persons", "served_visits", "arrivals"}:
        return len({n[measure] for n in lines} - {None})
    return sum(n[measure] for n in lines)


def when(day: str) -> Line:
    at = date.fromisoformat(day)
    return {"day": day, "month": at.year * 100 + at.month, "year": at.year, "weekday": at.isoweekday()}


def bracket(born: str, day: str) -> int | None:
    """Return the first year of the bracket of the age surely reached: whoever was born in a month was born on its last day."""
    if not born:
        return None
    year, month, number = (*(int(p) for p in born.split("-")), 0, 0)[:3]
    if not number:
        after = date(year + 1, 1, 1) if month in {0, 12} else date(year, month + 1, 1)
        month, number = (after - timedelta(1)).month, (after - timedelta(1)).day
    at = date.fromisoformat(day)
    age = max(0, at.year - year - ((at.month, at.day) < (month, number)))
    return max([0] + [end + 1 for end in AGES if age > end])


@pytest.fixture(scope="module")
def demo(demo_files: DemoFiles) -> Iterator[Desk]:
    secret = json.loads(demo_files.passphrases.read_text("utf-8"))["shop-1"]
    desk = opening.open_desk(demo_files.shops[0], secret, FrozenClock.on(TODAY))
    yield desk
    desk.db.close()


@pytest.fixture(scope="module")
def recount(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Recount:
    folder = tmp_path_factory.mktemp("dumped")
    dump.dump(demo, folder)
    return Recount(folder)


TOLD = {k: [b for b in SUBJECTS[k].by if b not in {"band", "household"}] for k in SUBJECTS if hasattr(Recount, k)}
DAYS = st.dates(TODAY - timedelta(days=70), TODAY + timedelta(days=5))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    subject = draw(st.sampled_from(sorted(TOLD)))
    about = SUBJECTS[subject]
    counted = draw(st.sets(st.sampled_from(about.measures), min_size=1))
    groups = draw(st.lists(st.sampled_from(TOLD[subject]), max_size=3, unique=True))
    first, last = sorted((draw(DAYS), draw(DAYS)))
    period = Period(Span.DAYS, first, last)
    only: dict[str, list[Any]] = {}
    choices: dict[str, list[Any]] = {
        "weekday": [1, 2, 4, 5], "sector": ["SF", "EST", None], "origin": ["FOOD_BANK", "PICKUP"], "food": [1], "sex": ["F"], "size": [1, 2, 3],
    }  # fmt: skip
    for key in sorted(set(choices) & set(about.by)):
        if draw(st.booleans()) and draw(st.booleans()):
            only[key] = draw(st.lists(st.sampled_from(choices[key]), min_size=1, unique=True))
    return question(subject, counted, groups, only, period, across=draw(st.booleans()))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions())
def test_any_question_is_answered_as_the_rows_of_a_dump_say(demo: Desk, recount: Recount, asked: Question) -> None:
    assert from_json(to_json(asked)) == asked
    found = answer(demo, asked)
    expected = recount.of(asked, found.first, found.last)
    whole = expected.pop(None, None)  # type: ignore[call-overload]
    nothing = (0,) * len(asked.counted)
    assert {k: v for k, v in found.lines.items() if asked.groups or any(v)} == {
        k: v for k, v in expected.items() if asked.groups or any(v)
    }
    assert found.levels[()].get((), nothing) == (whole or nothing)
    for level, told in found.levels.items():
        for codes, numbers in told.items():
            for m, n in zip(asked.measures, numbers, strict=True):
                if m.adds_up:
                    at = asked.measures.index(m)
                    parts = (v[at] for k, v in found.lines.items() if tuple(k[p] for p in level) == codes)
                    assert n == sum(parts)


def test_the_recount_is_of_something(recount: Recount) -> None:
    empty = {subject for subject in TOLD if not any(True for _ in getattr(recount, subject)())}
    assert empty <= {"absences", "losses"}, "the control"


ASKED = {"version": 1, "subject": "lines", "count": ["grams", "shelf_cents"], "groups": ["article"], "across": False, "only": {},
         "period": {"span": "DAYS", "first": "2026-11-01", "last": "2026-11-30"}}  # fmt: skip
HOSTILE = ('=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1")


@pytest.fixture
def ask(epicerie: Run, shop_file: Path) -> Callable[..., Any]:
    """Ask a shop that sold, once each, articles whose names would be formulas."""
    desk = opening.open_desk(shop_file, PASSPHRASE, FrozenClock.on(TODAY))
    busy = make_busy(desk)
    family = stock.families(desk)[0].id or 0
    for name in HOSTILE:
        article = catalogue.save_article(desk, catalogue.ArticleForm(family, name, SoldBy.WEIGHT, reference_cents=100))
        receive.record_reception(
            desk, receive.ReceptionForm(Origin.FOOD_BANK, (receive.ReceivedLine(grams=9000, article_id=article),))
        )
        replace(busy, article=article).sell(1)
    desk.db.close()
    return lambda *args, stdin="": epicerie("question", *args, "--database", shop_file, stdin=stdin)


def test_a_question_in_json_is_answered_in_json_and_by_lines(ask: Callable[..., Any]) -> None:
    found = ask("--file", "-", "--json", stdin=json.dumps(ASKED)).json
    assert (found["first"], found["groups"]) == ("2026-11-01", ["article"])
    assert found["total"]["grams"] == sum(r["grams"] for r in found["rows"])
    assert ask("Foyers et personnes servis, mois par mois").code == 0
    assert "Aucune question" in ask("rien de tel").complaint(1)


def test_a_question_of_a_newer_program_and_a_wrong_one_are_refused_calmly(ask: Callable[..., Any]) -> None:
    newer = ask("--file", "-", stdin=json.dumps({**ASKED, "version": 2, "subject": "dreams"})).complaint(1)
    assert "version plus récente" in newer
    for wrong in ("", "[]", "{}", "{" * 5000, json.dumps({**ASKED, "subject": "person"}), json.dumps({**ASKED, "count": ["last_name"]}),
                  json.dumps({**ASKED, "only": {"article": ["1) OR 1=1 --"]}}), json.dumps({**ASKED, "only": {"household": ["1-0001"]}})):  # fmt: skip
        assert ask("--file", "-", stdin=wrong).code == 1
    with pytest.raises(RuleRefused):
        from_json(json.dumps({**ASKED, "version": 99}))
    with pytest.raises(BadInput):
        from_json(json.dumps({**ASKED, "period": {"span": "DAYS", "first": "2026-12-01", "last": "2026-11-01"}}))


def test_a_name_that_looks_like_a_formula_is_harmless_in_every_file(ask: Callable[..., Any], tmp_path: Path) -> None:
    for kind in ("fr.csv", "csv", "xlsx", "ods"):
        path = tmp_path / f"t.{kind}"
        assert ask("--file", "-", "-o", path, stdin=json.dumps(ASKED)).code == 0
        data = path.read_bytes()
        if kind == "xlsx":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                sheet, words = (archive.read(f"xl/{n}.xml").decode() for n in ("worksheets/sheet1", "sharedStrings"))
            assert "<f>" not in sheet
            assert "HYPERLINK" in words, "the control"
        elif kind == "ods":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                content = archive.read("content.xml").decode()
            assert "HYPERLINK" in content
            assert "table:formula" not in content
        elif kind.endswith("csv"):
            rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";" if "fr" in kind else ","))
            assert not any(r[0].startswith(("=", "+", "-", "@", "\t", "＝")) for r in rows)


def test_publishing_twice_compares_and_a_refusal_leaves_what_was_there(ask: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    first = ask("--file", "-", "-o", path, "--publish", "--title", "Novembre", "--json", stdin=json.dumps(ASKED)).json
    assert first["threshold"] == 5
    kept = path.read_bytes()
    filtered = {**ASKED, "only": {"food": [1]}}
    refused = ask("--file", "-", "-o", path, "--publish", "--title", "Denrées", stdin=json.dumps(filtered))
    assert "Mettez le filtre en regroupement" in refused.complaint(1)
    assert path.read_bytes() == kept
    assert sorted(tmp_path.glob(".*.partial")) == []
