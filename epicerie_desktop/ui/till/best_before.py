"""The question about goods past their best-before date: the pack looked at, another date read, or the team's agreement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.dates import BestBefore
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.services.stock.best_before import StaleLot
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.stock.limits import parse_limit
from epicerie_desktop.ui.till.step import Step

_LETTER = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Checked:
    """The pack was looked at and is right; `agreed` is why the team lets it go beyond the tolerance."""

    agreed: str = ""


class BestBeforeStep(Step):
    """Answers `Checked`, or the later date that the pack shows; Escape puts the pack aside."""

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(_("DDM dépassée"), _("Contrôlé, remettre"), _("Mettre de côté"), parent)
        self._today = today
        self._beyond = False

    def ask(self, article: str, stale: StaleLot) -> None:
        """Ask about an article whose first lot is past its best-before date."""
        self._beyond = stale.state is BestBefore.BEYOND
        self.title.setText(
            _("« {article} » : DDM {day} dépassée d'après le stock.").format(article=article, day=stale.written)
        )
        if self._beyond:
            self.hint.setText(
                _("Trop tard pour être remis : Échap, et mettez-le de côté. Autre date sur l'emballage : tapez-la. "
                  "Déjà dans le sac de la famille : notez l'accord de l'équipe et sa raison.")
            )  # fmt: skip
        else:
            self.hint.setText(
                _("Emballage intact, aspect normal ? Entrée le note. Autre date sur l'emballage : tapez-la. Sinon, Échap.")
            )  # fmt: skip
        self.line.setPlaceholderText(_("date ou raison") if self._beyond else _("Entrée, ou la date lue"))
        self.confirm.set_text(_("Accord noté") if self._beyond else _("Contrôlé, remettre"))
        self.begin()

    def answer(self, typed: str) -> Checked | date:
        """Return what was seen. Raises `BadInput`: nothing typed beyond the tolerance, a date that has passed as well."""
        if _LETTER.search(typed):
            if self._beyond:
                return Checked(typed)
            raise BadInput(
                N_("Répondez par Entrée, par Échap, ou tapez la date lue sur l'emballage, par exemple 11/2027.")
            )
        if not typed:
            if self._beyond:
                raise BadInput(
                    N_("Cette DDM est dépassée depuis trop longtemps : il faut l'accord de l'équipe, avec sa raison.")
                )
            return Checked()
        read = parse_limit(typed, self._today, DateKind.BEST_BEFORE)[1]
        if read < self._today:
            raise BadInput(N_("Cette date est dépassée elle aussi : videz la case, puis Entrée ou Échap."))
        return read
