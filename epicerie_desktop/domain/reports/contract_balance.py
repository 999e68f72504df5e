"""The balance of a contract as a report: the essential, a page an axis, the trend, the funding, the territory, the method.

The same report goes to the screen, to paper and to a spreadsheet. An edition that leaves the coordination is `published`: the small
counts go, and what two balances side by side would tell of a few.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from epicerie_desktop.domain.balance import (
    ADDED_UP,
    HEADS,
    ActionLine,
    AxisLine,
    Balance,
    Cause,
    CauseKind,
    Difference,
    FundingRow,
    IndicatorLine,
    compare,
    published,
)
from epicerie_desktop.domain.contract import Status, Unit
from epicerie_desktop.domain.data_table import DataTable, Heading, Holds, Value, data_table
from epicerie_desktop.domain.figures import DEFINITIONS, months_between
from epicerie_desktop.domain.labels import named
from epicerie_desktop.domain.reports.publishing import hidden_in
from epicerie_desktop.domain.reports.shape import Figure, Report, Section, Standing
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext

_NAMES = {key: name for key, name, _meaning in DEFINITIONS}
_MEANINGS = {key: meaning for key, _name, meaning in DEFINITIONS}
_HOLDS = {"grams": Holds.GRAMS, "shelf_cents": Holds.CENTS, "paid_cents": Holds.CENTS}
_UNITS = {Unit.GRAM: Holds.GRAMS, Unit.CENT: Holds.CENTS}


def balance_report(
    balance: Balance, title: str, settled: str, *, earlier: Balance | None = None, threshold: int | None = None
) -> Report:
    """Return the report of a balance, named by `settled`. `earlier` is the one it is laid beside; a `threshold` makes the edition
    to be published.
    """  # fmt: skip
    sections = [_essential(balance, threshold)]
    sections += [_axis(balance, axis, threshold) for axis in balance.axes]
    sections += [_trend(balance, threshold), _funding(balance), _territory(balance, earlier, threshold)]
    if earlier is not None:
        sections.append(_since(earlier, balance, threshold))
    sections.append(_method(balance, threshold))
    first, last = _first_day(balance.first_month), _last_day(balance.last_month)
    told = tuple(s for s in sections if s.figures or s.tables or s.notes or s.intro)
    return Report(title, first, last, told, settled=settled)


def _first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def _last_day(month: str) -> date:
    after = months_between(month, "9999-12")[1] if month < "9999-12" else month
    return date.fromordinal(_first_day(after).toordinal() - 1)


def shown_value(line: IndicatorLine, threshold: int | None) -> int | None:
    """Return the value of an indicator as an edition tells it: few households or persons are not told where it is published."""
    heads = Unit(line.unit) in (Unit.HOUSEHOLD, Unit.PERSON)
    return None if heads and _few(line.value, threshold) else line.value


def _few(value: int | None, threshold: int | None) -> bool:
    return threshold is not None and value is not None and 0 < value < threshold


def _essential(balance: Balance, threshold: int | None) -> Section:
    # What a few families took or paid tells of them: the sums go with their number.
    few = any(_few(balance.total(n), threshold) for n in HEADS)
    figures = [
        Figure(
            n,
            _(_NAMES[n]),
            None if few else balance.total(n),
            _HOLDS.get(n, Holds.COUNT),
            _(_MEANINGS[n]),
            Standing.CLOSED,
        )
        for n in (*HEADS, "grams", "visits", "shelf_cents", "paid_cents")
    ]
    figures += [_figure(i, threshold) for i in balance.indicators if i.headline and not _told_already(i)]
    paid, planned = (sum(getattr(f, n) for f in balance.funding) for n in ("paid_cents", "planned_cents"))
    if balance.funding:
        figures.append(
            Figure("funding_paid", _("Montants versés"), paid, Holds.CENTS,
                   _("Ce que les financeurs ont versé sur la durée du bilan, tel que la coordination l'a noté."), Standing.CLOSED)
        )  # fmt: skip
        figures.append(
            Figure("funding_planned", _("Montants prévus"), planned, Holds.CENTS,
                   _("Ce que les financeurs avaient prévu sur la même durée."), Standing.CLOSED)
        )  # fmt: skip
    notes = [_twice(balance)]
    if balance.actions:
        notes.append(_statuses(balance.actions))
    return Section(_("L'essentiel"), tuple(figures), (), tuple(n for n in notes if n))


def _told_already(line: IndicatorLine) -> bool:
    return line.source in (*HEADS, *ADDED_UP)


def _figure(line: IndicatorLine, threshold: int | None) -> Figure:
    return Figure(
        line.code, _counted(line), shown_value(line, threshold), _UNITS.get(Unit(line.unit), Holds.COUNT),
        line.definition or _("Action {code}.").format(code=line.action), Standing.CLOSED,
    )  # fmt: skip


def _counted(line: IndicatorLine) -> str:
    """Return the name of an indicator, with what it counts where its unit does not say it."""
    if Unit(line.unit) is not Unit.COUNT or not line.unit_name or line.unit_name.casefold() in line.name.casefold():
        return line.name
    return _("{name} ({unit})").format(name=line.name, unit=line.unit_name)


def _twice(balance: Balance) -> str:
    """Return how the distinct families were told apart, and what could not be."""
    twice = balance.twice
    parts = []
    if twice.families:
        parts.append(
            ngettext(
                "{n} famille connue de plusieurs épiceries est comptée une fois : {card} par sa carte, {name} par empreinte à clé.",
                "{n} familles connues de plusieurs épiceries sont comptées une fois : {card} par leur carte, {name} par empreinte à clé.",
                twice.families,
            ).format(n=twice.families, card=twice.by_card, name=twice.by_name)
        )  # fmt: skip
    if twice.not_compared:
        parts.append(
            _("Familles qui n'ont pu être comparées avec celles des autres, donc additionnées : {shops}.").format(
                shops=", ".join(twice.not_compared)
            )
        )
    if twice.error_permille is not None:
        parts.append(
            _("Erreur mesurée sur un territoire inventé : {permille} pour mille.").format(permille=twice.error_permille)
        )
    return " ".join(parts)


def _statuses(actions: Sequence[ActionLine]) -> str:
    counts = Counter(a.status for a in actions)
    told = ", ".join(f"{_(named(s))} : {counts[s.value]}" for s in Status if counts[s.value])
    words = ngettext("{n} action.", "{n} actions.", len(actions)).format(n=len(actions))
    return f"{words} {told[:1].upper()}{told[1:]}." if told else words


def _axis(balance: Balance, axis: AxisLine, threshold: int | None) -> Section:
    actions = [a for a in balance.actions if a.axis == axis.code]
    rows = [
        (f"{a.code} {a.title}", a.pilot, ", ".join(a.partners), _(named(Status(a.status))) if a.status else "", a.since) for a in actions
    ]  # fmt: skip
    headings = (
        Heading(_("Action")), Heading(_("Pilote")), Heading(_("Partenaires")), Heading(_("État")), Heading(_("Depuis le"), Holds.DAY),
    )  # fmt: skip
    tables = [data_table(_("Actions"), headings, rows)] if rows else []
    codes = {a.code for a in actions}
    lines = [i for i in balance.indicators if i.action in codes]
    for holds, name in (
        (Holds.COUNT, _("Indicateurs")), (Holds.GRAMS, _("Indicateurs en kilos")), (Holds.CENTS, _("Indicateurs en euros")),
    ):  # fmt: skip
        kept = [i for i in lines if _UNITS.get(Unit(i.unit), Holds.COUNT) is holds]
        if kept:
            tables.append(_indicators(name, holds, kept, threshold))
    title = _("Axe {code} – {title}").format(code=axis.code, title=axis.title)
    return Section(title, (), tuple(tables), intro=axis.summary, own_page=True)


def _indicators(name: str, holds: Holds, lines: Iterable[IndicatorLine], threshold: int | None) -> DataTable:
    headings = (
        Heading(_("Indicateur")), Heading(_("Valeur"), holds), Heading(_("Cible"), holds), Heading(_("Atteint (%)"), Holds.PERMILLE),
        Heading(_("Arrêté au"), Holds.DAY), Heading(_("Source")),
    )  # fmt: skip
    rows = []
    for line in lines:
        value = shown_value(line, threshold)
        reached = None if value is None or not line.target else (value * 2000 + line.target) // (2 * line.target)
        days = [p.as_of for p in line.parts if p.as_of]
        rows.append((_counted(line), value, line.target, reached, max(days, default=None), _source(line)))
    return data_table(name, headings, rows)


def _source(line: IndicatorLine) -> str:
    if line.source:
        return _("envois des épiceries")
    return ", ".join(dict.fromkeys(p.source for p in line.parts if p.source))


def _trend(balance: Balance, threshold: int | None) -> Section:
    def sums(name: str, period: Callable[[str], str]) -> DataTable:
        found: dict[str, list[int]] = defaultdict(lambda: [0] * len(ADDED_UP))
        for shop in balance.shops:
            for month in shop.months:
                for n, of in enumerate(ADDED_UP):
                    found[period(month.month)][n] += getattr(month, of)
        rows: list[tuple[Value, ...]] = [(key, *found[key]) for key in sorted(found)]
        if rows:
            rows.append((_("Ensemble"), *(balance.total(of) for of in ADDED_UP)))
        headings = (Heading(name), *(Heading(_unit_name(of), _HOLDS.get(of, Holds.COUNT)) for of in ADDED_UP))
        return replace(data_table(_("Par {period}").format(period=name.casefold()), headings, rows), bars=2)

    tables = [sums(_("Année"), lambda m: m[:4])]
    if len({m.month[:4] for s in balance.shops for m in s.months}) <= _MOST_YEARS:
        tables.append(sums(_("Trimestre"), _quarter))
    return Section(_("Évolution"), (), tuple(_open(t, threshold) for t in tables if t.rows))


_MOST_YEARS = 4
"""Beyond, the quarters of a balance are more lines than anybody reads."""


def _quarter(month: str) -> str:
    return _("{year} T{quarter}").format(year=month[:4], quarter=(int(month[5:]) + 2) // 3)


def _unit_name(name: str) -> str:
    units = {"grams": _("Kilos (kg)"), "shelf_cents": _("Valeur (€)"), "paid_cents": _("Payé (€)")}
    return units.get(name) or _(_NAMES[name])


def _open(table: DataTable, threshold: int | None) -> DataTable:
    return table if threshold is None else hidden_in(table, threshold)[0]


def _funding(balance: Balance) -> Section:
    def sums(first: Heading, name: str, key: Callable[[FundingRow], Value]) -> DataTable:
        found: dict[Value, list[int]] = defaultdict(lambda: [0, 0])
        for row in balance.funding:
            told = found[key(row)]
            told[0] += row.planned_cents
            told[1] += row.paid_cents
        rows: list[tuple[Value, ...]] = [(k, *v) for k, v in sorted(found.items(), key=lambda i: str(i[0]))]
        rows.append((_("Ensemble"), *(sum(v[n] for v in found.values()) for n in (0, 1))))
        return data_table(
            name, (first, Heading(_("Prévu (€)"), Holds.CENTS), Heading(_("Versé (€)"), Holds.CENTS)), rows
        )

    if not balance.funding:
        return Section(_("Financements"))
    titles = {a.code: f"{a.code} {a.title}" for a in balance.actions}
    tables = (
        sums(Heading(_("Financeur")), _("Par financeur"), lambda f: f.funder),
        sums(Heading(_("Année")), _("Par année"), lambda f: str(f.year)),
        sums(Heading(_("Action")), _("Par action"), lambda f: titles.get(f.action, f.action) or _("Tout le contrat")),
    )
    return Section(_("Financements"), (), tables)


def _territory(balance: Balance, earlier: Balance | None, threshold: int | None) -> Section:
    heads = (
        Heading(_("Foyers"), Holds.COUNT), Heading(_("Personnes"), Holds.COUNT), Heading(_("Passages"), Holds.COUNT),
        Heading(_("Kilos (kg)"), Holds.GRAMS),
    )  # fmt: skip
    tables = []
    for name, first, rows in (
        (_("Par secteur"), Heading(_("Secteur")), _sector_rows(balance)),
        (_("Par épicerie"), Heading(_("Épicerie")), _shop_rows(balance)),
    ):
        if not rows:
            continue
        whole: tuple[Value, ...] = (_("Ensemble"), *(sum(r[n] for r in rows.values()) for n in range(4)))
        lines: list[tuple[Value, ...]] = [(label, *r) for label, r in rows.items()]
        table = data_table(name, (first, *heads), [*lines, whole])
        if threshold is not None:
            before = (
                None
                if earlier is None
                else _sector_rows(earlier)
                if first.name == _("Secteur")
                else _shop_rows(earlier)
            )
            moved = _moved_by_few(rows, before, threshold)
            table = hidden_in(table, threshold, together=frozenset(h.name for h in heads[:3]), also=moved)[0]
        tables.append(table)
    notes = []
    if any(t.name == _("Par épicerie") for t in tables) and balance.twice.families:
        notes.append(
            _(
                "Une famille connue de plusieurs épiceries est comptée dans chacune : l'ensemble de ce tableau est leur somme."
            )
        )
    return Section(_("Territoire"), (), tuple(tables), tuple(notes))


def _sector_rows(balance: Balance) -> dict[str, tuple[int, ...]]:
    return {s.name: (s.families, s.persons, s.visits, s.grams) for s in balance.sectors}


def _shop_rows(balance: Balance) -> dict[str, tuple[int, ...]]:
    return {s.name: (s.families, s.persons, s.total("visits"), s.total("grams")) for s in balance.shops}


def _moved_by_few(
    rows: dict[str, tuple[int, ...]], before: dict[str, tuple[int, ...]] | None, threshold: int
) -> frozenset[int]:
    """Return the rows that fewer than `threshold` families or persons separate from a balance already out."""
    if before is None:
        return frozenset()
    return frozenset(
        n
        for n, (label, now) in enumerate(rows.items())
        if label in before and any(0 < abs(now[i] - before[label][i]) < threshold for i in (0, 1))
    )


def _since(earlier: Balance, balance: Balance, threshold: int | None) -> Section:
    found = compare(earlier, balance)
    if threshold is not None:
        found = published(found, threshold)
    tables = []
    for holds, name in ((Holds.COUNT, _("Nombres")), (Holds.GRAMS, _("Kilos")), (Holds.CENTS, _("Euros"))):
        rows = [row for d in found for row in _difference(d, balance, earlier, holds, threshold)]
        if rows:
            headings = (
                Heading(_("Chiffre")), Heading(_("Avant"), holds), Heading(_("Maintenant"), holds), Heading(_("Écart"), holds),
                Heading(_("Mois")), Heading(_("D'où vient l'écart")),
            )  # fmt: skip
            tables.append(data_table(name, headings, rows))
    title = _("Depuis « {title} »").format(title=earlier.title)
    return Section(
        title, (), tuple(tables), (_period_moved(earlier, balance),) if _period_moved(earlier, balance) else ()
    )


def _period_moved(earlier: Balance, balance: Balance) -> str:
    if (earlier.first_month, earlier.last_month) == (balance.first_month, balance.last_month):
        return ""
    return _("Les deux bilans ne couvrent pas les mêmes mois : de {a} à {b} avant, de {c} à {d} maintenant.").format(
        a=earlier.first_month, b=earlier.last_month, c=balance.first_month, d=balance.last_month
    )


def _difference(
    found: Difference, balance: Balance, earlier: Balance, holds: Holds, threshold: int | None
) -> list[tuple[Value, ...]]:
    lines = {i.code: i for b in (earlier, balance) for i in b.indicators}
    line = lines.get(found.figure)
    of = _UNITS.get(Unit(line.unit), Holds.COUNT) if line else _HOLDS.get(found.figure, Holds.COUNT)
    if of is not holds:
        return []
    name = _counted(line) if line else _(_NAMES[found.figure])
    names = {s.code: s.name for b in (earlier, balance) for s in b.shops}
    names |= {p.key: p.source for b in (earlier, balance) for i in b.indicators for p in i.parts if not p.shop}
    if threshold is not None and found.heads and any(0 < (v or 0) < threshold for v in (found.before, found.after)):
        return [(name, None, None, None, "", "")]
    whole = (name, found.before, found.after, found.amount, "", "" if found.amount else _("aucun écart"))
    return [whole, *((name, None, None, c.amount, c.month, _why(c, names)) for c in found.causes)]


def _why(cause: Cause, names: dict[str, str]) -> str:
    """Return a cause in words."""
    sentences = {
        CauseKind.MONTH_ADDED: _("{who}, reçu depuis"),
        CauseKind.MONTH_GONE: _("{who}, hors de ce bilan"),
        CauseKind.MONTH_CORRECTED: _("{who}, corrigé depuis"),
        CauseKind.SHOP_ADDED: _("{who}, dont rien n'était reçu"),
        CauseKind.SHOP_GONE: _("{who}, hors de ce bilan"),
        CauseKind.MORE_MONTHS: _("autres mois de {who}"),
        CauseKind.SAME_MONTHS: _("mois corrigés de {who}"),
        CauseKind.FOUND_BY_CARD: _("familles reconnues depuis par leur carte"),
        CauseKind.FOUND_BY_NAME: _("familles reconnues depuis par empreinte à clé"),
        CauseKind.FOUND_TWICE: _("comptés une seule fois"),
        CauseKind.VALUE_ADDED: _("valeur donnée depuis ({who})"),
        CauseKind.VALUE_GONE: _("valeur retirée ({who})"),
        CauseKind.VALUE_CHANGED: _("valeur corrigée ({who})"),
        CauseKind.OTHERS: _("petits écarts, ensemble"),
    }
    return sentences[cause.kind].format(who=names.get(cause.subject, cause.subject))


def _method(balance: Balance, threshold: int | None) -> Section:
    notes = [
        _(
            "Ces chiffres sont arrêtés au jour du bilan : ce qui arrive ensuite ne les change pas, un autre bilan le dira."
        ),
        _received(balance),
    ]
    if threshold is None:
        notes.append(_("Édition exacte, à diffusion restreinte : les petits effectifs y sont lisibles."))
    else:
        notes.append(
            _("Édition publiée : « – » remplace les effectifs de moins de {n}, et ceux qui permettraient de les retrouver.").format(
                n=threshold
            )
        )  # fmt: skip
    if balance.same_person:
        notes.append(
            _(
                "La même personne tient la coordination et une épicerie : pour elle, les pseudonymes des envois ne cachent rien."
            )
        )
    notes += [f"{_(_NAMES.get(key, key))} – {text}" for key, text in balance.definitions]
    return Section(_("Méthode et définitions"), (), (), tuple(n for n in notes if n))


def _received(balance: Balance) -> str:
    """Return which months were received of each shop, so that a reader knows what is missing."""
    expected = len(months_between(balance.first_month, balance.last_month))
    parts = []
    for shop in balance.shops:
        closed = sum(m.closed for m in shop.months)
        parts.append(
            _("{shop} : {n} mois sur {expected}, dont {closed} clos").format(
                shop=shop.name, n=len({m.month for m in shop.months}), expected=expected, closed=closed
            )
        )
    return _("Mois reçus. {parts}.").format(parts=" ; ".join(parts)) if parts else ""


__all__ = ["balance_report", "shown_value"]
