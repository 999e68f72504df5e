"""Loads the outline of a contract, all or nothing: what is already there stays as it is, what is missing is added."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.contract_outline import MOST_BYTES, Outline, OutlineAction, read_outline
from epicerie_desktop.exchange import stick
from epicerie_desktop.persistence.models import Axis, ContractAction, Funder, Indicator
from epicerie_desktop.services.contract.funding import save_funder_in
from epicerie_desktop.services.contract.plan import (
    ActionForm,
    AxisForm,
    IndicatorForm,
    save_action_in,
    save_axis_in,
    save_indicator_in,
)
from epicerie_desktop.services.contract.rooms import contract_in, require_coordinator
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support import paths
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

SAINT_FLOUR, COHESION = "saint-flour-2010-2012", "cohesion-sociale"
"""The outlines that come with the program."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many axes, actions, indicators and funders an outline added."""

    axes: int = 0
    actions: int = 0
    indicators: int = 0
    funders: int = 0

    @property
    def nothing(self) -> bool:
        """Return whether everything was already there."""
        return self == Loaded()


def read_outline_file(path: Path) -> Outline:
    """Return the outline of a file. Raises `BadInput` where it is none, `EnvironmentTrouble` where it cannot be read."""
    try:
        text = stick.read_bounded(path, MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(N_("Ce fichier n'est pas un texte : ce n'est pas un plan de contrat.")) from error
    return read_outline(text)


def shipped_outline(name: str) -> Outline:
    """Return an outline that comes with the program."""
    return read_outline(paths.resource("contracts", f"{name}.toml").read_text("utf-8"))


def load_outline(desk: Desk, contract: int, outline: Outline) -> Loaded:
    """Add to a contract what an outline tells and it lacks, by code; twice the same adds nothing. Raises `BadInput`, `RuleRefused`."""
    require_coordinator(desk)
    with desk.db.write() as session:
        contract_in(session, contract)
        kept = (
            _codes(session, Axis, contract),
            _codes(session, ContractAction, contract),
            _codes(session, Indicator, contract),
        )
        axes, actions, indicators = kept
        before = [len(k) for k in kept]
        for axis in outline.axes:
            if axis.code not in axes:
                axes[axis.code] = save_axis_in(session, desk, contract, AxisForm(axis.code, axis.title, axis.summary))
            for action in axis.actions:
                if action.code not in actions:
                    form = ActionForm(
                        axes[axis.code], action.code, action.title, action.summary, action.pilot, action.partners
                    )
                    actions[action.code] = save_action_in(session, desk, form)
                _add_indicators(session, desk, actions[action.code], action, indicators)
        funders = set(session.scalars(select(Funder.name).where(Funder.contract_id == contract)))
        missing = [f for f in outline.funders if f not in funders]
        for funder in missing:
            save_funder_in(session, desk, contract, funder)
        added = [len(k) - n for k, n in zip(kept, before, strict=True)]
        return Loaded(added[0], added[1], added[2], len(missing))


def _add_indicators(
    session: Session, desk: Desk, action: int, told: OutlineAction, indicators: dict[str, int]
) -> None:  # fmt: skip
    for one in told.indicators:
        if one.code not in indicators:
            m = one.measure
            form = IndicatorForm(
                action, one.code, one.name, m.unit, m.method, one.definition, m.unit_name, m.source, m.target, one.headline
            )  # fmt: skip
            indicators[one.code] = save_indicator_in(session, desk, form)


def _codes(
    session: Session, model: type[Axis] | type[ContractAction] | type[Indicator], contract: int
) -> dict[str, int]:
    return dict(session.execute(select(model.code, model.id).where(model.contract_id == contract)).all())
