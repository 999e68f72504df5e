"""Social scales (poverty line, RSA …) as dated figures: those of the shop, then those that come with the program."""

from __future__ import annotations

from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.eligibility.rules import ScaleFigure
from epicerie_desktop.domain.eligibility.scales import parse_scales
from epicerie_desktop.persistence.models import SocialScale
from epicerie_desktop.support import paths


@cache
def shipped_scales() -> tuple[ScaleFigure, ...]:
    """Return the figures of resources/scales.toml, in cents a month, each with its first day and source."""
    return parse_scales(paths.resource("scales.toml").read_text("utf-8"))


def scales_in(session: Session) -> tuple[ScaleFigure, ...]:
    """Return every figure at hand, inside a caller's block; on the same day the shop's own comes first and wins."""
    rows = session.execute(
        select(SocialScale.code, SocialScale.valid_from, SocialScale.value, SocialScale.source)
    ).all()
    own = tuple(ScaleFigure(r.code, r.valid_from, r.value, r.source) for r in rows)
    return (*own, *shipped_scales())
