"""Recalls: the list brought on a stick, the lots set aside at once, the quarantine lifted with its reason, the exercise."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.recalls import Certainty, HeldLot, Product, Sheet, certainty_of, suggestions, trade_code
from epicerie_desktop.domain.stock import MoveKind
from epicerie_desktop.persistence.models import (
    Article,
    ArticleCode,
    Lot,
    Quarantine,
    Recall,
    RecallDrill,
    RecallImport,
    RecallProduct,
    Repacking,
    RepackingMove,
    StockMove,
)
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

KEPT = timedelta(days=730)
"""Older sheets are left out: what they recalled was eaten or thrown away long ago."""
LOTS_LOOKED_AT = timedelta(days=550)
"""How long ago a lot may have come and still be at a family's home."""
SUGGESTED = timedelta(days=180)
"""A sheet without a trade number suggests goods still in stock for so long after its publication."""


@dataclass(frozen=True, slots=True)
class ImportDone:
    """What a file gave: sheets read and kept, and the lots newly set aside, by how sure it is."""

    read: int
    kept: int
    latest_on: date | None
    certain: int
    to_verify: int


def import_recalls(desk: Desk, path: Path) -> ImportDone:
    """Read a list of recalls from a stick and set aside at once the lots it means. Any account may: it is urgent.

    Raises `BadInput` for a file that is not the list, `EnvironmentTrouble` for a stick that cannot be read; nothing is written then.
    """
    return import_sheets(desk, read_list(path))


def read_list(path: Path) -> tuple[Sheet, ...]:
    """Return the sheets of a list on a stick, without writing anything. Raises as `import_recalls`."""
    # What reads files is not brought with the till, which sets lots aside too.
    from epicerie_desktop.exchange import recall_file, stick

    return recall_file.read_recalls(stick.read_bounded(path, recall_file.MOST_BYTES))


def import_sheets(desk: Desk, sheets: tuple[Sheet, ...]) -> ImportDone:
    """Keep the sheets of a list and set aside at once the lots they mean."""
    since = desk.clock.today() - KEPT
    kept = [s for s in sheets if s.published_on is None or s.published_on >= since]
    latest = max((s.published_on for s in sheets if s.published_on is not None), default=None)
    with desk.db.write() as session:
        _save_sheets(session, kept)
        row = RecallImport(made_at=desk.clock.now(), made_by=desk.actor.id, sheets=len(sheets), latest_on=latest)
        session.add(row)
        session.flush()
        aside = _match(session, desk, _held_lots(session, since=desk.clock.today() - LOTS_LOOKED_AT))
        seal_in_journal(session, desk, "recall.import", {"import": row.id, "sheets": len(sheets), "lots": len(aside)})
    counted = [certainty for _lot, certainty in aside]
    return ImportDone(
        len(sheets), len(kept), latest, counted.count(Certainty.CERTAIN), counted.count(Certainty.TO_VERIFY)
    )


def _save_sheets(session: Session, sheets: Iterable[Sheet]) -> None:
    """Keep new sheets and newer editions; an edition already kept does not change. Written together: a list has thousands."""
    known = {r.number: (r.id, r.edition) for r in session.execute(select(Recall.number, Recall.id, Recall.edition))}
    connection = session.connection()
    made: list[dict[str, Any]] = []
    kept: list[Sheet] = []
    for sheet in sheets:
        found = known.get(sheet.number)
        if found is not None and found[1] >= sheet.edition:
            continue
        values = {
            "edition": sheet.edition, "brand": sheet.brand, "name": sheet.name, "reason": sheet.reason, "risks": sheet.risks,
            "advice": sheet.advice, "contact": sheet.contact, "link": sheet.link, "published_on": sheet.published_on,
            "sold_from": sheet.sold_from, "sold_until": sheet.sold_until,
        }  # fmt: skip
        if found is None:
            made.append({"uid": uuid.uuid4(), "number": sheet.number, **values})
        else:
            connection.execute(update(Recall).where(Recall.id == found[0]).values(**values))
            connection.execute(delete(RecallProduct).where(RecallProduct.recall_id == found[0]))
        kept.append(sheet)
    if made:
        connection.execute(insert(table_of(Recall)), made)
    ids = {r.number: r.id for r in session.execute(select(Recall.number, Recall.id))}
    products: list[dict[str, Any]] = []
    for sheet in kept:
        products += [
            {"recall_id": ids[sheet.number], "n": n, "code": trade_code(p.gtin), "lot": p.lot, "all_lots": p.all_lots, "date_kind": p.date_kind,
             "first_on": p.first, "last_on": p.last}
            for n, p in enumerate(sheet.products, 1)
        ]  # fmt: skip
    if products:
        connection.execute(insert(table_of(RecallProduct)), products)


def _held_lots(session: Session, *, since: date | None = None, only: Iterable[int] | None = None) -> list[HeldLot]:
    """Return the lots a recall may meet: those received since a day or still in stock, or those named."""
    wanted = Lot.id.in_(list(only)) if only is not None else (
        (Lot.received_on >= since) | (Lot.balance_pieces > 0) | (Lot.balance_grams > 0)
    )  # fmt: skip
    codes: dict[int, list[str]] = {}
    for code, article in session.execute(select(ArticleCode.code, ArticleCode.article_id)):
        trade = trade_code(code.zfill(13 if len(code) > 8 else 8))
        if trade is not None:
            codes.setdefault(article, []).append(trade)
    rows = session.execute(
        select(Lot.id, Lot.article_id, Article.name, Lot.code, Lot.limit_on, Lot.received_on, Lot.date_precision)
        .join(Article, Article.id == Lot.article_id)
        .where(wanted)
        .order_by(Lot.id)
    )
    return [
        HeldLot(r.id, r.name, tuple(codes.get(r.article_id, ())), r.code, r.limit_on, r.received_on, r.date_precision)
        for r in rows
    ]


def _match(session: Session, desk: Desk, lots: list[HeldLot]) -> list[tuple[int, Certainty]]:
    """Set aside the lots that recalls mean by their trade number, unless that recall already did; return the new ones."""
    codes = {c for lot in lots for c in lot.codes}
    if not codes:
        return []
    named = session.scalars(select(RecallProduct.recall_id).where(RecallProduct.code.in_(codes)).distinct()).all()
    by_code: dict[str, list[tuple[int, Sheet]]] = {}
    for recall, sheet in sheets_in(session, named).items():
        for code in {trade_code(p.gtin) for p in sheet.products} & codes:
            assert code is not None
            by_code.setdefault(code, []).append((recall, sheet))
    known = {(r.recall_id, r.lot_id) for r in session.execute(select(Quarantine.recall_id, Quarantine.lot_id))}
    aside: dict[int, Certainty] = {}
    for lot in lots:
        for recall, sheet in {r: s for c in lot.codes for r, s in by_code.get(c, ())}.items():
            certainty = certainty_of(sheet, lot)
            if certainty is None or (recall, lot.id) in known:
                continue
            for one, sure in {lot.id: certainty, **made_of_in(session, lot.id, certainty)}.items():
                if (recall, one) in known:
                    continue
                known.add((recall, one))
                _set_aside(session, desk, one, sure, recall=recall)
                if aside.get(one) is not Certainty.CERTAIN:
                    aside[one] = sure
    return sorted(aside.items())


def made_of_in(session: Session, lot: int, certainty: Certainty) -> dict[int, Certainty]:
    """Return the lots that sorting, repacking and carrying elsewhere made of a lot, and of what it made: a recalled sack is in its bags.

    They are as sure as the lot, where nothing else went into them; else to verify.
    """
    found: dict[int, Certainty] = {}
    of_repacking = (
        select(RepackingMove.repacking_id, StockMove.lot_id)
        .join(StockMove, StockMove.id == RepackingMove.move_id)
        .join(Repacking, Repacking.id == RepackingMove.repacking_id)
        .where(Repacking.undone_at.is_(None))
    )
    going = [(lot, certainty)]
    while going:
        source, sure = going.pop()
        for carried in _carried_from(session, source):
            if carried not in found:
                found[carried] = sure
                going.append((carried, sure))
        out = of_repacking.where(StockMove.kind == MoveKind.REPACK_OUT)
        for repacking in {r.repacking_id for r in session.execute(out.where(StockMove.lot_id == source))}:
            mixed = len({r.lot_id for r in session.execute(out.where(Repacking.id == repacking))}) > 1
            told = Certainty.TO_VERIFY if mixed and sure is Certainty.CERTAIN else sure
            for row in session.execute(
                of_repacking.where(StockMove.kind == MoveKind.REPACK_IN, Repacking.id == repacking)
            ):
                if row.lot_id not in found:
                    found[row.lot_id] = told
                    going.append((row.lot_id, told))
    return found


def _carried_from(session: Session, lot: int) -> list[int]:
    """Return the lots that a part of a lot was carried into, at another place of the shop, and not back."""
    out, into = aliased(StockMove), aliased(StockMove)
    undone = select(StockMove.reverses_id).where(StockMove.reverses_id.is_not(None))
    return list(
        session.scalars(
            select(into.lot_id)
            .join(out, out.id == into.pair_id)
            .where(
                out.lot_id == lot, out.kind == MoveKind.PLACE_OUT, into.kind == MoveKind.PLACE_IN, out.id.not_in(undone)
            )
        )
    )


def sheets_in(session: Session, recalls: Iterable[int]) -> dict[int, Sheet]:
    """Return recalls kept, by id, inside a caller's block."""
    wanted = list(recalls)
    products: dict[int, list[Product]] = {}
    for p in session.scalars(
        select(RecallProduct).where(RecallProduct.recall_id.in_(wanted)).order_by(RecallProduct.recall_id, RecallProduct.n)
    ):  # fmt: skip
        gtin = p.code.zfill(13 if len(p.code) > 8 else 8) if p.code else None
        products.setdefault(p.recall_id, []).append(
            Product(gtin, p.lot, p.all_lots, p.date_kind, p.first_on, p.last_on)
        )
    return {
        r.id: Sheet(
            r.number, r.edition, "", r.brand, r.name, r.reason, r.risks, r.advice, r.contact, r.link, r.published_on, r.sold_from,
            r.sold_until, tuple(products.get(r.id, ())),
        )
        for r in session.scalars(select(Recall).where(Recall.id.in_(wanted)).order_by(Recall.id))
    }  # fmt: skip


def _set_aside(
    session: Session, desk: Desk, lot: int, certainty: Certainty, *, recall: int | None = None, reason: str = ""
) -> int:
    row = Quarantine(
        lot_id=lot, recall_id=recall, certainty=certainty, reason=reason, made_at=desk.clock.now(), made_by=desk.actor.id
    )  # fmt: skip
    session.add(row)
    session.flush()
    seal_in_journal(
        session, desk, "quarantine", {"quarantine": row.id, "lot": lot, "recall": recall, "certainty": certainty.value}
    )
    return row.id


def check_received_in(session: Session, desk: Desk, reception: int) -> int:
    """Set aside the lots of an arrival that a recall already known means, inside its own transaction; return how many."""
    if session.scalar(select(RecallProduct.recall_id).limit(1)) is None:
        return 0
    lots = session.scalars(select(Lot.id).where(Lot.reception_id == reception)).all()
    return len(_match(session, desk, _held_lots(session, only=lots)))


def check_article_in(session: Session, desk: Desk, article: int) -> int:
    """Set aside the lots of an article whose barcode was just told, where a recall means them; return how many."""
    if session.scalar(select(RecallProduct.recall_id).limit(1)) is None:
        return 0
    session.flush()
    lots = session.scalars(select(Lot.id).where(Lot.article_id == article)).all()
    since = desk.clock.today() - LOTS_LOOKED_AT
    return len(_match(session, desk, [n for n in _held_lots(session, only=lots) if n.received_on >= since]))


def suggested_in(session: Session, desk: Desk) -> list[tuple[int, HeldLot]]:
    """Return the recent recalls without a trade number that may be about goods in stock, inside a caller's block."""
    since = desk.clock.today() - SUGGESTED
    coded = select(RecallProduct.recall_id).where(RecallProduct.code.is_not(None))
    recent = session.scalars(select(Recall.id).where(Recall.published_on >= since, Recall.id.not_in(coded))).all()
    if not recent:
        return []
    held = select(Lot.id).where((Lot.balance_pieces > 0) | (Lot.balance_grams > 0))
    lots = _held_lots(session, only=session.scalars(held).all())
    sheets = sheets_in(session, recent)
    ids = {id(sheet): recall for recall, sheet in sheets.items()}
    answered = {(r.recall_id, r.lot_id) for r in session.execute(select(Quarantine.recall_id, Quarantine.lot_id))}
    found = ((ids[id(sheet)], lot) for sheet, lot in suggestions(sheets.values(), lots))
    return [(recall, lot) for recall, lot in found if (recall, lot.id) not in answered]


def quarantine_lot(desk: Desk, lot: int, reason: str, *, recall: int | None = None) -> int:
    """Set a lot aside by hand, for a suggestion of a recall or a doubt of the team; return the quarantine's id.

    Raises `BadInput` without a reason, `RuleRefused` where the lot is already set aside for the same cause.
    """
    told = checked_text(reason, 200)
    if not told and recall is None:
        raise BadInput(N_("Dites en quelques mots pourquoi ce lot est mis de côté."))
    with desk.db.write() as session:
        open_ = select(Quarantine.id).where(Quarantine.lot_id == lot, Quarantine.lifted_at.is_(None))
        if session.scalar(
            open_.where(Quarantine.recall_id.is_(None) if recall is None else Quarantine.recall_id == recall)
        ):
            raise RuleRefused(N_("Ce lot est déjà mis de côté."))
        session.get_one(Lot, lot)
        certainty = Certainty.TEAM if recall is None else Certainty.SUGGESTION
        if recall is not None:
            known = session.scalars(select(Quarantine.lot_id).where(Quarantine.recall_id == recall)).all()
            for made in made_of_in(session, lot, certainty).keys() - set(known):
                _set_aside(session, desk, made, certainty, recall=recall, reason=told)
        return _set_aside(session, desk, lot, certainty, recall=recall, reason=told)


def lift_quarantine(desk: Desk, quarantine: int, reason: str) -> None:
    """Let a lot be handed out again, with the reason; the same recall will not set it aside again.

    Raises `BadInput` without a reason, `RuleRefused` for a volunteer's account or where it was already lifted.
    """
    require_team(desk)
    told = checked_text(reason, 200)
    if not told:
        raise BadInput(N_("Dites en quelques mots pourquoi ce lot peut de nouveau être remis."))
    with desk.db.write() as session:
        row = session.get_one(Quarantine, quarantine)
        if row.lifted_at is not None:
            raise RuleRefused(N_("Cette quarantaine est déjà levée."))
        _lift(session, desk, row, told)


def dismiss_suggestion(desk: Desk, recall: int, lot: int) -> None:
    """Note that a lot was looked at and is not that of a recall: it is not suggested again."""
    with desk.db.write() as session:
        made = _set_aside(session, desk, lot, Certainty.SUGGESTION, recall=recall)
        _lift(session, desk, session.get_one(Quarantine, made), "")


def _lift(session: Session, desk: Desk, row: Quarantine, reason: str) -> None:
    row.lifted_at, row.lifted_by, row.lifted_for = desk.clock.now(), desk.actor.id, reason
    session.flush()
    seal_in_journal(session, desk, "quarantine.lifted", {"quarantine": row.id, "lot": row.lot_id})


@dataclass(frozen=True, slots=True)
class Drill:
    """An exercise done: how long it took, in seconds, and how many households were found."""

    seconds: int
    certain: int
    possible: int


def record_drill(desk: Desk, lot: int, started_at: datetime) -> Drill:
    """End an exercise begun at `started_at`: find the households of the lot as for a recall, and keep how long it took.

    Nothing is set aside. Raises `RuleRefused` for a volunteer's account.
    """
    from epicerie_desktop.services.queries.recalls import drill_receivers_in

    require_team(desk)
    with desk.db.write() as session:
        found = drill_receivers_in(session, lot)
        counts = (len({t.household for t in found.certain}), len({t.household for t in found.possible}))
        now = desk.clock.now()
        drill = Drill(max(0, round((now - started_at).total_seconds())), *counts)
        row = RecallDrill(
            lot_id=lot, made_at=now, made_by=desk.actor.id, seconds=drill.seconds, certain=drill.certain, possible=drill.possible
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "recall.drill", {"drill": row.id, "lot": lot, "seconds": drill.seconds})
    return drill
