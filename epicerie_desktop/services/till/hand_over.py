"""Baskets in hand at the other posts of the shop, and taking one over here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import Draft, Post
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.counter import found_in
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class BasketElsewhere:
    """A basket in hand at another post."""

    household: int
    number: str
    name: str
    post: int
    post_name: str
    saved_at: datetime
    lines: int


def baskets_elsewhere(desk: Desk) -> tuple[BasketElsewhere, ...]:
    """Return the baskets in hand at the other posts, the latest first."""
    with desk.db.read() as session:
        rows = session.execute(
            select(Draft.key, Draft.saved_at, Draft.body, Post.id, Post.number, Post.name)
            .join(Post, Post.id == Draft.post_id)
            .where(Draft.post_id != desk.post.id)
            .order_by(Draft.saved_at.desc())
        ).all()
        found = {f.id: f for f in found_in(session, desk, sorted({int(r.key) for r in rows if r.key.isdigit()}))}
        return tuple(
            BasketElsewhere(
                int(r.key), found[int(r.key)].number, found[int(r.key)].called, r.id, r.name or str(r.number), r.saved_at,
                len(r.body["lines"]),
            )
            for r in rows
            if r.key.isdigit() and int(r.key) in found
        )  # fmt: skip


def take_over(desk: Desk, household: int, post: int) -> None:
    """Bring the basket of a household from another post to this one, whole: the other one cannot go on with it.

    Raises `RuleRefused` where it is not there any more, or where this post already has a basket of that household.
    """
    with desk.db.write() as session:
        if _draft(session, post, household) is None:
            raise RuleRefused(N_("Ce panier n'est plus en attente à l'autre poste : il a été encaissé ou abandonné."))
        if post != desk.post.id and _draft(session, desk.post.id, household) is not None:
            raise RuleRefused(
                N_("Un panier de ce foyer est déjà en cours à ce poste : encaissez-le ou abandonnez-le d'abord.")
            )
        session.execute(
            update(Draft).where(Draft.post_id == post, Draft.key == str(household)).values(post_id=desk.post.id)
        )


def _draft(session: Session, post: int, household: int) -> int | None:
    return session.scalar(select(Draft.post_id).where(Draft.post_id == post, Draft.key == str(household)))
