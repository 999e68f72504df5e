"""The plan of a contract, at its coordinator: axes, actions with their pilot, partners and statuses, indicators. Statuses only add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.contract import (
    Measure,
    Method,
    Status,
    Unit,
    check_measure,
    checked_code,
    checked_partners,
    checked_summary,
    checked_title,
)
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.persistence.models import (
    Account,
    ActionStatus,
    Axis,
    ContractAction,
    FundingLine,
    Indicator,
    IndicatorValue,
)
from epicerie_desktop.services.contract.rooms import contract_in, next_position, require_coordinator, row_in
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal, stamp, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_NOTE = 300


@dataclass(frozen=True, slots=True)
class AxisForm:
    """An axis as typed; `id` and `version` for one that is already kept."""

    code: str
    title: str
    summary: str = ""
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ActionForm:
    """An action as typed, in an axis; `id` and `version` for one that is already kept."""

    axis: int
    code: str
    title: str
    summary: str = ""
    pilot: str = ""
    partners: tuple[str, ...] = ()
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class IndicatorForm:
    """An indicator as typed, of an action; `target` is in its smallest unit."""

    action: int
    code: str
    name: str
    unit: Unit
    method: Method
    definition: str = ""
    unit_name: str = ""
    source: str = ""
    target: int | None = None
    headline: bool = False
    id: int | None = None
    version: int | None = None

    @property
    def measure(self) -> Measure:
        """Return what it counts and how."""
        return Measure(self.unit, self.method, self.source, self.unit_name, self.target)


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A status of an action: from which day, who noted it and when."""

    id: int
    status: Status
    since: date
    note: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator and where it stands in the plan."""

    id: int
    code: str
    name: str
    definition: str
    unit: Unit
    unit_name: str
    method: Method
    source: str
    target: int | None
    headline: bool
    version: int
    action: int
    action_code: str
    action_title: str
    axis: int
    axis_code: str
    axis_title: str


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action, its statuses from the earliest to the one in force, and its indicators."""

    id: int
    axis: int
    code: str
    title: str
    summary: str
    pilot: str
    partners: tuple[str, ...]
    version: int
    history: tuple[StatusRow, ...]
    indicators: tuple[IndicatorRow, ...]

    def status_on(self, day: date) -> Status:
        """Return where the action stood on a day: planned until something is noted."""
        known = [h for h in self.history if h.since <= day]
        return known[-1].status if known else Status.PLANNED

    @property
    def status(self) -> Status:
        """Return where it stands after everything that was noted."""
        return self.history[-1].status if self.history else Status.PLANNED


@dataclass(frozen=True, slots=True)
class AxisRow:
    """An axis and its actions."""

    id: int
    code: str
    title: str
    summary: str
    version: int
    actions: tuple[ActionRow, ...]


def save_axis(desk: Desk, contract: int, form: AxisForm) -> int:
    """Keep an axis and return its id. Raises `BadInput`, `RuleRefused` for a code taken or an account that may not, `Stale`."""
    require_coordinator(desk)
    with desk.db.write() as session:
        return save_axis_in(session, desk, contract, form)


def save_axis_in(session: Session, desk: Desk, contract: int, form: AxisForm) -> int:
    """Do what `save_axis` does, in the caller's transaction."""
    code, title, summary = checked_code(form.code), checked_title(form.title), checked_summary(form.summary)
    contract_in(session, contract)
    row = (
        row_in(session, Axis, form.id)
        if form.id is not None
        else Axis(contract_id=contract, position=next_position(session, Axis.position, Axis.contract_id, contract))
    )
    _refuse_taken(session, Axis, row.contract_id, code, form.id)
    row.code, row.title, row.summary = code, title, summary
    return _kept(session, desk, row, form, "contract.axis")


def save_action(desk: Desk, form: ActionForm) -> int:
    """Keep an action in its axis and return its id. Raises what `save_axis` raises."""
    require_coordinator(desk)
    with desk.db.write() as session:
        return save_action_in(session, desk, form)


def save_action_in(session: Session, desk: Desk, form: ActionForm) -> int:
    """Do what `save_action` does, in the caller's transaction."""
    code, title, summary = checked_code(form.code), checked_title(form.title), checked_summary(form.summary)
    pilot, partners = " ".join(checked_text(form.pilot, 160).split()), checked_partners(form.partners)
    axis = row_in(session, Axis, form.axis)
    row = (
        row_in(session, ContractAction, form.id)
        if form.id is not None
        else ContractAction(
            contract_id=axis.contract_id,
            position=next_position(session, ContractAction.position, ContractAction.contract_id, axis.contract_id),
        )
    )
    if row.contract_id != axis.contract_id:
        raise RuleRefused(N_("Cet axe est celui d'un autre contrat."))
    _refuse_taken(session, ContractAction, row.contract_id, code, form.id)
    row.axis_id, row.code, row.title, row.summary = axis.id, code, title, summary
    row.pilot, row.partners = pilot, list(partners)
    return _kept(session, desk, row, form, "contract.action")


def set_status(desk: Desk, action: int, status: Status, since: date | None = None, note: str = "") -> int:
    """Note where an action stands from a day on (today) and return the row's id; what was noted before stays.

    Raises `BadInput` for a day to come, `RuleRefused` where it stands there already.
    """
    require_coordinator(desk)
    note = checked_text(note, MOST_NOTE)
    since = since or desk.clock.today()
    if since > desk.clock.today():
        raise BadInput(N_("Ce jour est à venir : un changement se note une fois fait."))
    with desk.db.write() as session:
        kept = row_in(session, ContractAction, action)
        before = _history(session, [action]).get(action, ())
        known = [h for h in before if h.since <= since]
        if known and known[-1].status is status:
            raise RuleRefused(N_("L'action en est déjà là à cette date."))
        row = ActionStatus(
            action_id=kept.id, status=status.value, since=since, note=note, made_at=desk.clock.now(), made_by=desk.actor.id
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(
            session, desk, "contract.status", {"action": kept.id, "status": status.value, "since": since.isoformat()}
        )
        return row.id


def save_indicator(desk: Desk, form: IndicatorForm) -> int:
    """Keep an indicator of an action and return its id. Its unit and method no longer change once it has values.

    Raises what `save_axis` raises, and `BadInput` where unit, method and source do not go together.
    """
    require_coordinator(desk)
    with desk.db.write() as session:
        return save_indicator_in(session, desk, form)


def save_indicator_in(session: Session, desk: Desk, form: IndicatorForm) -> int:
    """Do what `save_indicator` does, in the caller's transaction."""
    code, name = checked_code(form.code), checked_title(form.name)
    definition = checked_summary(form.definition)
    unit_name = " ".join(checked_text(form.unit_name, 40).split())
    check_measure(form.measure)
    action = row_in(session, ContractAction, form.action)
    row = (
        row_in(session, Indicator, form.id)
        if form.id is not None
        else Indicator(
            contract_id=action.contract_id,
            position=next_position(session, Indicator.position, Indicator.contract_id, action.contract_id),
        )
    )
    if row.contract_id != action.contract_id:
        raise RuleRefused(N_("Cette action est celle d'un autre contrat."))
    _refuse_taken(session, Indicator, row.contract_id, code, form.id)
    if form.id is not None and (row.unit, row.method, row.source) != (form.unit, form.method, form.source):
        used = session.scalars(select(IndicatorValue.id).where(IndicatorValue.indicator_id == row.id).limit(1)).first()
        if used is not None:
            raise RuleRefused(
                N_("Cet indicateur a déjà des valeurs : son unité, son calcul et sa source ne changent plus. Créez-en un autre.")
            )  # fmt: skip
    row.action_id, row.code, row.name, row.definition = action.id, code, name, definition
    row.unit, row.unit_name, row.method, row.source = form.unit.value, unit_name, form.method.value, form.source
    row.target, row.headline = form.target, form.headline
    return _kept(session, desk, row, form, "contract.indicator")


def remove_axis(desk: Desk, axis: int) -> None:
    """Take away an axis typed by mistake. Raises `RuleRefused` where it has actions."""
    require_coordinator(desk)
    with desk.db.write() as session:
        row = row_in(session, Axis, axis)
        if (
            session.scalars(select(ContractAction.id).where(ContractAction.axis_id == axis).limit(1)).first()
            is not None
        ):
            raise RuleRefused(N_("Cet axe a des actions : déplacez-les d'abord."))
        session.delete(row)
        seal_in_journal(session, desk, "contract.axis_removed", {"axis": axis})


def remove_action(desk: Desk, action: int) -> None:
    """Take away an action typed by mistake. Raises `RuleRefused` where anything was noted of it: it is then dropped, not erased."""
    require_coordinator(desk)
    with desk.db.write() as session:
        row = row_in(session, ContractAction, action)
        for column in (ActionStatus.action_id, Indicator.action_id, FundingLine.action_id):
            if session.scalars(select(column).where(column == action).limit(1)).first() is not None:
                raise RuleRefused(
                    N_(
                        "Cette action a des indicateurs, des financements ou un suivi : notez-la abandonnée, elle reste au bilan."
                    )
                )
        session.delete(row)
        seal_in_journal(session, desk, "contract.action_removed", {"action": action})


def remove_indicator(desk: Desk, indicator: int) -> None:
    """Take away an indicator typed by mistake. Raises `RuleRefused` where it has values, even withdrawn."""
    require_coordinator(desk)
    with desk.db.write() as session:
        row = row_in(session, Indicator, indicator)
        if (
            session.scalars(select(IndicatorValue.id).where(IndicatorValue.indicator_id == indicator).limit(1)).first()
            is not None
        ):
            raise RuleRefused(N_("Cet indicateur a des valeurs : il reste, avec elles."))
        session.delete(row)
        seal_in_journal(session, desk, "contract.indicator_removed", {"indicator": indicator})


def plan_of(desk: Desk, contract: int) -> tuple[AxisRow, ...]:
    """Return the axes of a contract, with their actions, statuses and indicators, in their order."""
    with desk.db.read() as session:
        axes = session.scalars(select(Axis).where(Axis.contract_id == contract).order_by(Axis.position, Axis.id)).all()
        actions = session.scalars(
            select(ContractAction)
            .where(ContractAction.contract_id == contract)
            .order_by(ContractAction.position, ContractAction.id)
        ).all()
        history = _history(session, [a.id for a in actions])
        indicators = indicators_in(session, contract)
        rows = {
            a.id: ActionRow(
                a.id, a.axis_id, a.code, a.title, a.summary, a.pilot, tuple(a.partners), a.version, history.get(a.id, ()),
                tuple(i for i in indicators if i.action == a.id),
            )
            for a in actions
        }  # fmt: skip
        return tuple(
            AxisRow(
                x.id, x.code, x.title, x.summary, x.version, tuple(rows[a.id] for a in actions if a.axis_id == x.id)
            )
            for x in axes
        )


def indicators_in(session: Session, contract: int) -> tuple[IndicatorRow, ...]:
    """Return the indicators of a contract in the order of its plan."""
    found = session.execute(
        select(Indicator, ContractAction, Axis)
        .join(ContractAction, ContractAction.id == Indicator.action_id)
        .join(Axis, Axis.id == ContractAction.axis_id)
        .where(Indicator.contract_id == contract)
        .order_by(Axis.position, Axis.id, ContractAction.position, ContractAction.id, Indicator.position, Indicator.id)
    )
    return tuple(
        IndicatorRow(
            i.id, i.code, i.name, i.definition, Unit(i.unit), i.unit_name, Method(i.method), i.source, i.target, i.headline,
            i.version, a.id, a.code, a.title, x.id, x.code, x.title,
        )
        for i, a, x in found
    )  # fmt: skip


def _history(session: Session, actions: list[int]) -> dict[int, tuple[StatusRow, ...]]:
    found: dict[int, tuple[StatusRow, ...]] = {}
    for row, name in session.execute(
        select(ActionStatus, Account.name)
        .join(Account, Account.id == ActionStatus.made_by)
        .where(ActionStatus.action_id.in_(actions))
        .order_by(ActionStatus.since, ActionStatus.id)
    ):
        told = StatusRow(row.id, Status(row.status), row.since, row.note, row.made_at, name)
        found[row.action_id] = (*found.get(row.action_id, ()), told)
    return found


def _refuse_taken(
    session: Session,
    model: type[Axis] | type[ContractAction] | type[Indicator],
    contract: int,
    code: str,
    row: int | None,
) -> None:
    other = session.scalars(select(model.id).where(model.contract_id == contract, model.code == code)).first()
    if other is not None and other != row:
        raise RuleRefused(N_("Le code {code} est déjà pris dans ce contrat : choisissez-en un autre."), code=code)


def _kept(
    session: Session,
    desk: Desk,
    row: Axis | ContractAction | Indicator,
    form: AxisForm | ActionForm | IndicatorForm,
    kind: str,
) -> int:
    if form.id is None:
        stamp(row, desk)
        session.add(row)
        session.flush()
    else:
        touch(row, desk, form.version)
    seal_in_journal(session, desk, kind, {"contract": row.contract_id, "row": row.id, "code": row.code})
    return row.id
