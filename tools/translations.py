"""Keep the catalogue of sentences: `check` (the default) tells what is wrong, `update` refreshes the .pot and every .po.

French is the source: a sentence is its own key. Every other language must say every sentence, with the same fields.
"""

from __future__ import annotations

import ast
import io
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parents[1]
SOURCES = PROJECT / "epicerie_desktop"
LOCALE = PROJECT / "resources" / "locale"
DOMAIN = "epicerie"
REQUIRED = ("en",)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "NN_": (1, 2),
    "mark_plural": (1, 2),
    "N_": None,
    "mark": None,
}

HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: epicerie-desktop\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=({plural});\\n"

"""
PLURALS = {"fr": "n > 1", "en": "n != 1"}

TYPOGRAPHY = (
    (
        re.compile("[\u00a0\u202f]"),
        "une espace insécable tapée à la main (la typographie est posée par support/i18n.py)",
    ),
    (re.compile("’"), "une apostrophe courbe tapée à la main (écrire ')"),
    (re.compile(r"\.\.\."), "trois points au lieu de « … »"),
    (re.compile(r"oeu|oeil", re.IGNORECASE), "« oe » au lieu de « œ »"),
)


def source_files() -> list[Path]:
    """Return the program's Python files, in a stable order; migrations say nothing to anyone."""
    return sorted(p for p in SOURCES.rglob("*.py") if "versions" not in p.parts)


def extracted() -> Catalog:
    """Return every sentence marked in the program, sorted by the file that first says it, then by its text."""
    found: dict[str, tuple[str | tuple[str, str], set[str]]] = {}
    for path in source_files():
        name = path.relative_to(PROJECT).as_posix()
        with path.open("rb") as handle:
            for _line, message, _comments, _context in extract(
                "python", handle, KEYWORDS, options={"encoding": "utf-8"}
            ):
                sentence = message if isinstance(message, str) else (str(message[0]), str(message[1]))
                key = sentence if isinstance(sentence, str) else sentence[0]
                if not key:
                    continue
                kept, places = found.get(key, (sentence, set()))
                places.add(name)
                # A sentence said alone in one place and with its plural in another keeps the plural.
                found[key] = (sentence if isinstance(kept, str) else kept, places)
    catalogue = Catalog(domain=DOMAIN, charset="utf-8")
    for key, (sentence, places) in sorted(found.items(), key=lambda item: (min(item[1][1]), item[0])):
        catalogue.add(sentence, locations=[(place, 0) for place in sorted(places)])
        catalogue[key].flags -= {"python-format", "python-brace-format"}
    return catalogue


def written(catalogue: Catalog, language: str, *, template: bool = False) -> str:
    """Return the text of a catalogue, with a header that holds no date and no author."""
    body = io.BytesIO()
    write_po(body, catalogue, width=110, omit_header=True, include_lineno=False, ignore_obsolete=True)
    plural = PLURALS.get(language, "n != 1")
    return HEADER.format(language="" if template else language, plural=plural) + body.getvalue().decode().strip() + "\n"


def catalogue_path(language: str) -> Path:
    """Return where a language's sentences lie."""
    return LOCALE / language / f"{DOMAIN}.po"


def languages() -> list[str]:
    """Return the languages to keep: those required and those already begun."""
    return sorted({*REQUIRED, *(p.parent.name for p in LOCALE.glob(f"*/{DOMAIN}.po"))})


def read(language: str) -> Catalog:
    """Return a language's catalogue, empty where none was begun."""
    path = catalogue_path(language)
    if not path.is_file():
        return Catalog(locale=language, domain=DOMAIN, charset="utf-8")
    with path.open("rb") as handle:
        return read_po(handle, locale=language, domain=DOMAIN)


def refreshed(language: str, template: Catalog) -> Catalog:
    """Return the catalogue of a language with exactly the sentences of `template`, translations kept."""
    old = {_key(m): m for m in read(language) if m.id}
    fresh = Catalog(locale=language, domain=DOMAIN, charset="utf-8")
    for message in template:
        if not message.id:
            continue
        before = old.get(_key(message))
        kept = before.string if before is not None and before.pluralizable == message.pluralizable else None
        flags = before.flags & {"fuzzy"} if before is not None else set()
        comments = before.user_comments if before is not None else ()
        fresh.add(message.id, kept, locations=message.locations, flags=flags, user_comments=comments)
        fresh[_key(message)].flags -= {"python-format", "python-brace-format"}
    return fresh


def sentences_of(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Return the one or several sentences of a message, singular first."""
    return (value,) if isinstance(value, str) else tuple(value or ("",))


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def fields_of(sentence: str) -> set[str]:
    """Return the names of the fields in a sentence. Raises `ValueError` where its braces do not match."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def source_faults(catalogue: Catalog) -> Iterator[str]:
    """Yield what is wrong in the French sentences themselves."""
    for message in catalogue:
        for sentence in sentences_of(message.id):
            where = message.locations[0][0] if message.locations else "?"
            for pattern, fault in TYPOGRAPHY:
                if pattern.search(sentence):
                    yield f"{where} : {fault} dans « {sentence} »"
            try:
                if "" in fields_of(sentence):
                    yield f"{where} : un champ sans nom dans « {sentence} »"
            except ValueError:
                yield f"{where} : accolades mal fermées dans « {sentence} »"


def _names(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def call_faults(tree: ast.AST, where: str) -> Iterator[str]:
    """Yield the calls that no catalogue can serve: a sentence made up on the spot, or translated at import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _names(node) in KEYWORDS and node.args:
            sentences = node.args[:2] if _names(node) == "ngettext" else node.args[:1]
            for sentence in sentences:
                made_up = isinstance(sentence, ast.JoinedStr | ast.BinOp) or (
                    isinstance(sentence, ast.Call)
                    and isinstance(sentence.func, ast.Attribute)
                    and sentence.func.attr == "format"
                )
                if made_up:
                    yield f"{where}:{node.lineno} : phrase composée dans {_names(node)}() ; écrire des champs {{nommés}}"
        if isinstance(node, ast.JoinedStr):
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and _names(call) in KEYWORDS and isinstance(call.args[0], ast.Constant):
                    yield f"{where}:{call.lineno} : phrase dans une f-string, que le catalogue ne voit pas ; la sortir"
    for node in _at_import(tree):
        if isinstance(node, ast.Call) and _names(node) in ("_", "gettext", "ngettext"):
            yield f"{where}:{node.lineno} : {_names(node)}() à l'import ; écrire N_() ici et traduire à l'affichage"


def _at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run when the module is imported: all but the bodies of functions."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in (*child.decorator_list, child.args):
                yield from _at_import(part)
                yield part
        elif not isinstance(child, ast.Lambda):
            yield child
            yield from _at_import(child)


def translation_faults(language: str, template: Catalog) -> Iterator[str]:
    """Yield the sentences that a language lacks, doubts, leaves empty, keeps for nothing, or says with other fields."""
    have = {_key(m): m for m in read(language) if m.id}
    wanted = {_key(m): m for m in template if m.id}
    for key in have.keys() - wanted.keys():
        yield f"{language} : phrase qui n'existe plus : « {key} »"
    for key, message in wanted.items():
        translated = have.get(key)
        if translated is None or translated.pluralizable != message.pluralizable:
            yield f"{language} : phrase absente : « {key} »"
        elif translated.fuzzy:
            yield f"{language} : traduction douteuse (fuzzy) : « {key} »"
        else:
            yield from _field_faults(language, message, translated)


def _field_faults(language: str, message: Message, translated: Message) -> Iterator[str]:
    originals = sentences_of(message.id)
    answers = sentences_of(translated.string)
    every = set().union(*(fields_of(o) for o in originals))
    for index, answer in enumerate(answers):
        if not answer:
            yield f"{language} : phrase non traduite : « {originals[0]} »"
            continue
        try:
            fields = fields_of(answer)
        except ValueError:
            yield f"{language} : accolades mal fermées : « {answer} »"
            continue
        # « one household » may leave the number out; the plural may not.
        singular = message.pluralizable and index == 0
        if not (fields <= every if singular else fields == every):
            yield f"{language} : les champs diffèrent : « {originals[0]} » / « {answer} »"


def faults() -> Iterator[str]:
    """Yield everything that is wrong, each as a sentence."""
    for path in source_files():
        yield from call_faults(ast.parse(path.read_text(encoding="utf-8")), path.relative_to(PROJECT).as_posix())
    template = extracted()
    in_french = list(source_faults(template))
    yield from in_french
    if in_french:
        return  # the keys themselves will change
    pot = LOCALE / f"{DOMAIN}.pot"
    if not pot.is_file() or pot.read_text(encoding="utf-8") != written(template, "fr", template=True):
        yield "epicerie.pot n'est plus à jour : lancer tools/translations.py update"
    for language in languages():
        yield from translation_faults(language, template)


def update() -> None:
    """Write the template and every language anew; what is translated stays, what is new is left empty."""
    template = extracted()
    LOCALE.mkdir(parents=True, exist_ok=True)
    (LOCALE / f"{DOMAIN}.pot").write_text(written(template, "fr", template=True), encoding="utf-8", newline="\n")
    for language in languages():
        fresh = refreshed(language, template)
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(fresh, language), encoding="utf-8", newline="\n")
        empty = sum(1 for m in fresh if m.id and not all(sentences_of(m.string)))
        print(f"{language} : {len(fresh)} phrases, {empty} à traduire")


def main() -> int:
    """Run the command asked for; return 1 if the check found something."""
    command = sys.argv[1] if len(sys.argv) > 1 else "check"
    if command == "update":
        update()
        return 0
    if command != "check":
        print("usage : tools/translations.py [check | update]", file=sys.stderr)
        return 2
    found = list(faults())
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
