"""The yearly archive of the till, sealed in the journal that it carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop import __version__
from epicerie_desktop.exchange import stick
from epicerie_desktop.exchange.till_archive import MAX_BYTES, manifest_digest, verify_archive, write_archive
from epicerie_desktop.persistence.models import Article, CashMove, Closing, Journal, Payment, Post, Sale, SaleLine
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_, gettext

_README = N_(
    "Archive de la caisse de « {shop} », année {year}, faite le {day} par epicerie-desktop {version}.\n"
    "Fichiers CSV en UTF-8, séparés par des virgules ; montants en centimes, poids en grammes, heures en temps universel (UTC).\n"
    "journal.csv : tous les faits, dans l'ordre, chacun scellé par le suivant (SHA-256) ; il ne contient aucun nom.\n"
    "tickets.csv, lines.csv, payments.csv : tickets, lignes, paiements ; une annulation est un ticket contraire.\n"
    "cash.csv : argent entré et sorti sans ticket. closings.csv : clôtures, avec total de la période et total perpétuel.\n"
    "manifest.json : l'empreinte de chaque fichier. Pour vérifier : epicerie verify-archive FICHIER.\n"
)


def archive_year(desk: Desk, year: int, folder: Path) -> Path:
    """Write the archive of a calendar year to a folder or a stick and return its path; the journal keeps its digest.

    Raises `RuleRefused` where nothing was written that year, or for a volunteer; `EnvironmentTrouble` as every writing to a stick.
    """
    require_team(desk)
    with desk.db.read() as session:
        tables = {name: list(rows) for name, rows in _tables(session, year)}
    if not tables["journal"]:
        raise RuleRefused(N_("Rien n'a été écrit en {year} : il n'y a rien à archiver."), year=str(year))
    about = {
        "shop": desk.shop.name, "code": desk.shop.code, "year": year, "made_at": f"{desk.clock.now():%Y-%m-%dT%H:%M:%SZ}",
        "software": f"epicerie-desktop {__version__}",
    }  # fmt: skip
    told = gettext(_README).format(
        shop=desk.shop.name, year=year, day=desk.clock.today().isoformat(), version=__version__
    )
    data = write_archive(tables, about, told)
    path = stick.write_safely(folder, f"caisse-{desk.shop.code}-{year}.zip", data, expected=None)
    with desk.db.write() as session:
        seal_in_journal(session, desk, "archive", {"year": year, "manifest": manifest_digest(data)})
    return path


def verify_file(path: Path) -> str:
    """Return the first entry of an archive that does not hold, with its file, empty where all does. Raises `BadInput`, `EnvironmentTrouble`."""
    fault = verify_archive(stick.read_bounded(path, MAX_BYTES))
    return f"{fault.file} {fault.entry}" if fault else ""


def _tables(session: Session, year: int) -> Iterator[tuple[str, Iterator[Sequence[Any]]]]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    # The journal is in UTC: an entry of New Year's night is in the archive of the year its instant has there.
    entered = (Journal.at >= f"{first.isoformat()}T00:00:00Z", Journal.at <= f"{last.isoformat()}T23:59:59Z")
    yield "journal", (
        (number, j.seq, j.at, j.actor_id, j.kind, j.body, j.prev.hex(), j.digest.hex())
        for number, j in session.execute(
            select(Post.number, Journal).join(Post, Post.id == Journal.post_id).where(*entered).order_by(Journal.post_id, Journal.seq)
        )
    )  # fmt: skip
    span = (datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC))
    yield "tickets", (
        (s.id, number, s.number, s.day.isoformat(), f"{s.at:%Y-%m-%dT%H:%M:%SZ}", s.household_id, s.shelf_cents, s.paid_cents,
         s.grams, s.reverses_id or "")
        for number, s in session.execute(
            select(Post.number, Sale).join(Post, Post.id == Sale.post_id).where(Sale.at.between(*span)).order_by(Sale.id)
        )
    )  # fmt: skip
    yield "lines", (
        (p.sale_id, p.n, p.article_id, name, p.lot_id, p.pieces, p.grams, p.reference_cents, p.shelf_cents, p.paid_cents)
        for p, name in session.execute(
            select(SaleLine, Article.name).join(Article, Article.id == SaleLine.article_id).join(Sale, Sale.id == SaleLine.sale_id)
            .where(Sale.at.between(*span)).order_by(SaleLine.sale_id, SaleLine.n)
        )
    )  # fmt: skip
    yield "payments", (
        (p.sale_id, p.kind.value, p.cents, p.tendered_cents)
        for p in session.scalars(
            select(Payment).join(Sale, Sale.id == Payment.sale_id).where(Sale.at.between(*span)).order_by(Payment.sale_id, Payment.kind)
        )
    )  # fmt: skip
    yield "cash", (
        (m.id, number, m.number, m.day.isoformat(), m.kind.value, m.cents, m.note, m.reverses_id or "")
        for number, m in session.execute(
            select(Post.number, CashMove).join(Post, Post.id == CashMove.post_id).where(CashMove.made_at.between(*span)).order_by(CashMove.id)
        )
    )  # fmt: skip
    yield "closings", (
        (c.id, number, c.kind.value, c.number, c.begins_on.isoformat(), c.ends_on.isoformat(), c.after_sale, c.up_to_sale, c.tickets,
         c.cancelled, c.paid_cents, c.gross_cents, c.perpetual_cents, c.perpetual_gross_cents)
        for number, c in session.execute(
            select(Post.number, Closing).join(Post, Post.id == Closing.post_id).where(Closing.made_at.between(*span)).order_by(Closing.id)
        )
    )  # fmt: skip
