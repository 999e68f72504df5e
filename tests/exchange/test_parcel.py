from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epicerie_desktop.exchange import parcel, refusals
from epicerie_desktop.exchange.canonical import JsonRefused, canonical
from epicerie_desktop.exchange.keys import AgeIdentity, KeyRefused, SigningKey, VerifyKey, fingerprint, seal
from tests.examples import examples
from tests.exchange.bombs import BOMBS, packed_bomb

BODY = {"version": 1, "months": [{"month": "2012-06", "revision": 2, "kilos": {"légumes": 123_456}, "closed": True}]}
GOLDEN = Path(__file__).parent / "golden"

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT
TREES = st.recursive(LEAVES, lambda t: st.lists(t, max_size=4) | st.dictionaries(TEXT, t, max_size=4), max_leaves=12)


def test_a_parcel_comes_back_whole_for_the_coordinator_and_for_the_spare_key(post):
    data = post.write(BODY)
    for identity in (post.coordinator, post.spare):
        opened = post.open(data, identity=identity)
        assert opened.body == BODY
        assert opened.signer == post.signing.verify_key.raw
        assert opened.confirmed
        assert opened.header == parcel.read_header(data)
        assert opened.digest == parcel.parcel_digest(post.header(), BODY, post.recipients)
    shown = parcel.read_header(data)
    assert (shown.site, shown.post, shown.generation, shown.seq) == ("SFL", "A", "g1", 12)
    assert shown.created == post.header().created
    assert shown.recipients == (post.coordinator.fingerprint, post.spare.fingerprint)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(TEXT, TREES, max_size=4))
def test_any_body_of_our_json_comes_back(post, body):
    written = post.header()
    data = parcel.write_parcel(written, body, post.signing, post.recipients)
    assert post.open(data).body == body


def test_sealing_again_changes_the_bytes_and_not_the_digest(post):
    one, two = post.write(BODY), post.write(BODY)
    assert one != two
    assert post.open(one).digest == post.open(two).digest
    others = [post.write(BODY, seq=13), post.write(BODY, previous=""), post.write({"version": 1})]
    assert len({post.open(d).digest for d in [one, *others]}) == 4


def test_nothing_of_the_body_can_be_read_without_the_key(post):
    assert b"SECRETNAME" not in post.write({"note": "SECRETNAME" * 50})
    name = parcel.file_name(post.header())
    assert name == "export-SFL-A-00012-20120630.epic"


def test_a_signer_not_yet_known_opens_and_is_told_as_not_confirmed(post):
    opened = post.open(post.write(BODY), verify_key=None)
    assert not opened.confirmed
    assert opened.signer == post.signing.verify_key.raw


def refusal(kind: type[refusals.ParcelRefused], words: str):
    return pytest.raises(kind, match=words)


def test_another_coordinator_is_told_so(post):
    with refusal(refusals.ParcelOtherRecipient, "autre coordinateur"):
        post.open(post.write(), identity=post.stranger)


def test_another_contract_is_told_so(post):
    with refusal(refusals.ParcelOtherContract, "autre contrat"):
        post.open(post.write(contract="another"))


def test_a_signer_that_is_not_the_one_of_the_post_is_told_so(post):
    forged = parcel.write_parcel(post.header(), BODY, SigningKey.generate(), post.recipients)
    with refusal(refusals.ParcelUnknownSigner, "sa nouvelle clé"):
        post.open(forged)


def test_a_newer_parcel_asks_for_an_update_even_with_fields_never_seen(post, split, relabel):
    label, sealed = split(post.write())
    newer = relabel(label | {"min_reader": 2, "format": 2, "created": 5, "unheard": [1]}, sealed)
    with refusal(refusals.ParcelNewer, "mettez le programme à jour"):
        post.open(newer)
    with refusal(refusals.ParcelNewer, "plus récente"):
        parcel.read_header(newer)


def test_an_optional_field_of_a_later_version_is_signed_and_let_through(post, split, relabel, signed):
    label = split(post.write())[0] | {"format": 2, "colour": "blue"}
    content = content_of(label, later=1)
    data = signed(post, label, content, post.signing, gzip.compress(content, mtime=0))
    assert post.open(data).body == BODY
    label, sealed = split(data)
    with refusal(refusals.ParcelForged, "modifié"):
        post.open(relabel(label | {"colour": "green"}, sealed))


def content_of(label, **more):
    names = ("contract", "site", "post", "generation", "seq", "previous", "recipients")
    return canonical({"body": BODY, "parcel": {k: label[k] for k in names}, **more})


def test_the_label_of_one_parcel_does_not_serve_another(post, split, relabel):
    first, second = post.write(BODY), post.write({"months": []}, seq=13, created=post.header().created)
    label, _ = split(first)
    _, sealed = split(second)
    with refusal(refusals.ParcelForged, "signature"):
        post.open(relabel(label, sealed))
    plain = first[: len(first) - len(split(first)[1])] + sealed
    with pytest.raises((refusals.ParcelDamaged, refusals.ParcelCut)):
        post.open(plain)


@pytest.mark.parametrize(
    "change",
    [
        {"site": "MUR"}, {"post": "B"}, {"generation": "g2"}, {"seq": 13}, {"seq": 10**6}, {"previous": ""},
        {"created": "2013-01-01T00:00:00Z"}, {"recipients": "swap"}, {"format": 2}, {"contract": "other"},
    ],
    ids=str,
)  # fmt: skip
def test_no_signed_field_of_the_label_can_be_changed(post, split, relabel, change):
    label, sealed = split(post.write(BODY))
    if change == {"recipients": "swap"}:
        change = {"recipients": label["recipients"][:1]}
    with refusal(refusals.ParcelForged, "modifié"):
        post.open(relabel(label | change, sealed), expected_contract=change.get("contract", label["contract"]))


def test_a_sealed_part_stolen_for_another_coordinator_does_not_pass(post, split, relabel, stranger_label):
    """A coordinator seals again, for a second one, what he received: the signature still names the first."""
    label, sealed = split(post.write(BODY))
    resealed = seal(post.coordinator.unseal(sealed), [post.stranger.recipient])
    with refusal(refusals.ParcelForged, "modifié"):
        post.open(relabel(label | stranger_label, resealed), identity=post.stranger)
    with refusal(refusals.ParcelDamaged, "abîmé"):  # the label says it is for him, the seal says otherwise
        post.open(relabel(label | stranger_label, sealed), identity=post.stranger)


def test_a_content_that_repeats_another_label_is_refused_though_rightly_signed(post, split, signed):
    label, _ = split(post.write())
    for changed in ({"seq": 11}, {"site": "MUR"}, {"recipients": []}, {"contract": "x"}, {"previous": ""}):
        content = content_of(label | changed)
        with refusal(refusals.ParcelMismatch, "étiquette"):
            post.open(signed(post, label, content, post.signing, gzip.compress(content, mtime=0)))


def test_a_forged_parcel_would_pass_if_the_signature_were_not_checked(post, split, relabel, signed, monkeypatch):
    """The control: every other check lets this parcel through, so the refusals above are the signature's."""
    label, _ = split(post.write())
    content = content_of(label)
    wrong = SigningKey.generate()
    data = signed(post, label, content, wrong, gzip.compress(content, mtime=0))
    label, sealed = split(data)
    inner = post.coordinator.unseal(sealed)
    claimed = post.signing.verify_key.raw + inner[32:]  # the public key of the post over somebody else's signature
    forged = relabel(label, seal(claimed, post.recipients))
    with refusal(refusals.ParcelForged, "signature"):
        post.open(forged)
    monkeypatch.setattr(VerifyKey, "verify", lambda *_: True)
    assert post.open(forged).body == BODY


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"[]", refusals.ParcelUnreadable), (b'{"body":{}}', refusals.ParcelMismatch), (b"{", refusals.ParcelUnreadable),
        (b'{"body":[],"parcel":{}}', refusals.ParcelUnreadable), (b'{"body":{"a":1.5}}', refusals.ParcelUnreadable),
        (b'{"body":{"a":NaN}}', refusals.ParcelUnreadable), (b'{"body":{},"body":{}}', refusals.ParcelUnreadable),
        (b"[" * 100_000, refusals.ParcelUnreadable), (b'{"body":{"a":' + b"9" * 5000 + b"}}", refusals.ParcelUnreadable),
        ("million keys", refusals.ParcelUnreadable),
        (b'\xef\xbb\xbf{"body":{}}', refusals.ParcelUnreadable), (b'{"body":{"a":"\\ud800"}}', refusals.ParcelUnreadable),
        (b"", refusals.ParcelUnreadable),
    ],
    ids=lambda v: v[:14].decode("latin-1") if isinstance(v, bytes) else v if isinstance(v, str) else v.__name__,
)  # fmt: skip
def test_a_hostile_content_rightly_signed_is_refused(post, split, signed, content, kind):
    content = BOMBS[content]() if isinstance(content, str) else content
    label, _ = split(post.write())
    data = signed(post, label, content, post.signing, gzip.compress(content, 1, mtime=0))
    with pytest.raises(kind):
        post.open(data)


@settings(max_examples=examples(800), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=40) | TREES.map(canonical) | st.builds(lambda t: json.dumps(t).encode(), TREES))
def test_whatever_is_signed_gives_a_body_or_a_named_refusal(post, split, signed, content):
    label, _ = split(post.write())
    data = signed(post, label, content, post.signing, gzip.compress(content, 1, mtime=0))
    with pytest.raises((refusals.ParcelUnreadable, refusals.ParcelMismatch)):
        post.open(data)


def test_a_bomb_of_500_megabytes_is_stopped_within_a_hundred(post, split, signed):
    label, _ = split(post.write())
    data = signed(post, label, b"x", post.signing, packed_bomb())
    assert len(data) < 1_000_000
    tracemalloc.start()
    with refusal(refusals.ParcelTooBig, "trop gros"):
        post.open(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


@pytest.mark.parametrize("tail", [b"x", gzip.compress(b"more", mtime=0), b"\0" * 512])
def test_nothing_may_follow_the_packed_content(post, split, signed, tail):
    label, _ = split(post.write())
    content = content_of(label)
    for packed in (gzip.compress(content, mtime=0) + tail, gzip.compress(content)[:-1], b"", tail):
        with pytest.raises((refusals.ParcelDamaged, refusals.ParcelForged)):
            post.open(signed(post, label, content, post.signing, packed))


def test_a_file_beyond_twenty_megabytes_is_refused_unread_and_never_written(post):
    with refusal(refusals.ParcelTooBig, "trop gros"):
        post.open(post.write() + bytes(20_000_000))
    with pytest.raises(refusals.ParcelTooBig):
        post.write({"a": "x" * 20_000_001})


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", refusals.ParcelCut), (b"EPI", refusals.ParcelCut), (b"EPICX1\0", refusals.ParcelCut),
        (b"EPICX1\0\0\1\0{}", refusals.ParcelCut), (b"EPICX1\xff\xff\xff\xff", refusals.ParcelDamaged),
        (b"%PDF-1.7", refusals.ParcelNotOurs), (b"PK\3\4", refusals.ParcelNotOurs), (b"\0" * 600, refusals.ParcelNotOurs),
        (b"EPICX1\0\0\0\2{}", refusals.ParcelDamaged), (b"EPICX1\0\0\0\2[]", refusals.ParcelDamaged),
        (b"EPICX1\0\0\0\0", refusals.ParcelDamaged),
    ],
)  # fmt: skip
def test_a_file_that_is_no_parcel_is_told_apart_from_a_cut_one(data, kind):
    with pytest.raises(kind):
        parcel.read_header(data)


@pytest.mark.parametrize(
    "change",
    [
        {"contract": ""}, {"site": "SAINT FLOUR"}, {"site": "../x"}, {"post": "é"}, {"generation": 1}, {"seq": 0},
        {"seq": -1}, {"previous": "abc"}, {"created": "2012-13-01T00:00:00Z"}, {"created": None}, {"recipients": []},
        {"recipients": ["x"] * 9}, {"recipients": [1]}, {"seq": True}, {"format": 0},
    ],
    ids=str,
)  # fmt: skip
def test_a_field_out_of_its_bounds_is_refused(post, split, relabel, change):
    label, sealed = split(post.write())
    with refusal(refusals.ParcelDamaged, "abîmé"):
        parcel.read_header(relabel(label | change, sealed))


def test_a_parcel_out_of_its_bounds_is_never_written(post):
    for changes in ({"site": "SAINT FLOUR"}, {"seq": 0}, {"previous": "abc"}, {"created": datetime(2012, 6, 30)}):
        with pytest.raises(ValueError, match=r"bounds|aware"):
            post.write(**changes)
    with pytest.raises(JsonRefused):
        post.write({"a": 0.5})
    with pytest.raises(KeyRefused):
        parcel.write_parcel(post.header(), BODY, post.signing, ["age1nobody"])
    with pytest.raises(ValueError, match="bounds"):
        parcel.write_parcel(post.header(), BODY, post.signing, [])


def test_a_parcel_of_the_first_format_is_readable_for_ever():
    kept = json.loads((GOLDEN / "format1.json").read_text(encoding="utf-8"))
    identity = AgeIdentity.from_string(kept["identity"])
    opened = parcel.open_parcel(
        (GOLDEN / "format1.epic").read_bytes(),
        identity,
        expected_contract=kept["contract"],
        verify_key=bytes.fromhex(kept["signer"]),
    )
    assert opened.body == kept["body"]
    assert opened.digest == kept["digest"]
    assert fingerprint(identity.recipient) == kept["fingerprint"]
