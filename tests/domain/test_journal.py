"""The chain of the journal: whatever is changed in it, the first entry that no longer holds is named."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from epicerie_desktop.domain.journal import GENESIS, Broken, Entry, digest, first_broken

LENGTH = 12


def chained(length: int = LENGTH, *, post: int = 1) -> list[Entry]:
    entries: list[Entry] = []
    prev = GENESIS
    for seq in range(1, length + 1):
        at, kind, body = f"2026-11-20T10:{seq:02d}:00Z", "sale", f'{{"grams":{seq * 100},"sale":{seq}}}'
        mark = digest(post, seq, at, 1, kind, body, prev)
        entries.append(Entry(post, seq, at, 1, kind, body, prev, mark))
        prev = mark
    return entries


def test_an_untouched_chain_holds() -> None:
    assert first_broken(chained()) is None
    assert first_broken([]) is None


@given(st.integers(0, LENGTH - 1), st.sampled_from(["at", "actor", "kind", "body", "prev", "digest"]), st.data())
def test_any_field_changed_is_located(where: int, field: str, data: st.DataObject) -> None:
    entries = chained()
    old = getattr(entries[where], field)
    strategies = {int: st.integers(0, 10**6), str: st.text(max_size=40), bytes: st.binary(min_size=32, max_size=32)}
    new = data.draw(strategies[type(old)])
    assume(new != old)
    entries[where] = replace(entries[where], **{field: new})
    broken = first_broken(entries)
    assert broken is not None
    assert broken.seq == where + 1


@given(st.integers(0, LENGTH - 1))
def test_an_entry_taken_out_is_located_but_at_the_very_end(where: int) -> None:
    entries = chained()
    del entries[where]
    expected = None if where == LENGTH - 1 else Broken(1, where + 1, "gap")
    assert first_broken(entries) == expected


@given(st.integers(0, LENGTH), st.integers(0, LENGTH - 1))
def test_an_entry_put_in_is_located(where: int, copied: int) -> None:
    entries = chained()
    entries.insert(where, replace(entries[copied], seq=where + 1, body="{}"))
    broken = first_broken(entries)
    assert broken is not None
    assert broken.seq == where + 1


@given(st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_entries_exchanged_are_located(a: int, b: int) -> None:
    assume(a != b)
    entries = chained()
    first, second = entries[a], entries[b]
    entries[a], entries[b] = replace(second, seq=a + 1), replace(first, seq=b + 1)
    broken = first_broken(entries)
    assert broken is not None
    assert broken.seq == min(a, b) + 1


@given(st.integers(0, LENGTH - 2))
def test_an_entry_forged_with_a_right_digest_breaks_the_next_one(where: int) -> None:
    entries = chained()
    e = replace(entries[where], body='{"grams":0}')
    entries[where] = replace(e, digest=digest(e.post, e.seq, e.at, e.actor, e.kind, e.body, e.prev))
    assert first_broken(entries) == Broken(1, where + 2, "prev")


@given(st.integers(0, LENGTH - 1))
def test_the_check_is_not_blind(where: int) -> None:
    """The control: a chain whole again from the altered entry on holds, so that it is the digests that are looked at."""
    entries = chained()
    entries[where] = replace(entries[where], body="{}")
    prev = entries[where].prev
    for i in range(where, LENGTH):
        e = replace(entries[i], prev=prev)
        prev = digest(e.post, e.seq, e.at, e.actor, e.kind, e.body, e.prev)
        entries[i] = replace(e, digest=prev)
    assert first_broken(entries) is None


def test_fields_cannot_slide_into_one_another() -> None:
    assert digest(1, 1, "a", 1, "bc", "d", GENESIS) != digest(1, 1, "a", 1, "b", "cd", GENESIS)
    assert digest(1, 11, "a", 1, "b", "c", GENESIS) != digest(11, 1, "a", 1, "b", "c", GENESIS)
