"""A basket in the making: frozen lines and their totals. Each gesture gives a new basket or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from epicerie_desktop.domain.access import Spent
from epicerie_desktop.domain.units import MAX_GRAMS, round_half_up, share_of, value_of
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

MAX_LINES = 200


class SoldBy(StrEnum):
    """How an article is counted."""

    PIECE = "PIECE"
    WEIGHT = "WEIGHT"


class WeightSource(StrEnum):
    """Where the grams of a line come from; reports keep weighed and estimated apart."""

    SCALE = "SCALE"
    LABEL = "LABEL"
    TYPED = "TYPED"
    NET = "NET"
    UNKNOWN = "UNKNOWN"
    ESTIMATED = "ESTIMATED"
    """Worked out from the price of a bag that nobody could weigh: it makes no price."""
    LEARNED = "LEARNED"
    """The median of what weighed receptions of the article weighed apiece."""
    FAMILY = "FAMILY"
    """The usual weight of a piece of its family."""


ESTIMATES = frozenset({WeightSource.ESTIMATED, WeightSource.LEARNED, WeightSource.FAMILY})
"""The sources of kilos that nobody weighed or read on a pack: an estimate counts in reports, apart, and makes no price."""


@dataclass(frozen=True, slots=True)
class ArticleOffer:
    """An article as the till knows it: its dated reference value (cents per kilo or per piece), None where missing."""

    id: int
    name: str
    family: int
    family_name: str
    sold_by: SoldBy
    reference_cents: int | None
    net_grams: int | None = None
    food: bool = True
    short_code: str = ""
    shared_permille: int | None = None
    """A share of its own, in thousandths, that replaces the household's (0 for free goods)."""
    family_codes: tuple[str, ...] = ()
    """The other names of its family, by which a règlement may name it: code and short name."""
    chilled: bool = False
    piece_cents: int | None = None
    """The value of a piece or a bag of a weighed article, by its family: for goods that may not be priced by weight."""
    guess_grams: int | None = None
    guess_source: WeightSource = WeightSource.UNKNOWN
    """What a piece is thought to weigh where its net weight is not known, and what says it (`domain/piece_weights.py`)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a basket: pieces (0 when weighed), grams, its value on the shelf and the amount paid, in cents."""

    uid: str
    article: int
    name: str
    sold_by: SoldBy
    pieces: int
    grams: int
    source: WeightSource
    reference_cents: int
    shelf_cents: int
    paid_cents: int
    food: bool = True
    tare_grams: int = 0
    lot: int | None = None
    """The lot named by the code or asked of the volunteer; None lets first-expired-first-out choose."""
    pack_date: date | None = None
    """The date read on the pack, where the book knew only an expired lot."""
    gross_grams: int | None = None
    """What lay on the plate, tare and all; None where it is not known."""
    scale: int | None = None
    """The scale's own record, where it weighed."""


@dataclass(frozen=True, slots=True)
class Basket:
    """Lines in the order they were added; every gesture returns another basket."""

    uid: str
    participation_permille: int
    lines: tuple[Line, ...] = ()

    @property
    def shelf_cents(self) -> int:
        """Return the value on the shelf, in cents."""
        return sum(line.shelf_cents for line in self.lines)

    @property
    def paid_cents(self) -> int:
        """Return the amount to pay, in cents."""
        return sum(line.paid_cents for line in self.lines)

    @property
    def grams(self) -> int:
        """Return the food kilos, in grams: what is not food is not counted in kilos (domain.md §5.3)."""
        return sum(line.grams for line in self.lines if line.food)

    @property
    def spent(self) -> Spent:
        """Return what the basket weighs on ceilings."""
        return Spent(self.paid_cents, self.shelf_cents, self.grams)

    def with_weighed(
        self, line_uid: str, offer: ArticleOffer, grams: int, source: WeightSource, *, tare_grams: int = 0, lot: int | None = None,
        capacity_grams: int = MAX_GRAMS, gross_grams: int | None = None, scale: int | None = None,
    ) -> Basket:  # fmt: skip
        """Return the basket with a weighed line. Raises `BadInput` for a weight ≤ 0 or over the scale's capacity."""
        if grams <= 0:
            raise BadInput(N_("Un poids doit être supérieur à zéro."))
        if grams > capacity_grams:
            raise BadInput(N_("Ce poids dépasse la capacité de la balance. Vérifiez l'unité : kilos ou grammes ?"))
        reference = self._reference(offer)
        shelf = value_of(grams, reference)
        return self._with(
            Line(line_uid, offer.id, offer.name, SoldBy.WEIGHT, 0, grams, source, reference, shelf, self._paid(offer, shelf),
                 offer.food, tare_grams, lot, None, gross_grams, scale)
        )  # fmt: skip

    def with_bags(self, line_uid: str, offer: ArticleOffer, bags: int, cents_each: int) -> Basket:
        """Return the basket with bags or pieces of a weighed article, at a price that no weight made.

        Its kilos, for the stock and the reports, are estimated from that price. Raises `BadInput` below 1.
        """
        if not 1 <= bags <= 999:
            raise BadInput(N_("Le nombre de pièces va de 1 à {most}."), most=999)
        reference = self._reference(offer)
        shelf = bags * cents_each
        grams = min(MAX_GRAMS, max(1, round_half_up(Fraction(shelf * 1000, reference)) if reference else 1))
        return self._with(
            Line(line_uid, offer.id, offer.name, SoldBy.WEIGHT, 0, grams, WeightSource.ESTIMATED, reference, shelf,
                 self._paid(offer, shelf), offer.food)
        )  # fmt: skip

    def with_pieces(
        self,
        line_uid: str,
        offer: ArticleOffer,
        pieces: int,
        *,
        lot: int | None = None,
        pack_date: date | None = None,
    ) -> Basket:
        """Return the basket with `pieces` more of an article; a same line is enlarged. Raises `BadInput` below 1."""
        if not 1 <= pieces <= 999:
            raise BadInput(N_("Le nombre de pièces va de 1 à {most}."), most=999)
        reference = self._reference(offer)
        for i, old in enumerate(self.lines):
            if (old.article, old.sold_by, old.lot, old.pack_date, old.reference_cents) == (
                offer.id, SoldBy.PIECE, lot, pack_date, reference,
            ) and old.pieces + pieces <= 999:  # fmt: skip
                return self._replaced(
                    i, self._piece_line(old.uid, offer, old.pieces + pieces, reference, lot, pack_date)
                )
        return self._with(self._piece_line(line_uid, offer, pieces, reference, lot, pack_date))

    def at_rate(self, permille: int, offers: Mapping[int, ArticleOffer]) -> Basket:
        """Return the same lines paid at another rate, in thousandths: the right has changed since they were added."""
        lines = tuple(
            replace(n, paid_cents=self._share(offers.get(n.article), n.shelf_cents, permille)) for n in self.lines
        )
        return replace(self, participation_permille=permille, lines=lines)

    def without(self, line_uid: str) -> Basket:
        """Return the basket without that line."""
        return replace(self, lines=tuple(line for line in self.lines if line.uid != line_uid))

    def _piece_line(
        self,
        uid: str,
        offer: ArticleOffer,
        pieces: int,
        reference: int,
        lot: int | None,
        pack_date: date | None,
    ) -> Line:
        shelf = pieces * reference
        if offer.net_grams:
            source, grams = WeightSource.NET, pieces * offer.net_grams
        elif offer.guess_grams:
            source, grams = offer.guess_source, pieces * offer.guess_grams
        else:
            source, grams = WeightSource.UNKNOWN, 0
        return Line(uid, offer.id, offer.name, SoldBy.PIECE, pieces, grams, source, reference, shelf,
                    self._paid(offer, shelf), offer.food, 0, lot, pack_date)  # fmt: skip

    def _paid(self, offer: ArticleOffer, shelf: int) -> int:
        return self._share(offer, shelf, self.participation_permille)

    @staticmethod
    def _share(offer: ArticleOffer | None, shelf: int, permille: int) -> int:
        own = offer.shared_permille if offer else None
        return share_of(shelf, permille if own is None else own)

    def _reference(self, offer: ArticleOffer) -> int:
        if offer.reference_cents is None:
            raise BadInput(N_("La valeur de référence de « {article} » n'est pas connue."), article=offer.name)
        return offer.reference_cents

    def _with(self, line: Line) -> Basket:
        if len(self.lines) >= MAX_LINES:
            raise BadInput(
                N_("Un panier a {most} lignes au plus : encaissez-le et ouvrez-en un autre."), most=MAX_LINES
            )
        return replace(self, lines=(*self.lines, line))

    def _replaced(self, index: int, line: Line) -> Basket:
        return replace(self, lines=(*self.lines[:index], line, *self.lines[index + 1 :]))


def to_json(basket: Basket) -> dict[str, Any]:
    """Return the draft of a basket as plain values, for the row that survives a power cut."""
    return {
        "uid": basket.uid,
        "participation_permille": basket.participation_permille,
        "lines": [
            {
                "uid": n.uid, "article": n.article, "name": n.name, "sold_by": n.sold_by.value, "pieces": n.pieces,
                "grams": n.grams, "source": n.source.value, "reference_cents": n.reference_cents,
                "shelf_cents": n.shelf_cents, "paid_cents": n.paid_cents, "food": n.food, "tare_grams": n.tare_grams,
                "lot": n.lot, "pack_date": n.pack_date.isoformat() if n.pack_date else None, "gross_grams": n.gross_grams,
                "scale": n.scale,
            }
            for n in basket.lines
        ],
    }  # fmt: skip


def from_json(data: Mapping[str, Any]) -> Basket:
    """Return the basket kept as a draft."""
    lines = tuple(
        Line(
            row["uid"], row["article"], row["name"], SoldBy(row["sold_by"]), row["pieces"], row["grams"],
            WeightSource(row["source"]), row["reference_cents"], row["shelf_cents"], row["paid_cents"], row["food"],
            row["tare_grams"], row["lot"], date.fromisoformat(row["pack_date"]) if row["pack_date"] else None,
            row.get("gross_grams"), row.get("scale"),
        )
        for row in data["lines"]
    )  # fmt: skip
    return Basket(data["uid"], data["participation_permille"], lines)
