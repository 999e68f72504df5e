from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pypdfium2
import pytest
import zxingcpp

from epicerie_desktop.domain.figures import Totals, totals
from epicerie_desktop.domain.sheets import Balance, Labelled, Part, ShopHeader, SumsDiffer
from epicerie_desktop.printing import balance, decision, enrolment, recovery
from epicerie_desktop.printing.decision import DecisionPage

SHOP = ShopHeader("Épicerie du Cœur de Ville", ("12 rue des Lacs",))
PRINTED = datetime(2013, 2, 7, 9, 0, tzinfo=UTC)


def qr_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        image = document[0].render(scale=200 / 72).to_pil().convert("L")
    finally:
        document.close()
    return zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)[0].text


@pytest.fixture
def contract(figures) -> Balance:
    months = [figures(30), figures(40), figures(20)]
    whole = totals(months)
    years = tuple(Part(str(2010 + n), totals([m])) for n, m in enumerate(months))
    shops = (Part("Saint-Flour", totals(months[:2])), Part("Murat", totals(months[2:])))
    return Balance(
        "Contrat social", "Les deux épiceries du contrat.", "2010-01", "2012-12", date(2012, 12, 31), PRINTED, whole, years, shops,
        (Labelled("F00", "Fruits et légumes"), Labelled("F05", "Œufs")), (Labelled("PURCHASE", "Achats"),), ("Un mois manque.",),
    )  # fmt: skip


def test_the_balance_prints_the_whole_the_years_the_shops_and_what_they_count(contract, read):
    text = read(balance.render(contract)).text
    whole = contract.whole
    for wanted in (
        f"{whole.families}\nfamilles", f"{whole.persons}\npersonnes", "tonnes distribuées", "janvier 2010 – décembre 2012",
        "Arrêté au 31/12/2012", "2011 40 ", "Saint-Flour 40 ", "Murat 20 ", "Fruits et légumes", "Œufs", "Périmètre – Les deux épiceries",
        "Un mois manque.", "compte pour une dans l’ensemble",
    ):  # fmt: skip
        assert wanted in text
    assert f"Ensemble {whole.families} {whole.persons} {whole.visits}" in text


def test_the_balance_of_190_families_500_persons_and_10_tonnes_says_so(read):
    whole = Totals(
        190, 500, 3000, 7900, 9_950_001, 2_500_000, 250_000, (("FL", 9_950_001),), (("FOOD_BANK", 9_950_001),)
    )
    made = Balance("Contrat", "Une épicerie.", "2010-01", "2012-12", date(2012, 12, 31), PRINTED, whole)
    text = read(balance.render(made)).text
    assert "190\nfamilles" in text
    assert "500\npersonnes" in text
    assert "10,0\ntonnes distribuées" in text
    assert "9 950,001 kg" in text


def test_a_balance_whose_years_do_not_add_up_is_refused(contract):
    first, *others = contract.by_year
    wrong = Part(first.label, replace(first.totals, paid_cents=first.totals.paid_cents + 1))
    with pytest.raises(SumsDiffer):
        balance.render(replace(contract, by_year=(wrong, *others)))


def test_the_recovery_sheet_shows_every_group_and_its_square_reads_back(read):
    code = "7K3D-QWER-8T9Y-M2NP-XC4V-B6HJ-09AZ"
    pdf = recovery.render(SHOP, code, date(2026, 11, 22))
    text = read(pdf).text
    assert " ".join(text.split()).count("7K3D QWER 8T9Y M2NP XC4V B6HJ 09AZ") == 1
    assert "Code de secours" in text
    assert qr_of(pdf) == code
    assert len(read(pdf).pages) == 1


def test_the_enrolment_sheet_shows_the_fingerprint_to_compare(read):
    fingerprint = "7K3D QWER 8T9Y M2NP XC4V B6HJ 09AZ PLQK"
    pdf = enrolment.render(SHOP, "Contrat de cohésion", fingerprint, date(2026, 11, 22), shop="l’épicerie de Murat")
    text = " ".join(read(pdf).text.split())
    assert fingerprint in text
    assert "Pour l’épicerie de Murat" in text
    assert qr_of(pdf) == fingerprint
    assert len(read(pdf).pages) == 1


@pytest.fixture
def page() -> DecisionPage:
    steps = (
        ("Ressources du mois.", "1 175,40 €"),
        ("Charges du mois.", "−527,40 €"),
        ("Reste à vivre par jour.", "5,40 €"),
    )
    return DecisionPage(
        SHOP, "0042", date(2026, 11, 22), PRINTED, "Remplit les conditions", "Au-dessous du seuil.", steps,
        (("Valeur en rayon par mois", "120,00 €"),), date(2026, 11, 22), date(2027, 5, 21), "reste à vivre 2026",
    )  # fmt: skip


def test_the_decision_is_told_step_by_step_on_one_page_and_taken_by_a_person(page, read):
    paper = read(decision.render(page))
    assert len(paper.pages) == 1
    wanted = ["Remplit les conditions", "Du 22 novembre 2026 au 21 mai 2027 inclus.", "1 Ressources du mois. 1 175,40 €",
              "3 Reste à vivre par jour. 5,40 €", "Valeur en rayon par mois 120,00 €", "la décision est prise par une personne"]  # fmt: skip
    at = 0
    for piece in wanted:
        at = paper.text.index(piece, at)


def test_a_long_sum_goes_on_over_numbered_pages(page, read):
    long = replace(page, steps=page.steps * 30, valid_from=None)
    paper = read(decision.render(long))
    assert [f"Page {n} sur {len(paper.pages)}" in text for n, text in enumerate(paper.pages, 1)] == [True] * len(
        paper.pages
    )
    assert "90 Reste à vivre par jour." in paper.text
    assert "inclus" not in paper.text


def test_the_same_rows_give_the_same_bytes_in_embedded_fonts(contract, page, read):
    for make in (
        lambda: balance.render(contract),
        lambda: decision.render(page),
        lambda: recovery.render(SHOP, "7K3D-QWER", date(2026, 11, 22)),
        lambda: enrolment.render(SHOP, "Contrat", "7K3D QWER", date(2026, 11, 22)),
    ):
        pdf = make()
        assert pdf == make()
        assert all(embedded and unicode for _name, embedded, unicode in read(pdf).fonts())
