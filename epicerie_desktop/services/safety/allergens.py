"""Allergens by article: what is known, told by hand or taken from an open catalogue; nothing said is « unknown », never « absent »."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.safety import Allergen, Presence
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import Article, ArticleAllergen, Family
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal

Known = Mapping[Allergen, Presence]


@dataclass(frozen=True, slots=True)
class AllergenRow:
    """An article and what is known of the fourteen; what is not there is unknown."""

    article: int
    name: str
    family: str
    known: Known

    def of(self, allergen: Allergen) -> Presence:
        """Return what is known of one."""
        return self.known.get(allergen, Presence.UNKNOWN)

    @property
    def unknown(self) -> int:
        """Return how many of the fourteen nobody has answered for."""
        return sum(1 for a in Allergen if self.of(a) is Presence.UNKNOWN)


def allergen_rows(desk: Desk) -> tuple[AllergenRow, ...]:
    """Return the food articles in use, by family and name, but those sold loose under their family's name."""
    with desk.db.read() as session:
        known: dict[int, dict[Allergen, Presence]] = {}
        for r in session.execute(
            select(ArticleAllergen.article_id, ArticleAllergen.allergen, ArticleAllergen.presence)
        ):
            known.setdefault(r.article_id, {})[r.allergen] = r.presence
        rows = session.execute(
            select(Article.id, Article.name, Family.name.label("family"))
            .join(Family, Family.id == Article.family_id)
            .where(Article.active, ~Article.generic, Family.food)
            .order_by(Family.position, Article.folded)
        )
        return tuple(AllergenRow(r.id, r.name, r.family, known.get(r.id, {})) for r in rows)


def allergens_of(desk: Desk, article: int) -> Known:
    """Return what is known of an article."""
    with desk.db.read() as session:
        return _of(session, article)


def _of(session: Session, article: int) -> dict[Allergen, Presence]:
    rows = session.execute(
        select(ArticleAllergen.allergen, ArticleAllergen.presence).where(ArticleAllergen.article_id == article)
    )
    return {r.allergen: r.presence for r in rows}


def save_allergens(desk: Desk, article: int, known: Known) -> None:
    """Keep what is known of the fourteen for an article: all that is not told becomes unknown."""
    with desk.db.write() as session:
        session.get_one(Article, article)
        wanted = {a: p for a, p in known.items() if p is not Presence.UNKNOWN}
        before = _of(session, article)
        if wanted == before:
            return
        for allergen, presence in wanted.items():
            if before.get(allergen) is presence:
                continue
            session.merge(
                ArticleAllergen(
                    article_id=article, allergen=allergen, presence=presence, changed_at=desk.clock.now(), changed_by=desk.actor.id
                )
            )  # fmt: skip
        gone = [a for a in before if a not in wanted]
        session.execute(
            delete(ArticleAllergen).where(ArticleAllergen.article_id == article, ArticleAllergen.allergen.in_(gone))
        )
        body = {"article": article, "known": {a.value: p.value for a, p in sorted(wanted.items())}}
        seal_in_journal(session, desk, "allergens", body)


def grid_pdf(desk: Desk) -> bytes:
    """Return the grid of the shop's articles as PDF, to put up or to answer a family."""
    from epicerie_desktop.domain.labels import label
    from epicerie_desktop.printing import allergen_grid
    from epicerie_desktop.services.sheets import header

    rows = allergen_rows(desk)
    lines = tuple((r.family, r.name, tuple(r.of(a) for a in Allergen)) for r in rows)
    return allergen_grid.render(
        allergen_grid.Grid(
            header(desk, WordingKind.ALLERGENS), tuple(label(a) for a in Allergen), lines, desk.clock.now()
        )
    )
