"""A morning of crates and an afternoon of families at the real window, by keys alone; at night the books say what was done."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import timedelta
from fractions import Fraction
from statistics import median

from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.basket import SoldBy, WeightSource
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.domain.support import UndertakingKind
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.persistence.models import Article, Payment, Reception, RefusedGoods, SaleLine, StockMove
from epicerie_desktop.services import features
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.queries.figures import totals_of
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.support.undertakings import UndertakingForm, record_undertaking
from tests.ui.player import ALT, CONTROL, KEY, Player, playing

PEAS, MILK = "3017620422003", "3760123456780"
NAMES = (
    "Abadie", "Benoit", "Carvalho", "Delmas", "Escudier", "Fabre", "Garnier", "Hamel", "Imbert", "Jourdan", "Kaddour", "Lacombe",
    "Mercier", "Navarro", "Oudin", "Pagès", "Quintin", "Rolland", "Sabatier", "Tessier", "Urbain", "Vidal", "Weber", "Xavier",
    "Yilmaz", "Zeller", "Bonnet", "Chauvet", "Diallo", "Evrard", "Ferrand", "Gaillard", "Huguet", "Issa", "Jacquot", "Koné", "Leroux",
    "Marchand", "Noël", "Olivier",
)  # fmt: skip
PRICES = {"Petits pois": 100, "Carottes": 200, "Yaourt nature": 40, "Lait demi-écrémé": 110, "Coquillettes": 95}
HELD, CANCELLED, EXCEPTIONAL, OVER, COLLECTED, UNDONE, SCALE_GONE = 1, 7, 13, 19, 25, 31, 37
NEVER_SEEN = "3560070000012"
Goods = Counter[str]


def with_check(payload: str) -> str:
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(payload)))
    return payload + str(-total % 10)


def furnish(desk: Desk) -> tuple[str, ...]:
    """Give the shop its articles and its households, and return the card of each."""
    codes = {f.code: f.id for f in stock.families(desk) if f.id is not None}

    def made(code: str, name: str, by: SoldBy, net: int | None = None, *bars: str) -> None:
        catalogue.save_article(desk, ArticleForm(codes[code], name, by, net, PRICES[name], codes=bars))

    made("EPI", "Petits pois", SoldBy.PIECE, 400, PEAS)
    made("EPI", "Coquillettes", SoldBy.PIECE, 500)
    made("FL", "Carottes", SoldBy.WEIGHT)
    made("LAIT", "Yaourt nature", SoldBy.PIECE, 125)
    made("LAIT", "Lait demi-écrémé", SoldBy.PIECE, 1_030, with_check(MILK[:12]))
    features.save_feature(desk, "collectors", True)
    today = desk.clock.today()
    span = (today - timedelta(days=30), today + timedelta(days=60))
    cards = []
    for n, name in enumerate(NAMES):
        household = enrol.save_household(desk, HouseholdForm((MemberForm(name, "Alice", Link.HOLDER),)))
        ceiling = Ceiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.MONTH, 5_00 if n == OVER else 60_00)
        if n != EXCEPTIONAL:
            decide.open_right(desk, household, decide.RightForm(*span, 100, (ceiling,)))
        if n == COLLECTED:
            form = UndertakingForm(UndertakingKind.PROXY, today, until=span[1], name="Hélène Durand")
            record_undertaking(desk, household, form)
        cards.append(enrol.issue_card(desk, household).code)
    return tuple(cards)


def receive_a_crate(player: Player, n: int, stored: Goods, date: str) -> None:
    """Do what one crate asks; six kinds of crates take turns."""
    kind = n % 6
    if kind == 0:
        player.scan(PEAS)
        player.enter("60")
        stored["Petits pois"] += 60
    elif kind == 1:
        player.enter("fru", "12,4")
        stored["Fruits et légumes"] += 12_400
    elif kind == 2:
        player.enter("car")
        player.scale.put(9_500 + n)
        player.enter()
        stored["Carottes"] += 9_500 + n
    elif kind == 3:
        player.enter("yao", "120", date)
        stored["Yaourt nature"] += 120
    elif kind == 4:
        player.scan("]C1" + "01" + with_check(MILK[:12]).zfill(14) + "17261215" + "10L7")
        player.enter("24")
        stored["Lait demi-écrémé"] += 24
    else:
        player.enter("coq", "40")
        stored["Coquillettes"] += 40


def morning(player: Player, stored: Goods) -> None:
    """Receive sixty crates in four arrivals: a mistake is taken back, a code is named, and the last has one crate refused."""
    player.press(KEY.Key_S, held=ALT)
    player.press(KEY.Key_R, held=ALT)
    player.enter("b", "", "B-1204", "")
    for n in range(60):
        if n == 3:
            with player.round("caisse tapée de travers, reprise"):
                player.enter("car", "95")
                player.press(KEY.Key_F11)
        with player.round("caisse"):
            receive_a_crate(player, n, stored, "28/11")
        if n % 15 == 14 and n < 59:
            with player.round("arrivée enregistrée, la suivante dite"):
                player.press(KEY.Key_F12)
                player.press(KEY.Key_Escape)
                player.enter("r" if n % 2 else "d", "", "", "")
    with player.round("caisse refusée"):
        player.then(KEY.Key_F9, "y", KEY.Key_Tab, "12", KEY.Key_Tab, "d", KEY.Key_F12)
        player.press(KEY.Key_F9)
    player.press(KEY.Key_F12)
    player.press(KEY.Key_A, held=ALT)


def fill_a_basket(player: Player, n: int, basket: Goods) -> None:
    """Put four articles in the basket: scanned, weighed, named, and counted."""
    player.write("3*")
    player.scan(PEAS)
    if n == UNDONE:
        player.scan(PEAS)
        player.press(KEY.Key_F8)
    player.enter("car")
    weigh(player, n, 800 + 10 * n)
    player.enter("yao")
    player.enter("2*coq")
    basket.update({"Petits pois": 3, "Carottes": 800 + 10 * n, "Yaourt nature": 1, "Coquillettes": 2})


def weigh(player: Player, n: int, grams: int) -> None:
    """Lay a bag: it moves, one family's is too heavy first, and another day's scale is unplugged and plugged again."""
    player.scale.remove()
    if n == UNDONE:
        player.scale.put_moving()
        player.enter()
        player.scale.put(99_000)
        player.enter()
    if n == SCALE_GONE:
        player.scale.unplug()
        player.enter()
        player.enter(f"{grams // 1000},{grams % 1000:03d}")
        player.scale.plug()
        return
    player.scale.put(grams)
    player.enter()


def to_pay(basket: Goods) -> int:
    """Return what a tenth of the shelf value of each line comes to, in cents: what each right here asks."""
    shelf = {a: Fraction(q * PRICES[a], 1_000 if a == "Carottes" else 1) for a, q in basket.items()}
    return sum(round_half_up(Fraction(round_half_up(cents), 10)) for cents in shelf.values())


def call(player: Player, n: int, cards: tuple[str, ...]) -> None:
    """Bring a family to the till: by its card one time in five, else by the first letters of its name."""
    if n % 5 == 0:
        player.scan(cards[n])
    else:
        player.enter(NAMES[n][:4].lower())
    if n == EXCEPTIONAL:
        player.then(KEY.Key_F12)
        player.press(KEY.Key_F3)
    player.enter()


def close(player: Player, n: int) -> None:
    player.press(KEY.Key_F12)
    if n == OVER:
        player.enter("naissance")
    player.enter("5" if n % 3 == 0 and n != OVER else "")
    player.enter()


def afternoon(player: Player, cards: tuple[str, ...], sold: Goods) -> int:
    """Serve every family, and return what the drawer took, in cents."""
    cash = 0
    for n in range(len(cards)):
        if n == HELD + 1:
            with player.round("panier repris"):
                player.press(KEY.Key_F9)
                close(player, HELD)
        with player.round("famille"):
            basket: Goods = Counter()
            call(player, n, cards)
            fill_a_basket(player, n, basket)
            if n == OVER:
                player.write("9*")
                player.scan(PEAS)
                basket["Petits pois"] += 9
            if n == HELD:
                player.press(KEY.Key_F10)
            else:
                close(player, n)
        if n == CANCELLED:
            with player.round("ticket annulé"):
                player.press(KEY.Key_F8)
                player.enter("erreur de foyer")
            call(player, n, cards)
            fill_a_basket(player, n, basket := Counter())
            close(player, n)
        sold.update(basket)
        cash += to_pay(basket)
    return cash


def in_stock(desk: Desk) -> Goods:
    """Return what the lots hold: pieces where the article is counted, else grams."""
    held: Goods = Counter()
    for lot in stock.lots_in_stock(desk):
        held[lot.article] += lot.pieces or lot.grams
    return held


def test_a_whole_day_is_played_by_the_keyboard_alone(qtbot: QtBot, desk: Desk) -> None:
    cards = furnish(desk)
    stored: Goods = Counter()
    sold: Goods = Counter()
    with playing(qtbot, desk) as player:
        morning(player, stored)
        assert in_stock(desk) == stored
        cash = afternoon(player, cards, sold)
    sys.stdout.write(f"\n[keys] {player.told()}\n")
    stored.subtract(sold)
    assert in_stock(desk) == stored
    month = f"{desk.clock.today():%Y-%m}"
    totals = totals_of(desk, month, month)
    assert (totals.visits, totals.families, totals.paid_cents) == (40, 40, cash)
    with desk.db.read() as session:
        assert session.scalar(select(func.sum(Payment.cents))) == cash
        refused = session.execute(select(RefusedGoods.pieces, RefusedGoods.reason)).one()
        moved = session.execute(select(func.sum(StockMove.pieces), func.sum(StockMove.grams))).one()
        arrivals = session.execute(select(Reception.origin, Reception.slip).order_by(Reception.id)).all()
        typed = session.scalar(
            select(func.count())
            .select_from(SaleLine).join(Article, Article.id == SaleLine.article_id)
            .where(Article.name == "Carottes", SaleLine.source == WeightSource.TYPED)
        )  # fmt: skip
    assert refused == (12, Refusal.PAST_USE_BY)
    assert typed == 1
    assert arrivals == [
        (Origin.FOOD_BANK, "B-1204"), (Origin.DONATION, ""), (Origin.PICKUP, ""), (Origin.DONATION, ""),
    ]  # fmt: skip
    assert moved[0] == sum(q for a, q in stored.items() if a not in ("Carottes", "Fruits et légumes"))
    tickets = counter.tickets_of_day(desk)
    assert ([t.cancelled for t in tickets].count(True), len(tickets)) == (1, 42)
    keys = player.counts
    assert (median(keys["caisse"]), median(keys["famille"])) <= (7, 28)


def test_a_crate_never_seen_is_sold_a_minute_later(qtbot: QtBot, desk: Desk) -> None:
    cards = furnish(desk)
    with playing(qtbot, desk) as player:
        player.press(KEY.Key_S, held=ALT)
        player.press(KEY.Key_R, held=ALT)
        player.enter("d", "", "", "")
        with player.round("don jamais vu, scanné"):
            player.scan(NEVER_SEEN)
            player.then("Soupe", KEY.Key_Return, "é", KEY.Key_F12)
            player.press(KEY.Key_N, held=CONTROL)
            player.enter("24")
            player.press(KEY.Key_F12)
        with player.round("don jamais vu, sans code"):
            player.enter("lessive")
            player.then(KEY.Key_Return, "h", KEY.Key_F12)
            player.press(KEY.Key_N, held=CONTROL)
            player.enter("6")
            player.press(KEY.Key_F12)
        with player.round("caisse mélangée, une famille"):
            player.enter("pain", "6,5")
            player.press(KEY.Key_F12)
        player.press(KEY.Key_A, held=ALT)
        player.scan(cards[0])
        player.enter()
        player.scan(NEVER_SEEN)
        player.enter("less")
        player.enter("pain", "0,500")
        close(player, 1)
    sys.stdout.write(f"\n[keys] {player.told()}\n")
    assert in_stock(desk) == {"Soupe": 23, "lessive": 5, "Pain et viennoiserie": 6_000}
    (ticket,) = counter.tickets_of_day(desk)
    assert ticket.shelf_cents > 0
    assert all(keys <= 25 for kind in player.counts.values() for keys in kind)
