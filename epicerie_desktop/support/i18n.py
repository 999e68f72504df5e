"""French is the source language; other languages come from resources/locale/*.po. Typography is set here, once.

Sources are written with ordinary spaces and straight apostrophes; `gettext` returns them with the no-break spaces,
apostrophes and guillemets that French asks for, so that no call site has to remember them.
"""

from __future__ import annotations

import gettext as _stdlib
import io
import re
from functools import lru_cache

from epicerie_desktop.support import paths

NBSP = "\N{NO-BREAK SPACE}"
NNBSP = "\N{NARROW NO-BREAK SPACE}"
SOURCE_LANGUAGE = "fr"

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\S) (?=[;!?](?:\s|$|[\"»<)]))"), NNBSP),
    (re.compile(r"(?<=\S) (?=:(?:\s|$|<))"), NBSP),
    (re.compile(r"« "), "«" + NBSP),
    (re.compile(r" »"), NBSP + "»"),
    (re.compile(r"(?<=[0-9}]) (?=(?:€|%|kg\b|g\b|h\b|°C|ans?\b|jours?\b|mois\b))"), NBSP),
    (re.compile(r"\b(n°|N°|p\.|M\.|Mme) (?=\S)"), r"\1" + NBSP),
    (re.compile(r"(?<=\w)'(?=\w|\{|«)"), "’"),
)


@lru_cache(maxsize=4096)
def french_typography(text: str) -> str:
    """Return `text` with French no-break spaces (before : ; ! ? » % and units, after «) and curved apostrophes."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class _Source(_stdlib.NullTranslations):
    """The source language, and what another one falls back to for a sentence not yet translated."""

    def gettext(self, message: str) -> str:
        return french_typography(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return french_typography(msgid1 if abs(n) < 2 else msgid2)


_language = SOURCE_LANGUAGE
_catalogue: _stdlib.NullTranslations = _Source()


def use_language(language: str) -> None:
    """Choose the language of every sentence shown from now on; an unknown one falls back to French."""
    global _language, _catalogue
    _language, _catalogue = SOURCE_LANGUAGE, _Source()
    source = paths.resource("locale", language, "epicerie.po")
    if language == SOURCE_LANGUAGE or not source.is_file():
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with source.open("rb") as handle:
        write_mo(compiled, read_po(handle, locale=language))
    compiled.seek(0)
    _language, _catalogue = language, _stdlib.GNUTranslations(compiled)
    _catalogue.add_fallback(_Source())


def language() -> str:
    """Return the code of the language in use, `fr` unless another was chosen."""
    return _language


def languages() -> tuple[str, ...]:
    """Return the languages the program can speak, French first."""
    found = sorted(p.parent.name for p in paths.resource("locale").glob("*/epicerie.po"))
    return (SOURCE_LANGUAGE, *[f for f in found if f != SOURCE_LANGUAGE])


def gettext(message: str) -> str:
    """Return the sentence in the language in use, with its typography."""
    return _catalogue.gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """Return the singular or plural sentence for `n` (French: 0 and 1 are singular)."""
    return _catalogue.ngettext(singular, plural, n)


def mark(message: str) -> str:
    """Mark a sentence for translation where it is not yet shown (`N_` by custom)."""
    return message


def mark_plural(singular: str, plural: str) -> tuple[str, str]:
    """Mark a sentence and its plural for translation where they are not yet shown (`NN_` by custom)."""
    return singular, plural


_ = gettext
N_ = mark
NN_ = mark_plural
