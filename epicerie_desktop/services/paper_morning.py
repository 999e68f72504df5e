"""A morning without the computer: a sheet printed with a line a household, then entered in its order on one grid.

A late entry keeps the day it was given out and the day it was entered, and is judged by the rules of the former.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import Basket, WeightSource
from epicerie_desktop.domain.figures import month_of
from epicerie_desktop.domain.sheets import Labelled, PaperMorning
from epicerie_desktop.domain.till_account import with_paid
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import Article, Family, Household, PaperSheet
from epicerie_desktop.services import months
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.counter import PriceList, price_list_in
from epicerie_desktop.services.queries.figures import last_closing
from epicerie_desktop.services.queries.files import root_in
from epicerie_desktop.services.queries.paper_morning import entered_in, households_for, lines_in
from epicerie_desktop.services.queries.rights import standing_in
from epicerie_desktop.services.sheets import header
from epicerie_desktop.services.stock.best_before import BestBeforeToCheck
from epicerie_desktop.services.stock.lots_drawn import DateToRead
from epicerie_desktop.services.till import sell
from epicerie_desktop.services.till.sell import PaymentForm, RateChanged
from epicerie_desktop.services.writing import next_of_shop
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """A line as written by hand: the file (by the id printed), grams by family id."""

    household: int
    grams: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a sheet: how many tickets were made, what they add up to, and the version of the closed month it amended."""

    tickets: int
    grams: int
    paid_cents: int
    amended: int | None = None


def make_sheet(desk: Desk, day: date) -> int:
    """Number a sheet for the households whose right is open that day, and return it. Raises `RuleRefused` where there is none."""
    with desk.db.write() as session:
        households = households_for(session, desk, day)
        if not households:
            raise RuleRefused(
                N_("Aucun droit n'est ouvert le {day} : il n'y aurait personne sur la feuille."),
                day=lambda: shown.long_day(day),
            )
        families = session.scalars(select(Family.id).order_by(Family.position)).all()
        sheet = PaperSheet(
            number=next_of_shop(session, PaperSheet.number), day=day, households=households, families=list(families),
            printed_at=desk.clock.now(), printed_by=desk.actor.id,
        )  # fmt: skip
        session.add(sheet)
        session.flush()
        return sheet.id


def sheet_pdf(desk: Desk, sheet: int, *, names: bool = True) -> bytes:
    """Return a blank sheet as PDF: its code, a line a household, a column a family, blank lines for who comes unexpected."""
    from epicerie_desktop.printing import paper_morning

    with desk.db.read() as session:
        row = session.get_one(PaperSheet, sheet)
        known = {f.id: f for f in session.scalars(select(Family).where(Family.id.in_(row.families)))}
        families = tuple(Labelled(known[n].code, known[n].short_name) for n in row.families)
        lines = tuple(
            (str(line.place), line.number, line.called if names else "", line.persons, line.participation_permille)
            for line in lines_in(session, desk, row)
        )
        number, day = row.number, row.day
    return paper_morning.render(
        PaperMorning(header(desk, WordingKind.PAPER_MORNING), number, day, families, lines, names, desk.clock.now())
    )


def enter_sheet(desk: Desk, sheet: int, entries: Iterable[PaperEntry]) -> Entered:
    """Make the tickets of a sheet's lines, all or none, on the sheet's day; a closed month gets its amendment with them.

    A line without a weight is no visit. Raises `RuleRefused` before that day, for a line already entered, or for a volunteer where the
    month is closed, `BadInput` for a sheet without any weight, or a value that is missing.
    """
    written = [e for e in entries if any(e.grams.values())]
    if not written:
        raise BadInput(N_("Aucun poids n'est écrit sur cette feuille."))
    with desk.db.write() as session:
        row = session.get_one(PaperSheet, sheet)
        if row.day > desk.clock.today():
            raise RuleRefused(
                N_("Cette feuille est celle du {day} : elle se saisit à partir de ce jour-là."), day=shown.day(row.day)
            )
        closed = last_closing(session, month_of(row.day)) is not None
        if closed:
            months.require_keeper(desk)
        waits = closed and bool(months.pending_in(session, month_of(row.day)))
        prices = price_list_in(session, row.day)
        generic = {
            r.family_id: r.id for r in session.execute(select(Article.family_id, Article.id).where(Article.generic))
        }
        receipts = [_enter(session, desk, row, entry, prices, generic) for entry in written]
        amended = None
        if closed:
            reason = _("{sheet}, avec les corrections qui attendaient") if waits else "{sheet}"
            amended = months.amend_in(session, desk, month_of(row.day), reason.format(sheet=_reason(row)))
        return Entered(
            len(receipts), sum(r.grams for r in receipts), sum(r.paid_cents for r in receipts), amended
        )  # fmt: skip


def _reason(row: PaperSheet) -> str:
    return _("Feuille papier n° {number} du {day}").format(number=row.number, day=shown.day(row.day))


def _enter(
    session: Session, desk: Desk, row: PaperSheet, entry: PaperEntry, prices: PriceList, generic: Mapping[int, int]
) -> sell.Receipt:  # fmt: skip
    uid, ticket = entered_in(session, row.uid, entry.household)
    root = root_in(session, entry.household)
    if ticket:
        raise RuleRefused(
            N_("Le foyer {number} est déjà saisi (ticket {ticket}). Pour le corriger, annulez ce ticket, puis saisissez sa ligne."),
            number=session.get_one(Household, root).number, ticket=ticket,
        )  # fmt: skip
    basket = Basket(str(uid), standing_in(session, root, row.day).participation_permille)
    for family in row.families:
        grams = entry.grams.get(family, 0)
        if grams:
            line = str(uuid.uuid5(uid, str(family)))
            basket = basket.with_weighed(line, prices.offers[generic[family]], grams, WeightSource.TYPED)
    return _book(session, desk, root, basket, row)


def _book(session: Session, desk: Desk, household: int, basket: Basket, row: PaperSheet) -> sell.Receipt:
    """Book a line: what was in the bag was given out, so that nothing but a missing value stops it.

    A date that the stock doubts was read that day on the pack; a ceiling or a right that stops today is agreed by the sheet.
    """
    agreed = ""
    for _attempt in range(len(basket.lines) + 3):
        try:
            return sell.sale_in(
                session, desk, household, basket, PaymentForm(basket.paid_cents), day=row.day, override=agreed
            )
        except RateChanged as changed:
            if changed.paid is None:
                raise
            basket = with_paid(basket, changed.paid)
        except (DateToRead, BestBeforeToCheck) as doubted:
            lines = tuple(replace(n, pack_date=row.day) if n.article == doubted.article else n for n in basket.lines)
            basket = replace(basket, lines=lines)
        except RuleRefused:
            if agreed:
                raise
            agreed = _reason(row)
    raise AssertionError("each refusal is answered once")
