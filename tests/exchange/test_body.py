"""The content of a parcel: every version kept is read for ever, and what a newer writer adds is named or refused, never guessed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.figures import MonthFigures, totals
from epicerie_desktop.exchange.body import Body, MonthRow, read_body
from epicerie_desktop.exchange.canonical import canonical
from epicerie_desktop.exchange.keys import AgeIdentity
from epicerie_desktop.exchange.parcel import SignedContent, check_repeated, open_content
from epicerie_desktop.exchange.records import totals_to_record
from epicerie_desktop.exchange.refusals import ParcelNewer, ParcelRefused, ParcelUnreadable

FILES = Path(__file__).parent / "files"


def kept(version: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FILES / f"body{version}.json").read_text("utf-8"))
    return found


def opened(version: int, data: bytes | None = None) -> SignedContent:
    told = kept(version)
    return open_content(
        data or (FILES / f"body{version}.epic").read_bytes(), AgeIdentity.from_string(told["identity"]),
        expected_contract=told["contract"], verify_key=bytes.fromhex(told["signer"]),
    )  # fmt: skip


def read(body: dict[str, Any]) -> tuple[Body, list[MonthRow]]:
    rows: list[MonthRow] = []
    found, _repeated = read_body(canonical({"body": body, "parcel": {}}), rows.append)
    return found, rows


@pytest.mark.parametrize("version", [1, 2])
def test_a_parcel_of_every_version_is_read_for_ever(version: int) -> None:
    told, signed = kept(version), opened(version)
    rows: list[MonthRow] = []
    body, repeated = read_body(signed.content, rows.append)
    check_repeated(signed, repeated)
    assert (signed.digest, body.version, body.skipped) == (told["digest"], version, ())
    assert [(r.figures.month, r.state.revision, r.state.closed) for r in rows] == [
        ("2012-06", 1, True), ("2012-07", 2, True), ("2012-08", 3, False),
    ]  # fmt: skip
    whole = totals(r.figures for r in rows)
    assert totals_to_record(whole) == body.control == told["body"]["control"]
    assert (whole.families, whole.persons, whole.visits, whole.grams) == (2, 3, 3, 18_250)
    assert body.families == (("FL", "Fruits et légumes"), ("LAIT", "Produits laitiers"))
    first: MonthFigures = rows[0].figures
    if version == 1:
        assert (first.households[0].bands, first.households[0].sector, body.links) == ((), "", None)
    else:
        assert (first.households[0].bands, first.households[0].sector) == ((0, 1, 0, 1, 0, 0), "SF")
        assert rows[0].state.closing is not None
        assert rows[0].state.closing.changes == (("2012-08-03", "REMOVED", 1),)
        assert body.actions == {"2012-06": (("LOGEMENT", "TRAVAUX", 3, 450_000),)}
        assert body.links is not None
        assert (body.links.key_id, [r[1] for r in body.links.rows]) == ("0badcafe", ["CARD", "A"])


@pytest.mark.parametrize("version", [1, 2])
def test_a_kept_parcel_with_one_bit_flipped_is_refused(version: int) -> None:
    """The control: what reads the kept files for ever would also see them change."""
    data = (FILES / f"body{version}.epic").read_bytes()
    for place in range(0, len(data), 37):
        spoilt = bytearray(data)
        spoilt[place] ^= 4
        with pytest.raises(ParcelRefused):
            opened(version, bytes(spoilt))


def test_a_part_not_known_is_named_and_skipped_and_a_required_one_is_refused() -> None:
    body = kept(2)["body"]
    body["blocks"]["meteo"] = {"version": 1, "required": False, "rows": [["pluie"]]}
    body["blocks"]["links"]["version"] = 9
    body["later"] = True
    found, rows = read(body)
    assert (found.skipped, found.links, len(rows)) == (("links", "meteo"), None, 3)
    body["blocks"]["meteo"]["required"] = True
    with pytest.raises(ParcelNewer, match="plus récente"):
        read(body)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda b: b.update(version=3),
        lambda b: b["blocks"]["months"].update(version=3),
        lambda b: b["blocks"]["months"]["rows"][0].update(record=3),
    ],
)
def test_a_later_version_of_what_is_required_asks_for_a_newer_program(spoil: Callable[[dict[str, Any]], None]) -> None:
    body = kept(2)["body"]
    spoil(body)
    with pytest.raises(ParcelNewer):
        read(body)


def _line(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body["blocks"]["months"]["rows"][0]["households"][0]
    return found


SPOILT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a commune for a sector": lambda b: _line(b).update(sector="15187"),
    "bands that are not its persons": lambda b: _line(b).update(bands=[1, 1, 1, 0, 0, 0]),
    "five bands": lambda b: _line(b).update(bands=[0, 1, 0, 1, 0]),
    "a person twice": lambda b: _line(b).update(persons=[_line(b)["persons"][0]] * 2),
    "a name for a token": lambda b: _line(b).update(token="Philomène"),
    "grams below zero": lambda b: _line(b).update(grams=[["FL", -1]]),
    "yes for one": lambda b: _line(b).update(visits=True),
    "a household twice": lambda b: b["blocks"]["months"]["rows"][0]["households"].append(_line(b)),
    "months beside the blocks": lambda b: b.update(months=[]),
    "no month": lambda b: b["blocks"].pop("months"),
    "a link twice": lambda b: b["blocks"]["links"]["rows"].append(b["blocks"]["links"]["rows"][0]),
    "an action twice": lambda b: b["blocks"]["actions"]["rows"].append(b["blocks"]["actions"]["rows"][0]),
    "another kind": lambda b: b.update(kind="coordinator"),
    "a control too many": lambda b: b["control"].update(euros=1),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_content_that_does_not_hold_together_is_refused(name: str) -> None:
    body = kept(2)["body"]
    SPOILT[name](body)
    with pytest.raises(ParcelUnreadable):
        read(body)


LEAF = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8)
ODD = st.recursive(
    LEAF, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=5), v, max_size=3), max_leaves=6
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(p for key, item in inside for p in _places(item, (*path, key)))]


WHOLE = kept(2)["body"]
PLACES = _places(WHOLE)[1:]


@given(st.sampled_from(PLACES), ODD)
def test_anything_at_any_place_of_a_signed_content_is_read_or_refused_as_a_parcel(
    path: tuple[Any, ...], value: Any
) -> None:
    body = copy.deepcopy(WHOLE)
    inside = body
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    try:
        found, rows = read(body)
    except ParcelRefused:
        return
    assert found.version in (1, 2)
    assert all(sum(h.bands) in (0, len(h.persons)) for r in rows for h in r.figures.households)
