"""A règlement written by the form: every key reached, every file kept as it was meant, every mistake told at its place."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from epicerie_desktop.domain.eligibility.document import Section
from epicerie_desktop.domain.eligibility.draft import Draft, problems, strangers, typed, words_of, written
from epicerie_desktop.domain.eligibility.form_fields import AMOUNT_KEYS, LENGTH_KEYS, SHARE_KEYS, Kind
from epicerie_desktop.domain.eligibility.form_schema import TABLES
from epicerie_desktop.domain.eligibility.form_words import named
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset
from epicerie_desktop.support import paths

FILES = sorted(paths.resource("rulesets").glob("*.toml"))
SMALL = """
format = 1
name = "Essai"
version = "1"
valid_from = 2026-01-01
source = "Conseil du 3 décembre"
[[resources]]
code = "wages"
label = "Salaires"
[[indicators]]
code = "income"
label = "Revenu"
kind = "net_income"
per = "household"
period = "month"
[[bounds]]
at_most = 1000
[[share]]
percent = 10
[duration]
months = 3
"""


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_shipped_ruleset_opens_in_the_form_and_is_written_back_with_the_same_meaning(path: Path):
    text = path.read_text("utf-8")
    draft = Draft.read(text)
    assert problems(draft) == ()
    assert parse_ruleset(draft.text()) == parse_ruleset(text)
    assert Draft.read(draft.text()).text() == draft.text()


def _reached() -> set[str]:
    """Return the keys the form writes, as paths from the top without row numbers, and the tables that hold them."""
    keys: set[str] = set()
    for t in TABLES:
        for f in t.fields:
            path = (*t.path, *f.path)
            inner = {Kind.AMOUNT: AMOUNT_KEYS, Kind.LENGTH: LENGTH_KEYS}.get(f.kind, ())
            keys |= {".".join((*path, *case.path)) for case in f.inside}
            for whole in (path, *((*path, k) for k in (*inner, *(SHARE_KEYS if f.shared else ())))):
                keys |= {".".join(whole[: n + 1]) for n in range(len(whole))}
    return keys


def test_no_key_the_parser_asks_for_is_out_of_the_form_s_reach(monkeypatch):
    asked: set[str] = set()
    plain = re.compile(r"\[\d+\]")
    for name in ("has", "take"):
        original = getattr(Section, name)

        def told(self, key, *rest, original=original):
            asked.add(plain.sub("", self.at(key)) if not str(key).isdigit() else "")
            return original(self, key, *rest)

        monkeypatch.setattr(Section, name, told)
    for path in FILES:
        parse_ruleset(path.read_text("utf-8"))
    parse_ruleset(_WHOLE)
    assert asked - _reached() == {"", "format"}


_WHOLE = (
    SMALL
    + """
[residence]
communes = ["15187"]
[[residence.dated]]
commune = "15014"
from = 2026-01-01
[referral]
by = ["CCAS"]
[consumption_units]
child_under = 14
[waiting_period]
months = 1
[capacity]
households = 30
order = ["arrival"]
[guards]
food_bank_most_percent = 10
[renewal]
most = 2
total = { months = 9 }
[visits]
most = 1
[absences]
most = 3
then = "warn"
[[obligations]]
code = "workshop"
label = "Atelier"
[[exceptions]]
by = "La présidente"
[[conditions]]
code = "lives_here"
label = "Habite le quartier"
[[fees]]
code = "card"
label = "Carte"
base = 5
every = "year"
[[outside]]
code = "milk"
label = "Lait infantile"
when = { any = [{ children_min = 3 }, { household_types = ["LONE_PARENT"] }] }
[[not_with]]
code = "colis"
label = "Colis"
[[phases]]
code = "first"
label = "Première"
[[ceilings]]
measure = "PAID"
period = "MONTH"
by = "adults"
amounts = { 1 = 12, 2 = 24 }
per_child = 6
split = { period = "WEEK", parts = 2 }
"""
)


def test_no_two_questions_of_a_row_read_alike():
    for table in TABLES:
        labels = [f.label for f in table.fields]
        assert len(set(labels)) == len(labels), table.key


@pytest.mark.parametrize(
    "wrong", ["bounds = 3", "resources = [1]", "share = {percent = 1}", "residence = 'x'", "deliberation = 2"]
)
def test_a_figure_where_the_format_has_a_table_is_told_as_nothing_the_form_could_mend(wrong: str):
    draft = Draft.read(f"format = 1\n{wrong}\n")
    [problem] = strangers(draft)
    assert problem.path[0] == wrong.split(" ")[0]
    assert problems(draft)[0] == problem


def test_every_choice_of_the_form_has_a_french_name():
    for table in TABLES:
        for field in table.fields:
            assert all(named(choice) for choice in field.choices)


def test_what_is_typed_becomes_the_value_it_means_and_reads_back_the_same():
    assert typed(Kind.NUMBER, "7,60") == Decimal("7.60")
    assert written(typed(Kind.NUMBER, "7,60")) == "7,60"
    assert written(Decimal("7.5"), "€") == "7,50"
    assert written(Decimal("12.5"), "%") == "12,5"
    assert typed(Kind.NUMBER, "1 200") == 1200
    assert typed(Kind.DAY, "5/1/2027") == date(2027, 1, 5)
    assert written(date(2027, 1, 5)) == "05/01/2027"
    assert typed(Kind.LIST, "15187 ; 15014") == ["15187", "15014"]
    assert typed(Kind.NUMBER, "sept euros") == "sept euros"


@pytest.mark.parametrize(
    ("path", "value", "where", "what"),
    [
        (("valid_from",), typed(Kind.DAY, "31/02/2026"), "Premier jour d’application", "2026-02-31"),
        (("bounds", 0), {}, "Seuils, Seuil 1", "Il manque un seuil"),
        (("bounds", 0), {"above": 900, "below": 500}, "Seuils, Seuil 1", "inversés"),
        (("bounds", 0, "at_most"), "mille", "Seuils, Seuil 1, Au plus (seuil compris)", "« mille »"),
        (("bounds", 0, "belw"), 3, "Seuils, Seuil 1", "« belw » n’existe pas"),
        (("source",), "", "D’où vient le texte", "À remplir"),
        (("share",), [], "Participation", "Participation des autres"),
    ],
)
def test_a_mistake_is_told_at_its_place_in_the_words_of_the_form(path, value, where, what):
    draft = Draft.read(SMALL).put(path, value)
    [problem] = problems(draft)
    assert problem.where.startswith(where)
    assert what.casefold() in problem.what.casefold().replace("\u202f", " ").replace("\xa0", " ")
    assert "[[" not in problem.sentence


def test_several_fields_are_told_at_once_and_a_mended_draft_is_a_ruleset():
    draft = Draft.read(SMALL).clear(("name",)).put(("resources", 0, "code"), "Mes Salaires")
    assert [p.path for p in problems(draft)] == [("name",), ("resources", 0, "code")]
    mended = draft.put(("name",), "Autre").put(("resources", 0, "code"), "wages")
    assert problems(mended) == ()
    assert mended.ruleset().name == "Autre"


def test_an_answer_taken_away_takes_its_empty_condition_but_not_its_row():
    draft = Draft.read(SMALL).put(("bounds", 0, "when", "persons_min"), 2)
    assert draft.get(("bounds", 0, "when")) == {"persons_min": 2}
    assert draft.clear(("bounds", 0, "when", "persons_min"), least=2) == Draft.read(SMALL)


def test_rows_are_added_moved_and_keep_their_neighbours():
    bounds = next(t for t in TABLES if t.key == "bounds")
    draft, path = Draft.read(SMALL).add(bounds)
    draft, path = draft.put((*path, "below"), 500).move(path, -1)
    assert path == ("bounds", 0)
    assert draft.get(("bounds",)) == [{"below": 500}, {"at_most": 1000}]
    assert draft.move(path, -1)[0] == draft
    assert words_of(("bounds", 1, "when", "persons_min")) == "Seuils, Seuil 2, Seulement à partir de (personnes)"
