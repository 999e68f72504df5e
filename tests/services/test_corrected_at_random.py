"""Closed months corrected at random: what is printed of a version never moves, and each version is printed again as it was."""

from __future__ import annotations

import itertools
import re
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from epicerie_desktop.domain.basket import Basket, WeightSource
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.month_forms import SheetForm
from epicerie_desktop.domain.stock import LossReason, Origin
from epicerie_desktop.services import month_sheets, months, paper_morning, papers_made, safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import life, unite
from epicerie_desktop.services.month_sheets import SheetsWanted
from epicerie_desktop.services.paper_morning import PaperEntry
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.queries.paper_morning import paper_grid
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.stock import receive
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.services.till import parcels, sell
from epicerie_desktop.support.clock import FrozenClock
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_figures import another, book
from tests.services.test_months import late

YEARS = itertools.count()
"""Each example has a month of its own in the same shop."""
MOVING = re.compile(
    r"Page \d+ sur \d+|Imprimée le \S+ \S+| – DUPLICATA| – duplicata du \S+|Duplicata du \S+|Depuis cette version.*?avenant\."
    r"|Cette version a été remplacée par la version \d+\.",
    re.DOTALL,
)
"""What a sheet says of the day it is printed, or of what came after its version."""
SUM = re.compile(r"empreinte \S+")
"""In the foot and on top of every page: how many pages there are is not what is compared."""


def printed(desk: Desk, month: str, version: int | None = None) -> str:
    """Return the words of every form of a month, as they stand on the paper."""
    content = month_sheets.month_sheets_pdf(desk, SheetsWanted((month,), tuple(SheetForm), version=version)).content
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    return "\n".join(pages)


def lasting(text: str) -> list[str]:
    """Return the lines that no other printing of the same version may change, wherever a page ends."""
    lines = (" ".join(line.split()) for line in MOVING.sub(" ", text).splitlines())
    sums = set(SUM.findall(text))
    return sorted({line for line in lines if line and not SUM.search(line)} | sums)


class Month:
    """A month of its own in the small shop, closed, and the gestures that correct it afterwards."""

    def __init__(self, shop: SmallShop) -> None:
        first = date(2027 + next(YEARS), 3, 10)
        self.name, self.first, self.shop = f"{first:%Y-%m}", first, shop
        self.here = replace(shop.desk, clock=FrozenClock.on(first))
        self.after = replace(shop.desk, clock=FrozenClock.on(first + timedelta(days=30)))
        self.days = (first - TODAY).days
        self.guest = another(self.here, 2)
        decide.open_right(self.here, self.guest, decide.RightForm(first, first + timedelta(days=60), 100, ()))
        self.sheet = paper_morning.make_sheet(self.here, first)
        self.receive(20_000)
        self.tickets = [
            book(self.here, home, shop.carrots, grams=grams, days=self.days)
            for home, grams in ((shop.household, 700), (self.guest, 450))
        ]
        self.parcel = parcels.give_emergency_parcel(self.here, self.basket(), 3)
        self.lot = next(n for n in stock.lots_in_stock(self.here) if n.article_id == shop.carrots).id
        months.close_month(self.after, self.name)

    def receive(self, grams: int) -> None:
        line = ReceivedLine(grams=grams, article_id=self.shop.carrots)
        receive.record_reception(self.here, ReceptionForm(Origin.DONATION, (line,)))

    def basket(self) -> Basket:
        offer = counter.price_list(self.here).offers[self.shop.carrots]
        return Basket(str(uuid.uuid4()), 0).with_weighed("w", offer, 900, WeightSource.SCALE)

    def do(self, gesture: str) -> None:
        """Correct something of the month, by any road; one that was taken already is left."""
        if gesture == "late":
            self.tickets.append(late(self.after, self.guest, self.shop.carrots, 150, self.first))
        elif gesture == "cancel" and self.tickets:
            sell.cancel_sale(self.after, self.tickets.pop().sale, "essai")
        elif gesture == "birth":
            baby = life.Newcomer("Petit", f"Paul{uuid.uuid4().hex[:6]}", Link.CHILD, self.first - timedelta(days=5))
            life.arrive(self.after, self.shop.household, baby)
        elif gesture == "loss":
            receive.record_loss(self.here, self.lot, grams=30, reason=LossReason.UNFIT)
        elif gesture == "received":
            self.receive(500)
        elif gesture == "parcel" and self.parcel:
            parcels.cancel_emergency_parcel(self.after, self.parcel, "essai")
            self.parcel = 0
        elif gesture == "merge" and self.guest != self.shop.household:
            unite.merge_files(self.after, self.guest, self.shop.household)
            self.guest = self.shop.household
        elif gesture == "referred again":
            book(self.after, self.shop.household, self.shop.carrots, grams=50, days=self.days + 30)

    def enter_paper(self) -> bool:
        """Enter a line of the morning on paper; return whether it was not yet, and so makes an amendment of its own."""
        line = next((n for n in paper_grid(self.after, self.sheet).lines if not n.entered), None)
        if line is None:
            return False
        family = next(n for n, f in paper_grid(self.after, self.sheet).families if f.code == "FL")
        paper_morning.enter_sheet(self.after, self.sheet, [PaperEntry(line.household, {family: 820})])
        return True


GESTURES = [
    "late",
    "cancel",
    "birth",
    "loss",
    "received",
    "parcel",
    "merge",
    "referred again",
    "amend",
    "paper",
    "print",
]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(["late", "late", "late"])
@given(st.lists(st.sampled_from(GESTURES), min_size=3, max_size=9))
def test_what_is_printed_of_a_closed_month_moves_only_by_an_amendment_that_says_why(
    small_shop: SmallShop, gestures: list[str]
) -> None:
    month = Month(small_shop)
    desk = month.after
    versions = {1: printed(desk, month.name)}
    for n, gesture in enumerate(gestures):
        if gesture == "amend":
            if months.month_state(desk, month.name).pending:
                months.amend_month(desk, month.name, f"essai {n}")
                versions[len(versions) + 1] = printed(desk, month.name)
        elif gesture == "paper":
            if month.enter_paper():
                versions[len(versions) + 1] = printed(desk, month.name)
        elif gesture == "print":
            made = month_sheets.month_sheets_pdf(desk, SheetsWanted((month.name,)))
            papers_made.note_made(desk, made.papers)
        else:
            month.do(gesture)
    latest = len(versions)
    state = months.month_state(desk, month.name)
    assert [v.version for v in state.versions] == list(range(latest, 0, -1))
    assert all(v.reason and v.changes for v in state.versions[:-1])
    for version, told in versions.items():
        assert lasting(printed(desk, month.name, version)) == lasting(told), version
    if state.pending:
        assert "Depuis cette version" in printed(desk, month.name)
        months.amend_month(desk, month.name, "tout ce qui attendait")
        assert lasting(printed(desk, month.name)) != lasting(versions[latest]), "the control"
    assert safeguard.verify_file(desk) == ()
