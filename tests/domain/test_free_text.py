"""Free texts: what may be kept, and what may not."""

from __future__ import annotations

import pytest

from epicerie_desktop.domain.free_text import checked_text, looks_like_social_security_number
from epicerie_desktop.support.errors import BadInput


@pytest.mark.parametrize(
    "text",
    ["N° 2 85 03 15 187 042 56", "285031518704256", "2850315187042", "1.71.12.2A.004.123", "noté : 1-71-12-2b-004-123-07 ?",
     "7 99 31 99 999 999 12", "2 85 03 974 11 123 45", "1/71/12/15/187/042", "2 85\t03 – 15 187\n042 56"],
)  # fmt: skip
def test_a_social_security_number_is_refused_however_it_is_spaced(text: str) -> None:
    with pytest.raises(BadInput, match="sécurité sociale"):
        checked_text(text)


@pytest.mark.parametrize(
    "text",
    ["04 71 60 00 00", "04 71 60 00 00 ou 06 12 34 56 78", "3017620422003", "dossier EDF 600123456789012345", "1 234,56 € le 12/03/2026",
     "contrat 5 85 03 15 187 042"],
)  # fmt: skip
def test_telephones_barcodes_contracts_and_amounts_are_kept(text: str) -> None:
    assert not looks_like_social_security_number(text)
    assert checked_text(f" {text} ") == text


def test_a_text_too_long_says_how_long_it_may_be() -> None:
    assert checked_text("é" * 2000)
    with pytest.raises(BadInput, match="2000"):
        checked_text("é" * 2001)
