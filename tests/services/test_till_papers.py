"""The papers of the till, read back: what was counted, closed and paid is what they say."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from epicerie_desktop.domain.cash import DENOMINATIONS, CashMoveKind, counted_cents, taken_from
from epicerie_desktop.domain.payments import Part, PaymentKind
from epicerie_desktop.domain.till_papers import Regie
from epicerie_desktop.domain.till_text import count_rows, reading_rows
from epicerie_desktop.hardware.escpos import rows_bytes
from epicerie_desktop.services import sheets
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.papers_made import PaperOut, note_made
from epicerie_desktop.services.queries.drawer import sessions_counted
from epicerie_desktop.services.till import closings, drawer, papers, purse, regie, sell
from epicerie_desktop.services.till.drawer import CountForm
from epicerie_desktop.services.till.limits import TillLimits, save_limits
from epicerie_desktop.services.till.regie import PaymentForm
from epicerie_desktop.services.till.regie_name import save_regie
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.services.conftest import SmallShop, at_second_post
from tests.services.test_sell import a_basket, sold


def said(pdf: bytes) -> str:
    """Return the words of a paper with plain spaces; every one of its fonts is embedded and can be selected."""
    reader = PdfReader(io.BytesIO(pdf))
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            held = font.get_object()
            assert "/FontFile2" in held["/FontDescriptor"]
            assert "/ToUnicode" in held
    text = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def paid_by_cheque(shop: SmallShop) -> sell.Receipt:
    basket = a_basket(shop)
    save_feature(shop.desk, "means", True)
    form = sell.PaymentForm(0, (Part(PaymentKind.CHEQUE, basket.paid_cents),))
    return sell.record_sale(shop.desk, shop.household, basket, form)


def tomorrow(desk: Desk, days: int = 1) -> Desk:
    return replace(desk, clock=FrozenClock.on(desk.clock.today() + timedelta(days=days)))


def test_a_reading_changes_nothing_and_the_closing_says_the_same_for_ever(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    first = sold(small_shop, a_basket(small_shop))
    paid_by_cheque(small_shop)
    sell.cancel_sale(desk, first.sale, "mauvais foyer")
    x = papers.reading(desk)
    assert papers.reading(desk) == x
    assert (x.totals.paid_cents, x.totals.gross_cents, x.totals.means) == (50, 150, {"CASH": 0, "CHEQUE": 50})
    assert (x.first, x.last) == ("1-000001", "1-000003")
    assert sum(s.paid_cents for s in x.by_rate) == sum(s.paid_cents for s in x.by_financing) == 50
    closing = closings.close_day(desk)
    z = papers.reading(desk, closing)
    assert (z.totals, z.by_rate, z.by_financing, z.perpetual_cents, z.first) == (
        x.totals, x.by_rate, x.by_financing, x.perpetual_cents, x.first
    )  # fmt: skip
    assert len(z.seal) == 12
    assert papers.reading(desk).totals.tickets == 0
    sold(small_shop, a_basket(small_shop))
    assert papers.reading(desk).perpetual_cents == 100
    assert papers.reading(desk, closing) == z
    for at, words in (
        (None, ("Lecture de la caisse (X)", "ne clôt rien", "Total perpétuel")),
        (
            closing,
            ("Clôture de la journée (Z)", "n° 1, le", "Chèque 0,50 €", "Annulations 1", z.seal, "epicerie-desktop"),
        ),
    ):
        paper = said(papers.reading_pdf(desk, at).content)
        assert [w for w in words if w not in paper] == []


def test_the_sheet_of_a_count_says_what_was_expected_then_and_what_became_of_it(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    opened = drawer.open_session(desk, 20_00)
    sold(small_shop, a_basket(small_shop))
    drawer.move_cash(desk, CashMoveKind.SPENT, 3_50, "Sacs en papier")
    with pytest.raises(RuleRefused, match="pas encore comptée"):
        papers.count_sheet_pdf(desk, opened)
    form = CountForm(
        counts={10_00: 1, 5_00: 1, 1_00: 1, 50: 1},
        reason="Rendu trop fort",
        deposit_cents=15_00,
        note="Finir les poires",
    )
    drawer.close_session(desk, form)
    sheet = papers.count_sheet(desk, opened)
    assert [(m.kind, m.cents) for m in sheet.moves] == [(CashMoveKind.SPENT, -3_50)]
    assert sheet.float_cents + sheet.sales_cents + sum(m.cents for m in sheet.moves) == sheet.expected_cents == 17_00
    assert (sheet.difference_cents, sheet.left_cents) == (-50, 1_50)
    paper = said(papers.count_sheet_pdf(desk, opened).content)
    for words in (
        "Sacs en papier",
        "Doit contenir 17,00 €",
        "−0,50 €",
        "Rendu trop fort",
        "Finir les poires",
        "Reste pour l'équipe suivante 1,50 €",
    ):
        assert words in paper.replace("-0,50", "−0,50").replace("’", "'"), words
    (row,) = sessions_counted(desk)
    assert (row.difference_cents, row.deposit_cents, row.left_cents) == (-50, 15_00, 1_50)


def test_the_slip_for_the_bank_tells_coins_notes_and_cheques(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    opened = drawer.open_session(desk, 30_00)
    with pytest.raises(RuleRefused, match="Rien n’est parti"):
        papers.deposit_slip_pdf(desk, opened)
    sold(small_shop, a_basket(small_shop))
    paid_by_cheque(small_shop)
    back = paid_by_cheque(small_shop)
    sell.cancel_sale(desk, back.sale, "chèque repris")
    drawer.close_session(desk, CountForm(counts={10_00: 1, 5_00: 4, 50: 1}, deposit_cents=25_00))
    slip = papers.deposit_slip(desk, opened)
    assert (slip.cash_cents, slip.counts, [c.cents for c in slip.cheques]) == (25_00, {10_00: 1, 5_00: 3}, [50])
    paper = said(papers.deposit_slip_pdf(desk, opened).content)
    for words in ("Bordereau de remise", "1-000002", "Total remis 25,50 €", "Qui reçoit"):
        assert words in paper, words


def test_a_deposit_whose_coins_are_not_known_is_filled_by_hand(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    opened = drawer.open_session(desk, 30_00)
    first = drawer.move_cash(desk, CashMoveKind.DEPOSIT, 5_00, "")
    drawer.reverse_cash_move(desk, first, "pas parti")
    drawer.close_session(desk, CountForm(30_00, deposit_cents=20_00))
    slip = papers.deposit_slip(desk, opened)
    assert (slip.cash_cents, slip.counts) == (20_00, {})
    assert "Écrivez à la main" in said(papers.deposit_slip_pdf(desk, opened).content)


@settings(deadline=None)
@given(
    counts=st.dictionaries(st.sampled_from(DENOMINATIONS), st.integers(0, 12)),
    some=st.dictionaries(st.sampled_from(DENOMINATIONS), st.integers(0, 12)),
)
def test_what_can_be_taken_from_a_drawer_is_found_and_nothing_more(
    counts: dict[int, int], some: dict[int, int]
) -> None:
    taken = {v: min(n, counts.get(v, 0)) for v, n in some.items()}
    cents = counted_cents(taken)
    found = taken_from(counts, cents)
    assert found is not None
    assert counted_cents(found) == cents
    assert all(n <= counts[v] for v, n in found.items())
    assert taken_from(counts, counted_cents(counts) + 1) is None


def test_a_regie_gives_quittances_and_pays_each_taking_once(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    before = sold(small_shop, a_basket(small_shop))
    later = tomorrow(desk)
    save_feature(later, "regie", True)
    save_feature(later, "purse", True)
    save_limits(later, TillLimits(act_ahead="arrêté du 3 mars 2026"))
    save_regie(later, Regie("Régie « Épicerie sociale »", "Mme Rolland", "Trésorerie de Saint-Flour", 1_00))
    shop = replace(small_shop, desk=later)
    after = sold(shop, a_basket(shop))
    assert sheets.ticket(later, before.sale).regie is None
    assert "Ticket 1-000001" in said(sheets.ticket_pdf(later, before.sale))
    quittance = said(sheets.ticket_pdf(later, after.sale))
    assert "Quittance 1-000002" in quittance
    assert "Régisseur : Mme Rolland" in quittance
    assert "jeter" not in quittance
    paid_by_cheque(shop)
    purse.pay_in(later, shop.household, 8_50)
    view = regie.regie_view(later)
    assert (view.held.total_cents, view.held.cash_cents, view.over_ceiling, view.late) == (9_50, 9_00, True, False)
    assert regie.regie_view(tomorrow(desk, 33)).late
    with pytest.raises(BadInput, match="recomptez"):
        regie.pay_accountant(later, PaymentForm({5_00: 1}))
    slip = regie.pay_accountant(later, PaymentForm({5_00: 1, 2_00: 2}, "Remis à l'agent d'accueil"))
    with pytest.raises(RuleRefused, match="rien à verser"):
        regie.pay_accountant(later, PaymentForm())
    next_day = tomorrow(desk, 2)
    sold(replace(small_shop, desk=next_day), a_basket(replace(small_shop, desk=next_day)))
    again = regie.pay_accountant(next_day, PaymentForm())
    first, second = regie.payment_paper(next_day, slip), regie.payment_paper(next_day, again)
    assert (first.number, first.first, first.last) == ("1-0001", "1-000002", "1-000003"), (
        "what was taken before the régie is not in it"
    )
    assert (second.number, second.first, second.last, second.total_cents) == ("1-0002", "1-000004", "1-000004", 50)
    assert sum(line.money_cents for line in first.lines) == first.total_cents == 9_50
    paper = said(regie.payment_pdf(next_day, slip).content)
    for words in ("Bordereau de versement", "n° 1-0001", "Mme Rolland", "Trésorerie de Saint-Flour", "Total versé 9,50 €", "1-000002 – 1-000003",
                  "Remis à l'agent", "Le comptable public"):  # fmt: skip
        assert words in paper.replace("’", "'"), words
    kept = regie.register(next_day, desk.clock.today() + timedelta(days=1), next_day.clock.today())
    assert (kept.before_cents, kept.taken_cents, kept.paid_cents, kept.after_cents) == (0, 10_00, 10_00, 0)
    assert "Journal des recettes" in said(regie.register_pdf(next_day, desk.clock.today(), next_day.clock.today()))
    with pytest.raises(BadInput, match="finit avant"):
        regie.register(next_day, next_day.clock.today(), desk.clock.today())


def test_a_paper_for_the_roll_fits_its_columns(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    opened = drawer.open_session(desk, 20_00)
    sold(small_shop, a_basket(small_shop))
    drawer.close_session(desk, CountForm(counts={20_00: 1, 50: 1}, deposit_cents=0))
    closing = closings.close_day(desk)
    for rows in (reading_rows(papers.reading(desk, closing)), count_rows(papers.count_sheet(desk, opened))):
        printed = rows_bytes(rows, columns=32).decode("cp858")
        lines = ["".join(c for c in line if c.isprintable()) for line in printed.splitlines()]
        assert max(map(len, lines)) <= 32 + 8, "a line longer than the roll, its commands aside"
        assert "20,50" in printed or "0,50" in printed


def test_a_cheque_taken_while_the_drawer_was_shut_goes_to_the_bank_with_the_next_count(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    paid_by_cheque(small_shop)
    sessions = []
    for _day in range(2):
        sessions.append(drawer.open_session(desk, 0))
        paid_by_cheque(small_shop)
        drawer.close_session(desk, CountForm(0))
        paid_by_cheque(small_shop)
    told = [[c.ticket for c in papers.deposit_slip(desk, s).cheques] for s in sessions]
    assert told == [["1-000002"], ["1-000003", "1-000004"]]


def test_a_move_of_cash_is_undone_at_its_own_drawer(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    drawer.open_session(desk, 30_00)
    move = drawer.move_cash(desk, CashMoveKind.DEPOSIT, 5_00, "")
    with pytest.raises(RuleRefused, match="autre poste"):
        drawer.reverse_cash_move(at_second_post(desk), move, "pas parti")
    drawer.reverse_cash_move(desk, move, "pas parti")


def test_a_paper_of_closed_figures_is_a_duplicate_from_the_second_time_it_leaves(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    save_feature(desk, "regie", True)
    opened = drawer.open_session(desk, 20_00)
    sold(small_shop, a_basket(small_shop))
    drawer.close_session(desk, CountForm(20_50, deposit_cents=15_00))
    closing, payment = closings.close_day(desk), regie.pay_accountant(desk, PaymentForm())
    made: tuple[Callable[[Desk], PaperOut], ...] = (
        lambda at: papers.reading_pdf(at, closing),
        lambda at: papers.count_sheet_pdf(at, opened),
        lambda at: papers.deposit_slip_pdf(at, opened),
        lambda at: regie.payment_pdf(at, payment),
    )
    again, word = tomorrow(desk), f"Duplicata du {tomorrow(desk).clock.today():%d/%m/%Y}"
    looked = [make(desk) for make in made]
    assert len({key for paper in looked for key in paper.papers}) == len(made)
    for n, make in enumerate(made):
        assert make(desk) == looked[n], "looking, and the other papers, count for nothing"
        note_made(desk, looked[n].papers)
        assert word in said(make(again).content)
        assert make(again).papers == looked[n].papers
    assert [p for p in looked if "uplicata" in said(p.content)] == []


def test_what_is_not_closed_is_never_a_duplicate(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    opened = drawer.open_session(desk, 30_00)
    sold(small_shop, a_basket(small_shop))
    first = drawer.move_cash(desk, CashMoveKind.DEPOSIT, 5_00, "")
    assert papers.reading_pdf(desk).papers == papers.deposit_slip_pdf(desk, opened).papers == ()
    drawer.close_session(desk, CountForm(25_50, deposit_cents=15_00))
    slip = papers.deposit_slip_pdf(desk, opened)
    note_made(desk, slip.papers)
    assert "Duplicata" in said(papers.deposit_slip_pdf(desk, opened).content)
    drawer.reverse_cash_move(desk, first, "pas parti")
    mended = papers.deposit_slip_pdf(desk, opened)
    assert "Duplicata" not in said(mended.content), "a deposit undone since makes another slip"
    assert mended.papers[0].version == slip.papers[0].version + 1
