"""The reference values of a day: each article's own, and its family's where it has none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.stock import worth
from epicerie_desktop.persistence.models import Article, ArticleValue, FamilyValue, Lot


@dataclass(frozen=True, slots=True)
class Values:
    """In cents: `own` by article (per kilo or per piece), `families` by family (per kilo, per piece), None where missing."""

    own: dict[int, int]
    families: dict[int, tuple[int | None, int | None]]

    def of(self, article: int, family: int, sold_by: SoldBy) -> int | None:
        """Return the value of an article: its own, else its family's."""
        if article in self.own:
            return self.own[article]
        per_kg, per_piece = self.families.get(family, (None, None))
        return per_kg if sold_by is SoldBy.WEIGHT else per_piece


def values_in(session: Session, day: date) -> Values:
    """Return the values in force on `day`, inside a caller's block: the last one that began wins."""
    own = session.execute(
        select(ArticleValue.article_id, ArticleValue.cents)
        .where(ArticleValue.valid_from <= day)
        .order_by(ArticleValue.valid_from)
    ).all()
    families = session.execute(
        select(FamilyValue.family_id, FamilyValue.cents_per_kg, FamilyValue.cents_per_piece)
        .where(FamilyValue.valid_from <= day)
        .order_by(FamilyValue.valid_from)
    ).all()
    return Values(dict(own), {family: (per_kg, per_piece) for family, per_kg, per_piece in families})


def worth_in(session: Session, lot: Lot, pieces: int, grams: int, day: date) -> int | None:
    """Return what pieces or grams of a lot are worth in cents on `day`, before they leave it, inside a caller's block."""
    article = session.get_one(Article, lot.article_id)
    cents = values_in(session, day).of(article.id, article.family_id, article.sold_by)
    held = (lot.balance_pieces, lot.balance_grams)
    return worth(cents, pieces=pieces, grams=grams, held=held, by_piece=article.sold_by is SoldBy.PIECE)
