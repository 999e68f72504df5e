"""Families, articles, their codes and dated values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.household import checked_name
from epicerie_desktop.domain.units import MAX_CENTS, MAX_GRAMS
from epicerie_desktop.persistence.models import Article, ArticleCode, ArticleValue, Family, FamilyValue, Lot
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import default_families
from epicerie_desktop.services.safety.recalls import check_article_in
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal, stamp, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.text import fold, words


@dataclass(frozen=True, slots=True)
class FamilyForm:
    """A family as edited; values in cents, None where the family is never counted that way."""

    code: str
    name: str
    short_name: str
    food: bool = True
    chilled: bool = False
    cents_per_kg: int | None = None
    cents_per_piece: int | None = None
    id: int | None = None
    version: int | None = None
    piece_grams: int | None = None
    """What a piece usually weighs, where nothing better is known of an article; None for nothing."""


@dataclass(frozen=True, slots=True)
class ArticleForm:
    """An article as edited; `reference_cents` per kilo or per piece, None to follow its family's value.

    `shelf` None leaves it where it stands, 0 takes it off its shelf; `place` is from 1, None: kept there, else last.
    """

    family_id: int
    name: str
    sold_by: SoldBy
    net_grams: int | None = None
    reference_cents: int | None = None
    codes: tuple[str, ...] = ()
    short_code: str = ""
    active: bool = True
    id: int | None = None
    version: int | None = None
    shelf: int | None = None
    place: int | None = None


def add_default_families(desk: Desk) -> None:
    """Give a new shop the proposed families, each with its generic article. Does nothing where families exist."""
    with desk.db.write() as session:
        if session.execute(select(Family.id).limit(1)).first():
            return
        for given in default_families():
            _save_family(session, desk, FamilyForm(**given))


def save_family(desk: Desk, form: FamilyForm) -> int:
    """Create or change a family and return its id; a changed value counts from today.

    Raises `BadInput` for an empty name or an impossible value, `RuleRefused` for a name or a code already taken, `Stale`.
    """
    with desk.db.write() as session:
        return _save_family(session, desk, form)


def _save_family(session: Session, desk: Desk, form: FamilyForm) -> int:
    name = checked_name(form.name, N_("nom de la famille"))
    for cents in (form.cents_per_kg, form.cents_per_piece):
        _check_cents(cents)
    if form.piece_grams is not None and not 1 <= form.piece_grams <= MAX_GRAMS:
        raise BadInput(N_("Le poids d'une pièce doit être supérieur à zéro."))
    _check_family_is_alone(session, form, name)
    if form.id is None:
        position = len(session.execute(select(Family.id)).all())
        family = Family(code=_family_code(session, form), position=position, version=0)
        session.add(family)
    else:
        family = session.get_one(Family, form.id)
    family.name, family.short_name = name, checked_text(form.short_name) or name
    family.food, family.chilled, family.piece_grams = form.food, form.chilled, form.piece_grams
    touch(family, desk, form.version if form.id else None)
    session.flush()
    _name_generic(session, desk, family, new=form.id is None)
    _set_family_values(session, family.id, form, desk.clock.today())
    return family.id


def _check_family_is_alone(session: Session, form: FamilyForm, name: str) -> None:
    for other in session.scalars(select(Family).where(Family.id != (form.id or 0))):
        if fold(other.name) == fold(name):
            raise RuleRefused(N_("La famille « {family} » existe déjà."), family=other.name)


def _family_code(session: Session, form: FamilyForm) -> str:
    """Return the code of a new family: the one given, else one made of its name."""
    taken = set(session.scalars(select(Family.code)))
    given = checked_text(form.code).upper()
    if given in taken:
        raise RuleRefused(N_("Le code « {code} » est déjà celui d'une autre famille."), code=given)
    if given:
        return given
    stem = "".join(words(form.name))[:4].upper() or "F"
    return next(c for c in (stem, *(f"{stem}{n}" for n in range(2, 10_000))) if c not in taken)


def _name_generic(session: Session, desk: Desk, family: Family, *, new: bool) -> None:
    if new:
        generic = Article(family_id=family.id, sold_by=SoldBy.WEIGHT, generic=True, version=1)
        session.add(generic)
    else:
        generic = session.scalars(select(Article).where(Article.family_id == family.id, Article.generic)).one()
        if generic.name == family.name:
            return
    generic.name, generic.folded = family.name, fold(family.name)
    stamp(generic, desk)


def _set_family_values(session: Session, family: int, form: FamilyForm, today: date) -> None:
    known = session.scalars(
        select(FamilyValue)
        .where(FamilyValue.family_id == family, FamilyValue.valid_from <= today)
        .order_by(FamilyValue.valid_from.desc())
        .limit(1)
    ).first()
    if known and (known.cents_per_kg, known.cents_per_piece) == (form.cents_per_kg, form.cents_per_piece):
        return
    session.merge(FamilyValue(family_id=family, valid_from=_since(session, FamilyValue.family_id, family, today),
                              cents_per_kg=form.cents_per_kg, cents_per_piece=form.cents_per_piece))  # fmt: skip


def _check_cents(cents: int | None) -> None:
    if cents is not None and cents < 0:
        raise BadInput(N_("Un montant ne peut pas être négatif."))
    if cents is not None and cents > MAX_CENTS:
        raise BadInput(N_("Ce montant est trop grand pour une valeur de référence. Vérifiez la saisie."))


def _since(session: Session, key: InstrumentedAttribute[int], value: int, today: date) -> date:
    """Return from which day a value counts: the first one is valid since ever, so that old sales have a value."""
    exists = session.execute(select(key).where(key == value).limit(1)).first()
    return today if exists else date(2000, 1, 1)


def save_article(desk: Desk, form: ArticleForm) -> int:
    """Create or change an article and return its id; a changed value counts from today.

    Raises `BadInput`; `Stale`; `RuleRefused` for a code already taken, for another way of counting while lots are counted in
    the old one, for a family's own article (it is weighed, and named after its family), or for another net weight given by a volunteer.
    """
    name = checked_name(form.name, N_("nom de l'article"))
    if form.net_grams is not None and not 1 <= form.net_grams <= MAX_GRAMS:
        raise BadInput(N_("Un poids net doit être supérieur à zéro."))
    _check_cents(form.reference_cents)
    with desk.db.write() as session:
        if form.id is None:
            article = Article(version=0)
            session.add(article)
        else:
            article = session.get_one(Article, form.id)
            _check_kept(session, article, form, name)
            if form.net_grams != article.net_grams and form.sold_by is article.sold_by:
                require_team(desk)
        article.family_id, article.name, article.folded = form.family_id, name, fold(name)
        article.sold_by, article.net_grams = form.sold_by, form.net_grams
        article.short_code, article.active = checked_text(form.short_code), form.active
        touch(article, desk, form.version if form.id else None)
        session.flush()
        _set_codes(session, article.id, form.codes)
        if form.shelf is not None:
            # At the start of the program no shelf is asked for: their tables are declared when they are.
            from epicerie_desktop.services.stock.shelves import place_in

            place_in(session, article.id, form.shelf, form.place)
        check_article_in(session, desk, article.id)
        if form.reference_cents is not None:
            _set_value(session, desk, article.id, form.reference_cents)
        elif _value_on(session, article.id, desk.clock.today()) is not None:
            raise RuleRefused(
                N_("« {article} » a sa propre valeur de référence : indiquez-en une, elle ne peut plus être vide."),
                article=name,
            )
        return article.id


def _check_kept(session: Session, article: Article, form: ArticleForm, name: str) -> None:
    """Refuse what would make the book wrong: the stock of an article is counted in one way only."""
    if article.generic and (form.family_id, form.sold_by, name, form.active) != (
        article.family_id, article.sold_by, article.name, True,
    ):  # fmt: skip
        raise RuleRefused(
            N_("« {article} » est l'article en vrac de sa famille : changez plutôt la famille."), article=article.name
        )
    if form.sold_by is article.sold_by:
        return
    held = select(Lot.id).where(Lot.article_id == article.id, or_(Lot.balance_pieces != 0, Lot.balance_grams != 0))
    if session.execute(held.limit(1)).first():
        raise RuleRefused(
            N_("« {article} » est en stock : comptez d'abord ses lots à zéro, ou créez un autre article."),
            article=article.name,
        )


def _set_codes(session: Session, article: int, codes: tuple[str, ...]) -> None:
    wanted = {cleaned for c in codes if (cleaned := c.strip().lstrip("0"))}
    taken = session.execute(
        select(ArticleCode.code, Article.name)
        .join(Article, Article.id == ArticleCode.article_id)
        .where(ArticleCode.code.in_(wanted), ArticleCode.article_id != article)
    ).first()
    if taken:
        raise RuleRefused(N_("Le code {code} est déjà celui de « {article} »."), code=taken.code, article=taken.name)
    session.execute(delete(ArticleCode).where(ArticleCode.article_id == article))
    session.add_all([ArticleCode(code=c, article_id=article) for c in sorted(wanted)])


def set_reference_value(desk: Desk, article: int, cents: int) -> None:
    """Give an article its reference value from today on, in cents per kilo or piece: asked once at the till."""
    _check_cents(cents)
    with desk.db.write() as session:
        _set_value(session, desk, article, cents)


def _set_value(session: Session, desk: Desk, article: int, cents: int) -> None:
    today = desk.clock.today()
    if _value_on(session, article, today) == cents:
        return
    session.merge(
        ArticleValue(
            article_id=article,
            valid_from=_since(session, ArticleValue.article_id, article, today),
            cents=cents,
        )
    )
    seal_in_journal(session, desk, "value", {"article": article, "cents": cents, "from": today.isoformat()})


def _value_on(session: Session, article: int, day: date) -> int | None:
    return session.scalars(
        select(ArticleValue.cents)
        .where(ArticleValue.article_id == article, ArticleValue.valid_from <= day)
        .order_by(ArticleValue.valid_from.desc())
        .limit(1)
    ).first()


def attach_code(desk: Desk, article: int, code: str) -> None:
    """Tie a scanned code to an article, so that it is known next time. Raises `RuleRefused` where it is another's, `BadInput`."""
    cleaned = code.strip().lstrip("0")
    if not cleaned:
        raise BadInput(N_("Ce code-barres est vide : scannez-le de nouveau."))
    with desk.db.write() as session:
        owner = session.execute(
            select(Article.id, Article.name)
            .join(ArticleCode, ArticleCode.article_id == Article.id)
            .where(ArticleCode.code == cleaned)
        ).first()
        if owner and owner.id != article:
            raise RuleRefused(N_("Le code {code} est déjà celui de « {article} »."), code=cleaned, article=owner.name)
        if not owner:
            session.add(ArticleCode(code=cleaned, article_id=article))
            check_article_in(session, desk, article)
