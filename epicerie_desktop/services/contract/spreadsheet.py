"""Takes a partner's table of figures into a contract: looked at first, then all or nothing; how it is read is remembered.

The same file read the same way changes nothing. A later file of the same partner corrects what it tells otherwise.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.contract import Unit, read_amount
from epicerie_desktop.domain.contract_values import TypedValue, in_force
from epicerie_desktop.domain.delivery_note import Sheet
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.value_sheet import SheetValue, TableMapping
from epicerie_desktop.exchange import stick, value_file
from epicerie_desktop.persistence.models import Contract, Indicator, Site, ValueImport, ValueMapping
from epicerie_desktop.services.contract.rooms import contract_in, months_of, require_coordinator
from epicerie_desktop.services.contract.values import ValueForm, check_form, record_value_in, typed_in
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal, stamp
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.text import fold


class Effect(StrEnum):
    """What a line of a table would do."""

    NEW = "NEW"
    SAME = "SAME"
    CORRECTS = "CORRECTS"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Table:
    """A partner's file as read: its name without its folder, its cells, its sum."""

    name: str
    sheet: Sheet
    digest: str


@dataclass(frozen=True, slots=True)
class SeenValue:
    """A value of the table beside what is known: `before` is the one it would correct; `errors` say why it cannot be taken."""

    told: SheetValue
    effect: Effect
    indicator: str = ""
    shop: str = ""
    value: int | None = None
    before: int | None = None
    form: ValueForm | None = None
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A table value by value; `already` is the day the same file was taken in, read the same way."""

    lines: tuple[SeenValue, ...]
    already: date | None = None

    def count(self, effect: Effect) -> int:
        """Return how many values have an effect."""
        return sum(1 for n in self.lines if n.effect is effect)


def read_file(path: Path) -> Table:
    """Return the table of a file. Raises `BadInput` where it is none, `EnvironmentTrouble` where it cannot be read."""
    data = stick.read_bounded(path, value_file.MAX_BYTES)
    return table_of(path.name, data)


def table_of(name: str, data: bytes) -> Table:
    """Return the table of a file's bytes. Raises `BadInput`."""
    return Table(name, value_file.read_table(data), hashlib.sha256(data).hexdigest())


def mapping_of(desk: Desk, contract: int, table: Table) -> TableMapping:
    """Return how this table was read last time, by its headings; else how it seems to be laid out."""
    with desk.db.read() as session:
        kept = session.scalars(
            select(ValueMapping.mapping).where(
                ValueMapping.contract_id == contract, ValueMapping.headings == _headings(table.sheet)
            )
        ).first()
        codes = {fold(c): c for c in session.scalars(select(Indicator.code).where(Indicator.contract_id == contract))}
        names = {
            fold(n): c for n, c in session.execute(select(Indicator.name, Indicator.code).where(Indicator.contract_id == contract))
        }  # fmt: skip
    if kept is not None:
        return TableMapping.from_json(kept)
    found = value_file.guessed(table.sheet.headings)
    known = names | codes
    # A column headed by an indicator is that indicator's own column.
    return replace(found, indicators={h: known[fold(h)] for h in table.sheet.headings if fold(h) in known})


def look_at(desk: Desk, contract: int, table: Table, mapping: TableMapping) -> Preview:
    """Return a table value by value beside what is known; nothing is written. Raises `BadInput` for a mapping that says too little."""
    mapping.check(table.sheet.headings)
    with desk.db.read() as session:
        return _look_in(session, desk, contract_in(session, contract), table, mapping)


def take_in(desk: Desk, contract: int, table: Table, mapping: TableMapping) -> Preview:
    """Take a table in, all or nothing, remember how it was read, and return what it changed.

    The same file read the same way changes nothing. Raises `BadInput`, and `RuleRefused` naming the first line that is wrong.
    """
    require_coordinator(desk)
    name = checked_text(table.name, 160)
    mapping.check(table.sheet.headings)
    with desk.db.write() as session:
        owner = contract_in(session, contract)
        seen = _look_in(session, desk, owner, table, mapping)
        if seen.already is not None:
            return seen
        wrong = [n for n in seen.lines if n.errors]
        if wrong:
            raise RuleRefused(
                N_("Rien n'est importé. À corriger : {n} ; la première est à la ligne {line} : {why}"),
                n=len(wrong), line=wrong[0].told.line, why=wrong[0].errors[0],
            )  # fmt: skip
        if not seen.lines:
            raise RuleRefused(N_("Ce tableau ne contient aucune valeur : rien n'est importé."))
        taken = ValueImport(
            contract_id=contract, file_name=name, digest=_digest(table, mapping), mapping=mapping.to_json(),
            made_at=desk.clock.now(), made_by=desk.actor.id,
        )  # fmt: skip
        session.add(taken)
        session.flush()
        for n in seen.lines:
            if n.form is not None and n.effect is not Effect.SAME:
                record_value_in(session, desk, n.form, taken.id)
        _remember_in(session, desk, contract, table, mapping)
        seal_in_journal(
            session, desk, "contract.import",
            {"import": taken.id, "new": seen.count(Effect.NEW), "corrected": seen.count(Effect.CORRECTS), "digest": taken.digest},
        )  # fmt: skip
        return seen


def _look_in(session: Session, desk: Desk, contract: Contract, table: Table, mapping: TableMapping) -> Preview:
    indicators = list(session.scalars(select(Indicator).where(Indicator.contract_id == contract.id)))
    sites = list(session.scalars(select(Site).where(Site.contract_id == contract.id)))
    known: dict[int, list[TypedValue]] = {i.id: [] for i in indicators}
    for owner, row in typed_in(session, list(known)):
        known[owner].append(row)
    by_name = {fold(n): i for i in indicators for n in (i.name, i.code)}
    shops = {fold(n): s for s in sites for n in (s.name, s.code)}
    seen = [
        _seen(session, desk, contract, table, told, by_name, shops, known)
        for told in value_file.read_values(table.sheet, mapping)
    ]  # fmt: skip
    already = session.scalars(
        select(ValueImport.made_at).where(
            ValueImport.contract_id == contract.id, ValueImport.digest == _digest(table, mapping)
        )
    ).first()
    return Preview(tuple(seen), already.astimezone(PARIS).date() if already else None)


def _seen(
    session: Session, desk: Desk, contract: Contract, table: Table, told: SheetValue, by_name: Mapping[str, Indicator],
    shops: Mapping[str, Site], known: dict[int, list[TypedValue]],
) -> SeenValue:  # fmt: skip
    """Return a value beside what is known; once it is right it joins `known`, so that the file is checked against itself too."""
    errors = list(told.errors)
    indicator, site = by_name.get(fold(told.indicator)), shops.get(fold(told.shop)) if told.shop else None
    if indicator is None:
        errors.append(
            _("« {name} » n'est le nom ni le code d'aucun indicateur de ce contrat.").format(name=told.indicator[:60])
        )
    if told.shop and site is None:
        errors.append(
            _("« {name} » n'est le nom ni le code d'aucune épicerie de ce contrat.").format(name=told.shop[:60])
        )
    names = (indicator.name if indicator else told.indicator, site.name if site else told.shop)
    if errors or indicator is None:
        return SeenValue(told, Effect.WRONG, *names, errors=tuple(errors))
    first, last = _within(told, contract)
    try:
        value = read_amount(told.typed, Unit(indicator.unit))
        form = ValueForm(
            indicator.id, first, last, value, told.as_of or desk.clock.today(), told.source or table.name, site.id if site else None
        )  # fmt: skip
        rows = known[indicator.id]
        same = next((r for r in in_force(rows) if (r.site, r.first, r.last) == (form.site, first, last)), None)
        if same is not None and same.id < 0:
            raise RuleRefused(N_("La ligne {line} du fichier le dit déjà."), line=-same.id // 1000)
        form = replace(form, replaces=same.id if same else None)
        check_form(session, desk, indicator, contract, form, rows)
    except RuleRefused as refusal:
        return SeenValue(told, Effect.WRONG, *names, errors=(str(refusal),))
    effect = Effect.NEW if same is None else Effect.SAME if same.value == value else Effect.CORRECTS
    if effect is not Effect.SAME:
        # Under a number that no row has, and that tells its line.
        number = -told.line * 1000 - len(rows) % 1000
        rows.append(TypedValue(number, form.site, first, last, value, form.as_of, form.replaces))
    return SeenValue(told, effect, *names, value, same.value if same else None, form)


def _within(told: SheetValue, contract: Contract) -> tuple[str, str]:
    """Return the months of a value; a whole year is that part of it which is in the contract."""
    months = months_of(contract)
    if told.first[5:] == "01" and told.last[5:] == "12" and told.first <= months.last and told.last >= months.first:
        return max(told.first, months.first), min(told.last, months.last)
    return told.first, told.last


def _remember_in(session: Session, desk: Desk, contract: int, table: Table, mapping: TableMapping) -> None:
    headings = _headings(table.sheet)
    row = session.scalars(
        select(ValueMapping).where(ValueMapping.contract_id == contract, ValueMapping.headings == headings)
    ).first()
    if row is None:
        row = ValueMapping(contract_id=contract, headings=headings, version=0)
        session.add(row)
    row.name, row.mapping, row.version = checked_text(table.name, 160), mapping.to_json(), row.version + 1
    stamp(row, desk)


def _headings(sheet: Sheet) -> str:
    return hashlib.sha256("\n".join(fold(h) for h in sheet.headings).encode()).hexdigest()


def _digest(table: Table, mapping: TableMapping) -> str:
    told = json.dumps(mapping.to_json(), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{table.digest}\n{told}".encode()).hexdigest()
