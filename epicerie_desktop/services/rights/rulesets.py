"""Rights: the règlements of the shop. One is a text with its first day; each applies until the next one starts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.eligibility.checks import check_scales
from epicerie_desktop.domain.eligibility.rules import ScaleFigure
from epicerie_desktop.domain.eligibility.ruleset import Ruleset, parse_ruleset
from epicerie_desktop.persistence.models import AccessGrant, Assessment, Draft
from epicerie_desktop.persistence.models import Ruleset as RulesetRow
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights.scales import scales_in
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble, RuleRefused, Stale
from epicerie_desktop.support.i18n import N_

_DRAFT = "ruleset"
"""The key of the draft, among baskets keyed by household."""
_MOST_BYTES = 200_000
"""Of a file that may be a règlement: a longer one is not read."""


def read_ruleset_file(path: Path) -> tuple[Ruleset, str]:
    """Return the règlement of a file and its text. Raises `BadInput` for anything else, `EnvironmentTrouble` for the disk."""
    text = read_ruleset_text(path)
    return parse_ruleset(text), text


def read_ruleset_text(path: Path) -> str:
    """Return the text of a file that may be a règlement, not judged yet. Raises `BadInput`, `EnvironmentTrouble`."""
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
    return text


def adopt_ruleset(desk: Desk, text: str) -> Ruleset:
    """Keep a règlement from its own date on. Nothing is written where it is refused.

    Raises `RulesetInvalid`, for a social scale without any figure too; `RuleRefused` where one already starts that day, or where it would begin on a day for which
    decisions were already taken under another one.
    """
    require_team(desk)
    ruleset = parse_ruleset(text)
    with desk.db.write() as session:
        check_scales(ruleset, scales_in(session))
        if session.execute(select(RulesetRow.id).where(RulesetRow.valid_from == ruleset.valid_from)).first():
            raise RuleRefused(N_("Un règlement commence déjà ce jour-là : changez la date du nouveau."))
        last = _last_decision(session)
        if last is not None and ruleset.valid_from <= last:
            raise RuleRefused(
                N_("Des décisions ont été prises jusqu'au {day} avec un autre règlement : faites commencer celui-ci le {next} au plus tôt."),
                day=partial(shown.day, last), next=partial(shown.day, last + timedelta(days=1)),
            )  # fmt: skip
        session.add(
            RulesetRow(
                name=ruleset.name,
                valid_from=ruleset.valid_from,
                text=text,
                adopted_at=desk.clock.now(),
                adopted_by=desk.actor.id,
            )
        )
        session.execute(delete(Draft).where(Draft.post_id == desk.post.id, Draft.key == _DRAFT))
        seal_in_journal(session, desk, "ruleset", {"from": ruleset.valid_from.isoformat()})
    return ruleset


def _last_decision(session: Session) -> date | None:
    """Return the last day on which a règlement was used to answer or to open a right, None where none was."""
    stated = session.scalar(select(func.max(Assessment.day)))
    granted = session.scalar(select(func.max(AccessGrant.decided_at)).where(AccessGrant.ruleset_id.is_not(None)))
    days = [stated, granted.astimezone(PARIS).date() if granted is not None else None]
    return max((d for d in days if d is not None), default=None)


class RulesetState(StrEnum):
    """Whether a règlement applied, applies, or is to come."""

    PAST = "PAST"
    IN_FORCE = "IN_FORCE"
    TO_COME = "TO_COME"


@dataclass(frozen=True, slots=True)
class AdoptedRuleset:
    """A règlement of the shop: its first and last days (None: until another one), its text, how many times it was used."""

    id: int
    name: str
    version: str
    valid_from: date
    valid_until: date | None
    state: RulesetState
    text: str
    used: int


def list_rulesets(desk: Desk) -> tuple[AdoptedRuleset, ...]:
    """Return the règlements adopted, the latest first."""
    today = desk.clock.today()
    with desk.db.read() as session:
        rows = session.scalars(select(RulesetRow).order_by(RulesetRow.valid_from.desc())).all()
        used = _uses(session)
        found: list[AdoptedRuleset] = []
        for row in rows:
            until = found[-1].valid_from - timedelta(days=1) if found else None
            state = RulesetState.IN_FORCE
            if row.valid_from > today:
                state = RulesetState.TO_COME
            elif until is not None and until < today:
                state = RulesetState.PAST
            found.append(AdoptedRuleset(row.id, row.name, parse_ruleset(row.text).version, row.valid_from, until, state,
                                        row.text, used.get(row.id, 0)))  # fmt: skip
    return tuple(found)


def _uses(session: Session) -> Counter[int]:
    used: Counter[int] = Counter()
    for column in (Assessment.ruleset_id, AccessGrant.ruleset_id):
        for number, times in session.execute(select(column, func.count()).where(column.is_not(None)).group_by(column)):
            used[int(number or 0)] += times
    return used


def withdraw_ruleset(desk: Desk, ruleset: int) -> None:
    """Take back a règlement before its first day. Raises `RuleRefused` once it began or was used."""
    require_team(desk)
    with desk.db.write() as session:
        row = session.get(RulesetRow, ruleset)
        if row is None:
            raise Stale(N_("Ce règlement a déjà été retiré."))
        if row.valid_from <= desk.clock.today():
            raise RuleRefused(N_("Ce règlement a commencé : adoptez-en un autre, il le remplacera à sa date."))
        if _uses(session)[ruleset]:
            raise RuleRefused(N_("Des décisions reposent déjà sur ce règlement : il ne peut plus être retiré."))
        seal_in_journal(session, desk, "ruleset.withdrawn", {"from": row.valid_from.isoformat()})
        session.delete(row)


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A règlement being written at this post, as text, and when it was kept."""

    text: str
    saved_at: datetime


def keep_ruleset_draft(desk: Desk, text: str) -> None:
    """Keep the règlement being written, so that a power cut loses nothing; an empty text forgets it."""
    with desk.db.write() as session:
        session.execute(delete(Draft).where(Draft.post_id == desk.post.id, Draft.key == _DRAFT))
        if text:
            session.add(Draft(post_id=desk.post.id, key=_DRAFT, saved_at=desk.clock.now(), body={"text": text}))


def kept_ruleset_draft(desk: Desk) -> KeptDraft | None:
    """Return the règlement that was being written at this post, None where there is none."""
    with desk.db.read() as session:
        row = session.get(Draft, (desk.post.id, _DRAFT))
        return KeptDraft(row.body["text"], row.saved_at) if row is not None else None


def scales(desk: Desk) -> tuple[ScaleFigure, ...]:
    """Return the social scales at hand, for trying a règlement in hand."""
    with desk.db.read() as session:
        return scales_in(session)


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
