"""What a hostile content costs whoever opens it, against a bare loop of the same machine in the same run."""

from __future__ import annotations

import gzip

import pytest

from epicerie_desktop.exchange import refusals
from epicerie_desktop.exchange.canonical import JsonRefused, parse
from tests.benchmarks.measure import tell
from tests.benchmarks.pace import allowed, spent
from tests.exchange import conftest as posts
from tests.exchange.bombs import BOMBS, packed_bomb


@pytest.mark.parametrize("bomb", BOMBS, ids=str)
def test_a_bomb_is_refused_within_a_second(bomb):
    content = BOMBS[bomb]()
    with spent() as seconds, pytest.raises(JsonRefused):
        parse(content)
    tell(f"bombe JSON « {bomb} »", {"part du permis": seconds[0] / allowed()}, "≤ 1")
    assert seconds[0] < allowed()


@pytest.mark.parametrize("bomb", ["million keys", "500 MB"])
def test_a_bomb_rightly_signed_is_refused_within_a_second(bomb):
    post = posts.Post()
    label, _ = posts.split(post.write())
    content = b"x" if bomb == "500 MB" else BOMBS[bomb]()
    packed = packed_bomb() if bomb == "500 MB" else gzip.compress(content, 1, mtime=0)
    data = posts.signed(post, label, content, post.signing, packed)
    with spent() as seconds, pytest.raises(refusals.ParcelRefused):
        post.open(data)
    tell(f"colis signé, bombe « {bomb} »", {"part du permis": seconds[0] / allowed()}, "≤ 1")
    assert seconds[0] < allowed()
