"""Rights: the règlements of the shop. One is a text with its first day; each applies until the next one starts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.eligibility.ruleset import Ruleset, parse_ruleset
from epicerie_desktop.persistence.models import Ruleset as RulesetRow
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import N_

_MOST_BYTES = 200_000
"""Of a file that may be a règlement: a longer one is not read."""


def read_ruleset_file(path: Path) -> tuple[Ruleset, str]:
    """Return the règlement of a file and its text. Raises `BadInput` for anything else, `EnvironmentTrouble` for the disk."""
    try:
        with path.open("rb") as handle:
            data = handle.read(_MOST_BYTES + 1)
    except OSError as error:
        raise EnvironmentTrouble(
            "FIC-201", N_("Ce fichier ne peut pas être lu : vérifiez qu'il est bien là, puis recommencez.")
        ) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(
            N_("Ce fichier n'est pas un règlement : choisissez un fichier dont le nom finit par « .toml ».")
        ) from error
    if len(data) > _MOST_BYTES:
        raise BadInput(N_("Ce fichier est trop long pour être un règlement."))
    return parse_ruleset(text), text


def adopt_ruleset(desk: Desk, text: str) -> Ruleset:
    """Keep a règlement from its own date on. Raises `RulesetInvalid`, `RuleRefused` where one already starts that day."""
    ruleset = parse_ruleset(text)
    with desk.db.write() as session:
        if session.execute(select(RulesetRow.id).where(RulesetRow.valid_from == ruleset.valid_from)).first():
            raise RuleRefused(N_("Un règlement commence déjà ce jour-là : changez la date du nouveau."))
        session.add(
            RulesetRow(
                name=ruleset.name,
                valid_from=ruleset.valid_from,
                text=text,
                adopted_at=desk.clock.now(),
                adopted_by=desk.actor.id,
            )
        )
        seal_in_journal(session, desk, "ruleset", {"from": ruleset.valid_from.isoformat()})
    return ruleset


def ruleset_on(desk: Desk, day: date) -> Ruleset:
    """Return the règlement in force on `day`. Raises `RuleRefused` where none is."""
    with desk.db.read() as session:
        return parse_ruleset(row_on(session, day).text)


def ruleset_in(session: Session, day: date) -> Ruleset | None:
    """Return the règlement in force on `day` inside a caller's block, None where none is."""
    try:
        return parse_ruleset(row_on(session, day).text)
    except RuleRefused:
        return None


def row_on(session: Session, day: date) -> RulesetRow:
    """Return the row of the règlement in force on `day`. Raises `RuleRefused` where none is."""
    row = session.scalars(
        select(RulesetRow).where(RulesetRow.valid_from <= day).order_by(RulesetRow.valid_from.desc()).limit(1)
    ).first()
    if row is None:
        raise RuleRefused(N_("Aucun règlement n'est en vigueur à cette date : adoptez-en un dans les réglages."))
    return row
