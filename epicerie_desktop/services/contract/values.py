"""The values of a contract's indicators: typed, corrected, withdrawn; and the only reader of the figures, each with its parts.

`indicator_figures` is what screens, the command line and the frozen balances read: nothing adds these values up elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.contract import Method, Unit, check_value, checked_period
from epicerie_desktop.domain.contract_values import (
    Standing,
    TypedValue,
    clashing,
    refuse_shop_of_distinct,
    standings,
    value_over,
)
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.persistence.models import Account, Contract, Indicator, IndicatorValue, Site, ValueImport
from epicerie_desktop.services.contract.consolidate import contract_totals
from epicerie_desktop.services.contract.plan import IndicatorRow, indicators_in
from epicerie_desktop.services.contract.received import Received, received_in
from epicerie_desktop.services.contract.rooms import contract_in, months_of, require_coordinator, row_in
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_SOURCE = 160


@dataclass(frozen=True, slots=True)
class ValueForm:
    """A value as typed: of which indicator and shop (None is the whole contract), over which months, settled on which day."""

    indicator: int
    first: str
    last: str
    value: int | None
    """In the smallest unit; None withdraws the value that is replaced."""
    as_of: date
    source: str
    site: int | None = None
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value kept: what it says, from whom, who wrote it, by which file it came, and whether it is counted over the period asked."""

    id: int
    site: int | None
    site_name: str
    first: str
    last: str
    value: int | None
    as_of: date
    source: str
    author: str
    made_at: datetime
    replaces: int | None
    file_name: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class ShopPart:
    """What a shop brings to a figure; `site` None is what was told for the whole contract, `value` None is not received."""

    site: int | None
    code: str
    name: str
    value: int | None


@dataclass(frozen=True, slots=True)
class MonthPart:
    """What a month, or the months from one to the other, bring to a figure."""

    first: str
    last: str
    value: int


@dataclass(frozen=True, slots=True)
class IndicatorFigure:
    """The figure of an indicator over a period. `value` None is « not known », never a nought; `as_of` is its latest date.

    `by_shop` and `by_month` add up to the value where the indicator is a sum; of heads counted once they do not, and `twice`
    says by how much the shops exceed the whole. `covers` is the last month a typed number of heads holds for.
    """

    indicator: IndicatorRow
    first: str
    last: str
    value: int | None
    as_of: date | None
    by_shop: tuple[ShopPart, ...]
    by_month: tuple[MonthPart, ...]
    rows: tuple[ValueRow, ...]
    covers: str = ""

    @property
    def twice(self) -> int:
        """Return by how much the parts by shop exceed the whole: what two shops both counted."""
        if self.value is None or self.indicator.method is not Method.DISTINCT:
            return 0
        return sum(p.value or 0 for p in self.by_shop) - self.value

    @property
    def permille(self) -> int | None:
        """Return how much of the target is reached, in thousandths; None without a target or a value."""
        target = self.indicator.target
        return None if not target or self.value is None else (self.value * 2000 + target) // (2 * target)


def record_value(desk: Desk, form: ValueForm) -> int:
    """Keep a value, or the one that replaces or withdraws another, and return its id.

    Raises `BadInput` (period, date, amount, no source), `RuleRefused` for an indicator that the parcels feed, or a value that
    another one already tells.
    """
    require_coordinator(desk)
    with desk.db.write() as session:
        return record_value_in(session, desk, form)


def withdraw_value(desk: Desk, value: int, why: str) -> int:
    """Take a value out of the figures; it stays in the history with the reason. Raises `BadInput` without one, `RuleRefused`."""
    require_coordinator(desk)
    why = checked_text(why, MOST_SOURCE)
    if not why:
        raise BadInput(N_("Dites pourquoi cette valeur est retirée."))
    with desk.db.write() as session:
        row = row_in(session, IndicatorValue, value)
        form = ValueForm(
            row.indicator_id, row.first_month, row.last_month, None, desk.clock.today(), why, row.site_id, row.id
        )
        return record_value_in(session, desk, form)


def record_value_in(session: Session, desk: Desk, form: ValueForm, import_id: int | None = None) -> int:
    """Do what `record_value` does, in the caller's transaction."""
    indicator = row_in(session, Indicator, form.indicator)
    contract = contract_in(session, indicator.contract_id)
    check_form(session, desk, indicator, contract, form, [row for _, row in typed_in(session, [indicator.id])])
    row = IndicatorValue(
        indicator_id=indicator.id, site_id=form.site, first_month=form.first, last_month=form.last, value=form.value,
        as_of=form.as_of, source=checked_text(form.source, MOST_SOURCE), replaces_id=form.replaces, import_id=import_id,
        made_at=desk.clock.now(), made_by=desk.actor.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    seal_in_journal(
        session, desk, "contract.value",
        {"indicator": indicator.id, "row": row.id, "site": form.site, "first": form.first, "last": form.last, "value": form.value,
         "as_of": form.as_of.isoformat(), "replaces": form.replaces},
    )  # fmt: skip
    return row.id


def check_form(
    session: Session, desk: Desk, indicator: Indicator, contract: Contract, form: ValueForm, known: Sequence[TypedValue]
) -> None:
    """Raise what `record_value` raises beside the values `known` of the indicator; nothing is written."""
    if indicator.source:
        raise RuleRefused(N_("Cet indicateur se compte tout seul, depuis les envois des épiceries."))
    checked_period(form.first, form.last, *months_of(contract))
    method = Method(indicator.method)
    refuse_shop_of_distinct(method, form.site)
    if form.site is not None and row_in(session, Site, form.site).contract_id != contract.id:
        raise RuleRefused(N_("Cette épicerie n'est pas de ce contrat."))
    if form.as_of > desk.clock.today():
        raise BadInput(N_("La date d'arrêt est à venir : un chiffre s'arrête au plus tard aujourd'hui."))
    if form.as_of.isoformat()[:7] < form.first:
        raise BadInput(N_("La date d'arrêt précède la période : vérifiez l'une ou l'autre."))
    if not checked_text(form.source, MOST_SOURCE):
        raise BadInput(N_("Dites d'où vient ce chiffre : quel partenaire, quel document."))
    if form.value is not None:
        check_value(form.value, Unit(indicator.unit))
    if form.replaces is None:
        if form.value is None:
            raise BadInput(N_("Tapez la valeur."))
    elif all(r.id != form.replaces for r in known) or any(r.replaces == form.replaces for r in known):
        raise RuleRefused(N_("Cette valeur a été corrigée depuis : rouvrez l'indicateur pour voir la dernière."))
    clash = clashing(known, method, form.site, form.first, form.last, form.replaces)
    if form.value is not None and clash is not None:
        raise RuleRefused(
            N_("Une valeur existe déjà, de {first} à {last}, arrêtée au {day} : corrigez-la, sinon elle compterait deux fois."),
            first=lambda: shown.month(clash.first), last=lambda: shown.month(clash.last), day=lambda: shown.day(clash.as_of),
        )  # fmt: skip


def indicator_figures(desk: Desk, contract: int, first: str, last: str) -> tuple[IndicatorFigure, ...]:
    """Return every indicator of a contract over the months from `first` to `last`, in the order of its plan, with all its parts.

    Heads counted once come from `contract_totals`, the one count of the contract. Raises `BadInput` for a period out of it.
    """
    with desk.db.read() as session:
        checked_period(first, last, *months_of(contract_in(session, contract)))
        indicators = indicators_in(session, contract)
    heads = _heads(desk, contract, first, last, indicators)
    with desk.db.read() as session:
        known = _Known(
            {s.id: s for s in session.scalars(select(Site).where(Site.contract_id == contract).order_by(Site.number))},
            dict(session.execute(select(Account.id, Account.name)).all()),
            dict(session.execute(select(ValueImport.id, ValueImport.file_name)).all()),
        )
        rows: dict[int, list[IndicatorValue]] = {}
        for row in _typed_in(session, [i.id for i in indicators]):
            rows.setdefault(row.indicator_id, []).append(row)
        received = received_in(session, contract, first, last) if any(i.source for i in indicators) else Received()
        return tuple(
            _from_parcels(i, first, last, received, known, heads)
            if i.source
            else _from_rows(i, first, last, rows.get(i.id, []), known)
            for i in indicators
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """The names that parts are told by; used within the block that read them."""

    sites: dict[int, Site]
    authors: dict[int, str]
    files: dict[int, str]


def _heads(desk: Desk, contract: int, first: str, last: str, indicators: Sequence[IndicatorRow]) -> dict[str, int]:
    if not any(i.source in ("families", "persons") for i in indicators):
        return {}
    whole = contract_totals(desk, contract, first, last)
    return {"families": whole.families, "persons": whole.persons}


def _from_parcels(
    indicator: IndicatorRow, first: str, last: str, received: Received, known: _Known, heads: dict[str, int]
) -> IndicatorFigure:
    source = indicator.source
    by_shop = tuple(ShopPart(s.id, s.code, s.name, received.of_site(source, s.id)) for s in known.sites.values())
    by_month = tuple(MonthPart(m, m, v) for m, v in received.by_month(source))
    value = heads.get(source) if indicator.method is Method.DISTINCT else received.total(source)
    if not received.knows(source):
        value = None
    return IndicatorFigure(indicator, first, last, value, received.as_of, by_shop, by_month, ())


def _from_rows(
    indicator: IndicatorRow, first: str, last: str, rows: Sequence[IndicatorValue], known: _Known
) -> IndicatorFigure:  # fmt: skip
    sites = known.sites
    typed = [_told(r) for r in rows]
    places = standings(typed, indicator.method, first, last)
    counted = [r for r in typed if places[r.id] is Standing.COUNTED and r.value is not None]
    shops: dict[int | None, int] = {}
    months: dict[tuple[str, str], int] = {}
    for row in counted:
        assert row.value is not None
        shops[row.site] = shops.get(row.site, 0) + row.value
        months[row.first, row.last] = months.get((row.first, row.last), 0) + row.value
    by_shop = tuple(ShopPart(s.id, s.code, s.name, shops[s.id]) for s in sites.values() if s.id in shops)
    if None in shops:
        by_shop += (ShopPart(None, "", "", shops[None]),)
    return IndicatorFigure(
        indicator, first, last, value_over(typed, indicator.method, first, last), max((r.as_of for r in counted), default=None),
        by_shop, tuple(MonthPart(a, b, v) for (a, b), v in sorted(months.items())),
        tuple(
            ValueRow(
                r.id, r.site_id, sites[r.site_id].name if r.site_id is not None else "", r.first_month, r.last_month, r.value,
                r.as_of, r.source, known.authors.get(r.made_by, ""), r.made_at, r.replaces_id,
                known.files.get(r.import_id, "") if r.import_id is not None else "", places[r.id],
            )
            for r in rows
        ),
        max((r.last for r in counted), default="") if indicator.method is Method.DISTINCT else "",
    )  # fmt: skip


def typed_in(session: Session, indicators: Sequence[int]) -> list[tuple[int, TypedValue]]:
    """Return the values of indicators, each with its indicator, replaced ones too."""
    return [(r.indicator_id, _told(r)) for r in _typed_in(session, indicators)]


def _typed_in(session: Session, indicators: Sequence[int]) -> list[IndicatorValue]:
    return list(
        session.scalars(
            select(IndicatorValue)
            .where(IndicatorValue.indicator_id.in_(indicators))
            .order_by(IndicatorValue.first_month, IndicatorValue.last_month, IndicatorValue.id)
        )
    )


def _told(row: IndicatorValue) -> TypedValue:
    return TypedValue(row.id, row.site_id, row.first_month, row.last_month, row.value, row.as_of, row.replaces_id)
