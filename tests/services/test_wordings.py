from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest
from PIL import Image

from epicerie_desktop.domain.support import UndertakingKind
from epicerie_desktop.domain.wording_around import TEMPLATES
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.domain.wordings import proposed
from epicerie_desktop.printing import logo
from epicerie_desktop.services import letterhead, papers_made, sheets, wordings
from epicerie_desktop.services.contract import share
from epicerie_desktop.services.support import documents, undertakings
from epicerie_desktop.services.support.undertakings import UndertakingForm
from epicerie_desktop.services.wordings_shown import shown_pdf
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble
from epicerie_desktop.support.i18n import HOUSEHOLD_LANGUAGES
from tests.conftest import TODAY


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def drawing(size=(300, 200), mode="RGBA", colour=(0, 90, 90, 255), kind="PNG") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour[: len(mode)]).save(out, kind)
    return out.getvalue()


def signed(desk, household: int, kind: UndertakingKind, day=TODAY, **more) -> int:
    return undertakings.record_undertaking(desk, household, UndertakingForm(kind, day, **more))


def test_the_words_of_the_shop_are_printed_and_those_of_the_program_come_back(small_shop):
    desk = small_shop.desk
    paper = signed(desk, small_shop.household, UndertakingKind.RULES)
    ours = "# Chez nous\n- on se dit bonjour\nMoi, {nom}, j'ai lu."
    wordings.save_wording(desk, WordingKind.RULES, ours)
    printed = text_of(documents.undertaking_pdf(desk, paper))
    assert "Chez nous" in printed
    assert "on se dit bonjour" in printed
    assert "je ne le revends pas" not in printed
    wordings.save_wording(desk, WordingKind.RULES, "  ")
    assert "je ne le revends pas" in text_of(documents.undertaking_pdf(desk, paper))


def test_a_paper_signed_before_keeps_the_words_of_its_day(small_shop):
    desk = small_shop.desk
    paper = signed(desk, small_shop.household, UndertakingKind.CONTRACT, note="- venir le mardi\n– payer")
    before = documents.undertaking_pdf(desk, paper)
    later = replace(desk, clock=FrozenClock(desk.clock.now() + timedelta(days=30)))
    wordings.save_wording(later, WordingKind.CONTRACT, "{nom} promet\n- {engagements}\nFin nouvelle.")
    assert text_of(documents.undertaking_pdf(later, paper)) == text_of(before)
    newer = signed(later, small_shop.household, UndertakingKind.CONTRACT, TODAY + timedelta(days=30), note="venir")
    assert "Fin nouvelle." in text_of(documents.undertaking_pdf(later, newer))


def test_a_contract_that_was_printed_is_a_copy_the_next_time_and_the_notice_never_is(small_shop):
    desk = small_shop.desk
    contract = signed(desk, small_shop.household, UndertakingKind.CONTRACT, note="venir le mardi")
    first = documents.undertaking_to_give(desk, contract)
    assert text_of(first.content) == text_of(documents.undertaking_pdf(desk, contract))
    papers_made.note_made(desk, first.papers)
    assert "Duplicata du" in text_of(documents.undertaking_to_give(desk, contract).content)
    notice = documents.undertaking_to_give(desk, signed(desk, small_shop.household, UndertakingKind.NOTICE))
    assert not notice.papers


def test_the_notice_has_words_of_its_own_in_each_language(small_shop):
    desk = small_shop.desk
    wordings.save_wording(desk, WordingKind.NOTICE, "Nossas palavras. {responsable}", "pt")
    rows = {(r.kind, r.language): r for r in wordings.wordings_of(desk, HOUSEHOLD_LANGUAGES)}
    assert rows[(WordingKind.NOTICE, "pt")].own
    assert not rows[(WordingKind.NOTICE, "fr")].own
    assert "Nossas palavras." in text_of(
        shown_pdf(desk, WordingKind.NOTICE, rows[(WordingKind.NOTICE, "pt")].own, "pt")
    )
    with pytest.raises(BadInput):
        wordings.save_wording(desk, WordingKind.RULES, "{nom}", "pt")


@pytest.mark.parametrize("kind", WordingKind, ids=str)
def test_every_paper_is_shown_with_the_words_being_typed(small_shop, kind):
    needed = "\n".join(("- " if b.many else "") + f"{{{b.name}}}" for b in TEMPLATES[kind].needed)
    printed = text_of(shown_pdf(small_shop.desk, kind, f"{needed}\nDes mots à nous."))
    assert "Des mots à nous." in printed
    assert text_of(shown_pdf(small_shop.desk, kind, "")) == text_of(shown_pdf(small_shop.desk, kind, proposed(kind)))
    with pytest.raises(BadInput):
        shown_pdf(small_shop.desk, kind, f"{needed}\n{{inconnu}}")


def test_a_volunteer_signs_to_keep_secrets_under_a_name_or_on_a_line(small_shop):
    named = text_of(documents.confidentiality_pdf(small_shop.desk, "Camille Roux"))
    assert "Je soussigné(e), Camille Roux," in named
    assert "......" in text_of(documents.confidentiality_pdf(small_shop.desk))


def test_the_logo_stands_on_the_papers_small_flat_and_without_anything_else(small_shop, tmp_path):
    desk = small_shop.desk
    chosen = tmp_path / "logo.png"
    chosen.write_bytes(drawing((2400, 600)))
    png = letterhead.read_logo_file(chosen)
    with Image.open(io.BytesIO(png)) as kept:
        assert (kept.size, kept.mode, kept.info) == ((900, 225), "RGB", {})
    letterhead.save_logo(desk, png)
    now = share.desk_now(desk)
    assert sheets.header(now).logo == png
    page = pypdf.PdfReader(io.BytesIO(documents.liaison_pdf(now))).pages[0]
    assert len(page.images) == 1
    letterhead.save_logo(desk, None)
    assert not pypdf.PdfReader(io.BytesIO(documents.liaison_pdf(share.desk_now(desk)))).pages[0].images


@pytest.mark.parametrize("content", [b"", b"GIF89a" + bytes(40), b"%PDF-1.4", drawing()[:60], drawing()[:400]])
def test_what_is_no_picture_is_refused_in_a_sentence(content):
    with pytest.raises(BadInput, match=r"PNG|JPEG"):
        logo.prepared(content)


def test_a_picture_too_heavy_too_large_or_gone_is_refused(tmp_path):
    with pytest.raises(BadInput):
        logo.prepared(bytes(logo.MOST_BYTES + 1))
    with pytest.raises(BadInput, match="grande"):
        logo.prepared(drawing((9000, 9000), "1", (1,)))
    with pytest.raises(EnvironmentTrouble):
        letterhead.read_logo_file(tmp_path / "nothing.png")
    assert logo.prepared(drawing((40, 20), "RGB", (9, 9, 9), "JPEG")).startswith(b"\x89PNG")
