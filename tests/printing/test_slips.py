"""The small papers of an accompaniment, read back as their reader would."""

from __future__ import annotations

from datetime import UTC, date, datetime

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.domain.slips import AppointmentSlip, AttendanceSheet, OnwardLetter
from epicerie_desktop.printing import appointment_slip, attendance_sheet, onward_letter

SHOP = ShopHeader("Épicerie des Quatre-Vents", ("12 rue du Breuil", "15100 Saint-Flour"), ("04 71 60 00 00",))
AT = datetime(2026, 11, 27, 13, 30, tzinfo=UTC)


def test_the_slip_says_when_where_and_what_to_bring(read) -> None:
    slip = AppointmentSlip(
        SHOP,
        "1-0042",
        AT,
        "Bureau du bas",
        "Camille",
        ("Pièce d'identité", "Avis d'imposition"),
        ("Prévenez-nous au 04 71 60 00 00.",),
    )
    paper = read(appointment_slip.render(slip))
    for words in (
        "Vendredi 27 novembre 2026",
        "à 14 h 30",
        "Bureau du bas",
        "avec Camille",
        "Avis d'imposition",
        "04 71 60 00 00",
    ):
        assert words in paper.text
    assert len(paper.pages) == 1


def test_a_long_list_of_papers_goes_on_to_a_second_page(read) -> None:
    slip = AppointmentSlip(
        SHOP, "1-0042", AT, "", "", tuple(f"Papier n° {n} à retrouver dans les tiroirs" for n in range(30))
    )
    paper = read(appointment_slip.render(slip))
    assert len(paper.pages) > 1
    assert "Papier n° 29" in paper.text


def test_the_sheet_has_a_line_for_each_and_some_to_spare_over_as_many_pages_as_it_takes(read) -> None:
    names = tuple(f"Famille n° {n} au nom assez long pour une ligne Prénom-Composé" for n in range(40))
    paper = read(attendance_sheet.render(AttendanceSheet(SHOP, "Cuisine de saison", AT, 150, "Salle", names, 4)))
    assert "2 h 30" in paper.pages[0]
    assert all(f"Famille n° {n} " in paper.text for n in range(40))
    assert "44" in paper.pages[-1]
    assert paper.text.count("Nom et prénom") == len(paper.pages)


def test_the_letter_names_the_person_and_leaves_room_for_an_answer(read) -> None:
    letter = OnwardLetter(
        SHOP, date(2026, 11, 20), "ADIL du Cantal", "Fátima D'Almeida", "12/03/1985", 3, "Impayés depuis juin.", "Camille", "1-0042"
    )  # fmt: skip
    text = read(onward_letter.render(letter)).text.replace("\n", " ")
    for words in (
        "ADIL du Cantal",
        "Fátima D'Almeida",
        "12/03/1985",
        "compte 3 personnes",
        "Impayés depuis juin.",
        "Sans suite, parce que",
    ):
        assert words in text
