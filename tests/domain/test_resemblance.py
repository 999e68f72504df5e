"""Do two files look like one household: misspelt, swapped, half known, sharing a telephone; and homonyms that are not."""

from __future__ import annotations

import pytest

from epicerie_desktop.domain.household import PartialDate
from epicerie_desktop.domain.resemblance import (
    TO_ASK,
    TO_SHOW,
    FileTrace,
    LikeReason,
    alike,
    duplicates,
    files_alike,
    sound,
    trace,
)

R = LikeReason
Named = tuple[str, str, str | None]


def file(household: int, *people: Named, phone: str = "", address: str = "") -> FileTrace:
    persons = tuple(trace(household * 100 + n, *p[:2], PartialDate.from_iso(p[2])) for n, p in enumerate(people, 1))
    return FileTrace(household, persons, frozenset({phone} if phone else ()), address)


FATIMA: Named = ("D'Almeida", "Fátima", "1985-03-12")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (("d almeida", "FATIMA", "1985-03-12"), (R.SAME_NAMES, R.SAME_BIRTH)),
        (("Dalmeda", "Fatma", "1985-03-12"), (R.ALIKE_NAMES, R.SAME_BIRTH)),
        (("Fatima", "D'Almeida", "1985-03-12"), (R.SWAPPED_NAMES, R.SAME_BIRTH)),
        (("D'Almeida", "Fatima", "1985-12-03"), (R.SAME_NAMES, R.ALIKE_BIRTH)),
        (("D'Almeida", "Fatima", "1985-03-21"), (R.SAME_NAMES, R.ALIKE_BIRTH)),
        (("D'Almeida", "Fatima", "1985-03"), (R.SAME_NAMES, R.ALIKE_BIRTH)),
    ],
)
def test_a_person_entered_otherwise_is_recognised_and_it_is_said_why(other: Named, why: tuple[LikeReason, ...]) -> None:
    found = files_alike(file(1, FATIMA), file(2, other))
    assert (found.score >= TO_SHOW, found.reasons, found.pairs) == (True, why, ((101, 201),))
    assert [f.household for f, _like in alike(file(2, other), [file(1, FATIMA)])] == [1], "they share a key"


@pytest.mark.parametrize(
    "other",
    [
        ("D'Almeida", "Fatima", "1961-07-30"),
        ("D'Almeida", "Léo", "1985-03-12"),
        ("Martin", "Fatima", "1985-03-21"),
        ("Almeyra", "Joana", "1985-03-12"),
        ("D'Almeida", "Fatima", "1955"),
    ],
)
def test_a_homonym_a_twin_or_a_namesake_is_not_taken_for_the_same(other: Named) -> None:
    assert files_alike(file(1, FATIMA), file(2, other)).score < TO_ASK


def test_a_married_name_needs_the_birth_and_a_telephone_or_another_member() -> None:
    married: Named = ("Crèvecœur", "Fátima", "1985-03-12")
    child: Named = ("D'Almeida", "Léo", "2019-06-02")
    assert files_alike(file(1, FATIMA), file(2, married)).score < TO_SHOW
    found = files_alike(file(1, FATIMA, phone="0471600000"), file(2, married, phone="0471600000"))
    assert found.score >= TO_SHOW
    assert R.SAME_PHONE in found.reasons
    found = files_alike(file(1, FATIMA, child), file(2, married, child))
    assert found.score >= TO_SHOW
    assert set(found.pairs) == {(101, 201), (102, 202)}


def test_neighbours_who_share_an_address_and_a_telephone_are_not_one_household() -> None:
    at = {"phone": "0471600000", "address": "4 rue des lilas|15187"}
    assert files_alike(file(1, FATIMA, **at), file(2, ("Martin", "Ana", "1990-01-01"), **at)).score == 0


def test_the_two_files_of_a_separation_are_never_put_side_by_side() -> None:
    child = trace(7, "D'Almeida", "Léo", PartialDate.from_iso("2019-06-02"))
    one, other = (
        FileTrace(h, (trace(h, "D'Almeida", first, None), child), frozenset({"0471600000"}))
        for h, first in ((1, "Fátima"), (2, "Fatima"))
    )
    assert files_alike(one, other).score == 0
    assert duplicates([one, other]) == []


@pytest.mark.parametrize(
    "names",
    [
        ("thibault", "tibo", "thibaud"),
        ("philippe", "filipe"),
        ("gauthier", "gotier"),
        ("khadija", "kadija"),
        ("mathieu", "matieu"),
    ],
)
def test_names_heard_the_same_sound_the_same(names: tuple[str, ...]) -> None:
    assert len({sound(n) for n in names}) == 1
