"""A question put to the shop's figures: what about, over which days, cut how, counting what. Knows no SQL and no screen.

It is kept and travels as canonical JSON with a version; one from a newer program is refused, not guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.question_catalogue import BY, MEASURES, SUBJECTS, By, Measure, Subject
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

VERSION = 1
MOST_GROUPS = 3
MOST_VALUES = 300
"""Values of one filter, at most: more is a mistake, or someone trying."""

Code = str | int | None
"""What a line is grouped by, as the shop keeps it: a code, a number, None where it is not known."""


class Span(StrEnum):
    """The days of a question: two days, or a stretch that moves with the calendar."""

    DAYS = "DAYS"
    THIS_MONTH = "THIS_MONTH"
    LAST_MONTH = "LAST_MONTH"
    THIS_YEAR = "THIS_YEAR"
    LAST_YEAR = "LAST_YEAR"
    TWELVE_MONTHS = "TWELVE_MONTHS"


SPANS: Mapping[Span, str] = {
    Span.THIS_MONTH: N_("Ce mois-ci"),
    Span.LAST_MONTH: N_("Le mois dernier"),
    Span.THIS_YEAR: N_("Cette année"),
    Span.LAST_YEAR: N_("L'année dernière"),
    Span.TWELVE_MONTHS: N_("Les douze derniers mois"),
    Span.DAYS: N_("D'un jour à un autre"),
}
"""What each is called."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a question, both included; `first` and `last` are told for `DAYS` only."""

    span: Span = Span.THIS_YEAR
    first: date | None = None
    last: date | None = None

    def days(self, today: date) -> tuple[date, date]:
        """Return the first and the last day meant on `today`; what moves with the calendar ends with its month or year."""
        if self.first is not None and self.last is not None:
            return self.first, self.last
        month = today.replace(day=1)
        if self.span is Span.THIS_MONTH:
            return month, _month_end(month)
        if self.span is Span.LAST_MONTH:
            return (month - timedelta(1)).replace(day=1), month - timedelta(1)
        if self.span is Span.TWELVE_MONTHS:
            year, at = divmod(month.year * 12 + month.month - 1 - 11, 12)
            return date(year, at + 1, 1), _month_end(month)
        year = today.year - (self.span is Span.LAST_YEAR)
        return date(year, 1, 1), date(year, 12, 31)


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `groups` are up to three keys of `BY`, `counted` of `MEASURES`, `only` keeps some values of some keys.

    `across` sets the last group in columns, where one thing alone is counted. Made by `question`, which checks it.
    """

    subject: str
    counted: tuple[str, ...]
    groups: tuple[str, ...] = ()
    only: tuple[tuple[str, tuple[Code, ...]], ...] = ()
    period: Period = field(default_factory=Period)
    across: bool = False

    @property
    def about(self) -> Subject:
        """Return its subject."""
        return SUBJECTS[self.subject]

    @property
    def by(self) -> tuple[By, ...]:
        """Return what it is grouped by."""
        return tuple(BY[g] for g in self.groups)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return what it counts."""
        return tuple(MEASURES[m] for m in self.counted)

    @property
    def names_households(self) -> bool:
        """Return whether its answer shows numbers of households."""
        return any(b.number for b in self.by)

    @property
    def tells_income(self) -> bool:
        """Return whether its answer tells of incomes: by what it groups, or by what it keeps."""
        return any(BY[k].income for k in (*self.groups, *(k for k, _ in self.only)))

    @property
    def crossed(self) -> bool:
        """Return whether its last group is set in columns."""
        return self.across and len(self.groups) >= 2 and len(self.counted) == 1


def question(
    subject: str,
    counted: Iterable[str],
    groups: Iterable[str] = (),
    only: Mapping[str, Iterable[Code]] | None = None,
    period: Period | None = None,
    *,
    across: bool = False,
) -> Question:
    """Return a question, its columns in the order of the list and its filters sorted. Raises `BadInput`, which says what to do."""
    about = SUBJECTS.get(subject)
    if about is None:
        raise BadInput(N_("Ce sujet n'est pas connu : choisissez-en un dans la liste."))
    wanted, cut = set(counted), tuple(groups)
    kept = {k: tuple(sorted(set(v), key=_rank)) for k, v in (only or {}).items()}
    if not wanted:
        raise BadInput(N_("Cochez au moins un chiffre à compter."))
    if len(cut) > MOST_GROUPS:
        raise BadInput(N_("Trois regroupements au plus : enlevez-en un."))
    if len(set(cut)) < len(cut):
        raise BadInput(N_("Le même regroupement est choisi deux fois : enlevez-en un."))
    if wanted - set(about.measures) or (set(cut) | set(kept)) - set(about.by):
        raise BadInput(N_("Ce chiffre ou ce regroupement ne va pas avec ce sujet : choisissez-le dans la liste."))
    if any(BY[k].number for k in kept):
        raise BadInput(N_("Une question ne porte pas sur un foyer choisi : ouvrez plutôt son dossier."))
    for key, values in kept.items():
        for code in values:
            if isinstance(code, str):
                checked_text(code)
        if not values or len(values) > MOST_VALUES or not all(_fits(BY[key], v) for v in values):
            raise BadInput(N_("Un filtre garde au moins une valeur de sa liste : cochez-en une, ou enlevez le filtre."))
    when = period or Period()
    if when.span is Span.DAYS and (when.first is None or when.last is None or when.first > when.last):
        raise BadInput(N_("La période commence après sa fin : corrigez les deux jours."))
    if when.span is not Span.DAYS:
        when = Period(when.span)
    in_order = tuple(m for m in about.measures if m in wanted)
    return Question(subject, in_order, cut, tuple(sorted(kept.items())), when, across)


def _rank(code: Code) -> tuple[int, str]:
    return (0, "") if code is None else (1, f"{code:012d}") if isinstance(code, int) else (2, code)


def _fits(by: By, code: object) -> bool:
    return code is None or (
        type(code) is int and abs(code) < 2**62 if by.whole else isinstance(code, str) and len(code) <= 200
    )


def _plain(code: object) -> bool:
    return code is None or type(code) is int or (isinstance(code, str) and len(code) <= 200)


def to_json(asked: Question) -> str:
    """Return the canonical text of a question: the same question always gives the same text."""
    told: dict[str, Any] = {
        "version": VERSION, "subject": asked.subject, "count": list(asked.counted), "groups": list(asked.groups),
        "only": {k: list(v) for k, v in asked.only}, "across": asked.across, "period": {"span": asked.period.span.value},
    }  # fmt: skip
    if asked.period.span is Span.DAYS:
        first, last = asked.period.days(date.min)
        told["period"] |= {"first": first.isoformat(), "last": last.isoformat()}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Question:
    """Return the question of a text. Raises `RuleRefused` for one from a newer program, `BadInput` for anything else wrong."""
    try:
        told = json.loads(text)
        version = told["version"]
        if type(version) is int and version > VERSION:
            raise RuleRefused(
                N_(
                    "Cette question a été faite avec une version plus récente du programme. Mettez le programme à jour, ou refaites-la."
                )
            )
        if version != VERSION:
            raise ValueError
        period = told.get("period", {})
        span = Span(period.get("span", Span.THIS_YEAR.value))
        days = (date.fromisoformat(period[k]) if span is Span.DAYS else None for k in ("first", "last"))
        strings = [told["subject"], *told["count"], *told.get("groups", ()), *told.get("only", {})]
        if not all(isinstance(s, str) for s in strings) or not isinstance(told.get("across", False), bool):
            raise ValueError
        only = {k: tuple(v) for k, v in told.get("only", {}).items()}
        if not all(_plain(v) for values in only.values() for v in values):
            raise ValueError
        return question(
            told["subject"], told["count"], told.get("groups", ()), only, Period(span, *days), across=told.get("across", False)
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(N_("Cette question ne se lit pas : refaites-la sur l'écran « Questions ».")) from error
