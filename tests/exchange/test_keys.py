from __future__ import annotations

import pytest

from epicerie_desktop.exchange.keys import (
    AgeIdentity,
    KeyRefused,
    SealBroken,
    SigningKey,
    VerifyKey,
    checked_recipient,
    fingerprint,
    same_fingerprint,
    seal,
)

# RFC 8032 §7.1, test 2.
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_a_signature_is_the_one_of_the_standard():
    key = SigningKey.from_bytes(SEED)
    assert key.verify_key == VerifyKey(PUBLIC)
    assert key.sign(b"\x72") == SIGNATURE
    assert key.verify_key.verify(b"\x72", SIGNATURE)
    assert not key.verify_key.verify(b"\x73", SIGNATURE)
    assert not key.verify_key.verify(b"\x72", SIGNATURE[:-1])


def test_keys_come_back_from_what_is_kept_and_hide_their_secret():
    signing, age = SigningKey.generate(), AgeIdentity.generate()
    assert SigningKey.from_bytes(signing.to_bytes()) == signing
    assert VerifyKey.from_string(signing.verify_key.to_string()) == signing.verify_key
    assert AgeIdentity.from_string(f" {age.to_string()}\n") == age
    assert checked_recipient(age.recipient) == age.recipient
    assert age.secret not in repr(age)
    assert repr(signing.seed) not in repr(signing)
    assert signing.seed.hex() not in repr(signing)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: SigningKey.from_bytes(b"short"), lambda: VerifyKey(b""), lambda: VerifyKey.from_string("zz"),
        lambda: AgeIdentity.from_string("AGE-SECRET-KEY-1"), lambda: AgeIdentity.from_string("é"),
        lambda: checked_recipient("age1nothing"), lambda: seal(b"x", [""]),
    ],
)  # fmt: skip
def test_a_broken_key_is_refused_with_a_sentence(broken):
    with pytest.raises(KeyRefused, match="recopiez-la"):
        broken()


def test_a_seal_opens_only_for_those_named():
    one, two, stranger = (AgeIdentity.generate() for _ in range(3))
    sealed = seal(b"contents", [one.recipient, two.recipient])
    assert one.unseal(sealed) == two.unseal(sealed) == b"contents"
    for who, what in ((stranger, sealed), (one, sealed[:-1]), (one, b""), (one, b"age-encryption.org/v1\n")):
        with pytest.raises(SealBroken):
            who.unseal(what)


def test_a_fingerprint_is_eight_groups_and_survives_being_copied_by_hand():
    printed = fingerprint(PUBLIC)
    groups = printed.split(" ")
    assert [len(g) for g in groups] == [4] * 8
    assert not set("ILOU") & set(printed)
    assert printed == fingerprint(PUBLIC) != fingerprint(SEED)
    copied = printed.lower().replace(" ", "-").replace("0", "o").replace("1", "l")
    assert same_fingerprint(printed, copied)
    assert not same_fingerprint(printed, fingerprint(SEED))
    assert not same_fingerprint("", " ")
