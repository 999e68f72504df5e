"""A morning without the computer: what was written by hand is entered in its order, on its day, by its rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.services import months, paper_morning, safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.paper_morning import PaperEntry
from epicerie_desktop.services.queries import figures
from epicerie_desktop.services.queries.counter import open_visit, tickets_of_day
from epicerie_desktop.services.queries.paper_morning import paper_grid, paper_sheets
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.stock import receive
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.printing.conftest import Read
from tests.services.conftest import SmallShop, at_second_post

LATER = timedelta(days=20)


def later(desk: Desk) -> Desk:
    return replace(desk, clock=FrozenClock.on(TODAY + LATER))


@pytest.fixture
def sheet(small_shop: SmallShop) -> int:
    """A sheet of two households, printed for today."""
    desk = small_shop.desk
    other = enrol.save_household(desk, enrol.HouseholdForm((enrol.MemberForm("Zola", "Anne", Link.HOLDER),)))
    decide.open_right(desk, other, decide.RightForm(TODAY, TODAY + timedelta(days=9), 200, ()))
    return paper_morning.make_sheet(desk, TODAY)


def family(desk: Desk, sheet: int, code: str) -> int:
    return next(n for n, f in paper_grid(desk, sheet).families if f.code == code)


def test_a_sheet_lists_who_may_come_that_day_in_order_and_keeps_it(small_shop: SmallShop, sheet: int) -> None:
    desk = small_shop.desk
    grid = paper_grid(desk, sheet)
    assert [(line.place, line.participation_permille, line.open) for line in grid.lines] == [
        (1, 100, True),
        (2, 200, True),
    ]
    newcomer = enrol.save_household(desk, enrol.HouseholdForm((enrol.MemberForm("Aa", "Bo", Link.HOLDER),)))
    decide.open_right(desk, newcomer, decide.RightForm(TODAY, TODAY + timedelta(days=9), 200, ()))
    assert [line.household for line in paper_grid(desk, sheet).lines] == [line.household for line in grid.lines]
    with pytest.raises(RuleRefused, match="personne"):
        paper_morning.make_sheet(desk, TODAY - timedelta(days=400))


def test_what_was_written_becomes_tickets_of_the_sheet_s_day(small_shop: SmallShop, sheet: int) -> None:
    desk = later(small_shop.desk)
    vegetables, bread = family(desk, sheet, "FL"), family(desk, sheet, "PAIN")
    first, second = (line.household for line in paper_grid(desk, sheet).lines)
    done = paper_morning.enter_sheet(
        desk, sheet, [PaperEntry(first, {vegetables: 1250, bread: 400}), PaperEntry(second, {vegetables: 0})]
    )
    assert (done.tickets, done.grams, done.amended) == (1, 1650, None)
    ticket = tickets_of_day(desk, TODAY)[0]
    assert ticket.at.astimezone().date() == TODAY + LATER, "it says the day it was entered too"
    assert figures.totals_of(desk, "2026-11", "2026-11").visits == 1
    assert [bool(line.entered) for line in paper_grid(desk, sheet).lines] == [True, False]
    assert [(s.lines, s.entered) for s in paper_sheets(desk)] == [(2, 1)]
    assert safeguard.verify_file(desk) == ()


def test_a_line_is_entered_once_and_again_once_its_ticket_is_cancelled(small_shop: SmallShop, sheet: int) -> None:
    desk = small_shop.desk
    entry = [PaperEntry(small_shop.household, {family(desk, sheet, "FL"): 1250})]
    paper_morning.enter_sheet(desk, sheet, entry)
    with pytest.raises(RuleRefused, match="déjà saisi"):
        paper_morning.enter_sheet(desk, sheet, entry)
    sell.cancel_sale(desk, tickets_of_day(desk, TODAY)[0].sale, "mal lu")
    assert paper_morning.enter_sheet(desk, sheet, entry).tickets == 1
    assert figures.totals_of(desk, "2026-11", "2026-11").grams == 1250


def test_one_line_refused_leaves_the_whole_sheet_unwritten(small_shop: SmallShop, sheet: int) -> None:
    desk = small_shop.desk
    vegetables = family(desk, sheet, "FL")
    first, second = (line.household for line in paper_grid(desk, sheet).lines)
    paper_morning.enter_sheet(desk, sheet, [PaperEntry(second, {vegetables: 100})])
    with pytest.raises(RuleRefused):
        paper_morning.enter_sheet(
            desk, sheet, [PaperEntry(first, {vegetables: 200}), PaperEntry(second, {vegetables: 300})]
        )
    assert figures.totals_of(desk, "2026-11", "2026-11").grams == 100
    with pytest.raises(BadInput, match="Aucun poids"):
        paper_morning.enter_sheet(desk, sheet, [PaperEntry(first, {})])


def test_the_rules_are_those_of_the_day_and_what_was_in_the_bag_is_always_recorded(
    small_shop: SmallShop, sheet: int
) -> None:
    """The right has ended since, the ceiling is passed, the stock knows only goods past their date: all is booked."""
    desk = replace(small_shop.desk, clock=FrozenClock.on(TODAY + timedelta(days=200)))
    milk = family(desk, sheet, "LAIT")
    receive.record_reception(
        small_shop.desk,
        ReceptionForm(
            Origin.DONATION, (ReceivedLine(grams=5000, family_id=milk, date_kind=DateKind.USE_BY, limit_on=TODAY),)
        ),
    )
    done = paper_morning.enter_sheet(desk, sheet, [PaperEntry(small_shop.household, {milk: 90_000})])
    assert done.tickets == 1
    sale = tickets_of_day(desk, TODAY)[0]
    assert open_visit(desk, small_shop.household, TODAY).participation_permille == 100
    assert sale.grams == 90_000


def test_a_sheet_of_a_closed_month_is_entered_as_its_amendment(small_shop: SmallShop, sheet: int) -> None:
    desk = later(small_shop.desk)
    months.close_month(desk, "2026-11")
    done = paper_morning.enter_sheet(desk, sheet, [PaperEntry(small_shop.household, {family(desk, sheet, "FL"): 700})])
    assert done.amended == 2
    state = months.month_state(desk, "2026-11")
    assert (state.versions[0].version, state.pending) == (2, ())
    assert "Feuille papier n° 1" in state.versions[0].reason.replace("\xa0", " ")
    assert figures.totals_of(desk, "2026-11", "2026-11").grams == 700


def test_the_blank_sheet_has_a_line_each_its_code_and_names_only_where_asked(small_shop: SmallShop, sheet: int) -> None:
    desk = small_shop.desk
    named, nameless = (Read(paper_morning.sheet_pdf(desk, sheet, names=n)).text for n in (True, False))
    for text in (named, nameless):
        assert "Feuille n° 1" in text
        assert all(line.number in text for line in paper_grid(desk, sheet).lines)
    assert "Zola" in named or "Anne" in named
    assert "Zola" not in nameless
    assert "Anne" not in nameless


def test_two_posts_number_their_sheets_in_one_book_and_name_tickets_by_their_post(
    small_shop: SmallShop, sheet: int
) -> None:
    second = at_second_post(small_shop.desk)
    other = paper_morning.make_sheet(second, TODAY)
    assert [row.number for row in paper_sheets(second)] == [2, 1]
    entry = PaperEntry(small_shop.household, {family(second, other, "FL"): 700})
    paper_morning.enter_sheet(second, other, [entry])
    line = next(n for n in paper_grid(second, other).lines if n.household == small_shop.household)
    assert line.entered == tickets_of_day(second)[0].number


def test_a_volunteer_amends_no_closed_month_by_a_sheet(small_shop: SmallShop, sheet: int) -> None:
    desk = later(small_shop.desk)
    months.close_month(desk, "2026-11")
    volunteer = replace(desk, actor=replace(desk.actor, role=Role.VOLUNTEER.value))
    entry = PaperEntry(small_shop.household, {family(desk, sheet, "FL"): 700})
    with pytest.raises(RuleRefused, match="responsable"):
        paper_morning.enter_sheet(volunteer, sheet, [entry])
    assert paper_sheets(desk)[0].entered == 0
    assert paper_morning.enter_sheet(desk, sheet, [entry]).amended == 2


def test_an_amendment_made_by_a_sheet_says_when_it_takes_in_other_corrections(
    small_shop: SmallShop, sheet: int
) -> None:
    desk = small_shop.desk
    fl = family(desk, sheet, "FL")
    grid = paper_grid(desk, sheet).lines
    paper_morning.enter_sheet(desk, sheet, [PaperEntry(grid[0].household, {fl: 700})])
    after = later(desk)
    months.close_month(after, "2026-11")
    sell.cancel_sale(after, tickets_of_day(desk)[0].sale, "erreur")
    paper_morning.enter_sheet(after, sheet, [PaperEntry(grid[1].household, {fl: 400})])
    reason = months.month_state(after, "2026-11").versions[0].reason
    assert "Feuille papier" in reason
    assert "corrections qui attendaient" in reason


def test_a_sheet_is_not_entered_before_its_day(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    ahead = paper_morning.make_sheet(desk, TODAY + timedelta(days=2))
    entry = PaperEntry(small_shop.household, {family(desk, ahead, "FL"): 700})
    with pytest.raises(RuleRefused, match="se saisit à partir"):
        paper_morning.enter_sheet(desk, ahead, [entry])
    assert paper_morning.enter_sheet(later(desk), ahead, [entry]).tickets == 1
