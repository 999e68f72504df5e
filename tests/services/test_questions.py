"""Questions kept by name, who may ask them, how they are given up, and how published tables are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from epicerie_desktop.domain.questions import Period, Span, from_json, question, to_json
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.persistence.models import PublishedTable, SavedQuestion
from epicerie_desktop.services import publishing, questions
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import reserve
from epicerie_desktop.services.publishing import Thresholds
from epicerie_desktop.services.queries.questions import answer, values_of
from epicerie_desktop.support.errors import BadInput, RuleRefused, Stale
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_figures import another, book
from tests.services.test_reserved import an_account

KILOS = question("lines", ["grams"], ["commune", "month"], {"food": [1]}, across=True)
DAYS = Period(Span.DAYS, TODAY.replace(day=1), TODAY)


def as_role(desk: Desk, role: Role) -> Desk:
    return replace(desk, actor=replace(desk.actor, role=role.value))


def test_a_question_is_kept_renamed_put_away_and_put_back_and_a_second_hand_is_told(desk: Desk) -> None:
    questions.save_question(desk, "  Kilos  du mois ", KILOS)
    (kept,) = questions.saved_questions(desk)
    assert (kept.name, from_json(kept.asked), kept.by) == ("Kilos du mois", KILOS, "Camille")
    assert questions.named_question(desk, "KILOS DU MOÏS") == KILOS
    for twice in ("kilos du mois", "Kilos du mois"):
        with pytest.raises(BadInput, match="déjà"):
            questions.save_question(desk, twice, KILOS)
    questions.rename_question(desk, kept, "Kilos")
    with pytest.raises(Stale):
        questions.delete_question(desk, kept)
    (kept,) = questions.saved_questions(desk)
    questions.delete_question(desk, kept)
    assert questions.saved_questions(desk) == ()
    questions.put_back(desk, kept)
    assert [(q.name, q.asked) for q in questions.saved_questions(desk)] == [("Kilos", to_json(KILOS))]
    for nothing in ("", " ", "\u00a0"):
        with pytest.raises(BadInput, match="nom"):
            questions.save_question(desk, nothing, KILOS)


def test_a_question_of_a_newer_program_stays_in_the_list_and_is_refused_when_opened(desk: Desk) -> None:
    questions.save_question(desk, "De demain", KILOS)
    with desk.db.write() as session:
        session.execute(text("UPDATE saved_question SET asked = '{\"version\": 7}'"))
    (kept,) = questions.saved_questions(desk)
    with pytest.raises(RuleRefused, match="plus récente"):
        questions.named_question(desk, kept.name)
    questions.delete_question(desk, kept)
    questions.put_back(desk, kept)
    with desk.db.read() as session:
        assert session.scalar(select(SavedQuestion.asked)) == '{"version": 7}'


def test_every_example_of_the_program_is_answered(small_shop: SmallShop) -> None:
    book(small_shop.desk, small_shop.household, small_shop.carrots, grams=500)
    assert len(questions.examples()) >= 5
    for example in questions.examples():
        found = answer(small_shop.desk, from_json(example.asked))
        assert found.lines or "Pertes" in example.name


def test_a_volunteer_asks_nothing_and_only_the_social_side_sees_numbers_of_households(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    book(desk, small_shop.household, small_shop.carrots, grams=500)
    numbers = question("visits", ["grams"], ["household"], period=DAYS)
    volunteer = as_role(desk, Role.VOLUNTEER)
    for gesture in (
        lambda: answer(volunteer, KILOS), lambda: questions.saved_questions(volunteer), lambda: values_of(volunteer, "family"),
        lambda: questions.save_question(volunteer, "x", KILOS), lambda: publishing.prepare(volunteer, "x", KILOS),
        lambda: publishing.save_thresholds(volunteer, Thresholds()),
        lambda: answer(as_role(desk, Role.MANAGER), numbers), lambda: questions.save_question(as_role(desk, Role.MANAGER), "x", numbers),
    ):  # fmt: skip
        with pytest.raises(RuleRefused):
            gesture()
    worker = as_role(desk, Role.WORKER)
    assert list(answer(worker, numbers).names[0].values()) == ["1-0001"]
    with pytest.raises(RuleRefused, match="reste dans"):
        publishing.prepare(worker, "Numéros", numbers)


def test_a_reserved_file_is_counted_without_its_number(small_shop: SmallShop) -> None:
    desk = as_role(small_shop.desk, Role.WORKER)
    book(desk, small_shop.household, small_shop.carrots, grams=500)
    reserve.reserve(small_shop.desk, small_shop.household, (an_account(small_shop.desk).actor.id,))
    found = answer(desk, question("visits", ["grams"], ["household"], period=DAYS))
    assert list(found.names[0].values()) == ["Dossier réservé"]
    assert found.levels[()][()] == (500,)


def test_a_long_question_is_given_up_when_asked_and_the_next_one_is_answered(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    book(desk, small_shop.household, small_shop.carrots, grams=500)
    numbers = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000000) SELECT count(*) FROM n"
    )
    with pytest.raises(RuleRefused, match="Arrêté"), desk.db.read(lambda: True) as session:
        session.execute(text(numbers))
    asked = question("visits", ["grams"], period=DAYS)
    assert answer(desk, asked, lambda: False).levels[()][()] == (500,)
    assert answer(desk, asked).levels[()][()] == (500,)


def test_what_is_published_is_kept_whole_and_hides_what_is_small(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    for home in (small_shop.household, another(desk)):
        book(desk, home, small_shop.carrots, grams=500)
    asked = question("visits", ["visits", "grams"], ["commune"], period=DAYS)
    made = publishing.publish(desk, "Communes", asked)
    assert made.threshold == 5
    assert all(v is None for row in made.table.rows for v in row[1:])
    with desk.db.read() as session:
        row = session.scalars(select(PublishedTable)).one()
        assert sum(n[0] for key, n, _heads, _hidden in row.cells if key != ["∑"]) == 2
    again = publishing.publish(desk, "Communes", asked)
    assert again.edition.hidden == made.edition.hidden
    with pytest.raises(RuleRefused, match="Communes"):
        publishing.publish(desk, "Tout", replace(asked, period=Period(Span.DAYS, TODAY, TODAY)))
    assert len(publishing.published(desk)) == 2
    publishing.publish(desk, "Arrivées", question("receptions", ["grams"], ["family"], period=DAYS))


def test_incomes_have_their_own_threshold_and_both_are_set_within_bounds(desk: Desk) -> None:
    plain, incomes = question("visits", ["visits"], ["commune"]), question("visits", ["visits"], ["band"])
    filtered = question("requests", ["requests"], ["commune"], {"outcome": ["eligible"]})
    found = publishing.thresholds(desk)
    assert [found.of(q) for q in (plain, incomes, filtered)] == [5, 11, 11]
    for wrong in (Thresholds(2, 11), Thresholds(5, 51)):
        with pytest.raises(BadInput):
            publishing.save_thresholds(desk, wrong)
    publishing.save_thresholds(desk, Thresholds(10, 3))
    assert [publishing.thresholds(desk).of(q) for q in (plain, incomes)] == [10, 10]
