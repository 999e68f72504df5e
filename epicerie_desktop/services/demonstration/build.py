"""Makes the files of the demonstration: shops, their coordinator, their contracts, and the passphrases that open them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from epicerie_desktop.domain.basket import ArticleOffer
from epicerie_desktop.domain.figures import month_of
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.shelves import Shelf
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.persistence.vault import Cost
from epicerie_desktop.services import (
    accounts,
    labels,
    opening,
    weighing,
)
from epicerie_desktop.services.accounts import AccountForm
from epicerie_desktop.services.contract import consolidate, custody, share
from epicerie_desktop.services.demonstration import (
    ACCOUNTS,
    PASSPHRASE,
    agenda,
    ahead,
    contract,
    dates,
    life,
    movers,
    people,
    rights,
    safety,
    studies,
    support,
    till,
    weights,
)
from epicerie_desktop.services.demonstration.life import Stay, on
from epicerie_desktop.services.demonstration.movers import Mover, Truth
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.labels import LayoutForm
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.opening import COORDINATOR, NewShop
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.queries.households import list_households, list_referrers
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.stock import catalogue, receive
from epicerie_desktop.services.stock.shelves import save_shelf_walk
from epicerie_desktop.services.weighing import ScaleForm
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_

PAST_OPENING, PAST_START, PAST_END = date(2010, 9, 14), date(2010, 1, 1), date(2012, 12, 31)
PAST_FAMILIES, PAST_PERSONS, PAST_GRAMS = 190, 500, 10_000_000
"""The balance published for Saint-Flour's contract 2010–2012 (29 March 2013): 190 families, 500 persons, 10 tonnes."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """The files made: databases of the shops in order, of the coordinator, the passphrases' file and the custodian's folder."""

    shops: tuple[Path, ...]
    coordinator: Path
    passphrases: Path
    custodian: Path
    """The folder of the counting keys, apart from the coordinator's: one text and one sheet a contract."""


def make_demonstration(
    folder: Path,
    clock: Clock,
    *,
    shops: int = 1,
    households: int = 60,
    months: int = 3,
    seed: int = 1,
    progress: Progress | None = None,
    cost: Cost = Cost(),  # noqa: B008
) -> DemoFiles:
    """Make `shops` shops of `households` living households with `months` of history, under `folder`; return the files.

    The first shop also carries the closed contract 2010–2012. Same seed and day, same data; only keys and identities are
    drawn afresh; `cost` is that of opening the files. Raises `RuleRefused` where `folder` already holds a demonstration, or
    for numbers out of bounds.
    """
    if not (1 <= shops <= 20 and 1 <= households <= 20_000 and 1 <= months <= 120):
        raise RuleRefused(N_("La démonstration va de 1 à 20 épiceries, 20 000 foyers et 120 mois."))
    if (folder / "passphrases.json").exists():
        raise RuleRefused(N_("Ce dossier contient déjà une démonstration : choisissez-en un autre, ou effacez-le."))
    folder.mkdir(parents=True, exist_ok=True)
    steps = 3 * shops + 2
    tell = progress or (lambda done, of: None)  # noqa: ARG005
    hub_path = folder / "coordinator" / "coordinator.db"
    hub = _coordinator(hub_path, clock, cost)
    past, present = _contracts(hub, clock.today())
    keys = _custodian(folder / "custodian", hub, clock)
    period = next((c.starts_on, c.ends_on) for c in consolidate.list_contracts(hub) if c.id == present)
    paths = []
    truth, going = Truth(), list[Mover]()
    for i in range(shops):
        rng = random.Random(f"{seed}/{i}")
        path = folder / f"shop-{i + 1}" / "shop.db"
        desk = _shop(path, i, clock, cost)
        goods = _settle(desk)
        tell(3 * i + 1, steps)
        if i == 0:
            _join(hub, desk, past, keys[past])
            _past(rng, desk, goods)
        tell(3 * i + 2, steps)
        _join(hub, desk, present, keys[present])
        moving = random.Random(f"{seed}/{i}/movers")
        half = 15 * months
        came, tokens = movers.settled(moving, desk, going, clock.today() - timedelta(days=half), half - 2)
        truth.moved += [(m.shop, m.token, i, token) for m, token in zip(going, tokens, strict=True)]
        served = _living(rng, desk, goods, households, months, came)
        going = movers.leaving(moving, desk, i, served) if i + 1 < shops else []
        # A generator of its own: what is added here moves nothing of the rest.
        agenda.live(random.Random(f"{seed}/{i}/agenda"), desk, [h.id for h in list_households(desk, only_open=True)])
        _weighing(desk)
        safety.live(random.Random(f"{seed}/{i}/safety"), desk)
        dates.live(desk)
        weights.live(desk)
        ahead.prepare(desk)
        till.close(desk)
        tell(3 * i + 3, steps)
        if i == 0:
            _hand_over(hub, desk, folder / "exchange", PAST_END)
        if shops > 1:
            # The contract in course comes from every shop: what two of them know is told apart at the coordinator.
            _hand_over(hub, desk, folder / "exchange", period[1])
            truth.months.append(movers.seen_here(desk, period[0]))
        desk.db.close()
        paths.append(path)
    contract.live(hub, past, present)
    hub.db.close()
    secrets = {f"shop-{i + 1}": PASSPHRASE for i in range(shops)} | {"coordinator": PASSPHRASE}
    others = {f"shop-{i + 1}": ACCOUNTS for i in range(shops)}
    for name, told in (("accounts.json", others), ("passphrases.json", secrets)):
        (folder / name).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if shops > 1:
        _tell_truth(folder / "truth.json", truth, period[0], clock.today())
    tell(steps, steps)
    return DemoFiles(tuple(paths), hub_path, folder / "passphrases.json", folder / "custodian")


def _tell_truth(path: Path, truth: Truth, since: date, until: date) -> None:
    """Write what is true of the contract in course, beside the files and not in the coordinator's folder."""
    families, persons = truth.families_and_persons()
    told = {
        "from": month_of(since), "to": month_of(until), "families_distinct": families, "persons_distinct": persons,
        "moved": len(truth.moved),
    }  # fmt: skip
    path.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _coordinator(path: Path, clock: Clock, cost: Cost) -> Desk:
    opening.create_shop(
        path,
        NewShop("Coordination du contrat social", "COORD", "Coordination", kind=COORDINATOR, demo=True),
        PASSPHRASE,
        clock,
        cost=cost,
    )
    return opening.open_desk(path, PASSPHRASE, clock)


def _contracts(hub: Desk, today: date) -> tuple[int, int]:
    past = consolidate.create_contract(hub, "Contrat social de Saint-Flour 2010–2012", PAST_START, PAST_END)
    first = today.year - (today.year - 2026) % 3
    name = f"Contrat de cohésion sociale {first}–{first + 2}"
    return past, consolidate.create_contract(hub, name, date(first, 1, 1), date(first + 2, 12, 31))


def _shop(path: Path, index: int, clock: Clock, cost: Cost) -> Desk:
    known = people.material()["shop"]
    given = (
        known[index]
        if index < len(known)
        else known[0] | {"name": f"Épicerie n° {index + 1}", "code": f"EP{index + 1:02d}"}
    )
    shop = NewShop(
        given["name"], given["code"], "Camille", address=given["address"], phone=given["phone"], manager="Camille Rey",
        ccas="CCAS de Saint-Flour", commune_code=given["commune"], demo=True,
    )  # fmt: skip
    opening.create_shop(path, shop, PASSPHRASE, clock, cost=cost)
    desk = opening.open_desk(path, PASSPHRASE, clock)
    for (name, secret), role in zip(ACCOUNTS.items(), (Role.VOLUNTEER, Role.SECRETARY), strict=True):
        accounts.add_account(desk, AccountForm(name, role, secret, role.reads_support), PASSPHRASE, cost=cost)
    return desk


def _settle(desk: Desk) -> dict[int, tuple[str, Origin]]:
    catalogue.add_default_families(desk)
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    for name, origin in (("Banque Alimentaire du Cantal", Origin.FOOD_BANK), ("Supermarché du Pont", Origin.PICKUP),
                         ("Jardin communal", Origin.GARDEN)):  # fmt: skip
        receive.save_supplier(desk, name, origin)
    found = life.stock_catalogue(desk)
    _shelves(desk, {article: code for article, (code, _origin) in found.items()})
    return found


def _shelves(desk: Desk, articles: dict[int, str]) -> None:
    """Put the articles on three shelves, by family, in the order one walks past them."""
    places = (("Étal de l’entrée", ("FL", "FEC")), ("Frigo", ("LAIT", "VPO")), ("Mur du fond", None))
    left, walk = dict(articles), []
    for name, codes in places:
        taken = tuple(a for a, code in left.items() if codes is None or code in codes)
        walk.append(Shelf(name, taken))
        left = {a: code for a, code in left.items() if a not in taken}
    save_shelf_walk(desk, tuple(walk))


def _weighing(desk: Desk) -> None:
    """Note the scale of the post, checked last year, and the labels of the shop that gives its unsold goods."""
    scale = weighing.save_scale(desk, ScaleForm("METTLER TOLEDO", "Ariva-S", "DEMO-0001", "III", 15_000, 100, 5))
    today = desk.clock.today()
    weighing.record_check(desk, scale, today - timedelta(days=320), today + timedelta(days=410))
    labels.save_layout(desk, LayoutForm("Supermarché du Pont", "21IIIIIWWWWWC"))


def _custodian(folder: Path, hub: Desk, clock: Clock) -> dict[int, str]:
    """Draw a counting key for each contract, keep its sheet in the custodian's folder, and return them by contract's id.

    A real custodian keeps the paper alone; a demonstration needs the groups again to be played.
    """
    folder.mkdir()
    keys = {}
    for made in consolidate.list_contracts(hub):
        keys[made.id] = custody.draw_counting_key()
        name = f"cle-de-comptage-{made.number:04d}"
        (folder / f"{name}.txt").write_text(keys[made.id] + "\n", "utf-8")
        (folder / f"{name}.pdf").write_bytes(custody.counting_key_pdf(keys[made.id], clock.today()))
    return keys


def _join(hub: Desk, desk: Desk, contract: int, key: str) -> None:
    joined = share.join_contract(desk, consolidate.add_site(hub, contract, desk.shop.code, desk.shop.name))
    custody.take_counting_key(desk, joined, key)


def _referrers(desk: Desk) -> list[int]:
    return [enrol.save_referrer(desk, r["name"], r["organisation"]) for r in people.material()["referrer"]]


def _past(rng: random.Random, desk: Desk, goods: dict[int, tuple[str, Origin]]) -> None:
    """Live the contract 2010–2012: some 25 families a week, whose lines add up to the published balance."""
    referrers = _referrers(desk)
    stays = []
    span = (PAST_END - PAST_OPENING).days - 150
    for i, size in enumerate(people.sizes(rng, PAST_FAMILIES, PAST_PERSONS)):
        start = PAST_OPENING + timedelta(days=span * i // PAST_FAMILIES)
        end = min(start + timedelta(days=rng.choice((84, 126, 168))), PAST_END - timedelta(days=7))
        stays.append(_stay(rng, desk, size, start, end, referrers, closed=True))
    prices = counter.price_list(desk, PAST_OPENING)
    planned = life.plan_visits(rng, stays, prices, few=True)
    life.scale_to(planned, prices, PAST_GRAMS)
    life.live(rng, desk, planned, prices, goods)
    life.throw_away(desk, PAST_END, only_expired=False)
    for stay in stays:
        enrol.close_household(on(desk, PAST_END), stay.household)


def _stay(
    rng: random.Random, desk: Desk, size: int, start: date, end: date, referrers: list[int], *, closed: bool = False
) -> Stay:
    at = on(desk, start)
    household = enrol.save_household(at, people.household(rng, size, start, referrers))
    permille = rng.choice((100, 200, 300))
    right = decide.RightForm(start, end, permille, life.ceilings_for(size))
    if closed:
        decide.open_right(at, household, right)
    else:
        studies.grant(at, household, right)
        enrol.issue_card(at, household)
    return Stay(household, size, start, end, permille)


def _living(
    rng: random.Random,
    desk: Desk,
    goods: dict[int, tuple[str, Origin]],
    households: int,
    months: int,
    came: Sequence[Stay] = (),
) -> list[int]:
    """Live the last months up to today: rights open, some ending or lapsed, fresh lots on the shelves; return who was served.

    `came` are the households that come from another shop.
    """
    today = desk.clock.today()
    opening_day = today - timedelta(days=30 * months)
    referrers = [r.id for r in list_referrers(desk)] or _referrers(desk)
    stays = []
    for i in range(households):
        size = rng.choices(range(1, 8), weights=(30, 24, 18, 15, 8, 3, 2))[0]
        start = opening_day + timedelta(days=rng.randrange(0, max(1, 30 * months - 20)))
        end = (
            today - timedelta(days=rng.randrange(1, 12))
            if i % 11 == 5
            else today + timedelta(days=rng.randrange(4, 85))
        )
        stays.append(_stay(rng, desk, size, start, max(end, start + timedelta(days=7)), referrers))
    prices = counter.price_list(desk, opening_day)
    until = today - timedelta(days=1)
    past = [
        Stay(s.household, s.persons, s.start, min(s.end, until), s.permille) for s in [*stays, *came] if s.start < until
    ]
    planned = [p for p in life.plan_visits(rng, past, prices, keep=0.8) if p.day <= until]
    for p in planned:
        p.lines = p.lines[:5]
    life.live(rng, desk, planned, prices, goods, spare=0.02, counted_since=till.since(desk))
    life.throw_away(desk, today, only_expired=True)
    studies.put_one_off(desk, [s.household for s in stays])
    if households > 6:
        suspended = stays[6].household
        soonest = [s.household for s in sorted(stays, key=lambda s: (s.end, s.household)) if s.household != suspended]
        rights.live(rng, desk, suspended, soonest)
    fill = [life.Planned(0, today, 0, life.some_lines(rng, _on_shelf(prices), 4, few=False)) for _ in range(40)]
    life.receive_week(desk, today, fill, goods, 0.3)
    support.accompany(rng, desk, stays, referrers)
    return sorted({s.household for s in past} & {s.household for s in stays})


def _on_shelf(prices: counter.PriceList) -> list[ArticleOffer]:
    return sorted((o for o in prices.offers.values() if o.name != o.family_name), key=lambda o: o.id)


def _hand_over(hub: Desk, desk: Desk, folder: Path, ends_on: date) -> None:
    """Carry the parcel of the contract that ends on a day to the coordinator, as a stick would."""
    folder.mkdir(exist_ok=True)
    joined = next(c for c in share.joined_contracts(desk) if c.ends_on == ends_on)
    written = share.export_parcel(desk, folder, contract=joined.id)
    consolidate.accept_parcel(hub, consolidate.read_parcel_file(written.path))
