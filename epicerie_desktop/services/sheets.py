"""Papers: gathers the rows of each document and has it drawn. Every function returns the bytes of a PDF."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import and_, select

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.basket import SoldBy, WeightSource
from epicerie_desktop.domain.eligibility.outcome import LABELS
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.figures import MonthFigures, month_of, totals
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.payments import PURSE_KINDS
from epicerie_desktop.domain.sheets import Balance, Labelled, Part, ShopHeader
from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.domain.ticket import PurseReceipt, Ticket, TicketCeiling, TicketLine, TicketPayment
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.domain.wordings import filled_lines
from epicerie_desktop.exchange.enrolment import Enrolment
from epicerie_desktop.persistence.models import (
    AccessGrant,
    Article,
    Assessment,
    Card,
    Family,
    Household,
    Lot,
    Payment,
    Sale,
    SaleLine,
)
from epicerie_desktop.persistence.models import Ruleset as RulesetRow
from epicerie_desktop.services.contract.consolidate import SiteRow, family_names, list_contracts
from epicerie_desktop.services.contract.distinct import distinct_remarks
from epicerie_desktop.services.contract.summary import Told, contract_summary
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.months import apart_of
from epicerie_desktop.services.queries.figures import figures_of, month_bounds
from epicerie_desktop.services.queries.files import open_in, reading, root_in
from epicerie_desktop.services.queries.rights import grants_in, standing_in
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.till.purse import balance_after_sale, taken_in
from epicerie_desktop.services.till.regie_name import issuer_in
from epicerie_desktop.services.till.sell import receipt_in
from epicerie_desktop.services.wordings import always, around, one_line, words_in
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_, SOURCE_LANGUAGE, gettext, in_language


def header(desk: Desk, kind: WordingKind | None = None, day: date | None = None) -> ShopHeader:
    """Return the shop as papers name it, with what it says of its own on that kind of paper, as it stood on `day` (today)."""
    shop = desk.shop
    first, last = around(desk, kind, day) if kind is not None else ((), ())
    return ShopHeader(
        shop.name,
        tuple(line for line in shop.address.splitlines() if line.strip()),
        (shop.phone,) if shop.phone else (),
        shop.logo,
        first,
        last,
    )


def origin_labels() -> tuple[Labelled, ...]:
    """Return the origins and what they are called."""
    return tuple(Labelled(o.value, label(o)) for o in Origin)


def family_labels(desk: Desk) -> tuple[Labelled, ...]:
    """Return the food families of the shop, in order, under their short name."""
    with desk.db.read() as session:
        return tuple(
            Labelled(f.code, f.short_name)
            for f in session.scalars(select(Family).where(Family.food).order_by(Family.position))
        )


def ticket(desk: Desk, sale: int) -> Ticket:
    """Return a ticket as printed, made again from what was stored."""
    with desk.db.read() as session:
        receipt = receipt_in(session, sale)
        row = session.get_one(Sale, sale)
        household = session.get_one(Household, row.household_id)
        cancelled = (
            row.reverses_id is not None
            or session.scalars(select(Sale.id).where(Sale.reverses_id == sale)).first() is not None
        )
        parts = session.execute(
            select(
                SaleLine,
                Article.name,
                Article.sold_by,
                and_(Lot.date_kind == DateKind.BEST_BEFORE, Lot.limit_on < row.day),
            )
            .join(Article, Article.id == SaleLine.article_id)
            .join(Lot, Lot.id == SaleLine.lot_id)
            .where(SaleLine.sale_id == sale)
            .order_by(SaleLine.n)
        ).all()
        lines = []
        for _, group in groupby(parts, key=lambda p: p[0].line):
            members = list(group)
            first, name, sold_by, _past = members[0]
            lines.append(
                TicketLine(
                    name, SoldBy(sold_by), sum(p[0].pieces for p in members), sum(p[0].grams for p in members), first.reference_cents,
                    sum(p[0].shelf_cents for p in members), sum(p[0].paid_cents for p in members), first.food,
                    first.source is WeightSource.ESTIMATED, any(p[3] for p in members),
                )
            )  # fmt: skip
        paid = session.scalars(select(Payment).where(Payment.sale_id == sale)).all()
        payments = tuple(
            TicketPayment(
                f"{called(p.kind)} ({p.reference})" if p.reference else called(p.kind),
                p.tendered_cents if row.reverses_id is None else p.cents,
            )
            for p in paid
        )
        standing = standing_in(session, root_in(session, row.household_id), row.day)
        ceilings = tuple(
            TicketCeiling(c.ceiling.measure, c.ceiling.period, c.left)
            for c in standing.ceilings
            if c.ceiling.period is not CeilingPeriod.VISIT
            and isinstance(c.ceiling.measure, CeilingMeasure)
            and not (c.ceiling.scope or c.ceiling.outside)
        )
        words = filled_lines(
            WordingKind.TICKET, words_in(session, WordingKind.TICKET, row.day), always(desk)
        )  # fmt: skip
        return Ticket(
            header(desk), receipt.number, row.at, household.number, tuple(lines), payments, ceilings, cancelled,
            balance_cents=balance_after_sale(session, sale) if any(p.kind in PURSE_KINDS for p in paid) else None,
            regie=issuer_in(session, row.at.astimezone(PARIS).date()), last_words=words,
        )  # fmt: skip


def ticket_pdf(desk: Desk, sale: int) -> bytes:
    """Return a ticket as PDF, in the household's language."""
    from epicerie_desktop.printing import ticket as paper

    with in_language(ticket_language(desk, sale)):
        return paper.render(ticket(desk, sale))


def ticket_language(desk: Desk, sale: int) -> str:
    """Return the language of a ticket: its household's; a quittance is a public paper, in French."""
    with desk.db.read() as session:
        row = session.execute(
            select(Household.language, Sale.at)
            .join(Household, Household.id == Sale.household_id)
            .where(Sale.id == sale)
        ).one()
        issued = issuer_in(session, row.at.astimezone(PARIS).date()) is not None
    return SOURCE_LANGUAGE if issued else str(row.language)


def purse_receipt_pdf(desk: Desk, cash_move: int) -> bytes:
    """Return the receipt of money a household paid ahead or owed, as PDF, in its language; a régie's quittance, in French."""
    from epicerie_desktop.printing import ticket as paper

    with desk.db.read() as session:
        taken = taken_in(session, cash_move)
        household = session.get_one(Household, taken.household)
        receipt = PurseReceipt(
            header(desk), taken.number, taken.at, household.number, taken.settled_cents, taken.ahead_cents, taken.balance_cents,
            taken.undone, issuer_in(session, taken.at.astimezone(PARIS).date()),
        )  # fmt: skip
        language = SOURCE_LANGUAGE if receipt.regie is not None else household.language
    with in_language(language):
        return paper.render_receipt(receipt)


def card_pdf(desk: Desk, household: int) -> bytes:
    """Return the household's card as PDF. Raises `RuleRefused` where no card was given yet."""
    from epicerie_desktop.printing import card

    with desk.db.read() as session:
        code = session.scalars(
            select(Card.code)
            .where(Card.household_id == household, Card.revoked_on.is_(None))
            .order_by(Card.id.desc())
            .limit(1)
        ).first()
    if code is None:
        raise RuleRefused(N_("Ce foyer n'a pas encore de carte : donnez-lui-en une d'abord."))
    return card.render([code], line=one_line(desk, WordingKind.CARD))


@dataclass(frozen=True, slots=True)
class BalanceForm:
    """Which balance: a contract and its months, both included, as `2010-09`."""

    contract: int
    first: str
    last: str


def contract_balance(desk: Desk, form: BalanceForm, told: Told = lambda _done, _of: None) -> Balance:
    """Return the balance of a contract over a period, from the lines its shops sent. For a coordinator's file.

    `told` hears how many months were read out of how many; what it raises stops the reading.
    """
    contract = next(c for c in list_contracts(desk) if c.id == form.contract)
    found = contract_summary(desk, form.contract, form.first, form.last, told)
    return Balance(
        title=contract.name, scope=_scope(tuple(s for s, _ in found.by_site)), first=form.first, last=form.last,
        closed_on=min(desk.clock.today(), month_bounds(form.last)[1]), printed_at=desk.clock.now(), whole=found.whole,
        by_year=tuple(Part(*year) for year in found.by_year), by_shop=tuple(Part(s.name, of) for s, of in found.by_site),
        families=tuple(Labelled(code, name) for code, name in family_names(desk)), origins=origin_labels(),
        shop=header(desk, WordingKind.BALANCE), remarks=distinct_remarks(found.distinct),
    )  # fmt: skip


def _scope(sites: tuple[SiteRow, ...]) -> str:
    return ", ".join(s.name for s in sites)


def _by_year(months: list[MonthFigures]) -> tuple[Part, ...]:
    years: dict[str, list[MonthFigures]] = defaultdict(list)
    for m in months:
        years[m.month[:4]].append(m)
    return tuple(Part(y, totals(ms)) for y, ms in sorted(years.items()))


def contract_balance_pdf(desk: Desk, form: BalanceForm) -> bytes:
    """Return the contract's balance as PDF."""
    from epicerie_desktop.printing import balance

    return balance.render(contract_balance(desk, form))


def shop_balance_pdf(desk: Desk, first: str, last: str, title: str) -> bytes:
    """Return the same balance for one shop alone, from its own tickets."""
    from epicerie_desktop.printing import balance
    from epicerie_desktop.printing.figures import apart_words

    months, apart = list(figures_of(desk, first, last)), apart_of(desk, first, last)
    return balance.render(
        Balance(
            title=title, scope=desk.shop.name, first=first, last=last, closed_on=min(desk.clock.today(), month_bounds(last)[1]),
            printed_at=desk.clock.now(), whole=totals(months), by_year=_by_year(months), families=family_labels(desk),
            origins=origin_labels(), shop=header(desk, WordingKind.BALANCE), remarks=(apart_words(apart),) if apart is not None else (),
        )
    )  # fmt: skip


def enrolment_pdf(desk: Desk, enrolment: Enrolment) -> bytes:
    """Return the sheet that carries the fingerprint of a contract's file to a shop."""
    from epicerie_desktop.printing import enrolment as paper

    return paper.render(
        header(desk), enrolment.name, enrolment.fingerprint, desk.clock.today(), shop=enrolment.site_name
    )


def decision_pdf(desk: Desk, household: int) -> bytes:
    """Return the explanation of the household's last evaluated right as PDF: every step of the sum, what it opens.

    Raises `RuleRefused` where no right was opened on an evaluation, or for an account that may not read amounts or open the file.
    """
    from epicerie_desktop.printing import decision

    with reading(desk) as session:
        open_in(session, desk, household)
        row = session.execute(
            select(AccessGrant, RulesetRow.name, Household.number)
            .join(Assessment, Assessment.id == AccessGrant.assessment_id)
            .join(RulesetRow, RulesetRow.id == Assessment.ruleset_id)
            .join(Household, Household.id == AccessGrant.household_id)
            .where(AccessGrant.household_id == household)
            .order_by(AccessGrant.id.desc())
            .limit(1)
        ).first()
        if row is None:
            raise RuleRefused(N_("Aucun droit n'a encore été ouvert sur une évaluation : il n'y a rien à imprimer."))
        grant, ruleset, number = row
        found = grants_in(session, [household], desk.clock.today())[household]
    assert grant.assessment_id is not None
    outcome = decide.recorded_outcome(desk, grant.assessment_id)
    ceilings = next(g.ceilings for g in found if g.id == grant.id)
    return decision.render(
        decision.DecisionPage(
            header(desk, WordingKind.EXPLANATION), number, grant.decided_at.astimezone(PARIS).date(), desk.clock.now(),
            gettext(LABELS[OutcomeKind(outcome["outcome"])]),
            gettext("Participation : {share} de la valeur en rayon.").format(share=shown.percent(grant.participation_permille)),
            tuple((s["sentence"], "") for s in outcome["steps"]),
            tuple((f"{label(c.measure)} {label(c.period)}", _amount(c)) for c in ceilings),
            grant.valid_from, grant.valid_until, ruleset, advice=tuple(outcome["advice"]),
        )
    )  # fmt: skip


def _amount(ceiling: Ceiling) -> str:
    return shown.kilos(ceiling.amount) if ceiling.measure is CeilingMeasure.GRAMS else shown.money(ceiling.amount)


def recovery_pdf(shop: str, code: str, made_on: date) -> bytes:
    """Return the sheet of the recovery code, printed once and put away."""
    from epicerie_desktop.printing import recovery

    return recovery.render(ShopHeader(shop), code, made_on)


def months_to_choose(desk: Desk) -> tuple[str, ...]:
    """Return the month now running, then every month that has a ticket, the latest first."""
    current = default_month(desk)
    with desk.db.read() as session:
        visited = {month_of(day) for day in session.scalars(select(Sale.day).distinct())}
    return (current, *sorted(visited - {current}, reverse=True))


def default_month(desk: Desk) -> str:
    """Return the month now running."""
    return month_of(desk.clock.today())


def scanner_sheet_pdf() -> bytes:
    """Return the two codes to scan when a scanner is tried, as PDF; nothing of the shop is on it."""
    from epicerie_desktop.printing import scanner_sheet

    return scanner_sheet.render()
