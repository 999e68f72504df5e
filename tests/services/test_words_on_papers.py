"""Every paper of figures prints what the shop wrote for it, whatever draws it: read back from the real papers of the demonstration."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pypdf
import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase

from epicerie_desktop.domain.eligibility.comparison import Change
from epicerie_desktop.domain.questions import from_json
from epicerie_desktop.domain.till_papers import Regie
from epicerie_desktop.domain.wording_around import AROUND, GROUPS, TEMPLATES
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence import models as m
from epicerie_desktop.printing import logo
from epicerie_desktop.services import (
    opening,
    paper_morning,
    question_papers,
    questions,
    sheets,
    subject_file,
    wordings,
)  # fmt: skip
from epicerie_desktop.services.demonstration.build import DemoFiles
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.month_sheets import month_sheet_pdf
from epicerie_desktop.services.queries import questions as asking
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.reports import whole
from epicerie_desktop.services.reports.dashboard import dashboard, dashboard_pdf
from epicerie_desktop.services.rights import committee_papers, letters
from epicerie_desktop.services.rights.compare import Comparison
from epicerie_desktop.services.rights.comparison_sheet import comparison_pdf
from epicerie_desktop.services.safety import allergens, cold_chain, recall_papers
from epicerie_desktop.services.stock import (
    forward,
    goods_labels,
    moves,
    moves_papers,
    reception_papers,
    reorder,
    stock_take,
)
from epicerie_desktop.services.support import slips
from epicerie_desktop.services.till import papers as till
from epicerie_desktop.services.till import regie
from epicerie_desktop.services.till.regie_name import save_regie
from epicerie_desktop.services.wordings_shown import shown_pdf
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput
from tests.conftest import TODAY
from tests.printing.conftest import Read

MONTH = f"{TODAY:%Y-%m}"
FIRST = TODAY.replace(day=1)


@pytest.fixture(scope="module")
def demo(demo_files: DemoFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A demonstration shop of this module's own."""
    folder = tmp_path_factory.mktemp("words") / "shop"
    shutil.copytree(demo_files.shops[0].parent, folder)
    secret = json.loads(demo_files.passphrases.read_text("utf-8"))["shop-1"]
    found = opening.open_desk(folder / demo_files.shops[0].name, secret, FrozenClock.on(TODAY))
    yield found
    found.db.close()


def last(desk: Desk, table: type[DeclarativeBase]) -> int:
    with desk.db.read() as session:
        return int(session.scalar(select(func.max(table.id))) or 0)


def leaving(desk: Desk) -> bytes:
    lot = next(
        n for n in stock.lots_in_stock(desk) if n.grams > 1000 and not n.pieces and not n.aside and not n.limit_on
    )
    sent = moves.send(desk, moves.Leaving(moves.SlipKind.SENT, lot.id, "Le site voisin", grams=500))
    return moves_papers.slip_pdf(desk, sent)


def counted(desk: Desk) -> int:
    with desk.db.read() as session:
        return (
            session.scalars(
                select(m.TillSession.id).where(m.TillSession.closed_at.is_not(None), m.TillSession.deposit_cents > 0)
            ).first()
            or 0
        )


def earlier(desk: Desk) -> Desk:
    """The desk long before any paper of the demonstration."""
    return replace(desk, clock=FrozenClock.on(TODAY - timedelta(days=400)))


def payment(desk: Desk) -> bytes:
    if not last(desk, m.PaymentSlip):
        save_regie(earlier(desk), Regie("Régie de l'épicerie"))
        regie.pay_accountant(desk, regie.PaymentForm())
    return regie.payment_pdf(desk, last(desk, m.PaymentSlip)).content


def statement(desk: Desk) -> bytes:
    return letters.statement_pdf(desk, last(desk, m.Assessment))


REAL: dict[WordingKind, Callable[[Desk], bytes]] = {
    WordingKind.MEASURE: lambda d: committee_papers.suspension_pdf(d, last(d, m.Suspension)),
    WordingKind.HEARING: lambda d: committee_papers.hearing_pdf(d, last(d, m.Household)),
    WordingKind.EXPLANATION: statement,
    WordingKind.SUBJECT_FILE: lambda d: subject_file.copy_pdf(subject_file.subject_copy(d, last(d, m.Household))),
    WordingKind.CARD: lambda d: sheets.card_pdf(d, household_with_card(d)),
    WordingKind.MONTH_SHEET: lambda d: month_sheet_pdf(d, MONTH),
    WordingKind.PAPER_MORNING: lambda d: paper_morning.sheet_pdf(d, paper_morning.make_sheet(d, TODAY)),
    WordingKind.ATTENDANCE: lambda d: slips.attendance_sheet_pdf(d, last(d, m.WorkshopSession)),
    WordingKind.ALLERGENS: allergens.grid_pdf,
    WordingKind.CALL_LIST: lambda d: recall_papers.drill_list_pdf(d, last(d, m.Lot), "Carottes"),
    WordingKind.RECEPTION: lambda d: reception_papers.slip_pdf(d, last(d, m.Reception)),
    WordingKind.LEAVING: leaving,
    WordingKind.STOCK_TAKE: stock_take.count_sheet_pdf,
    WordingKind.LOSSES: lambda d: moves_papers.losses_pdf(d, MONTH),
    WordingKind.ORDER: reorder.order_pdf,
    WordingKind.FORWARD: forward.sheet_pdf,
    WordingKind.COLD_REGISTER: lambda d: cold_chain.register_pdf(d, FIRST, TODAY),
    WordingKind.SHELF_LABEL: lambda d: goods_labels.shelf_labels_pdf(d, stock.catalogue(d)),
    WordingKind.LOT_LABEL: lambda d: goods_labels.lot_labels_pdf(d, last(d, m.Lot)),
    WordingKind.TILL_READING: lambda d: till.reading_pdf(d).content,
    WordingKind.TILL_COUNT: lambda d: till.count_sheet_pdf(d, counted(d)).content,
    WordingKind.DEPOSIT: lambda d: till.deposit_slip_pdf(d, counted(d)).content,
    WordingKind.REGIE_REGISTER: lambda d: regie.register_pdf(d, FIRST, TODAY),
    WordingKind.REGIE_PAYMENT: payment,
    WordingKind.COMMITTEE: lambda d: committee_papers.meeting_list_pdf(d, last(d, m.Meeting)),
    WordingKind.COMPARISON: lambda d: comparison_pdf(d, Comparison(TODAY, "Un", "Deux", (), dict.fromkeys(Change, 0), 0, stopped=False)),
    WordingKind.REPORT: lambda d: whole.report_pdf(d, whole.Asked("year", FIRST, TODAY)),
    WordingKind.BALANCE: lambda d: sheets.shop_balance_pdf(d, MONTH, MONTH, "Contrat social"),
    WordingKind.DASHBOARD: lambda d: dashboard_pdf(d, dashboard(d, MONTH)),
    WordingKind.QUESTION: lambda d: question_papers.kept_as(
        d, question_papers.told(asking.answer(d, from_json(questions.examples()[0].asked)), "Une question"), "pdf"
    ),
}  # fmt: skip


def household_with_card(desk: Desk) -> int:
    with desk.db.read() as session:
        return session.scalars(select(m.Card.household_id).where(m.Card.revoked_on.is_(None))).first() or 0


def test_every_paper_of_figures_is_tried_and_stands_in_one_group() -> None:
    assert set(REAL) == set(AROUND)
    assert [kind for _group, kinds in GROUPS for kind in kinds] == sorted(
        TEMPLATES, key=[k for _g, ks in GROUPS for k in ks].index
    )
    assert len(TEMPLATES) == len(WordingKind)


@pytest.mark.parametrize("kind", AROUND, ids=str)
def test_the_words_of_the_shop_stand_on_the_real_paper_and_nowhere_before(demo: Desk, kind: WordingKind) -> None:
    around = AROUND[kind].around
    ours = "Nos premiers mots, {téléphone}.\n---\nNos derniers mots du {jour}." if around else "Merci, {téléphone}"
    assert "Nos derniers mots" not in " ".join(Read(REAL[kind](demo)).text.split())
    # A paper made again keeps the words of its day: these are written long before any of them.
    wordings.save_wording(earlier(demo), kind, ours)
    text = " ".join(Read(REAL[kind](demo)).text.split())
    wanted = ("Nos premiers mots,", "Nos derniers mots du") if around else ("Merci, ",)
    places = [text.find(w) for w in wanted]
    assert -1 not in places
    assert all(a < b for a, b in pairwise(places))


@pytest.mark.parametrize("kind", [WordingKind.CARD, WordingKind.SHELF_LABEL, WordingKind.LOT_LABEL], ids=str)
def test_a_line_too_long_for_a_card_or_a_label_is_refused_and_the_longest_that_fits_is_printed_whole(
    desk: Desk, kind: WordingKind
) -> None:
    long = "Une très longue ligne qui dit tout de notre association et de ses horaires d'ouverture"
    with pytest.raises(BadInput, match="trop longue"):
        wordings.save_wording(desk, kind, long)
    with pytest.raises(BadInput, match="1 lignes"):
        wordings.save_wording(desk, kind, "Une ligne\nUne autre")
    longest = max((long[:n].strip() for n in range(1, len(long))), key=lambda t: len(t) if fits(desk, kind, t) else 0)
    assert 30 < len(longest) < len(long)
    found = Read(shown_pdf(desk, kind, longest))
    assert " ".join(longest.replace("'", "’").split()) in " ".join(found.text.split())


def fits(desk: Desk, kind: WordingKind, text: str) -> bool:
    try:
        return bool(wordings.fitting(desk, kind, text))
    except BadInput:
        return False


def test_a_second_line_of_dashes_is_told_and_dashes_alone_take_the_proposed_words_off(desk: Desk) -> None:
    with pytest.raises(BadInput, match="Ligne 4"):
        wordings.save_wording(desk, WordingKind.STOCK_TAKE, "Un\n---\nDeux\n----")
    assert "Comptez ce qui est en rayon" in Read(stock_take.count_sheet_pdf(desk)).text
    wordings.save_wording(desk, WordingKind.STOCK_TAKE, "-----")
    assert "Comptez ce qui" not in Read(stock_take.count_sheet_pdf(desk)).text


def test_the_logo_and_the_contacts_stand_on_the_papers_of_the_regie_and_on_a_balance(demo: Desk) -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 150), "teal").save(out, "PNG")
    now = replace(demo, shop=replace(demo.shop, logo=logo.prepared(out.getvalue())))
    for kind in AROUND:
        if not AROUND[kind].around:
            continue
        page = pypdf.PdfReader(io.BytesIO(REAL[kind](now))).pages[0]
        assert len(page.images) == 1, kind
        assert now.shop.phone.replace(" ", "") in "".join(page.extract_text().split()), kind
