"""The recovery sheet of a contract gives back what it bears, and a slip is told with its group."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain import counting_key, recovery_sheet
from epicerie_desktop.domain.paper_groups import GroupMistyped
from epicerie_desktop.domain.recovery_sheet import RecoverySheet
from epicerie_desktop.exchange import bech32
from epicerie_desktop.exchange.keys import AgeIdentity
from epicerie_desktop.support.errors import BadInput

KEYS = st.binary(min_size=32, max_size=32)
SHEETS = st.builds(RecoverySheet, st.uuids(), st.integers(1000, 9999), st.dates(), st.dates(), KEYS, KEYS)


@given(SHEETS)
def test_a_sheet_reads_back_whatever_it_bears(sheet: RecoverySheet) -> None:
    typed = recovery_sheet.written(sheet)
    assert len(typed.split("-")) == 49
    assert recovery_sheet.read(typed.replace("-", "\n").lower()) == sheet


@given(SHEETS, st.integers(1, 48), st.integers(0, 3), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_slip_is_told_with_its_group(sheet: RecoverySheet, rank: int, at: int, sign: str) -> None:
    groups = recovery_sheet.written(sheet).split("-")
    if groups[rank][at] == sign:
        return
    groups[rank] = groups[rank][:at] + sign + groups[rank][at + 1 :]
    with pytest.raises(GroupMistyped) as told:
        recovery_sheet.read(" ".join(groups))
    assert told.value.rank == rank


def test_the_custodian_s_sheet_is_not_taken_for_a_contract_s() -> None:
    with pytest.raises(BadInput):
        recovery_sheet.read(counting_key.written(bytes(range(32))))
    sheet = RecoverySheet(UUID(int=1), 1234, date(2010, 1, 1), date(2012, 12, 31), bytes(32), bytes(range(32)))
    with pytest.raises(BadInput):
        counting_key.read(recovery_sheet.written(sheet))


def test_a_secret_key_of_age_is_thirty_two_bytes_and_a_text_again() -> None:
    made = AgeIdentity.generate()
    assert AgeIdentity.from_bytes(made.to_bytes()) == made
    # BIP 173's own examples, and one with a wrong sign.
    assert bech32.encode("a", b"") == "a12uel5l"
    assert (
        bech32.decode("abcdef", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw").hex()
        == "00443214c74254b635cf84653a56d7c675be77df"
    )
    for wrong in ("a12uel5m", "A12uel5l", "b12uel5l", "a1"):
        with pytest.raises(ValueError, match=r".*"):
            bech32.decode("a", wrong)
