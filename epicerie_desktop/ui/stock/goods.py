"""What may be received: articles and families, found by a code or a few letters. Knows no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.codes import Scan, base_code
from epicerie_desktop.domain.layouts import Layout, conflicting
from epicerie_desktop.domain.scan import ArticleScan, CardScan, classify
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.services.queries.stock import CatalogueRow
from epicerie_desktop.services.stock.catalogue import FamilyForm
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.text import fold, words
from epicerie_desktop.ui.common.understood import understood

_SHOP_LABELS = ("rcn12", "rcn13")


@dataclass(frozen=True, slots=True)
class Good:
    """An article that may be received; `generic` is a family's own, for a mixed crate."""

    article: int
    name: str
    family: str
    family_id: int
    sold_by: SoldBy
    chilled: bool
    generic: bool
    net_grams: int | None = None

    @property
    def by_piece(self) -> bool:
        """Return whether it is counted rather than weighed."""
        return self.sold_by is SoldBy.PIECE


@dataclass(frozen=True, slots=True)
class Found:
    """A good, with what its label told besides: 0, empty or None where it told nothing."""

    good: Good
    pieces: int = 0
    grams: int = 0
    date_kind: DateKind = DateKind.NONE
    limit_on: date | None = None
    lot_code: str = ""
    said: str = ""
    """What was understood of its label."""
    labelled: bool = False
    """Whether its weight is that of a label."""


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A right code that no article has; `remember` is what to tie to the article chosen for it, empty to tie nothing."""

    code: str
    remember: str
    scan: Scan


@dataclass(frozen=True, slots=True)
class Goods:
    """All that may be received, and the codes that name it."""

    all: tuple[Good, ...] = ()
    codes: dict[str, int] | None = None

    @classmethod
    def of(cls, rows: Sequence[CatalogueRow], families: Sequence[FamilyForm]) -> Goods:
        """Return the active articles of the catalogue, families first."""
        chilled = {f.id: f.chilled for f in families}
        goods: list[Good] = []
        codes: dict[str, int] = {}
        for row in rows:
            form = row.form
            if form.id is None or not form.active:
                continue
            goods.append(
                Good(form.id, form.name, row.family, form.family_id, form.sold_by, chilled.get(form.family_id, False),
                     row.generic, form.net_grams)
            )  # fmt: skip
            codes |= {code: form.id for code in (*form.codes, form.short_code) if code}
        return cls(tuple(sorted(goods, key=lambda g: not g.generic)), codes)

    def by_article(self, article: int) -> Good | None:
        """Return the good of an article, None when it may no longer be received."""
        return next((g for g in self.all if g.article == article), None)

    def by_code(self, code: str) -> Good | None:
        """Return the good that has a code, leading zeros aside, or a short code."""
        known = self.codes or {}
        article = known.get(code, known.get(code.lstrip("0")))
        return None if article is None else self.by_article(article)

    def matching(self, typed: str, most: int = 8) -> tuple[Good, ...]:
        """Return the goods of which every typed word begins a word; names that begin so first, then families, then the rest."""
        wanted = words(typed)
        if not wanted:
            return ()
        ranked = []
        for good in self.all:
            named, around = words(good.name), words(good.family)
            if all(any(n.startswith(w) for n in (*named, *around)) for w in wanted):
                in_name = all(any(n.startswith(w) for n in named) for w in wanted)
                begins = bool(named) and named[0].startswith(wanted[0])
                ranked.append(((not in_name, not (in_name and begins), not good.generic, named), good))
        return tuple(good for _, good in sorted(ranked, key=lambda r: r[0])[:most])


@dataclass(frozen=True, slots=True)
class Reader:
    """Tells what the first field of a reception was given, seen from one shop."""

    contract: int
    shop: int
    layouts: tuple[Layout, ...] = ()
    region: str | None = None
    donor: str = ""
    """The supplier of the arrival in hand: where two donors read a label otherwise, it is his."""

    def _read_as(self, code: str) -> tuple[Layout, ...]:
        """Return the layouts that may read `code`. Raises `BadInput` where nothing tells which donor's it is."""
        rivals = conflicting(self.layouts, code)
        his = tuple(r for r in rivals if r.source and fold(r.source) == fold(self.donor))
        if not rivals or his:
            return his or self.layouts
        raise BadInput(
            N_(
                "Plusieurs donateurs emploient ce modèle d'étiquette ({names}) : choisissez le fournisseur, ou pesez l'article."
            ),
            names=", ".join(r.source for r in rivals),
        )

    def meaning(self, text: str, goods: Goods) -> Found | UnknownCode | str:
        """Return the good scanned, a code to tie, or the letters to look for. Raises `BadInput` with what to do."""
        short = goods.by_code(text.strip()) if text.strip().isdecimal() else None
        if short is not None:
            return Found(short)
        said = classify(text, self.layouts, self.contract, self.shop, region=self.region)
        if isinstance(said, CardScan):
            raise BadInput(
                N_("C'est la carte d'un foyer, pas un article : scannez le code du produit, ou tapez son nom.")
            )
        if not isinstance(said, ArticleScan):
            return said.text
        if not said.scan.valid:
            raise BadInput(said.scan.problem or N_("Ce code est mal lu : scannez de nouveau."))
        layouts = self._read_as(said.code) if said.scan.kind.startswith("rcn") else self.layouts
        if layouts != self.layouts:
            return replace(self, layouts=layouts).meaning(text, goods)
        base = base_code(text, layouts=layouts, region=self.region)
        for code in (said.code, base):
            good = goods.by_code(code) if code else None
            if good is not None:
                return replace(told(good, said.scan), said=understood(said.scan, layouts, said.code))
        return UnknownCode(said.code, base or ("" if said.scan.kind in _SHOP_LABELS else said.code), said.scan)


def good_named(reader: Reader, text: str, goods: Goods, marked: Good | None) -> Good:
    """Return the good scanned or named, else the one `marked` among the suggestions. Raises `BadInput` with what to do."""
    said = reader.meaning(text, goods)
    good = said.good if isinstance(said, Found) else marked
    if good is None:
        raise BadInput(N_("Aucun article ne répond à ce nom : créez-le d'abord dans le catalogue."))
    return good


def told(good: Good, scan: Scan) -> Found:
    """Return a good with what a label says of it: its weight or number, its date, its lot."""
    kind, limit = DateKind.NONE, None
    if scan.use_by is not None:
        kind, limit = DateKind.USE_BY, scan.use_by
    elif scan.best_before is not None:
        kind, limit = DateKind.BEST_BEFORE, scan.best_before
    pieces = (scan.count or 0) if good.by_piece else 0
    grams = 0 if good.by_piece else (scan.grams or 0)
    return Found(good, pieces, grams, kind, limit, scan.lot or "", understood(scan), bool(grams))
