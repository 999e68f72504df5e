"""What the household and the shop agreed on (contract, règlement, notice, procuration), and « do not offer » tags: reception's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.support import UndertakingKind
from epicerie_desktop.persistence.models import Article, Avoidance, Family, Undertaking
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.support.common import checked_day
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

_TERMS_SIGNS = 1000


@dataclass(frozen=True, slots=True)
class UndertakingForm:
    """A dated paper. `name` is the proxy's; `until` its last good day; `note` what the contract asks, a line each."""

    kind: UndertakingKind
    signed_on: date
    until: date | None = None
    name: str = ""
    note: str = ""


def record_undertaking(desk: Desk, household: int, form: UndertakingForm) -> int:
    """Keep a paper signed, accepted or handed over, and return its id. Raises `BadInput`: no proxy's name, dates inverted."""
    proxy = form.kind is UndertakingKind.PROXY
    name = checked_text(form.name, 80) if proxy else ""
    note = checked_text(form.note, _TERMS_SIGNS) if form.kind is UndertakingKind.CONTRACT else ""
    if proxy and not name:
        raise BadInput(N_("Donnez le nom de la personne qui pourra venir à la place du foyer."))
    checked_day(desk, form.signed_on)
    if form.until is not None and checked_day(desk, form.until, future=True) < form.signed_on:
        raise BadInput(N_("L'échéance précède la signature : vérifiez les deux dates."))
    with desk.db.write() as session:
        file_in(session, desk, household)
        row = Undertaking(
            household_id=household, kind=form.kind.value, signed_on=form.signed_on, until=form.until, name=name, note=note,
            made_at=desk.clock.now(), made_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(
            session, desk, "undertaking", {"undertaking": row.id, "household": household, "kind": form.kind.value}
        )
        return row.id


def revoke_undertaking(desk: Desk, undertaking: int) -> None:
    """End a paper from today (a procuration withdrawn, a contract ended); it stays in the file. Raises `RuleRefused`."""
    with desk.db.write() as session:
        row = session.get_one(Undertaking, undertaking)
        file_in(session, desk, row.household_id)
        if row.revoked_on is not None:
            raise RuleRefused(N_("Cet engagement a déjà pris fin."))
        row.revoked_on = desk.clock.today()
        seal_in_journal(session, desk, "undertaking.revoked", {"undertaking": undertaking})


@dataclass(frozen=True, slots=True)
class AvoidanceForm:
    """A « do not offer » tag: about a family, an article, or with neither, only `words`; `agreed_on` the day they agreed."""

    agreed_on: date
    family_id: int | None = None
    article_id: int | None = None
    words: str = ""


def add_avoidance(desk: Desk, household: int, form: AvoidanceForm) -> int:
    """Keep a tag the household asked for and return its id. Raises `BadInput`: nothing named, a tag already there."""
    words = checked_text(form.words, 60)
    checked_day(desk, form.agreed_on)
    if form.family_id is not None and form.article_id is not None:
        raise BadInput(N_("Choisissez une famille ou un article, pas les deux."))
    with desk.db.write() as session:
        file_in(session, desk, household)
        label = words
        if form.article_id is not None:
            label = session.get_one(Article, form.article_id).name
        elif form.family_id is not None:
            label = session.get_one(Family, form.family_id).name
        if not label:
            raise BadInput(N_("Choisissez une famille ou un article, ou écrivez quelques mots."))
        if session.scalars(
            select(Avoidance.id).where(Avoidance.household_id == household, Avoidance.label == label)
        ).first():
            raise BadInput(N_("« {label} » est déjà parmi ce qui n'est pas proposé."), label=label)
        row = Avoidance(
            household_id=household, label=label, family_id=form.family_id, article_id=form.article_id,
            agreed_on=form.agreed_on, made_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "avoidance", {"avoidance": row.id, "household": household})
        return row.id


def remove_avoidance(desk: Desk, avoidance: int) -> None:
    """Erase a tag for good: nothing of what it said stays, in the journal either."""
    with desk.db.write() as session:
        row = session.get_one(Avoidance, avoidance)
        file_in(session, desk, row.household_id)
        seal_in_journal(session, desk, "avoidance.removed", {"avoidance": avoidance, "household": row.household_id})
        session.delete(row)
