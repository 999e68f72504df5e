"""How much of an article, or of a family, there should be, and whom to ask for more."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Choice


class StockMinimum(Identified, Edited, Base):
    """A goal for an article or a family, one of the two. Quantities are pieces or grams, by `counted_by`.

    `weeks` of usual use should be there, and never less than `least`; `pack` is what comes together. Whom to ask: a supplier, an
    origin, or neither, and then whoever brought the last lot.
    """

    __tablename__ = "stock_minimum"
    __table_args__ = (
        UniqueConstraint("article_id"),
        UniqueConstraint("family_id"),
        CheckConstraint("(article_id IS NULL) <> (family_id IS NULL)", name="one_kind"),
        STRICT,
    )

    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    counted_by: Mapped[SoldBy] = mapped_column(Choice(SoldBy))
    weeks: Mapped[int]
    least: Mapped[int] = mapped_column(default=0)
    pack: Mapped[int] = mapped_column(default=1)
    origin: Mapped[Origin | None] = mapped_column(Choice(Origin))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"))


__all__ = ["StockMinimum"]
