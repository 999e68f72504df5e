"""The short code of a shop, which names its files and stands in its parcels."""

from __future__ import annotations

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_


def is_shop_code(text: str) -> bool:
    """Return whether `text` is a code as it is kept: two to six capitals or figures."""
    return 2 <= len(text) <= 6 and text.isascii() and text.isalnum() and text == text.upper()


def checked_shop_code(typed: str) -> str:
    """Return the code typed, in capitals. Raises `BadInput` where it cannot be one."""
    code = typed.strip().upper()
    if not is_shop_code(code):
        raise BadInput(N_("Le code de l'épicerie a de 2 à 6 lettres ou chiffres, par exemple SF01."))
    return code
