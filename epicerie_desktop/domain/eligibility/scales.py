"""Dated figures of social scales (poverty line, RSA …) of which a rule takes a percentage. Knows no figure itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from epicerie_desktop.domain.eligibility.document import Section, read_toml
from epicerie_desktop.domain.eligibility.rules import RulesetInvalid, ScaleFigure
from epicerie_desktop.support.i18n import N_

__all__ = ["ScaleFigure", "Scales", "parse_scales", "read_scales"]


@dataclass(frozen=True, slots=True)
class Scales:
    """The figures at hand; where two have the same code and first day, the earlier in the list wins."""

    figures: tuple[ScaleFigure, ...] = ()

    def on(self, code: str, day: date) -> ScaleFigure | None:
        """Return the figure in force on `day`, None where there is none yet."""
        known = [f for f in self.figures if f.code == code and f.valid_from <= day]
        return max(known, key=lambda f: f.valid_from, default=None)


def read_scales(sections: Iterable[Section]) -> tuple[ScaleFigure, ...]:
    """Return the rows of `[[scales]]`. Raises at the place: a missing source, the same code twice from the same day."""
    found: dict[tuple[str, date], ScaleFigure] = {}
    for at in sections:
        row = ScaleFigure(at.code("code"), at.day("valid_from"), at.cents("amount"), at.text("source"))
        at.done()
        if (row.code, row.valid_from) in found:
            raise at.wrong("valid_from", N_("{place} : ce barème a déjà un chiffre à cette date."))
        found[row.code, row.valid_from] = row
    return tuple(found.values())


def parse_scales(text: str) -> tuple[ScaleFigure, ...]:
    """Return the figures of a TOML document of `[[scales]]`, in cents a month. Raises `RulesetInvalid` with the place."""
    top = Section(read_toml(text, RulesetInvalid), "", RulesetInvalid)
    found = read_scales(top.sections("scales"))
    top.done()
    return found
