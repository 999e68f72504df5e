"""The file of a contract: anyone may sign one, so a right signature does not make its figures right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from epicerie_desktop.exchange import canonical
from epicerie_desktop.exchange.enrolment import (
    CONTEXT,
    MAGIC,
    Enrolment,
    EnrolmentRefused,
    read_enrolment,
    write_enrolment,
)
from epicerie_desktop.exchange.keys import AgeIdentity, SigningKey

SIGNING = SigningKey(bytes(range(32)))


@pytest.fixture(scope="module")
def enrolment() -> Enrolment:
    return Enrolment(
        "6f0f7a52-8a2e-4a55-9f43-6f1d7c1b2a3d", 1234, "Contrat social", date(2026, 1, 1), date(2028, 12, 31),
        AgeIdentity.generate().recipient, SIGNING.verify_key.raw, "SF01", 1, "Épicerie de Saint-Flour",
    )  # fmt: skip


def test_a_file_of_a_contract_is_read_as_it_was_written(enrolment: Enrolment) -> None:
    assert read_enrolment(write_enrolment(enrolment, SIGNING)) == enrolment


@pytest.mark.parametrize(
    "wrong",
    [
        {"contract": "pas un identifiant"}, {"number": 10_000}, {"number": -1}, {"site_number": 100}, {"site_code": "../SF"},
        {"site_code": "sf01"}, {"name": ""}, {"site_name": "É" * 81}, {"ends_on": date(2025, 12, 31)},
    ],
    ids=str,
)  # fmt: skip
def test_what_no_card_or_parcel_could_bear_is_refused_though_rightly_signed(
    enrolment: Enrolment, wrong: dict[str, object]
) -> None:
    with pytest.raises(EnrolmentRefused):
        read_enrolment(write_enrolment(replace(enrolment, **wrong), SIGNING))  # type: ignore[arg-type]


@pytest.mark.parametrize("content", [[], "contrat", {"contract": 3}, {}], ids=str)
def test_a_signed_file_that_holds_something_else_is_refused(content: object) -> None:
    data = canonical.canonical(content)
    with pytest.raises(EnrolmentRefused):
        read_enrolment(MAGIC + SIGNING.sign(CONTEXT + data) + data)
