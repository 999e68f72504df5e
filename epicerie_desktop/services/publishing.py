"""Publishes the answer to a question: small counts hidden, alone and beside what was published before, and kept as it went out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.answers import Answer, table_of
from epicerie_desktop.domain.data_table import DataTable
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.publication import Edition, continued, edition_from, edition_of, refuse_unpublishable
from epicerie_desktop.domain.questions import Period, Question, Span, to_json
from epicerie_desktop.domain.small_counts import HEADS, INCOMES
from epicerie_desktop.persistence.models import PublishedTable
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import questions
from epicerie_desktop.services.settings import keep_setting_in, setting_in
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_TITLE = 120
LEAST, MOST = 3, 50
"""The thresholds a shop may choose: under three, the other household of a cell of two reads the first one."""
_HEADS, _INCOMES = "publish.heads", "publish.incomes"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Under how many people a cell is hidden: in general, and where the table tells of incomes."""

    heads: int = HEADS
    incomes: int = INCOMES

    def of(self, asked: Question) -> int:
        """Return the one that holds for a question."""
        return max(self.heads, self.incomes) if asked.tells_income else self.heads


@dataclass(frozen=True, slots=True)
class ToPublish:
    """A table as it would go out, and the edition that would be kept; `hidden` cells are those a reader does not see."""

    table: DataTable
    edition: Edition
    threshold: int
    beside: int
    """How many tables it was checked beside."""

    @property
    def hidden(self) -> int:
        """Return how many cells and totals are hidden."""
        return len(self.edition.hidden)


def thresholds(desk: Desk) -> Thresholds:
    """Return the thresholds of the shop."""
    with desk.db.read() as session:
        return _thresholds_in(session, desk)


def save_thresholds(desk: Desk, chosen: Thresholds) -> None:
    """Keep other thresholds from today. Raises `BadInput` out of 3 to 50, `RuleRefused` for a volunteer."""
    questions.require_asker(desk)
    if not all(LEAST <= n <= MOST for n in (chosen.heads, chosen.incomes)):
        raise BadInput(N_("Un seuil va de {least} à {most}."), least=LEAST, most=MOST)
    with desk.db.write() as session:
        keep_setting_in(session, desk, _HEADS, chosen.heads)
        keep_setting_in(session, desk, _INCOMES, chosen.incomes)


def prepare(desk: Desk, title: str, asked: Question) -> ToPublish:
    """Return the table a question would publish, up to today at the latest. Raises `RuleRefused`, which says what to do."""
    questions.require_asker(desk, asked)
    refuse_unpublishable(asked)
    title = checked_text(" ".join(title.split()), MOST_TITLE)
    if not title:
        raise BadInput(N_("Donnez un titre au tableau : c'est sous lui qu'il sera publié."))
    today = desk.clock.today()
    first, last = asked.period.days(today)
    if first > today:
        raise RuleRefused(N_("Cette période n'a pas commencé : il n'y a rien à publier."))
    last = min(last, today)
    found = questions.answer(desk, _over(asked, Period(Span.DAYS, first, last)))
    with desk.db.read() as session:
        threshold = _thresholds_in(session, desk).of(asked)
        earlier = _earlier_in(session)
    after = continued(asked, first, last, earlier)
    added: Answer | None = None
    if after is not None:
        added = questions.answer(desk, _over(asked, Period(Span.DAYS, after + timedelta(1), last)))
    edition = edition_of(title, found, threshold, earlier, added)
    gone = edition.levels().get(found.places, frozenset())
    found = questions.also_named(desk, found, gone)
    return ToPublish(table_of(found, title, hidden=edition.levels()), edition, threshold, len(earlier))


def publish(desk: Desk, title: str, asked: Question) -> ToPublish:
    """Prepare a table, keep it as published, and return it. Raises what `prepare` raises; nothing is kept then."""
    made = prepare(desk, title, asked)
    edition = made.edition
    with desk.db.write() as session:
        if session.scalar(select(func.count()).select_from(PublishedTable)) != made.beside:
            raise RuleRefused(N_("Un autre tableau vient d'être publié : recommencez, il faut les comparer."))
        row = PublishedTable(
            uid=uuid.uuid4(), title=edition.title, asked=to_json(edition.asked), first=edition.first, last=edition.last,
            threshold=made.threshold, cells=edition.cells_json(), made_at=desk.clock.now(), made_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "table_published", {"table": row.id, "hidden": made.hidden})
    return made


def published(desk: Desk) -> tuple[Edition, ...]:
    """Return the tables already out, the latest last. Raises `RuleRefused` for a volunteer."""
    questions.require_asker(desk)
    with desk.db.read() as session:
        return _earlier_in(session)


def _over(asked: Question, days: Period) -> Question:
    return replace(asked, period=days)


def _thresholds_in(session: Session, desk: Desk) -> Thresholds:
    today = desk.clock.today()
    heads, incomes = (setting_in(session, key, today) for key in (_HEADS, _INCOMES))
    return Thresholds(int(heads or HEADS), int(incomes or INCOMES))


def _earlier_in(session: Session) -> tuple[Edition, ...]:
    rows = session.scalars(select(PublishedTable).order_by(PublishedTable.id))
    return tuple(edition_from(r.title, r.asked, r.first, r.last, r.cells) for r in rows)
