"""The shops of a contract and their posts, at the coordinator: a signature confirmed, a post revoked, a shop that leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.exchange.keys import fingerprint, same_fingerprint
from epicerie_desktop.persistence.models import Account, Contract, ParcelReceived, Site, SitePost
from epicerie_desktop.services.contract.making import made_here
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post of a shop and the key it signs with; `by` confirmed it or revoked it, `last_seq` is its last parcel's number."""

    id: int
    site: int
    site_code: str
    post: int
    fingerprint: str
    first_at: datetime
    confirmed_at: datetime | None
    revoked_at: datetime | None
    by: str
    reason: str
    last_seq: int | None


@dataclass(frozen=True, slots=True)
class SiteStanding:
    """Whether a shop still belongs to the contract: since when, until when and why."""

    id: int
    code: str
    name: str
    number: int
    joined_on: date | None
    left_on: date | None
    left_reason: str
    unconfirmed: int
    """Posts whose signature nobody has compared yet."""


def list_posts(desk: Desk, contract: int) -> tuple[PostRow, ...]:
    """Return the posts of every shop of a contract, those in use first within each shop."""
    with desk.db.read() as session:
        names = dict(session.execute(select(Account.id, Account.name)).all())
        seqs = {
            (site, post): seq
            for site, post, seq in session.execute(
                select(ParcelReceived.site_id, ParcelReceived.post, func.max(ParcelReceived.seq)).group_by(
                    ParcelReceived.site_id, ParcelReceived.post
                )
            )
        }
        rows = session.execute(
            select(SitePost, Site.code)
            .join(Site, Site.id == SitePost.site_id)
            .where(Site.contract_id == contract)
            .order_by(Site.number, SitePost.post, SitePost.id.desc())
        ).all()
        return tuple(
            PostRow(
                p.id, p.site_id, code, p.post, fingerprint(p.verify_key), p.first_at, p.confirmed_at, p.revoked_at,
                names.get(p.revoked_by or p.confirmed_by or 0, ""), p.reason, seqs.get((p.site_id, p.post)),
            )
            for p, code in rows
        )  # fmt: skip


def standings(desk: Desk, contract: int) -> tuple[SiteStanding, ...]:
    """Return every shop of a contract and whether it still belongs to it, by number."""
    with desk.db.read() as session:
        waiting = dict(
            session.execute(
                select(SitePost.site_id, func.count())
                .where(SitePost.confirmed_at.is_(None), SitePost.revoked_at.is_(None))
                .group_by(SitePost.site_id)
            ).all()
        )
        return tuple(
            SiteStanding(s.id, s.code, s.name, s.number, s.joined_on, s.left_on, s.left_reason, waiting.get(s.id, 0))
            for s in session.scalars(select(Site).where(Site.contract_id == contract).order_by(Site.number))
        )


def bears(post: PostRow, read: str) -> bool:
    """Return whether a signature read aloud is this post's, whatever the blanks and the case."""
    return same_fingerprint(read, post.fingerprint)


def state_of(post: PostRow) -> str:
    """Return, in a word or two, whether a post's signature counts."""
    if post.revoked_at is not None:
        return _("écarté")
    return _("confirmée") if post.confirmed_at is not None else _("à confirmer")


def confirm_post(desk: Desk, post: int) -> None:
    """Note that the shop read this signature aloud, over the telephone, and that it is the same. Raises `RuleRefused`."""
    require_team(desk)
    with desk.db.write() as session:
        row = session.get_one(SitePost, post)
        if row.revoked_at is not None:
            raise RuleRefused(N_("Ce poste a été écarté : sa signature ne se confirme plus."))
        if row.confirmed_at is None:
            row.confirmed_at, row.confirmed_by = desk.clock.now(), desk.actor.id
            seal_in_journal(session, desk, "post.confirmed", {"post": row.id, "site": row.site_id})


def revoke_post(desk: Desk, post: int, reason: str) -> None:
    """Have a post's key count no more; the next parcel of that post brings another, to be confirmed.

    Its past months stay. Raises `BadInput` without a reason, `RuleRefused` where it was revoked already.
    """
    require_team(desk)
    why = _reason(reason)
    with desk.db.write() as session:
        row = session.get_one(SitePost, post)
        if row.revoked_at is not None:
            raise RuleRefused(N_("Ce poste a déjà été écarté."))
        row.revoked_at, row.revoked_by, row.reason = desk.clock.now(), desk.actor.id, why
        seal_in_journal(session, desk, "post.revoked", {"post": row.id, "site": row.site_id})


def let_site_leave(desk: Desk, site: int, last_day: date, reason: str) -> None:
    """Note a shop's last day in the contract: later months are neither expected nor taken; its past months stay.

    Raises `BadInput` without a reason, or for a day outside the contract.
    """
    require_team(desk)
    why = _reason(reason)
    with desk.db.write() as session:
        row = session.get_one(Site, site)
        contract = made_here(session, row.contract_id)
        _check_day(contract, last_day)
        row.left_on, row.left_reason = last_day, why
        seal_in_journal(session, desk, "site.left", {"site": site, "on": last_day.isoformat()})


def take_site_back(desk: Desk, site: int) -> None:
    """Note that a shop belongs to the contract again, or never left. Does nothing for one that belongs to it."""
    require_team(desk)
    with desk.db.write() as session:
        row = session.get_one(Site, site)
        if row.left_on is not None:
            row.left_on, row.left_reason = None, ""
            seal_in_journal(session, desk, "site.back", {"site": site})


def _check_day(contract: Contract, day: date) -> None:
    start, end = contract.starts_on, contract.ends_on
    if not start <= day <= end:
        raise BadInput(
            N_("Le dernier jour doit être dans le contrat : entre le {start} et le {end}."),
            start=lambda: shown.day(start), end=lambda: shown.day(end),
        )  # fmt: skip


def _reason(typed: str) -> str:
    why = checked_text(typed)
    if not why:
        raise BadInput(N_("Dites pourquoi : ce motif reste avec l'épicerie."))
    return why
