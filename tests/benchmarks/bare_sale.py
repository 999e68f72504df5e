"""The same sale by the driver's cursor alone: every statement of the program's, as plain text, and as little Python as serves.

It refuses what the program refuses about rights and ceilings, draws on lots in the same order, and writes the same rows.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from epicerie_desktop.domain.basket import Basket

KNOWN = "SELECT id FROM sale WHERE uid = ?"
GRANTS = (
    "SELECT id, household_id, valid_from, valid_until, participation_permille, ceilings,"
    " EXISTS (SELECT 1 FROM suspension s WHERE s.household_id = access_grant.household_id AND s.since <= ?"
    " AND (s.until IS NULL OR s.until >= ?) AND (s.lifted_on IS NULL OR s.lifted_on > ?))"
    " FROM access_grant WHERE household_id IN (?)"
)
MEMBERS = (
    "SELECT m.household_id, m.person_id, m.link, p.born, m.joined_on, m.left_on"
    " FROM household_member m JOIN person p ON p.id = m.person_id WHERE m.household_id IN (?)"
)
SERVED = (
    "SELECT id FROM sale WHERE household_id = ? AND day = ? AND reverses_id + 0 IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM sale c WHERE c.reverses_id = sale.id) LIMIT 1"
)
TAKEN = (
    "SELECT coalesce(sum(paid_cents), 0), coalesce(sum(shelf_cents), 0), coalesce(sum(grams), 0)"
    " FROM sale WHERE household_id = ? AND day >= ? AND day <= ?"
)
ARTICLES = "SELECT id, family_id, sold_by FROM article WHERE id IN ({})"
LOTS = (
    "SELECT id, article_id, balance_pieces, balance_grams, date_kind, limit_on, received_on, origin"
    " FROM lot WHERE article_id IN ({}) AND (balance_pieces > 0 OR balance_grams > 0)"
)
NUMBER = "UPDATE number_series SET last = last + 1 WHERE post_id = ? AND kind = ? RETURNING last"
SALE = (
    "INSERT INTO sale (uid, post_id, number, day, at, household_id, grant_id, persons, participation_permille, shelf_cents,"
    " paid_cents, grams, overridden, note, reverses_id, made_by) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id"
)
LINE = (
    "INSERT INTO sale_line (sale_id, n, line, article_id, family_id, lot_id, origin, food, pieces, grams, tare_grams, source,"
    " reference_cents, shelf_cents, paid_cents) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
MOVE = (
    "INSERT INTO stock_move (uid, lot_id, kind, day, pieces, grams, sale_id, reverses_id, loss_reason, note, made_at, made_by)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
)
LOT = "UPDATE lot SET balance_pieces = balance_pieces + ?, balance_grams = balance_grams + ? WHERE id = ?"
PAYMENT = "INSERT INTO payment (sale_id, kind, cents, tendered_cents) VALUES (?,?,?,?)"
HEAD = "SELECT seq, digest FROM journal WHERE post_id = ? ORDER BY seq DESC LIMIT 1"
ENTRY = "INSERT INTO journal (post_id, seq, at, actor_id, kind, body, prev, digest) VALUES (?,?,?,?,?,?,?,?)"
KEEP = "INSERT OR REPLACE INTO draft (post_id, key, saved_at, body) VALUES (?,?,?,?)"
DROP = "DELETE FROM draft WHERE post_id = ? AND key = ?"


@dataclass(frozen=True)
class Bare:
    """An open connection of the driver, and the day and instant of its sales (`at` in UTC ISO text)."""

    connection: Any
    day: date
    at: str

    def keep(self, household: int, basket: dict[str, Any]) -> None:
        """Keep the draft of a basket, as the till does after each line."""
        text = json.dumps(basket, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self.connection.execute(KEEP, (1, str(household), self.at, text))

    def sell(self, household: int, basket: Basket) -> tuple[int, int]:
        """Book a basket in one transaction and return the ticket's id and number."""
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        try:
            found = self._book(cursor, household, basket)
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")
        return found

    def _book(self, cursor: Any, household: int, basket: Basket) -> tuple[int, int]:
        day, uid = self.day.isoformat(), uuid.UUID(basket.uid).bytes
        if cursor.execute(KNOWN, (uid,)).fetchone() is not None:
            raise ValueError("already booked")
        grant, persons = self._right(cursor, household, day, basket)
        parts = self._parts(cursor, basket, day)
        (number,) = cursor.execute(NUMBER, (1, "receipt")).fetchone()
        shelf, paid, grams = basket.shelf_cents, basket.paid_cents, basket.grams
        row = (
            uid,
            1,
            number,
            day,
            self.at,
            household,
            grant,
            persons,
            basket.participation_permille,
            shelf,
            paid,
            grams,
            0,
            "",
            None,
            1,
        )
        (sale,) = cursor.execute(SALE, row).fetchone()
        cursor.executemany(LINE, [(sale, *p) for p in parts])
        cursor.executemany(
            MOVE,
            [(uuid.uuid4().bytes, p[4], "SALE", day, -p[7], -p[8], sale, None, None, "", self.at, 1) for p in parts],
        )
        cursor.executemany(LOT, [(-p[7], -p[8], p[4]) for p in parts])
        cursor.execute(PAYMENT, (sale, "CASH", paid, paid))
        lines = [[p[2], p[4], p[7], p[8], p[13]] for p in parts]
        self._seal(
            cursor,
            {
                "sale": sale,
                "number": number,
                "household": household,
                "grams": grams,
                "shelf": shelf,
                "paid": paid,
                "lines": lines,
            },
        )
        cursor.execute(DROP, (1, str(household)))
        return sale, number

    def _right(self, cursor: Any, household: int, day: str, basket: Basket) -> tuple[int, int]:
        open_now = [
            g for g in cursor.execute(GRANTS, (day, day, day, household)).fetchall() if g[2] <= day <= g[3] and not g[6]
        ]
        present = [
            m for m in cursor.execute(MEMBERS, (household,)).fetchall() if m[4] <= day and (m[5] is None or m[5] > day)
        ]
        cursor.execute(SERVED, (household, day)).fetchone()
        if not open_now or not present:
            raise ValueError("no right")
        grant = max(open_now, key=lambda g: (g[3], g[0]))
        for ceiling in json.loads(grant[5]):
            taken = cursor.execute(TAKEN, (household, max(grant[2], f"{day[:8]}01"), day)).fetchone()
            if ceiling["measure"] == "SHELF_VALUE" and taken[1] + basket.shelf_cents > ceiling["amount"]:
                raise ValueError("ceiling")
        return grant[0], len(present)

    @staticmethod
    def _parts(cursor: Any, basket: Basket, day: str) -> list[tuple[Any, ...]]:
        ids = sorted({line.article for line in basket.lines})
        marks = ",".join("?" * len(ids))
        families = {a: family for a, family, _sold_by in cursor.execute(ARTICLES.format(marks), ids).fetchall()}
        lots: dict[int, list[list[Any]]] = {}
        for i, article, _pieces, grams, kind, limit, received, origin in cursor.execute(
            LOTS.format(marks), ids
        ).fetchall():
            if kind != "USE_BY" or limit >= day:
                lots.setdefault(article, []).append([limit or "9999", received, i, grams, origin])
        parts: list[tuple[Any, ...]] = []
        for index, line in enumerate(basket.lines, start=1):
            lot = next(held for held in sorted(lots[line.article]) if held[3] >= line.grams)
            lot[3] -= line.grams
            parts.append(
                (index, index, line.article, families[line.article], lot[2], lot[4], int(line.food), 0, line.grams, line.tare_grams,
                 line.source.value, line.reference_cents, line.shelf_cents, line.paid_cents)
            )  # fmt: skip
        # Positions as `_book` reads them: article 2, lot 4, pieces 7, grams 8, paid 13.
        return parts

    def _seal(self, cursor: Any, body: dict[str, Any]) -> None:
        seq, prev = cursor.execute(HEAD, (1,)).fetchone()
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        sha = hashlib.sha256(b"epicerie/journal/v1\0")
        for field in ("1", str(seq + 1), self.at, "1", "sale", text):
            raw = field.encode()
            sha.update(len(raw).to_bytes(8, "big"))
            sha.update(raw)
        sha.update(prev)
        cursor.execute(ENTRY, (1, seq + 1, self.at, 1, "sale", text, prev, sha.digest()))
