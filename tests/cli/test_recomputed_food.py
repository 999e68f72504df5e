"""The food part of a report, computed again from `epicerie dump` alone: only the csv module and the printed definitions."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from epicerie_desktop.domain.data_table import DataTable
from epicerie_desktop.services import opening
from epicerie_desktop.services.demonstration.build import DemoFiles
from epicerie_desktop.services.reports.food import food_parts
from epicerie_desktop.support.clock import FrozenClock
from tests.cli.test_recomputed import Dump, Row, dumped
from tests.conftest import TODAY

__all__ = ["dumped"]
PERIODS = [
    (date(2011, 1, 1), date(2011, 12, 31)), (date(2011, 5, 7), date(2011, 9, 20)), (date(2026, 11, 1), date(2026, 11, 30)),
    (date(2010, 1, 1), date(2026, 12, 31)),
]  # fmt: skip
OUT = {"LOSS": 4, "SENT": 5, "RETURNED": 5}
IN = {
    "RECEPTION": 0,
    "BROUGHT_BACK": 1,
    "REPACK_OUT": 6,
    "REPACK_IN": 6,
    "PLACE_OUT": 6,
    "PLACE_IN": 6,
    "CORRECTION": 7,
}


class Book:
    """The lots of a dump over a period: what they held, what moved, what it was worth."""

    def __init__(self, dump: Dump, first: str, last: str) -> None:
        t = dump.tables
        self.articles = {a["id"]: a for a in t["articles"]}
        self.families = {f["id"]: f for f in t["families"]}
        self.food_codes = {f["code"] for f in t["families"] if f["food"] == "true"}
        self.lots = {lot["id"]: lot for lot in t["lots"]}
        self.before: Counter[tuple[str, str]] = Counter()
        self.after: Counter[tuple[str, str]] = Counter()
        self.flows: Counter[tuple[str, int, str]] = Counter()
        for m in t["moves"]:
            for unit in ("pieces", "grams"):
                n = int(m[unit])
                if m["day"] < first:
                    self.before[m["lot_id"], unit] += n
                if m["day"] <= last:
                    self.after[m["lot_id"], unit] += n
                if first <= m["day"] <= last and m["kind"] in IN | OUT:
                    self.flows[m["lot_id"], (IN | OUT)[m["kind"]], unit] += n
        for line in t["lines"]:
            if first <= line["day"] <= last:
                self.flows[line["lot_id"], 2, "pieces"] -= int(line["pieces"])
                self.flows[line["lot_id"], 2, "grams"] -= int(line["grams"]) + int(line["other_grams"])
        days = {p["id"]: p["day"] for p in t["emergency_parcels"]}
        for line in t["emergency_lines"]:
            if first <= days[line["parcel_id"]] <= last:
                for unit in ("pieces", "grams"):
                    self.flows[line["lot_id"], 3, unit] -= int(line[unit])
        self.prices: dict[str, list[tuple[str, int]]] = {}
        for v in sorted(t["article_values"], key=lambda v: v["valid_from"]):
            self.prices.setdefault(v["article_id"], []).append((v["valid_from"], int(v["cents"])))
        self.family_prices = sorted(t["family_values"], key=lambda v: v["valid_from"])

    def family(self, lot: Row) -> Row:
        return self.families[self.articles[lot["article_id"]]["family_id"]]

    def by_piece(self, lot: Row) -> bool:
        return self.articles[lot["article_id"]]["sold_by"] == "PIECE"

    def unit(self, lot: Row) -> int:
        if lot["unit_cents"]:
            return int(lot["unit_cents"])
        family = self.family(lot)["id"]
        column = "cents_per_piece" if self.by_piece(lot) else "cents_per_kg"
        dated = self.prices.get(lot["article_id"]) or [
            (v["valid_from"], int(v[column])) for v in self.family_prices if v["family_id"] == family and v[column]
        ]
        begun = [cents for since, cents in dated if since <= lot["received_on"]]
        return begun[-1] if begun else dated[0][1] if dated else 0

    def line(self, number: str) -> tuple[list[int], list[Fraction]]:
        """Return the twelve columns of a lot, in grams and in exact cents."""
        lot = self.lots[number]

        def held(at: Counter[tuple[str, str]]) -> tuple[int, int, int]:
            pieces, grams = at[number, "pieces"], at[number, "grams"]
            left = grams if self.by_piece(lot) and not pieces else 0
            return pieces, grams - left, left

        start, end = held(self.before), held(self.after)
        pieces = [start[0], *(self.flows[number, n, "pieces"] for n in range(8)), 0, 0, end[0]]
        grams = [start[1], *(self.flows[number, n, "grams"] for n in range(8)), start[2] - end[2], 0, end[1]]
        unit = self.unit(lot)
        worth = (
            [Fraction(unit * n) for n in pieces] if self.by_piece(lot) else [Fraction(unit * n, 1000) for n in grams]
        )
        return grams, worth

    def moved(self, number: str) -> bool:
        grams, worth = self.line(number)
        return any(grams) or any(worth) or any(self.flows[number, n, "pieces"] for n in range(8))


def named(tables: tuple[DataTable, ...], name: str) -> DataTable:
    return next(t for t in tables if t.name == name)


@pytest.mark.parametrize(("first", "last"), PERIODS)
def test_kilos_value_and_stock_are_those_of_the_dump(
    dumped: Dump, demo_files: DemoFiles, first: date, last: date
) -> None:
    secret = json.loads(demo_files.passphrases.read_text("utf-8"))["shop-1"]
    desk = opening.open_desk(demo_files.shops[0], secret, FrozenClock.on(TODAY))
    with desk.db.read() as session:
        parts = food_parts(session, first, last)
    desk.db.close()
    told = {f.code: f.value for s in parts.values() for f in s.figures}
    start, end = first.isoformat(), last.isoformat()
    book = Book(dumped, start, end)
    kept = {t["id"] for t in dumped.kept(start[:7], end[:7]) if start <= t["day"] <= end}
    lines = [n for n in dumped.tables["lines"] if n["ticket_id"] in kept]
    grams = sum(int(n["grams"]) for n in lines)
    assert (told["grams"], told["meals"]) == (grams, grams // 500)
    assert (told["shelf_cents"], told["paid_cents"]) == tuple(
        sum(int(n[c]) for n in lines) for c in ("shelf_cents", "paid_cents")
    )
    assert told["estimated_grams"] == sum(
        int(n["grams"]) for n in lines if n["source"] in ("ESTIMATED", "LEARNED", "FAMILY")
    )
    moves = [m for m in dumped.tables["moves"] if start <= m["day"] <= end]

    def food(m: Row) -> bool:
        return book.family(book.lots[m["lot_id"]])["food"] == "true"

    came = [m for m in moves if m["kind"] == "RECEPTION" and food(m)]
    lost = [m for m in moves if m["kind"] == "LOSS" and m["loss_reason"] != "BROUGHT_BACK"]
    assert told["received_grams"] == sum(int(m["grams"]) for m in came)
    assert told["lost_grams"] == -sum(int(m["grams"]) for m in lost if food(m))
    assert told["lost_cents"] == sum(int(m["value_cents"] or 0) for m in lost)
    by_family = Counter[str]()
    for m in came:
        by_family[book.family(book.lots[m["lot_id"]])["name"]] += int(m["grams"])
    table = named(parts["food"].tables, "Kilos par famille")
    assert {str(r[0]): r[1] for r in table.rows if r[1]} == dict(by_family)
    assert sum(r[3] for r in table.rows if isinstance(r[3], int)) == grams

    accounted = [n for n in book.lots if book.moved(n)]
    assert told["account_lots"] == len(accounted)
    assert (told["gap_grams"], told["gap_cents"], told["gap_lots"]) == (0, 0, 0)
    groups: dict[tuple[str, str], list[int]] = {}
    worths: dict[tuple[str, str], list[Fraction]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for n in accounted:
        lot = book.lots[n]
        if book.family(lot)["food"] == "true":
            key = (lot["origin"], lot["financing"])
            line, worth = book.line(n)
            counts[key] += 1
            groups[key] = [a + b for a, b in zip(groups.get(key, [0] * 12), line, strict=True)]
            worths[key] = [a + b for a, b in zip(worths.get(key, [Fraction(0)] * 12), worth, strict=True)]
    kilos, euros = (
        named(parts["food.reconciliation"].tables, f"Denrées, en {unit}") for unit in ("kilos", "euros")
    )  # fmt: skip
    assert sorted(r[2:] for r in kilos.rows) == sorted((counts[k], *v) for k, v in groups.items())
    assert told["stock_grams"] == sum(v[-1] for v in groups.values())
    # Each lot's euros are rounded to the cent: half a cent a lot at the end, a cent in the other columns.
    exact = sorted((counts[k], *v) for k, v in worths.items())
    printed = sorted(r[2:] for r in euros.rows)  # type: ignore[type-var]
    assert len(exact) == len(printed)
    for ours, theirs in zip(exact, printed, strict=True):
        assert ours[0] == theirs[0]
        assert sum(theirs[1:-1]) == theirs[-1]
        assert all(abs(a - b) <= ours[0] for a, b in zip(ours[1:], theirs[1:], strict=True))
