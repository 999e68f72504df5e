"""Reads what the rows of a ruleset share: amounts that grow with the household, conditions, thresholds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from epicerie_desktop.domain.eligibility.document import Section
from epicerie_desktop.domain.eligibility.rules import (
    Counted,
    Duration,
    DurationUnit,
    Limit,
    RulesetInvalid,
    Scale,
    ScaleShare,
    When,
)
from epicerie_desktop.domain.household import HouseholdType
from epicerie_desktop.support.i18n import N_

_LONGEST = {DurationUnit.DAYS: 3660, DurationUnit.WEEKS: 520, DurationUnit.MONTHS: 120}

Reader = Callable[[Section, str | int, object], Fraction]
"""Reads a figure in its unit: cents, grams or parts. The section and the key tell the place in a sentence."""


def as_cents(at: Section, key: str | int, value: object) -> Fraction:
    """Return euros in cents."""
    return at.as_number(key, value, places=2) * 100


def as_grams(at: Section, key: str | int, value: object) -> Fraction:
    """Return kilos in grams."""
    return at.as_number(key, value, places=3) * 1000


def as_parts(at: Section, key: str | int, value: object) -> Fraction:
    """Return a number of parts or units."""
    return at.as_number(key, value, places=2)


def as_count(at: Section, key: str | int, value: object) -> Fraction:
    """Return a number of units or points."""
    return at.as_number(key, value, places=0)


def read_duration(at: Section, *, last: bool = True) -> Duration:
    """Return a length said once, in days, weeks or months; `last` when nothing else stands in the table."""
    given = [u for u in DurationUnit if at.has(u)]
    if not given and last:
        at.done()
    if len(given) != 1:
        raise at.wrong("", N_("{place} : dites la durée une fois, en days, weeks ou months."))
    duration = Duration(given[0], at.whole(given[0], least=1, most=_LONGEST[given[0]]))
    if last:
        at.done()
    return duration


def read_amount(at: Section, key: str, read: Reader) -> Scale:
    """Return a scale written as one figure, or as a table of its own."""
    value = at.take(key)
    if not isinstance(value, dict):
        return Scale(base=read(at, key, value))
    inner = Section(value, at.at(key), RulesetInvalid)
    scale = read_scale(inner, read)
    inner.done()
    return scale


def read_scale(at: Section, read: Reader) -> Scale:
    """Return the scale whose keys stand in the table `at`, other keys left for the caller."""
    parts = {k: at.has(k) for k in ("base", "per_person", "per_adult", "per_child")}
    if not at.has("by"):
        if not any(parts.values()):
            raise at.wrong("base", N_("{place} : il manque un montant (base, per_person, per_adult, per_child ou by)."))
        given = {k: read(at, k, at.take(k)) if present else Fraction(0) for k, present in parts.items()}
        return Scale(given["base"], given["per_person"], given["per_adult"], given["per_child"])
    by = at.choice("by", Counted)
    beside = {Counted.ADULTS: "per_child", Counted.CHILDREN: "per_adult"}.get(by)
    if any(present for k, present in parts.items() if k != beside):
        raise at.wrong("by", N_("{place} : un tableau par nombre ne se mêle pas à base ou per_…"))
    other = read(at, beside, at.take(beside)) if beside and parts[beside] else Fraction(0)
    table = at.section("amounts")
    numbers = sorted(int(k) for k in table.keys() if k.isascii() and k.isdecimal() and len(k) <= 3)  # noqa: SIM118
    figures = tuple(read(table, str(n), table.take(str(n))) for n in numbers)
    table.done()
    if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise at.wrong("amounts", N_("{place} : les nombres doivent se suivre sans trou, par exemple 1, 2, 3."))
    return Scale(by=by, first=numbers[0], table=figures,
                 per_child=other if beside == "per_child" else Fraction(0),
                 per_adult=other if beside == "per_adult" else Fraction(0),
                 extra=read(at, "extra", at.take("extra")) if at.has("extra") else Fraction(0))  # fmt: skip


def _between(at: Section, name: str, *, most: int = 99) -> tuple[int, int | None]:
    low = at.whole(f"{name}_min", 0, most=most)
    high = at.whole(f"{name}_max", most=most) if at.has(f"{name}_max") else None
    if high is not None and high < low:
        raise at.wrong(f"{name}_max", N_("{place} : le plus grand nombre ({most}) est sous le plus petit ({least})."),
                       most=high, least=low)  # fmt: skip
    return low, high


def _answers(at: Section) -> tuple[tuple[str, bool], ...]:
    """Return the answers a row is for, by question; whether each question is asked is checked with the whole document."""
    found: dict[str, bool] = {}
    for key, answer in (("yes", True), ("no", False)):
        for code in at.texts(key) if at.has(key) else ():
            if code in found:
                raise at.wrong(key, N_("{place} : la question « {value} » est écrite deux fois."), value=code[:60])
            found[code] = answer
    return tuple(found.items())


def read_when(at: Section, bands: frozenset[str] = frozenset()) -> When:
    """Return the condition of a row; one that is written must say something."""
    if not at.has("when"):
        return When()
    inner = at.section("when")
    if not inner.keys():
        raise at.wrong("when", N_("{place} : cette condition est vide ; enlevez-la si la ligne vaut pour tous."))
    either: tuple[When, ...] = ()
    if inner.has("any"):
        cases = tuple(inner.sections("any"))
        for case in cases:
            if not case.keys():
                raise case.wrong(
                    "", N_("{place} : ce cas est vide ; il vaudrait pour tous. Enlevez-le, ou dites sa condition.")
                )
        either = tuple(_condition(case, bands) for case in cases)
        if len(set(either)) < 2:
            raise inner.wrong(
                "any", N_("{place} : dites au moins deux cas différents, ou écrivez la condition sans « any ».")
            )
    return replace(_condition(inner, bands), any=either)


def _condition(inner: Section, bands: frozenset[str]) -> When:
    """Return the conditions written side by side in a table, all of them to be met."""
    chosen = frozenset(inner.texts("bands")) if bands and inner.has("bands") else frozenset()
    for code in sorted(chosen - bands):
        raise inner.wrong("bands", N_("{place} : la tranche « {value} » n'existe pas. Choix : {known}."),
                          value=code, known=", ".join(sorted(bands)))  # fmt: skip
    when = When(
        persons=_between(inner, "persons"),
        adults=_between(inner, "adults"),
        children=_between(inner, "children"),
        household_types=inner.choices("household_types", HouseholdType)
        if inner.has("household_types")
        else frozenset(),
        communes=inner.communes("communes") if inner.has("communes") else frozenset(),
        bands=chosen,
        oldest=_between(inner, "oldest", most=120),
        youngest=_between(inner, "youngest", most=120),
        answers=_answers(inner),
        rights=_between(inner, "rights"),
    )
    inner.done()
    return when


def _read_share_of(at: Section, key: str) -> ScaleShare | None:
    """Return the part of a social scale written under `key`, None where it is an ordinary amount."""
    value = at.take(key)
    if not isinstance(value, dict) or not {"of", "percent"} & value.keys():
        at.put_back(key, value)
        return None
    inner = Section(value, at.at(key), RulesetInvalid)
    permille = inner.number("percent", places=1) * 10
    if not 0 < permille <= 10000:
        raise inner.wrong("percent", N_("{place} : un pourcentage de barème va de 0,1 à 1000."))
    share = ScaleShare(int(permille), inner.code("of"))
    inner.done()
    return share


def read_limit(at: Section, strict: str, inclusive: str) -> Limit | None:
    """Return the threshold written under one of two keys, None where there is none."""
    if at.has(strict) and at.has(inclusive):
        raise at.wrong(inclusive, N_("{place} : dites « {strict} » ou « {inclusive} », pas les deux."),
                       strict=strict, inclusive=inclusive)  # fmt: skip
    for key, included in ((strict, False), (inclusive, True)):
        if at.has(key):
            share = _read_share_of(at, key)
            if share:
                return Limit(0, included, share=share)
            scale = read_amount(at, key, as_cents)
            fixed = scale == Scale(base=scale.base)
            return Limit(int(scale.value(1, 0)), included, None if fixed else scale)
    return None
