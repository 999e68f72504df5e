"""A small shop ready to sell: one household with a right, a few articles in stock."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.figures import Moved
from epicerie_desktop.domain.household import Link, Sex
from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.persistence.models import Post
from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.desk import Post as AtPost
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.queries.piece_weights import moved_in
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.stock import catalogue, receive
from epicerie_desktop.support.clock import FrozenClock
from tests.conftest import FAST, PASSPHRASE, TODAY
from tests.furnished import Furnished


@dataclass(frozen=True)
class SmallShop:
    """The ids of what the small shop holds."""

    desk: Desk
    household: int
    carrots: int
    peas: int
    milk: int

    @property
    def today(self) -> date:
        return self.desk.clock.today()


def at_second_post(desk: Desk) -> Desk:
    """Return the same person at a second post of the shop, which it makes."""
    with desk.db.write() as session:
        post = session.execute(
            insert(Post).values(uid=uuid.uuid4(), number=2, name="Poste 2").returning(Post.id)
        ).scalar_one()
    return replace(desk, post=AtPost(post, 2, "Poste 2"))


def moved_between(desk: Desk, start: date, end: date) -> Moved:
    """Return the food kilos received and lost from one day to another, as the sheet counts them."""
    with desk.db.read() as session:
        return moved_in(session, start, end)


@pytest.fixture(scope="session")
def furnished_small_shop(furnishing: Callable[..., Furnished[SmallShop]]) -> Furnished[SmallShop]:
    return furnishing(small_shop_of)


@pytest.fixture
def small_shop(furnished_small_shop: Furnished[SmallShop], desk: Desk) -> SmallShop:
    return replace(furnished_small_shop.holds, desk=desk)


def small_shop_of(desk: Desk) -> SmallShop:
    """Return the small shop, made in a shop just created."""
    families = {f.code: f.id for f in stock.families(desk)}
    carrots = catalogue.save_article(
        desk, catalogue.ArticleForm(families["FL"], "Carottes", SoldBy.WEIGHT, reference_cents=160)
    )
    peas = catalogue.save_article(
        desk,
        catalogue.ArticleForm(families["EPI"], "Petits pois 400 g", SoldBy.PIECE, 400, 150, codes=("3017620422003",)),
    )
    milk = catalogue.save_article(desk, catalogue.ArticleForm(families["LAIT"], "Lait 1 l", SoldBy.PIECE, 1030, 110))
    receive.record_reception(
        desk,
        receive.ReceptionForm(
            Origin.FOOD_BANK,
            (
                receive.ReceivedLine(grams=20_000, article_id=carrots),
                receive.ReceivedLine(pieces=24, article_id=peas),
                receive.ReceivedLine(
                    pieces=12,
                    article_id=milk,
                    date_kind=DateKind.USE_BY,
                    limit_on=desk.clock.today() + timedelta(days=5),
                ),
            ),
        ),
    )
    household = enrol.save_household(
        desk,
        HouseholdForm(
            (
                MemberForm("D'Almeida", "Fátima", Link.HOLDER, Sex.FEMALE, "1985-03-12"),
                MemberForm("Crèvecœur", "Jean-Pierre", Link.PARTNER, Sex.MALE, "1980"),
                MemberForm("D'Almeida", "Léo", Link.CHILD, Sex.MALE, "2019-06"),
            ),
            AddressForm(postcode="15100", commune_code="15187"),
            phone="04 71 60 00 00",
            opened_on=desk.clock.today() - timedelta(days=30),
        ),
    )
    decide.open_right(
        desk,
        household,
        decide.RightForm(
            desk.clock.today() - timedelta(days=30),
            desk.clock.today() + timedelta(days=60),
            100,
            (Ceiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.MONTH, 5000),),
        ),
    )
    return SmallShop(desk, household, carrots, peas, milk)


@pytest.fixture(scope="session")
def blank_hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    shop = opening.NewShop("Coordination du territoire", "COORD", "Dominique", kind=opening.COORDINATOR)
    opening.create_shop(folder / "hub.db", shop, PASSPHRASE, FrozenClock.on(TODAY), cost=FAST)
    return folder


@pytest.fixture
def hub(blank_hub: Path, tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "hub"
    shutil.copytree(blank_hub, folder)
    found = opening.open_desk(folder / "hub.db", PASSPHRASE, FrozenClock.on(TODAY))
    yield found
    found.db.close()
