"""Write the parcels kept for ever under tests/exchange/files: one a version of the content, with the identity that opens it.

Run once for a new version of the content (`python tools/golden_parcels.py 3`); a file already there is never written again.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from epicerie_desktop.exchange.body import BODY, JournalHeads, Links, Terms, write_body
from epicerie_desktop.exchange.keys import AgeIdentity, SigningKey
from epicerie_desktop.exchange.parcel import ParcelHeader, parcel_digest, write_parcel

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "exchange" / "files"
CONTRACT = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"


def token(n: int) -> str:
    """Return a token that is not random, for a file that is."""
    return f"{n:032x}"


def household(n: int, persons: list[int], visits: int, grams: list[list[Any]], **more: Any) -> dict[str, Any]:
    """Return a line of a month."""
    return {
        "token": token(n), "persons": [token(p) for p in persons], "visits": visits, "person_visits": visits * len(persons),
        "grams": grams, "shelf_cents": 1_710 * visits, "paid_cents": 342 * visits, **more,
    }  # fmt: skip


def months(record: int) -> list[dict[str, Any]]:
    """Return the months of a parcel, by the version of their record."""
    one = household(1, [11, 12], 2, [["FL", 10_000], ["LAIT", 1_250]])
    two = household(2, [13], 1, [["FL", 7_000]])
    if record >= 2:
        one |= {"sector": "SF", "bands": [0, 1, 0, 1, 0, 0], "kind": "LONE_PARENT", "estimated": 250}
        two |= {"bands": [0, 0, 0, 0, 0, 1]}
    closing = {"version": 2, "digest": "ab" * 32, "changes": [["2012-08-03", "REMOVED", 1]]}
    rows: list[dict[str, Any]] = [
        {"month": "2012-06", "origins": [["FOOD_BANK", 11_250]], "households": [one]},
        {"month": "2012-07", "origins": [], "households": []},
        {"month": "2012-08", "origins": [["FOOD_BANK", 7_000]], "households": [two]},
    ]  # fmt: skip
    return [
        {"record": record, "revision": n, "closed": n < 3, **row, **({"closing": closing if n == 1 else None} if record >= 2 else {})}
        for n, row in enumerate(rows, start=1)
    ]  # fmt: skip


def control(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Return the totals of the months, added by hand."""
    lines = [h for m in rows for h in m["households"]]
    return {
        "families": len({h["token"] for h in lines}), "persons": len({p for h in lines for p in h["persons"]}),
        "visits": sum(h["visits"] for h in lines), "person_visits": sum(h["person_visits"] for h in lines),
        "grams": sum(g for h in lines for _f, g in h["grams"]), "shelf_cents": sum(h["shelf_cents"] for h in lines),
        "paid_cents": sum(h["paid_cents"] for h in lines),
    }  # fmt: skip


def body(version: int) -> dict[str, object]:
    """Return the content of a version."""
    rows = months(version)
    families = [["FL", "Fruits et légumes"], ["LAIT", "Produits laitiers"]]
    if version == 1:
        return {
            "kind": "shop",
            "name": "Épicerie d'essai",
            "months": rows,
            "families": families,
            "control": control(rows),
        }
    return write_body(
        "Épicerie d'essai", "Poste 1", rows, control(rows), families=[(c, n) for c, n in families],
        links=Links("0badcafe", ((token(1), "CARD", "11" * 16), (token(2), "A", "22" * 16))),
        actions=[["2012-06", "LOGEMENT", "TRAVAUX", 3, 450_000]],
        journal=JournalHeads("cd" * 32, (("2012-06", "ef" * 32),)), terms=Terms(1, "12" * 32),
    )  # fmt: skip


def main(version: int) -> int:
    """Write the golden parcel of a version, unless there is one already."""
    path = FOLDER / f"body{version}.epic"
    if path.exists() or version not in (1, BODY):
        return 1
    identity, signing = AgeIdentity.generate(), SigningKey.generate()
    header = ParcelHeader(CONTRACT, "SF01", "1", "0a" * 16, version, datetime(2012, 9, 1, 8, tzinfo=UTC))
    content = body(version)
    FOLDER.mkdir(exist_ok=True)
    path.write_bytes(write_parcel(header, content, signing, [identity.recipient]))
    kept = {
        "identity": identity.to_string(), "signer": signing.verify_key.raw.hex(), "contract": CONTRACT,
        "digest": parcel_digest(header, content, [identity.recipient]), "body": content,
    }  # fmt: skip
    path.with_suffix(".json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
