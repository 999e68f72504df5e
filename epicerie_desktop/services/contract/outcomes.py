"""What became of a parcel (exchange.md §4.3), each told by its own sentence, and what is said of one that is taken all the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from epicerie_desktop.domain.figures import Totals
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


class Outcome(StrEnum):
    """What a parcel is, beside what is known of its shop."""

    NEW = "new"
    KNOWN = "known"
    OLDER = "older"
    FORK = "fork"
    TOO_FAR = "too_far"
    FUTURE = "future"
    LEFT = "left"
    RESTORED = "restored"
    SHRANK = "shrank"


ASKING = frozenset({Outcome.RESTORED, Outcome.SHRANK})
"""What is taken in only with a reason, once the shop was called."""
ACCEPTABLE = ASKING | {Outcome.NEW}

SENTENCES = {
    Outcome.NEW: N_("Reçu : {site}, envoi n° {seq}."),
    Outcome.KNOWN: N_("Déjà reçu le {day} : rien n'a changé."),
    Outcome.OLDER: N_("Fichier plus ancien que celui que vous avez déjà (n° {seq}) : rien n'a changé."),
    Outcome.FORK: N_(
        "Deux fichiers différents portent le n° {seq} de {site} : l'ordinateur a-t-il été copié ? Rien n'a changé."
    ),
    Outcome.TOO_FAR: N_(
        "Le n° {seq} de {site} est beaucoup trop loin du précédent : rien n'a changé. Appelez l'épicerie."
    ),
    Outcome.FUTURE: N_(
        "Ce fichier de {site} compte des mois à venir ({months}) : l'horloge du poste avance, ou celle d'ici retarde. Rien n'a changé ; "
        "remettez l'horloge à l'heure, puis demandez un nouvel export."
    ),
    Outcome.LEFT: N_(
        "{site} a quitté le contrat le {day} : ce fichier n'apporte rien de ce qui précède. Rien n'a changé."
    ),
    Outcome.RESTORED: N_("{site} a été réinstallé ou restauré : vérifiez avec l'épicerie, puis acceptez ce fichier."),
    Outcome.SHRANK: N_("Des mois clos de {site} ont diminué : vérifiez avec l'épicerie, puis acceptez ce fichier."),
}
"""The sentence of each outcome."""
CHAIN_BROKEN = N_(
    "L'envoi n° {seq} de {site} ne suit pas celui que vous avez reçu avant lui : deux ordinateurs portent la même identité. "
    "Rien n'a changé ; appelez l'épicerie, et restaurez une copie sur l'un des deux."
)
"""The sentence of a fork told by the chain: the right number, after another parcel than the one received."""
OLDER_ELSEWHERE = N_(
    "Le poste {other} de {site} a envoyé depuis un fichier plus récent de la même base : rien n'a changé."
)
"""The sentence of a parcel older than what another post sent of the same file."""


class Warn(StrEnum):
    """What is said of a parcel, and kept with it."""

    CLOCK_AHEAD = "clock_ahead"
    CLOCK_BACK = "clock_back"
    MISSING = "missing_months"
    NOT_TAKEN = "after_leaving"
    JOURNAL = "journal"
    NEWER_PART = "newer_part"
    DEFINITIONS = "definitions"
    EDITION = "edition"


WARNINGS = {
    Warn.CLOCK_AHEAD: N_("Ce fichier se dit écrit le {day}, dans l'avenir : l'horloge du poste avance."),
    Warn.CLOCK_BACK: N_("Ce fichier se dit écrit le {day}, avant le précédent ({before}) : l'horloge du poste a reculé."),
    Warn.MISSING: N_("Il manque des mois, qui ne sont pas à zéro mais absents : {months}."),
    Warn.NOT_TAKEN: N_("Les mois d'après le départ de l'épicerie ({day}) ne sont pas pris : {months}."),
    Warn.JOURNAL: N_(
        "Le journal de l'épicerie ne dit plus la même chose de mois passés ({months}) : ce qui y était écrit a été changé ou perdu."
    ),
    Warn.NEWER_PART: N_("Une partie nommée « {part} », plus récente, n'est pas lue : mettez le programme à jour."),
    Warn.DEFINITIONS: N_(
        "L'épicerie compte par d'autres définitions que celles d'ici : l'un des deux programmes est plus ancien."
    ),
    Warn.EDITION: N_("L'épicerie suit encore l'édition {theirs} du fichier de contrat ; la vôtre est la {ours}."),
}  # fmt: skip
"""The sentence of each."""


class Warned(NamedTuple):
    """Something said of a parcel, with what its sentence tells."""

    kind: Warn
    fields: dict[str, Any]

    @property
    def sentence(self) -> str:
        """Return it in the language in use."""
        return _(WARNINGS[self.kind]).format(**self.fields)

    def to_record(self) -> dict[str, Any]:
        """Return it as kept with the parcel."""
        return {"kind": self.kind.value, **self.fields}


_NEVER_FALLING = ("families", "persons", "visits", "grams", "shelf_cents", "paid_cents")


@dataclass(frozen=True, slots=True)
class MonthChange:
    """A month that the parcel brings or replaces: its totals before (None where it was unknown) and after.

    `amendments` is what the shop's own amendments say since: their day, the kind of what changed (`ChangeKind`), how often.
    """

    month: str
    before: Totals | None
    after: Totals
    amendments: tuple[tuple[str, str, int], ...] = ()

    @property
    def shrinks(self) -> bool:
        """Return whether one of its totals falls."""
        if self.before is None:
            return False
        return any(getattr(self.after, name) < getattr(self.before, name) for name in _NEVER_FALLING)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a parcel is and would change (`accepted` False), or has changed (`accepted` True).

    `control` are the totals that the shop wrote, `totals` those made again here; `before` those of the shop as known so far.
    """

    outcome: Outcome
    site: str
    post: int
    seq: int
    accepted: bool
    changes: tuple[MonthChange, ...]
    totals: Totals
    first_signature: bool
    signer: str
    sentence: str
    fields: dict[str, Any]
    missed: int = 0
    """How many numbers before it never came: without consequence, each parcel holding every month."""
    control: dict[str, int] = field(default_factory=dict)
    before: Totals | None = None
    warnings: tuple[Warned, ...] = ()
    body_version: int = 1
    site_code: str = ""
    post_name: str = ""
