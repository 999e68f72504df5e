"""Social scales (poverty line, RSA …) as dated figures: those of the shop, then those that come with the program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.eligibility.rules import ScaleFigure
from epicerie_desktop.domain.eligibility.scales import parse_scales
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.statements import MOST_STATED_CENTS
from epicerie_desktop.persistence.models import SocialScale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import paths
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FIRST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """A figure at hand, in cents a month; `own` when the shop added it, `current` when it is the one in force today."""

    code: str
    valid_from: date
    cents: int
    source: str
    own: bool
    current: bool


@cache
def shipped_scales() -> tuple[ScaleFigure, ...]:
    """Return the figures of resources/scales.toml, in cents a month, each with its first day and source."""
    return parse_scales(paths.resource("scales.toml").read_text("utf-8"))


def scales_in(session: Session) -> tuple[ScaleFigure, ...]:
    """Return every figure at hand, inside a caller's block; on the same day the shop's own comes first and wins."""
    return (*_own(session), *shipped_scales())


def _own(session: Session) -> tuple[ScaleFigure, ...]:
    rows = session.execute(
        select(SocialScale.code, SocialScale.valid_from, SocialScale.value, SocialScale.source)
    ).all()
    return tuple(ScaleFigure(r.code, r.valid_from, r.value, r.source) for r in rows)


def list_scales(desk: Desk) -> tuple[ScaleRow, ...]:
    """Return every figure by scale, the newest first; a shipped one replaced by the shop's on the same day is left out."""
    today = desk.clock.today()
    with desk.db.read() as session:
        own = _own(session)
    ours = {(f.code, f.valid_from) for f in own}
    figures = [*own, *(f for f in shipped_scales() if (f.code, f.valid_from) not in ours)]
    figures.sort(key=lambda f: (f.code, -f.valid_from.toordinal()))
    in_force: dict[str, date] = {}
    for figure in figures:
        if figure.valid_from <= today:
            in_force.setdefault(figure.code, figure.valid_from)
    return tuple(
        ScaleRow(f.code, f.valid_from, f.cents, f.source, (f.code, f.valid_from) in ours, in_force.get(f.code) == f.valid_from)
        for f in figures
    )  # fmt: skip


def add_scale(desk: Desk, figure: ScaleFigure) -> None:
    """Add a dated figure of the shop, with its source. What was decided before keeps the figure it was decided on.

    Raises `BadInput`: a code the règlement could not name, no source, an absurd amount or year; `RuleRefused` where the shop
    already gave a figure for that day.
    """
    require_team(desk)
    source = checked_text(figure.source, 300)
    if not _CODE.fullmatch(figure.code):
        raise BadInput(N_("Le nom d'un barème s'écrit en minuscules sans accent, par exemple « rsa_single »."))
    if not source:
        raise BadInput(N_("Dites d'où vient ce chiffre : le décret, la publication, sa date."))
    if not 0 < figure.cents <= MOST_STATED_CENTS:
        raise BadInput(N_("Ce montant n'est pas celui d'un barème : vérifiez la saisie."))
    if not _FIRST_YEAR <= figure.valid_from.year <= desk.clock.today().year + 2:
        raise BadInput(N_("Cette date est trop loin : vérifiez l'année."))
    with desk.db.write() as session:
        if session.get(SocialScale, (figure.code, figure.valid_from)) is not None:
            raise RuleRefused(N_("Ce barème a déjà un chiffre à partir de ce jour : changez la date."))
        session.add(SocialScale(code=figure.code, valid_from=figure.valid_from, value=figure.cents, source=source))
        body = {"code": figure.code, "from": figure.valid_from.isoformat(), "cents": figure.cents}
        seal_in_journal(session, desk, "scale", body)
