"""The words of the papers, which a shop may write its own way: plain text with fields between braces. Knows no page.

A line that begins with « # » is a heading, with « - » a line of a list. A line whose field has nothing to say is left out;
the next one, where it begins with « | », is then said in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.wording_around import TEMPLATES
from epicerie_desktop.domain.wording_kinds import BREAK, HEADING, LISTED, OTHERWISE, Blank, Template, WordingKind
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_, SOURCE_LANGUAGE, french_typography, language
from epicerie_desktop.support.i18n import gettext as _

MOST_SIGNS = 6000

_BREAK = re.compile(r"-{3,}")
_FIELD = re.compile(r"\{([^{}]*)\}")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:[A-Za-z]+|#\d+);")
_BLANKS = re.compile(r"[ \t]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Passage(NamedTuple):
    """A part of a paper: its heading or none, paragraphs, then what is listed."""

    title: str = ""
    words: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


def proposed(kind: WordingKind) -> str:
    """Return the words the program proposes for a paper, in the language in use, fields under the name one types."""
    template = TEMPLATES[kind]
    names = {b.key: f"{{{b.name}}}" for b in template.blanks}
    french = language() == SOURCE_LANGUAGE  # Its typography is set on the paper: one edits what one could have typed.
    return "\n".join(
        line.mark + (line.sentence if french else _(line.sentence)).format(**names) for line in template.lines
    )


def checked_wording(kind: WordingKind, text: str) -> str:
    """Return the words of a paper as they are kept, trimmed. Empty: those the program proposes.

    Raises `BadInput`, which names the line to mend: an unknown field, a brace left alone, a field the paper cannot do
    without, markup, a list or a heading where the paper has no place for them, too many lines.
    """
    template = TEMPLATES[kind]
    lines = [_BLANKS.sub(" ", line).strip(" ") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    if template.around:
        lines = [BREAK if _BREAK.fullmatch(line) else line for line in lines]
    kept = checked_text("\n".join(_without_gaps(lines)), MOST_SIGNS)
    if not kept:
        return ""
    written = [line for line in kept.split("\n") if line and not (template.around and line == BREAK)]
    if len(written) > template.most_lines:
        raise BadInput(
            N_("Ce papier a la place de {most} lignes au plus : il y en a {n}."),
            most=template.most_lines,
            n=len(written),
        )
    breaks = [place for place, line in enumerate(lines, 1) if template.around and line == BREAK]
    if len(breaks) > 1:
        raise BadInput(
            N_("Ligne {place} : une seule ligne de tirets suffit, entre le haut et le bas du papier."), place=breaks[1]
        )
    for place, line in enumerate(lines, 1):
        _check_line(template, place, line)
    used = set(_FIELD.findall(kept))
    for blank in template.needed:
        if blank.name not in used:
            raise BadInput(
                N_("Ce papier ne peut pas se passer du champ {blank} : remettez-le à sa place."),
                blank=f"{{{blank.name}}}",
            )
    return kept


def _without_gaps(lines: list[str]) -> Iterator[str]:
    """Yield the lines, never two empty ones together."""
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line


def _check_line(template: Template, place: int, line: str) -> None:
    if _CONTROLS.search(line):
        raise BadInput(
            N_("Ligne {place} : un signe invisible ne peut pas s'imprimer. Retapez cette ligne."), place=place
        )
    if markup := _MARKUP.search(line):
        raise BadInput(
            N_("Ligne {place} : « {found} » s'imprimerait tel quel. Écrivez le texte seul, sans balise."),
            place=place, found=markup.group(),
        )  # fmt: skip
    names = {b.name: b for b in template.blanks}
    for name in _FIELD.findall(line):
        if name not in names:
            known = ", ".join(f"{{{b.name}}}" for b in template.blanks)
            raise BadInput(
                N_("Ligne {place} : {found} n'est pas un champ de ce papier. Les champs possibles : {known}."),
                place=place, found=f"{{{name}}}", known=known,
            )  # fmt: skip
        if names[name].many and line != f"{LISTED}{{{name}}}":
            raise BadInput(
                N_("Ligne {place} : {found} s'écrit seul, sur une ligne qui commence par un tiret."),
                place=place, found=f"{{{name}}}",
            )  # fmt: skip
    if re.search(r"[{}]", _FIELD.sub("", line)):
        raise BadInput(N_("Ligne {place} : une accolade est restée seule. Un champ s'écrit {example}."), place=place,
                       example=f"{{{template.blanks[0].name}}}")  # fmt: skip
    if template.flat and line.removeprefix(OTHERWISE).startswith((HEADING, LISTED)):
        raise BadInput(N_("Ligne {place} : ce papier n'a ni titre ni liste. Écrivez une phrase."), place=place)


def filled(kind: WordingKind, text: str, values: Mapping[str, str | tuple[str, ...]]) -> tuple[Passage, ...]:
    """Return the words of a paper with its fields filled, part by part; `values` are by key of field, empty for nothing to say."""
    names = {b.name: b for b in TEMPLATES[kind].blanks}
    parts: list[tuple[str, list[str], list[str]]] = [("", [], [])]
    silent = False
    for line in text.split("\n"):
        if line.startswith(OTHERWISE) and not silent:
            continue
        line = line.removeprefix(OTHERWISE)
        mark = next((m for m in (HEADING, LISTED) if line.startswith(m)), "")
        said = tuple(_said(line.removeprefix(mark), names, values))
        silent = not said
        for told in said:
            if mark == HEADING:
                parts.append((told, [], []))
            elif mark == LISTED:
                parts[-1][2].append(told)
            else:
                if parts[-1][2]:  # Words after a list are a part of their own, so that the order stays the one typed.
                    parts.append(("", [], []))
                parts[-1][1].append(told)
    return tuple(Passage(title, tuple(words), tuple(listed)) for title, words, listed in parts if words or listed)


def filled_lines(kind: WordingKind, text: str, values: Mapping[str, str | tuple[str, ...]]) -> tuple[str, ...]:
    """Return the words of a paper that has neither heading nor list, a paragraph each."""
    return tuple(line for passage in filled(kind, text, values) for line in passage.words)


def filled_around(
    kind: WordingKind, text: str, values: Mapping[str, str | tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what stands under the title of a paper and what stands at its foot, a paragraph each."""
    lines = text.split("\n")
    at = lines.index(BREAK) if BREAK in lines else -1
    above, below = "\n".join(lines[: max(at, 0)]), "\n".join(lines[at + 1 :])
    return filled_lines(kind, above, values), filled_lines(kind, below, values)


def _said(line: str, names: Mapping[str, Blank], values: Mapping[str, str | tuple[str, ...]]) -> Iterator[str]:
    """Yield the line filled: nothing where a field has nothing to say, as many lines as a field of several has."""
    if not line:
        return
    line = french_typography(line) if language() == SOURCE_LANGUAGE else line
    used = [names[name] for name in _FIELD.findall(line)]
    given = {b.key: values.get(b.key, "") for b in used}
    if not all(given.values()):
        return
    several = next((g for g in given.values() if isinstance(g, tuple)), None)
    if several is not None:
        yield from several
        return
    yield _FIELD.sub(lambda m: str(given[names[m.group(1)].key]), line)
