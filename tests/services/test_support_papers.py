"""The papers of the support file: what they say, and what they never say."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from epicerie_desktop.domain.eligibility.situation import Member, Situation
from epicerie_desktop.domain.support import ReferralReason, UndertakingKind
from epicerie_desktop.persistence.models import Decision
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.support import documents, file, undertakings
from epicerie_desktop.services.support.undertakings import UndertakingForm
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop


def read(pdf: bytes) -> tuple[int, str]:
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = " ".join(" ".join(p.extract_text() for p in pages).replace("\u202f", " ").replace("\xa0", " ").split())
    return len(pages), text.replace("’", "'")


def referred(shop: SmallShop) -> None:
    referrer = enrol.save_referrer(shop.desk, "Mme Charbonnel", "CCAS de Murat")
    form = file.OrientationForm(referrer, TODAY - timedelta(days=3), ReferralReason.ENERGY, "Facture de 240 euros")
    file.open_file(shop.desk, shop.household, form)


def test_the_blank_referral_sheet_is_one_page_and_asks_nothing_forbidden(small_shop: SmallShop) -> None:
    pages, text = read(documents.liaison_pdf(small_shop.desk))
    assert pages == 1
    assert "Motif de l'orientation" in text
    assert "N'inscrivez ici ni numéro de sécurité sociale" in text


def test_the_answer_tells_the_dates_and_nothing_of_the_budget(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    with pytest.raises(RuleRefused):
        documents.answer_pdf(desk, household)
    referred(small_shop)
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    decide.record_assessment(
        desk, household, Situation(TODAY, (Member(40),), resources=(("wages", 987_00),), charges=(("rent", 456_00),))
    )
    pages, text = read(documents.answer_pdf(desk, household))
    assert pages == 1
    assert "Mme Charbonnel CCAS de Murat" in text
    assert "Le 17 novembre 2026, vous avez orienté Fátima D'Almeida" in text
    assert "ouvert du 21 octobre 2026 au 19 janvier 2027 inclus" in text
    for secret in ("987", "456", "240", "€", "Facture", "wages", "%"):
        assert secret not in text


@pytest.mark.parametrize(("answer", "said"), [("REFUSED", "n'a pas été accordé"), ("ADJOURNED", "a été ajournée")])
def test_the_answer_follows_the_last_decision(small_shop: SmallShop, answer: str, said: str) -> None:
    desk = small_shop.desk
    referred(small_shop)
    with desk.db.write() as session:
        session.add(
            Decision(
                household_id=small_shop.household, day=TODAY, maker="COMMITTEE", answer=answer, made_at=desk.clock.now(),
                made_by=desk.actor.id,
            )
        )  # fmt: skip
    text = read(documents.answer_pdf(desk, small_shop.household))[1]
    assert said in text
    assert "ouvert du" not in text


def test_the_contract_and_the_procuration_say_what_was_agreed(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    contract = undertakings.record_undertaking(
        desk, household, UndertakingForm(UndertakingKind.CONTRACT, TODAY, note="venir aux rendez-vous ;\n- cuisiner avec nous.")
    )  # fmt: skip
    text = read(documents.undertaking_pdf(desk, contract))[1]
    assert "Fátima D'Almeida s'engage à" in text
    assert "– cuisiner avec nous." in text.replace("cuisiner avec nous. –", "– cuisiner avec nous.")
    proxy = undertakings.record_undertaking(
        desk, household, UndertakingForm(UndertakingKind.PROXY, TODAY, TODAY + timedelta(days=60), "Inès Vidal")
    )
    text = read(documents.undertaking_pdf(desk, proxy))[1]
    assert "autorise Inès Vidal à faire les courses" in text
    assert "jusqu'au 19 janvier 2027 inclus" in text
    notice = undertakings.record_undertaking(desk, household, UndertakingForm(UndertakingKind.NOTICE, TODAY))
    assert "Ce que nous notons" in read(documents.undertaking_pdf(desk, notice))[1]
    rules = undertakings.record_undertaking(desk, household, UndertakingForm(UndertakingKind.RULES, TODAY))
    assert "ai lu ce règlement" in read(documents.undertaking_pdf(desk, rules))[1]
