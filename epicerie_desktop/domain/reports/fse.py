"""The common indicators of the European fund (EMCO, EMCR): computed, estimated by the manager, or what is left of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from epicerie_desktop.domain.data_table import DataTable, Heading, Holds, Value, data_table, decimal_text
from epicerie_desktop.domain.household import Sex
from epicerie_desktop.domain.reports.food_rows import FoodFacts, is_fse
from epicerie_desktop.domain.reports.funder_data import Indicator, Way
from epicerie_desktop.domain.reports.lot_accounts import Column, LotAccount, cent_columns, gram_columns
from epicerie_desktop.domain.reports.publishing import Parts
from epicerie_desktop.domain.reports.shape import Figure, Section, Standing
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import language

CHILD, YOUNG, OLD = 18, 30, 65
"""The ages that bound the groups of the annex: under 18, from 18 to 29, 65 and over."""


@dataclass(frozen=True, slots=True)
class ServedPerson:
    """Somebody of a household that received goods of the programme: sex (`Sex`), and age the first time in the period."""

    sex: str
    age: int | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the manager estimated of an indicator over a period, how, who and when; a value of None takes it back."""

    indicator: str
    first: date
    last: date
    value: int | None
    basis: str
    made_by: str
    made_on: date


def fse_section(
    facts: FoodFacts, indicators: Sequence[Indicator], food: Sequence[ServedPerson], goods: Sequence[ServedPerson],
    estimates: Sequence[Estimate], asked_last: date | None = None,
) -> Section:  # fmt: skip
    """Return the indicators of a period. `estimates` are those that touch it, each period's last one first.

    An estimate holds for the very period it was made for: the others are told, and added up by nobody. The period is the one
    asked for, up to `asked_last`: the facts of a year that is running stop before its end, and its estimates do not.
    """
    known: dict[str, int | None] = {**_amounts(facts), **_persons("EMCR", 1, food), **_persons("EMCR", 10, goods)}
    held = in_force(estimates, facts.first, asked_last or facts.last)
    known |= {i.code: held[i.code].value for i in indicators if i.way is Way.ESTIMATE and i.code in held}
    figures = []
    for i in indicators:
        if i.way is Way.REST:
            parts = [known.get(c) for c in i.less]
            whole = [p for p in parts if p is not None]
            # More estimated than was handed out, as of a year that has only begun: nothing is left to tell.
            rest = whole[0] - sum(whole[1:]) if len(whole) == len(parts) else -1
            known[i.code] = rest if rest >= 0 else None
        figures.append(_figure(i, known.get(i.code), held.get(i.code)))
    tables = (_estimates_table(indicators, estimates),) if estimates else ()
    return Section(_("Indicateurs du FSE+"), tuple(figures), tables, _notes(facts), _unborn(food, goods))


def estimates_table_name() -> str:
    """Return the name of the table of estimates: who made them and how is never published."""
    return _("Estimations de la personne responsable")


PARTS = tuple(
    Parts(f"EMCR{n:02d}", tuple(f"EMCR{n + k:02d}" for k in parts))
    for n in (1, 10)
    for parts in ((1, 2, 4), (3,), (5,), (6,), (7,), (8,))
)
"""The groups of persons that part those who received food, then goods: the ages together, each other group by itself."""
RECEIVED = {
    "EMCO01": ("EMCR01", "EMCR10"), "EMCO02": ("EMCR01",), "EMCO03": ("EMCR09",), "EMCO04": ("EMCR09",), "EMCO05": ("EMCR10",),
    "EMCO06": ("EMCR11",), "EMCO07": ("EMCR18",), "EMCO08": ("EMCR11", "EMCR18"), "EMCO09": ("EMCR01",), "EMCO11": ("EMCR01",),
}  # fmt: skip
"""Who received each amount: it is told only where the persons are."""


def _figure(i: Indicator, value: int | None, estimate: Estimate | None) -> Figure:
    basis, missing = "", i.way is Way.ESTIMATE
    if estimate is not None and value is not None:
        basis, missing = _("Estimé ainsi : {basis}").format(basis=estimate.basis), False
    told = " ".join((i.definition, _("Pas encore estimé pour cette période."))) if missing else i.definition
    standing = Standing.PROVISIONAL if i.way is Way.COMPUTED else Standing.ESTIMATED
    return Figure(i.code, f"{i.code} · {i.name}", value, i.holds, told, standing, basis)


def in_force(estimates: Iterable[Estimate], first: date, last: date) -> dict[str, Estimate]:
    """Return the estimates made for that very period, by indicator: the last one of each, even where it takes back the others."""
    found: dict[str, Estimate] = {}
    for e in estimates:
        if (e.first, e.last) == (first, last):
            found.setdefault(e.indicator, e)
    return found


def _handed_out(lots: Iterable[LotAccount]) -> tuple[int, int]:
    """Return the grams and the cents of lots that tickets and parcels handed out."""
    mine = list(lots)
    grams, cents = gram_columns(mine), cent_columns(mine)
    return (-grams[Column.GIVEN] - grams[Column.PARCELS], -cents[Column.GIVEN] - cents[Column.PARCELS])


def _amounts(facts: FoodFacts) -> dict[str, int | None]:
    mine = [n for n in facts.lots if is_fse(n.financing, n.origin)]
    grams, food = _handed_out(n for n in mine if n.food)
    _grams, goods = _handed_out(n for n in mine if not n.food)
    whole, _cents = _handed_out(n for n in facts.lots if n.food)
    share = (2000 * grams + whole) // (2 * whole) if whole > 0 else None
    return {"EMCO01": food + goods, "EMCO02": food, "EMCO05": goods, "EMCO09": grams, "EMCO11": share}


def _persons(letters: str, rank: int, served: Sequence[ServedPerson]) -> Mapping[str, int]:
    ages = [p.age for p in served if p.age is not None]
    counts = (
        len(served), sum(a < CHILD for a in ages), sum(CHILD <= a < YOUNG for a in ages),
        sum(p.sex == Sex.FEMALE for p in served), sum(a >= OLD for a in ages),
    )  # fmt: skip
    return {f"{letters}{rank + n:02d}": count for n, count in enumerate(counts)}


def _estimates_table(indicators: Sequence[Indicator], estimates: Sequence[Estimate]) -> DataTable:
    names = {i.code: i for i in indicators}
    mark = "," if language() == "fr" else "."
    rows: list[tuple[Value, ...]] = []
    for e in estimates:
        holds = names[e.indicator].holds if e.indicator in names else Holds.COUNT
        value = _("retirée") if e.value is None else decimal_text(e.value, holds.places, mark) + unit_of(holds)
        rows.append((e.indicator, e.first, e.last, value, e.basis, e.made_by, e.made_on))
    headings = (
        Heading(_("Indicateur")), Heading(_("Du"), Holds.DAY), Heading(_("Au"), Holds.DAY), Heading(_("Estimation")), Heading(_("Comment")),
        Heading(_("Par")), Heading(_("Le"), Holds.DAY),
    )  # fmt: skip
    return data_table(estimates_table_name(), headings, rows, (
        _("La plus récente d'une même période est en tête et vaut ; les précédentes restent pour mémoire."),
    ))  # fmt: skip


def unit_of(holds: Holds) -> str:
    """Return the unit that a number of this kind is written with, after a space; empty for what is counted."""
    return {Holds.GRAMS: " kg", Holds.CENTS: " €", Holds.PERMILLE: " %"}.get(holds, "")


def _unborn(food: Sequence[ServedPerson], goods: Sequence[ServedPerson]) -> tuple[str, ...]:
    unborn = sum(p.age is None for p in (*food, *goods))
    return (
        (_("Personnes sans date de naissance, dans aucun groupe d'âge : {count}.").format(count=unborn),)
        if unborn
        else ()
    )


def _notes(facts: FoodFacts) -> tuple[str, ...]:
    notes = [
        _("Libellés d'après l'annexe III du règlement (UE) 2021/1057, traduits : à confronter au formulaire de l'autorité de gestion. Un lot est du FSE+ quand "
          "son financement le dit ou, s'il n'est pas précisé, sa provenance."),
    ]  # fmt: skip
    unknown = sum(n.unit_cents is None for n in facts.lots if is_fse(n.financing, n.origin))
    if unknown:
        notes.append(_("Lots sans valeur connue, comptés pour zéro euro : {count}.").format(count=unknown))
    return tuple(notes)
