"""Households and persons of a period, told with their definitions and by every breakdown. Knows no database.

Everything comes from visits as they were that day: a household counted once over the period is told as it was at its first
visit in it, and so is a person; what counts visits is told as each of them was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from epicerie_desktop.domain.data_table import DataTable, Heading, Holds, data_table
from epicerie_desktop.domain.enrolled import Enrolled, enrolments
from epicerie_desktop.domain.figures import DEFINITIONS, Came, Facts, month_of
from epicerie_desktop.domain.household import HouseholdType, Sex
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.reports.people_lists import BracketSet, Territory, brackets_on, territory_on
from epicerie_desktop.domain.reports.shape import Figure, Section, Standing
from epicerie_desktop.domain.support import ReferralReason
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

ENROLLED: tuple[tuple[str, str, str], ...] = (
    ("registered_households", N_("Foyers inscrits"),
     N_("Foyers dont un droit est ouvert au moins un jour de la période, venus ou non. Un passage exceptionnel n'est pas un droit.")),
    ("registered_persons", N_("Personnes inscrites"),
     N_("Personnes distinctes membres d'un de ces foyers un jour où son droit est ouvert, même absentes pour un temps.")),
    ("enrolled_before", N_("Inscrits la veille"), N_("Foyers dont un droit est ouvert la veille du premier jour de la période.")),
    ("enrolled_new", N_("Nouveaux"),
     N_("Foyers inscrits qui ne l'étaient pas la veille du premier jour, et dont le premier droit commence dans la période.")),
    ("enrolled_back", N_("Revenus"),
     N_("Foyers inscrits qui ne l'étaient pas la veille du premier jour et qui avaient déjà eu un droit, ou dont le dossier vient d'une "
        "séparation.")),
    ("enrolled_left", N_("Sortis"),
     N_("Foyers inscrits la veille du premier jour ou dans la période, et dont plus aucun droit n'est ouvert le dernier jour.")),
    ("enrolled_after", N_("Inscrits le dernier jour"),
     N_("Foyers dont un droit est ouvert le dernier jour : inscrits la veille, plus nouveaux et revenus, moins sortis.")),
    ("enrolled_renewed", N_("Renouvelés"),
     N_("Foyers dont un droit commence dans la période après un autre ; un droit qui en continue un, après une séparation ou une réunion, "
        "n'est pas un renouvellement.")),
)  # fmt: skip
"""Key, French name, definition of what is counted from rights; `DEFINITIONS` has what is counted from visits."""

AT_FIRST_VISIT = N_(
    "Un foyer compte une fois, tel qu'il était à son premier passage de la période ; une personne aussi. Les passages se comptent "
    "tels qu'ils étaient chacun ce jour-là."
)
NOT_COUNTED = N_("Types de ressources : non comptés ici, ils sont scellés avec l'évaluation.")
_MOST = 6
_Key = TypeVar("_Key", bound=Hashable)


class Counts(NamedTuple):
    """Households and persons, each once; visits of households, and of the persons they were that day."""

    households: int = 0
    persons: int = 0
    visits: int = 0
    person_visits: int = 0


@dataclass(frozen=True, slots=True)
class Lists:
    """What a report counts by: brackets and territories, names of communes, and who refers (name, service) by row."""

    brackets: tuple[BracketSet, ...] = ()
    territories: tuple[Territory, ...] = ()
    communes: Mapping[str, str] | None = None
    referrers: Mapping[int, tuple[str, str]] | None = None
    month_name: Callable[[str], str] = str
    """How a month such as `2026-11` is written."""


class Served:
    """The visits of a period, ready to be told in any breakdown.

    A household comes many times as it was the time before: those visits are told together, once, with how many they are.
    """

    def __init__(self, visits: Iterable[Came]) -> None:
        self.visits = sorted(visits, key=lambda v: (v.day, v.household))
        self._households: dict[str, Came] = {}
        self._persons: dict[str, tuple[Came, int]] = {}
        alike: dict[tuple[tuple[str, ...], str | None, Facts | None], list[Came]] = {}
        for visit in self.visits:
            self._households.setdefault(visit.household, visit)
            same = (visit.persons, visit.commune, visit.facts)
            if (known := alike.get(same)) is not None:
                known.append(visit)
                continue
            alike[same] = [visit]
            for n, person in enumerate(visit.persons):
                self._persons.setdefault(person, (visit, n))
        self._alike = [(found[0], len(found)) for found in alike.values()]

    @property
    def whole(self) -> Counts:
        """Return the counts of the whole period."""
        return Counts(
            len(self._households), len(self._persons), len(self.visits), sum(n * len(v.persons) for v, n in self._alike)
        )

    def by(self, key: Callable[[Came], _Key]) -> dict[_Key, Counts]:
        """Return the counts by what `key` says of a visit's household that day, from its persons, its commune and its facts alone."""
        return self._by(key, self._alike)

    def by_day(self, key: Callable[[Came], _Key]) -> dict[_Key, Counts]:
        """Return the same for a key that reads the day too."""
        return self._by(key, ((v, 1) for v in self.visits))

    def _by(self, key: Callable[[Came], _Key], found: Iterable[tuple[Came, int]]) -> dict[_Key, Counts]:
        households = Counter(key(v) for v in self._households.values())
        persons = Counter(key(v) for v, _n in self._persons.values())
        visits: Counter[_Key] = Counter()
        person_visits: Counter[_Key] = Counter()
        for visit, times in found:
            told = key(visit)
            visits[told] += times
            person_visits[told] += times * len(visit.persons)
        return {k: Counts(households[k], persons[k], visits[k], person_visits[k]) for k in visits}

    def by_person(self, key: Callable[[Came, int], _Key]) -> dict[_Key, Counts]:
        """Return the counts by what `key` says of a person (by its place in the visit) that day: persons and person visits only."""
        persons = Counter(key(v, n) for v, n in self._persons.values())
        person_visits: Counter[_Key] = Counter()
        for visit, times in self._alike:
            for n in range(len(visit.persons)):
                person_visits[key(visit, n)] += times
        return {k: Counts(0, persons[k], 0, person_visits[k]) for k in person_visits}


def age_at(visit: Came, place: int) -> int | None:
    """Return the age of a person of a visit that day, None where it is not known."""
    return visit.facts.ages[place] if visit.facts else None


def sex_at(visit: Came, place: int) -> str:
    """Return the sex of a person of a visit, as declared; unknown in a month closed before it was kept."""
    return visit.facts.sexes[place] if visit.facts else Sex.UNKNOWN.value


def people(
    visits: Sequence[Came], parts: Sequence[tuple[str, Sequence[Enrolled]]], last: date, lists: Lists, *,
    closed: frozenset[str] = frozenset(), frozen: frozenset[str] = frozenset(),
) -> tuple[Section, ...]:  # fmt: skip
    """Return the sections of households and persons of a period that ends on `last`.

    `parts` has each month with who had a right in it; `closed` are the months whose visits are closed, `frozen` those whose rights are.
    """
    served = Served(visits)
    months = [month for month, _rows in parts]
    standing = Standing.CLOSED if closed.issuperset(months) else Standing.PROVISIONAL
    of_rights = Standing.CLOSED if frozen.issuperset(months) else Standing.PROVISIONAL
    return (
        _side_by_side(served, parts, lists, standing, of_rights),
        _comings_and_goings(parts, of_rights),
        _ages(served, last, lists),
        _households(served),
        _places(served, parts, lists),
        _social(served, lists),
    )


def _figures(
    values: Mapping[str, int], texts: Iterable[tuple[str, str, str]], standing: Standing
) -> tuple[Figure, ...]:
    return tuple(
        Figure(code, _(name), values[code], Holds.COUNT, _(meaning), standing)
        for code, name, meaning in texts
        if code in values
    )


def _side_by_side(
    served: Served,
    parts: Sequence[tuple[str, Sequence[Enrolled]]],
    lists: Lists,
    standing: Standing,
    of_rights: Standing,
) -> Section:
    whole, rights = served.whole, enrolments([rows for _month, rows in parts])
    values = {"registered_households": rights.households, "registered_persons": rights.persons}
    came = dict(
        zip(
            ("families", "persons", "visits", "person_visits"),
            (whole.households, whole.persons, whole.visits, whole.person_visits), strict=True,
        )
    )  # fmt: skip
    return Section(
        _("Foyers et personnes"),
        _figures(values, ENROLLED, of_rights) + _figures(came, DEFINITIONS, standing),
        (_months(served, parts, lists),) if len(parts) > 1 else (),
    )


def _months(served: Served, parts: Sequence[tuple[str, Sequence[Enrolled]]], lists: Lists) -> DataTable:
    by_month: dict[str, list[Came]] = {month: [] for month, _rows in parts}
    for visit in served.visits:
        by_month[month_of(visit.day)].append(visit)
    rows = [
        (lists.month_name(month), enrolments([rights]).households, *_counted(by_month[month]))
        for month, rights in parts
    ]
    whole = (_("Ensemble"), enrolments([rights for _month, rights in parts]).households, *served.whole)
    return data_table(
        _("Mois par mois"), (Heading(_("Mois")), Heading(_("Foyers inscrits"), Holds.COUNT), *_headings()), [*rows, whole],
        (_("Foyers et personnes de l'ensemble comptent une fois chacun : ce n'est pas la somme des mois."),),
    )  # fmt: skip


def _counted(visits: Sequence[Came]) -> Counts:
    persons = {person for v in visits for person in v.persons}
    return Counts(len({v.household for v in visits}), len(persons), len(visits), sum(len(v.persons) for v in visits))


def _comings_and_goings(parts: Sequence[tuple[str, Sequence[Enrolled]]], standing: Standing) -> Section:
    found = enrolments([rows for _month, rows in parts])
    values = {
        "enrolled_before": found.before, "enrolled_new": found.new, "enrolled_back": found.came_back, "enrolled_left": found.left,
        "enrolled_after": found.after, "enrolled_renewed": found.renewed,
    }  # fmt: skip
    return Section(_("Nouveaux foyers, renouvellements, sorties"), _figures(values, ENROLLED, standing))


def _headings() -> tuple[Heading, ...]:
    return tuple(
        Heading(name, Holds.COUNT) for name in (_("Foyers"), _("Personnes"), _("Passages"), _("Passages-personnes"))
    )


def _table(
    name: str,
    first: str,
    found: Mapping[_Key, Counts],
    rows: Iterable[tuple[_Key, str]],
    whole: Counts,
    notes: Iterable[str] = (),
) -> DataTable:
    """Return a breakdown, its whole as last row: the rows in the order given, those that nobody is in left out."""
    told = [(text, *found[key]) for key, text in rows if key in found]
    return data_table(name, (Heading(first), *_headings()), [*told, (_("Ensemble"), *whole)], notes)


def _persons_table(
    name: str,
    first: str,
    found: Mapping[_Key, Counts],
    rows: Iterable[tuple[_Key, str]],
    whole: Counts,
    notes: Iterable[str] = (),
) -> DataTable:
    none = Counts()
    told = [(text, c.persons, c.person_visits) for key, text in rows for c in (found.get(key, none),)]
    headings = (Heading(first), Heading(_("Personnes"), Holds.COUNT), Heading(_("Passages-personnes"), Holds.COUNT))
    return data_table(name, headings, [*told, (_("Ensemble"), whole.persons, whole.person_visits)], notes)


def _ages(served: Served, last: date, lists: Lists) -> Section:
    found = served.by_person(age_at)
    tables = []
    for kept in brackets_on(lists.brackets, last):
        by_bracket: dict[str | None, Counts] = {}
        for age, counts in found.items():
            code = None if age is None else kept.of(age).code
            before = by_bracket.get(code, Counts())
            by_bracket[code] = Counts(
                0, before.persons + counts.persons, 0, before.person_visits + counts.person_visits
            )
        rows: list[tuple[str | None, str]] = [(b.code, b.label) for b in kept.brackets]
        notes = [kept.source] if kept.official else [_("Modèle non officiel."), kept.source]
        tables.append(
            _persons_table(
                _("Par âge ({funder})").format(funder=kept.name), _("Âge"), by_bracket, [*rows, (None, _("Âge non connu"))],
                served.whole, notes,
            )
        )  # fmt: skip
    sexes = _persons_table(
        _("Par sexe"), _("Sexe"), served.by_person(sex_at), [(s.value, label(s)) for s in Sex], served.whole
    )
    meaning = (
        _("L'âge d'une personne est celui qu'elle a sûrement atteint à son premier passage de la période, et au jour de chaque passage."),
    )  # fmt: skip
    return Section(_("Âge et sexe"), (), (*tables, sexes), meaning)


def _households(served: Served) -> Section:
    def kind(visit: Came) -> str | None:
        return visit.facts.kind if visit.facts else None

    def size(visit: Came) -> int:
        return min(len(visit.persons), _MOST)

    kinds: list[tuple[str | None, str]] = [(k.value, label(k)) for k in HouseholdType]
    sizes = [(n, str(n)) for n in range(_MOST)] + [(_MOST, _("{n} et plus").format(n=_MOST))]
    return Section(
        _("Composition des foyers"), (),
        (
            _table(_("Par type de foyer"), _("Type de foyer"), served.by(kind), [*kinds, (None, _("Non connu"))], served.whole),
            _table(_("Par nombre de personnes"), _("Personnes du foyer"), served.by(size), sizes, served.whole),
        ), (_(AT_FIRST_VISIT),),
    )  # fmt: skip


def _places(served: Served, parts: Sequence[tuple[str, Sequence[Enrolled]]], lists: Lists) -> Section:
    names = lists.communes or {}
    found = served.by(lambda v: v.commune or "")
    rows = sorted(((code, names.get(code, code)) for code in found if code), key=lambda row: (row[1], row[0]))
    tables = [
        _table(
            _("Par commune"),
            _("Commune"),
            found,
            [*rows, ("", _("Commune non connue ou hors de la liste"))],
            served.whole,
        )
    ]
    placed = _Sectors(served, lists.territories)
    if placed.any:
        tables.append(
            _table(
                _("Par secteur"), _("Secteur"), served.by_day(placed.code), placed.rows, served.whole, placed.sources
            )
        )
        if len(parts) > 1:
            tables.append(_sector_months(served, [month for month, _rows in parts], placed, lists))
    return Section(
        _("Communes et secteurs"), (), tuple(tables),
        (_(AT_FIRST_VISIT), _("La commune est celle du jour du passage, le secteur celui du découpage en vigueur ce jour-là.")),
    )  # fmt: skip


class _Sectors:
    """Where each visit lies, in the territory in force that day."""

    def __init__(self, served: Served, territories: Sequence[Territory]) -> None:
        self._found: dict[tuple[date, str | None], str] = {}
        used: dict[str, Territory] = {}
        self._days: dict[date, Territory | None] = {}
        named: dict[str, str] = {}
        for visit in served.visits:
            if (visit.day, visit.commune) in self._found:
                continue
            territory = self._on(territories, visit.day)
            sector = territory.sector_of(visit.commune) if territory else None
            self._found[(visit.day, visit.commune)] = sector.code if sector else ""
            if territory and sector:
                used[territory.name] = territory
        for territory in used.values():
            named |= {s.code: s.name for s in territory.sectors}
        self.any = bool(used)
        self.rows = [*named.items(), ("", _("Hors du territoire, ou commune non connue"))]
        self.sources = tuple(_("{name} : {source}").format(name=t.name, source=t.source) for t in used.values())

    def _on(self, territories: Sequence[Territory], day: date) -> Territory | None:
        if day not in self._days:
            self._days[day] = territory_on(territories, day)
        return self._days[day]

    def code(self, visit: Came) -> str:
        """Return the code of the sector of a visit, "" outside the territory."""
        return self._found[(visit.day, visit.commune)]


def _sector_months(served: Served, months: Sequence[str], placed: _Sectors, lists: Lists) -> DataTable:
    """Return visits by sector and month: a row a month, for a year of columns would not fit on a page."""
    found = Counter((placed.code(v), month_of(v.day)) for v in served.visits)
    used = {code for code, _month in found}
    sectors = [(code, name) for code, name in placed.rows if code in used]
    rows = [(lists.month_name(m), [found[(code, m)] for code, _name in sectors]) for m in months]
    rows.append((_("Ensemble"), [sum(counts) for counts in zip(*(counts for _name, counts in rows), strict=True)]))
    headings = [
        Heading(_("Mois")), *(Heading(name if code else _("Ailleurs"), Holds.COUNT) for code, name in sectors),
        Heading(_("Ensemble"), Holds.COUNT),
    ]  # fmt: skip
    return data_table(
        _("Passages par secteur et par mois"), headings, [(name, *counts, sum(counts)) for name, counts in rows],
        [_("Ailleurs : hors du territoire, ou commune non connue.")] if "" in used else [],
    )  # fmt: skip


def _social(served: Served, lists: Lists) -> Section:
    referrers = lists.referrers or {}

    def referrer(visit: Came) -> int | None:
        return visit.facts.referrer if visit.facts else None

    def service(visit: Came) -> str:
        row = referrer(visit)
        return "" if row is None else referrers.get(row, ("", ""))[1]

    def reason(visit: Came) -> str | None:
        return visit.facts.reason if visit.facts else None

    def band(visit: Came) -> str | None:
        return visit.facts.band if visit.facts else None

    by_service, by_referrer, by_band = served.by(service), served.by(referrer), served.by(band)
    services = sorted((s, s) for s in by_service if s)
    named = sorted(
        ((r, _referrer_name(referrers, r)) for r in by_referrer if r is not None), key=lambda row: (row[1], row[0])
    )
    reasons = [(r.value, label(r)) for r in ReferralReason]
    bands = [(b, _("Tranche {band}").format(band=b.upper())) for b in sorted(b for b in by_band if b)]
    whole, unknown = served.whole, _("Non connu")
    return Section(
        _("Prescripteurs, motifs, tranches"), (),
        (
            _table(_("Par service instructeur"), _("Service"), by_service, [*services, ("", unknown)], whole),
            _table(_("Par prescripteur"), _("Prescripteur"), by_referrer, [*named, (None, unknown)], whole),
            _table(_("Par motif d'orientation"), _("Motif"), served.by(reason), [*reasons, (None, unknown)], whole),
            _table(_("Par tranche de reste à vivre"), _("Tranche"), by_band, [*bands, (None, unknown)], whole),
        ),
        (
            _(AT_FIRST_VISIT),
            _("Prescripteur et motif sont ceux du dernier accompagnement ouvert ce jour-là ou avant ; sans prescripteur, celui du dossier."),
            _("La tranche est celle de la dernière évaluation faite ce jour-là ou avant qui en donne une, au nom que lui donne le règlement."),
            _(NOT_COUNTED),
        ),
    )  # fmt: skip


def _referrer_name(referrers: Mapping[int, tuple[str, str]], row: int) -> str:
    name, organisation = referrers.get(row, ("", ""))
    return _("{name} ({service})").format(name=name, service=organisation) if organisation else name or str(row)
