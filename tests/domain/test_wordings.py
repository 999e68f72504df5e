from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.wording_around import TEMPLATES
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.domain.wordings import checked_wording, filled, filled_lines, proposed
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import HOUSEHOLD_LANGUAGES, in_language

EVERY_KIND = pytest.mark.parametrize("kind", WordingKind, ids=str)


def values_of(kind: WordingKind) -> dict[str, str | tuple[str, ...]]:
    return {b.key: (("une chose", "une autre") if b.many else f"<{b.key}>") for b in TEMPLATES[kind].blanks}


@EVERY_KIND
def test_every_proposed_wording_passes_its_own_check_and_leaves_no_brace_on_paper(kind):
    for spoken in HOUSEHOLD_LANGUAGES if TEMPLATES[kind].spoken else ("fr", "en"):
        with in_language(spoken):
            text = proposed(kind)
            assert checked_wording(kind, text) == text
            for values in (values_of(kind), {}):
                said = [line for p in filled(kind, text, values) for line in (p.title, *p.words, *p.listed)]
                assert not re.search(r"[{}|#]", "".join(said))


@EVERY_KIND
def test_each_field_of_a_paper_is_printed_where_it_is_written(kind):
    template = TEMPLATES[kind]
    for blank in template.blanks:
        others = "\n".join(("- " if b.many else "") + f"{{{b.name}}}" for b in template.needed)
        text = checked_wording(kind, f"{others}\n" + ("- " if blank.many else "Mot ") + f"{{{blank.name}}}")
        said = [line for p in filled(kind, text, values_of(kind)) for line in (*p.words, *p.listed)]
        wanted = "une autre" if blank.many else f"Mot <{blank.key}>"
        assert wanted in said


def test_a_line_without_its_field_gives_way_to_the_one_that_replaces_it():
    text = "Jusqu'au {fin}.\n| Sans fin.\n{nom} {mandataire}"
    assert filled_lines(WordingKind.PROXY, text, {"until": "3 mai", "name": "A", "proxy": "B"}) == (
        "Jusqu’au 3 mai.",
        "A B",
    )
    assert filled_lines(WordingKind.PROXY, text, {"name": "A", "proxy": "B"}) == ("Sans fin.", "A B")
    assert filled_lines(WordingKind.PROXY, text, {}) == ("Sans fin.",)


def test_headings_lists_and_words_keep_the_order_they_were_typed_in():
    found = filled(WordingKind.RULES, "Avant {nom}\n# Un titre\n- un\n- deux\nAprès\n\nFin", {"name": "A"})
    assert [tuple(p) for p in found] == [
        ("", ("Avant A",), ()),
        ("Un titre", (), ("un", "deux")),
        ("", ("Après", "Fin"), ()),
    ]


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (WordingKind.RULES, "{nom}\nBonjour {prénom}", "Ligne 2 : {prénom} n'est pas un champ"),
        (WordingKind.RULES, "{nom}\n\nUne {nom", "Ligne 3 : une accolade est restée seule"),
        (WordingKind.RULES, "{nom} a <b>lu</b>", "Ligne 1 : « <b> » s'imprimerait tel quel"),
        (WordingKind.RULES, "{nom} &nbsp; a lu", "« &nbsp; »"),
        (WordingKind.RULES, "Sans le nom", "{nom}"),
        (WordingKind.CONTRACT, "{nom} promet {engagements}", "s'écrit seul"),
        (WordingKind.TICKET, "# Merci", "ni titre ni liste"),
        (WordingKind.TICKET, "un\ndeux\ntrois\nquatre\ncinq", "4 lignes au plus"),
        (WordingKind.RULES, "{nom} 1 85 05 78 006 084 36", "sécurité sociale"),
        (WordingKind.RULES, "{nom} \u202eà l'envers", "signe invisible"),
    ],
)  # fmt: skip
def test_what_would_spoil_a_paper_is_refused_with_the_line_to_mend(kind, text, told):
    with pytest.raises(BadInput) as refused:
        checked_wording(kind, text)
    said = re.sub("[\u00a0\u202f]", " ", str(refused.value)).replace("’", "'")
    assert told in said


@given(st.sampled_from(list(WordingKind)), st.text(st.sampled_from(string.printable + "{}é#|-<&"), max_size=120))
def test_whatever_is_kept_prints_without_a_brace_and_is_kept_alike_again(kind, text):
    needed = "\n".join(("- " if b.many else "") + f"{{{b.name}}}" for b in TEMPLATES[kind].needed)
    try:
        kept = checked_wording(kind, f"{needed}\n{text}")
    except BadInput:
        kept = checked_wording(kind, needed)
    assert checked_wording(kind, kept) == kept
    for values in (values_of(kind), {}):
        assert not re.search(r"[{}]", repr(filled(kind, kept, values)))
