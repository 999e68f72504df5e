"""The sentences of the stock: quantities, dates and how near they are."""

from __future__ import annotations

from datetime import date

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import Precision, written
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.piece_weights import Learned
from epicerie_desktop.domain.stock import DateKind, Place
from epicerie_desktop.services.queries.piece_weights import WeightRow
from epicerie_desktop.services.queries.stock import LotRow
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext

SOON_DAYS = 3
"""How many days before its date a lot is shown as near it."""


def pieces(count: int) -> str:
    """Return « 24 pièces »."""
    return ngettext("{n} pièce", "{n} pièces", count).format(n=shown.number(count))


def quantity(sold_by: SoldBy, count: int, grams: int) -> str:
    """Return what is held or received as its article is counted: « 24 pièces », « 18,750 kg »."""
    return pieces(count) if sold_by is SoldBy.PIECE else shown.kilos(grams)


def unit(sold_by: SoldBy) -> str:
    """Return after what a value goes: « le kilo », « la pièce »."""
    return _("la pièce") if sold_by is SoldBy.PIECE else _("le kilo")


def value(cents: int | None, sold_by: SoldBy) -> str:
    """Return « 2,20 € le kilo », or that it is to be told."""
    if cents is None:
        return _("à indiquer")
    return f"{shown.money(cents)} {unit(sold_by)}"


def named(lot: LotRow) -> str:
    """Return the article, and its place where it is not on the shelf."""
    return lot.article if lot.place is Place.SHELF else f"{lot.article} ({label(lot.place).lower()})"


def limit(kind: DateKind, on: date | None, precision: Precision = Precision.DAY) -> str:
    """Return « DLC 25/11/26 », « DDM 11/2027 » as the pack tells it, « – » without a date."""
    return "–" if on is None else f"{label(kind)} {written(on, precision)}"


def nearness(kind: DateKind, on: date | None, today: date) -> str:
    """Return how near a date is, in a word or two; empty while it is far."""
    if on is None:
        return ""
    days = (on - today).days
    if days < 0:
        return _("dépassée") if kind is DateKind.USE_BY else _("passée")
    if days == 0:
        return _("aujourd'hui")
    if days == 1:
        return _("demain")
    return _("dans {n} jours").format(n=days) if days <= SOON_DAYS else ""


def dated(lot: LotRow, today: date) -> str:
    """Return the date of a lot, and how near it is; of one set aside, that it is so."""
    if lot.aside:
        return _("mis de côté")
    near = nearness(lot.date_kind, lot.limit_on, today)
    told = limit(lot.date_kind, lot.limit_on, lot.precision) + (f", {near}" if near else "")
    return _("{date}, congelé").format(date=told) if lot.frozen_on is not None else told


def tone(kind: DateKind, on: date | None, today: date) -> str:
    """Return the colour of a date: `no` past its use-by date, `ask` near its date or past best-before, else empty."""
    if on is None or (on - today).days > SOON_DAYS:
        return ""
    return "no" if kind is DateKind.USE_BY and on < today else "ask"


def by_piece(lot: LotRow) -> bool:
    """Return whether a lot is counted rather than weighed."""
    return lot.sold_by is SoldBy.PIECE


def learned(found: Learned) -> str:
    """Return « 412 g par pièce, médiane de 7 réceptions pesées depuis mars 2026 »."""
    return ngettext(
        "{grams} g par pièce, d'après {n} réception pesée, en {month}",
        "{grams} g par pièce, médiane de {n} réceptions pesées depuis {month}",
        found.over,
    ).format(grams=shown.number(found.grams), n=found.over, month=shown.month(f"{found.since:%Y-%m}"))


def piece_weight(row: WeightRow) -> str:
    """Return what is counted for a piece of an article without a net weight, and what says it."""
    if row.learned is not None:
        return learned(row.learned)
    if row.weight.known:
        return _("{grams} g, poids d'usage de la famille").format(grams=shown.number(row.weight.grams))
    return _("poids inconnu : compté pour zéro")


def weight_from(row: WeightRow) -> str:
    """Return in a few words what says the weight of a piece."""
    if row.learned is not None:
        return ngettext("{n} réception pesée", "{n} réceptions pesées", row.learned.over).format(n=row.learned.over)
    return label(row.weight.source) if row.weight.known else _("poids inconnu")


def told(lot: LotRow, today: date) -> tuple[str, ...]:
    """Return a lot in a few words: its article, where it comes from, its date where it has one, what it holds."""
    near = dated(lot, today)
    return tuple(word for word in (lot.article, label(lot.origin), near if near != "–" else "", held(lot)) if word)


def held(lot: LotRow) -> str:
    """Return what a lot holds: « 24 pièces », « 18,750 kg »."""
    return quantity(lot.sold_by, lot.pieces, lot.grams)
