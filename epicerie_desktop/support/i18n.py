"""French is the source language; other languages come from resources/locale/*.po. Typography is set here, once.

Sources are written with ordinary spaces and straight apostrophes; `gettext` returns them with the no-break spaces,
apostrophes and guillemets that French asks for, so that no call site has to remember them.
"""

from __future__ import annotations

import gettext as _stdlib
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

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
_otherwise: Mapping[str, str] = {}
_spoken: ContextVar[tuple[str, _stdlib.NullTranslations] | None] = ContextVar("spoken", default=None)
"""The language of a paper being written on this thread, whatever the windows speak; None for theirs."""
HOUSEHOLD_LANGUAGES = ("fr", "en", "ar", "uk", "pt", "es")
"""The languages a household's papers can be written in."""
LANGUAGE_NAMES = {
    "fr": "Français", "en": "English", "ar": "العربية", "uk": "Українська", "pt": "Português", "es": "Español",
}  # fmt: skip
"""Each by its own name, which who speaks it reads."""


def use_language(language: str) -> None:
    """Choose the language of every sentence shown from now on; an unknown one falls back to French."""
    global _language, _catalogue
    _language, _catalogue = SOURCE_LANGUAGE, _Source()
    source = paths.resource("locale", language, "epicerie.po")
    if language == SOURCE_LANGUAGE or not source.is_file():
        return
    _language, _catalogue = language, _read(source, language)


def _read(source: Path, language: str) -> _stdlib.GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with source.open("rb") as handle:
        write_mo(compiled, read_po(handle, locale=language))
    compiled.seek(0)
    found = _stdlib.GNUTranslations(compiled)
    found.add_fallback(_Source())
    return found


@lru_cache(maxsize=8)
def _catalogue_of(language: str) -> _stdlib.NullTranslations:
    """Return the catalogue of a household's papers; the program's own languages are told by its catalogue."""
    if language == SOURCE_LANGUAGE:
        return _Source()
    own = paths.resource("locale", language, "epicerie.po")
    return _read(own if own.is_file() else paths.resource("papers", f"{language}.po"), language)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Write what is said inside in a household's language, on this thread alone. Raises `ValueError` for one not kept."""
    if language not in HOUSEHOLD_LANGUAGES:
        raise ValueError(language)
    token = _spoken.set((language, _catalogue_of(language)))
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> str:
    """Return the code of the language in use, `fr` unless another was chosen."""
    spoken = _spoken.get()
    return _language if spoken is None else spoken[0]


def languages() -> tuple[str, ...]:
    """Return the languages the program can speak, French first."""
    found = sorted(p.parent.name for p in paths.resource("locale").glob("*/epicerie.po"))
    return (SOURCE_LANGUAGE, *[f for f in found if f != SOURCE_LANGUAGE])


def say_otherwise(words: Mapping[str, str]) -> None:
    """Choose the sentences that this house says otherwise from now on, in every language; none of them undoes it."""
    global _otherwise
    _otherwise = words


def said_otherwise() -> Mapping[str, str]:
    """Return the sentences that this house says otherwise."""
    return _otherwise


def gettext(message: str) -> str:
    """Return the sentence in the language in use, with its typography."""
    spoken = _spoken.get()
    message = _otherwise.get(message, message)
    return (_catalogue if spoken is None else spoken[1]).gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """Return the singular or plural sentence for `n` (French: 0 and 1 are singular)."""
    spoken = _spoken.get()
    singular, plural = _otherwise.get(singular, singular), _otherwise.get(plural, plural)
    return (_catalogue if spoken is None else spoken[1]).ngettext(singular, plural, n)


def mark(message: str) -> str:
    """Mark a sentence for translation where it is not yet shown (`N_` by custom)."""
    return message


def mark_plural(singular: str, plural: str) -> tuple[str, str]:
    """Mark a sentence and its plural for translation where they are not yet shown (`NN_` by custom)."""
    return singular, plural


_ = gettext
N_ = mark
NN_ = mark_plural
