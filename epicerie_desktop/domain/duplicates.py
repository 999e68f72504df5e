"""What a paper made again from closed figures says of itself, the same words on a page and on a roll."""

from __future__ import annotations

from datetime import date

from epicerie_desktop.support.format import day
from epicerie_desktop.support.i18n import gettext as _


def duplicate_words(made: date | None) -> str:
    """Return that a paper is a copy, with the day it was made again; empty for the first one (None)."""
    return "" if made is None else _("Duplicata du {day}").format(day=day(made))


def marked(known: str, made: date | None) -> str:
    """Return what every page says of a paper, and that it is a copy where it is one."""
    if made is None:
        return known
    return _("{mark} – {duplicate}").format(mark=known, duplicate=duplicate_words(made).lower())


__all__ = ["duplicate_words", "marked"]
