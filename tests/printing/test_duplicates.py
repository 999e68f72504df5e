"""A paper of the till made again says so on each of its pages, and the first one does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.closings import PeriodKind, Totals
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.domain.till_papers import (
    CashLine,
    Cheque,
    CountSheet,
    DepositSlip,
    PaymentPaper,
    Reading,
    Regie,
    RegisterLine,
    Share,
)
from epicerie_desktop.printing import deposit_slip, regie, till_count_sheet, till_reading
from tests.printing.conftest import SHOP, Read
from tests.printing.test_other_papers import PRINTED

DAY, AGAIN = date(2026, 11, 28), date(2026, 12, 5)
SHARES = tuple(Share(f"{n} %", 1_00, 50, 100) for n in range(60))
CHEQUES = tuple(Cheque(f"1-{n:06d}", DAY, 50) for n in range(60))
LINES = tuple(RegisterLine(DAY, "1-000001", "1-000002", 2, {"CASH": 50}) for _ in range(60))

READING = Reading(
    SHOP, "1 – Comptoir", PeriodKind.DAY, 12, DAY, DAY, Totals(4, 0, 2_00, 2_00, 4_00, 5_000, {PaymentKind.CASH: 2_00}),
    "1-000001", "1-000004", SHARES, (), 90_00, 95_00, "3f2a91c0b4d5", "0.1.0", "Odile", PRINTED, PRINTED,
)  # fmt: skip
COUNT = CountSheet(
    SHOP, "1 – Comptoir", 7, PRINTED, "Odile", PRINTED, "Marcel", "1-000001", "1-000004", 20_00, 2_00,
    tuple(CashLine(PRINTED, CashMoveKind.SPENT, -1, "Sacs") for _ in range(60)), 21_40, 21_40, {}, 10_00, "", "", PRINTED,
)  # fmt: skip
SLIP = DepositSlip(SHOP, "1-7", DAY, 25_00, {10_00: 1, 5_00: 3}, CHEQUES, "Odile", PRINTED)
PAYMENT = PaymentPaper(
    SHOP, Regie("Régie « Épicerie sociale »", "Mme Rolland", "Trésorerie"), "1", "1-0003", DAY, LINES, {"CASH": 30_00}, 0, 30_00,
    "1-000001", "1-000120", 120, 0, (),
)  # fmt: skip


@pytest.mark.parametrize(
    ("render", "paper"),
    [
        (till_reading.render, READING), (till_count_sheet.render, COUNT), (deposit_slip.render, SLIP),
        (regie.render_payment, PAYMENT),
    ],
)  # fmt: skip
def test_each_page_of_a_duplicate_says_so_and_no_page_of_the_first(render, paper):
    first, again = Read(render(paper)), Read(render(replace(paper, duplicate=AGAIN)))
    assert len(again.pages) > 1
    assert "uplicata" not in first.text
    assert [n for n, page in enumerate(again.pages) if "duplicata du 05/12/2026" not in page] == []
    assert "Duplicata du 05/12/2026" in again.pages[0], "stamped under what the paper is"


def test_a_reading_of_a_till_that_is_not_closed_bears_no_mark():
    assert "uplicata" not in Read(till_reading.render(replace(READING, kind=None))).text
