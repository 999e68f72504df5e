"""A condition said in words: « deux personnes ou plus, parent seul »; for the explanation of an answer and for the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from epicerie_desktop.domain import labels
from epicerie_desktop.domain.eligibility.outcome import Counted, Field, Listed, Phrase, Told
from epicerie_desktop.domain.eligibility.rules import When
from epicerie_desktop.support.i18n import N_, NN_

_HEADS = {
    "persons": (NN_("{n} personne ou plus", "{n} personnes ou plus"), NN_("{n} personne au plus", "{n} personnes au plus")),
    "adults": (NN_("{n} adulte ou plus", "{n} adultes ou plus"), NN_("{n} adulte au plus", "{n} adultes au plus")),
    "children": (NN_("{n} enfant ou plus", "{n} enfants ou plus"), NN_("{n} enfant au plus", "{n} enfants au plus")),
    "oldest": (NN_("une personne de {n} an ou plus", "une personne de {n} ans ou plus"),
               NN_("personne de plus de {n} an", "personne de plus de {n} ans")),
    "youngest": (NN_("tous de {n} an ou plus", "tous de {n} ans ou plus"),
                 NN_("une personne de {n} an au plus", "une personne de {n} ans au plus")),
    "rights": (NN_("{n} droit passé ou plus", "{n} droits passés ou plus"), NN_("{n} droit passé au plus", "{n} droits passés au plus")),
}  # fmt: skip
"""How a least and a most are said."""


def when_words(when: When, question: Callable[[str], str], band: Callable[[str], str]) -> Listed:
    """Return a condition in words; `question` and `band` give the labels of their codes."""
    plain = list(_plain(when, question, band))
    if when.any:
        plain.append(Listed(tuple(when_words(w, question, band) for w in when.any), either=True))
    return Listed(tuple(plain))


def _plain(when: When, question: Callable[[str], str], band: Callable[[str], str]) -> Iterator[Field]:
    for name, (at_least, at_most) in _HEADS.items():
        least, most = getattr(when, name)
        if least:
            yield Counted(at_least, least)
        if most is not None:
            yield Counted(at_most, most)
    if when.household_types:
        kinds: tuple[Field, ...] = tuple(Phrase(labels.named(k)) for k in sorted(when.household_types))
        yield Listed(kinds, either=True)
    if when.communes:
        yield Told(N_("commune {codes}"), (("codes", ", ".join(sorted(when.communes))),))
    for code, yes in when.answers:
        yield Told(N_("{label} : oui") if yes else N_("{label} : non"), (("label", question(code)),))
    if when.bands:
        named: tuple[Field, ...] = tuple(Told(N_("tranche {label}"), (("label", band(c)),)) for c in sorted(when.bands))
        yield Listed(named, either=True)
