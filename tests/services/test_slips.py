"""What the small papers gather before they are drawn."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import time, timedelta

import pytest

from epicerie_desktop.domain.agenda import AppointmentKind
from epicerie_desktop.domain.followup import OnwardKind
from epicerie_desktop.domain.support import PaperKind
from epicerie_desktop.persistence.models import Paper
from epicerie_desktop.services.sealing import seal_json
from epicerie_desktop.services.support import agenda, referrals, slips
from epicerie_desktop.services.support.agenda import AppointmentForm
from epicerie_desktop.services.support.referrals import ReferralForm
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop


def _seen(shop: SmallShop, kind: PaperKind, days: int) -> None:
    desk, uid = shop.desk, uuid.uuid4()
    with desk.db.write() as session:
        session.add(
            Paper(
                uid=uid, household_id=shop.household, kind=kind.value, seen_on=TODAY, expires_on=TODAY + timedelta(days=days),
                sealed=seal_json(desk, "paper", uid, {}), made_at=desk.clock.now(), made_by=desk.actor.id,
            )
        )  # fmt: skip


def test_what_to_bring_is_what_will_be_over_by_the_day_of_the_appointment(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    _seen(small_shop, PaperKind.TAX, 10)
    _seen(small_shop, PaperKind.RENT, 60)
    _seen(small_shop, PaperKind.INCOME, 5)
    _seen(small_shop, PaperKind.INCOME, 90)
    form = AppointmentForm(small_shop.household, TODAY + timedelta(days=20), time(10))
    follow_up = agenda.save_appointment(desk, form)
    assert slips.papers_for(desk, follow_up.id) == ("Avis d’imposition",)
    first = agenda.save_appointment(desk, replace(form, kind=AppointmentKind.FIRST))
    assert "Pièce d’identité" in slips.papers_for(desk, first.id)


def test_the_letter_is_for_social_workers_only(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    made = referrals.refer_onward(desk, ReferralForm(small_shop.household, TODAY, OnwardKind.HOUSING, "ADIL du Cantal"))
    assert slips.onward_letter_pdf(desk, made).startswith(b"%PDF")
    with pytest.raises(RuleRefused):
        slips.onward_letter_pdf(replace(desk, social_key=None), made)
