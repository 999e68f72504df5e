"""What the counter and the till see: who is found, where they stand, the price list, the baskets in hand, the day's tickets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.domain import basket as baskets
from epicerie_desktop.domain.access import CeilingLeft, Grant, Reason, Verdict, verdict_on
from epicerie_desktop.domain.basket import ArticleOffer, Basket, SoldBy
from epicerie_desktop.domain.card import CardNumber
from epicerie_desktop.domain.forward import Forward
from epicerie_desktop.domain.household import Membership
from epicerie_desktop.domain.payments import PURSE_KINDS, PaymentKind
from epicerie_desktop.domain.piece_weights import guess_of
from epicerie_desktop.domain.stock import date_to_read
from epicerie_desktop.domain.terms_at_till import Item, Terms
from epicerie_desktop.domain.till_account import Account, Stock, TillAccount
from epicerie_desktop.persistence.models import (
    AccessGrant,
    Address,
    Article,
    ArticleCode,
    Avoidance,
    Card,
    Draft,
    Family,
    Household,
    Member,
    Payment,
    Person,
    Post,
    Sale,
    SearchWord,
)
from epicerie_desktop.persistence.prepared import Prepared
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.exceptional import ExceptionalOffer, offer_in
from epicerie_desktop.services.queries.fees import Fee, fees_in
from epicerie_desktop.services.queries.files import hidden_in, root_in, visible
from epicerie_desktop.services.queries.held_back import HeldBack, held_back_in
from epicerie_desktop.services.queries.rights import grants_in, kept, standing_in
from epicerie_desktop.services.queries.stays import aways_in
from epicerie_desktop.services.queries.suspensions import kept_away
from epicerie_desktop.services.queries.till_stock import stock_in
from epicerie_desktop.services.queries.values import values_in
from epicerie_desktop.services.stock.best_before import StaleLot, stale_in
from epicerie_desktop.services.stock.forward import forward_in
from epicerie_desktop.services.till.cancelling import undoing_in
from epicerie_desktop.support.text import phone_digits, words

WITHOUT_RIGHT = (Reason.LAPSED, Reason.NEVER_OPENED, Reason.NOT_STARTED)
"""Why no right is open, where no measure keeps the household away: an exceptional visit may be thought of."""
MOST_LOOKED_AT = 300
"""How many are looked at before those whose file is open are put first."""
MOST_FOUND = 30
"""How many households a search shows: beyond it, type more."""


@dataclass(frozen=True, slots=True)
class FoundHousehold:
    """A household in a list: its number, whom the file is held by, its members, where it stands.

    `hidden`: reserved to others; `holder` then says whom to see, and neither members nor commune are told.
    """

    id: int
    number: str
    holder: str
    called: str
    """The holder as volunteers see them: first name and initial."""
    members: tuple[str, ...]
    persons: int
    commune: str
    verdict: Verdict
    hidden: bool = False

    def numbered(self, typed: str) -> bool:
        """Return whether its whole number is typed; « 0236 » says « 1-0236 » where one types it without the post."""
        return typed.strip() in (self.number, self.number.rpartition("-")[2])

    def held_by(self, typed: str) -> bool:
        """Return whether every typed word begins a word of the holder's name, or the number is typed."""
        own = words(self.holder)
        return self.numbered(typed) or all(any(n.startswith(w) for n in own) for w in words(typed))


@dataclass(frozen=True, slots=True)
class Avoided:
    """A « do not offer » tag: about a family, an article or, with neither, words shown with the basket."""

    label: str
    family: int | None
    article: int | None

    def names(self, offer: ArticleOffer) -> bool:
        """Return whether the tag is about that article."""
        return offer.id == self.article or (self.article is None and offer.family == self.family)


@dataclass(frozen=True, slots=True)
class Visit:
    """A household at the counter: all that the banner and the till need, read at once."""

    household: int
    number: str
    name: str
    adults: int
    children: int
    persons: int
    verdict: Verdict
    ceilings: tuple[CeilingLeft, ...]
    participation_permille: int
    note: str
    day: date
    draft: Basket | None
    draft_saved_at: datetime | None = None
    account: Account = field(default_factory=Account)
    avoided: tuple[Avoided, ...] = ()
    fees: tuple[Fee, ...] = ()
    exceptional: ExceptionalOffer | None = None
    """What an exceptional visit would be; None where a right is open or a measure runs."""
    today_only: bool = False
    """The right behind the verdict is an exceptional visit."""

    @property
    def terms(self) -> Terms:
        """Return what the right says besides its share and ceilings."""
        return self.account.terms

    def till_account(self, prices: PriceList) -> TillAccount:
        """Return what prices and weighs the baskets of this visit."""
        return TillAccount(self.account, prices.items(), prices.stock, self.ceilings)

    @property
    def grant(self) -> Grant | None:
        """Return the right behind the verdict, if any."""
        return self.verdict.grant


@dataclass(frozen=True, slots=True)
class PriceList:
    """The articles of the till on a day, and the codes that name them; `expired_only` asks the date on the pack.

    It is asked wherever the book still holds a lot past its use-by date, alone or beside good ones.
    """

    offers: dict[int, ArticleOffer]
    codes: dict[str, int]
    expired_only: frozenset[int]
    stock: Stock = field(default_factory=Stock)
    held_back: Mapping[int, tuple[HeldBack, ...]] = field(default_factory=dict)
    """The lots set aside, by article: their packs must not be handed out."""
    stale: Mapping[int, StaleLot] = field(default_factory=dict)
    """The lot that would leave first, by article, where it is past its best-before date and nobody checked it yet."""
    forward: Mapping[int, Forward] = field(default_factory=dict)
    """What is put forward today, by article."""

    def items(self) -> dict[int, Item]:
        """Return the articles as the rows of a règlement may name them."""
        return {
            o.id: Item.of(o.id, (o.name, o.short_code), (o.family_name, *o.family_codes)) for o in self.offers.values()
        }

    def matching(self, typed: str, most: int = 12) -> tuple[ArticleOffer, ...]:
        """Return the articles whose name has every typed word at the beginning of a word, best first."""
        wanted = words(typed)
        if not wanted:
            return ()
        found = []
        for offer in self.offers.values():
            names = (*words(offer.name), *words(offer.short_code))
            if all(any(n.startswith(w) for n in names) for w in wanted):
                found.append((not (names and names[0].startswith(wanted[0])), offer.name, offer))
        return tuple(offer for _, _, offer in sorted(found, key=lambda f: f[:2])[:most])


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket of the day; `cancelled` tells it has a contrary one, `cancels` that it is one."""

    sale: int
    number: str
    at: datetime
    household_number: str
    name: str
    shelf_cents: int
    paid_cents: int
    grams: int
    cancelled: bool
    cancels: bool
    day: date | None = None
    """The day of the distribution."""
    cash_cents: int = 0
    purse_cents: int = 0
    """What of `paid_cents` was cash, and what was taken from money ahead or left to pay; the rest was a cheque, a card, a voucher."""
    kept: str = ""
    """Why this account, or this shop, may not cancel it (N_); nothing where it may."""

    @property
    def may_cancel(self) -> bool:
        """Return whether it may be cancelled, as far as a list can tell: `check_cancel` says the rest."""
        return not (self.cancelled or self.cancels or self.kept)

    @property
    def other_cents(self) -> int:
        """Return what was paid by a cheque, a card or a voucher, in cents."""
        return self.paid_cents - self.cash_cents - self.purse_cents


def _display(first: str | None, last: str | None) -> str:
    return f"{last or ''} {first or ''}".strip() or "–"


def called(first: str | None, last: str | None) -> str:
    """Return how the counter and the till name someone: « Sophie M. »."""
    initial = f"{last[0].upper()}." if last else ""
    return f"{first or ''} {initial}".strip() or "–"


def find_households(desk: Desk, typed: str) -> tuple[FoundHousehold, ...]:
    """Return the households found by any member's name (accents, hyphens, order, case aside), number, or phone.

    A file reserved to others is found by its whole number alone, and says whom to see. At most `MOST_FOUND`, files still open before closed ones, shown in order of the holder's name. A text without a word of
    two letters finds nothing; beside one, a letter alone is the beginning of another name: « leo b ».
    """
    wanted = list(words(typed))
    phone = phone_digits(typed)
    if len(phone) >= 4 and all(c.isdigit() or c.isspace() or c in ".-+/()" for c in typed):
        wanted = [phone]
    if len(max(wanted, key=len, default="")) < 2 and sum(w.isdigit() for w in wanted) < 2:
        return ()
    wanted.sort(key=len, reverse=True)
    spans = {f"{end}{i}": w + more for i, w in enumerate(wanted) for end, more in (("from", ""), ("to", "\uffff"))}
    with desk.db.read() as session:
        ids = [r[0] for r in _holding_words(len(wanted)).rows(session, spans)]
        if len(ids) > MOST_FOUND:
            ids = [r.id for r in _RANKED.rows(session, {"ids": ids})]
        found = (f for f in found_in(session, desk, ids) if not f.hidden or f.numbered(typed))
        return tuple(sorted(found, key=lambda f: (f.holder, f.number)))


@lru_cache(maxsize=8)
def _holding_words(count: int) -> Prepared:
    """Return the search of the households that have a word in each of `count` spans, `from0` to `to0` and so on.

    The first span is walked in order and each household looked up for the others, so that it stops at the last one shown.
    """
    first, *others = (aliased(SearchWord) for _ in range(count))
    found = select(first.household_id).where(first.word >= bindparam("from0"), first.word < bindparam("to0"))
    for i, other in enumerate(others, start=1):
        span = (other.word >= bindparam(f"from{i}"), other.word < bindparam(f"to{i}"))
        found = found.where(select(other.word).where(other.household_id == first.household_id, *span).exists())
    return Prepared(found.distinct().limit(MOST_LOOKED_AT))


def find_by_card(desk: Desk, card: CardNumber) -> FoundHousehold | None:
    """Return the household that holds this card, unless the card was revoked; a reserved file says whom to see."""
    with desk.db.read() as session:
        ids = list(session.scalars(select(Card.household_id).where(Card.code == card.code, Card.revoked_on.is_(None))))
        return next(iter(found_in(session, desk, ids)), None)


_HOUSEHOLDS = Prepared(
    select(
        Household.id, Household.number, Person.last_name, Person.first_name,
        select(Address.commune_name)
        .where(Address.household_id == Household.id, Address.valid_from <= bindparam("day"))
        .order_by(Address.valid_from.desc()).limit(1).scalar_subquery().label("commune"),
    )
    .outerjoin(Person, Person.id == Household.holder_id)
    .where(Household.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip


_STAYS = Prepared(
    select(
        Member.id, Member.household_id, Member.person_id, Member.link, Member.joined_on, Member.left_on, Member.shared,
        Person.first_name,
    )
    .join(Person, Person.id == Member.person_id)
    .where(Member.household_id.in_(bindparam("ids", expanding=True)))
    .order_by(Member.id)
)  # fmt: skip


_RANKED = Prepared(
    select(Household.id)
    .where(Household.id.in_(bindparam("ids", expanding=True)))
    .order_by(Household.closed_on.is_not(None), Household.id.desc())
    .limit(MOST_FOUND)
)


def found_in(session: Session, desk: Desk, ids: list[int]) -> list[FoundHousehold]:
    """Return households as lists show them today, in no order; of a reserved file, only its number and whom to see."""
    if not ids:
        return []
    day = desk.clock.today()
    grants, hidden, away = grants_in(session, ids, day), hidden_in(session, desk, ids), aways_in(session, ids)
    names: dict[int, list[str]] = {i: [] for i in ids}
    persons = dict.fromkeys(ids, 0)
    two_homes = set()
    for r in _STAYS.rows(session, {"ids": ids}):
        # A list shows how many they are, not their ages: birth dates stay unread.
        stay = Membership(r.person_id, r.link, None, r.joined_on, r.left_on, away.get(r.id, ()))
        persons[r.household_id] += stay.counted_on(day)
        if r.left_on is None or r.left_on > day:
            names[r.household_id].append(r.first_name)
            if r.shared:
                two_homes.add(r.household_id)
    return [
        FoundHousehold(
            r.id, r.number, hidden.get(r.id) or _display(r.first_name, r.last_name),
            hidden.get(r.id) or called(r.first_name, r.last_name), () if r.id in hidden else tuple(names[r.id]), persons[r.id],
            # The two files of a shared child stand side by side in a list: neither may tell where the other lives.
            "" if r.id in hidden or r.id in two_homes else r.commune or "",
            verdict_on(day, grants[r.id], persons[r.id]), r.id in hidden,
        )
        for r in _HOUSEHOLDS.rows(session, {"ids": ids, "day": day})
    ]  # fmt: skip


def open_visit(desk: Desk, household: int, day: date | None = None) -> Visit:
    """Return all that the counter shows of a household on a day, with the basket left in hand if there is one.

    A file reserved to others can be served: whom to see stands in the place of the name, and the note is not shown.
    """
    day = day or desk.clock.today()
    with desk.db.read() as session:
        household = root_in(session, household)
        hidden = hidden_in(session, desk, [household]).get(household)
        standing = standing_in(session, household, day)
        row = session.execute(
            select(Household.number, Household.note, Person.first_name, Person.last_name)
            .outerjoin(Person, Person.id == Household.holder_id)
            .where(Household.id == household)
        ).one()
        draft = session.execute(
            select(Draft.body, Draft.saved_at).where(Draft.post_id == desk.post.id, Draft.key == str(household))
        ).first()
        none_open = standing.verdict.reason in WITHOUT_RIGHT
        return Visit(
            household, row.number, hidden or called(row.first_name, row.last_name), standing.composition.adults,
            standing.composition.children, standing.persons, standing.verdict, standing.ceilings, standing.participation_permille,
            "" if hidden else row.note, day, baskets.from_json(draft.body) if draft else None, draft.saved_at if draft else None,
            standing.account, _avoided_in(session, household), fees_in(session, household, standing, day),
            offer_in(session, household, day) if none_open else None, standing.exceptional,
        )  # fmt: skip


def _avoided_in(session: Session, household: int) -> tuple[Avoided, ...]:
    rows = session.execute(
        select(Avoidance.label, Avoidance.family_id, Avoidance.article_id)
        .where(Avoidance.household_id == household)
        .order_by(Avoidance.id)
    )
    return tuple(Avoided(r.label, r.family_id, r.article_id) for r in rows)


def expected_this_week(desk: Desk) -> tuple[FoundHousehold, ...]:
    """Return the households whose right is open today and who have not come since Monday, by the holder's name."""
    day = desk.clock.today()
    monday = day - timedelta(days=day.weekday())
    with desk.db.read() as session:
        came = set(
            session.scalars(
                select(func.coalesce(Household.merged_into_id, Household.id))
                .join(Sale, Sale.household_id == Household.id)
                .where(Sale.day >= monday, Sale.day <= day, kept())
            )
        )
        ids = session.scalars(
            select(AccessGrant.household_id)
            .join(Household, Household.id == AccessGrant.household_id)
            .where(AccessGrant.valid_from <= day, AccessGrant.valid_until >= day)
            .where(~kept_away(AccessGrant.household_id, day))
            .where(Household.closed_on.is_(None), Household.merged_into_id.is_(None), visible(desk))
            .distinct()
        )
        return tuple(
            sorted(found_in(session, desk, [i for i in ids if i not in came]), key=lambda f: (f.holder, f.number))
        )


@dataclass(frozen=True, slots=True)
class HeldBasket:
    """A basket in hand at this post, to be offered again."""

    household: int
    number: str
    name: str
    saved_at: datetime
    lines: int


def held_baskets(desk: Desk) -> tuple[HeldBasket, ...]:
    """Return the baskets that were being filled at this post, the latest first: after a crash they are offered again."""
    with desk.db.read() as session:
        drafts = session.execute(
            select(Draft.key, Draft.saved_at, Draft.body)
            .where(Draft.post_id == desk.post.id)
            .order_by(Draft.saved_at.desc())
        ).all()
        found = {f.id: f for f in found_in(session, desk, [int(d.key) for d in drafts if d.key.isdigit()])}
        return tuple(
            HeldBasket(int(d.key), found[int(d.key)].number, found[int(d.key)].called, d.saved_at, len(d.body["lines"]))
            for d in drafts
            if d.key.isdigit() and int(d.key) in found
        )


def price_list(desk: Desk, day: date | None = None) -> PriceList:
    """Return the articles of the till with their reference value on `day` (the article's own, else its family's)."""
    day = day or desk.clock.today()
    with desk.db.read() as session:
        return price_list_in(session, day)


def price_list_in(session: Session, day: date) -> PriceList:
    """Return the price list inside a caller's block."""
    values, forward = values_in(session, day), forward_in(session, day)
    offers = {}
    for r in session.execute(
        select(Article.id, Article.name, Article.short_code, Article.sold_by, Article.net_grams, Article.family_id,
               Article.generic, Article.learned_grams, Family.name.label("family"), Family.food, Family.chilled, Family.code,
               Family.short_name, Family.piece_grams)
        .join(Family, Family.id == Article.family_id).where(Article.active).order_by(Article.name)
    ):  # fmt: skip
        guess = guess_of(r.learned_grams, r.piece_grams)
        offers[r.id] = ArticleOffer(
            r.id,
            r.name,
            r.family_id,
            r.family,
            r.sold_by,
            _value_of_day(values.of(r.id, r.family_id, r.sold_by), forward.get(r.id)),
            r.net_grams,
            r.food,
            r.short_code,
            family_codes=(r.code, r.short_name),
            chilled=r.chilled,
            piece_cents=values.families.get(r.family_id, (None, None))[1] if r.sold_by is SoldBy.WEIGHT else None,
            guess_grams=guess.grams or None,
            guess_source=guess.source,
        )
    codes = dict(session.execute(select(ArticleCode.code, ArticleCode.article_id)).all())
    stock = stock_in(session)
    expired = frozenset(a for a, lots in stock.lots.items() if date_to_read(lots, day))
    return PriceList(offers, codes, expired, stock, held_back_in(session), stale_in(session, stock.lots, day), forward)


def _value_of_day(usual: int | None, forward: Forward | None) -> int | None:
    return usual if forward is None or forward.cents is None else forward.cents


def tickets_of_day(desk: Desk, day: date | None = None) -> tuple[TicketRow, ...]:
    """Return the tickets of a day, the latest first; cancelled ones stay visible."""
    with desk.db.read() as session:
        return tickets_in(session, desk, Sale.day == (day or desk.clock.today()))


def _paid_by(kinds: Iterable[PaymentKind]) -> ColumnElement[int]:
    """Return what a ticket was paid by these means, in cents."""
    paid = select(func.coalesce(func.sum(Payment.cents), 0)).where(Payment.sale_id == Sale.id, Payment.kind.in_(kinds))
    return paid.correlate(Sale).scalar_subquery()


def tickets_in(
    session: Session, desk: Desk, *wanted: ColumnElement[bool], most: int | None = None
) -> tuple[TicketRow, ...]:
    """Return the tickets wanted, the latest first, inside a caller's block."""
    contrary = aliased(Sale)
    rows = session.execute(
        select(
            Sale,
            Household.number,
            Person.first_name,
            Person.last_name,
            Post.number.label("post"),
            contrary.id.label("contrary"),
            _paid_by((PaymentKind.CASH,)),
            _paid_by(PURSE_KINDS),
        )
        .join(Household, Household.id == Sale.household_id)
        .join(Post, Post.id == Sale.post_id)
        .outerjoin(Person, Person.id == Household.holder_id)
        .outerjoin(contrary, contrary.reverses_id == Sale.id)
        .where(*wanted)
        .order_by(Sale.id.desc())
        .limit(most)
    ).all()
    hidden, undoing = hidden_in(session, desk, sorted({r[0].household_id for r in rows})), undoing_in(session, desk)
    return tuple(
        TicketRow(
            s.id, f"{post}-{s.number:06d}", s.at, number, hidden.get(s.household_id) or called(first, last), s.shelf_cents, s.paid_cents, s.grams,
            cancelled is not None, s.reverses_id is not None, s.day, int(cash), int(purse),
            undoing.refusal(s.at, s.paid_cents - int(purse)),
        )
        for s, number, first, last, post, cancelled, cash, purse in rows
    )  # fmt: skip
