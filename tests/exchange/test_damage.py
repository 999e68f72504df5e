"""Damaged and forged files: none may be accepted, each gets the sentence of its cause."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from epicerie_desktop.exchange import parcel, refusals
from epicerie_desktop.exchange.keys import VerifyKey, seal

SECTOR = 512
BODY = {"months": [{"month": f"20{y:02}-{m:02}", "grams": y * m * 977} for y in range(10, 40) for m in range(1, 13)]}


def flipped(data: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def truncated(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def appended(data: bytes, chance: random.Random) -> bytes:
    return data + chance.randbytes(chance.randrange(1, 2 * SECTOR))


def zeroed(data: bytes, chance: random.Random) -> bytes:
    at = SECTOR * chance.randrange(len(data) // SECTOR)
    return data[:at] + bytes(SECTOR) + data[at + SECTOR :]


def swapped(data: bytes, chance: random.Random) -> bytes:
    one, two = sorted(chance.sample(range(len(data) // SECTOR), 2))
    cut = [data[at : at + SECTOR] for at in range(0, len(data), SECTOR)]
    cut[one], cut[two] = cut[two], cut[one]
    return b"".join(cut)


def doubled(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[max(0, at - SECTOR) :]


WAYS = (flipped, flipped, flipped, truncated, appended, zeroed, swapped, doubled)


def campaign(post, data: bytes, count: int, seed: int) -> Counter[str]:
    chance, told = random.Random(seed), Counter[str]()
    for number in range(count):
        spoilt = WAYS[number % len(WAYS)](data, chance)
        if spoilt == data:
            continue
        with pytest.raises(refusals.ParcelRefused) as refusal:
            post.open(spoilt)
        assert str(refusal.value)
        assert type(refusal.value) is not refusals.ParcelRefused
        told[type(refusal.value).__name__] += 1
    return told


def expectations(told: Counter[str], count: int) -> None:
    assert sum(told.values()) > 0.99 * count
    assert set(told) <= {"ParcelCut", "ParcelDamaged", "ParcelNotOurs"}, told
    assert told["ParcelCut"] >= count / len(WAYS) * 0.99
    assert told["ParcelDamaged"] > count / 2


def test_no_damaged_file_out_of_2000_is_accepted_and_each_is_told_cut_or_damaged(post):
    expectations(campaign(post, post.write(BODY), 2000, seed=2012), 2000)


@pytest.mark.campaign
def test_no_damaged_file_out_of_20000_is_accepted(post):
    expectations(campaign(post, post.write(BODY), 20_000, seed=190), 20_000)


def test_every_cut_of_a_small_parcel_is_told_as_a_cut(post):
    data = post.write()
    for end in range(len(data)):
        with pytest.raises(refusals.ParcelCut, match="coupé"):
            post.open(data[:end])


def test_every_flipped_bit_of_the_label_is_noticed(post, split):
    data = post.write()
    for bit in range(8 * (len(data) - len(split(data)[1]))):
        spoilt = bytearray(data)
        spoilt[bit // 8] ^= 1 << bit % 8
        with pytest.raises(refusals.ParcelRefused) as refusal:
            post.open(bytes(spoilt))
        assert type(refusal.value).__name__ in ("ParcelDamaged", "ParcelNotOurs", "ParcelCut")


def test_somebody_who_mends_the_clear_sums_gets_no_damaged_file_through(post, split, relabel):
    label, sealed = split(post.write(BODY))
    chance = random.Random(500)
    for number in range(400):
        spoilt = WAYS[number % len(WAYS)](sealed, chance)
        if spoilt != sealed:
            with pytest.raises(refusals.ParcelRefused):
                post.open(relabel(label, spoilt))


def _with_bit(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_somebody_who_may_seal_gets_no_changed_content_through(post, split, relabel):
    """age does not prove who wrote: anybody may seal for the coordinator, so only the signature stands here."""
    label, sealed = split(post.write(BODY))
    inner = post.coordinator.unseal(sealed)
    signed = post.open(relabel(label, sealed))
    chance, told = random.Random(10), Counter[str]()
    # Every bit of gzip's own label (date, system), then bits anywhere: what was signed never changes unnoticed.
    spoilt = [_with_bit(inner, bit) for bit in range(8 * 96, 8 * 106)] + [flipped(inner, chance) for _ in range(400)]
    for changed in spoilt:
        try:
            opened = post.open(relabel(label, seal(changed, post.recipients)))
        except refusals.ParcelRefused as refusal:
            told[type(refusal).__name__] += 1
        else:
            assert (opened.body, opened.digest, opened.signer) == (signed.body, signed.digest, signed.signer)
    assert set(told) <= {"ParcelDamaged", "ParcelForged", "ParcelUnknownSigner"}
    assert told["ParcelForged"]


def test_without_the_sums_and_the_signature_changed_files_would_get_through(post, split, relabel, monkeypatch):
    """The control: with the protections taken away, the same harness does find files wrongly accepted."""
    label, sealed = split(post.write(BODY))
    inner = post.coordinator.unseal(sealed)
    monkeypatch.setattr(VerifyKey, "verify", lambda *_: True)
    accepted = 0
    for bit in range(8 * 32, 8 * 96):  # the signature itself
        data = relabel(label, seal(_with_bit(inner, bit), post.recipients))
        accepted += post.open(data).body == BODY
        if accepted > 20:
            break
    assert accepted > 20
    assert parcel.read_header(relabel(label, sealed)).seq == 12
