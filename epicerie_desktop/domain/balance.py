"""The balance of a contract (bilan): its figures settled on a day, sealed and numbered; two of them laid side by side, the difference explained.

A balance says what it was made of: which months of which shops, which values, how many families were found twice. That is what
lets a later one be compared with it: every difference is the exact sum of its causes.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

RECORD = 1
"""The version of a balance as written here."""
_DOMAIN = b"epicerie/balance/v1\0"
ADDED_UP = ("visits", "grams", "shelf_cents", "paid_cents")
"""What adds up from month to month and from shop to shop; families and persons do not."""
HEADS = ("families", "persons")


@dataclass(frozen=True, slots=True)
class MonthSums:
    """A month of a shop as it stood: the revision received, whether it was closed, and what adds up in it (grams, cents)."""

    month: str
    revision: int
    closed: bool
    visits: int = 0
    grams: int = 0
    shelf_cents: int = 0
    paid_cents: int = 0


@dataclass(frozen=True, slots=True)
class ShopPart:
    """What a shop brought: its families and persons over the whole period, each once, and its months in order."""

    code: str
    name: str
    families: int
    persons: int
    months: tuple[MonthSums, ...] = ()

    def total(self, name: str) -> int:
        """Return the sum over its months of one of `ADDED_UP`."""
        return sum(getattr(m, name) for m in self.months)


@dataclass(frozen=True, slots=True)
class Twice:
    """Families the sum of the shops counts once too often, by what told so, and their persons; what could not be compared."""

    by_card: int = 0
    by_name: int = 0
    persons: int = 0
    not_compared: tuple[str, ...] = ()
    error_permille: int | None = None

    @property
    def families(self) -> int:
        """Return how many families are taken off the sum of the shops."""
        return self.by_card + self.by_name


@dataclass(frozen=True, slots=True)
class SectorRow:
    """A sector of the territory: families, persons and visits of the period, grams. A family that moved counts where it was last."""

    code: str
    name: str
    families: int
    persons: int
    visits: int
    grams: int


@dataclass(frozen=True, slots=True)
class ValuePart:
    """A part of an indicator's value: of a shop's parcels (`shop`), or a value given by someone (`key`), with its source and day."""

    key: str
    amount: int
    shop: str = ""
    first_month: str = ""
    last_month: str = ""
    as_of: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator as it stood: what it counts, its target, its value (None where nothing is known) and the parts it is made of."""

    code: str
    name: str
    action: str
    unit: str
    unit_name: str
    method: str
    value: int | None
    target: int | None = None
    source: str = ""
    definition: str = ""
    headline: bool = False
    parts: tuple[ValuePart, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action as it stood: its axis, who led it and with whom, its status and since when."""

    axis: str
    code: str
    title: str
    pilot: str = ""
    partners: tuple[str, ...] = ()
    status: str = ""
    since: date | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class AxisLine:
    """An axis of the contract."""

    code: str
    title: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class FundingRow:
    """What a funder planned and paid in a year, in cents, for an action (its code) or the whole contract (empty)."""

    funder: str
    year: int
    planned_cents: int
    paid_cents: int
    action: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """The figures of a contract settled on `as_of`, from `first_month` to `last_month`, over the shops named in `shops`."""

    contract: str
    name: str
    title: str
    as_of: date
    first_month: str
    last_month: str
    shops: tuple[ShopPart, ...] = ()
    twice: Twice = Twice()
    sectors: tuple[SectorRow, ...] = ()
    axes: tuple[AxisLine, ...] = ()
    actions: tuple[ActionLine, ...] = ()
    indicators: tuple[IndicatorLine, ...] = ()
    funding: tuple[FundingRow, ...] = ()
    same_person: bool = False
    """The coordinator also managed a shop: said on the balance."""
    definitions: tuple[tuple[str, str], ...] = ()

    @property
    def families(self) -> int:
        """Return the distinct families: the sum of the shops less those found twice."""
        return sum(s.families for s in self.shops) - self.twice.families

    @property
    def persons(self) -> int:
        """Return the distinct persons: the sum of the shops less those of the families found twice."""
        return sum(s.persons for s in self.shops) - self.twice.persons

    def total(self, name: str) -> int:
        """Return one of `HEADS` or `ADDED_UP` over the whole contract."""
        return int(getattr(self, name)) if name in HEADS else sum(s.total(name) for s in self.shops)


def to_record(balance: Balance) -> dict[str, Any]:
    """Return a balance as plain values."""
    return {"record": RECORD, **_plain(balance)}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def from_record(record: Mapping[str, Any]) -> Balance:
    """Return a balance from its plain values; what a later version adds is left aside."""
    return Balance(
        **_known(
            Balance, record,
            as_of=date.fromisoformat(record["as_of"]),
            shops=tuple(ShopPart(**_known(ShopPart, s, months=_many(MonthSums, s["months"]))) for s in record["shops"]),
            twice=Twice(**_known(Twice, record["twice"], not_compared=tuple(record["twice"]["not_compared"]))),
            sectors=_many(SectorRow, record["sectors"]),
            axes=_many(AxisLine, record["axes"]),
            actions=tuple(
                ActionLine(**_known(ActionLine, a, partners=tuple(a["partners"]), since=_day(a["since"]))) for a in record["actions"]
            ),
            indicators=tuple(IndicatorLine(**_known(IndicatorLine, i, parts=_parts(i["parts"]))) for i in record["indicators"]),
            funding=_many(FundingRow, record["funding"]),
            definitions=tuple((k, v) for k, v in record["definitions"]),
        )
    )  # fmt: skip


def _known(kind: type[Any], record: Mapping[str, Any], **read: Any) -> dict[str, Any]:
    names = {f.name for f in dataclasses.fields(kind)}
    return {k: v for k, v in record.items() if k in names} | read


def _many(kind: type[Any], records: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
    return tuple(kind(**_known(kind, r)) for r in records)


def _parts(records: Iterable[Mapping[str, Any]]) -> tuple[ValuePart, ...]:
    return tuple(ValuePart(**_known(ValuePart, p, as_of=_day(p["as_of"]))) for p in records)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def balance_digest(number: int, made_at: str, text: str, before: str) -> str:
    """Return the sum of a balance, in hexadecimal; `before` is that of the balance before, "" for the first.

    Every part is led by its length, so that no two balances spell the same bytes.
    """
    h = hashlib.sha256(_DOMAIN)
    for part in (str(number), made_at, text, before):
        raw = part.encode()
        h.update(len(raw).to_bytes(8, "big"))
        h.update(raw)
    return h.hexdigest()


class CauseKind(StrEnum):
    """Why a figure differs from one balance to the next."""

    MONTH_ADDED = "MONTH_ADDED"
    MONTH_GONE = "MONTH_GONE"
    MONTH_CORRECTED = "MONTH_CORRECTED"
    SHOP_ADDED = "SHOP_ADDED"
    SHOP_GONE = "SHOP_GONE"
    MORE_MONTHS = "MORE_MONTHS"
    """Heads of a shop whose months are no longer the same: a head has no month of its own."""
    SAME_MONTHS = "SAME_MONTHS"
    """Heads of a shop whose months are the same but for corrections."""
    FOUND_BY_CARD = "FOUND_BY_CARD"
    FOUND_BY_NAME = "FOUND_BY_NAME"
    FOUND_TWICE = "FOUND_TWICE"
    """Persons of the families found twice."""
    VALUE_ADDED = "VALUE_ADDED"
    VALUE_GONE = "VALUE_GONE"
    VALUE_CHANGED = "VALUE_CHANGED"
    OTHERS = "OTHERS"
    """Causes too small to be told apart in a published comparison, together."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What moves a figure by `amount`: the shop's code or the value's key, and the month where it is one."""

    kind: CauseKind
    amount: int
    subject: str = ""
    month: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure in two balances; the causes add up exactly to what separates them. `figure` is a total or an indicator's code."""

    figure: str
    before: int | None
    after: int | None
    causes: tuple[Cause, ...] = field(default=())
    heads: bool = False

    @property
    def amount(self) -> int:
        """Return the difference, an unknown value counting for nothing."""
        return (self.after or 0) - (self.before or 0)


def compare(before: Balance, after: Balance) -> tuple[Difference, ...]:
    """Return every figure of both balances, families first, then the totals, then the indicators; equal ones have no cause."""
    found = [Difference(n, before.total(n), after.total(n), _head_causes(n, before, after), heads=True) for n in HEADS]
    found += [Difference(n, before.total(n), after.total(n), _sum_causes(n, before, after)) for n in ADDED_UP]
    was, now = ({i.code: i for i in b.indicators} for b in (before, after))
    # An indicator the parcels bring repeats a total already told, with its causes.
    codes = [c for c in dict.fromkeys((*was, *now)) if not _is_total(now.get(c) or was[c])]
    return tuple(found) + tuple(_indicator(c, was.get(c), now.get(c)) for c in codes)


def _is_total(line: IndicatorLine) -> bool:
    return line.source in (*HEADS, *ADDED_UP)


def _pairs(before: Balance, after: Balance) -> list[tuple[str, ShopPart | None, ShopPart | None]]:
    was, now = ({s.code: s for s in b.shops} for b in (before, after))
    return [(code, was.get(code), now.get(code)) for code in dict.fromkeys((*was, *now))]


def _head_causes(name: str, before: Balance, after: Balance) -> tuple[Cause, ...]:
    causes = []
    for code, old, new in _pairs(before, after):
        amount = (getattr(new, name) if new else 0) - (getattr(old, name) if old else 0)
        kind = CauseKind.SHOP_ADDED if old is None else CauseKind.SHOP_GONE if new is None else _months_moved(old, new)
        causes.append(Cause(kind, amount, code))
    if name == "families":
        causes.append(Cause(CauseKind.FOUND_BY_CARD, before.twice.by_card - after.twice.by_card))
        causes.append(Cause(CauseKind.FOUND_BY_NAME, before.twice.by_name - after.twice.by_name))
    else:
        causes.append(Cause(CauseKind.FOUND_TWICE, before.twice.persons - after.twice.persons))
    return tuple(c for c in causes if c.amount)


def _months_moved(old: ShopPart, new: ShopPart) -> CauseKind:
    same = [m.month for m in old.months] == [m.month for m in new.months]
    return CauseKind.SAME_MONTHS if same else CauseKind.MORE_MONTHS


def _sum_causes(name: str, before: Balance, after: Balance) -> tuple[Cause, ...]:
    causes = []
    for code, old, new in _pairs(before, after):
        was = {m.month: getattr(m, name) for m in old.months} if old else {}
        now = {m.month: getattr(m, name) for m in new.months} if new else {}
        for month in sorted(was.keys() | now.keys()):
            kind = (
                CauseKind.MONTH_ADDED if month not in was else CauseKind.MONTH_GONE if month not in now else CauseKind.MONTH_CORRECTED
            )  # fmt: skip
            causes.append(Cause(kind, now.get(month, 0) - was.get(month, 0), code, month))
    return tuple(c for c in causes if c.amount)


def _indicator(code: str, old: IndicatorLine | None, new: IndicatorLine | None) -> Difference:
    was, now = ({p.key: p for p in i.parts} if i else {} for i in (old, new))
    causes = []
    for key in dict.fromkeys((*was, *now)):
        gone, come = was.get(key), now.get(key)
        kind = (
            CauseKind.VALUE_ADDED if gone is None else CauseKind.VALUE_GONE if come is None else CauseKind.VALUE_CHANGED
        )
        amount = (come.amount if come else 0) - (gone.amount if gone else 0)
        seen = come or gone
        assert seen is not None
        causes.append(Cause(kind, amount, seen.shop or seen.key, seen.first_month))
    line = new or old
    assert line is not None
    told = tuple(c for c in causes if c.amount)
    before, after = (i.value if i else None for i in (old, new))
    rest = (after or 0) - (before or 0) - sum(c.amount for c in told)
    if rest:
        # What is counted once over several parts (distinct heads, a last state) is less than their sum.
        told = (*told, Cause(CauseKind.FOUND_TWICE, rest))
    return Difference(code, before, after, told, heads=line.unit in ("HOUSEHOLD", "PERSON"))


def published(differences: Sequence[Difference], threshold: int) -> tuple[Difference, ...]:
    """Return a comparison that may leave the coordination: no cause tells of fewer than `threshold` heads.

    Causes of heads too small are told together, with the smallest of the others while their sum is still small: nobody can
    then subtract his way to one of them. A cause of kilos or euros is told by shop, not by month, for the same reason.
    """
    return tuple(
        dataclasses.replace(d, causes=_grouped(d.causes, threshold) if d.heads else _by_shop(d.causes)) for d in differences
    )  # fmt: skip


def _grouped(causes: Sequence[Cause], threshold: int) -> tuple[Cause, ...]:
    order = sorted(causes, key=lambda c: (abs(c.amount), c.kind, c.subject))
    together: list[Cause] = []
    while order and (
        abs(order[0].amount) < threshold or (together and (len(together) < 2 or abs(_sum(together)) < threshold))
    ):
        together.append(order.pop(0))
    if not together:
        return tuple(causes)
    kept = tuple(c for c in causes if c in order)
    amount = _sum(together)
    return (*kept, Cause(CauseKind.OTHERS, amount)) if amount else kept


def _sum(causes: Iterable[Cause]) -> int:
    return sum(c.amount for c in causes)


def _by_shop(causes: Sequence[Cause]) -> tuple[Cause, ...]:
    months = (CauseKind.MONTH_ADDED, CauseKind.MONTH_GONE, CauseKind.MONTH_CORRECTED)
    sums: dict[str, int] = {}
    for c in causes:
        if c.kind in months:
            sums[c.subject] = sums.get(c.subject, 0) + c.amount
    rest = tuple(c for c in causes if c.kind not in months)
    return tuple(Cause(CauseKind.MORE_MONTHS, amount, code) for code, amount in sums.items() if amount) + rest


__all__ = [
    "ADDED_UP",
    "HEADS",
    "ActionLine",
    "AxisLine",
    "Balance",
    "Cause",
    "CauseKind",
    "Difference",
    "FundingRow",
    "IndicatorLine",
    "MonthSums",
    "SectorRow",
    "ShopPart",
    "Twice",
    "ValuePart",
    "balance_digest",
    "compare",
    "from_record",
    "published",
    "to_record",
]
