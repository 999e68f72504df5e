"""Free texts of a file: not too long, and never a social security number (décret 2019-341 gives no use of it here)."""

from __future__ import annotations

import re

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

MOST_SIGNS = 2000
_GAP = r"[\s./_\-\u2010-\u2015]{0,3}"
_NUMBER = re.compile(
    r"(?<!\d)([1278])" + _GAP + r"(\d{2})" + _GAP + r"(\d{2})" + _GAP + r"(?:(?:\d{2}|2[AB])" + _GAP + r"\d{3}|97\d" + _GAP + r"\d{2})" + _GAP
    + r"(\d{3})(?:" + _GAP + r"(\d{2}))?(?!\d)",
    re.IGNORECASE,
)  # fmt: skip


def looks_like_social_security_number(text: str) -> bool:
    """Return whether the text holds 13 or 15 figures set as a French social security number, however spaced.

    Its month is 01 to 12, or one of those given where it is not known (20 to 42, 50 to 99), as INSEE gives them. A number
    that begins with 7 or 8 (temporary) needs its key of two figures: without it, it is most often a barcode.
    """
    for found in _NUMBER.finditer(text):
        month = int(found.group(3))
        if found.group(1) in "78" and found.group(5) is None:
            continue
        if 1 <= month <= 12 or 20 <= month <= 42 or month >= 50:
            return True
    return False


def checked_text(text: str, most: int = MOST_SIGNS) -> str:
    """Return a free text, trimmed. Raises `BadInput`: longer than `most` signs, or a social security number in it."""
    kept = text.strip()
    if len(kept) > most:
        raise BadInput(N_("Ce texte est trop long : {most} signes au plus."), most=most)
    if looks_like_social_security_number(kept):
        raise BadInput(
            N_(
                "Ce texte contient ce qui ressemble à un numéro de sécurité sociale : l'épicerie n'a pas le droit de le garder. Retirez-le."
            )
        )
    return kept
