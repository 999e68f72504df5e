"""The file of a contract: anyone may sign one, so a right signature does not make its figures right."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain import contract_terms
from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.contract_terms import ArticleOffered, IndicatorTold, Terms
from epicerie_desktop.exchange import canonical
from epicerie_desktop.exchange.enrolment import (
    CONTEXT,
    MAGIC,
    Enrolment,
    EnrolmentRefused,
    is_vouched_by,
    read_enrolment,
    vouched,
    write_enrolment,
)
from epicerie_desktop.exchange.keys import AgeIdentity, SigningKey

SIGNING = SigningKey(bytes(range(32)))
FORMER, STRANGER = SigningKey(bytes(32)), SigningKey(bytes([7] * 32))
GOLDEN = Path(__file__).parent / "golden"
TERMS = Terms(
    contract_terms.OUR_DEFINITIONS, (IndicatorTold("FAM", "Familles", "HOUSEHOLD", "DISTINCT", "families"),),
    (("territory", "[[territory]]\nname = 'Pays'\n"),), (("Reste à vivre", "name = 'Reste à vivre'\n"),),
    (ArticleOffered("Lentilles blondes", "FEC", SoldBy.PIECE, 500),),
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4), max_leaves=12,
)  # fmt: skip


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


def test_a_file_of_the_first_version_is_read_for_ever_and_still_written_so() -> None:
    data = (GOLDEN / "enrolment1.epic-contrat").read_bytes()
    found = read_enrolment(data)
    assert (found.number, found.site_code, found.name) == (1234, "SF01", "Contrat social de Saint-Flour 2010–2012")
    assert found.fingerprint == "K0GC 2087 Q3Z7 H2HY QJYC A5CT KA23 SA7M"
    assert (found.edition, found.spare_recipient, found.terms, found.vouchers) == (1, "", Terms(), ())
    assert write_enrolment(found, SIGNING) == data


def test_a_later_edition_brings_its_terms_and_a_second_key_under_the_same_fingerprint(enrolment: Enrolment) -> None:
    later = replace(enrolment, edition=7, spare_recipient=AgeIdentity.generate().recipient, terms=TERMS)
    assert read_enrolment(write_enrolment(later, SIGNING)) == later
    assert later.fingerprint == enrolment.fingerprint


def test_new_keys_are_taken_without_a_paper_only_where_the_former_one_vouches_for_them(enrolment: Enrolment) -> None:
    turned = replace(enrolment, edition=2, terms=TERMS)
    turned = replace(turned, vouchers=(vouched(turned, STRANGER), vouched(turned, FORMER)))
    read = read_enrolment(write_enrolment(turned, SIGNING))
    assert is_vouched_by(read, SIGNING.verify_key.raw), "its own key"
    assert is_vouched_by(read, FORMER.verify_key.raw)
    assert not is_vouched_by(read, SigningKey(bytes([9] * 32)).verify_key.raw)
    other = read_enrolment(write_enrolment(replace(turned, recipient=AgeIdentity.generate().recipient), SIGNING))
    assert not is_vouched_by(other, FORMER.verify_key.raw), "a signature serves one edition only"


def test_a_newer_file_says_more_and_its_former_key_still_vouches(enrolment: Enrolment) -> None:
    content = canonical.parse(write_enrolment(enrolment, SIGNING)[len(MAGIC) + 64 :])
    assert isinstance(content, dict)
    content |= {"colour": "green", "terms": {"charter": "https://exemple.fr"}}
    from epicerie_desktop.exchange.enrolment import ROTATION

    content["sealed_by_previous"] = [FORMER.sign(ROTATION + canonical.canonical(content)).hex()]
    data = canonical.canonical(content)
    read = read_enrolment(MAGIC + SIGNING.sign(CONTEXT + data) + data)
    assert is_vouched_by(read, FORMER.verify_key.raw)


def signed(enrolment: Enrolment, **changes: Any) -> bytes:
    content = canonical.parse(write_enrolment(replace(enrolment, terms=TERMS, edition=3), SIGNING)[len(MAGIC) + 64 :])
    assert isinstance(content, dict)
    data = canonical.canonical(content | changes)
    return MAGIC + SIGNING.sign(CONTEXT + data) + data


@pytest.mark.parametrize(
    "wrong",
    [
        {"edition": 0}, {"edition": "2"}, {"edition": True}, {"edition": 10**9}, {"spare_recipient": "age1faux"}, {"sealed_by_previous": "00"},
        {"sealed_by_previous": ["zz"]}, {"sealed_by_previous": ["00" * 64] * 21}, {"terms": []},
        {"terms": {"nomenclatures": {"territory": "[[["}}}, {"terms": {"articles": [{"name": "X", "family": "FEC", "sold_by": "KILO"}]}},
        {"terms": {"articles": [{"name": "X", "family": "FEC", "sold_by": "PIECE", "net_grams": -1}]}},
        {"terms": {"definitions": [["families", "Familles"]]}}, {"terms": {"rulesets": [{"name": "", "text": "a = 1"}]}},
        {"terms": {"definitions": [["a", "b", "c"]] * 61}},
    ],
    ids=lambda wrong: str(wrong)[:60],
)  # fmt: skip
def test_what_a_later_edition_says_is_bounded_though_rightly_signed(
    enrolment: Enrolment, wrong: dict[str, Any]
) -> None:
    assert read_enrolment(signed(enrolment)), "the control"
    with pytest.raises(EnrolmentRefused):
        read_enrolment(signed(enrolment, **wrong))


@given(
    st.sampled_from(
        ("edition", "spare_recipient", "sealed_by_previous", "terms", "contract", "name", "number", "starts_on")
    ),
    JSON,
)
def test_whatever_a_signed_file_says_it_is_read_or_refused_with_a_sentence(field: str, value: object) -> None:
    known = read_enrolment((GOLDEN / "enrolment1.epic-contrat").read_bytes())
    with suppress(EnrolmentRefused):
        assert read_enrolment(signed(known, **{field: value})).site_code == "SF01"


@given(st.data())
def test_a_damaged_file_is_refused(data: st.DataObject) -> None:
    whole = (GOLDEN / "enrolment1.epic-contrat").read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    how = data.draw(st.sampled_from(("flip", "cut", "add")))
    damaged = {
        "flip": whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :],
        "cut": whole[:at],
        "add": whole + whole[at:],
    }[how]
    with pytest.raises(EnrolmentRefused):
        read_enrolment(damaged)
