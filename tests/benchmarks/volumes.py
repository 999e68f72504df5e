"""Shops as large as a benchmark wants, written straight into the tables in one transaction."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from epicerie_desktop.domain import journal as chain
from epicerie_desktop.domain.basket import SoldBy, WeightSource
from epicerie_desktop.domain.household import HousingKind, Link, Sex
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.domain.stock import DateKind, MoveKind, Origin
from epicerie_desktop.domain.units import share_of, value_of
from epicerie_desktop.persistence import models as m
from epicerie_desktop.persistence.models.base import Base, table_of
from epicerie_desktop.services.demonstration.people import household as invented
from epicerie_desktop.services.demonstration.people import material, sizes
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.text import digits, fold, search_words

YEARS = 3
LOTS_OF_AN_ARTICLE = 3
PLENTY = 50_000_000
RATE = 100
MONTHLY_CEILING = 50_000_00
SYLLABLES = ("ba", "ché", "dou", "fer", "gui", "lar", "mon", "né", "pel", "rou", "sal", "tor", "vi", "zen", "ac", "bru")


@dataclass(frozen=True)
class Volume:
    """How many of each; `lines` in all, ten a ticket."""

    households: int
    persons: int
    articles: int = 0
    lines: int = 0
    years: int = YEARS


def fill(desk: Desk, volume: Volume) -> None:
    """Write the volume into a shop that has its families and nothing else."""
    rng = random.Random(20_261_120)
    with desk.db.write() as session:
        connection = session.connection()
        _people(connection, rng, desk, volume)
        if volume.articles:
            _goods(connection, rng, desk, volume)
        if volume.lines:
            _past(connection, rng, desk, volume)


def _put(connection: Connection, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    found = list(rows)
    if found:
        connection.execute(insert(table_of(model)), found)


def _family_name(rng: random.Random) -> str:
    if rng.random() < 0.3:
        return str(rng.choice(material()["last"]))
    return "".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).capitalize()


def _people(connection: Connection, rng: random.Random, desk: Desk, volume: Volume) -> None:
    today, now = desk.clock.today(), desk.clock.now()
    edited = {"version": 1, "changed_at": now, "changed_by": 1}
    households, persons, members, places, words, grants = [], [], [], [], [], []
    for h, size in enumerate(sizes(rng, volume.households, volume.persons), start=1):
        opened = today - timedelta(days=rng.randrange(40, 365 * YEARS))
        form = invented(rng, size, opened, [])
        last, number = _family_name(rng), f"1-{h:05d}"
        found = {number, digits(number), digits(form.phone)}
        households.append(
            {"id": h, "uid": uuid.uuid4(), "token": uuid.uuid4(), "number": number, "opened_on": opened, "closed_on": None,
             "holder_id": len(persons) + 1, "phone": form.phone, "phone2": "", "note": "", "referrer_id": None, **edited}
        )  # fmt: skip
        for member in form.members:
            p = len(persons) + 1
            name = last if member.link is not Link.PARTNER else member.last_name
            persons.append(
                {"id": p, "uid": uuid.uuid4(), "token": uuid.uuid4(), "last_name": name, "first_name": member.first_name,
                 "sex": Sex.UNKNOWN, "born": member.born, **edited}
            )  # fmt: skip
            members.append(
                {
                    "uid": uuid.uuid4(),
                    "household_id": h,
                    "person_id": p,
                    "link": member.link,
                    "joined_on": opened,
                    "left_on": None,
                }
            )
            found |= search_words(f"{member.first_name} {name}") | search_words(name)
        places.append(
            {"household_id": h, "valid_from": opened, "kind": HousingKind.HOME, "lines": "", "postcode": "15100",
             "commune_code": "15187", "commune_name": "Saint-Flour"}
        )  # fmt: skip
        words += [{"word": w, "household_id": h} for w in sorted(found)]
        for from_day, until in (
            (opened, today - timedelta(days=31)),
            (today - timedelta(days=30), today + timedelta(days=90)),
        ):
            grants.append(_grant(h, from_day, until, now))
    for model, rows in (
        (m.Household, [{**h, "holder_id": None} for h in households]), (m.Person, persons), (m.Member, members), (m.Address, places),
        (m.SearchWord, words), (m.AccessGrant, grants),
    ):  # fmt: skip
        _put(connection, model, rows)
    connection.exec_driver_sql(
        "UPDATE household SET holder_id = (SELECT min(person_id) FROM household_member WHERE household_id = household.id)"
    )


def _grant(household: int, start: date, until: date, now: Any) -> dict[str, Any]:
    return {
        "uid": uuid.uuid4(), "household_id": household, "valid_from": start, "valid_until": until, "participation_permille": RATE,
        "ceilings": [{"measure": "SHELF_VALUE", "period": "MONTH", "amount": MONTHLY_CEILING}], "ruleset_id": None,
        "assessment_id": None, "exceptional": False, "decided_at": now, "decided_by": 1,
    }  # fmt: skip


def _goods(connection: Connection, rng: random.Random, desk: Desk, volume: Volume) -> None:
    today, now = desk.clock.today(), desk.clock.now()
    families = list(connection.execute(select(table_of(m.Family).c.id)).scalars())
    first = 1_000
    articles = range(first, first + volume.articles)
    _put(connection, m.Article, (
        {"id": a, "uid": uuid.uuid4(), "family_id": families[a % len(families)], "name": f"Article {a}", "folded": fold(f"Article {a}"),
         "short_code": "", "sold_by": SoldBy.WEIGHT, "net_grams": None, "generic": False, "active": True, "version": 1,
         "changed_at": now, "changed_by": 1}
        for a in articles
    ))  # fmt: skip
    _put(connection, m.ArticleValue, (
        {"article_id": a, "valid_from": date(2020, 1, 1), "cents": rng.randrange(60, 900)} for a in articles
    ))  # fmt: skip
    lots = [
        {"id": i, "uid": uuid.uuid4(), "article_id": a, "reception_id": None, "origin": rng.choice(list(Origin)),
         "received_on": today - timedelta(days=10 + k), "code": "", "date_kind": DateKind.USE_BY,
         "limit_on": today + timedelta(days=20 + 10 * k), "balance_pieces": 0, "balance_grams": PLENTY}
        for i, (a, k) in enumerate(((a, k) for a in articles for k in range(LOTS_OF_AN_ARTICLE)), start=1)
    ]  # fmt: skip
    _put(connection, m.Lot, lots)
    _put(
        connection,
        m.StockMove,
        (_move(lot["id"], MoveKind.RECEPTION, lot["received_on"], PLENTY, None, now) for lot in lots),
    )


def _move(lot: int, kind: MoveKind, day: date, grams: int, sale: int | None, now: Any) -> dict[str, Any]:
    return {
        "uid": uuid.uuid4(), "lot_id": lot, "kind": kind, "day": day, "pieces": 0, "grams": grams, "sale_id": sale,
        "reverses_id": None, "loss_reason": None, "note": "", "made_at": now, "made_by": 1,
    }  # fmt: skip


def _past(connection: Connection, rng: random.Random, desk: Desk, volume: Volume) -> None:
    """Write tickets of ten weighed lines over the years, with their moves, payments, balances and journal."""
    today, now = desk.clock.today(), desk.clock.now()
    goods = connection.exec_driver_sql(
        "SELECT a.id, a.family_id, l.id, l.origin, v.cents FROM article a JOIN lot l ON l.article_id = a.id"
        " JOIN article_value v ON v.article_id = a.id"
    ).fetchall()
    sales, lines, moves, payments, entries = [], [], [], [], []
    head = connection.exec_driver_sql(
        "SELECT seq, digest FROM journal WHERE post_id = 1 ORDER BY seq DESC LIMIT 1"
    ).first()
    seq, prev = (head.seq, head.digest) if head else (0, chain.GENESIS)
    count = volume.lines // 10
    for s in range(1, count + 1):
        day = today - timedelta(days=1 + (count - s) * 365 * volume.years // count)
        total = [0, 0, 0]
        for n in range(1, 11):
            article, family, lot, origin, cents = rng.choice(goods)
            grams = rng.randrange(80, 3_000)
            shelf = value_of(grams, cents)
            paid = share_of(shelf, RATE)
            total = [total[0] + shelf, total[1] + paid, total[2] + grams]
            lines.append(
                {"sale_id": s, "n": n, "line": n, "article_id": article, "family_id": family, "lot_id": lot, "origin": Origin(origin),
                 "food": True, "pieces": 0, "grams": grams, "tare_grams": 0, "source": WeightSource.SCALE, "reference_cents": cents,
                 "shelf_cents": shelf, "paid_cents": paid}
            )  # fmt: skip
            moves.append(_move(lot, MoveKind.SALE, day, -grams, s, now))
        household = rng.randrange(1, volume.households + 1)
        sales.append(
            {"id": s, "uid": uuid.uuid4(), "post_id": 1, "number": s, "day": day, "at": now, "household_id": household, "grant_id": None,
             "persons": 2, "participation_permille": RATE, "shelf_cents": total[0], "paid_cents": total[1], "grams": total[2],
             "overridden": False, "note": "", "reverses_id": None, "made_by": 1}
        )  # fmt: skip
        payments.append({"sale_id": s, "kind": PaymentKind.CASH, "cents": total[1], "tendered_cents": total[1]})
        at, body = now.strftime("%Y-%m-%dT%H:%M:%SZ"), f'{{"sale":{s}}}'
        seq += 1
        digest = chain.digest(1, seq, at, 1, "sale", body, prev)
        entries.append(
            {
                "post_id": 1,
                "seq": seq,
                "at": at,
                "actor_id": 1,
                "kind": "sale",
                "body": body,
                "prev": prev,
                "digest": digest,
            }
        )
        prev = digest
    for model, rows in (
        (m.Sale, sales), (m.SaleLine, lines), (m.StockMove, moves), (m.Payment, payments), (m.Journal, entries),
        (m.NumberSeries, [{"post_id": 1, "kind": "receipt", "last": count}]),
    ):  # fmt: skip
        _put(connection, model, rows)
    connection.exec_driver_sql(
        "UPDATE lot SET balance_grams = (SELECT sum(grams) FROM stock_move WHERE lot_id = lot.id)"
    )
