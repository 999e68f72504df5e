"""A supplier's delivery note brought as a CSV file: looked at line by line, then received as an arrival, all of it or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.delivery_note import Field, NoteLine, Sheet
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.piece_weights import weight_of
from epicerie_desktop.domain.receptions import proposed
from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.exchange.delivery_file import MAX_BYTES, guessed, read_lines, read_sheet
from epicerie_desktop.persistence.models import Article, ArticleCode, DeliveryMapping, Family, Reception
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import financing_sources
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm, check_limit, check_told
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.text import fold

_SPACE = uuid.UUID("6c2b1f0e-58b1-4d55-9a49-3f1b6f3f7a10")


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of a note beside what it would bring: the article found, the line to receive, or why not."""

    note: NoteLine
    article: str = ""
    line: ReceivedLine | None = None
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A note looked at; it may be received where `errors` is 0. `received` is the day it already was, by its slip number."""

    lines: tuple[SeenLine, ...]
    slip: str
    received: date | None = None

    @property
    def errors(self) -> int:
        """Return how many lines are wrong."""
        return sum(1 for n in self.lines if n.errors)


def read_file(path: Path) -> Sheet:
    """Return the cells of a note. Raises `BadInput` where it is none, `EnvironmentTrouble` where it cannot be read."""
    from epicerie_desktop.exchange import stick

    return read_sheet(stick.read_bounded(path, MAX_BYTES))


def columns_of(desk: Desk, sheet: Sheet, supplier: int | None) -> dict[Field, str]:
    """Return the columns as they were told for this supplier, where the sheet still has them all; else what they seem to be."""
    if supplier is not None:
        with desk.db.read() as session:
            kept = session.scalars(
                select(DeliveryMapping.columns).where(DeliveryMapping.supplier_id == supplier)
            ).first()
        if kept is not None and set(kept.values()) <= set(sheet.headings):
            return {Field(k): v for k, v in kept.items()}
    return guessed(sheet.headings)


def keep_columns(desk: Desk, supplier: int, columns: Mapping[Field, str]) -> None:
    """Remember which column of a supplier's notes holds what."""
    told = {k.value: checked_text(v) for k, v in columns.items() if v}
    with desk.db.write() as session:
        session.merge(
            DeliveryMapping(supplier_id=supplier, columns=told, changed_at=desk.clock.now(), changed_by=desk.actor.id)
        )


def look_at(
    desk: Desk, sheet: Sheet, columns: Mapping[Field, str], *, supplier: int | None = None, slip: str = "", day: date | None = None
) -> Preview:  # fmt: skip
    """Return a note line by line, as it would be received on `day`; nothing is written."""
    day = day or desk.clock.today()
    notes = read_lines(sheet, columns)
    slips = tuple(dict.fromkeys(n.slip for n in notes if n.slip))
    slip = slip.strip() or (slips[0] if slips else "")
    with desk.db.read() as session:
        articles = {a.id: (a, f) for a, f in session.execute(select(Article, Family).join(Family, Family.id == Article.family_id).where(Article.active))}  # fmt: skip
        codes = dict(session.execute(select(ArticleCode.code, ArticleCode.article_id)).all())
        names: dict[str, list[int]] = {}
        for found, (article, _family) in articles.items():
            names.setdefault(article.folded, []).append(found)
        seen = []
        for note in notes:
            errors = list(note.errors)
            if len(slips) > 1 and note.slip not in ("", slip):
                errors.append(_("Cette ligne est d'un autre bordereau ({slip}) : un fichier par bordereau.").format(slip=note.slip))  # fmt: skip
            known = codes.get(note.code) if note.code else None
            if known is None:
                same = names.get(fold(note.article), []) if note.article else []
                known = same[0] if len(same) == 1 else None
            if known not in articles:
                errors.append(_("Article inconnu : créez-le, ou attachez-lui ce code, puis reprenez le fichier."))
                seen.append(SeenLine(note, errors=tuple(errors)))
                continue
            article, family = articles[known]
            line = _received(article, family, note)
            seen.append(SeenLine(note, article.name, line, tuple(errors or _wrong(article, family, line, day))))
        already = None
        if slip and supplier is not None:
            already = session.scalars(
                select(Reception.day).where(Reception.supplier_id == supplier, Reception.slip == slip)
            ).first()
    return Preview(tuple(seen), slip, already)


def _received(article: Article, family: Family, note: NoteLine) -> ReceivedLine:
    by_piece = article.sold_by is SoldBy.PIECE

    def counted(told: Decimal | None) -> int | None:
        return None if told is None else int(told if by_piece else told * 1000)

    pieces, grams = note.pieces or 0, note.grams or 0
    delivered, damaged = counted(note.delivered), counted(note.damaged)
    if not (pieces or grams) and delivered is not None:
        # A note that counts nothing else: what was delivered enters the stock, less what came damaged.
        entering = max(0, delivered - (damaged or 0))
        pieces, grams = (entering, 0) if by_piece else (0, entering)
    # A use-by date tells a day: a month alone is a best-before date, on chilled goods as well.
    usual = DateKind.USE_BY if family.chilled and note.precision is Precision.DAY else DateKind.BEST_BEFORE
    kind = note.date_kind or usual
    return ReceivedLine(
        pieces if by_piece or not grams else 0, grams, article.id, date_kind=kind if note.limit_on else DateKind.NONE,
        limit_on=note.limit_on, lot_code=note.lot, precision=note.precision, unit_cents=note.unit_cents,
        ordered=counted(note.ordered), delivered=delivered, damaged=damaged,
    )  # fmt: skip


def _wrong(article: Article, family: Family, line: ReceivedLine, day: date) -> tuple[str, ...]:
    known = weight_of(article.net_grams, article.learned_grams, family.piece_grams).known
    if article.sold_by is SoldBy.PIECE and not line.pieces and not (line.grams and known):
        return (_("« {article} » se compte à la pièce : combien de pièces ?").format(article=article.name),)
    if article.sold_by is SoldBy.WEIGHT and not line.grams and not (line.pieces and known):
        return (_("« {article} » se pèse : quel poids, en kilos ?").format(article=article.name),)
    try:
        check_told(article.name, line)
        check_limit(article.name, chilled=family.chilled, kind=line.date_kind, limit_on=line.limit_on, day=day)
    except BadInput as refusal:
        return (str(refusal),)
    return ()


def form_of(preview: Preview, supplier: int, origin: Origin, *, day: date | None = None) -> ReceptionForm:
    """Return the arrival a note makes, to be given to `record_reception`. Its identity comes from supplier and slip number, so
    that the same note brought again changes nothing. Raises `BadInput` for a note with a wrong line, or without a slip number.
    """
    if preview.errors:
        raise BadInput(N_("Ce bon a des lignes à corriger : rien n'est enregistré tant qu'il en reste."))
    if not preview.slip:
        raise BadInput(N_("Tapez le numéro du bordereau : c'est lui qui empêche de recevoir deux fois le même bon."))
    lines = tuple(n.line for n in preview.lines if n.line is not None)
    uid = slip_uid(supplier, preview.slip)
    return ReceptionForm(
        origin, lines, supplier, preview.slip, day, uid, financing=proposed(financing_sources(), origin)
    )


def slip_uid(supplier: int, slip: str) -> uuid.UUID:
    """Return the identity of a supplier's slip."""
    return uuid.uuid5(_SPACE, f"{supplier}|{fold(slip)}")
