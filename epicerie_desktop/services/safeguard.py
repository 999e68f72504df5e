"""Copies of the shop's file, bringing one back, and the check that everything still adds up."""

from __future__ import annotations

import re
import unicodedata
import uuid
from contextlib import suppress
from pathlib import Path

from sqlalchemy import case, func, or_, select, update

from epicerie_desktop.domain import journal as chain
from epicerie_desktop.persistence import backup as copies
from epicerie_desktop.persistence import migrate, vault
from epicerie_desktop.persistence.database import Database
from epicerie_desktop.persistence.models import Contract, Journal, Payment, Post, Sale, SaleLine
from epicerie_desktop.services import months, opening, sticks
from epicerie_desktop.services.contract import balance_chain
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.findings import Finding
from epicerie_desktop.services.queries.lot_balances import unlike_in
from epicerie_desktop.services.till import closings, drawer, purse, regie
from epicerie_desktop.support.clock import PARIS, Clock
from epicerie_desktop.support.errors import EnvironmentTrouble

_PLAIN = re.compile(r"[^A-Za-z0-9_.-]+")


def back_up(desk: Desk, folder: Path, secret: str) -> Path:
    """Write a verified copy of the file and its keys to a folder and return its path.

    `secret` is the passphrase, asked again: the key of the file is not kept by the desk. Raises `RuleRefused` on a stick
    that carries parcels, `EnvironmentTrouble` where the disk refuses; the copies made before stay as they are.
    """
    source = desk.db.path
    assert source is not None
    keys = opening.open_keys(source, secret)
    # Some sticks take nothing but plain letters in a name.
    plain = unicodedata.normalize("NFKD", source.stem).encode("ascii", "ignore").decode()
    stem = _PLAIN.sub("-", plain).strip("-.") or "epicerie"
    target = folder / f"{stem[:60]}-{desk.clock.now().astimezone(PARIS):%Y%m%d-%H%M%S}.db"
    with sticks.copying_to(folder, source.stat().st_size):
        try:
            # The keys go first: a copy that nothing opens must never be taken for a safeguard.
            vault.copy_keys(source, target)
            copies.copy_to(source, keys.main, target)
        except (EnvironmentTrouble, OSError):
            _forget_keys(target)
            raise
    return target


def _forget_keys(target: Path) -> None:
    """Remove the keys of a copy that was not made; the disk that refused the copy may refuse this too."""
    with suppress(OSError):
        vault.vault_path(target).unlink(missing_ok=True)


def restore(copy: Path, target: Path, secret: str, clock: Clock) -> None:
    """Bring a copy back to `target`, the file now there being set aside; the restored shop starts a new generation.

    Raises `WrongPassphrase`, `EnvironmentTrouble` where the copy is damaged or the disk refuses; nothing is moved then.
    """
    keys = opening.open_keys(copy, secret)
    aside = f"abime-{clock.now():%Y%m%d%H%M%S}"
    copies.refuse_if_open(target, keys.main)
    ready = copies.bring_back(copy, keys.main, target, aside)
    try:
        migrate.bring_up_to_date(ready, keys.main)
        _new_generation(ready, keys.main)
        vault.copy_keys(copy, ready)
    except BaseException:
        migrate.remove(ready)
        vault.vault_path(ready).unlink(missing_ok=True)
        raise
    old_keys = vault.vault_path(target)
    if old_keys.exists():
        old_keys.replace(old_keys.with_name(f"{old_keys.name}.{aside}"))
    vault.vault_path(ready).replace(old_keys)
    copies.put_in_place(ready, target, aside)


def _new_generation(path: Path, key: bytes) -> None:
    """Mark a copy as a restored file: the numbers given since it was made are lost, and the coordinator must be able to tell."""
    db = Database.open(path, key)
    try:
        with db.write() as session:
            for contract in session.scalars(select(Contract.id)):
                session.execute(update(Contract).where(Contract.id == contract).values(generation=uuid.uuid4()))
    finally:
        db.close()


def verify_file(desk: Desk) -> tuple[Finding, ...]:
    """Return everything that does not hold: pages of the file, else journal chains, balances of lots, tickets, the till, what households have ahead or owe.

    Where the file itself is damaged (`what` is `file`), the books are not read: nothing they say could be believed.
    """
    damaged = tuple(Finding("file", told, 0, 1) for told in desk.db.damage())
    return damaged or (
        *_journals(desk),
        *_stock(desk),
        *_tickets(desk),
        *closings.broken_closings(desk),
        *purse.broken_purses(desk),
        *drawer.broken_sessions(desk),
        *regie.broken_payments(desk),
        *months.broken_months(desk),
        *balance_chain.broken_balances(desk),
    )


def _journals(desk: Desk) -> list[Finding]:
    found = []
    with desk.db.read() as session:
        for post in session.scalars(select(Post)):
            entries = (
                chain.Entry(post.number, j.seq, j.at, j.actor_id, j.kind, j.body, j.prev, j.digest)
                for j in session.scalars(select(Journal).where(Journal.post_id == post.id).order_by(Journal.seq))
            )
            broken = chain.first_broken(entries)
            if broken is not None:
                found.append(Finding("journal", f"{broken.post}/{broken.seq} ({broken.why})", 0, 1))
    return found


def _stock(desk: Desk) -> list[Finding]:
    with desk.db.read() as session:
        return [
            Finding("stock", str(n.lot), n.moved_pieces, n.held_pieces)
            if n.moved_pieces != n.held_pieces
            else Finding("stock", str(n.lot), n.moved_grams, n.held_grams)
            for n in unlike_in(session)
        ]


def _tickets(desk: Desk) -> list[Finding]:
    lines = (
        select(
            SaleLine.sale_id, func.sum(SaleLine.paid_cents).label("paid"), func.sum(SaleLine.shelf_cents).label("shelf"),
            func.sum(case((SaleLine.food, SaleLine.grams), else_=0)).label("grams"),
        ).group_by(SaleLine.sale_id).subquery()
    )  # fmt: skip
    payments = select(Payment.sale_id, func.sum(Payment.cents).label("paid")).group_by(Payment.sale_id).subquery()
    sums = (
        (Sale.paid_cents, func.coalesce(lines.c.paid, 0)), (Sale.shelf_cents, func.coalesce(lines.c.shelf, 0)),
        (Sale.grams, func.coalesce(lines.c.grams, 0)), (Sale.paid_cents, func.coalesce(payments.c.paid, 0)),
    )  # fmt: skip
    with desk.db.read() as session:
        rows = session.execute(
            select(Sale.id, *(column for pair in sums for column in pair))
            .outerjoin(lines, lines.c.sale_id == Sale.id)
            .outerjoin(payments, payments.c.sale_id == Sale.id)
            .where(or_(*(stored != added for stored, added in sums)))
        )
        return [Finding("tickets", str(sale), *_first_apart([int(f) for f in figures])) for sale, *figures in rows]


def _first_apart(figures: list[int]) -> tuple[int, int]:
    """Return the first pair of figures, two by two, that are not the same."""
    return next((stored, added) for stored, added in zip(figures[::2], figures[1::2], strict=True) if stored != added)
