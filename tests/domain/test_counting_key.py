"""A key on paper reads back whatever the hand that copies it, and a slip is told with the group it stands in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain import counting_key, paper_groups
from epicerie_desktop.domain.paper_groups import ALPHABET, GroupMistyped
from epicerie_desktop.support.errors import BadInput

KEYS = st.binary(min_size=32, max_size=32)
KEY = bytes(range(32))


@given(KEYS)
def test_a_key_reads_back_from_its_sheet_however_it_is_typed(key: bytes) -> None:
    sheet = counting_key.written(key)
    assert sheet.startswith("EPCK-")
    assert len(sheet.split("-")) == 19
    for typed in (
        sheet, sheet.lower(), sheet.replace("-", " "), sheet.replace("-", ""), sheet.removeprefix("EPCK-"),
        sheet.removeprefix("EPCK-").replace("-", ""), sheet.replace("0", "O").replace("1", "l"), f"\n {sheet}\r\n",
    ):  # fmt: skip
        assert counting_key.read(typed) == key


@given(KEYS, st.integers(0, 71), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_told_with_its_group(key: bytes, at: int, sign: str) -> None:
    plain = counting_key.written(key).removeprefix("EPCK-").replace("-", "")
    if plain[at] == sign:
        return
    with pytest.raises(GroupMistyped) as told:
        counting_key.read(plain[:at] + sign + plain[at + 1 :])
    assert told.value.rank == at // 4 + 1


@given(KEYS, st.integers(0, 71))
def test_two_neighbours_exchanged_never_pass(key: bytes, at: int) -> None:
    plain = counting_key.written(key).removeprefix("EPCK-").replace("-", "")
    swapped = plain[:at] + plain[at : at + 2][::-1] + plain[at + 2 :]
    if swapped != plain:
        with pytest.raises(BadInput):
            counting_key.read(swapped)


@given(KEYS, st.integers(1, 17))
def test_two_groups_exchanged_and_a_group_left_out_never_pass(key: bytes, rank: int) -> None:
    groups = counting_key.written(key).split("-")[1:]
    exchanged = groups.copy()
    exchanged[rank - 1], exchanged[rank] = groups[rank], groups[rank - 1]
    for wrong in (exchanged, groups[: rank - 1] + groups[rank:], [*groups, groups[0]]):
        if wrong != groups:
            with pytest.raises(BadInput):
                counting_key.read("-".join(wrong))


@given(st.text(max_size=120))
def test_anything_else_gives_a_sentence(text: str) -> None:
    with pytest.raises(BadInput) as told:
        counting_key.read(text)
    assert "{" not in str(told.value)


def test_a_group_too_short_is_told_by_its_rank_and_another_sheet_by_its_name() -> None:
    groups = counting_key.written(KEY).split("-")
    groups[5] = groups[5][:3]
    with pytest.raises(GroupMistyped) as told:
        counting_key.read(" ".join(groups))
    assert told.value.rank == 5
    with pytest.raises(BadInput, match="EPCK"):
        counting_key.read(paper_groups.written(bytes(86), "EPCR"))


def test_the_number_of_a_key_never_changes_and_tells_keys_apart() -> None:
    assert counting_key.key_id(KEY) == "753f8522"
    assert counting_key.key_id(bytes(32)) != counting_key.key_id(KEY)
    assert counting_key.written(KEY).startswith("EPCK-0008-G40M-R40P-M30R-E20T-9183-5GRF-38EB-")
