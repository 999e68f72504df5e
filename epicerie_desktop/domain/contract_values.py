"""Which typed values make the figure of an indicator over a period, and which do not, each with its reason. Knows no database.

A value is never edited: a later row replaces it, or withdraws it (no value). A replaced row is never counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from epicerie_desktop.domain.contract import Method
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A value typed or imported: whose (None is the whole contract), over which months, settled on which day."""

    id: int
    site: int | None
    first: str
    last: str
    value: int | None
    as_of: date
    replaces: int | None = None

    @property
    def rank(self) -> tuple[str, date, int]:
        """Return what tells the latest of two."""
        return self.last, self.as_of, self.id


class Standing(StrEnum):
    """Why a row is counted over a period, or not."""

    COUNTED = "COUNTED"
    REPLACED = "REPLACED"
    WITHDRAWN = "WITHDRAWN"
    OUTSIDE = "OUTSIDE"
    STRADDLES = "STRADDLES"
    EARLIER = "EARLIER"
    OTHER_START = "OTHER_START"


def in_force(rows: Iterable[TypedValue]) -> tuple[TypedValue, ...]:
    """Return the rows that no other replaces and that hold a value."""
    known = tuple(rows)
    replaced = {r.replaces for r in known}
    return tuple(r for r in known if r.id not in replaced and r.value is not None)


def standings(rows: Iterable[TypedValue], method: Method, first: str, last: str) -> dict[int, Standing]:
    """Return, by row, whether it is counted from `first` to `last`, or why not.

    SUM: rows wholly within the period; one that straddles its border is not cut in two, it is told. LAST: of each shop the
    latest row not after the period. DISTINCT: heads are never added; the longest row that begins with the period counts alone.
    """
    known = tuple(rows)
    replaced = {r.replaces for r in known}
    found: dict[int, Standing] = {}
    for row in known:
        if row.id in replaced:
            found[row.id] = Standing.REPLACED
        elif row.value is None:
            found[row.id] = Standing.WITHDRAWN
        else:
            found[row.id] = _place(row, method, first, last)
    if method is not Method.SUM:
        counted = [r for r in known if found[r.id] is Standing.COUNTED]
        for row in counted:
            rivals = [r for r in counted if r.site == row.site or method is Method.DISTINCT]
            if row is not max(rivals, key=lambda r: r.rank):
                found[row.id] = Standing.EARLIER
    return found


def _place(row: TypedValue, method: Method, first: str, last: str) -> Standing:
    if row.first > last or (row.last < first and method is not Method.LAST):
        return Standing.OUTSIDE
    if method is Method.DISTINCT and row.first != first:
        return Standing.OTHER_START
    if row.last > last or (method is Method.SUM and row.first < first):
        return Standing.STRADDLES
    return Standing.COUNTED


def value_over(rows: Iterable[TypedValue], method: Method, first: str, last: str) -> int | None:
    """Return the value of a period, None where nothing is known of it (which is not a nought)."""
    known = tuple(rows)
    told = standings(known, method, first, last)
    counted = [r.value for r in known if told[r.id] is Standing.COUNTED and r.value is not None]
    return sum(counted) if counted else None


def clashing(
    rows: Sequence[TypedValue], method: Method, site: int | None, first: str, last: str, replaces: int | None = None
) -> TypedValue | None:
    """Return the row in force that a new value would count twice or contradict, None where there is none.

    SUM: same months, same shop, or a shop beside the whole contract. LAST: same shop, same last month, or the whole contract
    beside shops. DISTINCT: the same period.
    """
    for row in in_force(rows):
        if row.id == replaces:
            continue
        alike = row.site == site
        mixed = (row.site is None) != (site is None)
        match method:
            case Method.SUM:
                clash = (alike or mixed) and row.first <= last and first <= row.last
            case Method.LAST:
                clash = mixed or (alike and row.last == last)
            case Method.DISTINCT:
                clash = (row.first, row.last) == (first, last)
        if clash:
            return row
    return None


def refuse_shop_of_distinct(method: Method, site: int | None) -> None:
    """Raise `RuleRefused` for a distinct number typed for one shop: those of two shops cannot be added."""
    if method is Method.DISTINCT and site is not None:
        raise RuleRefused(
            N_("Un nombre de foyers ou de personnes comptés une fois ne s'additionne pas d'une épicerie à l'autre : saisissez-le pour tout le contrat.")
        )  # fmt: skip
