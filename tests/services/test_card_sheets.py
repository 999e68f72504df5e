"""Cards by the sheet: whose, in which order, where on the page, and nothing on them but their codes."""

from __future__ import annotations

import pytest

from epicerie_desktop.domain.card import parse_card
from epicerie_desktop.domain.household import Link
from epicerie_desktop.services import card_sheets as service
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.printing.conftest import Read

A4 = (595.28, 841.89)


@pytest.fixture
def carded(desk: Desk) -> list[tuple[int, str]]:
    """Twenty-six households with a card, by the holder's name, and one without."""
    enrol.save_household(desk, HouseholdForm((MemberForm("ZULU", "Zoé", Link.HOLDER),)))
    found = []
    for n in range(26):
        household = enrol.save_household(
            desk, HouseholdForm((MemberForm(f"FAMILLE{chr(65 + n)}", "Ana", Link.HOLDER),))
        )
        found.append((household, enrol.issue_card(desk, household).code))
    return found


def printed(page: str) -> list[str]:
    """Return the codes of a page, read as text: its lines are nothing else."""
    cards = [parse_card(line) for line in page.splitlines() if line]
    assert None not in cards, page
    return [c.code for c in cards if c is not None]


def test_a_sheet_holds_twenty_four_cards_in_the_order_of_the_list_and_not_a_name(desk, carded):
    found = service.all_cards(desk)
    codes = [code for _, code in carded]
    assert (list(found.since(None)), found.without) == (codes, 1)
    paper = Read(service.card_sheet_pdf(desk, found.since(None)))
    assert [printed(page) for page in paper.pages] == [codes[:24], codes[24:]]
    for page in paper.reader.pages:
        assert [float(n) for n in page.mediabox] == pytest.approx([0, 0, *A4], abs=0.01)


def test_a_sheet_already_begun_goes_on_at_its_first_free_label(desk, carded):
    codes = [code for _, code in carded]
    paper = Read(service.card_sheet_pdf(desk, codes[:4], first=23))
    assert [printed(page) for page in paper.pages] == [codes[:2], codes[2:4]]
    for wrong in (0, 25):
        with pytest.raises(BadInput, match="1 à 24"):
            service.card_sheet_pdf(desk, codes, first=wrong)
    with pytest.raises(RuleRefused, match="Aucune carte"):
        service.card_sheet_pdf(desk, ())


def test_a_lost_card_is_not_printed_again_and_the_order_asked_is_kept(desk, carded):
    (first, old), (second, other) = carded[:2]
    new = enrol.issue_card(desk, first).code
    found = service.cards_of(desk, [second, first, second])
    assert [c.code for c in found.cards] == [other, new]
    assert old not in found.since(None)
    day = desk.clock.today()
    assert found.since(day) == (other, new)
    assert found.since(day.replace(year=day.year + 1)) == ()
