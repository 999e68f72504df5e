from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.domain.ticket import Ticket, TicketCeiling, TicketLine, TicketPayment
from epicerie_desktop.printing import ticket as printing


@pytest.fixture
def ticket() -> Ticket:
    lines = (
        TicketLine("Carottes", SoldBy.WEIGHT, 0, 1250, 220, 275, 28),
        TicketLine("Lait demi-écrémé 1 L", SoldBy.PIECE, 6, 6000, 110, 660, 66),
        TicketLine("Couches", SoldBy.PIECE, 1, 900, 290, 290, 0, food=False),
    )
    return Ticket(
        ShopHeader("Épicerie du Cœur", ("12 rue des Lacs",)), "1-000123", datetime(2026, 11, 22, 13, 5, tzinfo=UTC), "0042", lines,
        (TicketPayment("Espèces", 500),), (TicketCeiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.MONTH, 4211),),
    )  # fmt: skip


def test_lines_and_sums_read_in_order(ticket, read):
    text = read(printing.render(ticket)).text
    wanted = [
        "Épicerie du Cœur", "Ticket 1-000123", "Foyer 0042", "22/11/2026 14:05", "Carottes", "2,75", "0,28", "1,250 kg × 2,20 €/kg",
        "Lait demi-écrémé 1 L", "6,60", "0,66", "6 × 1,10 €", "Valeur en rayon", "12,25 €", "À payer", "0,94 €", "Espèces", "5,00 €",
        "Rendu", "4,06 €", "Économie", "11,31 €", "7,250 kg", "Reste ce mois-ci : 42,11 € de valeur en rayon.", "À conserver ou à jeter",
    ]  # fmt: skip
    at = 0
    for piece in wanted:
        assert piece in text[at:], piece
        at = text.index(piece, at)


def test_the_roll_is_eighty_millimetres_wide_and_as_long_as_its_lines(ticket, read):
    short = read(printing.render(ticket))
    longer = read(printing.render(replace(ticket, lines=ticket.lines * 20)))
    assert [len(p.pages) for p in (short, longer)] == [1, 1]
    heights = [float(p.reader.pages[0].mediabox.height) for p in (short, longer)]
    assert heights[1] > heights[0] + 57 * 15
    assert float(short.reader.pages[0].mediabox.width) == pytest.approx(80 * 72 / 25.4, abs=0.01)


def test_the_longest_basket_still_fits_one_roll(ticket, read):
    many = (ticket.lines[0],) * 200
    paper = read(printing.render(replace(ticket, lines=many)))
    assert len(paper.pages) == 1
    assert paper.text.count("Carottes") == 200


def test_a_cancelled_ticket_and_a_duplicate_say_so(ticket, read):
    plain = read(printing.render(ticket)).text
    marked = read(printing.render(replace(ticket, cancelled=True, duplicate=True))).text
    assert "ANNULÉ" not in plain
    assert "Duplicata" not in plain
    assert "ANNULÉ" in marked
    assert "Duplicata" in marked
    assert "il ne compte plus" in marked


def test_the_same_ticket_gives_the_same_bytes_in_an_embedded_font(ticket, read):
    pdf = printing.render(ticket)
    assert pdf == printing.render(ticket)
    assert all(embedded and unicode for _name, embedded, unicode in read(pdf).fonts())


def test_every_ceiling_that_a_right_may_have_can_be_told_on_a_ticket(ticket, read):
    ceilings = tuple(TicketCeiling(m, p, 1250) for m in CeilingMeasure for p in CeilingPeriod)
    text = " ".join(read(printing.render(replace(ticket, ceilings=ceilings))).text.split())
    assert text.count("Reste ") == len(ceilings)
