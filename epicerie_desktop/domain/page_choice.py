"""Some pages of a paper, as a person types them: « 1-3, 5 ». Knows no paper."""

from __future__ import annotations

import re

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

_PART = re.compile(r"\s*(?:(\d{1,5})|(\d{1,5})?\s*[-–]\s*(\d{1,5})?)\s*", re.ASCII)


def pages_asked(typed: str, count: int) -> tuple[int, ...]:
    """Return the pages typed, from 1, each once and in order; all `count` of them where nothing is typed.

    « 3- » goes to the last page, « -3 » begins at the first. Raises `BadInput` for anything else, or a page that does not exist.
    """
    if not typed.strip():
        return tuple(range(1, count + 1))
    found: set[int] = set()
    for part in re.split(r"[,;]", typed):
        read = _PART.fullmatch(part)
        if read is None or not part.strip(" -–"):
            raise BadInput(N_("« {typed} » : écrivez par exemple 1-3, 5."), typed=typed.strip())
        first = int(read[1] or read[2] or 1)
        last = int(read[1] or read[3] or count)
        if not 1 <= first <= last <= count:
            raise BadInput(
                N_("Il y a {count} pages : écrivez des numéros de 1 à {count}, par exemple 1-3, 5."), count=count
            )
        found.update(range(first, last + 1))
    return tuple(sorted(found))
