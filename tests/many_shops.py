"""A contract of many shops: months of a realistic size and the parcels that carry them, without a shop's file behind."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from epicerie_desktop.domain.figures import HouseholdMonth, MonthFigures, month_of, months_between, totals
from epicerie_desktop.exchange.body import Terms, write_body
from epicerie_desktop.exchange.canonical import canonical
from epicerie_desktop.exchange.keys import SigningKey
from epicerie_desktop.exchange.parcel import ParcelHeader, parcel_digest, write_parcel
from epicerie_desktop.exchange.records import month_to_record, totals_to_record
from epicerie_desktop.persistence.vault import Cost
from epicerie_desktop.services import opening
from epicerie_desktop.services.contract import consolidate
from epicerie_desktop.services.contract.definitions import definitions_digest
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.clock import FrozenClock

PASSPHRASE = "mot de passe d'essai"
HOUSEHOLDS = 60
"""Households that come to a shop in a month."""
FAMILIES = (
    ("FRUITS", "Fruits"), ("LEGUMES", "Légumes"), ("FECULENTS", "Féculents"), ("LAIT", "Produits laitiers"), ("VIANDE", "Viandes"),
    ("POISSON", "Poissons"), ("SUCRE", "Sucré"), ("GRAS", "Matières grasses"), ("BOISSON", "Boissons"), ("BEBE", "Bébé"),
)  # fmt: skip
_SECTORS = ("CENTRE", "NORD", "SUD", "VALLEE", "PLATEAU")
_KINDS = ("ALONE_WOMAN", "ALONE_MAN", "COUPLE", "COUPLE_CHILDREN", "ALONE_PARENT")


@dataclass(frozen=True)
class Hub:
    """The coordinator's file of a contract, closed: where it is, and what a shop has to know of it."""

    path: Path
    contract: int
    uid: str
    recipient: str
    starts_on: date
    ends_on: date
    sites: tuple[str, ...]

    def open(self) -> Desk:
        """Return the coordinator's desk, on the last day of the contract."""
        return opening.open_desk(self.path, PASSPHRASE, FrozenClock.on(self.ends_on))


def make_hub(folder: Path, shops: int, starts_on: date, ends_on: date) -> Hub:
    """Make a coordinator's file whose contract has so many shops enrolled."""
    folder.mkdir(parents=True, exist_ok=True)
    path, clock = folder / "hub.db", FrozenClock.on(ends_on)
    shop = opening.NewShop("Coordination du territoire", "COORD", "Dominique", kind=opening.COORDINATOR)
    opening.create_shop(path, shop, PASSPHRASE, clock, cost=Cost(passes=1, memory=8 * 1024))
    desk = opening.open_desk(path, PASSPHRASE, clock)
    contract = consolidate.create_contract(desk, "Contrat social", starts_on, ends_on)
    codes = tuple(f"EP{n:03d}" for n in range(1, shops + 1))
    enrolments = [consolidate.add_site(desk, contract, code, f"Épicerie {code}") for code in codes]
    desk.db.close()
    return Hub(path, contract, enrolments[0].contract, enrolments[0].recipient, starts_on, ends_on, codes)


@dataclass
class Family:
    """A household that a shop knows: its random tokens, and what its lines repeat month after month."""

    token: str
    persons: tuple[str, ...]
    sector: str
    kind: str


@dataclass
class Shop:
    """A shop that only writes parcels. Always the same months for the same seed; a few households are new every month."""

    hub: Hub
    code: str
    seed: int
    households: int = HOUSEHOLDS
    key: SigningKey = field(default_factory=SigningKey.generate)
    generation: uuid.UUID = field(default_factory=uuid.uuid4)
    sent: int = 0
    previous: str = ""
    actions: tuple[tuple[str, str, str, int, int], ...] = ()
    """Counters to send beside the months: month, action, step, count, cents."""

    def months(self, first: str, last: str) -> Iterator[MonthFigures]:
        """Give the shop's months, one after the other."""
        draw = random.Random(self.seed)
        known = [_family(draw) for _ in range(self.households + self.households // 2)]
        for month in months_between(first, last):
            for _ in range(max(1, self.households // 20)):
                known[draw.randrange(len(known))] = _family(draw)
            here = draw.sample(known, self.households)
            lines = tuple(sorted((_line(draw, f) for f in here), key=lambda line: line.household))
            grams = sum(line.grams for line in lines)
            bought = grams // 4
            yield MonthFigures(month, lines, (("BANK", grams - bought), ("PURCHASE", bought)))

    def records(self, first: str, last: str) -> list[dict[str, Any]]:
        """Return the same as a parcel carries them."""
        found = []
        for figures in self.months(first, last):
            record = month_to_record(figures, lambda token: token)
            found.append({**record, "revision": 1, "closed": True, "closing": None})
        return found

    def parcel(self, first: str, last: str) -> bytes:
        """Return the sealed parcel of these months, numbered and chained after the one before."""
        control = totals_to_record(totals(self.months(first, last)))
        body = write_body(
            f"Épicerie {self.code}", "Caisse", self.records(first, last), control, families=FAMILIES,
            actions=self.actions, terms=Terms(1, definitions_digest()),
        )  # fmt: skip
        self.sent += 1
        day = min(self.hub.ends_on, date(int(last[:4]), int(last[5:]), 28))
        header = ParcelHeader(
            self.hub.uid, self.code, "1", str(self.generation), self.sent, datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
            self.previous,
        )  # fmt: skip
        self.previous = parcel_digest(header, body, [self.hub.recipient])
        return write_parcel(header, body, self.key, [self.hub.recipient])


def shops_of(hub: Hub, households: int = HOUSEHOLDS) -> tuple[Shop, ...]:
    """Return a shop for every one enrolled."""
    return tuple(Shop(hub, code, seed, households) for seed, code in enumerate(hub.sites))


def write_parcels(hub: Hub, folder: Path, last: str | None = None) -> tuple[Path, ...]:
    """Write to `folder` one parcel a shop, of every month of the contract (or up to `last`), and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for shop in shops_of(hub):
        path = folder / f"export-{shop.code}.epic"
        path.write_bytes(shop.parcel(month_of(hub.starts_on), last or month_of(hub.ends_on)))
        found.append(path)
    return tuple(found)


def size_of(records: Sequence[dict[str, Any]]) -> int:
    """Return the bytes that records take once written."""
    return sum(len(canonical(r)) for r in records)


def _family(draw: random.Random) -> Family:
    persons = tuple(sorted(_token(draw) for _ in range(draw.choice((1, 1, 2, 2, 3, 4, 5)))))
    return Family(_token(draw), persons, draw.choice(_SECTORS), draw.choice(_KINDS))


def _line(draw: random.Random, family: Family) -> HouseholdMonth:
    visits, persons = draw.choice((1, 2, 3, 4, 4)), len(family.persons)
    grams = tuple(
        sorted(
            (code, draw.randrange(200, 9_000)) for code, _ in draw.sample(FAMILIES, draw.randrange(4, len(FAMILIES)))
        )
    )
    bands = [0] * 6
    for _ in family.persons:
        bands[draw.choice((0, 1, 1, 2, 3, 3, 3, 4, 5))] += 1
    shelf = draw.randrange(800, 9_000)
    return HouseholdMonth(
        family.token, "", family.persons, visits, visits * persons, grams, shelf, shelf // 10, None, min(g for _, g in grams),
        family.sector, tuple(bands), family.kind,
    )  # fmt: skip


def _token(draw: random.Random) -> str:
    return f"{draw.getrandbits(128):032x}"
