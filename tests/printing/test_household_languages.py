"""What a household takes home speaks its language: whole, in its letters, and in its order."""

from __future__ import annotations

import gettext
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdfium2
import pytest

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.domain.slips import AppointmentSlip, InformationNotice
from epicerie_desktop.domain.support import PaperKind
from epicerie_desktop.domain.ticket import PurseReceipt, Ticket, TicketCeiling, TicketLine, TicketPayment
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.domain.wordings import filled, filled_lines, proposed
from epicerie_desktop.printing import appointment_slip, information_notice, ticket
from epicerie_desktop.printing.style import OTHER_LETTERS, WIDE, WIDE_BOLD, as_drawn, fonts
from epicerie_desktop.support import i18n
from epicerie_desktop.support.i18n import HOUSEHOLD_LANGUAGES, in_language
from tests.printing.conftest import SHOP, Read

AT = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
OTHERS = tuple(code for code in HOUSEHOLD_LANGUAGES if code != "fr")


def last_words(kind: WordingKind, values: dict[str, str | tuple[str, ...]]) -> tuple[str, ...]:
    return filled_lines(kind, proposed(kind), values)


def slip() -> bytes:
    """Every paper to bring, told in the language being written."""
    bring = tuple(label(kind) for kind in PaperKind)
    words = last_words(WordingKind.APPOINTMENT, {"phone": "04 71 00 00 00"})
    return appointment_slip.render(AppointmentSlip(SHOP, "1-0193", AT, "Bureau 2", "Camille Rey", bring, words))


def slip_without_phone() -> bytes:
    return appointment_slip.render(
        AppointmentSlip(replace(SHOP, contacts=()), "1-0193", AT, "", "", (), last_words(WordingKind.APPOINTMENT, {}))
    )


def notice() -> bytes:
    parts = filled(
        WordingKind.NOTICE, proposed(WordingKind.NOTICE), {"name": "CCAS de Saint-Flour", "phone": "04 71 00 00 00"}
    )
    return information_notice.render(InformationNotice(SHOP, parts, date(2026, 11, 28)))


def notice_without_phone() -> bytes:
    parts = filled(WordingKind.NOTICE, proposed(WordingKind.NOTICE), {"name": "CCAS de Saint-Flour"})
    return information_notice.render(InformationNotice(replace(SHOP, contacts=()), parts, date(2026, 11, 28)))


def tickets() -> bytes:
    """A ticket with every ceiling and every kind of line, then the same cancelled."""
    lines = (
        TicketLine("Carottes", SoldBy.WEIGHT, 0, 1250, 160, 200, 20, past_best_before=True),
        TicketLine("Pain", SoldBy.PIECE, 2, 500, 100, 200, 20), TicketLine("Sac", SoldBy.WEIGHT, 0, 900, 160, 144, 14, estimated=True),
    )  # fmt: skip
    ceilings = tuple(TicketCeiling(m, p, 1200) for m in CeilingMeasure for p in CeilingPeriod)
    paid = tuple(TicketPayment(label(kind), 10) for kind in PaymentKind)
    whole = Ticket(
        SHOP,
        "1-000042",
        AT,
        "1-0193",
        lines,
        paid,
        ceilings,
        duplicate=True,
        balance_cents=500,
        last_words=last_words(WordingKind.TICKET, {}),
    )
    receipt = PurseReceipt(SHOP, "1-E000003", AT, "1-0193", 200, 300, 300)
    return b"".join(
        (
            ticket.render(whole), ticket.render(replace(whole, cancelled=True, balance_cents=-200)), ticket.render_receipt(receipt),
            ticket.render_receipt(replace(receipt, cancelled=True)),
        )
    )  # fmt: skip


PAPERS: dict[str, Callable[[], bytes]] = {
    "slip": slip, "slip without phone": slip_without_phone, "notice": notice, "notice without phone": notice_without_phone,
    "ticket": tickets,
}  # fmt: skip


class Missing(gettext.NullTranslations):
    """What a catalogue falls back on: it keeps what was asked in vain."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return message


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("paper", PAPERS)
def test_no_sentence_of_a_household_s_paper_stays_in_french(code: str, paper: str) -> None:
    missing = Missing()
    catalogue = i18n._catalogue_of(code)
    before = catalogue._fallback  # type: ignore[attr-defined]
    catalogue._fallback = missing  # type: ignore[attr-defined]
    try:
        with in_language(code):
            PAPERS[paper]()
    finally:
        catalogue._fallback = before  # type: ignore[attr-defined]
    assert missing.asked == set()


def test_the_control_a_sentence_no_catalogue_holds_is_missed() -> None:
    with in_language("uk"):
        assert i18n.gettext("Quatre-vents") == "Quatre-vents"


@pytest.mark.parametrize("code", sorted(OTHER_LETTERS))
def test_every_letter_written_has_its_drawing(code: str) -> None:
    faces = fonts((WIDE, WIDE_BOLD))
    with in_language(code):
        for name in PAPERS:
            PAPERS[name]()
        told = [str(m) for m in i18n._catalogue_of(code)._catalog.values()]  # type: ignore[attr-defined]
    for sentence in told:
        for sign in as_drawn(sentence) if code == "ar" else sentence:
            assert sign == "\n" or all(sign in face for face in faces), (code, sign, sentence)


def read_as_a_reader_would(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return unicodedata.normalize("NFKC", document[0].get_textpage().get_text_range())
    finally:
        document.close()


def test_arabic_is_read_back_in_its_order_with_figures_in_theirs() -> None:
    with in_language("ar"):
        text = read_as_a_reader_would(slip())
    assert "ما يجب إحضاره" in text
    assert "04 71 00 00 00" in text
    assert "1-0193" in text
    assert "15100 Saint-Flour" in text
    assert "الخميس، 3 ديسمبر 2026" in text


def test_brackets_open_and_close_the_right_way_round() -> None:
    drawn = as_drawn("شهادة (CAF)")
    assert drawn.startswith("(CAF)"), "at the left end of the line, as a reader of Arabic meets them last"


def test_the_letters_are_embedded_and_can_be_selected() -> None:
    for code in OTHERS:
        with in_language(code):
            fonts_of = Read(notice()).fonts()
        assert fonts_of
        assert all(embedded and selectable for _name, embedded, selectable in fonts_of)


def test_a_paper_s_language_is_not_that_of_the_windows() -> None:
    with in_language("pt"):
        assert i18n.gettext("À apporter") == "O que trazer"
        with in_language("es"):
            assert i18n.gettext("À apporter") == "Qué traer"
        assert i18n.language() == "pt"
    assert i18n.gettext("À apporter") == "À apporter"
    assert i18n.language() == "fr"


def test_a_language_that_is_not_kept_is_refused() -> None:
    with pytest.raises(ValueError, match="tlh"), in_language("tlh"):
        pass
