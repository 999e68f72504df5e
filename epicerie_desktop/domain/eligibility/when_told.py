"""A condition said in words: « deux personnes ou plus, parent seul »; for the explanation of an answer and for the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from epicerie_desktop.domain import labels
from epicerie_desktop.domain.eligibility.outcome import Field, Listed, Phrase, Told
from epicerie_desktop.domain.eligibility.rules import When
from epicerie_desktop.support.i18n import N_

_HEADS = {
    "persons": (N_("{n} personne(s) ou plus"), N_("{n} personne(s) au plus")),
    "adults": (N_("{n} adulte(s) ou plus"), N_("{n} adulte(s) au plus")),
    "children": (N_("{n} enfant(s) ou plus"), N_("{n} enfant(s) au plus")),
    "oldest": (N_("une personne de {n} ans ou plus"), N_("personne de plus de {n} ans")),
    "youngest": (N_("tous de {n} ans ou plus"), N_("une personne de {n} ans au plus")),
    "rights": (N_("{n} droit(s) passé(s) ou plus"), N_("{n} droit(s) passé(s) au plus")),
}
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
            yield Told(at_least, (("n", least),))
        if most is not None:
            yield Told(at_most, (("n", most),))
    if when.household_types:
        kinds: tuple[Field, ...] = tuple(Phrase(labels.named(k)) for k in sorted(when.household_types))
        yield Listed(kinds, either=True)
    if when.communes:
        yield Told(N_("commune {codes}"), (("codes", ", ".join(sorted(when.communes))),))
    for code, yes in when.answers:
        yield Told(N_("{label} : oui") if yes else N_("{label} : non"), (("label", question(code)),))
    if when.bands:
        yield Told(N_("tranche {labels}"), (("labels", ", ".join(band(c) for c in sorted(when.bands))),))
