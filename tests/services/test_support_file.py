"""The support file: what its gestures keep, refuse and erase, and that nothing sealed is read without the second key."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from epicerie_desktop.domain.eligibility.situation import Member, Situation
from epicerie_desktop.domain.support import (
    MOST_SCAN_BYTES,
    Debt,
    ExitReason,
    ExitResult,
    Expiry,
    ObjectiveKind,
    ObjectiveState,
    PaperKind,
    ReferralReason,
    ReviewResult,
    ScanKind,
    UndertakingKind,
)
from epicerie_desktop.persistence.models import Household, PaperContent
from epicerie_desktop.services import dump
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries import support_pages as pages
from epicerie_desktop.services.queries.support import support_file
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.support import file as gestures
from epicerie_desktop.services.support import papers, projects, undertakings
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused, Stale
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket, sold

SECRET = "Confidence-7f3a"
"""Stands in every sealed text of these tests: no query of an account without the key may return it."""
PDF, JPEG = b"%PDF-1.7 " + SECRET.encode(), b"\xff\xd8\xff" + SECRET.encode()


def opened(shop: SmallShop, days_ago: int = 0) -> int:
    at = replace(shop.desk, clock=FrozenClock.on(TODAY - timedelta(days=days_ago)))
    form = gestures.OrientationForm(reason_code=ReferralReason.ENERGY, reason=f"Facture {SECRET}", urgent=True)
    return gestures.open_file(at, shop.household, form)


def project(shop: SmallShop, **more: Any) -> int:
    form = projects.ObjectiveForm(
        ObjectiveKind.BILL, f"Régulariser {SECRET}", TODAY - timedelta(days=20), "EDF", 240_00
    )
    return projects.save_objective(shop.desk, shop.household, replace(form, **more))


def filled(shop: SmallShop) -> None:
    """Put something in every part of the file, its secret in every sealed place."""
    desk, household = shop.desk, shop.household
    file = opened(shop, 20)
    gestures.save_diagnosis(desk, file, 1, f"Diagnostic {SECRET}", f"Budget {SECRET}")
    gestures.save_debts(desk, file, 2, (Debt(f"Créancier {SECRET}", 900_00, 30_00),))
    gestures.record_review(desk, household, TODAY, ReviewResult.ON_TRACK, f"Bilan {SECRET}", TODAY + timedelta(days=60))
    projects.record_payment(desk, project(shop), TODAY, 40_00, SECRET)
    paper = papers.PaperForm(PaperKind.INCOME, TODAY, TODAY + timedelta(days=10), f"Fiche {SECRET}", SECRET)
    papers.record_paper(desk, household, paper, PDF)
    papers.save_portrait(desk, household, JPEG, TODAY)
    undertakings.record_undertaking(
        desk, household, undertakings.UndertakingForm(UndertakingKind.PROXY, TODAY, TODAY + timedelta(days=90), "Inès Vidal")
    )  # fmt: skip
    undertakings.add_avoidance(desk, household, undertakings.AvoidanceForm(TODAY, words="Rien à cuire"))
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    decide.record_assessment(
        desk,
        household,
        Situation(TODAY, (Member(40), Member(8)), resources=(("wages", 900_00),), charges=(("rent", 400_00),)),
    )


def test_a_file_is_opened_once_and_another_one_only_after_its_exit(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    file = opened(small_shop)
    with pytest.raises(RuleRefused):
        opened(small_shop)
    form = gestures.ExitForm(TODAY, ExitReason.MOVED, ExitResult.PARTLY, SECRET, TODAY + timedelta(days=30))
    gestures.close_file(desk, file, 1, form)
    with pytest.raises(RuleRefused):
        gestures.close_file(desk, file, 2, form)
    ended = pages.ending_page(desk, household)
    assert ended.file is None
    assert [(p.code, p.result, p.note) for p in ended.past] == [(ExitReason.MOVED, ExitResult.PARTLY, SECRET)]
    assert pages.orientation_page(desk, household).waiting_until == TODAY + timedelta(days=30)
    with desk.db.read() as session:
        assert session.get_one(Household, household).closed_on is None, "an exit does not close the household"
    assert opened(small_shop) != file


def test_the_exit_proposes_the_waiting_period_of_the_reglement(small_shop: SmallShop) -> None:
    assert gestures.proposed_waiting(small_shop.desk, TODAY) is None
    with_waiting = ruleset_text("reste-a-vivre") + "\n[waiting_period]\nmonths = 2\n"
    decide.adopt_ruleset(small_shop.desk, with_waiting)
    assert gestures.proposed_waiting(small_shop.desk, date(2026, 11, 20)) == date(2027, 1, 20)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda d, f: gestures.save_debts(d, f, 1, (Debt("", 10_00),)),
        lambda d, f: gestures.save_debts(d, f, 1, (Debt("Banque", 10_00, 20_00),)),
        lambda d, f: gestures.save_diagnosis(d, f, 1, "n° 2 85 03 15 187 042 33", ""),
        lambda d, f: gestures.save_orientation(d, f, 1, gestures.OrientationForm(referred_on=TODAY + timedelta(days=1))),
        lambda d, f: gestures.close_file(d, f, 1, gestures.ExitForm(TODAY - timedelta(days=1), ExitReason.OTHER, ExitResult.NO)),
        lambda d, f: gestures.close_file(
            d, f, 1, gestures.ExitForm(TODAY, ExitReason.OTHER, ExitResult.NO, "", TODAY - timedelta(days=1))
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    small_shop: SmallShop, wrong: Callable[[Desk, int], None]
) -> None:
    file = opened(small_shop)
    with pytest.raises(BadInput):
        wrong(small_shop.desk, file)
    assert pages.budget_page(small_shop.desk, small_shop.household).version == 1


def test_the_second_who_saves_a_diagnosis_is_told(small_shop: SmallShop) -> None:
    file = opened(small_shop)
    gestures.save_diagnosis(small_shop.desk, file, 1, "Le premier", "")
    with pytest.raises(Stale):
        gestures.save_diagnosis(small_shop.desk, file, 1, "Le second", "")
    assert pages.budget_page(small_shop.desk, small_shop.household).diagnosis == "Le premier"


def test_what_was_paid_counts_until_it_is_cancelled_and_never_disappears(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    opened(small_shop, 20)
    objective = project(small_shop)
    projects.record_payment(desk, objective, TODAY, 40_00)
    mistake = projects.record_payment(desk, objective, TODAY, 400_00)
    projects.cancel_payment(desk, mistake)
    with pytest.raises(RuleRefused):
        projects.cancel_payment(desk, mistake)
    read = pages.projects_page(desk, household)
    assert (read.objectives[0].paid_cents, read.paid_cents) == (40_00, 40_00)
    assert [(p.cents, p.cancelled_on) for p in read.payments] == [(400_00, TODAY), (40_00, None)]
    projects.end_objective(desk, objective, 1, ObjectiveState.REACHED, TODAY)
    with pytest.raises(Stale):
        projects.end_objective(desk, objective, 1, ObjectiveState.DROPPED, TODAY)


def test_what_stayed_in_the_budget_is_the_value_less_the_price_of_the_tickets_that_count(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    opened(small_shop)
    receipt = sold(small_shop, a_basket(small_shop))
    read = pages.projects_page(desk, small_shop.household)
    assert read.stayed_cents == receipt.shelf_cents - receipt.paid_cents > 0
    assert read.since == TODAY
    sell.cancel_sale(desk, receipt.sale, "erreur de foyer")
    assert pages.projects_page(desk, small_shop.household).stayed_cents == 0


def test_the_statements_are_read_as_figures_over_time_the_latest_first(small_shop: SmallShop) -> None:
    filled(small_shop)
    nothing = Situation(TODAY, (Member(40),), resources=(("wages", None), ("rsa", 0)))
    decide.record_assessment(small_shop.desk, small_shop.household, nothing)
    latest, first = pages.budget_page(small_shop.desk, small_shop.household).statements
    assert (first.resources_cents, first.charges_cents) == (900_00, 400_00)
    assert first.indicators[0][1] == 8_33, "500 euros, two persons, thirty days"
    assert (latest.resources_cents, latest.charges_cents) == (0, None), "zero is an answer, nothing said is not"


def test_a_revoked_procuration_leaves_the_counter_and_stays_in_the_file(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    form = undertakings.UndertakingForm(UndertakingKind.PROXY, TODAY, TODAY + timedelta(days=20), "Inès Vidal")
    with pytest.raises(BadInput):
        undertakings.record_undertaking(desk, household, replace(form, name=""))
    proxy = undertakings.record_undertaking(desk, household, form)
    (shown,) = support_file(replace(desk, social_key=None), household).undertakings
    assert (shown.name, shown.expiry) == ("Inès Vidal", Expiry.SOON)
    undertakings.revoke_undertaking(desk, proxy)
    assert support_file(desk, household).undertakings == ()
    (kept,) = pages.undertakings_page(desk, household)
    assert (kept.revoked_on, kept.in_force) == (TODAY, False)


def test_a_tag_removed_leaves_no_trace_of_its_words(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    reception = replace(desk, social_key=None)
    tag = undertakings.add_avoidance(
        reception, household, undertakings.AvoidanceForm(TODAY, article_id=small_shop.milk)
    )
    with pytest.raises(BadInput):
        undertakings.add_avoidance(reception, household, undertakings.AvoidanceForm(TODAY, article_id=small_shop.milk))
    assert [t.label for t in pages.avoidance_page(reception, household).tags] == ["Lait 1 l"]
    undertakings.remove_avoidance(reception, tag)
    assert pages.avoidance_page(reception, household).tags == ()
    with desk.db.read() as session:
        entries = session.execute(text("SELECT body FROM journal WHERE kind LIKE 'avoidance%'")).scalars().all()
    assert len(entries) == 2
    assert "Lait" not in "".join(entries)


def test_a_scan_is_known_by_its_content_limited_sealed_and_erased_with_its_paper(
    small_shop: SmallShop, tmp_path: Path
) -> None:  # fmt: skip
    desk, household = small_shop.desk, small_shop.household
    liar = tmp_path / "scan.pdf"
    liar.write_bytes(b"PK\x03\x04 un autre fichier")
    with pytest.raises(BadInput, match="ni un PDF"):
        papers.read_scan_file(liar)
    liar.write_bytes(PDF.ljust(MOST_SCAN_BYTES + 1, b"."))
    with pytest.raises(BadInput, match="trop lourd"):
        papers.read_scan_file(liar)
    form = papers.PaperForm(PaperKind.RENT, TODAY, None, f"Quittance {SECRET}")
    paper = papers.record_paper(desk, household, form, PDF)
    assert papers.scan_of(desk, paper) == (PDF, ScanKind.PDF)
    full = PDF.ljust(MOST_SCAN_BYTES, b".")
    for _n in range(9):
        papers.record_paper(desk, household, form, full)
    with pytest.raises(BadInput, match="50 Mo"):
        papers.record_paper(desk, household, form, full)
    with desk.db.read() as session:
        assert SECRET.encode() not in session.get_one(PaperContent, paper).sealed
    papers.remove_paper(desk, paper)
    with pytest.raises(RuleRefused, match="retiré"):
        papers.scan_of(desk, paper)
    with desk.db.read() as session:
        assert session.get(PaperContent, paper) is None
    papers.record_paper(desk, household, form, PDF.ljust(MOST_SCAN_BYTES - 1, b"."))


def test_a_paper_seen_again_is_no_longer_asked_for(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    old = papers.PaperForm(PaperKind.TAX, TODAY - timedelta(days=400), TODAY - timedelta(days=1))
    papers.record_paper(desk, household, old)
    assert [(p.kind, p.expiry) for p in support_file(desk, household).papers] == [(PaperKind.TAX, Expiry.OVER)]
    papers.record_paper(desk, household, replace(old, seen_on=TODAY, expires_on=TODAY + timedelta(days=300)))
    assert support_file(desk, household).papers == ()


def test_a_portrait_is_small_sealed_and_removable(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    with pytest.raises(BadInput):
        papers.save_portrait(desk, household, JPEG.ljust(60_001, b"."), TODAY)
    papers.save_portrait(desk, household, JPEG, TODAY)
    papers.save_portrait(desk, household, JPEG + b"2", TODAY)
    assert papers.portrait_of(desk, household) == JPEG + b"2"
    papers.remove_portrait(desk, household)
    assert papers.portrait_of(desk, household) is None


def told(value: object) -> str:
    """Return every text of an answer, however deep."""
    if is_dataclass(value) and not isinstance(value, type):
        return " ".join(told(getattr(value, f.name)) for f in fields(value))
    if isinstance(value, dict):
        return " ".join(told(v) for v in (*value, *value.values()))
    return " ".join(map(told, value)) if isinstance(value, tuple | list | set | frozenset) else str(value)


READS: tuple[Callable[[Desk, int], object], ...] = (
    support_file, pages.orientation_page, pages.budget_page, pages.projects_page, pages.undertakings_page, pages.papers_page,
    pages.avoidance_page, pages.ending_page, papers.portrait_of, lambda d, h: papers.scan_of(d, 1),
)  # fmt: skip


def test_an_account_without_the_key_reads_nothing_sealed(small_shop: SmallShop) -> None:
    filled(small_shop)
    worker, newcomer = small_shop.desk, replace(small_shop.desk, social_key=None)
    assert sum(SECRET in told(read(worker, small_shop.household)) for read in READS) >= 7, "the control"
    refused = 0
    for read in READS:
        try:
            answer = told(read(newcomer, small_shop.household))
        except RuleRefused:
            refused += 1
            continue
        for secret in (SECRET, "EDF", "24000", "4000", "90000", "ENERGY"):
            assert secret not in answer
    assert refused == 6
    view = support_file(newcomer, small_shop.household)
    assert view.worker is None
    assert (view.head.file, view.head.opened_on) == (None, None)
    assert [u.name for u in view.undertakings] == ["Inès Vidal"]
    assert [(p.kind, p.expiry) for p in view.papers] == [(PaperKind.INCOME, Expiry.SOON)]
    assert [t.label for t in view.avoidances] == ["Rien à cuire"]


def test_what_is_written_of_a_file_lies_sealed_and_the_journal_names_nobody(small_shop: SmallShop) -> None:
    filled(small_shop)
    with small_shop.desk.db.read() as session:
        names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        for name in names:
            for row in session.execute(text(f"SELECT * FROM {name}")):
                whole = b"|".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
                assert SECRET.encode() not in whole, name
        bodies = session.execute(text("SELECT body FROM journal WHERE kind LIKE 'support%' OR kind LIKE 'objective%'"))
        for body in bodies.scalars():
            assert all(not isinstance(v, str) or len(v) < 20 for v in json.loads(body).values())


def test_the_dump_tells_the_sealed_words_with_the_key_only(small_shop: SmallShop, tmp_path: Path) -> None:
    filled(small_shop)

    def whole(desk: Desk, folder: str) -> str:
        dump.dump(desk, tmp_path / folder)
        return "".join(p.read_text("utf-8") for p in sorted((tmp_path / folder).glob("*.csv")))

    opened_words, closed_words = whole(small_shop.desk, "a"), whole(replace(small_shop.desk, social_key=None), "b")
    assert opened_words.count(SECRET) >= 7
    assert SECRET not in closed_words
    assert "ENERGY" in closed_words
    assert "Inès Vidal" in closed_words


def test_a_reserved_file_is_opened_by_those_it_names_only(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    with desk.db.write() as session:
        session.get_one(Household, household).reserved = True
    for read in (support_file, pages.papers_page, pages.orientation_page, pages.avoidance_page):
        with pytest.raises(RuleRefused, match="voir la coordination"):
            read(desk, household)
    with pytest.raises(RuleRefused):
        opened(small_shop)
    with desk.db.write() as session:
        session.execute(
            text("INSERT INTO reserved_to (household_id, account_id) VALUES (:h, :a)"), {"h": household, "a": desk.actor.id}
        )  # fmt: skip
    assert support_file(desk, household).head.household == household


def test_codes_in_the_clear_are_those_the_house_listed(small_shop: SmallShop) -> None:
    opened(small_shop)
    with small_shop.desk.db.read() as session:
        row = session.execute(text("SELECT reason_code, urgent, exit_code FROM support_file")).one()
    assert tuple(row) == ("ENERGY", 1, None)
    assert not any(w in " ".join(r.value for r in ReferralReason) for w in ("HEALTH", "CARE", "DISAB", "NATION"))
