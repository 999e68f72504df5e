"""Runs a question: one query over the lines of its subject, at every level it adds up. Only the team asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Text, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from epicerie_desktop.domain.agenda import AppointmentKind, AppointmentState
from epicerie_desktop.domain.answers import Answer, Codes, levels_for
from epicerie_desktop.domain.decisions import Answer as Decided
from epicerie_desktop.domain.decisions import Maker, ReasonCode
from epicerie_desktop.domain.eligibility.outcome import LABELS
from epicerie_desktop.domain.household import Sex
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.question_catalogue import AGES, BY, MEASURES, MOST_SIZE
from epicerie_desktop.domain.questions import Code, Question
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.stock import LossReason, Origin
from epicerie_desktop.persistence.models import Article, Family, Referrer, Supplier
from epicerie_desktop.persistence.types import Whole
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import commune_names, financing_sources, territories
from epicerie_desktop.services.queries.question_lines import Asked, lines_of, same_persons
from epicerie_desktop.services.team import require_team
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_, gettext

_UNKNOWN = N_("Non précisé")
_APART: Mapping[str, str] = {
    "household": N_("Dossier réservé"), "commune": N_("Non précisée, ou hors de la liste"), "sector": N_("Hors secteur"),
    "loss": N_("Sans raison notée"), "refusal": N_("Aucun"), "band": N_("Sans tranche"),
}  # fmt: skip
"""What is said where a value is not known, or not told."""
_WEEKDAYS = (N_("Lundi"), N_("Mardi"), N_("Mercredi"), N_("Jeudi"), N_("Vendredi"), N_("Samedi"), N_("Dimanche"))


def require_asker(desk: Desk, asked: Question | None = None) -> None:
    """Raise `RuleRefused` for a volunteer, and for numbers of households asked by who does not follow them."""
    require_team(desk)
    if asked is not None and asked.names_households and not Role(desk.actor.role).reads_support:
        raise RuleRefused(
            N_(
                "Cette question montre des numéros de foyers : elle revient aux travailleurs sociaux. Enlevez ce regroupement, ou demandez-leur."
            )
        )


def answer(desk: Desk, asked: Question, stop: Callable[[], bool] | None = None) -> Answer:
    """Return the answer to a question, as the shop's lines stand now; `stop` is asked from time to time, to give up.

    Raises `RuleRefused` for an account that may not ask it, or where `stop` said so.
    """
    require_asker(desk, asked)
    first, last = asked.period.days(desk.clock.today())
    levels = levels_for(asked)
    with desk.db.read(stop) as session:
        statement = _statement(session, desk, asked, levels)
        rows = session.connection().execute(statement).all()
        found: dict[tuple[int, ...], dict[Codes, tuple[int, ...]]] = {level: {} for level in levels}
        heads: dict[tuple[int, ...], dict[Codes, int]] = {level: {} for level in levels}
        for which, *row in rows:
            level, groups = levels[which], len(asked.groups)
            codes = tuple(row[p] for p in level)
            found[level][codes] = tuple(int(n or 0) for n in row[groups : groups + len(asked.counted)])
            if asked.about.heads:
                heads[level][codes] = int(row[-1] or 0)
        used = [{c[p] for c in found[tuple(range(len(asked.groups)))]} for p in range(len(asked.groups))]
        names = tuple(_names(session, key, codes) for key, codes in zip(asked.groups, used, strict=True))
        kept = tuple((gettext(BY[key].name), tuple(_names(session, key, v).values())) for key, v in asked.only)
    return Answer(asked, first, last, names, found, heads if asked.about.heads else {}, kept)


def _statement(session: Session, desk: Desk, asked: Question, levels: Iterable[tuple[int, ...]]) -> Any:
    first, last = asked.period.days(desk.clock.today())
    same = same_persons(session) if asked.subject == "persons" else {}
    base, columns = lines_of(asked.subject, Asked(desk, first, last, same))
    for key, values in asked.only:
        base = base.where(_among(columns[key], values))
    heads = [asked.about.heads] if asked.about.heads else []
    groups = [columns[g].label(f"g{i}") for i, g in enumerate(asked.groups)]
    counted = [columns[m].label(f"m{i}") for i, m in enumerate((*asked.counted, *heads))]
    lines = base.add_columns(*groups, *counted).cte("line")
    return union_all(*(_level(lines, asked, n, level) for n, level in enumerate(levels)))


def _level(lines: CTE, asked: Question, n: int, level: tuple[int, ...]) -> Select[Any]:
    of = [lines.c[f"g{i}"] for i in range(len(asked.groups))]
    kinds = [Whole if b.whole else Text() for b in asked.by]
    cut = [c if i in level else cast(null(), kind) for i, (c, kind) in enumerate(zip(of, kinds, strict=True))]
    heads = [asked.about.heads] if asked.about.heads else []
    sums = [_sum(lines.c[f"m{i}"], m) for i, m in enumerate((*asked.counted, *heads))]
    labelled = [c.label(f"g{i}") for i, c in enumerate(cut)]
    return select(literal(n).label("level"), *labelled, *sums).select_from(lines).group_by(*(of[i] for i in level))


def _sum(column: Any, measure: str) -> ColumnElement[Any]:
    return func.sum(column) if MEASURES[measure].adds_up else func.count(column.distinct())


def _among(column: Any, values: Iterable[Code]) -> ColumnElement[bool]:
    told = [v for v in values if v is not None]
    known = column.in_(told)
    return known if len(told) == len(tuple(values)) else or_(known, column.is_(None))


def also_named(desk: Desk, found: Answer, codes: Iterable[Codes]) -> Answer:
    """Return the same answer with the names of these lines too: cells an earlier table hid, where nobody is any more."""
    more = list(codes)
    with desk.db.read() as session:
        names = tuple(
            _names(session, key, {*found.names[p], *(c[p] for c in more)}) for p, key in enumerate(found.asked.groups)
        )
    return replace(found, names=names)


def values_of(desk: Desk, key: str) -> tuple[tuple[Code, str], ...]:
    """Return the values a filter may keep, with their names, in order. Raises `RuleRefused` for a volunteer."""
    require_team(desk)
    with desk.db.read() as session:
        return tuple(_listed(session, key).items())


def filters_of(subject_by: Iterable[str]) -> tuple[str, ...]:
    """Return, among what a subject is cut by, what a filter may keep some values of: those that have a list."""
    return tuple(k for k in subject_by if k not in {"year", "month", "day", "household", "band", "article"} and k in BY)


def _listed(session: Session, key: str) -> dict[Code, str]:
    """Return the whole list of a key's values, « not known » last; empty for what has none (days, numbers)."""
    names: dict[Code, str] = {}
    if key == "family":
        names = {
            r.id: r.name for r in session.execute(select(Family.id, Family.name).order_by(Family.position, Family.id))
        }
    elif key == "article":
        names = {
            r.id: r.name for r in session.execute(select(Article.id, Article.name).order_by(Article.folded, Article.id))
        }
    elif key == "supplier":
        names = {
            r.id: r.name
            for r in session.execute(select(Supplier.id, Supplier.name).order_by(Supplier.name, Supplier.id))
        }
    elif key == "referrer":
        used = (
            select(Referrer.organisation).where(Referrer.organisation != "").distinct().order_by(Referrer.organisation)
        )
        names = {o: o for o in session.scalars(used)}
    elif key in _FIXED:
        names = _FIXED[key]()
    if key not in {
        "food",
        "weekday",
        "size",
        "answer",
        "maker",
        "outcome",
        "appointment",
        "kept",
        "excused",
        "sex",
        "origin",
    }:
        names[None] = gettext(_APART.get(key, _UNKNOWN))
    return names


def _communes() -> dict[Code, str]:
    names = commune_names()
    return {code: names[code] for code in sorted(names, key=lambda c: (names[c], c))}


def _sectors() -> dict[Code, str]:
    """Return the sectors of every territory; one that lasts has its latest name."""
    return {s.code: s.name for t in sorted(territories(), key=lambda t: t.valid_from) for s in t.sectors}


def _ages() -> dict[Code, str]:
    told: dict[Code, str] = {s: gettext("{a} à {b} ans").format(a=s, b=e) for s, e in AGES if e is not None}
    told[AGES[-1][0]] = gettext("{a} ans et plus").format(a=AGES[-1][0])
    return told


_FIXED: Mapping[str, Callable[[], dict[Code, str]]] = {
    "commune": _communes,
    "sector": _sectors,
    "weekday": lambda: {i: gettext(w) for i, w in enumerate(_WEEKDAYS, 1)},
    "size": lambda: {n: str(n) if n < MOST_SIZE else gettext("{n} et plus").format(n=n) for n in range(MOST_SIZE + 1)},
    "sex": lambda: {s.value: label(s) for s in Sex},
    "age": _ages,
    "food": lambda: {1: gettext("Denrées"), 0: gettext("Hors denrées")},
    "origin": lambda: {o.value: label(o) for o in Origin},
    "financing": lambda: {s.code: gettext(s.name) for s in financing_sources()},
    "loss": lambda: {r.value: label(r) for r in LossReason if r is not LossReason.BROUGHT_BACK},
    "answer": lambda: {a.value: label(a) for a in Decided},
    "maker": lambda: {m.value: label(m) for m in Maker},
    "refusal": lambda: {r.value: label(r) for r in ReasonCode},
    "outcome": lambda: {k.value: gettext(words) for k, words in LABELS.items()},
    "appointment": lambda: {k.value: label(k) for k in AppointmentKind},
    "kept": lambda: {s.value: label(s) for s in AppointmentState},
    "excused": lambda: {1: gettext("Excusée"), 0: gettext("Non excusée")},
}  # fmt: skip


def _names(session: Session, key: str, codes: Iterable[Code]) -> dict[Code, str]:
    """Return the names of the codes found, in the order they are shown: that of the list, then of the codes, « not known » last."""
    listed = _listed(session, key)
    present = set(codes)
    names: dict[Code, str] = {c: n for c, n in listed.items() if c in present and c is not None}
    others = sorted((c for c in present if c is not None and c not in names), key=lambda c: (isinstance(c, str), c))
    names |= {c: _written(key, c) for c in others}
    if None in present:
        names[None] = listed.get(None, gettext(_APART.get(key, _UNKNOWN)))
    return _told_apart(names)


def _written(key: str, code: Code) -> str:
    if key == "month" and isinstance(code, int):
        return shown.month(f"{code // 100}-{code % 100:02d}").capitalize()
    if key == "day":
        return shown.day(date.fromisoformat(str(code)))
    return str(code)


def _told_apart(names: dict[Code, str]) -> dict[Code, str]:
    """Return the names, two that are the same being told apart by their code: two articles may be called alike."""
    twins: dict[str, list[Code]] = defaultdict(list)
    for code, name in names.items():
        twins[name].append(code)
    return {c: n if len(twins[n]) == 1 else f"{n} ({c})" for c, n in names.items()}
